import numpy as np
import pytest
from known_heads import ellipsoid_scalp

from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.scan.registration import Registration
from DLPFCSegmenterLib.targeting.depth import DepthInformation, depth_information
from DLPFCSegmenterLib.targeting.hotspot import M1_HAND_LEFT_MNI_MM

RADIUS_MM = 90.0
SPHERE = ellipsoid_scalp(np.full(3, RADIUS_MM), np.zeros(3), resolution=200)
MOVED = np.eye(4)
MOVED[:3, 3] = (6.0, 12.0, -4.0)


@pytest.mark.parametrize(("hemisphere", "sign"), [("left", 1.0), ("right", -1.0)])
def test_depths_on_a_sphere_are_the_known_ones(hemisphere, sign):
    found = depth_information(SPHERE, Registration(MOVED, 0.7), hemisphere, np.array([-30.0, 40.0, 50.0]))
    motor = transform_points(MOVED, M1_HAND_LEFT_MNI_MM * (sign, 1, 1))
    assert found.target_mm == pytest.approx(RADIUS_MM - np.sqrt(5000.0), abs=0.1)
    assert found.motor_mm == pytest.approx(RADIUS_MM - np.linalg.norm(motor), abs=0.1)
    assert found.difference_mm == found.target_mm - found.motor_mm


@pytest.mark.parametrize(
    ("target_mm", "motor_mm", "change"), [(20.0, 10.0, "+27 to +30 %"), (10.0, 20.0, "-30 to -27 %")]
)
def test_the_sentence_gives_both_slopes_its_source_and_that_it_is_no_dose(target_mm, motor_mm, change):
    words = DepthInformation(target_mm, motor_mm).in_words
    assert words.startswith("For information, not a dose") and "(estimated)" in words
    assert f"{target_mm:.0f} mm below the scalp" in words and f"about {motor_mm:.0f} mm" in words
    assert change in words and "Stokes 2005" in words
