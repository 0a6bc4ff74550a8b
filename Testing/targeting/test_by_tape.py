from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_fiducials import DIRECTIONS, on_ellipsoid, points_on_ellipsoid
from known_fiducials import given as as_given
from known_heads import CENTRE_RAS_MM

from computed_once import lay_tapes
from DLPFCSegmenterLib import tasks
from DLPFCSegmenterLib.errors import NoScalpError
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.targeting.beam_f3 import beam_f3
from DLPFCSegmenterLib.targeting.by_tape import (
    FIDUCIALS_MNI_MM,
    estimated_fiducials,
    find_by_tape,
    place_at_proportions,
    place_at_site,
    tape_plan,
)
from DLPFCSegmenterLib.targeting.coil import coil_pose, scalp_entry
from DLPFCSegmenterLib.targeting.fiducials import fiducials_on_scalp
from DLPFCSegmenterLib.targeting.head_tapes import site_on_scalp
from DLPFCSegmenterLib.targeting.placing import Head
from DLPFCSegmenterLib.words import handle_in_words, tape_lines


@pytest.fixture(scope="module")
def tapes(scalp):
    return lay_tapes(scalp, fiducials_on_scalp(scalp, as_given(points_on_ellipsoid())))


def entry_towards(scalp, side: str, x: float, y: float, z: float) -> np.ndarray:
    sign = -1.0 if side == "left" else 1.0
    return scalp.nearest(on_ellipsoid((sign * x, y, z))).position_ras_mm


@pytest.mark.slow
@settings(max_examples=40)
@given(side=st.sampled_from(("left", "right")), x=st.floats(0.2, 1.5), y=st.floats(-0.8, 0.9), z=st.floats(0.1, 0.8))
def test_following_either_pair_of_tapes_ends_at_the_entry(scalp, tapes, side, x, y, z):
    entry = entry_towards(scalp, side, x, y, z)
    taped = find_by_tape(scalp, tapes, entry, side)
    by_site = place_at_site(scalp, tapes, taped.around.length_mm, taped.from_vertex.length_mm, side)
    by_marks = place_at_proportions(scalp, tapes, taped.from_nasion.length_mm, taped.from_tragus.length_mm)
    assert np.linalg.norm(by_site - entry) < 0.5 and np.linalg.norm(by_marks - entry) < 0.5


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_lengths_of_beams_own_site_are_beams(scalp, tapes, side):
    beam = beam_f3(tapes.measures)
    taped = find_by_tape(scalp, tapes, site_on_scalp(scalp, tapes, beam, side), side)
    assert taped.around.length_mm == pytest.approx(10.0 * beam.x_cm, abs=0.3)
    assert taped.from_vertex.length_mm == pytest.approx(10.0 * beam.y_cm, abs=0.3)
    assert taped.beam == beam


def test_left_and_right_have_the_same_lengths_and_tapes_over_the_midline_add_up(scalp, tapes):
    left, right = (find_by_tape(scalp, tapes, entry_towards(scalp, s, 0.5, 0.6, 0.6), s) for s in ("left", "right"))
    for name in ("around", "from_vertex", "from_nasion"):
        assert getattr(left, name).length_mm == pytest.approx(getattr(right, name).length_mm, abs=0.3)
    both = left.from_tragus.length_mm + right.from_tragus.length_mm
    assert both == pytest.approx(left.tragus_tragus_mm, abs=0.5)
    assert left.at_nasion_mm == pytest.approx(right.at_nasion_mm, abs=0.3)


def test_a_tape_that_is_five_mm_wrong_moves_the_coil_along_itself_by_five_mm(scalp, tapes):
    taped = find_by_tape(scalp, tapes, entry_towards(scalp, "left", 0.5, 0.6, 0.6), "left")
    assert taped.from_vertex.off_mm == pytest.approx(5.0, abs=0.3)
    assert taped.from_tragus.off_mm == pytest.approx(5.0, abs=0.3)
    assert 2.0 < taped.around.off_mm < 5.0 and 3.0 < taped.from_nasion.off_mm < 5.5


@pytest.mark.parametrize(
    ("x", "y", "z", "words"), [(0.0, 0.0, 1.0, "at the vertex"), (-0.5, 0.6, 0.6, "across the midline")]
)
def test_an_entry_that_no_tape_leads_to_is_refused_with_the_reason(scalp, tapes, x, y, z, words):
    entry = tapes.vertex_ras_mm if words == "at the vertex" else entry_towards(scalp, "left", x, y, z)
    with pytest.raises(NoScalpError, match=words):
        find_by_tape(scalp, tapes, entry, "left")


