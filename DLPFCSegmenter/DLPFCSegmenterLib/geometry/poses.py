"""Coil poses and the axes by which each system writes them: the only place that converts those.

A coil pose is a rigid 4x4 transform in RAS mm, coil to head. Its columns are the coil's x, y and z
axes and its centre. In this library a pose has SimNIBS's axes: z points into the head, y away from
the handle, x = y cross z.

Another system's axes are a change of the coil's own frame, so they are multiplied from the right and
leave the position alone; a change of the world (RAS, LPS) is multiplied from the left.
"""

import numpy as np
from numpy.typing import ArrayLike

from .spaces import LPS_FROM_RAS

OWN_AXES = "SimNIBS: z into the head, y away from the handle"
"""The library's axes in words, for files that name them."""

BRAINSIGHT_AXES = np.diag([-1.0, 1.0, -1.0, 1.0])
"""Brainsight (and NaviNIBS): x and z reversed, so that z points out of the head."""

LOCALITE_AXES = np.array([[0.0, 0, 1, 0], [0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]])
"""Localite: x points into the head, y along the handle."""

NIBS_BIDS_AXES = np.diag([-1.0, -1.0, 1.0, 1.0])
"""NIBS-BIDS draft, example v6.3: z into the head, y along the handle."""

INVESALIUS_AXES = np.array([[0.0, 1, 0, 0], [1, 0, 0, 0], [0, 0, -1, 0], [0, 0, 0, 1]])
"""InVesalius: x away from the handle, z out of the head, y = z cross x (its coil's fiducials left, right and
anterior give these axes, and its keys move a marker so)."""

_RIGID_TOLERANCE = 4e-3
"""Files of Brainsight before version 12 give three decimals, which leave products of axes 0.002 off."""


def change_axes(pose: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """The pose written with another system's `axes`, or back: each of them is its own inverse."""
    return np.asarray(pose, dtype=float) @ axes


def pose_ras_to_lps(pose: np.ndarray) -> np.ndarray:
    """The same pose, 4x4 in mm, with its world changed between RAS and LPS (its own inverse)."""
    return LPS_FROM_RAS @ np.asarray(pose, dtype=float)


def is_rigid(pose: np.ndarray) -> bool:
    """Whether a 4x4 matrix only turns and shifts: unit axes at right angles, no mirroring."""
    pose = np.asarray(pose, dtype=float)
    if pose.shape != (4, 4) or not np.all(np.isfinite(pose)):
        return False
    rotation = pose[:3, :3]
    upright = np.allclose(rotation.T @ rotation, np.eye(3), atol=_RIGID_TOLERANCE)
    return upright and np.linalg.det(rotation) > 0 and np.allclose(pose[3], (0, 0, 0, 1))


def nearest_rigid(pose: np.ndarray) -> np.ndarray:
    """The rigid 4x4 pose nearest to one that was rounded: its centre, and its axes at right angles again."""
    left, _, right = np.linalg.svd(np.asarray(pose, dtype=float)[:3, :3])
    rigid = np.eye(4)
    rigid[:3, :3], rigid[:3, 3] = left @ right, pose[:3, 3]
    return rigid


def euler_angles_deg(rotation: np.ndarray) -> np.ndarray:
    """Angles in degrees, shape (3,), by which a rotation, 3x3, turns about the fixed x, then y, then z axis.

    The order is called 'sxyz'. Where only the sum of the first and the last is known, the last is 0.
    """
    level = float(np.hypot(rotation[0, 0], rotation[1, 0]))
    about_y = np.arctan2(-rotation[2, 0], level)
    if level < 1e-9:
        return np.degrees([np.arctan2(-rotation[1, 2], rotation[1, 1]), about_y, 0.0])
    about_x, about_z = np.arctan2(rotation[2, 1], rotation[2, 2]), np.arctan2(rotation[1, 0], rotation[0, 0])
    return np.degrees([about_x, about_y, about_z])


def rotation_from_euler(angles_deg: ArrayLike) -> np.ndarray:
    """The rotation, 3x3, of three angles as `euler_angles_deg` gives them."""
    (cos_x, cos_y, cos_z), (sin_x, sin_y, sin_z) = np.cos(np.radians(angles_deg)), np.sin(np.radians(angles_deg))
    about_x = np.array([[1, 0, 0], [0, cos_x, -sin_x], [0, sin_x, cos_x]])
    about_y = np.array([[cos_y, 0, sin_y], [0, 1, 0], [-sin_y, 0, cos_y]])
    about_z = np.array([[cos_z, -sin_z, 0], [sin_z, cos_z, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def pose_from_axes(x_axis: ArrayLike, y_axis: ArrayLike, z_axis: ArrayLike, centre_mm: ArrayLike) -> np.ndarray:
    """A 4x4 pose from three axis vectors and the centre in mm, shape (3,) each, in one space."""
    pose = np.eye(4)
    pose[:3] = np.column_stack((x_axis, y_axis, z_axis, centre_mm))
    return pose
