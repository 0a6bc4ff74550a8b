"""How far the coil is from where the plan wants it: the numbers that a person reads while moving it."""

from dataclasses import dataclass

import numpy as np

from ..errors import UserError
from ..sentences import Sentence, say


@dataclass(frozen=True)
class Limits:
    """From when on the coil counts as in place.

    distance_mm  in the coil's plane, and of its height above the entry from the planned one
    angle_deg    of handle and tilt
    """

    distance_mm: float = 2.0
    angle_deg: float = 5.0

    def __post_init__(self) -> None:
        for value in (self.distance_mm, self.angle_deg):
            if not 0 < value <= 90:
                raise UserError(
                    "A limit is {value:g}; give one above 0 and of 90 at most, in mm and in degrees.", value=value
                )


@dataclass(frozen=True)
class Aim:
    """What the coil is held against: the planned pose (4x4, coil to RAS mm, `geometry.poses`) and its scalp entry."""

    hemisphere: str
    pose_ras_mm: np.ndarray
    entry_ras_mm: np.ndarray
    fingerprint: str


@dataclass(frozen=True)
class AimErrors:
    """How a coil lies against an aim, in the axes of the planned coil seen from behind it: handle down, head beyond.

    right_mm, up_mm  its centre beside the planned one; up is away from the handle
    height_mm        its centre above the scalp entry, along the planned axis out of the head
    planned_mm       what that should be
    handle_deg       turn about the planned axis; positive is clockwise as seen from behind
    tilt_deg         angle between its axis and the planned one
    """

    right_mm: float
    up_mm: float
    height_mm: float
    planned_mm: float
    handle_deg: float
    tilt_deg: float

    @property
    def in_plane_mm(self) -> float:
        """Distance of its centre from the axis through the planned entry."""
        return float(np.hypot(self.right_mm, self.up_mm))

    @property
    def off_mm(self) -> float:
        """How much higher above the entry than planned."""
        return self.height_mm - self.planned_mm

    def within(self, limits: Limits) -> dict[str, bool]:
        """'in_plane', 'height', 'handle' and 'tilt' -> whether that is within the limits."""
        return {
            "in_plane": self.in_plane_mm <= limits.distance_mm,
            "height": abs(self.off_mm) <= limits.distance_mm,
            "handle": abs(self.handle_deg) <= limits.angle_deg,
            "tilt": self.tilt_deg <= limits.angle_deg,
        }


def aim_errors(aim: Aim, coil_ras_mm: np.ndarray) -> AimErrors:
    """How a coil (4x4, coil to RAS mm) lies against an aim.

    The turn is parted into a tilt and a turn about the planned axis (swing and twist); turned about by 180 degrees
    the handle's error means nothing.
    """
    planned = np.linalg.inv(aim.pose_ras_mm)
    seen = planned @ coil_ras_mm
    entry = planned @ np.append(aim.entry_ras_mm, 1.0)
    handle = np.arctan2(seen[1, 0] - seen[0, 1], seen[0, 0] + seen[1, 1])
    tilt = np.arctan2(np.hypot(seen[0, 2], seen[1, 2]), seen[2, 2])
    return AimErrors(
        -float(seen[0, 3]), float(seen[1, 3]), float(entry[2] - seen[2, 3]), float(entry[2]),
        float(np.degrees(handle)), float(np.degrees(tilt)),
    )  # fmt: skip


def aim_in_words(errors: AimErrors, limits: Limits) -> Sentence:
    """The numbers in one line, what is outside the limits marked."""
    within = errors.within(limits)
    marks = {name: "" if is_within else "!" for name, is_within in within.items()}
    return say(
        "{mark_plane}in plane {plane:.1f} mm (right {right:+.1f}, up {up:+.1f}), {mark_height}height {height:.1f} mm"
        " (planned {planned:.1f}), {mark_handle}handle {handle:+.1f} deg, {mark_tilt}tilt {tilt:.1f} deg{end}",
        plane=errors.in_plane_mm, right=errors.right_mm, up=errors.up_mm, height=errors.height_mm,
        planned=errors.planned_mm, handle=errors.handle_deg, tilt=errors.tilt_deg, mark_plane=marks["in_plane"],
        mark_height=marks["height"], mark_handle=marks["handle"], mark_tilt=marks["tilt"],
        end=say(": in place") if all(within.values()) else say(""),
    )  # fmt: skip
