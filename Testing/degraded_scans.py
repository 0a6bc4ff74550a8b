"""Scans made worse on purpose, as scanners, archives and people make them; the same in every run.

Each function takes a T1 scan and the affine that brings MNI mm into it (4x4, `ras_from_mni`), by which it finds
the face or the crown, and returns the worse scan. `DEGRADATIONS` names them all.
"""

from collections.abc import Callable

import numpy as np
import SimpleITK as sitk

from DLPFCSegmenterLib.scan.volume import Volume

_FACE_PLANE_MNI_MM = np.array([[0.0, 96.0, -12.0], [0.0, 20.0, -78.0]])
"""From just above the brow, in front, to under the chin: what lies below and before it is the face."""

_FACE_BALL_MNI_MM = np.array([0.0, 98.0, -62.0])
_FACE_RADII_MM = np.array([62.0, 45.0, 52.0])


def ghost(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """A tenth of the signal again, half the field of view further back."""
    return _with_ghost(scan, _array_axis(scan, 1))


def ghost_to_the_side(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """A tenth of the signal again, half the field of view to the side."""
    return _with_ghost(scan, _array_axis(scan, 0))


def wrapped(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """A field of view that ends before the nose, which therefore comes in again from behind."""
    axis = _array_axis(scan, 1)
    box = _box(mni_mm(scan, ras_from_mni)[1] < 93.0)
    kept = _cropped(scan, box)
    folded = np.moveaxis(kept.array_kji.astype(np.float32), axis, 0)
    whole = np.moveaxis(scan.array_kji, axis, 0)
    before, after = whole[: box[axis].start], whole[box[axis].stop :]
    folded[len(folded) - len(before) :] += before
    folded[: len(after)] += after
    return kept.with_array(np.ascontiguousarray(np.moveaxis(folded, 0, axis)))


def neck_cut(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """Nothing was scanned lower than the brow and the ears' tops."""
    height = mni_mm(scan, ras_from_mni)[2]
    return _cropped(scan, _box(height > -30.0))


def crown_cut(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """The crown (15 mm) was not scanned."""
    height = mni_mm(scan, ras_from_mni)[2]
    return _cropped(scan, _box(height < 82.0))


def back_and_right_cut(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """The back of the head and its right side were not scanned."""
    across, ahead, _ = mni_mm(scan, ras_from_mni)
    return _cropped(scan, _box((across < 60.0) & (ahead > -90.0)))


def empty_border(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """The back and the right side were erased, not cropped: the borders of the head lie inside the grid."""
    across, ahead, _ = mni_mm(scan, ras_from_mni)
    box = _box((across < 60.0) & (ahead > -90.0))
    kept = np.zeros_like(scan.array_kji)
    kept[box] = scan.array_kji[box]
    return scan.with_array(kept)


def face_erased_by_plane(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """Defaced: all that lies before and below a slanted plane is zero."""
    return scan.with_array(np.where(_before_face_plane(scan, ras_from_mni), 0, scan.array_kji))


def face_erased_by_ellipsoid(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """Defaced: an ellipsoid around nose, eyes and mouth is zero."""
    return scan.with_array(np.where(_in_face_ball(scan, ras_from_mni), 0, scan.array_kji))


def face_blurred(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """Defaced: the same ellipsoid is blurred by 10 mm."""
    image = sitk.GetImageFromArray(scan.array_kji.astype(np.float32))
    image.SetSpacing(tuple(map(float, scan.spacing_mm)))
    blurred = sitk.GetArrayFromImage(sitk.SmoothingRecursiveGaussian(image, 10.0))
    return scan.with_array(np.where(_in_face_ball(scan, ras_from_mni), blurred, scan.array_kji).astype(np.float32))


def low_contrast(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """A third of the range on an offset, with a little noise."""
    flat = 0.35 * scan.array_kji + 0.25 * _bright(scan)
    return scan.with_array((flat + _noise(scan, 0.01)).astype(np.float32))


def biased(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """Sensitivity falls to a quarter from back to front and from right to left, as with a surface coil."""
    across, ahead, _ = mni_mm(scan, ras_from_mni)
    field = np.exp(-np.log(4.0) * np.clip((ahead + 110.0) / 200.0 + (80.0 - across) / 160.0, 0.0, 2.0) / 2.0)
    return scan.with_array((scan.array_kji * field).astype(np.float32))


def strongly_biased(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """Sensitivity falls to a tenth from crown to neck and is twice as high at the rim as in the middle."""
    across, ahead, height = mni_mm(scan, ras_from_mni)
    rim = 1.0 + np.clip((across / 80.0) ** 2 + ((ahead + 15.0) / 100.0) ** 2, 0.0, 1.5)
    field = rim * np.exp(-np.log(10.0) * np.clip((90.0 - height) / 180.0, 0.0, 1.0))
    return scan.with_array((scan.array_kji * field).astype(np.float32))


def noisy(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """Rician noise, 5 % of the bright tissue."""
    return _with_noise(scan, 0.05)


def very_noisy(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """Rician noise, 12 % of the bright tissue."""
    return _with_noise(scan, 0.12)


def thick_slices(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """Axial slices of 3.4 mm or as near as whole voxels allow."""
    axis = _array_axis(scan, 2)
    count = max(1, round(3.4 / scan.spacing_mm[2 - axis]))
    moved = np.moveaxis(scan.array_kji, axis, 0)
    whole = moved[: len(moved) // count * count].astype(np.float32)
    thick = whole.reshape(-1, count, *whole.shape[1:]).mean(axis=1)
    matrix = scan.ijk_to_ras.copy()
    matrix[:3, 3] += (count - 1) / 2 * matrix[:3, 2 - axis]
    matrix[:3, 2 - axis] *= count
    return Volume(np.ascontiguousarray(np.moveaxis(thick, 0, axis)), matrix, scan.origin)


def everything(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
    """Defaced, cut, biased, ghosted and noisy at once."""
    for degrade in (face_erased_by_plane, back_and_right_cut, biased, ghost, noisy):
        scan = degrade(scan, ras_from_mni)
    return scan


DEGRADATIONS: dict[str, Callable[[Volume, np.ndarray], Volume]] = {
    function.__name__.replace("_", " "): function
    for function in (
        ghost, ghost_to_the_side, wrapped, neck_cut, crown_cut, back_and_right_cut, empty_border,
        face_erased_by_plane, face_erased_by_ellipsoid, face_blurred, low_contrast, biased, strongly_biased,
        noisy, very_noisy, thick_slices, everything,
    )
}  # fmt: skip


def _array_axis(scan: Volume, ras_axis: int) -> int:
    """The array's axis (0 = K, 1 = J, 2 = I) that runs most along a RAS axis."""
    return 2 - int(np.argmax(np.abs(scan.ijk_to_ras[ras_axis, :3] / scan.spacing_mm)))


def mni_mm(scan: Volume, ras_from_mni: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """MNI x, y, z of every voxel, each of shape (K, J, I)."""
    matrix = (np.linalg.inv(ras_from_mni) @ scan.ijk_to_ras).astype(np.float32)
    k, j, i = np.ogrid[tuple(slice(n) for n in scan.array_kji.shape)]
    return tuple(row[0] * i + row[1] * j + row[2] * k + row[3] for row in matrix[:3])


def _with_ghost(scan: Volume, axis: int) -> Volume:
    shifted = np.roll(scan.array_kji, scan.array_kji.shape[axis] // 2, axis)
    return scan.with_array((scan.array_kji + 0.1 * shifted).astype(np.float32))


def _box(inside: np.ndarray) -> tuple[slice, ...]:
    """The largest grid-aligned box around the middle whose faces' centres are inside."""
    middle = [n // 2 for n in inside.shape]
    slices = []
    for axis in range(3):
        line = np.moveaxis(inside, axis, 0)[(slice(None), *np.delete(middle, axis))]
        kept = np.flatnonzero(line)
        slices.append(slice(int(kept[0]), int(kept[-1]) + 1))
    return tuple(slices)


def _cropped(scan: Volume, box: tuple[slice, ...]) -> Volume:
    cropped = scan.cropped(box)
    return cropped.with_array(np.ascontiguousarray(cropped.array_kji))


def _before_face_plane(scan: Volume, ras_from_mni: np.ndarray) -> np.ndarray:
    _, ahead, height = mni_mm(scan, ras_from_mni)
    (_, y0, z0), (_, y1, z1) = _FACE_PLANE_MNI_MM
    return (height - z0) * (y0 - y1) < (ahead - y0) * (z0 - z1)


def _in_face_ball(scan: Volume, ras_from_mni: np.ndarray) -> np.ndarray:
    offsets = zip(mni_mm(scan, ras_from_mni), _FACE_BALL_MNI_MM, _FACE_RADII_MM, strict=True)
    return sum(((place - centre) / radius) ** 2 for place, centre, radius in offsets) < 1.0


def _bright(scan: Volume) -> float:
    return float(np.percentile(scan.array_kji[scan.array_kji > 0], 98))


def _noise(scan: Volume, share: float) -> np.ndarray:
    return np.random.default_rng(0).normal(0.0, share * _bright(scan), scan.array_kji.shape)


def _with_noise(scan: Volume, share: float) -> Volume:
    """The magnitude of the signal with noise in both channels; the second is the first one turned around."""
    noise = _noise(scan, share)
    return scan.with_array(np.hypot(scan.array_kji + noise, noise[::-1, ::-1, ::-1]).astype(np.float32))
