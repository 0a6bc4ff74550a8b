"""Where brain should be and none is: erased, cut off, or filled by whoever took a face out of the scan.

One map tells it: space that is dark as air, the same everywhere, or noise without a picture in it, and all beyond the
scan. It counts where the template's brain says that the DLPFC and the front of the lobe are, where it touches the
region that was found, and where it begins at a plane beside the brain: behind a front that was cut off straight the
template's own front lies too far back to tell it, and no head ends so flat.
"""

from collections.abc import Callable

import numpy as np
import SimpleITK as sitk

from ..geometry.sides import between_left_and
from ..geometry.spaces import ijk_to_ras_points, ras_to_ijk, transform_points
from .canonical import above_background, resample
from .head_frame import HeadFrame, brain_points_mni_mm
from .volume import Volume, voxel_points_ras_mm

_DARK = 0.12
"""Brightness against that of the brain nearby, below which it is air: fluid is brighter, or less than a ball wide."""

_FLAT = 1e-6
_NOISY = 2.0
"""Squared differences between neighbours against the brain's median: below the one a box is filled evenly, above the
other it may be filled with noise; of 21 heads at most 0.2 ml are so restless and as little like tissue."""

_UNLIKE = 0.75
"""Variance between neighbours against twice that of the box: 1 for noise without a picture in it."""

_DLPFC_MNI_MM = (-38.0, 42.0, 26.0)
"""The trials' target on the left."""

_BESIDE_MM = 30.0
"""The region and what borders on it lie so far around that."""

_FRONT_MNI_MM = (40.0, 0.0)
"""Before and above this (y, z) lies the front of the lobe."""

_MIDDLE_MM = 8.0
"""So far across the middle of the head is still of the side."""

_WHOLE_MNI_MM = np.array([[-75.0, 8.0, -8.0], [12.0, 85.0, 62.0]])
"""Corners of what is looked at on the left."""

_SAMPLE_MM = 2.0
"""So far apart the voxels lie that are looked at, each with its neighbours."""

_BOX_VOXELS = 2
"""Boxes reach so far around their middle, in those voxels."""

_COMPACT_VOXELS = 3
"""Empty space holds a ball of this radius, in voxels of the canonical grid: furrows and the skull do not."""

_NEAR_VOXELS = 3
"""Empty space this near to a region is beside it, and to a brain at its surface: skull and skin are thicker."""

_DEEP_VOXELS = 3
"""An affine fits the surface of a brain no better than this."""

_EVEN, _NOISE, _PICTURE = 1, 2, 3
"""What a voxel may hold; 0 is beyond the scan."""

_MARGIN_VOXELS = 10
"""So far beyond the scan's faces there is empty space."""

_BARE = 0.5
"""Share of the brain's surface beside empty space from which the skull was taken off."""

_PLANE_MM = 1.5
_PLANE_CM2, _BARE_PLANE_CM2 = 10.0, 18.0
"""A surface at the brain that lies so near to one plane over so much of it was cut. In a head there is no surface at
the brain; of brains without a skull up to 15 cm2 of their own lie so."""

_PLANE_DEEP_MM = 10.0
"""So much is told to be missing behind a plane: how much is, is not known."""

_TRIALS = 200


def find_filled(scan: Volume, frame: HeadFrame) -> Volume:
    """What holds no picture, on every so many voxels of a scan: _EVEN, _NOISE, else _PICTURE."""
    steps = np.maximum(1, np.rint(_SAMPLE_MM / scan.spacing_mm)).astype(int)
    values = above_background(scan).array_kji
    here = values[tuple(slice(0, -1, step) for step in steps[::-1])].astype(np.float32)
    mean, of_squares, unlike = (
        _box_mean(each)
        for each in (here, here**2, np.mean([(_next(values, steps, axis) - here) ** 2 for axis in range(3)], axis=0))
    )
    lattice = Volume(unlike, scan.ijk_to_ras @ np.diag([*steps, 1.0]))
    usual = float(np.median(lattice.values_at(transform_points(frame.ras_from_mni, brain_points_mni_mm()))))
    noise = (unlike > _NOISY * usual) & (unlike > 2 * _UNLIKE * np.maximum(of_squares - mean**2, 0.0))
    filled = np.where(_changed(sitk.BinaryDilate, noise, 1), _NOISE, _PICTURE)
    # With the box that they were told by, even places grow back to their borders and no further.
    filled[_changed(sitk.BinaryDilate, unlike <= _FLAT * usual, _BOX_VOXELS, sitk.sitkBox)] = _EVEN
    return lattice.with_array(filled.astype(np.uint8))


