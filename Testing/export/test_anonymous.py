"""Whose scan it is stands in no file where that is not wanted, and what stands in the others is told."""

import json
from dataclasses import replace

import nibabel
import numpy as np
import pytest

from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.doubts import doubt
from DLPFCSegmenterLib.export.anonymous import anonymous_plan, pseudonym_of
from DLPFCSegmenterLib.export.plan_folder import write_plan
from DLPFCSegmenterLib.export.reading import read_targets
from DLPFCSegmenterLib.export.result_folder import read_findings
from DLPFCSegmenterLib.export.targets import planned_targets
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.targeting.stimulation import Stimulation
from hand_made_plans import make_plan, with_everything
from small_series import save_series
from unpacked_files import everything_in

SECRETS = (b"Doe^Jane", b"Jane_", b"19700101", b"General Hospital", b"Dr. Who")


def on_scan(plan, scan):
    sides = {name: replace(side, region=replace(side.region, volume=scan)) for name, side in plan.sides.items()}
    return replace(plan, volume=scan, sides=sides, fingerprint=scan.fingerprint)


@pytest.fixture
def plan(tmp_path):
    """A plan on a file whose name and folder tell whose head it is, as one of its warnings does."""
    made = with_everything(make_plan())
    folder = tmp_path / "Doe"
    folder.mkdir()
    image = nibabel.Nifti1Image(made.volume.array_kji.transpose(), made.volume.ijk_to_ras)
    nibabel.save(image, folder / "Jane_19700101.nii.gz")
    scan = read_volume(folder / "Jane_19700101.nii.gz")
    named = doubt("no_mr", name="Jane_19700101.nii.gz", modality="CT")
    return replace(on_scan(made, replace(scan, warnings=(named,))), warnings=(named,))


@pytest.mark.slow
def test_an_anonymous_result_tells_of_its_scan_nowhere_and_is_exported_with_it(plan, tmp_path):
    write_plan(plan, tmp_path / "result", scene=True, report=True, anonymous=True)
    for name, content in everything_in(tmp_path / "result"):
        secrets = (*(secret.decode() for secret in SECRETS), str(tmp_path))
        assert not [secret for secret in secrets if secret in name + content]
    again = read_findings(tmp_path / "result")
    assert again.volume.source == pseudonym_of(plan.volume) and again.fingerprint == plan.fingerprint
    assert again.warnings[0].key == "no_mr" and again.warnings[0].numbers["name"] == again.volume.source
    assert json.loads((tmp_path / "result" / "result.json").read_text())["mask"]["path"] == "dlpfc_left.nii.gz"
    out = ["--output", str(tmp_path / "out"), "--format", "csv", "brainsight"]
    assert main(["export", str(tmp_path / "result"), *out]) == 0
    scan = str(tmp_path / "Doe" / "Jane_19700101.nii.gz")
    assert main(["export", str(tmp_path / "result"), *out, "--overwrite", "--scan", scan]) == 0


@pytest.mark.parametrize("folder", ["left", "1", "T1", "Jane"])
def test_a_folder_called_like_a_word_of_a_plan_takes_nothing_else_along(folder, plan):
    said = doubt("no_mr", name=folder, modality="CT")
    named = replace(plan.volume, origin=replace(plan.volume.origin, path=f"/data/{folder}"), warnings=(said,))
    hidden = anonymous_plan(replace(plan, volume=named, warnings=(said,)), "anonymous-1")
    assert hidden.warnings == (f"anonymous-1{said.removeprefix(folder)}",)
    assert hidden.volume.source == "anonymous-1" and list(hidden.sides) == list(plan.sides)
    assert [str(each) for each in hidden.sides["left"].warnings] == [str(each) for each in plan.sides["left"].warnings]
    before, after = (planned_targets(each) for each in (plan, hidden))
    assert [(each.label, each.hemisphere) for each in after] == [(each.label, each.hemisphere) for each in before]


@pytest.mark.slow
def test_an_export_of_a_named_result_may_be_anonymous_in_every_format(plan, tmp_path):
    write_plan(plan, tmp_path / "result")
    assert main(["export", str(tmp_path / "result"), "--output", str(tmp_path / "named"), "--format", "all"]) == 0
    command = ["export", str(tmp_path / "result"), "--output", str(tmp_path / "out"), "--format", "all", "--anonymous"]
    assert main(command) == 0
    found = {
        out: b"".join(path.read_bytes() for path in (tmp_path / out).iterdir() if path.suffix != ".gz")
        for out in ("named", "out")
    }
    assert b"Jane_19700101" in found["named"]
    assert not [secret for secret in (*SECRETS, str(tmp_path).encode()) if secret in found["out"]]


@pytest.fixture
def held_twice(plan):
    """A plan with two poses that were kept, and the words of it that no anonymous file may have."""
    pose = next(iter(plan.sides.values())).coil_pose_ras_mm
    times = ("2031-02-03T04:05:06+01:00", "2031-02-02T23:59:59.5Z")
    return replace(plan, stimulated=tuple(Stimulation("left", pose, time) for time in times))


