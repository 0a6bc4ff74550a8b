"""The one training loop: reproducible batches, a step, a rate that rises and falls; and the run that it belongs to.

A run says where and how is trained, and keeps checkpoints, tables and the model card of its weights. The processes of
one team train one network together, each on a GPU of its own, as `torchrun` starts them. Whoever trains (the warm-up,
the Mask R-CNN, the U-Net) says what is learnt from, and keeps tables and checkpoints.
"""

import copy
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, Dataset

from .. import __version__
from ..errors import UserError
from ..files import file_sha256, recover, told_to_the_user, write_whole_file
from ..labels.label import RegionLabel
from ..networks.configuration import Configuration
from ..sentences import say
from .curves import TensorBoard, append_row
from .pictures import TABLE, Told
from .prepare import dataset_description, dataset_folder
from .via import is_via_file, read_via

STARTS = ("none", "imagenet", "coco")
"""Names of first weights that are no file."""

WHOLE = (0.0, 1.0)
"""As the part of a learning that a run is."""

UNWATCHED = say("nobody watches the learning: it is not judged, and its last state is kept")


@dataclass(frozen=True)
class Team:
    """This process's number among `size`; number 0 leads: it alone judges, writes and reports."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process judges and writes."""
        return self.rank == 0

    def together(self, learner: nn.Module) -> nn.Module:
        """The learner whose gradients are the team's mean; all its parameters must still learn."""
        if self.size == 1:
            return learner
        # Parts of the network may rest in a phase or a batch. The leader's BatchNorm statistics are everybody's.
        return DistributedDataParallel(learner, find_unused_parameters=True)

    def agreed(self, value: float = 0.0) -> float:
        """The leader's value in every process, once all have come here."""
        if self.size == 1:
            return value
        held = torch.tensor(value if self.leads else 0.0, dtype=torch.float64)
        distributed.all_reduce(held)
        return float(held)

    def own_steps(self, steps: range) -> list[int]:
        """Numbers of the batches that this process draws at the team's `steps`."""
        return [step * self.size + self.rank for step in steps]


@contextmanager
def join_team(device: str) -> Iterator[tuple[Team, str]]:
    """The team that `torchrun` names in the environment, and this process's device; a team of one without it.

    device  'cpu' or 'cuda'
    Raises UserError where more processes were started than there are GPUs.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield Team(), device
        return
    if device == "cuda":
        device = _own_gpu()
    distributed.init_process_group("gloo" if device == "cpu" else "cpu:gloo,cuda:nccl")
    yield Team(int(os.environ["RANK"]), size), device
    # After an error the others may hang in a step; torchrun ends them, and nobody waits for them here.
    distributed.destroy_process_group()


def _own_gpu() -> str:
    number, there = int(os.environ["LOCAL_RANK"]), torch.cuda.device_count()
    if number >= there:
        raise UserError(
            "torchrun started more processes than this machine has GPUs ({there}); give that number.", there=there
        )
    torch.cuda.set_device(number)
    return f"cuda:{number}"


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


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write `state` (tensors and plain values) so that a kill leaves the old file or the new one."""
    with write_whole_file(path) as part:
        torch.save(state, part)


def load_checkpoint(path: Path) -> dict[str, Any] | None:
    """The saved state, or None where there is none. Raises UserError for a damaged file.

    One that was being exchanged when its run was killed is put in its place first.
    """
    recover(path.parent)
    if not path.exists():
        return None
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise UserError(
            "{path}: cannot be read as a checkpoint ({kind}); delete it to start this training again.",
            path=path,
            kind=type(error).__name__,
        ) from error


@dataclass(frozen=True)
class Order:
    """What `dlpfc train` is asked to learn.

    dataset   a folder of `dlpfc prepare`, or an annotation file, about whose pictures `told` says more
    settings  'name=value', of the preset's configuration
    start     a word of `STARTS` or a weights file
    dry       draw what the network would be shown, and learn nothing
    """

    dataset: Path
    preset: str
    settings: Sequence[str] = ()
    start: str = "none"
    told: Told | None = None
    dry: bool = False

    @property
    def described(self) -> dict:
        """What `dataset.json` says; nothing of an annotation file. Raises UserError for any other dataset."""
        return {} if is_via_file(self.dataset) else dataset_description(dataset_folder(self.dataset))

    def begun(self, run: Run) -> Run:
        """The run that knows what it learns from and begins with; its folder is there. Raises UserError as they do."""
        with told_to_the_user(run.folder):
            run.folder.mkdir(parents=True, exist_ok=True)
        return replace(run, learnt_from=fingerprint_of(self.dataset, self.told), began_from=start_of(self.start))


