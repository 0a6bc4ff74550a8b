"""`result.json`: a plan's own record, and before it everything that a script or a reader wants to know of it.

The record stands under `plan` and is all that this module reads back (`plan_record`); the fields before it are made
of it for others. With one hemisphere its fields stand at the top level; with both they stand in the objects `left`
and `right`. Every coordinate is RAS in mm, every field name says its unit.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from .. import __version__
from ..geometry.poses import OWN_AXES
from ..plan import HemispherePlan, ModelInfo, Plan, PlanOptions
from ..plan_record import record_of
from ..scan.head_frame import HeadFrame
from ..segmentation.region import Agreement, Region, SliceScore
from ..targeting.coil import DepthInformation, ScalpEntry
from ..targeting.point import Point
from ..targeting.target import mask_contains
from ..terminology import NOTICE
from ..words import label_of, method_of
from .file_names import mask_file_name

SCHEMA_VERSION = "2.0"
_DECIMALS = 4


def write_result_json(plan: Plan, folder: Path, path: Path, warnings: tuple[str, ...] = ()) -> None:
    """Write `result_fields` to `path`; the masks are named as they will lie in `folder`."""
    document = {"created": datetime.now(UTC).isoformat(timespec="seconds")}
    document |= result_fields(plan, folder, warnings)
    text = json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def result_fields(plan: Plan, folder: Path, warnings: tuple[str, ...] = ()) -> dict:
    """The contents of `result.json` as plain Python values, without the time of writing.

    warnings: sentences about the files that are to stand beside the plan's own.
    """
    shared = _shared_fields(plan)
    shared["warnings"] = _unique(plan.volume.warnings + plan.warnings + warnings)
    record = {"plan": record_of(plan)}
    hemispheres = plan.options.hemispheres
    if len(hemispheres) > 1:
        sides = {name: _side_fields(plan, name, folder) for name in hemispheres}
        return shared | {"hemisphere": "both"} | sides | record
    side = _side_fields(plan, hemispheres[0], folder)
    side["warnings"] = _unique((*shared["warnings"], *side["warnings"]))
    return shared | side | record


def _shared_fields(plan: Plan) -> dict:
    return {
        "schema_version": SCHEMA_VERSION,
        "notice": NOTICE,
        "software": {"name": "DLPFCSegmenter", "version": __version__},
        "coordinate_space": "RAS, mm",
        "volume": _volume_fields(plan),
        "model": _model_fields(plan.model),
        "options": option_fields(plan.options),
        "registration": None if plan.registration is None else _registration_fields(plan.registration),
        "fiducials": {
            mark.key: {"position_ras_mm": _numbers(mark.position_ras_mm), "method": method_of(mark)}
            for mark in plan.fiducials
        },
        "timing_s": {step: _number(seconds) for step, seconds in plan.timing_s.items()},
    }


def _volume_fields(plan: Plan) -> dict:
    volume = plan.volume
    return {
        "path": volume.source,
        "shape": list(volume.shape_ijk),
        "spacing_mm": _numbers(volume.spacing_mm),
        "orientation": volume.orientation,
        "ijk_to_ras": _matrix(volume.ijk_to_ras),
        "fingerprint": plan.fingerprint,
    }


def _model_fields(model: ModelInfo) -> dict:
    return {"id": model.id, "sha256": model.sha256, "label_definition": model.label_definition}


def _registration_fields(registration: HeadFrame) -> dict:
    return {
        "ras_from_mni": _matrix(registration.ras_from_mni),
        "spread_mm": _number(registration.spread_mm),
        "doubtful": registration.doubtful,
    }


def option_fields(options: PlanOptions) -> dict:
    """What the user chose, as it stands in `result.json`."""
    given, tapes = options.hotspot_ras_mm, options.tapes
    return {
        "threshold": options.threshold,
        "rule_mm": options.rule_mm,
        "hotspot_ras_mm": None if given is None else _numbers(given),
        "coil_angle_deg": options.coil_angle_deg,
        "standoff_mm": options.standoff_mm,
        "target": "picked" if options.picked_ras_mm else options.target,
        "tapes": None if tapes is None else asdict(tapes),
        "weights": None if options.weights is None else str(options.weights),
        "networks": options.networks,
    }


def _side_fields(plan: Plan, hemisphere: str, folder: Path) -> dict:
    side = plan.sides.get(hemisphere)
    if side is None:
        return _missing_side_fields(hemisphere, plan.not_found.get(hemisphere, "not found"))
    landmark_warnings = tuple(warning for landmark in side.landmarks for warning in landmark.warnings)
    return {
        "hemisphere": hemisphere,
        "detected": True,
        "mask": _mask_fields(side.region, folder),
        "score": _number(side.region.score),
        "uncertainty": _agreement_fields(side.region.agreement),
        "slices": [_slice_fields(score) for score in side.region.slices],
        "warnings": _unique(side.region.warnings + side.warnings + landmark_warnings),
        **_position_fields(side),
        **_coil_fields(side, plan.options),
    }


def _missing_side_fields(hemisphere: str, reason: str) -> dict:
    nothing = (
        "mask", "score", "uncertainty", "target_ras_mm", "target_inside_mask", "centroid_ras_mm",
        "centroid_inside_mask", "target_method", "depth", "scalp_entry", "coil",
    )  # fmt: skip
    return {
        "hemisphere": hemisphere,
        "detected": False,
        "reason": reason,
        **dict.fromkeys(nothing),
        "slices": [],
        "landmarks_ras_mm": {},
        "landmarks": {},
        "literature_ras_mm": {},
        "literature": {},
        "beam_f3_by_tape_cm": {},
        "distances_mm": {},
        "warnings": [],
    }


def _position_fields(side: HemispherePlan) -> dict:
    target = side.target
    region = side.region
    return {
        "target_ras_mm": _numbers(target.position_ras_mm),
        "target_inside_mask": mask_contains(region.volume, region.mask_kji, target.position_ras_mm),
        "centroid_ras_mm": _numbers(target.centroid_ras_mm),
        "centroid_inside_mask": bool(target.centroid_inside),
        "target_method": method_of(target.point),
        "landmarks_ras_mm": {mark.key: _numbers(mark.position_ras_mm) for mark in side.landmarks},
        "landmarks": {mark.key: _landmark_fields(mark) for mark in side.landmarks},
        "literature_ras_mm": {mark.key: _numbers(mark.position_ras_mm) for mark in side.literature},
        "literature": {mark.key: _landmark_fields(mark) for mark in side.literature},
        "depth": None if side.depth is None else _depth_fields(side.depth),
        "beam_f3_by_tape_cm": {
            name: {"x": _number(site.x_cm), "y": _number(site.y_cm)} for name, site in side.tape_sites.items()
        },
        "distances_mm": {name: _number(distance) for name, distance in side.distances_mm.items()},
    }


def _coil_fields(side: HemispherePlan, options: PlanOptions) -> dict:
    """Where the scan shows a scalp: the point over the target and the coil on it, else null."""
    return {
        "scalp_entry": None if side.entry is None else _entry_fields(side.entry),
        "coil": None if side.coil_pose_ras_mm is None else _pose_fields(side.coil_pose_ras_mm, options),
    }


def _entry_fields(entry: ScalpEntry) -> dict:
    along = entry.along_normal_mm
    return {
        "position_ras_mm": _numbers(entry.position_ras_mm),
        "normal_ras": _numbers(entry.normal_ras),
        "depth_mm": _number(entry.depth_mm),
        "along_normal_mm": None if along is None else _number(along),
        "method": "scalp point nearest to the target; outward normal, the mean over a disc of the scalp",
    }


def _pose_fields(pose_ras_mm: np.ndarray, options: PlanOptions) -> dict:
    return {
        "pose_ras_mm": _matrix(pose_ras_mm),
        "axes": OWN_AXES,
        "handle_angle_deg": options.coil_angle_deg,
        "handle_direction": "from the midline, backwards and to the side",
        "standoff_mm": options.standoff_mm,
    }


def _mask_fields(region: Region, folder: Path) -> dict:
    file_name = mask_file_name(region.hemisphere)
    path = str(folder.resolve() / file_name)
    return {"path": path, "file": file_name, "volume_ml": _number(region.volume_ml)}


def _agreement_fields(agreed: Agreement | None) -> dict | None:
    if agreed is None:
        return None
    numbers = {
        "spread_mm": agreed.spread_mm,
        "expected_mm": agreed.expected_mm,
        "doubtful_share": agreed.doubtful_share,
    }
    fields = {name: None if value is None else _number(value) for name, value in numbers.items()}
    return fields | {"reliable": agreed.reliable, "in_words": agreed.in_words}


def _slice_fields(score: SliceScore) -> dict:
    return {
        "plane": score.plane,
        "index": int(score.index),
        "score": _number(score.score),
        "position_ras_mm": _number(score.position_ras_mm),
    }


def _depth_fields(depth: DepthInformation) -> dict:
    numbers = {"target_mm": depth.target_mm, "motor_mm": depth.motor_mm, "difference_mm": depth.difference_mm}
    return {name: _number(value) for name, value in numbers.items()} | {"in_words": depth.in_words}


def _landmark_fields(landmark: Point) -> dict:
    doubt = landmark.uncertainty_mm
    return {
        "label": label_of(landmark),
        "method": method_of(landmark),
        "estimated": landmark.estimated,
        "uncertainty_mm": None if doubt is None else _numbers(doubt),
        "warnings": list(landmark.warnings),
    }


def _matrix(rows: np.ndarray) -> list[list[float]]:
    """A 4x4 matrix with all its digits: rounded axes would no longer be at right angles."""
    return np.asarray(rows, dtype=float).tolist()


def _numbers(values: Iterable[float]) -> list[float | None]:
    return [_number(value) for value in values]


def _number(value: float) -> float | None:
    """Rounded to 0.0001; null for what is no finite number, as JSON has no word for it."""
    return round(float(value), _DECIMALS) if np.isfinite(value) else None


def _unique(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(sentences))
