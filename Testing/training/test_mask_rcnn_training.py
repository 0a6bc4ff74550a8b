"""Two phases, five losses, early stopping, and a kill that changes nothing."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.mask_rcnn import build_network
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.training.checkpoints import load_checkpoint
from DLPFCSegmenterLib.training.course import Course
from DLPFCSegmenterLib.training.curves import LOSSES, read_rows
from DLPFCSegmenterLib.training.loop import batches
from DLPFCSegmenterLib.training.mask_rcnn_training import phases, train, warm_up
from DLPFCSegmenterLib.training.run import Run
from DLPFCSegmenterLib.training.structures import StructureNames
from DLPFCSegmenterLib.training.subjects import PeopleSource, people_of
from small_config import SMALL, SMALL_WINDOW


@pytest.fixture
def source(person):
    left, twin = people_of(person, SMALL)
    return PeopleSource([left], [twin], SMALL)


def fresh_network(config=SMALL):
    torch.manual_seed(7)
    return build_network(config)


class Validator:
    """Gives the scores it was told to, one an epoch."""

    def __init__(self, scores):
        self.scores = list(scores)

    def __call__(self, network):
        assert not network.training
        return self.scores.pop(0)


def run_to_end(source, folder, scores, config=SMALL):
    return train(fresh_network(config), source, config, Run(folder, workers=0), Validator(scores), SilentProgress())


def test_heads_learn_first_then_all_layers_at_a_lower_rate_and_all_losses_are_logged(source, tmp_path):
    heads, everything = phases(SMALL)
    assert not heads.backbone and everything.backbone and everything.lr < heads.lr
    run_to_end(source, tmp_path, [0.1, 0.2, 0.3])
    table = read_rows(tmp_path / "losses.csv")
    assert [row["phase"] for row in table] == ["heads"] * 3 + ["all layers"] * 6
    assert all(float(row["loss_mask"]) > 0 for row in table) and set(LOSSES) < set(table[0])


def test_backbone_is_untouched_by_the_first_phase_and_changed_by_the_second(source, tmp_path):
    first = fresh_network()
    before = {k: v.clone() for k, v in first.backbone.stages.state_dict().items()}
    heads_only = replace(SMALL, all_epochs=0)
    train(first, source, heads_only, Run(tmp_path / "a", workers=0), Validator([0.5]), SilentProgress())
    assert all(torch.equal(before[k], v) for k, v in first.backbone.stages.state_dict().items())
    second = fresh_network()
    train(second, source, SMALL, Run(tmp_path / "b", workers=0), Validator([0.1, 0.2, 0.3]), SilentProgress())
    assert not torch.equal(before["0.0.conv1.weight"], second.backbone.stages[0][0].conv1.weight)


def test_best_epoch_is_kept_and_training_stops_when_it_no_longer_rises(source, tmp_path):
    config = replace(SMALL, all_epochs=9, patience=2, steps_per_epoch=1)
    best = run_to_end(source, tmp_path, [0.1, 0.6, 0.5, 0.4], config)
    assert load_checkpoint(best)["score"] == 0.6
    table = read_rows(tmp_path / "epochs.csv")
    assert [float(row["map50"]) for row in table] == [0.1, 0.6, 0.5, 0.4]
    assert [float(row["best"]) for row in table] == [0.1, 0.6, 0.6, 0.6]
    run_to_end(source, tmp_path, [], config)  # what has stopped is not trained on
    assert len(read_rows(tmp_path / "epochs.csv")) == 4


class KilledAt:
    """Raises in the middle of the training, as a kill would stop it."""

    def __init__(self, reports):
        self.left = reports

    def report(self, done, total, text):
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


def test_killed_training_goes_on_and_ends_with_the_same_weights(source, tmp_path):
    whole = load_checkpoint(run_to_end(source, tmp_path / "whole", [0.1, 0.2, 0.3]))
    with pytest.raises(KeyboardInterrupt):
        train(
            fresh_network(), source, SMALL, Run(tmp_path / "cut", workers=0),
            Validator([0.1, 0.2, 0.3]), KilledAt(10),
        )  # fmt: skip
    resumed = load_checkpoint(run_to_end(source, tmp_path / "cut", [0.3]))
    for name, value in whole["network"].items():
        assert torch.equal(value, resumed["network"][name]), name


def test_more_epochs_go_on_where_the_training_ended_and_patience_begins_anew(source, tmp_path):
    short = replace(SMALL, steps_per_epoch=1, all_epochs=3, patience=1)
    run_to_end(source, tmp_path, [0.5, 0.4], short)
    best = run_to_end(source, tmp_path, [0.3, 0.6, 0.5], replace(short, all_epochs=4, patience=2))
    assert load_checkpoint(best)["score"] == 0.6
    rows = [(row["phase"], row["epoch"], float(row["map50"])) for row in read_rows(tmp_path / "epochs.csv")]
    assert rows == [
        ("heads", "1", 0.5), ("all layers", "1", 0.4), ("all layers", "2", 0.3), ("all layers", "3", 0.6),
        ("all layers", "4", 0.5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "changed, reason",
    [
        ({"finetune_lr": 0.5}, r"other settings \(finetune_lr: 0.001, not 0.5\)"),
        ({"fpn_channels": 32}, r"other settings \(fpn_channels: 16, not 32\)"),
    ],
)
def test_other_settings_are_refused_in_one_line(source, tmp_path, changed, reason):
    config = replace(SMALL, steps_per_epoch=1, all_epochs=0)
    run_to_end(source, tmp_path, [0.5], config)
    with pytest.raises(UserError, match=reason):
        run_to_end(source, tmp_path, [0.5], replace(config, **changed))


def test_the_folder_of_another_network_is_refused_in_one_line(source, tmp_path):
    other = Course("unet", SMALL_WINDOW, Run(tmp_path), ("steps",))
    other.run.keep("checkpoint.pt", {"step": 4, "course": other.to_dict()})
    with pytest.raises(UserError, match=r"holds a training of a unet; name another folder for the mask-rcnn"):
        run_to_end(source, tmp_path, [0.5])


def test_where_nobody_is_watched_the_last_state_is_kept(source, tmp_path):
    nan = float("nan")
    best = run_to_end(source, tmp_path, [nan, nan, nan], replace(SMALL, steps_per_epoch=1, patience=1))
    states = [load_checkpoint(path)["network"] for path in (best, tmp_path / "checkpoint.pt")]
    assert all(torch.equal(value, states[1][name]) for name, value in states[0].items())
    assert len(read_rows(tmp_path / "epochs.csv")) == 3


def test_loss_that_explodes_is_told_in_words(source, tmp_path):
    network = fresh_network()
    with torch.no_grad():
        network.roi_heads.mask_predictor.mask_fcn_logits.weight.fill_(float("nan"))
    with pytest.raises(UserError, match="learning rate"):
        train(network, source, SMALL, Run(tmp_path, workers=0), Validator([0.1]), SilentProgress())


def test_every_epoch_ends_with_a_picture_of_the_curves(source, tmp_path):
    seen = []

    def validate(network):
        seen.append((tmp_path / "curves.png").exists())
        return 0.5

    config = replace(SMALL, steps_per_epoch=1)
    train(fresh_network(config), source, config, Run(tmp_path, workers=0), validate, SilentProgress())
    assert seen == [False, True, True] and (tmp_path / "curves.png").stat().st_size > 5000


def test_mixed_precision_keeps_the_weights_in_full_precision_and_changes_the_course(source, tmp_path):
    config = replace(SMALL, steps_per_epoch=2, all_epochs=1)
    states = []
    for mixed in (False, True):
        run = Run(tmp_path / str(mixed), workers=0, mixed_precision=mixed)
        best = train(fresh_network(config), source, config, run, Validator([0.1, 0.2]), SilentProgress())
        states.append(load_checkpoint(best)["network"])
    assert all(v.dtype == torch.float32 for v in states[1].values() if v.is_floating_point())
    weight = "roi_heads.box_head.fc6.weight"
    assert not torch.equal(states[0][weight], states[1][weight])
    assert torch.allclose(states[0][weight], states[1][weight], atol=0.01)


def test_unknown_optimizer_is_refused(source, tmp_path):
    config = replace(SMALL, optimizer="magic")
    with pytest.raises(UserError, match="magic"):
        run_to_end(source, tmp_path, [0.1], config)


def test_damaged_checkpoint_is_named(source, tmp_path):
    (tmp_path / "checkpoint.pt").write_text("damaged")
    with pytest.raises(UserError, match="checkpoint.pt"):
        run_to_end(source, tmp_path, [0.1])


def test_batches_depend_on_seed_and_step_alone(source):
    first = list(batches(source, 2, (1, 0), range(0, 3)))
    again = list(batches(source, 2, (1, 0), range(2, 3)))
    other = list(batches(source, 2, (2, 0), range(2, 3)))
    assert np.array_equal(first[2][1].image, again[0][1].image)
    assert not np.array_equal(first[2][1].image, other[0][1].image)


@pytest.mark.parametrize("detail_channels", [8, 0])
def test_warm_up_learns_to_name_structures_and_resumes(source, tmp_path, detail_channels):
    config = replace(SMALL, pretrain_steps=12, detail_channels=detail_channels)
    for _ in range(2):
        network = fresh_network(config)
        names = StructureNames(network.backbone, source.people)
        warm_up(network.backbone, names, source, config, Run(tmp_path, workers=0), SilentProgress())
    losses = [float(row["loss"]) for row in read_rows(tmp_path / "warmup.csv")]
    assert np.mean(losses[-3:]) < np.mean(losses[:3])
    assert len(losses) == 12


def test_naming_structures_goes_on_beside_the_detection_from_the_same_features(source, tmp_path):
    config = replace(SMALL, label_loss=1.0)
    network = fresh_network(config)
    names = StructureNames(network.backbone, source.people)
    before = names.classify.weight.detach().clone()
    run = Run(tmp_path / "named", workers=0)
    train(network, source, config, run, Validator([0.1, 0.2, 0.3]), SilentProgress(), names)
    assert all(float(row["loss_names"]) > 0 for row in read_rows(run.folder / "losses.csv"))
    assert not torch.equal(names.classify.weight, before)
    alone = run_to_end(source, tmp_path / "alone", [0.1, 0.2, 0.3])
    states = [load_checkpoint(path)["network"] for path in (run.folder / "best.pt", alone)]
    assert not torch.equal(*(state["backbone.detail.0.weight"] for state in states))
