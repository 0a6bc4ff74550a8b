"""The plan as a person has edited it: masks drawn anew, points moved, choices changed; the rest follows by the rule.

A run's findings are kept without their images (`plan_record`); what a person changed since comes from where they
changed it (`EditedSide`). Together they give a `Plan` again (`edited_plan`), by the rule that made the first.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from .doubts import Doubt, doubt, key_of, told, unless_refused
from .errors import NoScalpError, UserError
from .geometry.poses import nearest_rigid
from .geometry.spaces import transform_points
from .options import PlanOptions
from .plan import HemispherePlan, ModelInfo, Plan, place_side
from .scan.head_frame import HeadFrame, implausible_frame
from .scan.volume import Volume
from .segmentation.region import Region
from .sentences import say
from .targeting.cortex import DepthInformation
from .targeting.fiducials import ScalpFiducials, fiducials_at, fiducials_on_scalp
from .targeting.placing import Edits, Head
from .targeting.point import HOTSPOT, TARGET, Method, Point, Role
from .targeting.scalp import Scalp, extract_scalp
from .targeting.stimulation import Stimulation

_JUDGED_AGAIN = ("tape_unusual", "fiducial_off_scalp", "fiducials_refused", "no_tapes")
"""Doubts of a run about the whole head that hold no longer when fiducials or tapes have changed."""

_SAME_MM = 0.5

_BY_HAND = (Method.MOVED, Method.PLACED)

_NOT_JUDGED_AGAIN = ("", "marks_not_measured", "hotspot_unused")
"""Doubts of a run about a side that nothing but the run itself can judge."""


@dataclass(frozen=True)
class EditedSide:
    """One side of the head as a person has left it; RAS mm of the scan's own space.

    findings   the plan that it was made from, of this side alone, without images
    mask_kji   bool, shape (K, J, I), on the scan's grid
    is_edited  whether a person changed the mask
    placed     key of a point -> where the person put it, shape (3,); the others follow the rule
    removed    keys of the points that the person took away
    measured   the points that were measured from fiducials since the run, or None: the run's own
    """

    findings: Plan
    mask_kji: np.ndarray
    is_edited: bool = False
    placed: dict[str, np.ndarray] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    measured: tuple[Point, ...] | None = None

    @property
    def hemisphere(self) -> str:
        """'left' or 'right'."""
        return next(iter(self.findings.sides))


@dataclass(frozen=True)
class EditedHead:
    """All sides of one scan as a person has left them.

    scalp      in the scan's own RAS mm, or None
    choices    what the person chose: target, rule_mm, coil_angle_deg, standoff_mm, tapes and points of their own count
    fiducials  nasion, inion and tragi, as many of them as the person placed
    stimulated  where the coil was held
    z_map      what the fMRI was found to say, where that is at hand (`Circuit.z_map`)
    """

    sides: tuple[EditedSide, ...]
    scalp: Scalp | None
    choices: PlanOptions
    fiducials: tuple[Point, ...] = ()
    stimulated: tuple[Stimulation, ...] = ()
    z_map: Volume | None = None


def edited_plan(volume: Volume, head: EditedHead) -> Plan:
    """The plan of `volume`, in its own RAS mm, as it is now.

    Raises NotFoundError for an empty mask, UserError for a target far off its mask.
    """
    first = head.sides[0].findings
    options = _options(head)
    fiducials, doubts, placed = _fiducials(head)
    sides = {side.hemisphere: _side(volume, head.scalp, placed, side, options) for side in head.sides}
    kept = [each for side in head.sides for each in side.findings.warnings if key_of(each) not in _JUDGED_AGAIN]
    tapes = options.tapes.warnings if options.tapes else ()
    warnings = (*volume.warnings, *kept, *_of_two_runs(head), *doubts, *tapes)
    circuit = next((side.findings.circuit for side in head.sides if side.findings.circuit), None)
    return Plan(
        volume, _model(head), _with_own_points(options, head), sides, {}, first.timing_s,
        tuple(dict.fromkeys(warnings)), head.scalp, registration_in(volume, first), fiducials, first.fingerprint,
        circuit and replace(circuit, z_map=head.z_map), head.stimulated,
    )  # fmt: skip


def plan_on(scan: Volume, plan: Plan) -> Plan:
    """A plan on the same voxels where another program shows them, rigidly moved, by the rule that made it.

    Points that a person placed go along. Raises UserError as `edited_plan`.
    """
    matrix = _to_own_space(scan, plan)
    findings = replace(plan, options=_moved_options(plan.options, matrix), not_found={})
    there = replace(plan, volume=scan, registration=registration_in(scan, plan))
    stimulated = tuple(replace(each, pose_ras_mm=nearest_rigid(matrix @ each.pose_ras_mm)) for each in plan.stimulated)
    sides = tuple(
        EditedSide(
            replace(findings, sides={name: side}), side.region.mask_kji,
            placed={
                point.key: transform_points(matrix, point.position_ras_mm)
                for point in (side.target.point, *side.landmarks) if point.method in _BY_HAND
            },
        )
        for name, side in plan.sides.items()
    )  # fmt: skip
    choices = replace(choices_in(plan), **_own_points(findings.options))
    fiducials = tuple(replace(m, position_ras_mm=transform_points(matrix, m.position_ras_mm)) for m in plan.fiducials)
    scalp = scalp_of(there) if plan.options.landmarks else None
    now = edited_plan(scan, EditedHead(sides, scalp, choices, fiducials, stimulated))
    return replace(now, not_found=plan.not_found, fingerprint=scan.fingerprint)


def _own_points(options: PlanOptions) -> dict[str, Any]:
    return {name: getattr(options, name) for name in ("hotspot_ras_mm", "picked_ras_mm")}


def _moved_options(options: PlanOptions, matrix: np.ndarray) -> PlanOptions:
    """The options with every point of the user's own moved by a 4x4, RAS mm to RAS mm."""
    own: dict[str, Any] = {
        name: tuple(map(float, transform_points(matrix, np.array(at))))
        for name, at in _own_points(options).items()
        if at
    }
    given = options.fiducials
    if given is not None:
        places: dict[str, Any] = {
            name: transform_points(matrix, at) for name, at in vars(given).items() if name.endswith("_ras_mm")
        }
        own["fiducials"] = replace(given, **places)
    return replace(options, **own)


