import numpy as np
import pytest
from known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scan

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.targeting.hotspot import M1_HAND_LEFT_MNI_MM, estimate_hotspot, given_hotspot
from DLPFCSegmenterLib.targeting.placing import Head, place_landmarks, read_head
from DLPFCSegmenterLib.volume.head_scan import HeadScan
from DLPFCSegmenterLib.volume.registration import Registration

TARGET = CENTRE_RAS_MM + np.array([-38.0, 55.0, 35.0])
STRAIGHT = Registration(np.eye(4), 0.9)


@pytest.fixture(scope="module")
def head(scalp) -> Head:
    return Head(scalp.with_head_axes(np.eye(3)), STRAIGHT)


def test_an_estimated_hotspot_says_so_and_gives_its_uncertainty(scalp):
    left, right = (estimate_hotspot(scalp, STRAIGHT, side) for side in ("left", "right"))
    assert left.estimated and left.uncertainty_mm == (15.0, 20.0) and "Estimated" in left.method
    assert left.position_ras_mm[0] < 0 < right.position_ras_mm[0]
    gap = np.linalg.norm(left.position_ras_mm - M1_HAND_LEFT_MNI_MM)
    assert gap == pytest.approx(scalp.nearest(M1_HAND_LEFT_MNI_MM).distance_mm)


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
        ((float("nan"), 0, 0), "left", "mm from the scalp"),
    ],
)
def test_a_hotspot_that_cannot_be_one_is_refused_with_the_reason(head, offset, side, words):
    with pytest.raises(UserError, match=words):
        given_hotspot(head.scalp, CENTRE_RAS_MM + offset, side, STRAIGHT)


def test_an_unusual_hotspot_is_kept_with_a_warning(head):
    point = CENTRE_RAS_MM + np.array([-20.0, 75.0, 55.0])
    assert "from where anatomy suggests" in given_hotspot(head.scalp, point, "left", STRAIGHT).warnings[0]


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
    assert five_cm.label.endswith("(estimated)") and "estimated hotspot" in five_cm.method
    _, measured = place_landmarks(head, "left", TARGET, hotspot.position_ras_mm).landmarks
    assert not measured.estimated and measured.uncertainty_mm is None and "estimated" not in measured.label


def test_a_longer_rule_ends_further_forward(head):
    short, long = (place_landmarks(head, "left", TARGET, rule_mm=mm).landmarks[1] for mm in (50.0, 60.0))
    assert long.position_ras_mm[1] > short.position_ras_mm[1] + 5.0
    assert long.label.startswith("6")


def test_a_head_without_scalp_places_nothing_and_says_why():
    head = read_head(HeadScan(ellipsoid_scan(skull=False, spacing_mm=3.0)))
    assert head.scalp is None and "skull was removed" in head.warnings[0]
    placed = place_landmarks(head, "left", TARGET)
    assert placed.landmarks == () and placed.distances_mm == {}


def test_a_head_that_fits_no_template_still_takes_a_given_hotspot(scalp):
    head = Head(scalp, None, ("the registration failed",))
    assert place_landmarks(head, "left", TARGET).landmarks == ()
    point = scalp.nearest(CENTRE_RAS_MM + (-45.0, 0.0, RADII_MM[2])).position_ras_mm
    placed = place_landmarks(head, "left", TARGET, point)
    assert len(placed.landmarks) == 2 and "could not be checked" in placed.warnings[0]
