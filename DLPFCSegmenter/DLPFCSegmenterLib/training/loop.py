"""The one training loop: reproducible batches, a step, a rate that rises and falls.

Whoever trains (the warm-up, the Mask R-CNN, the U-Net) says what is learnt from, and keeps tables and checkpoints.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from ..errors import UserError
from .run import Run


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
        optimizer.zero_grad()
        total.backward()
        nn.utils.clip_grad_norm_(learner.parameters(), stretch.clip_norm)
        optimizer.step()
        yield step + 1, {name: float(value.detach()) for name, value in losses.items()}


@dataclass(frozen=True)
class Standing:
    """What learns and how far it has come, kept as a checkpoint under `name` in the run's folder."""

    run: Run
    name: str
    parts: Mapping[str, nn.Module | torch.optim.Optimizer]

    def resumed(self) -> int:
        """Take up the checkpoint, where there is one; the step to go on from."""
        state = self.run.kept(self.name)
        if state is None:
            return 0
        for name, part in self.parts.items():
            part.load_state_dict(state[name])
        return state["step"]

    def keep(self, step: int) -> None:
        """Save that so many steps were made."""
        self.run.keep(self.name, {"step": step, **{name: part.state_dict() for name, part in self.parts.items()}})


def learning_rate(highest: float, step: int, total: int, rise: int | None = None) -> float:
    """It rises over the first steps (a tenth, 100 at most, or `rise`) and falls along half a cosine to nothing."""
    steps = min(100, 1 + total // 10) if rise is None else rise
    return highest * min(1.0, (step + 1) / steps) * 0.5 * (1 + math.cos(math.pi * step / total))


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
