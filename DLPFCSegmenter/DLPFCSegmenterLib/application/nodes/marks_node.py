"""Points of the core that follow nothing: Beam F3 and 10-20 on the scalp, and the published targets.

Each kind is one list a side. A point that a person moved stays where it is until it is given back.
"""

from dataclasses import replace

import slicer
from slicer.i18n import tr as _

from ...serial import from_text, to_text
from ...targeting.point import Point
from ...words import label_of, method_of
from . import node_roles, points_node

_POINTS = "DLPFCSegmenter.Points"

COLOURS_RGB = {
    node_roles.MEASURED: (240 / 255, 228 / 255, 66 / 255),
    node_roles.LITERATURE: (204 / 255, 121 / 255, 167 / 255),
}
"""Yellow and reddish purple of Okabe and Ito's palette."""


def add_marks(
    role: str, volume_node: slicer.vtkMRMLScalarVolumeNode, hemisphere: str, marks: tuple[Point, ...]
) -> slicer.vtkMRMLMarkupsFiducialNode:
    """A new list of `node_roles.MEASURED` or `node_roles.LITERATURE` points for one side of a scan."""
    node = points_node.add_points_node(_name(role, volume_node.GetName(), hemisphere), COLOURS_RGB[role])
    node_roles.place_beside(node, volume_node)
    node_roles.mark(node, role, volume_node, hemisphere)
    show_marks(node, marks)
    return node


def show_marks(node: slicer.vtkMRMLMarkupsFiducialNode, marks: tuple[Point, ...]) -> None:
    """Put points into the list; one that a person moved stays, and goes to its new place when it is given back."""
    with slicer.util.NodeModify(node):
        node.SetAttribute(_POINTS, to_text(marks, tuple[Point, ...]))
        for mark in marks:
            by_hand = points_node.position_ras_mm(node, mark.key) if is_moved(node, mark.key) else None
            points_node.move_point(node, mark.key, mark.position_ras_mm)
            points_node.describe_point(node, mark.key, label_of(mark), method_of(mark))
            points_node.remember(node, mark.key)
            if by_hand is not None:
                points_node.move_point(node, mark.key, by_hand)
                _name_moved(node, mark.key)


def points(node: slicer.vtkMRMLMarkupsFiducialNode) -> tuple[Point, ...]:
    """What the core said of the points of the list that are there, at their places now, world RAS mm."""
    known = from_text(node.GetAttribute(_POINTS) or "[]", tuple[Point, ...])
    places = {key: points_node.position_ras_mm(node, key) for key in points_node.keys(node)}
    return tuple(replace(point, position_ras_mm=places[point.key]) for point in known if point.key in places)


def is_moved(node: slicer.vtkMRMLMarkupsFiducialNode, key: str) -> bool:
    """Whether a person has moved the point `key`."""
    return points_node.is_restorable(node, key)


def name_moved_points(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    """Let the words beside the points say which ones a person moved."""
    for key in points_node.keys(node):
        if is_moved(node, key):
            _name_moved(node, key)


def _name_moved(node: slicer.vtkMRMLMarkupsFiducialNode, key: str) -> None:
    label = _("{point} (moved by hand)").format(point=points_node.label_before(node, key))
    points_node.describe_point(node, key, label, _("Moved by hand."))


def _name(role: str, volume: str, hemisphere: str) -> str:
    side = {"left": _("left"), "right": _("right")}[hemisphere]
    pattern = {
        node_roles.MEASURED: _("{volume} Beam F3 and 10-20 ({side})"),
        node_roles.LITERATURE: _("{volume} published points ({side})"),
    }[role]
    return pattern.format(volume=volume, side=side)
