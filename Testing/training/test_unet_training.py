"""The 3-D network learns, goes on where it was, and leaves weights that load."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.labels.label import RegionLabel
from DLPFCSegmenterLib.networks.configuration import Augmentation
from DLPFCSegmenterLib.networks.registry import Trained
from DLPFCSegmenterLib.networks.unet import build_unet
from DLPFCSegmenterLib.networks.weights import load_model, save_weights
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter
from DLPFCSegmenterLib.training.curves import read_rows
from DLPFCSegmenterLib.training.loop import learning_rate
from DLPFCSegmenterLib.training.order import Order
from DLPFCSegmenterLib.training.run import Run
from DLPFCSegmenterLib.training.subjects import people_of
from DLPFCSegmenterLib.training.unet_training import _check, train_from, train_unet
from DLPFCSegmenterLib.training.window_data import CroppedPerson, read_window_data
from small_config import SMALL_WINDOW
from synthetic_head import ball_ras_mm, plain_grid, synthetic_head

STILL = Augmentation(0, 0, 0, 0, 0, 0, 0, 0)
BALLS = RegionLabel("balls", (2,), (3,), 0.0)


@pytest.fixture
def prepared(person, tmp_path):
    folder = tmp_path / "dataset"
    for part in ("train", "val"):
        (folder / part / "volumes").mkdir(parents=True)
        person.save(folder / part / "volumes" / f"{part}.npz")
    (folder / "dataset.json").write_text(json.dumps({"region": BALLS.to_dict()}))
    return folder


class StopAt:
    """Breaks a training off after a step, as a kill does."""

    def __init__(self, step: int) -> None:
        self.step = step

    def report(self, done: int, total: int, text: str) -> None:
        if done == self.step:
            raise KeyboardInterrupt


def test_it_learns_to_find_the_ball_on_either_side(prepared, tmp_path):
    config = replace(SMALL_WINDOW, steps=80, check_every=80, lr=0.02, label_loss=0.1, augmentation=STILL)
    data = read_window_data(prepared, config)
    assert len(data.source.people) == len(data.watched) == 2
    path = train_unet(data, config, Run(tmp_path / "run", seed=1, workers=0), "none", SilentProgress())
    model = load_model(path)
    assert model.card["validation_dice"] > 0.8 and model.label_definition == BALLS.definition
    for hemisphere, side in (("left", -1.0), ("right", 1.0)):
        scan = synthetic_head(*plain_grid(), side=side)
        region = Segmenter(model).segment(HeadScan(scan.with_array(scan.array_kji / 400)), hemisphere, SilentProgress())
        ijk = np.argwhere(region.mask_kji)[:, ::-1].mean(axis=0)
        assert np.linalg.norm((scan.ijk_to_ras @ (*ijk, 1))[:3] - ball_ras_mm(side)) < 4.0
    assert (tmp_path / "run" / "curves.png").stat().st_size > 10000


def test_a_run_that_was_killed_ends_with_the_same_weights(prepared, tmp_path):
    data = read_window_data(prepared, SMALL_WINDOW)
    whole = train_unet(data, SMALL_WINDOW, Run(tmp_path / "whole", 3, 0), "none", SilentProgress())
    with pytest.raises(KeyboardInterrupt):
        train_unet(data, SMALL_WINDOW, Run(tmp_path / "cut", 3, 0), "none", StopAt(3))
    resumed = train_unet(data, SMALL_WINDOW, Run(tmp_path / "cut", 3, 0), "none", SilentProgress())
    one, other = (load_model(path).networks["unet"].network.state_dict() for path in (whole, resumed))
    assert all(torch.equal(one[name], other[name]) for name in one)
    rows = read_rows(tmp_path / "cut" / "window_losses.csv")
    assert [row["step"] for row in rows] == ["1", "2", "3", "4"]


def weights_in(path) -> dict:
    return load_model(path).networks["unet"].network.state_dict()


class Silent(torch.nn.Module):
    """Marks nothing."""

    def forward(self, shown):
        return torch.full_like(shown[:, :1], -9.0)


def test_a_watched_window_without_the_region_and_without_an_answer_counts_for_nothing(person, tmp_path):
    shown = CroppedPerson.of(people_of(person, SMALL_WINDOW)[0], SMALL_WINDOW)
    lacking = replace(shown, region_kji=np.zeros_like(shown.region_kji))
    run = Run(tmp_path, workers=0)
    assert _check(Silent(), [shown, lacking], SMALL_WINDOW, run) == 0.0
    assert np.isnan(_check(Silent(), [lacking], SMALL_WINDOW, run))


def test_weights_that_are_missing_or_old_are_made_of_the_last_checkpoint(prepared, tmp_path):
    """Killed after the last checkpoint, before the weights lay there."""
    data, run = read_window_data(prepared, SMALL_WINDOW), Run(tmp_path / "run", 3, 0)
    path = train_unet(data, SMALL_WINDOW, run, "none", SilentProgress())
    expected, score = weights_in(path), load_model(path).card["validation_dice"]
    path.unlink()
    assert train_unet(data, SMALL_WINDOW, run, "none", SilentProgress()) == path
    assert all(torch.equal(value, weights_in(path)[name]) for name, value in expected.items())
    assert load_model(path).card["validation_dice"] == score


class Heard:
    """Progress that keeps what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def report(self, done: int, total: int, text: str) -> None:
        self.said.append(text)


