"""`overview.png`: of every side the slices through the target, one through each landmark, and the head in 3-D."""

from pathlib import Path
from textwrap import wrap

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, FigureBase

from ..doubts import is_note
from ..plan import HemispherePlan, Plan
from ..sentences import Texts, place_in_words, say, tell, tr
from ..words import all_warnings, label_of, of_side
from .head_scene import draw_head, draw_head_legend
from .slices import CONVENTION, draw_landmarks, draw_target, drawable, plain_text

_NOTICE = say("RESEARCH USE ONLY")
_WIDTH, _TITLE, _TARGET, _PLACES, _FOOTER_LINE, _DPI = 15.0, 0.4, 5.6, 4.3, 0.24, 100
"""Inches, but for the dots per inch."""
_FOOTER_CHARACTERS = 190

_SHOWN: Texts = {
    "five_cm_to_target": "{five_cm} to target",
    "five_cm_to_target_along_scalp": "{five_cm} to target along scalp",
    "target_to_scalp": "target to scalp",
}
"""Distances in the footer; the report and result.json have all."""


def draw_overview(plan: Plan, path: Path) -> None:
    """Draw every side that was found in `plan` and write the picture as PNG."""
    with plain_text():
        FigureCanvasAgg(_overview(plan)).print_png(path)


def draw_places(part: FigureBase, plan: Plan, side: HemispherePlan, ink: str) -> None:
    """A slice through each landmark and, beside them, the head with all points, where the scan shows a scalp."""
    above, below = part.subfigures(2, 1, height_ratios=[0.88, 0.12], hspace=0, squeeze=False)[:, 0]
    both = bool(side.landmarks) and plan.scalp is not None
    at_left, at_right = above.subfigures(1, 2, wspace=0, squeeze=False)[0] if both else (above, above)
    if side.landmarks:
        draw_landmarks(at_left, plan.volume, side, ink)
    if plan.scalp is not None:
        draw_head(at_right, plan.scalp, side, ink)
    draw_head_legend(below, side, ink)


def has_places(plan: Plan, side: HemispherePlan) -> bool:
    """Whether there is anything that `draw_places` draws."""
    return bool(side.landmarks) or plan.scalp is not None


def _overview(plan: Plan) -> Figure:
    footer, sides = _footer_lines(plan), list(plan.sides.values())
    rows = [(_TITLE, _TARGET, _PLACES if has_places(plan, side) else 0.01) for side in sides]
    heights = [height for row in rows for height in row] + [_FOOTER_LINE * (len(footer) + 0.5)]
    figure = Figure(figsize=(_WIDTH, sum(heights)), facecolor="black", dpi=_DPI)
    parts = list(figure.subfigures(len(heights), 1, height_ratios=heights, hspace=0, squeeze=False)[:, 0])
    for part in parts:
        part.set_facecolor("black")
    for number, side in enumerate(sides):
        title, target, places = parts[3 * number : 3 * number + 3]
        title.text(0.5, 0.1, _title(side), color="white", fontsize=13, ha="center", va="bottom")
        draw_target(target, plan.volume, side, "white")
        if has_places(plan, side):
            draw_places(places, plan, side, "white")
    parts[-1].text(0.02, 0.9, "\n".join(footer), color="white", fontsize=10, va="top")
    return figure


def _title(side: HemispherePlan) -> str:
    place = place_in_words(side.target.position_ras_mm)
    name = f"{tr(side.region.hemisphere).upper()} {side.region.name}"
    return f"{name}   {tr('target at {place}', place=place)}   {tell(_NOTICE)}"


def _footer_lines(plan: Plan) -> list[str]:
    doubts = (of_side(text, len(plan.sides)) for text in all_warnings(plan) if not is_note(text))
    sentences = [tr("Warning: {text}", text=text) for text in doubts]
    sentences += [_facts(side) for side in plan.sides.values()]
    told = tr("Scan: {scan}  Model: {model}", scan=plan.volume.source, model=plan.model.id)
    sentences.append(f"{tell(_NOTICE)}.  {tell(CONVENTION)}  {told}")
    return [line for text in sentences for line in wrap(drawable(text), _FOOTER_CHARACTERS)]


def _facts(side: HemispherePlan) -> str:
    region = side.region
    told = [f"{region.volume_ml:.1f} ml", *([tell(region.agreement.in_words)] if region.agreement else [])]
    told += [
        f"{_in_words(name, side)} {side.distances_mm[name]:.0f} mm" for name in _SHOWN if name in side.distances_mm
    ]
    return f"{tr(region.hemisphere.capitalize())}: {', '.join(told)}"


def _in_words(distance_name: str, side: HemispherePlan) -> str:
    five_cm = next((label_of(mark) for mark in side.landmarks if mark.key == "five_cm"), say("5-cm landmark"))
    return tr(_SHOWN[distance_name], five_cm=five_cm)
