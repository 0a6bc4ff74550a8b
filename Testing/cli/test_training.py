"""`dlpfc prepare`, `train` and `evaluate`, one after the other as a scientist calls them."""

import json

import nibabel as nib
import numpy as np
import pytest

from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.export.correction import Correction, write_correction
from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.networks.weights import load_model
from DLPFCSegmenterLib.scan.readers import read_volume
from synthetic_head import ball_ras_mm, of_person, plain_grid, synthetic_head

SMALL_SETTINGS = [
    "fpn_channels=16", "box_head_size=16", "mask_head_channels=8", "mask_head_layers=1", "mask_size=28",
    "detail_channels=8", "image_size=96,80", "pixel_mm=2.0", "batch=2", "steps_per_epoch=2",
    "heads_epochs=1", "all_epochs=1", "pretrain_steps=1",
]  # fmt: skip


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """Two people whose middle frontal gyri (143, 142) are balls, drawn out to the front."""
    folder = tmp_path_factory.mktemp("scans")
    head = synthetic_head(*plain_grid())
    ijk = np.argwhere(np.ones(head.array_kji.shape, bool))[:, ::-1]
    points = spaces.ijk_to_ras_points(head.ijk_to_ras, ijk)
    labels = (head.array_kji > 0).astype(np.uint8)
    for side, number in ((-1.0, 143), (1.0, 142)):
        stretched = (points - ball_ras_mm(side)) / (12, 24, 12)
        labels[(np.linalg.norm(stretched, axis=1) < 1).reshape(labels.shape)] = number
    for part, name in (("train", "sub-01"), ("val", "sub-02")):
        (folder / part).mkdir()
        for array, kind in ((of_person(head, name).array_kji, "T1w"), (labels, "dlmuse")):
            image = nib.Nifti1Image(array.transpose(2, 1, 0), head.ijk_to_ras)
            nib.save(image, folder / part / f"{name}_{kind}.nii.gz")
    return folder


@pytest.fixture(scope="module")
def weights(scans, tmp_path_factory):
    folder = tmp_path_factory.mktemp("work")
    assert main(["prepare", str(scans), "--output", str(folder / "dataset")]) == 0
    run = ["--output", str(folder / "run"), "--workers", "0", "--set", *SMALL_SETTINGS]
    assert main(["train", str(folder / "dataset"), *run]) == 0
    return folder / "run" / "dlpfc.pt"


def test_training_leaves_weights_and_their_card(weights):
    assert weights.exists() and weights.with_suffix(".json").exists()


def test_evaluation_reports_the_scans_and_is_not_written_twice(weights, scans, tmp_path, capsys):
    arguments = ["evaluate", str(scans / "val"), "--weights", str(weights), "--output", str(tmp_path)]
    assert main(arguments) == 0
    report = (tmp_path / "evaluation.md").read_text()
    assert "sub-02" in report and "Dice" in report
    capsys.readouterr()
    assert main(arguments) == 2
    assert "evaluation.md" in capsys.readouterr().err


def test_another_region_is_prepared_by_its_numbers_and_judged_as_its_weights_say(scans, tmp_path):
    numbers = ["--label", "ball", "--left", "143", "--right", "142", "--posterior-cut", "0"]
    assert main(["prepare", str(scans), "--output", str(tmp_path / "set"), *numbers]) == 0
    region = json.loads((tmp_path / "set" / "dataset.json").read_text())["region"]
    assert region["definition"] == "ball: parcellation labels 143 left; 142 right, whole."
    run = ["--output", str(tmp_path / "run"), "--workers", "0", "--set", *SMALL_SETTINGS]
    assert main(["train", str(tmp_path / "set"), *run]) == 0
    arguments = ["--weights", str(tmp_path / "run" / "ball.pt"), "--output", str(tmp_path / "judged")]
    assert main(["evaluate", str(scans / "val"), *arguments]) == 0
    judged = json.loads((tmp_path / "judged" / "evaluation.json").read_text())
    assert judged["options"]["region"]["posterior_cut"] == 0.0
    ball_ml = 4 / 3 * np.pi * 1.2 * 2.4 * 1.2
    assert judged["subjects"][0]["reference_ml"] == pytest.approx(ball_ml, rel=0.05)


