"""The tables of the report's page, and the small builder of HTML that they and the page are made with.

Every string that goes into an element is text and is escaped.
"""

from collections.abc import Sequence
from dataclasses import astuple
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np

from .. import __version__
from ..geometry.poses import OWN_AXES
from ..geometry.spaces import ras_to_lps
from ..plan import HemispherePlan, Plan
from ..sentences import both, joined, language, place_in_words, say, tell
from ..targeting.beam_f3 import POSITIONS, SITE_SOURCES
from ..targeting.mni_targets import doubt_of_all, fit_in_words
from ..targeting.point import Point, Role
from ..targeting.target import Target
from ..words import MANNERS, doubt_in_words, handle_in_words, label_of, method_of

CSS = """
@page { size: A4; margin: 11mm 13mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 190mm; padding: 4mm; color: #111; background: #fff;
  font: 10pt/1.4 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.sheet { width: 100%; border-collapse: collapse; }
.sheet > thead > tr > td, .sheet > tbody > tr > td { padding: 0; }
.notice { display: flex; justify-content: space-between; gap: 6mm; border-bottom: 1.5pt solid #111;
  padding: 0 0 1mm; margin-bottom: 3mm; font-size: 9pt; }
h1 { font-size: 17pt; line-height: 1.2; margin: 1mm 0; }
h2 { font-size: 13.5pt; margin: 7mm 0 2mm; padding-left: 2.5mm; border-left: 2mm solid #888; }
h2.left { border-color: rgb(230 159 0); }
h2.right { border-color: rgb(0 158 115); }
h3 { font-size: 10.5pt; margin: 4mm 0 1mm; }
h2, h3 { break-after: avoid; }
p { margin: 1mm 0; }
.quiet { color: #444; font-size: 9pt; }
.warnings { border: 1.5pt solid #d55e00; background: #fff4ec; padding: 2mm 4mm; margin: 3mm 0; }
.warnings h2 { margin: 0 0 1mm; padding: 0; border: 0; font-size: 12pt; }
.warnings ul { margin: 0; padding-left: 5mm; }
.fine { border: 1pt solid #999; padding: 1.5mm 4mm; margin: 3mm 0; }
figure { margin: 2mm 0; break-inside: avoid; }
figure img { width: 100%; display: block; }
figcaption { color: #444; font-size: 8.5pt; }
table.values { width: 100%; border-collapse: collapse; margin: 1mm 0 2mm; break-inside: avoid; }
.values th, .values td { text-align: left; vertical-align: top; padding: .7mm 2mm .7mm 0; font-weight: normal;
  border-bottom: .5pt solid #bbb; overflow-wrap: anywhere; }
.values thead th { font-weight: 600; border-bottom: 1pt solid #111; }
.values tbody th { font-weight: 600; }
.numbers td, .numbers thead th { font-variant-numeric: tabular-nums; white-space: nowrap; }
.numbers td:not(:last-child), .numbers thead .axis { text-align: right; }
.numbers td:last-child { padding-left: 4mm; white-space: normal; }
.numbers tbody th { white-space: nowrap; }
.measures td, .measures thead th:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
.facts th { width: 34mm; }
.facts td { overflow-wrap: anywhere; }
.estimated { font-weight: 700; color: #9a3b00; white-space: nowrap; }
.cut-out { border: 1pt dashed #111; padding: 2mm 4mm; margin: 4mm 0; break-inside: avoid; }
.cut-out .estimated { white-space: normal; }
.large { font-size: 22pt; font-weight: 700; white-space: pre-wrap; }
pre { font: 9pt/1.35 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; margin: 0; }
.annex { break-before: page; }
.annex ~ .annex { break-before: auto; }
@media print {
  body { max-width: none; padding: 0; font-size: 8.5pt; line-height: 1.25; }
  h2 { margin: 2mm 0 1mm; font-size: 12pt; }
  .warnings { margin: 1mm 0; padding: 1mm 4mm; }
  figure { margin: 0; }
  .values th, .values td { padding: .35mm 2mm .35mm 0; }
}
"""
"""Dark on white, in the system's own fonts, on screen and on A4 paper."""


def tag(name: str, *children: str | Element, **attributes: str) -> Element:
    """An element. Strings among the children are text; `class_` writes the attribute 'class'."""
    element = Element(name, {key.rstrip("_"): value for key, value in attributes.items()})
    for child in children:
        if isinstance(child, Element):
            element.append(child)
        else:
            _add_text(element, child)
    return element


def _add_text(element: Element, sentence: str) -> None:
    text = tell(sentence)
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def table(head: list[Element], rows: Sequence[Sequence[str | Element]], class_: str = "") -> Element:
    """A table with rows of header cells and rows of plain cells; each row's first cell names it."""
    start = [tag("thead", *head)] if head else []
    return tag("table", *start, tag("tbody", *map(_row, rows)), class_=class_)


def _row(cells: Sequence[str | Element]) -> Element:
    name, *values = cells
    return tag("tr", tag("th", name, scope="row"), *(tag("td", value) for value in values))


