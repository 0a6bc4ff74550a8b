"""The commands `dlpfc export` and `dlpfc convert`: what they write, what they say, what they refuse."""

import json
import shutil
from dataclasses import replace

import nibabel
import numpy as np
import pytest

from DLPFCSegmenterLib.circuit.choice import CircuitTarget
from DLPFCSegmenterLib.circuit.circuit import CircuitSide
from DLPFCSegmenterLib.circuit.trust import Trust
from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export import result_folder
from DLPFCSegmenterLib.export.formats.markups_json import write_markups_json
from DLPFCSegmenterLib.export.formats.masks import write_mask_nifti
from DLPFCSegmenterLib.export.reading import read_fiducials, read_targets
from DLPFCSegmenterLib.export.registry import POINT_FORMATS
from DLPFCSegmenterLib.export.result_json import write_result_json
from DLPFCSegmenterLib.export.targets import PlannedTarget, planned_targets
from DLPFCSegmenterLib.export.writing import write_targets
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.targeting.coil import coil_pose, scalp_entry
from DLPFCSegmenterLib.targeting.mni_targets import MNI_TARGETS
from DLPFCSegmenterLib.targeting.point import Method
from DLPFCSegmenterLib.targeting.target import find_target
from hand_made_plans import make_plan, reordered, with_coil, with_everything, without_side
from small_series import save_series
from targeting.known_heads import ellipsoid_scalp
from template_scan import template_scan

BESIDE = ("_coordsystem.json", "_markers.json", ".remarks.json")
NIFTI = ("brainsight", "brainsight12", "visor2")
NIFTI_ALONE = (*NIFTI, "invesalius")


def on_scan(plan, scan):
    """The same plan, had it been made on another scan with as many voxels."""
    sides = {name: replace(side, region=replace(side.region, volume=scan)) for name, side in plan.sides.items()}
    return replace(plan, volume=scan, sides=sides)


def save_result(plan, folder):
    """A result folder without its pictures."""
    folder.mkdir()
    for name, side in plan.sides.items():
        write_mask_nifti(side.region, folder / f"dlpfc_{name}.nii.gz")
    if plan.sides:
        write_markups_json(planned_targets(plan), folder / "targets.mrk.json")
    write_result_json(plan, folder, folder / "result.json")
    return folder


@pytest.fixture
def plan(tmp_path):
    """A plan with a coil, on a scan that is on the disk."""
    made = with_coil(make_plan("PSR"))
    image = nibabel.Nifti1Image(made.volume.array_kji.transpose(), made.volume.ijk_to_ras)
    image.set_qform(made.volume.ijk_to_ras, 1)
    image.set_sform(made.volume.ijk_to_ras, 1)
    nibabel.save(image, tmp_path / "person.nii.gz")
    return on_scan(made, read_volume(tmp_path / "person.nii.gz"))


@pytest.fixture
def result(plan, tmp_path):
    return save_result(plan, tmp_path / "result")


def export(result, out, *arguments):
    return main(["export", str(result), "--output", str(out), "--format", *map(str, arguments)])


def one_line(capsys) -> str:
    text = capsys.readouterr().err.strip()
    assert text and "\n" not in text and "Traceback" not in text
    return text


def target_of(path, scan=None):
    (target,) = [t for t in read_targets(path, scan) if t.label == "DLPFC target (left)"]
    return target


@pytest.mark.parametrize("name", POINT_FORMATS)
def test_every_format_holds_the_planned_target_and_says_its_space(name, result, plan, tmp_path, capsys):
    assert export(result, tmp_path / "out", name) == 0
    said = capsys.readouterr().out
    (path,) = [file for file in (tmp_path / "out").iterdir() if not file.name.endswith(BESIDE)]
    assert str(path) in said and POINT_FORMATS[name].space_for(plan.volume) in said and "checked against" in said
    target, side = target_of(path, plan.volume), plan.sides["left"]
    only_pose = name in (*NIFTI, "localite")
    place = side.coil_pose_ras_mm[:3, 3] if only_pose else side.target.position_ras_mm
    np.testing.assert_allclose(target.position_ras_mm, place, atol=1e-3)


@pytest.mark.parametrize("name", ["localite", "visor2", "simnibs", "localite-entry-target"])
def test_bare_points_are_left_out_of_formats_that_hold_none_and_named(name, result, tmp_path, capsys):
    assert export(result, tmp_path / "out", name) == 0
    said = capsys.readouterr().out
    assert "1 target in" in said
    assert "left out: 'Motor hotspot (estimated) (left)', '5-cm landmark (estimated) (left)'" in said


def test_a_plan_without_a_scalp_has_nothing_for_a_format_of_coil_poses(tmp_path, capsys):
    result = save_result(make_plan(), tmp_path / "result")
    assert export(result, tmp_path / "out", "simnibs") == 2
    assert "holds coil poses alone" in one_line(capsys)
    assert not list((tmp_path / "out").iterdir())


def test_all_writes_what_can_be_written_and_says_why_the_rest_was_not(result, tmp_path, capsys):
    assert export(result, tmp_path / "out", "all") == 0
    said = capsys.readouterr().out
    assert said.count("wrote ") == len(POINT_FORMATS) + len(("mask-nifti", "mask-nrrd", "surface-stl", "surface-ply"))
    assert "not written, dicom-seg: " in said and "not written, rt-struct: " in said and "DICOM series" in said


@pytest.fixture
def full_result(tmp_path):
    """The result folder of a plan on both sides with literature targets and fiducials."""
    return save_result(with_everything(make_plan(hemispheres=("left", "right"))), tmp_path / "full")


def labels_in(path) -> set[str]:
    return {target.label for target in read_targets(path)}


def test_fiducials_go_out_with_the_targets_and_literature_only_when_asked_for(full_result, tmp_path):
    assert export(full_result, tmp_path / "plain", "csv") == 0
    plain = labels_in(tmp_path / "plain/dlpfc.csv")
    assert {"DLPFC target (left)", "F4 (10-20) (right)", "Nasion", "Inion", "Left tragus", "Right tragus"} <= plain
    assert not [label for label in plain if "MNI" in label]
    assert export(full_result, tmp_path / "more", "csv", "--literature") == 0
    added = labels_in(tmp_path / "more/dlpfc.csv") - plain
    assert added == {f"{target.label} ({side})" for target in MNI_TARGETS for side in ("left", "right")}


