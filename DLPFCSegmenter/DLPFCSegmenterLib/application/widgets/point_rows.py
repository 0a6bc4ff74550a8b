"""What the table of targets says of each point of a side, and what a person may do to it."""

from dataclasses import dataclass

import numpy as np
import slicer
from slicer.i18n import tr as _

from ..nodes import coil_node, landmarks_node, marks_node, points_node, target_node
from ..nodes import node_roles as links
from ..nodes.live_rule import COIL
from ..nodes.plan_nodes import SideNodes

_COLOURS_RGB = {
    links.TARGET: target_node.COLOUR_RGB,
    links.COIL: coil_node.COLOUR_RGB,
    links.LANDMARKS: landmarks_node.COLOUR_RGB,
    **marks_node.COLOURS_RGB,
}


@dataclass(frozen=True)
class PointId:
    """Which point: its side ('' for both), the role of its list (`links`) and its key in it."""

    hemisphere: str
    role: str
    key: str


def points_of(side: SideNodes, shown_keys: set[str]) -> list[PointId]:
    """The points of a side that are listed; `shown_keys` says which of those for comparison."""
    lists = {
        links.TARGET: (side.target, (target_node.TARGET,)),
        links.COIL: (side.coil, (COIL,)),
        links.LANDMARKS: (side.landmarks, landmarks_node.KEYS),
        links.MEASURED: (side.measured, shown_keys),
        links.LITERATURE: (side.literature, shown_keys),
    }
    return [
        PointId(side.hemisphere, role, key)
        for role, (node, keys) in lists.items()
        if node is not None
        for key in _keys_in(node)
        if key in keys
    ]


def _keys_in(node: slicer.vtkMRMLDisplayableNode) -> list[str]:
    return [COIL] if node.IsA("vtkMRMLModelNode") else points_node.keys(node)


def node_of(side: SideNodes, point: PointId) -> slicer.vtkMRMLDisplayableNode:
    """The node that holds the point."""
    return getattr(side, point.role)


def place_ras_mm(side: SideNodes, point: PointId) -> np.ndarray | None:
    """Where a point is, world RAS mm, shape (3,); of the coil, the scalp under it."""
    node = node_of(side, point)
    if point.role == links.COIL:
        return coil_node.entry_ras_mm(node)
    return points_node.stands_at_ras_mm(node, point.key)


def name(side: SideNodes, point: PointId, rule_mm: float) -> str:
    """What the point is called in the table, without its state."""
    if point.role in (links.MEASURED, links.LITERATURE):
        return points_node.label_before(node_of(side, point), point.key)
    return {
        target_node.TARGET: _("Target"),
        COIL: _("Coil on the scalp"),
        landmarks_node.HOTSPOT: _("Motor hotspot"),
        landmarks_node.FIVE_CM: _("{length:g}-cm landmark").format(length=rule_mm / 10),
    }[point.key]


def colour_rgb(point: PointId) -> tuple[float, float, float]:
    """The colour, 0..1, that the point has in the views at first."""
    return _COLOURS_RGB[point.role]


def state(side: SideNodes, point: PointId) -> str:
    """How the point came to where it is, in one or two words."""
    node = node_of(side, point)
    if place_ras_mm(side, point) is None:
        return _("has no place")
    if point.role == links.COIL:
        return _("automatic")
    if not points_node.is_as_remembered(node, point.key):
        return _("placed") if point.key == landmarks_node.HOTSPOT else _("moved by hand")
    return _("estimated") if _is_estimate(side, point) else _("automatic")


def _is_estimate(side: SideNodes, point: PointId) -> bool:
    if point.role == links.LANDMARKS:
        return landmarks_node.is_estimated(side.landmarks)
    return point.role == links.LITERATURE


def note(side: SideNodes, point: PointId) -> str:
    """How the point was found, a sentence."""
    if point.role == links.COIL:
        return _("The scalp nearest to the target, and the coil over it; the distance is the target's depth.")
    return points_node.description(node_of(side, point), point.key)


def can_give_back(side: SideNodes, point: PointId) -> bool:
    """Whether a person has moved the point, and it is known where it would be without that."""
    if point.role == links.COIL:
        return False
    if point.role == links.TARGET:
        return not target_node.is_automatic(side.target)
    if point.key == landmarks_node.FIVE_CM:
        return not landmarks_node.is_automatic(side.landmarks)
    return points_node.is_restorable(node_of(side, point), point.key)


def is_visible(side: SideNodes, point: PointId) -> bool:
    """Whether the point is shown in the views."""
    node = node_of(side, point)
    shown = bool(node.GetDisplayVisibility())
    return shown if point.role == links.COIL else shown and points_node.is_visible(node, point.key)


def set_visible(side: SideNodes, point: PointId, visible: bool) -> None:
    """Show or hide the point in the views."""
    node = node_of(side, point)
    if visible or point.role == links.COIL:
        node.SetDisplayVisibility(visible)
    if point.role != links.COIL:
        points_node.set_visible(node, point.key, visible)
