"""A training run: where and how is trained. It keeps checkpoints, tables and the model card of its weights."""

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from .. import __version__
from ..labels.label import RegionLabel
from ..sentences import say
from .checkpoints import load_checkpoint, save_checkpoint
from .curves import TensorBoard, append_row
from .team import Team

if TYPE_CHECKING:
    from .course import Course

WHOLE = (0.0, 1.0)
"""As the part of a learning that a run is."""

UNWATCHED = say("nobody watches the learning: it is not judged, and its last state is kept")


@dataclass(frozen=True)
class Run:
    """A training run.

    folder           holds the checkpoints, the tables and at the end the weights
    workers          processes that prepare slices beside the training
    team             the processes that train together
    mixed_precision  compute in bfloat16 where that loses nothing; the weights stay in float32
    board            shows the tables too
    learnt_from      fingerprint of the dataset (`fingerprint_of`), '' where nobody told it
    began_from       what the first weights were (`start_of`)
    part             from where to where it is of a longer learning, 0 to 1, along which the learning rate falls
    """

    folder: Path
    seed: int = 0
    workers: int = 1
    device: str = "cpu"
    team: Team = field(default_factory=Team)
    mixed_precision: bool = False
    board: TensorBoard | None = None
    learnt_from: str = ""
    began_from: tuple[str, str] = ("none", "")
    part: tuple[float, float] = WHOLE

    @property
    def manner(self) -> dict[str, int | str]:
        """What of the run itself changes the weights that come out; the card tells it too."""
        precision = "bfloat16 mixed" if self.mixed_precision else "float32"
        return {"seed": self.seed, "processes": self.team.size, "precision": precision}

    def log(self, table: str, row: Sequence) -> None:
        """Add a line to a table of `curves.COLUMNS`."""
        if self.team.leads:
            append_row(self.folder / table, row)
            if self.board:
                self.board.add(table, row)

    def keep(self, name: str, state: dict) -> None:
        """Save a checkpoint in the folder."""
        if self.team.leads:
            save_checkpoint(self.folder / name, state)

    def kept(self, name: str, course: "Course | None" = None) -> dict[str, Any] | None:
        """The checkpoint of that name in the folder, None where there is none.

        Raises UserError for a damaged one, and for one of another course.
        """
        state = load_checkpoint(self.folder / name)
        if state is not None and course is not None:
            course.require_same(state)
        return state

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
            **self.manner,
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


def rounded(score: float) -> float | None:
    """A score for the model card; None where nobody was watched."""
    return None if math.isnan(score) else round(score, 4)
