"""What formats share: targets as a plain list of named points, and what is said of them in words.

For formats that know nothing but points a target's scalp entry and coil pose follow it as the points '<label> entry'
and '<label> coil'. For formats that have no field for words these lie in a file of their own beside the targets',
`<their file>.remarks.json`, where a person finds them and our reader does.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np

from ..files import told_as_damaged
from ..geometry.poses import change_axes, pose_from_axes
from ..geometry.spaces import LPS_FROM_RAS
from ..sentences import say
from ..terminology import NOTICE
from .targets import PlannedTarget

WARNING = "WARNING: "
"""Goes before each warning in a line of text."""
_ENTRY, _COIL = " entry", " coil"
_SUFFIX = ".remarks.json"
_FORMULA = tuple("=+-@")
_SAME_AXES = 1e-6


def points_of(targets: Iterable[PlannedTarget]) -> list[PlannedTarget]:
    """Every target as one to three points, of which a coil has its pose; warnings are added to the descriptions."""
    return [point for target in targets for point in _points_of_one(target)]


def _points_of_one(target: PlannedTarget) -> list[PlannedTarget]:
    points = [PlannedTarget(target.label, target.position_ras_mm, description=described(target))]
    if target.entry_ras_mm is not None:
        points.append(PlannedTarget(target.label + _ENTRY, target.entry_ras_mm))
    if target.coil_pose_ras_mm is not None:
        pose = target.coil_pose_ras_mm
        points.append(PlannedTarget(target.label + _COIL, pose[:3, 3], coil_pose_ras_mm=pose))
    return points


def point_with_axes(
    label: str, position_ras_mm: np.ndarray, axes_ras: np.ndarray | None, description: str = ""
) -> PlannedTarget:
    """A point of a file and, where it has them, its axes, RAS, as the columns of a 3x3 matrix."""
    if axes_ras is None:
        return PlannedTarget(label, position_ras_mm, description=description)
    x_axis, y_axis, z_axis = axes_ras.T
    pose = pose_from_axes(x_axis, y_axis, z_axis, position_ras_mm)
    return PlannedTarget(label, position_ras_mm, coil_pose_ras_mm=pose, description=description)


def as_cell(text: str) -> str:
    """A text as a cell of a table: no spreadsheet shall take its first character for the beginning of a formula."""
    return f"'{text}" if text.lstrip("'")[:1] in _FORMULA else text


def from_cell(cell: str) -> str:
    """The text that `as_cell` made a cell of."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in _FORMULA else cell


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


def targets_of(points: Iterable[PlannedTarget], lone_coils: bool = False) -> list[PlannedTarget]:
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
        place_of[point.label] = len(targets)
        targets.append(point if lone_coils else replace(point, coil_pose_ras_mm=None))
    return targets


def has_orientation(axes: np.ndarray) -> bool:
    """Whether axes, 3x3 as a file of whatever make has them, are more than the ones that it writes for want of any.

    Programs give a point without orientation the axes of their space, and of LPS the same turned to RAS.
    """
    return not any(np.allclose(axes, none, atol=_SAME_AXES) for none in (np.eye(3), LPS_FROM_RAS[:3, :3]))


def _addition(point: PlannedTarget) -> tuple[str, dict]:
    """Label of the target that the point may belong to, and what it would tell of it."""
    if point.label.endswith(_ENTRY):
        return point.label.removesuffix(_ENTRY), {"entry_ras_mm": point.position_ras_mm}
    pose = point.coil_pose_ras_mm
    if point.label.endswith(_COIL) and pose is not None and has_orientation(pose[:3, :3]):
        return point.label.removesuffix(_COIL), {"coil_pose_ras_mm": pose}
    return point.label, {}


