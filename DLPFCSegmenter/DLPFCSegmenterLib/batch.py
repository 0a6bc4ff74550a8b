"""Many scans: which there are, which are finished already, and one table of them all.

Each scan has a folder of its own in the output folder, as `dlpfc plan` writes it; beside them lies
`results.csv`. What a folder holds is read from its `result.json`, whether it was just written or by an
earlier run. Who plans on the scans, and how many at a time, is for the caller to say (`Crew`).
"""

import csv
import json
import os
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TypeVar

from .errors import UserError, fault
from .export.anonymous import hiding, pseudonym_of, without_files
from .export.bids_derivatives import PLANS_FOLDER, BidsPlace, publish
from .export.file_names import REPORT_FILE, RESULT_FILE
from .export.points import as_cell
from .files import (
    SCRATCH_PREFIX,
    as_file_name,
    file_sha256,
    recover,
    reserved,
    told_to_the_user,
    write_whole_file,
)
from .geometry.sides import SIDES
from .labels.splits import DRAWN_ENDING, PARCELLATION_ENDING, mask_ending
from .networks.registry import SHIPPED, head_sha256, region_in_card
from .options import DEFAULT_OPTIONS
from .plan import Plan, PlanOptions, input_files, make_plan
from .progress import SILENT, Progress
from .scan.bids import EVERYBODY, BidsChoice, is_bids, stem_of, t1s_in
from .scan.volume import Volume
from .sentences import say
from .serial import to_plain
from .terminology import DLPFC

Planner = Callable[[Volume, PlanOptions, Progress], Plan]
"""Makes a plan, as `make_plan`."""

Listener = TypeVar("Listener", bound=Progress)
"""What the planner that is given reports to."""

