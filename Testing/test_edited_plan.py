"""The plan as a person has edited it: what they changed is theirs, the rest follows by the rule."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.doubts import doubt
from DLPFCSegmenterLib.edited_plan import EditedHead, EditedSide, edited_plan
from DLPFCSegmenterLib.errors import NotFoundError, UserError
from DLPFCSegmenterLib.options import PlanOptions
from DLPFCSegmenterLib.plan import place_side
from DLPFCSegmenterLib.plan_record import plan_in, text_of
from DLPFCSegmenterLib.targeting.placing import Edits, Head
from DLPFCSegmenterLib.targeting.point import Method
from DLPFCSegmenterLib.targeting.target import place_doubts
from DLPFCSegmenterLib.words import description_of, label_of, method_of
from hand_made_plans import make_plan, with_everything
from targeting.known_heads import ellipsoid_scalp


def as_found(plan, hemisphere="left", **changes):
    """A side that nobody touched, but for the changes."""
    kept = plan_in(text_of(plan, hemisphere))
    return replace(EditedSide(kept, plan.sides[hemisphere].region.mask_kji), **changes)


def edited(plan, *sides, scalp=None, **choices):
    return edited_plan(plan.volume, EditedHead(sides, scalp, replace(plan.options, **choices), plan.fiducials))


@pytest.fixture(scope="module")
def scalp():
    return ellipsoid_scalp()


@pytest.mark.parametrize("code", ["RAS", "LPI", "oblique"])
def test_what_nobody_touched_is_the_plan_again(code):
    plan = with_everything(make_plan(code, ("left", "right")))
    again = edited(plan, as_found(plan), as_found(plan, "right"))
    for name, side in plan.sides.items():
        now = again.sides[name]
        np.testing.assert_array_equal(now.region.mask_kji, side.region.mask_kji)
        np.testing.assert_allclose(now.target.position_ras_mm, side.target.position_ras_mm, atol=1e-9)
        assert now.target.method == side.target.method
        for before, after in zip(side.landmarks + side.literature, now.landmarks + now.literature, strict=True):
            np.testing.assert_allclose(after.position_ras_mm, before.position_ras_mm, atol=1e-9)
            assert (label_of(after), description_of(after)) == (label_of(before), description_of(before))
        assert now.tape_sites == side.tape_sites
        assert set(side.warnings + side.region.warnings) <= set(now.warnings)
    assert again.model == plan.model and again.warnings == plan.warnings
    assert again.options == plan.options
    assert [description_of(mark) for mark in again.fiducials] == [description_of(mark) for mark in plan.fiducials]


def test_sides_found_by_different_runs_name_the_network_of_each():
    plan = make_plan(hemispheres=("left", "right"))
    other = replace(plan, model=replace(plan.model, id="newer", sha256="1" * 64), options=PlanOptions(threshold=0.3))
    now = edited(plan, as_found(plan), as_found(other, "right"))
    assert now.model.id == "left: hand-made, right: newer"
    assert now.model.sha256 == f"left: {'0' * 64}, right: {'1' * 64}"
    (told,) = [each for each in now.warnings if each.key == "two_runs"]
    assert "left: hand-made" in told and "right: newer" in told and "threshold 0.3" in told
    same = edited(plan, as_found(plan), as_found(plan, "right"))
    assert same.model == plan.model and not [each for each in same.warnings if each.key == "two_runs"]


def test_a_target_that_the_run_was_told_stays_the_user_s_pick():
    plan = make_plan()
    place = tuple(map(float, plan.sides["left"].target.position_ras_mm + (2.0, 0, 0)))
    picked = replace(plan, options=replace(plan.options, picked_ras_mm=place))
    now = edited(picked, as_found(picked))
    assert now.sides["left"].target.method is Method.PICKED and now.options.picked_ras_mm == place


def test_what_is_kept_of_a_plan_holds_no_voxel():
    plan = make_plan()
    assert len(text_of(with_everything(plan), "left")) < 20_000


def test_an_edited_mask_says_so_and_loses_its_uncertainty():
    plan = make_plan()
    mask = np.roll(plan.sides["left"].region.mask_kji, 1, axis=0)
    region = edited(plan, as_found(plan, mask_kji=mask, is_edited=True)).sides["left"].region
    np.testing.assert_array_equal(region.mask_kji, mask)
    assert "The mask was edited by hand" in region.warnings[-1] and "thin mask" in region.warnings
    assert region.agreement is None


def test_a_target_moved_by_hand_says_so_and_is_warned_of_outside_the_mask():
    plan = make_plan()
    away = plan.sides["left"].target.position_ras_mm + (0, 20, 0)
    now = edited(plan, as_found(plan, placed={"target": away}))
    target = now.sides["left"].target
    np.testing.assert_array_equal(target.position_ras_mm, away)
    assert method_of(target.point) == "Moved by hand" and "outside the mask" in target.warnings[0]
    assert target.warnings[0] in now.sides["left"].warnings
    np.testing.assert_allclose(now.options.picked_ras_mm, away)


def test_a_target_far_off_its_mask_is_refused():
    plan = make_plan()
    with pytest.raises(UserError, match="mm from the mask"):
        edited(plan, as_found(plan, placed={"target": np.array([90.0, 0, 0])}))


def test_a_target_nearest_to_the_scalp_is_called_so_and_no_pick_of_the_person_s(scalp):
    plan = make_plan()
    now = edited(plan, as_found(plan), scalp=scalp, target="nearest-scalp")
    assert now.sides["left"].target.method is Method.NEAREST_SCALP
    assert (now.options.target, now.options.picked_ras_mm) == ("nearest-scalp", None)


def test_a_target_that_was_put_back_to_the_centroid_is_called_so(scalp):
    plan = replace(make_plan(), options=PlanOptions(target="nearest-scalp"))
    now = edited(plan, as_found(plan), scalp=scalp, target="centroid")
    assert now.sides["left"].target.method is Method.CENTROID and now.options.target == "centroid"


def test_a_rule_of_another_length_is_said_once(scalp):
    plan = make_plan()
    now = edited(plan, as_found(plan), scalp=scalp, rule_mm=60.0)
    landmark = now.sides["left"].landmarks[1]
    assert label_of(landmark) == "6-cm landmark (estimated)"
    assert method_of(landmark).count("Measured from an estimated hotspot.") == 1


def test_a_hotspot_of_the_person_s_own_is_no_estimate_any_more(scalp):
    plan = make_plan()
    hotspot, five_cm = plan.sides["left"].landmarks
    placed = {"hotspot": hotspot.position_ras_mm + (3, 4, 0), "five_cm": five_cm.position_ras_mm + (0, 5, 0)}
    now = edited(plan, as_found(plan, placed=placed), scalp=scalp)
    found = [(label_of(mark), method_of(mark)) for mark in now.sides["left"].landmarks]
    assert found == [
        ("Motor hotspot", "Placed by hand."), ("5-cm landmark (moved by hand)", "Moved by hand."),
    ]  # fmt: skip
    np.testing.assert_allclose(now.options.hotspot_ras_mm, placed["hotspot"])
    assert now.sides["left"].rule_path_ras_mm is None


def test_a_hotspot_that_the_run_could_not_use_is_still_told_of():
    plan = make_plan()
    unused = doubt("hotspot_unused", "left")
    told = replace(plan, sides={"left": replace(plan.sides["left"], warnings=(unused,))})
    assert unused in edited(told, as_found(told)).sides["left"].warnings


def test_a_hotspot_on_the_wrong_side_is_told(scalp):
    plan = replace(with_everything(make_plan()))
    wrong = plan.sides["left"].landmarks[0].position_ras_mm * (-1, 1, 1)
    now = edited(plan, as_found(plan, placed={"hotspot": wrong}), scalp=scalp)
    told = {each.key: each for each in now.sides["left"].warnings}
    assert "on the right side" in told["hotspot_other_side"] and told["hotspot_other_side"].hemisphere == "left"


@pytest.mark.parametrize(
    ("at_ras_mm", "told"),
    [
        ((-36.0, 41.0, 28.0), set()),
        ((-36.0, 58.0, 28.0), {"picked_outside"}),
        ((-36.0, 70.0, 28.0), {"picked_outside", "target_out_of_head"}),
        ((10.0, 40.0, 28.0), {"target_far", "target_other_side"}),
    ],
)
def test_a_target_is_judged_where_it_is_dragged_to(scalp, at_ras_mm, told):
    """As the panel asks while it is dragged: nothing is raised, and distances along the scalp are left out."""
    plan = with_everything(make_plan())
    head, edits = Head(scalp, plan.registration), Edits({"target": np.array(at_ras_mm)})
    placed = place_side(head, plan.sides["left"].region, plan.options, edits, along_scalp=False)
    keys = {each.key for each in placed.warnings}
    assert keys & {"picked_outside", "target_out_of_head", "target_far", "target_other_side"} == told
    assert {each.hemisphere for each in placed.warnings if each.key in told} == ({"left"} if told else set())
    assert not any("along_scalp" in name for name in placed.distances_mm)


@pytest.mark.parametrize(
    ("hemisphere", "at_ras_mm", "told"),
    [("left", (-6.0, 40.0, 28.0), False), ("left", (6.0, 40.0, 28.0), False), ("left", (36.0, 40.0, 28.0), True),
     ("right", (36.0, 40.0, 28.0), False), ("right", (-36.0, 40.0, 28.0), True)],
)  # fmt: skip
def test_a_target_on_the_other_side_is_told_where_no_mni_space_lies_on_the_scan(scalp, hemisphere, at_ras_mm, told):
    """The skin's own middle is all that is known then, and is known roughly."""
    keys = [each.key for each in place_doubts(np.array(at_ras_mm), hemisphere, scalp, None)]
    assert ("target_other_side" in keys) == told
    assert not place_doubts(np.array(at_ras_mm), hemisphere, None, None), "nothing is known of the head"