def fingerprint_of(dataset: Path, told: Told | None = None) -> str:
    """SHA-256 of what is learnt from, wherever it lies: scans of a prepared folder, or annotations and pictures.

    told  what is said of the pictures beside
    """
    said = told or Told()
    if is_via_file(dataset):
        pictures = [each.path for each in read_via(dataset, keep_empty=True)]
        files = [dataset, *filter(Path.is_file, (said.table or dataset.parent / TABLE, *pictures))]
    else:
        files = sorted(dataset_folder(dataset).glob("*/volumes/*.npz"))
    lines = [f"{path.parent.parent.name}/{path.name} {file_sha256(path)}" for path in files]
    return sha256("\n".join([*lines, str(replace(said, table=None))]).encode()).hexdigest()


def start_of(start: str) -> tuple[str, str]:
    """What a training begins from: a word of `STARTS` and '', or a file's name and SHA-256.

    Raises UserError where it is neither.
    """
    if start in STARTS:
        return start, ""
    if not Path(start).is_file():
        raise UserError(
            "{start}: there is no weights file of this name, nor is it one of {words}; correct the start.",
            start=start,
            words=", ".join(STARTS),
        )
    return Path(start).name, file_sha256(Path(start))


class Source(Protocol):
    """Gives what a network is shown in training, on demand."""

    def draw(self, rng: np.random.Generator) -> Any:
        """Something random; the same generator state gives the same."""


@dataclass(frozen=True)
class Stretch:
    """Steps that are learnt in one go.

    steps      their numbers, from which with the seed everything random follows: a resumed run repeats nothing
    batch      how much is shown in a step
    seed       what else decides the batches
    rate       step -> learning rate
    clip_norm  largest norm of a step's gradients
    """

    steps: range
    batch: int
    seed: tuple[int, ...]
    rate: Callable[[int], float]
    clip_norm: float


def learn(
    learner: nn.Module, source: Source, stretch: Stretch, optimizer: torch.optim.Optimizer, run: Run
) -> Iterator[tuple[int, dict[str, float]]]:
    """Learn a stretch; after every step its number, counted from 1, and the losses by name.

    learner  gives the losses of a batch at a step: forward(batch, step) -> name -> tensor; made `run.team.together`
    Raises UserError when a loss is no longer finite.
    """
    loader = batches(source, stretch.batch, stretch.seed, run.team.own_steps(stretch.steps), run.workers)
    for step, batch in zip(stretch.steps, loader, strict=True):
        for group in optimizer.param_groups:
            group["lr"] = stretch.rate(step)
        losses = learner(batch, step)
        total = sum(losses.values())
        if not torch.isfinite(total):
            raise UserError("The training loss is no longer finite; lower the learning rate and start again.")
        learner.zero_grad()  # of what rests too, or its last gradients would count in the norm until a kill
        total.backward()
        nn.utils.clip_grad_norm_(learner.parameters(), stretch.clip_norm)
        optimizer.step()
        yield step + 1, {name: float(value.detach()) for name, value in losses.items()}


@dataclass(frozen=True)
class Course:
    """What decides how a training goes: only the same course goes on from a checkpoint.

    kind    name of the network in the registry
    config  its configuration
    run     from what it learns, how, and where
    grows   settings by which a training may be made longer
    """

    kind: str
    config: Configuration
    run: Run
    grows: tuple[str, ...]

    def to_dict(self) -> dict:
        """As plain values for a checkpoint."""
        run = self.run
        told = {"kind": self.kind, "config": self.config.to_dict(), "dataset": run.learnt_from, "start": run.began_from}
        return told | run.manner

    def require_same(self, state: Mapping[str, Any]) -> None:
        """Raise UserError that says what is other in a checkpoint; what an earlier version did not tell passes."""
        now = self.to_dict()
        kept, folder = now | state.get("course", {}), self.run.folder
        if kept["kind"] != self.kind:
            raise UserError(
                "{folder}: holds a training of a {kind}; name another folder for the {wanted}.",
                folder=folder,
                kind=kept["kind"],
                wanted=self.kind,
            )
        if now["dataset"] and kept["dataset"] not in ("", now["dataset"]):
            raise UserError(
                "{folder}: holds a training on another dataset, or this one was changed since; name another folder, or"
                " give the dataset that it began with.",
                folder=folder,
            )
        if _same_start(kept["start"]) != _same_start(now["start"]):
            raise UserError(
                "{folder}: holds a training that began from {before}, not from {now}; name another folder or give the"
                " same start.",
                folder=folder,
                before=_start_in_words(kept["start"]),
                now=_start_in_words(now["start"]),
            )
        before, wanted = ({name: each[name] for name in self.run.manner} | each["config"] for each in (kept, now))
        other = [n for n in wanted if n not in self.grows and before.get(n, wanted[n]) != wanted[n]]
        if other:
            raise UserError(
                "{folder}: holds a training with other settings ({other}: {before}, not {now}); name another folder or"
                " give the same settings.",
                folder=folder,
                other=other[0],
                before=before[other[0]],
                now=wanted[other[0]],
            )

    def is_longer_than(self, state: Mapping[str, Any]) -> bool:
        """Whether more is asked for than when the checkpoint was kept."""
        kept = state.get("course", self.to_dict())["config"]
        return any(self.config.to_dict()[name] > kept[name] for name in self.grows)


