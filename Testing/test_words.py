"""Words of points: coordinates with their directions."""

import numpy as np
import pytest

from DLPFCSegmenterLib.words import place_in_words


@pytest.mark.parametrize(
    ("point_ras_mm", "words"),
    [
        ((-38.0, 42.0, 25.0), "L 38.0  A 42.0  S 25.0 mm"),
        ((38.04, -42.06, -25.0), "R 38.0  P 42.1  I 25.0 mm"),
        (np.array([-0.04, 0.04, 100.0]), "L 0.0  P 0.0  S 100.0 mm"),
    ],
)
def test_a_coordinate_stands_with_the_letter_of_its_own_direction(point_ras_mm, words):
    assert place_in_words(point_ras_mm) == words
