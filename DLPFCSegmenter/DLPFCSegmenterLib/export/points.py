"""What formats share: targets as a plain list of named points, and what is said of them in words.

For formats that know nothing but points a target's scalp entry and coil pose follow it as the points '<label> entry'
and '<label> coil'. For formats that have no field for words these lie in a file of their own beside the targets',
`<their file>.remarks.json`, where a person finds them and our reader does.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..geometry.poses import pose_from_axes
from ..terminology import NOTICE
from .targets import PlannedTarget

WARNING = "WARNING: "
"""Goes before each warning in a line of text."""
_ENTRY, _COIL = " entry", " coil"
_SUFFIX = ".remarks.json"


@dataclass(frozen=True)
class NamedPoint:
    """One point of a list: RAS mm, and for a coil its axes (SimNIBS's, RAS) as a 3x3 matrix's columns."""

    label: str
    position_ras_mm: np.ndarray
    axes_ras: np.ndarray | None = None
    description: str = ""


def points_of(targets: Iterable[PlannedTarget]) -> list[NamedPoint]:
    """Every target as one to three points; warnings are added to the descriptions."""
    return [point for target in targets for point in _points_of_one(target)]


def _points_of_one(target: PlannedTarget) -> list[NamedPoint]:
    points = [NamedPoint(target.label, target.position_ras_mm, None, described(target))]
    if target.entry_ras_mm is not None:
        points.append(NamedPoint(target.label + _ENTRY, target.entry_ras_mm))
    if target.coil_pose_ras_mm is not None:
        pose = target.coil_pose_ras_mm
        points.append(NamedPoint(target.label + _COIL, pose[:3, 3], pose[:3, :3]))
    return points


def described(target: PlannedTarget) -> str:
    """Description and warnings in one line."""
    return in_one_line((target.description, *(WARNING + text for text in target.warnings)))


def in_one_line(sentences: Iterable[str]) -> str:
    """Sentences as text that every format can hold: names of files may have characters that none can."""
    text = " ".join(" ".join(sentences).split())
    return "".join(character if character.isprintable() else "?" for character in text)


def with_warnings_apart(target: PlannedTarget) -> PlannedTarget:
    """A target read from a file, whose warnings stand in its description as `described` puts them.

    What its reader has to warn of stands after the file's own warnings.
    """
    description, *warnings = target.description.split(WARNING)
    own = tuple(text.strip() for text in warnings)
    return replace(target, description=description.strip(), warnings=tuple(dict.fromkeys(own + target.warnings)))


def warned(targets: Iterable[PlannedTarget], warning: str) -> list[PlannedTarget]:
    """The same targets with one warning more."""
    return [replace(target, warnings=(*target.warnings, warning)) for target in targets]


def targets_of(points: Iterable[NamedPoint], lone_coils: bool = False) -> list[PlannedTarget]:
    """The way back: an entry and a coil join the last target of their name that stands before them.

    lone_coils: a point with axes that joins none is a coil's pose; else its axes mean nothing.
    """
    targets: list[PlannedTarget] = []
    place_of: dict[str, int] = {}
    for point in points:
        label, addition = _addition(point)
        if addition and label in place_of:
            targets[place_of[label]] = replace(targets[place_of[label]], **addition)
            continue
        axes = point.axes_ras if lone_coils else None
        pose = None if axes is None else _pose(axes, point.position_ras_mm)
        place_of[point.label] = len(targets)
        targets.append(PlannedTarget(point.label, point.position_ras_mm, None, pose, point.description))
    return targets


def _addition(point: NamedPoint) -> tuple[str, dict]:
    """Label of the target that the point may belong to, and what it would tell of it."""
    if point.label.endswith(_ENTRY):
        return point.label.removesuffix(_ENTRY), {"entry_ras_mm": point.position_ras_mm}
    if point.label.endswith(_COIL) and point.axes_ras is not None:
        return point.label.removesuffix(_COIL), {"coil_pose_ras_mm": _pose(point.axes_ras, point.position_ras_mm)}
    return point.label, {}


def _pose(axes_ras: np.ndarray, centre_ras_mm: np.ndarray) -> np.ndarray:
    x_axis, y_axis, z_axis = axes_ras.T
    return pose_from_axes(x_axis, y_axis, z_axis, centre_ras_mm)


def remarks_of(targets: Iterable[PlannedTarget], name: Callable[[str], str] = str) -> dict[str, str]:
    """Label -> description and warnings of the targets that have any; `name` makes a label as it is written.

    Targets of one name share what is said of them, so that no warning is lost.
    """
    remarks: dict[str, str] = {}
    for target in targets:
        written = name(target.label)
        remarks[written] = f"{remarks.get(written, '')} {described(target)}".strip()
    return {label: text for label, text in remarks.items() if text}


def with_remarks(targets: Iterable[PlannedTarget], remarks: dict[str, str]) -> list[PlannedTarget]:
    """The targets as they were read, with what `remarks_of` kept of them as their descriptions."""
    return [replace(target, description=str(remarks.get(target.label, ""))) for target in targets]


def remarks_path(path: Path) -> Path:
    """Where the remarks on the targets of `path` lie."""
    return path.with_name(path.name + _SUFFIX)


def write_remarks(targets: Iterable[PlannedTarget], path: Path, name: Callable[[str], str] = str) -> Path:
    """Write the remarks beside `path`; also where there are none, so that old ones are replaced."""
    document = {"remarks_on": path.name, "notice": NOTICE, "targets": remarks_of(targets, name)}
    text = json.dumps(document, indent=2, ensure_ascii=False)
    beside = remarks_path(path)
    beside.write_text(text + "\n", encoding="utf-8", newline="\n")
    return beside


def read_remarks(path: Path) -> dict[str, str]:
    """The remarks beside `path`, none where no such file lies there; raises UserError for a damaged one."""
    beside = remarks_path(path)
    if not beside.exists():
        return {}
    try:
        return dict(json.loads(beside.read_text(encoding="utf-8-sig"))["targets"])
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{beside}: is damaged ({error}); export again, or move it away.") from error
