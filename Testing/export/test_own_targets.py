"""Targets of a person's own: the side that they are of, their coil, and what is doubtful about their place."""

import numpy as np
import pytest

from DLPFCSegmenterLib.doubts import key_of
from DLPFCSegmenterLib.export.own_targets import aimed, with_its_side
from DLPFCSegmenterLib.export.targets import PlannedTarget
from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.options import PlanOptions
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.targeting.placing import Head

MOVED = np.array([[0.0, -1, 0, 30], [1, 0, 0, -12], [0, 0, 1, 5], [0, 0, 0, 1]])
"""A head that lies turned in its scan: x tells no side."""


FRAME = HeadFrame(MOVED, 1.0)


def aim_at(label, place_mni_mm, registration=FRAME, **more):
    place_ras_mm = transform_points(MOVED, np.array(place_mni_mm, float))
    return aimed(PlannedTarget(label, place_ras_mm, **more), Head(None, registration), PlanOptions())


@pytest.mark.parametrize("x_mm, side", [(-38, "left"), (38, "right")])
def test_a_target_is_of_the_side_of_the_head_that_it_lies_on_whatever_the_scan_s_axes_say(x_mm, side):
    target = aim_at("second", (x_mm, 42, 26))
    assert (target.hemisphere, target.warnings) == (side, ())
    assert with_its_side(target).label == f"second ({side})"


@pytest.mark.parametrize("label", ["L DLPFC", "DLPFC (left)", "links, left"])
def test_a_name_that_says_a_side_is_what_the_place_is_judged_by(label):
    target = aim_at(label, (38, 42, 26))
    assert target.hemisphere == "left" and [key_of(text) for text in target.warnings] == ["target_other_side"]
    assert with_its_side(target).label == label


def test_without_a_side_and_a_head_there_is_no_coil_and_that_is_said():
    target = aim_at("second", (-38, 42, 26), registration=None)
    assert target.hemisphere == "" and target.coil_pose_ras_mm is None
    assert [key_of(text) for text in target.warnings] == ["side_unknown"]
    assert with_its_side(target).label == "second"


def test_a_coil_that_a_target_brought_stays():
    pose = np.diag([1.0, -1.0, -1.0, 1.0])
    assert aim_at("second", (-38, 42, 26), coil_pose_ras_mm=pose).coil_pose_ras_mm is pose
