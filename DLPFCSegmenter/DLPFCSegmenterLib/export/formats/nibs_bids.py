"""NIBS-BIDS (BEP037): a table of positions, what its columns mean, and their coordinate system.

The proposal is a draft and moves: written are the columns of version 6.3, and the file of the coordinate
system says so. Positions and axes are RAS mm. The draft has y along the handle, in its example from the
coil's centre towards the grip, though it also likens its axes to SimNIBS's, where y points away from it.
"""

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import UserError
from ...geometry.poses import NIBS_BIDS_AXES, change_axes, pose_from_axes
from ...scan.volume import Volume
from ...sentences import say
from ..format import ENTRY, PointFormat, require_declared
from ..points import as_cell, described, from_cell
from ..targets import PlannedTarget

DRAFT = "NIBS-BIDS (BEP037) draft v6.3"
_DECLARED = {"NIBSCoordinateSystem": "ScanRAS", "NIBSCoordinateUnits": "mm"}
_MISSING = "n/a"
_COLUMNS = ["nibs_position_id", "nibs_element_id", "position_label", "position_description"] + [
    f"{group}_{axis}"
    for group in ("element_centre", "element_xdir", "element_ydir", "element_zdir", "target")
    for axis in "xyz"
]
_MEANINGS = {
    "nibs_position_id": "Number of the position in this file.",
    "nibs_element_id": "Coil; not known when the position was planned.",
    "position_label": "Name of the position.",
    "position_description": "How the position was found, and warnings.",
    "element_centre": "Centre of the coil.",
    "element_xdir": "Unit x axis of the coil, y cross z.",
    "element_ydir": (
        "Unit y axis of the coil, along its handle, from the centre towards the grip. Of a figure-of-eight the current"
        " that is induced under the centre while the coil's current rises flows along it where current_direction (of"
        " *_nibs.tsv) is cl-co, against it where that is co-cl; which of them the stimulator is set to no plan tells."
    ),
    "element_zdir": "Unit z axis of the coil, into the head.",
    "target": "Point to be stimulated.",
}
"""What a column holds, by its name without the axis."""

_LANDMARKS = {"nasion": "NAS", "inion": "INI", "left_tragus": "LPA", "right_tragus": "RPA"}
_MEASURES = {"circumference_cm": "HeadCircumference", "nasion_inion_cm": "NasionInion", "tragus_tragus_cm": "LPARPA"}


