"""Training of the 3-D network: one phase, in which the learning rate falls along half a cosine.

It goes on from its last checkpoint and ends with the same weights as one that was not killed. Several processes
may train together (`team`). What is judged and kept is the running mean of the weights.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ..errors import UserError
from ..evaluation.metrics import dice
from ..networks.registry import Trained
from ..networks.unet import UNet, UNetConfig, build_unet
from ..networks.weights import load_model, save_weights
from ..progress import Progress
from ..sentences import say
from .course import Course, Standing
from .curves import WINDOW_CHECKS_FILE, WINDOW_LOSSES, WINDOW_LOSSES_FILE, draw_window_curves, losses_in_words
from .loop import RunningMean, Stretch, learn, learning_rate
from .order import Order, start_of
from .run import UNWATCHED, Run, rounded
from .shown import show
from .window_data import CroppedPerson, TrainingWindow, WindowData, plain_window, read_window_data
from .windows import fitted_to_dataset

WEIGHTS_FILE = "unet.pt"
_CHECKPOINT = "checkpoint.pt"


def train_from(order: Order, run: Run, progress: Progress) -> Path:
    """The command `dlpfc train --preset unet`, as for the Mask R-CNN: a dataset in, a weights file out."""
    config = fitted_to_dataset(UNetConfig().changed(order.settings), order.described, order.settings)
    data, run = read_window_data(order.dataset, config), order.begun(run)
    run.kept(_CHECKPOINT, _course(config, run))
    if run.team.leads:
        plain = [plain_window(person, config) for person in data.watched]
        path = show(plain, data.source, config.batch, config.spacing_mm, run, progress, order.dry)
        if order.dry:
            return path
    return train_unet(data, config, run, order.start, progress)


def train_unet(data: WindowData, config: UNetConfig, run: Run, start: str, progress: Progress) -> Path:
    """Train and write `run.folder`/unet.pt with its card.

    start  'none', or a weights file that holds a 3-D U-Net of the same widths
    Raises UserError where structures should be named and not everybody has a parcellation, for a start that does
    not fit, or when a loss is no longer finite.
    """
    if config.label_loss and data.table is None:
        raise UserError(
            "The dataset has no parcellation, or not of everybody, to learn structures from; set label_loss to 0."
        )
    run = replace(run, began_from=start_of(start))
    run.folder.mkdir(parents=True, exist_ok=True)
    if not data.watched:
        progress.report(1, 1, UNWATCHED)
    torch.manual_seed(run.seed)
    learner = _Learner(config, data.table if config.label_loss else None, run)
    if start != "none":
        _begin_with(learner.network, Path(start))
    learner.to(run.device)
    mean = RunningMean(learner.network, config.memory)
    together = run.team.together(learner)
    optimizer = torch.optim.AdamW(learner.parameters(), lr=config.lr, weight_decay=config.weight_decay)
    parts: dict[str, nn.Module | torch.optim.Optimizer] = {"learner": learner, "mean": mean.network}
    standing = Standing(run, _CHECKPOINT, parts | {"optimizer": optimizer}, _course(config, run))
    kept = standing.resumed()
    steps, score = range(kept["step"], config.steps), kept.get("score", float("nan"))
    if not steps:
        progress.report(1, 1, say("all is learnt here; for more steps raise steps"))
    rate = partial(learning_rate, config.lr, total=config.steps, part=run.part)
    stretch = Stretch(steps, config.batch, (run.seed,), rate, config.clip_norm)
    for step, losses in learn(together, data.source, stretch, optimizer, run):
        mean.follow(step)
        run.log(WINDOW_LOSSES_FILE, [step, *(f"{losses[name]:.4f}" for name in WINDOW_LOSSES)])
        progress.report(step, config.steps, losses_in_words(losses))
        if step % config.check_every == 0 or step == config.steps:
            score = run.team.agreed(_check(mean.network, data.watched, config, run) if run.team.leads else 0.0)
            _record(run, standing, step, score)
            progress.report(1, 1, f"step {step}: Dice {score:.3f} in the watched windows")
    path = run.folder / WEIGHTS_FILE
    if run.team.leads:
        more = {"start": start, "validation_dice": rounded(score)}
        card = run.card(config.name, data.label_definition, data.region, more)
        save_weights(path, card, {"unet": Trained(mean.network, config)})
    return path


def _course(config: UNetConfig, run: Run) -> Course:
    return Course("unet", config, run, ("steps", "check_every"))


def _begin_with(network: UNet, path: Path) -> None:
    held = load_model(path).networks.get("unet")
    if held is None:
        raise UserError("{path}: holds no 3-D U-Net to start from; name other weights, or none.", path=path)
    try:
        network.load_state_dict(held.network.state_dict())
    except RuntimeError as error:
        raise UserError(
            "{path}: its 3-D U-Net has other widths; set channels to those of its card.", path=path
        ) from error


class _Learner(nn.Module):
    """The network and, where wanted, the naming of every structure from its last features.

    forward(a batch of windows, the step) -> all losses by name (`WINDOW_LOSSES`)
    """

    table: torch.Tensor

    def __init__(self, config: UNetConfig, table: np.ndarray | None, run: Run) -> None:
        super().__init__()
        self.network, self.config, self.run = build_unet(config), config, run
        self.names = None
        if table is not None:
            self.register_buffer("table", torch.from_numpy(table))
            self.names = nn.Conv3d(config.channels[0], int(table.max()) + 1, kernel_size=1)

    def forward(self, batch: Sequence[TrainingWindow], step: int) -> dict[str, torch.Tensor]:
        """Losses (see the class)."""
        images = torch.stack([item.image for item in batch]).to(self.run.device)
        region = torch.stack([item.region for item in batch]).to(self.run.device)
        with self.run.precision():
            features = self.network.features(images)
            logits = self.network.region(features)
            named = self._naming(self.names, features, batch, step) if self.names else torch.zeros(())
        logits = logits.float()
        return {
            "loss_dice": _dice_loss(logits.sigmoid(), region),
            "loss_cross_entropy": nn.functional.binary_cross_entropy_with_logits(logits, region),
            "loss_names": self.config.label_loss * named,
        }

    def _naming(
        self, names: nn.Module, features: torch.Tensor, batch: Sequence[TrainingWindow], step: int
    ) -> torch.Tensor:
        """Cross entropy at one of every eight voxels, others at every step: all of them would cost too much."""
        a, b, c = np.unravel_index(step % 8, (2, 2, 2))
        labels = torch.stack([item.labels[0, a::2, b::2, c::2] for item in batch]).to(self.table.device)
        return nn.functional.cross_entropy(names(features[:, :, a::2, b::2, c::2]), self.table[labels])


def _dice_loss(probability: torch.Tensor, region: torch.Tensor) -> torch.Tensor:
    """1 - Dice of soft masks (Milletari et al., V-Net, 2016), averaged over a batch of (N, 1, K, J, I)."""
    axes = (1, 2, 3, 4)
    both = (probability * region).sum(axes)
    return (1 - 2 * both / (probability.square().sum(axes) + region.square().sum(axes) + 1e-6)).mean()


@torch.inference_mode()
def _check(network: UNet, people: Sequence[CroppedPerson], config: UNetConfig, run: Run) -> float:
    """Mean Dice in the windows of the watched people who show or got the region; not a number where there are none."""
    scores = []
    for person in people:
        shown = plain_window(person, config)
        probability = network(shown.image[None].to(run.device)).sigmoid()[0].cpu().numpy()
        scores.append(dice(probability >= config.mask_threshold, shown.region.numpy() >= 0.5))
    told = [score for score in scores if np.isfinite(score)]
    return float(np.mean(told)) if told else float("nan")


def _record(run: Run, standing: Standing, step: int, score: float) -> None:
    run.log(WINDOW_CHECKS_FILE, [step, f"{score:.4f}"])
    standing.keep(step, score=score)
    if run.team.leads:
        draw_window_curves(run.folder)
