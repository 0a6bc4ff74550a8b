"""The command `dlpfc batch`: every scan in a folder or a BIDS tree, on one machine or many."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UserError
from ..sentences import say, tell, tr
from .options import OVERWRITE, Commands, add_run_options, plan_options, with_files

if TYPE_CHECKING:
    from ..batch import BatchRow, BatchScan, Crew, Wanted
    from ..options import PlanOptions

EXIT_SOME_FAILED = 1
"""Also where on some scan no DLPFC was found: a batch of which nobody can plan does not end as a good one."""

AGAIN = replace(OVERWRITE, text=say("plan again on scans that are finished"), default=say("they are left as they are"))


def add_batch(commands: Commands) -> None:
    """Add `dlpfc batch` to the commands."""
    batch = commands.add_parser("batch", help=tr("plan on every scan in a folder; the same command again goes on"))
    batch.add_argument("scans", type=Path, help=tr("BIDS tree, or folder with scan files or DICOM series at any depth"))
    batch.add_argument("--output", type=Path, required=True, help=tr("folder for results, results.csv and group.html"))
    add_run_options(batch, AGAIN)
    _add_choice(batch)
    _add_machines(batch)
    batch.set_defaults(run=_run_batch)


def _add_choice(batch: argparse.ArgumentParser) -> None:
    """Which scans."""
    batch.add_argument("--pattern", default="", help=tr("scans whose path fits, such as '*T1*.nii.gz'; no BIDS then"))
    for flag, words, text in (
        ("--participant-label", "LABEL", tr("people of a BIDS tree")),
        ("--session", "LABEL", tr("sessions of a BIDS tree")),
        ("--filter", "KEY=VALUES", tr("parts of BIDS names: acq=mprage run=1,2 rec=none")),
    ):
        batch.add_argument(flag, nargs="+", action="extend", default=[], metavar=words, help=text)


def _add_machines(batch: argparse.ArgumentParser) -> None:
    """How it is done."""
    batch.add_argument("--jobs", type=_count, default=1, metavar="N", help=tr("scans at a time (default 1)"))
    batch.add_argument("--threads", type=_count, metavar="N", help=tr("of each; never more than cores (default: all)"))
    batch.add_argument(
        "--scheduler",
        metavar="local|tcp://HOST:PORT",
        help=tr("Dask gives the scans out: one of its own, or a running one"),
    )
    batch.add_argument(
        "--cluster", type=Path, metavar="FILE", help=tr("TOML: system = 'slurm' (pbs, sge, lsf), workers, ...")
    )
    batch.add_argument("--dry-run", action="store_true", help=tr("say what would run and what not, and why"))
    batch.add_argument("--fail-fast", action="store_true", help=tr("stop at the first scan that fails"))


def _count(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(tr("{word}: give 1 or more", word=word))
    return number


def _run_batch(arguments: argparse.Namespace) -> int:
    from ..batch import FAILED, NOT_BEGUN, NOT_FOUND, TABLE_FILE, run_batch
    from ..cohort.group_page import GROUP_PAGE
    from ..networks.registry import region_in_card

    if not arguments.scans.is_dir():
        raise UserError("{scans}: is no folder; `dlpfc plan` takes a single scan.", scans=arguments.scans)
    options, _ = with_files(plan_options(arguments), arguments, None)
    if options.circuit.bold:
        raise UserError("--bold names the runs of one scan; in a batch, --target circuit takes those beside each T1.")
    alone = next((file for _name, file in options.channels if "*" not in file), "")
    if alone:
        raise UserError("--channel {file}: is a map of one scan; write a * for the name of each T1.", file=alone)
    if options.weights and not options.weights.is_file():  # else every scan fails by it
        raise UserError("{path}: there is no weights file; give one that `dlpfc train` wrote.", path=options.weights)
    if arguments.scheduler and arguments.cluster:
        raise UserError("--scheduler and --cluster both say who gives the scans out; choose one.")
    scans, output, region = _scans(arguments), arguments.output, region_in_card(options.weights)
    wanted = _wanted(arguments, scans)
    if arguments.dry_run:
        return _tell_what_would_run(arguments, scans, options, wanted)
    if scans[0].bids is not None:
        from ..export.bids_derivatives import write_description

        write_description(arguments.scans, output, region)
    teller = _Teller(len(scans), arguments.anonymous)
    with _crew(arguments, output, len(scans)) as crew:
        rows = run_batch(scans, options, output, teller.tell, crew, wanted, arguments.fail_fast)
    teller.end()
    _write_pages(scans, rows, output, region)
    failed, without, rest = (sum(row.state == state for row in rows) for state in (FAILED, NOT_FOUND, NOT_BEGUN))
    lacking = (f", {without} without a {region}" if without else "") + (f", {rest} {NOT_BEGUN}" if rest else "")
    files = tr("table in {output}, page in {output_2}", output=output / TABLE_FILE, output_2=output / GROUP_PAGE)
    print(
        tr(
            "{count} scans, {failed} failed{lacking}; {files} (research use only)",
            count=len(rows),
            failed=failed,
            lacking=lacking,
            files=files,
        )
    )
    return EXIT_SOME_FAILED if failed or without else 0


def _scans(arguments: argparse.Namespace) -> "list[BatchScan]":
    from ..batch import scans_of
    from ..scan.bids import BidsChoice, filters_of, people_without_t1

    people, sessions = tuple(arguments.participant_label), tuple(arguments.session)
    choice = BidsChoice(people, sessions, filters_of(arguments.filter))
    scans = scans_of(arguments.scans, arguments.output, arguments.pattern, choice)
    without = people_without_t1(arguments.scans) if scans[0].bids and not people else []
    if without:
        print(tr("no T1w scan of {people}", people=", ".join(without)))
    # Names of derivatives in BIDS are those of the participants.
    return [replace(scan, bids=None) for scan in scans] if arguments.anonymous else scans


def _wanted(arguments: argparse.Namespace, scans: "list[BatchScan]") -> "Wanted":
    """Derivatives in BIDS have a page of each person."""
    from ..batch import Wanted

    report = arguments.report or scans[0].bids is not None
    return Wanted(True, report, arguments.overwrite, arguments.frame, arguments.anonymous)


def _tell_what_would_run(
    arguments: argparse.Namespace, scans: "list[BatchScan]", options: "PlanOptions", wanted: "Wanted"
) -> int:
    from ..batch import FAILED, foresee, jobs_of

    if arguments.cluster:
        from ..cohort.cluster import described_cluster

        cluster, _ = described_cluster(arguments.cluster)
        with cluster:
            print(cluster.job_script() if hasattr(cluster, "job_script") else cluster)
    foreseen = [foresee(job) for job in jobs_of(scans, options, wanted)]
    for each in foreseen:
        print(f"{each.name}: {tell(each.state)} {tell(each.reason)}".rstrip(), flush=True)
    return EXIT_SOME_FAILED if any(each.state == FAILED for each in foreseen) else 0


@contextmanager
def _crew(arguments: argparse.Namespace, output: Path, most: int) -> "Iterator[Crew]":
    from ..batch import LOGS_FOLDER
    from ..cohort.workers import local_crew, threads_each

    jobs, threads, logs = min(arguments.jobs, most), arguments.threads, (output / LOGS_FOLDER).absolute()
    if arguments.scheduler is None and arguments.cluster is None:
        yield local_crew(jobs, threads_each(jobs, threads), logs)
        return
    from ..cohort.cluster import LOCAL, cluster_crew, cluster_of, scheduler

    of_each = threads_each(jobs, threads) if arguments.scheduler == LOCAL else threads
    with cluster_of(arguments.cluster) if arguments.cluster else scheduler(arguments.scheduler, jobs) as client:
        if not client.nthreads():
            print(tr("no worker has come yet; the scans wait for one"), file=sys.stderr, flush=True)
        yield cluster_crew(client, of_each, logs)


def _write_pages(scans: "list[BatchScan]", rows: "list[BatchRow]", output: Path, region: str) -> None:
    """A page for each person of a BIDS tree, and the group's table and page."""
    from ..cohort.group_page import write_group_page
    from ..cohort.group_table import group_scan, side_rows, write_group_table
    from ..export.bids_derivatives import write_person_page

    people = [scan.bids.person if scan.bids else "" for scan in scans]
    folders = [scan.folder.with_name(row.name) for scan, row in zip(scans, rows, strict=True)]
    for person in filter(None, dict.fromkeys(people)):
        own = [folder for folder, whose in zip(folders, people, strict=True) if whose == person]
        write_person_page(person, own, output)
    group = [group_scan(row, folder, output, person) for row, folder, person in zip(rows, folders, people, strict=True)]
    sides = side_rows(group)
    write_group_table(sides, output)
    write_group_page(group, sides, output, region)