TABLE_FILE = "results.csv"
LOGS_FOLDER = "logs"
SCAN_SUFFIXES = (".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".mgz", ".mgh")

DONE = "done"
FINISHED_BEFORE = say("finished before")
NOT_FOUND = "not found"
FAILED = "failed"
NOT_BEGUN = say("not begun")

_SAME_SCAN_S = 900.0
"""A plan takes no longer, on whatever machine."""

_NO_CHOICES = ("device", "weights")
"""Options that change nothing in a result, or that its record tells better: of the weights, their SHA-256."""

_TOLD_AS = {"sha256": "weights", "head_sha256": "head network"}
"""Choices that are called otherwise where a person is told of them."""

_NO_SCANS = (mask_ending(), DRAWN_ENDING, PARCELLATION_ENDING, ".seg.nrrd")
"""Ends of the names of masks and labels that lie beside scans."""


@dataclass(frozen=True)
class BatchScan:
    """One scan of a batch.

    name    of its folder
    source  file, folder or name of a volume
    folder  where its results go
    bids    where it lies in a BIDS tree and its derivatives go, or None where it is of none
    """

    name: str
    source: str
    folder: Path
    bids: BidsPlace | None = None


@dataclass(frozen=True)
class Wanted:
    """What a scan's folder is to hold beside its plan, and how it comes there.

    scene      also Slicer's scene, as `write_plan` does
    report     also the page to print
    overwrite  scans that are finished are planned on again, and what other choices made is replaced
    frame      which frame of a 4-D file is read, from 0
    anonymous  as `write_plan` takes it; folders and the table have pseudonyms for the scans' names
    """

    scene: bool = False
    report: bool = False
    overwrite: bool = False
    frame: int | None = None
    anonymous: bool = False


PLAN_ALONE = Wanted()


@dataclass(frozen=True)
class SideRow:
    """One side of a scan; all but the first are None where it was not found.

    expected_mm  error of the centroid that is exceeded in one of ten such scans, or None where it is not known
    """

    hemisphere: str
    volume_ml: float | None = None
    centroid_ras_mm: tuple[float, float, float] | None = None
    score: float | None = None
    expected_mm: float | None = None
    uncertainty: str = ""


@dataclass(frozen=True)
class BatchRow:
    """What came of one scan.

    state     DONE, FINISHED_BEFORE, NOT_FOUND (on no side), FAILED or NOT_BEGUN
    message   why it failed, or why a side was not found
    seconds   of the run that made the result
    model     id of the network that made it
    gib       most memory that the process held meanwhile, or None where that is not known
    source    the scan's file, folder or name, which stands in no table
    region    what was looked for
    """

    name: str
    state: str
    sides: tuple[SideRow, ...] = ()
    warnings: tuple[str, ...] = ()
    message: str = ""
    seconds: float | None = None
    model: str = ""
    gib: float | None = None
    source: str = ""
    region: str = DLPFC

    @property
    def state_in_words(self) -> str:
        """The state as tables have it."""
        return say("no {region} found", region=self.region) if self.state == NOT_FOUND else self.state


@dataclass(frozen=True)
class ScanJob:
    """One scan of a batch and what is asked of it: all that whoever plans on it needs to know.

    taken  names of the batch's other scans
    """

    scan: BatchScan
    options: PlanOptions
    wanted: Wanted = PLAN_ALONE
    taken: tuple[str, ...] = ()


Told = Generator[tuple[int, BatchRow], None, None]
"""The number of each job that is done, in any order, and its row; closed before its end, the rest is given up."""

Crew = Callable[[Sequence[ScanJob]], Told]
"""Whoever does the jobs of a batch."""


def scans_of(folder: Path, output: Path, pattern: str = "", choice: BidsChoice = EVERYBODY) -> list[BatchScan]:
    """The scans of a batch: the T1s of a BIDS tree, else all scans of a folder or those whose path fits `pattern`.

    pattern  of paths under the folder, such as 'session-?/*T1*.nii.gz'; with one, no folder is taken as a BIDS tree
    Raises UserError where there are none, and for a choice of participants in what is no BIDS tree.
    """
    if not pattern and is_bids(folder):
        t1s = t1s_in(folder, choice)
        places = [BidsPlace(path.relative_to(folder).as_posix(), output) for path in t1s]
        named = named_batch([(stem_of(path), str(path)) for path in t1s], output / PLANS_FOLDER)
        return [replace(scan, bids=place) for scan, place in zip(named, places, strict=True)]
    if choice != EVERYBODY:
        raise UserError(
            "{folder}: is no BIDS tree, in which participants, sessions and filters could be chosen.", folder=folder
        )
    paths = scans_in(folder, output)
    return batch_of_files(_fitting(paths, folder, pattern) if pattern else paths, folder, output)


def _fitting(paths: list[Path], folder: Path, pattern: str) -> list[Path]:
    try:
        wanted = set(folder.rglob(pattern))
    except (NotImplementedError, ValueError) as error:
        raise UserError(
            "--pattern {pattern}: give one of paths under {folder}, such as '*_T1w.nii.gz'.",
            pattern=pattern,
            folder=folder,
        ) from error
    fitting = [path for path in paths if path in wanted]
    if not fitting:
        raise UserError(
            "{folder}: none of its {runs} scans fits --pattern {pattern}.",
            folder=folder,
            runs=len(paths),
            pattern=pattern,
        )
    return fitting


def scans_in(folder: Path, output: Path) -> list[Path]:
    """Scan files and folders of DICOM series under `folder`, sorted; masks, labels and results are none.

    Folders that are links are looked into too, each once.
    Raises UserError where there are none, or results would go among them.
    """
    if folder.resolve() == output.resolve():
        raise UserError("{folder}: holds the scans; choose another folder for the results.", folder=folder)
    found: list[Path] = []
    seen: set[Path] = set()  # links may lead back
    for place, folders, names in os.walk(folder, followlinks=True):
        here = Path(place)
        if here.resolve() in seen:
            folders.clear()
            continue
        seen.add(here.resolve())
        if any(name.startswith(SCRATCH_PREFIX) for name in folders):
            recover(here)
            names = [path.name for path in here.iterdir() if path.is_file()]
        if RESULT_FILE in names or here.resolve() == output.resolve():
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += _scans_of(here, sorted(name for name in names if not name.startswith(".")))
    if not found:
        raise UserError(
            "{folder}: holds no scan; give a folder with NIfTI, NRRD, MHA or MGZ files or DICOM series.", folder=folder
        )
    return sorted(found)


def _scans_of(folder: Path, names: list[str]) -> list[Path]:
    scans = [name for name in names if name.lower().endswith(SCAN_SUFFIXES) and not name.endswith(_NO_SCANS)]
    if scans:
        return [folder / name for name in scans]
    others = (folder / name for name in names if not name.lower().endswith(SCAN_SUFFIXES))
    # The first slice tells for all: a series may have thousands.
    return [folder] if any(_is_slice(file) for file in others) else []


def _is_slice(file: Path) -> bool:
    """Whether a file is of a DICOM series; what cannot be opened, such as a link to nothing or a pipe, is not."""
    from .scan.dicom_reader import is_dicom, is_table_of_contents

    try:
        return file.is_file() and is_dicom(file) and not is_table_of_contents(file)
    except OSError:
        return False


def batch_of_files(paths: Iterable[Path], root: Path, output: Path) -> list[BatchScan]:
    """The scans of a batch, each named after its place under `root`, so that a later run finds its results."""
    return named_batch([(_name(path, root), str(path)) for path in paths], output)


def _name(path: Path, root: Path) -> str:
    relative = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
    name = "_".join(_undoubled(relative.parts)) or path.resolve().name
    ending = next((suffix for suffix in sorted(SCAN_SUFFIXES, key=len)[::-1] if name.lower().endswith(suffix)), "")
    return name[: len(name) - len(ending)]


def _undoubled(parts: tuple[str, ...]) -> list[str]:
    """Folders and name without the folders that the name repeats: no 'sub-01' twice in one."""
    told = f"_{parts[-1]}" if parts else ""
    return [part for part in parts[:-1] if f"_{part}_" not in told] + list(parts[-1:])


def named_batch(named_sources: Iterable[tuple[str, str]], output: Path) -> list[BatchScan]:
    """Scans from (name, source), with names that every system takes, none of them twice and none of the batch's own."""
    scans: dict[str, BatchScan] = {}
    for wanted, source in named_sources:
        clean = as_file_name(wanted)
        name, number = clean, 1
        while name.lower() in scans or name.lower() in (LOGS_FOLDER, TABLE_FILE):
            number += 1
            name = f"{clean}-{number}"
        scans[name.lower()] = BatchScan(name, source, output / name)
    return list(scans.values())


@dataclass(frozen=True)
class FoundScan:
    """A scan whose folder is its own, and the row of the result in it where that is what is wanted."""

    scan: BatchScan
    finished: BatchRow | None = None


def look_up(
    scan: BatchScan, options: PlanOptions, volume: Volume | None = None, taken: Collection[str] = ()
) -> FoundScan:
    """Where a scan's results are to go, and whether they are there already.

    volume  the scan itself; read from its source where it is not given and a result has to be compared with it
    taken   names of the batch's other scans

    A scan is known by its fingerprint, not by its name: where the folder holds another person's result, one of another
    name is taken, 'T1-2'. A result counts where scan, weights, all choices and the files beside the scan are the same.
    Raises UserError for a scan or weights file that cannot be read.
    """
    from .scan.readers import read_volume

    for place in _places(scan, taken):
        record = _record_in(place.folder)
        if record is None:
            return FoundScan(place)
        volume = volume or read_volume(Path(scan.source))
        if volume.has_fingerprint(record["fingerprint"]):
            same = _choices(record) == _wanted(options) and _has_same_inputs(record, scan, options)
            return FoundScan(place, row_in(place, FINISHED_BEFORE) if same else None)
    raise AssertionError("names never end")


def holds_result(scan: BatchScan) -> bool:
    """Whether anybody's result lies in the scan's folder; a scan has to be looked up only there."""
    recover(scan.folder)
    return (scan.folder / RESULT_FILE).exists()


def _places(scan: BatchScan, taken: Collection[str]) -> Iterator[BatchScan]:
    """The scan's folder, then others beside it that no other scan of the batch has."""
    yield scan
    for number in count(2):
        name = f"{scan.name}-{number}"
        if name.lower() not in {each.lower() for each in taken}:
            yield replace(scan, name=name, folder=scan.folder.with_name(name))


def _record_in(folder: Path) -> dict | None:
    """The record of the plan in a folder, of nobody's scan where it is damaged or of an older version; else None."""
    recover(folder)
    nobody = {"fingerprint": "", "model": {"sha256": "", "head_sha256": ""}, "options": {}, "inputs": []}
    if not (folder / RESULT_FILE).exists():
        return None
    try:
        record = json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))["plan"]
        return nobody | {key: record[key] for key in nobody if key != "inputs" or key in record}
    except (OSError, ValueError, KeyError, TypeError):
        return nobody


