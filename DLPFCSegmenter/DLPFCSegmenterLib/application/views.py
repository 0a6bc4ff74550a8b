"""Slicer's views as far as the panel turns them."""

import numpy as np
import slicer


def jump_to(point_ras_mm: np.ndarray | None) -> None:
    """Centre every slice view on a point, world RAS mm, and let every 3-D view turn about it."""
    if point_ras_mm is None:
        return
    slices = slicer.vtkMRMLSliceNode
    slices.JumpAllSlices(slicer.mrmlScene, *point_ras_mm, slices.CenteredJumpSlice)
    for camera in slicer.util.getNodesByClass("vtkMRMLCameraNode"):
        camera.SetFocalPoint(*point_ras_mm)
