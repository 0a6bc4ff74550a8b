"""Two processes train one network: they end with the same weights, and a kill changes nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.training.curves import read_rows
from DLPFCSegmenterLib.training.team import Team, join_team

MEMBER = Path(__file__).parent / "team_member.py"


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
