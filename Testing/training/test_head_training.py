"""The head network learns from prepared heads, goes on where it was, and leaves weights that load."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.head_network import BRAIN, HeadAnswer, HeadConfig, read_head_networks
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.training.curves import HEAD_LOSSES_FILE, TURN_LOSSES_FILE, read_rows
from DLPFCSegmenterLib.training.head_people import load_heads
from DLPFCSegmenterLib.training.head_source import HeadSource
from DLPFCSegmenterLib.training.head_training import HeadTraining, head_losses, train_head_network
from DLPFCSegmenterLib.training.run import Run
from DLPFCSegmenterLib.training.turn_source import TurnSource

SMALL = HeadTraining(HeadConfig(channels=(4, 6, 8), depth=1), steps=4, batch=1, check_every=2)
SMALL_TURN = replace(SMALL, network=replace(SMALL.network, look="turn"))


class StopAt:
    """Breaks a training off after a step, as a kill does."""

    def __init__(self, step: int) -> None:
        self.step = step

    def report(self, done: int, total: int, text: str) -> None:
        if done == self.step:
            raise KeyboardInterrupt


def run_of(folder) -> Run:
    return Run(folder, seed=1, workers=0)


@pytest.mark.parametrize("config, table", [(SMALL, HEAD_LOSSES_FILE), (SMALL_TURN, TURN_LOSSES_FILE)])
def test_a_run_that_was_broken_off_ends_with_the_same_weights(small_head, tmp_path, config, table):
    source = TurnSource.of([small_head]) if config is SMALL_TURN else HeadSource.of([small_head], config.network)
    whole = train_head_network(source, config, run_of(tmp_path / "whole"), SilentProgress())
    with pytest.raises(KeyboardInterrupt):
        train_head_network(source, config, run_of(tmp_path / "broken"), StopAt(3))
    again = train_head_network(source, config, run_of(tmp_path / "broken"), SilentProgress())
    networks = [read_head_networks(path)[0][config.network.look] for path in (whole, again)]
    for one, other in zip(*(network.parameters() for network in networks), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)
    assert [row["step"] for row in read_rows(tmp_path / "whole" / table)] == ["1", "2", "3", "4"]


def test_the_loss_falls(small_head, tmp_path):
    config = replace(SMALL, steps=30, batch=1, check_every=30, lr=0.01)
    train_head_network(HeadSource.of([small_head], SMALL.network), config, run_of(tmp_path), SilentProgress())
    classes = [float(row["classes"]) for row in read_rows(tmp_path / HEAD_LOSSES_FILE)]
    assert np.mean(classes[-8:]) < 0.8 * np.mean(classes[:4])


def answer_and_truth(error_mm: torch.Tensor) -> tuple[HeadAnswer, torch.Tensor, torch.Tensor]:
    z, y, x = torch.meshgrid(*[torch.linspace(-60.0, 60.0, 8)] * 3, indexing="ij")
    truth = torch.stack([x, y, z])[None]
    classes = torch.zeros(1, 3, 8, 8, 8)
    classes[:, BRAIN] = 1.0
    return HeadAnswer(truth + error_mm, 20.0 * classes), truth, classes


def test_errors_that_an_affine_explains_are_told_apart_from_others():
    shift = torch.tensor([6.0, 0.0, 0.0])[:, None, None, None]
    near, affine, entropy = head_losses(*answer_and_truth(shift))
    assert float(near) == pytest.approx(6.0, rel=0.01) and float(affine) == pytest.approx(6.0, rel=0.01)
    assert float(entropy) < 1e-3
    noise = 6.0 * torch.sign(torch.randn(1, 3, 8, 8, 8, generator=torch.Generator().manual_seed(0)))
    near, affine, _ = head_losses(*answer_and_truth(noise))
    assert float(near) == pytest.approx(10.4, rel=0.01) and float(affine) < 2.0


def test_a_scan_without_a_brain_teaches_the_classes_alone():
    answer, truth, classes = answer_and_truth(torch.tensor(50.0))
    near, affine, entropy = head_losses(answer, truth, classes.flip(1))
    assert float(near) == float(affine) == 0.0 and float(entropy) > 1.0


def test_a_damaged_prepared_head_is_refused(tmp_path):
    (tmp_path / "head.npz").write_bytes(b"nothing")
    with pytest.raises(UserError, match="prepared head"):
        load_heads([tmp_path / "head.npz"])
