"""`overview.png`: axial, sagittal and coronal slices through the target, one row for each side."""

from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from ..plan import HemispherePlan, Plan
from ..terminology import segment_colour
from .cuts import PLANES, Box, Cut, cut, head_box

CONVENTION = "Radiological view, as in Slicer: the patient's right is on the left of the picture."
_NOTICE = "RESEARCH USE ONLY"
_HALO = [withStroke(linewidth=2.5, foreground="black")]
_IN_SLICE_MM = 1.0
_SCALE_MM = 50.0
_WIDTH, _ROW, _FOOTER_LINE, _DPI = 15.0, 7.8, 0.24, 100
"""Inches, but for the dots per inch."""
_FOOTER_CHARACTERS = 190


@dataclass(frozen=True)
class Mark:
    """A point in the picture: its name, position (RAS mm, shape (3,)), matplotlib marker and colour."""

    label: str
    position_ras_mm: np.ndarray
    marker: str
    colour: str


_TARGET_STYLE = ("P", "#F0E442")
_LANDMARK_STYLES = (("^", "#56B4E9"), ("s", "#CC79A7"), ("D", "#D55E00"), ("v", "#0072B2"))
"""Of Okabe and Ito's palette; shape or colour alone tells the marks apart."""


def draw_overview(plan: Plan, path: Path) -> None:
    """Draw every side that was found in `plan` and write the picture as PNG.

    Each panel shows one slice through the target in the patient's own axes, the mask as an outline,
    and target and landmarks; a mark that lies off the slice is hollow and its distance is stated.
    """
    footer = _footer_lines(plan)
    footer_inches = _FOOTER_LINE * (len(footer) + 0.5)
    height = _ROW * len(plan.sides) + footer_inches
    figure = Figure(figsize=(_WIDTH, height), facecolor="black", dpi=_DPI)
    box = head_box(plan.volume)
    for row, side in enumerate(plan.sides.values()):
        top = 1.0 - row * _ROW / height
        _draw_side(figure, (top - _ROW / height, top), _side_cuts(plan, side, box), side)
    figure.text(0.02, 0.5 * _FOOTER_LINE / height, "\n".join(footer), color="white", fontsize=10, va="bottom")
    FigureCanvasAgg(figure).print_png(path)


def _footer_lines(plan: Plan) -> list[str]:
    side_warnings = (warning for side in plan.sides.values() for warning in _side_warnings(side))
    warnings = dict.fromkeys((*plan.volume.warnings, *plan.warnings, *side_warnings))
    missing = [f"{name.capitalize()}: {reason}" for name, reason in plan.not_found.items()]
    sentences = [f"Warning: {text}" for text in (*missing, *warnings)]
    sentences.append(f"{_NOTICE}.  {CONVENTION}  Scan: {plan.volume.source}  Model: {plan.model.id}")
    return [line for text in sentences for line in wrap(text, _FOOTER_CHARACTERS)]


def _side_warnings(side: HemispherePlan) -> tuple[str, ...]:
    of_landmarks = tuple(text for landmark in side.landmarks for text in landmark.warnings)
    return side.region.warnings + side.warnings + of_landmarks


def _side_cuts(plan: Plan, side: HemispherePlan, box: Box) -> list[tuple[Cut, Cut]]:
    """For each plane the slice of the scan and that of the mask (0..1) through the target."""
    mask = side.region.volume.with_array(side.region.mask_kji.astype(np.float32))
    places = [(plane, side.target.position_ras_mm[plane.normal]) for plane in PLANES]
    return [(cut(plan.volume, plane, place, box), cut(mask, plane, place, box)) for plane, place in places]


def _draw_side(figure: Figure, rows: tuple[float, float], cuts: list[tuple[Cut, Cut]], side: HemispherePlan) -> None:
    bottom, top = rows
    height = top - bottom
    widths = [scan.extent_mm[1] - scan.extent_mm[0] for scan, _ in cuts]
    grid = figure.add_gridspec(1, 3, left=0.02, right=0.98, wspace=0.06, width_ratios=widths)
    grid.update(bottom=bottom + 0.17 * height, top=top - 0.19 * height)
    figure.text(0.5, top - 0.02 * height, _title(side), color="white", fontsize=12, ha="center", va="top")
    for column, (scan, mask) in enumerate(cuts):
        _draw_panel(figure.add_subplot(grid[0, column]), scan, mask, side)


def _title(side: HemispherePlan) -> str:
    region, target = side.region, side.target
    right, anterior, superior = target.position_ras_mm
    place = "centroid of the mask" if target.centroid_inside else "mask voxel nearest to the centroid"
    lines = (
        f"{region.hemisphere.upper()} DLPFC   {region.volume_ml:.1f} ml   score {region.score:.2f}   {_NOTICE}",
        f"target at R {right:.1f}  A {anterior:.1f}  S {superior:.1f} mm (RAS), {place}",
        ", ".join(_doubts(side)),
        ", ".join(f"{_in_words(name)} {distance:.0f} mm" for name, distance in side.distances_mm.items()),
    )
    return "\n".join(filter(None, lines))


