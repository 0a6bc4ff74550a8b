"""Where and how a training runs, and the tables that it leaves."""

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """A training run.

    folder   holds the checkpoints, the tables and at the end the weights
    workers  processes that prepare slices beside the training
    """

    folder: Path
    seed: int = 0
    workers: int = 1
    device: str = "cpu"


def append_row(path: Path, row: list) -> None:
    """Add a line to a CSV table."""
    with path.open("a", newline="") as file:
        csv.writer(file).writerow(row)
