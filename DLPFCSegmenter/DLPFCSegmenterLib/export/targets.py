"""`PlannedTarget`: the one value that every exchange format writes and reads."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from ..errors import UserError
from ..geometry.poses import nearest_rigid
from ..geometry.spaces import transform_points
from ..scan.volume import Volume
from ..sentences import say
from ..targeting.mni_targets import MNI_TARGETS
from ..targeting.point import FIVE_CM, HOTSPOT, TARGET, Method
from ..words import TARGETS, description_of, label_of, method_of

if TYPE_CHECKING:
    from ..plan import HemispherePlan, Plan
    from ..segmentation.region import Region
    from ..targeting.point import Point
    from ..targeting.stimulation import Stimulation

FIDUCIAL_KEYS = ("nasion", "inion", "left_tragus", "right_tragus")

POINT_GROUPS = (TARGET, "entry", "coil", HOTSPOT, FIVE_CM, "measured", "published", "circuit", "fiducials", "added")
"""What a person may choose of the points: parts of the target, and the others by what they are.

'measured' are Beam F3/F4 and 10-20 F3/F4, 'circuit' the further places that fMRI puts forward, 'added' those that are
of no plan.
"""

_CIRCUIT = "circuit"

RESPONSE_UV = "response_uv"
"""Among a target's numbers: what the muscle answered to a pulse there, peak to peak in microvolts."""


@dataclass(frozen=True)
class PlannedTarget:
    """A named point, and where known how the coil is to be held over it.

    label             what the user reads beside the point
    position_ras_mm   the point, shape (3,); a file that holds only coil poses gives the pose's origin
    entry_ras_mm      point on the scalp above it, shape (3,), or None
    coil_pose_ras_mm  4x4 coil pose with SimNIBS's axes (`geometry.poses`), or None
    description       how the point was found, in words
    warnings          sentences that must travel with the point
    hemisphere        'left' or 'right' where it is known to belong to one, else ''
    key               that of the plan's point, '' for a point that is of no plan
    numbers           what else is known in numbers: lengths by tape in cm, a sample's response in microvolts
    """

    label: str
    position_ras_mm: np.ndarray
    entry_ras_mm: np.ndarray | None = None
    coil_pose_ras_mm: np.ndarray | None = None
    description: str = ""
    warnings: tuple[str, ...] = ()
    hemisphere: str = ""
    key: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)


def planned_targets(plan: "Plan") -> list[PlannedTarget]:
    """Target and scalp landmarks of every side that was found, each label naming its side, the fiducials, and where
    the coil was held.

    The targets of the literature are no part of a plan; `dlpfc export --literature` adds them.
    """
    points = [point for name, side in plan.sides.items() for point in _side_points(name, side, plan)]
    fiducials = (exported_point(mark, plan.warnings) for mark in plan.fiducials)
    return [*points, *fiducials, *(_stimulated(number, each) for number, each in enumerate(plan.stimulated, 1))]


def _stimulated(number: int, held: "Stimulation") -> PlannedTarget:
    told = (
        say("Stimulated here: the coil under a tracker at {time}.", time=held.time)
        if held.time else say("Stimulated here: the coil under a tracker.")
    )  # fmt: skip
    return PlannedTarget(
        of_side(f"Stimulated here {number}", held.hemisphere), held.pose_ras_mm[:3, 3],
        coil_pose_ras_mm=held.pose_ras_mm, description=told, hemisphere=held.hemisphere, key=f"stimulated_{number}",
    )  # fmt: skip


def regions_of(plan: "Plan") -> "dict[str, Region]":
    """Hemisphere -> its mask with the plan's warnings beside its own; none where there is but a target."""
    return {
        name: replace(side.region, warnings=tuple(dict.fromkeys(plan.warnings + side.warnings)))
        for name, side in plan.sides.items()
        if side.region.mask_kji.any()
    }


def _side_points(hemisphere: str, side: "HemispherePlan", plan: "Plan") -> list[PlannedTarget]:
    shared_warnings = plan.warnings
    target = PlannedTarget(
        of_side(f"{side.region.name} target", hemisphere),
        side.target.position_ras_mm,
        None if side.entry is None else side.entry.position_ras_mm,
        side.coil_pose_ras_mm,
        description=f"{side.region.name}: {method_of(side.target.point)}",
        warnings=tuple(dict.fromkeys(shared_warnings + side.warnings)),
        hemisphere=hemisphere,
        key=TARGET,
        numbers=_lengths_cm(plan, side),
    )
    marks = side.landmarks
    return [target, *(exported_point(mark, shared_warnings) for mark in marks), *_circuit_targets(hemisphere, side)]


