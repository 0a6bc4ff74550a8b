"""Plans as derivatives in BIDS: names, what they say, and pages of people."""

import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.bids_derivatives import BidsPlace, publish, write_description, write_person_page
from DLPFCSegmenterLib.export.formats.nibs_bids import read_nibs_bids
from DLPFCSegmenterLib.export.plan_folder import write_plan
from DLPFCSegmenterLib.scan.readers import read_volume
from hand_made_plans import make_plan, with_coil, without_side

SOURCE = "sub-01/ses-02/anat/sub-01_ses-02_run-1_T1w.nii.gz"
BASE = "sub-01_ses-02_run-1_space-T1w"


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """The folder of a plan with both sides and coils."""
    folder = tmp_path_factory.mktemp("plans") / "sub-01_ses-02_run-1"
    write_plan(with_coil(make_plan(hemispheres=("left", "right"))), folder)
    return folder


def published(folder, root, source=SOURCE):
    publish(folder, BidsPlace(source, root))
    person = root / "sub-01" / "ses-02"
    return person, sorted(path.relative_to(person).as_posix() for path in person.rglob("*") if path.is_file())


def test_each_side_has_its_mask_and_coil_under_the_names_of_the_standard(planned, tmp_path):
    person, names = published(planned, tmp_path)
    sides = [f"anat/{BASE}_hemi-{side}_label-DLPFC_" for side in "LR"]
    own = [f"{side}{suffix}" for side in sides for suffix in ("coilpose.json", "mask.json", "mask.nii.gz")]
    positions = [f"nibs/{BASE}_{suffix}" for suffix in ("coordsystem.json", "markers.json", "markers.tsv")]
    assert names == sorted([*own, "anat/sub-01_ses-02_run-1_desc-DLPFC_provenance.json", *positions])


def test_the_left_file_holds_the_left_mask_and_the_coil_over_it(planned, tmp_path):
    person, _ = published(planned, tmp_path)
    result = json.loads((planned / "result.json").read_text(encoding="utf-8"))
    for side, letter in (("left", "L"), ("right", "R")):
        base = f"{BASE}_hemi-{letter}_label-DLPFC"
        mask = read_volume(person / "anat" / f"{base}_mask.nii.gz")
        assert (mask.array_kji == read_volume(planned / f"dlpfc_{side}.nii.gz").array_kji).all()
        coil = json.loads((person / "anat" / f"{base}_coilpose.json").read_text(encoding="utf-8"))
        assert coil["target_ras_mm"] == result[side]["target_ras_mm"]
        assert coil["coil"] == result[side]["coil"]
        assert coil["Sources"] == [f"bids:raw:{SOURCE}"]
    markers = read_nibs_bids(person / "nibs" / f"{BASE}_markers.tsv")
    np.testing.assert_allclose(markers[0].position_ras_mm, result["left"]["target_ras_mm"], atol=1e-4)


def test_what_they_were_made_with_is_told(planned, tmp_path):
    person, _ = published(planned, tmp_path)
    path = person / "anat" / "sub-01_ses-02_run-1_desc-DLPFC_provenance.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    result = json.loads((planned / "result.json").read_text(encoding="utf-8"))
    assert told["model"] == result["model"] and told["ScanFingerprint"] == result["volume"]["fingerprint"]
    assert told["software"] == result["software"] and told["Sources"] == [f"bids:raw:{SOURCE}"]


def test_they_are_written_again_when_the_plan_is_another_and_only_then(planned, tmp_path):
    folder, root = tmp_path / "plan", tmp_path / "out"
    shutil.copytree(planned, folder)
    person, before = published(folder, root)
    mask = person / "anat" / f"{BASE}_hemi-L_label-DLPFC_mask.nii.gz"
    mask.write_bytes(b"seen")
    published(folder, root)
    assert mask.read_bytes() == b"seen"
    write_plan(make_plan(hemispheres=("left",)), folder, overwrite=True)
    _, after = published(folder, root)
    assert mask.read_bytes() != b"seen"
    assert [name for name in before if name not in after] == [name for name in before if "hemi-R" in name]


