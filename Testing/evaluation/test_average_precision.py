"""Both mAP definitions give known answers."""

import numpy as np
import pytest

from DLPFCSegmenterLib.evaluation.average_precision import (
    CocoPool,
    SliceDetection,
    SliceMasks,
    average_precision,
    mean_average_precision,
)

EMPTY = np.zeros((40, 50), bool)


def square(column, size=20) -> np.ndarray:
    mask = EMPTY.copy()
    mask[10 : 10 + size, column : column + size] = True
    return mask


def slice_with(*detections, reference=None) -> SliceMasks:
    reference = square(10) if reference is None else reference
    return SliceMasks(reference, tuple(SliceDetection(score, mask) for score, mask in detections))


GOOD, HALF, MISS = square(11), square(15), square(28)
"""IoU with the reference: 0.90, 0.60, 0.05."""


@pytest.mark.parametrize(
    "detections, expected",
    [
        ([(0.9, GOOD)], 1.0),
        ([(0.9, HALF)], 1.0),
        ([(0.9, MISS)], 0.0),
        ([], 0.0),
        ([(0.95, MISS), (0.9, GOOD)], 0.5),
        ([(0.9, GOOD), (0.95, MISS)], 0.5),
        ([(0.8, MISS), (0.9, GOOD)], 1.0),
        ([(0.9, GOOD), (0.85, HALF)], 1.0),
    ],
)
def test_average_precision_of_one_slice(detections, expected):
    assert average_precision(slice_with(*detections)) == expected


def test_average_precision_is_the_area_under_the_envelope():
    """The general definition, computed the long way for one reference."""
    detections = [(0.95, MISS), (0.9, square(30)), (0.8, GOOD), (0.7, HALF)]
    hits = np.array([0, 0, 1, 0])
    precision = np.concatenate([[0], np.cumsum(hits) / np.arange(1, 5), [0]])
    recall = np.concatenate([[0], np.cumsum(hits), [1]])
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    area = np.sum(np.diff(recall) * envelope[1:])
    assert average_precision(slice_with(*detections)) == pytest.approx(area)


def test_the_iou_bar_counts_from_itself_on():
    half = EMPTY.copy()
    half[10:30, 10:20] = True
    assert average_precision(slice_with((0.9, half))) == 1.0
    assert average_precision(slice_with((0.9, half)), iou=0.51) == 0.0


def test_the_mean_leaves_slices_without_the_region_out():
    slices = [slice_with((0.9, GOOD)), slice_with(), slice_with((0.9, GOOD), reference=EMPTY)]
    assert mean_average_precision(slices) == 0.5
    assert np.isnan(mean_average_precision(slices[2:]))


def pooled(*slices):
    pool = CocoPool()
    for each in slices:
        pool.add(each)
    return pool.precision()


def test_coco_gives_one_for_perfect_and_zero_for_nothing():
    perfect = slice_with((0.9, square(10)))
    assert pooled(perfect, perfect).segm == pytest.approx(1.0)
    assert pooled(perfect, perfect).bbox == pytest.approx(1.0)
    assert pooled(slice_with(), slice_with()).segm == 0
    assert np.isnan(pooled(slice_with(reference=EMPTY)).segm)


def test_coco_recall_of_one_half_gives_51_of_101_points():
    assert pooled(slice_with((0.9, GOOD)), slice_with()).segm == pytest.approx(51 / 101)


def test_coco_pools_by_score_so_a_surer_false_region_costs_precision():
    good, false = slice_with((0.9, GOOD)), slice_with((0.95, GOOD), reference=EMPTY)
    assert pooled(good, false).segm == pytest.approx(0.5)
    doubtful = slice_with((0.85, GOOD), reference=EMPTY)
    assert pooled(good, doubtful).segm == pytest.approx(1.0)


def test_coco_judges_masks_and_boxes_apart():
    frame = square(10)
    frame[13:27, 13:27] = False
    precision = pooled(slice_with((0.9, frame)))
    assert precision.bbox == pytest.approx(1.0) and precision.segm == pytest.approx(1.0)
    frame[11:29, 11:29] = False
    precision = pooled(slice_with((0.9, frame)))
    assert precision.bbox == pytest.approx(1.0) and precision.segm == 0


def test_coco_says_nothing_on_the_screen(capsys):
    pooled(slice_with((0.9, GOOD)))
    assert capsys.readouterr().out == ""
