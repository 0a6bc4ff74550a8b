"""`curves.png`: the losses of every step of a training, and how it was judged on the way."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .tables import EPOCHS_FILE, LOSSES, LOSSES_FILE, WINDOW_CHECKS_FILE, WINDOW_LOSSES, WINDOW_LOSSES_FILE, read_rows

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


def _two_axes() -> tuple[Figure, Axes, Axes]:
    figure = Figure(figsize=(9.0, 7.5), dpi=110, layout="constrained")
    return figure, *figure.subplots(2, 1)


def _written(figure: Figure, folder: Path) -> Path:
    path = folder / CURVES_FILE
    FigureCanvasAgg(figure).print_png(path)
    return path


def _draw_losses(axes: Axes, steps: list[dict[str, str]], names: Sequence[str]) -> None:
    shown = {name: np.array([float(row.get(name, 0.0)) for row in steps]) for name in names}
    for (name, values), colour in zip(shown.items(), _COLOURS, strict=False):
        if values.any():
            words = name.removeprefix("loss_").replace("_", " ")
            axes.plot(*_smoothed(values), color=colour, linewidth=1.2, label=words)
    axes.plot(*_smoothed(sum(shown.values())), color="black", linewidth=1.8, label="all together")
    axes.set(xlabel="step", ylabel="loss", yscale="log", title="Losses, smoothed")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, ncols=4)


def _smoothed(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Steps (counted from 1) and the running mean of the values there."""
    width = max(1, min(_SMOOTHED_OVER, len(values) // 10))
    means = np.convolve(values, np.ones(width) / width, mode="valid")
    return np.arange(len(means)) + 1 + (width - 1) / 2, means


def _draw_scores(axes: Axes, numbers: np.ndarray, judged: Sequence[float]) -> None:
    """Scores 0..1, the best one marked."""
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
    axes.xaxis.get_major_locator().set_params(integer=True)


def _draw_phases(axes: Axes, phases: list[str]) -> None:
    """A line where one phase ends, and the phases' names along the lower edge."""
    starts = [n for n, phase in enumerate(phases) if n == 0 or phases[n - 1] != phase]
    for start in starts:
        if start:
            axes.axvline(start + 0.5, color="grey", linewidth=0.8, linestyle="--")
        name = axes.text(start + 0.6, 0.02, phases[start], transform=axes.get_xaxis_transform())
        name.set(fontsize=8, color="grey", clip_on=True, in_layout=False)
