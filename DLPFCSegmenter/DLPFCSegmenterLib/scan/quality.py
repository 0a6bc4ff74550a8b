"""How good a scan is to look at: its noise, how fine its detail is, and ghosts in the air around the head.

All are told against the scan's own brain, so that neither its units nor its voxel size matter. The bounds lie between
good scans and the same made worse on purpose (`Testing/benchmark_quality.py`).
"""

from dataclasses import dataclass

import numpy as np

from ..doubts import Doubt, doubt
from .head_frame import implausible_frame
from .head_scan import HeadScan
from .volume import Volume

MOST_NOISE = 0.1
MOST_GHOSTS = 0.05
LEAST_DETAIL = 0.14

_SAMPLE_MM = 4.0
"""Voxels are looked at so far apart, each with its neighbours."""

_FEWEST = 500
_BRAIN_MNI_MM, _BRAIN_RADII_MM = (0.0, -18.0, 18.0), (55.0, 72.0, 50.0)
_HEAD_MNI_MM, _HEAD_RADII_MM = (0.0, -16.0, 5.0), (86.0, 112.0, 104.0)
_AIR = (1.2, 1.6)
"""Air is looked at so many times as far out as the head's surface, above the ears."""

_EARS_MNI_MM = -10.0
_STRUCTURE = 2.4
"""98th percentile of the magnitude of noise alone, by its median; what is more are ghosts."""

_LEAST_SHOWN = 0.02
_FAR_VOXELS = 4


@dataclass(frozen=True)
class ScanQuality:
    """Three shares.

    noise   SD of what changes from voxel to voxel where the brain is even, of the contrast in the brain
    detail  squared change over 2 mm by that over 8 mm, along the axis where it is least
    ghosts  the brightest that lies in the air around the upper head beyond noise, of the brain's brightness
    """

    noise: float
    detail: float
    ghosts: float


def quality_doubts(head: HeadScan) -> tuple[Doubt, ...]:
    """A remark for each way in which a scan is worse than good ones; none where no brain was found in it."""
    measured = None if implausible_frame(head.registration) else scan_quality(head)
    if measured is None:
        return ()
    remarks = (
        (measured.noise > MOST_NOISE, doubt("scan_noisy", noise=measured.noise)),
        (measured.detail < LEAST_DETAIL, doubt("scan_blurred", detail=measured.detail)),
        (measured.ghosts > MOST_GHOSTS, doubt("scan_ghosts", ghosts=measured.ghosts)),
    )
    return tuple(remark for is_bad, remark in remarks if is_bad)


def scan_quality(head: HeadScan) -> ScanQuality | None:
    """Measure a T1 in which a brain was found; None where too little of it was scanned."""
    mni_from_ras = np.linalg.inv(head.registration.ras_from_mni)
    native, canonical = _Sample.of(head.scan, mni_from_ras, 1), _Sample.of(head.canonical, mni_from_ras, _FAR_VOXELS)
    inside, middle = native.inside(), canonical.inside()
    if min(np.count_nonzero(inside), np.count_nonzero(middle)) < _FEWEST:
        return None
    dark, bright = np.percentile(native.values()[inside], [5, 90])
    if bright <= dark:
        return None
    noise = np.percentile(_roughness(native)[inside], 25) / 0.319  # that percentile of a normal distribution of SD 1
    return ScanQuality(float(noise / (bright - dark)), _detail(canonical, middle), _ghosts(canonical, middle))


@dataclass(frozen=True)
class _Sample:
    """Some voxels of a volume, each with room for its neighbours.

    axes     indices along K, J and I
    mni_mm   x, y, z of them, each of the sample's shape
    """

    volume: Volume
    axes: tuple[np.ndarray, ...]
    mni_mm: tuple[np.ndarray, ...]

    @staticmethod
    def of(volume: Volume, mni_from_ras: np.ndarray, margin: int) -> "_Sample":
        """Voxels about `_SAMPLE_MM` apart, none within `margin` voxels of the border."""
        steps = np.maximum(np.rint(_SAMPLE_MM / volume.spacing_mm[::-1]), 1).astype(int)
        lengths = volume.array_kji.shape
        axes = tuple(np.arange(margin, n - margin, step) for n, step in zip(lengths, steps, strict=True))
        k, j, i = np.ix_(*axes)
        matrix = mni_from_ras @ volume.ijk_to_ras
        return _Sample(volume, axes, tuple(row[0] * i + row[1] * j + row[2] * k + row[3] for row in matrix[:3]))

    def values(self, axis: int = 0, ahead: int = 0) -> np.ndarray:
        """Of the voxels so many steps ahead of the sample's along an axis of the array."""
        axes = [indices + ahead * (number == axis) for number, indices in enumerate(self.axes)]
        return self.volume.array_kji[np.ix_(*axes)].astype(np.float32)

    def inside(self) -> np.ndarray:
        """Where the brain's middle lies, bool."""
        return self.radii(_BRAIN_MNI_MM, _BRAIN_RADII_MM) < 1.0

    def radii(self, middle_mni_mm: tuple[float, ...], radii_mm: tuple[float, ...]) -> np.ndarray:
        """How far out of an ellipsoid, 1 at its surface."""
        parts = zip(self.mni_mm, middle_mni_mm, radii_mm, strict=True)
        return np.sqrt(sum(((place - middle) / radius) ** 2 for place, middle, radius in parts))


def _roughness(sample: _Sample) -> np.ndarray:
    """Each voxel against the mean of its six neighbours, of the noise's own SD where nothing else changes."""
    around = sum(sample.values(axis, ahead) for axis in range(3) for ahead in (-1, 1))
    return np.abs(sample.values() - around / 6) * np.sqrt(6 / 7)


def _detail(sample: _Sample, inside: np.ndarray) -> float:
    here = sample.values()[inside]

    def change(axis: int, ahead: int) -> float:
        """Mean square of what changes in the brain over so many voxels along an axis."""
        return float(np.mean((sample.values(axis, ahead)[inside] - here) ** 2))

    return min(change(axis, 1) / max(change(axis, _FAR_VOXELS), 1e-12) for axis in range(3))


def _ghosts(sample: _Sample, inside: np.ndarray) -> float:
    """0 where the scan shows no air, or it was erased."""
    out = sample.radii(_HEAD_MNI_MM, _HEAD_RADII_MM)
    air = sample.values()[(out > _AIR[0]) & (out < _AIR[1]) & (sample.mni_mm[2] > _EARS_MNI_MM)]
    if air.size < _FEWEST or np.count_nonzero(air) < _LEAST_SHOWN * air.size:
        return 0.0
    middle, most = np.percentile(air, [50, 98])
    return max(0.0, float(most - _STRUCTURE * middle)) / float(np.percentile(sample.values()[inside], 90))