def test_a_literature_target_keeps_its_place_its_doubt_and_every_warning(tmp_path):
    plan = with_everything(make_plan())
    marks = tuple(replace(mark, warnings=("the registration is doubtful",)) for mark in plan.sides["left"].literature)
    plan = replace(plan, sides={"left": replace(plan.sides["left"], literature=marks)})
    result = save_result(plan, tmp_path / "result")
    assert export(result, tmp_path / "out", "json", "--literature") == 0
    (target,) = [t for t in read_targets(tmp_path / "out/dlpfc.json") if t.label == "BA9 (MNI) (left)"]
    np.testing.assert_allclose(target.position_ras_mm, (-29.4, 21.1, 40.7), atol=1e-3)
    assert target.description.startswith("ESTIMATED, off by 5-15 mm: MNI (-36, 39, 43) of Fox 2012")
    assert {"low contrast", "the registration is doubtful"} <= set(target.warnings)


def test_literature_that_was_never_placed_is_told(result, tmp_path, capsys):
    assert export(result, tmp_path / "out", "csv", "--literature") == 2
    assert "holds no targets of the literature" in one_line(capsys)
    assert not (tmp_path / "out").exists()


def test_exported_fiducials_can_be_planned_with_again(full_result):
    found = read_fiducials(full_result / "targets.mrk.json", make_plan().volume)
    np.testing.assert_allclose(found.left_tragus_ras_mm, (-70, -8, -30), atol=1e-4)


def test_brainsight_names_the_code_of_the_scans_qform(result, tmp_path, capsys):
    assert export(result, tmp_path / "out", "brainsight", "brainsight12") == 0
    assert "NIfTI:Q:Scanner" in (tmp_path / "out" / "dlpfc.brainsight.txt").read_text()
    assert "in NIfTI:Scanner, RAS mm" in capsys.readouterr().out


def test_warnings_of_scan_plan_and_side_travel_through_export_and_convert(result, tmp_path):
    assert export(result, tmp_path / "out", "csv") == 0
    assert main(["convert", str(tmp_path / "out/dlpfc.csv"), str(tmp_path / "x.json"), "--format", "json"]) == 0
    assert target_of(tmp_path / "x.json").warnings == ("low contrast", "hotspot estimated")


@pytest.mark.parametrize("name", POINT_FORMATS)
def test_warnings_of_a_scan_whose_forms_disagree_travel_into_every_format(name, tmp_path):
    made = with_coil(make_plan())
    image = nibabel.Nifti1Image(made.volume.array_kji.transpose(), made.volume.ijk_to_ras)
    image.set_sform(made.volume.ijk_to_ras, 2)
    image.set_qform(made.volume.ijk_to_ras @ np.diag([1.0, 1, 1.1, 1]), 1)
    nibabel.save(image, tmp_path / "person.nii.gz")
    scan = read_volume(tmp_path / "person.nii.gz")
    assert "place the same voxel up to" in scan.warnings[0]
    result = save_result(replace(on_scan(made, scan), warnings=scan.warnings), tmp_path / "result")
    assert export(result, tmp_path / "out", name) == 0
    (path,) = [file for file in (tmp_path / "out").iterdir() if not file.name.endswith(BESIDE)]
    assert scan.warnings[0] in target_of(path, scan).warnings


def test_what_a_format_has_no_room_for_is_told(result, tmp_path, capsys):
    assert export(result, tmp_path / "out", "brainsight", "invesalius", "nibs-bids", "csv") == 0
    said = capsys.readouterr().out
    assert "left out: points under the coil and scalp entries, for which Brainsight 2.5.3" in said
    assert "left out: scalp entries, for which NIBS-BIDS" in said
    assert said.count("left out") == 2


def test_a_target_far_beyond_the_scan_it_is_exported_for_is_warned_of(result, plan, tmp_path, capsys):
    matrix = plan.volume.ijk_to_ras.copy()
    matrix[2, 3] += 150.0
    nibabel.save(nibabel.Nifti1Image(plan.volume.array_kji.transpose(), matrix), tmp_path / "other.nii.gz")
    assert export(result, tmp_path / "out", "csv") == 0
    file, other = str(tmp_path / "out/dlpfc.csv"), ["--scan", str(tmp_path / "other.nii.gz")]
    assert main(["convert", file, str(tmp_path / "x.json"), "--format", "json", *other]) == 0
    away = 150.0 - 72.0 - 28.0  # the scan begins at -72 mm, the target lies at 28
    told = f"'DLPFC target (left)' lies {away:.0f} mm outside other.nii.gz"
    assert told in target_of(tmp_path / "x.json").warnings[-1] and f"warning: {told}" in capsys.readouterr().out
    assert not [text for text in target_of(tmp_path / "out/dlpfc.csv").warnings if "outside" in text]


def move_points(result, *indices, by_mm=12.5):
    """Move points of a result's list up; its first are the target, its entry, its coil and the hotspot."""
    document = json.loads((result / "targets.mrk.json").read_text())
    for index in indices:
        document["markups"][0]["controlPoints"][index]["position"][2] += by_mm
    (result / "targets.mrk.json").write_text(json.dumps(document))