def document(title: str, css: str, body: Element) -> str:
    """A whole page, UTF-8."""
    head = tag("head", tag("meta", charset="utf-8"), tag("title", title))
    SubElement(head, "style").text = css
    page = tag("html", head, body, lang=language())
    return "<!DOCTYPE html>\n" + tostring(page, encoding="unicode", method="html") + "\n"


Row = tuple[str, np.ndarray, str | Element]
"""A row of coordinates: name, position (RAS mm, shape (3,)), and where it comes from."""


def fact_table(side: HemispherePlan) -> Element:
    """What was found on one side, in a few lines."""
    region = side.region
    right, anterior, superior = side.target.position_ras_mm
    ras = f"RAS {right:.1f}, {anterior:.1f}, {superior:.1f}"
    place = place_in_words(side.target.position_ras_mm)
    sizes = [f"{region.volume_ml:.1f} ml"]
    if side.entry is not None:
        sizes.insert(0, say("{depth:.1f} mm from the target to the scalp", depth=side.entry.depth_mm))
    rows = [
        [say("Target"), joined(", ", (f"{place} ({ras})", method_of(side.target.point)))],
        [say("Depth and size"), joined("; ", sizes)],
        [
            say("Uncertainty"),
            say("The centroid lies {words}", words=region.agreement.in_words) if region.agreement else say("not known"),
        ],
    ]
    return table([], rows, "values facts")


def coordinate_table(side: HemispherePlan) -> Element:
    """The points that a treatment starts from, in RAS and in LPS."""
    return _coordinates(_points(side, _main_landmarks(side)), say("mm in the scan's own world, not in MNI space"))


def other_points(side: HemispherePlan) -> list[Element]:
    """All other points with a heading, where there are any."""
    rest = [mark for mark in side.landmarks if mark not in _main_landmarks(side)]
    rows: list[Row] = [(label_of(mark), mark.position_ras_mm, _origin(mark)) for mark in (*rest, *side.literature)]
    if side.coil_pose_ras_mm is not None:
        rows.insert(0, (say("Coil, middle of its face"), side.coil_pose_ras_mm[:3, 3], say("over the scalp entry")))
    return [tag("h3", say("Other points")), _coordinates(rows)] if rows else []


def _main_landmarks(side: HemispherePlan) -> list[Point]:
    return [mark for mark in side.landmarks if mark.role in (Role.HOTSPOT, Role.RULE)]


def fiducial_table(plan: Plan) -> list[Element]:
    """Nasion, inion and tragi with a heading, where the user placed them."""
    points: list[Row] = [(label_of(mark), mark.position_ras_mm, method_of(mark)) for mark in plan.fiducials]
    return [tag("h3", say("Fiducials")), _coordinates(points)] if points else []


def own_table(own: Sequence[Row]) -> list[Element]:
    """A person's own targets with a heading, where there are any."""
    return [tag("h3", say("Targets of your own")), _coordinates(list(own))] if own else []


def _coordinates(points: list[Row], told: str = "") -> Element:
    spaces = tag("tr", tag("th"), _over(say("RAS, mm")), _over(say("LPS, mm (as DICOM)")), tag("th", told))
    axes = (tag("th", name, class_="axis") for name in ("R", "A", "S", "L", "P", "S"))
    names = tag("tr", tag("th", say("Point")), *axes, tag("th", say("How it was found")))
    rows = [[name, *_numbers(place), *_numbers(ras_to_lps(place)), origin] for name, place, origin in points]
    return table([spaces, names], rows, "values numbers")


def _over(text: str) -> Element:
    return tag("th", text, colspan="3", class_="axis")


def _points(side: HemispherePlan, landmarks: list[Point]) -> list[Row]:
    points: list[Row] = [(say("Target"), side.target.position_ras_mm, method_of(side.target.point))]
    points += _centroid_outside(side.target)
    points += [(label_of(mark), mark.position_ras_mm, _origin(mark)) for mark in landmarks]
    if side.entry is not None:
        points.append((say("Scalp entry"), side.entry.position_ras_mm, say("scalp nearest to the target")))
    return points


def _centroid_outside(target: Target) -> list[Row]:
    return [] if target.centroid_inside else [(say("Centroid"), target.centroid_ras_mm, say("outside the mask"))]


def _origin(landmark: Point) -> str | Element:
    if landmark.estimated:
        return tag("span", joined(" ", filter(None, (say("ESTIMATED"), doubt_in_words(landmark)))), class_="estimated")
    return say("see the methods")


def _numbers(position_mm: np.ndarray) -> list[str]:
    return [f"{round(value, 1) + 0.0:.1f}" for value in position_mm]  # never -0.0


def distance_table(side: HemispherePlan) -> list[Element]:
    """Distances with a heading, where there are any."""
    marks = (*side.landmarks, *side.literature)
    rows = [[label_of(mark), *(_distance(side, mark, manner) for manner in MANNERS)] for mark in marks]
    if not rows:
        return []
    names = tag("tr", tag("th", say("To the target, mm, from")), *(tag("th", say(words)) for words in MANNERS.values()))
    return [tag("h3", say("Distances")), table([names], rows, "values measures"), *_to_scalp(side)]


