"""The sheet of the report that is cut out and taken to the patient: the scalp entry by tape measure."""

from xml.etree.ElementTree import Element

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..doubts import key_of
from ..plan import HemispherePlan, Plan
from ..sentences import say, tell, tr
from ..targeting import mesh
from ..targeting.beam_f3 import POSITIONS
from ..targeting.by_tape import WRONG_MM, ByTape
from ..targeting.point import FIVE_CM
from ..targeting.scalp import Scalp
from ..words import fiducials_in_words, label_of, scan_name, tape_lines
from .page_tables import table, tag
from .slices import draw_letters

_X_COLOUR, _Y_COLOUR, _HANDLE_COLOUR = "#0072B2", "#D55E00", "#404047"
_CUT = "tape_cut"
_CELL_MM, _MARGIN_MM, _HANDLE_MM = 4.0, 16.0, 70.0
_TALLEST_MM = 190.0
"""From the crown to the mouth; what lies below it is left out of the drawing."""


def tape_sheet(plan: Plan, side: HemispherePlan, figure: Element | None) -> list[Element]:
    """The sheet with its heading, where the entry was asked for by tape; `figure` is what `draw_tapes` draws."""
    taped, hemisphere = side.by_tape, side.region.hemisphere
    if taped is None:
        return []
    lines = tape_lines(hemisphere, taped, plan.options.coil_angle_deg)
    names = tag(
        "tr",
        tag("th", say("By tape")),
        tag("th", say("Coil is off by, with that tape {wrong_mm:g} mm wrong", wrong_mm=WRONG_MM)),
    )
    sheet = tag(
        "section",
        tag(
            "h3",
            say(
                "By tape: the {hemisphere} target of {scan_name}", hemisphere=say(hemisphere), scan_name=scan_name(plan)
            ),
        ),
        tag(
            "p", f"X {taped.around.length_mm / 10:.1f} cm   Y {taped.from_vertex.length_mm / 10:.1f} cm", class_="large"
        ),
        tag("p", fiducials_in_words(taped), class_="estimated" if taped.estimated else "quiet"),
        *(tag("p", each, class_="estimated") for each in side.warnings if key_of(each) == _CUT),
        *([figure] if figure is not None else []),
        table([names], [[text, off] for text, off in lines], "values"),
        table([_compared_names()], _compared(side, taped), "values measures"),
        class_="cut-out",
    )
    return [sheet]


def _compared_names() -> Element:
    return tag(
        "tr",
        tag("th", say("On the same head")),
        *(tag("th", say("mm from the {name}", name=name)) for name in (say("entry"), say("target"))),
    )


def _compared(side: HemispherePlan, taped: ByTape) -> list[list[str]]:
    """Beam F3 or F4 and the 5-cm landmark, and how far they are from the target."""
    places = {f"{_beam_name(side)}, X {taped.beam.x_cm:.1f} cm, Y {taped.beam.y_cm:.1f} cm": taped.beam_ras_mm}
    places |= {label_of(mark): mark.position_ras_mm for mark in side.landmarks if mark.key == FIVE_CM}
    aims = (side.entry.position_ras_mm if side.entry else side.target.position_ras_mm, side.target.position_ras_mm)
    return [[text, *(f"{np.linalg.norm(at - aim):.0f}" for aim in aims)] for text, at in places.items()]


def _beam_name(side: HemispherePlan) -> str:
    return f"Beam {POSITIONS[side.region.hemisphere]}"


def draw_tapes(scalp: Scalp, side: HemispherePlan) -> Figure:
    """The head from above and from the planned side with both tapes, the entry and the coil's handle."""
    figure = Figure(figsize=(10.0, 5.2), facecolor="white")
    points = mesh.points_of(scalp.skin)
    right, anterior, superior = scalp.head_axes_ras
    is_left = side.region.hemisphere == "left"
    views = (
        (tr("From above"), np.stack([right, anterior]), ("L", "R", "P", "A")),
        (
            tr("From the {hemisphere}", hemisphere=say(side.region.hemisphere)),
            np.stack([-anterior if is_left else anterior, superior]),
            ("A", "P", "I", "S") if is_left else ("P", "A", "I", "S"),
        ),
    )
    for index, (name, axes_ras, letters) in enumerate(views):
        axes = figure.add_subplot(1, 2, index + 1)
        axes.set_title(name, fontsize=11)
        _draw_head(axes, points[points @ superior > (points @ superior).max() - _TALLEST_MM] @ axes_ras.T)
        _draw_marks(axes, side, axes_ras)
        draw_letters(axes, letters)
        axes.set_aspect("equal")
        axes.set_axis_off()
    handles, names = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="lower center", ncols=4, frameon=False, fontsize=10)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.94, bottom=0.13, wspace=0.02)
    return figure


def _draw_head(axes: Axes, places_mm: np.ndarray) -> None:
    """The outline of the head as a shadow of its skin's points, shape (N, 2)."""
    low, high = places_mm.min(axis=0) - _MARGIN_MM, places_mm.max(axis=0) + _MARGIN_MM
    edges = [np.arange(a, b, _CELL_MM) for a, b in zip(low, high, strict=True)]
    shadow = (np.histogram2d(places_mm[:, 0], places_mm[:, 1], bins=edges)[0].T > 0).astype(float)
    for axis in (0, 1, 0, 1):  # without the steps of its cells
        shadow = (np.roll(shadow, 1, axis) + shadow + np.roll(shadow, -1, axis)) / 3.0
    centres = [(edge[:-1] + edge[1:]) / 2 for edge in edges]
    axes.contourf(*centres, shadow, levels=[0.5, 2.0], colors=["#eadfd3"])
    axes.contour(*centres, shadow, levels=[0.5], colors=["#8a7a6a"], linewidths=1.2)


def _draw_marks(axes: Axes, side: HemispherePlan, axes_ras: np.ndarray) -> None:
    taped = side.by_tape
    if taped is None or side.entry is None:
        return
    for path, colour, length, name in zip(
        taped.paths_ras_mm, (_X_COLOUR, _Y_COLOUR), (taped.around, taped.from_vertex), "XY", strict=True
    ):
        axes.plot(*(path @ axes_ras.T).T, color=colour, linewidth=3, label=f"{name} {length.length_mm / 10:.1f} cm")
    axes.plot(*(axes_ras @ taped.paths_ras_mm[0][0]), "o", color=_X_COLOUR, label=tr("Midline, height of Fpz"))
    axes.plot(*(axes_ras @ taped.paths_ras_mm[1][0]), "o", color="black", label=tr("Vertex"))
    entry = side.entry.position_ras_mm
    if side.coil_pose_ras_mm is not None:
        handle = np.stack([entry, entry - _HANDLE_MM * side.coil_pose_ras_mm[:3, 1]])
        axes.plot(*(handle @ axes_ras.T).T, "--", color=_HANDLE_COLOUR, linewidth=2.5, label=tr("Coil's handle"))
    for mark in (mark for mark in side.landmarks if mark.key == FIVE_CM):
        axes.plot(*(axes_ras @ mark.position_ras_mm), "s", color="#CC79A7", markersize=9, label=tell(label_of(mark)))
    axes.plot(*(axes_ras @ taped.beam_ras_mm), "^", color="#009E73", markersize=9, label=_beam_name(side))
    axes.plot(
        *(axes_ras @ entry), "P", color="#F0E442", markeredgecolor="black", markersize=13, label=tr("Coil's centre")
    )
