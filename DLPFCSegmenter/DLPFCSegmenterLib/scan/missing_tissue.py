"""Where brain should be and none is: erased, cut off, or filled by whoever took a face out of the scan.

The place of the brain is the template's, in blocks of 8 mm. Tissue is neither dark as air nor the same everywhere, and
its neighbours are alike: what replaces it is one or the other, or noise.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from ..geometry.spaces import ijk_to_ras_points, ras_to_ijk, transform_points
from .canonical import above_background
from .volume import Volume, box_around

BLOCK_MM = 8.0
_DARK = 0.12
"""Mean of a block against the brain's median, below which it is air: fluid is brighter, or less than a block wide."""

_FLAT = 1e-6
_NOISY = 6.0
"""Squared differences between neighbours against the brain's median: below the one a block is filled evenly, above the
other it may be filled with noise."""

_UNLIKE = 0.75
"""Variance between neighbours against twice that of the block: 1 for noise without a picture in it."""

_DLPFC_MNI_MM = (-38.0, 42.0, 26.0)
"""The trials' target on the left."""

_BESIDE_MM = 30.0
"""The region and what borders on it lie so far around that."""

_FRONT_MNI_MM = (40.0, 0.0)
"""Before and above this (y, z) lies the front of the lobe, from which a frame shrinks back where it was erased."""

_MIDDLE_MM = 8.0
"""So far across the middle of the head a block is still of the side."""

_SAMPLE_MM = 2.0
"""So far apart the voxels lie that are looked at, each with its neighbours."""

_NEAR_VOXELS = 3
"""Empty space this near to a region, in voxels of the canonical grid, is beside it: skull and skin are thicker."""

_COMPACT_VOXELS = 3
"""Empty space holds a ball of this radius: furrows, ventricles and the skull do not."""

_MARGIN_VOXELS = 10
"""So far beyond the scan's faces there is empty space."""

_BARE = 0.5
"""Share of the brain's surface beside empty space from which the skull was taken off."""

_DEEP_VOXELS = 2
"""Empty space so deep within the place of a bare brain is no space around it."""

_SCANNED = 0.5
"""Share of a block's voxels that must lie within the scan."""


@dataclass(frozen=True)
class MissingTissue:
    """Middles of the blocks of brain, MNI mm, shape (N, 3), and which of them hold no tissue, bool, shape (N,)."""

    middles_mni_mm: np.ndarray
    is_missing: np.ndarray

    def beside_dlpfc_ml(self, hemisphere: str) -> float:
        """How much is missing in and around the DLPFC of a side, and before it, in millilitres."""
        x, y, z = self.middles_mni_mm.T * [[-1.0 if hemisphere == "right" else 1.0], [1.0], [1.0]]
        near = np.linalg.norm(np.stack([x, y, z]).T - _DLPFC_MNI_MM, axis=1) <= _BESIDE_MM
        before = (x < _MIDDLE_MM) & (y > _FRONT_MNI_MM[0]) & (z > _FRONT_MNI_MM[1])
        return float(np.count_nonzero(self.is_missing & (near | before))) * BLOCK_MM**3 / 1000.0


def find_missing_tissue(scan: Volume, ras_from_mni: np.ndarray, template: Volume) -> MissingTissue:
    """Look at every whole block of the template's brain (bool, MNI mm), which `ras_from_mni` (4x4) lays on the scan."""
    corner, wanted = _blocks(template)
    steps = np.maximum(1, np.rint(_SAMPLE_MM / scan.spacing_mm)).astype(int)
    count, mean, variance, unlike = _measured(scan, ras_from_mni, corner, wanted, steps)
    expected = BLOCK_MM**3 * abs(np.linalg.det(ras_from_mni[:3, :3])) / (scan.voxel_ml * 1000.0 * np.prod(steps))
    is_scanned = (count > _SCANNED * expected) & wanted
    bright, usual = (float(np.median(each[is_scanned])) if is_scanned.any() else 0.0 for each in (mean, unlike))
    filled = (unlike <= _FLAT * usual) | ((unlike > _NOISY * usual) & (unlike > 2 * _UNLIKE * variance))
    missing = wanted & (~is_scanned | (mean < _DARK * bright) | filled)
    middles = np.argwhere(wanted) * BLOCK_MM + corner + BLOCK_MM / 2
    return MissingTissue(middles, missing[wanted])


