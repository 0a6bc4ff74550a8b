"""The target of one side as one movable point.

It is *automatic* while it lies where the mask put it: then it follows every edit of the mask. A target
that a person moved stays where it is until it is given back.
"""

import numpy as np
import slicer
from slicer.i18n import tr as _

from ...plan import HemispherePlan
from ...targeting.point import Method
from ...targeting.target import Target
from . import node_roles, points_node

TARGET = "target"

COLOUR_RGB = (213 / 255, 94 / 255, 0.0)
"""Vermillion of Okabe and Ito's palette."""


def add_target(side: HemispherePlan, volume_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLMarkupsFiducialNode:
    """A new target beside the scan."""
    hemisphere = side.region.hemisphere
    node = points_node.add_points_node(f"{volume_node.GetName()} {_name(hemisphere)}", COLOUR_RGB)
    node_roles.place_beside(node, volume_node)
    node_roles.mark(node, node_roles.TARGET, volume_node, hemisphere)
    _put(node, side.target)
    if side.target.method is not Method.PICKED:
        points_node.remember(node, TARGET)
    return node


def is_automatic(node: slicer.vtkMRMLMarkupsFiducialNode) -> bool:
    """Whether the target lies where the mask put it."""
    return points_node.is_as_remembered(node, TARGET)


def own_target_ras_mm(node: slicer.vtkMRMLMarkupsFiducialNode | None) -> np.ndarray | None:
    """World RAS mm of a target that a person placed, shape (3,); None for one that follows its mask or is gone."""
    return None if node is None or is_automatic(node) else points_node.stands_at_ras_mm(node, TARGET)


def put_by_hand(node: slicer.vtkMRMLMarkupsFiducialNode, point_ras_mm: np.ndarray) -> None:
    """Put the target where a person wants it, world RAS mm; it can be given back to where it is now."""
    points_node.move_point(node, TARGET, point_ras_mm)
    name_moved(node)


def follow(node: slicer.vtkMRMLMarkupsFiducialNode, target: Target) -> None:
    """Put the target where the rule has it."""
    with slicer.util.NodeModify(node):  # nobody is told of the move before it is known to be automatic
        _put(node, target)
        points_node.remember(node, TARGET)
        points_node.reinstate(node, TARGET)


def give_back(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    """Let a target that a person moved or deleted follow the rule again, from where it is."""
    with slicer.util.NodeModify(node):
        if points_node.position_ras_mm(node, TARGET) is None:
            points_node.move_point(node, TARGET, np.zeros(3))
        points_node.remember(node, TARGET)


def name_moved(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    """Let the words beside a target that a person moved say so."""
    if not is_automatic(node):
        label = _("{target} (moved by hand)").format(target=_label(node_roles.hemisphere_of(node)))
        points_node.describe_point(node, TARGET, label, _("Moved by hand."))


def _put(node: slicer.vtkMRMLMarkupsFiducialNode, target: Target) -> None:
    points_node.move_point(node, TARGET, target.position_ras_mm)
    points_node.describe_point(node, TARGET, _label(node_roles.hemisphere_of(node)), _method(target))


def _name(hemisphere: str) -> str:
    return {"left": _("Left DLPFC target"), "right": _("Right DLPFC target")}[hemisphere]


def _label(hemisphere: str) -> str:
    """Short: it lies over the outline of the mask."""
    return {"left": _("Left target"), "right": _("Right target")}[hemisphere]


def _method(target: Target) -> str:
    return {
        Method.CENTROID: _("Centroid of the mask."),
        Method.NEAREST_CENTROID: _("Voxel of the mask nearest to its centroid, which lies outside the mask."),
        Method.NEAREST_SCALP: _("Voxel of the mask nearest to the scalp."),
        Method.PICKED: _("Picked by the user."),
    }[target.method]
