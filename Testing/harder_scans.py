"""More scans made worse on purpose: where the head lies, how large it is, what the air holds.

Each function takes a T1 scan and the affine that brings MNI mm into it (4x4) and returns the worse scan and the 4x4
that took the head there. `HARDER` names them all.
"""

from collections.abc import Callable

import numpy as np

from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, transform_points
from DLPFCSegmenterLib.scan.canonical import resample
from DLPFCSegmenterLib.scan.volume import Volume

_MIDDLE_MNI_MM = np.array([0.0, -17.0, 10.0])
_WIDE_MM = 270.0
_SAME = np.eye(4)

Harder = Callable[[Volume, np.ndarray], tuple[Volume, np.ndarray]]


def _wide_grid(scan: Volume, middle_ras_mm: np.ndarray) -> Volume:
    """An empty grid of 270 mm around a point, with RAS axes and voxels of 2 mm."""
    count = int(_WIDE_MM / 2.0)
    matrix = np.diag([2.0, 2.0, 2.0, 1.0])
    matrix[:3, 3] = middle_ras_mm - (count - 1) / 2 * 2.0
    return Volume(np.zeros((count, count, count), np.float32), matrix, scan.origin)


def _widened(scan: Volume, ras_from_mni: np.ndarray, shift_mm: tuple[float, float, float]) -> Volume:
    """The scan in a field of view of 270 mm whose middle lies so far from the brain's."""
    middle = transform_points(ras_from_mni, _MIDDLE_MNI_MM) + shift_mm
    grid = _wide_grid(scan, middle)
    return resample(scan.with_array(scan.array_kji.astype(np.float32)), grid)


def _bright(scan: Volume) -> float:
    return float(np.percentile(scan.array_kji[scan.array_kji > 0], 98))


def _with_floor(scan: Volume, share: float) -> Volume:
    """Noise in both channels, so that the air holds `share` of the bright tissue on average."""
    noise = np.random.default_rng(0).normal(0.0, share * _bright(scan) / 1.2533, (2, *scan.array_kji.shape))
    return scan.with_array(np.hypot(scan.array_kji + noise[0], noise[1]).astype(np.float32))


def _wide_with_floor(share: float) -> Harder:
    def worse(scan: Volume, ras_from_mni: np.ndarray) -> tuple[Volume, np.ndarray]:
        return _with_floor(_widened(scan, ras_from_mni, (0.0, 0.0, -30.0)), share), _SAME

    return worse


def bright_air(scan: Volume, ras_from_mni: np.ndarray) -> tuple[Volume, np.ndarray]:
    """Air and bone hold noise between nothing and the brightest tissue, as uniform MP2RAGE images show it."""
    noise = np.random.default_rng(0).uniform(0.0, 1.2 * _bright(scan), scan.array_kji.shape)
    signal = np.clip(scan.array_kji / (0.12 * _bright(scan)), 0.0, 1.0)
    return scan.with_array((signal * scan.array_kji + (1.0 - signal) * noise).astype(np.float32)), _SAME


def shoulders(scan: Volume, ras_from_mni: np.ndarray) -> tuple[Volume, np.ndarray]:
    """Below the scan it goes on: neck, then shoulders as wide as the field of view, as bright as muscle."""
    wide = _widened(scan, ras_from_mni, (0.0, 0.0, -70.0))
    values = wide.array_kji.copy()
    lowest = int(np.flatnonzero((values > 0.1 * _bright(scan)).sum(axis=(1, 2)) > 200)[0]) + 2
    j, i = np.nonzero(values[lowest] > 0.1 * _bright(scan))
    rows, columns = np.ogrid[: values.shape[1], : values.shape[2]]
    rng = np.random.default_rng(0)
    for k in range(lowest):
        below = 2.0 * (lowest - k)
        across, deep = 15.0 + min(0.6 * below, 50.0), 16.0 + min(0.25 * below, 15.0)
        inside = ((columns - i.mean()) / across) ** 2 + ((rows - j.mean()) / deep) ** 2 < 1.0
        values[k] = np.where(inside, _bright(scan) * rng.normal(0.5, 0.05, values[k].shape), values[k])
    return wide.with_array(values.astype(np.float32)), _SAME


def in_the_corner(scan: Volume, ras_from_mni: np.ndarray) -> tuple[Volume, np.ndarray]:
    """A wide field of view in a corner of which the head lies; the air holds 1 %."""
    return _with_floor(_widened(scan, ras_from_mni, (-45.0, 30.0, -35.0)), 0.01), _SAME


def _scaled(scale: float) -> Harder:
    def worse(scan: Volume, ras_from_mni: np.ndarray) -> tuple[Volume, np.ndarray]:
        moved = np.diag([scale, scale, scale, 1.0])
        return Volume(scan.array_kji, moved @ scan.ijk_to_ras, scan.origin), moved

    return worse


