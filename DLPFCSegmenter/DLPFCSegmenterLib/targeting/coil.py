"""From a cortical target to the scalp above it and to a coil pose."""

from dataclasses import dataclass

import numpy as np
import vtk

from ..doubts import Doubt
from ..errors import NoScalpError
from ..geometry.poses import pose_from_axes
from . import mesh
from .entry_quality import entry_warnings
from .scalp import Scalp

HANDLE_ANGLE_DEG = 45.0
"""Usual angle between the handle and the midline over the DLPFC: backwards and to the side."""

STANDOFF_MM = 4.0
"""Distance of the coil's face from the scalp, for hair; the default of SimNIBS."""


_WING_RADII_MM = (16.0, 26.0, 36.0)
_WIRE_MM = 2.5
_HANDLE_MM = 110.0
_HANDLE_RADIUS_MM = 6.0
"""Two wings and a handle."""


@dataclass(frozen=True)
class ScalpEntry:
    """Where the scalp lies over a cortical target.

    position_ras_mm       the nearest scalp point, shape (3,)
    normal_ras            smoothed unit normal out of the head there
    depth_mm              distance from the target to that point
    along_normal_mm       distance from the target to the scalp along the smoothed normal, or None
    """

    position_ras_mm: np.ndarray
    normal_ras: np.ndarray
    depth_mm: float
    along_normal_mm: float | None
    warnings: tuple[Doubt, ...] = ()


def scalp_entry(
    scalp: Scalp, target_ras_mm: np.ndarray, ras_from_mni: np.ndarray | None = None, hemisphere: str = ""
) -> ScalpEntry:
    """The scalp over a target inside the head, nearest and along the smoothed normal.

    With an affine from MNI to RAS mm (4x4) an entry on the face, an ear or the neck is warned of too.
    """
    nearest = scalp.nearest(target_ras_mm)
    normal = scalp.outward_normal(nearest.position_ras_mm)
    through = scalp.exit_point(target_ras_mm, normal)
    warnings = entry_warnings(scalp, nearest.position_ras_mm, nearest.distance_mm, ras_from_mni, hemisphere)
    along = through.distance_mm if through else None
    return ScalpEntry(nearest.position_ras_mm, normal, nearest.distance_mm, along, warnings)


def coil_pose(
    scalp: Scalp,
    entry: ScalpEntry,
    hemisphere: str,
    handle_angle_deg: float = HANDLE_ANGLE_DEG,
    standoff_mm: float = STANDOFF_MM,
) -> np.ndarray:
    """Pose of a figure-of-8 coil on the scalp, 4x4, coil to RAS mm, in the library's coil axes.

    z points into the head along the smoothed normal and y away from the handle. At 0 degrees the
    handle points straight backwards; a positive angle turns it to the side (posterolateral), so that
    y points forward and to the midline, mirrored on the right. Raises NoScalpError where the scalp
    faces forward or backward, so that no such direction exists.
    """
    right, anterior, _ = scalp.head_axes_ras
    towards_midline = right if hemisphere == "left" else -right
    angle = np.radians(handle_angle_deg)
    forward = _tangent(anterior, entry.normal_ras)
    sideways = np.cross(entry.normal_ras, forward)
    sideways *= np.sign(sideways @ towards_midline) or 1.0
    y_axis = np.cos(angle) * forward + np.sin(angle) * sideways
    z_axis = -entry.normal_ras
    centre = entry.position_ras_mm + standoff_mm * entry.normal_ras
    return pose_from_axes(np.cross(y_axis, z_axis), y_axis, z_axis, centre)


def _tangent(direction: np.ndarray, normal: np.ndarray) -> np.ndarray:
    along = direction - (direction @ normal) * normal
    length = np.linalg.norm(along)
    if length < 0.1:
        raise NoScalpError("The scalp under the coil faces straight forward or back, so a handle angle means nothing.")
    return along / length


def coil_surface(pose_ras_mm: np.ndarray) -> vtk.vtkPolyData:
    """A figure-of-8 coil as a sign in a picture, no make's true shape, in RAS mm.

    pose_ras_mm is 4x4, coil to RAS mm, in the axes of `geometry.poses`.

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
    ends = np.array([(0.0, -_WING_RADII_MM[0], -_HANDLE_RADIUS_MM), (0.0, -_HANDLE_MM, -_HANDLE_RADIUS_MM)])
    return mesh.tube(mesh.line_through(ends), _HANDLE_RADIUS_MM)
