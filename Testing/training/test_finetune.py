"""Corrections become weights by one command, and none that are worse on other people."""

import os
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.correction import Correction, write_correction
from DLPFCSegmenterLib.labels.splits import find_split
from DLPFCSegmenterLib.networks.mask_rcnn import build_network
from DLPFCSegmenterLib.networks.registry import Trained
from DLPFCSegmenterLib.networks.unet import build_unet
from DLPFCSegmenterLib.networks.weights import load_model, save_weights
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.training import finetune as room
from DLPFCSegmenterLib.training.finetune import FineTuning, finetune, is_worse
from DLPFCSegmenterLib.training.run import Run
from small_config import SMALL, SMALL_WINDOW
from synthetic_head import ball_ras_mm, of_person, plain_grid, synthetic_head

SLICES = replace(SMALL, steps_per_epoch=1, batch=1, label_loss=0.3, pretrain_steps=5)
WINDOW = replace(SMALL_WINDOW, check_every=1)


def corrected(folder, name):
    """A head whose left ball was drawn."""
    head = of_person(synthetic_head(*plain_grid()), name)
    ijk = np.argwhere(np.ones(head.array_kji.shape, bool))[:, ::-1]
    points = (head.ijk_to_ras @ np.c_[ijk, np.ones(len(ijk))].T).T[:, :3]
    ball = (np.linalg.norm(points - ball_ras_mm(), axis=1) < 12).reshape(head.array_kji.shape)
    folder.mkdir(parents=True, exist_ok=True)
    write_correction(head, Correction({"left": ball}, folder, name))


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Weights of both networks, small and untrained."""
    torch.manual_seed(1)
    path = tmp_path_factory.mktemp("start") / "start.pt"
    networks = {"mask-rcnn": Trained(build_network(SLICES), SLICES), "unet": Trained(build_unet(WINDOW), WINDOW)}
    save_weights(path, {"id": "start", "label_definition": "a ball"}, networks)
    return path


@pytest.fixture(scope="module")
def corrections(tmp_path_factory):
    """One correction of one person."""
    folder = tmp_path_factory.mktemp("corrections")
    corrected(folder, "sub-01_T1w")
    return folder


def ordered(corrections, start, tmp_path, **more) -> FineTuning:
    return FineTuning(corrections, tmp_path / "new.pt", start, epochs=1, steps=1, **more)


def tuned(order) -> list[str]:
    return [str(each) for each in finetune(order, Run(order.work, workers=0), SilentProgress())]


@pytest.mark.slow
def test_one_correction_makes_weights_of_both_networks_with_their_own_settings(corrections, start, tmp_path):
    order = ordered(corrections, start, tmp_path)
    told = tuned(order)
    assert "One person alone" in told[0] and "not measured" in told[1] and "new.pt" in told[2]
    new, old = load_model(order.output), load_model(start)
    assert set(new.networks) == {"mask-rcnn", "unet"}
    assert new.label_definition == "dlpfc as drawn or corrected by hand."
    for name, network in new.networks.items():
        now, before = (each.networks[name].network.state_dict() for each in (new, old))
        moved = max(float((now[key] - before[key]).abs().max()) for key in now if now[key].is_floating_point())
        assert 0 < moved < 0.05, "it goes on from where it was"
        assert replace(network.config, **kept_by(name)) == replace(old.networks[name].config, **kept_by(name))
    with pytest.raises(UserError, match=r"new\.pt: is there already"):
        tuned(order)


@pytest.mark.parametrize("nothing", [{"epochs": 0}, {"steps": -1}])
def test_learning_nothing_is_refused_before_anything_is_prepared(tmp_path, nothing):
    with pytest.raises(UserError, match="nothing is learnt"):
        tuned(FineTuning(tmp_path / "corrections", tmp_path / "new.pt", **nothing))
    assert not any(tmp_path.iterdir())


def kept_by(name: str) -> dict:
    """What fine-tuning changes of a network's settings, at one value."""
    if name == "unet":
        return {"label_loss": 0.0, "lr": 0.0, "steps": 0, "check_every": 1}
    return {"label_loss": 0.0, "pretrain_steps": 0, "heads_epochs": 0, "all_epochs": 0, "finetune_lr": 0.0}


def judged(monkeypatch, *summaries):
    """Let the old and then the new weights be judged so."""
    given = iter(summaries)
    monkeypatch.setattr(room, "_summary", lambda *_: next(given))


