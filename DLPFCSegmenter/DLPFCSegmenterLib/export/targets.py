"""`PlannedTarget`: the one value that every exchange format writes and reads."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ..plan import HemispherePlan, Plan
    from ..targeting.point import Landmark

TARGET_NAME = "DLPFC target"
"""The target of a side, before `of_side`."""


@dataclass(frozen=True)
class PlannedTarget:
    """A named point, and where known how the coil is to be held over it.

    label             what the user reads beside the point
    position_ras_mm   the point, shape (3,); a file that holds only coil poses gives the pose's origin
    entry_ras_mm      point on the scalp above it, shape (3,), or None
    coil_pose_ras_mm  4x4 coil pose with SimNIBS's axes (`geometry.poses`), or None
    description       how the point was found, in words
    warnings          sentences that must travel with the point
    """

    label: str
    position_ras_mm: np.ndarray
    entry_ras_mm: np.ndarray | None = None
    coil_pose_ras_mm: np.ndarray | None = None
    description: str = ""
    warnings: tuple[str, ...] = ()


def planned_targets(plan: "Plan") -> list[PlannedTarget]:
    """Target and scalp landmarks of every side that was found, each label naming its side, and the fiducials.

    The targets of the literature are no part of a plan; `dlpfc export --literature` adds them.
    """
    points = [point for name, side in plan.sides.items() for point in _side_points(name, side, plan.warnings)]
    return [*points, *(landmark_point(mark.label, mark, plan.warnings) for mark in plan.fiducials)]


def _side_points(hemisphere: str, side: "HemispherePlan", shared_warnings: tuple[str, ...]) -> list[PlannedTarget]:
    target = PlannedTarget(
        of_side(TARGET_NAME, hemisphere),
        side.target.position_ras_mm,
        None if side.entry is None else side.entry.position_ras_mm,
        side.coil_pose_ras_mm,
        description=f"DLPFC: {side.target.method}",
        warnings=tuple(dict.fromkeys(shared_warnings + side.warnings)),
    )
    marks = side.landmarks
    return [target, *(landmark_point(of_side(mark.label, hemisphere), mark, shared_warnings) for mark in marks)]


def of_side(name: str, hemisphere: str) -> str:
    """Name of a point that belongs to the 'left' or 'right' side, as files and readers know it."""
    return f"{name} ({hemisphere})"


def landmark_point(label: str, landmark: "Landmark", shared_warnings: tuple[str, ...]) -> PlannedTarget:
    """A landmark as a point to export, with its own warnings and those of the plan."""
    return PlannedTarget(
        label,
        landmark.position_ras_mm,
        description=landmark_description(landmark),
        warnings=tuple(dict.fromkeys(shared_warnings + landmark.warnings)),
    )


def landmark_description(landmark: "Landmark") -> str:
    """The method in words, with the likely error where the point was only estimated."""
    if not landmark.estimated:
        return landmark.method
    if landmark.uncertainty_mm is None:
        return f"ESTIMATED: {landmark.method}"
    low, high = landmark.uncertainty_mm
    return f"ESTIMATED, off by {low:g}-{high:g} mm: {landmark.method}"