def _doubts(side: HemispherePlan) -> list[str]:
    doubtful = (landmark for landmark in side.landmarks if landmark.uncertainty_mm is not None)
    return ["{} ±{:g}-{:g} mm".format(landmark.label, *landmark.uncertainty_mm) for landmark in doubtful]


def _in_words(distance_name: str) -> str:
    return distance_name.replace("five_cm", "5-cm landmark").replace("_", " ")


def _draw_panel(axes: Axes, scan: Cut, mask: Cut, side: HemispherePlan) -> None:
    low, high = _grey_window(scan)
    axes.imshow(scan.values, extent=scan.extent_mm, origin="lower", cmap="gray", vmin=low, vmax=high)
    if mask.values.max() > 0.5:
        colour = segment_colour(side.region.hemisphere)
        axes.contour(mask.values, [0.5], extent=scan.extent_mm, origin="lower", colors=[colour], linewidths=1.8)
    if side.rule_path_ras_mm is not None:
        _draw_path(axes, scan, side.rule_path_ras_mm)
    axes.set_axis_off()
    name = "RAS"[scan.plane.normal]
    axes.set_title(f"{scan.plane.name}, {name} = {scan.position_ras_mm:.1f} mm", color="white", fontsize=11)
    _draw_letters(axes, scan.plane.letters)
    _draw_scale(axes, scan)
    _draw_marks(axes, scan, side)
    axes.set_xlim(scan.extent_mm[1], scan.extent_mm[0])
    axes.set_ylim(scan.extent_mm[2], scan.extent_mm[3])


def _grey_window(scan: Cut) -> tuple[float, float]:
    values = scan.values[scan.values > 0]
    return (0.0, float(np.percentile(values, 99.5))) if values.size else (0.0, 1.0)


def _draw_path(axes: Axes, scan: Cut, path_ras_mm: np.ndarray) -> None:
    across, up = path_ras_mm[:, scan.plane.across], path_ras_mm[:, scan.plane.up]
    axes.plot(across, up, ":", color=_LANDMARK_STYLES[1][1], linewidth=1.2)


def _draw_letters(axes: Axes, letters: tuple[str, str, str, str]) -> None:
    places = ((0.015, 0.5, "left", "center"), (0.985, 0.5, "right", "center"))
    places += ((0.5, 0.015, "center", "bottom"), (0.5, 0.985, "center", "top"))
    for letter, (x, y, horizontal, vertical) in zip(letters, places, strict=True):
        text = axes.text(x, y, letter, transform=axes.transAxes, ha=horizontal, va=vertical)
        text.set(color="white", fontsize=15, fontweight="bold", family="monospace", path_effects=_HALO)


def _draw_scale(axes: Axes, scan: Cut) -> None:
    _, right, low, high = scan.extent_mm
    start, level = right - 8.0, low + 0.035 * (high - low)
    axes.plot([start, start - _SCALE_MM], [level, level], color="white", linewidth=3, path_effects=_HALO)
    text = axes.text(start - _SCALE_MM / 2, level + 3.0, f"{_SCALE_MM:.0f} mm", ha="center", va="bottom")
    text.set(color="white", fontsize=9, path_effects=_HALO)


def _draw_marks(axes: Axes, scan: Cut, side: HemispherePlan) -> None:
    marks = _marks(side)
    for mark in marks[::-1]:
        across, up = mark.position_ras_mm[scan.plane.across], mark.position_ras_mm[scan.plane.up]
        axes.plot(across, up, linestyle="", **_glyph(mark, scan))
    handles = [Line2D([], [], linestyle="", label=_caption(mark, scan), **_glyph(mark, scan)) for mark in marks]
    outline = Line2D([], [], color=segment_colour(side.region.hemisphere), linewidth=1.8, label="DLPFC outline")
    legend = axes.legend(handles=[*handles, outline], loc="upper left", bbox_to_anchor=(0.0, -0.01))
    legend.set_frame_on(False)
    for text in legend.get_texts():
        text.set(color="white", fontsize=9)


def _marks(side: HemispherePlan) -> list[Mark]:
    target = Mark("Target", side.target.position_ras_mm, *_TARGET_STYLE)
    styles = (_LANDMARK_STYLES[index % len(_LANDMARK_STYLES)] for index in range(len(side.landmarks)))
    pairs = zip(side.landmarks, styles, strict=True)
    return [target, *(Mark(landmark.label, landmark.position_ras_mm, *style) for landmark, style in pairs)]


def _glyph(mark: Mark, scan: Cut) -> dict:
    in_slice = abs(_offset_mm(mark, scan)) <= _IN_SLICE_MM
    return {
        "marker": mark.marker,
        "markersize": 10 if in_slice else 9,
        "markerfacecolor": mark.colour if in_slice else "none",
        "markeredgecolor": "black" if in_slice else mark.colour,
        "markeredgewidth": 1.0 if in_slice else 1.8,
    }


def _caption(mark: Mark, scan: Cut) -> str:
    offset = _offset_mm(mark, scan)
    if abs(offset) <= _IN_SLICE_MM:
        return mark.label
    return f"{mark.label}: {abs(offset):.0f} mm {scan.plane.beyond[offset < 0]} slice"


def _offset_mm(mark: Mark, scan: Cut) -> float:
    return float(mark.position_ras_mm[scan.plane.normal] - scan.position_ras_mm)
