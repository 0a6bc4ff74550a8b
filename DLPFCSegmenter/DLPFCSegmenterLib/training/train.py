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

LOSSES = (
    "loss_objectness",
    "loss_rpn_box_reg",
    "loss_classifier",
    "loss_box_reg",
    "loss_mask",
)
"""The five losses of Mask R-CNN, in the order in which the network computes them."""

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
    validate: Callable[[MaskRCNN], float], progress: Progress,
) -> Path:  # fmt: skip
    """Train `network` and return the file with its best state by `validate` (a mAP, higher is better).

    Stops early in the second phase when `patience` epochs bring nothing better. Raises UserError
    when a loss is no longer finite.
    """
    run.folder.mkdir(parents=True, exist_ok=True)
    network.to(run.device)
    state = load_checkpoint(run.folder / "checkpoint.pt")
    standing = Standing(**state["standing"]) if state else Standing()
    if state:
        network.load_state_dict(state["network"])
    for number, phase in enumerate(phases(config)):
        if number < standing.phase:
            continue
        set_backbone_trainable(network, phase.backbone)
        optimizer = _optimizer(network, config, phase)
        if state and number == state["standing"]["phase"] and standing.epoch:
            optimizer.load_state_dict(state["optimizer"])
        for epoch in range(standing.epoch, phase.epochs):
            _epoch(network, source, config, run, phase, (number, epoch), optimizer, progress)
            score = validate(network.eval())
            _judge(standing, score, number, epoch, phase.epochs)
            append_row(run.folder / "epochs.csv", [phase.name, epoch + 1, f"{score:.4f}", f"{standing.best:.4f}"])
            if standing.stale == 0:
                best = {"network": network.state_dict(), "score": score}
                save_checkpoint(run.folder / "best.pt", best)
            _save(run.folder / "checkpoint.pt", network, optimizer, standing)
            if phase.backbone and standing.stale >= config.patience:
                break
        standing.phase, standing.epoch, standing.stale = number + 1, 0, 0
    return run.folder / "best.pt"


def _judge(standing: Standing, score: float, phase: int, epoch: int, epochs: int) -> None:
    better = score > standing.best
    standing.best = max(score, standing.best)
    standing.stale = 0 if better else standing.stale + 1
    last = epoch + 1 == epochs
    standing.phase, standing.epoch = (phase + 1, 0) if last else (phase, epoch + 1)


def _save(path: Path, network: MaskRCNN, optimizer, standing: Standing) -> None:
    state = {"network": network.state_dict(), "optimizer": optimizer.state_dict()}
    save_checkpoint(path, {**state, "standing": vars(standing).copy()})


def _optimizer(network: MaskRCNN, config: DLPFCConfig, phase: Phase) -> torch.optim.Optimizer:
    learning = [p for p in network.parameters() if p.requires_grad]
    if config.optimizer == "sgd":
        return torch.optim.SGD(
            learning, lr=phase.lr, momentum=config.momentum, weight_decay=config.weight_decay
        )
    if config.optimizer == "adamw":
        return torch.optim.AdamW(learning, lr=phase.lr, weight_decay=config.weight_decay)
    raise UserError(f"Unknown optimizer '{config.optimizer}': use 'sgd' or 'adamw'.")


def _epoch(network, source, config, run: Run, phase: Phase, place, optimizer, progress) -> None:
    number, epoch = place
    # The network draws which proposals it learns from; a resumed epoch must draw the same ones.
    torch.manual_seed(1_000_000 * run.seed + 1_000 * number + epoch)
    first = epoch * config.steps_per_epoch
    steps = range(first, first + config.steps_per_epoch)
    total = phase.epochs * config.steps_per_epoch
    network.train()
    freeze_batch_norm(network)
    loader = batches(source, config.batch, (run.seed, 1 + number), steps, run.workers)
    for step, batch in zip(steps, loader, strict=True):
        for group in optimizer.param_groups:
            group["lr"] = _learning_rate(phase, step, total)
        losses = _step(network, batch, optimizer, config, run.device)
        append_row(run.folder / "losses.csv", [phase.name, step + 1, *(f"{losses[k]:.4f}" for k in LOSSES)])
        text = f"{phase.name}, loss {sum(losses.values()):.3f}, mask {losses['loss_mask']:.3f}"
        progress.report(step + 1, total, text)


def _learning_rate(phase: Phase, step: int, total: int) -> float:
    """Rises over the first steps; in the second phase it falls to zero along a cosine."""
    rate = phase.lr * min(1.0, (step + 1) / _WARM_STEPS)
    return rate * (0.5 + 0.5 * math.cos(math.pi * step / total)) if phase.decays else rate


def _step(network, batch: list[TrainingSlice], optimizer, config, device: str) -> dict[str, float]:
    images = [item.image.to(device) for item in batch]
    targets = [{k: v.to(device) for k, v in item.detection_target().items()} for item in batch]
    losses = network(images, targets)
    total = sum(losses.values())
    if not torch.isfinite(total):
        raise UserError("The training loss is no longer finite; lower the learning rate and start again.")
    optimizer.zero_grad()
    total.backward()
    nn.utils.clip_grad_norm_(network.parameters(), config.clip_norm)
    optimizer.step()
    return {name: float(value.detach()) for name, value in losses.items()}