def test_more_steps_go_on_from_the_end_and_an_end_is_told(prepared, tmp_path):
    data, run = read_window_data(prepared, SMALL_WINDOW), Run(tmp_path / "run", 3, 0)
    train_unet(data, SMALL_WINDOW, run, "none", SilentProgress())
    heard = Heard()
    train_unet(data, SMALL_WINDOW, run, "none", heard)
    assert heard.said == ["all is learnt here; for more steps raise steps"]
    train_unet(data, replace(SMALL_WINDOW, steps=6), run, "none", SilentProgress())
    assert [row["step"] for row in read_rows(run.folder / "window_losses.csv")] == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    "changed, seed, reason",
    [
        ({"lr": 0.5}, 3, r"other settings \(lr: 0.002, not 0.5\)"),
        ({"channels": (4, 6, 10)}, 3, r"other settings \(channels"),
        ({"augmentation": STILL}, 3, r"other settings \(augmentation"),
        ({}, 4, r"other settings \(seed: 3, not 4\)"),
    ],
)
def test_other_settings_are_refused_in_one_line(prepared, tmp_path, changed, seed, reason):
    data = read_window_data(prepared, SMALL_WINDOW)
    train_unet(data, SMALL_WINDOW, Run(tmp_path / "run", 3, 0), "none", SilentProgress())
    with pytest.raises(UserError, match=reason):
        train_unet(data, replace(SMALL_WINDOW, **changed), Run(tmp_path / "run", seed, 0), "none", SilentProgress())


def test_a_run_goes_on_from_what_it_began_with_alone(prepared, tmp_path):
    """Also one that was broken off: the weights that it would begin with anew are nowhere in its checkpoint."""
    data, one, other = read_window_data(prepared, SMALL_WINDOW), tmp_path / "one.pt", tmp_path / "other.pt"
    for seed, path in enumerate((one, other)):
        torch.manual_seed(seed)
        save_weights(
            path, {"id": "a", "label_definition": "b"}, {"unet": Trained(build_unet(SMALL_WINDOW), SMALL_WINDOW)}
        )
    run = Run(tmp_path / "run", 3, 0)
    with pytest.raises(KeyboardInterrupt):
        train_unet(data, SMALL_WINDOW, run, str(one), StopAt(3))
    for start in (str(other), "none"):
        with pytest.raises(UserError, match=r"run: holds a training that began from one\.pt .*, not from"):
            train_unet(data, SMALL_WINDOW, run, start, SilentProgress())
    moved = one.rename(tmp_path / "moved.pt")
    one.with_suffix(".json").unlink()
    assert load_model(train_unet(data, SMALL_WINDOW, run, str(moved), SilentProgress())).card["start"] == str(moved)


FEW_STEPS = tuple(
    f"{name}={','.join(map(str, value)) if isinstance(value, tuple) else value}"
    for name, value in SMALL_WINDOW.to_dict().items()
    if name not in ("augmentation", "name", "frame")
)