def test_a_plan_that_found_nothing_leaves_no_earlier_mask_or_position_as_its_own(planned, tmp_path):
    folder, root = tmp_path / "plan", tmp_path / "out"
    shutil.copytree(planned, folder)
    published(folder, root)
    write_plan(without_side(make_plan(), "left"), folder, overwrite=True)
    _, names = published(folder, root)
    assert names == ["anat/sub-01_ses-02_run-1_desc-DLPFC_provenance.json"]


def test_scans_beside_each_other_leave_each_other_their_files(planned, tmp_path):
    folder = "sub-01/ses-02/anat/sub-01_ses-02"
    sources = [f"{folder}{part}_T1w.nii.gz" for part in ("", "_desc-preproc", "_run-1")]
    for source in sources:
        _, names = published(planned, tmp_path, source)
    assert published(planned, tmp_path, sources[0])[1] == names
    assert sum(name.endswith("_mask.nii.gz") for name in names) == 2 * len(sources)
    assert sum(name.endswith("_provenance.json") for name in names) == len(sources)


def test_a_derivative_t1_keeps_one_space_in_its_name(planned, tmp_path):
    _, names = published(planned, tmp_path, "sub-01/ses-02/anat/sub-01_ses-02_space-orig_desc-preproc_T1w.nii.gz")
    assert "anat/sub-01_ses-02_desc-preproc_space-T1w_hemi-L_label-DLPFC_mask.nii.gz" in names


def test_the_tree_says_whose_program_made_it_and_from_what(tmp_path):
    write_description(tmp_path / "raw", tmp_path / "raw" / "derivatives" / "dlpfc")
    written = tmp_path / "raw" / "derivatives" / "dlpfc" / "dataset_description.json"
    told = json.loads(written.read_text(encoding="utf-8"))
    assert told["DatasetType"] == "derivative" and told["GeneratedBy"][0]["Name"] == "DLPFCSegmenter"
    assert told["GeneratedBy"][0]["Version"] and told["DatasetLinks"] == {"raw": "../.."}
    write_description(tmp_path / "raw", written.parent)


def test_no_derivatives_go_among_the_raw_scans_of_a_tree_that_does_not_describe_itself(tmp_path):
    with pytest.raises(UserError, match="of raw scans; choose an output folder of its own"):
        write_description(tmp_path, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ('{"Name": "raw"}', '{"GeneratedBy": [{"Name": "fMRIPrep"}]}', "{", "[]"))
def test_the_tree_of_another_program_and_raw_scans_are_left_alone(text, tmp_path):
    (tmp_path / "dataset_description.json").write_text(text)
    with pytest.raises(UserError, match="of another program or of raw scans"):
        write_description(tmp_path / "raw", tmp_path)
    assert (tmp_path / "dataset_description.json").read_text() == text


@pytest.mark.slow
def test_the_page_of_a_person_has_the_reports_of_all_their_scans(tmp_path):
    folders = [tmp_path / "plans" / f"sub-01_ses-{number}" for number in (1, 2)]
    for folder in folders:
        folder.mkdir(parents=True)
        plan = make_plan()
        named = replace(plan.volume, origin=replace(plan.volume.origin, path=f"/raw/{folder.name}_T1w.nii.gz"))
        write_plan(replace(plan, volume=named), folder, report=True)
    write_person_page("sub-01", folders, tmp_path)
    page = (tmp_path / "sub-01.html").read_text(encoding="utf-8")
    assert len(re.findall("DLPFC target plan</h1>", page)) == 2 and page.count("<body>") == page.count("</html>") == 1
    assert "sub-01_ses-1_T1w" in page and "sub-01_ses-2_T1w" in page
