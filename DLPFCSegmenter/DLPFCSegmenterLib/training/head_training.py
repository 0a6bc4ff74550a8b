"""Training of the head networks: one phase, in which the learning rate falls along half a cosine.

It goes on from its last checkpoint and ends with the same weights as one that was not killed. What is kept is the
running mean of the weights (Polyak and Juditsky, 1992).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import torch
from torch import nn

from ..networks.head_network import (
    TURN,
    HeadAnswer,
    HeadConfig,
    HeadNetwork,
    TurnNetwork,
    build_head_network,
    build_turn_network,
    save_head_networks,
)
from ..progress import Progress
from .course import Standing
from .curves import HEAD_LOSSES, HEAD_LOSSES_FILE, TURN_LOSSES, TURN_LOSSES_FILE, losses_in_words
from .head_source import HeadSample, HeadSource
from .loop import RunningMean, Stretch, learn, learning_rate
from .run import Run
from .turn_source import TurnSample, TurnSource

WEIGHTS_FILE = "head.pt"
_NEAR_MM = 4.0
"""Errors below this count by their square."""


@dataclass(frozen=True)
class HeadTraining:
    """How one of the head networks is trained.

    affine_loss  weight of the part of the errors that is an affine: what the frame is told from
    class_loss   weight of the cross entropy of air, head and brain, in mm; the turn network has neither
    memory       share of the running mean of the weights that is kept at each step
    """

    network: HeadConfig = field(default_factory=HeadConfig)
    steps: int = 6000
    batch: int = 8
    lr: float = 0.002
    weight_decay: float = 1e-3
    clip_norm: float = 20.0
    affine_loss: float = 1.0
    class_loss: float = 20.0
    memory: float = 0.998
    check_every: int = 100


def train_head_network(
    source: HeadSource | TurnSource,
    config: HeadTraining,
    run: Run,
    progress: Progress,
    start: HeadNetwork | TurnNetwork | None = None,
) -> Path:
    """Train and write `run.folder`/head.pt; an interrupted run goes on where it was.

    source  a `TurnSource` for the turn network
    start   a network of the same widths to begin with
    Raises UserError when a loss is no longer finite.
    """
    run.folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(run.seed)
    look = config.network.look
    learner: _Learner | _TurnLearner = _TurnLearner(config, run) if look == TURN.look else _Learner(config, run)
    network = learner.network
    if start is not None:
        network.load_state_dict(start.state_dict())
    network.to(run.device)
    mean = RunningMean(network, config.memory)
    optimizer = torch.optim.AdamW(network.parameters(), lr=config.lr, weight_decay=config.weight_decay)
    standing = Standing(run, "checkpoint.pt", {"network": network, "mean": mean.network, "optimizer": optimizer})
    rate = partial(learning_rate, config.lr, total=config.steps)
    stretch = Stretch(
        range(standing.resumed()["step"], config.steps), config.batch, (run.seed,), rate, config.clip_norm
    )
    for step, losses in learn(learner, source, stretch, optimizer, run):
        mean.follow(step)
        run.log(learner.table, [step, *(f"{value:.4f}" for value in losses.values())])
        progress.report(step, config.steps, losses_in_words(losses))
        if step % config.check_every == 0 or step == config.steps:
            standing.keep(step)
            about = {"training": asdict(config), "seed": run.seed, "step": step}
            save_head_networks(run.folder / WEIGHTS_FILE, {look: mean.network}, {look: about})
    return run.folder / WEIGHTS_FILE


class _Learner(nn.Module):
    """The network and what is asked of it: forward(a batch of scans, the step) -> `HEAD_LOSSES` by name, weighted.

    The scans of a batch differ in size and are answered one by one.
    """

    table = HEAD_LOSSES_FILE

    def __init__(self, config: HeadTraining, run: Run) -> None:
        super().__init__()
        self.network, self.run = build_head_network(config.network), run
        self.weights = (1.0, config.affine_loss, config.class_loss)

    def forward(self, batch: Sequence[HeadSample], step: int) -> dict[str, torch.Tensor]:
        """Losses (see the class)."""
        told = torch.stack([torch.stack(self._of(sample)) for sample in batch]).mean(dim=0)
        return {name: weight * loss for name, weight, loss in zip(HEAD_LOSSES, self.weights, told, strict=True)}

    def _of(self, sample: HeadSample) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        with self.run.precision():
            answer = self.network(sample.channels.to(self.run.device))
        return head_losses(answer, sample.coordinates_mm.to(self.run.device), sample.classes.to(self.run.device))


class _TurnLearner(nn.Module):
    """The same for the turn network: forward(a batch of scans, the step) -> `TURN_LOSSES` by name."""

    table = TURN_LOSSES_FILE

    def __init__(self, config: HeadTraining, run: Run) -> None:
        super().__init__()
        self.network, self.run = build_turn_network(config.network), run

    def forward(self, batch: Sequence[TurnSample], step: int) -> dict[str, torch.Tensor]:
        """Losses (see the class)."""
        told = torch.stack([self._of(sample) for sample in batch]).mean()
        return dict(zip(TURN_LOSSES, [told], strict=True))

    def _of(self, sample: TurnSample) -> torch.Tensor:
        with self.run.precision():
            logits = self.network(sample.turned.to(self.run.device))
        return -(sample.shares.to(self.run.device) * logits.float().log_softmax(dim=0)).sum()


def head_losses(
    answer: HeadAnswer, coordinates_mm: torch.Tensor, classes: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Of one scan: error of the brain's coordinates and its affine part, in mm, and cross entropy of the classes."""
    entropy = -(classes * answer.logits.log_softmax(dim=1)).sum(dim=1).mean()
    weight = classes[0, 2].flatten()
    chosen = weight > 0.1
    if int(chosen.sum()) < 50:
        nothing = 0.0 * answer.coordinates_mm.sum()
        return nothing, nothing, entropy
    weight = weight[chosen]
    target = coordinates_mm[0].flatten(1)[:, chosen].T
    error = answer.coordinates_mm[0].flatten(1)[:, chosen].T - target
    far = error.square().sum(dim=1).add(1e-6).sqrt()
    huber = torch.where(far < _NEAR_MM, far.square() / (2 * _NEAR_MM) + _NEAR_MM / 2, far)
    affine = _affine_part(error, target, weight).square().sum(dim=1).add(1e-6).sqrt()
    total = weight.sum()
    return (weight * huber).sum() / total, (weight * affine).sum() / total, entropy


def _affine_part(error: torch.Tensor, places: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """The affine function of the places (N, 3) that is nearest to the errors (N, 3), at the places."""
    basis = torch.cat([places / 50.0, torch.ones_like(places[:, :1])], dim=1)
    root = weight.sqrt()[:, None]
    orthonormal = torch.linalg.qr(root * basis)[0]
    return orthonormal @ (orthonormal.T @ (root * error)) / root
