from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from known_fiducials import given, on_ellipsoid, points_on_ellipsoid, posed, poses, turn
from known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scalp

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.targeting.fiducials import fiducials_on_scalp
from DLPFCSegmenterLib.words import method_of

POINTS = points_on_ellipsoid()
COARSE = ellipsoid_scalp(resolution=120)


def exchanged(one: str, other: str) -> dict[str, np.ndarray]:
    return POINTS | {one: POINTS[other], other: POINTS[one]}


def test_points_on_the_skin_stay_and_say_that_a_person_gave_them(scalp):
    placed = fiducials_on_scalp(scalp, given(POINTS))
    assert [landmark.key for landmark in placed.landmarks] == list(POINTS)
    for landmark in placed.landmarks:
        assert np.linalg.norm(landmark.position_ras_mm - POINTS[landmark.key]) < 0.05
        assert not landmark.estimated and "moved 0.0 mm" in method_of(landmark)
    assert placed.warnings == ()
    np.testing.assert_allclose(placed.axes_ras, np.eye(3), atol=0.04)


@examples(pose=poses(), off=st.floats(-19, 19))
@settings(max_examples=6)
def test_a_point_off_the_skin_is_moved_to_it_and_the_distance_stated(pose, off):
    head = posed(COARSE, pose)
    aside = POINTS["nasion"] + off * np.array([0.0, 0.92, -0.4]) / np.hypot(0.92, 0.4)
    placed = fiducials_on_scalp(head, given(POINTS | {"nasion": aside}, pose))
    moved = np.linalg.norm(placed.points_ras_mm["nasion"] - transform_points(pose, aside))
    assert moved == pytest.approx(placed.moved_mm["nasion"]) and abs(moved - abs(off)) < 1.0
    assert f"moved {moved:.1f} mm" in method_of(placed.landmarks[0])
    assert bool(placed.warnings) == bool(placed.landmarks[0].warnings) == (moved > 8.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nasion": CENTRE_RAS_MM + (0.0, 125.0, 0.0)}, "nasion .* lies 27 mm from the scalp"),
        ({"inion": CENTRE_RAS_MM}, "inion .* mm from the scalp"),
        ({"left_tragus": np.array([np.nan, 0, 0])}, "left tragus .* is no point"),
        ({"inion": np.array([1.0, 2.0])}, "inion .* is no point"),
        (exchanged("left_tragus", "right_tragus"), "left and right tragus are swapped. Exchange"),
        (exchanged("nasion", "inion"), "nasion and inion are swapped. Exchange"),
        (
            exchanged("nasion", "inion")
            | {"left_tragus": POINTS["right_tragus"], "right_tragus": POINTS["left_tragus"]},
            "left and right tragus as well as nasion and inion are swapped. Are they LPS",
        ),
        (exchanged("nasion", "left_tragus"), "do not form a cross"),
        (exchanged("inion", "right_tragus"), "do not form a cross"),
        ({"nasion": POINTS["inion"]}, "do not form a cross"),
        ({"left_tragus": POINTS["nasion"], "right_tragus": POINTS["inion"]}, "do not form a cross"),
        (
            {"left_tragus": on_ellipsoid((-0.1, 0.9, -0.4)), "right_tragus": on_ellipsoid((0.1, 0.9, -0.4))},
            "do not form a cross",
        ),
        (
            {"left_tragus": on_ellipsoid((-0.5, 0, -1)), "right_tragus": on_ellipsoid((0.5, 0, -1))},
            "from left tragus to right tragus it is 70 mm .* not human",
        ),
        (
            {"nasion": on_ellipsoid((0, 0.6, -0.8)), "inion": on_ellipsoid((0, -0.6, -0.8))},
            "from nasion to inion it is 118 mm .* not human",
        ),
    ],
)
def test_fiducials_that_cannot_be_are_refused_with_the_reason(scalp, change, words):
    with pytest.raises(UserError, match=words):
        fiducials_on_scalp(scalp, given(POINTS | change))


@examples(pose=poses())
@settings(max_examples=6)
def test_swaps_are_told_however_the_head_lies(pose):
    head = posed(COARSE, pose)
    assert fiducials_on_scalp(head, given(POINTS, pose)).warnings == ()
    for one, other in (("left_tragus", "right_tragus"), ("nasion", "inion")):
        with pytest.raises(UserError, match="swapped"):
            fiducials_on_scalp(head, given(exchanged(one, other), pose))


@pytest.mark.parametrize("yaw", (-5.0, 5.0))
def test_four_points_that_each_stand_in_the_next_ones_place_are_refused(yaw):
    radii = np.array([78.0, 93.0, 88.0])
    points, names = points_on_ellipsoid(radii), ("nasion", "left_tragus", "inion", "right_tragus")
    head = ellipsoid_scalp(radii).with_head_axes(turn("z", yaw))
    assert fiducials_on_scalp(head, given(points)).warnings == ()
    for step in (1, -1):
        round_about = {name: points[names[(index + step) % 4]] for index, name in enumerate(names)}
        with pytest.raises(UserError, match="turned against the head"):
            fiducials_on_scalp(head, given(round_about))


def test_a_head_of_another_size_is_no_human(scalp):
    for share in (0.6, 1.4):
        radii = share * RADII_MM
        with pytest.raises(UserError, match="not human"):
            fiducials_on_scalp(ellipsoid_scalp(radii), given(points_on_ellipsoid(radii)))


def test_a_fiducial_where_the_scan_cuts_the_head_off_is_refused(scanned_scalp):
    fiducials_on_scalp(scanned_scalp, given(POINTS))
    inside_the_cut = CENTRE_RAS_MM + (0.0, -45.0, -75.0)
    assert scanned_scalp.nearest(inside_the_cut).distance_mm < 20.0
    with pytest.raises(UserError, match="inion .* cuts the head off"):
        fiducials_on_scalp(scanned_scalp, replace(given(POINTS), inion_ras_mm=inside_the_cut))
