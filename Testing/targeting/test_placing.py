from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from known_fiducials import given, points_on_ellipsoid
from known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scan

from computed_once import lay_tapes
from DLPFCSegmenterLib.doubts import key_of
from DLPFCSegmenterLib.errors import NoScalpError, UserError
from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, ras_to_ijk
from DLPFCSegmenterLib.plan import PlanOptions, aim
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.targeting import scalp
from DLPFCSegmenterLib.targeting.distances import LandmarkDistances, landmark_distances
from DLPFCSegmenterLib.targeting.fiducials import fiducials_on_scalp
from DLPFCSegmenterLib.targeting.five_cm import M1_HAND_LEFT_MNI_MM, estimate_hotspot, given_hotspot
from DLPFCSegmenterLib.targeting.mni_targets import MNI_TARGETS
from DLPFCSegmenterLib.targeting.placing import Edits, Head, named_distances_mm, place_landmarks, read_head
from DLPFCSegmenterLib.words import label_of, method_of

TARGET = CENTRE_RAS_MM + np.array([-38.0, 55.0, 35.0])
MIDDLE_MM = np.array([CENTRE_RAS_MM[0], 0.0, 0.0])
STRAIGHT = HeadFrame(np.block([[np.eye(3), MIDDLE_MM[:, None]], [np.zeros((1, 3)), 1.0]]), 1.5)
"""MNI space whose midline is the ellipsoid's."""


@pytest.fixture(scope="module")
def head(scalp) -> Head:
    return Head(scalp.with_head_axes(np.eye(3)), STRAIGHT)


def test_an_estimated_hotspot_says_so_and_gives_its_uncertainty(scalp):
    left, right = (estimate_hotspot(scalp, STRAIGHT, side) for side in ("left", "right"))
    assert left.estimated and left.uncertainty_mm == (15.0, 20.0) and "Estimated" in method_of(left)
    assert left.position_ras_mm[0] < 0 < right.position_ras_mm[0]
    hand_area = M1_HAND_LEFT_MNI_MM + MIDDLE_MM
    gap = np.linalg.norm(left.position_ras_mm - hand_area)
    assert gap == pytest.approx(scalp.nearest(hand_area).distance_mm)


def test_a_given_hotspot_is_kept_where_the_user_put_it(head):
    point = estimate_hotspot(head.scalp, STRAIGHT, "left").position_ras_mm + (2.0, 3.0, 6.0)
    landmark = given_hotspot(head.scalp, point, "left", STRAIGHT)
    np.testing.assert_array_equal(landmark.position_ras_mm, point)
    assert not landmark.estimated and landmark.warnings == ()


@pytest.mark.parametrize(
    ("offset", "side", "words"),
    [
        ((0, 0, 140), "left", "mm from the scalp"),
        ((0, 0, 30), "left", "mm from the scalp"),
        ((50, 0, 70.4), "left", "right side of the head"),
        ((-50, 0, 70.4), "right", "left side of the head"),
        ((-10, -95, 20), "left", "behind"),
        ((-60, 10, -58), "left", "below"),
        ((float("nan"), 0, 0), "left", "is no point; give three numbers"),
    ],
)
def test_a_hotspot_that_cannot_be_one_is_refused_with_the_reason(head, offset, side, words):
    with pytest.raises(UserError, match=words):
        given_hotspot(head.scalp, CENTRE_RAS_MM + offset, side, STRAIGHT)


def test_an_unusual_hotspot_is_kept_with_a_warning(head):
    point = CENTRE_RAS_MM + np.array([-20.0, 75.0, 55.0])
    assert "from where anatomy suggests" in given_hotspot(head.scalp, point, "left", STRAIGHT).warnings[0]


def test_a_hotspot_off_the_scalp_is_kept_with_a_warning(head):
    on_scalp = estimate_hotspot(head.scalp, STRAIGHT, "left").position_ras_mm
    point = on_scalp + 15.0 * head.scalp.outward_normal(on_scalp)
    (warning,) = given_hotspot(head.scalp, point, "left", STRAIGHT).warnings
    assert warning == "The given hotspot lies 15 mm from the scalp; the rule starts at the nearest scalp."


