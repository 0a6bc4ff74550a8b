"""The plan as a person has left it: masks edited, points moved, the rest computed again for them.

A run's findings are kept without their images (`findings_of`); what a person sees and may change comes
from where they changed it (`SideAsLeft`). Together they give a `Plan` again (`plan_as_left`), so that
files, pictures and reports are made of it by the code that makes them of a plan just computed.
"""

from dataclasses import dataclass, replace

import numpy as np

from .errors import UserError
from .plan import HemispherePlan, Plan, PlanOptions, aim, target_depth
from .scan.registration import Registration, implausible
from .scan.volume import Volume
from .segmentation.region import Region
from .targeting.beam_f3 import HeadMeasures, beam_sites
from .targeting.fiducials import Fiducials, fiducials_on_scalp
from .targeting.five_cm import walk_forward
from .targeting.hotspot import given_hotspot
from .targeting.mask_check import mask_warnings
from .targeting.mni_targets import literature_targets
from .targeting.placing import Head, as_sure_as, distances_to_target_mm
from .targeting.point import Landmark
from .targeting.scalp import Scalp
from .targeting.target import Target, find_target, picked_target

_EDITED = "The mask was edited by hand; its score is that of the network's own mask."
_SAME_PLACE_MM = 0.01


@dataclass(frozen=True)
class SideAsLeft:
    """One side of the head as a person has left it; RAS mm of the scan's own space.

    findings       the plan that it was made from, of this side alone, without images
    mask_kji       bool, shape (K, J, I), on the scan's grid
    is_edited      whether a person changed the mask
    target_ras_mm  where the target is, shape (3,)
    target_method  how it came there, in the words that stand beside it
    landmarks      as they are now, named and described as the person sees them
    literature     the published targets likewise
    """

    findings: Plan
    mask_kji: np.ndarray
    is_edited: bool
    target_ras_mm: np.ndarray
    target_method: str
    landmarks: tuple[Landmark, ...]
    literature: tuple[Landmark, ...] = ()

    @property
    def hemisphere(self) -> str:
        """'left' or 'right'."""
        return next(iter(self.findings.sides))


@dataclass(frozen=True)
class HeadAsLeft:
    """All sides of one scan as a person has left them.

    scalp           in the scan's own RAS mm, or None
    rule_mm, coil_angle_deg, standoff_mm, tapes  what the person chose, as in `PlanOptions`
    fiducials       nasion, inion and tragi, as many of them as the person placed
    """

    sides: tuple[SideAsLeft, ...]
    scalp: Scalp | None
    rule_mm: float
    coil_angle_deg: float
    standoff_mm: float
    tapes: HeadMeasures | None = None
    fiducials: tuple[Landmark, ...] = ()


def findings_of(plan: Plan, hemisphere: str) -> Plan:
    """One side of a plan without voxels and surfaces: small enough to be kept beside its mask."""
    nothing = np.zeros((0, 0, 0), bool)
    grid = replace(plan.volume, array_kji=nothing)
    side = plan.sides[hemisphere]
    region = replace(side.region, volume=grid, mask_kji=nothing, probability_kji=nothing)
    sides = {hemisphere: replace(side, region=region, rule_path_ras_mm=None)}
    return replace(plan, volume=grid, sides=sides, not_found={}, scalp=None)


def plan_as_left(volume: Volume, head: HeadAsLeft) -> Plan:
    """The plan of `volume`, in its own RAS mm, as it is now.

    Raises NotFoundError for an empty mask, UserError for a target far off its mask.
    """
    first = head.sides[0].findings
    sides = {side.hemisphere: _side(volume, head, side) for side in head.sides}
    fiducials, doubts = _fiducials(head)
    doubts += head.tapes.warnings if head.tapes else ()
    warnings = (*volume.warnings, *(text for side in head.sides for text in side.findings.warnings), *doubts)
    return Plan(
        volume, first.model, _options(head, sides), sides, {}, first.timing_s, tuple(dict.fromkeys(warnings)),
        head.scalp, _registration(volume, first), fiducials,
    )  # fmt: skip


