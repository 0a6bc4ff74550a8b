"""Motor hotspot and 5-cm landmark of one side as one list of movable points.

The landmark is *automatic* while it lies where the rule put it, and the hotspot is *estimated* while
it lies where the core put it. A point that a person moved stays where it is until it is given back.
"""

import numpy as np
import slicer
from slicer.i18n import tr as _

from ...targeting.point import FIVE_CM, HOTSPOT, Point
from ...words import label_of, method_of
from . import node_roles, points_node

KEYS = (HOTSPOT, FIVE_CM)

COLOUR_RGB = (86 / 255, 180 / 255, 233 / 255)
"""Sky blue of Okabe and Ito's palette."""


def add_landmarks_node(
    volume_node: slicer.vtkMRMLScalarVolumeNode, hemisphere: str
) -> slicer.vtkMRMLMarkupsFiducialNode:
    """A new, empty list for one side of a scan."""
    side = {"left": _("left"), "right": _("right")}[hemisphere]
    name = _("{volume} scalp landmarks ({side})").format(volume=volume_node.GetName(), side=side)
    node = points_node.add_points_node(name, COLOUR_RGB)
    node_roles.place_beside(node, volume_node)
    node_roles.mark(node, node_roles.LANDMARKS, volume_node, hemisphere)
    return node


def show_landmarks(node: slicer.vtkMRMLMarkupsFiducialNode, landmarks: tuple[Point, ...]) -> None:
    """Put the core's landmarks into the list; what the core found itself can be gone back to."""
    for landmark in landmarks:
        _show(node, landmark)
        if landmark.key != HOTSPOT or landmark.estimated:
            points_node.remember(node, landmark.key)


def is_estimated(node: slicer.vtkMRMLMarkupsFiducialNode) -> bool:
    """Whether the hotspot lies where the core estimated it."""
    return points_node.is_as_remembered(node, HOTSPOT)


def is_automatic(node: slicer.vtkMRMLMarkupsFiducialNode) -> bool:
    """Whether the 5-cm landmark lies where the rule put it."""
    return points_node.is_as_remembered(node, FIVE_CM)


def own_hotspot_ras_mm(node: slicer.vtkMRMLMarkupsFiducialNode | None) -> np.ndarray | None:
    """The hotspot that a person placed, shape (3,), or None: missing or only estimated."""
    if node is None or is_estimated(node):
        return None
    return points_node.position_ras_mm(node, HOTSPOT)


def set_own_hotspot(node: slicer.vtkMRMLMarkupsFiducialNode, point_ras_mm: np.ndarray) -> None:
    """Put the hotspot where the user found it."""
    points_node.move_point(node, HOTSPOT, point_ras_mm)
    name_moved_points(node)


def restore_estimate(node: slicer.vtkMRMLMarkupsFiducialNode) -> bool:
    """Put the hotspot back to the core's estimate; False where there is none."""
    return points_node.restore(node, HOTSPOT)


def name_moved_points(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    """Let the words beside the points say which ones a person moved."""
    if not is_estimated(node):
        points_node.describe_point(node, HOTSPOT, _("Motor hotspot"), _("Placed by hand."))
    if not is_automatic(node):
        points_node.describe_point(node, FIVE_CM, _("5-cm landmark (moved by hand)"), _("Moved by hand."))


def follow(node: slicer.vtkMRMLMarkupsFiducialNode, landmark: Point | None) -> None:
    """Put the 5-cm landmark where the rule has it; without one, it would be wrong and is withdrawn until there is."""
    if landmark is None:
        points_node.withdraw(node, FIVE_CM)
        return
    with slicer.util.NodeModify(node):
        _show(node, landmark)
        points_node.reinstate(node, FIVE_CM)
        points_node.remember(node, FIVE_CM)


def give_back(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    """Let a landmark that a person moved follow the rule again, from where it is."""
    points_node.remember(node, FIVE_CM)


def _show(node: slicer.vtkMRMLMarkupsFiducialNode, landmark: Point) -> None:
    points_node.move_point(node, landmark.key, landmark.position_ras_mm)
    points_node.describe_point(node, landmark.key, label_of(landmark), method_of(landmark))
