"""The one training loop: reproducible batches, a step, a rate that rises and falls.

Whoever trains (the warm-up, the Mask R-CNN, the U-Net) says what is learnt from, and keeps tables and checkpoints.
"""

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from ..errors import UserError
from .run import WHOLE, Run


class Source(Protocol):
    """Gives what a network is shown in training, on demand."""

    def draw(self, rng: np.random.Generator) -> Any:
        """Something random; the same generator state gives the same."""


@dataclass(frozen=True)
class Stretch:
    """Steps that are learnt in one go.

    steps      their numbers, from which with the seed everything random follows: a resumed run repeats nothing
    batch      how much is shown in a step
    seed       what else decides the batches
    rate       step -> learning rate
    clip_norm  largest norm of a step's gradients
    """

    steps: range
    batch: int
    seed: tuple[int, ...]
    rate: Callable[[int], float]
    clip_norm: float


def learn(
    learner: nn.Module, source: Source, stretch: Stretch, optimizer: torch.optim.Optimizer, run: Run
) -> Iterator[tuple[int, dict[str, float]]]:
    """Learn a stretch; after every step its number, counted from 1, and the losses by name.

    learner  gives the losses of a batch at a step: forward(batch, step) -> name -> tensor; made `run.team.together`
    Raises UserError when a loss is no longer finite.
    """
    loader = batches(source, stretch.batch, stretch.seed, run.team.own_steps(stretch.steps), run.workers)
    for step, batch in zip(stretch.steps, loader, strict=True):
        for group in optimizer.param_groups:
            group["lr"] = stretch.rate(step)
        losses = learner(batch, step)
        total = sum(losses.values())
        if not torch.isfinite(total):
            raise UserError("The training loss is no longer finite; lower the learning rate and start again.")
        learner.zero_grad()  # of what rests too, or its last gradients would count in the norm until a kill
        total.backward()
        nn.utils.clip_grad_norm_(learner.parameters(), stretch.clip_norm)
        optimizer.step()
        yield step + 1, {name: float(value.detach()) for name, value in losses.items()}


Followed = TypeVar("Followed", bound=nn.Module)


class RunningMean(Generic[Followed]):
    """The mean of a network's weights over its last steps (Polyak and Juditsky, 1992): steadier than the last ones.

    memory  share of the mean that is kept at each step; at first it is less
    """

    def __init__(self, network: Followed, memory: float) -> None:
        self.network, self._followed, self._memory = copy.deepcopy(network).eval(), network, memory

    @torch.no_grad()
    def follow(self, step: int) -> None:
        """Take in the weights after so many steps."""
        memory = min(self._memory, 1.0 - 1.0 / (step / 10 + 2))
        for kept, now in zip(self.network.parameters(), self._followed.parameters(), strict=True):
            kept.lerp_(now, 1.0 - memory)


def learning_rate(
    highest: float, step: int, total: int, rise: int | None = None, part: tuple[float, float] = WHOLE
) -> float:
    """It rises over the first steps (a tenth, 100 at most, or `rise`) and falls along half a cosine to nothing.

    part  of that fall, where the `total` steps are but a part of a longer learning
    """
    steps = min(100, 1 + total // 10) if rise is None else rise
    fallen = part[0] + (part[1] - part[0]) * step / total
    return highest * min(1.0, (step + 1) / steps) * 0.5 * (1 + math.cos(math.pi * fallen))


class _Batches(Dataset):
    """Batch number `step` depends on the seed and on `step` alone."""

    def __init__(self, source: Source, size: int, seed: tuple[int, ...]) -> None:
        self.source, self.size, self.seed = source, size, seed

    def __getitem__(self, step: int) -> list[Any]:
        return [self.source.draw(np.random.default_rng((*self.seed, step, number))) for number in range(self.size)]


def batches(source: Source, size: int, seed: tuple[int, ...], steps: Sequence[int], workers: int = 0) -> DataLoader:
    """Batches of `size` for every step of `steps`, drawn by `workers` processes beside this one."""
    return DataLoader(
        _Batches(source, size, seed), batch_size=None, sampler=list(steps), num_workers=workers,
        collate_fn=_as_it_is, worker_init_fn=_one_thread,
    )  # fmt: skip


def _as_it_is(batch: list[Any]) -> list[Any]:
    return batch


def _one_thread(_worker: int) -> None:
    torch.set_num_threads(1)
