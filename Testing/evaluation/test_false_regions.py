"""What was falsely marked is told by the structure that it lies on."""

import numpy as np

from DLPFCSegmenterLib.evaluation.average_precision import SliceDetection, SliceMasks
from DLPFCSegmenterLib.evaluation.false_regions import false_labels, ml_by_label

LABELS = np.zeros((8, 8), np.uint8)
LABELS[:, 2:4], LABELS[:, 4:6], LABELS[:, 6:] = 143, 191, 163


def block(rows, columns) -> np.ndarray:
    mask = np.zeros((8, 8), bool)
    mask[rows, columns] = True
    return mask


REFERENCE = block(slice(0, 4), slice(2, 4))


def labels_of(*masks) -> tuple[int, ...]:
    return false_labels(SliceMasks(REFERENCE, tuple(SliceDetection(0.9, mask) for mask in masks)), LABELS)


def test_a_detection_that_touches_the_region_is_not_false():
    assert labels_of(block(slice(3, 8), slice(3, 8))) == ()


def test_a_detection_beside_it_lies_on_the_structure_that_holds_most_of_it():
    assert labels_of(block(slice(5, 8), slice(3, 7))) == (191,)
    assert labels_of(block(slice(6, 8), slice(5, 8)), block(slice(6, 8), slice(0, 2))) == (163, 0)


def test_an_empty_detection_is_nowhere():
    assert labels_of(np.zeros((8, 8), bool)) == ()


def test_false_voxels_are_measured_in_ml_on_each_structure():
    false = block(slice(0, 8), slice(4, 7))
    assert ml_by_label(LABELS[None], false[None], 0.008) == {163: 0.064, 191: 0.128}