def choices_in(plan: Plan) -> PlanOptions:
    """What a plan was made with; its target as it was had, for some that are by connectivity do not say so."""
    by_circuit = any(side.target.method is Method.CIRCUIT for side in plan.sides.values())
    return replace(plan.options, target="circuit") if by_circuit else plan.options


def _options(head: EditedHead) -> PlanOptions:
    """What the run was asked for, with what is chosen now; points of the user's own are edits."""
    chosen = head.choices
    return replace(
        head.sides[0].findings.options, hemispheres=tuple(side.hemisphere for side in head.sides),
        target=chosen.target, rule_mm=chosen.rule_mm, coil_angle_deg=chosen.coil_angle_deg,
        standoff_mm=chosen.standoff_mm, tapes=chosen.tapes, hotspot_ras_mm=chosen.hotspot_ras_mm,
        picked_ras_mm=chosen.picked_ras_mm,
    )  # fmt: skip


def _with_own_points(options: PlanOptions, head: EditedHead) -> PlanOptions:
    """The options with a hotspot and a target of the user's own, which belong to one side alone."""
    if len(head.sides) > 1:
        return options
    placed = head.sides[0].placed
    fields = {HOTSPOT: "hotspot_ras_mm", TARGET: "picked_ras_mm"}
    own: dict[str, Any] = {name: tuple(map(float, placed[key])) for key, name in fields.items() if key in placed}
    return replace(options, **own)


def _model(head: EditedHead) -> ModelInfo:
    """The network of all sides; where each has its own, both, each named with its side."""
    models = {side.hemisphere: side.findings.model for side in head.sides}
    if len(set(models.values())) == 1:
        return head.sides[0].findings.model

    def of_both(name: str) -> str:
        """A field of both networks in words."""
        return ", ".join(
            say("{side}: {getattr}", side=say(side), getattr=getattr(model, name)) for side, model in models.items()
        )

    return ModelInfo(of_both("id"), of_both("sha256"), of_both("label_definition"), of_both("head_sha256"))


def _of_two_runs(head: EditedHead) -> tuple[Doubt, ...]:
    """A doubt where the sides were found by different networks or with different choices for the mask."""
    runs = {side.hemisphere: _asked_for(side.findings) for side in head.sides}
    if len(set(runs.values())) == 1:
        return ()
    told = "; ".join(f"{side}: {asked}" for side, asked in runs.items())
    return (Doubt(say("Each side was found by a run of its own ({told}).", told=told), "two_runs"),)


