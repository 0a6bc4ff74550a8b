"""Training of the Mask R-CNN in two phases as the paper has it: the heads with the backbone frozen, then all layers.

Before them, where no pretrained weights are at hand, the backbone is warmed up: it learns to name every structure,
which takes the place of the paper's COCO initialisation.

Every epoch ends with a checkpoint, so a killed run goes on from its last whole epoch and ends with
the same weights as one that was not killed. Several processes may train together (`team`): each draws
batches of its own, and every step takes the mean of their gradients.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torchvision.models.detection import MaskRCNN

from ..errors import UserError
from ..evaluation.metrics import SliceDetection, SliceMasks, mean_average_precision
from ..labels.label import RegionLabel
from ..networks.configuration import MaskRCNNConfig, named_config
from ..networks.mask_rcnn import Backbone, build_network, even_features, freeze_batch_norm, set_backbone_trainable
from ..networks.registry import Trained
from ..networks.slice_detector import detect_in_steps
from ..networks.weights import initialise, save_weights
from ..progress import Progress, SilentProgress
from ..sentences import say
from ..terminology import region_called, stem_of_region
from .checkpoints import load_checkpoint, told_as_unfit
from .course import Course, Standing
from .curves import EPOCHS_FILE, LOSSES, LOSSES_FILE, WARMUP_FILE, draw_curves, losses_in_words
from .loop import Source, Stretch, learn, learning_rate
from .order import Order, start_of
from .run import UNWATCHED, WHOLE, Run, rounded
from .shown import show
from .slice_data import TrainingData, read_training_data
from .structures import Overheard, StructureNames
from .subjects import TrainingSlice
from .windows import fitted_to_dataset

_CHECKPOINT, _BEST = "checkpoint.pt", "best.pt"
_WARM_STEPS = 50
_WARM_UP_RATE = 2e-3
_SEEN_FOR_SCALE = 8
"""Slices by which the scale of new features is measured."""
_SAVE_EVERY = 100
"""Steps from one checkpoint of the warm-up to the next."""


@dataclass(frozen=True)
class Phase:
    """A part of the training: what learns, how fast, for how long (`steps` in all its epochs), and the run's part."""

    name: str
    backbone: bool
    lr: float
    epochs: int
    steps: int
    decays: bool
    part: tuple[float, float] = WHOLE

    def rate(self, step: int) -> float:
        """The learning rate: it rises over the first steps; in the second phase it falls to nothing."""
        if self.decays:
            return learning_rate(self.lr, step, self.steps, _WARM_STEPS, self.part)
        return self.lr * min(1.0, (step + 1) / _WARM_STEPS)


@dataclass
class Progressed:
    """How far a training has come; travels with the checkpoint.

    phase, epoch  how many of its epochs are made
    """

    phase: int = 0
    epoch: int = 0
    best: float = -1.0
    stale: int = 0


def phases(config: MaskRCNNConfig, part: tuple[float, float] = WHOLE) -> tuple[Phase, Phase]:
    """The two phases of `config`, in a run that is such a part of a longer learning."""
    heads, everything = config.heads_epochs, config.all_epochs
    return (
        Phase("heads", False, config.lr, heads, heads * config.steps_per_epoch, False),
        Phase("all layers", True, config.finetune_lr, everything, everything * config.steps_per_epoch, True, part),
    )


