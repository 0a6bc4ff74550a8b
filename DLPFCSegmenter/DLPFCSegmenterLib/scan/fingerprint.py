"""One name for one scan, whatever file or node it lies in: a hash of its voxels' values and places.

The values are taken as float32 in the order of the axes that is closest to RAS, the places as those of four corners
of the grid. Files round their numbers, each kind in its own way, so that a place is counted in steps; where it falls
close to the end of a step, another file of the same scan may count the next one: `matches` looks at both.
"""

import hashlib
from collections.abc import Sequence
from itertools import product

import numpy as np

from ..geometry import spaces

_STEP_MM = 0.05
"""A scan moved by 0.1 mm, in whatever direction, has moved by more than this along one axis."""

_FIRST_STEP = 2**0.5 - 1
"""Where the first step begins, in steps: round numbers of mm, which are common, then fall far from every end."""

_ROUNDING_MM = 0.002
"""More than any format loses of a place in the head."""

_PLANES = 16
"""So many are brought into order at once: the memory's cache holds a line of each."""


def values_digest(array_kji: np.ndarray, ijk_to_ras: np.ndarray) -> bytes:
    """SHA-256 of the values in RAS order, the right-left axis fastest, as little-endian float32."""
    digest = hashlib.sha256()
    values = _in_ras_order(array_kji, ijk_to_ras)
    for start in range(0, len(values), _PLANES):
        digest.update(np.ascontiguousarray(values[start : start + _PLANES], dtype="<f4").data)
    return digest.digest()


def fingerprint(values: bytes, shape_ijk: tuple[int, ...], ijk_to_ras: np.ndarray) -> str:
    """Hex SHA-256 of `values_digest` and of where the grid lies, IJK to RAS mm."""
    return _named(values, np.floor(_places(shape_ijk, ijk_to_ras)).astype(int).tolist())


def matches(wanted: str, values: bytes, shape_ijk: tuple[int, ...], ijk_to_ras: np.ndarray) -> bool:
    """Whether `wanted` is the fingerprint of this scan, or of a file of it that rounds its places otherwise."""
    places, rounding = _places(shape_ijk, ijk_to_ras), _ROUNDING_MM / _STEP_MM
    choices = [sorted({int(np.floor(place - rounding)), int(np.floor(place + rounding))}) for place in places]
    return any(_named(values, counted) == wanted for counted in product(*choices))


def _named(values: bytes, counted: Sequence[int]) -> str:
    return hashlib.sha256(values + np.array(counted, dtype="<i8").tobytes()).hexdigest()


def _places(shape_ijk: tuple[int, ...], ijk_to_ras: np.ndarray) -> np.ndarray:
    """Sizes, and the corners at the origin and along each axis in RAS order, RAS mm, in steps, shape (15,)."""
    axes, flipped = spaces.axes_closest_to_ras(ijk_to_ras)
    last = np.array(shape_ijk) - 1
    first = np.where(flipped, last[axes], 0)
    ends = np.array([first, *(np.where(np.arange(3) == axis, last[axes] - first, first) for axis in range(3))])
    ijk = np.zeros((4, 3))
    ijk[:, axes] = ends
    corners = spaces.ijk_to_ras_points(ijk_to_ras, ijk)
    # Half a step: a size is a whole number, and must not lie at the end of one.
    return np.concatenate([np.array(shape_ijk)[axes] + 0.5, corners.ravel() / _STEP_MM + _FIRST_STEP])


def _in_ras_order(array_kji: np.ndarray, ijk_to_ras: np.ndarray) -> np.ndarray:
    """A view of the values whose axes run to superior, anterior and right."""
    axes, flipped = spaces.axes_closest_to_ras(ijk_to_ras)
    ordered = array_kji.transpose([2 - axis for axis in axes[::-1]])
    return ordered[tuple(slice(None, None, -1 if turned else 1) for turned in flipped[::-1])]