def missing_ml(
    canonical: Volume,
    filled: Volume,
    frame: HeadFrame,
    region_ras_mm: np.ndarray,
    hemisphere: str,
    is_dlpfc: bool = True,
) -> float:
    """How much is missing in and around the DLPFC of a side, before it, and beside its region, in millilitres.

    Of another region it is what is missing around the middle of what was found, and beside that.

    canonical      the scan on its canonical grid
    filled         as `find_filled` gives it
    region_ras_mm  the voxels that were found to be the region, shape (N, 3)
    """
    grid = _around(canonical, frame, region_ras_mm, hemisphere)
    region = np.zeros(grid.array_kji.shape, bool)
    region[tuple(np.rint(ras_to_ijk(grid.ijk_to_ras, region_ras_mm)).astype(int).T[::-1])] = True
    place, mni_mm = frame.brain_on(grid), _mni_mm_on(grid, frame)
    wanted = _wanted(mni_mm, hemisphere) if is_dlpfc else _near(mni_mm, mni_mm[region].mean(axis=0))
    deep = _changed(sitk.BinaryErode, place, _DEEP_VOXELS)
    void = _void(grid, filled, place, deep)
    inside = void & wanted & deep
    beside = void & _changed(sitk.BinaryDilate, region, _NEAR_VOXELS)
    edge = ~void & _changed(sitk.BinaryDilate, void, 1, sitk.sitkCross)
    at_brain = edge & wanted & _changed(sitk.BinaryDilate, place, _NEAR_VOXELS)
    plane_cm2, least_cm2 = (
        _largest_plane_cm2(voxel_points_ras_mm(grid, at_brain), float(grid.spacing_mm[0])),
        _PLANE_CM2,
    )
    if (inside.any() or beside.any() or plane_cm2 > _PLANE_CM2) and _is_bare(canonical, filled, frame):
        # What strips a skull takes some of the surface too.
        inside &= _changed(sitk.BinaryErode, place, _DEEP_VOXELS + 2)
        beside &= deep
        least_cm2 = _BARE_PLANE_CM2
    behind_plane = plane_cm2 * _PLANE_DEEP_MM / 10.0 if plane_cm2 > least_cm2 else 0.0
    return max(float(np.count_nonzero(inside | beside)) * grid.voxel_ml, behind_plane)


def _mni_mm_on(grid: Volume, frame: HeadFrame) -> np.ndarray:
    """MNI mm of a grid's voxels, shape (K, J, I, 3)."""
    ijk = np.indices(grid.array_kji.shape).transpose(1, 2, 3, 0)[..., ::-1]
    return transform_points(np.linalg.inv(frame.ras_from_mni) @ grid.ijk_to_ras, ijk)


def _wanted(mni_mm: np.ndarray, hemisphere: str) -> np.ndarray:
    """What is near the DLPFC of a side or before it, bool; `mni_mm` has shape (..., 3)."""
    on_left_mm = mni_mm * between_left_and(hemisphere)
    x, y, z = np.moveaxis(on_left_mm, -1, 0)
    return _near(on_left_mm, np.array(_DLPFC_MNI_MM)) | (
        (x < _MIDDLE_MM) & (y > _FRONT_MNI_MM[0]) & (z > _FRONT_MNI_MM[1])
    )


def _near(mni_mm: np.ndarray, middle_mni_mm: np.ndarray) -> np.ndarray:
    return np.linalg.norm(mni_mm - middle_mni_mm, axis=-1) <= _BESIDE_MM