def _turned(axis: int, degrees: float) -> Harder:
    def worse(scan: Volume, ras_from_mni: np.ndarray) -> tuple[Volume, np.ndarray]:
        first, second = [(1, 2), (2, 0), (0, 1)][axis]
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        moved = np.eye(4)
        moved[first, first] = moved[second, second] = c
        moved[first, second], moved[second, first] = -s, s
        pivot = transform_points(ras_from_mni, _MIDDLE_MNI_MM)
        moved[:3, 3] = pivot - moved[:3, :3] @ pivot
        return Volume(scan.array_kji, moved @ scan.ijk_to_ras, scan.origin), moved

    return worse


def brow_cut(scan: Volume, ras_from_mni: np.ndarray) -> tuple[Volume, np.ndarray]:
    """Nothing was scanned lower than the brow, in a wide field of view with a noise floor of 1 %."""
    wide = _widened(scan, ras_from_mni, (0.0, 0.0, 60.0))
    middle = ijk_to_ras_points(wide.ijk_to_ras, [0, 0, 0])[2]
    brow = transform_points(ras_from_mni, [0.0, 20.0, -22.0])[2]
    first = max(0, int((brow - middle) / 2.0))
    matrix = wide.ijk_to_ras.copy()
    matrix[2, 3] += 2.0 * first
    return _with_floor(Volume(np.ascontiguousarray(wide.array_kji[first:]), matrix, scan.origin), 0.01), _SAME


def hemisphere_cut(scan: Volume, ras_from_mni: np.ndarray) -> tuple[Volume, np.ndarray]:
    """What lies more than 15 mm to the right of the middle was erased."""
    matrix = np.linalg.inv(ras_from_mni) @ scan.ijk_to_ras
    k, j, i = np.ogrid[tuple(slice(n) for n in scan.array_kji.shape)]
    across = matrix[0, 0] * i + matrix[0, 1] * j + matrix[0, 2] * k + matrix[0, 3]
    return scan.with_array(np.where(across < 15.0, scan.array_kji, 0)), _SAME


def inverted(scan: Volume, ras_from_mni: np.ndarray) -> tuple[Volume, np.ndarray]:
    """Bright is dark and dark is bright in the head, as T2-weighted scans nearly have it; the air stays dark."""
    head = scan.array_kji > 0.08 * _bright(scan)
    return scan.with_array(np.where(head, 1.2 * _bright(scan) - scan.array_kji, 0).clip(0).astype(np.float32)), _SAME


def under_another_header(
    scan: Volume, linear: np.ndarray, pivot_ras_mm: np.ndarray | None = None
) -> tuple[Volume, np.ndarray]:
    """The same voxels under a header that turns or mirrors (3x3) what it held, about the middle of the scan or a place.

    With it the 4x4 that took the head there.
    """
    if pivot_ras_mm is None:
        pivot_ras_mm = ijk_to_ras_points(scan.ijk_to_ras, (np.array(scan.shape_ijk) - 1) / 2)
    moved = np.eye(4)
    moved[:3, :3], moved[:3, 3] = linear, pivot_ras_mm - linear @ pivot_ras_mm
    return Volume(scan.array_kji, moved @ scan.ijk_to_ras, scan.origin), moved


def _in_a_wrong_header(*signs: float) -> Harder:
    """The header turns or mirrors the axes of the world about the brain's middle: nothing may be found."""

    def worse(scan: Volume, ras_from_mni: np.ndarray) -> tuple[Volume, np.ndarray]:
        return under_another_header(scan, np.diag(signs), transform_points(ras_from_mni, _MIDDLE_MNI_MM))

    return worse


HARDER: dict[str, Harder] = {
    "field of view of 270 mm, air at 1 %": _wide_with_floor(0.01),
    "field of view of 270 mm, air at 2 %": _wide_with_floor(0.02),
    "field of view of 270 mm, air at 4 %": _wide_with_floor(0.04),
    "bright air (MP2RAGE)": bright_air,
    "neck and shoulders": shoulders,
    "in the corner": in_the_corner,
    "0.8 times as large": _scaled(0.8),
    "1.25 times as large": _scaled(1.25),
    "turned by 45 degrees (nod)": _turned(0, 45.0),
    "turned by 45 degrees (tilt)": _turned(1, 45.0),
    "turned by 45 degrees (shake)": _turned(2, 45.0),
    "brow cut, air at 1 %": brow_cut,
    "right side erased": hemisphere_cut,
    "inverted": inverted,
    "prone in a header for supine": _in_a_wrong_header(-1.0, -1.0, 1.0),
    "front and back swapped": _in_a_wrong_header(1.0, -1.0, 1.0),
}
