"""Overlap, distance and side measures give known answers on known shapes."""

import numpy as np
import pytest

from DLPFCSegmenterLib.evaluation.metrics import Sides, closed, dice, intersection_over_union, surface_distances

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