def train(
    network: MaskRCNN, source: Source, config: MaskRCNNConfig, run: Run,
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
    state = run.kept(_CHECKPOINT, _course(config, run))
    made = learner.restore(state, _course(config, run)) if state else Progressed()
    before = (made.phase, made.epoch)
    for number, phase in enumerate(phases(config, run.part)):
        if number < made.phase:
            continue
        set_backbone_trainable(network, phase.backbone)
        optimizer = _optimizer(learner, config, phase)
        first = made.epoch if number == made.phase else 0
        if state and first:
            optimizer.load_state_dict(state["optimizer"])
        made.stale = made.stale if first else 0
        for epoch in range(first, phase.epochs):
            if epoch and phase.backbone and made.stale >= config.patience:
                break
            _epoch(together, source, config, run, phase, (number, epoch), optimizer, progress)
            score = run.team.agreed(validate(network.eval()) if run.team.leads else 0.0)
            _judge(made, score, number, epoch)
            _record(run, learner, optimizer, made, (phase.name, epoch + 1, score))
            progress.report(1, 1, f"{phase.name}, epoch {epoch + 1}: mAP {score:.3f}, best {made.best:.3f}")
    if before == (made.phase, made.epoch):
        progress.report(1, 1, say("all is learnt here; for more epochs raise all_epochs"))
    run.team.agreed()  # nobody reads the best state before it is written
    return run.folder / _BEST


def _course(config: MaskRCNNConfig, run: Run) -> Course:
    return Course("mask-rcnn", config, run, ("all_epochs", "patience"))


class _Learner(nn.Module):
    """What learns: the network and, where wanted, the naming of structures from the same features.

    forward(a batch of slices, the step) -> all its losses by name (`LOSSES`)
    """

    def __init__(self, network: MaskRCNN, names: StructureNames | None, config: MaskRCNNConfig, run: Run) -> None:
        super().__init__()
        self.network, self.names, self.config, self.run = network, names, config, run
        self.overheard = Overheard(network.backbone) if names else None

    def forward(self, batch: list[TrainingSlice], _step: int) -> dict[str, torch.Tensor]:
        """Losses (see the class)."""
        device = self.run.device
        images = [item.image.to(device) for item in batch]
        targets = [{k: v.to(device) for k, v in item.detection_target().items()} for item in batch]
        with self.run.precision():
            losses = dict(self.network(images, targets))
            named = self._naming(batch)
        return losses | {"loss_names": self.config.label_loss * named}

    def _naming(self, batch: list[TrainingSlice]) -> torch.Tensor:
        if self.names is None or self.overheard is None:
            return torch.zeros(())
        return self.names.loss(self.overheard.maps, batch)

    def restore(self, state: dict, course: Course) -> Progressed:
        """Take the weights of a checkpoint; how far it came. Who asks for more epochs has patience again."""
        with told_as_unfit(self.run.folder / _CHECKPOINT):
            self.network.load_state_dict(state["network"])
            if self.names and state.get("names"):
                self.names.load_state_dict(state["names"])
            made = Progressed(**state["standing"])
        return replace(made, stale=0) if course.is_longer_than(state) else made


def _judge(made: Progressed, score: float, phase: int, epoch: int) -> None:
    """Where nobody is watched, and so there is no score, the last state is the best."""
    unwatched = math.isnan(score)
    made.stale = 0 if unwatched or score > made.best else made.stale + 1
    made.best = made.best if unwatched else max(score, made.best)
    made.phase, made.epoch = phase, epoch + 1


def _record(
    run: Run, learner: _Learner, optimizer: torch.optim.Optimizer, made: Progressed, judged: tuple[str, int, float]
) -> None:
    """Table, picture and checkpoints at the end of an epoch; `judged` is its phase, number and score."""
    phase, epoch, score = judged
    run.log(EPOCHS_FILE, [phase, epoch, f"{score:.4f}", f"{made.best:.4f}"])
    if run.team.leads:
        draw_curves(run.folder)
    network = learner.network.state_dict()
    if made.stale == 0:
        run.keep(_BEST, {"network": network, "score": score})
    names = learner.names.state_dict() if learner.names else None
    state = {"network": network, "names": names, "optimizer": optimizer.state_dict()}
    course = _course(learner.config, run).to_dict()
    run.keep(_CHECKPOINT, {**state, "course": course, "standing": vars(made).copy()})


def _optimizer(network: nn.Module, config: MaskRCNNConfig, phase: Phase) -> torch.optim.Optimizer:
    learning = [p for p in network.parameters() if p.requires_grad]
    if config.optimizer == "sgd":
        return torch.optim.SGD(learning, lr=phase.lr, momentum=config.momentum, weight_decay=config.weight_decay)
    if config.optimizer == "adamw":
        return torch.optim.AdamW(learning, lr=phase.lr, weight_decay=config.weight_decay)
    raise UserError("Unknown optimizer '{optimizer}': use 'sgd' or 'adamw'.", optimizer=config.optimizer)


def _epoch(
    together: nn.Module, source: Source, config: MaskRCNNConfig, run: Run, phase: Phase, place: tuple[int, int],
    optimizer: torch.optim.Optimizer, progress: Progress,
) -> None:  # fmt: skip
    number, epoch = place
    # The network draws which proposals it learns from; a resumed epoch must draw the same ones.
    torch.manual_seed(10**9 * run.team.rank + 1_000_000 * run.seed + 1_000 * number + epoch)
    first = epoch * config.steps_per_epoch
    steps = range(first, first + config.steps_per_epoch)
    together.train()
    freeze_batch_norm(together)
    stretch = Stretch(steps, config.batch, (run.seed, 1 + number), phase.rate, config.clip_norm)
    for step, losses in learn(together, source, stretch, optimizer, run):
        run.log(LOSSES_FILE, [phase.name, step, *(f"{losses[k]:.4f}" for k in LOSSES)])
        progress.report(step, phase.steps, f"{phase.name}, {losses_in_words(losses)}")


def warm_up(
    backbone: Backbone, names: StructureNames, source: Source, config: MaskRCNNConfig, run: Run, progress: Progress
) -> None:
    """Let `backbone` and `names` learn `pretrain_steps` batches; resumes from `run.folder`/warmup.pt."""
    torch.manual_seed(run.seed)
    total = config.pretrain_steps
    labeller = _Labeller(backbone, names, run).to(run.device).train()
    together = run.team.together(labeller)
    optimizer = torch.optim.AdamW(labeller.parameters(), lr=_WARM_UP_RATE, weight_decay=0.01)
    parts: dict[str, nn.Module | torch.optim.Optimizer] = {"network": labeller, "optimizer": optimizer}
    standing = Standing(run, "warmup.pt", parts, _course(config, run))
    steps = range(standing.resumed()["step"], total)
    rate = partial(learning_rate, _WARM_UP_RATE, total=total)
    stretch = Stretch(steps, config.batch, (run.seed, 0), rate, config.clip_norm)
    for step, losses in learn(together, source, stretch, optimizer, run):
        progress.report(step, total, f"warm-up, loss {losses['loss']:.3f}")
        run.log(WARMUP_FILE, [step, f"{losses['loss']:.4f}"])
        if step % _SAVE_EVERY == 0 or step == total:
            standing.keep(step)


class _Labeller(nn.Module):
    """forward(a batch of slices, the step) -> the loss of naming every structure in them."""

    def __init__(self, backbone: Backbone, names: StructureNames, run: Run) -> None:
        super().__init__()
        self.backbone, self.names, self.run = backbone, names, run

    def forward(self, batch: list[TrainingSlice], _step: int) -> dict[str, torch.Tensor]:
        """The loss (see the class)."""
        images = torch.stack([item.image for item in batch]).to(self.run.device)
        with self.run.precision():
            return {"loss": self.names.loss(self.backbone(images), batch)}


def train_from(order: Order, run: Run, progress: Progress) -> Path:
    """The command `dlpfc train`: a dataset in, a weights file with its model card out (`run_training`).

    Before anything is learnt, a picture shows what the network sees; of a dry order it is what comes out, with one of
    a batch.
    """
    config = fitted_to_dataset(named_config(order.preset, order.settings), order.described, order.settings)
    data, run = read_training_data(order.dataset, config, run.seed, order.told), order.begun(run)
    run.kept(_CHECKPOINT, _course(config, run))
    if run.team.leads:
        path = show(data.validation, data.source, config.batch, config.pixel_mm, run, progress, order.dry)
        if order.dry:
            return path
    return run_training(data, config, run, order.start, progress)


def run_training(data: TrainingData, config: MaskRCNNConfig, run: Run, start: str, progress: Progress) -> Path:
    """Train and write `weights_file` in `run.folder` with its card; an interrupted run goes on where it was."""
    run = replace(run, began_from=start_of(start))
    run.folder.mkdir(parents=True, exist_ok=True)
    if not data.validation:
        progress.report(1, 1, UNWATCHED)
    torch.manual_seed(run.seed)
    network = build_network(config).to(run.device)
    heads = network.roi_heads.state_dict()
    drawn = {name: value.clone() for name, value in heads.items()}
    initialise(network, start, config.backbone)
    names = _names(network, data, config)
    if config.pretrain_steps and names:
        warm_up(network.backbone, names, data.source, config, run, progress)
    # AdamW's steps are as long whatever the gradient's scale: the small weights of even features would not last.
    if config.optimizer == "sgd" and all(torch.equal(value, drawn[name]) for name, value in heads.items()):
        divided_by = even_features(network.backbone, _first_images(data.source, run))
        if names:
            names.keep_scores(divided_by)
    validate = _validator(data.validation, run.device)
    best = train(network, data.source, config, run, validate, progress, names if config.label_loss else None)
    path = run.folder / weights_file(data.region)
    if run.team.leads:
        state = load_checkpoint(best)
        assert state is not None, "a training keeps its best state"
        network.load_state_dict(state["network"])
        more = {"start": start, "validation_map50": rounded(state["score"])}
        card = run.card(f"{config.name}-{config.backbone}", data.label_definition, data.region, more)
        save_weights(path, card, {"mask-rcnn": Trained(network, config)})
    return path


def _first_images(source: Source, run: Run) -> torch.Tensor:
    """Some slices of the source, on the run's device: (N, channels, rows, columns)."""
    drawn = [source.draw(np.random.default_rng((run.seed, 3, number))).image for number in range(_SEEN_FOR_SCALE)]
    return torch.stack(drawn).to(run.device)


def weights_file(region: RegionLabel | None) -> str:
    """Name of the file of a Mask R-CNN that finds a region; None is the DLPFC: 'dlpfc.pt', 'insula.pt'."""
    return f"{stem_of_region(region_called(region.name if region else ''))}.pt"


def _names(network: MaskRCNN, data: TrainingData, config: MaskRCNNConfig) -> StructureNames | None:
    if not (config.pretrain_steps or config.label_loss):
        return None
    if not data.is_named:
        raise UserError(
            "The dataset has no parcellation, or not of everybody, to learn structures from; set pretrain_steps"
            " and label_loss to 0."
        )
    return StructureNames(network.backbone, data.people)


def _validator(slices: Sequence[TrainingSlice], device: str) -> Callable[[MaskRCNN], float]:
    """Mean average precision at IoU 0.5 over the watched slices; not a number where there are none."""

    def validate(network: MaskRCNN) -> float:
        """The precision of a network."""
        if not slices:
            return float("nan")
        found = detect_in_steps(network, [s.image for s in slices], SilentProgress(), device)
        return mean_average_precision(
            [
                SliceMasks(s.region.numpy(), tuple(SliceDetection(d.score, d.soft_mask >= 0.5) for d in one))
                for one, s in zip(found, slices, strict=True)
            ]
        )

    return validate