def _choices(record: dict) -> dict:
    """Of a plan's record, all that decides what comes out on a scan; what could not be chosen then has its default."""
    weights = {name: record["model"][name] for name in ("sha256", "head_sha256")}
    return {**to_plain(DEFAULT_OPTIONS), **record["options"], **dict.fromkeys(_NO_CHOICES), **weights}


def _has_same_inputs(record: dict, scan: BatchScan, options: PlanOptions) -> bool:
    """Whether fMRI, tables and maps are those of a plan's record; where they cannot be had, the run says why."""
    try:
        now = [file.sha256 for file in input_files(Path(scan.source), options)]
    except UserError:
        return False
    return [file["sha256"] for file in record["inputs"]] == now


def _wanted(options: PlanOptions) -> dict:
    """As `_choices`, of what is asked for now. Raises UserError where the weights file cannot be read."""
    path = options.weights or SHIPPED
    try:
        model = {"sha256": file_sha256(path), "head_sha256": head_sha256()}
        record = {"options": to_plain(options), "model": model}
    except OSError as error:
        raise UserError(
            "{path}: cannot be read ({reason}); name a weights file.", path=path, reason=error.strerror
        ) from error
    return json.loads(json.dumps(_choices(record)))


def row_in(scan: BatchScan, state: str) -> BatchRow | None:
    """The row of the result in the scan's folder, whatever it was made with; None where there is none."""
    try:
        result = json.loads((scan.folder / RESULT_FILE).read_text(encoding="utf-8"))
        return _row(scan.name, state, result, _sides(result))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sides(result: dict) -> list[dict]:
    return [result[name] for name in SIDES if name in result] or [result]


