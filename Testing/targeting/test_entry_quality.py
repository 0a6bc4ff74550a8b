import numpy as np
import pytest
from known_heads import CENTRE_RAS_MM, RADII_MM

from DLPFCSegmenterLib.targeting.coil import scalp_entry
from DLPFCSegmenterLib.targeting.entry_quality import entry_warnings

RAS_FROM_MNI = np.eye(4)
RAS_FROM_MNI[:3, 3] = CENTRE_RAS_MM - (0.0, -17.0, 10.0)
OVER_DLPFC = np.array([-45.0, 50.0, 35.0])


def on_scalp(scalp, mni_mm) -> np.ndarray:
    return scalp.nearest(RAS_FROM_MNI[:3, 3] + mni_mm).position_ras_mm


def test_an_entry_over_the_dlpfc_raises_no_doubt(scalp):
    assert entry_warnings(scalp, on_scalp(scalp, OVER_DLPFC), 20.0, RAS_FROM_MNI) == ()


@pytest.mark.parametrize(
    ("mni_mm", "words"),
    [
        ((0, 70, -45), "on the face"),
        ((-35, 65, -40), "on the face"),
        ((-70, -20, -40), "at an ear"),
        ((70, -25, -45), "at an ear"),
        ((0, -90, -60), "on the neck"),
    ],
)
def test_face_ear_and_neck_are_told_by_name(scalp, mni_mm, words):
    (doubt,) = entry_warnings(scalp, on_scalp(scalp, mni_mm), 20.0, RAS_FROM_MNI)
    assert words in doubt


def test_without_a_registration_the_place_is_not_judged(scalp):
    assert entry_warnings(scalp, on_scalp(scalp, (0, 70, -45)), 20.0) == ()


def test_an_entry_beside_a_cut_face_is_doubted_by_its_distance(scanned_scalp):
    rim = scanned_scalp.nearest(CENTRE_RAS_MM + (0.0, 65.0, -70.0)).position_ras_mm
    (doubt,) = entry_warnings(scanned_scalp, rim, 20.0)
    assert "cuts off the head" in doubt
    far = scanned_scalp.nearest(CENTRE_RAS_MM + (0.0, 0.0, RADII_MM[2])).position_ras_mm
    assert entry_warnings(scanned_scalp, far, 20.0) == ()
    assert scanned_scalp.distance_to_cut_mm(far) == pytest.approx(RADII_MM[2] + 75.0, abs=4.0)


def test_a_scalp_that_is_cut_nowhere_is_infinitely_far_from_a_cut(scalp):
    assert scalp.distance_to_cut_mm(CENTRE_RAS_MM) == np.inf


@pytest.mark.parametrize(("depth_mm", "words"), [(4.0, "shallower"), (45.0, "deeper than usual")])
def test_depths_outside_the_human_range_are_told(scalp, depth_mm, words):
    (doubt,) = entry_warnings(scalp, on_scalp(scalp, OVER_DLPFC), depth_mm, RAS_FROM_MNI)
    assert words in doubt


def test_the_entry_of_a_target_carries_its_doubts(scalp):
    target = RAS_FROM_MNI[:3, 3] + (0.0, 60.0, -40.0)
    entry = scalp_entry(scalp, target, RAS_FROM_MNI)
    assert any("on the face" in doubt for doubt in entry.warnings)