def test_a_side_has_both_landmarks_the_path_and_every_distance(head):
    placed = place_landmarks(head, "left", TARGET)
    hotspot, five_cm = placed.landmarks
    assert (hotspot.key, five_cm.key) == ("hotspot", "five_cm")
    np.testing.assert_allclose(placed.rule_path_ras_mm[-1], five_cm.position_ras_mm, atol=0.1)
    distances = placed.distances_mm
    straight = np.linalg.norm(TARGET - five_cm.position_ras_mm)
    assert distances["five_cm_to_target"] == pytest.approx(straight)
    assert distances["five_cm_to_target_axial"] == pytest.approx(np.linalg.norm((TARGET - five_cm.position_ras_mm)[:2]))
    above = head.scalp.nearest(TARGET).position_ras_mm
    assert distances["five_cm_to_target_along_scalp"] >= np.linalg.norm(above - five_cm.position_ras_mm)
    assert distances["target_to_scalp"] == pytest.approx(np.linalg.norm(above - TARGET))


def test_the_landmark_of_an_estimated_hotspot_is_an_estimate_as_uncertain(head):
    hotspot, five_cm = place_landmarks(head, "left", TARGET).landmarks
    assert five_cm.estimated and five_cm.uncertainty_mm == hotspot.uncertainty_mm
    assert label_of(five_cm).endswith("(estimated)") and "estimated hotspot" in method_of(five_cm)
    _, measured = place_landmarks(head, "left", TARGET, hotspot.position_ras_mm).landmarks
    assert not measured.estimated and measured.uncertainty_mm is None and "estimated" not in label_of(measured)


def test_a_longer_rule_ends_further_forward(head):
    short, long = (place_landmarks(head, "left", TARGET, rule_mm=mm).landmarks[1] for mm in (50.0, 60.0))
    assert long.position_ras_mm[1] > short.position_ras_mm[1] + 5.0
    assert label_of(long).startswith("6")


@pytest.mark.slow
def test_a_head_without_scalp_places_nothing_and_says_why():
    head = read_head(head_scan(ellipsoid_scan(skull=False, spacing_mm=3.0)), given(points_on_ellipsoid()))
    assert head.scalp is None and "skull was removed" in head.warnings[0]
    assert head.warnings[-1] == "The given nasion, inion and tragi were not used, as there is no scalp."
    placed = place_landmarks(head, "left", TARGET)
    assert placed.landmarks == placed.warnings == () and "target_to_scalp" not in placed.distances_mm
    told = place_landmarks(head, "left", TARGET, hotspot_ras_mm=(0.0, 0.0, 0.0)).warnings
    assert told == ("The given hotspot was not used, as there is no scalp.",)


def test_literature_targets_need_no_scalp_and_are_measured_in_straight_lines():
    placed = place_landmarks(Head(None, STRAIGHT), "right", TARGET * (-1, 1, 1))
    assert [mark.key for mark in placed.literature] == [target.key for target in MNI_TARGETS]
    assert placed.landmarks == () and placed.rule_path_ras_mm is None
    manners = ("", "_axial")
    assert set(placed.distances_mm) == {f"{t.key}_to_target{manner}" for t in MNI_TARGETS for manner in manners}
    ba9 = next(mark for mark in placed.literature if mark.key == "mni_ba9")
    away = np.linalg.norm(TARGET * (-1, 1, 1) - (39, 39, 43))
    np.testing.assert_array_equal(ba9.position_ras_mm, (39, 39, 43))
    assert placed.distances_mm["mni_ba9_to_target"] == pytest.approx(away)


