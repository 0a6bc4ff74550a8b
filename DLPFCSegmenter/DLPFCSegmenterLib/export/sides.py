"""Whether points, coils and masks lie on the side of the head that they are said to be of: asked at every door, in and
out.

What is said is the hemisphere that a plan gave a point, else a word in its name, such as 'DLPFC (left)' or 'L tragus'.
With MNI space laid on the scan it is known where the midline runs and where the brain lies. Without it only what a
file itself contradicts can be told.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from ..doubts import key_of, unless_refused
from ..errors import UserError
from ..geometry.sides import SIDES, other_side, outwards
from ..geometry.spaces import transform_points
from ..plan import Plan
from ..scan.head_frame import HeadFrame, implausible_frame, template_brain
from ..scan.volume import Volume, voxel_points_ras_mm
from ..segmentation.region import Region
from ..sentences import say
from ..targeting.target import find_target, mask_doubts, off_brain_warnings
from .targets import PlannedTarget

_LETTERS = {"l": "left", "r": "right", "左": "left", "右": "right"}
_WORD = re.compile(r"(?<![^\W\d_])(left|right|[lr](?:h|t|dlpfc|mfg|pfc|m1)?)(?![^\W\d_])|(左|右)", re.IGNORECASE)
"""A word of its own: 'left', 'L', 'rh', 'LDLPFC'; digits, '_' and punctuation part words."""

_OVER_MIDLINE_MM, _DOUBTFUL_MM = 10.0, 2.0
"""So far beyond the midline, in MNI space, a point is of the other side, and from here on it is worth a look."""

_ORIGIN_MM = 20.0
"""So far from x = 0 most scans have no midline."""

_NO_HEAD = say("no human head was found in the scan")

_SIDE_DOUBTS = ("mask_other_side", "hotspot_other_side")

_BRAIN_MNI_MM = np.array([0.0, -17.0, 10.0])
_SLANT_DEG = 70.0
"""A coil that lies on the scalp points closer to the middle of the brain than this."""

_PAST_MM, _PAST_DEG = 10.0, 20.0
"""Planned coils point at most 2.7 mm past their targets, on both sides of 39 heads."""

_OFF_BRAIN_MM = 60.0
"""A coil on the scalp lies no further from the brain, held off for a cap or electrodes too."""

_METRES_MM = 0.5
"""So near the origin lies all of a head that is told in metres."""

_DLPFC_MNI_MM = np.array([40.0, 34.0, 34.0])
"""Middle of the right DLPFC, among the published targets; the left one's mirrors it."""

_ANOTHER_MASK_MM = 40.0
"""No one's corrections move the middle of a mask so far; the two sides' lie about 70 mm apart."""


_NO_REGIONS = "mask|roi|segment|segmentation|target|region|label|side|hemisphere|brain"
_OF_A_REGION = re.compile(rf"^Region: |^(Left|Right) (?!({_NO_REGIONS})\b)|label-(?!{_NO_REGIONS})\w", re.IGNORECASE)
"""How a mask says of what it is: in its remarks (`told_region`), as a segment's name, or as a file's in BIDS."""


def told_region(region: str) -> str:
    """How a mask's remarks begin that is of another region than the DLPFC."""
    return f"Region: {region}."


def side_in(name: str) -> str:
    """'left' or 'right' where a name says one of them, else ''; '(left)' at its end counts most."""
    ending = re.search(r"\((left|right)\)$", name)
    if ending:
        return ending[1]
    said = {_LETTERS[match[0][0].lower()] for match in _WORD.finditer(name)}
    return said.pop() if len(said) == 1 else ""


def with_coded_side(path: Path, label: str, coded: Iterable[str]) -> str:
    """The name of a segment with the side that a code beside it tells, where the name tells none.

    Raises UserError where the two contradict each other.
    """
    sides, named = set(coded), side_in(label)
    if len(sides) != 1 or named in sides:
        return label
    side = sides.pop()
    if named:
        raise UserError(
            "{path}: its segment '{label}' is coded as {side}; correct its name or its terminology.",
            path=path,
            label=label,
            side=say(side),
        )
    return f"{label} ({side})"


def side_of(target: PlannedTarget) -> str:
    """The side that a target is said to be of, '' for none."""
    return target.hemisphere or side_in(target.label)


