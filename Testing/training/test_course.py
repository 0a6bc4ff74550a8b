"""A training goes on as it began, and what would make it another is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.training.course import Course
from DLPFCSegmenterLib.training.run import Run
from DLPFCSegmenterLib.training.team import Team
from small_config import SMALL_WINDOW

BEGAN = Run(Path("run"), 3, team=Team(0, 2), learnt_from="1a2b", began_from=("old.pt", "12" * 32))


def course(run: Run, kind: str = "unet") -> Course:
    return Course(kind, SMALL_WINDOW, run, ("steps",))


@pytest.mark.parametrize(
    "changed, reason",
    [
        ({"seed": 4}, r"other settings \(seed: 3, not 4\)"),
        ({"team": Team(1, 4)}, r"other settings \(processes: 2, not 4\)"),
        ({"part": (0.0, 0.5)}, r"other settings \(part: 0 to 1, not 0 to 0\.5\)"),
        ({"part": (0.5, 1.0)}, r"other settings \(part: 0 to 1, not 0\.5 to 1\)"),
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
