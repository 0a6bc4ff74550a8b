"""Known answers: one pose over the left DLPFC, written by hand in each system's axes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from DLPFCSegmenterLib.geometry.poses import (
    BRAINSIGHT_AXES,
    INVESALIUS_AXES,
    LOCALITE_AXES,
    NIBS_BIDS_AXES,
    change_axes,
    euler_angles_deg,
    is_rigid,
    nearest_rigid,
    pose_from_axes,
    pose_ras_to_lps,
    rotation_from_euler,
)

POSE = np.array(
    [
        [-0.345534, 0.722852, 0.598407, -49],
        [0.345534, 0.690887, -0.635044, 52],
        [-0.872475, -0.012659, -0.488496, 40],
        [0, 0, 0, 1],
    ]
)
LOCALITE_RAS = np.array(
    [
        [0.598407, -0.722852, -0.345534, -49],
        [-0.635044, -0.690887, 0.345534, 52],
        [-0.488496, 0.012659, -0.872475, 40],
        [0, 0, 0, 1],
    ]
)
LOCALITE_LPS = np.array(
    [
        [-0.598407, 0.722852, 0.345534, 49],
        [0.635044, 0.690887, -0.345534, -52],
        [-0.488496, 0.012659, -0.872475, 40],
        [0, 0, 0, 1],
    ]
)


def test_brainsight_reverses_x_and_z():
    turned = change_axes(POSE, BRAINSIGHT_AXES)
    np.testing.assert_allclose(turned[:3, 0], (0.345534, -0.345534, 0.872475))
    np.testing.assert_allclose(turned[:3, 1], (0.722852, 0.690887, -0.012659))
    np.testing.assert_allclose(turned[:3, 2], (-0.598407, 0.635044, 0.488496))


def test_localite_in_ras_and_in_lps():
    turned = change_axes(POSE, LOCALITE_AXES)
    np.testing.assert_allclose(turned, LOCALITE_RAS)
    np.testing.assert_allclose(pose_ras_to_lps(turned), LOCALITE_LPS)


def test_nibs_bids_y_runs_along_the_handle():
    turned = change_axes(POSE, NIBS_BIDS_AXES)
    np.testing.assert_allclose(turned[:3, 1], -POSE[:3, 1])
    np.testing.assert_allclose(turned[:3, 2], POSE[:3, 2])


def test_invesalius_has_x_away_from_the_handle_and_z_out_of_the_head():
    turned = change_axes(POSE, INVESALIUS_AXES)
    np.testing.assert_allclose(turned[:3, 0], POSE[:3, 1])
    np.testing.assert_allclose(turned[:3, 2], -POSE[:3, 2])


def test_angles_turn_about_the_fixed_axes_one_after_another():
    flat = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    np.testing.assert_allclose(euler_angles_deg(flat), (0, 0, 90), atol=1e-9)
    upright = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    np.testing.assert_allclose(euler_angles_deg(upright), (90, 0, 0), atol=1e-9)
    np.testing.assert_allclose(euler_angles_deg(flat @ upright), (90, 0, 90), atol=1e-9)


@given(st.tuples(*[st.sampled_from((-180, -90, 0, 90, 180)) | st.floats(-180, 180)] * 3))
def test_angles_and_back_give_the_same_rotation_also_where_two_axes_fall_together(angles):
    rotation = rotation_from_euler(angles)
    assert is_rigid(pose_from_axes(*rotation.T, np.zeros(3)))
    np.testing.assert_allclose(rotation_from_euler(euler_angles_deg(rotation)), rotation, atol=1e-7)


@pytest.mark.parametrize("axes", (BRAINSIGHT_AXES, LOCALITE_AXES, NIBS_BIDS_AXES, INVESALIUS_AXES))
def test_every_change_of_axes_is_its_own_inverse_and_keeps_the_place(axes):
    turned = change_axes(POSE, axes)
    assert is_rigid(turned)
    np.testing.assert_array_equal(turned[:, 3], POSE[:, 3])
    np.testing.assert_allclose(change_axes(turned, axes), POSE)


def test_a_pose_is_rigid_and_its_mirror_image_is_not():
    assert is_rigid(POSE)
    assert is_rigid(pose_ras_to_lps(POSE))
    assert not is_rigid(POSE @ np.diag([-1.0, 1, 1, 1]))
    assert not is_rigid(np.full((4, 4), np.nan))
    assert not is_rigid(POSE[:3])


def test_axes_that_were_rounded_are_at_right_angles_again_and_the_centre_stays():
    rounded = np.round(POSE, 3)
    assert is_rigid(rounded) and not np.allclose(rounded[:3, :3].T @ rounded[:3, :3], np.eye(3), atol=1e-4)
    rigid = nearest_rigid(rounded)
    np.testing.assert_allclose(rigid[:3, :3].T @ rigid[:3, :3], np.eye(3), atol=1e-12)
    np.testing.assert_allclose(rigid, POSE, atol=1e-3)
    np.testing.assert_array_equal(rigid[:, 3], rounded[:, 3])


def test_a_pose_is_put_together_from_its_axes():
    np.testing.assert_array_equal(pose_from_axes(*POSE[:3].T), POSE)
