"""`dlpfc prepare`, `train` and `evaluate`, one after the other as a scientist calls them."""

import nibabel as nib
import numpy as np
import pytest
from synthetic_head import ball_ras_mm, plain_grid, synthetic_head

from DLPFCSegmenterLib.cli import main
from DLPFCSegmenterLib.geometry import spaces

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
        for array, kind in ((head.array_kji, "T1w"), (labels, "dlmuse")):
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


def test_training_on_no_dataset_is_refused_in_one_line(tmp_path, capsys):
    assert main(["train", str(tmp_path), "--output", str(tmp_path / "run")]) == 2
    assert "dlpfc prepare" in capsys.readouterr().err


def test_preparing_into_a_filled_folder_is_refused(scans, capsys):
    assert main(["prepare", str(scans), "--output", str(scans)]) == 2
    assert "empty folder" in capsys.readouterr().err
