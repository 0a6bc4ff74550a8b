"""A picture of where the network looks: a row for each plane, a column for each of its maps."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..evaluation.attention import Attention, SliceAttention
from ..networks.mask_rcnn import DETAIL, FINEST
from ..terminology import segment_colour
from .slices import CONVENTION, PLANES, draw_letters, drawable, plain_text

_LETTERS = {plane.name.lower(): plane.letters for plane in PLANES}
_PANEL = 3.0
"""Inches."""

_TITLES = {None: "slice", FINEST: "feature pyramid, finest map", DETAIL: "detail map", "objectness": "region proposals"}


def draw_attention(attention: Attention, path: Path) -> None:
    """Draw the slices, over them how strongly each map answers, and what was found as an outline; write a PNG."""
    with plain_text():
        FigureCanvasAgg(_figure(attention)).print_png(path)


def _figure(attention: Attention) -> Figure:
    columns = [None, *attention.slices[0].answers, "objectness"]
    size = (_PANEL * len(columns), _PANEL * len(attention.slices) + 0.9)
    figure = Figure(figsize=size, facecolor="black", dpi=110)
    grid = figure.add_gridspec(len(attention.slices), len(columns), left=0.01, right=0.99, wspace=0.03, hspace=0.06)
    grid.update(bottom=0.02, top=1 - 0.85 / size[1])
    for row, each in enumerate(attention.slices):
        for column, name in enumerate(columns):
            axes = figure.add_subplot(grid[row, column])
            _draw_panel(axes, _as_shown(each, attention.starts_left), name, attention.hemisphere)
            if row == 0:
                axes.set_title(_TITLES[name], color="white", fontsize=10)
    words = f"{attention.source}, {attention.hemisphere}, {attention.model_id}\n{attention.in_words}\n{CONVENTION}"
    figure.text(0.01, 1 - 0.06 / size[1], drawable(words), color="white", fontsize=9, va="top", linespacing=1.25)
    return figure


def _as_shown(each: SliceAttention, starts_left: bool) -> SliceAttention:
    """The slice in the radiological view; a sagittal one has the face on the left already."""
    if each.plane == "sagittal" or not starts_left:
        return each
    answers = {name: np.fliplr(values) for name, values in each.answers.items()}
    image, mask = np.fliplr(each.image), np.fliplr(each.mask)
    return SliceAttention(each.plane, image, mask, answers, np.fliplr(each.objectness))


def _draw_panel(axes: Axes, each: SliceAttention, name: str | None, hemisphere: str) -> None:
    low, high = np.percentile(each.image, [1, 99.5])
    axes.imshow(each.image, cmap="gray", vmin=low, vmax=max(high, low + 1e-6))
    if name is not None:
        _draw_answers(axes, each.objectness if name == "objectness" else each.answers[name], name)
    if each.mask.any():
        axes.contour(each.mask.astype(float), [0.5], colors=[segment_colour(hemisphere)], linewidths=1.6)
    draw_letters(axes, _LETTERS[each.plane])
    axes.set_axis_off()


def _draw_answers(axes: Axes, values: np.ndarray, name: str) -> None:
    """Colour over the slice, the clearer the stronger; scores from 0 to 1, other answers over their own range."""
    low, high = (0.0, 1.0) if name == "objectness" else (float(values.min()), float(values.max()))
    strength = np.clip((values - low) / max(high - low, 1e-9), 0, 1)
    axes.imshow(values, cmap="inferno", vmin=low, vmax=high, alpha=0.15 + 0.6 * strength)
