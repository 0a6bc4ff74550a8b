"""Which structure of the parcellation was taken for the region. Pure functions of arrays."""

import numpy as np

from .average_precision import SliceMasks


def false_labels(masks: SliceMasks, labels: np.ndarray) -> tuple[int, ...]:
    """For each detection of a slice that touches no reference, the label that most of it lies on.

    labels  parcellation ids, (rows, columns); 0 is outside the brain
    """
    shown = (each.mask for each in masks.detections if each.mask.any())
    return tuple(_most(labels[mask]) for mask in shown if not np.any(mask & masks.reference))


def _most(labels: np.ndarray) -> int:
    ids, counts = np.unique(labels, return_counts=True)
    return int(ids[np.argmax(counts)])


def ml_by_label(labels_kji: np.ndarray, false_kji: np.ndarray, voxel_ml: float) -> dict[int, float]:
    """How many millilitres of the false voxels (bool) lie on each label; both of shape (K, J, I)."""
    ids, counts = np.unique(labels_kji[false_kji], return_counts=True)
    return {int(label): float(count * voxel_ml) for label, count in zip(ids, counts, strict=True)}