def _same_start(start: Sequence[str]) -> str:
    """Of a file its bytes count, whatever it is called."""
    name, sha256 = start
    return sha256 or name


def _start_in_words(start: Sequence[str]) -> str:
    name, sha256 = start
    return f"{name} (SHA-256 {sha256[:12]})" if sha256 else name


@dataclass(frozen=True)
class Standing:
    """What learns and how far it has come, kept as a checkpoint under `name` in the run's folder."""

    run: Run
    name: str
    parts: Mapping[str, nn.Module | torch.optim.Optimizer]
    course: Course | None = None

    def resumed(self) -> dict[str, Any]:
        """Take up the checkpoint, where there is one: its 'step' to go on from, and what else was kept of it.

        Raises UserError for one that belongs to another training.
        """
        state = self.run.kept(self.name, self.course)
        if state is None:
            return {"step": 0}
        with told_as_unfit(self.run.folder / self.name):
            for name, part in self.parts.items():
                part.load_state_dict(state[name])
        return state

    def keep(self, step: int, **more: float) -> None:
        """Save that so many steps were made, and what else is to be known of it."""
        state = {name: part.state_dict() for name, part in self.parts.items()}
        course = {"course": self.course.to_dict()} if self.course else {}
        self.run.keep(self.name, {"step": step, **more, **course, **state})


@contextmanager
def told_as_unfit(path: Path) -> Iterator[None]:
    """Turn what taking up a checkpoint of another network raises into one sentence."""
    try:
        yield
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise UserError(
            "{path}: does not fit this training ({kind}); name another folder, or delete it to start again.",
            path=path,
            kind=type(error).__name__,
        ) from error


Followed = TypeVar("Followed", bound=nn.Module)


class RunningMean(Generic[Followed]):
    """The mean of a network's weights over its last steps (Polyak and Juditsky, 1992): steadier than the last ones.

    memory  share of the mean that is kept at each step; at first it is less
    """

    def __init__(self, network: Followed, memory: float) -> None:
        self.network, self._followed, self._memory = copy.deepcopy(network).eval(), network, memory

    @torch.no_grad()
    def follow(self, step: int) -> None:
        """Take in the weights after so many steps."""
        memory = min(self._memory, 1.0 - 1.0 / (step / 10 + 2))
        for kept, now in zip(self.network.parameters(), self._followed.parameters(), strict=True):
            kept.lerp_(now, 1.0 - memory)


def learning_rate(
    highest: float, step: int, total: int, rise: int | None = None, part: tuple[float, float] = WHOLE
) -> float:
    """It rises over the first steps (a tenth, 100 at most, or `rise`) and falls along half a cosine to nothing.

    part  of that fall, where the `total` steps are but a part of a longer learning
    """
    steps = min(100, 1 + total // 10) if rise is None else rise
    fallen = part[0] + (part[1] - part[0]) * step / total
    return highest * min(1.0, (step + 1) / steps) * 0.5 * (1 + math.cos(math.pi * fallen))


class _Batches(Dataset):
    """Batch number `step` depends on the seed and on `step` alone."""

    def __init__(self, source: Source, size: int, seed: tuple[int, ...]) -> None:
        self.source, self.size, self.seed = source, size, seed

    def __getitem__(self, step: int) -> list[Any]:
        return [self.source.draw(np.random.default_rng((*self.seed, step, number))) for number in range(self.size)]


def batches(source: Source, size: int, seed: tuple[int, ...], steps: Sequence[int], workers: int = 0) -> DataLoader:
    """Batches of `size` for every step of `steps`, drawn by `workers` processes beside this one."""
    return DataLoader(
        _Batches(source, size, seed), batch_size=None, sampler=list(steps), num_workers=workers,
        collate_fn=_as_it_is, worker_init_fn=_one_thread,
    )  # fmt: skip


def _as_it_is(batch: list[Any]) -> list[Any]:
    return batch


def _one_thread(_worker: int) -> None:
    torch.set_num_threads(1)
