"""Shapes are filled where the canvas shows them, and outlines give the same mask back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from DLPFCSegmenterLib.training.outline import fill_shape, outline_polygons

SQUARE = (40, 60)


def polygon(points) -> dict:
    xs, ys = np.transpose(points).tolist()
    return {"name": "polygon", "all_points_x": xs, "all_points_y": ys}


def centroid(mask):
    y, x = np.argwhere(mask).mean(axis=0) + 0.5
    return x, y


def refilled(mask):
    result = np.zeros(mask.shape, bool)
    for points in outline_polygons(mask):
        result |= fill_shape(polygon(points), mask.shape)
    return result


def test_a_rect_covers_exactly_its_pixels():
    mask = fill_shape({"name": "rect", "x": 10, "y": 5, "width": 7, "height": 4}, SQUARE)
    assert mask.sum() == 28
    assert centroid(mask) == (13.5, 7.0)
    assert mask[5, 10] and not mask[4, 10] and not mask[9, 10] and not mask[5, 17]


def test_a_polygon_with_the_corners_of_a_rect_is_that_rect():
    mask = fill_shape(polygon([(10, 5), (17, 5), (17, 9), (10, 9)]), SQUARE)
    assert np.array_equal(mask, fill_shape({"name": "rect", "x": 10, "y": 5, "width": 7, "height": 4}, SQUARE))


def test_a_polyline_is_filled_as_the_closed_polygon():
    shape = polygon([(10, 5), (17, 5), (17, 9), (10, 9)])
    assert np.array_equal(fill_shape(shape | {"name": "polyline"}, SQUARE), fill_shape(shape, SQUARE))


def test_a_circle_has_its_area_and_its_centre():
    mask = fill_shape({"name": "circle", "cx": 30, "cy": 20, "r": 12}, SQUARE)
    assert mask.sum() == pytest.approx(np.pi * 144, rel=0.02)
    assert centroid(mask) == pytest.approx((30, 20), abs=1e-9)


def test_an_ellipse_turns_clockwise_on_the_screen():
    shape = {"name": "ellipse", "cx": 30, "cy": 20, "rx": 14, "ry": 3, "theta": np.pi / 6}
    mask = fill_shape(shape, SQUARE)
    assert mask.sum() == pytest.approx(np.pi * 42, rel=0.03)
    y, x = np.argwhere(mask).T
    assert np.corrcoef(x, y)[0, 1] > 0.5
    assert mask[25, 39] and not mask[14, 39]
    del shape["theta"]
    assert fill_shape(shape, SQUARE)[19, 17:43].all()


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), min_size=3, max_size=8))
@settings(max_examples=60, deadline=None)
def test_mirrored_polygons_give_mirrored_masks(points):
    mirrored = [(60 - x, y) for x, y in points]
    mask = fill_shape(polygon(points), SQUARE)
    assert np.array_equal(fill_shape(polygon(mirrored), SQUARE), mask[:, ::-1])


def test_parts_outside_the_picture_are_cut_off():
    mask = fill_shape(polygon([(-10, -10), (5, -10), (5, 5), (-10, 5)]), SQUARE)
    assert mask.sum() == 25 and mask[:5, :5].all()


@given(arrays(bool, (9, 11)))
@settings(max_examples=200, deadline=None)
def test_outlines_give_any_mask_back(mask):
    assert np.array_equal(refilled(mask), mask)


def test_holes_and_components_survive_the_outline():
    mask = np.zeros(SQUARE, bool)
    mask[5:30, 5:30] = True
    mask[8:12, 8:12] = mask[18:25, 10:20] = False
    mask[20:22, 14:16] = True
    mask[10:15, 40:45] = True
    assert len(outline_polygons(mask)) == 3
    assert np.array_equal(refilled(mask), mask)


def test_straight_edges_carry_no_extra_vertices():
    mask = np.zeros(SQUARE, bool)
    mask[5:30, 5:30] = True
    assert len(outline_polygons(mask)[0]) == 8


@pytest.mark.parametrize(
    "shape, reason",
    [
        ({"name": "point", "cx": 1, "cy": 2}, "'point' has no area"),
        ({"name": "blob"}, "unknown"),
        ({}, "unknown"),
        ({"name": "rect", "x": 1, "y": 2, "width": 3}, "no 'height'"),
        ({"name": "rect", "x": 1, "y": 2, "width": 0, "height": 3}, "'width' = 0"),
        ({"name": "circle", "cx": 1, "cy": "two", "r": 3}, "'cy' that is not a number"),
        ({"name": "circle", "cx": 1, "cy": float("nan"), "r": 3}, "'cy' that is not a number"),
        ({"name": "circle", "cx": 1, "cy": [2, 3], "r": 3}, "several values for 'cy'"),
        ({"name": "ellipse", "cx": 1, "cy": 1, "rx": 3, "ry": -1}, "'ry' = -1"),
        ({"name": "polygon", "all_points_x": [1, 2], "all_points_y": [1, 2]}, "3 points"),
        ({"name": "polygon", "all_points_x": [1, 2, 3], "all_points_y": [1, 2]}, "3 x and 2 y"),
    ],
)
def test_a_broken_shape_is_refused_with_the_reason(shape, reason):
    with pytest.raises(ValueError, match=reason):
        fill_shape(shape, SQUARE)
