import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.targeting.beam_f3 import HeadMeasures, beam_2022, beam_f3, beam_f3_adjusted, beam_f3_linear


@pytest.mark.parametrize(
    ("tragus", "nasion", "around", "web", "linear"),
    [
        (36, 38, 60, (6.955, 9.791), (6.924, 9.757)),
        (36, 36, 56, (6.469, 9.500), (6.462, 9.493)),
        (34, 34, 56, (6.469, 8.973), (6.462, 8.966)),
        (40, 36, 58, (6.657, 9.926), (6.693, 10.021)),
        (35, 35, 55, (6.354, 9.237), (6.347, 9.230)),
    ],
)
def test_the_published_measures_give_the_published_sites(tragus, nasion, around, web, linear):
    measures = HeadMeasures(around, nasion, tragus)
    for site, (x, y) in ((beam_f3(measures), web), (beam_f3_linear(measures), linear)):
        assert (site.x_cm, site.y_cm) == pytest.approx((x, y), abs=6e-4)
    assert beam_f3_adjusted(measures).y_cm == pytest.approx(linear[1] + 0.35, abs=6e-4)


@pytest.mark.parametrize(
    ("hemisphere", "site", "expected"),
    [
        ("left", "anterior", (7.610, 11.401)),
        ("left", "posterior", (10.343, 8.928)),
        ("right", "anterior", (7.571, 10.382)),
        ("right", "posterior", (11.021, 8.338)),
    ],
)
def test_the_2022_heuristics_give_the_published_sites(hemisphere, site, expected):
    found = beam_2022(HeadMeasures(56, 36, 36), hemisphere, site)
    assert (found.x_cm, found.y_cm) == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(
    ("measures", "name"),
    [((560, 36, 36), "head circumference"), ((56, 12, 36), "nasion-inion"), ((56, 36, 0), "tragus-tragus")],
)
def test_measures_of_no_human_head_are_refused_by_name(measures, name):
    with pytest.raises(UserError, match=name):
        HeadMeasures(*measures)


@pytest.mark.parametrize("measures", [(float("nan"), 36, 36), (44.9, 36, 36), (70.1, 36, 36), (36, 36, 56)])
def test_what_is_no_length_of_a_head_is_refused(measures):
    with pytest.raises(UserError, match="is not human"):
        HeadMeasures(*measures)


def test_measures_that_are_unusual_for_an_adult_are_kept_with_a_warning():
    assert HeadMeasures(56, 36, 36).warnings == HeadMeasures(60, 38, 36).warnings == ()
    around, over = HeadMeasures(48.5, 29, 31).warnings
    assert "head circumference of 48.5 cm is unusual" in around and "nasion-inion of 29.0 cm" in over
