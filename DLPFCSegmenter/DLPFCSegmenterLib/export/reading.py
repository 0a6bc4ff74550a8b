"""Targets out of any file that is known, of points or of masks: its content tells the format, not its name."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from ..doubts import Doubt
from ..errors import UserError
from ..files import told_as_damaged
from ..geometry.poses import is_rigid, nearest_rigid
from ..scan import dicom_reader
from ..scan.volume import Volume
from ..sentences import say
from ..targeting.fiducials import Fiducials
from ..targeting.target import find_target
from .dicom_series import sop_class
from .format import MaskFormat, NamedMask, PointFormat, TargetReader
from .formats.markups_json import read_markups_json
from .points import has_orientation, in_one_line, no_orientation, with_warnings_apart
from .registry import MASK_FORMATS, POINT_FORMATS, READERS
from .sides import Frame, checked, frame_of, mask_place_doubts
from .targets import RESPONSE_UV, PlannedTarget

_HEAD_MM = 2000.0
"""No scanner's coordinates reach as far: a larger number is no position in mm."""

_FIDUCIALS = {
    "nasion": ("nasion", "nz", "nas", "nai", "nose bridge"),
    "inion": ("inion", "iz"),
    "left_tragus": ("left tragus", "tragus left", "l tragus", "left preauricular", "lpa", "left ear", "lei"),
    "right_tragus": ("right tragus", "tragus right", "r tragus", "right preauricular", "rpa", "right ear", "rei"),
}
"""How the four points are called, in small letters; '_', '-', '(' and ')' count as a space."""

_FEW = 5
"""So many names are told of points of which one is to be chosen."""

_MOST_BYTES = 50_000_000
"""The largest session of a navigator that was seen has 0.5 MB."""


def read_targets(path: Path, scan: Volume | None = None, written: Sequence[PlannedTarget] = ()) -> list[PlannedTarget]:
    """Targets of a file in any known format of targets, RAS mm of `scan`.

    written: what we wrote there, by which `read_markups_json` knows points again that a person renamed.
    Axes that a file rounds are put at right angles again; a byte order mark or Windows's line ends do not matter. A
    target without a name gets its number, which is said. Raises UserError for a file of no known format, in an unknown
    space, or damaged.
    """
    chosen = format_of(path)
    is_ours = bool(written) and chosen is POINT_FORMATS["markups"]
    return _read_by(partial(read_markups_json, written=written) if is_ours else chosen.read, path, scan)


def _read_by(read: Callable[..., list[PlannedTarget]], path: Path, scan: Volume | None) -> list[PlannedTarget]:
    with told_as_damaged(path, say("this {title} file", title=format_of(path).title), say("export it again")):
        targets = [_checked_values(each) for each in read(path, scan)]
        require_places(path, targets)
        return [_named(number, _with_true_pose(each)) for number, each in enumerate(targets, start=1)]


def read_hotspot(path: Path, name: str, scan: Volume | None = None) -> PlannedTarget:
    """The measured motor hotspot of a file, RAS mm of `scan`: the sample or the point that is called `name`.

    Without a name the only one there is, the only one that is called a hotspot, or of samples the one with the largest
    response. Samples count before targets. Raises UserError where that leaves none or several.
    """
    read_samples = getattr(format_of(path), "read_samples", None)
    samples = _read_by(read_samples, path, scan) if read_samples else []
    if name:
        points = _called(samples, name) or _called(read_targets(path, scan), name)
        ways = [points]
    else:
        points = samples or read_targets(path, scan)
        ways = [points, [each for each in points if "hotspot" in each.label.lower()], _with_largest_response(points)]
    chosen = next((way[0] for way in ways if len(way) == 1), None)
    if chosen is None:
        raise UserError(
            "{path}: which of its points is the hotspot is not clear; add its name ({names}).",
            path=path,
            names=", ".join(f"'{each.label}'" for each in points[:_FEW]) or say("none is called so"),
        )
    return chosen


def _called(points: list[PlannedTarget], name: str) -> list[PlannedTarget]:
    return [each for each in points if each.label.lower() == name.lower()]


def _with_largest_response(points: list[PlannedTarget]) -> list[PlannedTarget]:
    largest = max((each.numbers.get(RESPONSE_UV, 0.0) for each in points), default=0.0)
    return [each for each in points if each.numbers.get(RESPONSE_UV, 0.0) == largest > 0]


def format_of(path: Path) -> PointFormat | TargetReader:
    """The format whose signature stands in the file, in small or capital letters."""
    if path.exists() and not path.is_file():
        raise UserError("{path}: is no file; name the file of targets itself.", path=path)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UserError("{path}: is too large for a file of targets; name the right file.", path=path)
        text = path.read_text(encoding="utf-8", errors="replace").lower()
    except OSError as error:
        raise UserError(
            "{path}: cannot be read ({reason}); check the file's name.", path=path, reason=error.strerror
        ) from error
    unquoted = re.sub('[ "]', "", text)
    for entry in READERS:
        if any(signature.lower() in text or signature in unquoted for signature in entry.signatures):
            return entry
    known = ", ".join(each.title for each in READERS)
    raise UserError("{path}: no known file of targets; known are {formats}.", path=path, formats=known)


def _checked_values(target: PlannedTarget) -> PlannedTarget:
    """The target as its class says it is, whatever its reader was given; raises ValueError for anything else."""
    if not isinstance(target.label, str | None) or not isinstance(target.description, str | None):
        raise ValueError(f"a name or description is {target.label!r}, which is no text")
    shapes = {"position_ras_mm": (3,), "entry_ras_mm": (3,), "coil_pose_ras_mm": (4, 4)}
    for name, shape in shapes.items():
        value = getattr(target, name)
        if value is not None and (np.shape(value) != shape or not np.all(np.isfinite(value))):
            raise ValueError(f"of '{target.label}' {name} is no array of {shape} finite numbers")
    return with_warnings_apart(replace(target, description=target.description or ""))


