"""The commands `dlpfc export` and `dlpfc convert`: what they write, what they say, what they refuse."""

import json
from dataclasses import replace

import nibabel
import numpy as np
import pytest

from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.export.formats.markups_json import write_markups_json
from DLPFCSegmenterLib.export.formats.masks import write_mask_nifti
from DLPFCSegmenterLib.export.reading import read_fiducials, read_targets
from DLPFCSegmenterLib.export.registry import POINT_FORMATS
from DLPFCSegmenterLib.export.result_json import write_result_json
from DLPFCSegmenterLib.export.targets import planned_targets
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.targeting.mni_targets import MNI_TARGETS
from hand_made_plans import make_plan, reordered, with_coil, with_everything, without_side
from small_series import save_series
from template_scan import template_scan

BESIDE = ("_coordsystem.json", "_markers.json", ".remarks.json")
NIFTI = ("brainsight", "brainsight12", "visor2")


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
    assert said.count("wrote ") == len(POINT_FORMATS) + len(("mask-nifti", "mask-nrrd"))
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
def test_warnings_of_a_scan_whose_forms_disagree_travel_into_every_format_or_it_is_refused(name, tmp_path, capsys):
    made = with_coil(make_plan())
    image = nibabel.Nifti1Image(made.volume.array_kji.transpose(), made.volume.ijk_to_ras)
    image.set_sform(made.volume.ijk_to_ras, 2)
    image.set_qform(made.volume.ijk_to_ras @ np.diag([1.0, 1, 1.1, 1]), 1)
    nibabel.save(image, tmp_path / "person.nii.gz")
    scan = read_volume(tmp_path / "person.nii.gz")
    assert "place the same voxel up to" in scan.warnings[0]
    result = save_result(replace(on_scan(made, scan), warnings=scan.warnings), tmp_path / "result")
    if name == "visor2":
        assert export(result, tmp_path / "out", name) == 2
        assert "goes by the qform" in one_line(capsys)
        return
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


def test_a_target_that_was_moved_after_the_plan_says_so_and_that_its_coil_was_not(result, tmp_path, capsys):
    document = json.loads((result / "targets.mrk.json").read_text())
    for index in (0, 3):  # the target and the hotspot; between them stand its entry and coil
        document["markups"][0]["controlPoints"][index]["position"][2] += 12.5
    (result / "targets.mrk.json").write_text(json.dumps(document))
    assert export(result, tmp_path / "out", "csv", "localite") == 0
    (localite,) = (tmp_path / "out").glob("*.xml")
    told = "'DLPFC target (left)' was moved 12.5 mm by hand after the plan. Its coil may belong to the old place: "
    assert capsys.readouterr().out.count(f"  warning: {told}") == 1
    for file in (tmp_path / "out/dlpfc.csv", localite):
        assert target_of(file).warnings[-1].startswith(told)
    points = {target.label: target.warnings for target in read_targets(tmp_path / "out/dlpfc.csv")}
    assert points["Motor hotspot (estimated) (left)"][-1] == (
        "'Motor hotspot (estimated) (left)' was moved 12.5 mm by hand after the plan."
    )
    assert not any("moved" in text for text in points["5-cm landmark (estimated) (left)"])


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
    for name, place in (("in", (30, 40, 30)), ("off", (5, 5, 5))):
        mask = np.zeros(scan.shape_ijk, np.uint8)
        mask[tuple(slice(at - 3, at + 3) for at in place)] = 1
        nibabel.save(nibabel.Nifti1Image(mask, scan.ijk_to_ras), tmp_path / f"{name}.nii.gz")
    nibabel.save(nibabel.Nifti1Image(scan.array_kji.transpose(), scan.ijk_to_ras), tmp_path / "scan.nii.gz")
    where = ["--format", "json", "--scan", str(tmp_path / "scan.nii.gz")]
    assert main(["convert", str(tmp_path / "in.nii.gz"), str(tmp_path / "x.json"), *where]) == 0
    assert read_targets(tmp_path / "x.json")[0].warnings == ()
    assert main(["convert", str(tmp_path / "off.nii.gz"), str(tmp_path / "y.json"), *where]) == 2
    assert "100% of the mask lies off the brain" in one_line(capsys) and not (tmp_path / "y.json").exists()


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


def test_a_scan_that_has_gone_is_asked_for_where_the_format_needs_it(result, plan, tmp_path, capsys):
    moved = (tmp_path / "person.nii.gz").rename(tmp_path / "moved.nii.gz")
    assert export(result, tmp_path / "out", "fcsv") == 0
    assert "no longer there" in capsys.readouterr().out
    for name in (*NIFTI, "localite", "invesalius"):
        assert export(result, tmp_path / "out", name) == 2
        assert "--scan" in one_line(capsys)
        assert export(result, tmp_path / "out", name, "--scan", moved) == 0
        capsys.readouterr()


def test_another_persons_scan_is_refused(result, plan, tmp_path, capsys):
    matrix = plan.volume.ijk_to_ras.copy()
    matrix[0, 3] += 12.0
    nibabel.save(nibabel.Nifti1Image(plan.volume.array_kji.transpose(), matrix), tmp_path / "other.nii.gz")
    assert export(result, tmp_path / "out", "brainsight", "--scan", tmp_path / "other.nii.gz") == 2
    assert "other.nii.gz: is not the scan" in one_line(capsys)


@pytest.mark.parametrize("name", NIFTI)
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
    side = replace(side, region=replace(side.region, volume=scan, mask_kji=mask))
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
