"""Maps beside the T1: prepared, learnt from, carried by the weights, asked for at a plan, and refused where missing."""

import json
from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest
import torch

from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.evaluation.metrics import dice
from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.networks.frame import FramedHead, channels_of, slice_frame, slice_window
from DLPFCSegmenterLib.networks.slice_detector import _images
from DLPFCSegmenterLib.networks.unet import window_image
from DLPFCSegmenterLib.networks.weights import load_model
from DLPFCSegmenterLib.training.prepare import PreparedScan
from DLPFCSegmenterLib.training.subjects import people_of, plain_slice
from DLPFCSegmenterLib.training.window_data import CroppedPerson, plain_window
from small_config import SMALL, SMALL_WINDOW
from synthetic_head import ball_ras_mm, plain_grid, synthetic_head

PEOPLE = {"train": 8, "val": 2}
RADIUS_MM, SPREAD_MM = 13.0, 26.0
SETTINGS = [
    "frame=head", "spacing_mm=4", "shape_kji=32,32,32", "window_centre_mm=-24,30,-60", "channels=8,12,16", "lr=0.01",
    "label_loss=0", "steps=60", "check_every=60", "augmentation.aged=0", "augmentation.any_look=0",
    "augmentation.scale=0", "augmentation.tilt_deg=3", "augmentation.rotation_deg=3", "memory=0.9",
]  # fmt: skip


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """People whose regions lie anywhere in the front of the head, in a T1 that is the same for all of them."""
    folder, random = tmp_path_factory.mktemp("scans"), np.random.default_rng(5)
    head = synthetic_head(*plain_grid())
    points = spaces.ijk_to_ras_points(head.ijk_to_ras, np.argwhere(np.ones(head.array_kji.shape, bool))[:, ::-1])
    stripes = 100 + 30 * np.sin(points[:, 2] / 2).reshape(head.array_kji.shape)
    t1 = np.where(head.array_kji > 0, stripes, 0.0)  # without the ball that it has
    for part, count in PEOPLE.items():
        (folder / part).mkdir()
        for number in range(count):
            labels, z_map = (t1 > 0).astype(np.uint8), random.normal(0, 0.1, t1.shape)
            for side, value in ((-1.0, 143), (1.0, 142)):
                middle = ball_ras_mm(side) + random.uniform(-1, 1, 3) * SPREAD_MM
                away = np.linalg.norm(points - middle, axis=1).reshape(t1.shape)
                labels[away < RADIUS_MM] = value
                z_map -= np.exp(-0.5 * (away / RADIUS_MM) ** 2)
            noisy = t1 + random.normal(0, 3, t1.shape) * (t1 > 0)
            for array, kind in ((noisy, "T1w"), (labels, "dlmuse"), (z_map, "z")):
                image = nib.Nifti1Image(array.astype(np.float32).transpose(2, 1, 0), head.ijk_to_ras)
                nib.save(image, folder / part / f"sub-{part}{number}_{kind}.nii.gz")
    return folder


def trained(scans, folder, *channel):
    """Weights that `dlpfc prepare` and `dlpfc train` make of the scans, with a map or without."""
    numbers = ["--label", "ball", "--left", "143", "--right", "142"]
    assert main(["prepare", str(scans), "--output", str(folder / "set"), *numbers, *channel]) == 0
    run = ["--preset", "unet", "--output", str(folder / "run"), "--workers", "0", "--set", *SETTINGS]
    assert main(["train", str(folder / "set"), *run]) == 0
    return folder / "run" / "unet.pt"


