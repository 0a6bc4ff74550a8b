"""The cortical target inside a mask."""

from dataclasses import dataclass

import numpy as np

from ..errors import NotFoundError
from ..geometry.spaces import ras_to_ijk
from ..volume.volume import Volume, voxel_points_ras_mm


@dataclass(frozen=True)
class Target:
    """Where to aim.

    position_ras_mm  the target, always inside the mask, shape (3,)
    centroid_ras_mm  centre of mass of the mask, shape (3,); outside a strongly curved mask
    centroid_inside  whether the voxel at the centroid belongs to the mask
    """

    position_ras_mm: np.ndarray
    centroid_ras_mm: np.ndarray
    centroid_inside: bool


def find_target(volume: Volume, mask_kji: np.ndarray) -> Target:
    """Target at the centroid of `mask_kji` (bool, shape (K, J, I)), or at the voxel nearest to it.

    Raises NotFoundError for an empty mask.
    """
    points = voxel_points_ras_mm(volume, mask_kji)
    if not len(points):
        raise NotFoundError(f"{volume.source}: the mask is empty, so there is no target in it.")
    centroid = points.mean(axis=0)
    inside = mask_contains(volume, mask_kji, centroid)
    nearest = points[np.argmin(np.linalg.norm(points - centroid, axis=1))]
    return Target(centroid if inside else nearest, centroid, inside)


def mask_contains(volume: Volume, mask_kji: np.ndarray, point_ras_mm: np.ndarray) -> bool:
    """Whether the voxel at `point_ras_mm`, shape (3,), belongs to `mask_kji` (bool, shape (K, J, I))."""
    index = np.rint(ras_to_ijk(volume.ijk_to_ras, point_ras_mm)).astype(int)
    if np.any(index < 0) or np.any(index >= volume.shape_ijk):
        return False
    return bool(mask_kji[tuple(index[::-1])])
