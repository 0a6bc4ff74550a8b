"""The tables of the report's page."""

from dataclasses import astuple
from xml.etree.ElementTree import Element

import numpy as np

from .. import __version__
from ..geometry.poses import OWN_AXES
from ..geometry.spaces import ras_to_lps
from ..plan import HemispherePlan, Plan
from ..targeting.beam_f3 import SITE_SOURCES
from ..targeting.mni_targets import doubt_of_all
from ..targeting.point import Point
from ..targeting.target import Target
from ..words import MANNERS, doubt_in_words, label_of, method_of
from .html import table, tag

Row = tuple[str, np.ndarray, str | Element]
"""A row of coordinates: name, position (RAS mm, shape (3,)), and where it comes from."""


def fact_table(side: HemispherePlan) -> Element:
    """What was found on one side, in a few lines."""
    region = side.region
    right, anterior, superior = side.target.position_ras_mm
    rows = [
        ["Target", f"R {right:.1f}, A {anterior:.1f}, S {superior:.1f} mm (RAS), {method_of(side.target.point)}"],
        ["Volume", f"{region.volume_ml:.1f} ml"],
        ["Score", f"{region.score:.2f} of 1 (the network's confidence, not an accuracy)"],
        ["Uncertainty of the centroid", region.agreement.in_words if region.agreement else "not known"],
    ]
    if side.entry is not None:
        rows.append(["Depth", f"{side.entry.depth_mm:.1f} mm from the target to the scalp"])
    if side.depth is not None:
        rows.append(["Depth against the motor cortex", side.depth.in_words])
    return table([], rows, "values facts")


def coordinate_table(side: HemispherePlan) -> Element:
    """Every point of one side in RAS and in LPS."""
    return _coordinates(_points(side))


def fiducial_table(plan: Plan) -> list[Element]:
    """Nasion, inion and tragi with a heading, where the user placed them."""
    points: list[Row] = [(label_of(mark), mark.position_ras_mm, method_of(mark)) for mark in plan.fiducials]
    return [tag("h3", "Fiducials"), _coordinates(points)] if points else []


def _coordinates(points: list[Row]) -> Element:
    spaces = tag("tr", tag("th"), _over("RAS, mm"), _over("LPS, mm (as DICOM)"), tag("th"))
    axes = (tag("th", name, class_="axis") for name in ("R", "A", "S", "L", "P", "S"))
    names = tag("tr", tag("th", "Point"), *axes, tag("th", "How it was found"))
    rows = [[name, *_numbers(place), *_numbers(ras_to_lps(place)), origin] for name, place, origin in points]
    return table([spaces, names], rows, "values numbers")


def _over(text: str) -> Element:
    return tag("th", text, colspan="3", class_="axis")


def _points(side: HemispherePlan) -> list[Row]:
    points: list[Row] = [("Target", side.target.position_ras_mm, method_of(side.target.point))]
    points += _centroid_outside(side.target)
    points += [(label_of(mark), mark.position_ras_mm, _origin(mark)) for mark in (*side.landmarks, *side.literature)]
    if side.entry is not None:
        points.append(("Scalp entry", side.entry.position_ras_mm, "scalp nearest to the target"))
    if side.coil_pose_ras_mm is not None:
        points.append(("Coil, middle of its face", side.coil_pose_ras_mm[:3, 3], "over the scalp entry"))
    return points


def _centroid_outside(target: Target) -> list[Row]:
    return [] if target.centroid_inside else [("Centroid", target.centroid_ras_mm, "outside the mask")]


def _origin(landmark: Point) -> str | Element:
    if landmark.estimated:
        return tag("span", f"ESTIMATED {doubt_in_words(landmark)}".strip(), class_="estimated")
    return "see the methods"


def _numbers(position_mm: np.ndarray) -> list[str]:
    return [f"{round(value, 1) + 0.0:.1f}" for value in position_mm]  # never -0.0


def distance_table(side: HemispherePlan) -> list[Element]:
    """Distances with a heading, where there are any."""
    marks = (*side.landmarks, *side.literature)
    rows = [[label_of(mark), *(_distance(side, mark, manner) for manner in MANNERS)] for mark in marks]
    if not rows:
        return []
    names = tag("tr", tag("th", "To the target, mm, from"), *(tag("th", words) for words in MANNERS.values()))
    return [tag("h3", "Distances"), table([names], rows, "values measures"), *_to_scalp(side)]


