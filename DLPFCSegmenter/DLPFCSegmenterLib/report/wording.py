"""What a plan says, in words for the picture and the page."""

from pathlib import PurePath

from ..plan import HemispherePlan, Plan
from ..targeting.landmark import Landmark

_MANNERS = {"": "straight line", "_axial": "in the axial plane", "_along_scalp": "along the scalp"}


def all_warnings(plan: Plan) -> list[str]:
    """Sides that were not found and then every warning of the plan, each once."""
    missing = [f"{name.capitalize()}: {reason}" for name, reason in plan.not_found.items()]
    of_sides = (warning for side in plan.sides.values() for warning in _side_warnings(side))
    return list(dict.fromkeys((*missing, *plan.volume.warnings, *plan.warnings, *of_sides)))


def _side_warnings(side: HemispherePlan) -> tuple[str, ...]:
    of_landmarks = tuple(text for landmark in side.landmarks for text in landmark.warnings)
    return side.region.warnings + side.warnings + of_landmarks


def distance_in_words(name: str, side: HemispherePlan) -> str:
    """The name of a distance of the plan: 'five_cm_to_target' is '5-cm landmark to target, straight line'."""
    if name == "target_to_scalp":
        return "Target to the nearest scalp"
    labels = {landmark.key: landmark.label for landmark in side.landmarks}
    start, _, manner = name.partition("_to_target")
    if start in labels and manner in _MANNERS:
        return f"{labels[start]} to target, {_MANNERS[manner]}"
    return name.replace("_", " ").capitalize()


def doubt_in_words(landmark: Landmark) -> str:
    """'±15-20 mm' where the likely error is known, else nothing."""
    return "±{:g}-{:g} mm".format(*landmark.uncertainty_mm) if landmark.uncertainty_mm else ""


def target_in_words(side: HemispherePlan) -> str:
    """How the target was chosen."""
    return "centroid of the mask" if side.target.centroid_inside else "mask voxel nearest to the centroid"


def scan_name(plan: Plan) -> str:
    """The last part of what the scan is known by: its file, folder or node name."""
    return PurePath(plan.volume.source).name or plan.volume.source
