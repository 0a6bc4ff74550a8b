"""The whole experiment on five synthetic people: it runs, tells everything, and goes on where it was stopped."""

import json
import shutil
from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest

from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.experiment.experiment import _fitted
from DLPFCSegmenterLib.experiment.folds import Preset
from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.networks.configuration import PRESETS
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.training.prepare import PreparedScan
from DLPFCSegmenterLib.training.windows import Extent
from synthetic_head import ball_ras_mm, of_person, plain_grid, synthetic_head

SMALL_SETTINGS = [
    "backbone=resnet18", "fpn_channels=16", "box_head_size=16", "mask_head_channels=8", "mask_head_layers=1",
    "mask_size=28", "frame=head", "planes=axial", "image_size=64,64", "window_centre_mm=-24,12,-65", "pixel_mm=3",
    "slice_mm=8", "depths_mm=64", "proposals_train=20", "proposals_test=10", "rois_per_image=8", "confidence=0.0",
    "batch=1", "steps_per_epoch=2", "heads_epochs=1", "all_epochs=1", "dlpfc:context=3", "dlpfc:batch=2",
]  # fmt: skip


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """Five people whose middle frontal gyri (143, 142) are balls, drawn out to the front."""
    folder = tmp_path_factory.mktemp("scans")
    head = synthetic_head(*plain_grid(4.0))
    ijk = np.argwhere(np.ones(head.array_kji.shape, bool))[:, ::-1]
    points = spaces.ijk_to_ras_points(head.ijk_to_ras, ijk)
    for number in range(5):
        labels = (head.array_kji > 0).astype(np.uint8)
        for side, label in ((-1.0, 143), (1.0, 142)):
            stretched = (points - ball_ras_mm(side) - (0, number, 0)) / (14, 24, 14)
            labels[(np.linalg.norm(stretched, axis=1) < 1).reshape(labels.shape)] = label
        own = of_person(head, f"sub-{number}").array_kji
        for array, kind in ((own, "T1w"), (labels, "dlmuse")):
            image = nib.Nifti1Image(array.transpose(2, 1, 0), head.ijk_to_ras)
            nib.save(image, folder / f"sub-{number}_{kind}.nii.gz")
    return folder


def arguments(scans, folder, *more):
    sizes = ["--people", "3", "2", "--folds", "2", "--workers", "0"]
    return ["experiment", str(scans), "--output", str(folder), *sizes, *more, "--set", *SMALL_SETTINGS]


@pytest.fixture(scope="module")
def done(scans, tmp_path_factory):
    folder = tmp_path_factory.mktemp("work") / "experiment"
    assert main(arguments(scans, folder)) == 0
    return folder


def test_both_presets_are_trained_and_judged_in_one_split_and_in_every_fold(done):
    settings = json.loads((done / "settings.json").read_text())
    assert list(settings["presets"]) == ["paper", "dlpfc"]
    assert settings["presets"]["paper"]["config"]["context"] == 1
    judged = {}
    for preset in ("paper", "dlpfc"):
        for fold in ("holdout", "fold-1", "fold-2"):
            folder = done / preset / fold
            assert (folder / "dlpfc.pt").exists() and (folder / "curves.png").exists()
            subjects = json.loads((folder / "evaluation.json").read_text())["subjects"]
            judged[preset, fold] = [subject["subject"] for subject in subjects]
            assert set(judged[preset, fold]) == {f"sub-{name[4:]}" for name in settings["folds"][fold]["val"]}
    assert sorted(judged["paper", "fold-1"] + judged["paper", "fold-2"]) == [f"sub-{n}" for n in range(5)]
    assert judged["paper", "holdout"] == judged["dlpfc", "holdout"] and len(judged["paper", "holdout"]) == 2


def test_the_report_sets_the_published_figures_beside_and_says_who_has_no_scalp_landmark(done):
    text = (done / "report.md").read_text()
    assert "3 people to train on and 2 to judge by, and a 2-fold cross-validation of all 5 by person" in text
    assert "| 0.85 (0.02) |" in text and "| 0.80 (0.02) |" in text
    assert "No landmark could be placed in 5 scans" in text
    assert "- sub-4: the skull was removed from this scan" in text
    values = json.loads((done / "report.json").read_text())
    assert set(values["presets"]["dlpfc"]["folds"]) == {"holdout", "fold-1", "fold-2"}


def test_the_same_command_trains_nothing_again_and_a_lost_fold_alone(done, scans):
    text = (done / "report.md").read_text()
    kept = done / "paper" / "holdout" / "checkpoint.pt"
    stamp = kept.stat().st_mtime_ns
    shutil.rmtree(done / "dlpfc" / "fold-2")
    (done / "report.md").unlink()
    assert main(arguments(scans, done)) == 0
    assert kept.stat().st_mtime_ns == stamp and (done / "dlpfc" / "fold-2" / "dlpfc.pt").exists()
    before = [line for line in text.splitlines() if "fold-2" not in line]
    again = [line for line in (done / "report.md").read_text().splitlines() if "fold-2" not in line]
    assert again == before