def summary(dice, found=4, wrong=0):
    spread = SimpleNamespace(mean=dice)
    return SimpleNamespace(
        people=4, volume_dice=spread, centroid_error_mm=spread, people_found=found, wrong_hemisphere=wrong
    )


@pytest.mark.slow
def test_weights_that_are_worse_on_other_people_are_not_written_and_the_others_are(
    corrections, start, tmp_path, monkeypatch
):
    corrected(tmp_path / "others", "sub-09")
    order = ordered(corrections, start, tmp_path, judge=tmp_path / "others")
    judged(monkeypatch, summary(0.7), summary(0.69))
    with pytest.raises(UserError, match=r"it is worse: Dice 0\.690, before 0\.700.*new\.pt was not written"):
        tuned(order)
    assert not order.output.exists()
    judged(monkeypatch, summary(0.7), summary(0.71))
    assert any("Dice 0.710, before 0.700" in each for each in tuned(order)) and order.output.exists()


@pytest.mark.parametrize(
    "before, after, worse",
    [
        (summary(0.7), summary(0.7), False),
        (summary(0.7), summary(0.6), True),
        (summary(0.7), summary(0.8, found=3), True),
        (summary(0.7), summary(0.8, wrong=1), True),
    ],
)
def test_worse_is_a_lower_dice_a_person_lost_or_one_more_on_the_wrong_side(before, after, worse):
    assert is_worse(before, after) == worse


def test_people_who_were_corrected_do_not_judge(corrections, start, tmp_path):
    with pytest.raises(UserError, match=r"shows sub-01, whose corrections are learnt from"):
        tuned(ordered(corrections, start, tmp_path, judge=corrections))


def test_people_who_were_corrected_do_not_judge_under_another_name_either(corrections, start, tmp_path):
    for kind in ("T1w", "dlpfc"):
        shutil.copy(corrections / f"sub-01_{kind}.nii.gz", tmp_path / f"held-out_{kind}.nii.gz")
    with pytest.raises(
        UserError, match=r"sub-01_T1w\.nii\.gz and .*held-out_T1w\.nii\.gz: are one scan under two names"
    ):
        tuned(ordered(corrections, start, tmp_path, judge=tmp_path))


@pytest.mark.parametrize("change", ["another mask", "one person more", "another region"])
def test_corrections_that_changed_since_the_training_began_are_told_whatever_their_dates(
    corrections, start, tmp_path, monkeypatch, change
):
    """A copy keeps the dates of what it is a copy of; by dates alone it went unnoticed."""

    def prepare(split, folder, options, progress):
        folder.mkdir(parents=True)
        (folder / "dataset.json").write_text("{}")

    monkeypatch.setattr(room, "prepare", prepare)
    model, folder = load_model(start), tmp_path / "corrections"
    shutil.copytree(corrections, folder)
    order = ordered(folder, start, tmp_path)
    dataset = room._prepared(order, find_split(folder), model, SilentProgress())
    assert room._prepared(order, find_split(folder), model, SilentProgress()) == dataset
    if change == "another mask":
        os.utime(shutil.copy(folder / "sub-01_T1w.nii.gz", folder / "sub-01_dlpfc.nii.gz"), (0, 0))
    if change == "one person more":
        for kind in ("T1w", "dlpfc"):
            os.utime(shutil.copy(folder / f"sub-01_{kind}.nii.gz", folder / f"sub-00_{kind}.nii.gz"), (0, 0))
    if change == "another region":
        model = replace(model, card={**model.card, "region": {"name": "ball"}})
    with pytest.raises(UserError, match=r"changed since the training in .*new\.training began; delete that folder"):
        room._prepared(order, find_split(folder), model, SilentProgress())


def test_corrections_of_another_region_are_no_corrections_of_these_weights(corrections, start, tmp_path):
    card = {"id": "insula", "label_definition": "drawn", "region": {"name": "insula", "left": [], "right": []}}
    path = tmp_path / "insula.pt"
    save_weights(path, card, load_model(start).networks)
    with pytest.raises(UserError, match=r"no mask of insula; add .* or sub-01_insula_mask\.nii\.gz"):
        tuned(ordered(corrections, path, tmp_path))


def test_a_folder_without_corrections_and_a_name_that_is_no_weights_file_are_refused(start, tmp_path):
    with pytest.raises(UserError, match="holds no"):
        tuned(ordered(tmp_path, start, tmp_path))
    with pytest.raises(UserError, match=r"does not end in \.pt"):
        tuned(replace(ordered(tmp_path, start, tmp_path), output=tmp_path / "new"))
