"""The output folder of `dlpfc plan` read back: its plan, and its targets as they are in the folder now."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..files import recover
from ..geometry.spaces import ras_to_ijk
from ..plan import Plan
from ..plan_record import plan_of
from ..scan.readers import read_volume
from ..scan.volume import Volume, voxel_points_ras_mm
from ..segmentation.region import Region
from ..words import side_warnings
from .file_names import RESULT_FILE, TARGETS_FILE, mask_file_name
from .reading import read_targets
from .result_version_1 import plan_of_version_1
from .targets import PlannedTarget, exported_point, planned_targets

_MOVED_MM = 0.05
"""Less than this is lost when a markups file is written again."""


def read_plan(folder: Path, scan: Volume | None = None) -> Plan:
    """The plan in a result folder, its masks from their files.

    scan: the one that was planned on, see `read_scan_of`; without it the plan's volume is a grid without values.
    Raises UserError where the folder holds no result, or a damaged one.
    """
    plan = read_findings(folder)
    volume = plan.volume if scan is None else scan
    sides = {}
    for name, side in plan.sides.items():
        mask = _mask_on(read_volume(folder / mask_file_name(name)), volume)
        region = replace(side.region, volume=volume, mask_kji=mask, probability_kji=mask.astype(np.float32))
        sides[name] = replace(side, region=region)
    return replace(plan, volume=volume, sides=sides)


def read_findings(folder: Path) -> Plan:
    """As `read_plan`, but no file of an image is read: the plan's masks are empty."""
    path = folder / RESULT_FILE
    recover(folder)
    if not path.is_file():
        raise UserError(f"{folder}: no {RESULT_FILE} is in it; name a folder that 'dlpfc plan' wrote.")
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return plan_of_version_1(fields) if fields["schema_version"] == "1.0" else plan_of(fields["plan"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: is damaged or of another version ({error}); plan again.") from error


def read_targets_of(folder: Path, plan: Plan, literature: bool = False) -> list[PlannedTarget]:
    """All points of a result folder's markups file; a target or landmark that was moved since the plan says so.

    `literature` adds the targets of the literature. Raises UserError where nothing was found, or no such
    targets were placed.
    """
    if not plan.sides:
        raise UserError(f"{folder}: no DLPFC was found in this scan, so there is nothing to export.")
    published = [point for side in plan.sides.values() for point in side.literature] if literature else []
    if literature and not published:
        raise UserError(
            f"{folder}: holds no targets of the literature; 'dlpfc plan' places them where the scan fits the MNI"
            " template, see the warnings of that run."
        )
    planned = {target.label: target for target in planned_targets(plan)}
    found = read_targets(folder / TARGETS_FILE, plan.volume)
    targets = [_as_moved(target, planned.get(target.label)) for target in found]
    return [*targets, *(exported_point(point, plan.warnings) for point in published)]


def _as_moved(target: PlannedTarget, planned: PlannedTarget | None) -> PlannedTarget:
    """The target as it is; where it is no longer where the plan put it, that is said, and what stayed behind."""
    if planned is None:
        return target
    target = replace(target, hemisphere=planned.hemisphere)
    away = float(np.linalg.norm(target.position_ras_mm - planned.position_ras_mm))
    if away <= _MOVED_MM:
        return target
    moved = f"'{target.label}' was moved {away:.1f} mm by hand after the plan."
    if target.coil_pose_ras_mm is not None:
        moved = f"{moved} Its coil may belong to the old place: plan again with the new one (--target)."
    return replace(target, warnings=(*target.warnings, moved))


def read_scan_of(folder: Path, plan: Plan, path: Path | None = None, frame: int | None = None) -> Volume | None:
    """The scan of a result: at `path`, else where it was when it was planned on, or None if it has gone.

    Raises UserError for another scan than the planned one, of another person or on another grid.
    """
    known = Path(plan.volume.source)
    if path is None and not known.exists():
        return None
    if frame is None and plan.fingerprint:  # a result of version 1 does not know its frame
        frame = plan.volume.origin.frame
    scan = read_volume(path or known, frame)
    if plan.is_of(scan.as_slicer_shows_it):  # planned on what Slicer had loaded
        return scan.as_slicer_shows_it
    if not plan.is_of(scan):
        raise UserError(f"{scan.source}: is not the scan that {folder} was planned on; name that one.")
    return scan


def regions_of(folder: Path, plan: Plan, scan: Volume | None) -> dict[str, Region]:
    """The masks of a result by their hemispheres, on the grid of `scan`, or where that is None on their own."""
    return {name: _region(folder, plan, name, scan) for name in plan.sides}


def _region(folder: Path, plan: Plan, hemisphere: str, scan: Volume | None) -> Region:
    side, read = plan.sides[hemisphere], read_volume(folder / mask_file_name(hemisphere))
    grid, mask = (read, read.array_kji > 0) if scan is None else (scan, _mask_on(read, scan))
    warnings = tuple(dict.fromkeys((*plan.volume.warnings, *plan.warnings, *side_warnings(side))))
    return Region(grid, hemisphere, mask, mask.astype(np.float32), side.region.score, (), warnings)


def _mask_on(mask: Volume, scan: Volume) -> np.ndarray:
    """The same voxels on the scan's own axis order, bool, shape (K, J, I)."""
    ijk = np.rint(ras_to_ijk(scan.ijk_to_ras, voxel_points_ras_mm(mask, mask.array_kji > 0))).astype(int)
    if np.any(ijk < 0) or np.any(ijk >= scan.shape_ijk):
        raise UserError(f"{mask.source}: reaches beyond {scan.source}; name the scan that it was made on.")
    on_scan = np.zeros(scan.array_kji.shape, dtype=bool)
    on_scan[tuple(ijk[:, ::-1].T)] = True
    return on_scan