def _asked_for(findings: Plan) -> str:
    options, threshold = findings.options, findings.options.threshold
    return f"{findings.model.id}, networks {options.networks}, threshold " + (
        say("the model's own") if threshold is None else f"{threshold:g}"
    )


def _fiducials(head: EditedHead) -> tuple[tuple[Point, ...], tuple[Doubt, ...], ScalpFiducials | None]:
    """The fiducials, all four of them on the scalp as the run puts them there, doubts, and the four where they are."""
    places = {mark.key: mark.position_ras_mm for mark in head.fiducials}
    if len(places) < 4 or head.scalp is None:
        return head.fiducials, (), None
    try:
        placed = fiducials_on_scalp(head.scalp, fiducials_at(places))
    except UserError as error:
        return head.fiducials, (told(error, "fiducials_refused"),), None
    return placed.landmarks, placed.warnings, placed


def _side(
    volume: Volume, scalp: Scalp | None, fiducials: ScalpFiducials | None, side: EditedSide, options: PlanOptions
) -> HemispherePlan:
    head = Head(scalp, plausible_registration_in(volume, side.findings), fiducials=fiducials)
    edits = edits_of(volume, side)
    placed = place_side(head, region_of(volume, side), options, edits)
    unless_refused(placed.target.warnings)
    return replace(placed, depth=_depth_of_run(volume, side, placed, edits))


def _depth_of_run(volume: Volume, side: EditedSide, placed: HemispherePlan, edits: Edits) -> DepthInformation | None:
    """What the run measured in the image holds while entry and hotspot stay where they were."""
    run = side.findings.sides[side.hemisphere]
    if run.entry is None or placed.entry is None or {HOTSPOT} & {*edits.placed, *edits.removed}:
        return None
    before = transform_points(_to_own_space(volume, side.findings), run.entry.position_ras_mm)
    return run.depth if np.linalg.norm(placed.entry.position_ras_mm - before) < _SAME_MM else None


def edits_of(volume: Volume, side: EditedSide) -> Edits:
    """What a person changed on a side, and what the run knows of its points, in the own space of `volume`."""
    run = side.findings.sides[side.hemisphere]
    to_own = _to_own_space(volume, side.findings)
    found = tuple(
        replace(point, position_ras_mm=transform_points(to_own, point.position_ras_mm))
        for point in (*run.landmarks, *run.literature)
    )
    if side.measured is not None:
        found = (*(point for point in found if point.role is not Role.MEASURED), *side.measured)
    judged = {*run.region.warnings, *run.target.warnings}
    doubts = tuple(each for each in run.warnings if key_of(each) in _NOT_JUDGED_AGAIN and each not in judged)
    circuit = run.circuit and run.circuit.moved(to_own)
    return Edits(side.placed, side.removed, found, doubts, circuit)


def region_of(volume: Volume, side: EditedSide) -> Region:
    """The side's mask as it is now, on the grid of `volume`, with what the run said of it."""
    run = side.findings.sides[side.hemisphere].region
    region = replace(run, volume=volume, mask_kji=side.mask_kji, probability_kji=side.mask_kji.astype(np.float32))
    if not side.is_edited or not run.score:  # what was drawn by hand from the start is told as that
        return region
    return replace(region, agreement=None, warnings=(*run.warnings, doubt("mask_edited", side.hemisphere)))


def scalp_of(plan: Plan) -> Scalp | None:
    """The scalp of a plan whose scan is at hand, with the head's axes as the run had them; None where it shows none."""
    try:
        scalp = extract_scalp(plan.volume)
    except NoScalpError:
        return None
    registration = plausible_registration_in(plan.volume, plan)
    return scalp if registration is None else scalp.with_head_axes(registration.rotation.T)


def registration_in(volume: Volume, findings: Plan) -> HeadFrame | None:
    """MNI space laid on the scan in its own space, which the run may have seen turned."""
    kept = findings.registration
    return kept and kept.moved(_to_own_space(volume, findings))


def plausible_registration_in(volume: Volume, findings: Plan) -> HeadFrame | None:
    """As `registration_in`, but None for one that nothing may be placed by."""
    registration = registration_in(volume, findings)
    return None if registration is None or implausible_frame(registration) else registration


def _to_own_space(volume: Volume, findings: Plan) -> np.ndarray:
    """4x4, RAS mm in which the run saw the scan to the scan's own."""
    return volume.ijk_to_ras @ np.linalg.inv(findings.volume.ijk_to_ras)
