"""Slicer's views as far as the panel turns them."""

import numpy as np
import slicer

_SIDES_MARKED = "DLPFCSegmenter.SidesMarked"
_FROM_LEFT_FRONT = np.array([-0.707, 0.707, 0.0])
"""Not from above: landmarks one behind the other on the head then stand one over the other, with their names."""
_DISTANCE_MM = 480.0
"""A head fills a view of Slicer's 30 degrees."""


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

    No slice view is moved sideways, so that the whole head stays in it.
    """
    if target_ras_mm is None:
        return
    slicer.vtkMRMLSliceNode.JumpAllSlices(slicer.mrmlScene, *target_ras_mm)
    middle_ras_mm = target_ras_mm if scalp is None else _middle_ras_mm(scalp)
    direction = _FROM_LEFT_FRONT * ((1, 1, 1) if hemisphere == "left" else (-1, 1, 1))
    for camera in slicer.util.getNodesByClass("vtkMRMLCameraNode"):
        camera.SetFocalPoint(*middle_ras_mm)
        camera.SetPosition(*(middle_ras_mm + _DISTANCE_MM * direction))
        camera.SetViewUp(0.0, 0.0, 1.0)
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
