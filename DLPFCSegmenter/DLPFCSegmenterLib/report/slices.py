"""`overview.png` and its parts: axial, sagittal and coronal slices through a target with outline, target and landmarks.

The slices are cut along the patient's own axes, whatever the order of the scan's voxel axes.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from textwrap import fill, wrap

import numpy as np
from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from ..geometry.spaces import ijk_to_ras_points
from ..plan import HemispherePlan, Plan
from ..scan.canonical import above_background, resample
from ..scan.volume import Volume, box_around
from ..targeting.point import Point
from ..terminology import segment_colour
from ..words import all_warnings, doubt_in_words, label_of, method_of, place_in_words

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


@dataclass(frozen=True)
class Plane:
    """How one plane is shown: the RAS axes (0 R, 1 A, 2 S) and the letters at its edges.

    across   axis of the picture's width, its high end at the left edge
    up       axis of the picture's height, its high end at the top edge
    normal   axis that the slice is cut at
    letters  at the left, right, bottom and top edge
    beyond   how a point on the high and on the low side of the slice lies to it
    """

    name: str
    across: int
    up: int
    normal: int
    letters: tuple[str, str, str, str]
    beyond: tuple[str, str]


AXIAL = Plane("Axial", 0, 1, 2, ("R", "L", "P", "A"), ("above", "below"))
SAGITTAL = Plane("Sagittal", 1, 2, 0, ("A", "P", "I", "S"), ("right of", "left of"))
CORONAL = Plane("Coronal", 0, 2, 1, ("R", "L", "I", "S"), ("in front of", "behind"))
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
    """The box that holds the head and little air around it."""
    step = max(1, min(volume.array_kji.shape) // 60)
    sample = np.abs(volume.array_kji[::step, ::step, ::step])
    bright = np.percentile(sample[sample > 0], 98) if np.any(sample) else 0.0
    ijk = np.argwhere(sample > 0.15 * bright)[:, ::-1] * step
    points = ijk_to_ras_points(volume.ijk_to_ras, ijk)
    low, high = np.percentile(points, [0.2, 99.8], axis=0)
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


CONVENTION = "Radiological view, as in Slicer: the patient's right is on the left of the picture."
_IN_SLICE_MM = 1.0
_SCALE_MM = 50.0
_LEGEND_LINE = 0.205
"""Inches."""

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


def glyph(mark: Mark, filled: bool) -> dict:
    """How matplotlib draws a mark: filled where the picture shows its place, else hollow."""
    return {
        "marker": mark.marker,
        "markersize": 10 if filled else 9,
        "markerfacecolor": mark.colour if filled else "none",
        "markeredgecolor": "black" if filled else mark.colour,
        "markeredgewidth": 1.0 if filled else 1.8,
        "path_effects": None if filled else HALO,
    }


def legend_entry(mark: Mark, filled: bool, text: str) -> Line2D:
    """A mark's line in a legend."""
    return Line2D([], [], linestyle="", label=text, **glyph(mark, filled))


@dataclass(frozen=True)
class Place:
    """Where in a figure slices go.

    bottom, top  shares of the figure's height
    ink          colour of the words around the slices
    characters   of a line in the legend below a slice
    """

    bottom: float
    top: float
    ink: str
    characters: int


def legend_inches(side: HemispherePlan, characters: int) -> float:
    """Height that the longest legend under a slice takes, lines of so many characters."""
    captions = (fill(f"{mark.label}: 100 mm in front of slice", characters) for mark in marks_of(side))
    return _LEGEND_LINE * (2 + sum(1 + caption.count("\n") for caption in captions))


def draw_slices(figure: Figure, place: Place, volume: Volume, side: HemispherePlan) -> None:
    """Draw the three slices of `volume` through the target of one side.

    Each panel shows the patient's own axes, the mask as an outline, and target and landmarks; a mark
    that lies off the slice is hollow and its distance is stated.
    """
    volume = above_background(volume)
    cuts = _side_cuts(volume, side, head_box(volume))
    widths = [scan.extent_mm[1] - scan.extent_mm[0] for scan, _ in cuts]
    grid = figure.add_gridspec(1, 3, left=0.02, right=0.98, wspace=0.06, width_ratios=widths)
    grid.update(bottom=place.bottom, top=place.top)
    for column, (scan, mask) in enumerate(cuts):
        axes = figure.add_subplot(grid[0, column])
        _draw_panel(axes, scan, mask, side)
        _draw_words(axes, scan, side, place)