class Frame:
    """MNI space in a scan, found when it is asked for.

    registration  MNI space laid on the scan, or None where no head was found in it
    """

    def __init__(self, find: Callable[[], HeadFrame | None]) -> None:
        self._find = cache(find)

    @property
    def reason(self) -> str:
        """Why nothing may be placed by it, as a part of a sentence; '' where something may."""
        found = self._find()
        why = "" if found is None else implausible_frame(found)
        return f"{_NO_HEAD} ({why})" if why else "" if found else _NO_HEAD

    @property
    def registration(self) -> HeadFrame | None:
        """None also for one that nothing may be placed by."""
        return None if self.reason else self._find()


def frame_of(scan: Volume | None) -> Frame | None:
    """That of a scan that no plan is known of; None without one."""
    return None if scan is None else Frame(lambda: _found_in(scan))


def _found_in(scan: Volume) -> HeadFrame:
    from ..segmentation.head_finding import head_scan  # PyTorch, which files of points need not

    return head_scan(scan).registration


def frame_in(plan: Plan) -> Frame | None:
    """That of a plan, in the space in which the plan's points lie; None where nobody looked for one."""
    return None if plan.registration is None else Frame(lambda: plan.registration)


def checked(source: Path | str, targets: Iterable[PlannedTarget], frame: Frame | None) -> list[PlannedTarget]:
    """The targets with what is doubtful about their sides and coils, RAS mm of the frame's scan.

    Raises UserError, which begins with `source`, for one that lies on the other side than it is said to.
    """
    targets = list(targets)
    _require_order(source, targets)
    return [
        replace(each, warnings=tuple(dict.fromkeys((*each.warnings, *_doubts(source, each, frame)))))
        for each in targets
    ]


def _require_order(source: Path | str, targets: list[PlannedTarget]) -> None:
    """In RAS everything of the left side has smaller x than what mirrors it; all of it the other way round is LPS."""
    x_mm = {side: [each.position_ras_mm[0] for each in targets if side_of(each) == side] for side in SIDES}
    if all(x_mm.values()) and min(x_mm["left"]) > max(x_mm["right"]):
        raise UserError(
            "{source}: all that is named left lies to the right of all that is named right; the file is"
            " mirrored, or in LPS though it says RAS.",
            source=source,
        )


def _doubts(source: Path | str, target: PlannedTarget, frame: Frame | None) -> list[str]:
    side, pose = side_of(target), target.coil_pose_ras_mm
    doubts = _in_metres(target) + ([] if pose is None else _off_target(target, pose))
    if frame is None:
        return doubts + _far_from_origin(target, side)
    if not side and pose is None:
        return doubts
    if frame.registration is None:
        about = say("its side ({side})", side=say(side)) if side else say("its coil's direction")
        return [
            *doubts,
            say(
                "Of '{label}' {about} was not checked, as {reason}.",
                label=target.label,
                about=about,
                reason=frame.reason,
            ),
        ]
    matrix = frame.registration.ras_from_mni
    if side:
        doubts += _over_midline(source, target, side, matrix)
    if pose is not None and not _in_metres(target):
        doubts += _off_head(target, pose, matrix)
    if pose is not None and not doubts:
        doubts += _off_brain(target, pose, matrix)
    return doubts


def _over_midline(source: Path | str, target: PlannedTarget, side: str, ras_from_mni: np.ndarray) -> list[str]:
    pose = target.coil_pose_ras_mm
    places = [target.position_ras_mm, target.entry_ras_mm, None if pose is None else pose[:3, 3]]
    x_mm = transform_points(np.linalg.inv(ras_from_mni), [place for place in places if place is not None])[:, 0]
    over = float((-outwards(side) * x_mm).max())
    if over > _OVER_MIDLINE_MM:
        raise UserError(
            "{source}: '{label}' is of the {side} side and lies {over:.0f} mm over the midline, on the"
            " {other}; the file is mirrored, in another space, or of another scan, or the name is wrong.",
            source=source,
            label=target.label,
            side=say(side),
            over=over,
            other=say(other_side(side)),
        )
    told = say(
        "'{label}' lies {over:.0f} mm over the midline, on the {other}; check its side.",
        label=target.label,
        over=over,
        other=say(other_side(side)),
    )
    return [told] if over > _DOUBTFUL_MM else []


