import numpy as np
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from known_fiducials import posed, poses
from known_heads import CENTRE_RAS_MM, ellipsoid_scalp

from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.targeting.distances import landmark_distances

RADIUS_MM = 90.0
SPHERE = ellipsoid_scalp(np.full(3, RADIUS_MM), np.zeros(3))


def direction(longitude_deg: float, latitude_deg: float) -> np.ndarray:
    lon, lat = np.radians([longitude_deg, latitude_deg])
    return np.array([np.sin(lon) * np.cos(lat), np.cos(lon) * np.cos(lat), np.sin(lat)])


@examples(lon=st.floats(-80, 80), lat=st.floats(10, 80), depth=st.floats(12, 30))
@settings(max_examples=15)
def test_on_a_sphere_every_distance_is_the_known_one(lon, lat, depth):
    landmark = RADIUS_MM * direction(-40, 45)
    target = (RADIUS_MM - depth) * direction(lon, lat)
    angle = np.arccos(np.clip(direction(-40, 45) @ direction(lon, lat), -1, 1))
    found = landmark_distances(landmark, target, SPHERE)
    assert found.straight_mm == pytest.approx(np.linalg.norm(target - landmark))
    assert found.axial_mm == pytest.approx(np.hypot(*(target - landmark)[:2]))
    # Along the sphere's triangles it is up to 0.31 mm longer, at 250 places drawn at random.
    assert found.along_scalp_mm == pytest.approx(RADIUS_MM * angle, abs=0.4)
    assert found.from_cortex_mm == pytest.approx(2 * (RADIUS_MM - depth) * np.sin(angle / 2), abs=0.7)
    assert np.linalg.norm(found.cortex_ras_mm) == pytest.approx(RADIUS_MM - depth, abs=0.1)


def test_a_landmark_right_over_the_target_is_nought_from_it_along_scalp_and_cortex():
    target = 70.0 * direction(-40, 45)
    found = landmark_distances(90.0 * direction(-40, 45), target, SPHERE)
    assert (found.along_scalp_mm, found.from_cortex_mm) == (pytest.approx(0, abs=0.3), pytest.approx(0, abs=0.3))
    assert found.straight_mm == pytest.approx(20.0, abs=0.1)


@pytest.mark.parametrize("off_mm", [-5.0, 15.0])
def test_a_landmark_a_little_off_the_scalp_is_projected_from_the_scalp(off_mm):
    target = 70.0 * direction(-20, 45)
    on, off = (landmark_distances((90.0 + mm) * direction(-40, 45), target, SPHERE) for mm in (0.0, off_mm))
    np.testing.assert_allclose(on.cortex_ras_mm, off.cortex_ras_mm, atol=0.3)
    assert on.straight_mm != pytest.approx(off.straight_mm, abs=0.5)


def test_a_landmark_in_the_brain_is_its_own_projection():
    landmark, target = 72.0 * direction(-40, 45), 70.0 * direction(-20, 45)
    found = landmark_distances(landmark, target, SPHERE)
    np.testing.assert_array_equal(found.cortex_ras_mm, landmark)
    assert found.from_cortex_mm == found.straight_mm


@examples(pose=poses())
@settings(max_examples=5)
def test_only_the_axial_distance_depends_on_how_the_head_lies(pose):
    head = ellipsoid_scalp()
    landmark = head.nearest(CENTRE_RAS_MM + (-50.0, 60.0, 60.0)).position_ras_mm
    target = CENTRE_RAS_MM + (-45.0, 40.0, 30.0)
    straight = landmark_distances(landmark, target, head)
    turned = landmark_distances(transform_points(pose, landmark), transform_points(pose, target), posed(head, pose))
    for name in ("straight_mm", "along_scalp_mm", "from_cortex_mm"):
        assert getattr(turned, name) == pytest.approx(getattr(straight, name), abs=0.05)


def test_without_a_scalp_the_straight_distances_are_left():
    found = landmark_distances((0, 0, 0), (3, 4, 12), None)
    assert (found.straight_mm, found.axial_mm) == (13.0, 5.0)
    assert found.along_scalp_mm is found.from_cortex_mm is found.cortex_ras_mm is None


def test_no_tape_is_laid_over_a_face_where_the_scan_cuts_the_head(scanned_scalp):
    front, back = CENTRE_RAS_MM + (0.0, 65.0, -65.0), CENTRE_RAS_MM + (0.0, -55.0, -60.0)
    found = landmark_distances(scanned_scalp.nearest(front).position_ras_mm, back, scanned_scalp)
    assert found.along_scalp_mm is None and found.from_cortex_mm is not None
