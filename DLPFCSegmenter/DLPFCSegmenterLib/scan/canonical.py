"""The network's grid: RAS axes, 2 mm voxels, and the way back to the scan's own grid.

The grid depends on the scan's place in the world alone, not on the order or direction of its voxel
axes, so that every re-saved copy of a scan gives the network the same numbers.
"""

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from ..geometry import spaces
from .volume import Volume

SPACING_MM = 2.0
"""Voxel size of the canonical grid: that of the training scans, so that no scan looks sharper."""

_THICK = 1.25
"""Voxels so many times as thick as canonical ones are interpolated by a cubic spline: linearly the cortex blurs."""

_FOREGROUND = 0.12
"""Share of the bright level above which a voxel counts as head rather than air."""

_HEAD_DEPTH_MM = 130.0
"""How far below its top the head is looked at to find its centre; leaves neck and shoulders out."""

_CUT_CM2 = 25.0
"""So much of a head shows in the outermost plane of a scan at a cut, or its noise does; crown and nose show less."""

_MIN_SLICE_CM2 = 10.0
"""A slice with less foreground than this is air or noise above the head."""


_ANY_SIGNAL = 0.03
"""Share of the bright level above which a voxel may be of a head that is far from a surface coil."""

_AIR_KEPT_MM = 24.0
_LEAST_FIELD_MM = 180.0
"""The least field of view of a whole head: that of one of which half was erased stays as wide."""

_CUT_AT_ONCE_CM2 = 60.0
"""At a cut the outermost plane of 4 mm shows more of a head, at crown and nose less."""

_PLAIN_RANGE = (1.0, 2.0**20)
"""Within it no least value that any step works with comes into play."""

_COMMON_RANGE = 256.0
_FILLED_GAP = 0.05
"""Nothing below 0 but one value, so far below the rest as a share of the whole range, is no signal."""


def above_background(volume: Volume) -> Volume:
    """The scan with intensities that begin at its own background, which becomes 0, in a range as of common scans.

    What they were multiplied with and what was added to them makes no difference from here on. Where the only value
    below 0 lies far below the rest, a program filled with it what it did not know: it becomes background. A scan from 0
    on in a common range is given back as it is.
    """
    values = volume.array_kji
    low, high = _background(values), float(values.max())
    usual = _PLAIN_RANGE[0] <= high - low <= _PLAIN_RANGE[1] or high <= low
    if low == 0 and values.min() == 0 and usual:
        return volume
    # A power of two changes no digit.
    factor = 1.0 if usual else 2.0 ** round(float(np.log2(_COMMON_RANGE) - np.log2(high - low)))
    moved = (values.astype(np.float32) - np.float32(low)) * np.float32(factor)
    return volume.with_array(np.maximum(moved, np.float32(0.0)))


def _background(values: np.ndarray) -> float:
    """The least value that is signal."""
    low = float(values.min())
    if low >= 0:
        return low
    rest = values[values != low]
    second = float(rest.min()) if rest.size else low
    is_filling = second >= 0 and second - low > _FILLED_GAP * (float(values.max()) - low)
    return second if is_filling else low


def to_itk(volume: Volume) -> sitk.Image:
    """The volume as an ITK image (LPS) that shares no memory with it."""
    array = volume.array_kji
    image = sitk.GetImageFromArray(array.astype(np.uint8) if array.dtype == bool else array)
    origin, spacing, direction = spaces.itk_geometry(volume.ijk_to_ras)
    image.SetOrigin(origin)
    image.SetSpacing(spacing)
    image.SetDirection(direction)
    return image


def box_ras_mm(volume: Volume) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest RAS mm of the box around a volume's voxels, not only their centres."""
    corners_ijk = np.array(np.meshgrid(*[(-0.5, n - 0.5) for n in volume.shape_ijk])).reshape(3, 8).T
    corners = spaces.ijk_to_ras_points(volume.ijk_to_ras, corners_ijk)
    return corners.min(axis=0), corners.max(axis=0)


def canonical_grid(volume: Volume, spacing_mm: float = SPACING_MM) -> Volume:
    """An empty RAS grid of `spacing_mm` with the scan's centre that covers the scan's box."""
    low, high = box_ras_mm(volume)
    # Rounding before the ceiling keeps float noise of an axis order from adding a voxel.
    count = np.ceil(np.round((high - low) / spacing_mm, 3)).astype(int)
    matrix = np.diag([spacing_mm, spacing_mm, spacing_mm, 1.0])
    matrix[:3, 3] = (low + high) / 2 - (count - 1) / 2 * spacing_mm
    empty = np.zeros(tuple(reversed(count)), np.uint8)
    return Volume(empty, matrix, volume.origin)