def _far_from_origin(target: PlannedTarget, side: str) -> list[str]:
    x_mm = float(target.position_ras_mm[0])
    if not side or x_mm * outwards(side) > -_ORIGIN_MM:
        return []
    return [
        say(
            "'{label}' lies at x = {x_mm:.0f} mm, which in most scans is the {other} side; name its scan to"
            " have that checked (--scan).",
            label=target.label,
            x_mm=x_mm,
            other=say(other_side(side)),
        )
    ]


def _off_target(target: PlannedTarget, pose: np.ndarray) -> list[str]:
    """Of a coil that points away from its own target, as far as the file has one, or past that or its entry."""
    towards = target.position_ras_mm - pose[:3, 3]
    if np.linalg.norm(towards) < 1.0:
        return []
    along = float(towards @ pose[:3, 2])
    if along < 0:
        return [
            say(
                "The coil of '{label}' points away from its target; check the axes by which its file was written.",
                label=target.label,
            )
        ]
    past = _off_axis_mm(target.position_ras_mm, pose)
    if np.degrees(np.arctan2(past, along)) > _PAST_DEG and past > _PAST_MM:
        return [_moved_alone(target, say("its target"), past)]
    past = 0.0 if target.entry_ras_mm is None else _off_axis_mm(target.entry_ras_mm, pose)
    return [_moved_alone(target, say("its scalp entry"), past)] if past > _PAST_MM else []


def _off_axis_mm(place_ras_mm: np.ndarray, pose: np.ndarray) -> float:
    """How far a place lies from the line along which a coil points."""
    return float(np.linalg.norm(np.cross(place_ras_mm - pose[:3, 3], pose[:3, 2])))


def _moved_alone(target: PlannedTarget, what: str, past_mm: float) -> str:
    return say(
        "The coil of '{label}' points {past:.0f} mm past {what}, as where one of them was moved without the other; plan"
        " again, or place both.",
        label=target.label,
        past=past_mm,
        what=what,
    )


def _in_metres(target: PlannedTarget) -> list[str]:
    pose = target.coil_pose_ras_mm
    place = target.position_ras_mm if pose is None else pose[:3, 3]
    if np.linalg.norm(place) > _METRES_MM:
        return []
    what = f"'{target.label}'" if pose is None else say("The coil of '{label}'", label=target.label)
    return [
        say("{what} lies at the origin of its space; check its place, and that its file is not in metres.", what=what)
    ]


def _off_head(target: PlannedTarget, pose: np.ndarray, ras_from_mni: np.ndarray) -> list[str]:
    """Of a coil that lies in the brain or far off the head."""
    brain, centre = template_brain(), pose[:3, 3]
    if brain.values_at(transform_points(np.linalg.inv(ras_from_mni), centre)):
        return [
            say(
                "The coil of '{label}' lies inside the brain; check its place and the unit of its file.",
                label=target.label,
            )
        ]
    points_ras_mm = transform_points(ras_from_mni, voxel_points_ras_mm(brain, brain.array_kji))
    away = float(np.linalg.norm(points_ras_mm - centre, axis=1).min())
    if away <= _OFF_BRAIN_MM:
        return []
    return [
        say(
            "The coil of '{label}' lies {away:.0f} mm from the brain, off the head; check its place.",
            label=target.label,
            away=away,
        )
    ]


def _off_brain(target: PlannedTarget, pose: np.ndarray, ras_from_mni: np.ndarray) -> list[str]:
    towards = transform_points(ras_from_mni, _BRAIN_MNI_MM) - pose[:3, 3]
    cosine = float(towards @ pose[:3, 2] / np.linalg.norm(towards))
    angle = float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
    if angle <= _SLANT_DEG:
        return []
    manner = say("out of the head") if angle > 90 else say("past the brain")
    return [
        say(
            "The coil of '{label}' points {manner}, {angle:.0f} degrees off its middle; check its axes.",
            label=target.label,
            manner=manner,
            angle=angle,
        )
    ]