@pytest.fixture(scope="module")
def taped(head) -> Head:
    """The head with fiducials and the tapes between them."""
    placed = fiducials_on_scalp(head.scalp, given(points_on_ellipsoid()))
    return Head(head.scalp, head.registration, (), placed, lay_tapes(head.scalp, placed))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("side", "keys"),
    [
        ("left", ["f3", "beam_f3", "beam_f3_adjusted", "beam_2022_anterior", "beam_2022_posterior"]),
        ("right", ["f4", "beam_f4", "beam_f4_adjusted", "beam_2022_anterior", "beam_2022_posterior"]),
    ],
)
def test_fiducials_add_ten_twenty_and_beam_with_every_distance(taped, side, keys):
    target = TARGET if side == "left" else TARGET * (-1, 1, 1)
    placed = place_landmarks(taped, side, target)
    assert [mark.key for mark in placed.landmarks] == ["hotspot", "five_cm", *keys]
    for mark in (*placed.landmarks, *placed.literature):
        named = named_distances_mm(mark.key, landmark_distances(mark.position_ras_mm, target, taped.scalp))
        assert len(named) == 4 and named.items() <= placed.distances_mm.items()
    assert placed.warnings == ()


def test_without_tapes_there_is_no_f3(head):
    assert [mark.key for mark in place_landmarks(head, "left", TARGET).landmarks] == ["hotspot", "five_cm"]


def test_a_distance_that_is_not_known_has_no_name():
    full = LandmarkDistances(13.0, 5.0, 20.0, 7.0, np.zeros(3))
    assert named_distances_mm("f3", full) == {
        "f3_to_target": 13.0, "f3_to_target_axial": 5.0, "f3_to_target_along_scalp": 20.0,
        "f3_to_target_from_cortex": 7.0,
    }  # fmt: skip
    assert named_distances_mm("f3", LandmarkDistances(13.0, 5.0)) == {"f3_to_target": 13.0, "f3_to_target_axial": 5.0}


@pytest.fixture(scope="module")
def coarse():
    return ellipsoid_scan(spacing_mm=3.0)


def head_scan(scan) -> HeadScan:
    """The ellipsoid holds no brain that the template fits: where MNI space lies in it is told."""
    return HeadScan.of_canonical(scan, STRAIGHT)


def low_points(**moved) -> dict:
    """Fiducials that lie above the floor of the scan, where the head is cut off."""
    level = {"nasion": (0, 1, 0), "inion": (0, -1, 0), "left_tragus": (-1, 0, 0), "right_tragus": (1, 0, 0)}
    return points_on_ellipsoid(**level) | moved


@pytest.mark.slow
def test_a_scan_with_fiducials_has_its_tapes_and_the_doubts_of_file_and_points(coarse):
    far = low_points()["inion"] - (0.0, 12.0, 0.0)
    fiducials = replace(given(low_points(inion=far)), warnings=("points.csv: of another scan",))
    head = read_head(head_scan(coarse), fiducials)
    assert head.tapes is not None and head.warnings[0] == "points.csv: of another scan"
    assert "The inion was given" in head.warnings[1] and "mm away from the scalp" in head.warnings[1]


def test_fiducials_that_cannot_be_right_are_refused_by_a_scan(coarse):
    points = low_points()
    points["nasion"], points["inion"] = points["inion"], points["nasion"]
    with pytest.raises(UserError, match="nasion and inion are swapped"):
        read_head(head_scan(coarse), given(points))


def test_tapes_that_cannot_be_laid_are_told_and_the_rest_is_placed(coarse):
    head = read_head(head_scan(replace(coarse, array_kji=coarse.array_kji[:-12])), given(low_points()))
    assert head.tapes is None and head.fiducials is not None
    assert "does not show the top of the head" in head.warnings[-1]
    assert [mark.key for mark in place_landmarks(head, "left", TARGET).landmarks] == ["hotspot", "five_cm"]


def crown_cut(scan, above_mm: float):
    """The scan without what lies higher than this over the ellipsoid's centre."""
    kept = int(ras_to_ijk(scan.ijk_to_ras, CENTRE_RAS_MM + (0.0, 0.0, above_mm))[2]) + 1
    return replace(scan, array_kji=scan.array_kji[:kept])


