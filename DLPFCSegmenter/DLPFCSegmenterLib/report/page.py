"""The report: one HTML page that holds all it needs, to be printed and checked by a person."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .. import __version__
from ..doubts import notes_apart
from ..plan import HemispherePlan, Plan
from ..sentences import joined, say, tell, tr
from ..terminology import NOTICE
from ..words import all_warnings, of_side, scan_name
from .circuit import circuit_tables, draw_circuit
from .overview import draw_places, has_places
from .page_tables import (
    CSS,
    Row,
    coil_table,
    coordinate_table,
    distance_table,
    document,
    fact_table,
    fiducial_table,
    method_list,
    other_points,
    own_table,
    settings_table,
    tag,
    tape_table,
)
from .slices import CONVENTION, draw_target
from .tape_sheet import draw_tapes, tape_sheet

_DPI = 170
_WIDTH, _TARGET_ALONE, _TARGET_OF_TWO, _PLACES = 10.0, 4.2, 2.45, 3.4
"""Inches; on A4 the picture and its letters shrink to three quarters."""


def write_report(plan: Plan, path: Path, created: datetime | None = None, own: Sequence[Row] = ()) -> None:
    """Write the plan as one HTML file that needs nothing else; `created` is now where not given.

    own  a person's own targets beside the plan's

    On A4 it prints as one sheet and an annex. On a scan without a scalp it has no 3-D picture and says why.
    """
    time = (created or datetime.now().astimezone()).isoformat(" ", "minutes")
    page = document(
        tr("{region} plan of {scan_name}", region=plan.model.region, scan_name=scan_name(plan)),
        CSS,
        tag("body", _sheet(plan, time, own)),
    )
    path.write_text(page, encoding="utf-8", errors="backslashreplace")


def _sheet(plan: Plan, time: str, own: Sequence[Row]) -> Element:
    """The page as a table: browsers print a table's head on every sheet of paper."""
    notice = tag("div", tag("strong", NOTICE), tag("span", scan_name(plan)), class_="notice")
    sides = [_side(plan, name, side) for name, side in plan.sides.items()]
    annex = [_annex(plan, name, side) for name, side in plan.sides.items()]
    content = tag("td", _header(plan, time), _warnings(plan), *sides, *annex, *own_table(own), _settings(plan))
    return tag(
        "table",
        tag("thead", tag("tr", tag("td", notice))),
        tag("tbody", tag("tr", content)),
        class_="sheet",
        role="presentation",
    )


def _header(plan: Plan, time: str) -> Element:
    return tag(
        "header",
        tag("h1", say("{region} target plan", region=plan.model.region)),
        tag(
            "p",
            tag("strong", scan_name(plan)),
            joined("  ", ("", say("Made {time} with DLPFCSegmenter {version}.", time=time, version=__version__))),
            class_="quiet",
        ),
    )


def _warnings(plan: Plan) -> Element:
    warnings, notes = notes_apart(all_warnings(plan))
    if not warnings:
        fine = say("No warnings. Check the outline and every point on the pictures before use.")
        told = (of_side(text, len(plan.sides)) for text in notes)
        return tag("p", joined(" ", (fine, *told)), class_="fine")
    items = (tag("li", of_side(text, len(plan.sides))) for text in (*warnings, *notes))
    return tag("section", tag("h2", say("Warnings: read first")), tag("ul", *items), class_="warnings")


def _side(plan: Plan, name: str, side: HemispherePlan) -> Element:
    """What the first sheet says of one side."""
    alone = len(plan.sides) == 1
    return tag(
        "section",
        tag(
            "h2",
            say("{side} {region}: target and landmarks", side=say(name.capitalize()), region=side.region.name),
            class_=name,
        ),
        _target(plan, name, side, _TARGET_ALONE if alone else _TARGET_OF_TWO),
        *(_places(plan, name, side) if alone else []),
        fact_table(side),
        coordinate_table(side),
        class_="side",
    )


def _annex(plan: Plan, name: str, side: HemispherePlan) -> Element:
    """All else that is known of one side."""
    return tag(
        "section",
        tag("h2", say("Annex: {side} {region}", side=say(name.capitalize()), region=side.region.name), class_=name),
        *([] if len(plan.sides) == 1 else _places(plan, name, side)),
        *_without_head(plan),
        *other_points(side),
        *_circuit(plan, side),
        *distance_table(side),
        *tape_table(side),
        *tape_sheet(plan, side, _tapes(plan, name, side)),
        *coil_table(plan, side),
        *method_list(plan, side),
        class_="annex",
    )


def _target(plan: Plan, name: str, side: HemispherePlan, height: float) -> Element:
    figure = Figure(figsize=(_WIDTH, height), facecolor="white")
    draw_target(figure, plan.volume, side, "black")
    return _picture(
        figure, say("Slices through the {name} target. {convention}", name=say(name), convention=CONVENTION)
    )


def _circuit(plan: Plan, side: HemispherePlan) -> list[Element]:
    figure = draw_circuit(plan, side)
    text = say("Correlation with the SGC's series over the scan, and as the cortex shows it from the side.")
    return [*circuit_tables(plan, side), *([] if figure is None else [_picture(figure, text)])]


def _places(plan: Plan, name: str, side: HemispherePlan) -> list[Element]:
    if not has_places(plan, side):
        return []
    figure = Figure(figsize=(_WIDTH, _PLACES), facecolor="white")
    draw_places(figure, plan, side, "black")
    text = say(
        "A coronal slice through each landmark of the {name} side, and the head with all points in front of it.",
        name=say(name),
    )
    return [_picture(figure, text)]


def _without_head(plan: Plan) -> list[Element]:
    if plan.scalp is not None:
        return []
    return [tag("p", say("No picture of the head in 3-D: the scan shows no scalp, or the scalp was not asked for."))]


def _tapes(plan: Plan, name: str, side: HemispherePlan) -> Element | None:
    if plan.scalp is None or side.by_tape is None:
        return None
    return _picture(
        draw_tapes(plan.scalp, side),
        say("Both tapes, from above and from the {name}; parallel projections.", name=say(name)),
    )


def _picture(figure: Figure, text: str) -> Element:
    buffer = BytesIO()
    figure.set_dpi(_DPI)
    FigureCanvasAgg(figure).print_png(buffer)
    source = "data:image/png;base64," + b64encode(buffer.getvalue()).decode("ascii")
    return tag("figure", tag("img", src=source, alt=tell(text)), tag("figcaption", text))


def _settings(plan: Plan) -> Element:
    return tag(
        "section", tag("h2", say("Annex: scan, model and settings")), settings_table(plan), *fiducial_table(plan)
    )