def resample(volume: Volume, grid: Volume, nearest: bool = False) -> Volume:
    """The values of `volume` on the voxels of `grid`; 0 outside. Linear, or nearest for labels.

    Either grid may be sheared, which ITK's own image geometry cannot express: both are taken as
    index spaces with an affine between them.
    """
    index_map = np.linalg.inv(volume.ijk_to_ras) @ grid.ijk_to_ras
    transform = sitk.AffineTransform(index_map[:3, :3].ravel(), index_map[:3, 3])
    interpolator = sitk.sitkNearestNeighbor if nearest else sitk.sitkLinear
    array = volume.array_kji
    image = sitk.GetImageFromArray(array.astype(np.uint8) if array.dtype == bool else array)
    resampler = sitk.ResampleImageFilter()
    resampler.SetSize(grid.shape_ijk)
    resampler.SetTransform(transform)
    resampler.SetInterpolator(interpolator)
    return Volume(sitk.GetArrayFromImage(resampler.Execute(image)), grid.ijk_to_ras, volume.origin)


def to_canonical(volume: Volume, spacing_mm: float = SPACING_MM) -> Volume:
    """The scan above its background as float32 on its canonical grid, smoothed first where it is finer than that."""
    image = sitk.Cast(to_itk(above_background(volume)), sitk.sitkFloat32)
    for axis, own in enumerate(volume.spacing_mm):
        if own < 0.95 * spacing_mm:
            # The Gaussian whose width makes up the difference between the two voxel sizes.
            sigma = 0.42 * float(np.sqrt(spacing_mm**2 - own**2))
            image = sitk.RecursiveGaussian(image, sigma=sigma, direction=axis)
    grid = canonical_grid(volume, spacing_mm)
    is_thick = max(volume.spacing_mm) > _THICK * spacing_mm
    order = sitk.sitkBSpline if is_thick else sitk.sitkLinear
    resampled = sitk.GetArrayFromImage(sitk.Resample(image, to_itk(grid), sitk.Transform(), order, 0.0))
    # A spline swings below the air.
    return Volume(np.maximum(resampled, 0.0) if is_thick else resampled, grid.ijk_to_ras, volume.origin)


def without_air(canonical: Volume) -> Volume:
    """The part of a canonical volume around what shows any signal, and some air on each side of it.

    A side at which the head ends at a straight cut is left as it is: that nothing lies beyond it has to be seen.
    """
    every = canonical.array_kji[::2, ::2, ::2]
    shown = every > _ANY_SIGNAL * bright_level(every[::2, ::2, ::2])
    voxel_cm2 = (2.0 * SPACING_MM) ** 2 / 100.0
    kept, least = int(_AIR_KEPT_MM / SPACING_MM), int(_LEAST_FIELD_MM / SPACING_MM)
    box = []
    for axis, planes in enumerate(canonical.array_kji.shape):
        shown_cm2 = voxel_cm2 * np.array([np.count_nonzero(plane) for plane in np.moveaxis(shown, axis, 0)])
        before, after = (max(0, 2 * _air_planes(along) - kept) for along in (shown_cm2, shown_cm2[::-1]))
        missing = max(0, least - (planes - before - after))
        box.append(slice(max(0, before - missing), planes - max(0, after - missing)))
    part = canonical.cropped(box)
    return part.with_array(np.ascontiguousarray(part.array_kji))


def _air_planes(shown_cm2: np.ndarray) -> int:
    """How many of the first planes show nothing but air, where what follows does not begin at a cut."""
    filled = np.flatnonzero(shown_cm2 >= _MIN_SLICE_CM2)
    return int(filled[0]) if filled.size and shown_cm2[filled[0]] < _CUT_AT_ONCE_CM2 else 0


def without_empty_border(canonical: Volume) -> Volume:
    """The part of a canonical volume that was scanned, where a program filled it up or erased it at a straight cut.

    Air around a head stays: the outermost plane that shows anything shows little of it.
    """
    least = 100.0 * _CUT_CM2 / SPACING_MM**2
    box = []
    for axis, planes in enumerate(canonical.array_kji.shape):
        along = np.moveaxis(canonical.array_kji, axis, 0)
        box.append(slice(_empty_planes(along, least), planes - _empty_planes(along[::-1], least)))
    scanned = canonical.cropped(box)
    return scanned.with_array(np.ascontiguousarray(scanned.array_kji))


