"""Where in a head the fMRI is looked at, and what it says there: linear samples of volumes on any grid."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ..errors import UserError
from ..geometry.spaces import ras_to_ijk, transform_points
from ..scan.canonical import canonical_grid
from ..scan.volume import Volume, voxel_points_ras_mm

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LATTICE_MM = 4.0
_GREY, _WHITE = 0.3, 0.95
"""Share of a tissue in the template from which on a place is of it; of white matter its core alone."""

ToMni = Callable[[np.ndarray], np.ndarray]
"""RAS mm of the scan to MNI mm, shape (N, 3)."""


@dataclass(frozen=True)
class Places:
    """Places in a scan: grey matter of the whole brain on a lattice of 4 mm, core of white matter, voxels of masks.

    lattice   the grid of the first ones, in the scan's world; values are their numbers in `ras_mm`, -1 where none is
    ras_mm    all of them, shape (P, 3), RAS mm of the scan
    mni_mm    the same in MNI mm, shape (P, 3)
    grey      which are of grey matter, slice
    white     which are of white matter, slice
    masks     hemisphere -> which are its mask's voxels, slice, in the order of `voxel_points_ras_mm`
    """

    lattice: Volume
    ras_mm: np.ndarray
    mni_mm: np.ndarray
    grey: slice
    white: slice
    masks: dict[str, slice]

    @cached_property
    def in_masks(self) -> np.ndarray:
        """Which of the grey ones lie within 4 mm of a mask, bool, shape (G,)."""
        from scipy.spatial import cKDTree

        inside = np.concatenate([self.ras_mm[part] for part in self.masks.values()])
        return cKDTree(inside).query(self.ras_mm[self.grey], distance_upper_bound=LATTICE_MM)[0] < LATTICE_MM

    def on_lattice(self, grey_values: np.ndarray) -> Volume:
        """Values of the grey places, shape (G,), as an image, float32; NaN where there is none."""
        padded = np.append(grey_values, np.nan).astype(np.float32)
        return self.lattice.with_array(padded[self.lattice.array_kji])


def places_in(scan: Volume, masks: dict[str, np.ndarray], to_mni: ToMni) -> Places:
    """The places of a scan; `masks` by hemisphere, bool, shape (K, J, I)."""
    grid = canonical_grid(scan, LATTICE_MM)
    points = voxel_points_ras_mm(grid, np.ones(grid.array_kji.shape, bool))
    grey_share, white_share = tissue_shares(to_mni(points))
    grey, white = grey_share >= _GREY, white_share >= _WHITE
    for mask in masks.values():
        grey |= scan.with_array(mask).values_at(points).astype(bool)
    numbers = np.where(grey, np.cumsum(grey) - 1, -1).reshape(grid.array_kji.shape)
    parts = [points[grey], points[white & ~grey], *(voxel_points_ras_mm(scan, mask) for mask in masks.values())]
    ends = np.cumsum([0, *map(len, parts)])
    slices = [slice(int(first), int(last)) for first, last in zip(ends[:-1], ends[1:], strict=True)]
    everything = np.concatenate(parts)
    by_side = dict(zip(masks, slices[2:], strict=True))
    return Places(grid.with_array(numbers), everything, to_mni(everything), slices[0], slices[1], by_side)


def tissue_shares(points_mni_mm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares of grey and of white matter, 0 to 1, in the template at points in MNI mm, shape (N, 3)."""
    grey, white = _tissues()
    return values_at(grey, points_mni_mm), values_at(white, points_mni_mm)


@lru_cache(maxsize=1)
def _tissues() -> tuple[Volume, Volume]:
    """Grey and white matter of the ICBM 152 2009a template, shares 0 to 1, in MNI mm; they come with nilearn."""
    require_nilearn()
    from nilearn.datasets import load_mni152_gm_template, load_mni152_wm_template

    return volume_of(load_mni152_gm_template(resolution=2)), volume_of(load_mni152_wm_template(resolution=2))


def require_nilearn() -> None:
    """Raise UserError where nilearn is not installed."""
    try:
        import nilearn  # noqa: F401
    except ImportError as error:
        raise UserError("fMRI needs nilearn, which is not installed: pip install 'dlpfcsegmenter[bold]'.") from error


def volume_of(image: "object") -> Volume:
    """A nibabel image as a volume."""
    return Volume(np.asarray(image.dataobj, np.float32).T, image.affine)  # type: ignore[attr-defined]


def values_at(volume: Volume, points_mm: np.ndarray) -> np.ndarray:
    """Values between the voxels, linear, at points of the volume's own world, shape (N, 3); 0 outside."""
    return sampler(volume, points_mm) @ volume.array_kji.reshape(-1)


def sampler(grid: Volume, points_mm: np.ndarray) -> "csr_matrix":
    """The matrix, shape (N, K*J*I), that takes an image on `grid` to its values at the points; a row of 0 outside."""
    from scipy.sparse import csr_matrix

    shape = np.array(grid.shape_ijk)
    ijk = ras_to_ijk(grid.ijk_to_ras, points_mm)
    inside = np.flatnonzero(np.all((ijk >= 0) & (ijk <= shape - 1), axis=1))
    low = np.minimum(np.floor(ijk[inside]).astype(int), np.maximum(shape - 2, 0))
    part = ijk[inside] - low
    rows, columns, weights = [], [], []
    for corner in np.ndindex(2, 2, 2):
        i, j, k = np.minimum(low + corner, shape - 1).T
        rows.append(inside)
        columns.append((k * shape[1] + j) * shape[0] + i)
        weights.append(np.prod(np.where(corner, part, 1 - part), axis=1))
    cells = np.concatenate(weights).astype(np.float32), (np.concatenate(rows), np.concatenate(columns))
    return csr_matrix(cells, shape=(len(points_mm), int(np.prod(shape))))


def linear_to_mni(ras_from_mni: np.ndarray) -> ToMni:
    """By the affine of a head's frame, 4x4, MNI mm to RAS mm."""
    matrix = np.linalg.inv(ras_from_mni)
    return lambda points: transform_points(matrix, points)