def _row(name: str, state: str, result: dict, sides: list[dict]) -> BatchRow:
    warnings = dict.fromkeys((*result["warnings"], *(text for side in sides for text in side["warnings"])))
    state = state if state == FAILED or any(side["detected"] for side in sides) else NOT_FOUND
    missing = [f"{side['hemisphere']}: {side['reason']}" for side in sides if not side["detected"]]
    seconds = sum(result["timing_s"].values())
    model = result["model"]
    return BatchRow(
        name, state, tuple(map(_side_row, sides)), tuple(warnings), " ".join(missing), seconds, model["id"],
        region=model.get("region", DLPFC),
    )  # fmt: skip


def _side_row(side: dict) -> SideRow:
    if not side["detected"]:
        return SideRow(side["hemisphere"])
    doubt = side["uncertainty"] or {"expected_mm": None, "in_words": ""}
    return SideRow(
        side["hemisphere"], side["mask"]["volume_ml"], tuple(side["centroid_ras_mm"]), side["score"],
        doubt["expected_mm"], doubt["in_words"],
    )  # fmt: skip


def clear_leftovers(scan: BatchScan) -> None:
    """Complete or remove what a run left in the scan's folder that was killed while it wrote there."""
    recover(scan.folder)
    with suppress(OSError):
        scan.folder.rmdir()  # where nothing else is in it


