"""What a network will see is drawn before it learns, and named in the log."""

import numpy as np
import pytest
import torch
from matplotlib.image import imread
from PIL import Image

from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.training import mask_rcnn_training
from DLPFCSegmenterLib.training.shown import Look, draw_looks, look_of, some_of
from DLPFCSegmenterLib.training.subjects import TrainingSlice
from DLPFCSegmenterLib.training.via import AnnotatedPicture, write_via
from DLPFCSegmenterLib.training.window_data import TrainingWindow

ORANGE = np.array([0xE6, 0x9F, 0x00]) / 255


@pytest.fixture
def annotated(tmp_path):
    """Six pictures of two people, pixels of 1 mm, seen from below: the left on the right."""
    pictures = []
    for person in ("sub-1", "sub-2"):
        for number in range(3):
            grey = np.zeros((200, 180), np.uint8)
            grey[20:180, 20:160] = 100
            grey[50:90, 110 + number : 140] = 250
            path = tmp_path / f"{person}_{number}.png"
            Image.fromarray(grey).save(path)
            pictures.append(AnnotatedPicture(path, grey > 200, {}))
    write_via(tmp_path / "via.json", pictures, "dlpfc", "test")
    return tmp_path / "via.json"


SAID = ["--pixel-mm", "1", "--left-on", "right", "--person", r"sub-\d"]


def test_a_dry_run_draws_a_batch_and_learns_nothing(annotated, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(mask_rcnn_training, "run_training", lambda *_: pytest.fail("it learnt"))
    run = tmp_path / "run"
    assert main(["train", str(annotated), "--output", str(run), "--dry-run", "--workers", "0", *SAID]) == 0
    assert {path.name for path in run.iterdir()} == {"what_the_network_sees.png", "one_batch.png"}
    out = capsys.readouterr().out
    assert f"what the network sees: {run / 'what_the_network_sees.png'}" in out and "weights:" not in out


def test_the_picture_is_there_before_anything_is_learnt(annotated, tmp_path, monkeypatch):
    seen = []
    run = tmp_path / "run"
    monkeypatch.setattr(
        mask_rcnn_training,
        "run_training",
        lambda *_: seen.append((run / "what_the_network_sees.png").exists()) or run / "dlpfc.pt",
    )
    assert main(["train", str(annotated), "--output", str(run), *SAID]) == 0
    assert seen == [True]


def test_what_is_not_said_of_pictures_stops_the_command_in_one_line(annotated, tmp_path, capsys):
    assert main(["train", str(annotated), "--output", str(tmp_path / "run"), *SAID[:2]]) == 2
    assert "say it with --left-on" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_outlines_are_drawn_where_the_region_lies(tmp_path):
    region = np.zeros((96, 96), bool)
    region[20:40, 10:30] = True
    path = draw_looks(tmp_path / "look.png", [Look(np.zeros((96, 96), np.float32), region, 1.1)], "seen")
    picture = imread(path)[:, :, :3]
    rows, columns = np.nonzero(np.abs(picture - ORANGE).max(axis=2) < 0.1)
    grey = np.abs(picture - 0.5).max(axis=2) < 0.02
    shown = [np.flatnonzero(grey.sum(axis=axis) > 100) for axis in (1, 0)]  # without the letters
    for outlined, inside, (low, high) in zip((rows, columns), shown, ((20, 40), (10, 30)), strict=True):
        size = np.ptp(inside) + 1
        assert (outlined.min() - inside[0]) / size == pytest.approx(low / 96, abs=0.02)
        assert (outlined.max() - inside[0]) / size == pytest.approx(high / 96, abs=0.02)


def test_of_a_window_the_slice_with_most_of_the_region_is_seen_the_front_at_the_top():
    region = torch.zeros(1, 8, 6, 4)
    region[0, 5, 4:, :2] = 1.0  # J grows to the front
    look = look_of(TrainingWindow(region.clone(), region, region.long()), 2.0)
    assert look.region[:2, :2].all() and look.region.sum() == 4 and look.grey[0, 0] == 1.0


def test_three_are_chosen_among_those_that_show_the_region():
    blank, marked = torch.zeros(4, 4, dtype=torch.bool), torch.ones(4, 4, dtype=torch.bool)
    slices = [
        TrainingSlice(torch.full((1, 4, 4), float(n)), blank.long(), marked if n % 2 else blank) for n in range(9)
    ]
    assert [int(each.image[0, 0, 0]) for each in some_of(slices)] == [1, 5, 7]
    assert len(some_of(slices[:1])) == 1 and len(some_of(slices[::2])) == 3
