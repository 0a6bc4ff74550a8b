import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scalp

from DLPFCSegmenterLib.errors import NoScalpError
from DLPFCSegmenterLib.geometry.poses import is_rigid
from DLPFCSegmenterLib.targeting.coil import coil_pose, scalp_entry

SPHERE = ellipsoid_scalp(np.array([90.0, 90, 90]), np.zeros(3))


def test_the_coil_at_the_vertex_has_the_known_pose():
    pose = coil_pose(SPHERE, scalp_entry(SPHERE, np.array([0.0, 0, 70])), "left", 0.0, 4.0)
    known = [[-1, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 94], [0, 0, 0, 1]]
    np.testing.assert_allclose(pose, known, atol=0.15)  # the mesh is flat for 0.7 mm at its pole


def test_a_left_handle_at_45_degrees_points_back_and_to_the_left():
    y_axis = coil_pose(SPHERE, scalp_entry(SPHERE, np.array([0.0, 0, 70])), "left")[:3, 1]
    np.testing.assert_allclose(y_axis, np.array([1, 1, 0]) / np.sqrt(2), atol=0.02)


def test_the_right_side_is_the_mirror_image_of_the_left():
    target = np.array([-40.0, 45, 35])
    left = coil_pose(SPHERE, scalp_entry(SPHERE, target), "left")
    right = coil_pose(SPHERE, scalp_entry(SPHERE, target * (-1, 1, 1)), "right")
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


def test_a_handle_angle_on_the_forehead_is_refused():
    with pytest.raises(NoScalpError):
        coil_pose(SPHERE, scalp_entry(SPHERE, np.array([0.0, 80, 0])), "left")