def test_points_that_a_person_took_away_stay_away():
    plan = with_everything(make_plan())
    now = edited(plan, as_found(plan, removed=("beam_f3", "mni_ba9"))).sides["left"]
    assert "beam_f3" not in {mark.key for mark in now.landmarks}
    assert "mni_ba9" not in {mark.key for mark in now.literature}


def test_doubts_of_points_that_were_measured_since_belong_to_the_plan():
    plan = make_plan()
    cut = doubt("tape_cut")
    beam = replace(with_everything(plan).sides["left"].landmarks[2], warnings=(cut,))
    now = edited(plan, as_found(plan, measured=(beam,)))
    assert now.sides["left"].landmarks[-1].warnings == (cut,)


def test_the_coil_is_judged_with_the_registration_that_the_plan_has(scalp):
    plan = with_everything(make_plan())
    low = replace(
        plan.registration, ras_from_mni=np.array([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 200], [0, 0, 0, 1]])
    )
    now = edited(plan, as_found(replace(plan, registration=low)), scalp=scalp)
    assert any(each.key == "entry_place" for each in now.sides["left"].warnings)


def test_the_registration_of_a_run_that_saw_the_scan_turned_goes_back_to_its_own_space():
    plan = with_everything(make_plan())
    turn = np.array([[0.0, -1, 0, 20], [1, 0, 0, -10], [0, 0, 1, 5], [0, 0, 0, 1]])
    seen = replace(
        plan_in(text_of(plan, "left")), volume=replace(plan.volume, ijk_to_ras=turn @ plan.volume.ijk_to_ras)
    )
    now = edited(plan, replace(as_found(plan), findings=seen))
    back = np.linalg.inv(turn)
    np.testing.assert_allclose(now.registration.ras_from_mni, back @ plan.registration.ras_from_mni, atol=1e-9)


def test_an_empty_mask_has_no_target():
    plan = make_plan()
    empty = np.zeros_like(plan.sides["left"].region.mask_kji)
    with pytest.raises(NotFoundError):
        edited(plan, as_found(plan, mask_kji=empty, is_edited=True))
