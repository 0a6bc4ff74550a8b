"""A `Plan` as nodes of the scene, and the nodes of a scan's latest plan found again."""

from dataclasses import dataclass

import numpy as np
import slicer
from slicer.i18n import tr as _

from ..errors import UserError
from ..plan import HemispherePlan, Plan
from . import landmarks_node, links, points_node
from .findings_node import keep_findings
from .scalp_node import add_scalp
from .segmentation_node import add_segmentation
from .target_node import TARGET, add_target
from .volume_node import ijk_to_world


@dataclass(frozen=True)
class SideNodes:
    """The nodes of one side of a plan; a node that the user deleted, or that no scalp gave, is None."""

    hemisphere: str
    segmentation: slicer.vtkMRMLSegmentationNode
    target: slicer.vtkMRMLMarkupsFiducialNode | None
    landmarks: slicer.vtkMRMLMarkupsFiducialNode | None
    scalp: slicer.vtkMRMLModelNode | None

    def target_ras_mm(self) -> np.ndarray | None:
        """World RAS mm of the target, shape (3,); None while the mask is empty."""
        if self.target is None or not points_node.is_visible(self.target, TARGET):
            return None
        return points_node.position_ras_mm(self.target, TARGET)

    def five_cm_ras_mm(self) -> np.ndarray | None:
        """World RAS mm of the 5-cm landmark, shape (3,); None while it is hidden."""
        if self.landmarks is None or not points_node.is_visible(self.landmarks, landmarks_node.FIVE_CM):
            return None
        return points_node.position_ras_mm(self.landmarks, landmarks_node.FIVE_CM)


def show_plan(plan: Plan, volume_node: slicer.vtkMRMLScalarVolumeNode) -> list[SideNodes]:
    """New nodes for every side of `plan`; those of earlier plans are kept, and hidden.

    Raises UserError if the scan has been moved since the plan was made for it.
    """
    _require_unmoved(plan, volume_node)
    scalp = None if plan.scalp is None else add_scalp(plan.scalp, volume_node)
    for hemisphere in plan.sides:
        _hide_earlier(volume_node, hemisphere)
    sides = [_show_side(side, volume_node, scalp) for side in plan.sides.values()]
    for side in sides:
        keep_findings(side.segmentation, plan)
    return sides


def latest_sides(volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> list[SideNodes]:
    """The nodes of the newest plan of each side of a scan."""
    if volume_node is None:
        return []
    found = [links.latest(links.SEGMENTATION, volume_node, hemisphere) for hemisphere in ("left", "right")]
    return [_side_of(segmentation) for segmentation in found if segmentation is not None]


def latest_landmarks(
    volume_node: slicer.vtkMRMLScalarVolumeNode | None, hemisphere: str
) -> slicer.vtkMRMLMarkupsFiducialNode | None:
    """The newest list of landmarks of a side, with or without a plan."""
    return None if volume_node is None else links.latest(links.LANDMARKS, volume_node, hemisphere)


def _require_unmoved(plan: Plan, volume_node: slicer.vtkMRMLScalarVolumeNode) -> None:
    if not np.allclose(ijk_to_world(volume_node), plan.volume.ijk_to_ras, atol=1e-6):
        sentence = _("'{volume}' was moved while it was segmented; press Segment again.")
        raise UserError(sentence.format(volume=volume_node.GetName()))


def _show_side(
    side: HemispherePlan, volume_node: slicer.vtkMRMLScalarVolumeNode, scalp: slicer.vtkMRMLModelNode | None
) -> SideNodes:
    segmentation = add_segmentation(side.region, volume_node)
    target = add_target(side, volume_node)
    links.refer(segmentation, links.TARGET, target)
    if scalp is not None:
        links.refer(segmentation, links.SCALP, scalp)
    if side.landmarks:
        landmarks = _landmarks_to_fill(side, volume_node)
        landmarks_node.show_landmarks(landmarks, side.landmarks)
        links.refer(segmentation, links.LANDMARKS, landmarks)
    return _side_of(segmentation)


def _landmarks_to_fill(
    side: HemispherePlan, volume_node: slicer.vtkMRMLScalarVolumeNode
) -> slicer.vtkMRMLMarkupsFiducialNode:
    """The list in which the user placed the plan's hotspot before any plan, else a new one."""
    newest = latest_landmarks(volume_node, side.region.hemisphere)
    estimated = any(landmark.estimated for landmark in side.landmarks)
    if newest is None or estimated or points_node.position_ras_mm(newest, landmarks_node.FIVE_CM) is not None:
        return landmarks_node.add_landmarks_node(volume_node, side.region.hemisphere)
    newest.SetDisplayVisibility(True)
    return newest


def _hide_earlier(volume_node: slicer.vtkMRMLScalarVolumeNode, hemisphere: str) -> None:
    """Two outlines over each other tell nobody anything; what is hidden is still in the scene."""
    for role in (links.SEGMENTATION, links.TARGET, links.LANDMARKS):
        for node in links.every(role, volume_node, hemisphere):
            node.SetDisplayVisibility(False)
    for node in links.every(links.SCALP, volume_node, "")[:-1]:
        node.SetDisplayVisibility(False)


def _side_of(segmentation: slicer.vtkMRMLSegmentationNode) -> SideNodes:
    return SideNodes(
        links.hemisphere_of(segmentation),
        segmentation,
        links.referred(segmentation, links.TARGET),
        links.referred(segmentation, links.LANDMARKS),
        links.referred(segmentation, links.SCALP),
    )