@pytest.mark.parametrize("above_mm", [63.0, 60.0, 56.0])
@pytest.mark.parametrize("side", ["left", "right"])
def test_where_the_crown_is_missing_over_the_motor_cortex_there_is_no_hotspot_and_it_is_said(coarse, above_mm, side):
    head = read_head(head_scan(crown_cut(coarse, above_mm)))
    placed = place_landmarks(head, side, TARGET)
    assert placed.landmarks == () and placed.rule_path_ras_mm is None
    (told,) = placed.warnings
    assert f"is cut off or erased over the {side} motor cortex" in told and told.hemisphere == side


def crown_erased(scan, towards, above_mm: float):
    """The scan with 0 beyond a plane so high over the ellipsoid's centre, across a direction in RAS."""
    k, j, i = np.indices(scan.array_kji.shape)
    off = ijk_to_ras_points(scan.ijk_to_ras, np.stack([i, j, k], axis=-1)) - CENTRE_RAS_MM
    return replace(scan, array_kji=np.where(off @ towards / np.linalg.norm(towards) > above_mm, 0, scan.array_kji))


@pytest.mark.parametrize("towards", [(0.2, 0.0, 1.0), (0.0, 0.4, 1.0), (0.0, -0.4, 1.0), (-0.3, -0.3, 1.0)])
@pytest.mark.parametrize("side", ["left", "right"])
def test_where_the_crown_was_erased_along_any_plane_there_is_no_hotspot_and_it_is_said(coarse, towards, side):
    head = read_head(head_scan(crown_erased(coarse, np.array(towards), 50.0)))
    placed = place_landmarks(head, side, TARGET)
    assert placed.landmarks == () and placed.rule_path_ras_mm is None
    (told,) = placed.warnings
    assert f"is cut off or erased over the {side} motor cortex" in told and told.hemisphere == side


SMALL = HeadFrame(STRAIGHT.ras_from_mni @ np.diag([0.9, 0.9, 0.9, 1.0]), 1.5)
"""A brain far enough below the skin that a cut through skin and bone alone spares it."""


def hotspots_on(scan):
    """Side -> estimated hotspot, without those that are left out."""
    head, found = read_head(HeadScan.of_canonical(scan, SMALL)), {}
    for side in ("left", "right"):
        with suppress(NoScalpError):
            found[side] = estimate_hotspot(head.scalp, SMALL, side)
    return found


@pytest.fixture(scope="module")
def whole_hotspots(coarse):
    return hotspots_on(coarse)


def ball_erased(scan, middle_mm, radius_mm: float, above_mm: float):
    """The scan with 0 in a ball that reaches down to so high over the ellipsoid's centre."""
    k, j, i = np.indices(scan.array_kji.shape)
    off = ijk_to_ras_points(scan.ijk_to_ras, np.stack([i, j, k], axis=-1)) - CENTRE_RAS_MM
    away = np.linalg.norm(off - (*middle_mm, above_mm + radius_mm), axis=-1)
    return replace(scan, array_kji=np.where(away < radius_mm, 0, scan.array_kji))


ERASED = {
    "upright at 74": lambda scan: crown_erased(scan, np.array((0.05, 0.02, 1.0)), 74.0),
    "upright at 80": lambda scan: crown_erased(scan, np.array((0.05, 0.02, 1.0)), 80.0),
    "forward": lambda scan: crown_erased(scan, np.array((0.0, 0.4, 1.0)), 70.0),
    "backward": lambda scan: crown_erased(scan, np.array((0.0, -0.4, 1.0)), 70.0),
    "a left side": lambda scan: crown_erased(scan, np.array((-1.0, 0.1, 0.1)), 65.0),
    "a right side": lambda scan: crown_erased(scan, np.array((1.0, 0.0, 0.2)), 50.0),
    "a flat ball": lambda scan: ball_erased(scan, (0.0, 0.0), 200.0, 72.0),
    "a ball on the left": lambda scan: ball_erased(scan, (-40.0, -3.0), 60.0, 70.0),
}


