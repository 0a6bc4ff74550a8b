"""kill -9 at any moment costs a training nothing but the time since its last checkpoint."""

import os

import pytest

from DLPFCSegmenterLib.training.checkpoints import load_checkpoint, save_checkpoint
from kill_training import Killed, in_a_process

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no process")]


@pytest.mark.parametrize("kind", ["mask-rcnn", "unet"])
def test_a_training_that_was_killed_ends_with_the_same_weights(tmp_path, kind):
    assert Killed(kind, tmp_path / kind).often(kills=3, seed=2) >= 1


@pytest.mark.parametrize("moment", range(1, 7))
def test_a_checkpoint_is_there_at_whatever_moment_its_exchange_was_cut_off(tmp_path, moment):
    """A missing one let a run begin anew, and take up the old one later beside another best state."""
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, {"step": 1})
    in_a_process(lambda _moments: save_checkpoint(path, {"step": 2}), moment)
    assert load_checkpoint(path)["step"] in (1, 2)