def test_a_corrected_mask_is_saved_prepared_learnt_from_and_judged(weights, scans, tmp_path):
    """The loop that a lab closes: correct in the panel, save, fine-tune, look at the figures."""
    for part in ("train", "val"):
        (t1,) = (scans / part).glob("*_T1w.nii.gz")
        scan = read_volume(t1)
        corrected = read_volume(t1.with_name(t1.name.replace("T1w", "dlmuse"))).array_kji == 143
        corrected[:, : corrected.shape[1] // 2] = False
        (tmp_path / "corrections" / part).mkdir(parents=True)
        name = t1.name.removesuffix("_T1w.nii.gz")
        write_correction(scan, Correction({"left": corrected}, tmp_path / "corrections" / part, name))
    assert main(["prepare", str(tmp_path / "corrections"), "--output", str(tmp_path / "set")]) == 0
    region = json.loads((tmp_path / "set" / "dataset.json").read_text())["region"]
    assert region["definition"] == "dlpfc as drawn or corrected by hand."
    run = ["--output", str(tmp_path / "run"), "--workers", "0", "--start", str(weights)]
    settings = [each for each in SMALL_SETTINGS if not each.startswith("pretrain")]
    assert main(["train", str(tmp_path / "set"), *run, "--set", *settings, "lr=0.01", "finetune_lr=0.01"]) == 0
    tuned, before = (load_model(path) for path in (tmp_path / "run" / "dlpfc.pt", weights))
    assert tuned.label_definition == region["definition"] and tuned.card["start"] == str(weights)
    moved = [
        float((value - before.networks["mask-rcnn"].network.state_dict()[name]).abs().max())
        for name, value in tuned.networks["mask-rcnn"].network.state_dict().items()
        if value.is_floating_point()
    ]
    assert 0 < max(moved) < 0.01, "it did not go on from the weights it was given"
    arguments = ["--weights", str(tmp_path / "run" / "dlpfc.pt"), "--output", str(tmp_path / "judged")]
    assert main(["evaluate", str(tmp_path / "corrections" / "val"), *arguments]) == 0
    judged = json.loads((tmp_path / "judged" / "evaluation.json").read_text())["subjects"][0]
    assert judged["reference_ml"] == pytest.approx(np.count_nonzero(corrected) * scan.voxel_ml)


def test_mixed_precision_is_told_where_the_device_has_none(scans, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("DLPFCSegmenterLib.training.run.has_bfloat16", lambda device: False)
    (tmp_path / "empty").mkdir()
    assert main(["train", str(tmp_path / "empty"), "--output", str(tmp_path / "run"), "--mixed-precision"]) == 2
    assert "has no bfloat16 of its own" in capsys.readouterr().out


def test_the_picture_of_where_the_network_looks_is_written_once(weights, scans, tmp_path, capsys):
    (t1,) = (scans / "val").glob("*_T1w.nii.gz")
    arguments = ["features", str(t1), "--weights", str(weights), "--output", str(tmp_path / "features.png")]
    assert main(arguments) == 0
    assert (tmp_path / "features.png").stat().st_size > 20000
    assert main(arguments) == 2
    assert "features.png: is there already" in capsys.readouterr().err


def test_training_on_no_dataset_is_refused_in_one_line(tmp_path, capsys):
    assert main(["train", str(tmp_path), "--output", str(tmp_path / "run")]) == 2
    assert "dlpfc prepare" in capsys.readouterr().err


def test_preparing_into_a_filled_folder_is_refused(scans, capsys):
    assert main(["prepare", str(scans), "--output", str(scans)]) == 2
    assert "empty folder" in capsys.readouterr().err


def test_the_3d_network_is_trained_and_judged_by_the_same_commands(scans, tmp_path, capsys):
    assert main(["prepare", str(scans), "--output", str(tmp_path / "set")]) == 0
    settings = ["frame=head", "spacing_mm=4", "shape_kji=24,28,32", "window_centre_mm=-20,30,-60", "channels=4,6,8"]
    run = ["--preset", "unet", "--output", str(tmp_path / "run"), "--workers", "0", "--set", *settings, "steps=2"]
    assert main(["train", str(tmp_path / "set"), *run]) == 0
    weights = tmp_path / "run" / "unet.pt"
    assert list(load_model(weights).networks) == ["unet"]
    judged = ["evaluate", str(scans / "val"), "--weights", str(weights), "--output", str(tmp_path / "judged")]
    assert main([*judged, "--network", "unet"]) == 0
    assert json.loads((tmp_path / "judged" / "evaluation.json").read_text())["subjects"][0]["reference_ml"] > 1
    capsys.readouterr()
    assert main([*judged, "--network", "mask-rcnn"]) == 2
    assert "hold no mask-rcnn" in capsys.readouterr().err
    assert main(["train", str(tmp_path / "set"), *run, "--start", "coco", "--output", str(tmp_path / "r")]) == 2
    assert "no weights file" in capsys.readouterr().err
