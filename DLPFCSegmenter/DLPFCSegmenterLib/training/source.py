"""Where training slices come from, and how they reach the network as reproducible batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from ..networks.mask_rcnn_config import MaskRCNNConfig
from .subjects import Person, TrainingSlice, random_slice


class SliceSource(Protocol):
    """Gives training slices on demand."""

    def draw(self, rng: np.random.Generator) -> TrainingSlice:
        """A random slice; the same generator state gives the same slice."""


@dataclass(frozen=True)
class PeopleSource:
    """Slices cut from prepared scans in random poses; `twins` are the mirrored other hemispheres.

    with_region is the share of slices that cross the region. Either list may be empty: of a person
    whose one side was drawn nothing is known of the other.
    """

    people: Sequence[Person]
    twins: Sequence[Person]
    config: MaskRCNNConfig
    with_region: float = 0.75

    def draw(self, rng: np.random.Generator) -> TrainingSlice:
        """A slice of a random person (see the class)."""
        mirrored = bool(self.twins) and (not self.people or rng.random() < self.config.augmentation.mirror_twin)
        group = self.twins if mirrored else self.people
        return random_slice(group[rng.integers(len(group))], self.config, rng, self.with_region)


class _Batches(Dataset):
    """Batch number `step` depends on the seed and on `step` alone, so a resumed run repeats nothing."""

    def __init__(self, source: SliceSource, size: int, seed: tuple[int, ...]) -> None:
        self.source, self.size, self.seed = source, size, seed

    def __getitem__(self, step: int) -> list[TrainingSlice]:
        return [self.source.draw(np.random.default_rng((*self.seed, step, number))) for number in range(self.size)]


def batches(
    source: SliceSource, size: int, seed: tuple[int, ...], steps: Sequence[int], workers: int = 0
) -> DataLoader:
    """Batches of `size` slices for every step of `steps`, drawn by `workers` processes beside this one."""
    return DataLoader(
        _Batches(source, size, seed), batch_size=None, sampler=list(steps), num_workers=workers,
        collate_fn=_as_it_is, worker_init_fn=_one_thread,
    )  # fmt: skip


def _as_it_is(batch: list[TrainingSlice]) -> list[TrainingSlice]:
    return batch


def _one_thread(_worker: int) -> None:
    torch.set_num_threads(1)