def _named(number: int, target: PlannedTarget) -> PlannedTarget:
    """The target under a name that every format can write."""
    label = target.label or ""
    if label.strip() and label.isprintable():
        return target
    name = in_one_line((label,)).strip() or f"Target {number}"
    told = say(
        "Target {number} of the file is called '{name}', as its own name is empty or has characters of control.",
        number=number,
        name=name,
    )
    return replace(target, label=name, warnings=(*target.warnings, told))


def require_places(path: Path, targets: list[PlannedTarget]) -> None:
    """Raise UserError for a position that is no point in mm, or a coil pose that is mirrored or skewed."""
    for target in targets:
        places = [target.position_ras_mm, target.entry_ras_mm]
        if any(place is not None and not _is_place(place) for place in places):
            raise UserError(
                "{path}: the position of '{label}' is no point in mm; check the file.", path=path, label=target.label
            )
        if target.coil_pose_ras_mm is not None and not is_rigid(target.coil_pose_ras_mm):
            raise UserError(
                "{path}: the coil pose of '{label}' is mirrored or skewed; check its axes.",
                path=path,
                label=target.label,
            )


def _is_place(point_ras_mm: np.ndarray) -> bool:
    return np.shape(point_ras_mm) == (3,) and bool(np.all(np.abs(point_ras_mm) < _HEAD_MM))


def _with_true_pose(target: PlannedTarget) -> PlannedTarget:
    """The target with its coil's axes at right angles, or without a coil that has no orientation, which is said."""
    pose = target.coil_pose_ras_mm
    if pose is None:
        return target
    if has_orientation(pose[:3, :3]):
        return replace(target, coil_pose_ras_mm=nearest_rigid(pose))
    return replace(target, coil_pose_ras_mm=None, warnings=(*target.warnings, no_orientation(target.label)))


def read_fiducials(path: Path, scan: Volume | None = None) -> Fiducials:
    """The four points of a file in any format of targets, RAS mm of `scan`, with the file's warnings.

    Raises UserError where one is missing or named twice, or for a file that cannot be read.
    """
    found: dict[str, list[PlannedTarget]] = {name: [] for name in _FIDUCIALS}
    for target in read_targets(path, scan):
        key = fiducial_key(target.label)
        if key in found:
            found[key].append(target)
    missing = [name.replace("_", " ") for name, points in found.items() if not points]
    twice = [name.replace("_", " ") for name, points in found.items() if len(points) > 1]
    if missing or twice:
        wrong = (
            say("has no point called {missing}", missing=", ".join(missing))
            if missing
            else say("has {twice} twice", twice=", ".join(twice))
        )
        raise UserError(
            "{path}: {wrong}; name the four points nasion, inion, left tragus and right tragus.", path=path, wrong=wrong
        )
    chosen = {name: found[name][0] for name in _FIDUCIALS}
    told = dict.fromkeys(said_of(path, text) for point in chosen.values() for text in point.warnings)
    places = {f"{name}_ras_mm": point.position_ras_mm for name, point in chosen.items()}
    return Fiducials(**places, warnings=tuple(Doubt(text, "fiducials_file") for text in told))


def said_of(path: Path, warning: str) -> str:
    """A warning of a point with the name of the file that it is from, where it does not begin with that."""
    return warning if warning.startswith(path.name) else f"{path.name}: {warning}"


def fiducial_key(label: str) -> str:
    """The key of a fiducial that is called `label`; of any other point its label in small letters."""
    plain = " ".join(re.sub(r"[_()-]", " ", label.lower()).split())
    return next((key for key, words in _FIDUCIALS.items() if plain in words), plain)


def read_checked_targets(path: Path, scan: Volume | None) -> list[PlannedTarget]:
    """As `read_targets`, with what is doubtful about sides and coils (`sides.checked`); raises UserError as both do."""
    return checked(path, read_targets(path, scan), frame_of(scan))


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
    with told_as_damaged(path, say("this file of a mask"), say("export it again")):
        found, points = _mask_format_of(path).read(path, scan)
        points = [_named(number, _checked_values(each)) for number, each in enumerate(points, start=1)]
    if not found and not points:
        raise UserError("{path}: holds neither a mask nor a point; export the structure again.", path=path)
    frame = frame_of(scan)
    centroids = [_centroid(mask, frame) for mask in found] if frame or not points else []
    targets = points or centroids
    return checked(path, [with_warnings_apart(target) for target in targets], frame)


def _mask_format_of(path: Path) -> MaskFormat:
    if dicom_reader.is_dicom(path):
        kind = sop_class(path)
        found = [each for each in MASK_FORMATS.values() if each.sop_class and each.sop_class == kind]
    else:
        found = [each for each in MASK_FORMATS.values() if path.name.lower().endswith(each.endings)]
    if not found:
        raise UserError(
            "{path}: is neither a DICOM SEG nor an RT-STRUCT; name the file of the mask or its targets.", path=path
        )
    return found[0]


def _centroid(mask: NamedMask, frame: Frame | None) -> PlannedTarget:
    target = find_target(mask.volume, mask.volume.array_kji)
    warnings = (
        mask.volume.warnings + target.warnings + mask_place_doubts(mask.volume, mask.label, frame, mask.description)
    )
    words = say("target in the mask. {description}", description=mask.description)
    return PlannedTarget(mask.label, target.position_ras_mm, description=words, warnings=warnings)