def _side_cuts(volume: Volume, side: HemispherePlan, box: Box) -> list[tuple[Cut, Cut]]:
    """For each plane the slice of the scan and that of the mask (0..1) through the target."""
    mask = _part_with_mask(side.region.volume, side.region.mask_kji)
    places = [(plane, side.target.position_ras_mm[plane.normal]) for plane in PLANES]
    return [(cut(volume, plane, place, box), cut(mask, plane, place, box)) for plane, place in places]


def _draw_panel(axes: Axes, scan: Cut, mask: Cut, side: HemispherePlan) -> None:
    low, high = _grey_window(scan)
    axes.imshow(scan.values, extent=scan.extent_mm, origin="lower", cmap="gray", vmin=low, vmax=high)
    if mask.values.max() > 0.5:
        colour = segment_colour(side.region.hemisphere)
        axes.contour(mask.values, [0.5], extent=scan.extent_mm, origin="lower", colors=[colour], linewidths=1.8)
    if side.rule_path_ras_mm is not None:
        _draw_path(axes, scan, side.rule_path_ras_mm)
    for mark in marks_of(side)[::-1]:
        across, up = mark.position_ras_mm[scan.plane.across], mark.position_ras_mm[scan.plane.up]
        axes.plot(across, up, linestyle="", **glyph(mark, _is_in(mark, scan)))
    draw_letters(axes, scan.plane.letters)
    _draw_scale(axes, scan)
    axes.set_axis_off()
    axes.set_xlim(scan.extent_mm[1], scan.extent_mm[0])
    axes.set_ylim(scan.extent_mm[2], scan.extent_mm[3])


def _part_with_mask(grid: Volume, mask_kji: np.ndarray) -> Volume:
    """The mask as float32 with a rim of 0, without the rest of its grid, which would be copied for every slice."""
    box = box_around(mask_kji, margin=1)
    matrix = grid.ijk_to_ras.copy()
    matrix[:3, 3] = ijk_to_ras_points(matrix, np.array([side.start for side in reversed(box)]))
    return Volume(mask_kji[box].astype(np.float32), matrix, grid.origin)


def _grey_window(scan: Cut) -> tuple[float, float]:
    values = scan.values[scan.values > 0]
    return (0.0, float(np.percentile(values, 99.5))) if values.size else (0.0, 1.0)


def _draw_path(axes: Axes, scan: Cut, path_ras_mm: np.ndarray) -> None:
    across, up = path_ras_mm[:, scan.plane.across], path_ras_mm[:, scan.plane.up]
    axes.plot(across, up, ":", color=RULE_COLOUR, linewidth=1.2)


def draw_letters(axes: Axes, letters: tuple[str, str, str, str]) -> None:
    """Letters of the patient's directions at the left, right, bottom and top edge of a picture."""
    at_sides = ((0.015, 0.5, "left", "center"), (0.985, 0.5, "right", "center"))
    places = (*at_sides, (0.5, 0.015, "center", "bottom"), (0.5, 0.985, "center", "top"))
    for letter, (x, y, horizontal, vertical) in zip(letters, places, strict=True):
        text = axes.text(x, y, letter, transform=axes.transAxes, ha=horizontal, va=vertical)
        text.set(color="white", fontsize=15, fontweight="bold", family="monospace", path_effects=HALO)


def _draw_scale(axes: Axes, scan: Cut) -> None:
    _, right, low, high = scan.extent_mm
    start, level = right - 8.0, low + 0.035 * (high - low)
    axes.plot([start, start - _SCALE_MM], [level, level], color="white", linewidth=3, path_effects=HALO)
    text = axes.text(start - _SCALE_MM / 2, level + 3.0, f"{_SCALE_MM:.0f} mm", ha="center", va="bottom")
    text.set(color="white", fontsize=9, path_effects=HALO)


