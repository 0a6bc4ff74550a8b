"""`overview.png`: axial, sagittal and coronal slices through the target, one row for each side."""

from pathlib import Path
from textwrap import wrap

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..plan import HemispherePlan, Plan
from ..words import all_warnings, doubt_in_words, label_of, method_of
from .slices import CONVENTION, Place, draw_slices, legend_inches

_NOTICE = "RESEARCH USE ONLY"
_WIDTH, _TITLE, _PANELS, _FOOTER_LINE, _DPI = 15.0, 1.5, 5.0, 0.24, 100
"""Inches, but for the dots per inch."""
_FOOTER_CHARACTERS, _LEGEND_CHARACTERS = 190, 60

_SHOWN = ("five_cm_to_target", "five_cm_to_target_axial", "five_cm_to_target_along_scalp", "target_to_scalp")
"""Distances in the title; the report and result.json have all."""


def draw_overview(plan: Plan, path: Path) -> None:
    """Draw every side that was found in `plan`, each as `draw_slices` does, and write the picture as PNG."""
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
    FigureCanvasAgg(figure).print_png(path)


def _footer_lines(plan: Plan) -> list[str]:
    sentences = [f"Warning: {text}" for text in all_warnings(plan)]
    sentences.append(f"{_NOTICE}.  {CONVENTION}  Scan: {plan.volume.source}  Model: {plan.model.id}")
    return [line for text in sentences for line in wrap(text, _FOOTER_CHARACTERS)]


def _title(side: HemispherePlan) -> str:
    region = side.region
    right, anterior, superior = side.target.position_ras_mm
    shown = [name for name in _SHOWN if name in side.distances_mm]
    lines = (
        f"{region.hemisphere.upper()} DLPFC   {region.volume_ml:.1f} ml   score {region.score:.2f}   {_NOTICE}",
        f"target at R {right:.1f}  A {anterior:.1f}  S {superior:.1f} mm (RAS), {method_of(side.target.point)}"
        + (f", {region.agreement.in_words}" if region.agreement else ""),
        ", ".join(f"{label_of(mark)} {doubt_in_words(mark)}" for mark in side.landmarks if mark.uncertainty_mm),
        ", ".join(f"{_in_words(name)} {side.distances_mm[name]:.0f} mm" for name in shown),
    )
    return "\n".join(filter(None, lines))


def _in_words(distance_name: str) -> str:
    return distance_name.replace("five_cm", "5-cm landmark").replace("_", " ")
