"""Warming up a backbone where no pretrained weights are at hand: it learns to name every structure.

It takes the place of the paper's COCO initialisation.
"""

from pathlib import Path

import torch
from torch import nn

from ..networks.mask_rcnn import DETAIL, Backbone
from ..networks.mask_rcnn_config import MaskRCNNConfig
from ..progress import Progress
from .checkpoint import load_checkpoint
from .run import Run
from .source import SliceSource, batches
from .structures import StructureNames
from .subjects import TrainingSlice
from .tables import WARMUP_FILE

_SAVE_EVERY = 100
_LEARNING_RATE = 2e-3


def warm_up(
    backbone: Backbone, names: StructureNames, source: SliceSource, config: MaskRCNNConfig, run: Run, progress: Progress
) -> None:
    """Let `backbone` and `names` learn `pretrain_steps` batches; resumes from `run.folder`/warmup.pt."""
    torch.manual_seed(run.seed)
    saved = run.folder / "warmup.pt"
    labeller = _Labeller(backbone, names, run).to(run.device).train()
    together = run.team.together(labeller)
    optimizer = torch.optim.AdamW(labeller.parameters(), lr=_LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _LEARNING_RATE, config.pretrain_steps, pct_start=0.1)
    parts = {"network": labeller, "optimizer": optimizer, "schedule": schedule}
    steps = range(_resume(saved, parts), config.pretrain_steps)
    loader = batches(source, config.batch, (run.seed, 0), run.team.own_steps(steps), run.workers)
    for step, batch in zip(steps, loader, strict=True):
        loss = together(batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(labeller.parameters(), config.clip_norm)
        optimizer.step()
        schedule.step()
        progress.report(step + 1, config.pretrain_steps, f"warm-up, loss {loss.item():.3f}")
        run.log(WARMUP_FILE, [step + 1, f"{loss.item():.4f}"])
        if (step + 1) % _SAVE_EVERY == 0 or step + 1 == config.pretrain_steps:
            states = {name: part.state_dict() for name, part in parts.items()}
            run.keep(saved.name, {"step": step + 1, **states})


class _Labeller(nn.Module):
    """forward(a batch of slices) -> the loss of naming every structure in them."""

    def __init__(self, backbone: Backbone, names: StructureNames, run: Run) -> None:
        super().__init__()
        self.backbone, self.names, self.run = backbone, names, run

    def forward(self, batch: list[TrainingSlice]) -> torch.Tensor:
        """The loss (see the class)."""
        images = torch.stack([item.image for item in batch]).to(self.run.device)
        with self.run.precision():
            return self.names.loss(self.backbone(images)[DETAIL], batch)


def _resume(path: Path, parts: dict) -> int:
    state = load_checkpoint(path)
    if state is None:
        return 0
    for name, part in parts.items():
        part.load_state_dict(state[name])
    return state["step"]
