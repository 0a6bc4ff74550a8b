"""Control points of a markups node by the stable key of what they mark.

A person may rename, reorder or delete points: the key is tied to the point's id in an attribute.
Positions are world RAS mm, with whatever transform the node is under. A remembered place is kept in
the node's own space, so that a transform of the whole head does not look like a moved point.
"""

import json

import numpy as np
import slicer
import vtk

from ...export.formats.markups_json import BESIDE_NAMES

_POINT_ID = "DLPFCSegmenter.PointID."
_REMEMBERED = "DLPFCSegmenter.Remembered."
_WITHDRAWN = "DLPFCSegmenter.Withdrawn."
_SAME_PLACE_MM = 0.01
_BEHIND_TEXT_OPACITY = 0.35


def add_points_node(name: str, colour_rgb: tuple[float, float, float]) -> slicer.vtkMRMLMarkupsFiducialNode:
    """A new, empty, movable list of points; `colour_rgb` in 0..1."""
    unique = slicer.mrmlScene.GenerateUniqueName(name)
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsFiducialNode", unique)
    node.CreateDefaultDisplayNodes()
    display = node.GetDisplayNode()
    display.SetSelectedColor(*colour_rgb)
    display.SetColor(*colour_rgb)
    display.SetActiveColor(*colour_rgb)
    display.SetGlyphScale(3.0)  # its label begins beside it and does not cover it
    display.SetTextScale(2.0)
    display.SetOccludedVisibility(True)  # a target lies inside its mask
    display.SetOccludedOpacity(1.0)
    _let_text_be_read(display.GetTextProperty())
    return node


def place_names(node: slicer.vtkMRMLMarkupsNode, left: bool, below: bool) -> None:
    """Let names stand left of their points, not right of them, and below, not above."""
    text = node.GetDisplayNode().GetTextProperty()
    text.SetJustification(vtk.VTK_TEXT_RIGHT if left else vtk.VTK_TEXT_LEFT)
    text.SetVerticalJustification(vtk.VTK_TEXT_TOP if below else vtk.VTK_TEXT_BOTTOM)


def darken_behind_names(node: slicer.vtkMRMLMarkupsNode, is_dark: bool) -> None:
    """Let names stand on a dark ground, which blanks beside them have too, or on none."""
    node.GetDisplayNode().GetTextProperty().SetBackgroundOpacity(_BEHIND_TEXT_OPACITY if is_dark else 0.0)


def keys(node: slicer.vtkMRMLMarkupsNode) -> list[str]:
    """The keys of the points that are placed, in the order of the list."""
    known = [name.removeprefix(_POINT_ID) for name in node.GetAttributeNames() if name.startswith(_POINT_ID)]
    placed = [key for key in known if _index(node, key) >= 0]
    return sorted(placed, key=lambda key: _index(node, key))


def position_ras_mm(node: slicer.vtkMRMLMarkupsNode, key: str) -> np.ndarray | None:
    """World RAS mm of the point `key`, shape (3,); None where it is missing or not placed yet."""
    index = _index(node, key)
    return None if index < 0 else np.array(node.GetNthControlPointPositionWorld(index))


def move_point(node: slicer.vtkMRMLMarkupsNode, key: str, point_ras_mm: np.ndarray) -> None:
    """Put the point `key` at world RAS mm; it is made if it is missing."""
    index = _index(node, key)
    if index >= 0:
        node.SetNthControlPointPositionWorld(index, *point_ras_mm)
        return
    index = node.AddControlPointWorld(vtk.vtkVector3d(*point_ras_mm))
    node.SetAttribute(_POINT_ID + key, node.GetNthControlPointID(index))


def label(node: slicer.vtkMRMLMarkupsNode, key: str) -> str:
    """What stands beside the point `key`, however far; '' where it is missing."""
    index = _index(node, key)
    return "" if index < 0 else node.GetNthControlPointLabel(index).strip(BESIDE_NAMES)


def description(node: slicer.vtkMRMLMarkupsNode, key: str) -> str:
    """How the point `key` was found; '' where it is missing."""
    index = _index(node, key)
    return "" if index < 0 else node.GetNthControlPointDescription(index)


def is_visible(node: slicer.vtkMRMLMarkupsNode, key: str) -> bool:
    """Whether the point `key` is placed and shown."""
    index = _index(node, key)
    return index >= 0 and bool(node.GetNthControlPointVisibility(index))


def set_visible(node: slicer.vtkMRMLMarkupsNode, key: str, visible: bool) -> None:
    """Show or hide the point `key`, if there is one."""
    index = _index(node, key)
    if index >= 0 and is_visible(node, key) != visible:
        node.SetNthControlPointVisibility(index, visible)


def withdraw(node: slicer.vtkMRMLMarkupsNode, key: str) -> None:
    """Hide the point `key`, because nothing says where it should be; `reinstate` shows it as it was."""
    if _index(node, key) >= 0 and not is_withdrawn(node, key):
        node.SetAttribute(_WITHDRAWN + key, str(is_visible(node, key)))
        set_visible(node, key, False)