def _fiducials(head: HeadAsLeft) -> tuple[tuple[Landmark, ...], tuple[str, ...]]:
    """The fiducials, all four of them on the scalp as the run puts them there, and doubts."""
    places = {f"{mark.key}_ras_mm": mark.position_ras_mm for mark in head.fiducials}
    if len(places) < 4 or head.scalp is None:
        return head.fiducials, ()
    try:
        placed = fiducials_on_scalp(head.scalp, Fiducials(**places))
    except UserError as error:
        return head.fiducials, (str(error),)
    return placed.landmarks, placed.warnings


def _options(head: HeadAsLeft, sides: dict[str, HemispherePlan]) -> PlanOptions:
    """What was asked for and is so now; a hotspot or target of the user's own belongs to one side alone."""
    own = [_own_points(side) for side in sides.values()]
    hotspot, picked = own[0] if len(own) == 1 else (None, None)
    return replace(
        head.sides[0].findings.options, hemispheres=tuple(sides), rule_mm=head.rule_mm,
        coil_angle_deg=head.coil_angle_deg, standoff_mm=head.standoff_mm, hotspot_ras_mm=hotspot, picked_ras_mm=picked,
        tapes=head.tapes,
    )  # fmt: skip


def _own_points(side: HemispherePlan) -> tuple[tuple[float, ...] | None, tuple[float, ...] | None]:
    """Hotspot and target where a person placed them, else None."""
    given = [mark.position_ras_mm for mark in side.landmarks if mark.key == "hotspot" and not mark.estimated]
    target = side.target
    by_mask = find_target(side.region.volume, side.region.mask_kji).method == target.method
    return _as_numbers(given[0] if given else None), _as_numbers(None if by_mask else target.position_ras_mm)


def _as_numbers(point_ras_mm: np.ndarray | None) -> tuple[float, ...] | None:
    return None if point_ras_mm is None else tuple(float(value) for value in point_ras_mm)


def _side(volume: Volume, head: HeadAsLeft, side: SideAsLeft) -> HemispherePlan:
    found = side.findings.sides[side.hemisphere]
    region = _region(volume, side, found.region)
    target = _target(region, side)
    registration = _plausible(_registration(volume, side.findings))
    ground = Head(head.scalp, registration)
    landmarks, path, doubts = _landmarks(ground, side, found, head.rule_mm)
    published = {mark.key: mark for mark in literature_targets(registration, side.hemisphere)} if registration else {}
    literature = tuple(_as_known(mark, published.get(mark.key)) for mark in side.literature)
    options = replace(side.findings.options, coil_angle_deg=head.coil_angle_deg, standoff_mm=head.standoff_mm)
    entry, pose, aim_doubts = aim(ground, side.hemisphere, target, options)
    warnings = (
        *region.warnings, *target.warnings, *_still_holding(side, found), *_mask_doubts(region, registration),
        *doubts, *aim_doubts,
    )  # fmt: skip
    return replace(
        found, region=region, target=target, landmarks=landmarks, literature=literature, rule_path_ras_mm=path,
        distances_mm=distances_to_target_mm((*landmarks, *literature), target.position_ras_mm, head.scalp),
        warnings=tuple(dict.fromkeys(warnings)), entry=entry, coil_pose_ras_mm=pose,
        depth=target_depth(ground, side.hemisphere, target),
        tape_sites=beam_sites(head.tapes, side.hemisphere) if head.tapes else {},
    )  # fmt: skip


def _region(volume: Volume, side: SideAsLeft, found: Region) -> Region:
    region = replace(found, volume=volume, mask_kji=side.mask_kji, probability_kji=side.mask_kji.astype(np.float32))
    return replace(region, agreement=None, warnings=(*found.warnings, _EDITED)) if side.is_edited else region


def _target(region: Region, side: SideAsLeft) -> Target:
    """The mask's own target where that is where it lies, else one of the person's."""
    by_mask = find_target(region.volume, region.mask_kji)
    if np.linalg.norm(by_mask.position_ras_mm - side.target_ras_mm) < _SAME_PLACE_MM:
        return by_mask
    target = picked_target(region.volume, region.mask_kji, side.target_ras_mm)
    return replace(target, method=side.target_method.rstrip("."))


