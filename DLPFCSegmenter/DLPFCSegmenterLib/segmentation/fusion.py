"""Slice detections of one or more planes, and the 3-D network's answer, to one mask on the scan's own grid."""

from collections.abc import Mapping

import numpy as np
import SimpleITK as sitk

from ..geometry.spaces import ijk_to_ras_points, ras_to_ijk
from ..networks.slice_detector import Detection
from ..networks.slicing import SliceWindow
from ..scan.canonical import resample
from ..scan.volume import Volume

VOLUME = "volume"
"""Name of the 3-D network's view beside the planes' names."""


def probability_stack(found: list[list[Detection]], window: SliceWindow) -> Volume:
    """Soft masks times scores as probabilities 0..1 on the slices' own grid, in the frame's mm."""
    stack = np.zeros(window.shape, np.float32)
    for index, detections in enumerate(found):
        for detection in detections:
            np.maximum(stack[index], detection.score * detection.soft_mask, out=stack[index])
    return Volume(stack, window.slice_to_frame)


def fused(stacks: Mapping[str, Volume], weights: Mapping[str, float]) -> Volume:
    """Weighted mean of the views' probabilities on an isotropic grid in the frame's mm.

    The grid is that of the 3-D window where it is among them: every resampling blurs what it knows of the
    cortex. Else it covers the axial stack, or the only one there is, with the size of its pixels.
    """
    grid = _isotropic(stacks.get(VOLUME) or stacks.get("axial") or next(iter(stacks.values())))
    total = sum(weights[plane] for plane in stacks)
    mean = sum(weights[plane] / total * resample(stack, grid).array_kji for plane, stack in stacks.items())
    return grid.with_array(np.asarray(mean, np.float32))


def _isotropic(stack: Volume) -> Volume:
    """An empty grid like a stack's, with slices as near to each other as its pixels."""
    pixel, _, step = stack.spacing_mm
    slices = int(round((len(stack.array_kji) - 1) * step / pixel)) + 1
    finer = stack.ijk_to_ras @ np.diag([1.0, 1.0, pixel / step, 1.0])
    return Volume(np.zeros((slices, *stack.array_kji.shape[1:]), np.uint8), finer)


def on_grid(probability: Volume, scan: Volume) -> np.ndarray:
    """The probabilities on the voxels of `scan`, float32 (K, J, I); 0 outside the slices."""
    box = _box_around(probability, scan)
    first_ijk = [side.start for side in reversed(box)]
    matrix = scan.ijk_to_ras.copy()
    matrix[:3, 3] = ijk_to_ras_points(scan.ijk_to_ras, first_ijk)
    result = np.zeros(scan.array_kji.shape, np.float32)
    part = Volume(result[box], matrix)
    if part.array_kji.size:
        result[box] = np.clip(resample(probability, part).array_kji, 0.0, 1.0)
    return result


def _box_around(probability: Volume, scan: Volume) -> tuple[slice, slice, slice]:
    """The voxels (K, J, I) of `scan` around all of `probability`: the rest of a large scan need not be asked."""
    corners_ijk = np.array(np.meshgrid(*[(-1, n) for n in probability.shape_ijk])).reshape(3, 8).T
    corners = ras_to_ijk(scan.ijk_to_ras, ijk_to_ras_points(probability.ijk_to_ras, corners_ijk))
    low = np.clip(np.floor(corners.min(axis=0)), 0, scan.shape_ijk).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0)) + 1, 0, scan.shape_ijk).astype(int)
    return tuple(slice(a, max(a, b)) for a, b in reversed(list(zip(low.tolist(), high.tolist(), strict=True))))


def clean_mask(probability_kji: np.ndarray, threshold: float) -> np.ndarray:
    """Voxels above `threshold` in the largest connected piece, holes closed; bool (K, J, I)."""
    mask = sitk.GetImageFromArray((probability_kji >= threshold).astype(np.uint8))
    pieces = sitk.RelabelComponent(sitk.ConnectedComponent(mask))
    return sitk.GetArrayFromImage(sitk.BinaryFillhole(pieces == 1)).astype(bool)