def reinstate(node: slicer.vtkMRMLMarkupsNode, key: str) -> None:
    """Take a `withdraw` back."""
    if is_withdrawn(node, key):
        was_visible = node.GetAttribute(_WITHDRAWN + key) == str(True)
        node.RemoveAttribute(_WITHDRAWN + key)
        set_visible(node, key, was_visible)


def is_withdrawn(node: slicer.vtkMRMLMarkupsNode, key: str) -> bool:
    """Whether the point `key` lies where it no longer belongs."""
    return bool(node.GetAttribute(_WITHDRAWN + key))


def stands_at_ras_mm(node: slicer.vtkMRMLMarkupsNode | None, key: str) -> np.ndarray | None:
    """As `position_ras_mm`, but None for no node too, and for a point that was withdrawn."""
    return None if node is None or is_withdrawn(node, key) else position_ras_mm(node, key)


def remove_point(node: slicer.vtkMRMLMarkupsNode, key: str) -> None:
    """Take the point `key` out of the list, if it is there."""
    index = _index(node, key)
    if index >= 0:
        node.RemoveNthControlPoint(index)


def swap(node: slicer.vtkMRMLMarkupsNode, key: str, other: str) -> None:
    """Let two points that are in the list change their places in its order."""
    node.SwapControlPoints(_index(node, key), _index(node, other))


def describe_point(node: slicer.vtkMRMLMarkupsNode, key: str, label: str, description: str) -> None:
    """Set the words of the point `key`, if they differ and if there is such a point."""
    index = _index(node, key)
    if index >= 0 and node.GetNthControlPointDescription(index) != description:
        node.SetNthControlPointLabel(index, label)
        node.SetNthControlPointDescription(index, description)


def name_point(node: slicer.vtkMRMLMarkupsNode, key: str, label: str) -> None:
    """Set what stands beside the point `key`, which is in the list."""
    node.SetNthControlPointLabel(_index(node, key), label)


def push_name(node: slicer.vtkMRMLMarkupsNode, key: str, blanks: int) -> None:
    """Let so many blanks stand between the point `key`, which is in the list, and its name."""
    index, name = _index(node, key), label(node, key)
    is_left = node.GetDisplayNode().GetTextProperty().GetJustification() == vtk.VTK_TEXT_RIGHT
    text = name + blanks * BESIDE_NAMES if is_left else blanks * BESIDE_NAMES + name
    if node.GetNthControlPointLabel(index) != text:
        node.SetNthControlPointLabel(index, text)


def remember(node: slicer.vtkMRMLMarkupsNode, key: str) -> None:
    """Keep where the point `key` is now."""
    place = list(node.GetNthControlPointPosition(_index(node, key)))
    node.SetAttribute(_REMEMBERED + key, json.dumps({"place": place}))


def restore(node: slicer.vtkMRMLMarkupsNode, key: str) -> bool:
    """Put the point `key` back to where it was kept; False if it never was."""
    kept = _remembered(node, key)
    if kept is None:
        return False
    world = [0.0, 0.0, 0.0]
    node.TransformPointToWorld(kept["place"], world)
    move_point(node, key, np.array(world))
    return True


def is_restorable(node: slicer.vtkMRMLMarkupsNode, key: str) -> bool:
    """Whether `restore` knows a place for the point `key`, and it lies elsewhere."""
    return _index(node, key) >= 0 and _remembered(node, key) is not None and not is_as_remembered(node, key)


def was_ever_kept(node: slicer.vtkMRMLMarkupsNode, key: str) -> bool:
    """Whether `remember` was ever told of the point `key`."""
    return _remembered(node, key) is not None


def is_as_remembered(node: slicer.vtkMRMLMarkupsNode, key: str) -> bool:
    """Whether nobody has moved the point `key` since it was kept; False if it never was."""
    index, kept = _index(node, key), _remembered(node, key)
    if index < 0 or kept is None:
        return False
    return bool(np.linalg.norm(np.subtract(node.GetNthControlPointPosition(index), kept["place"])) < _SAME_PLACE_MM)


def _let_text_be_read(text: vtk.vtkTextProperty) -> None:
    """Bright letters on a dark ground, over grey matter, skin or coil; Slicer's shadow is white under dark colours."""
    text.SetShadow(False)
    text.SetBackgroundColor(0.0, 0.0, 0.0)
    text.SetBackgroundOpacity(_BEHIND_TEXT_OPACITY)


def _remembered(node: slicer.vtkMRMLMarkupsNode, key: str) -> dict | None:
    text = node.GetAttribute(_REMEMBERED + key)
    return json.loads(text) if text else None


def _index(node: slicer.vtkMRMLMarkupsNode, key: str) -> int:
    """Index of a point that is placed, or -1."""
    point_id = node.GetAttribute(_POINT_ID + key)
    index = node.GetNthControlPointIndexByID(point_id) if point_id else -1
    if index < 0 or node.GetNthControlPointPositionStatus(index) != slicer.vtkMRMLMarkupsNode.PositionDefined:
        return -1
    return index