_COLUMNS: dict[str, Callable[[BatchRow, SideRow], object]] = {
    "scan": lambda row, side: row.name,
    "state": lambda row, side: row.state_in_words,
    "hemisphere": lambda row, side: side.hemisphere,
    "volume_ml": lambda row, side: side.volume_ml,
    "centroid_ras_x_mm": lambda row, side: side.centroid_ras_mm and side.centroid_ras_mm[0],
    "centroid_ras_y_mm": lambda row, side: side.centroid_ras_mm and side.centroid_ras_mm[1],
    "centroid_ras_z_mm": lambda row, side: side.centroid_ras_mm and side.centroid_ras_mm[2],
    "score": lambda row, side: side.score,
    "expected_error_mm": lambda row, side: side.expected_mm,
    "uncertainty": lambda row, side: side.uncertainty,
    "seconds": lambda row, side: None if row.seconds is None else round(row.seconds, 1),
    "gib": lambda row, side: None if row.gib is None else round(row.gib, 2),
    "model": lambda row, side: row.model,
    "warnings": lambda row, side: " ".join(row.warnings),
    "message": lambda row, side: row.message,
}
"""Name of a column of `results.csv` -> its value in the line of a side of a scan."""


def write_table(rows: Iterable[BatchRow], output: Path) -> Path:
    """Write `results.csv`, a line for each side of each scan; returns its path.

    Raises UserError where the folder cannot be written into, or holds a file of this name that is not ours.
    """
    path = output / TABLE_FILE
    with told_to_the_user(output):
        _require_own_table(path)
        with write_whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(_COLUMNS)
            writer.writerows(line for row in rows for line in _lines(row))
    return path


def _require_own_table(path: Path) -> None:
    """An earlier version of ours had fewer columns."""
    if not path.exists():
        return
    names = (path.read_text(encoding="utf-8", errors="replace").splitlines() or [""])[0].split(",")
    if names[:3] != list(_COLUMNS)[:3] or not set(names) <= _COLUMNS.keys():
        raise UserError("{path}: is another table than this one; move it away or choose another folder.", path=path)


def _lines(row: BatchRow) -> list[list[object]]:
    values = [[value(row, side) for value in _COLUMNS.values()] for side in row.sides or (SideRow(""),)]
    return [[as_cell(each) if isinstance(each, str) else each for each in line] for line in values]


def run_batch(
    scans: list[BatchScan],
    options: PlanOptions,
    output: Path,
    tell: Callable[[BatchRow], None],
    crew: Crew,
    wanted: Wanted = PLAN_ALONE,
    fail_fast: bool = False,
) -> list[BatchRow]:
    """Let a crew plan on every scan that is not finished, and write the table; a row for each scan, in their order.

    A scan that fails, by whatever error, says why in its row, and the rest goes on, but not with `fail_fast`. Results
    of other people are never replaced. `tell` hears of each row when it is in the table. Raises UserError where the
    output folder cannot be written into, or another run is writing into it.
    """
    rows: dict[int, BatchRow] = {}
    with ExitStack() as stack:
        with told_to_the_user(output):
            stack.enter_context(reserved(output))
        known_gib = _gib_in_table(output / TABLE_FILE)
        write_table([], output)
        jobs = jobs_of(scans, options, wanted)
        told = stack.enter_context(closing(crew(jobs)))
        for number, row in told:
            row = replace(row, source=scans[number].source)
            row = _anonymous(row, output) if wanted.anonymous else row
            rows[number] = row if row.gib is not None else replace(row, gib=known_gib.get(row.name))
            write_table([rows[each] for each in sorted(rows)], output)
            tell(rows[number])
            if fail_fast and row.state == FAILED:
                break
        whole = [rows.get(number) or BatchRow(job.scan.name, NOT_BEGUN) for number, job in enumerate(jobs)]
        write_table(whole, output)
    return whole


