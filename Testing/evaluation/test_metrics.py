"""Overlap, distance and side measures give known answers on known shapes."""

import numpy as np
import pytest

from DLPFCSegmenterLib.evaluation.metrics import (
    CocoPool,
    Sides,
    SliceDetection,
    SliceMasks,
    average_precision,
    closed,
    dice,
    intersection_over_union,
    mean_average_precision,
    surface_distances,
)

ONE_MM = np.ones(3)


def box(low, high, shape=(30, 30, 30)) -> np.ndarray:
    mask = np.zeros(shape, bool)
    mask[tuple(slice(a, b) for a, b in zip(low, high, strict=True))] = True
    return mask


def test_overlap_of_boxes_that_share_half():
    one, other = box((5, 5, 5), (15, 15, 15)), box((10, 5, 5), (20, 15, 15))
    assert dice(one, other) == pytest.approx(0.5)
    assert intersection_over_union(one, other) == pytest.approx(1 / 3)
    assert dice(one, one) == 1 and dice(one, ~one) == 0


def test_two_empty_masks_have_no_overlap_figure():
    empty = np.zeros((3, 3), bool)
    assert np.isnan(dice(empty, empty)) and np.isnan(intersection_over_union(empty, empty))


@pytest.mark.parametrize("gap, filled", [(4, True), (6, True), (8, False)])
def test_closing_by_3_mm_fills_gaps_up_to_6_mm(gap, filled):
    walls = box((5, 5, 3), (25, 25, 8)) | box((5, 5, 8 + gap - 1), (25, 25, 25))
    result = closed(walls, ONE_MM, 3.0)
    assert result[15, 15, 8 : 8 + gap - 1].all() == filled
    assert not np.any(walls & ~result)


def test_closing_is_in_mm_along_every_axis():
    """The same 4-mm gap in a grid of 1 x 2 x 0.5 mm (I, J, K), across each axis."""
    spacing = np.array([1.0, 2.0, 0.5])
    for axis, size in enumerate(spacing[::-1]):
        mask = np.ones((80, 20, 40), bool)
        cut = [slice(None)] * 3
        middle = mask.shape[axis] // 2
        cut[axis] = slice(middle, middle + round(4 / size))
        mask[tuple(cut)] = False
        assert closed(mask, spacing, 3.0)[40, 10, 20]
        assert not closed(mask, spacing, 1.5)[40, 10, 20]


def test_closing_leaves_a_convex_box_as_it_is_even_at_the_border():
    mask = box((0, 5, 5), (10, 30, 20))
    assert np.array_equal(closed(mask, ONE_MM, 3.0), mask)
    assert not closed(np.zeros((4, 4, 4), bool), ONE_MM, 3.0).any()


def test_surface_distances_of_a_shifted_plate():
    one = box((5, 0, 0), (6, 30, 30))
    other = box((8, 0, 0), (9, 30, 30))
    measured = surface_distances(one, other, np.array([1.0, 1.0, 2.0]))
    assert measured.mean_mm == pytest.approx(6, abs=1e-4)
    assert measured.hd95_mm == pytest.approx(6, abs=1e-4)


def test_surface_distance_of_a_mask_to_itself_is_zero():
    mask = box((0, 3, 4), (9, 12, 30))
    measured = surface_distances(mask, mask, ONE_MM)
    assert measured.mean_mm == 0 and measured.hd95_mm == 0


def test_hd95_takes_the_larger_direction():
    one = box((5, 5, 5), (6, 25, 25))
    spike = one | box((5, 5, 5), (25, 25, 7))
    measured = surface_distances(one, spike, ONE_MM)
    assert measured.hd95_mm > 10 > measured.mean_mm


def test_a_point_is_on_the_wrong_side_beyond_the_plane_between_the_regions():
    sides = Sides(np.array([-35.0, 40, 30]), np.array([39.0, 36, 34]))
    assert not sides.wrong(np.array([1.0, 38, 32]))
    assert sides.wrong(np.array([3.0, 38, 32]))


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
