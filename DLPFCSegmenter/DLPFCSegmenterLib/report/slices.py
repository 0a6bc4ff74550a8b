"""Axial, sagittal and coronal slices through a target and through landmarks, with outline and points.

The slices are cut along the patient's own axes, whatever the order of the scan's voxel axes. A point is drawn on the
slices that cut it, on no other.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from ..geometry.spaces import ijk_to_ras_points
from ..plan import HemispherePlan
from ..scan.canonical import above_background, bright_level, resample
from ..scan.volume import Volume, box_around
from ..sentences import along_axis, say, tell
from ..targeting.point import Point
from ..terminology import segment_colour
from ..words import label_of

Box = tuple[np.ndarray, np.ndarray]
"""Lower and upper corner of a box along R, A and S, shape (3,) each, mm."""

_FONT = "DejaVu Sans"
_WIDE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Source Han Sans SC", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "Droid Sans Fallback", "Microsoft YaHei", "SimSun", "SimHei", "MS Gothic", "Yu Gothic",
    "Malgun Gothic", "PingFang SC", "Hiragino Sans", "Apple SD Gothic Neo", "Arial Unicode MS",
)  # fmt: skip
"""Fonts with letters of East Asia, of which a machine has some or none."""


def plain_text() -> AbstractContextManager[None]:
    """Text of figures made inside is drawn as it is: no '$' begins a formula, and any installed font's letters are."""
    return rc_context({"text.parse_math": False, "font.family": list(_fonts()[0])})


def drawable(text: str) -> str:
    """The text with its code in place of each letter that no installed font has."""
    known = _fonts()[1]
    return "".join(each if ord(each) in known else each.encode("ascii", "backslashreplace").decode() for each in text)


@lru_cache(maxsize=1)
def _fonts() -> tuple[tuple[str, ...], frozenset[int]]:
    """Families that are there, and the letters that they have."""
    there = set(font_manager.get_font_names())
    families = (_FONT, *(name for name in _WIDE_FONTS if name in there))
    fonts = (font_manager.get_font(font_manager.findfont(name)) for name in families)
    return families, frozenset(letter for font in fonts for letter in font.get_charmap()) | {ord("\n")}


PIXEL_MM = 0.5
_MARGIN_MM = 10.0
TALLEST_MM = 235.0
"""A head from crown to chin; neck and shoulders below it are left out of a picture."""


@dataclass(frozen=True)
class Plane:
    """How one plane is shown: the RAS axes (0 R, 1 A, 2 S) and the letters at its edges.

    across   axis of the picture's width, its high end at the left edge
    up       axis of the picture's height, its high end at the top edge
    normal   axis that the slice is cut at
    letters  at the left, right, bottom and top edge
    """

    name: str
    across: int
    up: int
    normal: int
    letters: tuple[str, str, str, str]


AXIAL = Plane(say("Axial"), 0, 1, 2, ("R", "L", "P", "A"))
SAGITTAL = Plane(say("Sagittal"), 1, 2, 0, ("A", "P", "I", "S"))
CORONAL = Plane(say("Coronal"), 0, 2, 1, ("R", "L", "I", "S"))
PLANES = (AXIAL, SAGITTAL, CORONAL)
"""Seen as Slicer's slice views show them: radiological, and the face to the left in sagittal ones."""


@dataclass(frozen=True)
class Cut:
    """One slice: values [up, across] over `extent_mm` = (across low, high, up low, high), RAS mm."""

    plane: Plane
    position_ras_mm: float
    values: np.ndarray
    extent_mm: tuple[float, float, float, float]