@pytest.mark.slow
@pytest.mark.parametrize("erased", ERASED)
def test_wherever_skin_was_erased_a_hotspot_is_left_out_or_lies_within_its_uncertainty(coarse, whole_hotspots, erased):
    assert set(whole_hotspots) == {"left", "right"}
    for side, found in hotspots_on(ERASED[erased](coarse)).items():
        away = np.linalg.norm(found.position_ras_mm - whole_hotspots[side].position_ras_mm)
        assert away < found.uncertainty_mm[1]


@pytest.fixture(scope="module")
def whole(coarse):
    """The head, its left landmarks, and where the scalp lies over the target."""
    head = read_head(head_scan(coarse))
    hotspot, five_cm = (mark.position_ras_mm for mark in place_landmarks(head, "left", TARGET).landmarks)
    return head, {"hotspot": hotspot, "five_cm": five_cm, "entry": head.scalp.nearest(TARGET).position_ras_mm}


def erased_under(head, scan, at_mm, depth_mm: float, tilt, fill, both_sides=False):
    """The head of a scan with another filling beyond a plane so deep under a place of the scalp."""
    outward = head.scalp.outward_normal(at_mm) + tilt
    k, j, i = np.indices(scan.array_kji.shape)
    off = ijk_to_ras_points(scan.ijk_to_ras, np.stack([i, j, k], axis=-1)) - at_mm
    beyond = off @ outward / np.linalg.norm(outward) > -depth_mm
    beyond |= both_sides & beyond[:, :, ::-1]
    return read_head(head_scan(scan.with_array(np.where(beyond, fill(scan.array_kji.shape), scan.array_kji))))


FILLS = {
    "zero": np.zeros,
    "constant": lambda shape: np.full(shape, 8.0, np.float32),
    "noise": lambda shape: np.abs(np.random.default_rng(0).normal(0, 4.0, shape)).astype(np.float32),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "depth_mm", "tilt", "fill", "both_sides"),
    [
        ("five_cm", 9.0, (0, 0, 0), "constant", False),
        ("five_cm", 14.0, (0, 0, 0), "zero", True),
        ("entry", 12.0, (-0.3, 0, 0), "noise", False),
        ("hotspot", 12.0, (0, 0.3, 0), "zero", False),
    ],
)
def test_no_point_is_moved_by_erased_skin_without_a_word(coarse, whole, where, depth_mm, tilt, fill, both_sides):
    head, places = whole
    worse = erased_under(head, coarse, places[where], depth_mm, tilt, FILLS[fill], both_sides)
    left = {mark.key: mark for mark in place_landmarks(worse, "left", TARGET).landmarks}
    entry, _, doubts = aim(worse, "left", TARGET, PlanOptions())
    for key, mark in left.items():
        assert np.linalg.norm(mark.position_ras_mm - places[key]) < 10.0 or mark.warnings
    moved_mm = np.linalg.norm(entry.position_ras_mm - places["entry"])
    assert moved_mm < 6.0 or {"entry_erased", "entry_near_cut"} & set(map(key_of, doubts))
    assert where in ("entry", "hotspot") or where not in left
    assert where != "entry" or moved_mm > 6.0


@pytest.mark.parametrize(("step_mm", "is_told"), [((0, 0, 16), True), ((0, -16, 0), True), ((0, 0, 30), False)])
def test_an_entry_beside_a_hole_is_told_though_skin_lies_over_it(whole, step_mm, is_told, monkeypatch):
    head, places = whole
    hole = head.scalp.nearest(places["entry"] + step_mm).position_ras_mm
    monkeypatch.setattr(scalp, "lacks_skin", lambda _scalp, _frame, at: np.linalg.norm(at - hole) < 8.0)
    assert head.lacks_skin(places["entry"], around=True) == is_told


