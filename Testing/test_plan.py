"""The main job on a head whose answer is known."""

import numpy as np
import pytest
from synthetic_head import ball_ras_mm, bright_ball_model, plain_grid, synthetic_head

from DLPFCSegmenterLib import plan as plan_module
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.plan import PlanOptions, make_plan
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter


@pytest.fixture(autouse=True)
def bright_ball(monkeypatch):
    """A network whose answer is known; everything else is real."""
    monkeypatch.setattr(plan_module, "_segmenter", lambda options: Segmenter(bright_ball_model()))


@pytest.fixture(scope="module")
def head():
    return synthetic_head(*plain_grid())


def test_plan_holds_the_region_the_target_the_model_and_the_times(head):
    plan = make_plan(head, PlanOptions(landmarks=False), SilentProgress())
    assert np.linalg.norm(plan.sides["left"].target.position_ras_mm - ball_ras_mm()) < 0.7
    assert plan.model.id == "bright-ball" and plan.model.label_definition == "a bright ball"
    assert plan.timing_s["segment left"] > 0 and not plan.not_found


def test_side_that_is_not_there_is_named_and_the_other_planned(head):
    plan = make_plan(head, PlanOptions(("left", "right"), landmarks=False), SilentProgress())
    assert list(plan.sides) == ["left"] and "right" in plan.not_found["right"]


def test_scan_whose_head_cannot_be_read_keeps_mask_and_target_and_says_why(head):
    plan = make_plan(head, PlanOptions(), SilentProgress())
    side = plan.sides["left"]
    assert not side.landmarks and side.region.mask_kji.any()
    assert any("template" in warning or "scalp" in warning for warning in plan.warnings)


def test_curved_mask_gets_the_nearest_point_of_itself_as_target(head, monkeypatch):
    def shell(self, scan, hemisphere, findings):
        region = original(self, scan, hemisphere, findings)
        points = np.argwhere(region.mask_kji)
        distance = np.linalg.norm(points - points.mean(axis=0), axis=1)
        region.mask_kji[tuple(points[distance < 4].T)] = False
        return region

    original = Segmenter.region
    monkeypatch.setattr(Segmenter, "region", shell)
    side = make_plan(head, PlanOptions(landmarks=False), SilentProgress()).sides["left"]
    assert not side.target.centroid_inside
    assert any("nearest point of the mask" in warning for warning in side.warnings)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (PlanOptions(threshold=-0.1), "threshold"),
        (PlanOptions(threshold=float("nan")), "threshold"),
        (PlanOptions(rule_mm=500), "rule length"),
        (PlanOptions(("left", "right"), hotspot_ras_mm=(1.0, 2.0, 3.0)), "hotspot"),
    ],
)
def test_options_that_make_no_sense_are_refused(head, options, word):
    with pytest.raises(UserError, match=word):
        make_plan(head, options, SilentProgress())
