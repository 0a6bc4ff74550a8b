"""What a plan says, in words for the picture and the page."""

from pathlib import PurePath

from ..plan import HemispherePlan, Plan
from ..targeting.point import Landmark

MANNERS = {
    "": "straight line",
    "_axial": "in the axial plane",
    "_along_scalp": "along the scalp",
    "_from_cortex": "from its cortical projection",
}
"""Ends of the names of distances to the target, in words."""


def all_warnings(plan: Plan) -> list[str]:
    """Sides that were not found and then every warning of the plan, each once."""
    missing = [f"{name.capitalize()}: {reason}" for name, reason in plan.not_found.items()]
    of_sides = (warning for side in plan.sides.values() for warning in side_warnings(side))
    return list(dict.fromkeys((*missing, *plan.volume.warnings, *plan.warnings, *of_sides)))


def side_warnings(side: HemispherePlan) -> tuple[str, ...]:
    """Every warning of one side, of its mask and its landmarks too, each once."""
    of_landmarks = tuple(text for landmark in side.landmarks for text in landmark.warnings)
    return tuple(dict.fromkeys(side.region.warnings + side.warnings + of_landmarks))


def doubt_in_words(landmark: Landmark) -> str:
    """'±15-20 mm' where the likely error is known, else nothing."""
    return "±{:g}-{:g} mm".format(*landmark.uncertainty_mm) if landmark.uncertainty_mm else ""


def target_in_words(side: HemispherePlan) -> str:
    """How the target was chosen."""
    return side.target.method


def scan_name(plan: Plan) -> str:
    """The last part of what the scan is known by: its file, folder or node name."""
    return PurePath(plan.volume.source).name or plan.volume.source