def jobs_of(scans: list[BatchScan], options: PlanOptions, wanted: Wanted) -> list[ScanJob]:
    """A job for each scan, which for an anonymous batch is called by its number until it is read."""
    if wanted.anonymous:
        numbers = range(1, len(scans) + 1)
        scans = [_called(scan, f"scan-{number}") for number, scan in zip(numbers, scans, strict=True)]
    names = [scan.name for scan in scans]
    return [
        ScanJob(scan, options, wanted, (*names[:number], *names[number + 1 :])) for number, scan in enumerate(scans)
    ]


def _called(scan: BatchScan, pseudonym: str) -> BatchScan:
    """The scan under a pseudonym, without a place in a BIDS tree, where its participant is named."""
    return replace(scan, name=pseudonym, folder=scan.folder.with_name(pseudonym), bids=None)


def one_after_the_other(planner: Planner = make_plan, progress: Progress = SILENT) -> Crew:
    """This process as the crew."""

    def crew(jobs: Sequence[ScanJob]) -> Told:
        """Each scan here, one after the other."""
        yield from ((number, do_job(job, progress, planner)) for number, job in enumerate(jobs))

    return crew


def _gib_in_table(path: Path) -> dict[str, float]:
    """Name of a scan -> the memory that an earlier run told of it, which no result does."""
    with suppress(OSError, ValueError, csv.Error), path.open(encoding="utf-8", newline="") as stream:
        return {line["scan"]: float(line["gib"]) for line in csv.DictReader(stream) if line.get("gib")}
    return {}


