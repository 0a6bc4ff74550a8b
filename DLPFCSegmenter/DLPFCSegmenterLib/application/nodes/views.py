"""Slicer's views as far as the panel turns them, and which scan and plan are seen in them."""

import json

import numpy as np
import slicer

from ...geometry.sides import between_left_and
from . import node_roles

_SHOWN = "DLPFCSegmenter.Shown"
_PUT_AWAY = "DLPFCSegmenter.PutAway"
_LAYERS = "DLPFCSegmenter.Layers."
_SIDES_MARKED = "DLPFCSegmenter.SidesMarked"
_FROM_LEFT_FRONT = np.array([-0.707, 0.707, 0.0])
"""Not from above: landmarks one behind the other on the head then stand one over the other, with their names."""
_OVERLAY_OPACITY = 0.6
_DISTANCE_MM = 480.0
"""A head fills a view of Slicer's 30 degrees."""


def show_scan(volume_node: slicer.vtkMRMLScalarVolumeNode) -> bool:
    """Let every view show this scan and what belongs to it, and nothing of the others.

    Masks, points, coil and scalp of another scan are hidden, and overlays taken off it; all of that comes back as
    it was when that scan is shown again. Returns whether a slice view showed another scan before.
    """
    for scan in slicer.util.getNodesByClass(volume_node.GetClassName()):
        if scan is not volume_node and scan.GetAttribute(_SHOWN) is not None:
            scan.RemoveAttribute(_SHOWN)
    volume_node.SetAttribute(_SHOWN, str(True))
    for node in node_roles.own_nodes():
        if node_roles.referred(node, node_roles.VOLUME) is volume_node:
            _bring_back(node)
        else:
            _put_away(node)
    changed = [_show_in_slices(view, volume_node) for view in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")]
    if any(changed):
        slicer.util.resetSliceViews()
    return any(changed)


def hide_unless_shown(nodes: list[slicer.vtkMRMLDisplayableNode], volume_node: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Hide new nodes of a scan while the views show another one."""
    scans = slicer.util.getNodesByClass(volume_node.GetClassName())
    if volume_node.GetAttribute(_SHOWN) is None and any(scan.GetAttribute(_SHOWN) is not None for scan in scans):
        for node in nodes:
            _put_away(node)


def hide_plan_of(volume_node: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Hide what belongs to a scan that is about to be removed."""
    for node in node_roles.own_nodes():
        if node_roles.referred(node, node_roles.VOLUME) is volume_node:
            _put_away(node)


def hide_for_good(node: slicer.vtkMRMLDisplayableNode) -> None:
    """Hide a node that does not come back with its scan."""
    node.RemoveAttribute(_PUT_AWAY)
    node.SetDisplayVisibility(False)


def _put_away(node: slicer.vtkMRMLDisplayableNode) -> None:
    if node.GetDisplayVisibility():
        node.SetAttribute(_PUT_AWAY, str(True))
        node.SetDisplayVisibility(False)


def _bring_back(node: slicer.vtkMRMLDisplayableNode) -> None:
    if node.GetAttribute(_PUT_AWAY) is not None:
        node.RemoveAttribute(_PUT_AWAY)
        node.SetDisplayVisibility(True)


def _show_in_slices(view: slicer.vtkMRMLSliceCompositeNode, volume_node: slicer.vtkMRMLScalarVolumeNode) -> bool:
    """Put the scan into a view, with the overlays that it had there; whether another one was there."""
    before = view.GetBackgroundVolumeID()
    if before == volume_node.GetID():
        return False
    key = _LAYERS + view.GetLayoutName()
    other = before and slicer.mrmlScene.GetNodeByID(before)
    if other:
        layers = view.GetForegroundVolumeID(), view.GetForegroundOpacity(), view.GetLabelVolumeID()
        other.SetAttribute(key, json.dumps(layers))
    foreground, opacity, label = json.loads(volume_node.GetAttribute(key) or "[null, 0, null]")
    with slicer.util.NodeModify(view):
        view.SetBackgroundVolumeID(volume_node.GetID())
        view.SetForegroundVolumeID(foreground)
        view.SetForegroundOpacity(opacity)
        view.SetLabelVolumeID(label)
    return True


def lay_over(volume_node: slicer.vtkMRMLScalarVolumeNode, overlay: slicer.vtkMRMLScalarVolumeNode, shown: bool) -> None:
    """Let every slice view that shows a scan show a map over it, or no longer."""
    for view in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode"):
        is_there = view.GetForegroundVolumeID() == overlay.GetID()
        if view.GetBackgroundVolumeID() == volume_node.GetID() and shown is not is_there:
            view.SetForegroundVolumeID(overlay.GetID() if shown else None)
            view.SetForegroundOpacity(_OVERLAY_OPACITY if shown else 0.0)


def jump_to(point_ras_mm: np.ndarray | None) -> None:
    """Centre every slice view on a point, world RAS mm, and let every 3-D view turn about it."""
    if point_ras_mm is None:
        return
    slices = slicer.vtkMRMLSliceNode
    slices.JumpAllSlices(slicer.mrmlScene, *point_ras_mm, slices.CenteredJumpSlice)
    for camera in slicer.util.getNodesByClass("vtkMRMLCameraNode"):
        camera.SetFocalPoint(*point_ras_mm)


def show_side(hemisphere: str, target_ras_mm: np.ndarray | None, scalp: slicer.vtkMRMLModelNode | None) -> None:
    """Cut every slice view through the target, world RAS mm, and look at the head in 3-D from the side's front.

    No slice view is moved sideways, so that the whole head stays in it. Without a target the head alone is looked at.
    """
    if target_ras_mm is not None:
        slicer.vtkMRMLSliceNode.JumpAllSlices(slicer.mrmlScene, *target_ras_mm)
    middle_ras_mm = target_ras_mm if scalp is None else _middle_ras_mm(scalp)
    if middle_ras_mm is None:
        return
    direction = _FROM_LEFT_FRONT * between_left_and(hemisphere)
    for camera in slicer.util.getNodesByClass("vtkMRMLCameraNode"):
        camera.SetFocalPoint(*middle_ras_mm)
        camera.SetPosition(*(middle_ras_mm + _DISTANCE_MM * direction))
        camera.SetViewUp(0.0, 0.0, 1.0)
        camera.ResetClippingRange()


def look_along(pose_ras_mm: np.ndarray) -> None:
    """Look at the head in 3-D from behind a coil (4x4, coil to world RAS mm, `geometry.poses`), its handle down."""
    for camera in slicer.util.getNodesByClass("vtkMRMLCameraNode"):
        camera.SetFocalPoint(*pose_ras_mm[:3, 3])
        camera.SetPosition(*(pose_ras_mm[:3, 3] - _DISTANCE_MM * pose_ras_mm[:3, 2]))
        camera.SetViewUp(*pose_ras_mm[:3, 1])
        camera.ResetClippingRange()


def mark_sides() -> None:
    """Let every view that has no sign for right and left have one, once: a user who takes it away is obeyed.

    Arrows in slices; in 3-D, where arrows may hide each other, a cube with a letter on each face.
    """
    for view in slicer.util.getNodesByClass("vtkMRMLAbstractViewNode"):
        if view.GetAttribute(_SIDES_MARKED) is None:
            view.SetAttribute(_SIDES_MARKED, str(True))
            if view.GetOrientationMarkerType() == view.OrientationMarkerTypeNone:
                in_3d = view.IsA("vtkMRMLViewNode")
                view.SetOrientationMarkerType(
                    view.OrientationMarkerTypeCube if in_3d else view.OrientationMarkerTypeAxes
                )


def _middle_ras_mm(node: slicer.vtkMRMLModelNode) -> np.ndarray:
    bounds = np.zeros(6)
    node.GetRASBounds(bounds)
    return bounds.reshape(3, 2).mean(axis=1)
