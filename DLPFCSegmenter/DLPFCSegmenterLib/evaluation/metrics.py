"""How well a mask fits its reference: overlap, distances, side. Pure functions of arrays.

Masks are bool, shape (K, J, I) unless said otherwise; spacing is that of I, J, K in mm.
"""

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from ..scan.volume import box_around


def dice(mask: np.ndarray, reference: np.ndarray) -> float:
    """Dice coefficient 0..1 of two masks of any same shape; NaN when both are empty."""
    total = np.count_nonzero(mask) + np.count_nonzero(reference)
    return float(2 * np.count_nonzero(mask & reference) / total) if total else float("nan")


def intersection_over_union(mask: np.ndarray, reference: np.ndarray) -> float:
    """IoU 0..1 of two masks of any same shape; NaN when both are empty."""
    union = np.count_nonzero(mask | reference)
    return float(np.count_nonzero(mask & reference) / union) if union else float("nan")


def closed(mask: np.ndarray, spacing_mm: np.ndarray, radius_mm: float) -> np.ndarray:
    """Morphological closing by a ball of `radius_mm`, measured in mm whatever the spacing.

    Takes a cortical ribbon to the solid that a person would outline. The mask's own voxels stay.
    """
    if not mask.any():
        return mask
    margin = np.ceil(radius_mm / np.asarray(spacing_mm)[::-1]).astype(int) + 1
    window = box_around(mask)
    room = np.pad(mask[window], [(m, m) for m in margin])
    near = radius_mm + 1e-3
    dilated = _signed_distance_mm(room, spacing_mm) <= near
    solid = _signed_distance_mm(~dilated, spacing_mm) > near
    result = mask.copy()
    result[window] |= solid[tuple(slice(m, -m) for m in margin)]
    return result


@dataclass(frozen=True)
class SurfaceDistances:
    """Distances between the border voxels of two masks in mm.

    mean_mm  average symmetric surface distance
    hd95_mm  95th percentile of the distances, the larger of the two directions
    """

    mean_mm: float
    hd95_mm: float


def surface_distances(mask: np.ndarray, reference: np.ndarray, spacing_mm: np.ndarray) -> SurfaceDistances:
    """Distances between the surfaces of two masks that each hold a voxel or more."""
    window = _window(mask | reference, 1)
    one, other = (np.pad(m[window], 1) for m in (mask, reference))
    to_one, to_other = (np.abs(_signed_distance_mm(m, spacing_mm)) for m in (one, other))
    there = to_other[one & (to_one == 0)]
    back = to_one[other & (to_other == 0)]
    hd95 = max(np.percentile(there, 95), np.percentile(back, 95))
    return SurfaceDistances(float(np.concatenate([there, back]).mean()), float(hd95))


@dataclass(frozen=True)
class Sides:
    """The centroids of the reference region on the side asked for and on the other, RAS mm.

    The plane halfway between them stands for the midsagittal plane; it tilts with the head.
    """

    own_ras_mm: np.ndarray
    other_ras_mm: np.ndarray

    def wrong(self, point_ras_mm: np.ndarray) -> bool:
        """Whether a point lies in the other half of the head, so nearer to the other region."""
        own = np.linalg.norm(point_ras_mm - self.own_ras_mm)
        return bool(own > np.linalg.norm(point_ras_mm - self.other_ras_mm))


def _signed_distance_mm(mask: np.ndarray, spacing_mm: np.ndarray) -> np.ndarray:
    """Distance of each voxel to the mask's nearest border voxel; negative inside, 0 on the border."""
    image = sitk.GetImageFromArray(mask.astype(np.uint8))
    image.SetSpacing([float(s) for s in spacing_mm])
    distance = sitk.SignedMaurerDistanceMap(image, squaredDistance=False, useImageSpacing=True)
    return sitk.GetArrayFromImage(distance)


def _window(mask: np.ndarray, margin: int) -> tuple[slice, ...]:
    """The box around the mask's voxels, `margin` voxels wider, within the array."""
    return tuple(slice(max(each.start - margin, 0), each.stop + margin) for each in box_around(mask))
