"""Slicer's markups file, `.mrk.json`: one list of control points in LPS mm."""

import json
from pathlib import Path

from ..geometry.spaces import ras_to_lps
from .targets import PlannedTarget

SCHEMA = (
    "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/"
    "Resources/Schema/markups-schema-v1.0.3.json#"
)
_RAS_AXES_IN_LPS = [-1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 1.0]
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


def write_markups_json(targets: list[PlannedTarget], path: Path) -> None:
    """Write control points for Slicer's Markups module, positions in LPS mm."""
    points = [_control_point(index, target) for index, target in enumerate(targets, start=1)]
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
    path.write_text(json.dumps(document, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def _control_point(index: int, target: PlannedTarget) -> dict:
    return {
        "id": str(index),
        "label": target.label,
        "description": " ".join((target.description, *target.warnings)).strip(),
        "associatedNodeID": "",
        "position": [float(value) for value in ras_to_lps(target.position_ras_mm)],
        "orientation": _RAS_AXES_IN_LPS,
        "selected": True,
        "locked": False,
        "visibility": True,
        "positionStatus": "defined",
    }