def head_box(volume: Volume) -> Box:
    """The box that holds the head, from the crown down to the chin, and little air around it."""
    step = max(1, min(volume.array_kji.shape) // 60)
    sample = np.abs(volume.array_kji[::step, ::step, ::step])
    ijk = np.argwhere(sample > 0.15 * bright_level(sample))[:, ::-1] * step
    points = ijk_to_ras_points(volume.ijk_to_ras, ijk)
    low, high = np.percentile(points, [0.2, 99.8], axis=0)
    low[2] = max(low[2], high[2] - TALLEST_MM)
    return low - _MARGIN_MM, high + _MARGIN_MM


def cut(volume: Volume, plane: Plane, position_ras_mm: float, box: Box) -> Cut:
    """The slice of `volume` at `position_ras_mm` on the plane's normal, within the box (linear)."""
    low, high = box
    counts = np.ceil((high - low) / PIXEL_MM).astype(int)
    width, height = counts[plane.across], counts[plane.up]
    matrix = np.eye(4)
    matrix[:3, :3] = np.eye(3)[:, [plane.across, plane.up, plane.normal]] * PIXEL_MM
    matrix[:3, 3] = low
    matrix[plane.normal, 3] = position_ras_mm
    grid = Volume(np.zeros((1, height, width), np.uint8), matrix)
    values = resample(volume, grid).array_kji[0]
    return Cut(plane, position_ras_mm, values, _edges(low[plane.across], width) + _edges(low[plane.up], height))


def _edges(first_centre_mm: float, count: int) -> tuple[float, float]:
    low = float(first_centre_mm) - PIXEL_MM / 2
    return low, low + count * PIXEL_MM


CONVENTION = say("Radiological view, as in Slicer: the patient's right is on the left of the picture.")
_IN_SLICE_MM = 1.0
_SCALE_MM = 50.0
_LEGEND_COLUMNS, _LEGEND_PT = 6, 9.0
_FEW = 3
"""So many landmarks lie in one row."""
HALO = [withStroke(linewidth=2.5, foreground="black")]
"""Black around light glyphs and letters, on an image as on white paper."""

_TARGET_STYLE = ("P", "#F0E442")
_LANDMARK_STYLES = (
    ("^", "#56B4E9"), ("s", "#CC79A7"), ("D", "#D55E00"), ("v", "#0072B2"), ("o", "#FFFFFF"), ("h", "#999999"),
    ("<", "#B15928"),
)  # fmt: skip
"""The first four of Okabe and Ito's palette; shape or colour alone tells the marks apart."""

RULE_COLOUR = _LANDMARK_STYLES[1][1]


@dataclass(frozen=True)
class Mark:
    """A point in the picture with its matplotlib marker and colour."""

    point: Point
    marker: str
    colour: str

    @property
    def label(self) -> str:
        """What the legend calls it."""
        return label_of(self.point)

    @property
    def position_ras_mm(self) -> np.ndarray:
        """Where it lies, shape (3,)."""
        return self.point.position_ras_mm


def marks_of(side: HemispherePlan) -> list[Mark]:
    """The target and then the landmarks of one side."""
    styles = (_LANDMARK_STYLES[index % len(_LANDMARK_STYLES)] for index in range(len(side.landmarks)))
    landmarks = (Mark(landmark, *style) for landmark, style in zip(side.landmarks, styles, strict=True))
    return [Mark(side.target.point, *_TARGET_STYLE), *landmarks]


def glyph(mark: Mark) -> dict:
    """How matplotlib draws a mark."""
    return {
        "marker": mark.marker, "markersize": 10, "markerfacecolor": mark.colour, "markeredgecolor": "black",
        "linestyle": "",
    }  # fmt: skip


def legend_entry(mark: Mark) -> Line2D:
    """A mark's line in a legend."""
    return Line2D([], [], label=tell(mark.label), **glyph(mark))


def outline_entry(side: HemispherePlan, label: str) -> Line2D:
    """The mask's line in a legend."""
    return Line2D([], [], color=segment_colour(side.region.hemisphere), linewidth=1.8, label=tell(label))


def draw_legend(part: FigureBase, handles: list[Line2D], ink: str) -> None:
    """A legend at the bottom of a part of a figure, in as few lines as it needs and in letters that fit its width."""
    lines = -(-len(handles) // _LEGEND_COLUMNS)
    columns = -(-len(handles) // lines)
    looks: dict[str, Any] = {"handles": handles, "ncols": columns, "frameon": False, "labelcolor": ink}
    legend = part.legend(loc="lower center", fontsize=_LEGEND_PT, **looks)
    too_wide = legend.get_window_extent().width / part.get_window_extent().width
    if too_wide > 1:
        legend.remove()
        part.legend(loc="lower center", fontsize=_LEGEND_PT / too_wide - 0.5, **looks)


def draw_target(part: FigureBase, volume: Volume, side: HemispherePlan, ink: str) -> None:
    """Draw the three slices of `volume` through the target of one side, with the mask's outline.

    ink  colour of the words around the slices
    """
    volume, at = above_background(volume), side.target.position_ras_mm
    cuts = [_cuts(volume, side, plane, at[plane.normal], head_box(volume)) for plane in PLANES]
    grid = part.add_gridspec(1, 3, left=0.02, right=0.98, top=0.92, bottom=0.1, wspace=0.06, width_ratios=_widths(cuts))
    shown = [_draw_panel(part.add_subplot(grid[0, column]), *each, side, ink) for column, each in enumerate(cuts)]
    seen = [mark for mark in marks_of(side) if any(mark in marks for marks in shown)]
    outline = say("{region} outline", region=side.region.name)
    draw_legend(part, [*map(legend_entry, seen), outline_entry(side, outline)], ink)


def draw_landmarks(part: FigureBase, volume: Volume, side: HemispherePlan, ink: str) -> None:
    """Draw a small coronal slice through every landmark of one side, named above it."""
    volume, marks = above_background(volume), marks_of(side)[1:]
    rows = 1 if len(marks) <= _FEW else 2
    columns = -(-len(marks) // rows)
    axes = part.subplots(rows, columns, squeeze=False, gridspec_kw={"hspace": 0.6, "wspace": 0.08}).ravel()
    part.subplots_adjust(left=0.03, right=0.98, top=0.92 - 0.1 * rows, bottom=0.02)
    for each in axes:
        each.set_axis_off()
    for mark, each in zip(marks, axes, strict=False):
        scan, mask = _cuts(volume, side, CORONAL, mark.position_ras_mm[CORONAL.normal], head_box(volume))
        _draw_panel(each, scan, mask, side, ink, its_own=mark)
        each.set_title(
            f"{fill(tell(mark.label), 44 // columns)}\n{_place(scan)}", color=ink, fontsize=8.5 if rows == 1 else 6.5
        )


def _widths(cuts: list[tuple[Cut, Cut]]) -> list[float]:
    return [scan.extent_mm[1] - scan.extent_mm[0] for scan, _ in cuts]


def _cuts(volume: Volume, side: HemispherePlan, plane: Plane, at_mm: float, box: Box) -> tuple[Cut, Cut]:
    """A slice of the scan and that of the mask (0..1)."""
    mask = _part_with_mask(side.region.volume, side.region.mask_kji)
    return cut(volume, plane, at_mm, box), cut(mask, plane, at_mm, box)


def _draw_panel(
    axes: Axes, scan: Cut, mask: Cut, side: HemispherePlan, ink: str, its_own: Mark | None = None
) -> list[Mark]:
    """Draw one slice with what it cuts: the mask, the walk of the rule, and the marks, which are given back.

    its_own  the landmark that a small slice is there for: nothing is drawn over it
    """
    low, high = _grey_window(scan)
    axes.imshow(scan.values, extent=scan.extent_mm, origin="lower", cmap="gray", vmin=low, vmax=high)
    if mask.values.max() > 0.5:
        colour = segment_colour(side.region.hemisphere)
        axes.contour(mask.values, [0.5], extent=scan.extent_mm, origin="lower", colors=[colour], linewidths=1.8)
    shown = [mark for mark in marks_of(side) if _is_in(mark, scan)]
    small, own_key = its_own is not None, its_own and its_own.point.key
    for mark in sorted(shown[::-1], key=lambda each: each.point.key == own_key):
        axes.plot(
            mark.position_ras_mm[scan.plane.across],
            mark.position_ras_mm[scan.plane.up],
            **glyph(mark) | {"markersize": 7 if small else 10},
        )
    draw_letters(axes, scan.plane.letters, 10 if small else 15)
    if not small:
        _draw_scale(axes, scan)
        axes.set_title(title_of(scan), color=ink, fontsize=11)
    axes.set_axis_off()
    axes.set_xlim(scan.extent_mm[1], scan.extent_mm[0])
    axes.set_ylim(scan.extent_mm[2], scan.extent_mm[3])
    return shown


def title_of(scan: Cut) -> str:
    """What stands above a slice: 'Sagittal, L 39.0 mm'."""
    return f"{tell(scan.plane.name)}, {_place(scan)}"


def _place(scan: Cut) -> str:
    """Where a slice is cut: 'L 39.0 mm'."""
    return f"{along_axis(scan.plane.normal, scan.position_ras_mm)} mm"


def _part_with_mask(grid: Volume, mask_kji: np.ndarray) -> Volume:
    """The mask as float32 with a rim of 0, without the rest of its grid, which would be copied for every slice."""
    box = box_around(mask_kji, margin=1)
    return grid.cropped(box).with_array(mask_kji[box].astype(np.float32))


def _grey_window(scan: Cut) -> tuple[float, float]:
    values = scan.values[scan.values > 0]
    return (0.0, float(np.percentile(values, 99.5))) if values.size else (0.0, 1.0)


def draw_letters(axes: Axes, letters: tuple[str, str, str, str], size: float = 15) -> None:
    """Letters of the patient's directions at the left, right, bottom and top edge of a picture."""
    at_sides = ((0.015, 0.5, "left", "center"), (0.985, 0.5, "right", "center"))
    places = (*at_sides, (0.5, 0.015, "center", "bottom"), (0.5, 0.985, "center", "top"))
    for letter, (x, y, horizontal, vertical) in zip(letters, places, strict=True):
        text = axes.text(x, y, letter, transform=axes.transAxes, ha=horizontal, va=vertical)
        text.set(color="white", fontsize=size, fontweight="bold", family="monospace", path_effects=HALO)


def _draw_scale(axes: Axes, scan: Cut) -> None:
    _, right, low, high = scan.extent_mm
    start, level = right - 8.0, low + 0.035 * (high - low)
    axes.plot([start, start - _SCALE_MM], [level, level], color="white", linewidth=3, path_effects=HALO)
    text = axes.text(start - _SCALE_MM / 2, level + 3.0, f"{_SCALE_MM:.0f} mm", ha="center", va="bottom")
    text.set(color="white", fontsize=9, path_effects=HALO)


def _is_in(mark: Mark, scan: Cut) -> bool:
    return abs(float(mark.position_ras_mm[scan.plane.normal] - scan.position_ras_mm)) <= _IN_SLICE_MM
