"""A plan's record: all but the images, and read again with those that are at hand."""

import json
from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.doubts import doubt
from DLPFCSegmenterLib.plan_record import plan_in, plan_of, record_of, text_of
from DLPFCSegmenterLib.serial import RecordError
from hand_made_plans import make_plan, with_everything, without_side
from targeting.known_heads import ellipsoid_scalp


@pytest.fixture
def plan():
    made = with_everything(make_plan("LIA", ("left", "right")))
    side = made.sides["left"]
    told = replace(side, warnings=(doubt("picked_outside", "left", away=3.2), *side.warnings))
    return replace(made, sides=made.sides | {"left": told}, scalp=ellipsoid_scalp(), fingerprint="f" * 64)


def through_json(record):
    return json.loads(json.dumps(record, allow_nan=False))


def test_a_plan_is_read_again_with_every_field(plan):
    masks = {name: side.region.mask_kji for name, side in plan.sides.items()}
    again = plan_of(through_json(record_of(plan)), plan.volume, masks)
    assert again.volume.array_kji is plan.volume.array_kji and again.volume.origin == plan.volume.origin
    assert (again.options, again.model, again.fingerprint) == (plan.options, plan.model, plan.fingerprint)
    for name, side in plan.sides.items():
        now = again.sides[name]
        np.testing.assert_array_equal(now.region.mask_kji, side.region.mask_kji)
        np.testing.assert_array_equal(now.target.position_ras_mm, side.target.position_ras_mm)
        np.testing.assert_array_equal(now.coil_pose_ras_mm, side.coil_pose_ras_mm)
        assert [mark.key for mark in now.literature] == [mark.key for mark in side.literature]
        assert (now.distances_mm, now.tape_sites, now.depth) == (side.distances_mm, side.tape_sites, side.depth)


def test_a_doubt_keeps_its_key_its_numbers_and_its_side(plan):
    told = plan_of(through_json(record_of(plan))).sides["left"].warnings[0]
    assert (told.key, told.numbers, told.hemisphere) == ("picked_outside", {"away": 3.2}, "left")


def test_without_scan_and_masks_the_grid_is_there_and_empty(plan):
    again = plan_of(through_json(record_of(plan)))
    assert again.volume.shape_ijk == plan.volume.shape_ijk and not again.volume.array_kji.any()
    assert not again.sides["left"].region.mask_kji.any() and again.scalp is None


def test_one_side_is_kept_as_a_text(plan):
    again = plan_in(text_of(plan, "right"))
    assert list(again.sides) == ["right"] and again.not_found == {}


def test_a_side_that_was_not_found_says_why(plan):
    lost = without_side(plan, "right")
    assert plan_of(through_json(record_of(lost))).not_found == lost.not_found


@pytest.mark.parametrize("change", [{"volume": {}}, {"sides": 3}, {"model": {"id": 1}}, {"more": 1}])
def test_what_is_no_plan_is_refused(plan, change):
    with pytest.raises(RecordError):
        plan_of(record_of(plan) | change)


@pytest.mark.parametrize("record", [None, [], "plan", {}])
def test_nothing_like_a_plan_is_refused(record):
    with pytest.raises(RecordError):
        plan_of(record)


WRONG = {
    "a target of two numbers": lambda side: side["target"]["point"]["position_ras_mm"].pop(),
    "a target far from any head": lambda side: side["target"]["point"]["position_ras_mm"].__setitem__(0, -1e5),
    "a hotspot of four numbers": lambda side: side["landmarks"][0]["position_ras_mm"].append(1.0),
    "a centroid as rows": lambda side: side["target"].update(centroid_ras_mm=[[1.0, 2.0, 3.0]]),
    "an entry of one number": lambda side: side["entry"].update(position_ras_mm=[1.0]),
    "a mirrored coil": lambda side: side["coil_pose_ras_mm"][2].__setitem__(2, 1.0),
    "a scaled coil": lambda side: side["coil_pose_ras_mm"][0].__setitem__(0, -8.0),
    "a coil of three rows": lambda side: side["coil_pose_ras_mm"].pop(),
}


@pytest.mark.parametrize("what", WRONG)
def test_places_and_poses_that_no_head_has_are_damage(what, plan):
    record = through_json(record_of(plan))
    WRONG[what](record["sides"]["left"])
    with pytest.raises(RecordError):
        plan_of(record)