def _distance(side: HemispherePlan, mark: Point, manner: str) -> str:
    value = side.distances_mm.get(f"{mark.key}_to_target{manner}")
    return "" if value is None else f"{value:.1f}"


def _to_scalp(side: HemispherePlan) -> list[Element]:
    if side.entry is None:
        return []
    sentence = f"From the target to the nearest scalp it is {side.entry.depth_mm:.1f} mm"
    along = side.entry.along_normal_mm
    return [tag("p", sentence + (f", along the scalp's normal {along:.1f} mm." if along is not None else "."))]


def tape_table(side: HemispherePlan) -> list[Element]:
    """Beam F3 or F4 by the tape measures alone with a heading, where they were taken."""
    rows = [[name, f"{site.x_cm:.1f}", f"{site.y_cm:.1f}"] for name, site in side.tape_sites.items()]
    heads = ("Variant", "X along the circumference from the midline, cm", "Y from the vertex, cm")
    names = tag("tr", *(tag("th", head) for head in heads))
    return [tag("h3", _tape_title(side)), table([names], rows, "values measures")] if rows else []


def _tape_title(side: HemispherePlan) -> str:
    return f"Beam {'F3' if side.region.hemisphere == 'left' else 'F4'} by tape"


def coil_table(plan: Plan, side: HemispherePlan) -> list[Element]:
    """The coil's pose with a heading, where there is one."""
    if side.coil_pose_ras_mm is None:
        return []
    angle, standoff = plan.options.coil_angle_deg, plan.options.standoff_mm
    rows: list[list[str | Element]] = [
        ["Handle", f"{angle:g} degrees from the midline, backwards and to the side"],
        ["Standoff", f"{standoff:g} mm from the scalp to the coil's face"],
        ["Pose, coil to RAS mm", _matrix(side.coil_pose_ras_mm)],
        ["Coil axes", OWN_AXES],
    ]
    return [tag("h3", "Coil"), table([], rows, "values facts")]


def _matrix(matrix: np.ndarray) -> Element:
    return tag("pre", "\n".join(" ".join(f"{value:9.4f}" for value in row) for row in matrix))


def method_list(plan: Plan, side: HemispherePlan) -> list[Element]:
    """How each landmark was found, with a heading, where there are landmarks."""
    rows = [[label_of(mark), method_of(mark)] for mark in (*side.landmarks, *side.literature)]
    rows += [[f"{_tape_title(side)}, {name}", SITE_SOURCES[name]] for name in side.tape_sites]
    if side.literature and plan.registration is not None:
        rows.append(["All of them from MNI", doubt_of_all(plan.registration)])
    return [tag("h3", "Methods of the landmarks"), table([], rows, "values facts")] if rows else []


def settings_table(plan: Plan) -> Element:
    """Scan, model, options and software."""
    volume, model = plan.volume, plan.model
    rows = [
        ["Scan", volume.source],
        ["Size", " x ".join(map(str, volume.shape_ijk)) + " voxels (I, J, K)"],
        ["Spacing", " x ".join(f"{size:.3g}" for size in volume.spacing_mm) + " mm"],
        ["Orientation", f"{volume.orientation} (directions in which I, J, K grow)"],
        ["Model", model.id],
        ["SHA-256 of its weights", model.sha256],
        ["What its label means", model.label_definition],
        ["Registration with MNI", _registration(plan)],
        ["Options", _options(plan)],
        ["Software", f"DLPFCSegmenter {__version__}"],
    ]
    return table([], rows, "values facts")


def _registration(plan: Plan) -> str:
    registration = plan.registration
    if registration is None:
        return "none"
    fit = "worse than on good scans" if registration.doubtful else "as well as on good scans"
    return f"affine, fits {fit} (similarity {registration.similarity:.2f})"


def _options(plan: Plan) -> str:
    options = plan.options
    hotspot = options.hotspot_ras_mm
    given = "estimated" if hotspot is None else "given at R {:.1f}, A {:.1f}, S {:.1f} mm (RAS)".format(*hotspot)
    threshold = "the model's own" if options.threshold is None else f"{options.threshold:g}"
    words = [f"hemisphere {' and '.join(options.hemispheres)}", f"threshold {threshold}"]
    if options.landmarks:
        words += [f"rule {options.rule_mm:g} mm", f"hotspot {given}"]
    words.append(f"target {'picked' if options.picked_ras_mm else options.target}")
    if options.tapes:
        lengths = astuple(options.tapes)
        words.append("circumference {:g}, nasion-inion {:g} and tragus-tragus {:g} cm by tape".format(*lengths))
    return ", ".join(words)
