"""A pointer is turned about its tip, and the tip is where it is."""

import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.guidance.pivot import pivoted
from simulated_tracker import turned

TIP_MM = np.array([1.5, -18.0, 160.0])
REST_MM = np.array([40.0, -70.0, 900.0])


def poses(tilt_deg, count=60, noise_mm=0.0, seed=3):
    """The pointer tilted to all sides by as much, and spun, its tip at rest."""
    noise = np.random.default_rng(seed)
    found = []
    for turn in np.linspace(0.0, 720.0, count):
        sides = np.radians(turn)
        pose = turned((200.0 + tilt_deg * np.cos(sides), tilt_deg * np.sin(sides), turn / 3.0), (0.0, 0.0, 0.0))
        pose[:3, 3] = REST_MM - pose[:3, :3] @ TIP_MM + noise.normal(0.0, noise_mm, 3)
        found.append(pose)
    return np.array(found)


def test_the_tip_is_found_exactly_from_exact_poses():
    tip = pivoted(poses(25.0))
    assert np.allclose(tip.place_mm, TIP_MM, atol=1e-6) and tip.residual_mm < 1e-6


def test_the_tip_is_found_within_the_noise_of_the_tracker():
    tip = pivoted(poses(30.0, count=200, noise_mm=0.25))
    assert np.linalg.norm(tip.place_mm - TIP_MM) < 0.25 and 0.3 < tip.residual_mm < 0.6


@pytest.mark.parametrize("tilt_deg", [0.0, 5.0])
def test_a_pointer_that_was_spun_about_itself_says_nothing_of_its_length(tilt_deg):
    with pytest.raises(UserError, match="tilted too little"):
        pivoted(poses(tilt_deg))


def test_a_pointer_that_was_tilted_one_way_alone_is_refused():
    one_way = [turned((angle, 0.0, 0.0), (0.0, 0.0, 0.0)) for angle in np.linspace(-30.0, 30.0, 60)]
    with pytest.raises(UserError, match="tilted too little"):
        pivoted(np.array(one_way))


def test_a_tip_that_slid_is_refused():
    slid = poses(25.0)
    slid[30:, :3, 3] += (0.0, 6.0, 0.0)
    with pytest.raises(UserError, match="hold it in a dimple"):
        pivoted(slid)


@pytest.mark.parametrize("count", [0, 1, 29])
def test_a_few_poses_are_no_pivot(count):
    with pytest.raises(UserError, match=f"seen {count} times"):
        pivoted(poses(25.0)[:count])
