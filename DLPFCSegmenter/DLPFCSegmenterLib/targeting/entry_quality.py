"""Is a scalp point a place for a coil? Doubts about where it lies and how deep the target lies under it."""

import numpy as np

from ..doubts import Doubt, doubt
from ..geometry.spaces import transform_points
from .scalp import NORMAL_RADIUS_MM, Scalp

DEPTH_RANGE_MM = (6.0, 30.0)
"""Depths below the scalp that are human for a target in the DLPFC. Over both sides of 21 adults (IXI, reference
masks) the nearest voxel of the DLPFC lies 7.1 to 15.1 mm and its centroid 17.6 to 25.5 mm below the scalp."""

_LOWEST_MNI_MM = -20.0
"""Below this MNI z lie face, ears and neck: the lowest ring of the 10-10 system over the brain (Fpz, F7, T7, Oz)
lies between -11 and +8 mm in the MNI positions of SimNIBS after Jurak 2007, and Nz, LPA and RPA between -48 and -43."""

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
        manner = "deeper than usual" if depth_mm > high else "shallower than a brain lies"
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
        return "on the face"
    return "at an ear" if y > _EAR_MNI_Y_MM and abs(x) > _EAR_MNI_X_MM else "on the neck"