def test_a_target_that_was_moved_after_the_plan_says_so_and_loses_a_coil_that_cannot_follow(
    result, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(result_folder, "scalp_of", lambda plan: None)
    move_points(result, 0, 3)
    assert export(result, tmp_path / "out", "csv") == 0
    told = "'DLPFC target (left)' was moved 12.5 mm by hand after the plan."
    assert capsys.readouterr().out.count(f"  warning: {told}") == 1
    points = {target.label: target for target in read_targets(tmp_path / "out/dlpfc.csv")}
    target = points["DLPFC target (left)"]
    assert told in target.warnings and target.coil_pose_ras_mm is None and target.entry_ras_mm is None
    assert "The coil of 'DLPFC target (left)' is left out: none can be placed there." in target.warnings
    assert target.description == "DLPFC: Moved by hand"
    (hotspot,) = [point for label, point in points.items() if "otspot" in label]
    assert "'Motor hotspot (estimated) (left)' was moved 12.5 mm by hand after the plan." in hotspot.warnings
    lost = "Left out, as they were measured from what was moved: '5-cm landmark (estimated) (left)'."
    assert lost in target.warnings and lost in hotspot.warnings and len(points) == 2
    assert export(result, tmp_path / "more", "localite") == 2
    assert "holds coil poses alone" in one_line(capsys)


def test_the_coil_of_a_moved_target_is_placed_anew_by_the_rule(result, plan, tmp_path, monkeypatch):
    scalp = ellipsoid_scalp()
    monkeypatch.setattr(result_folder, "scalp_of", lambda plan: scalp)
    move_points(result, 0, by_mm=8.0)
    assert export(result, tmp_path / "out", "csv") == 0
    moved = target_of(tmp_path / "out/dlpfc.csv")
    place = plan.sides["left"].target.position_ras_mm + (0, 0, 8.0)
    np.testing.assert_allclose(moved.position_ras_mm, place, atol=1e-4)
    entry = scalp_entry(scalp, place)
    pose = coil_pose(scalp, entry, "left", plan.options.coil_angle_deg, plan.options.standoff_mm)
    np.testing.assert_allclose(moved.entry_ras_mm, entry.position_ras_mm, atol=1e-3)
    np.testing.assert_allclose(moved.coil_pose_ras_mm, pose, atol=1e-3)


def edit_points(result, edit):
    """Change the list of control points of a result."""
    document = json.loads((result / "targets.mrk.json").read_text())
    edit(document["markups"][0]["controlPoints"])
    (result / "targets.mrk.json").write_text(json.dumps(document))


@pytest.mark.parametrize("name", ["renamed", "DLPFC", "Motor hotspot (estimated) (left)"])
def test_a_target_that_was_renamed_and_moved_is_still_the_target_and_takes_its_coil_along(
    name, result, plan, tmp_path, monkeypatch, capsys
):
    scalp = ellipsoid_scalp()
    monkeypatch.setattr(result_folder, "scalp_of", lambda plan: scalp)
    edit_points(result, lambda points: (points[0].update(label=name), points[1].update(label="an entry")))
    move_points(result, 0, by_mm=8.0)
    assert export(result, tmp_path / "out", "csv", "--points", "target", "coil", "entry") == 0
    moved = target_of(tmp_path / "out/dlpfc.csv")
    place = plan.sides["left"].target.position_ras_mm + (0, 0, 8.0)
    np.testing.assert_allclose(moved.position_ras_mm, place, atol=1e-4)
    np.testing.assert_allclose(moved.entry_ras_mm, scalp_entry(scalp, place).position_ras_mm, atol=1e-3)
    assert moved.coil_pose_ras_mm is not None and moved.description == "DLPFC: Moved by hand"
    told = f"'DLPFC target (left)' was renamed '{name}' after the plan; it goes out under the plan's name."
    assert told in moved.warnings and told in capsys.readouterr().out
    assert export(result, tmp_path / "all", "csv") == 0
    assert not [label for label in labels_in(tmp_path / "all/dlpfc.csv") if label.endswith(("entry", "coil"))]


def test_a_target_that_was_taken_away_takes_its_entry_and_coil_along_and_that_is_said(result, tmp_path, capsys):
    edit_points(result, lambda points: points.pop(0))
    assert export(result, tmp_path / "out", "csv") == 0
    read = read_targets(tmp_path / "out/dlpfc.csv")
    assert {each.label for each in read} == {"Motor hotspot (estimated) (left)", "5-cm landmark (estimated) (left)"}
    told = "'DLPFC target (left)' was taken out of targets.mrk.json; its scalp entry and its coil are left out with it."
    assert all(told in each.warnings for each in read) and told in capsys.readouterr().out


def test_points_in_another_order_are_the_same_points(result, tmp_path):
    assert export(result, tmp_path / "before", "csv", "--points", "target", "coil", "entry") == 0
    edit_points(result, lambda points: points.reverse())
    assert export(result, tmp_path / "out", "csv", "--points", "target", "coil", "entry") == 0
    assert (tmp_path / "out/dlpfc.csv").read_bytes() == (tmp_path / "before/dlpfc.csv").read_bytes()


def test_a_target_nearest_to_the_scalp_follows_an_edit_only_where_the_scan_is(plan, tmp_path, capsys):
    side = plan.sides["left"]
    target = replace(side.target, point=replace(side.target.point, method=Method.NEAREST_SCALP))
    result = save_result(replace(plan, sides={"left": replace(side, target=target)}), tmp_path / "nearest")
    assert export(result, tmp_path / "out", "csv") == 0
    (tmp_path / "person.nii.gz").unlink()
    move_points(result, 3)
    assert export(result, tmp_path / "more", "csv") == 2
    assert "a target nearest to the scalp can follow only where the scan is" in one_line(capsys)


def test_landmarks_measured_from_a_fiducial_that_was_moved_are_left_out_and_told(tmp_path):
    plan = with_everything(make_plan())
    result = save_result(plan, tmp_path / "full")
    document = json.loads((result / "targets.mrk.json").read_text())
    (inion,) = [each for each in document["markups"][0]["controlPoints"] if each["label"] == "Inion"]
    inion["position"][2] += 10.0
    (result / "targets.mrk.json").write_text(json.dumps(document))
    assert export(result, tmp_path / "out", "csv") == 0
    points = {target.label: target for target in read_targets(tmp_path / "out/dlpfc.csv")}
    assert not [label for label in points if "Beam" in label or "F3" in label]
    assert "'Beam F3 (left)'" in points["Inion"].warnings[-1] and "F3 (10-20)" in points["Inion"].warnings[-1]


def test_without_the_scan_the_coil_of_a_moved_target_is_left_out_and_the_scan_asked_for(result, tmp_path):
    (tmp_path / "person.nii.gz").unlink()
    move_points(result, 0)
    assert export(result, tmp_path / "out", "csv") == 0
    moved = target_of(tmp_path / "out/dlpfc.csv")
    assert moved.coil_pose_ras_mm is None and "the scan is needed to place it there (--scan)" in moved.warnings[-1]


def test_a_coil_that_a_person_moved_goes_out_where_they_put_it(result, plan, tmp_path):
    move_points(result, 2)
    assert export(result, tmp_path / "out", "csv") == 0
    target = target_of(tmp_path / "out/dlpfc.csv")
    place = plan.sides["left"].coil_pose_ras_mm[:3, 3] + (0, 0, 12.5)
    np.testing.assert_allclose(target.coil_pose_ras_mm[:3, 3], place, atol=1e-4)
    assert target.warnings[-1] == "The coil of 'DLPFC target (left)' was changed by hand after the plan."


def test_the_target_of_a_mask_that_was_edited_is_its_own_though_its_middle_stayed(result, plan, tmp_path):
    region = plan.sides["left"].region
    mask = region.mask_kji & (np.indices(region.mask_kji.shape)[0] % 5 > 1)
    assert mask.any() and mask.sum() < region.mask_kji.sum()
    write_mask_nifti(replace(region, mask_kji=mask), result / "dlpfc_left.nii.gz")
    assert export(result, tmp_path / "out", "csv", "mask-nifti") == 0
    target = target_of(tmp_path / "out/dlpfc.csv")
    now = find_target(region.volume, mask)
    np.testing.assert_allclose(target.position_ras_mm, now.position_ras_mm, atol=1e-4)
    away = np.linalg.norm(now.position_ras_mm - plan.sides["left"].target.position_ras_mm)
    assert any(f"followed an edit by {away:.1f} mm" in text for text in target.warnings)
    assert any("The mask was edited by hand" in text for text in target.warnings)
    assert nibabel.load(tmp_path / "out/dlpfc_left.nii.gz").get_fdata().sum() == mask.sum()


def test_a_point_that_a_person_added_goes_out_as_it_is_and_one_taken_away_does_not(result, tmp_path):
    document = json.loads((result / "targets.mrk.json").read_text())
    points = document["markups"][0]["controlPoints"]
    points[-1] |= {"label": "Mine", "description": "", "id": "1"}  # Slicer may give an id again
    (result / "targets.mrk.json").write_text(json.dumps(document))
    assert export(result, tmp_path / "out", "csv") == 0
    assert labels_in(tmp_path / "out/dlpfc.csv") == {
        "DLPFC target (left)", "Motor hotspot (estimated) (left)", "Mine",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("points", "labels", "has_coil"),
    [
        (["target", "coil"], {"DLPFC target (left)"}, True),
        (["target"], {"DLPFC target (left)"}, False),
        (["hotspot", "five_cm"], {"Motor hotspot (estimated) (left)", "5-cm landmark (estimated) (left)"}, False),
    ],
)
def test_the_points_that_go_out_are_chosen_by_their_keys(points, labels, has_coil, result, tmp_path):
    assert export(result, tmp_path / "out", "csv", "--points", *points) == 0
    read = read_targets(tmp_path / "out/dlpfc.csv")
    assert {each.label for each in read} == labels
    assert any(each.coil_pose_ras_mm is not None for each in read) == has_coil
    assert not any(each.entry_ras_mm is not None for each in read)


def test_a_point_that_there_is_not_is_told_with_those_that_there_are(result, tmp_path, capsys):
    assert export(result, tmp_path / "out", "csv", "--points", "f3") == 2
    assert "no points 'f3'; choose from coil, entry, five_cm, hotspot, target" in one_line(capsys)


def test_places_by_connectivity_go_out_each_where_it_lies_and_where_a_person_moved_it(plan, tmp_path):
    places = np.array([(-40.0, 40, 30), (-30.0, 50, 20), (-45.0, 20, 40)])
    ranked = tuple(CircuitTarget(place, -0.5 + 0.1 * rank) for rank, place in enumerate(places))
    circuit = CircuitSide(ranked, Trust(2.0, None, 4.0, 0.01), reliable=False)
    result = save_result(replace(plan, sides={"left": replace(plan.sides["left"], circuit=circuit)}), tmp_path / "fmri")
    assert export(result, tmp_path / "out", "csv", "--points", "circuit") == 0
    read = read_targets(tmp_path / "out/dlpfc.csv")
    assert [each.label for each in read] == [f"Circuit {rank} (left)" for rank in (1, 2, 3)]
    np.testing.assert_allclose([each.position_ras_mm for each in read], places, atol=1e-3)
    edit_points(result, lambda points: points[-2]["position"].__setitem__(2, 25.0))
    assert export(result, tmp_path / "moved", "csv", "--points", "circuit_2", "circuit_3") == 0
    second, third = read_targets(tmp_path / "moved/dlpfc.csv")
    np.testing.assert_allclose(second.position_ras_mm, (-30, 50, 25), atol=1e-3)
    np.testing.assert_allclose(third.position_ras_mm, places[2], atol=1e-3)
    assert "'Circuit 2 (left)' was moved 5.0 mm by hand after the plan." in second.warnings


@pytest.fixture
def both_sides(tmp_path):
    return save_result(make_plan(hemispheres=("left", "right")), tmp_path / "both")


def mirrored(path, header_alone=False):
    """The mask mirrored in its grid, or in its header alone."""
    image = nibabel.load(path)
    affine, voxels = image.affine, np.asarray(image.dataobj)
    if header_alone:
        affine = np.diag([-1.0, 1, 1, 1]) @ affine
    else:
        axis = int(np.argmax(np.abs(affine[0, :3])))
        voxels = np.flip(voxels, axis)
    nibabel.save(nibabel.Nifti1Image(voxels, affine), path)


@pytest.mark.parametrize("with_frame", [True, False])
@pytest.mark.parametrize("fault", ["copied", "voxels", "header"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_mask_of_the_other_side_is_refused(side, fault, with_frame, tmp_path, capsys):
    plan = make_plan(hemispheres=("left", "right"))
    plan = replace(plan, registration=HeadFrame(np.eye(4), 1.7) if with_frame else None)
    result = save_result(plan, tmp_path / "result")
    file, other = result / f"dlpfc_{side}.nii.gz", {"left": "right", "right": "left"}[side]
    if fault == "copied":
        shutil.copy(result / f"dlpfc_{other}.nii.gz", file)
    else:
        mirrored(file, fault == "header")
    for name in ("csv", "mask-nifti", "all"):
        assert export(result, tmp_path / "out", name) == 2
        assert f"dlpfc_{side}.nii.gz" in (line := one_line(capsys)) and ("hemisphere" in line or "planned" in line)
    assert not (tmp_path / "out").exists()
    with pytest.raises(UserError, match=f"dlpfc_{side}"):
        result_folder.read_plan(result)


def test_a_mask_is_taken_from_its_own_name_whatever_result_json_says_of_its_file(both_sides, tmp_path):
    path = both_sides / "result.json"
    fields = json.loads(path.read_text())
    left, right = fields["left"]["mask"], fields["right"]["mask"]
    left["file"], right["file"] = right["file"], left["file"]
    left["path"] = right["path"] = str(tmp_path / "elsewhere.nii.gz")
    path.write_text(json.dumps(fields))
    assert export(both_sides, tmp_path / "out", "mask-nifti") == 0
    assert centroid(tmp_path / "out/dlpfc_left.nii.gz")[0] < 0 < centroid(tmp_path / "out/dlpfc_right.nii.gz")[0]


def centroid(path) -> np.ndarray:
    image = nibabel.load(path)
    return nibabel.affines.apply_affine(image.affine, np.argwhere(np.asarray(image.dataobj))).mean(axis=0)


def test_a_record_whose_sides_stand_in_each_other_s_place_is_refused(both_sides, tmp_path, capsys):
    path = both_sides / "result.json"
    fields = json.loads(path.read_text())
    sides = fields["plan"]["sides"]
    sides["left"], sides["right"] = sides["right"], sides["left"]
    path.write_text(json.dumps(fields))
    assert export(both_sides, tmp_path / "out", "csv") == 2
    assert "what stands as the left side is the right one" in one_line(capsys)


@pytest.mark.parametrize("label", ["DLPFC target (left)", "My target (left)", "L DLPFC"])
def test_a_point_that_was_mirrored_is_refused_under_any_name_of_its_side(label, tmp_path, capsys):
    plan = replace(make_plan(), registration=HeadFrame(np.eye(4), 1.7))
    result = save_result(plan, tmp_path / "result")
    document = json.loads((result / "targets.mrk.json").read_text())
    point = document["markups"][0]["controlPoints"][0]
    point["label"], point["position"][0] = label, -point["position"][0]
    (result / "targets.mrk.json").write_text(json.dumps(document))
    assert export(result, tmp_path / "out", "csv") == 2
    assert "on the right" in (line := one_line(capsys)) or "mm from the mask" in line


def template_files(folder):
    """The template's brain as a scan, and a mask on its left under names that say left, right and nothing."""
    scan = template_scan()
    mask = np.zeros(scan.shape_ijk, np.uint8)
    mask[17:23, 45:51, 40:46] = 1
    assert nibabel.affines.apply_affine(scan.ijk_to_ras, (20, 48, 43))[0] < -30
    for name in ("dlpfc_left", "dlpfc_right", "mask"):
        nibabel.save(nibabel.Nifti1Image(mask, scan.ijk_to_ras), folder / f"{name}.nii.gz")
    nibabel.save(nibabel.Nifti1Image(scan.array_kji.transpose(), scan.ijk_to_ras), folder / "scan.nii.gz")
    return ["--format", "json", "--scan", str(folder / "scan.nii.gz")]


def test_a_mask_on_another_side_than_its_name_says_is_refused_where_its_scan_is_named(tmp_path, capsys):
    where = template_files(tmp_path)
    for name in ("dlpfc_left", "mask"):
        assert main(["convert", str(tmp_path / f"{name}.nii.gz"), str(tmp_path / f"{name}.json"), *where]) == 0
        assert read_targets(tmp_path / f"{name}.json")[0].warnings == ()
    mirrored(tmp_path / "dlpfc_left.nii.gz")
    for name in ("dlpfc_right", "dlpfc_left"):
        capsys.readouterr()
        assert main(["convert", str(tmp_path / f"{name}.nii.gz"), str(tmp_path / "no.json"), *where]) == 2
        assert "hemisphere, but the" in one_line(capsys) and not (tmp_path / "no.json").exists()


@pytest.mark.parametrize("change", ["flipped", "rolled"])
def test_a_mask_called_dlpfc_that_lies_elsewhere_in_the_brain_is_refused_and_another_is_told(change, tmp_path, capsys):
    where = template_files(tmp_path)
    for name in ("dlpfc_left", "mask"):
        image = nibabel.load(tmp_path / f"{name}.nii.gz")
        mask = np.asarray(image.dataobj)
        mask = mask[:, ::-1] if change == "flipped" else np.roll(mask, -round(60 / image.header.get_zooms()[1]), 1)
        nibabel.save(nibabel.Nifti1Image(mask.copy(), image.affine), tmp_path / f"{name}.nii.gz")
    assert main(["convert", str(tmp_path / "mask.nii.gz"), str(tmp_path / "x.json"), *where]) == 0
    assert "mm from where the DLPFC lies in most heads; check" in read_targets(tmp_path / "x.json")[0].warnings[0]
    capsys.readouterr()
    assert main(["convert", str(tmp_path / "dlpfc_left.nii.gz"), str(tmp_path / "no.json"), *where]) == 2
    assert "from where the DLPFC lies in most heads" in one_line(capsys) and not (tmp_path / "no.json").exists()


@pytest.mark.parametrize("name", ["csv", "markups", "json", "fcsv"])
def test_two_points_of_one_name_go_out_under_two_names_and_that_is_said(name, tmp_path, capsys):
    labels = ("Goal\tA", "Goal A", "F-85", "F-85")
    points = [
        {"id": str(number), "label": label, "position": [number, 0.0, 0.0], "description": ""}
        for number, label in enumerate(labels, 1)
    ]
    document = {"@schema": "markups-schema", "markups": [{"coordinateSystem": "LPS", "controlPoints": points}]}
    (tmp_path / "in.mrk.json").write_text(json.dumps(document))
    assert main(["convert", str(tmp_path / "in.mrk.json"), str(tmp_path / "out"), "--format", name]) == 0
    assert [each.label for each in read_targets(tmp_path / "out")] == ["Goal A", "2 Goal A", "F-85", "2 F-85"]
    assert "warning: 'F-85' is the name of another target too; this one is called '2 F-85'." in capsys.readouterr().out


@pytest.mark.parametrize("with_scan", [True, False])
def test_an_anonymous_conversion_leaves_out_what_a_person_wrote_beside_a_point(with_scan, result, plan, tmp_path):
    words = "see /home/jane/Doe/T1.nii, Jane Doe WARNING: Doe_T1.nii.gz: bad WARNING: low contrast"
    edit_points(result, lambda points: points[0].update(description=words))
    scan = ["--scan", plan.volume.source] if with_scan else []
    command = ["convert", str(result / "targets.mrk.json"), str(tmp_path / "x.json"), "--format", "json", "--anonymous"]
    assert main([*command, *scan]) == 0
    text = (tmp_path / "x.json").read_text()
    assert "Doe" not in text and "jane" not in text and "low contrast" in text


def test_a_point_on_another_side_than_its_name_says_and_a_coil_out_of_the_head_are_told_at_convert(tmp_path, capsys):
    where = template_files(tmp_path)
    target = PlannedTarget("T (left)", np.array([-36.0, 40, 28]), coil_pose_ras_mm=np.diag([1.0, -1, -1, 1]))
    target.coil_pose_ras_mm[:3, 3] = (-60.0, 55, -60)  # z down, from below the head
    write_targets("json", [target], tmp_path / "in.json")
    assert main(["convert", str(tmp_path / "in.json"), str(tmp_path / "x.json"), *where]) == 0
    assert "  warning: The coil of 'T (left)' points" in capsys.readouterr().out
    write_targets("json", [replace(target, label="T (right)", coil_pose_ras_mm=None)], tmp_path / "r.json")
    assert main(["convert", str(tmp_path / "r.json"), str(tmp_path / "no.json"), *where]) == 2
    assert "'T (right)' is of the right side" in one_line(capsys) and not (tmp_path / "no.json").exists()


def test_a_mask_that_is_converted_without_its_scan_says_that_its_place_was_not_checked(result, tmp_path):
    file = str(result / "dlpfc_left.nii.gz")
    assert main(["convert", file, str(tmp_path / "x.json"), "--format", "json"]) == 0
    (target,) = read_targets(tmp_path / "x.json")
    told = "Whether the mask dlpfc_left.nii.gz lies on the brain was not checked, as its scan was not named."
    assert target.warnings[-1] == told


def test_a_mask_whose_forms_disagree_says_so(tmp_path):
    matrix = np.diag([2.0, 2, 2, 1])
    image = nibabel.Nifti1Image(np.pad(np.ones((4, 4, 4), np.uint8), 20), matrix)
    image.set_sform(matrix, 1)
    image.set_qform(matrix @ np.diag([1.0, 1, 1.2, 1]), 1)
    nibabel.save(image, tmp_path / "mask.nii.gz")
    assert main(["convert", str(tmp_path / "mask.nii.gz"), str(tmp_path / "x.json"), "--format", "json"]) == 0
    (target,) = read_targets(tmp_path / "x.json")
    assert "mask.nii.gz: qform (code 1) and sform (code 1) place the same voxel up to" in target.warnings[0]


def test_a_mask_off_the_brain_of_its_scan_is_refused(tmp_path, capsys):
    scan = template_scan()
    for name, place in (("in", (20, 48, 43)), ("off", (5, 5, 5))):
        mask = np.zeros(scan.shape_ijk, np.uint8)
        mask[tuple(slice(at - 3, at + 3) for at in place)] = 1
        nibabel.save(nibabel.Nifti1Image(mask, scan.ijk_to_ras), tmp_path / f"{name}.nii.gz")
    nibabel.save(nibabel.Nifti1Image(scan.array_kji.transpose(), scan.ijk_to_ras), tmp_path / "scan.nii.gz")
    where = ["--format", "json", "--scan", str(tmp_path / "scan.nii.gz")]
    assert main(["convert", str(tmp_path / "in.nii.gz"), str(tmp_path / "x.json"), *where]) == 0
    assert read_targets(tmp_path / "x.json")[0].warnings == ()
    assert main(["convert", str(tmp_path / "off.nii.gz"), str(tmp_path / "y.json"), *where]) == 2
    assert "100 % of the mask lies off the brain" in one_line(capsys) and not (tmp_path / "y.json").exists()


def test_what_a_file_is_warned_of_is_told_when_it_is_converted(result, tmp_path, capsys):
    text = (result / "targets.mrk.json").read_text()
    (tmp_path / "nameless.mrk.json").write_text(text.replace('"coordinateSystem": "LPS",', ""))
    assert main(["convert", str(tmp_path / "nameless.mrk.json"), str(tmp_path / "x.csv"), "--format", "csv"]) == 0
    assert "  warning: nameless.mrk.json names no coordinate system; LPS was taken" in capsys.readouterr().out
    assert "names no coordinate system" in target_of(tmp_path / "x.csv").warnings[-1]


def test_files_that_are_there_are_kept_without_overwrite(result, tmp_path, capsys):
    out = tmp_path / "out"
    assert export(result, out, "nibs-bids") == 0
    (out / "dlpfc_markers.tsv").unlink()
    (out / "dlpfc_markers.json").unlink()
    (out / "dlpfc_coordsystem.json").write_text("mine")
    assert export(result, out, "nibs-bids") == 2
    assert "dlpfc_coordsystem.json: exists already" in one_line(capsys)
    assert [path.name for path in out.iterdir()] == ["dlpfc_coordsystem.json"]
    assert (out / "dlpfc_coordsystem.json").read_text() == "mine"
    assert export(result, out, "nibs-bids", "--overwrite") == 0
    assert "ScanRAS" in (out / "dlpfc_coordsystem.json").read_text()


def test_a_scan_that_has_gone_leaves_every_file_of_points_as_it_was(result, tmp_path, capsys):
    """Kind, forms and grid of the scan stand in the plan; a DICOM series alone has to be there."""
    names = [name for name in POINT_FORMATS if name != "localite-entry-target"]  # words beside it name it by the time
    assert export(result, tmp_path / "with", *names) == 0
    (tmp_path / "person.nii.gz").unlink()
    assert export(result, tmp_path / "without", *names) == 0
    assert "no longer there" in capsys.readouterr().out
    before, after = (sorted(path.read_bytes() for path in (tmp_path / out).iterdir()) for out in ("with", "without"))
    assert before == after
    assert export(result, tmp_path / "out", "dicom-seg") == 2
    assert "name its folder" in one_line(capsys)


def test_a_scan_and_its_results_that_were_moved_together_find_each_other(plan, tmp_path, capsys):
    folder = tmp_path / "old"
    folder.mkdir()
    scan = (tmp_path / "person.nii.gz").rename(folder / "person.nii.gz")
    moved = on_scan(plan, read_volume(scan))
    save_result(replace(moved, fingerprint=moved.volume.fingerprint), folder / "result")
    folder.rename(tmp_path / "new")
    assert export(tmp_path / "new" / "result", tmp_path / "out", "csv") == 0
    assert "no longer there" not in capsys.readouterr().out


def test_another_persons_scan_is_refused(result, plan, tmp_path, capsys):
    matrix = plan.volume.ijk_to_ras.copy()
    matrix[0, 3] += 12.0
    nibabel.save(nibabel.Nifti1Image(plan.volume.array_kji.transpose(), matrix), tmp_path / "other.nii.gz")
    assert export(result, tmp_path / "out", "brainsight", "--scan", tmp_path / "other.nii.gz") == 2
    assert "other.nii.gz: is not the scan" in one_line(capsys)


@pytest.mark.parametrize("name", NIFTI_ALONE)
def test_a_scan_that_is_no_nifti_file_is_refused_in_words(name, plan, tmp_path, capsys):
    path = tmp_path / "person.mgz"
    nibabel.save(nibabel.MGHImage(plan.volume.array_kji.transpose().astype(np.float32), plan.volume.ijk_to_ras), path)
    result = save_result(on_scan(plan, read_volume(path)), tmp_path / "result")
    assert export(result, tmp_path / "out", name) == 2
    assert "person.mgz" in (line := one_line(capsys)) and "needs a NIfTI scan" in line


def test_another_person_on_the_same_grid_is_not_taken_for_the_planned_one(plan, tmp_path, capsys):
    scan = read_volume(tmp_path / "person.nii.gz")
    result = save_result(replace(plan, fingerprint=scan.fingerprint), tmp_path / "planned")
    image = nibabel.load(tmp_path / "person.nii.gz")
    for name, voxels in (("same", scan.array_kji), ("other", scan.array_kji + 1)):
        copy = nibabel.Nifti1Image(voxels.transpose(), image.affine, image.header)
        nibabel.save(copy, tmp_path / f"{name}.nii.gz")
    assert export(result, tmp_path / "same", "csv", "--scan", tmp_path / "same.nii.gz") == 0
    capsys.readouterr()
    assert export(result, tmp_path / "other", "csv", "--scan", tmp_path / "other.nii.gz") == 2
    assert "other.nii.gz: is not the scan that" in one_line(capsys)
    assert not list((tmp_path / "other").glob("*.csv"))


@pytest.fixture
def series_plan(tmp_path):
    """A plan on a DICOM series with a lopsided mask."""
    pytest.importorskip("highdicom", reason="highdicom is not installed")
    save_series(tmp_path / "series")
    scan = read_volume(tmp_path / "series")
    mask = np.zeros(scan.array_kji.shape, bool)
    mask[2:5, 20:40, 50:60] = True
    mask[3, 30, 12] = True
    side = with_coil(make_plan()).sides["left"]
    region = replace(side.region, volume=scan, mask_kji=mask)
    side = replace(side, region=region, target=find_target(scan, mask, "left"))
    return replace(make_plan(), volume=scan, sides={"left": side}, fingerprint=scan.fingerprint)


def test_a_dicom_plan_gives_localite_in_lps_and_the_mask_in_dicoms_formats(series_plan, tmp_path, capsys):
    result = save_result(series_plan, tmp_path / "result")
    assert export(result, tmp_path / "out", "localite", "dicom-seg", "rt-struct") == 0
    said = capsys.readouterr().out
    assert "LPS mm, for a project from DICOM" in said
    assert said.count("1 mask in the DICOM series' frame of reference") == 2
    assert voxels_in(tmp_path / "out" / "dlpfc_left.seg.dcm") == np.count_nonzero(
        series_plan.sides["left"].region.mask_kji
    )
    assert export(result, tmp_path / "out", "dicom-seg") == 2
    assert "exists already" in one_line(capsys)


MASK_FILES = {
    "mask-nifti": "dlpfc_left.nii.gz",
    "mask-nrrd": "dlpfc_left.seg.nrrd",
    "dicom-seg": "dlpfc_left.seg.dcm",
    "rt-struct": "dlpfc_left.rtstruct.dcm",
}


@pytest.mark.parametrize("name", MASK_FILES)
def test_a_mask_carries_the_warnings_and_gives_its_target_to_any_format(name, series_plan, tmp_path, capsys):
    result = save_result(series_plan, tmp_path / "result")
    assert export(result, tmp_path / "out", name) == 0
    assert export(result, tmp_path / "out", name) == 2
    assert "exists already" in one_line(capsys)
    file, scan = str(tmp_path / "out" / MASK_FILES[name]), ["--scan", str(tmp_path / "series")]
    assert main(["convert", file, str(tmp_path / "x.json"), "--format", "json", *scan]) == 0
    first = read_targets(tmp_path / "x.json")[0]
    assert {"low contrast", "hotspot estimated"} <= set(first.warnings)
    side = series_plan.sides["left"]
    mask = points_ras_mm(side.region.mask_kji, series_plan.volume.ijk_to_ras)
    of_points = name == "rt-struct"  # the points that the file holds are told rather than the mask's centroid
    place = side.target.position_ras_mm if of_points else mask.mean(axis=0)
    np.testing.assert_allclose(first.position_ras_mm, place, atol=1e-3)


def test_masks_of_both_sides_are_told_apart(tmp_path):
    plan = make_plan(hemispheres=("left", "right"))
    result = save_result(plan, tmp_path / "result")
    assert export(result, tmp_path / "out", "mask-nrrd") == 0
    for side in ("left", "right"):
        file = str(tmp_path / "out" / f"dlpfc_{side}.seg.nrrd")
        assert main(["convert", file, str(tmp_path / f"{side}.csv"), "--format", "csv"]) == 0
        (target,) = read_targets(tmp_path / f"{side}.csv")
        assert target.label == f"{side.capitalize()} DLPFC"
        np.testing.assert_allclose(target.position_ras_mm, plan.sides[side].target.position_ras_mm, atol=1e-2)


def test_a_dicom_image_is_no_file_of_targets(series_plan, tmp_path, capsys):
    image = next((tmp_path / "series").iterdir())
    assert main(["convert", str(image), str(tmp_path / "x.csv"), "--format", "csv"]) == 2
    assert "neither a DICOM SEG nor an RT-STRUCT" in one_line(capsys)


def test_a_mask_planned_on_a_nifti_copy_goes_back_to_its_dicom_series(series_plan, tmp_path):
    scan, region = series_plan.volume, series_plan.sides["left"].region
    before = points_ras_mm(region.mask_kji, scan.ijk_to_ras)
    voxels, matrix = reordered(region.mask_kji.transpose(), scan.ijk_to_ras, "PIR")
    copy = replace(scan, array_kji=voxels.transpose().astype(np.int16), ijk_to_ras=matrix)
    side = replace(series_plan.sides["left"], region=replace(region, volume=copy, mask_kji=voxels.transpose()))
    result = save_result(replace(series_plan, volume=copy, sides={"left": side}), tmp_path / "result")
    assert export(result, tmp_path / "out", "dicom-seg", "--scan", tmp_path / "series") == 0
    import highdicom

    volume = highdicom.seg.segread(tmp_path / "out/dlpfc_left.seg.dcm").get_volume(combine_segments=True)
    after = points_ras_mm((volume.array > 0).transpose(), np.diag([-1.0, -1, 1, 1]) @ volume.affine)
    np.testing.assert_allclose(after, before, atol=1e-2)


def voxels_in(path) -> int:
    import highdicom

    return int(highdicom.seg.segread(path).get_volume(combine_segments=True).array.sum())


def points_ras_mm(mask_kji, ijk_to_ras) -> np.ndarray:
    points = np.argwhere(mask_kji)[:, ::-1] @ ijk_to_ras[:3, :3].T + ijk_to_ras[:3, 3]
    return points[np.lexsort(np.round(points, 1).T)]


def test_a_coil_pose_survives_a_chain_of_conversions(result, plan, tmp_path, capsys):
    scan = ["--scan", str(tmp_path / "person.nii.gz")]
    assert export(result, tmp_path / "out", "brainsight") == 0
    path = tmp_path / "out" / "dlpfc.brainsight.txt"
    assert main(["convert", str(path), str(tmp_path / "a.xml"), "--format", "localite", *scan]) == 0
    assert main(["convert", str(tmp_path / "a.xml"), str(tmp_path / "b.mrk"), "--format", "visor2", *scan]) == 0
    assert "read " in (said := capsys.readouterr().out) and "Localite InstrumentMarker" in said
    pose = target_of(tmp_path / "b.mrk").coil_pose_ras_mm
    np.testing.assert_allclose(pose, plan.sides["left"].coil_pose_ras_mm, atol=1e-3)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["convert", "{missing}", "{out}", "--format", "csv"], "cannot be read"),
        (["convert", "{text}", "{out}", "--format", "csv"], "no known file of targets"),
        (["convert", "{targets}", "{out}", "--format", "nexstim"], "choose one of markups"),
        (["convert", "{targets}", "{text}", "--format", "csv"], "exists already"),
        (["convert", "{targets}", "{out}", "--format", "brainsight"], "--scan"),
        (["export", "{result}", "--format", "nexstim", "--output", "{out}"], "choose from markups"),
        (["export", "{nothing}", "--format", "csv", "--output", "{out}"], "no result.json"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line_and_writes_nothing(arguments, word, result, tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "nothing").mkdir()
    places = {
        "missing": tmp_path / "missing.csv", "text": tmp_path / "notes.txt", "out": tmp_path / "out",
        "targets": result / "targets.mrk.json", "result": result, "nothing": tmp_path / "nothing",
    }  # fmt: skip
    assert main([argument.format(**places) for argument in arguments]) == 2
    assert word in one_line(capsys)
    assert not (tmp_path / "out").exists() and (tmp_path / "notes.txt").read_text() == "mine"


def test_a_result_without_a_finding_has_nothing_to_export(tmp_path, capsys):
    result = save_result(without_side(make_plan(), "left"), tmp_path / "result")
    assert export(result, tmp_path / "out", "csv") == 2
    assert "no DLPFC was found" in one_line(capsys)


def test_a_damaged_result_is_named(result, tmp_path, capsys):
    fields = json.loads((result / "result.json").read_text())
    del fields["plan"]["volume"]
    (result / "result.json").write_text(json.dumps(fields))
    assert export(result, tmp_path / "out", "csv") == 2
    assert "result.json: is damaged" in one_line(capsys)
