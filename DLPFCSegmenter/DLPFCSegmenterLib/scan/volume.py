"""`Volume`: one scan or mask, where it lies in space, and where it came from."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from ..doubts import Doubt
from ..geometry import spaces
from . import fingerprint as prints
from .origin import ROUNDING_MM, Origin

_SAME_VOXEL = 0.1
"""How far, in voxels, two grids may lie apart and still be one."""


@dataclass(frozen=True)
class Volume:
    """A 3-D image on a regular grid.

    array_kji   values, shape (K, J, I)
    ijk_to_ras  4x4, voxel indices (i, j, k) to RAS mm
    origin      where it came from
    warnings    sentences about the file that must travel with every result
    world_from_own  4x4, RAS mm, where a scene's transform moved the scan away from where its file has it, else None
    """

    array_kji: np.ndarray
    ijk_to_ras: np.ndarray
    origin: Origin = Origin()
    warnings: tuple[Doubt, ...] = field(default=())
    world_from_own: np.ndarray | None = None

    @property
    def source(self) -> str:
        """What the user knows it by: a file, a folder or a node's name."""
        return self.origin.path

    @cached_property
    def fingerprint(self) -> str:
        """Hex SHA-256 by which the scan is known, in its own space, whatever file or node it lies in."""
        return prints.fingerprint(self._values_digest, self.shape_ijk, self._ijk_to_own)

    def has_fingerprint(self, fingerprint: str) -> bool:
        """Whether this is the scan of that fingerprint; files that round its grid otherwise are the same scan."""
        return prints.matches(fingerprint, self._values_digest, self.shape_ijk, self._ijk_to_own)

    @cached_property
    def _values_digest(self) -> bytes:
        return prints.values_digest(self.array_kji, self._ijk_to_own)

    @property
    def _ijk_to_own(self) -> np.ndarray:
        if self.world_from_own is None:
            return self.ijk_to_ras
        return np.linalg.inv(self.world_from_own) @ self.ijk_to_ras

    @property
    def spacing_mm(self) -> np.ndarray:
        """Voxel size along I, J, K in mm, shape (3,)."""
        return spaces.spacing_mm(self.ijk_to_ras)

    @property
    def shape_ijk(self) -> tuple[int, int, int]:
        """Number of voxels along I, J, K."""
        return tuple(reversed(self.array_kji.shape))

    @property
    def orientation(self) -> str:
        """Directions in which I, J, K grow, such as 'RAS'."""
        return spaces.orientation_code(self.ijk_to_ras)

    @property
    def voxel_ml(self) -> float:
        """Volume of one voxel in millilitres."""
        return float(abs(np.linalg.det(self.ijk_to_ras[:3, :3]))) / 1000.0

    def values_at(self, points_ras_mm: np.ndarray, outside: float | None = 0) -> np.ndarray:
        """Values of the voxels nearest to points in RAS mm, shape (..., 3); the result has shape (...).

        outside  of a point that lies in no voxel; None: the value of the voxel at the border that is nearest along
                 the grid's axes
        """
        index = np.rint(spaces.ras_to_ijk(self.ijk_to_ras, points_ras_mm)).astype(int)
        i, j, k = np.moveaxis(np.clip(index, 0, np.array(self.shape_ijk) - 1), -1, 0)
        values = self.array_kji[k, j, i]
        if outside is None:
            return values
        inside = np.all((index >= 0) & (index < self.shape_ijk), axis=-1)
        return np.where(inside, values, values.dtype.type(outside))

    def with_array(self, array_kji: np.ndarray) -> "Volume":
        """The same grid with other values, shape (K, J, I)."""
        if array_kji.shape != self.array_kji.shape:
            raise ValueError(f"shape {array_kji.shape} does not fit the grid {self.array_kji.shape}")
        return replace(self, array_kji=array_kji)

    def cropped(self, box_kji: Sequence[slice]) -> "Volume":
        """The part in a box of voxels (K, J, I) that begins within the volume; it shares memory with it."""
        matrix = self.ijk_to_ras.copy()
        matrix[:3, 3] = spaces.ijk_to_ras_points(matrix, [side.start for side in reversed(box_kji)])
        return Volume(self.array_kji[tuple(box_kji)], matrix, self.origin)

    @property
    def as_slicer_shows_it(self) -> "Volume":
        """The same voxels where Slicer shows the scan's file: elsewhere only for NIfTI files whose two forms differ."""
        forms = self.origin.nifti
        return self._at(forms.shown_by_slicer) if forms and self.is_where_its_file_is else self

    @property
    def as_its_file_is_read(self) -> "Volume":
        """The way back: a scan that Slicer loaded, where `read_volume` puts its file."""
        forms = self.origin.nifti
        return self._at(forms.placed) if forms and self.is_where_its_file_is else self

    @property
    def is_where_its_file_is(self) -> bool:
        """Whether a scan from a NIfTI file lies where that is read, or where Slicer shows it."""
        forms = self.origin.nifti
        return forms is not None and any(self._is_at(form) for form in (forms.placed, forms.shown_by_slicer))

    def _at(self, ijk_to_ras: np.ndarray) -> "Volume":
        return self if self._is_at(ijk_to_ras) else replace(self, ijk_to_ras=ijk_to_ras)

    def _is_at(self, ijk_to_ras: np.ndarray) -> bool:
        return spaces.largest_shift_mm(ijk_to_ras, self.ijk_to_ras, self.shape_ijk) <= ROUNDING_MM

    def mirrored(self) -> "Volume":
        """The same voxels in a world mirrored at x = 0 mm: left becomes right. Own inverse."""
        return replace(self, ijk_to_ras=spaces.MIRROR_X @ self.ijk_to_ras)


