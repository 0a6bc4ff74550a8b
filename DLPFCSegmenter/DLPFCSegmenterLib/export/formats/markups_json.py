"""Slicer's markups file, `.mrk.json`: one list of control points in LPS mm."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ...errors import UserError
from ...geometry.spaces import LPS_FROM_RAS, lps_to_ras, ras_to_lps
from ...scan.volume import Volume
from ...sentences import say
from ..format import BY_SLICER, PointFormat
from ..points import point_with_axes, points_of, targets_of, warned
from ..targets import PlannedTarget, brought

SCHEMA = (
    "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/"
    "Resources/Schema/markups-schema-v1.0.3.json#"
)
BESIDE_NAMES = "\N{NO-BREAK SPACE}"
"""The panel keeps names of close points apart by these; a name of its user's has none of them at its ends."""
_PLACED = ("defined", "preview")
"""States of a point that has a position; the others are 'undefined' and 'missing'."""

_SAME_MM = 0.05

_VERMILLION = [0.835, 0.369, 0.0]
_DISPLAY = {
    "visibility": True,
    "color": _VERMILLION,
    "selectedColor": _VERMILLION,
    "glyphType": "CrossDot2D",
    "textScale": 3.0,
    "pointLabelsVisibility": True,
    "sliceProjection": True,
    "sliceProjectionOpacity": 0.4,
}


def write_markups_json(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write control points for Slicer's Markups module, positions and axes in LPS mm, where Slicer shows the scan."""
    points = [
        _control_point(index, point)
        for index, point in enumerate(points_of(brought(targets, scan, scan and scan.as_slicer_shows_it)), start=1)
    ]
    markups = {
        "type": "Fiducial",
        "coordinateSystem": "LPS",
        "coordinateUnits": "mm",
        "locked": False,
        "labelFormat": "%N-%d",
        "controlPoints": points,
        "display": _DISPLAY,
    }
    document = {"@schema": SCHEMA, "markups": [markups]}
    path.write_text(json.dumps(document, indent=2, allow_nan=False) + "\n", encoding="utf-8", newline="\n")
    return [path]


def with_more_markups(path: Path, targets: list[PlannedTarget], scan: Volume) -> str:
    """The content of a file of `write_markups_json` with more targets at its end; what a person changed in it stays."""
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    points = document["markups"][0]["controlPoints"]
    in_ras = document["markups"][0].get("coordinateSystem", "LPS") == "RAS"
    added = points_of(brought(targets, scan, scan.as_slicer_shows_it))
    if in_ras:
        raise UserError("{path}: was saved in RAS; save its points as LPS, as they were.", path=path)
    first = 1 + max((int(each["id"]) for each in points if str(each.get("id", "")).isdigit()), default=0)
    points += [_control_point(index, point) for index, point in enumerate(added, start=first)]
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _control_point(index: int, point: PlannedTarget) -> dict:
    axes_ras = np.eye(3) if point.coil_pose_ras_mm is None else point.coil_pose_ras_mm[:3, :3]
    axes_lps = LPS_FROM_RAS[:3, :3] @ axes_ras
    return {
        "id": str(index),
        "label": point.label,
        "description": point.description,
        "associatedNodeID": "",
        "position": ras_to_lps(point.position_ras_mm).tolist(),
        "orientation": axes_lps.ravel().tolist(),
        "selected": True,
        "locked": False,
        "visibility": True,
        "positionStatus": "defined",
    }


def read_markups_json(
    path: Path, scan: Volume | None = None, written: Sequence[PlannedTarget] = ()
) -> list[PlannedTarget]:
    """Control points of all lists in the file, which lie where Slicer shows the scan.

    written: what `write_markups_json` wrote there; its points have their names again where a person renamed them.
    A list that names no space is read as LPS, as Slicer reads it, with a warning. Raises UserError for
    another space than LPS and RAS, or another unit than mm.
    """
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    points = [point for markups in document["markups"] for point in _read_list(path, markups)]
    own = points_of(brought(written, scan, scan and scan.as_slicer_shows_it))
    targets = brought(targets_of(_under_own_names(points, own)), scan and scan.as_slicer_shows_it, scan)
    if all("coordinateSystem" in markups for markups in document["markups"]):
        return targets
    return warned(targets, say("{name} names no coordinate system; LPS was taken, as Slicer does.", name=path.name))


def _under_own_names(points: list[tuple[str, PlannedTarget]], written: list[PlannedTarget]) -> list[PlannedTarget]:
    """The points, each with its id, under the names that they were written with; entries and coils after the targets.

    A renamed point is known by its id, which Slicer may give to a new point too, and by its description or place.
    """
    by_id = {str(index): point for index, point in enumerate(written, start=1)}
    labels = {point.label for point in written}
    at_home = {point.label for id_, point in points if id_ in by_id and by_id[id_].label == point.label}
    named = labels & {point.label for _, point in points}
    found = []
    for id_, point in points:
        was, is_named = by_id.get(id_), point.label in labels - at_home
        if was is not None and not is_named and was.label not in named and _is_same(point, was):
            named.add(was.label)
            told = say(
                "'{was_label}' was renamed '{point_label}' after the plan; it goes out under the plan's name.",
                was_label=was.label,
                point_label=point.label,
            )
            point = replace(point, label=was.label, warnings=(*point.warnings, told))
        found.append(point)
    first = {target.label for target in targets_of(written)}
    return sorted(found, key=lambda point: point.label in labels - first)


def _is_same(point: PlannedTarget, written: PlannedTarget) -> bool:
    if written.description:
        return point.description == written.description
    return bool(np.allclose(point.position_ras_mm, written.position_ras_mm, rtol=0.0, atol=_SAME_MM))


def _read_list(path: Path, markups: dict) -> list[tuple[str, PlannedTarget]]:
    space = markups.get("coordinateSystem", "LPS")
    if space not in ("LPS", "RAS"):
        raise UserError(
            "{path}: the coordinate system '{space}' is not known; save the markups as LPS or RAS.",
            path=path,
            space=space,
        )
    if markups.get("coordinateUnits", "mm") != "mm":
        raise UserError(
            "{path}: the unit '{unit}' is not known; save the markups in mm.",
            path=path,
            unit=markups["coordinateUnits"],
        )
    placed = (point for point in markups["controlPoints"] if point.get("positionStatus", "defined") in _PLACED)
    return [(str(point.get("id", "")), _read_point(point, space)) for point in placed]


def _read_point(point: dict, space: str) -> PlannedTarget:
    position = np.array(point["position"], dtype=float)
    axes = np.reshape(np.array(point["orientation"], dtype=float), (3, 3)) if "orientation" in point else None
    if space == "LPS":
        position = lps_to_ras(position)
        axes = None if axes is None else LPS_FROM_RAS[:3, :3] @ axes
    label = point.get("label", "").strip(BESIDE_NAMES)
    return point_with_axes(label, position, axes, point.get("description", ""))


FORMATS = (
    PointFormat(
        name="markups", title=say("Slicer markups"), suffix=".mrk.json", rank=10, signatures=("markups-schema",),
        write=write_markups_json, read=read_markups_json, space=say("LPS mm"), checked=BY_SLICER,
    ),
)  # fmt: skip
