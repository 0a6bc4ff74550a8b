"""A `Plan` as nodes of the scene, and the nodes of a scan's latest plan found again."""

import json
from collections.abc import Generator
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import slicer

from ...edited_plan import choices_in
from ...errors import UserError
from ...geometry.sides import SIDES
from ...options import PlanOptions
from ...plan import HemispherePlan, Plan
from ...segmentation.region import Region
from ...targeting.beam_f3 import HeadMeasures
from ...targeting.fiducials import Fiducials
from ...targeting.point import FIVE_CM, HOTSPOT, TARGET, Method, Point
from . import coil_node, node_roles, plan_points, points_node
from .circuit_nodes import show_map, show_places
from .scalp_node import add_scalp
from .segmentation_node import add_segmentation, findings, keep_findings, region_of
from .stimulation_node import add_stimulation, stimulations_of
from .views import hide_for_good, hide_unless_shown
from .volume_node import in_scene, parent_to_world, volume_from_node

_POINTS_AND_COIL = (
    node_roles.TARGET,
    node_roles.LANDMARKS,
    node_roles.MEASURED,
    node_roles.LITERATURE,
    node_roles.CIRCUIT,
    node_roles.COIL,
)


_KEPT_CHOICES = "DLPFCSegmenter.Choices"

CHOICES = ("target", "rule_mm", "coil_angle_deg", "standoff_mm", "tapes")
"""The choices of which each scan has its own."""

_RULE = (HOTSPOT, FIVE_CM)
"""The points of the list of landmarks; what else was measured on the head is another list."""


@dataclass(frozen=True)
class SideNodes:
    """The nodes of one side of a plan; a node that the user deleted, or that no scalp gave, is None.

    landmarks   motor hotspot and 5-cm landmark
    measured    F3/F4 and Beam F3/F4 from the fiducials
    literature  the published targets
    circuit     the places that resting-state fMRI puts forward
    """

    hemisphere: str
    segmentation: slicer.vtkMRMLSegmentationNode
    target: slicer.vtkMRMLMarkupsFiducialNode | None
    landmarks: slicer.vtkMRMLMarkupsFiducialNode | None
    measured: slicer.vtkMRMLMarkupsFiducialNode | None
    literature: slicer.vtkMRMLMarkupsFiducialNode | None
    circuit: slicer.vtkMRMLMarkupsFiducialNode | None
    coil: slicer.vtkMRMLModelNode | None
    scalp: slicer.vtkMRMLModelNode | None

    def nodes(self) -> list[slicer.vtkMRMLDisplayableNode]:
        """All that there are."""
        return [
            self.segmentation,
            *filter(None, (getattr(self, role) for role in (*_POINTS_AND_COIL, node_roles.SCALP))),
        ]

    def point_lists(self) -> list[slicer.vtkMRMLMarkupsFiducialNode]:
        """The lists of points that there are."""
        return list(filter(None, (self.target, self.landmarks, self.measured, self.literature)))

    def target_ras_mm(self) -> np.ndarray | None:
        """World RAS mm of the target, shape (3,); None while the mask is empty."""
        return points_node.stands_at_ras_mm(self.target, TARGET)


def show_plan(plan: Plan, volume_node: slicer.vtkMRMLScalarVolumeNode) -> Generator[None, None, list[SideNodes]]:
    """New nodes for every side of `plan`, a side in a step; those of earlier plans are kept, and hidden.

    Raises UserError if the scan has been moved, or is another, since the plan was made for it.
    """
    _require_unchanged(plan, volume_node)
    scalp = None if plan.scalp is None else add_scalp(plan.scalp, volume_node)
    hide_unless_shown([scalp] if scalp else [], volume_node)
    sides = []
    for hemisphere, side in plan.sides.items():
        yield
        if not in_scene(volume_node):
            break
        _hide_earlier(volume_node, hemisphere)
        sides.append(_show_side(side, volume_node, scalp))
        keep_findings(sides[-1].segmentation, plan)
        hide_unless_shown(sides[-1].nodes(), volume_node)
    if sides:
        _keep_stimulations(plan, volume_node)
    if sides and plan.circuit is not None and plan.circuit.z_map is not None:
        show_map(plan.circuit.z_map, volume_node, np.linalg.inv(parent_to_world(volume_node)))
    if sides and plan.options.fiducials is not None:
        _keep_fiducials(plan.options.fiducials, volume_node, sides)
    return sides


