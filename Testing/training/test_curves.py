"""The curves show what the tables hold; tables say what their columns are, and those of old runs are still read."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.image import imread

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.training.curves import (
    COLUMNS,
    TensorBoard,
    append_row,
    draw_curves,
    draw_window_curves,
    losses_in_words,
    read_rows,
)
from DLPFCSegmenterLib.training.run import Run


def tables(folder, scores=(0.2, 0.5, 0.4)):
    for phase, steps in (("heads", 20), ("all layers", 40)):
        for step in range(steps):
            append_row(folder / "losses.csv", [phase, step + 1, 0.1, 0.05, 0.4, 0.3, 0.6 / (step + 1), 0.0])
    for epoch, score in enumerate(scores):
        append_row(folder / "epochs.csv", ["heads" if epoch == 0 else "all layers", epoch + 1, score, max(scores)])


def test_losses_and_map_are_drawn(tmp_path):
    tables(tmp_path)
    picture = imread(draw_curves(tmp_path))[:, :, :3]
    rows = len(picture)
    orange = np.linalg.norm(picture - (0.835, 0.369, 0.0), axis=-1) < 0.1
    assert orange[rows // 2 :].any(), "the best epoch is not marked"
    assert (np.ptp(picture[: rows // 2], axis=-1) > 0.3).sum() > 500, "no loss is drawn"


def test_other_scores_are_another_picture(tmp_path):
    pictures = []
    for name, scores in (("a", (0.2, 0.5, 0.4)), ("b", (0.6, 0.5, 0.4))):
        (tmp_path / name).mkdir()
        tables(tmp_path / name, scores)
        pictures.append(imread(draw_curves(tmp_path / name)))
    half = len(pictures[0]) // 2
    assert not np.array_equal(pictures[0][half:], pictures[1][half:])


def test_a_run_that_was_not_judged_yet_is_drawn_and_one_without_steps_is_not(tmp_path):
    assert draw_curves(tmp_path) is None
    append_row(tmp_path / "losses.csv", ["heads", 1, *[0.5] * 6])
    append_row(tmp_path / "epochs.csv", ["heads", 1, "nan", "-1"])
    assert draw_curves(tmp_path).exists()


def test_a_run_of_the_3d_network_is_drawn_from_its_own_tables(tmp_path):
    assert draw_window_curves(tmp_path) is None
    for step in range(30):
        append_row(tmp_path / "window_losses.csv", [step + 1, 0.5 / (step + 1), 0.2, 0.1])
    for step, score in ((10, 0.3), (20, 0.6), (30, 0.5)):
        append_row(tmp_path / "window_checks.csv", [step, score])
    picture = imread(draw_window_curves(tmp_path))[:, :, :3]
    orange = np.linalg.norm(picture - (0.835, 0.369, 0.0), axis=-1) < 0.1
    assert orange[len(picture) // 2 :].any(), "the best check is not marked"


def test_a_table_begins_with_its_header_and_gives_its_rows_back(tmp_path):
    path = tmp_path / "epochs.csv"
    append_row(path, ["heads", 1, "0.1", "0.1"])
    append_row(path, ["heads", 2, "0.3", "0.3"])
    assert path.read_text().splitlines()[0] == "phase,epoch,map50,best"
    assert [row["map50"] for row in read_rows(path)] == ["0.1", "0.3"]


def test_tables_without_a_header_or_with_fewer_losses_are_read_by_their_order(tmp_path):
    path = tmp_path / "losses.csv"
    path.write_text("heads,1,0.1,0.2,0.3,0.4,0.5\nheads,2,0.1,0.2,0.3,0.4,0.6\n")
    assert [row["loss_mask"] for row in read_rows(path)] == ["0.5", "0.6"]
    append_row(path, ["heads", 3, *[0.7] * 6])
    last = read_rows(path)[-1]
    assert list(last) == list(COLUMNS["losses.csv"]) and last["step"] == "3"


def test_the_later_lines_of_a_repeated_epoch_count(tmp_path):
    path = tmp_path / "losses.csv"
    for step, loss in ((1, 0.9), (2, 0.8), (3, 0.7), (2, 0.5), (3, 0.4)):
        append_row(path, ["heads", step, *[loss] * 6])
    assert [row["loss_mask"] for row in read_rows(path)] == ["0.9", "0.5", "0.4"]


def test_no_table_has_no_rows(tmp_path):
    assert read_rows(tmp_path / "losses.csv") == []


def test_the_losses_of_a_step_are_told_in_parts():
    assert losses_in_words({"loss_mask": 0.3, "loss_rpn_box_reg": 0.125, "loss_names": 0.0}) == (
        "loss 0.425 (mask 0.300, rpn box reg 0.125)"
    )


class Board:
    """Stands for TensorBoard's writer."""

    def __init__(self, folder) -> None:
        self.folder, self.shown = folder, []

    def add_scalar(self, name, value, step) -> None:
        self.shown.append((name, value, step))

    def flush(self) -> None:
        pass


def test_tensorboard_shows_what_the_tables_hold(tmp_path, monkeypatch):
    boards = []
    module = SimpleNamespace(SummaryWriter=lambda folder: boards.append(Board(folder)) or boards[-1])
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    run = Run(tmp_path, board=TensorBoard(tmp_path))
    run.log("epochs.csv", ["heads", 3, "0.5000", "0.6000"])
    run.log("window_checks.csv", [40, "0.7000"])
    assert boards[0].shown == [
        ("epochs/heads/map50", 0.5, 3), ("epochs/heads/best", 0.6, 3), ("window_checks/dice", 0.7, 40),
    ]  # fmt: skip
    assert (tmp_path / "epochs.csv").exists()


def test_a_missing_tensorboard_is_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(UserError, match="pip install tensorboard"):
        TensorBoard(tmp_path)
