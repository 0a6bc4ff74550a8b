"""Slice detections to one 3-D mask on the scan's own grid."""

from dataclasses import replace

import numpy as np
import SimpleITK as sitk

from ..volume.canonical import resample, to_itk
from ..volume.volume import Volume
from .inference import Detection
from .slicing import SliceWindow


def probability_stack(found: list[list[Detection]], window: SliceWindow) -> Volume:
    """Soft masks times scores as a volume of probabilities 0..1 on the slices' own grid."""
    stack = np.zeros((window.count, *window.config.image_size), np.float32)
    for index, detections in enumerate(found):
        for detection in detections:
            np.maximum(stack[index], detection.score * detection.soft_mask, out=stack[index])
    return Volume(stack, window.slice_to_ras)


def on_grid(probability: Volume, scan: Volume) -> np.ndarray:
    """The probabilities on the voxels of `scan`, float32 (K, J, I); 0 outside the slices."""
    return np.clip(resample(probability, scan).array_kji, 0.0, 1.0)


def clean_mask(probability: Volume, threshold: float) -> np.ndarray:
    """Voxels above `threshold` in the largest connected piece, holes closed; bool (K, J, I)."""
    mask = to_itk(replace(probability, array_kji=probability.array_kji >= threshold))
    pieces = sitk.RelabelComponent(sitk.ConnectedComponent(mask))
    return sitk.GetArrayFromImage(sitk.BinaryFillhole(pieces == 1)).astype(bool)