def test_another_experiment_is_refused_in_the_same_folder(done, scans, capsys):
    assert main(arguments(scans, done, "--seed", "5")) == 2
    assert "another experiment (its seed, folds differ)" in capsys.readouterr().err


@pytest.mark.parametrize(
    "changed, more, named",
    [
        ("sub-0_dlmuse.nii.gz", [], "scans"),
        ("sub-4_T1w.nii.gz", [], "scans"),
        ("", ["--mixed-precision"], "mixed_precision"),
        ("", ["--start", "WEIGHTS"], "presets, starts"),
    ],
)
def test_other_scans_weights_or_precision_are_another_experiment(
    done, scans, tmp_path, capsys, monkeypatch, changed, more, named
):
    monkeypatch.setattr("DLPFCSegmenterLib.training.run.has_bfloat16", lambda device: True)
    others = shutil.copytree(scans, tmp_path / "scans")
    if changed:
        shutil.copy(others / changed.replace("sub-0", "sub-1").replace("sub-4_T1w", "sub-4_dlmuse"), others / changed)
    more = [str(done / "paper" / "holdout" / "dlpfc.pt") if each == "WEIGHTS" else each for each in more]
    assert main(arguments(others, done, *more)) == 2
    assert f"another experiment (its {named} differ)" in capsys.readouterr().err


def test_a_folder_that_holds_something_is_refused(scans, tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    assert main(arguments(scans, tmp_path)) == 2
    assert "is not an empty folder" in capsys.readouterr().err


def test_one_scan_under_two_names_or_two_of_one_name_are_refused(scans, tmp_path, capsys):
    copied = shutil.copytree(scans, tmp_path / "copied")
    shutil.copy(copied / "sub-0_T1w.nii.gz", copied / "sub-3_T1w.nii.gz")
    assert main(arguments(copied, tmp_path / "one")) == 2
    assert "are one scan under two names" in capsys.readouterr().err
    parts = tmp_path / "parts"
    shutil.copytree(scans, parts / "train")
    (parts / "val").mkdir()
    for kind in ("T1w", "dlmuse"):
        shutil.copy(scans / f"sub-1_{kind}.nii.gz", parts / "val" / f"sub-2_{kind}.nii.gz")
    assert main(arguments(parts, tmp_path / "two")) == 2
    assert "Two scans are called sub-2" in capsys.readouterr().err


def test_who_has_no_region_is_left_out_and_told(scans, tmp_path, capsys):
    lacking = shutil.copytree(scans, tmp_path / "scans")
    settings = ["--people", "3", "2", "--folds", "0", "--workers", "0", "--preset", "paper", "--set", *SMALL_SETTINGS]
    for name in ("sub-2", "sub-1"):  # the seed has the one learn and the other be judged
        path = lacking / f"{name}_dlmuse.nii.gz"
        image = nib.load(path)
        values = np.asarray(image.dataobj)
        nib.save(nib.Nifti1Image(np.where(values > 1, 1, values).astype(np.uint8), image.affine), path)
    folder = tmp_path / "out"
    assert main(["experiment", str(lacking), "--output", str(folder), *settings]) == 0
    split = json.loads((folder / "settings.json").read_text())["folds"]["holdout"]
    assert [name in split["train"] for name in ("sub-2", "sub-1")] == [True, False]
    told = capsys.readouterr().out
    assert "left out: " in told and "sub-2_dlmuse.nii.gz: no voxels with label" in told
    report = (folder / "report.md").read_text()
    assert "Not judged, and in no figure: 1" in report and "- sub-1: " in report


def test_another_region_is_sought_in_windows_of_its_own_unless_they_were_set(done, tmp_path):
    ras_from_mni = np.eye(4)
    ras_from_mni[1, 3] = 60.0
    person = replace(PreparedScan.load(done / "volumes" / "sub-0.npz"), registration=HeadFrame(ras_from_mni, 1.7))
    person.save(tmp_path / "sub-01.npz")
    preset = Preset("dlpfc", PRESETS["dlpfc"], "none")
    own = _fitted(preset, [tmp_path / "sub-01.npz"])
    middle_mm = Extent.of(person.sides_mni_mm).centre_mm
    assert own.window_centre_mm == pytest.approx(middle_mm, abs=0.01)
    assert own.window_centre_mm != preset.config.window_centre_mm
    assert own.label_mm == pytest.approx(person.voxel_mm, abs=1e-3)
    set_by_hand = replace(preset, settings=("window_centre_mm=-41,37,29",))
    assert _fitted(set_by_hand, [tmp_path / "sub-01.npz"]).window_centre_mm == preset.config.window_centre_mm


def test_an_experiment_does_not_run_in_a_team(scans, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main(arguments(scans, tmp_path / "new")) == 2
    assert "without torchrun" in capsys.readouterr().err