def _draw_words(axes: Axes, scan: Cut, side: HemispherePlan, place: Place) -> None:
    name = "RAS"[scan.plane.normal]
    axes.set_title(f"{scan.plane.name}, {name} = {scan.position_ras_mm:.1f} mm", color=place.ink, fontsize=11)
    handles = [_legend_entry(mark, scan, place.characters) for mark in marks_of(side)]
    outline = Line2D([], [], color=segment_colour(side.region.hemisphere), linewidth=1.8, label="DLPFC outline")
    legend = axes.legend(handles=[*handles, outline], loc="upper left", bbox_to_anchor=(0.0, -0.01))
    legend.set_frame_on(False)
    for text in legend.get_texts():
        text.set(color=place.ink, fontsize=9)


def _legend_entry(mark: Mark, scan: Cut, characters: int) -> Line2D:
    return legend_entry(mark, _is_in(mark, scan), fill(_caption(mark, scan), characters))


def _caption(mark: Mark, scan: Cut) -> str:
    if _is_in(mark, scan):
        return mark.label
    offset = _offset_mm(mark, scan)
    return f"{mark.label}: {abs(offset):.0f} mm {scan.plane.beyond[offset < 0]} slice"


def _is_in(mark: Mark, scan: Cut) -> bool:
    return abs(_offset_mm(mark, scan)) <= _IN_SLICE_MM


def _offset_mm(mark: Mark, scan: Cut) -> float:
    return float(mark.position_ras_mm[scan.plane.normal] - scan.position_ras_mm)


_NOTICE = "RESEARCH USE ONLY"
_WIDTH, _TITLE, _PANELS, _FOOTER_LINE, _DPI = 15.0, 1.5, 5.0, 0.24, 100
"""Inches, but for the dots per inch."""
_FOOTER_CHARACTERS, _LEGEND_CHARACTERS = 190, 60

_SHOWN = ("five_cm_to_target", "five_cm_to_target_axial", "five_cm_to_target_along_scalp", "target_to_scalp")
"""Distances in the title; the report and result.json have all."""


def draw_overview(plan: Plan, path: Path) -> None:
    """Draw every side that was found in `plan`, each as `draw_slices` does, and write the picture as PNG."""
    with plain_text():
        figure = _overview(plan)
        FigureCanvasAgg(figure).print_png(path)


def _overview(plan: Plan) -> Figure:
    footer = _footer_lines(plan)
    footer_inches = _FOOTER_LINE * (len(footer) + 0.5)
    legends = [legend_inches(side, _LEGEND_CHARACTERS) for side in plan.sides.values()]
    height = (_TITLE + _PANELS) * len(legends) + sum(legends) + footer_inches
    figure = Figure(figsize=(_WIDTH, height), facecolor="black", dpi=_DPI)
    top = height
    for side, legend in zip(plan.sides.values(), legends, strict=True):
        figure.text(0.5, (top - 0.15) / height, _title(side), color="white", fontsize=12, ha="center", va="top")
        bottom = top - _TITLE - _PANELS
        place = Place(bottom / height, (top - _TITLE) / height, "white", _LEGEND_CHARACTERS)
        draw_slices(figure, place, plan.volume, side)
        top = bottom - legend
    figure.text(0.02, 0.5 * _FOOTER_LINE / height, "\n".join(footer), color="white", fontsize=10, va="bottom")
    return figure


def _footer_lines(plan: Plan) -> list[str]:
    sentences = [f"Warning: {text}" for text in all_warnings(plan)]
    sentences.append(f"{_NOTICE}.  {CONVENTION}  Scan: {plan.volume.source}  Model: {plan.model.id}")
    return [line for text in sentences for line in wrap(drawable(text), _FOOTER_CHARACTERS)]


def _title(side: HemispherePlan) -> str:
    region = side.region
    shown = [name for name in _SHOWN if name in side.distances_mm]
    lines = (
        f"{region.hemisphere.upper()} DLPFC   {region.volume_ml:.1f} ml   score {region.score:.2f}   {_NOTICE}",
        f"target at {place_in_words(side.target.position_ras_mm)}, {method_of(side.target.point)}",
        region.agreement.in_words if region.agreement else "",
        ", ".join(f"{label_of(mark)} {doubt_in_words(mark)}" for mark in side.landmarks if mark.uncertainty_mm),
        ", ".join(f"{_in_words(name)} {side.distances_mm[name]:.0f} mm" for name in shown),
    )
    return "\n".join(filter(None, lines))


def _in_words(distance_name: str) -> str:
    return distance_name.replace("five_cm", "5-cm landmark").replace("_", " ")
