"""The points of a plan as movable lists, one for each role and side, and the fiducials of a scan as another.

A point is *automatic* while it lies where the core put it: then target and 5-cm landmark follow the rule, and the
hotspot counts as estimated. One that a person placed or moved stays where it is until it is given back.
"""

import functools
import json
from dataclasses import replace

import numpy as np
import slicer

from ...geometry import spaces
from ...serial import from_text, to_text
from ...targeting.fiducials import Fiducials
from ...targeting.point import FIVE_CM, HOTSPOT, TARGET, Method, Point, Role
from ...terminology import DLPFC
from ...words import label_of, method_of, name_of
from . import node_roles, points_node
from .points_node import is_as_remembered as is_automatic
from .volume_node import parent_to_world

BY_RULE = (TARGET, FIVE_CM)
"""Points that follow others as long as nobody moves them."""

FIDUCIAL_KEYS = ("nasion", "inion", "left_tragus", "right_tragus")

COLOURS_RGB = {
    node_roles.TARGET: (213 / 255, 94 / 255, 0.0),
    node_roles.LANDMARKS: (86 / 255, 180 / 255, 233 / 255),
    node_roles.MEASURED: (240 / 255, 228 / 255, 66 / 255),
    node_roles.LITERATURE: (204 / 255, 121 / 255, 167 / 255),
    node_roles.FIDUCIALS: (1.0, 1.0, 1.0),
    node_roles.OWN: (0.0, 158 / 255, 115 / 255),
    node_roles.CIRCUIT: (230 / 255, 159 / 255, 0.0),
}
"""Vermillion, sky blue, yellow, reddish purple, bluish green and orange of Okabe and Ito's palette."""

_NAMES_INWARDS = (node_roles.MEASURED, node_roles.CIRCUIT)
_BELOW = (node_roles.OWN, node_roles.CIRCUIT)
"""Where the names of lists stand whose points lie close to those of others. Names stand outwards and above: a right
side's to the left, as slice views and 3-D show a face.
"""

_BY_A_PERSON = (Method.PICKED, Method.MOVED, Method.GIVEN, Method.PLACED, Method.ON_SCALP)
"""Points of a plan that were a person's already: there is no place of the core's to go back to."""

_POINTS = "DLPFCSegmenter.Points"
_MEASURED_FROM = "DLPFCSegmenter.MeasuredFrom"
_SAME_PLACE_MM = 0.01


def add_list(
    role: str,
    volume_node: slicer.vtkMRMLScalarVolumeNode,
    hemisphere: str,
    points: tuple[Point, ...] = (),
    region: str = DLPFC,
) -> slicer.vtkMRMLMarkupsFiducialNode:
    """A new list of a role of `node_roles` beside the scan; hemisphere '' for the fiducials, which are of both.

    region  what the target is of
    """
    points_name = {
        node_roles.TARGET: f"{region} target",
        node_roles.LANDMARKS: "scalp landmarks",
        node_roles.MEASURED: "Beam F3 and 10-20",
        node_roles.LITERATURE: "published points",
        node_roles.FIDUCIALS: "fiducials",
        node_roles.OWN: "own targets",
        node_roles.CIRCUIT: "places by connectivity",
    }[role]
    called = f"{volume_node.GetName()} {points_name}" + (f" ({hemisphere})" if hemisphere else "")
    node = points_node.add_points_node(called, COLOURS_RGB[role])
    node_roles.place_beside(node, volume_node)
    node_roles.mark(node, role, volume_node, hemisphere)
    points_node.place_names(node, *names_stand(node))
    show(node, points)
    return node


def names_stand(node: slicer.vtkMRMLMarkupsFiducialNode) -> tuple[bool, bool]:
    """Whether the names of a list stand left of its points, and whether below, where there is room."""
    role, is_right = node_roles.role_of(node), node_roles.hemisphere_of(node) == "right"
    return is_right != (role in _NAMES_INWARDS), role in _BELOW


def show(node: slicer.vtkMRMLMarkupsFiducialNode, points: tuple[Point, ...]) -> None:
    """Put the core's points into the list; one that a person moved stays, until it is given back."""
    with slicer.util.NodeModify(node):
        node.SetAttribute(_POINTS, to_text(points, tuple[Point, ...]))
        for point in points:
            by_hand = None
            if points_node.is_restorable(node, point.key):
                by_hand = points_node.position_ras_mm(node, point.key)
            _put(node, point)
            if point.method not in _BY_A_PERSON:
                points_node.remember(node, point.key)
            if by_hand is not None:
                put_by_hand(node, point.key, by_hand)


def points_in(node: slicer.vtkMRMLMarkupsFiducialNode) -> tuple[Point, ...]:
    """What the core said of the points of the list that are there, at their places now, world RAS mm."""
    there = {key: points_node.position_ras_mm(node, key) for key in points_node.keys(node)}
    return tuple(replace(point, position_ras_mm=there[key]) for key, point in _known(node).items() if key in there)


def name(node: slicer.vtkMRMLMarkupsFiducialNode, key: str) -> str:
    """What the core called the point `key`, whatever a person did to it."""
    return label_of(_known(node)[key]) if key in _known(node) else points_node.label(node, key)


def own_place_ras_mm(node: slicer.vtkMRMLMarkupsFiducialNode | None, key: str) -> np.ndarray | None:
    """Where a person put the point `key`, world RAS mm, shape (3,); None for an automatic one and where it is gone."""
    return None if node is None or is_automatic(node, key) else points_node.stands_at_ras_mm(node, key)