@pytest.mark.slow
def test_a_region_that_only_a_map_reveals_is_found_with_it_and_not_without(scans, tmp_path, capsys):
    weights = trained(scans, tmp_path / "with", "--channel", "z=*_z.nii.gz")
    alone = trained(scans, tmp_path / "without")
    with_map, without = (load_model(path).card["validation_dice"] for path in (weights, alone))
    assert with_map > 0.8 and without < 0.3, (with_map, without)
    assert load_model(weights).networks["unet"].config.extra_channels == ("z",)
    assert json.loads((tmp_path / "with" / "set" / "dataset.json").read_text())["channels"] == ["z"]
    t1 = scans / "val" / "sub-val0_T1w.nii.gz"
    asked = ["segment", str(t1), "--weights", str(weights), "--hemisphere", "right"]
    assert main([*asked, "--output", str(tmp_path / "plan"), "--channel", "z=*_z.nii.gz"]) == 0
    truth = np.asarray(nib.load(scans / "val" / "sub-val0_dlmuse.nii.gz").dataobj) == 142
    (mask,) = (tmp_path / "plan").glob("*.nii.gz")
    assert dice(np.asarray(nib.load(mask).dataobj) > 0, truth) > 0.8
    capsys.readouterr()
    refused = {
        "give z of": asked,
        "no such map of sub-val0_T1w.nii.gz": [*asked, "--channel", "z=*_fa.nii.gz"],
        "sub-val1_z.nii.gz: is of sub-val1": [*asked, "--channel", f"z={scans / 'val' / 'sub-val1_z.nii.gz'}"],
        "give NAME=FILE": [*asked, "--channel", "*_z.nii.gz"],
        "see no channel 'fa'": [*asked, "--channel", "z=*_z.nii.gz", "fa=*_z.nii.gz"],
    }
    for sentence, words in refused.items():
        assert main([*words, "--output", str(tmp_path / "other")]) == 2
        assert sentence in capsys.readouterr().err
    judge = ["evaluate", str(scans / "val"), "--weights", str(weights)]
    assert main([*judge, "--output", str(tmp_path / "judged"), "--channel", "z=*_z.nii.gz"]) == 0
    subjects = json.loads((tmp_path / "judged" / "evaluation.json").read_text())["subjects"]
    assert len(subjects) == PEOPLE["val"] and all(each["volume_dice"] > 0.8 for each in subjects)
    assert main(judge) == 2 and "give z of" in capsys.readouterr().err
    tune = ["finetune", str(scans), "--start", str(weights), "--output", str(tmp_path / "tuned.pt")]
    assert main(tune) == 2 and "sees maps beside the T1" in capsys.readouterr().err


@pytest.fixture
def mapped(person):
    """A prepared person with two maps, one that grows to the right and one to the front."""
    k, j, i = np.indices(person.t1.array_kji.shape).astype(np.float32)
    return replace(person, maps={"z": i + 1, "fa": j + 1})


def test_maps_are_kept_with_the_prepared_scan(mapped, tmp_path):
    mapped.save(tmp_path / "scan.npz")
    again = PreparedScan.load(tmp_path / "scan.npz")
    np.testing.assert_array_equal(again.maps["fa"], mapped.maps["fa"])
    assert list(again.maps) == ["z", "fa"]


@pytest.mark.parametrize("twin", [False, True])
def test_what_is_learnt_from_is_what_is_asked_of_the_networks(mapped, twin):
    """On either side: the right region is that of the mirrored head, and its maps are mirrored with it."""
    names = ("fa", "z")
    slices, window = replace(SMALL, extra_channels=names), replace(SMALL_WINDOW, extra_channels=names)
    head = mapped.head.mirrored() if twin else mapped.head
    maps = dict(zip(names, channels_of(head, names), strict=True))
    framed = FramedHead(head.canonical, slice_frame("head", head), maps)
    person = people_of(mapped, slices)[twin]
    shown = _images(framed, slice_window("axial", slices))
    place = slice_window("axial", slices).first_mm + 30 * slices.slice_mm
    learnt = plain_slice(person, slices, "axial", place)
    assert learnt.image.shape[0] == slices.context + 2 and learnt.maps == 2
    torch.testing.assert_close(learnt.image, shown[30], atol=1e-3, rtol=1e-3)
    cropped = plain_window(CroppedPerson.of(people_of(mapped, window)[twin], window), window)
    asked = torch.from_numpy(window_image(framed, window))
    inside = torch.from_numpy(window_image(framed, window)[0] > -1)  # what is cropped shows nothing beyond the window
    torch.testing.assert_close(cropped.image[:, inside], asked[:, inside], atol=0.02, rtol=0.02)