@pytest.mark.slow
def test_on_a_thick_skull_erased_on_both_sides_the_landmark_is_left_out(coarse, whole):
    """Over the small brain of `SMALL` the surface lies far off its place even where the skin is gone."""
    head = replace(whole[0], registration=SMALL)
    _, five_cm = place_landmarks(head, "left", TARGET).landmarks
    worse = erased_under(head, coarse, five_cm.position_ras_mm, 9.0, (0, 0.5, 0), np.zeros, both_sides=True)
    hotspot, *others = place_landmarks(replace(worse, registration=SMALL), "left", TARGET).landmarks
    assert hotspot.key == "hotspot" and others == []


def test_on_a_whole_head_no_skin_is_called_erased(whole):
    head, places = whole
    assert not any(head.lacks_skin(place) for place in places.values())
    assert not head.lacks_skin(places["entry"], around=True)
    assert "entry_erased" not in map(key_of, aim(head, "left", TARGET, PlanOptions())[2])


@pytest.mark.slow
def test_a_hotspot_beside_a_cut_is_right_and_doubted(coarse, scanned_scalp):
    whole = place_landmarks(Head(scanned_scalp, STRAIGHT), "left", TARGET).landmarks[0]
    placed = place_landmarks(read_head(head_scan(crown_cut(coarse, 72.0))), "left", TARGET)
    hotspot, five_cm = placed.landmarks
    assert np.linalg.norm(hotspot.position_ras_mm - whole.position_ras_mm) < 2.0
    assert [warning.key for warning in hotspot.warnings] == ["mark_near_cut"] and five_cm.warnings == ()


def test_a_side_of_the_head_that_is_missing_has_no_hotspot_and_the_other_keeps_its_own(coarse):
    first = int(ras_to_ijk(coarse.ijk_to_ras, CENTRE_RAS_MM - (35.0, 0.0, 0.0))[0])
    matrix = coarse.ijk_to_ras.copy()
    matrix[0, 3] += first * coarse.spacing_mm[0]
    part = replace(coarse, array_kji=coarse.array_kji[:, :, first:], ijk_to_ras=matrix)
    head = read_head(head_scan(part))
    assert place_landmarks(head, "left", TARGET).landmarks == ()
    assert len(place_landmarks(head, "right", TARGET * (-1, 1, 1)).landmarks) == 2


def test_a_hotspot_that_was_placed_by_hand_is_walked_from_where_none_could_be_estimated(coarse):
    head = read_head(head_scan(crown_cut(coarse, 65.0)))
    by_hand = head.scalp.nearest(CENTRE_RAS_MM + (-70.0, -10.0, 45.0)).position_ras_mm
    placed = place_landmarks(head, "left", TARGET, edits=Edits(placed={"hotspot": by_hand}))
    assert [mark.key for mark in placed.landmarks] == ["hotspot", "five_cm"]


def test_a_head_that_fits_no_template_still_takes_a_given_hotspot(scalp):
    head = Head(scalp, None, ("the registration failed",))
    assert place_landmarks(head, "left", TARGET).landmarks == ()
    point = scalp.nearest(CENTRE_RAS_MM + (-45.0, 0.0, RADII_MM[2])).position_ras_mm
    placed = place_landmarks(head, "left", TARGET, point)
    assert len(placed.landmarks) == 2 and "could not be checked" in placed.warnings[0]


@pytest.mark.parametrize(("share", "is_told"), [(0.02, False), (0.1, False), (0.33, True)])
def test_a_scalp_that_noise_of_the_air_makes_uneven_is_told(share, is_told, coarse):
    """The air holds `share` of the head's brightness on average."""
    noise = np.random.default_rng(0).normal(0, share * coarse.array_kji.max() / 1.2533, (2, *coarse.array_kji.shape))
    noisy = coarse.with_array(np.hypot(coarse.array_kji + noise[0], noise[1]).astype(np.float32))
    told = [key_of(each) for each in read_head(head_scan(noisy)).warnings]
    assert ("scalp_rough" in told) == is_told and "no_scalp" not in told