def is_same_grid(shape_ijk: tuple[int, int, int], ijk_to_ras: np.ndarray, scan: Volume) -> bool:
    """Whether a grid covers the voxels of `scan`, to a tenth of one, in whatever order their axes are stored."""
    corners = np.array(list(np.ndindex(2, 2, 2))) * (np.array(shape_ijk) - 1)
    ijk = spaces.ras_to_ijk(scan.ijk_to_ras, spaces.ijk_to_ras_points(ijk_to_ras, corners))
    last = np.array(scan.shape_ijk) - 1
    off = np.minimum(np.abs(ijk), np.abs(ijk - last))
    return bool(np.prod(shape_ijk) == np.prod(scan.shape_ijk) and np.all(off < _SAME_VOXEL))


def is_same_scan(one: Volume, other: Volume) -> bool:
    """Whether two volumes are the same to the last bit: voxels, place, origin and warnings."""
    if (one.origin, one.warnings, one.array_kji.dtype) != (other.origin, other.warnings, other.array_kji.dtype):
        return False
    numbers = ("ijk_to_ras", "world_from_own", "array_kji")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in numbers)


def voxel_points_ras_mm(volume: Volume, mask_kji: np.ndarray) -> np.ndarray:
    """Centres of the voxels where `mask_kji` is true, shape (N, 3), RAS mm."""
    ijk = np.argwhere(mask_kji)[:, ::-1]
    return spaces.ijk_to_ras_points(volume.ijk_to_ras, ijk)


def box_around(values_kji: np.ndarray, margin: int = 0) -> tuple[slice, slice, slice]:
    """The smallest box that holds every value but 0, as index ranges, and `margin` voxels more on each side of it.

    It begins within the array; it may end beyond it, which makes no difference to what it cuts out. Without a
    margin it is empty where there is nothing but 0.
    """
    box: list[slice] = []
    for axis in range(3):
        inside = values_kji[tuple(box)]
        used = np.flatnonzero(inside.any(axis=tuple(other for other in range(3) if other != axis)))
        first, last = (int(used[0]), int(used[-1])) if used.size else (0, -1)
        box.append(slice(max(first - margin, 0), last + 1 + margin))
    return box[0], box[1], box[2]


def box_of_points(points_ijk: np.ndarray, shape_ijk: ArrayLike, margin: int = 0) -> tuple[slice, slice, slice]:
    """The voxels around fractional indices (..., 3) and `margin` more on each side, as index ranges (K, J, I).

    It lies within a grid of `shape_ijk`, a voxel of which it holds at least.
    """
    places, sizes = np.reshape(points_ijk, (-1, 3)), np.array(shape_ijk)
    low = np.clip(np.floor(places.min(axis=0)).astype(int) - margin, 0, sizes - 1)
    high = np.clip(np.ceil(places.max(axis=0)).astype(int) + 1 + margin, low + 1, sizes)
    i, j, k = (slice(a, b) for a, b in zip(low.tolist(), high.tolist(), strict=True))
    return k, j, i