def do_job(job: ScanJob, progress: Listener, planner: Callable[[Volume, PlanOptions, Listener], Plan]) -> BatchRow:
    """Plan on a scan unless it is finished, and write its folder; what came of it, whatever that is."""
    try:
        volume, scan = _read(job)
        with _only_one(scan.folder) if job.wanted.anonymous else nullcontext():
            found = look_up(scan, job.options, volume, job.taken)
            try:
                return _row_of(volume, found, job, progress, planner)
            except UserError as error:
                return failed_row(found.scan, str(error))
    except UserError as error:
        return BatchRow(job.scan.name, FAILED, message=str(error))
    except Exception as error:  # a night's batch does not end at the third of a hundred scans
        return BatchRow(
            job.scan.name, FAILED, message=fault(say("planning on {source}", source=job.scan.source), error)
        )


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Wait for whoever plans on the same scan under another name: both have one pseudonym, and so one folder."""
    with ExitStack() as stack:
        with told_to_the_user(folder):
            stack.enter_context(reserved(folder, wait_s=_SAME_SCAN_S))
        yield


def _read(job: ScanJob) -> tuple[Volume, BatchScan]:
    """The scan, and what it is called once it is read. Raises UserError where it cannot be."""
    from .scan.readers import read_volume, require_survived

    path = Path(job.scan.source)
    require_survived(path, job.wanted.frame)
    volume = read_volume(path, job.wanted.frame)
    return volume, _called(job.scan, pseudonym_of(volume)) if job.wanted.anonymous else job.scan


def _row_of(
    volume: Volume,
    found: FoundScan,
    job: ScanJob,
    progress: Listener,
    planner: Callable[[Volume, PlanOptions, Listener], Plan],
) -> BatchRow:
    scan, row = found.scan, found.finished
    if row is None or job.wanted.overwrite:
        plan_to_folder(volume, job.options, scan.folder, progress, planner, job.wanted)
        row = row_in(scan, DONE) or BatchRow(
            scan.name, FAILED, message=say("{folder}: the result has gone again.", folder=scan.folder)
        )
    else:
        row = _finished(row, scan.folder, job.wanted)
    if scan.bids is not None:
        publish(scan.folder, scan.bids)
    return row


@dataclass(frozen=True)
class Foreseen:
    """What a run would do with a scan, and where that is nothing, why."""

    name: str
    state: str
    reason: str = ""


WOULD_RUN = say("would run")


def foresee(job: ScanJob) -> Foreseen:
    """What a run would do, without doing it; the scan is read for it, but nothing is written."""
    try:
        volume, scan = _read(job)
        found = look_up(scan, job.options, volume, job.taken)
    except UserError as error:
        return Foreseen(job.scan.name, FAILED, str(error))
    if job.wanted.overwrite or not holds_result(found.scan):
        return Foreseen(found.scan.name, WOULD_RUN, job.scan.source)
    if found.finished is not None:
        return Foreseen(found.scan.name, found.finished.state_in_words, found.finished.message)
    others = ", ".join(_other_choices(found.scan, job.options))
    reason = say(
        "{folder}: holds a result of other choices ({others}); --overwrite replaces it.",
        folder=found.scan.folder,
        others=others,
    )
    return Foreseen(found.scan.name, FAILED, reason)


def _other_choices(scan: BatchScan, options: PlanOptions) -> list[str]:
    """Names of the choices, and of the files, in which a result differs from what is asked for now."""
    record, wanted = _record_in(scan.folder), _wanted(options)
    had = _choices(record) if record else {}
    others = [_TOLD_AS.get(name, name) for name in wanted if had.get(name) != wanted[name]]
    return others if record is None or _has_same_inputs(record, scan, options) else [*others, "inputs"]


def _anonymous(row: BatchRow, output: Path) -> BatchRow:
    """A row whose sentences name neither the scan nor where anything lies."""
    warnings = tuple(without_names(text, row.source, row.name, output) for text in row.warnings)
    return replace(row, warnings=warnings, message=without_names(row.message, row.source, row.name, output))


def without_names(text: str, source: str, name: str, output: Path) -> str:
    """What is said of a scan that is called `name` in an anonymous batch, without its own name and places of files."""
    places = {str(output / name): name, str(output): "the results' folder"}
    return without_files(hiding(source, name, places)(text))


def failed_row(scan: BatchScan, reason: str) -> BatchRow:
    """The row of a scan that could not be planned on; what an earlier run found on it, and left there, stays in it."""
    earlier = row_in(scan, FAILED)
    return BatchRow(scan.name, FAILED, message=reason) if earlier is None else replace(earlier, message=reason)


def _finished(row: BatchRow, folder: Path, wanted: Wanted) -> BatchRow:
    """The row of a scan that is left as it is, which says so where a report is wanted and there is none."""
    if not wanted.report or (folder / REPORT_FILE).exists():
        return row
    lacking = say("{folder}: was planned without a report; plan again with --overwrite for one.", folder=folder)
    return replace(row, message=f"{row.message} {lacking}".strip())


def find_batch(folder: Path, output: Path, options: PlanOptions) -> list[FoundScan]:
    """The scans of a folder, each with where its results go or what it has already. Raises UserError for none.

    One that cannot be read is told of when its turn comes.
    """
    scans = scans_of(folder, output)
    names = [scan.name for scan in scans]
    return [_found(scan, options, [name for name in names if name != scan.name]) for scan in scans]


def _found(scan: BatchScan, options: PlanOptions, taken: list[str]) -> FoundScan:
    try:
        return look_up(scan, options, taken=taken)
    except UserError:
        return FoundScan(scan)


def plan_to_folder(
    source: Volume | str,
    options: PlanOptions,
    folder: Path,
    progress: Listener,
    planner: Callable[[Volume, PlanOptions, Listener], Plan] = make_plan,
    wanted: Wanted = PLAN_ALONE,
) -> Plan:
    """Plan on a scan (or where to read it) and write its folder as `dlpfc plan` does; returns the plan.

    Raises UserError as `make_plan`, `read_volume` and `write_plan` do.
    """
    from .export.plan_folder import planned_folder, write_plan
    from .scan.readers import read_volume

    with planned_folder(folder, wanted.overwrite, region_in_card(options.weights)):
        volume = read_volume(Path(source), wanted.frame) if isinstance(source, str) else source
        plan = planner(volume, options, progress)
        write_plan(plan, folder, wanted.overwrite, wanted.scene, wanted.report, wanted.anonymous)
    return plan