def test_a_run_goes_on_with_its_own_dataset_alone_wherever_that_lies(prepared, person, tmp_path):
    def run_on(dataset):
        return train_from(Order(dataset, "unet", FEW_STEPS), Run(tmp_path / "run", 3, 0), SilentProgress())

    run_on(prepared)
    moved = prepared.rename(tmp_path / "moved")
    run_on(moved)
    volume, seen = moved / "train" / "volumes" / "train.npz", tmp_path / "run" / "what_the_network_sees.png"
    replace(person, left_kji=np.roll(person.left_kji, 1, axis=0)).save(volume)
    before = seen.stat().st_mtime_ns
    with pytest.raises(UserError, match="run: holds a training on another dataset, or this one was changed since"):
        run_on(moved)
    assert seen.stat().st_mtime_ns == before, "what is refused draws nothing over the run's own picture"
    person.save(volume)
    run_on(moved)
    person.save(volume.with_name("another.npz"))
    with pytest.raises(UserError, match="another dataset"):
        run_on(moved)


def test_a_folder_that_cannot_be_is_refused_in_one_line(prepared, tmp_path):
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "file", tmp_path / "file" / "run"):
        with pytest.raises(UserError, match=r"cannot be written .*choose another folder"):
            train_from(Order(prepared, "unet", FEW_STEPS), Run(folder, 3, 0), SilentProgress())


def test_a_checkpoint_of_before_its_course_was_kept_is_taken_up_or_told_not_to_fit(prepared, tmp_path):
    data, run = read_window_data(prepared, SMALL_WINDOW), Run(tmp_path / "run", 3, 0)
    train_unet(data, SMALL_WINDOW, run, "none", SilentProgress())
    place = run.folder / "checkpoint.pt"
    old = torch.load(place, weights_only=True)
    del old["course"], old["score"]
    torch.save(old, place)
    train_unet(data, SMALL_WINDOW, run, "none", SilentProgress())
    with pytest.raises(UserError, match=r"checkpoint\.pt: does not fit this training"):
        train_unet(data, replace(SMALL_WINDOW, channels=(4, 6, 10)), run, "none", SilentProgress())


def test_a_run_may_start_from_weights_that_fit(prepared, tmp_path):
    data, still = read_window_data(prepared, SMALL_WINDOW), replace(SMALL_WINDOW, lr=0.0)
    first = train_unet(data, SMALL_WINDOW, Run(tmp_path / "first", 3, 0), "none", SilentProgress())
    second = train_unet(data, still, Run(tmp_path / "second", 4, 0), str(first), SilentProgress())
    one, other = (load_model(path).networks["unet"].network.state_dict() for path in (first, second))
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert load_model(second).card["start"] == str(first)
    with pytest.raises(UserError, match="widths"):
        wider = replace(SMALL_WINDOW, channels=(4, 6, 10))
        train_unet(data, wider, Run(tmp_path / "third", workers=0), str(first), SilentProgress())
    with pytest.raises(UserError, match="no weights file"):
        train_unet(data, SMALL_WINDOW, Run(tmp_path / "fourth", workers=0), "coco", SilentProgress())


def test_the_rate_rises_and_falls_to_nothing():
    rates = [learning_rate(1.0, step, 1000) for step in range(1000)]
    assert np.argmax(rates) in range(90, 110) and rates[0] < 0.02 and rates[-1] < 1e-4


def test_the_rate_of_the_parts_of_a_learning_falls_as_that_of_the_whole():
    whole = [learning_rate(1.0, step, 1000, rise=1) for step in range(1000)]
    parts = [
        learning_rate(1.0, step, 250, 1, (number / 4, (number + 1) / 4)) for number in range(4) for step in range(250)
    ]
    np.testing.assert_allclose(parts, whole)


def test_structures_are_not_learnt_where_the_region_alone_was_drawn(prepared, person, tmp_path):
    drawn = replace(person, labels_kji=np.zeros_like(person.labels_kji))
    drawn.save(prepared / "train" / "volumes" / "train.npz")
    data = read_window_data(prepared, SMALL_WINDOW)
    with pytest.raises(UserError, match="set label_loss to 0"):
        train_unet(data, SMALL_WINDOW, Run(tmp_path / "run", workers=0), "none", SilentProgress())
    alone = replace(SMALL_WINDOW, label_loss=0.0)
    path = train_unet(data, alone, Run(tmp_path / "run", workers=0), "none", SilentProgress())
    assert "unet" in load_model(path).networks


def test_a_via_file_or_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(UserError, match="learns from volumes"):
        read_window_data(tmp_path / "via.json", SMALL_WINDOW)
    with pytest.raises(UserError, match="dlpfc prepare"):
        read_window_data(tmp_path, SMALL_WINDOW)
