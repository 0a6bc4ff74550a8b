"""How far the coil is from the plan, against turns and shifts that are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.geometry.poses import pose_from_axes, rotation_from_euler
from DLPFCSegmenterLib.guidance.aim import Aim, Limits, aim_errors

PLANNED = pose_from_axes(*rotation_from_euler((150.0, 30.0, -20.0)).T, (-45.0, 50.0, 60.0))
AIM = Aim("left", PLANNED, PLANNED[:3, 3] + 4.0 * PLANNED[:3, 2], "scan")
small, angles = st.floats(-30.0, 30.0), st.floats(-170.0, 170.0)


def moved(right_mm=0.0, up_mm=0.0, out_mm=0.0, turn_deg=0.0, tilt_deg=0.0, about_deg=0.0):
    """The planned coil shifted in its own axes, tilted about a line in its plane, then turned about its own axis."""
    about = np.radians(about_deg)
    line = np.array([np.cos(about), np.sin(about), 0.0])
    tilt = _turn(line, tilt_deg)
    change = np.eye(4)
    change[:3, :3] = tilt @ _turn(np.array([0.0, 0.0, 1.0]), turn_deg)
    change[:3, 3] = (-right_mm, up_mm, -out_mm)
    return PLANNED @ change


def _turn(axis, angle_deg):
    x, y, z = axis
    skew = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    angle = np.radians(angle_deg)
    return np.eye(3) + np.sin(angle) * skew + (1.0 - np.cos(angle)) * skew @ skew


def test_a_coil_as_planned_is_nowhere_off():
    found = aim_errors(AIM, PLANNED)
    assert found.in_plane_mm < 1e-9 and abs(found.off_mm) < 1e-9 and found.height_mm == pytest.approx(4.0)
    assert abs(found.handle_deg) < 1e-6 and found.tilt_deg < 1e-6
    assert all(found.within(Limits()).values())


@given(small, small, small, angles, st.floats(0.0, 80.0), angles)
def test_every_error_is_the_one_that_was_made(right_mm, up_mm, out_mm, turn_deg, tilt_deg, about_deg):
    found = aim_errors(AIM, moved(right_mm, up_mm, out_mm, turn_deg, tilt_deg, about_deg))
    assert found.right_mm == pytest.approx(right_mm, abs=1e-6) and found.up_mm == pytest.approx(up_mm, abs=1e-6)
    assert found.height_mm == pytest.approx(4.0 + out_mm, abs=1e-6) and found.planned_mm == pytest.approx(4.0)
    assert found.handle_deg == pytest.approx(turn_deg, abs=1e-4) and found.tilt_deg == pytest.approx(tilt_deg, abs=1e-4)


def test_a_handle_that_was_turned_clockwise_seen_from_behind_is_positive():
    """Over the crown, from above: y forward is up, x = y cross z is to the left; clockwise, y goes to the right."""
    crown = Aim("left", pose_from_axes((-1, 0, 0), (0, 1, 0), (0, 0, -1), (0, 0, 90)), np.array([0.0, 0.0, 90.0]), "")
    to_the_right = pose_from_axes((-1, 0, 0), (0, 1, 0), (0, 0, -1), (5.0, 0, 90))
    assert aim_errors(crown, to_the_right).right_mm == pytest.approx(5.0)
    ten = np.radians(10.0)
    clockwise = pose_from_axes((-np.cos(ten), np.sin(ten), 0), (np.sin(ten), np.cos(ten), 0), (0, 0, -1), (0, 0, 90))
    assert aim_errors(crown, clockwise).handle_deg == pytest.approx(10.0)


def test_a_coil_held_the_wrong_way_round_or_upside_down_is_far_off():
    assert abs(aim_errors(AIM, moved(turn_deg=180.0)).handle_deg) == pytest.approx(180.0)
    assert aim_errors(AIM, moved(tilt_deg=180.0)).tilt_deg == pytest.approx(180.0)


@pytest.mark.parametrize(
    "off, outside",
    [
        ({"right_mm": 2.1}, "in_plane"), ({"right_mm": 1.5, "up_mm": -1.5}, "in_plane"), ({"out_mm": 2.1}, "height"),
        ({"out_mm": -2.1}, "height"), ({"turn_deg": 5.1}, "handle"), ({"turn_deg": -5.1}, "handle"),
        ({"tilt_deg": 5.1}, "tilt"),
    ],
)  # fmt: skip
def test_each_number_has_its_limit(off, outside):
    within = aim_errors(AIM, moved(**off)).within(Limits())
    assert [name for name, is_within in within.items() if not is_within] == [outside]
    assert all(aim_errors(AIM, moved(**off)).within(Limits(3.0, 6.0)).values())


@pytest.mark.parametrize("limits", [(0.0, 5.0), (2.0, -1.0), (np.nan, 5.0), (2.0, 1000.0)])
def test_limits_that_mean_nothing_are_refused(limits):
    with pytest.raises(UserError, match="limit"):
        Limits(*limits)
