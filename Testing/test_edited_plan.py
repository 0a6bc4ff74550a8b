"""The plan as a person has left it: what they changed is theirs, the rest is computed again for it."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.edited_plan import HeadAsLeft, SideAsLeft, findings_of, plan_as_left
from DLPFCSegmenterLib.errors import NotFoundError
from DLPFCSegmenterLib.plan import Plan
from DLPFCSegmenterLib.serial import from_text, to_text
from hand_made_plans import make_plan, with_everything


def as_found(plan, hemisphere="left", **changes):
    """A side that nobody touched, but for the changes."""
    side = plan.sides[hemisphere]
    kept = from_text(to_text(findings_of(plan, hemisphere)), Plan)
    untouched = SideAsLeft(
        kept, side.region.mask_kji, False, side.target.position_ras_mm, "Centroid of the mask.", side.landmarks,
        side.literature,
    )  # fmt: skip
    return replace(untouched, **changes)


def left(plan, *sides):
    head = HeadAsLeft(sides, None, 50.0, 45.0, 4.0, plan.options.tapes, plan.fiducials)
    return plan_as_left(plan.volume, head)


def by_hand(mark, shift_mm):
    place = mark.position_ras_mm + shift_mm
    return replace(mark, position_ras_mm=place, method="Moved by hand.", estimated=False, uncertainty_mm=None)


@pytest.mark.parametrize("code", ["RAS", "LPI", "oblique"])
def test_what_nobody_touched_is_the_plan_again(code):
    plan = with_everything(make_plan(code, ("left", "right")))
    again = left(plan, as_found(plan), as_found(plan, "right"))
    for name, side in plan.sides.items():
        now = again.sides[name]
        np.testing.assert_array_equal(now.region.mask_kji, side.region.mask_kji)
        np.testing.assert_allclose(now.target.position_ras_mm, side.target.position_ras_mm, atol=1e-9)
        assert now.target.method == side.target.method
        assert [mark.label for mark in now.landmarks] == [mark.label for mark in side.landmarks]
        assert [mark.estimated for mark in now.landmarks] == [mark.estimated for mark in side.landmarks]
        assert [mark.uncertainty_mm for mark in now.literature] == [mark.uncertainty_mm for mark in side.literature]
        assert now.tape_sites == side.tape_sites
        assert set(side.warnings + side.region.warnings) <= set(now.warnings)
    assert again.model == plan.model and again.warnings == plan.warnings
    assert again.fiducials == plan.fiducials


def test_what_is_kept_of_a_plan_holds_no_voxel():
    plan = make_plan()
    assert len(to_text(findings_of(with_everything(plan), "left"))) < 20_000


def test_an_edited_mask_says_so_and_loses_its_uncertainty():
    plan = make_plan()
    mask = np.roll(plan.sides["left"].region.mask_kji, 1, axis=0)
    target = plan.sides["left"].target.position_ras_mm + (0, 0, 4)
    region = left(plan, as_found(plan, mask_kji=mask, is_edited=True, target_ras_mm=target)).sides["left"].region
    np.testing.assert_array_equal(region.mask_kji, mask)
    assert "The mask was edited by hand" in region.warnings[-1] and "thin mask" in region.warnings
    assert region.agreement is None


def test_a_target_moved_by_hand_says_so_and_is_warned_of_outside_the_mask():
    plan = make_plan()
    away = plan.sides["left"].target.position_ras_mm + (0, 20, 0)
    now = left(plan, as_found(plan, target_ras_mm=away, target_method="Moved by hand."))
    target = now.sides["left"].target
    np.testing.assert_array_equal(target.position_ras_mm, away)
    assert target.method == "Moved by hand" and "outside the mask" in target.warnings[0]
    assert target.warnings[0] in now.sides["left"].warnings
    np.testing.assert_allclose(now.options.picked_ras_mm, away)


def test_a_hotspot_of_the_person_s_own_is_no_estimate_any_more():
    plan = make_plan()
    hotspot, five_cm = plan.sides["left"].landmarks
    moved = by_hand(hotspot, (3, 4, 0)), by_hand(five_cm, (0, 5, 0))
    now = left(plan, as_found(plan, landmarks=moved))
    assert [(mark.method, mark.estimated) for mark in now.sides["left"].landmarks] == [("Moved by hand.", False)] * 2
    np.testing.assert_allclose(now.options.hotspot_ras_mm, hotspot.position_ras_mm + (3, 4, 0))


def test_a_landmark_whose_method_is_still_the_run_s_keeps_the_run_s_doubts():
    plan = make_plan()
    hotspot, five_cm = plan.sides["left"].landmarks
    found, kept = (
        left(plan, as_found(plan, landmarks=(hotspot, replace(five_cm, estimated=False)))).sides["left"].landmarks
    )
    assert found.uncertainty_mm == (15.0, 20.0)
    assert kept.estimated and kept.uncertainty_mm == (15.0, 20.0)


def test_the_registration_of_a_run_that_saw_the_scan_turned_goes_back_to_its_own_space():
    plan = with_everything(make_plan())
    turn = np.array([[0.0, -1, 0, 20], [1, 0, 0, -10], [0, 0, 1, 5], [0, 0, 0, 1]])
    seen = replace(findings_of(plan, "left"), volume=replace(plan.volume, ijk_to_ras=turn @ plan.volume.ijk_to_ras))
    now = left(plan, replace(as_found(plan), findings=seen))
    back = np.linalg.inv(turn)
    np.testing.assert_allclose(now.registration.ras_from_mni, back @ plan.registration.ras_from_mni, atol=1e-9)


def test_an_empty_mask_has_no_target():
    plan = make_plan()
    empty = np.zeros_like(plan.sides["left"].region.mask_kji)
    with pytest.raises(NotFoundError):
        left(plan, as_found(plan, mask_kji=empty, is_edited=True))
