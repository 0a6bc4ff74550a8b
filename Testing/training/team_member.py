"""One of the processes of `test_loop.py`: trains the small network as `torchrun` tells it, alone or in a team.

Usage: team_member.py FOLDER FIRST_STOP; the training is killed after FIRST_STOP reports, and then resumed.
"""

import sys
from dataclasses import replace
from pathlib import Path

import torch

TESTING = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTING / "training"), str(TESTING), str(TESTING.parent / "DLPFCSegmenter")]

from conftest import prepared_person  # noqa: E402
from DLPFCSegmenterLib.networks.mask_rcnn import build_network  # noqa: E402
from DLPFCSegmenterLib.progress import SilentProgress  # noqa: E402
from DLPFCSegmenterLib.training.mask_rcnn_training import train, warm_up  # noqa: E402
from DLPFCSegmenterLib.training.run import Run  # noqa: E402
from DLPFCSegmenterLib.training.structures import StructureNames  # noqa: E402
from DLPFCSegmenterLib.training.subjects import PeopleSource, people_of  # noqa: E402
from DLPFCSegmenterLib.training.team import join_team  # noqa: E402
from small_config import SMALL  # noqa: E402

CONFIG = replace(SMALL, steps_per_epoch=2, all_epochs=2, batch=1, pretrain_steps=2, label_loss=0.5)


class Killed(Exception):
    """Stands for a kill."""


class KilledAfter:
    """Progress that stops the training in the middle."""

    def __init__(self, reports: int) -> None:
        self.left = reports

    def report(self, done: int, total: int, text: str) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed


def once(people, run: Run, progress):
    """A training from its beginning or its last checkpoint; the network as it is at the end."""
    run.folder.mkdir(exist_ok=True)
    torch.manual_seed(7 + run.team.rank)  # the team must agree by itself
    network = build_network(CONFIG)
    names = StructureNames(network.backbone, people[:1])
    source = PeopleSource(people[:1], people[1:], CONFIG)
    scores = iter((0.1, 0.2, 0.3))
    warm_up(network.backbone, names, source, CONFIG, run, SilentProgress())
    train(network, source, CONFIG, run, lambda _network: next(scores), progress, names)
    return network


def main(folder: Path, stop: int) -> None:
    people = people_of(prepared_person(), CONFIG)
    with join_team("cpu") as (team, device):
        whole = Run(folder / "whole", workers=0, device=device, team=team)
        cut = Run(folder / "cut", workers=0, device=device, team=team)
        states = {"whole": once(people, whole, SilentProgress()).state_dict()}
        try:
            once(people, cut, KilledAfter(stop))
        except Killed:
            states["resumed"] = once(people, cut, SilentProgress()).state_dict()
        torch.save(states, folder / f"rank{team.rank}.pt")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