class _Teller:
    """Tells a person of a batch: a line a scan, or at a terminal a bar, and lines of those that failed alone."""

    def __init__(self, total: int, with_sources: bool) -> None:
        self._total = total
        self._with_sources = with_sources
        self._rows: list[BatchRow] = []
        self._began = time.monotonic()
        self._at_terminal = sys.stderr.isatty()

    def tell(self, row: "BatchRow") -> None:
        """One more scan is done."""
        from ..batch import DONE, FAILED, NOT_FOUND

        self._rows.append(row)
        if self._with_sources or not self._at_terminal or row.state in (FAILED, NOT_FOUND):
            print(f"{self._blank}{self._source(row)}{_line(row)}", flush=True)
        if self._at_terminal:
            made = sum(each.state == DONE for each in self._rows)
            bar = progress_line(len(self._rows), self._total, made, time.monotonic() - self._began)
            print(f"\r{bar}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the bar's line."""
        if self._at_terminal:
            print(file=sys.stderr)

    def _source(self, row: "BatchRow") -> str:
        """Of an anonymous batch nothing but the terminal says which scan is which."""
        return f"{row.source} is " if self._with_sources else ""

    @property
    def _blank(self) -> str:
        return f"\r{' ' * 78}\r" if self._at_terminal else ""


def progress_line(done: int, total: int, made: int, seconds: float) -> str:
    """The bar of `done` of `total` scans, `made` of them in this run in `seconds`, with rate and time left."""
    filled = round(20 * done / total)
    line = f"[{'#' * filled}{'.' * (20 - filled)}] {done}/{total}"
    if not made:
        return f"{line:78}"
    minutes = round(seconds / made * (total - done) / 60)
    left = tr("{hours} h {minutes:02} min left", hours=minutes // 60, minutes=minutes % 60)
    told = tr("{line}, {rate:.0f} an hour, {left}", line=line, rate=3600 * made / seconds, left=left)
    return f"{told:78}"


def _line(row: "BatchRow") -> str:
    sides = (f"{tr(side.hemisphere)} {side.volume_ml:.1f} ml" for side in row.sides if side.volume_ml is not None)
    return " ".join(filter(None, (f"{row.name}: {tell(row.state_in_words)}", *sides, tell(row.message))))
