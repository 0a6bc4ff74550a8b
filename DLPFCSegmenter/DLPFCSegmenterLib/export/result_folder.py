"""The output folder of `dlpfc plan` read back, to export its targets and masks to other systems."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..files import recover
from ..geometry.spaces import ras_to_ijk
from ..scan.readers import read_volume
from ..scan.volume import Volume, is_same_grid, voxel_points_ras_mm
from ..segmentation.region import Region
from .file_names import RESULT_FILE, TARGETS_FILE
from .reading import read_targets
from .targets import TARGET_NAME, PlannedTarget, of_side

_MOVED_MM = 0.05
"""Less than this is lost when a markups file is written again."""


@dataclass(frozen=True)
class SavedMask:
    """The mask file of one side, the score of the finding, and what must be said of it."""

    path: Path
    score: float
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class ResultFolder:
    """What a plan left on the disk.

    targets      all points of the folder's markups file with their warnings, and where asked for the
                 targets of the literature; a target or landmark that was moved since says so
    scan_path    the scan that was planned on; it may have gone since
    shape_ijk, ijk_to_ras  that scan's grid, RAS mm
    masks        hemisphere -> its mask
    """

    folder: Path
    targets: list[PlannedTarget]
    scan_path: Path
    shape_ijk: tuple[int, int, int]
    ijk_to_ras: np.ndarray
    masks: dict[str, SavedMask]


def read_result_folder(folder: Path, literature: bool = False) -> ResultFolder:
    """Read a result folder; `literature` adds the targets of the literature to those of the markups file.

    Raises UserError where it is none, is damaged, nothing was found, or no such targets were placed.
    """
    path = folder / RESULT_FILE
    recover(folder)
    if not path.is_file():
        raise UserError(f"{folder}: no {RESULT_FILE} is in it; name a folder that 'dlpfc plan' wrote.")
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        volume, masks = fields["volume"], _masks(folder, fields)
        grid = tuple(volume["shape"]), np.array(volume["ijk_to_ras"], dtype=float)
        scan_path = Path(volume["path"])
        published = _literature(fields) if literature else []
        planned = _planned_places(fields)
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path}: is damaged or of an older version ({error}); plan again.") from error
    if not masks:
        raise UserError(f"{folder}: no DLPFC was found in this scan, so there is nothing to export.")
    if literature and not published:
        raise UserError(
            f"{folder}: holds no targets of the literature; 'dlpfc plan' places them where the scan fits the MNI"
            " template, see the warnings of that run."
        )
    targets = [_as_moved(target, planned.get(target.label)) for target in read_targets(folder / TARGETS_FILE)]
    return ResultFolder(folder, [*targets, *published], scan_path, *grid, masks)


def _planned_places(fields: dict) -> dict[str, np.ndarray]:
    """Label -> where the plan put the target and the landmarks of every side, RAS mm, shape (3,)."""
    places = {}
    for side in _found_sides(fields):
        named = {side["landmarks"][key]["label"]: place for key, place in side["landmarks_ras_mm"].items()}
        named[TARGET_NAME] = side["target_ras_mm"]
        places |= {of_side(name, side["hemisphere"]): np.array(place, dtype=float) for name, place in named.items()}
    return places


def _as_moved(target: PlannedTarget, planned_ras_mm: np.ndarray | None) -> PlannedTarget:
    """The target as it is; where it is no longer where the plan put it, that is said, and what stayed behind."""
    if planned_ras_mm is None:
        return target
    away = float(np.linalg.norm(target.position_ras_mm - planned_ras_mm))
    if away <= _MOVED_MM:
        return target
    moved = f"'{target.label}' was moved {away:.1f} mm by hand after the plan."
    if target.coil_pose_ras_mm is not None:
        moved = f"{moved} Its coil may belong to the old place: plan again with the new one (--target)."
    return replace(target, warnings=(*target.warnings, moved))


def _masks(folder: Path, fields: dict) -> dict[str, SavedMask]:
    return {side["hemisphere"]: _saved_mask(folder, fields, side) for side in _found_sides(fields)}


def _found_sides(fields: dict) -> list[dict]:
    sides = [fields[side] for side in ("left", "right") if side in fields] or [fields]
    return [side for side in sides if side["detected"]]


def _literature(fields: dict) -> list[PlannedTarget]:
    """The published targets of every side that was found, with their warnings and the plan's."""
    return [
        _published(side, key, words, fields["warnings"])
        for side in _found_sides(fields)
        for key, words in side["literature"].items()
    ]


def _published(side: dict, key: str, words: dict, shared_warnings: list[str]) -> PlannedTarget:
    doubt = f"off by {words['uncertainty_mm'][0]:g}-{words['uncertainty_mm'][1]:g} mm"
    return PlannedTarget(
        of_side(words["label"], side["hemisphere"]),
        np.array(side["literature_ras_mm"][key], float),
        description=f"ESTIMATED, {doubt}: {words['method']}",
        warnings=tuple(dict.fromkeys((*shared_warnings, *words["warnings"]))),
    )


def _saved_mask(folder: Path, fields: dict, side: dict) -> SavedMask:
    warnings = tuple(dict.fromkeys((*fields["warnings"], *side["warnings"])))
    return SavedMask(folder / side["mask"]["file"], float(side["score"]), warnings)


def read_scan_of(result: ResultFolder, path: Path | None = None, frame: int | None = None) -> Volume | None:
    """The scan of a result: at `path`, else where it was when it was planned on, or None if it has gone.

    Raises UserError where the scan does not lie where the planned one lay.
    """
    if path is None and not result.scan_path.exists():
        return None
    scan = read_volume(path or result.scan_path, frame)
    if not is_same_grid(result.shape_ijk, result.ijk_to_ras, scan):
        raise UserError(f"{scan.source}: is not the scan that {result.folder} was planned on; name that one.")
    return scan


def regions_of(result: ResultFolder, scan: Volume | None) -> dict[str, Region]:
    """The masks of a result by their hemispheres, on the grid of `scan`, or where that is None on their own."""
    return {side: _region(result, side, scan) for side in result.masks}


def _region(result: ResultFolder, hemisphere: str, scan: Volume | None) -> Region:
    saved = result.masks[hemisphere]
    read = read_volume(saved.path)
    grid, mask = (read, read.array_kji > 0) if scan is None else (scan, _mask_on(read, scan))
    return Region(grid, hemisphere, mask, mask.astype(np.float32), saved.score, (), saved.warnings)


def _mask_on(mask: Volume, scan: Volume) -> np.ndarray:
    """The same voxels on the scan's own axis order, bool, shape (K, J, I)."""
    ijk = np.rint(ras_to_ijk(scan.ijk_to_ras, voxel_points_ras_mm(mask, mask.array_kji > 0))).astype(int)
    if np.any(ijk < 0) or np.any(ijk >= scan.shape_ijk):
        raise UserError(f"{mask.source}: reaches beyond {scan.source}; name the scan that it was made on.")
    on_scan = np.zeros(scan.array_kji.shape, dtype=bool)
    on_scan[tuple(ijk[:, ::-1].T)] = True
    return on_scan
