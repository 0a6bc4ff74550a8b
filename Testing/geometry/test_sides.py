"""Left and right: x is negative on the left, in RAS and in MNI axes."""

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry.sides import SIDES, between_left_and, other_side, outwards, side_at


def test_x_is_negative_on_the_left():
    assert (side_at(-41.0), side_at(41.0)) == SIDES == ("left", "right")
    assert (outwards("left"), outwards("right")) == (-1.0, 1.0)


@pytest.mark.parametrize("side", SIDES)
def test_what_lies_outwards_lies_on_that_side_and_the_other_side_across(side):
    assert side_at(outwards(side)) == side
    assert side_at(-outwards(side)) == other_side(side) != side


def test_a_place_of_the_left_is_mirrored_to_the_right_and_back():
    place_mm = np.array([-41.0, 37.0, 29.0])
    on_right_mm = place_mm * between_left_and("right")
    assert np.array_equal(on_right_mm, (41.0, 37.0, 29.0))
    assert np.array_equal(on_right_mm * between_left_and("right"), place_mm)
    assert np.array_equal(place_mm * between_left_and("left"), place_mm)