def _lengths_cm(plan: "Plan", side: "HemispherePlan") -> dict[str, float]:
    """What was measured by tape, on the head or in the scan: the head's own lengths, and X and Y of the entry.

    Lengths from estimated fiducials are no measures, and stay out.
    """
    taped, tapes = side.by_tape, plan.options.tapes
    found = {}
    if taped is not None and not taped.estimated:
        found = {"circumference_cm": taped.circumference_mm / 10.0, "nasion_inion_cm": taped.nasion_inion_mm / 10.0}
        found |= {"x_cm": taped.around.length_mm / 10.0, "y_cm": taped.from_vertex.length_mm / 10.0}
    return found | (asdict(tapes) if tapes else {})


def _circuit_targets(hemisphere: str, side: "HemispherePlan") -> list[PlannedTarget]:
    """The places that resting-state fMRI puts forward and that are not the target, best first."""
    if side.circuit is None:
        return []
    others = [
        PlannedTarget(
            of_side(f"Circuit {rank}", hemisphere), each.position_ras_mm, hemisphere=hemisphere,
            description=f"{TARGETS[Method.CIRCUIT]}, rank {rank}, z {each.z:.2f}", warnings=side.circuit.warnings,
            key=f"{_CIRCUIT}_{rank}",
        )
        for rank, each in enumerate(side.circuit.targets, 1)
    ]  # fmt: skip
    return others[1:] if side.target.method is Method.CIRCUIT else others


def chosen_points(targets: list[PlannedTarget], names: Collection[str]) -> list[PlannedTarget]:
    """Those of the points that are named, by their keys or groups (`POINT_GROUPS`).

    'coil' and 'entry' bring the target. Raises UserError for a name that there is not.
    """
    keys = [target.key for target in targets]
    known = {*filter(None, keys), *map(_group_of, keys), *(("entry", "coil") if TARGET in keys else ())}
    unknown = sorted(set(names) - known)
    if unknown:
        raise UserError(
            "There are no points '{unknown}'; choose from {known}.", unknown=unknown[0], known=", ".join(sorted(known))
        )
    return _kept(targets, names)


def without_points(targets: list[PlannedTarget], groups: Collection[str]) -> list[PlannedTarget]:
    """All points but those of some groups (`POINT_GROUPS`); with the target go its entry and its coil."""
    kept = [target for target in targets if target.key != TARGET or TARGET not in groups]
    return _kept(kept, [group for group in POINT_GROUPS if group not in groups])


def _kept(targets: list[PlannedTarget], names: Collection[str]) -> list[PlannedTarget]:
    parts = (TARGET, "entry", "coil")
    return [
        target
        if target.key != TARGET
        else replace(
            target,
            coil_pose_ras_mm=target.coil_pose_ras_mm if "coil" in names else None,
            entry_ras_mm=target.entry_ras_mm if "entry" in names else None,
        )
        for target in targets
        if any(part in names for part in (parts if target.key == TARGET else (target.key, _group_of(target.key))))
    ]


def _group_of(key: str) -> str:
    """The group of `POINT_GROUPS` that a point's key belongs to."""
    if key in POINT_GROUPS:
        return key
    if key in FIDUCIAL_KEYS:
        return "fiducials"
    if key in {target.key for target in MNI_TARGETS}:
        return "published"
    return _CIRCUIT if key.startswith(f"{_CIRCUIT}_") else "measured" if key else "added"


def of_side(name: str, hemisphere: str) -> str:
    """Name of a point that belongs to the 'left' or 'right' side, as files and readers know it."""
    return f"{name} ({hemisphere})"


def exported_point(point: "Point", shared_warnings: tuple[str, ...]) -> PlannedTarget:
    """A point of a plan as one to export, its label naming its side, with its own warnings and those of the plan."""
    label = label_of(point)
    return PlannedTarget(
        of_side(label, point.hemisphere) if point.hemisphere else label,
        point.position_ras_mm,
        description=description_of(point),
        warnings=tuple(dict.fromkeys(shared_warnings + point.warnings)),
        hemisphere=point.hemisphere,
        key=point.key,
    )


def brought(targets: Iterable[PlannedTarget], here: Volume | None, there: Volume | None) -> list[PlannedTarget]:
    """The targets of a scan that lies `here`, in the same voxels of it where it lies `there`; without one as they are.

    Where Slicer shows a NIfTI file elsewhere than it is read, what is written for Slicer, or read from it, is moved.
    """
    if here is there or here is None or there is None:
        return list(targets)
    matrix = there.ijk_to_ras @ np.linalg.inv(here.ijk_to_ras)
    return [moved(target, matrix) for target in targets]


def moved(target: PlannedTarget, matrix: np.ndarray) -> PlannedTarget:
    """The target under a 4x4 that takes RAS mm to RAS mm; the coil's axes stay at right angles."""
    entry, pose = target.entry_ras_mm, target.coil_pose_ras_mm
    return replace(
        target,
        position_ras_mm=transform_points(matrix, target.position_ras_mm),
        entry_ras_mm=None if entry is None else transform_points(matrix, entry),
        coil_pose_ras_mm=None if pose is None else nearest_rigid(matrix @ pose),
    )
