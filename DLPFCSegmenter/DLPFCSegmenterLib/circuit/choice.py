"""The choice inside a mask: where it goes most against the subgenual cingulate (SGC), by one of three rules.

minimum      the one lowest place (Fox 2013)
searchlight  the lowest mean over a sphere of 5 mm
cluster      the lowest tenth, its largest cluster, that one's middle (Cash 2019 and 2021)
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..geometry.spaces import ijk_to_ras_points
from ..scan.volume import Volume, box_around

SEARCHLIGHT_MM = 5.0
LOWEST_SHARE = 0.1
RANKS = 3
_APART_MM = 10.0
"""Alternatives nearer than this to a better one are the same place."""


@dataclass(frozen=True)
class CircuitTarget:
    """One place that was chosen.

    position_ras_mm  centre of a voxel of the mask, shape (3,), RAS mm of the scan
    z                mean correlation (Fisher's z) with the SGC's series over 5 mm around it
    """

    position_ras_mm: np.ndarray
    z: float


@dataclass(frozen=True)
class SearchRegion:
    """The voxels of a mask in which is searched, in the order of `voxel_points_ras_mm`.

    allowed  which of the mask's voxels a coil reaches and the fMRI shows, bool, shape (R,)
    """

    volume: Volume
    mask_kji: np.ndarray
    allowed: np.ndarray

    def choose(self, z: np.ndarray, rule: str, ranks: int = RANKS) -> tuple[CircuitTarget, ...]:
        """The best places for a map, shape (R,), best first; none where nothing goes against the SGC."""
        if rule == "cluster":
            found = self._clusters(z, ranks)
        else:
            found = self._lowest(z if rule == "minimum" else self._searchlight(z), ranks)
        return tuple(CircuitTarget(self._points[index], self._mean_around(z, index)) for index in found)

    def _mean_around(self, z: np.ndarray, index: int) -> float:
        near = np.linalg.norm(self._points - self._points[index], axis=1) <= SEARCHLIGHT_MM
        return float(z[near & self.allowed].mean())

    @cached_property
    def _box(self) -> tuple[slice, slice, slice]:
        step = self.volume.spacing_mm.min()
        return box_around(self.mask_kji, margin=int(np.ceil(SEARCHLIGHT_MM / step)))

    @cached_property
    def _inside(self) -> np.ndarray:
        return self.mask_kji[self._box]

    @cached_property
    def _points(self) -> np.ndarray:
        return ijk_to_ras_points(self.volume.ijk_to_ras, np.argwhere(self.mask_kji)[:, ::-1])

    def _image(self, values: np.ndarray) -> np.ndarray:
        image = np.zeros(self._inside.shape, np.float32)
        image[self._inside] = values
        return image

    def _searchlight(self, z: np.ndarray) -> np.ndarray:
        """Mean over the mask's voxels within 5 mm of each, shape (R,)."""
        from scipy.signal import fftconvolve

        total = fftconvolve(self._image(np.where(self.allowed, z, 0)), self._sphere, mode="same")
        return total[self._inside] / self._neighbours

    @cached_property
    def _neighbours(self) -> np.ndarray:
        from scipy.signal import fftconvolve

        return np.maximum(fftconvolve(self._image(self.allowed), self._sphere, mode="same")[self._inside], 1.0)

    @cached_property
    def _sphere(self) -> np.ndarray:
        """1 for the voxels within 5 mm of the middle one, float32, odd in every direction."""
        matrix = self.volume.ijk_to_ras[:3, :3]
        reach = np.ceil(SEARCHLIGHT_MM * np.linalg.norm(np.linalg.inv(matrix), axis=1)).astype(int)
        k, j, i = np.indices(2 * reach[::-1] + 1)
        ijk = np.stack([i, j, k], axis=-1) - reach
        return (np.linalg.norm(ijk @ matrix.T, axis=-1) <= SEARCHLIGHT_MM).astype(np.float32)

    def _lowest(self, values: np.ndarray, ranks: int) -> list[int]:
        """Indices of the lowest values below 0, each 10 mm from those before."""
        left = np.where(self.allowed & (values < 0), values, np.inf)
        found: list[int] = []
        while len(found) < ranks and np.isfinite(left.min(initial=np.inf)):
            found.append(int(left.argmin()))
            left[np.linalg.norm(self._points - self._points[found[-1]], axis=1) < _APART_MM] = np.inf
        return found

    def _clusters(self, z: np.ndarray, ranks: int) -> list[int]:
        """The voxels nearest to the middles of the largest clusters of the lowest tenth, 10 mm apart."""
        from scipy.ndimage import label

        if not self.allowed.any():
            return []
        low = self.allowed & (z <= np.quantile(z[self.allowed], LOWEST_SHARE)) & (z < 0)
        clusters = label(self._image(low), structure=np.ones((3, 3, 3)))[0][self._inside]
        sizes = np.bincount(clusters)[1:]
        found: list[int] = []
        for each in np.argsort(-sizes, kind="stable"):
            middle = self._middle(clusters == 1 + each)
            if np.all(np.linalg.norm(self._points[found] - self._points[middle], axis=1) >= _APART_MM):
                found.append(middle)
            if len(found) == ranks:
                break
        return found

    def _middle(self, cluster: np.ndarray) -> int:
        """Index of the allowed voxel nearest to the centre of mass of a cluster."""
        away = np.linalg.norm(self._points - self._points[cluster].mean(axis=0), axis=1)
        return int(np.where(self.allowed, away, np.inf).argmin())
