"""The Python API: one cheap import, and the README's lines do the main job."""

import re
import subprocess
import sys

import nibabel
import pytest

import DLPFCSegmenterLib
from DLPFCSegmenterLib import PlanOptions, export, make_plan, plan, read_scan, write_plan
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter
from hand_made_plans import make_plan as hand_made_plan
from readme import README
from synthetic_head import bright_ball_model, plain_grid, synthetic_head


@pytest.fixture
def folder_with_a_scan(tmp_path, monkeypatch):
    """A folder with T1.nii.gz, in which a network whose answer is known is asked."""
    monkeypatch.setattr(plan, "_segmenter", lambda options, kept: Segmenter(bright_ball_model()))
    monkeypatch.chdir(tmp_path)
    head = synthetic_head(*plain_grid())
    image = nibabel.Nifti1Image(head.array_kji.transpose(2, 1, 0), head.ijk_to_ras)
    image.set_qform(head.ijk_to_ras, 1)
    image.set_sform(head.ijk_to_ras, 1)
    nibabel.save(image, tmp_path / "T1.nii.gz")
    return tmp_path


def snippets() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.slow
def test_the_readmes_lines_do_the_main_job(folder_with_a_scan):
    (snippet,) = snippets()
    exec(snippet, {})
    assert {"dlpfc_left.nii.gz", "targets.mrk.json", "result.json"} <= {
        path.name for path in (folder_with_a_scan / "results").iterdir()
    }
    assert (folder_with_a_scan / "files" / "dlpfc.brainsight.txt").is_file()


@pytest.mark.slow
def test_a_plan_needs_no_options_and_tells_nobody(folder_with_a_scan):
    made = make_plan(read_scan("T1.nii.gz"))
    assert made.options == PlanOptions() and set(made.sides) == {"left"}


def test_importing_the_package_loads_nothing_else_of_it():
    code = "import sys, DLPFCSegmenterLib; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = answer.stdout.split()
    assert "DLPFCSegmenterLib" in loaded and "numpy" not in loaded
    assert not [name for name in loaded if name.startswith("DLPFCSegmenterLib.")]


def test_every_name_of_the_api_tells_what_it_does_and_no_other_is_there():
    for name in DLPFCSegmenterLib.__all__:
        told = getattr(DLPFCSegmenterLib, name)
        assert callable(told) and len((told.__doc__ or "").split()) > 20
    with pytest.raises(AttributeError, match="read_plan"):
        _ = DLPFCSegmenterLib.read_plan


def test_the_result_of_an_export_is_all_files_or_none(tmp_path):
    made = hand_made_plan()
    names = {file.name for file in export(made, ("csv", "mask-nrrd"), tmp_path / "files")}
    assert names == {"dlpfc.csv", "dlpfc_left.seg.nrrd"} == {path.name for path in (tmp_path / "files").iterdir()}
    with pytest.raises(UserError, match=r"dlpfc\.csv already"):
        export(made, ("csv", "json"), tmp_path / "files")
    with pytest.raises(UserError, match="Localite"):
        export(made, ("json", "localite"), str(tmp_path / "files"))
    with pytest.raises(UserError, match="'mp3' is no export format"):
        export(made, "mp3", tmp_path / "files")
    assert names == {path.name for path in (tmp_path / "files").iterdir()}
    assert export(made, "csv", tmp_path / "files", overwrite=True)


def test_write_plan_takes_the_folders_name_as_text(tmp_path):
    assert write_plan(hand_made_plan(), str(tmp_path / "out")).files
