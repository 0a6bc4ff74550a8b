"""Kills small trainings (SIGKILL) at random moments and lets them go on: they end with the weights of one left alone.

Usage: kill_training.py FOLDER [KILLS] [SEED]; each kind of network is killed so often (20), in as many trainings as
that takes. Moments are counted, not timed: steps, and the ends of files before and after they are put in their place.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

TESTING = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTING / "training"), str(TESTING), str(TESTING.parent / "DLPFCSegmenter")]

import numpy as np  # noqa: E402
import torch  # noqa: E402

from conftest import prepared_person  # noqa: E402
from DLPFCSegmenterLib.labels.label import RegionLabel  # noqa: E402
from DLPFCSegmenterLib.networks.weights import load_model  # noqa: E402
from DLPFCSegmenterLib.training.loop import Run  # noqa: E402
from DLPFCSegmenterLib.training.mask_rcnn_training import run_training  # noqa: E402
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


def train_slices(data: Path, folder: Path, moments: Moments) -> Path:
    return run_training(read_training_data(data, SLICES), SLICES, Run(folder, 5, 0), "none", moments)


def train_window(data: Path, folder: Path, moments: Moments) -> Path:
    return train_unet(read_window_data(data, WINDOW), WINDOW, Run(folder, 5, 0), "none", moments)


TRAININGS: dict[str, Callable[[Path, Path, Moments], Path]] = {"mask-rcnn": train_slices, "unet": train_window}


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


def weights_of(path: Path, kind: str) -> dict[str, torch.Tensor]:
    return load_model(path).networks[kind].network.state_dict()


def kill_often(kind: str, folder: Path, kills: int, seed: int) -> list[float]:
    """Kill a kind of training so often; of each that came to its end, how far a weight is from one left alone.

    None may be further than sums differ in their last bit from process to process, in a file in half precision.
    """
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    train, data = TRAININGS[kind], dataset(folder / "data")
    alone = Moments()
    put = os.replace
    alone.watch_files()
    expected = weights_of(train(data, folder / "alone", alone), kind)
    os.replace = put
    rng, killed, apart = np.random.default_rng(seed), 0, []
    while killed < kills or not apart:
        run = folder / f"run{len(apart)}"
        last = int(rng.integers(1, alone.passed)) if killed < kills else None
        if in_a_process(lambda moments, run=run: train(data, run, moments), last):
            killed += 1
            continue
        path = run / ("balls.pt" if kind == "mask-rcnn" else "unet.pt")
        found = weights_of(path, kind)
        close = [torch.allclose(expected[name], found[name], rtol=2e-3, atol=1e-6) for name in expected]
        assert all(close), f"{run} has other weights"
        apart.append(max(float((expected[name].float() - found[name].float()).abs().max()) for name in expected))
    return apart


if __name__ == "__main__":
    place, wanted, first = Path(sys.argv[1]), *(int(each) for each in (*sys.argv[2:], 20, 0)[:2])
    for name in TRAININGS:
        apart = kill_often(name, place / name, wanted, first)
        same = apart.count(0.0)
        print(f"{name}: killed {wanted} times; {same} of {len(apart)} trainings alike, at most {max(apart):.0e} apart")
