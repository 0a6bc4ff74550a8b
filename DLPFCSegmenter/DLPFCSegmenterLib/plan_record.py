"""A plan as the one record that result files, scenes and batches hold: all of it but its images.

Voxels, masks and the scalp are named in the record and lie elsewhere: in the files beside it or in the scene's
nodes. Whoever reads it hands in those that are at hand.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from .geometry.poses import is_rigid
from .plan import HemispherePlan, Plan
from .scan.volume import Volume
from .serial import RecordError, from_plain, to_plain

_FARTHEST_MM = 10_000.0
"""So far from the origin no scanner has a head, wherever it puts its own."""

_SCAN, _VOLUME, _SCALP, _Z_MAP = "scan", "volume", "scalp", "circuit map"


def record_of(plan: Plan) -> dict:
    """The plan as strict JSON can hold it, without its images."""
    sides = {name: _on_scan(side, plan.volume) for name, side in plan.sides.items()}
    images: dict[str, object] = {_SCAN: plan.volume.array_kji, _VOLUME: plan.volume}
    for name, side in sides.items():
        images |= {_mask(name): side.region.mask_kji, _probability(name): side.region.probability_kji}
    if plan.scalp is not None:
        images[_SCALP] = plan.scalp
    if plan.circuit is not None and plan.circuit.z_map is not None:
        images[_Z_MAP] = plan.circuit.z_map
    record = to_plain(replace(plan, sides=sides), shared=images)
    return record | {"volume": to_plain(plan.volume, shared={_SCAN: plan.volume.array_kji})}


def plan_of(record: Any, scan: Volume | None = None, masks: Mapping[str, np.ndarray] | None = None) -> Plan:
    """The plan of a record.

    scan   its voxels, on the grid that was planned on; without one the volume's values are all 0
    masks  hemisphere -> mask on that grid, bool, shape (K, J, I); one that is missing is empty
    Raises RecordError for anything that is no such record.
    """
    try:
        shape = tuple(map(int, record["volume"]["array_kji"]["shape"]))
        names = list(record["sides"])
        nothing = np.broadcast_to(np.zeros((), bool), shape)
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"this is no plan ({error})") from error
    lent: dict[str, object] = {_SCAN: nothing if scan is None else scan.array_kji, _SCALP: None, _Z_MAP: None}
    for name in names:
        mask = (masks or {}).get(name, nothing)
        lent |= {_mask(name): mask, _probability(name): mask.astype(np.float32) if name in (masks or {}) else mask}
    lent[_VOLUME] = from_plain(record["volume"], Volume, lent)
    plan = from_plain(record | {"volume": {"shared": _VOLUME}}, Plan, lent)
    for name, side in plan.sides.items():
        if side.region.hemisphere != name:
            raise RecordError(f"what stands as the {name} side is the {side.region.hemisphere} one")
    _require_places(plan)
    return plan


def _require_places(plan: Plan) -> None:
    """Raise RecordError unless points are three numbers and coil poses rigid, in mm that a head can have."""
    sides = plan.sides.values()
    points = [point for side in sides for point in (side.target.point, *side.landmarks, *side.literature)]
    places = [(point.key, point.position_ras_mm) for point in (*points, *plan.fiducials)]
    places += [("centroid", side.target.centroid_ras_mm) for side in sides]
    places += [("scalp entry", side.entry.position_ras_mm) for side in sides if side.entry is not None]
    poses = [side.coil_pose_ras_mm for side in sides if side.coil_pose_ras_mm is not None]
    for pose in (*poses, *(each.pose_ras_mm for each in plan.stimulated)):
        if not is_rigid(pose):
            raise RecordError("a coil's pose is no turn and shift")
        places.append(("coil", pose[:3, 3]))
    for name, place in places:
        if np.shape(place) != (3,) or not np.all(np.abs(place) < _FARTHEST_MM):
            raise RecordError(f"the {name} is no point of a head")


def text_of(plan: Plan, hemisphere: str) -> str:
    """The record of one side of a plan as a text, to be kept beside its mask."""
    return json.dumps(record_of(replace(plan, sides={hemisphere: plan.sides[hemisphere]}, not_found={})))


def plan_in(text: str) -> Plan:
    """What `text_of` made, without images. Raises RecordError for anything else."""
    try:
        return plan_of(json.loads(text))
    except json.JSONDecodeError as error:
        raise RecordError(f"this is no JSON: {error}") from error


def _on_scan(side: HemispherePlan, volume: Volume) -> HemispherePlan:
    """The side with the very volume of the plan, whose grid its masks lie on."""
    return replace(side, region=replace(side.region, volume=volume))


def _mask(hemisphere: str) -> str:
    return f"{hemisphere} mask"


def _probability(hemisphere: str) -> str:
    return f"{hemisphere} probability"