def empty_beside_ml(canonical: Volume, region_ras_mm: np.ndarray, ras_from_mni: np.ndarray, template: Volume) -> float:
    """How much empty space, in millilitres, touches or nears a region: what was cut off, erased or not scanned.

    canonical      the scan on its canonical grid
    region_ras_mm  the region's voxels, shape (N, 3)
    ras_from_mni   4x4, lays the template's brain (bool, MNI mm) on the scan

    Around a whole head it lies beyond the skull. Where the skull was taken off, that around the brain does not count.
    """
    shift = np.eye(4)
    shift[:3, 3] = -_MARGIN_VOXELS
    values = np.pad(above_background(canonical).array_kji, _MARGIN_VOXELS)
    grid = Volume(values, canonical.ijk_to_ras @ shift)
    region = np.zeros(values.shape, bool)
    index = np.rint(ras_to_ijk(grid.ijk_to_ras, region_ras_mm)).astype(int)
    region[tuple(index.T[::-1])] = True
    # A part of the region may be empty itself.
    dark = values < _DARK * np.percentile(values[region], 75)
    near = box_around(region, _MARGIN_VOXELS)
    if not _beside(_compact(dark[near]), region[near]).any():
        return 0.0
    empty = _compact(dark)
    brain = _brain_on(grid, ras_from_mni, template)
    surface = brain & ~_changed(sitk.BinaryErode, brain, 1)
    if np.mean(_changed(sitk.BinaryDilate, empty, _NEAR_VOXELS)[surface]) > _BARE:
        empty &= _changed(sitk.BinaryErode, brain, _DEEP_VOXELS)
    return float(np.count_nonzero(_beside(empty, region)) * canonical.voxel_ml)


def _compact(dark_kji: np.ndarray) -> np.ndarray:
    return _changed(sitk.BinaryMorphologicalOpening, dark_kji, _COMPACT_VOXELS)


def _beside(empty_kji: np.ndarray, region_kji: np.ndarray) -> np.ndarray:
    return empty_kji & _changed(sitk.BinaryDilate, region_kji, _NEAR_VOXELS)


def _changed(change: Callable[..., sitk.Image], array_kji: np.ndarray, voxels: int) -> np.ndarray:
    """A bool array after a morphological step with a ball of this radius."""
    return sitk.GetArrayFromImage(change(sitk.GetImageFromArray(array_kji.astype(np.uint8)), [voxels] * 3)) > 0


def _brain_on(grid: Volume, ras_from_mni: np.ndarray, template: Volume) -> np.ndarray:
    """The template's brain on a grid, bool, shape (K, J, I)."""
    ijk = np.indices(grid.array_kji.shape).reshape(3, -1)[::-1].T
    to_template = np.linalg.inv(ras_from_mni @ template.ijk_to_ras) @ grid.ijk_to_ras
    there = np.rint(transform_points(to_template, ijk)).astype(int)
    inside = np.all((there >= 0) & (there < template.shape_ijk), axis=1)
    brain = np.zeros(len(ijk), bool)
    brain[inside] = template.array_kji[tuple(there[inside].T[::-1])]
    return brain.reshape(grid.array_kji.shape)


def _blocks(template: Volume) -> tuple[np.ndarray, np.ndarray]:
    """The first block's corner in MNI mm, and which blocks, by R, A and S, hold the brain's inside alone."""
    brain = sitk.GetImageFromArray(template.array_kji.astype(np.uint8))
    inner = sitk.GetArrayFromImage(sitk.BinaryErode(brain, [1, 1, 1], sitk.sitkCross)) > 0
    places = ijk_to_ras_points(template.ijk_to_ras, np.argwhere(inner)[:, ::-1])
    corner = BLOCK_MM * np.floor(places.min(axis=0) / BLOCK_MM)
    index = np.floor((places - corner) / BLOCK_MM).astype(int)
    shape = index.max(axis=0) + 1
    counts = np.bincount(np.ravel_multi_index(tuple(index.T), tuple(shape)), minlength=int(np.prod(shape)))
    return corner, (counts >= round(BLOCK_MM**3 / (template.voxel_ml * 1000.0))).reshape(shape)


def _measured(
    scan: Volume, ras_from_mni: np.ndarray, corner_mni_mm: np.ndarray, wanted: np.ndarray, steps: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of each block: voxels in the scan, their mean, variance and mean squared difference from the next voxels.

    steps  so many voxels are passed over along I, J, K to the next one that is looked at
    """
    values = above_background(scan).array_kji
    here = values[tuple(slice(0, -1, step) for step in steps[::-1])].astype(np.float64)
    squares = np.mean([(_next(values, steps, axis) - here) ** 2 for axis in range(3)], axis=0)
    ijk = np.indices(here.shape).reshape(3, -1)[::-1].T * steps
    index = np.floor((transform_points(np.linalg.inv(ras_from_mni) @ scan.ijk_to_ras, ijk) - corner_mni_mm) / BLOCK_MM)
    inside = np.all((index >= 0) & (index < wanted.shape), axis=1)
    block = np.ravel_multi_index(tuple(index[inside].astype(int).T), wanted.shape)
    count = np.bincount(block, minlength=wanted.size)
    sums = (np.bincount(block, each.ravel()[inside], wanted.size) for each in (here, here**2, squares))
    mean, of_squares, unlike = (each / np.maximum(count, 1) for each in sums)
    variance = np.maximum(of_squares - mean**2, 0.0)
    shape = wanted.shape
    return count.reshape(shape), mean.reshape(shape), variance.reshape(shape), unlike.reshape(shape)


def _next(values_kji: np.ndarray, steps: np.ndarray, axis: int) -> np.ndarray:
    """The voxels that follow those that are looked at along an axis of the array."""
    firsts, ends = np.zeros(3, int), np.full(3, -1)
    firsts[axis] = 1
    sides = [
        slice(int(a), None if a else int(b), int(step)) for a, b, step in zip(firsts, ends, steps[::-1], strict=True)
    ]
    return values_kji[tuple(sides)]