def test_when_a_person_was_stimulated_is_in_no_anonymous_result_nor_in_what_is_exported_of_it(held_twice, tmp_path):
    write_plan(held_twice, tmp_path / "result", anonymous=True)
    assert "2031-02-0" not in "".join(content for _, content in everything_in(tmp_path / "result"))
    kept = read_findings(tmp_path / "result").stimulated
    assert [each.time for each in kept] == ["", ""], "their order tells which was the first"


def test_an_anonymous_export_or_conversion_of_a_named_result_leaves_the_times_out(held_twice, tmp_path):
    write_plan(held_twice, tmp_path / "result")
    listed, formats = tmp_path / "result" / "targets.mrk.json", ("markups", "fcsv", "csv", "json")
    assert "2031-02-03T04:05:06" in listed.read_text()
    command = ["export", str(tmp_path / "result"), "--output", str(tmp_path / "out"), "--anonymous", "--format"]
    assert main([*command, *formats]) == 0
    assert main(["convert", str(listed), str(tmp_path / "out" / "again.csv"), "--format", "csv", "--anonymous"]) == 0
    for name, content in everything_in(tmp_path / "out"):
        assert "2031-02-0" not in content and "Stimulated here 2" in content, name


@pytest.fixture
def series_result(tmp_path):
    """A result on a DICOM series that tells all of the person."""
    pydicom = pytest.importorskip("pydicom", reason="pydicom is not installed")
    pytest.importorskip("highdicom", reason="highdicom is not installed")
    save_series(tmp_path / "series")
    for file in (tmp_path / "series").iterdir():
        data = pydicom.dcmread(file)
        data.PatientBirthDate, data.InstitutionName, data.ReferringPhysicianName = (
            "19700101",
            "General Hospital",
            "Dr. Who",
        )
        data.save_as(file)
    scan = read_volume(tmp_path / "series")
    mask = np.zeros(scan.array_kji.shape, bool)
    mask[2:5, 20:40, 50:60] = True
    plan = make_plan()
    side = replace(plan.sides["left"], region=replace(plan.sides["left"].region, volume=scan, mask_kji=mask))
    centroid = np.array(np.argwhere(mask).mean(axis=0)[::-1])
    place = scan.ijk_to_ras[:3, :3] @ centroid + scan.ijk_to_ras[:3, 3]
    side = replace(side, target=replace(side.target, centroid_ras_mm=place))
    write_plan(replace(plan, volume=scan, sides={"left": side}, fingerprint=scan.fingerprint), tmp_path / "result")
    return tmp_path / "result"


@pytest.mark.slow
def test_a_dicom_file_with_the_person_in_it_is_told_and_without_them_still_finds_its_series(
    series_result, tmp_path, capsys
):
    import pydicom

    formats = ["--format", "dicom-seg", "rt-struct"]
    assert main(["export", str(series_result), "--output", str(tmp_path / "named"), *formats]) == 0
    assert capsys.readouterr().out.count("holds name, number, birth date, sex and study of the person") == 2
    assert main(["export", str(series_result), "--output", str(tmp_path / "out"), *formats, "--anonymous"]) == 0
    assert "birth date" not in capsys.readouterr().out
    for name in ("dlpfc_left.seg.dcm", "dlpfc_left.rtstruct.dcm"):
        assert b"Doe^Jane" in (tmp_path / "named" / name).read_bytes()
        content = (tmp_path / "out" / name).read_bytes()
        assert not [secret for secret in SECRETS if secret in content]
        named, anonymous = (pydicom.dcmread(tmp_path / out / name) for out in ("named", "out"))
        assert str(anonymous.PatientName).startswith("anonymous-") and anonymous.PatientBirthDate == ""
        assert anonymous.FrameOfReferenceUID == named.FrameOfReferenceUID
        arguments = ["--format", "csv", "--scan", str(tmp_path / "series"), "--overwrite"]
        assert main(["convert", str(tmp_path / "out" / name), str(tmp_path / "x.csv"), *arguments]) == 0


FORMULAS = ("=1+1", "+cmd", "-2", "@SUM(A1)", "'=1", "plain", "it's")


@pytest.mark.parametrize("name", ["csv", "nibs-bids"])
def test_no_cell_of_a_table_is_taken_for_a_formula_and_all_come_back(name, tmp_path):
    from DLPFCSegmenterLib.export.targets import PlannedTarget
    from DLPFCSegmenterLib.export.writing import write_targets

    targets = [PlannedTarget(label, np.ones(3), description=label) for label in FORMULAS]
    (path, *_) = write_targets(name, targets, tmp_path / "file_markers.tsv")
    separator = "," if name == "csv" else "\t"
    cells = [cell.strip('"') for line in path.read_text().splitlines()[1:] for cell in line.split(separator)]
    assert not [cell for cell in cells if cell[:1] in tuple("=+@") or cell == "-2"]
    read = read_targets(path)
    assert [each.label for each in read] == list(FORMULAS) == [each.description for each in read]


def test_the_origin_of_a_scan_without_a_path_hides_nothing():
    plan = make_plan()
    nameless = replace(plan.volume, origin=Origin())
    assert pseudonym_of(nameless) == pseudonym_of(plan.volume)