def require_sides(plan: Plan) -> None:
    """Raise UserError for a plan with a mask or a hotspot of the other side: the rule makes none, an edit may."""
    for side in plan.sides.values():
        told = (*side.warnings, *(each for mark in side.landmarks for each in mark.warnings))
        unless_refused(tuple(each for each in told if key_of(each) in _SIDE_DOUBTS))


def require_mask_of(source: Path | str, region: Region, planned_ras_mm: np.ndarray, frame: Frame | None) -> None:
    """Raise UserError for a mask in `source` that lies on the other side of the head, or nowhere near where the plan
    had its middle, RAS mm, shape (3,).
    """
    if frame is not None and frame.registration is not None:
        named = replace(region.volume, origin=replace(region.volume.origin, path=str(source)))
        doubts = mask_doubts(named, region.mask_kji, region.hemisphere, frame.registration)
        unless_refused(tuple(each for each in doubts if each.key in _SIDE_DOUBTS))
    away = float(np.linalg.norm(middle_ras_mm(region) - planned_ras_mm))
    if away > _ANOTHER_MASK_MM:
        raise UserError(
            "{source}: lies {away:.0f} mm from where the {hemisphere} {region} was planned, so it is the mask of"
            " the other side or of another scan; put the right file there or plan again.",
            source=source,
            away=away,
            hemisphere=say(region.hemisphere),
            region=region.name,
        )


def require_each_on_its_side(volume: Volume, masks_kji: Mapping[str, np.ndarray]) -> None:
    """Raise UserError for masks of both sides, bool, shape (K, J, I), of which the left one lies right of the other."""
    middles = {side: voxel_points_ras_mm(volume, mask)[:, 0].mean() for side, mask in masks_kji.items() if np.any(mask)}
    if len(middles) > 1 and middles["left"] > middles["right"]:
        raise UserError(
            "{source}: the mask of the left side lies to the right of that of the right side; exchange them.",
            source=volume.source,
        )


def middle_ras_mm(region: Region) -> np.ndarray:
    """Centre of mass of a mask, RAS mm, shape (3,); raises NotFoundError for an empty one."""
    return find_target(region.volume, region.mask_kji).centroid_ras_mm


def mask_place_doubts(mask: Volume, label: str, frame: Frame | None, remarks: str = "") -> tuple[str, ...]:
    """What is doubtful about where a mask, given as its grid's values, lies in the scan's brain.

    label, remarks  its name and what is said of it in its file
    Raises UserError for one off the brain, on the other side than its name says, or called DLPFC and lying elsewhere.
    """
    unchecked = say("Whether the mask {name} lies on the brain was not checked", name=Path(mask.source).name)
    if frame is None:
        return (say("{unchecked}, as its scan was not named.", unchecked=unchecked),)
    if frame.registration is None:
        return (f"{unchecked}, as {frame.reason}.",)
    side = side_in(label) or side_in(Path(mask.source).name)
    if side:
        doubts = unless_refused(mask_doubts(mask, mask.array_kji, side, frame.registration))
    else:
        doubts = off_brain_warnings(mask, mask.array_kji, frame.registration)
    return (*doubts, *_elsewhere(mask, (label, Path(mask.source).name, remarks), frame.registration))


def _elsewhere(mask: Volume, said: tuple[str, ...], registration: HeadFrame) -> tuple[str, ...]:
    """What is said of a mask far from where the DLPFC of its side lies; raises UserError for one that is called so.

    said  texts of which any may name its region; of one that is another there is nothing to say
    """
    is_dlpfc = any("dlpfc" in text.lower() for text in said[:2])
    if not is_dlpfc and any(_OF_A_REGION.search(text) for text in said):
        return ()
    middle = voxel_points_ras_mm(mask, mask.array_kji).mean(axis=0)
    x, y, z = transform_points(np.linalg.inv(registration.ras_from_mni), middle)
    away = float(np.linalg.norm((abs(x), y, z) - _DLPFC_MNI_MM))
    if away <= _ANOTHER_MASK_MM:
        return ()
    told = say("lies {away:.0f} mm from where the DLPFC lies in most heads", away=away)
    if is_dlpfc:
        raise UserError(
            "{source}: {told}; it is flipped, moved or of another scan, or its name is wrong.",
            source=mask.source,
            told=told,
        )
    sentence = say("The mask {name} {told}; check its place, unless it is of another region.", name=said[1], told=told)
    return (sentence,)
