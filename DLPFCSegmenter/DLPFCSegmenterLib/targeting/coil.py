"""From a cortical target to the scalp above it and to a coil pose: is that a place for a coil, and how deep is it?"""

from dataclasses import dataclass

import numpy as np

from ..doubts import Doubt, doubt, key_of
from ..errors import NoScalpError
from ..geometry.poses import pose_from_axes
from ..geometry.spaces import transform_points
from ..sentences import say
from . import mesh
from . import vtk_geometry as vtk
from .scalp import NORMAL_RADIUS_MM, Scalp
from .target import OUT_OF_HEAD_MM

DEPTH_RANGE_MM = (6.0, 30.0)
"""Depths below the scalp that are human for a target in the DLPFC. Over both sides of 21 adults (IXI, reference
masks) the nearest voxel of the DLPFC lies 7.1 to 15.1 mm and its centroid 17.6 to 25.5 mm below the scalp."""

_LOWEST_MNI_MM = -20.0
"""Below this MNI z lie face, ears and neck: the lowest ring of the 10-10 system over the brain (Fpz, F7, T7, Oz)
lies between -11 and +8 mm in the MNI positions of SimNIBS after Jurak 2007, and Nz, LPA and RPA between -48 and -43."""

_LOWEST_NORMAL = -0.9
"""Skin whose normal points further down than this lies under the chin or on the cut of a neck."""

_FACE_MNI_Y_MM = 20.0
_EAR_MNI_Y_MM = -70.0
_EAR_MNI_X_MM = 55.0


def entry_warnings(
    scalp: Scalp,
    entry_ras_mm: np.ndarray,
    depth_mm: float,
    ras_from_mni: np.ndarray | None = None,
    hemisphere: str = "",
) -> tuple[Doubt, ...]:
    """What is doubtful about a scalp point over a target, one sentence each; nothing if all is well.

    entry_ras_mm is the point, shape (3,), depth_mm the target's distance from it. Without an affine from
    MNI mm to RAS mm (4x4) it cannot be told whether the point lies on the face, an ear or the neck.
    """
    place, away = _odd_place(entry_ras_mm, ras_from_mni), scalp.distance_to_cut_mm(entry_ras_mm)
    low, high = DEPTH_RANGE_MM
    doubts = []
    if place:
        doubts.append(doubt("entry_place", hemisphere, place=place))
    if away <= NORMAL_RADIUS_MM:  # the smoothed normal, and with it the coil's tilt, takes in the skin so far around
        doubts.append(doubt("entry_near_cut", hemisphere, away=away))
    if not low <= depth_mm <= high:
        manner = say("deeper than usual") if depth_mm > high else say("shallower than a brain lies")
        doubts.append(doubt("depth_unusual", hemisphere, depth=depth_mm, manner=manner, low=low, high=high))
    return tuple(doubts)


def _odd_place(entry_ras_mm: np.ndarray, ras_from_mni: np.ndarray | None) -> str:
    """Where on the head a point lies that is not over the brain, in words, or ''."""
    if ras_from_mni is None:
        return ""
    x, y, z = transform_points(np.linalg.inv(ras_from_mni), np.asarray(entry_ras_mm, float))
    if z >= _LOWEST_MNI_MM:
        return ""
    if y > _FACE_MNI_Y_MM:
        return say("on the face")
    return say("at an ear") if y > _EAR_MNI_Y_MM and abs(x) > _EAR_MNI_X_MM else say("on the neck")


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
    if scalp.outside_mm(target_ras_mm) > OUT_OF_HEAD_MM:  # which is told of itself
        warnings = tuple(each for each in warnings if each.key != "depth_unusual")
    if scalp.lost_mm(target_ras_mm) > 0 and "entry_near_cut" not in map(key_of, warnings):
        away = scalp.distance_to_cut_mm(nearest.position_ras_mm)
        warnings += (doubt("entry_near_cut", hemisphere, away=away),)
    along = through.distance_mm if through else None
    return ScalpEntry(nearest.position_ras_mm, normal, nearest.distance_mm, along, warnings)


def coil_pose(
    scalp: Scalp, entry: ScalpEntry, hemisphere: str, handle_angle_deg: float, standoff_mm: float
) -> np.ndarray:
    """Pose of a figure-of-8 coil on the scalp, 4x4, coil to RAS mm, in the library's coil axes.

    z points into the head along the smoothed normal and y away from the handle. At 0 degrees the
    handle points straight backwards; a positive angle turns it to the side (posterolateral), so that
    y points forward and to the midline, mirrored on the right. Raises NoScalpError where the scalp
    faces straight down.
    """
    y_axis, z_axis = _handle_axis(scalp, entry.normal_ras, hemisphere, handle_angle_deg), -entry.normal_ras
    centre = entry.position_ras_mm + standoff_mm * entry.normal_ras
    return pose_from_axes(np.cross(y_axis, z_axis), y_axis, z_axis, centre)


def _handle_axis(scalp: Scalp, normal_ras: np.ndarray, hemisphere: str, handle_angle_deg: float) -> np.ndarray:
    """Unit vector away from the handle, in the skin whose normal is given.

    The angle is measured at the crown, where front and midline lie in the skin, and the direction is carried from
    there to the normal by the shortest turn. A field of directions in the skin must break somewhere; this one does
    below the head alone, while one that points to the front in the skin breaks on the forehead. It keeps the angle
    from the midline on the midline, and seen from above it wherever the normal leans along or across the handle.
    """
    right, anterior, up = scalp.head_axes_ras
    towards_midline = right if hemisphere == "left" else -right
    angle = np.radians(handle_angle_deg)
    at_crown = np.cos(angle) * anterior + np.sin(angle) * towards_midline
    height = float(up @ normal_ras)
    if height < _LOWEST_NORMAL:
        raise NoScalpError("The scalp under the coil faces straight down, so a handle angle means nothing.")
    return at_crown - (at_crown @ normal_ras) / (1.0 + height) * (up + normal_ras)


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
