"""The command `dlpfc batch`: every scan in a folder, one after the other."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UserError
from ..progress import TerminalProgress
from .options import (
    ANONYMOUS,
    FRAME,
    OVERWRITE,
    REPORT,
    Commands,
    add_option,
    add_plan_options,
    plan_options,
    with_fiducials,
)

if TYPE_CHECKING:
    from ..batch import BatchRow

EXIT_SOME_FAILED = 1
"""Also where on some scan no DLPFC was found: a batch of which nobody can plan does not end as a good one."""

AGAIN = replace(OVERWRITE, text="plan again on scans that are finished", default="they are left as they are")


def add_batch(commands: Commands) -> None:
    """Add `dlpfc batch` to the commands."""
    batch = commands.add_parser("batch", help="plan on every scan in a folder; the same command again goes on")
    batch.add_argument("scans", type=Path, help="folder with scan files or DICOM series, in it or in its folders")
    batch.add_argument("--output", type=Path, required=True, help="folder for the results and the table results.csv")
    add_plan_options(batch)
    for told in (REPORT, ANONYMOUS, FRAME, AGAIN):
        add_option(batch, told)
    batch.set_defaults(run=_run_batch)


def _run_batch(arguments: argparse.Namespace) -> int:
    from ..batch import FAILED, NOT_FOUND, TABLE_FILE, Wanted, batch_of_files, run_batch, scans_in

    if not arguments.scans.is_dir():
        raise UserError(f"{arguments.scans}: is no folder; `dlpfc plan` takes a single scan.")
    options = with_fiducials(plan_options(arguments), arguments, None)
    if options.circuit.bold:
        raise UserError("--bold names the runs of one scan; in a batch, --target circuit takes those beside each T1.")
    paths = scans_in(arguments.scans, arguments.output)
    scans = batch_of_files(paths, arguments.scans, arguments.output)
    wanted = Wanted(True, arguments.report, arguments.overwrite, arguments.frame, arguments.anonymous)
    rows = run_batch(scans, options, arguments.output, TerminalProgress(), _tell, wanted=wanted)
    failed, without = (sum(row.state == state for row in rows) for state in (FAILED, NOT_FOUND))
    lacking = f", {without} without a DLPFC" if without else ""
    print(f"{len(rows)} scans, {failed} failed{lacking}; table in {arguments.output / TABLE_FILE} (research use only)")
    return EXIT_SOME_FAILED if failed or without else 0


def _tell(row: "BatchRow") -> None:
    sides = (f"{side.hemisphere} {side.volume_ml:.1f} ml" for side in row.sides if side.volume_ml is not None)
    print(" ".join(filter(None, (f"{row.name}: {row.state}", *sides, row.message))), flush=True)
