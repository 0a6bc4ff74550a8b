"""Training in two phases as the paper has it: the heads with the backbone frozen, then all layers.

Every epoch ends with a checkpoint, so a killed run goes on from its last whole epoch and ends with
the same weights as one that was not killed. Several processes may train together (`team`): each draws
batches of its own, and every step takes the mean of their gradients.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torchvision.models.detection import MaskRCNN

from ..errors import UserError
from ..networks.mask_rcnn import freeze_batch_norm, set_backbone_trainable
from ..networks.mask_rcnn_config import MaskRCNNConfig
from ..progress import Progress
from .checkpoint import load_checkpoint
from .curves import draw_curves
from .run import Run
from .source import SliceSource, batches
from .structures import Overheard, StructureNames
from .subjects import TrainingSlice
from .tables import EPOCHS_FILE, LOSSES, LOSSES_FILE

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


def phases(config: MaskRCNNConfig) -> tuple[Phase, Phase]:
    """The two phases of `config`."""
    return (
        Phase("heads", False, config.lr, config.heads_epochs, False),
        Phase("all layers", True, config.finetune_lr, config.all_epochs, True),
    )


def train(
    network: MaskRCNN, source: SliceSource, config: MaskRCNNConfig, run: Run,
    validate: Callable[[MaskRCNN], float], progress: Progress, names: StructureNames | None = None,
) -> Path:  # fmt: skip
    """Train `network` and return the file with its best state by `validate` (a mAP, higher is better).

    names  learns beside the network where given (`label_loss` of the configuration)
    Stops early in the second phase when `patience` epochs bring nothing better. Raises UserError
    when a loss is no longer finite.
    """
    run.folder.mkdir(parents=True, exist_ok=True)
    learner = _Learner(network.to(run.device), names.to(run.device) if names else None, config, run)
    together = run.team.together(learner)
    state = load_checkpoint(run.folder / "checkpoint.pt")
    standing = Standing(**state["standing"]) if state else Standing()
    if state:
        learner.restore(state)
    for number, phase in enumerate(phases(config)):
        if number < standing.phase:
            continue
        set_backbone_trainable(network, phase.backbone)
        optimizer = _optimizer(learner, config, phase)
        if state and number == state["standing"]["phase"] and standing.epoch:
            optimizer.load_state_dict(state["optimizer"])
        standing.stale = standing.stale if standing.epoch else 0
        for epoch in range(standing.epoch, phase.epochs):
            if epoch and phase.backbone and standing.stale >= config.patience:
                break
            _epoch(together, source, config, run, phase, (number, epoch), optimizer, progress)
            score = run.team.agreed(validate(network.eval()) if run.team.leads else 0.0)
            _judge(standing, score, number, epoch, phase.epochs)
            _record(run, learner, optimizer, standing, (phase.name, epoch + 1, score))
        standing.phase, standing.epoch = number + 1, 0
    run.team.agreed()  # nobody reads the best state before it is written
    return run.folder / "best.pt"


class _Learner(nn.Module):
    """What learns: the network and, where wanted, the naming of structures from the same features.

    forward(a batch of slices) -> all its losses by name (`LOSSES`)
    """

    def __init__(self, network: MaskRCNN, names: StructureNames | None, config: MaskRCNNConfig, run: Run) -> None:
        super().__init__()
        self.network, self.names, self.config, self.run = network, names, config, run
        self.overheard = Overheard(network.backbone) if names else None

    def forward(self, batch: list[TrainingSlice]) -> dict[str, torch.Tensor]:
        """Losses (see the class)."""
        device = self.run.device
        images = [item.image.to(device) for item in batch]
        targets = [{k: v.to(device) for k, v in item.detection_target().items()} for item in batch]
        with self.run.precision():
            losses = dict(self.network(images, targets))
            named = self.names.loss(self.overheard.detail, batch) if self.names else torch.zeros(())
        return losses | {"loss_names": self.config.label_loss * named}

    def restore(self, state: dict) -> None:
        """Take the weights of a checkpoint."""
        self.network.load_state_dict(state["network"])
        if self.names and state.get("names"):
            self.names.load_state_dict(state["names"])


def _judge(standing: Standing, score: float, phase: int, epoch: int, epochs: int) -> None:
    better = score > standing.best
    standing.best = max(score, standing.best)
    standing.stale = 0 if better else standing.stale + 1
    last = epoch + 1 == epochs
    standing.phase, standing.epoch = (phase + 1, 0) if last else (phase, epoch + 1)


def _record(run: Run, learner: _Learner, optimizer, standing: Standing, judged: tuple[str, int, float]) -> None:
    """Table, picture and checkpoints at the end of an epoch; `judged` is its phase, number and score."""
    phase, epoch, score = judged
    run.log(EPOCHS_FILE, [phase, epoch, f"{score:.4f}", f"{standing.best:.4f}"])
    if run.team.leads:
        draw_curves(run.folder)
    network = learner.network.state_dict()
    if standing.stale == 0:
        run.keep("best.pt", {"network": network, "score": score})
    names = learner.names.state_dict() if learner.names else None
    state = {"network": network, "names": names, "optimizer": optimizer.state_dict()}
    run.keep("checkpoint.pt", {**state, "standing": vars(standing).copy()})


def _optimizer(network: nn.Module, config: MaskRCNNConfig, phase: Phase) -> torch.optim.Optimizer:
    learning = [p for p in network.parameters() if p.requires_grad]
    if config.optimizer == "sgd":
        return torch.optim.SGD(learning, lr=phase.lr, momentum=config.momentum, weight_decay=config.weight_decay)
    if config.optimizer == "adamw":
        return torch.optim.AdamW(learning, lr=phase.lr, weight_decay=config.weight_decay)
    raise UserError(f"Unknown optimizer '{config.optimizer}': use 'sgd' or 'adamw'.")


def _epoch(
    together: nn.Module, source: SliceSource, config: MaskRCNNConfig, run: Run, phase: Phase, place, optimizer, progress
) -> None:
    number, epoch = place
    # The network draws which proposals it learns from; a resumed epoch must draw the same ones.
    torch.manual_seed(10**9 * run.team.rank + 1_000_000 * run.seed + 1_000 * number + epoch)
    first = epoch * config.steps_per_epoch
    steps = range(first, first + config.steps_per_epoch)
    total = phase.epochs * config.steps_per_epoch
    together.train()
    freeze_batch_norm(together)
    loader = batches(source, config.batch, (run.seed, 1 + number), run.team.own_steps(steps), run.workers)
    for step, batch in zip(steps, loader, strict=True):
        for group in optimizer.param_groups:
            group["lr"] = _learning_rate(phase, step, total)
        losses = _step(together, batch, optimizer, config.clip_norm)
        run.log(LOSSES_FILE, [phase.name, step + 1, *(f"{losses[k]:.4f}" for k in LOSSES)])
        text = f"{phase.name}, loss {sum(losses.values()):.3f}, mask {losses['loss_mask']:.3f}"
        progress.report(step + 1, total, text)


def _learning_rate(phase: Phase, step: int, total: int) -> float:
    """Rises over the first steps; in the second phase it falls to zero along a cosine."""
    rate = phase.lr * min(1.0, (step + 1) / _WARM_STEPS)
    return rate * (0.5 + 0.5 * math.cos(math.pi * step / total)) if phase.decays else rate


def _step(together: nn.Module, batch: list[TrainingSlice], optimizer, clip_norm: float) -> dict[str, float]:
    losses = together(batch)
    total = sum(losses.values())
    if not torch.isfinite(total):
        raise UserError("The training loss is no longer finite; lower the learning rate and start again.")
    optimizer.zero_grad()
    total.backward()
    nn.utils.clip_grad_norm_(together.parameters(), clip_norm)
    optimizer.step()
    return {name: float(value.detach()) for name, value in losses.items()}
