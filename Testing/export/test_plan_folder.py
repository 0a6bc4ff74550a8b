import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nibabel
import numpy as np
import pytest

from DLPFCSegmenterLib import files
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export import plan_folder
from DLPFCSegmenterLib.export.plan_folder import check_output_folder, planned_folder, write_plan
from DLPFCSegmenterLib.export.result_folder import read_findings
from DLPFCSegmenterLib.report import overview
from hand_made_plans import make_plan, without_side

ONE_SIDE = {"dlpfc_left.nii.gz", "dlpfc_left.seg.nrrd", "targets.mrk.json", "overview.png", "result.json"}


def names_in(folder) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_one_side_gives_exactly_the_promised_files(tmp_path):
    written = write_plan(make_plan(), tmp_path / "new" / "results")
    assert names_in(tmp_path / "new" / "results") == ONE_SIDE
    assert {path.name for path in written.files} == ONE_SIDE
    assert written.warnings == ()


def test_the_report_is_written_where_it_is_asked_for_and_counts_as_a_result(tmp_path):
    written = write_plan(without_side(make_plan(), "left"), tmp_path, report=True)
    assert tmp_path / "report.html" in written.files
    write_plan(make_plan(), tmp_path, overwrite=True)
    assert not (tmp_path / "report.html").exists()


def test_both_sides_share_one_folder(tmp_path):
    write_plan(make_plan(hemispheres=("left", "right")), tmp_path)
    assert names_in(tmp_path) == ONE_SIDE | {"dlpfc_right.nii.gz", "dlpfc_right.seg.nrrd"}


def test_result_names_the_mask_where_it_really_lies(tmp_path):
    write_plan(make_plan("PSR"), tmp_path)
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    image = nibabel.load(result["mask"]["path"])
    voxel_ml = abs(np.linalg.det(image.affine[:3, :3])) / 1000
    assert np.asarray(image.dataobj).sum() * voxel_ml == pytest.approx(result["mask"]["volume_ml"], abs=1e-3)


def test_nothing_found_leaves_only_the_result(tmp_path):
    write_plan(without_side(make_plan(), "left"), tmp_path)
    assert names_in(tmp_path) == {"result.json"}


def test_a_folder_with_results_is_refused_and_left_as_it_was(tmp_path):
    (tmp_path / "result.json").write_text("mine")
    with pytest.raises(UserError, match="holds results already.*result.json"):
        write_plan(make_plan(), tmp_path)
    assert names_in(tmp_path) == {"result.json"}
    assert (tmp_path / "result.json").read_text() == "mine"