def put_by_hand(node: slicer.vtkMRMLMarkupsFiducialNode, key: str, point_ras_mm: np.ndarray) -> None:
    """Put the point `key` where a person wants it, world RAS mm; it is made where it is missing."""
    points_node.move_point(node, key, point_ras_mm)
    points_node.reinstate(node, key)
    name_moved(node)


def name_moved(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    """Let the words beside the points say which ones a person placed or moved."""
    for key in points_node.keys(node):
        if not is_automatic(node, key):
            known = _known(node).get(key) or Point(
                key, node_roles.hemisphere_of(node), Role.HOTSPOT, np.zeros(3), Method.PLACED
            )
            method = Method.PLACED if key == HOTSPOT else Method.MOVED
            _describe(node, known.by_hand(known.position_ras_mm, method))


def follow(node: slicer.vtkMRMLMarkupsFiducialNode, key: str, point: Point | None) -> None:
    """Put a point where the rule has it now; without one, it would be wrong and is withdrawn until there is."""
    if point is None:
        points_node.withdraw(node, key)
        return
    with slicer.util.NodeModify(node):  # nobody is told of the move before it is known to be automatic
        _put(node, point)
        points_node.remember(node, key)
        points_node.reinstate(node, key)
        known = _known(node)
        if key not in known or label_of(known[key]) != label_of(point) or known[key].method is not point.method:
            node.SetAttribute(_POINTS, to_text(tuple({**known, key: point}.values()), tuple[Point, ...]))


def can_give_back(node: slicer.vtkMRMLMarkupsFiducialNode, key: str) -> bool:
    """Whether a person moved the point `key`, and it is known where it would be without that."""
    return not is_automatic(node, key) if key in BY_RULE else points_node.is_restorable(node, key)


def give_back(node: slicer.vtkMRMLMarkupsFiducialNode, key: str) -> bool:
    """Put the point `key` back, or let it follow the rule again, from where it is; False where no place is known."""
    if key in BY_RULE:
        with slicer.util.NodeModify(node):
            if points_node.position_ras_mm(node, key) is None:
                points_node.move_point(node, key, np.zeros(3))
            points_node.remember(node, key)
        return True
    if not points_node.restore(node, key):
        return False
    if key in _known(node):
        _describe(node, _known(node)[key])
    return True


def _known(node: slicer.vtkMRMLMarkupsFiducialNode) -> dict[str, Point]:
    return {point.key: point for point in _read(node.GetAttribute(_POINTS) or "[]")}


@functools.lru_cache(maxsize=32)
def _read(text: str) -> tuple[Point, ...]:
    """Read once: it is asked for at every step of a point that is dragged."""
    return from_text(text, tuple[Point, ...])


def _put(node: slicer.vtkMRMLMarkupsFiducialNode, point: Point) -> None:
    points_node.move_point(node, point.key, point.position_ras_mm)
    _describe(node, point)


def _describe(node: slicer.vtkMRMLMarkupsFiducialNode, point: Point) -> None:
    label, text = label_of(point), method_of(point)
    if point.role is not Role.TARGET and point.hemisphere:
        label = f"{point.hemisphere[0].upper()} {label}"
    if point.role is Role.TARGET:  # short: it lies over the outline of the mask
        label = f"{point.hemisphere.capitalize()} target"
        if point.method is Method.MOVED:
            label = f"{label} (moved by hand)"
        text = f"{text[:1].upper()}{text[1:]}."
    points_node.describe_point(node, point.key, label, text)


# the fiducials


def fiducial_name(key: str) -> str:
    """What the user reads beside the fiducial `key`."""
    return name_of(Point(key, "", Role.FIDUCIAL, np.zeros(3), Method.PLACED))


def place_fiducial(node: slicer.vtkMRMLMarkupsFiducialNode, key: str, point_ras_mm: np.ndarray) -> None:
    """Put the fiducial `key` where the user found it, world RAS mm."""
    _put(node, Point(key, "", Role.FIDUCIAL, point_ras_mm, Method.PLACED))


def show_fiducials(node: slicer.vtkMRMLMarkupsFiducialNode, fiducials: Fiducials) -> None:
    """Put all four points into the list."""
    for key in FIDUCIAL_KEYS:
        place_fiducial(node, key, getattr(fiducials, f"{key}_ras_mm"))


def fiducials_in(node: slicer.vtkMRMLMarkupsFiducialNode | None) -> Fiducials | None:
    """The four points in world RAS mm, or None while one is missing."""
    places = {} if node is None else {key: points_node.position_ras_mm(node, key) for key in FIDUCIAL_KEYS}
    if not places or any(place is None for place in places.values()):
        return None
    return Fiducials(**{f"{key}_ras_mm": place for key, place in places.items()})


def note_source(measured: slicer.vtkMRMLMarkupsFiducialNode, fiducials: Fiducials) -> None:
    """Write down, in the node's own space, from which fiducials its points were measured."""
    measured.SetAttribute(_MEASURED_FROM, json.dumps(_places_mm(measured, fiducials).tolist()))


def is_measured_from(measured: slicer.vtkMRMLMarkupsFiducialNode | None, fiducials: Fiducials) -> bool:
    """Whether a list of points was measured from these very fiducials."""
    noted = measured and measured.GetAttribute(_MEASURED_FROM)
    if not noted:
        return False
    return np.allclose(json.loads(noted), _places_mm(measured, fiducials), rtol=0.0, atol=_SAME_PLACE_MM)


def _places_mm(node: slicer.vtkMRMLMarkupsFiducialNode, fiducials: Fiducials) -> np.ndarray:
    places_ras_mm = np.array([getattr(fiducials, f"{key}_ras_mm") for key in FIDUCIAL_KEYS])
    return spaces.transform_points(np.linalg.inv(parent_to_world(node)), places_ras_mm)
