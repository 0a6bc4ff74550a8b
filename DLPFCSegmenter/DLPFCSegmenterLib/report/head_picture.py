"""The 3-D pictures of a report: the head from the side and obliquely from the front."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..plan import HemispherePlan
from ..targeting.scalp import Scalp
from ..terminology import segment_colour
from .head_scene import HeadImage, View, render_head
from .slices import RULE_COLOUR, draw_letters, glyph, legend_entry, marks_of

_WIDTH, _HEIGHT, _LEGEND = 10.0, 6.0, 0.75
"""Inches."""
_COIL_COLOUR = "#404047"


def draw_head(scalp: Scalp, side: HemispherePlan) -> Figure:
    """The head of `side` as a figure on white.

    Raises head_scene.NoGraphicsError where the machine offers no OpenGL.
    """
    images = render_head(scalp, side, _views(side.region.hemisphere))
    figure = Figure(figsize=(_WIDTH, _HEIGHT), facecolor="white")
    widths = [image.pixels.shape[1] / image.pixels.shape[0] for image in images]
    grid = figure.add_gridspec(1, 2, left=0.01, right=0.99, top=0.95, width_ratios=widths, wspace=0.03)
    grid.update(bottom=_LEGEND / _HEIGHT)
    for column, (image, view) in enumerate(zip(images, _views(side.region.hemisphere), strict=True)):
        axes = figure.add_subplot(grid[0, column])
        axes.set_title(view.name, color="black", fontsize=11)
        _draw_view(axes, image, scalp, side)
    figure.legend(handles=_legend(side), loc="lower center", ncols=4, frameon=False, fontsize=10)
    return figure


def _views(hemisphere: str) -> tuple[View, View]:
    sign = -1.0 if hemisphere == "left" else 1.0
    return (
        View(f"From the {hemisphere}", (sign, 0.0, 0.0)),
        View(f"From the front, {hemisphere} and above", (0.6 * sign, 1.0, 0.75)),
    )


def _draw_view(axes: Axes, image: HeadImage, scalp: Scalp, side: HemispherePlan) -> None:
    axes.imshow(image.pixels, extent=image.extent_mm)
    for mark in marks_of(side)[::-1]:
        axes.plot(*image.place_mm(mark.position_ras_mm), linestyle="", **glyph(mark, True))
    draw_letters(axes, _letters(image, scalp))
    axes.set_axis_off()
    axes.set_xlim(image.extent_mm[:2])
    axes.set_ylim(image.extent_mm[2:])


def _letters(image: HeadImage, scalp: Scalp) -> tuple[str, str, str, str]:
    """The head's directions at the left, right, bottom and top edge, each by its nearest axis."""
    across, up = (_nearest_letters(scalp.head_axes_ras @ axis) for axis in image.axes_ras[:2])
    return (across[1], across[0], up[1], up[0])


def _nearest_letters(direction: np.ndarray) -> tuple[str, str]:
    """Letters of a direction in the head's axes, shape (3,), and of its opposite."""
    axis = int(np.argmax(np.abs(direction)))
    one, other = ("RL", "AP", "SI")[axis]
    return (one, other) if direction[axis] > 0 else (other, one)


def _legend(side: HemispherePlan) -> list[Line2D]:
    entries = [legend_entry(mark, True, mark.label) for mark in marks_of(side)]
    entries.append(_line(segment_colour(side.region.hemisphere), 6.0, "DLPFC mask"))
    if side.rule_path_ras_mm is not None:
        entries.append(_line(RULE_COLOUR, 2.5, "Walk of the rule"))
    if side.coil_pose_ras_mm is not None:
        entries.append(_line(_COIL_COLOUR, 4.0, "Coil (a sign, not to scale)"))
    if side.entry is not None:
        entries.append(_line(_COIL_COLOUR, 1.5, "Target to scalp entry"))
    return entries


def _line(colour: str | tuple[float, float, float], width: float, label: str) -> Line2D:
    return Line2D([], [], color=colour, linewidth=width, label=label)
