"""Warming up a backbone where no pretrained weights are at hand: it learns to name every structure.

Naming all labels of the parcellation in the same slices is a richer task than finding one region,
and costs no annotation. It takes the place of the paper's COCO initialisation.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ..errors import UserError
from ..model.config import DLPFCConfig
from ..model.network import Backbone, SliceLabeller
from ..progress import Progress
from .checkpoint import load_checkpoint, save_checkpoint
from .people import REGION_LABEL, Person, TrainingSlice
from .run import Run, append_row
from .source import PeopleSource, batches

_SAVE_EVERY = 100


def warm_up(people: list[Person], config: DLPFCConfig, run: Run, progress: Progress) -> dict:
    """State of a backbone that labels the slices of `people`; resumes from `run.folder`/warmup.pt."""
    torch.manual_seed(run.seed)
    saved = run.folder / "warmup.pt"
    table = _label_table(people)
    labeller = SliceLabeller(Backbone(config), int(table.max()) + 1).to(run.device)
    optimizer = torch.optim.AdamW(labeller.parameters(), lr=2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, config.pretrain_steps, pct_start=0.1)
    parts = {"network": labeller, "optimizer": optimizer, "schedule": schedule}
    first = _resume(saved, parts)
    still = replace(config, augmentation=replace(config.augmentation, mirror_twin=0.0))
    source = PeopleSource(people, (), still, with_region=0.6)
    steps = range(first, config.pretrain_steps)
    weights = _class_weights(table).to(run.device)
    for step, batch in zip(steps, batches(source, config.batch, (run.seed, 0), steps, run.workers), strict=True):
        loss = _loss(labeller, batch, table, weights, run.device)
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
    return labeller.backbone.state_dict()


def _resume(path: Path, parts: dict) -> int:
    state = load_checkpoint(path)
    if state is None:
        return 0
    for name, part in parts.items():
        part.load_state_dict(state[name])
    return state["step"]


def _label_table(people: list[Person]) -> np.ndarray:
    """Class number of every label value 0..255; the region's own value has the last class."""
    present = np.unique(np.concatenate([np.unique(person.labels_kji) for person in people]))
    if REGION_LABEL in present:
        raise UserError(f"The parcellation uses label {REGION_LABEL}, which stands for the region itself.")
    table = np.zeros(256, np.int64)
    table[present] = np.arange(len(present))
    table[REGION_LABEL] = len(present)
    return table


def _class_weights(table: np.ndarray) -> torch.Tensor:
    """Background counts less and the region more than the other structures."""
    weights = torch.ones(int(table.max()) + 1)
    weights[0], weights[-1] = 0.3, 2.0
    return weights


def _loss(labeller: SliceLabeller, batch: list[TrainingSlice], table, weights, device) -> torch.Tensor:
    images = torch.stack([item.image for item in batch]).to(device)
    labels = torch.stack([item.labels[::2, ::2] for item in batch]).numpy()
    wanted = torch.from_numpy(table[labels]).to(device)
    return nn.functional.cross_entropy(labeller(images), wanted, weight=weights)

