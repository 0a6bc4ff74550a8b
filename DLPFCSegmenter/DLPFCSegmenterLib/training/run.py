"""Where and how a training runs, and what it leaves there: checkpoints, tables, the model card of its weights."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from .. import __version__
from ..errors import UserError
from ..files import write_whole_file
from ..labels.label import RegionLabel
from .curves import append_row
from .distributed import Team


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
        """Add a line to a table of `curves.COLUMNS`."""
        if self.team.leads:
            append_row(self.folder / table, row)

    def keep(self, name: str, state: dict) -> None:
        """Save a checkpoint in the folder."""
        if self.team.leads:
            save_checkpoint(self.folder / name, state)

    def kept(self, name: str) -> dict[str, Any] | None:
        """The checkpoint of that name in the folder, None where there is none. Raises UserError for a damaged one."""
        return load_checkpoint(self.folder / name)

    def card(self, name: str, label_definition: str, region: RegionLabel | None, more: dict) -> dict:
        """The model card of weights that were trained here: who made what from what.

        region  what was cut from parcellations, if anything
        more    what this network alone has to tell
        """
        made = datetime.now(UTC).strftime("%Y-%m-%d")
        return {
            **({"region": region.to_dict()} if region else {}),
            "id": f"{name}-{made}",
            "label_definition": label_definition,
            "made": made,
            "software": f"DLPFCSegmenter {__version__}",
            "seed": self.seed,
            "processes": self.team.size,
            "precision": "bfloat16 mixed" if self.mixed_precision else "float32",
            **more,
        }

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


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write `state` (tensors and plain values) so that a kill leaves the old file or the new one."""
    with write_whole_file(path) as part:
        torch.save(state, part)


def load_checkpoint(path: Path) -> dict[str, Any] | None:
    """The saved state, or None where there is none. Raises UserError for a damaged file."""
    if not path.exists():
        return None
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise UserError(
            f"{path}: cannot be read as a checkpoint ({type(error).__name__}); delete it to start this training again."
        ) from error
