"""A figure-of-8 coil as a sign in a picture: two wings and a handle, no make's true shape."""

import numpy as np
import vtk

from ..targeting import mesh

_WING_RADII_MM = (16.0, 26.0, 36.0)
_WIRE_MM = 2.5
_HANDLE_MM = 110.0
_HANDLE_RADIUS_MM = 6.0


def coil_surface(pose_ras_mm: np.ndarray) -> vtk.vtkPolyData:
    """The coil at a pose (4x4, coil to RAS mm, the axes of `geometry.poses`), in RAS mm.

    Its face touches the pose's origin; wings lie along x, the handle points along -y.
    """
    parts = vtk.vtkAppendPolyData()
    centre = _WING_RADII_MM[-1] + _WIRE_MM
    for sign in (-1.0, 1.0):
        for radius in _WING_RADII_MM:
            parts.AddInputData(_ring(sign * centre, radius))
    parts.AddInputData(_handle())
    parts.Update()
    return mesh.moved(parts.GetOutput(), pose_ras_mm)


def _ring(x_mm: float, radius_mm: float) -> vtk.vtkPolyData:
    circle = vtk.vtkRegularPolygonSource()
    circle.GeneratePolygonOff()
    circle.SetNumberOfSides(72)
    circle.SetRadius(radius_mm)
    circle.SetCenter(x_mm, 0.0, -_WIRE_MM)
    circle.Update()
    return mesh.tube(circle.GetOutput(), _WIRE_MM)


def _handle() -> vtk.vtkPolyData:
    ends = [(0.0, -_WING_RADII_MM[0], -_HANDLE_RADIUS_MM), (0.0, -_HANDLE_MM, -_HANDLE_RADIUS_MM)]
    return mesh.tube(mesh.line_through(ends), _HANDLE_RADIUS_MM)
