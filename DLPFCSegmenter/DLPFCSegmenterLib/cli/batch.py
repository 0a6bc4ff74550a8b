"""The command `dlpfc batch`: every scan in a folder, one after the other."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UserError
from ..networks.mask_rcnn_config import NETWORK_HELP, NETWORKS
from .progress import TerminalProgress

if TYPE_CHECKING:
    from ..batch import BatchRow


def add_batch(commands) -> None:
    """Add `dlpfc batch` to the commands."""
    batch = commands.add_parser("batch", help="plan on every scan in a folder; the same command again goes on")
    batch.add_argument("scans", type=Path, help="folder with scan files or DICOM series, in it or in its folders")
    batch.add_argument("--output", type=Path, required=True, help="folder for the results and the table results.csv")
    batch.add_argument("--hemisphere", choices=("left", "right", "both"), default="left")
    batch.add_argument("--threshold", type=float, default=0.5, help="least confidence of a slice (default 0.5)")
    batch.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    batch.add_argument("--weights", type=Path, help="weights file of your own")
    batch.add_argument("--network", choices=NETWORKS, default="all", help=NETWORK_HELP)
    batch.add_argument("--rule-mm", type=float, default=50.0, help="length of the 5-cm rule (default 50)")
    batch.set_defaults(run=_run_batch)


def _run_batch(arguments: argparse.Namespace) -> int:
    from ..batch import FAILED, TABLE_FILE, batch_of_files, run_batch, scans_in
    from ..plan import PlanOptions

    if not arguments.scans.is_dir():
        raise UserError(f"{arguments.scans}: is no folder; `dlpfc plan` takes a single scan.")
    sides = ("left", "right") if arguments.hemisphere == "both" else (arguments.hemisphere,)
    options = PlanOptions(
        sides, arguments.threshold, arguments.device, rule_mm=arguments.rule_mm, weights=arguments.weights,
        networks=arguments.network,
    )  # fmt: skip
    paths = scans_in(arguments.scans, arguments.output)
    scans = batch_of_files(paths, arguments.scans, arguments.output)
    rows = run_batch(scans, options, arguments.output, TerminalProgress(), _tell)
    failed = sum(row.state == FAILED for row in rows)
    print(f"{len(rows)} scans, {failed} failed; table in {arguments.output / TABLE_FILE} (research use only)")
    return 0


def _tell(row: "BatchRow") -> None:
    sides = (f"{side.hemisphere} {side.volume_ml:.1f} ml" for side in row.sides if side.volume_ml is not None)
    print(" ".join(filter(None, (f"{row.name}: {row.state}", *sides, row.message))), flush=True)
