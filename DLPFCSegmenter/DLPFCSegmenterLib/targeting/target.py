"""The cortical target inside a mask."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import NotFoundError, UserError
from ..geometry.spaces import ras_to_ijk
from ..scan.volume import Volume, voxel_points_ras_mm

if TYPE_CHECKING:
    from .scalp import Scalp

_MAX_PICKED_MM = 30.0
"""A picked point further than this from the mask belongs to something else."""

PICKED = "picked by the user"
"""How a target was chosen that no mask gave."""


@dataclass(frozen=True)
class Target:
    """Where to aim.

    position_ras_mm  the target, shape (3,), inside the mask unless the user picked it elsewhere
    centroid_ras_mm  centre of mass of the mask, shape (3,); outside a strongly curved mask
    centroid_inside  whether the voxel at the centroid belongs to the mask
    method           how it was chosen, in words
    """

    position_ras_mm: np.ndarray
    centroid_ras_mm: np.ndarray
    centroid_inside: bool
    method: str = "centroid of the mask"
    warnings: tuple[str, ...] = ()


def find_target(volume: Volume, mask_kji: np.ndarray) -> Target:
    """Target at the centroid of `mask_kji` (bool, shape (K, J, I)), or at the voxel nearest to it.

    Raises NotFoundError for an empty mask.
    """
    points = _mask_points(volume, mask_kji)
    centroid = points.mean(axis=0)
    if mask_contains(volume, mask_kji, centroid):
        return Target(centroid, centroid, True)
    nearest = points[np.argmin(np.linalg.norm(points - centroid, axis=1))]
    warning = "The centroid lies outside the curved mask; the target is the nearest point of the mask."
    return Target(nearest, centroid, False, "mask voxel nearest to the centroid", (warning,))


def target_nearest_scalp(volume: Volume, mask_kji: np.ndarray, scalp: "Scalp") -> Target:
    """Target at the voxel of the mask that lies nearest to the scalp.

    Raises NotFoundError for an empty mask.
    """
    points = _mask_points(volume, mask_kji)
    centroid = points.mean(axis=0)
    nearest = points[_nearest_to_scalp(points, scalp)]
    inside = mask_contains(volume, mask_kji, centroid)
    return Target(nearest, centroid, inside, "mask voxel nearest to the scalp")


def _nearest_to_scalp(points_ras_mm: np.ndarray, scalp: "Scalp") -> int:
    """Index of the point, of shape (N, 3), nearest to the scalp; few of them are asked about.

    A distance known at one point bounds it at all others: it changes by no more than the way between.
    """
    best, best_mm = 0, np.inf
    left, at_least = np.arange(len(points_ras_mm)), np.zeros(len(points_ras_mm))
    while len(left):
        first = int(at_least.argmin())
        index, distance_mm = left[first], scalp.nearest(points_ras_mm[left[first]]).distance_mm
        if distance_mm < best_mm:
            best, best_mm = int(index), distance_mm
        away = np.linalg.norm(points_ras_mm[left] - points_ras_mm[index], axis=1)
        at_least = np.maximum(at_least, distance_mm - away)
        may_be_nearer = at_least < best_mm
        may_be_nearer[first] = False
        left, at_least = left[may_be_nearer], at_least[may_be_nearer]
    return best


def picked_target(volume: Volume, mask_kji: np.ndarray, picked_ras_mm: np.ndarray) -> Target:
    """Target at a point of the user's, shape (3,), RAS mm; outside the mask it is warned of.

    Raises NotFoundError for an empty mask, UserError for a point over 30 mm away from it.
    """
    points = _mask_points(volume, mask_kji)
    centroid, picked = points.mean(axis=0), np.asarray(picked_ras_mm, float)
    away = float(np.linalg.norm(points - picked, axis=1).min())
    if not np.all(np.isfinite(picked)) or away > _MAX_PICKED_MM:
        raise UserError(
            f"The target ({', '.join(f'{mm:.1f}' for mm in picked)}) lies {away:.0f} mm from the mask of"
            f" {volume.source}; give a point in RAS mm of this scan, on the side that is planned."
        )
    outside = not mask_contains(volume, mask_kji, picked)
    warnings = (f"The picked target lies outside the mask, {away:.0f} mm from its nearest voxel.",) if outside else ()
    inside = mask_contains(volume, mask_kji, centroid)
    return Target(picked, centroid, inside, PICKED, warnings)


def _mask_points(volume: Volume, mask_kji: np.ndarray) -> np.ndarray:
    points = voxel_points_ras_mm(volume, mask_kji)
    if not len(points):
        raise NotFoundError(f"{volume.source}: the mask is empty, so there is no target in it.")
    return points


def mask_contains(volume: Volume, mask_kji: np.ndarray, point_ras_mm: np.ndarray) -> bool:
    """Whether the voxel at `point_ras_mm`, shape (3,), belongs to `mask_kji` (bool, shape (K, J, I))."""
    index = np.rint(ras_to_ijk(volume.ijk_to_ras, point_ras_mm)).astype(int)
    if np.any(index < 0) or np.any(index >= volume.shape_ijk):
        return False
    return bool(mask_kji[tuple(index[::-1])])
