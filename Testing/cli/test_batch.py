"""The command `dlpfc batch`: what it says, what it writes, what it does not do twice."""

from dataclasses import replace

import nibabel
import numpy as np
import pytest

from DLPFCSegmenterLib import plan
from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.files import file_sha256
from DLPFCSegmenterLib.networks.registry import SHIPPED
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter
from synthetic_head import bright_ball_model, plain_grid, synthetic_head


@pytest.fixture
def scans(tmp_path, monkeypatch):
    """A folder with a head, on which a network whose answer is known is asked, and a damaged file."""
    model = replace(bright_ball_model(), sha256=file_sha256(SHIPPED))
    monkeypatch.setattr(plan, "_segmenter", lambda options, kept: Segmenter(model))
    head = synthetic_head(*plain_grid())
    (tmp_path / "scans").mkdir()
    image = nibabel.Nifti1Image(head.array_kji.transpose(2, 1, 0), head.ijk_to_ras)
    image.set_sform(head.ijk_to_ras, 1)
    nibabel.save(image, tmp_path / "scans" / "anna.nii.gz")
    (tmp_path / "scans" / "broken.nrrd").write_bytes(b"NRRD0005\nno header")
    return tmp_path / "scans"


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


def test_report_frame_and_overwrite_do_what_they_do_for_a_plan(scans, tmp_path, capsys):
    (scans / "broken.nrrd").unlink()
    out = tmp_path / "out"
    command = ["batch", str(scans), "--output", str(out), "--coil-angle", "30"]
    assert main(command) == 0
    assert not (out / "anna" / "report.html").exists()
    assert main([*command, "--report"]) == 0
    assert "anna: finished before left 7.5 ml" in (said := capsys.readouterr().out)
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