def _distance(side: HemispherePlan, mark: Point, manner: str) -> str:
    value = side.distances_mm.get(f"{mark.key}_to_target{manner}")
    return "" if value is None else f"{value:.1f}"


def _to_scalp(side: HemispherePlan) -> list[Element]:
    if side.entry is None:
        return []
    depth, along = side.entry.depth_mm, side.entry.along_normal_mm
    said = [say("From the target to the nearest scalp it is {depth:.1f} mm.", depth=depth)]
    if along is not None:
        said = [
            say(
                "From the target to the nearest scalp it is {depth:.1f} mm, along the scalp's normal {along:.1f} mm.",
                depth=depth,
                along=along,
            )
        ]
    return [tag("p", each) for each in (*said, *([side.depth.in_words] if side.depth else []))]


def tape_table(side: HemispherePlan) -> list[Element]:
    """Beam F3 or F4 by the tape measures alone with a heading, where they were taken."""
    rows = [[say(name), f"{site.x_cm:.1f}", f"{site.y_cm:.1f}"] for name, site in side.tape_sites.items()]
    heads = (say("Variant"), say("X along the circumference from the midline, cm"), say("Y from the vertex, cm"))
    names = tag("tr", *(tag("th", head) for head in heads))
    return [tag("h3", _tape_title(side)), table([names], rows, "values measures")] if rows else []


def _tape_title(side: HemispherePlan) -> str:
    return say("Beam {place} by tape", place=POSITIONS[side.region.hemisphere])


def coil_table(plan: Plan, side: HemispherePlan) -> list[Element]:
    """The coil's pose with a heading, where there is one."""
    if side.coil_pose_ras_mm is None:
        return []
    angle, standoff = plan.options.coil_angle_deg, plan.options.standoff_mm
    rows: list[list[str | Element]] = [
        [say("Handle"), handle_in_words(angle)],
        [say("Standoff"), say("{standoff:g} mm from the scalp to the coil's face", standoff=standoff)],
        [say("Pose, coil to RAS mm"), _matrix(side.coil_pose_ras_mm)],
        [say("Coil axes"), OWN_AXES],
    ]
    return [tag("h3", say("Coil")), table([], rows, "values facts")]


def _matrix(matrix: np.ndarray) -> Element:
    return tag("pre", "\n".join(" ".join(f"{value:9.4f}" for value in row) for row in matrix))


def method_list(plan: Plan, side: HemispherePlan) -> list[Element]:
    """How each landmark was found, with a heading, where there are landmarks."""
    rows = [[label_of(mark), method_of(mark)] for mark in (*side.landmarks, *side.literature)]
    rows += [[joined(", ", (_tape_title(side), say(name))), say(SITE_SOURCES[name])] for name in side.tape_sites]
    if side.literature and plan.registration is not None:
        rows.append([say("All of them from MNI"), doubt_of_all(plan.registration)])
    return [tag("h3", say("Methods of the landmarks")), table([], rows, "values facts")] if rows else []


def settings_table(plan: Plan) -> Element:
    """Scan, model, options and software."""
    volume, model = plan.volume, plan.model
    rows: list[list[str | Element]] = [
        [say("Scan"), volume.source],
        [say("Size"), say("{size} voxels (I, J, K)", size=" x ".join(map(str, volume.shape_ijk)))],
        [say("Spacing"), " x ".join(f"{size:.3g}" for size in volume.spacing_mm) + " mm"],
        [say("Orientation"), say("{orientation} (directions in which I, J, K grow)", orientation=volume.orientation)],
        [say("Model"), model.id],
        [say("SHA-256 of its weights"), model.sha256],
        [say("SHA-256 of the head network"), model.head_sha256],
        [say("What its label means"), model.label_definition],
        [say("Registration with MNI"), _registration(plan)],
        [say("Options"), _options(plan)],
        [say("Software"), f"DLPFCSegmenter {__version__}"],
    ]
    return table([], rows, "values facts")


def _registration(plan: Plan) -> str:
    registration = plan.registration
    if registration is None:
        return say("none")
    return say("affine, fits {fit}", fit=fit_in_words(registration))


def _options(plan: Plan) -> str:
    options = plan.options
    hotspot = options.hotspot_ras_mm
    given = say("estimated") if hotspot is None else say("given at {place}", place=place_in_words(hotspot))
    threshold = say("the model's own") if options.threshold is None else f"{options.threshold:g}"
    sides = both(map(say, options.hemispheres))
    words = [say("hemisphere {sides}", sides=sides), say("threshold {threshold}", threshold=threshold)]
    if options.landmarks:
        words += [say("rule {length:g} mm", length=options.rule_mm), say("hotspot {given}", given=given)]
    words.append(say("target {target}", target=say("picked") if options.picked_ras_mm else options.target))
    if options.tapes:
        around, sagittal, coronal = astuple(options.tapes)
        words.append(
            say(
                "circumference {around:g}, nasion-inion {sagittal:g} and tragus-tragus {coronal:g} cm by tape",
                around=around,
                sagittal=sagittal,
                coronal=coronal,
            )
        )
    return joined(", ", words)