def write_nibs_bids(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write `path`, its columns' meanings and its coordinate system; what is not known is 'n/a'."""
    text = io.StringIO()
    table = csv.writer(text, delimiter="\t", lineterminator="\n")
    table.writerow(_COLUMNS)
    table.writerows(_row(index, target) for index, target in enumerate(targets, start=1))
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
    meanings_path = path.with_name(path.name.removesuffix(".tsv") + ".json")
    beside = {meanings_path: _columns(), coordinate_system_path(path): _coordinate_system(scan, targets)}
    for place, content in beside.items():
        place.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8", newline="\n")
    return [path, *beside]


def _columns() -> dict[str, dict[str, str]]:
    """Meaning and, for positions, unit of every column."""
    columns = {}
    for name in _COLUMNS:
        group = name if name in _MEANINGS else name[:-2]
        columns[name] = {"Description": _MEANINGS[group]}
        if group in ("element_centre", "target"):
            columns[name]["Units"] = "mm"
    return columns


def coordinate_system_path(path: Path) -> Path:
    """'sub-01_markers.tsv' has its space in 'sub-01_coordsystem.json'."""
    return path.with_name(path.stem.removesuffix("_markers") + "_coordsystem.json")


def _coordinate_system(scan: Volume | None, targets: list[PlannedTarget]) -> dict[str, Any]:
    source = f" of {Path(scan.source).name}" if scan is not None else ""
    return {
        **_DECLARED,
        "NIBSCoordinateSystemDescription": f"RAS millimetres in the world space{source}. Written after {DRAFT}.",
        **_landmarks(targets),
        **_head_measurements(targets),
    }


def _landmarks(targets: list[PlannedTarget]) -> dict[str, Any]:
    """The fiducials among the targets, if any are."""
    places = {_LANDMARKS[each.key]: each.position_ras_mm for each in targets if each.key in _LANDMARKS}
    if not places:
        return {}
    return {
        "AnatomicalLandmarkCoordinates": {name: [float(_number(mm)) for mm in at] for name, at in places.items()},
        "AnatomicalLandmarkCoordinateSystem": _DECLARED["NIBSCoordinateSystem"],
        "AnatomicalLandmarkCoordinateUnits": "mm",
        "AnatomicalLandmarkCoordinatesDescription": "NAS nasion, INI inion, LPA and RPA left and right tragus.",
    }


def _head_measurements(targets: list[PlannedTarget]) -> dict[str, Any]:
    """The head's lengths by tape, and those by which each scalp entry is found, where they are known."""
    lengths_cm: dict[str, list[float]] = {}
    for each in targets:
        lengths_cm |= {name: [each.numbers[key]] for key, name in _MEASURES.items() if key in each.numbers}
        if "x_cm" in each.numbers:
            lengths_cm[each.label] = [each.numbers["x_cm"], each.numbers["y_cm"]]
    if not lengths_cm:
        return {}
    return {
        "HeadMeasurements": {name: [round(cm, 2) for cm in lengths] for name, lengths in lengths_cm.items()},
        "HeadMeasurementsUnits": "cm",
        "HeadMeasurementsDescription": (
            "By tape along the scalp: around the head at the height of Fpz and Oz, from nasion to inion, from tragus to"
            " tragus over the vertex; of a target X around the head from the midline to its side, then Y from the"
            " vertex towards that mark."
        ),
    }


def _row(index: int, target: PlannedTarget) -> list:
    pose = [_MISSING] * 12
    if target.coil_pose_ras_mm is not None:
        matrix = change_axes(target.coil_pose_ras_mm, NIBS_BIDS_AXES)
        pose = [_number(value) for value in matrix[:3, [3, 0, 1, 2]].T.ravel()]
    words = [f"{index}", _MISSING, as_cell(target.label), as_cell(described(target)) or _MISSING]
    return [*words, *pose, *(_number(value) for value in target.position_ras_mm)]


def _number(value: float) -> str:
    return f"{round(float(value), 6) + 0.0:.6f}"


def read_nibs_bids(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Positions of a table whose coordinate system stands beside it and is ours.

    Raises UserError where the coordinate system is missing or another one.
    """
    side_path = coordinate_system_path(path)
    if not side_path.exists():
        raise UserError(
            "{path}: {name} is missing beside it, so its space is not known; add that file.",
            path=path,
            name=side_path.name,
        )
    system = json.loads(side_path.read_text(encoding="utf-8-sig"))
    require_declared(side_path, system, _DECLARED)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [_target(row) for row in csv.DictReader(file, delimiter="\t")]


def _target(row: dict[str, str]) -> PlannedTarget:
    label, description = from_cell(row["position_label"]), from_cell(row["position_description"])
    description = "" if description == _MISSING else description
    position = _vector(row, "target")
    if row["element_centre_x"] == _MISSING:
        return PlannedTarget(label, position, description=description)
    x_axis, y_axis, z_axis = (_vector(row, f"element_{axis}dir") for axis in "xyz")
    pose = change_axes(pose_from_axes(x_axis, y_axis, z_axis, _vector(row, "element_centre")), NIBS_BIDS_AXES)
    return PlannedTarget(label, position, coil_pose_ras_mm=pose, description=description)


def _vector(row: dict[str, str], group: str) -> np.ndarray:
    return np.array([float(row[f"{group}_{axis}"]) for axis in "xyz"])


FORMATS = (
    PointFormat(
        name="nibs-bids", title=say("NIBS-BIDS (draft)"), suffix="_markers.tsv", rank=100,
        signatures=("nibs_position_id",),
        write=write_nibs_bids, read=read_nibs_bids, space=say("ScanRAS, RAS mm"), loses=(ENTRY,),
        checked=say("the draft's description alone"),
    ),
)  # fmt: skip
