"""kill -9 at any moment costs a training nothing but the time since its last checkpoint."""

import os

import pytest

from kill_training import TRAININGS, kill_often

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no process")]


@pytest.mark.parametrize("kind", TRAININGS)
def test_a_training_that_was_killed_ends_with_the_same_weights(tmp_path, kind):
    assert kill_often(kind, tmp_path / kind, kills=3, seed=2) >= 1
