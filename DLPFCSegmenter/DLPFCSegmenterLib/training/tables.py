"""The tables that a training leaves: one line a step or an epoch, under a line that names the columns."""

import csv
from collections.abc import Sequence
from pathlib import Path

LOSSES = (
    "loss_objectness",
    "loss_rpn_box_reg",
    "loss_classifier",
    "loss_box_reg",
    "loss_mask",
    "loss_names",
)
"""The five losses of Mask R-CNN, in the order in which the network computes them, and that of naming
structures, 0 where it is not used."""

WINDOW_LOSSES = ("loss_dice", "loss_cross_entropy", "loss_names")
"""The losses of the 3-D network."""

LOSSES_FILE, EPOCHS_FILE, WARMUP_FILE = "losses.csv", "epochs.csv", "warmup.csv"
WINDOW_LOSSES_FILE, WINDOW_CHECKS_FILE = "window_losses.csv", "window_checks.csv"

COLUMNS = {
    LOSSES_FILE: ("phase", "step", *LOSSES),
    EPOCHS_FILE: ("phase", "epoch", "map50", "best"),
    WARMUP_FILE: ("step", "loss"),
    WINDOW_LOSSES_FILE: ("step", *WINDOW_LOSSES),
    WINDOW_CHECKS_FILE: ("step", "dice"),
}


def append_row(path: Path, row: Sequence) -> None:
    """Add a line to the table that the file's name tells; a new file begins with its header."""
    fresh = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(COLUMNS[path.name])
        writer.writerow(row)


def read_rows(path: Path) -> list[dict[str, str]]:
    """The lines of a table by column, none where there is no file.

    Files of before the header was written are read by the order of their columns. Of an epoch that was
    cut off and repeated, the later lines count.
    """
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        lines = [line for line in csv.reader(file) if line]
    columns = COLUMNS[path.name]
    if lines and lines[0][0] == columns[0]:
        columns = tuple(lines.pop(0))
    numbered = len([name for name in columns if name in ("phase", "step", "epoch")])
    rows = {tuple(line[:numbered]): dict(zip(columns, line, strict=False)) for line in lines}
    return list(rows.values())
