"""`overview.png`: axial, sagittal and coronal slices through the target, one row for each side."""

from pathlib import Path
from textwrap import wrap

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..plan import HemispherePlan, Plan
from .slices import CONVENTION, Place, draw_slices
from .wording import all_warnings, doubt_in_words, target_in_words

_NOTICE = "RESEARCH USE ONLY"
_WIDTH, _ROW, _FOOTER_LINE, _DPI = 15.0, 7.8, 0.24, 100
"""Inches, but for the dots per inch."""
_FOOTER_CHARACTERS = 190

_SHOWN = ("five_cm_to_target", "five_cm_to_target_axial", "five_cm_to_target_along_scalp", "target_to_scalp")
"""Distances in the title; the report and result.json have all."""


def draw_overview(plan: Plan, path: Path) -> None:
    """Draw every side that was found in `plan`, each as `draw_slices` does, and write the picture as PNG."""
    footer = _footer_lines(plan)
    footer_inches = _FOOTER_LINE * (len(footer) + 0.5)
    height = _ROW * len(plan.sides) + footer_inches
    figure = Figure(figsize=(_WIDTH, height), facecolor="black", dpi=_DPI)
    row = _ROW / height
    for index, side in enumerate(plan.sides.values()):
        top = 1.0 - index * row
        figure.text(0.5, top - 0.02 * row, _title(side), color="white", fontsize=12, ha="center", va="top")
        draw_slices(figure, Place(top - 0.83 * row, top - 0.19 * row, "white", 60), plan.volume, side)
    figure.text(0.02, 0.5 * _FOOTER_LINE / height, "\n".join(footer), color="white", fontsize=10, va="bottom")
    FigureCanvasAgg(figure).print_png(path)


def _footer_lines(plan: Plan) -> list[str]:
    sentences = [f"Warning: {text}" for text in all_warnings(plan)]
    sentences.append(f"{_NOTICE}.  {CONVENTION}  Scan: {plan.volume.source}  Model: {plan.model.id}")
    return [line for text in sentences for line in wrap(text, _FOOTER_CHARACTERS)]


def _title(side: HemispherePlan) -> str:
    region = side.region
    right, anterior, superior = side.target.position_ras_mm
    lines = (
        f"{region.hemisphere.upper()} DLPFC   {region.volume_ml:.1f} ml   score {region.score:.2f}   {_NOTICE}",
        f"target at R {right:.1f}  A {anterior:.1f}  S {superior:.1f} mm (RAS), {target_in_words(side)}"
        + (f", {region.agreement.in_words}" if region.agreement else ""),
        ", ".join(f"{mark.label} {doubt_in_words(mark)}" for mark in side.landmarks if mark.uncertainty_mm),
        ", ".join(f"{_in_words(name)} {side.distances_mm[name]:.0f} mm" for name in _SHOWN if name in side.distances_mm),
    )
    return "\n".join(filter(None, lines))


def _in_words(distance_name: str) -> str:
    return distance_name.replace("five_cm", "5-cm landmark").replace("_", " ")
