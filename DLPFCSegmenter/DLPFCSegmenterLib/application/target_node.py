"""The target of one side as one movable point.

It is *automatic* while it lies where the mask put it: then it follows every edit of the mask. A target
that a person moved stays where it is until it is given back.
"""

import slicer
from slicer.i18n import tr as _

from ..errors import NotFoundError
from ..plan import HemispherePlan
from ..targeting.target import Target, find_target
from . import links, points_node
from .segmentation_node import mask_in_world

TARGET = "target"

_COLOUR_RGB = (213 / 255, 94 / 255, 0.0)
"""Vermillion of Okabe and Ito's palette."""


def add_target(side: HemispherePlan, volume_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLMarkupsFiducialNode:
    """A new target beside the scan."""
    hemisphere = side.region.hemisphere
    node = points_node.add_points_node(f"{volume_node.GetName()} {_label(hemisphere)}", _COLOUR_RGB)
    links.place_beside(node, volume_node)
    links.mark(node, links.TARGET, volume_node, hemisphere)
    _put(node, side.target)
    return node


def is_automatic(node: slicer.vtkMRMLMarkupsFiducialNode) -> bool:
    """Whether the target lies where the mask put it."""
    return points_node.is_as_remembered(node, TARGET)


def follow_mask(node: slicer.vtkMRMLMarkupsFiducialNode, segmentation: slicer.vtkMRMLSegmentationNode) -> bool:
    """Put the target to the centroid of the mask as it is now; hide it, and say False, where the mask is empty."""
    mask = mask_in_world(segmentation)
    try:
        target = find_target(mask, mask.array_kji)
    except NotFoundError:
        points_node.set_visible(node, TARGET, False)
        return False
    _put(node, target)
    points_node.set_visible(node, TARGET, True)
    return True


def name_moved(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    """Let the words beside a target that a person moved say so."""
    if not is_automatic(node):
        label = _("{target} (moved by hand)").format(target=_label(links.hemisphere_of(node)))
        points_node.describe_point(node, TARGET, label, _("Moved by hand."))


def _put(node: slicer.vtkMRMLMarkupsFiducialNode, target: Target) -> None:
    with slicer.util.NodeModify(node):  # nobody is told of the move before it is known to be automatic
        points_node.move_point(node, TARGET, target.position_ras_mm)
        points_node.describe_point(node, TARGET, _label(links.hemisphere_of(node)), _method(target))
        points_node.remember(node, TARGET)


def _label(hemisphere: str) -> str:
    return {"left": _("Left DLPFC target"), "right": _("Right DLPFC target")}[hemisphere]


def _method(target: Target) -> str:
    if target.centroid_inside:
        return _("Centroid of the mask.")
    return _("Voxel of the mask nearest to its centroid, which lies outside the mask.")
