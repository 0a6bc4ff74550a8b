"""Where and how a training runs."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import torch

from .checkpoint import save_checkpoint
from .distributed import Team
from .tables import append_row


@dataclass(frozen=True)
class Run:
    """A training run.

    folder           holds the checkpoints, the tables and at the end the weights
    workers          processes that prepare slices beside the training
    team             the processes that train together
    mixed_precision  compute in bfloat16 where that loses nothing; the weights stay in float32
    """

    folder: Path
    seed: int = 0
    workers: int = 1
    device: str = "cpu"
    team: Team = field(default_factory=Team)
    mixed_precision: bool = False

    def log(self, table: str, row: Sequence) -> None:
        """Add a line to a table of `tables.COLUMNS`."""
        if self.team.leads:
            append_row(self.folder / table, row)

    def keep(self, name: str, state: dict) -> None:
        """Save a checkpoint in the folder."""
        if self.team.leads:
            save_checkpoint(self.folder / name, state)

    def precision(self) -> AbstractContextManager:
        """In it the network computes as `mixed_precision` says."""
        kind = self.device.partition(":")[0]
        return torch.autocast(kind, torch.bfloat16, enabled=self.mixed_precision)


def has_bfloat16(device: str) -> bool:
    """Whether a device computes in bfloat16 itself; where it only imitates it, nothing is gained."""
    if device.startswith("cuda"):
        return torch.cuda.is_bf16_supported(including_emulation=False)
    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, lambda: False)() for name in checks)
