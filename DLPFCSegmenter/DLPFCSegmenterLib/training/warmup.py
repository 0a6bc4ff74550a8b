"""Warming up a backbone where no pretrained weights are at hand: it learns to name every structure.

It takes the place of the paper's COCO initialisation.
"""

from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from ..model.config import DLPFCConfig
from ..model.network import DETAIL, Backbone
from ..progress import Progress
from .checkpoint import load_checkpoint, save_checkpoint
from .run import Run, append_row
from .source import SliceSource, batches
from .structures import StructureNames

_SAVE_EVERY = 100
_LEARNING_RATE = 2e-3


def warm_up(
    backbone: Backbone, names: StructureNames, source: SliceSource, config: DLPFCConfig, run: Run, progress: Progress
) -> None:
    """Let `backbone` and `names` learn `pretrain_steps` batches; resumes from `run.folder`/warmup.pt."""
    torch.manual_seed(run.seed)
    saved = run.folder / "warmup.pt"
    labeller = nn.ModuleDict({"backbone": backbone, "names": names}).to(run.device).train()
    optimizer = torch.optim.AdamW(labeller.parameters(), lr=_LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _LEARNING_RATE, config.pretrain_steps, pct_start=0.1
    )
    parts = {"network": labeller, "optimizer": optimizer, "schedule": schedule}
    steps = range(_resume(saved, parts), config.pretrain_steps)
    for step, batch in zip(steps, batches(source, config.batch, (run.seed, 0), steps, run.workers), strict=True):
        images = torch.stack([item.image for item in batch]).to(run.device)
        loss = names.loss(backbone(images)[DETAIL], batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(labeller.parameters(), config.clip_norm)
        optimizer.step()
        schedule.step()
        progress.report(step + 1, config.pretrain_steps, f"warm-up, loss {loss.item():.3f}")
        append_row(run.folder / "warmup.csv", [step + 1, f"{loss.item():.4f}"])
        if (step + 1) % _SAVE_EVERY == 0 or step + 1 == config.pretrain_steps:
            states = {name: part.state_dict() for name, part in parts.items()}
            save_checkpoint(saved, {"step": step + 1, **states})


def _resume(path: Path, parts: dict) -> int:
    state = load_checkpoint(path)
    if state is None:
        return 0
    for name, part in parts.items():
        part.load_state_dict(state[name])
    return state["step"]
