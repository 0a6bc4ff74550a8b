"""`result.json`: a plan's own record, and before it everything that a script or a reader wants to know of it.

The record stands under `plan` and is all that this module reads back (`plan_record`); the fields before it are made
of it for others. With one hemisphere its fields stand at the top level; with both they stand in the objects `left`
and `right`. Every coordinate is RAS in mm, every field name says its unit.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..doubts import of_region
from ..geometry.poses import OWN_AXES
from ..plan import Plan, PlanOptions
from ..plan_record import record_of
from ..segmentation.region import Region
from ..targeting.coil import ScalpEntry
from ..targeting.cortex import DepthInformation
from ..targeting.point import Point
from ..targeting.target import mask_contains
from ..terminology import NOTICE
from ..words import label_of, method_of
from .file_names import mask_file_name

SCHEMA_VERSION = "2.0"
_DECIMALS = 4


def write_result_json(plan: Plan, folder: Path | None, path: Path, warnings: tuple[str, ...] = ()) -> None:
    """Write `result_fields` to `path`; the masks are named as they will lie in `folder`, without one by their names."""
    document = {"created": datetime.now(UTC).isoformat(timespec="seconds")}
    document |= result_fields(plan, folder, warnings)
    text = json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def result_fields(plan: Plan, folder: Path | None, warnings: tuple[str, ...] = ()) -> dict:
    """The contents of `result.json` as plain Python values, without the time of writing.

    warnings: sentences about the files that are to stand beside the plan's own.
    """
    shared = _shared_fields(plan, folder)
    shared["warnings"] = _unique(plan.volume.warnings + plan.warnings + warnings)
    record = {"plan": record_of(plan)}
    hemispheres = plan.options.hemispheres
    if len(hemispheres) > 1:
        sides = {name: _side_fields(plan, name, folder) for name in hemispheres}
        return shared | {"hemisphere": "both"} | sides | record
    side = _side_fields(plan, hemispheres[0], folder)
    side["warnings"] = _unique((*shared["warnings"], *side["warnings"]))
    return shared | side | record


def _shared_fields(plan: Plan, folder: Path | None) -> dict:
    volume, registration = plan.volume, plan.registration
    return {
        "schema_version": SCHEMA_VERSION,
        "notice": NOTICE,
        "software": {"name": "DLPFCSegmenter", "version": __version__},
        "coordinate_space": "RAS, mm",
        "volume": {
            "path": volume.source,
            "relative_path": _from(folder, volume.source),
            "shape": list(volume.shape_ijk),
            "spacing_mm": _plain(volume.spacing_mm),
            "orientation": volume.orientation,
            "ijk_to_ras": _plain(volume.ijk_to_ras),
            "fingerprint": plan.fingerprint,
        },
        "model": {name: getattr(plan.model, name) for name in _MODEL} | of_region(plan.model.region),
        "options": option_fields(plan.options),
        "registration": registration and {name: _plain(getattr(registration, name)) for name in _REGISTRATION},
        "fiducials": {
            mark.key: {"position_ras_mm": _plain(mark.position_ras_mm), "method": method_of(mark)}
            for mark in plan.fiducials
        },
        "timing_s": _plain(plan.timing_s),
    }


def _from(folder: Path | None, source: str) -> str | None:
    """The scan's place seen from the result's folder, for when both are moved together; null where there is none."""
    try:
        return os.path.relpath(source, folder.resolve()) if folder and Path(source).is_absolute() else None
    except ValueError:  # another drive of Windows
        return None


def option_fields(options: PlanOptions) -> dict:
    """What the user chose, as it stands in `result.json`."""
    told = {name: _plain(getattr(options, name)) for name in _OPTIONS}
    return told | {"target": "picked" if options.picked_ras_mm else options.target}


def _side_fields(plan: Plan, hemisphere: str, folder: Path | None) -> dict:
    side = plan.sides.get(hemisphere)
    if side is None:
        missing = {"reason": plan.not_found.get(hemisphere, "not found")}
        nothing: dict[str, Any] = dict.fromkeys(_VALUES)
        nothing |= {name: [] for name in _LISTS} | {name: {} for name in _OBJECTS}
        return {"hemisphere": hemisphere, "detected": False} | missing | nothing
    region, target = side.region, side.target
    return {
        "hemisphere": hemisphere,
        "detected": True,
        "mask": _mask_fields(region, folder),
        "score": _plain(region.score),
        "uncertainty": region.agreement and _plain(region.agreement) | {"in_words": region.agreement.in_words},
        "slices": _plain(region.slices),
        "warnings": _unique((*region.warnings, *side.warnings, *(w for mark in side.landmarks for w in mark.warnings))),
        "target_ras_mm": _plain(target.position_ras_mm),
        "target_inside_mask": mask_contains(region.volume, region.mask_kji, target.position_ras_mm),
        "centroid_ras_mm": _plain(target.centroid_ras_mm),
        "centroid_inside_mask": bool(target.centroid_inside),
        "target_method": method_of(target.point),
        **_point_fields("landmarks", side.landmarks),
        **_point_fields("literature", side.literature),
        "depth": side.depth and _depth_fields(side.depth),
        "beam_f3_by_tape_cm": {name: _plain({"x": at.x_cm, "y": at.y_cm}) for name, at in side.tape_sites.items()},
        "distances_mm": _plain(side.distances_mm),
        "scalp_entry": side.entry and _entry_fields(side.entry),
        "coil": None if side.coil_pose_ras_mm is None else _coil_fields(side.coil_pose_ras_mm, plan.options),
    }


_MODEL = ("id", "sha256", "label_definition")
_REGISTRATION = ("ras_from_mni", "spread_mm", "doubtful")
_OPTIONS = (
    "threshold", "rule_mm", "hotspot_ras_mm", "coil_angle_deg", "standoff_mm", "target", "tapes", "weights", "networks",
)  # fmt: skip
_VALUES = (
    "mask", "score", "uncertainty", "target_ras_mm", "target_inside_mask", "centroid_ras_mm", "centroid_inside_mask",
    "target_method", "depth", "scalp_entry", "coil",
)  # fmt: skip
_LISTS = ("slices", "warnings")
_OBJECTS = (
    "landmarks_ras_mm", "landmarks", "literature_ras_mm", "literature", "beam_f3_by_tape_cm", "distances_mm",
)  # fmt: skip
"""What a side has, and is null or empty where it was not found."""


def _mask_fields(region: Region, folder: Path | None) -> dict:
    file_name = mask_file_name(region.hemisphere, region.name)
    path = str(folder.resolve() / file_name) if folder else file_name
    return {"path": path, "file": file_name, "volume_ml": _plain(region.volume_ml)}


def _point_fields(name: str, points: tuple[Point, ...]) -> dict:
    """Where the points lie, and under the name alone what is said of them."""
    told = {
        point.key: {
            "label": label_of(point),
            "method": method_of(point),
            "estimated": point.estimated,
            "uncertainty_mm": _plain(point.uncertainty_mm),
            "warnings": list(point.warnings),
        }
        for point in points
    }
    return {f"{name}_ras_mm": {point.key: _plain(point.position_ras_mm) for point in points}, name: told}


def _depth_fields(depth: DepthInformation) -> dict:
    return _plain(depth) | {"difference_mm": _plain(depth.difference_mm), "in_words": depth.in_words}


def _entry_fields(entry: ScalpEntry) -> dict:
    told = {name: value for name, value in _plain(entry).items() if name != "warnings"}
    return told | {"method": "scalp point nearest to the target; outward normal, the mean over a disc of the scalp"}


def _coil_fields(pose_ras_mm: np.ndarray, options: PlanOptions) -> dict:
    return {
        "pose_ras_mm": _plain(pose_ras_mm),
        "axes": OWN_AXES,
        "handle_angle_deg": options.coil_angle_deg,
        "handle_direction": "from the midline, backwards and to the side",
        "standoff_mm": options.standoff_mm,
    }


def _plain(value: Any) -> Any:
    """A value of a plan as a reader wants it: numbers rounded to 0.0001, null for what is no finite number.

    A 4x4 matrix keeps all its digits: rounded axes would no longer be at right angles.
    """
    if isinstance(value, np.ndarray):
        return value.astype(float).tolist() if value.shape == (4, 4) else _plain(value.tolist())
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, float):
        return round(value, _DECIMALS) if np.isfinite(value) else None
    return str(value) if isinstance(value, Path) else value


def _unique(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(sentences))
