"""Training of the head network: one phase, in which the learning rate falls along half a cosine.

It goes on from its last checkpoint and ends with the same weights as one that was not killed. What is kept is the
running mean of the weights (Polyak and Juditsky, 1992).
"""

import copy
import csv
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import nn

from ..errors import UserError
from ..networks.head_network import HeadAnswer, HeadConfig, HeadNetwork, build_head_network, save_head_networks
from ..progress import Progress
from .head_source import HeadSample, HeadSource
from .loop import Run, batches, load_checkpoint

WEIGHTS_FILE = "head.pt"
LOSSES_FILE = "head_losses.csv"
_LOSSES = ("coordinates_mm", "affine_mm", "classes")
_NEAR_MM = 4.0
"""Errors below this count by their square."""


@dataclass(frozen=True)
class HeadTraining:
    """How the head network is trained.

    affine_loss  weight of the part of the errors that is an affine: what the frame is told from
    class_loss   weight of the cross entropy of air, head and brain, in mm
    memory       share of the running mean of the weights that is kept at each step
    """

    network: HeadConfig = field(default_factory=HeadConfig)
    steps: int = 6000
    batch: int = 8
    lr: float = 0.002
    weight_decay: float = 1e-3
    clip_norm: float = 20.0
    affine_loss: float = 1.0
    class_loss: float = 20.0
    memory: float = 0.998
    check_every: int = 100


def train_head_network(
    source: HeadSource, config: HeadTraining, run: Run, progress: Progress, start: HeadNetwork | None = None
) -> Path:
    """Train and write `run.folder`/head.pt; an interrupted run goes on where it was.

    start  a network of the same widths to begin with
    Raises UserError when a loss is no longer finite.
    """
    run.folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(run.seed)
    network = build_head_network(config.network)
    if start is not None:
        network.load_state_dict(start.state_dict())
    network.to(run.device)
    mean = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(network.parameters(), lr=config.lr, weight_decay=config.weight_decay)
    steps = range(_resume(run, network, mean, optimizer), config.steps)
    loader = batches(source, config.batch, (run.seed,), steps, run.workers)
    for step, batch in zip(steps, loader, strict=True):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(config, step)
        losses = _step(network, batch, config, run, optimizer)
        _remember(mean, network, min(config.memory, 1.0 - 1.0 / (step / 10 + 2)))
        _log(run.folder / LOSSES_FILE, step + 1, losses)
        progress.report(step + 1, config.steps, f"coordinates off by {losses[0]:.1f} mm")
        if (step + 1) % config.check_every == 0 or step + 1 == config.steps:
            states = {"network": network.state_dict(), "mean": mean.state_dict(), "optimizer": optimizer.state_dict()}
            run.keep("checkpoint.pt", {**states, "step": step + 1})
            about = {config.network.look: _about(config, run, step + 1)}
            save_head_networks(run.folder / WEIGHTS_FILE, {config.network.look: mean}, about)
    return run.folder / WEIGHTS_FILE


def learning_rate(config: HeadTraining, step: int) -> float:
    """A short rise, then half a cosine to nothing."""
    rise = min(1.0, (step + 1) / min(100, 1 + config.steps // 10))
    return config.lr * rise * 0.5 * (1 + math.cos(math.pi * step / config.steps))


def _step(
    network: HeadNetwork, batch: list[HeadSample], config: HeadTraining, run: Run, optimizer: torch.optim.Optimizer
) -> list[float]:
    """One step of the weights; the scans of a batch differ in size and are answered one by one."""
    optimizer.zero_grad()
    told = []
    for sample in batch:
        with run.precision():
            answer = network(sample.channels.to(run.device))
        losses = head_losses(answer, sample.coordinates_mm.to(run.device), sample.classes.to(run.device))
        weights = (1.0, config.affine_loss, config.class_loss)
        total = torch.stack([weight * loss for weight, loss in zip(weights, losses, strict=True)]).sum() / len(batch)
        if not torch.isfinite(total):
            raise UserError("The training loss is no longer finite; lower the learning rate and start again.")
        total.backward()
        told.append([float(loss.detach()) for loss in losses])
    nn.utils.clip_grad_norm_(network.parameters(), config.clip_norm)
    optimizer.step()
    return [sum(column) / len(batch) for column in zip(*told, strict=True)]


def head_losses(
    answer: HeadAnswer, coordinates_mm: torch.Tensor, classes: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Of one scan: error of the brain's coordinates and its affine part, in mm, and cross entropy of the classes."""
    entropy = -(classes * answer.logits.log_softmax(dim=1)).sum(dim=1).mean()
    weight = classes[0, 2].flatten()
    chosen = weight > 0.1
    if int(chosen.sum()) < 50:
        nothing = 0.0 * answer.coordinates_mm.sum()
        return nothing, nothing, entropy
    weight = weight[chosen]
    target = coordinates_mm[0].flatten(1)[:, chosen].T
    error = answer.coordinates_mm[0].flatten(1)[:, chosen].T - target
    far = error.square().sum(dim=1).add(1e-6).sqrt()
    huber = torch.where(far < _NEAR_MM, far.square() / (2 * _NEAR_MM) + _NEAR_MM / 2, far)
    affine = _affine_part(error, target, weight).square().sum(dim=1).add(1e-6).sqrt()
    total = weight.sum()
    return (weight * huber).sum() / total, (weight * affine).sum() / total, entropy


def _affine_part(error: torch.Tensor, places: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """The affine function of the places (N, 3) that is nearest to the errors (N, 3), at the places."""
    basis = torch.cat([places / 50.0, torch.ones_like(places[:, :1])], dim=1)
    root = weight.sqrt()[:, None]
    orthonormal = torch.linalg.qr(root * basis)[0]
    return orthonormal @ (orthonormal.T @ (root * error)) / root


@torch.no_grad()
def _remember(mean: HeadNetwork, network: HeadNetwork, memory: float) -> None:
    for kept, now in zip(mean.parameters(), network.parameters(), strict=True):
        kept.lerp_(now, 1.0 - memory)


def _resume(run: Run, network: HeadNetwork, mean: HeadNetwork, optimizer: torch.optim.Optimizer) -> int:
    """The step to go on from."""
    state = load_checkpoint(run.folder / "checkpoint.pt")
    if state is None:
        return 0
    network.load_state_dict(state["network"])
    mean.load_state_dict(state["mean"])
    optimizer.load_state_dict(state["optimizer"])
    return state["step"]


def _log(path: Path, step: int, losses: list[float]) -> None:
    fresh = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(("step", *_LOSSES))
        writer.writerow([step, *(f"{loss:.4f}" for loss in losses)])


def _about(config: HeadTraining, run: Run, step: int) -> dict:
    return {"training": asdict(config), "seed": run.seed, "step": step}
