"""A result folder read back as the plan that wrote it, of this version and of the one before."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from DLPFCSegmenterLib.doubts import doubt
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.formats.masks import write_mask_nifti
from DLPFCSegmenterLib.export.plan_folder import write_plan
from DLPFCSegmenterLib.export.result_folder import read_findings, read_plan, read_result, read_scan_of
from DLPFCSegmenterLib.export.result_json import result_fields
from DLPFCSegmenterLib.export.targets import planned_targets
from DLPFCSegmenterLib.scan.origin import Origin
from hand_made_plans import make_plan, with_everything

VERSION_1 = Path(__file__).parent / "result_1_0.json"


@pytest.mark.slow
@pytest.mark.parametrize("code", ["RAS", "LIA", "oblique"])
def test_a_plan_that_was_written_is_read_again(code, tmp_path):
    plan = with_everything(make_plan(code, ("left", "right")))
    write_plan(plan, tmp_path)
    again = read_plan(tmp_path, plan.volume)
    for name, side in plan.sides.items():
        np.testing.assert_array_equal(again.sides[name].region.mask_kji, side.region.mask_kji)
    assert [point.label for point in planned_targets(again)] == [point.label for point in planned_targets(plan)]
    now, before = (result_fields(each, tmp_path) for each in (again, plan))
    assert now == before


def test_without_its_scan_a_plan_has_its_masks_and_no_values(tmp_path):
    plan = make_plan("PSR")
    write_plan(plan, tmp_path)
    again = read_plan(tmp_path)
    np.testing.assert_array_equal(again.sides["left"].region.mask_kji, plan.sides["left"].region.mask_kji)
    assert again.volume.shape_ijk == plan.volume.shape_ijk and not again.volume.array_kji.any()


@pytest.mark.slow
def test_a_doubt_of_a_measured_point_stands_in_every_file_and_in_the_plan_that_is_read_again(tmp_path):
    plan = with_everything(make_plan())
    side, cut = plan.sides["left"], doubt("tape_cut")
    marks = tuple(replace(mark, warnings=(cut,)) if mark.key == "beam_f3" else mark for mark in side.landmarks)
    write_plan(replace(plan, sides={"left": replace(side, landmarks=marks)}), tmp_path, report=True)
    assert cut in json.loads((tmp_path / "result.json").read_text())["warnings"]
    for file in ("report.html", "targets.mrk.json"):
        assert cut in (tmp_path / file).read_text(encoding="utf-8")
    again = {mark.key: mark for mark in read_plan(tmp_path).sides["left"].landmarks}
    assert [each.key for each in again["beam_f3"].warnings] == ["tape_cut"]


def saved_scan(volume, path):
    mask = make_plan().sides["left"].region
    write_mask_nifti(replace(mask, volume=volume, mask_kji=volume.array_kji), path)
    return path


def test_another_person_on_the_same_grid_is_not_the_scan_that_was_planned_on(tmp_path):
    plan = make_plan()
    bright = plan.volume.with_array((plan.volume.array_kji > 99).astype(np.uint8))
    scan = saved_scan(bright, tmp_path / "person.nii.gz")
    of_this = replace(plan, volume=replace(bright, origin=Origin(str(scan))), fingerprint=bright.fingerprint)
    assert read_scan_of(tmp_path, of_this) is not None
    other = saved_scan(bright.with_array(1 - bright.array_kji), tmp_path / "other.nii.gz")
    with pytest.raises(UserError, match="other.nii.gz: is not the scan"):
        read_scan_of(tmp_path, of_this, other)


def test_a_result_of_version_1_is_read_as_a_plan(tmp_path):
    shutil.copy(VERSION_1, tmp_path / "result.json")
    plan, before = read_findings(tmp_path), json.loads(VERSION_1.read_text())
    now = result_fields(plan, tmp_path)
    told = ("model", "options", "fiducials", "timing_s", "warnings")
    assert {name: now[name] for name in told} == {name: before[name] for name in told}
    placed = {name: before["registration"][name] for name in ("ras_from_mni", "doubtful")}
    assert now["registration"] == placed | {"spread_mm": None}, "it told a similarity, of which no spread can be made"
    for hemisphere in ("left", "right"):
        side = now[hemisphere]
        assert side["depth"] is None, "it told the depth of the target, which is not that of the cortex"
        said = before[hemisphere]["uncertainty"]["in_words"].split(" in 9 of 10")[0]
        assert side["uncertainty"].pop("in_words").startswith(said), "it is told against what since"
        before[hemisphere]["uncertainty"].pop("in_words")
        for name in side.keys() - {"mask", "target_inside_mask", "depth"}:
            assert side[name] == before[hemisphere][name], name


def test_a_registration_of_version_1_that_placed_nothing_is_none(tmp_path):
    fields = json.loads(VERSION_1.read_text())
    fields["registration"]["similarity"] = 0.3
    (tmp_path / "result.json").write_text(json.dumps(fields))
    assert read_findings(tmp_path).registration is None


@pytest.mark.slow
@pytest.mark.parametrize("version", ["9.9", "2.1", "", 2.0, None])
def test_a_result_of_a_version_that_is_not_known_is_refused_in_one_line(version, tmp_path):
    write_plan(make_plan(), tmp_path)
    path = tmp_path / "result.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema_version": version}))
    with pytest.raises(UserError, match="result.json: is of schema version .*newer"):
        read_findings(tmp_path)


@pytest.mark.parametrize("change", [{"plan": None}, {"plan": {}}, {"plan": 1}])
def test_a_damaged_result_is_named(change, tmp_path):
    write_plan(make_plan(), tmp_path)
    path = tmp_path / "result.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(UserError, match="result.json: is damaged"):
        read_findings(tmp_path)


def test_a_target_that_the_result_has_on_the_other_side_is_refused(tmp_path):
    write_plan(with_everything(make_plan(hemispheres=("left",))), tmp_path)
    path = tmp_path / "result.json"
    fields = json.loads(path.read_text())
    place = fields["plan"]["sides"]["left"]["target"]["point"]["position_ras_mm"]
    place[0] = -place[0]
    path.write_text(json.dumps(fields))
    with pytest.raises(UserError, match="result.json: .*left"):
        read_result(tmp_path, read_findings(tmp_path), None)
