"""The only place that converts between spaces.

RAS  millimetres, +x right, +y anterior, +z superior (NIfTI, Slicer, this library).
LPS  millimetres, +x left, +y posterior, +z superior (DICOM, ITK, NRRD files).
IJK  voxel indices of one volume, column first; an array of that volume is indexed [k, j, i].

Points are arrays of shape (..., 3); transforms are 4x4 and act on column vectors.
"""

import itertools

import numpy as np
from numpy.typing import ArrayLike

LPS_FROM_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
"""Left-multiply a 4x4 transform to change its world space; the matrix is its own inverse."""

MIRROR_X = np.diag([-1.0, 1.0, 1.0, 1.0])
"""Left-multiply to mirror a world space in the plane x = 0 (left <-> right)."""


def _right_turns() -> list[np.ndarray]:
    turns = []
    for order, signs in itertools.product(itertools.permutations(range(3)), itertools.product((1.0, -1.0), repeat=3)):
        matrix = np.eye(4)
        matrix[:3, :3] = np.diag(signs)[list(order)]
        if np.linalg.det(matrix) > 0:
            turns.append(matrix)
    return turns


RIGHT_TURNS = _right_turns()
"""The 24 turns by right angles, 4x4; the first leaves everything as it is."""


def transform_points(matrix: np.ndarray, points: ArrayLike) -> np.ndarray:
    """Apply a 4x4 affine `matrix` to `points` of shape (..., 3); the result has the same shape."""
    points = np.asarray(points, dtype=float)
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def ras_to_lps(points_mm: np.ndarray) -> np.ndarray:
    """RAS points in mm, shape (..., 3), as LPS points (or back: the change is its own inverse)."""
    return np.asarray(points_mm, dtype=float) * (-1.0, -1.0, 1.0)


lps_to_ras = ras_to_lps


def ras_to_ijk(ijk_to_ras: np.ndarray, points_ras_mm: np.ndarray) -> np.ndarray:
    """RAS points in mm, shape (..., 3), as fractional IJK indices of the volume."""
    return transform_points(np.linalg.inv(ijk_to_ras), points_ras_mm)


def ijk_to_ras_points(ijk_to_ras: np.ndarray, points_ijk: ArrayLike) -> np.ndarray:
    """IJK indices (may be fractional), shape (..., 3), as RAS points in mm."""
    return transform_points(ijk_to_ras, points_ijk)


def turned_array(array: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """A view of an array (..., K, J, I) on RAS axes, in a world turned by a 4x4 of right angles and mirrors.

    The result has RAS axes again.
    """
    last, source = array.ndim - 1, np.abs(turn[:3, :3]).argmax(axis=1)
    backwards = np.flatnonzero(turn[np.arange(3), source] < 0)
    leading = np.arange(array.ndim - 3)
    return np.flip(array.transpose(*leading, *(last - source[::-1])), tuple((last - backwards).tolist()))


def spacing_mm(ijk_to_ras: np.ndarray) -> np.ndarray:
    """Distance between voxel centres along I, J and K, shape (3,), in mm."""
    return np.linalg.norm(ijk_to_ras[:3, :3], axis=0)


def largest_shift_mm(a: np.ndarray, b: np.ndarray, shape_ijk: tuple[int, ...]) -> float:
    """Largest distance between the places that two IJK-to-RAS matrices give to one voxel of a grid."""
    corners = np.array(np.meshgrid(*[(0, size - 1) for size in shape_ijk])).reshape(3, -1).T
    between = ijk_to_ras_points(a, corners) - ijk_to_ras_points(b, corners)
    return float(np.linalg.norm(between, axis=1).max())


def orientation_code(ijk_to_ras: np.ndarray) -> str:
    """Three letters: the direction in which I, J and K grow, such as 'RAS' or 'PSR'.

    An oblique axis is named after the anatomical axis that it is nearest to, each used once.
    """
    closeness = np.abs(ijk_to_ras[:3, :3] / spacing_mm(ijk_to_ras))
    letters = [""] * 3
    for _ in range(3):
        world, index = np.unravel_index(np.argmax(closeness), closeness.shape)
        positive = ijk_to_ras[world, index] > 0
        letters[index] = ("RAS" if positive else "LPI")[world]
        closeness[world, :] = -1
        closeness[:, index] = -1
    return "".join(letters)


def axes_closest_to_ras(ijk_to_ras: np.ndarray) -> tuple[list[int], list[bool]]:
    """For R, A and S: which of I, J, K runs along it, and whether against it."""
    code = orientation_code(ijk_to_ras)
    axes = [next(axis for axis, letter in enumerate(code) if letter in pair) for pair in ("RL", "AP", "SI")]
    return axes, [code[axis] in "LPI" for axis in axes]


def itk_geometry(ijk_to_ras: np.ndarray) -> tuple[tuple, tuple, tuple]:
    """(origin, spacing, direction) of an ITK image in LPS mm for an IJK-to-RAS matrix."""
    lps = LPS_FROM_RAS @ ijk_to_ras
    spacing = spacing_mm(ijk_to_ras)
    direction = lps[:3, :3] / spacing
    return tuple(lps[:3, 3]), tuple(spacing), tuple(direction.ravel())


def ijk_to_ras_from_itk(origin_lps_mm: ArrayLike, spacing: ArrayLike, direction: ArrayLike) -> np.ndarray:
    """IJK-to-RAS matrix of an ITK image (3-D): origin in LPS mm, spacing in mm, 9 direction cosines."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.reshape(direction, (3, 3)) * np.asarray(spacing, dtype=float)
    matrix[:3, 3] = origin_lps_mm
    return LPS_FROM_RAS @ matrix