@pytest.mark.slow
def test_the_handle_is_told_against_the_tape_that_leads_back_to_the_vertex(scalp, tapes):
    # In front of the vertex the tape runs along the midline, so straight back is along it.
    target = CENTRE_RAS_MM + (-1.0, 45.0, 60.0)
    entry = scalp_entry(scalp, target)
    for angle, expected in ((0.0, 0.0), (45.0, 45.0), (-30.0, -30.0)):
        pose = coil_pose(scalp, entry, "left", angle, 4.0)
        taped = find_by_tape(scalp, tapes, entry.position_ras_mm, "left", pose)
        assert taped.handle_deg == pytest.approx(expected, abs=3.0)  # from back to the left is clockwise


def estimating(scalp) -> Head:
    """The ellipsoid as a head on which MNI space fits about."""
    return Head(scalp.with_head_axes(np.eye(3)), HeadFrame(np.eye(4), 1.5))


@pytest.mark.slow
def test_without_placed_fiducials_they_are_estimated_and_it_is_said(scalp):
    head, entry = estimating(scalp), scalp_entry(scalp, CENTRE_RAS_MM + (-40.0, 50.0, 50.0))
    taped, doubts = tape_plan(head, "left", entry.position_ras_mm, None)
    assert taped.estimated and doubts == ()
    for key, at in estimated_fiducials(head.scalp, head.registration).points_ras_mm.items():
        np.testing.assert_allclose(at, scalp.nearest(np.array(FIDUCIALS_MNI_MM[key])).position_ras_mm, atol=1e-6)
    placed = fiducials_on_scalp(scalp, as_given(points_on_ellipsoid()))
    assert not tape_plan(replace(head, fiducials=placed), "left", entry.position_ras_mm, None)[0].estimated


def test_without_fiducials_and_mni_space_there_are_no_lengths_and_it_is_said(scalp):
    taped, (told,) = tape_plan(Head(scalp, None), "left", scalp_entry(scalp, CENTRE_RAS_MM).position_ras_mm, None)
    assert taped is None and "no lengths by tape" in told


@pytest.mark.parametrize(
    ("angle", "words"),
    [
        (0.0, "straight back along the midline"), (45.0, "45 degrees from the midline, back and out to the side"),
        (-45.0, "45 degrees from the midline, back and in across the midline"),
        (135.0, "45 degrees from the midline, forward and out to the side"),
        (180.0, "straight forward along the midline"),
    ],
)  # fmt: skip
def test_the_handle_in_words(angle, words):
    assert handle_in_words(angle) == words


def test_the_lines_to_read_hold_the_lengths_and_their_doubt(scalp, tapes):
    taped = find_by_tape(scalp, tapes, entry_towards(scalp, "right", 0.5, 0.6, 0.6), "right")
    (x, x_off), (y, y_off), *_ = tape_lines("right", taped, 45.0)
    assert x.startswith(f"X {taped.around.length_mm / 10:.1f} cm around the head from the midline to the right")
    assert y.startswith(f"Y {taped.from_vertex.length_mm / 10:.1f} cm from the vertex")
    assert (x_off, y_off) == tuple(f"{each.off_mm:.0f} mm" for each in (taped.around, taped.from_vertex))
    assert set(DIRECTIONS) == set(FIDUCIALS_MNI_MM)


def test_both_sides_have_all_their_lines_where_their_lengths_are_the_same(scalp):
    entries = {side: entry_towards(scalp, side, 0.5, 0.6, 0.6) for side in ("left", "right")}
    poses = {side: coil_pose(scalp, scalp_entry(scalp, at), side, 45.0, 4.0) for side, at in entries.items()}
    aims = tuple(tasks.Aim(side, at, poses[side]) for side, at in entries.items())
    found = tasks.find_by_tape(scalp, None, as_given(points_on_ellipsoid()), aims, 45.0)
    told = found.lines
    left, right = told[1:6], told[7:12]
    assert (told[0], told[6]) == ("By tape, left:", "By tape, right:") and left[1] == right[1]
    assert left[1].startswith("• Y ") and left[1].endswith("(with that tape 5 mm wrong the coil is off by 5 mm)")
    assert told[12:] == ("From nasion, inion and tragi as they were placed.",) and found.warnings == ()
