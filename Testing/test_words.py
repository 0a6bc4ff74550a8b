"""Words of points: coordinates with their directions."""

import numpy as np
import pytest

from DLPFCSegmenterLib.doubts import NOTES, doubt, is_note
from DLPFCSegmenterLib.sentences import place_in_words, tell
from DLPFCSegmenterLib.words import doubt_line, of_side


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


def test_of_two_sides_a_warning_names_its_own():
    told = doubt("centroid_outside", "right")
    assert of_side(told, 1) == told and of_side("plain", 2) == "plain"
    assert of_side(told, 2) == f"Right: {told}"


@pytest.mark.parametrize("key", NOTES)
def test_what_asks_for_nothing_is_a_note_also_where_a_file_kept_its_words_alone(key):
    for note in (doubt(key, "left"), str.__str__(doubt(key))):
        assert is_note(note) and tell(doubt_line(note)) == f"note: {note}"


@pytest.mark.parametrize("warning", [doubt("target_no_scalp"), doubt("few_greys", least=20), "another's words"])
def test_all_else_that_is_doubtful_is_a_warning(warning):
    assert not is_note(warning) and tell(doubt_line(warning)) == f"warning: {warning}"


@pytest.mark.parametrize("side", [-1, 1])
def test_a_refused_point_is_told_as_every_place_is(side):
    numbers = {"r": side * 38.0, "a": 41.0, "s": 25.0, "away": 50.0, "source": "scan.nii"}
    for key in ("target_far", "hotspot_far"):
        told = doubt(key, **numbers)
        assert f"at {'LR'[side > 0]} 38.0  A 41.0  S 25.0 mm lies 50 mm" in told
        assert told.numbers == numbers
