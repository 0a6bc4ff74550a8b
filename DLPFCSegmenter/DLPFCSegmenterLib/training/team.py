"""Processes that train one network together, each on a GPU of its own, as `torchrun` starts them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from ..errors import UserError


@dataclass(frozen=True)
class Team:
    """This process's number among `size`; number 0 leads: it alone judges, writes and reports."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process judges and writes."""
        return self.rank == 0

    def together(self, learner: nn.Module) -> nn.Module:
        """The learner whose gradients are the team's mean; all its parameters must still learn."""
        if self.size == 1:
            return learner
        # Parts of the network may rest in a phase or a batch. The leader's BatchNorm statistics are everybody's.
        return DistributedDataParallel(learner, find_unused_parameters=True)

    def agreed(self, value: float = 0.0) -> float:
        """The leader's value in every process, once all have come here."""
        if self.size == 1:
            return value
        held = torch.tensor(value if self.leads else 0.0, dtype=torch.float64)
        distributed.all_reduce(held)
        return float(held)

    def own_steps(self, steps: range) -> list[int]:
        """Numbers of the batches that this process draws at the team's `steps`."""
        return [step * self.size + self.rank for step in steps]


@contextmanager
def join_team(device: str) -> Iterator[tuple[Team, str]]:
    """The team that `torchrun` names in the environment, and this process's device; a team of one without it.

    device  'cpu' or 'cuda'
    Raises UserError where more processes were started than there are GPUs.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield Team(), device
        return
    if device == "cuda":
        device = _own_gpu()
    distributed.init_process_group("gloo" if device == "cpu" else "cpu:gloo,cuda:nccl")
    yield Team(int(os.environ["RANK"]), size), device
    # After an error the others may hang in a step; torchrun ends them, and nobody waits for them here.
    distributed.destroy_process_group()


def _own_gpu() -> str:
    number, there = int(os.environ["LOCAL_RANK"]), torch.cuda.device_count()
    if number >= there:
        raise UserError(
            "torchrun started more processes than this machine has GPUs ({there}); give that number.", there=there
        )
    torch.cuda.set_device(number)
    return f"cuda:{number}"
