import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scalp, turned_deg

from DLPFCSegmenterLib.errors import NoScalpError
from DLPFCSegmenterLib.geometry.poses import is_rigid
from DLPFCSegmenterLib.targeting.coil import coil_pose, entry_warnings, scalp_entry
from DLPFCSegmenterLib.targeting.target import place_doubts

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


SPHERE = ellipsoid_scalp(np.array([90.0, 90, 90]), np.zeros(3), resolution=400)


def pose_over(target_ras_mm, hemisphere, angle_deg=45.0):
    return coil_pose(SPHERE, scalp_entry(SPHERE, target_ras_mm), hemisphere, angle_deg, 4.0)


def test_the_coil_at_the_vertex_has_the_known_pose():
    pose = coil_pose(SPHERE, scalp_entry(SPHERE, np.array([0.0, 0, 70])), "left", 0.0, 4.0)
    known = [[-1, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 94], [0, 0, 0, 1]]
    np.testing.assert_allclose(pose, known, atol=0.15)  # the mesh is flat for 0.7 mm at its pole


def test_a_left_handle_at_45_degrees_points_back_and_to_the_left():
    y_axis = pose_over(np.array([0.0, 0, 70]), "left")[:3, 1]
    np.testing.assert_allclose(y_axis, np.array([1, 1, 0]) / np.sqrt(2), atol=0.02)


def test_the_right_side_is_the_mirror_image_of_the_left():
    target = np.array([-40.0, 45, 35])
    left = pose_over(target, "left")
    right = pose_over(target * (-1, 1, 1), "right")
    mirror = np.diag([-1.0, 1, 1, 1])
    np.testing.assert_allclose(mirror @ left @ mirror, right, atol=0.05)


@settings(max_examples=30, deadline=None)
@given(x=st.floats(-50, -10), y=st.floats(-20, 60), angle=st.floats(-90, 180), standoff=st.floats(0, 20))
def test_every_pose_is_rigid_faces_the_head_and_keeps_its_standoff(x, y, angle, standoff):
    entry = scalp_entry(SPHERE, np.array([x, y, 40.0]))
    pose = coil_pose(SPHERE, entry, "left", angle, standoff)
    assert is_rigid(pose)
    assert pose[:3, 2] @ (-pose[:3, 3]) > 0
    assert np.linalg.norm(pose[:3, 3] - entry.position_ras_mm) == pytest.approx(standoff, abs=1e-6)


def test_entry_tells_depth_both_ways(scalp):
    target = CENTRE_RAS_MM + (0.0, 0.0, RADII_MM[2] - 20.0)
    entry = scalp_entry(scalp, target)
    assert entry.depth_mm == pytest.approx(20.0, abs=0.1)
    assert entry.along_normal_mm == pytest.approx(20.0, abs=0.2)
    assert not entry.warnings


def test_a_deep_target_is_warned_of(scalp):
    assert "deeper than usual" in scalp_entry(scalp, CENTRE_RAS_MM).warnings[0]


@pytest.mark.parametrize(("beyond_mm", "told"), [(-3.0, True), (0.5, True), (3.0, False), (60.0, False)])
def test_a_target_that_is_told_to_lie_outside_the_head_is_not_said_to_lie_below_its_scalp(scalp, beyond_mm, told):
    target = CENTRE_RAS_MM + (0.0, 0.0, RADII_MM[2] + beyond_mm)
    keys = [doubt.key for doubt in (*scalp_entry(scalp, target).warnings, *place_doubts(target, "left", scalp, None))]
    assert keys == ["depth_unusual" if told else "target_out_of_head"]


@pytest.mark.parametrize("direction", [(-0.6, 0.6, 0.53), (-0.7, 0.7, -0.1)])
def test_over_the_left_dlpfc_a_handle_at_45_degrees_is_at_45_degrees_from_above(direction):
    y_axis = pose_over(70.0 * np.array(direction), "left")[:3, 1]
    np.testing.assert_allclose(y_axis, np.array([1, 1, 0]) / np.sqrt(2), atol=0.02)


def test_on_the_forehead_a_straight_handle_points_up_along_the_midline():
    np.testing.assert_allclose(pose_over(np.array([0.0, 80, 0]), "right", 0.0)[:3, 1], (0, 0, -1), atol=0.02)


@settings(max_examples=200)
@given(
    x=st.floats(-1, 1), y=st.floats(-1, 1), z=st.floats(-0.6, 1), way=st.floats(0, 6.3), angle=st.floats(-180, 180),
    hemisphere=st.sampled_from(("left", "right")),
)  # fmt: skip
def test_two_mm_further_on_the_coil_has_turned_by_less_than_ten_degrees(scalp, x, y, z, way, angle, hemisphere):
    assume(z > 0.1 - np.hypot(x, y))
    one = scalp.nearest(CENTRE_RAS_MM + 120.0 * np.array([x, y, z])).position_ras_mm
    beside = np.cross(scalp.outward_normal(one), (np.cos(way), np.sin(way), 0.3))
    other = scalp.nearest(one + 2.0 * beside / np.linalg.norm(beside)).position_ras_mm
    first, second = (coil_pose(scalp, scalp_entry(scalp, at), hemisphere, angle, 4.0) for at in (one, other))
    assert turned_deg(first, second) < 10.0


def test_a_handle_angle_below_the_chin_is_refused():
    with pytest.raises(NoScalpError):
        pose_over(np.array([0.0, 10, -80]), "left")
