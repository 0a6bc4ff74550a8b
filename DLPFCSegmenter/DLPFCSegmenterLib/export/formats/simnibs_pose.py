"""SimNIBS coil poses as JSON: each `matsimnib` can be given to SimNIBS as it stands (RAS mm)."""

import json
from pathlib import Path

import numpy as np

from ...geometry.poses import OWN_AXES
from ...scan.volume import Volume
from ...sentences import say
from ..format import BY_OURS, POSE, PointFormat, require_declared
from ..points import described
from ..targets import PlannedTarget

_DECLARED = {"coordinate_space": "RAS", "unit": "mm", "coil_axes": OWN_AXES}


def write_simnibs(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write one 4x4 `matsimnib` a target, which every target must have."""
    document = {
        **_DECLARED,
        "poses": [_pose(target) for target in targets],
    }
    path.write_text(json.dumps(document, indent=2, allow_nan=False) + "\n", encoding="utf-8", newline="\n")
    return [path]


def _pose(target: PlannedTarget) -> dict:
    entry = target.entry_ras_mm
    return {
        "label": target.label,
        "matsimnib": np.asarray(target.coil_pose_ras_mm, dtype=float).tolist(),
        "target_ras_mm": np.asarray(target.position_ras_mm, dtype=float).tolist(),
        "entry_ras_mm": None if entry is None else np.asarray(entry, dtype=float).tolist(),
        "description": described(target),
    }


def read_simnibs(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Poses with their targets and entries; raises UserError for another space or unit."""
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    require_declared(path, document, _DECLARED)
    return [_read_pose(item) for item in document["poses"]]


def _read_pose(item: dict) -> PlannedTarget:
    entry = item["entry_ras_mm"]
    return PlannedTarget(
        item["label"],
        np.array(item["target_ras_mm"], dtype=float),
        None if entry is None else np.array(entry, dtype=float),
        np.array(item["matsimnib"], dtype=float),
        item.get("description", ""),
    )


FORMATS = (
    PointFormat(
        name="simnibs", title=say("SimNIBS coil poses"), suffix=".simnibs.json", rank=90, signatures=('"matsimnib"',),
        write=write_simnibs, read=read_simnibs, space=say("RAS mm"), requires=POSE, checked=BY_OURS,
    ),
)  # fmt: skip
