"""Targets out of any file that is known, of points or of masks: its content tells the format, not its name."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..doubts import Doubt
from ..errors import UserError
from ..geometry.poses import is_rigid, nearest_rigid
from ..scan import dicom_reader
from ..scan.head_frame import HeadFrame, implausible_frame
from ..scan.volume import Volume
from ..targeting.fiducials import Fiducials
from ..targeting.target import find_target, off_brain_warnings
from .dicom_series import sop_class
from .format import MaskFormat, PointFormat
from .formats.masks import NamedMask
from .points import with_warnings_apart
from .registry import MASK_FORMATS, POINT_FORMATS
from .targets import PlannedTarget

_HEAD_MM = 2000.0
"""No scanner's coordinates reach as far: a larger number is no position in mm."""

_FIDUCIALS = {
    "nasion": ("nasion", "nz", "nas"),
    "inion": ("inion", "iz"),
    "left_tragus": ("left tragus", "tragus left", "left preauricular", "lpa"),
    "right_tragus": ("right tragus", "tragus right", "right preauricular", "rpa"),
}
"""How the four points are called, in small letters; '_' and '-' count as a space."""


def read_targets(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Targets of a file in any known format of targets, RAS mm of `scan`.

    Axes that a file rounds are put at right angles again; a byte order mark or Windows's line ends do not matter.

    Raises UserError for a file of no known format, in an unknown space, or damaged.
    """
    chosen = format_of(path)
    try:
        targets = chosen.read(path, scan)
    except (KeyError, ValueError, IndexError, TypeError, AttributeError, ElementTree.ParseError) as error:
        raise UserError(f"{path}: this {chosen.title} file is damaged ({error}); export it again.") from error
    require_places(path, targets)
    return [with_warnings_apart(_without_rounding(target)) for target in targets]


def format_of(path: Path) -> PointFormat:
    """The format whose signature stands in the file."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); check the file's name.") from error
    for entry in POINT_FORMATS.values():
        if entry.signature in text:
            return entry
    raise UserError(f"{path}: no known file of targets; known are {', '.join(POINT_FORMATS)}.")


def require_places(path: Path, targets: list[PlannedTarget]) -> None:
    """Raise UserError for a position that is no point in mm, or a coil pose that is mirrored or skewed."""
    for target in targets:
        places = [target.position_ras_mm, target.entry_ras_mm]
        if any(place is not None and not _is_place(place) for place in places):
            raise UserError(f"{path}: the position of '{target.label}' is no point in mm; check the file.")
        if target.coil_pose_ras_mm is not None and not is_rigid(target.coil_pose_ras_mm):
            raise UserError(f"{path}: the coil pose of '{target.label}' is mirrored or skewed; check its axes.")


def _is_place(point_ras_mm: np.ndarray) -> bool:
    return np.shape(point_ras_mm) == (3,) and bool(np.all(np.abs(point_ras_mm) < _HEAD_MM))


def _without_rounding(target: PlannedTarget) -> PlannedTarget:
    pose = target.coil_pose_ras_mm
    return target if pose is None else replace(target, coil_pose_ras_mm=nearest_rigid(pose))


def read_fiducials(path: Path, scan: Volume | None = None) -> Fiducials:
    """The four points of a file in any format of targets, RAS mm of `scan`, with the file's warnings.

    Raises UserError where one is missing or named twice, or for a file that cannot be read.
    """
    found: dict[str, list[PlannedTarget]] = {name: [] for name in _FIDUCIALS}
    for target in read_targets(path, scan):
        label = " ".join(target.label.lower().replace("_", " ").replace("-", " ").split())
        for name, words in _FIDUCIALS.items():
            if label in words:
                found[name].append(target)
    missing = [name.replace("_", " ") for name, points in found.items() if not points]
    twice = [name.replace("_", " ") for name, points in found.items() if len(points) > 1]
    if missing or twice:
        wrong = f"has no point called {', '.join(missing)}" if missing else f"has {', '.join(twice)} twice"
        raise UserError(f"{path}: {wrong}; name the four points nasion, inion, left tragus and right tragus.")
    chosen = {name: found[name][0] for name in _FIDUCIALS}
    told = dict.fromkeys(f"{path.name}: {text}" for point in chosen.values() for text in point.warnings)
    places = {f"{name}_ras_mm": point.position_ras_mm for name, point in chosen.items()}
    return Fiducials(**places, warnings=tuple(Doubt(text, "fiducials_file") for text in told))


def is_mask_file(path: Path) -> bool:
    """Whether a file is an image or a DICOM file, rather than text that lists targets."""
    if not path.is_file():
        return False
    endings = tuple(ending for each in MASK_FORMATS.values() for ending in each.endings)
    return path.name.lower().endswith(endings) or dicom_reader.is_dicom(path)


def read_mask_targets(path: Path, scan: Volume | None) -> list[PlannedTarget]:
    """Single points of a file of masks, or where it holds none the centroid of each mask, RAS mm.

    Raises UserError for a file that holds no mask, for an RT-STRUCT without its scan, and for a mask that lies
    off the brain of `scan`; where that cannot be told, the targets carry a warning.
    """
    try:
        found, points = _mask_format_of(path).read(path, scan)
    except (AttributeError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise UserError(f"{path}: this file of a mask is damaged ({error}); export it again.") from error
    if not found and not points:
        raise UserError(f"{path}: holds neither a mask nor a point; export the structure again.")
    registration = None if scan is None or points else _registration(scan)
    targets = points or [_centroid(mask, registration) for mask in found]
    return [with_warnings_apart(target) for target in targets]


def _mask_format_of(path: Path) -> MaskFormat:
    if dicom_reader.is_dicom(path):
        kind = sop_class(path)
        found = [each for each in MASK_FORMATS.values() if each.sop_class and each.sop_class == kind]
    else:
        found = [each for each in MASK_FORMATS.values() if path.name.lower().endswith(each.endings)]
    if not found:
        raise UserError(f"{path}: is neither a DICOM SEG nor an RT-STRUCT; name the file of the mask or its targets.")
    return found[0]


def _registration(scan: Volume) -> HeadFrame:
    from ..segmentation.head_finding import head_scan  # PyTorch, which files of points need not

    return head_scan(scan).registration


def _centroid(mask: NamedMask, registration: HeadFrame | None) -> PlannedTarget:
    target = find_target(mask.volume, mask.volume.array_kji)
    warnings = mask.volume.warnings + target.warnings + _place_doubts(mask.volume, registration)
    words = f"target in the mask. {mask.description}"
    return PlannedTarget(mask.label, target.position_ras_mm, description=words, warnings=warnings)


def _place_doubts(mask: Volume, registration: HeadFrame | None) -> tuple[str, ...]:
    """What is doubtful about where a mask, given as its grid's values, lies in the scan's brain."""
    unchecked = f"Whether the mask {Path(mask.source).name} lies on the brain was not checked"
    if registration is None:
        return (f"{unchecked}, as its scan was not named.",)
    if implausible_frame(registration):
        return (f"{unchecked}, as no human head was found in the scan.",)
    return off_brain_warnings(mask, mask.array_kji, registration)