def take_over(
    sides: list[SideNodes], volume_node: slicer.vtkMRMLScalarVolumeNode, moved: dict[str, dict[str, np.ndarray]]
) -> None:
    """Put points where a person put them in a folder's files (`moved_points`), as if that had been done here."""
    for side in sides:
        placed = moved.get(side.hemisphere, {})
        for node in side.point_lists():
            for key in points_node.keys(node):
                if key in placed:
                    plan_points.put_by_hand(node, key, placed[key])
    fiducials = node_roles.latest(node_roles.FIDUCIALS, volume_node, "")
    for key, place_ras_mm in moved.get("", {}).items():
        if fiducials is not None:
            plan_points.place_fiducial(fiducials, key, place_ras_mm)


def latest_sides(volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> list[SideNodes]:
    """The nodes of the newest plan of each side of a scan."""
    if volume_node is None:
        return []
    found = [node_roles.latest(node_roles.SEGMENTATION, volume_node, hemisphere) for hemisphere in SIDES]
    return [_side_of(segmentation) for segmentation in found if segmentation is not None]


def keep_choices(volume_node: slicer.vtkMRMLScalarVolumeNode, options: PlanOptions) -> None:
    """Write down by which choices points and coil of a scan lie from now on."""
    tapes_cm = options.tapes and astuple(options.tapes)
    volume_node.SetAttribute(_KEPT_CHOICES, json.dumps(_own_choices(options) | {"tapes": tapes_cm}))


def choices_of(volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> PlanOptions | None:
    """By which choices points and coil of a scan lie: those kept, else those of its plan; None where it has neither."""
    kept = volume_node and volume_node.GetAttribute(_KEPT_CHOICES)
    if kept:
        own = json.loads(kept)
        tapes_cm = own.pop("tapes", None)
        return PlanOptions(**own, tapes=tapes_cm and HeadMeasures(*tapes_cm))
    plans = [findings(side.segmentation) for side in latest_sides(volume_node)]
    return PlanOptions(**_own_choices(choices_in(plans[0]))) if plans else None


def _own_choices(options: PlanOptions) -> dict[str, Any]:
    """Without points of the user's own, which are nodes of the scene."""
    return {name: getattr(options, name) for name in CHOICES}


def latest_landmarks(
    volume_node: slicer.vtkMRMLScalarVolumeNode | None, hemisphere: str
) -> slicer.vtkMRMLMarkupsFiducialNode | None:
    """The newest list of landmarks of a side, with or without a plan."""
    return None if volume_node is None else node_roles.latest(node_roles.LANDMARKS, volume_node, hemisphere)


def _require_unchanged(plan: Plan, volume_node: slicer.vtkMRMLScalarVolumeNode) -> None:
    now, before = volume_from_node(volume_node), plan.volume
    if not np.allclose(now.ijk_to_ras, before.ijk_to_ras, atol=1e-6):
        raise UserError(
            "'{volume}' was moved while it was segmented; press Segment again.", volume=volume_node.GetName()
        )
    is_shared = np.may_share_memory(now.array_kji, before.array_kji)  # as long as the node keeps its image
    if now.shape_ijk != before.shape_ijk or not (is_shared or np.array_equal(now.array_kji, before.array_kji)):
        raise UserError(
            "'{volume}' got another image while it was segmented; press Segment again.", volume=volume_node.GetName()
        )


def _show_side(
    side: HemispherePlan, volume_node: slicer.vtkMRMLScalarVolumeNode, scalp: slicer.vtkMRMLModelNode | None
) -> SideNodes:
    hemisphere = side.region.hemisphere
    own_ras_mm = _own_target_ras_mm(volume_node, side.region)
    segmentation = add_segmentation(side.region, volume_node)
    of_target = (node_roles.TARGET, volume_node, hemisphere, (side.target.point,), side.region.name)
    target = plan_points.add_list(*of_target)
    if own_ras_mm is not None and side.target.method is not Method.PICKED:
        plan_points.put_by_hand(target, TARGET, own_ras_mm)
    elif not side.region.mask_kji.any():
        plan_points.follow(target, TARGET, None)
    node_roles.refer(segmentation, node_roles.TARGET, target)
    if scalp is not None:
        node_roles.refer(segmentation, node_roles.SCALP, scalp)
    rule = tuple(mark for mark in side.landmarks if mark.key in _RULE)
    if rule:
        landmarks = _landmarks_to_fill(side, volume_node)
        plan_points.show(landmarks, rule)
        node_roles.refer(segmentation, node_roles.LANDMARKS, landmarks)
    measured = tuple(mark for mark in side.landmarks if mark.key not in _RULE)
    for role, marks in ((node_roles.MEASURED, measured), (node_roles.LITERATURE, side.literature)):
        if marks:
            show_marks(segmentation, volume_node, role, marks)
    if side.circuit is not None:
        show_places(segmentation, volume_node, side.circuit)
    to_be_drawn = scalp is not None and not side.region.mask_kji.any()
    if side.coil_pose_ras_mm is not None or to_be_drawn:
        coil = coil_node.add_coil(volume_node, hemisphere)
        node_roles.refer(segmentation, node_roles.COIL, coil)
        if side.coil_pose_ras_mm is not None:
            coil_node.show_coil(coil, side.entry.position_ras_mm, side.coil_pose_ras_mm)
    return _side_of(segmentation)


def _own_target_ras_mm(volume_node: slicer.vtkMRMLScalarVolumeNode, region: Region) -> np.ndarray | None:
    """Where a person put the target of a region's earlier plan, shape (3,); it stays there in the next one."""
    earlier = node_roles.latest(node_roles.SEGMENTATION, volume_node, region.hemisphere)
    if earlier is not None and region_of(earlier) != region.name:
        return None
    return earlier and plan_points.own_place_ras_mm(node_roles.referred(earlier, node_roles.TARGET), TARGET)


def show_marks(
    segmentation: slicer.vtkMRMLSegmentationNode,
    volume_node: slicer.vtkMRMLScalarVolumeNode,
    role: str,
    marks: tuple[Point, ...],
) -> slicer.vtkMRMLMarkupsFiducialNode:
    """Put measured or published points into the side's list of that role, which is made if there is none."""
    node = node_roles.referred(segmentation, role)
    if node is not None:
        plan_points.show(node, marks)
        return node
    node = plan_points.add_list(role, volume_node, node_roles.hemisphere_of(segmentation), marks)
    node_roles.refer(segmentation, role, node)
    return node


def _keep_fiducials(fiducials: Fiducials, volume_node: slicer.vtkMRMLScalarVolumeNode, sides: list[SideNodes]) -> None:
    """The scene knows from which points Beam F3 was measured, and has them where a script gave them."""
    if node_roles.latest(node_roles.FIDUCIALS, volume_node, "") is None:
        plan_points.show_fiducials(plan_points.add_list(node_roles.FIDUCIALS, volume_node, ""), fiducials)
    for side in sides:
        if side.measured is not None:
            plan_points.note_source(side.measured, fiducials)


def _keep_stimulations(plan: Plan, volume_node: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Of results that are opened once more, those that are not in the scene yet."""
    known = stimulations_of(volume_node)
    for held in plan.stimulated:
        if not any(each.time == held.time and np.allclose(each.pose_ras_mm, held.pose_ras_mm) for each in known):
            add_stimulation(volume_node, held, np.eye(4))


def _landmarks_to_fill(
    side: HemispherePlan, volume_node: slicer.vtkMRMLScalarVolumeNode
) -> slicer.vtkMRMLMarkupsFiducialNode:
    """The list in which the user placed the plan's hotspot before any plan, else a new one."""
    newest = latest_landmarks(volume_node, side.region.hemisphere)
    estimated = any(landmark.estimated for landmark in side.landmarks)
    if newest is None or estimated or points_node.position_ras_mm(newest, FIVE_CM) is not None:
        return plan_points.add_list(node_roles.LANDMARKS, volume_node, side.region.hemisphere)
    newest.SetDisplayVisibility(True)
    return newest


def _hide_earlier(volume_node: slicer.vtkMRMLScalarVolumeNode, hemisphere: str) -> None:
    """Two outlines over each other tell nobody anything; what is hidden is still in the scene."""
    for role in (node_roles.SEGMENTATION, *_POINTS_AND_COIL):
        for node in node_roles.every(role, volume_node, hemisphere):
            hide_for_good(node)
    for node in node_roles.every(node_roles.SCALP, volume_node, "")[:-1]:
        hide_for_good(node)


def _side_of(segmentation: slicer.vtkMRMLSegmentationNode) -> SideNodes:
    return SideNodes(
        node_roles.hemisphere_of(segmentation),
        segmentation,
        *(node_roles.referred(segmentation, role) for role in (*_POINTS_AND_COIL, node_roles.SCALP)),
    )