@pytest.mark.slow
def test_overwriting_takes_stale_results_away_and_leaves_foreign_files(tmp_path):
    write_plan(make_plan(hemispheres=("left", "right")), tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    write_plan(make_plan(), tmp_path, overwrite=True)
    assert names_in(tmp_path) == ONE_SIDE | {"notes.txt"}
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_failure_on_the_way_leaves_the_old_results(tmp_path):
    write_plan(make_plan(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    broken = replace(make_plan(), model=object())
    with pytest.raises(AttributeError):
        write_plan(broken, tmp_path, overwrite=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.slow
def test_a_failure_while_files_are_exchanged_puts_the_old_ones_back(tmp_path, monkeypatch):
    write_plan(make_plan(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    replace_file = os.replace

    def refuse(source, place):
        if str(place).endswith("targets.mrk.json") and "fresh" in str(source):
            raise PermissionError(13, "in use by another program")
        replace_file(source, place)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(UserError, match="nothing was written .in use by another program."):
        write_plan(make_plan("PSR"), tmp_path, overwrite=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_run_that_was_killed_while_it_wrote_is_completed_or_cleared_by_whoever_looks_next(tmp_path):
    """The whole matter of `test_files.py`; here only that readers and writers of results ask for it."""
    write_plan(make_plan(), tmp_path)
    scratch = tmp_path / ".dlpfc-dead"
    (scratch / "fresh").mkdir(parents=True)
    (scratch / "old").mkdir()
    (tmp_path / "result.json").rename(scratch / "fresh" / "result.json")
    (scratch / "journal.json").write_text('{"names": ["result.json"], "gone": []}')
    assert "left" in read_findings(tmp_path).sides
    assert names_in(tmp_path) == ONE_SIDE


@pytest.mark.slow
def test_a_plan_that_is_killed_at_any_exchange_of_a_file_leaves_the_whole_old_result_or_the_whole_new_one(
    tmp_path, monkeypatch
):
    """Killed at the k-th rename of an overwriting plan, 7 of 8 lost the earlier result in whole or in part."""
    monkeypatch.setattr(overview, "draw_overview", lambda plan, path: path.write_bytes(b"a picture"))
    write_plan(make_plan(hemispheres=("left", "right")), tmp_path / "old")
    old, new = contents(tmp_path / "old"), ONE_SIDE | {"notes.txt"}
    for call in range(40):
        folder = tmp_path / str(call)
        shutil.copytree(tmp_path / "old", folder)
        (folder / "notes.txt").write_text("mine")
        ended = _run_killed_at(call, lambda folder=folder: write_plan(make_plan(), folder, overwrite=True))
        assert read_findings(folder).sides  # the next who looks is a reader
        left = contents(folder)
        assert left == old | {"notes.txt": b"mine"} if left["result.json"] == old["result.json"] else set(left) == new
        if ended:
            break
    assert ended and call > len(ONE_SIDE) and set(left) == new


def contents(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _run_killed_at(call: int, run) -> bool:
    """Run in a process of its own that dies in the place of its k-th exchange; whether it came to its end before."""

    def act():
        left, replace_file = [call], os.replace

        def exchange(*arguments):
            if left[0] == 0:
                os._exit(9)
            left[0] -= 1
            replace_file(*arguments)

        os.replace = os.rename = exchange
        run()
        os._exit(0)

    child = multiprocessing.get_context("fork").Process(target=act)
    child.start()
    child.join()
    assert child.exitcode in (0, 9)
    return child.exitcode == 0


@pytest.mark.slow
def test_two_runs_into_one_folder_do_not_both_succeed(tmp_path):
    def other_run():
        with planned_folder(tmp_path, overwrite=True):
            pass

    with planned_folder(tmp_path, overwrite=True):
        other = multiprocessing.get_context("fork").Process(target=_forget_and, args=(other_run,))
        other.start()
        other.join()
    assert other.exitcode == 7


def _forget_and(run) -> None:
    files._held.clear()
    try:
        run()
    except UserError as error:
        os._exit(7 if "another run is writing into it" in str(error) else 1)
    os._exit(0)


def test_the_check_beforehand_makes_no_folder(tmp_path):
    check_output_folder(tmp_path / "a" / "b", overwrite=False)
    assert names_in(tmp_path) == set()


def test_a_file_in_the_folders_place_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(UserError, match="a file, not a folder"):
        check_output_folder(tmp_path / "out", overwrite=True)


def test_a_folder_below_a_file_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(UserError, match="nothing was written"):
        check_output_folder(tmp_path / "out" / "deeper", overwrite=False)


def test_a_folder_that_cannot_be_written_is_refused_beforehand():
    with pytest.raises(UserError, match="nothing was written"):
        check_output_folder(Path("/proc/dlpfc"), overwrite=False)


def test_a_disk_that_fills_up_gives_one_line_and_leaves_nothing(tmp_path):
    """The kernel refuses to let any file grow beyond 1 kB, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        with pytest.raises(UserError, match="nothing was written") as caught:
            write_plan(make_plan(), tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "\n" not in str(caught.value)
    assert names_in(tmp_path) == set()


@pytest.mark.slow
def test_the_writers_do_not_import_slicer_into_this_process():
    code = "import sys, DLPFCSegmenterLib.export.plan_folder; sys.exit('slicer' in sys.modules or 'qt' in sys.modules)"
    path = Path(plan_folder.__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=path).returncode == 0


def test_a_folder_in_the_place_of_a_result_is_told_of_before_the_work(tmp_path):
    (tmp_path / "result.json").mkdir()
    with pytest.raises(UserError, match=r"result\.json: is a folder where a file belongs"):
        check_output_folder(tmp_path, overwrite=True)
