"""Nasion, inion and both tragi of one scan as a list of points that the user places."""

import json

import numpy as np
import slicer
from slicer.i18n import tr as _

from ...geometry import spaces
from ...targeting.fiducials import Fiducials
from . import node_roles, points_node
from .volume_node import parent_to_world

KEYS = ("nasion", "inion", "left_tragus", "right_tragus")

_MEASURED_FROM = "DLPFCSegmenter.MeasuredFrom"
_SAME_PLACE_MM = 0.01
COLOUR_RGB = (1.0, 1.0, 1.0)


def label(key: str) -> str:
    """What the user reads beside the point `key`."""
    return {
        "nasion": _("Nasion"),
        "inion": _("Inion"),
        "left_tragus": _("Left tragus"),
        "right_tragus": _("Right tragus"),
    }[key]


def add_fiducials(volume_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLMarkupsFiducialNode:
    """A new, empty list for a scan."""
    node = points_node.add_points_node(_("{volume} fiducials").format(volume=volume_node.GetName()), COLOUR_RGB)
    node_roles.place_beside(node, volume_node)
    node_roles.mark(node, node_roles.FIDUCIALS, volume_node, "")
    return node


def place(node: slicer.vtkMRMLMarkupsFiducialNode, key: str, point_ras_mm: np.ndarray) -> None:
    """Put the point `key` where the user found it, world RAS mm."""
    points_node.move_point(node, key, point_ras_mm)
    points_node.describe_point(node, key, label(key), _("Placed by hand."))


def show_fiducials(node: slicer.vtkMRMLMarkupsFiducialNode, fiducials: Fiducials) -> None:
    """Put all four points into the list."""
    for key in KEYS:
        place(node, key, getattr(fiducials, f"{key}_ras_mm"))


def given(node: slicer.vtkMRMLMarkupsFiducialNode | None) -> Fiducials | None:
    """The four points in world RAS mm, or None while one is missing."""
    places = {} if node is None else {key: points_node.position_ras_mm(node, key) for key in KEYS}
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
    places_ras_mm = np.array([getattr(fiducials, f"{key}_ras_mm") for key in KEYS])
    return spaces.transform_points(np.linalg.inv(parent_to_world(node)), places_ras_mm)