def posed_target(label: str, written_ras: np.ndarray, axes: np.ndarray, description: str = "") -> PlannedTarget:
    """The target of a file of coil poses, whose position is the coil's centre.

    written_ras  4x4 in RAS mm, in the axes of the file's own make, which `axes` turn to the library's
    A pose without an orientation (`has_orientation`) gives a point, and a warning.
    """
    centre = np.array(written_ras[:3, 3])
    if has_orientation(written_ras[:3, :3]):
        return PlannedTarget(label, centre, None, change_axes(written_ras, axes), description)
    return PlannedTarget(label, centre, description=description, warnings=(no_orientation(label),))


def no_orientation(label: str) -> str:
    """What is said of a coil whose axes are none."""
    return say(
        "The coil of '{label}' has the axes of its space, which is no orientation; it is taken for a point.",
        label=label,
    )


def remarks_of(targets: Iterable[PlannedTarget]) -> dict[str, str]:
    """Label -> description and warnings of the targets that have any.

    Targets of one name share what is said of them, so that no warning is lost.
    """
    remarks: dict[str, str] = {}
    for target in targets:
        remarks[target.label] = f"{remarks.get(target.label, '')} {described(target)}".strip()
    return {label: text for label, text in remarks.items() if text}


def with_remarks(targets: Iterable[PlannedTarget], remarks: dict[str, str]) -> list[PlannedTarget]:
    """The targets as they were read, with what `remarks_of` kept of them as their descriptions."""
    return [replace(target, description=str(remarks.get(target.label, ""))) for target in targets]


def kept_apart(targets: Iterable[PlannedTarget]) -> list[PlannedTarget]:
    """The targets, of which each has a name of its own: a second one of a name gets a number, and says so."""
    targets, seen = list(targets), set[str]()
    taken, apart = {target.label for target in targets}, []
    for target in targets:
        name = target.label
        if name in seen:
            name = next(f"{number} {target.label}" for number in count(2) if f"{number} {target.label}" not in taken)
            told = say(
                "'{label}' is the name of another target too; this one is called '{name}'.",
                label=target.label,
                name=name,
            )
            target = replace(target, label=name, warnings=(*target.warnings, told))
        seen.add(name)
        taken.add(name)
        apart.append(target)
    return apart


def renamed(targets: Iterable[PlannedTarget], written: Callable[[str], str]) -> list[PlannedTarget]:
    """The targets under the names that a file can hold, as `written` makes them; names that differ stay different.

    One that only a number keeps apart from another says so.
    """
    targets, names = list(targets), dict[str, str]()
    for label in dict.fromkeys(target.label for target in targets):
        name = written(label)
        numbered = (written(f"{number} {label}") for number in count(2))
        names[label] = name if name not in names.values() else next(n for n in numbered if n not in names.values())
    return [_renamed(target, names[target.label], written) for target in targets]


def _renamed(target: PlannedTarget, name: str, written: Callable[[str], str]) -> PlannedTarget:
    if name == written(target.label):
        return replace(target, label=name)
    told = say(
        "'{label}' is called '{name}' in this file, in which its name would be that of another target.",
        label=target.label,
        name=name,
    )
    return replace(target, label=name, warnings=(*target.warnings, told))


def remarks_path(path: Path) -> Path:
    """Where the remarks on the targets of `path` lie."""
    return path.with_name(path.name + _SUFFIX)


def write_remarks(targets: Iterable[PlannedTarget], path: Path) -> Path:
    """Write the remarks beside `path`; also where there are none, so that old ones are replaced."""
    document = {"remarks_on": path.name, "notice": NOTICE, "targets": remarks_of(targets)}
    text = json.dumps(document, indent=2, ensure_ascii=False)
    beside = remarks_path(path)
    beside.write_text(text + "\n", encoding="utf-8", newline="\n")
    return beside


def read_remarks(path: Path) -> dict[str, str]:
    """The remarks beside `path`, none where no such file lies there; raises UserError for a damaged one."""
    beside = remarks_path(path)
    if not beside.exists():
        return {}
    with told_as_damaged(beside, say("this file of remarks"), say("export again, or move it away")):
        return dict(json.loads(beside.read_text(encoding="utf-8-sig"))["targets"])
