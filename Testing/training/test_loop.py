"""Two processes train one network: they end with the same weights, and a kill changes nothing."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.training.curves import read_rows
from DLPFCSegmenterLib.training.loop import Course, Run, RunningMean, Stretch, Team, join_team, learn, start_of
from small_config import SMALL_WINDOW

MEMBER = Path(__file__).parent / "team_member.py"


BEGAN = Run(Path("run"), 3, team=Team(0, 2), learnt_from="1a2b", began_from=("old.pt", "12" * 32))


def course(run: Run, kind: str = "unet") -> Course:
    return Course(kind, SMALL_WINDOW, run, ("steps",))


@pytest.mark.parametrize(
    "changed, reason",
    [
        ({"seed": 4}, r"other settings \(seed: 3, not 4\)"),
        ({"team": Team(1, 4)}, r"other settings \(processes: 2, not 4\)"),
        ({"mixed_precision": True}, r"other settings \(precision: float32, not bfloat16 mixed\)"),
        ({"learnt_from": "3c4d"}, "on another dataset, or this one was changed"),
        (
            {"began_from": ("none", "")},
            r"began from old\.pt \(SHA-256 121212121212\), not from none; .* the same start",
        ),
        ({"began_from": ("coco", "")}, "not from coco"),
        ({"began_from": ("old.pt", "34" * 32)}, r"old\.pt \(SHA-256 12.*\), not from old\.pt \(SHA-256 34"),
    ],
)
def test_what_changes_the_weights_that_come_out_is_carried_and_another_refused(changed, reason):
    with pytest.raises(UserError, match=reason):
        course(replace(BEGAN, **changed)).require_same({"course": course(BEGAN).to_dict()})


@pytest.mark.parametrize(
    "changed",
    [
        {"team": Team(1, 2)},
        {"folder": Path("moved"), "workers": 3, "device": "cuda:0"},
        {"began_from": ("renamed.pt", "12" * 32)},
        {"learnt_from": ""},
    ],
)
def test_what_changes_nothing_may_be_another_when_a_training_goes_on(changed):
    course(replace(BEGAN, **changed)).require_same({"course": course(BEGAN).to_dict()})


def test_what_an_earlier_version_did_not_tell_passes():
    told = course(BEGAN).to_dict()
    course(BEGAN).require_same({})
    course(BEGAN).require_same({"course": {name: told[name] for name in ("kind", "seed", "config")}})
    with pytest.raises(UserError, match="holds a training of a unet"):
        course(BEGAN, "mask-rcnn").require_same({"course": {"kind": "unet", "config": {"channels": 3}}})


def test_a_start_that_is_neither_a_word_nor_a_file_is_refused(tmp_path):
    (tmp_path / "a.pt").write_bytes(b"weights")
    assert start_of("coco") == ("coco", "") and start_of(str(tmp_path / "a.pt"))[0] == "a.pt"
    for wrong in ("cocoo", str(tmp_path), str(tmp_path / "b.pt"), ""):
        with pytest.raises(UserError, match=r"there is no weights file of this name, nor is it one of none, imagenet"):
            start_of(wrong)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with what two processes left, and the weights of both."""
    folder = tmp_path_factory.mktemp("team")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, str(MEMBER), str(folder), "3"], env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder, [torch.load(folder / f"rank{rank}.pt", weights_only=True) for rank in (0, 1)]


def same(one: dict, other: dict, tolerance: float = 0.0) -> bool:
    return all(torch.allclose(value, other[name], rtol=0, atol=tolerance) for name, value in one.items())


@pytest.mark.slow
def test_both_processes_end_with_the_same_weights(trained):
    _, (first, second) = trained
    assert same(first["whole"], second["whole"])


@pytest.mark.slow
def test_a_killed_team_goes_on_and_ends_with_the_same_weights(trained):
    _, (first, second) = trained
    assert same(first["resumed"], second["resumed"])
    assert same(first["whole"], first["resumed"])


@pytest.mark.slow
def test_one_process_alone_writes(trained):
    folder, _ = trained
    table = read_rows(folder / "whole" / "losses.csv")
    lines = (folder / "whole" / "losses.csv").read_text().splitlines()
    assert len(table) == 6 and len(lines) == 7
    assert len((folder / "whole" / "warmup.csv").read_text().splitlines()) == 3


def test_the_team_draws_batches_that_nobody_draws_twice():
    steps = range(4, 8)
    drawn = [Team(rank, 2).own_steps(steps) for rank in (0, 1)]
    assert drawn == [[8, 10, 12, 14], [9, 11, 13, 15]]
    assert Team().own_steps(steps) == list(steps)


def test_without_torchrun_a_process_is_alone(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with join_team("cpu") as (team, device):
        assert team == Team() and team.leads and device == "cpu"
        assert team.agreed(0.3) == 0.3


def test_more_processes_than_gpus_are_refused(monkeypatch):
    for name, value in (("WORLD_SIZE", "2"), ("RANK", "1"), ("LOCAL_RANK", "99")):
        monkeypatch.setenv(name, value)
    with pytest.raises(UserError, match="more processes than this machine has GPUs"), join_team("cuda"):
        pass


class Halves(torch.nn.Module):
    """Two weights, one of which rests."""

    def __init__(self) -> None:
        super().__init__()
        self.moving, self.resting = (torch.nn.Parameter(torch.ones(3)) for _ in range(2))

    def forward(self, batch: list[float], _step: int) -> dict[str, torch.Tensor]:
        return {"loss": (self.moving * batch[0]).square().sum()}


class Numbers:
    def draw(self, rng) -> float:
        return float(rng.normal()) + 3.0


def test_what_rests_has_no_gradient_of_before_that_a_kill_would_forget(tmp_path):
    """The warm-up's last gradients of the backbone counted in the norm of the heads' steps, but not after a kill."""
    ends = []
    for old in (None, torch.full((3,), 50.0)):
        learner = Halves()
        learner.resting.grad = old
        optimizer = torch.optim.SGD([learner.moving], lr=0.01)
        stretch = Stretch(range(3), 1, (1,), lambda step: 0.01, clip_norm=0.1)
        assert len(list(learn(learner, Numbers(), stretch, optimizer, Run(tmp_path, workers=0)))) == 3
        ends.append(learner.moving.detach())
    assert torch.equal(*ends) and not torch.equal(ends[0], torch.ones(3))


def test_the_running_mean_follows_fast_at_first_and_slowly_later():
    network = torch.nn.Linear(1, 1)
    mean = RunningMean(network, 0.9)
    torch.nn.init.constant_(network.weight, 5.0)
    start = float(mean.network.weight.detach())
    mean.follow(1)
    first = float(mean.network.weight.detach())
    assert abs(first - 5.0) < 0.55 * abs(start - 5.0)
    torch.nn.init.constant_(network.weight, 6.0)
    mean.follow(1000)
    assert float(mean.network.weight.detach()) == pytest.approx(0.9 * first + 0.6)
    assert float(network.weight.detach()) == 6.0
