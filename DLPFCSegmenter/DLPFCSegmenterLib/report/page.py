"""The report: one HTML page that holds all it needs, to be printed and checked by a person."""

from base64 import b64encode
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .. import __version__
from ..plan import HemispherePlan, Plan
from ..terminology import NOTICE, segment_name
from ..words import all_warnings, scan_name
from .circuit import circuit_tables, draw_circuit
from .head_scene import NoGraphicsError, draw_head
from .page_tables import (
    CSS,
    coil_table,
    coordinate_table,
    distance_table,
    document,
    fact_table,
    fiducial_table,
    method_list,
    settings_table,
    tag,
    tape_table,
)
from .slices import CONVENTION, Place, draw_slices, legend_inches
from .tape_sheet import draw_tapes, tape_sheet

_DPI = 170
_SLICES_WIDTH, _SLICES_TITLE, _SLICES_PANELS = 10.0, 0.28, 3.75
"""Inches; on A4 the picture and its letters shrink to three quarters."""
_LEGEND_CHARACTERS = 34


def write_report(plan: Plan, path: Path, created: datetime | None = None) -> None:
    """Write the plan as one HTML file that needs nothing else; `created` is now where not given.

    Without OpenGL, or on a scan without a scalp, the page has no 3-D picture and says why.
    """
    time = (created or datetime.now().astimezone()).isoformat(" ", "minutes")
    page = document(f"DLPFC plan of {scan_name(plan)}", CSS, tag("body", _sheet(plan, time)))
    path.write_text(page, encoding="utf-8", errors="backslashreplace")


def _sheet(plan: Plan, time: str) -> Element:
    """The page as a table: browsers print a table's head on every sheet of paper."""
    notice = tag("div", tag("strong", NOTICE), tag("span", scan_name(plan)), class_="notice")
    sides = (_side(plan, name, side) for name, side in plan.sides.items())
    content = tag("td", _header(plan, time), _warnings(plan), *sides, _settings(plan))
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
        tag("h1", "DLPFC target plan"),
        tag("p", tag("strong", scan_name(plan))),
        tag("p", f"Made {time} with DLPFCSegmenter {__version__}.", class_="quiet"),
    )


def _warnings(plan: Plan) -> Element:
    sentences = all_warnings(plan)
    if not sentences:
        return tag("p", "No warnings. Check the outline and every point on the pictures before use.", class_="fine")
    items = (tag("li", sentence) for sentence in sentences)
    return tag("section", tag("h2", "Warnings: read first"), tag("ul", *items), class_="warnings")


def _side(plan: Plan, name: str, side: HemispherePlan) -> Element:
    return tag(
        "section",
        tag("h2", f"{segment_name(name)}: target and landmarks", class_=name),
        fact_table(side),
        _slices(plan, name, side),
        tag("h3", "Coordinates"),
        coordinate_table(side),
        tag("p", "Both are millimetres in the scan's own world space, not in MNI space.", class_="quiet"),
        *_circuit(plan, side),
        *distance_table(side),
        *tape_table(side),
        *tape_sheet(plan, side, _tapes(plan, name, side)),
        *_head(plan, name, side),
        *coil_table(plan, side),
        *method_list(plan, side),
        class_="side",
    )


def _slices(plan: Plan, name: str, side: HemispherePlan) -> Element:
    legend = legend_inches(side, _LEGEND_CHARACTERS)
    height = _SLICES_TITLE + _SLICES_PANELS + legend
    figure = Figure(figsize=(_SLICES_WIDTH, height), facecolor="white")
    place = Place(legend / height, 1.0 - _SLICES_TITLE / height, "black", _LEGEND_CHARACTERS)
    draw_slices(figure, place, plan.volume, side)
    text = f"Slices through the {name} target. {CONVENTION} Hollow marks lie off the slice."
    return _picture(figure, text)


def _circuit(plan: Plan, side: HemispherePlan) -> list[Element]:
    figure = draw_circuit(plan, side)
    text = "Correlation with the SGC's series over the scan, and as the cortex shows it from the side."
    return [*circuit_tables(plan, side), *([] if figure is None else [_picture(figure, text)])]


def _head(plan: Plan, name: str, side: HemispherePlan) -> list[Element]:
    title = tag("h3", "The head in 3-D")
    if plan.scalp is None:
        return [title, tag("p", "No picture: the scan shows no scalp, or the scalp was not asked for.")]
    try:
        figure = draw_head(plan.scalp, side)
    except NoGraphicsError:
        return [title, tag("p", "No picture: this machine offers no OpenGL to draw it with.")]
    text = (
        f"Scalp, {name} DLPFC mask and points in the head's own axes; points inside the head are drawn in front of it."
        " The second picture is seen from the front: the patient's right is on its left, as in the slices."
    )
    return [title, _picture(figure, text)]


def _tapes(plan: Plan, name: str, side: HemispherePlan) -> Element | None:
    if plan.scalp is None or side.by_tape is None:
        return None
    return _picture(draw_tapes(plan.scalp, side), f"Both tapes, from above and from the {name}; parallel projections.")


def _picture(figure: Figure, text: str) -> Element:
    buffer = BytesIO()
    figure.set_dpi(_DPI)
    FigureCanvasAgg(figure).print_png(buffer)
    source = "data:image/png;base64," + b64encode(buffer.getvalue()).decode("ascii")
    return tag("figure", tag("img", src=source, alt=text), tag("figcaption", text))


def _settings(plan: Plan) -> Element:
    return tag("section", tag("h2", "Scan, model and settings"), settings_table(plan), *fiducial_table(plan))