def _empty_planes(along: np.ndarray, least: float) -> int:
    """How many of the first planes, shape (planes, ...), show nothing, where the next one shows at least so much."""
    shown = map(np.count_nonzero, along)
    empty, first = next(((number, count) for number, count in enumerate(shown) if count), (0, 0))
    return empty if first >= least else 0


def halved(volume: Volume) -> Volume:
    """Means over whole blocks of two by two by two voxels."""
    values = volume.array_kji
    values = values[: len(values) // 2 * 2 : 2] + values[1::2]
    values = values[:, : values.shape[1] // 2 * 2 : 2] + values[:, 1::2]
    values = values[:, :, : values.shape[2] // 2 * 2 : 2] + values[:, :, 1::2]
    matrix = volume.ijk_to_ras @ np.diag([2.0, 2.0, 2.0, 1.0])
    matrix[:3, 3] = spaces.ijk_to_ras_points(volume.ijk_to_ras, [0.5, 0.5, 0.5])
    return Volume(values / np.float32(8.0), matrix, volume.origin)


def turned_on_ras_axes(volume: Volume, turn: np.ndarray) -> Volume:
    """A volume with RAS axes in a world that a 4x4 of right angles and mirrors turned, on RAS axes again, unchanged."""
    source = np.abs(turn[:3, :3]).argmax(axis=1)
    backwards = turn[np.arange(3), source] < 0
    old_from_new = np.eye(4)
    old_from_new[:3, :3] = turn[:3, :3].T
    old_from_new[source[backwards], 3] = np.array(volume.shape_ijk)[source[backwards]] - 1
    array_kji = np.ascontiguousarray(spaces.turned_array(volume.array_kji, turn))
    return Volume(array_kji, turn @ volume.ijk_to_ras @ old_from_new, volume.origin)


def is_brighter_on_left(canonical: Volume) -> bool:
    """Whether the half at the lower x is the brighter: a scan and its mirror image differ in it."""
    columns = canonical.array_kji.sum(axis=0).sum(axis=0, dtype=float)
    return float(columns @ (np.arange(len(columns)) - (len(columns) - 1) / 2)) < 0


def head_intensity(array_kji: np.ndarray) -> tuple[float, float]:
    """(mean, SD) of the intensities of the head, or of the brain where the skull is stripped."""
    values = array_kji[_foreground(array_kji)]
    if not values.size:
        return 0.0, 1.0
    return float(values.mean()), max(float(values.std()), 1e-6)


def _foreground(array_kji: np.ndarray) -> np.ndarray:
    return array_kji > _FOREGROUND * bright_level(array_kji)


def bright_level(array_kji: np.ndarray) -> float:
    """That which 2 % of all values above 0 reach; 0 where none is."""
    shown = array_kji[array_kji > 0]
    return np.percentile(shown, 98.0) if shown.size else 0.0


@dataclass(frozen=True)
class HeadBox:
    """Where the head lies in a canonical volume, RAS mm.

    centre_ras_mm  middle of the upper head in x and y, and its top in z, shape (3,)
    """

    centre_ras_mm: np.ndarray

    @property
    def top_ras_mm(self) -> float:
        """Height of the highest slice that shows the head."""
        return float(self.centre_ras_mm[2])


def find_head(canonical: Volume) -> HeadBox:
    """Top of the head and the middle of its upper part, without neck and shoulders.

    A volume without foreground gives its own centre and top.
    """
    inside = _foreground(canonical.array_kji)
    voxel_cm2 = canonical.spacing_mm[0] * canonical.spacing_mm[1] / 100.0
    filled = np.flatnonzero(inside.sum(axis=(1, 2)) * voxel_cm2 >= _MIN_SLICE_CM2)
    top = int(filled[-1]) if filled.size else inside.shape[0] - 1
    first = max(0, top - int(_HEAD_DEPTH_MM / canonical.spacing_mm[2]))
    upper = inside[first : top + 1]
    middle = [_middle(upper.sum(axis=axes)) for axes in ((0, 1), (0, 2))]
    return HeadBox(spaces.ijk_to_ras_points(canonical.ijk_to_ras, np.array([middle[0], middle[1], top])))


def _middle(profile: np.ndarray) -> float:
    """Index halfway between the 1st and the 99th percentile of a foreground profile."""
    total = profile.sum()
    if not total:
        return (len(profile) - 1) / 2
    share = np.cumsum(profile) / total
    return (np.searchsorted(share, 0.01) + np.searchsorted(share, 0.99)) / 2