def _still_holding(side: SideAsLeft, found: HemispherePlan) -> list[str]:
    """Warnings of the run that are not about what is computed again."""
    entry = found.entry.warnings if found.entry else ()
    hotspot = [text for mark in found.landmarks if mark.key == "hotspot" for text in mark.warnings]
    again = {*found.region.warnings, *found.target.warnings, *entry, *hotspot}
    return [warning for warning in found.warnings if warning not in again]


def _mask_doubts(region: Region, registration: Registration | None) -> tuple[str, ...]:
    """A person's mask is theirs, however odd its place: it is exported, and said to be odd."""
    if registration is None:
        return ()
    try:
        return mask_warnings(region.volume, region.mask_kji, region.hemisphere, registration)
    except UserError as error:
        return (str(error),)


def _landmarks(
    ground: Head, side: SideAsLeft, found: HemispherePlan, rule_mm: float
) -> tuple[tuple[Landmark, ...], np.ndarray | None, tuple[str, ...]]:
    """The landmarks with what the run knew of them, the walk of the rule that ends in its landmark, and doubts."""
    known = {mark.key: mark for mark in found.landmarks}
    marks = {mark.key: _as_known(mark, known.get(mark.key)) for mark in side.landmarks}
    hotspot, five_cm = marks.get("hotspot"), marks.get("five_cm")
    if hotspot is None:
        return tuple(marks.values()), None, ()
    hotspot, doubts = _checked(ground, side.hemisphere, hotspot)
    marks["hotspot"] = hotspot
    path = None if five_cm is None else _walk(ground.scalp, hotspot, five_cm, rule_mm)
    if path is not None and not five_cm.estimated:
        marks["five_cm"] = as_sure_as(hotspot, five_cm)
    return tuple(marks.values()), path, doubts


def _as_known(mark: Landmark, known: Landmark | None) -> Landmark:
    """The landmark with the run's doubts, where it is still what the run found."""
    is_found = known is not None and mark.method == known.method
    return replace(known, position_ras_mm=mark.position_ras_mm) if is_found else mark


def _checked(ground: Head, hemisphere: str, hotspot: Landmark) -> tuple[Landmark, tuple[str, ...]]:
    """A hotspot that a person placed, with what is doubtful about its place."""
    if hotspot.estimated or ground.scalp is None:
        return hotspot, hotspot.warnings
    try:
        warnings = given_hotspot(ground.scalp, hotspot.position_ras_mm, hemisphere, ground.registration).warnings
    except UserError as error:
        warnings = (str(error),)
    return replace(hotspot, warnings=warnings), warnings


def _walk(scalp: Scalp | None, hotspot: Landmark, five_cm: Landmark, rule_mm: float) -> np.ndarray | None:
    """The way from the hotspot to the landmark, shape (N, 3); None where a person put the landmark elsewhere."""
    if scalp is None:
        return None
    try:
        rule = walk_forward(scalp, hotspot.position_ras_mm, rule_mm)
    except UserError:
        return None
    away = np.linalg.norm(rule.landmark_ras_mm - five_cm.position_ras_mm)
    return rule.path_ras_mm if away < _SAME_PLACE_MM else None


def _registration(volume: Volume, findings: Plan) -> Registration | None:
    """MNI space laid on the scan in its own space, which the run may have seen turned."""
    kept = findings.registration
    return kept and replace(kept, ras_from_mni=_to_own_space(volume, findings) @ kept.ras_from_mni)


def _plausible(registration: Registration | None) -> Registration | None:
    return None if registration is None or implausible(registration) else registration


def _to_own_space(volume: Volume, findings: Plan) -> np.ndarray:
    """4x4, RAS mm in which the run saw the scan to the scan's own."""
    return volume.ijk_to_ras @ np.linalg.inv(findings.volume.ijk_to_ras)
