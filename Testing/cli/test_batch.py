"""The command `dlpfc batch`: what it says, what it writes, what it does not do twice."""

import json
import sys
from pathlib import Path

import nibabel
import numpy as np
import pytest

from DLPFCSegmenterLib.cli.batch import progress_line
from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.cohort import workers
from synthetic_head import plain_grid, synthetic_head
from unpacked_files import everything_in

SMALL_WORKER = Path(__file__).parents[1] / "application" / "small_worker.py"


@pytest.fixture
def scans(tmp_path, monkeypatch):
    """A folder with a head, on which a planner whose answer is known is asked, and a damaged file."""
    monkeypatch.setattr(workers, "COMMAND", (sys.executable, str(SMALL_WORKER)))
    save_head(tmp_path / "scans" / "anna.nii.gz")
    (tmp_path / "scans" / "broken.nrrd").write_bytes(b"NRRD0005\nno header")
    return tmp_path / "scans"


def save_head(path, brightness=1.0):
    """Another brightness is another scan."""
    head = synthetic_head(*plain_grid(4.0))
    image = nibabel.Nifti1Image(head.array_kji.transpose(2, 1, 0) * brightness, head.ijk_to_ras)
    image.set_sform(head.ijk_to_ras, 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    nibabel.save(image, path)


def test_the_same_command_again_goes_on_where_it_stopped(scans, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["batch", str(scans), "--output", str(out)]) == 1
    said = capsys.readouterr().out
    assert "anna: done left " in said and "broken: failed" in said and "broken.nrrd" in said
    assert "2 scans, 1 failed" in said and str(out / "results.csv") in said
    assert (out / "anna" / "dlpfc_left.nii.gz").is_file()
    assert main(["batch", str(scans), "--output", str(out)]) == 1
    assert "anna: finished before left " in capsys.readouterr().out


def test_a_single_scan_is_sent_to_the_other_command(scans, tmp_path, capsys):
    assert main(["batch", str(scans / "anna.nii.gz"), "--output", str(tmp_path / "out")]) == 2
    assert "`dlpfc plan` takes a single scan" in capsys.readouterr().err


def test_weights_that_are_not_there_are_told_before_any_scan_is_asked(scans, tmp_path, capsys):
    command = ["batch", str(scans), "--output", str(tmp_path / "out"), "--weights", str(tmp_path / "gone.pt")]
    for more in ([], ["--dry-run"]):
        assert main([*command, *more]) == 2
        assert "gone.pt: there is no weights file" in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_report_frame_and_overwrite_do_what_they_do_for_a_plan(scans, tmp_path, capsys):
    (scans / "broken.nrrd").unlink()
    out = tmp_path / "out"
    command = ["batch", str(scans), "--output", str(out), "--coil-angle", "30"]
    assert main(command) == 0
    assert not (out / "anna" / "report.html").exists()
    assert main([*command, "--report"]) == 0
    assert "anna: finished before left 7.3 ml" in (said := capsys.readouterr().out)
    assert "was planned without a report; plan again with --overwrite for one." in said
    assert main([*command, "--overwrite", "--report"]) == 0
    assert "anna: done left " in capsys.readouterr().out and (out / "anna" / "report.html").is_file()
    assert main([*command[:3], str(tmp_path / "other"), "--frame", "1"]) == 1
    assert "anna: failed" in capsys.readouterr().out


def test_a_batch_in_which_no_dlpfc_was_found_does_not_end_as_a_good_one(scans, tmp_path, capsys):
    (scans / "broken.nrrd").unlink()
    noise = np.random.default_rng(0).integers(1, 60, (90, 100, 90), np.uint8)
    image = nibabel.Nifti1Image(noise, np.diag([2.0, 2, 2, 1]))
    image.set_sform(image.affine, 1)
    nibabel.save(image, scans / "noise.nii.gz")
    for command in (["batch", str(scans), "--output", str(tmp_path / "out")],) * 2:
        assert main(command) == 1
        said = capsys.readouterr().out
        assert "noise: no DLPFC found left: " in said and "2 scans, 0 failed, 1 without a DLPFC" in said
    assert "noise,no DLPFC found,left," in (tmp_path / "out" / "results.csv").read_text(encoding="utf-8")


@pytest.fixture
def tree(tmp_path, scans):
    """A BIDS tree of two people, one of them with two sessions, and a T2."""
    root = tmp_path / "bids"
    save_head(root / "sub-01" / "anat" / "sub-01_T1w.nii.gz")
    save_head(root / "sub-01" / "anat" / "sub-01_T2w.nii.gz", 0.9)
    for session in ("1", "2"):
        folder = root / "sub-02" / f"ses-{session}" / "anat"
        save_head(folder / f"sub-02_ses-{session}_T1w.nii.gz", 1.0 + 0.1 * int(session))
    (root / "dataset_description.json").write_text('{"Name": "raw", "BIDSVersion": "1.10.0"}')
    return root


def test_a_bids_tree_becomes_derivatives_with_one_page_a_person(tree, capsys):
    out = tree / "derivatives" / "dlpfc"
    assert main(["batch", str(tree), "--output", str(out), "--jobs", "2"]) == 0
    said = capsys.readouterr().out
    assert "sub-02_ses-1: done left " in said and "3 scans, 0 failed" in said
    written = sorted(path.relative_to(out).as_posix() for path in out.rglob("*_mask.nii.gz"))
    assert written == [
        "sub-01/anat/sub-01_space-T1w_hemi-L_label-DLPFC_mask.nii.gz",
        "sub-02/ses-1/anat/sub-02_ses-1_space-T1w_hemi-L_label-DLPFC_mask.nii.gz",
        "sub-02/ses-2/anat/sub-02_ses-2_space-T1w_hemi-L_label-DLPFC_mask.nii.gz",
    ]
    assert sorted(path.name for path in out.glob("sub-*.html")) == ["sub-01.html", "sub-02.html"]
    assert (out / "sub-02.html").read_text(encoding="utf-8").count("DLPFC target plan</h1>") == 2
    assert json.loads((out / "dataset_description.json").read_text())["GeneratedBy"][0]["Name"] == "DLPFCSegmenter"
    (out / written[0]).unlink()
    (out / "sub-01" / "anat" / "sub-01_desc-DLPFC_provenance.json").unlink()
    assert main(["batch", str(tree), "--output", str(out), "--participant-label", "01"]) == 0
    assert "sub-01: finished before" in capsys.readouterr().out and (out / written[0]).is_file()


def test_participants_and_sessions_are_chosen_and_those_of_no_tree_are_told(tree, tmp_path, capsys):
    command = ["batch", str(tree), "--output", str(tmp_path / "out"), "--dry-run"]
    assert main([*command, "--participant-label", "sub-02", "--session", "2"]) == 0
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["sub-02_ses-2"]
    assert main([*command, "--pattern", "*ses-1_T1w.nii.gz"]) == 0
    assert capsys.readouterr().out.startswith("anat_sub-02_ses-1_T1w: would run")
    assert main([*command, "--pattern", "*.mgz"]) == 2
    assert "fits --pattern *.mgz" in capsys.readouterr().err
    assert main(["batch", str(tree / "sub-02"), *command[2:], "--filter", "run=1"]) == 2
    assert "is no BIDS tree" in capsys.readouterr().err


def test_an_option_that_is_given_twice_adds_up_and_people_without_a_t1_are_named(tree, tmp_path, capsys):
    (tree / "sub-03" / "func").mkdir(parents=True)
    command = ["batch", str(tree), "--output", str(tmp_path / "out"), "--dry-run"]
    assert main(command) == 0
    assert capsys.readouterr().out.startswith("no T1w scan of sub-03\nsub-01: would run")
    assert main([*command, "--participant-label", "01", "--participant-label", "02", "--session", "1", "none"]) == 2
    assert "no T1w scan of ses-none" in capsys.readouterr().err
    assert main([*command, "--participant-label", "01", "--participant-label", "02", "--filter", "ses=none,1"]) == 0
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["sub-01", "sub-02_ses-1"]


def test_a_dry_run_says_what_would_run_what_is_finished_and_why_not_and_writes_nothing(scans, tmp_path, capsys):
    command = ["batch", str(scans), "--output", str(tmp_path / "out")]
    assert main([*command, "--dry-run"]) == 1
    said = capsys.readouterr().out
    assert f"anna: would run {scans / 'anna.nii.gz'}" in said and "broken: failed" in said and "broken.nrrd" in said
    assert not (tmp_path / "out").exists()
    (scans / "broken.nrrd").unlink()
    assert main(command) == 0
    assert main([*command, "--dry-run"]) == 0
    assert "anna: finished before" in capsys.readouterr().out
    assert main([*command, "--dry-run", "--rule-mm", "60"]) == 1
    said = capsys.readouterr().out
    assert "anna: failed" in said and "other choices (rule_mm); --overwrite replaces it" in said
    assert main([*command, "--dry-run", "--rule-mm", "60", "--overwrite"]) == 0
    assert "anna: would run" in capsys.readouterr().out


def test_a_batch_that_fails_fast_says_how_many_were_not_begun(scans, tmp_path, capsys):
    (scans / "aaa.nrrd").write_bytes(b"damaged")
    assert main(["batch", str(scans), "--output", str(tmp_path / "out"), "--fail-fast"]) == 1
    assert "3 scans, 1 failed, 2 not begun" in capsys.readouterr().out
    assert (tmp_path / "out" / "logs" / "aaa.log").is_file() and not (tmp_path / "out" / "anna").exists()


def test_the_bar_tells_rate_and_time_left():
    assert progress_line(5, 20, 4, 3600.0).rstrip() == "[#####...............] 5/20, 4 an hour, 3 h 45 min left"
    assert progress_line(20, 20, 0, 1.0).rstrip() == "[####################] 20/20"


@pytest.mark.parametrize("given", (("--jobs", "0"), ("--threads", "-1"), ("--jobs", "two")))
def test_a_number_of_jobs_or_threads_is_one_or_more(given, scans, tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        main(["batch", str(scans), "--output", str(tmp_path / "out"), *given])
    assert end.value.code == 2 and given[0] in capsys.readouterr().err


def test_an_anonymous_batch_leaves_no_name_in_folders_tables_logs_or_plans(scans, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["batch", str(scans), "--output", str(out), "--anonymous", "--report"]) == 1
    said = capsys.readouterr().out
    assert f"{scans / 'anna.nii.gz'} is anonymous-" in said and f"{scans / 'broken.nrrd'} is scan-2: failed" in said
    content = " ".join(name + text for name, text in everything_in(out))
    assert not [secret for secret in ("anna", "broken.nrrd", str(tmp_path)) if secret in content]
    assert len(list(out.glob("anonymous-*/result.json"))) == 1 and (out / "logs" / "scan-2.log").is_file()
