"""Where in a region the network was least sure, for the eye of the person who corrects it."""

from dataclasses import dataclass

import numpy as np

from ..geometry.spaces import ijk_to_ras_points
from ..scan.volume import box_around
from .region import Region

SLICE_MM = 2.0
"""Thickness of the axial slices that are compared: that of the slices the network looks at."""

APART_MM = 6.0
"""Slices nearer to each other than this are one place to look at."""


@dataclass(frozen=True)
class DoubtfulPlace:
    """An axial slice in which the network was less sure than in its neighbours.

    position_ras_mm  the middle of what it was unsure of in the slice, shape (3,)
    doubt_mm2        the area there that it expects to have got wrong
    """

    position_ras_mm: np.ndarray
    doubt_mm2: float


def doubtful_places(region: Region) -> list[DoubtfulPlace]:
    """The least sure axial slices of a region, the worst first; none where every probability is 0 or 1.

    A voxel of probability p is wrong with probability min(p, 1 - p); their sum over a slice is the
    area that is expected to be wrong.
    """
    box = box_around(region.probability_kji)
    probability = region.probability_kji[box].astype(float)
    unsure = np.minimum(probability, 1 - probability)
    kji = np.argwhere(unsure > 0)
    if not len(kji):
        return []
    ijk = (kji + [side.start for side in box])[:, ::-1]
    points_ras_mm = ijk_to_ras_points(region.volume.ijk_to_ras, ijk)
    areas_mm2 = unsure[tuple(kji.T)] * region.volume.voxel_ml * 1000 / SLICE_MM
    return _worst_apart(_slices(points_ras_mm, areas_mm2))


def _slices(points_ras_mm: np.ndarray, areas_mm2: np.ndarray) -> list[DoubtfulPlace]:
    number = np.floor(points_ras_mm[:, 2] / SLICE_MM).astype(int)
    number -= number.min()
    doubt = np.bincount(number, areas_mm2)
    sums = np.stack([np.bincount(number, areas_mm2 * axis) for axis in points_ras_mm.T], axis=1)
    return [DoubtfulPlace(sums[n] / doubt[n], float(doubt[n])) for n in np.flatnonzero(doubt)]


def _worst_apart(places: list[DoubtfulPlace]) -> list[DoubtfulPlace]:
    """The worst of the slices that lie close to each other."""
    chosen: list[DoubtfulPlace] = []
    for place in sorted(places, key=lambda each: -each.doubt_mm2):
        height = place.position_ras_mm[2]
        if all(abs(height - other.position_ras_mm[2]) >= APART_MM for other in chosen):
            chosen.append(place)
    return chosen
