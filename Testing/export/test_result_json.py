import json
from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.export.result_json import result_fields, write_result_json
from DLPFCSegmenterLib.targeting.beam_f3 import HeadMeasures
from hand_made_plans import make_plan, with_coil, with_everything, without_side

REQUIRED = {
    "volume": {"path", "shape", "spacing_mm", "orientation"},
    "model": {"id", "sha256", "label_definition"},
    "mask": {"path", "volume_ml"},
}
FLAT = {
    "hemisphere", "detected", "target_ras_mm", "target_inside_mask", "score", "slices",
    "landmarks_ras_mm", "distances_mm", "timing_s", "warnings",
}  # fmt: skip


def test_one_hemisphere_gives_every_field_at_the_top(tmp_path):
    fields = result_fields(make_plan(), tmp_path)
    assert fields.keys() >= FLAT | REQUIRED.keys()
    for name, keys in REQUIRED.items():
        assert fields[name].keys() >= keys
    assert fields["slices"][0].keys() >= {"plane", "index", "score"}
    assert fields["hemisphere"] == "left" and fields["detected"] is True


def test_both_hemispheres_give_an_object_each(tmp_path):
    fields = result_fields(make_plan(hemispheres=("left", "right")), tmp_path)
    assert fields["hemisphere"] == "both"
    assert fields["left"]["target_ras_mm"][0] < 0 < fields["right"]["target_ras_mm"][0]
    assert fields["left"]["mask"]["path"] != fields["right"]["mask"]["path"]
    assert "target_ras_mm" not in fields


def test_a_side_that_was_not_found_says_why_and_has_no_mask(tmp_path):
    plan = without_side(make_plan(hemispheres=("left", "right")), "right")
    fields = result_fields(plan, tmp_path)
    assert fields["left"]["detected"] is True
    assert fields["right"]["detected"] is False
    assert fields["right"]["reason"] == "no slice scored above 0.8"
    assert fields["right"]["mask"] is None and fields["right"]["target_ras_mm"] is None


def test_warnings_of_scan_plan_side_and_files_all_travel(tmp_path):
    fields = result_fields(make_plan(), tmp_path, ("scene.mrb was not written",))
    assert fields["warnings"] == ["low contrast", "scene.mrb was not written", "thin mask", "hotspot estimated"]


@pytest.mark.parametrize("code", ("RAS", "LIA", "PSR"))
def test_the_axis_order_does_not_move_the_target(tmp_path, code):
    fields = result_fields(make_plan(code), tmp_path)
    assert fields["volume"]["orientation"] == code
    assert fields["target_ras_mm"] == pytest.approx((-36, 40, 28), abs=2)
    assert fields["target_inside_mask"] is True


def test_an_estimated_landmark_is_called_so_with_its_uncertainty(tmp_path):
    hotspot = result_fields(make_plan(), tmp_path)["landmarks"]["hotspot"]
    assert hotspot["estimated"] is True
    assert hotspot["uncertainty_mm"] == [15.0, 20.0]


def test_the_coil_over_the_target_names_its_space_axes_angle_and_standoff(tmp_path):
    fields = result_fields(with_coil(make_plan()), tmp_path)
    assert fields["scalp_entry"]["position_ras_mm"][2] == pytest.approx(fields["target_ras_mm"][2] + 20)
    assert fields["scalp_entry"]["depth_mm"] == 20
    coil = fields["coil"]
    assert np.array(coil["pose_ras_mm"])[:3, 3] == pytest.approx(np.add(fields["target_ras_mm"], (0, 0, 24)))
    assert "z into the head" in coil["axes"]
    assert (coil["handle_angle_deg"], coil["standoff_mm"]) == (45, 4)


def test_without_a_scalp_the_coil_is_null(tmp_path):
    fields = result_fields(make_plan(), tmp_path)
    assert fields["coil"] is None and fields["scalp_entry"] is None


def test_literature_depth_tapes_registration_and_fiducials_are_told(tmp_path):
    plan = with_everything(make_plan())
    fields, side = result_fields(plan, tmp_path), plan.sides["left"]
    assert list(fields["literature"]) == list(fields["literature_ras_mm"]) == [mark.key for mark in side.literature]
    assert fields["literature"]["mni_ba9"]["method"].startswith("MNI (-36, 39, 43) of Fox 2012")
    assert fields["literature"]["mni_ba9"]["uncertainty_mm"] == [5, 15]
    assert fields["literature_ras_mm"]["mni_ba9"] == pytest.approx((-29.4, 21.1, 40.7))
    assert (fields["depth"]["target_mm"], fields["depth"]["motor_mm"], fields["depth"]["difference_mm"]) == (20, 14, 6)
    assert fields["depth"]["in_words"] == side.depth.in_words
    site = side.tape_sites["adjusted"]
    assert fields["beam_f3_by_tape_cm"]["adjusted"] == pytest.approx({"x": site.x_cm, "y": site.y_cm}, abs=1e-4)
    assert fields["registration"]["spread_mm"] == 1.7 and fields["registration"]["doubtful"] is False
    assert np.array(fields["registration"]["ras_from_mni"])[:3, 3] == pytest.approx((3, -14, 2))
    assert fields["fiducials"]["inion"]["position_ras_mm"] == [0, -90, -20]
    assert set(fields["distances_mm"]) == set(side.distances_mm)


def test_how_the_target_was_chosen_and_which_tapes_were_laid_is_told(tmp_path):
    plan = make_plan()
    options = replace(plan.options, picked_ras_mm=(-30.0, 40, 20), tapes=HeadMeasures(57, 36, 37))
    fields = result_fields(replace(plan, options=options), tmp_path)
    assert fields["target_method"] == "centroid of the mask" and fields["options"]["target"] == "picked"
    tapes = {"circumference_cm": 57, "nasion_inion_cm": 36, "tragus_tragus_cm": 37}
    assert fields["options"]["tapes"] == tapes
    chosen = replace(plan, options=replace(plan.options, target="nearest-scalp"))
    assert result_fields(chosen, tmp_path)["options"]["target"] == "nearest-scalp"


def test_a_side_that_was_not_found_has_the_same_fields_as_one_that_was(tmp_path):
    plan = with_everything(make_plan(hemispheres=("left", "right")))
    fields = result_fields(without_side(plan, "right"), tmp_path)
    assert fields["left"].keys() == fields["right"].keys() - {"reason"}
    assert fields["right"]["literature"] == {} and fields["right"]["depth"] is None


def test_without_a_registration_there_is_none_to_tell(tmp_path):
    fields = result_fields(make_plan(), tmp_path)
    assert fields["registration"] is None and fields["depth"] is None
    assert fields["literature"] == fields["fiducials"] == fields["beam_f3_by_tape_cm"] == {}


def test_the_file_is_strict_json_even_where_a_number_is_not_finite(tmp_path):
    plan = make_plan()
    plan.sides["left"].distances_mm["broken"] = float("nan")
    path = tmp_path / "result.json"
    write_result_json(plan, tmp_path, path)
    fields = json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert fields["distances_mm"]["broken"] is None
    assert "Research use only" in fields["notice"]


def test_numpy_numbers_become_plain_json(tmp_path):
    fields = result_fields(make_plan(), tmp_path)
    assert json.loads(json.dumps(fields)) == fields
    assert not any(isinstance(value, np.generic) for value in fields["target_ras_mm"])