def _around(canonical: Volume, frame: HeadFrame, region_ras_mm: np.ndarray, hemisphere: str) -> Volume:
    """The part of the canonical grid that is looked at, with what lies beyond the scan as 0."""
    corners = np.array(list(np.ndindex(2, 2, 2)))
    places = _WHOLE_MNI_MM[corners, range(3)] * between_left_and(hemisphere)
    points = np.vstack([transform_points(frame.ras_from_mni, places), region_ras_mm])
    ijk = np.rint(ras_to_ijk(canonical.ijk_to_ras, points)).astype(int)
    last = np.array(canonical.shape_ijk) - 1
    low = np.clip(ijk.min(axis=0), 0, last) - _MARGIN_VOXELS
    high = np.clip(ijk.max(axis=0), 0, last) + _MARGIN_VOXELS
    inner_low, inner_high = np.maximum(low, 0), np.minimum(high, last)
    box = tuple(slice(a, b + 1) for a, b in zip(inner_low[::-1], inner_high[::-1], strict=True))
    pad = list(zip((inner_low - low)[::-1], (high - inner_high)[::-1], strict=True))
    matrix = canonical.ijk_to_ras.copy()
    matrix[:3, 3] = ijk_to_ras_points(matrix, low)
    return Volume(np.pad(canonical.array_kji[box], pad), matrix)


def _void(grid: Volume, filled: Volume, place: np.ndarray, deep: np.ndarray) -> np.ndarray:
    """Empty space on a grid, bool.

    place  where brain should be, bool; a part of it may be empty
    deep   where noise may be told from tissue, bool: skin over bone looks like it
    """
    bright = np.percentile(grid.array_kji[place], 75) if place.any() else 0.0
    content = resample(filled, grid, nearest=True).array_kji
    void = (grid.array_kji < _DARK * bright) | (content <= _EVEN) | (deep & (content == _NOISE))
    return _changed(sitk.BinaryMorphologicalOpening, void, _COMPACT_VOXELS)


def _is_bare(canonical: Volume, filled: Volume, frame: HeadFrame) -> bool:
    """Whether the skull was taken off, so that empty space lies around the brain without anything missing."""
    place = frame.brain_on(canonical)
    void = _void(canonical, filled, place, np.zeros_like(place))
    surface = place & ~_changed(sitk.BinaryErode, place, 1)
    return bool(np.mean(_changed(sitk.BinaryDilate, void, _NEAR_VOXELS)[surface]) > _BARE)


def _largest_plane_cm2(points_mm: np.ndarray, spacing_mm: float) -> float:
    """How much of a surface, given by its voxels (N, 3), lies at one plane."""
    face_cm2 = spacing_mm**2 / 100.0
    if len(points_mm) * face_cm2 <= _PLANE_CM2:
        return 0.0
    chance = np.random.default_rng(0)
    most = 0
    for _ in range(_TRIALS):
        a, b, c = points_mm[chance.integers(0, len(points_mm), 3)]
        normal = np.cross(b - a, c - a)
        if np.linalg.norm(normal) > 1.0:
            off = (points_mm - a) @ (normal / np.linalg.norm(normal))
            most = max(most, int(np.count_nonzero(np.abs(off) < _PLANE_MM)))
    return most * face_cm2


def _box_mean(values: np.ndarray) -> np.ndarray:
    image = sitk.GetImageFromArray(np.ascontiguousarray(values, dtype=np.float32))
    return sitk.GetArrayFromImage(sitk.BoxMean(image, [_BOX_VOXELS] * 3))


def _next(values_kji: np.ndarray, steps: np.ndarray, axis: int) -> np.ndarray:
    """The voxels that follow those that are looked at along an axis of the array."""
    firsts, ends = np.zeros(3, int), np.full(3, -1)
    firsts[axis] = 1
    sides = [
        slice(int(a), None if a else int(b), int(step)) for a, b, step in zip(firsts, ends, steps[::-1], strict=True)
    ]
    return values_kji[tuple(sides)]


def _changed(
    change: Callable[..., sitk.Image], array_kji: np.ndarray, voxels: int, kernel: int = sitk.sitkBall
) -> np.ndarray:
    """A bool array after a morphological step with a kernel of this radius."""
    return sitk.GetArrayFromImage(change(sitk.GetImageFromArray(array_kji.astype(np.uint8)), [voxels] * 3, kernel)) > 0
