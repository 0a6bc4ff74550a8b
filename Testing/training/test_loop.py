"""A step depends on its number alone, and the mean of the weights follows them."""

import pytest
import torch

from DLPFCSegmenterLib.training.loop import RunningMean, Stretch, learn
from DLPFCSegmenterLib.training.run import Run


class Halves(torch.nn.Module):
    """Two weights, one of which rests."""

    def __init__(self) -> None:
        super().__init__()
        self.moving, self.resting = (torch.nn.Parameter(torch.ones(3)) for _ in range(2))

    def forward(self, batch: list[float], _step: int) -> dict[str, torch.Tensor]:
        return {"loss": (self.moving * batch[0]).square().sum()}


class Numbers:
    def draw(self, rng) -> float:
        return float(rng.normal()) + 3.0


def test_what_rests_has_no_gradient_of_before_that_a_kill_would_forget(tmp_path):
    """The warm-up's last gradients of the backbone counted in the norm of the heads' steps, but not after a kill."""
    ends = []
    for old in (None, torch.full((3,), 50.0)):
        learner = Halves()
        learner.resting.grad = old
        optimizer = torch.optim.SGD([learner.moving], lr=0.01)
        stretch = Stretch(range(3), 1, (1,), lambda step: 0.01, clip_norm=0.1)
        assert len(list(learn(learner, Numbers(), stretch, optimizer, Run(tmp_path, workers=0)))) == 3
        ends.append(learner.moving.detach())
    assert torch.equal(*ends) and not torch.equal(ends[0], torch.ones(3))


def test_the_running_mean_follows_fast_at_first_and_slowly_later():
    network = torch.nn.Linear(1, 1)
    mean = RunningMean(network, 0.9)
    torch.nn.init.constant_(network.weight, 5.0)
    start = float(mean.network.weight.detach())
    mean.follow(1)
    first = float(mean.network.weight.detach())
    assert abs(first - 5.0) < 0.55 * abs(start - 5.0)
    torch.nn.init.constant_(network.weight, 6.0)
    mean.follow(1000)
    assert float(mean.network.weight.detach()) == pytest.approx(0.9 * first + 0.6)
    assert float(network.weight.detach()) == 6.0
