"""Kills small trainings (SIGKILL) and lets them go on: they end with the weights of one left alone, bit for bit.

Usage: kill_training.py FOLDER [KILLS] [SEED]; each kind of training is killed so often (20) at random moments, in as
many runs as that takes, and once at every moment. Moments are counted, not timed: steps, and the ends of files before
and after they are put in their place.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

TESTING = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTING / "training"), str(TESTING), str(TESTING.parent / "DLPFCSegmenter")]

import numpy as np  # noqa: E402
import torch  # noqa: E402

from conftest import prepared_person  # noqa: E402
from DLPFCSegmenterLib.labels.label import RegionLabel  # noqa: E402
from DLPFCSegmenterLib.training.mask_rcnn_training import run_training  # noqa: E402
from DLPFCSegmenterLib.training.run import Run  # noqa: E402
from DLPFCSegmenterLib.training.slice_data import read_training_data  # noqa: E402
from DLPFCSegmenterLib.training.unet_training import train_unet  # noqa: E402
from DLPFCSegmenterLib.training.window_data import read_window_data  # noqa: E402
from small_config import SMALL, SMALL_WINDOW  # noqa: E402

SLICES = replace(SMALL, steps_per_epoch=1, batch=1, all_epochs=2, pretrain_steps=2, label_loss=0.2)
WINDOW = replace(SMALL_WINDOW, check_every=1)


class Moments:
    """Counts what happens, and kills this process at a moment; as `Progress` it counts the steps."""

    def __init__(self, last: int | None = None) -> None:
        self.passed, self.last = 0, last

    def report(self, done: int, total: int, text: str) -> None:
        self.count()

    def count(self) -> None:
        self.passed += 1
        if self.passed == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_files(self) -> None:
        put = os.replace

        def counted(old, new) -> None:
            self.count()
            put(old, new)
            self.count()

        os.replace = counted


def train_slices(data: Path, folder: Path, moments: Moments, mixed: bool = False) -> Path:
    run = Run(folder, 5, 0, mixed_precision=mixed)
    return run_training(read_training_data(data, SLICES), SLICES, run, "none", moments)


def train_window(data: Path, folder: Path, moments: Moments, mixed: bool = False) -> Path:
    run = Run(folder, 5, 0, mixed_precision=mixed)
    return train_unet(read_window_data(data, WINDOW), WINDOW, run, "none", moments)


TRAININGS: dict[str, Callable[[Path, Path, Moments], Path]] = {
    "mask-rcnn": train_slices,
    "mask-rcnn in mixed precision": partial(train_slices, mixed=True),
    "unet": train_window,
    "unet in mixed precision": partial(train_window, mixed=True),
}


def dataset(folder: Path) -> Path:
    """One person to learn from and to be watched by."""
    for part in ("train", "val"):
        (folder / part / "volumes").mkdir(parents=True)
        prepared_person().save(folder / part / "volumes" / f"{part}.npz")
    (folder / "dataset.json").write_text(json.dumps({"region": RegionLabel("balls", (2,), (3,), 0.0).to_dict()}))
    return folder


def in_a_process(train: Callable[[Moments], object], last: int | None) -> int:
    """Train in a process of its own that is killed at a moment; 0 where it came to its end, else the signal."""
    child = os.fork()
    if child == 0:
        moments = Moments(last)
        moments.watch_files()
        try:
            train(moments)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL), "the training failed by itself"
    return -status


def tensors(held: object, name: str = "") -> Iterator[tuple[str, torch.Tensor]]:
    """All that a checkpoint holds of numbers: weights, their mean, the optimizer's."""
    if isinstance(held, torch.Tensor):
        yield name, held
    elif isinstance(held, dict):
        for key, each in held.items():
            yield from tensors(each, f"{name}/{key}")


class Killed:
    """A kind of training in a folder: left alone once, and then killed."""

    def __init__(self, kind: str, folder: Path) -> None:
        torch.set_num_threads(1)
        folder.mkdir(parents=True, exist_ok=True)
        self.train, self.folder, self.data = TRAININGS[kind], folder, dataset(folder / "data")
        alone, put = Moments(), os.replace
        alone.watch_files()
        self.train(self.data, folder / "alone", alone)
        os.replace = put
        self.moments, self.expected = alone.passed, self.ended(folder / "alone")

    def ended(self, run: Path) -> dict[str, torch.Tensor]:
        return dict(tensors(torch.load(run / "checkpoint.pt", weights_only=True)))

    def goes_on(self, run: Path, last: int | None) -> bool:
        """Whether it was killed at that moment, and did not come to its end, where all must be as if left alone."""
        if in_a_process(lambda moments: self.train(self.data, run, moments), last):
            return True
        found = self.ended(run)
        other = [name for name, value in self.expected.items() if not torch.equal(value, found[name])]
        assert not other, f"{run} has other weights: {other[0]} and {len(other) - 1} more"
        shutil.rmtree(run)
        return False

    def often(self, kills: int, seed: int) -> int:
        """Kill it so often at random moments; how many runs came to their end."""
        rng, killed, ended = np.random.default_rng(seed), 0, 0
        while killed < kills or not ended:
            last = int(rng.integers(1, self.moments)) if killed < kills else None
            again = self.goes_on(self.folder / f"run{ended}", last)
            killed, ended = killed + again, ended + (not again)
        return ended

    def once_at(self, moment: int) -> None:
        """Kill it at a moment and let it come to its end."""
        run = self.folder / f"at{moment}"
        assert self.goes_on(run, moment) and not self.goes_on(run, None)


if __name__ == "__main__":
    place, wanted, first = Path(sys.argv[1]), *(int(each) for each in (*sys.argv[2:], 20, 0)[:2])
    for name in TRAININGS:
        training = Killed(name, place / name)
        print(f"{name}: {training.often(wanted, first)} runs killed {wanted} times, all alike", flush=True)
        for moment in range(1, training.moments + 1):
            training.once_at(moment)
        print(f"{name}: killed once at each of {training.moments} moments, all alike", flush=True)
