"""The tables that a training leaves, a line a step or an epoch, and `curves.png`, which is drawn from them."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import UserError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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

HEAD_LOSSES = ("coordinates_mm", "affine_mm", "classes")
"""The losses of the wide and the close network, each times its weight."""

TURN_LOSSES = ("turns",)
"""The loss of the turn network."""

LOSSES_FILE, EPOCHS_FILE, WARMUP_FILE = "losses.csv", "epochs.csv", "warmup.csv"
WINDOW_LOSSES_FILE, WINDOW_CHECKS_FILE = "window_losses.csv", "window_checks.csv"
HEAD_LOSSES_FILE, TURN_LOSSES_FILE = "head_losses.csv", "turn_losses.csv"

COLUMNS = {
    LOSSES_FILE: ("phase", "step", *LOSSES),
    EPOCHS_FILE: ("phase", "epoch", "map50", "best"),
    WARMUP_FILE: ("step", "loss"),
    WINDOW_LOSSES_FILE: ("step", *WINDOW_LOSSES),
    WINDOW_CHECKS_FILE: ("step", "dice"),
    HEAD_LOSSES_FILE: ("step", *HEAD_LOSSES),
    TURN_LOSSES_FILE: ("step", *TURN_LOSSES),
}


def losses_in_words(losses: Mapping[str, float]) -> str:
    """The sum of the losses, and each that counts: 'loss 0.51 (mask 0.31, names 0.20)'."""
    parts = ", ".join(f"{_in_words(name)} {value:.3f}" for name, value in losses.items() if value)
    return f"loss {sum(losses.values()):.3f} ({parts})"


def _in_words(name: str) -> str:
    return name.removeprefix("loss_").replace("_", " ")


class TensorBoard:
    """Shows the same tables in TensorBoard too: `tensorboard --logdir FOLDER`. Raises UserError where it is missing."""

    def __init__(self, folder: Path) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise UserError("TensorBoard is not installed; run `pip install tensorboard`, or leave it out.") from error
        self._writer = SummaryWriter(str(folder))

    def add(self, table: str, row: Sequence) -> None:
        """Add a line as it goes into the table: each value under the table's name and the phase."""
        told = dict(zip(COLUMNS[table], row, strict=True))
        place = "/".join(filter(None, (Path(table).stem, str(told.pop("phase", "")))))
        step = int(told.pop("step", 0) or told.pop("epoch"))
        for name, value in told.items():
            self._writer.add_scalar(f"{place}/{name}", float(value), step)
        self._writer.flush()


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


CURVES_FILE = "curves.png"

_COLOURS = ("#56B4E9", "#0072B2", "#D55E00", "#CC79A7", "#009E73", "#E69F00")
"""Of Okabe and Ito's palette, one a loss."""

_SMOOTHED_OVER = 40
"""At most so many steps go into a point of a curve; a single step's loss tells little."""


def draw_curves(folder: Path) -> Path | None:
    """Draw the tables in a run's folder; the picture's path, or None where no step was made yet."""
    steps, epochs = read_rows(folder / LOSSES_FILE), read_rows(folder / EPOCHS_FILE)
    if not steps:
        return None
    figure, above, below = _two_axes()
    _draw_losses(above, steps, LOSSES)
    _draw_phases(above, [row["phase"] for row in steps])
    _draw_scores(below, np.arange(len(epochs)) + 1, [float(row["map50"]) for row in epochs])
    below.set(xlabel="epoch", ylabel="mAP@0.5 of the watched slices", title="Judged after every epoch")
    _draw_phases(below, [row["phase"] for row in epochs])
    return _written(figure, folder)


def draw_window_curves(folder: Path) -> Path | None:
    """As `draw_curves`, for a run of the 3-D network."""
    steps, checks = read_rows(folder / WINDOW_LOSSES_FILE), read_rows(folder / WINDOW_CHECKS_FILE)
    if not steps:
        return None
    figure, above, below = _two_axes()
    _draw_losses(above, steps, WINDOW_LOSSES)
    _draw_scores(below, np.array([int(row["step"]) for row in checks]), [float(row["dice"]) for row in checks])
    below.set(xlabel="step", ylabel="mean Dice of the watched windows", title="Judged on the way")
    return _written(figure, folder)


def _two_axes() -> "tuple[Figure, Axes, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 7.5), dpi=110, layout="constrained")
    return figure, *figure.subplots(2, 1)


def _written(figure: "Figure", folder: Path) -> Path:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    path = folder / CURVES_FILE
    FigureCanvasAgg(figure).print_png(path)
    return path


def _draw_losses(axes: "Axes", steps: list[dict[str, str]], names: Sequence[str]) -> None:
    shown = {name: np.array([float(row.get(name, 0.0)) for row in steps]) for name in names}
    for (name, values), colour in zip(shown.items(), _COLOURS, strict=False):
        if values.any():
            axes.plot(*_smoothed(values), color=colour, linewidth=1.2, label=_in_words(name))
    axes.plot(*_smoothed(np.sum(list(shown.values()), axis=0)), color="black", linewidth=1.8, label="all together")
    axes.set(xlabel="step", ylabel="loss", yscale="log", title="Losses, smoothed")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, ncols=4)


def _smoothed(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Steps (counted from 1) and the running mean of the values there."""
    width = max(1, min(_SMOOTHED_OVER, len(values) // 10))
    means = np.convolve(values, np.ones(width) / width, mode="valid")
    return np.arange(len(means)) + 1 + (width - 1) / 2, means


def _draw_scores(axes: "Axes", numbers: np.ndarray, judged: Sequence[float]) -> None:
    """Scores 0..1, the best one marked."""
    from matplotlib.ticker import MaxNLocator

    scores = np.array(judged)
    axes.set(ylim=(0, 1))
    axes.grid(alpha=0.3)
    if not np.isfinite(scores).any():
        return
    axes.plot(numbers, scores, "o-", color="#0072B2")
    best = int(np.nanargmax(scores))
    axes.plot(numbers[best], scores[best], "o", color="#D55E00", markersize=9)
    below = scores[best] > 0.85
    axes.annotate(
        f"best {scores[best]:.3f}", (numbers[best], scores[best]), xytext=(0, -16 if below else 10),
        textcoords="offset points", ha="center",
    )  # fmt: skip
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _draw_phases(axes: "Axes", phases: list[str]) -> None:
    """A line where one phase ends, and the phases' names along the lower edge."""
    starts = [n for n, phase in enumerate(phases) if n == 0 or phases[n - 1] != phase]
    for start in starts:
        if start:
            axes.axvline(start + 0.5, color="grey", linewidth=0.8, linestyle="--")
        name = axes.text(start + 0.6, 0.02, phases[start], transform=axes.get_xaxis_transform())
        name.set(fontsize=8, color="grey", clip_on=True, in_layout=False)
