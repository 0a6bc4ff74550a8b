"""Training in two phases as the paper has it: the heads with the backbone frozen, then all layers.

Every epoch ends with a checkpoint, so a killed run goes on from its last whole epoch and ends with
the same weights as one that was not killed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torchvision.models.detection import MaskRCNN

from ..errors import UserError
from ..model.config import DLPFCConfig
from ..model.network import freeze_batch_norm, set_backbone_trainable
from ..progress import Progress
from .checkpoint import load_checkpoint, save_checkpoint
from .people import TrainingSlice
from .run import Run, append_row
from .source import SliceSource, batches
from .structures import Overheard, StructureNames

LOSSES = (
    "loss_objectness",
    "loss_rpn_box_reg",
    "loss_classifier",
    "loss_box_reg",
    "loss_mask",
    "loss_names",
)
"""The five losses of Mask R-CNN, in the order in which the network computes them, and that of naming
structures, 0 where it is not used."""

_WARM_STEPS = 50


@dataclass(frozen=True)
class Phase:
    """A part of the training: what learns, how fast, for how long."""

    name: str
    backbone: bool
    lr: float
    epochs: int
    decays: bool


@dataclass
class Standing:
    """How far a training has come; travels with the checkpoint."""

    phase: int = 0
    epoch: int = 0
    best: float = -1.0
    stale: int = 0


def phases(config: DLPFCConfig) -> tuple[Phase, Phase]:
    """The two phases of `config`."""
    return (
        Phase("heads", False, config.lr, config.heads_epochs, False),
        Phase("all layers", True, config.finetune_lr, config.all_epochs, True),
    )


def train(
    network: MaskRCNN, source: SliceSource, config: DLPFCConfig, run: Run,
    validate: Callable[[MaskRCNN], float], progress: Progress, names: StructureNames | None = None,
) -> Path:  # fmt: skip
    """Train `network` and return the file with its best state by `validate` (a mAP, higher is better).

    names  learns beside the network where given (`label_loss` of the configuration)
    Stops early in the second phase when `patience` epochs bring nothing better. Raises UserError
    when a loss is no longer finite.
    """
    run.folder.mkdir(parents=True, exist_ok=True)
    learner = _Learner(network.to(run.device), names.to(run.device) if names else None, config)
    state = load_checkpoint(run.folder / "checkpoint.pt")
    standing = Standing(**state["standing"]) if state else Standing()
    if state:
        network.load_state_dict(state["network"])
        if names and state.get("names"):
            names.load_state_dict(state["names"])
    for number, phase in enumerate(phases(config)):
        if number < standing.phase:
            continue
        set_backbone_trainable(network, phase.backbone)
        optimizer = _optimizer(learner, config, phase)
        if state and number == state["standing"]["phase"] and standing.epoch:
            optimizer.load_state_dict(state["optimizer"])
        for epoch in range(standing.epoch, phase.epochs):
            _epoch(learner, source, run, phase, (number, epoch), optimizer, progress)
            score = validate(network.eval())
            _judge(standing, score, number, epoch, phase.epochs)
            append_row(run.folder / "epochs.csv", [phase.name, epoch + 1, f"{score:.4f}", f"{standing.best:.4f}"])
            if standing.stale == 0:
                best = {"network": network.state_dict(), "score": score}
                save_checkpoint(run.folder / "best.pt", best)
            _save(run.folder / "checkpoint.pt", learner, optimizer, standing)
            if phase.backbone and standing.stale >= config.patience:
                break
        standing.phase, standing.epoch, standing.stale = number + 1, 0, 0
    return run.folder / "best.pt"


class _Learner(nn.Module):
    """What learns: the network and, where wanted, the naming of structures from the same features."""

    def __init__(self, network: MaskRCNN, names: StructureNames | None, config: DLPFCConfig) -> None:
        super().__init__()
        self.network, self.names, self.config = network, names, config
        self.overheard = Overheard(network.backbone) if names else None

    def losses(self, batch: list[TrainingSlice], device: str) -> dict[str, torch.Tensor]:
        """All losses of a batch by name (`LOSSES`)."""
        images = [item.image.to(device) for item in batch]
        targets = [{k: v.to(device) for k, v in item.detection_target().items()} for item in batch]
        losses = dict(self.network(images, targets))
        named = self.names.loss(self.overheard.detail, batch) if self.names else torch.zeros(())
        return losses | {"loss_names": self.config.label_loss * named}


def _judge(standing: Standing, score: float, phase: int, epoch: int, epochs: int) -> None:
    better = score > standing.best
    standing.best = max(score, standing.best)
    standing.stale = 0 if better else standing.stale + 1
    last = epoch + 1 == epochs
    standing.phase, standing.epoch = (phase + 1, 0) if last else (phase, epoch + 1)


def _save(path: Path, learner: _Learner, optimizer, standing: Standing) -> None:
    names = learner.names.state_dict() if learner.names else None
    state = {"network": learner.network.state_dict(), "names": names, "optimizer": optimizer.state_dict()}
    save_checkpoint(path, {**state, "standing": vars(standing).copy()})


def _optimizer(network: nn.Module, config: DLPFCConfig, phase: Phase) -> torch.optim.Optimizer:
    learning = [p for p in network.parameters() if p.requires_grad]
    if config.optimizer == "sgd":
        return torch.optim.SGD(
            learning, lr=phase.lr, momentum=config.momentum, weight_decay=config.weight_decay
        )
    if config.optimizer == "adamw":
        return torch.optim.AdamW(learning, lr=phase.lr, weight_decay=config.weight_decay)
    raise UserError(f"Unknown optimizer '{config.optimizer}': use 'sgd' or 'adamw'.")


def _epoch(learner: _Learner, source, run: Run, phase: Phase, place, optimizer, progress) -> None:
    number, epoch = place
    config = learner.config
    # The network draws which proposals it learns from; a resumed epoch must draw the same ones.
    torch.manual_seed(1_000_000 * run.seed + 1_000 * number + epoch)
    first = epoch * config.steps_per_epoch
    steps = range(first, first + config.steps_per_epoch)
    total = phase.epochs * config.steps_per_epoch
    learner.train()
    freeze_batch_norm(learner)
    loader = batches(source, config.batch, (run.seed, 1 + number), steps, run.workers)
    for step, batch in zip(steps, loader, strict=True):
        for group in optimizer.param_groups:
            group["lr"] = _learning_rate(phase, step, total)
        losses = _step(learner, batch, optimizer, run.device)
        append_row(run.folder / "losses.csv", [phase.name, step + 1, *(f"{losses[k]:.4f}" for k in LOSSES)])
        text = f"{phase.name}, loss {sum(losses.values()):.3f}, mask {losses['loss_mask']:.3f}"
        progress.report(step + 1, total, text)


def _learning_rate(phase: Phase, step: int, total: int) -> float:
    """Rises over the first steps; in the second phase it falls to zero along a cosine."""
    rate = phase.lr * min(1.0, (step + 1) / _WARM_STEPS)
    return rate * (0.5 + 0.5 * math.cos(math.pi * step / total)) if phase.decays else rate


def _step(learner: _Learner, batch: list[TrainingSlice], optimizer, device: str) -> dict[str, float]:
    losses = learner.losses(batch, device)
    total = sum(losses.values())
    if not torch.isfinite(total):
        raise UserError("The training loss is no longer finite; lower the learning rate and start again.")
    optimizer.zero_grad()
    total.backward()
    nn.utils.clip_grad_norm_(learner.parameters(), learner.config.clip_norm)
    optimizer.step()
    return {name: float(value.detach()) for name, value in losses.items()}
