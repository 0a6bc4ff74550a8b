"""Many scans: which there are, what a folder holds already, and the table of them all."""

import csv
import json
import os
import re
import shutil
import signal
import tempfile
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK

from DLPFCSegmenterLib import files
from DLPFCSegmenterLib.batch import (
    DONE,
    FAILED,
    FINISHED_BEFORE,
    NOT_FOUND,
    PLAN_ALONE,
    Wanted,
    batch_of_files,
    clear_leftovers,
    do_job,
    find_batch,
    foresee,
    jobs_of,
    look_up,
    named_batch,
    one_after_the_other,
    run_batch,
    scans_in,
    without_names,
    write_table,
)
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.files import file_sha256
from DLPFCSegmenterLib.networks import registry
from DLPFCSegmenterLib.networks.registry import SHIPPED, head_sha256
from DLPFCSegmenterLib.options import CircuitChoices
from DLPFCSegmenterLib.plan import PlanOptions, input_files
from DLPFCSegmenterLib.progress import SILENT
from DLPFCSegmenterLib.report import overview
from DLPFCSegmenterLib.scan import readers
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.targeting.beam_f3 import HeadMeasures
from DLPFCSegmenterLib.targeting.fiducials import Fiducials
from hand_made_plans import make_plan, without_side
from small_series import save_series
from unpacked_files import everything_in

OPTIONS = PlanOptions()


def save_scan(path, brightness=200, person=1):
    path.parent.mkdir(parents=True, exist_ok=True)
    array = np.random.default_rng(person).integers(0, brightness, (30, 30, 30)).astype(np.int16)
    image = SimpleITK.GetImageFromArray(array)
    image.SetSpacing((3.0, 3.0, 3.0))
    SimpleITK.WriteImage(image, str(path))
    return path


def planner(volume, options, progress):
    """A hand-made plan for any scan but a dark one."""
    if volume.array_kji.max() < 60:
        raise UserError(f"{volume.source}: is too dark; give a T1 scan.")
    plan = make_plan(hemispheres=options.hemispheres)
    weights = file_sha256(options.weights or SHIPPED)
    model = replace(plan.model, sha256=weights, head_sha256=head_sha256())
    sides = {name: replace(side, region=replace(side.region, warnings=())) for name, side in plan.sides.items()}
    known = {"volume": replace(plan.volume, origin=volume.origin), "fingerprint": volume.fingerprint}
    inputs = input_files(Path(volume.source), options)
    return replace(plan, options=options, sides=sides, model=model, inputs=inputs, **known)


def run(scans, output, options=OPTIONS, planner=planner):
    told = []
    rows = run_batch(scans, options, output, told.append, one_after_the_other(planner))
    assert told == rows
    return rows


def table(output):
    with (output / "results.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(autouse=True)
def quick_picture(monkeypatch):
    """The picture has its own tests, and costs more than all else here."""
    monkeypatch.setattr(overview, "draw_overview", lambda plan, path: path.write_bytes(b"a picture"))


@pytest.fixture
def scans(tmp_path):
    """Two scans and a dark one, and where their results go."""
    folder = tmp_path / "scans"
    for name, brightness in (("anna.nrrd", 200), ("dark.nrrd", 50), ("zoe.mha", 200)):
        save_scan(folder / name, brightness)
    output = tmp_path / "out"
    return batch_of_files(scans_in(folder, output), folder, output)


def test_scans_are_found_in_folders_and_masks_labels_and_results_are_none(tmp_path):
    root = tmp_path / "study"
    wanted = [save_scan(root / name) for name in ("a.nrrd", "sub-1/anat/T1w.nii.gz", "sub-2/anat/T1w.nii.gz")]
    for name in (
        "a_dlpfc.nii.gz",
        "a_insula_mask.nii.gz",
        "a_dlmuse.nii.gz",
        "a.seg.nrrd",
        ".hidden.nii.gz",
        "out/b.nrrd",
        "old/c.nrrd",
    ):
        save_scan(root / name)
    (root / "old" / "result.json").write_text("{}")
    (root / "notes.txt").write_text("no scan")
    save_series(root / "series")
    assert scans_in(root, root / "out") == sorted([*wanted, root / "series"])
    assert scans_in(root / "series", tmp_path / "elsewhere") == [root / "series"]


@pytest.mark.parametrize("name", ("00_README.txt", "0_readme", "DICOMDIR", "zz.log", "Thumbs.db"))
def test_a_series_is_found_by_its_content_whatever_lies_beside_its_slices(name, tmp_path):
    save_series(tmp_path / "study")
    (tmp_path / "study" / name).write_text("made by the archive")
    (found,) = scans_in(tmp_path, tmp_path / "out")
    assert found == tmp_path / "study"
    assert read_volume(found).shape_ijk == (80, 90, 6)


def test_links_to_nothing_pipes_and_a_table_of_contents_are_no_scans_and_end_no_batch(tmp_path):
    root = tmp_path / "study"
    wanted = [save_scan(root / name) for name in ("a.nrrd", "sub/b.nrrd")]
    for folder in ("alone", "sub", "between"):
        (root / folder).mkdir(exist_ok=True)
        (root / folder / "0_lost").symlink_to(tmp_path / "gone")
        (root / folder / "1_circle").symlink_to("1_circle")
        os.mkfifo(root / folder / "2_pipe")
    (root / "disc").mkdir()
    (root / "disc" / "DICOMDIR").write_bytes(bytes(128) + b"DICM\x02\0\x02\0UI\x1a\0" + b"1.2.840.10008.1.3.10\0")
    assert scans_in(root, tmp_path / "out") == sorted(wanted)


def test_a_link_to_nothing_beside_slices_does_not_hide_the_series(tmp_path):
    save_series(tmp_path / "series")
    (tmp_path / "series" / "0_lost").symlink_to(tmp_path / "gone")
    assert scans_in(tmp_path, tmp_path / "out") == [tmp_path / "series"]
    assert read_volume(tmp_path / "series").shape_ijk == (80, 90, 6)


def test_a_scan_that_is_a_link_to_nothing_or_a_pipe_costs_its_own_row_alone(tmp_path):
    root, output = tmp_path / "study", tmp_path / "out"
    save_scan(root / "zoe.nrrd", 200)
    (root / "anna.nrrd").symlink_to(tmp_path / "gone.nrrd")
    os.mkfifo(root / "ben.nii.gz")
    rows = run(batch_of_files(scans_in(root, output), root, output), output)
    assert [row.state for row in rows] == [FAILED, FAILED, DONE]
    assert "no such file" in rows[0].message and "no regular file" in rows[1].message


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_folders_that_are_links_are_looked_into_once_and_none_leads_round_in_circles(tmp_path):
    save_scan(tmp_path / "archive" / "anna" / "t1.nii.gz")
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "anna").symlink_to(tmp_path / "archive" / "anna")
    (tmp_path / "study" / "again").symlink_to(tmp_path / "study")
    assert scans_in(tmp_path / "study", tmp_path / "out") == [tmp_path / "study" / "anna" / "t1.nii.gz"]


def test_a_folder_without_scans_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("no scan")
    with pytest.raises(UserError, match="holds no scan"):
        scans_in(tmp_path, tmp_path / "out")


def test_results_do_not_go_among_the_scans(tmp_path):
    save_scan(tmp_path / "t1.nii.gz")
    with pytest.raises(UserError, match="holds the scans; choose another folder for the results"):
        scans_in(tmp_path, tmp_path)


def test_a_scan_is_named_after_its_place_so_that_a_later_run_finds_it(tmp_path):
    paths = [tmp_path / "b.nii.gz", tmp_path / "sub-1" / "T1w.nii.gz", tmp_path / "sub-2" / "T1w.nii.gz"]
    names = [scan.name for scan in batch_of_files(paths, tmp_path, tmp_path / "out")]
    assert names == ["b", "sub-1_T1w", "sub-2_T1w"]


def test_no_two_scans_share_a_folder(tmp_path):
    scans = named_batch([("Head", "1"), ("head", "2"), ("he/ad", "3")], tmp_path)
    assert [scan.folder.name for scan in scans] == ["Head", "head-2", "he-ad"]


def test_no_scan_is_called_as_a_file_of_the_batch_or_a_device_of_windows(tmp_path):
    scans = named_batch([(name, "") for name in ("logs", "Results.csv", "aux", "COM1.t1", "console")], tmp_path)
    assert [scan.name for scan in scans] == ["logs-2", "Results.csv-2", "scan-aux", "scan-COM1.t1", "console"]


def test_every_scan_gets_its_folder_and_a_failed_one_stops_nothing(scans, tmp_path):
    rows = run(scans, tmp_path / "out")
    assert [(row.name, row.state) for row in rows] == [("anna", DONE), ("dark", FAILED), ("zoe", DONE)]
    assert "too dark" in rows[1].message
    result = json.loads((tmp_path / "out" / "anna" / "result.json").read_text(encoding="utf-8"))
    (side,) = rows[0].sides
    assert side.volume_ml == result["mask"]["volume_ml"]
    np.testing.assert_allclose(side.centroid_ras_mm, result["centroid_ras_mm"])
    assert (tmp_path / "out" / "anna" / "dlpfc_left.nii.gz").is_file()
    assert not (tmp_path / "out" / "dark").exists()


def test_the_table_has_a_line_for_each_side_of_each_scan(scans, tmp_path):
    run(scans, tmp_path / "out", PlanOptions(hemispheres=("left", "right")))
    lines = table(tmp_path / "out")
    assert [(line["scan"], line["hemisphere"]) for line in lines] == [
        ("anna", "left"), ("anna", "right"), ("dark", ""), ("zoe", "left"), ("zoe", "right"),
    ]  # fmt: skip
    assert float(lines[0]["centroid_ras_x_mm"]) < 0 < float(lines[1]["centroid_ras_x_mm"])
    assert lines[2]["state"] == "failed" and "too dark" in lines[2]["message"]
    assert lines[0]["model"] == "hand-made" and "low contrast" in lines[0]["warnings"]


def test_what_is_finished_is_not_run_again_and_what_failed_is(scans, tmp_path):
    run(scans, tmp_path / "out")
    before = (tmp_path / "out" / "anna" / "result.json").read_bytes()
    save_scan(Path(scans[1].source))
    rows = run(scans, tmp_path / "out")
    assert [row.state for row in rows] == [FINISHED_BEFORE, DONE, FINISHED_BEFORE]
    assert (tmp_path / "out" / "anna" / "result.json").read_bytes() == before
    assert [line["state"] for line in table(tmp_path / "out")] == ["finished before", "done", "finished before"]


OTHER_CHOICES = (
    replace(OPTIONS, threshold=0.7), replace(OPTIONS, hemispheres=("right",)), replace(OPTIONS, landmarks=False),
    replace(OPTIONS, networks="unet"), replace(OPTIONS, rule_mm=60.0), replace(OPTIONS, target="nearest-scalp"),
    replace(OPTIONS, hotspot_ras_mm=(-40.0, -20.0, 80.0)), replace(OPTIONS, picked_ras_mm=(-40.0, 30.0, 30.0)),
    replace(OPTIONS, coil_angle_deg=30.0), replace(OPTIONS, standoff_mm=5.0),
    replace(OPTIONS, tapes=HeadMeasures(57, 36, 37)),
    replace(OPTIONS, fiducials=Fiducials(*np.eye(4, 3))), replace(OPTIONS, by_tape=True),
    replace(OPTIONS, circuit=CircuitChoices(seed="sphere")), replace(OPTIONS, channels=(("z", "z.nii.gz"),)),
)  # fmt: skip


@pytest.mark.parametrize("options", OTHER_CHOICES)
def test_a_result_of_other_choices_is_neither_taken_nor_replaced(options, scans, tmp_path):
    run(scans[:1], tmp_path / "out")
    before = (tmp_path / "out" / "anna" / "result.json").read_bytes()
    (row,) = run(scans[:1], tmp_path / "out", options)
    assert row.state == FAILED and "holds results already" in row.message
    assert (tmp_path / "out" / "anna" / "result.json").read_bytes() == before


def test_a_result_whose_map_beside_the_scan_changed_is_not_taken(scans, tmp_path):
    """So it is with fMRI and its tables: their content is compared, whatever their names and times."""
    of_anna = tmp_path / "scans" / "anna_z.nii.gz"
    of_anna.write_bytes(b"as it was")
    options = replace(OPTIONS, channels=(("z", "*_z.nii.gz"),))
    run(scans[:1], tmp_path / "out", options)
    of_anna.touch()
    assert run(scans[:1], tmp_path / "out", options)[0].state == FINISHED_BEFORE
    of_anna.write_bytes(b"measured anew")
    (row,) = run(scans[:1], tmp_path / "out", options)
    assert row.state == FAILED and "holds results already" in row.message
    (job,) = jobs_of(scans[:1], options, PLAN_ALONE)
    assert "other choices (inputs)" in foresee(job).reason


def test_a_result_of_before_files_were_noted_is_taken_as_it_is(scans, tmp_path):
    run(scans[:1], tmp_path / "out")
    result = tmp_path / "out" / "anna" / "result.json"
    told = json.loads(result.read_text())
    del told["plan"]["inputs"], told["plan"]["options"]["channels"]
    result.write_text(json.dumps(told))
    assert run(scans[:1], tmp_path / "out")[0].state == FINISHED_BEFORE


def test_a_result_of_other_weights_is_not_taken_and_of_the_same_on_another_device_is(scans, tmp_path):
    """The old weights' result survived new weights of the same name."""
    weights = tmp_path / "mine.pt"
    weights.write_bytes(b"old")
    options = replace(OPTIONS, weights=weights)
    run(scans[:1], tmp_path / "out", options)
    assert run(scans[:1], tmp_path / "out", replace(options, device="cpu"))[0].state == FINISHED_BEFORE
    weights.write_bytes(b"new")
    (row,) = run(scans[:1], tmp_path / "out", options)
    assert row.state == FAILED and "holds results already" in row.message


def test_a_result_of_another_head_network_is_not_taken(scans, tmp_path, monkeypatch):
    """It decides where the networks look, so new weights of it may change every mask."""
    mine = tmp_path / "head.pt"
    monkeypatch.setattr(registry, "SHIPPED_HEAD", mine)
    mine.write_bytes(b"old")
    run(scans[:1], tmp_path / "out")
    assert run(scans[:1], tmp_path / "out")[0].state == FINISHED_BEFORE
    mine.write_bytes(b"new")
    (row,) = run(scans[:1], tmp_path / "out")
    assert row.state == FAILED and "holds results already" in row.message


def test_every_option_that_changes_a_result_is_looked_at():
    changed = {each.name for each in fields(PlanOptions) for other in OTHER_CHOICES if _differ(other, each.name)}
    assert changed | {"weights", "device"} == {each.name for each in fields(PlanOptions)}


def _differ(other, name):
    return repr(getattr(other, name)) != repr(getattr(OPTIONS, name))


def test_another_person_of_the_same_name_gets_another_folder_and_never_the_first_ones_result(tmp_path):
    """Person A's T1, then person B's T1 into the same output: 'finished before', with A's centroid."""
    out, rows = tmp_path / "out", {}
    for person in (1, 2, 1, 2):
        path = save_scan(tmp_path / "scans" / "T1.nrrd", person=person)
        (row,) = run(batch_of_files([path], path.parent, out), out)
        rows.setdefault(person, []).append((row.name, row.state))
        result = json.loads((out / row.name / "result.json").read_text(encoding="utf-8"))
        assert read_volume(path).has_fingerprint(result["plan"]["fingerprint"])
    assert rows == {1: [("T1", DONE), ("T1", FINISHED_BEFORE)], 2: [("T1-2", DONE), ("T1-2", FINISHED_BEFORE)]}


def test_another_folder_is_none_that_the_batch_needs_for_another_scan(tmp_path):
    scans, out = tmp_path / "scans", tmp_path / "out"
    run(batch_of_files([save_scan(scans / "T1.nrrd", person=1)], scans, out), out)
    paths = [save_scan(scans / name, person=person) for name, person in (("T1.nrrd", 2), ("T1-2.nrrd", 3))]
    assert [row.name for row in run(batch_of_files(paths, scans, out), out)] == ["T1-3", "T1-2"]


def test_a_scan_saved_in_another_kind_of_file_is_finished_before(scans, tmp_path):
    run(scans[:1], tmp_path / "out")
    copy = tmp_path / "copies" / "anna.nii.gz"
    copy.parent.mkdir()
    SimpleITK.WriteImage(SimpleITK.ReadImage(scans[0].source), str(copy))
    assert look_up(replace(scans[0], source=str(copy)), OPTIONS).finished.state == FINISHED_BEFORE


def test_a_damaged_result_and_one_of_an_older_version_are_nobodys(scans, tmp_path):
    run(scans[:1], tmp_path / "out")
    for text in ("{", '{"volume": {"path": "anna.nrrd"}}', "[]"):
        (tmp_path / "out" / "anna" / "result.json").write_text(text)
        found = look_up(scans[0], OPTIONS)
        assert found.finished is None and found.scan.name == "anna-2"
        assert (tmp_path / "out" / "anna" / "result.json").read_text() == text


def test_what_is_finished_is_found_with_the_scans_and_one_that_cannot_be_read_waits_for_its_turn(scans, tmp_path):
    run(scans, tmp_path / "out")
    (tmp_path / "scans" / "zoe.mha").write_bytes(b"damaged")
    found = find_batch(tmp_path / "scans", tmp_path / "out", OPTIONS)
    assert [each.scan.name for each in found] == ["anna", "dark", "zoe"]
    assert [each.finished and each.finished.state for each in found] == [FINISHED_BEFORE, None, None]


def test_an_error_that_nobody_foresaw_fails_its_scan_and_the_batch_goes_on(scans, tmp_path):
    def breaking(volume, options, progress):
        if "dark" in volume.source:
            raise ZeroDivisionError("float division\nby zero")
        return planner(volume, options, progress)

    rows = run(scans, tmp_path / "out", planner=breaking)
    assert [row.state for row in rows] == [DONE, FAILED, DONE]
    assert "by a fault of this program (ZeroDivisionError: float division by zero); the log is " in rows[1].message
    assert table(tmp_path / "out")[1]["message"] == rows[1].message


def test_a_batch_keeps_its_output_folder_to_itself(scans, tmp_path):
    def looking(volume, options, progress):
        assert tmp_path / "out" in files._held and scans[0].folder in files._held
        return planner(volume, options, progress)

    run(scans[:1], tmp_path / "out", planner=looking)
    assert not files._held


def test_a_scan_without_the_region_says_so_and_is_finished(scans, tmp_path):
    def blind(volume, options, progress):
        return without_side(planner(volume, options, progress), "left")

    (row,) = run(scans[:1], tmp_path / "out", planner=blind)
    assert row.state == NOT_FOUND and row.message == "left: no slice scored above 0.8"
    assert row.sides[0].volume_ml is None
    before = (tmp_path / "out" / "anna" / "result.json").read_bytes()
    assert run(scans[:1], tmp_path / "out")[0].state == NOT_FOUND
    assert (tmp_path / "out" / "anna" / "result.json").read_bytes() == before, "it is not planned again"


def test_a_table_of_somebody_else_is_left_alone(scans, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "results.csv").write_text("patient,dose\n1,2\n")
    with pytest.raises(UserError, match="is another table"):
        run(scans, tmp_path / "out")
    assert (tmp_path / "out" / "results.csv").read_text() == "patient,dose\n1,2\n"


def test_an_output_folder_that_cannot_be_written_is_told_before_the_work(scans, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(UserError, match="cannot be written"):
        write_table([], tmp_path / "file" / "out")


def test_what_a_killed_run_left_goes_and_results_stay(scans):
    scan = scans[0]
    (scan.folder / ".dlpfc-abc" / "fresh").mkdir(parents=True)
    clear_leftovers(scan)
    assert not scan.folder.exists()
    scan.folder.mkdir()
    (scan.folder / "mine.txt").write_text("kept")
    clear_leftovers(scan)
    assert (scan.folder / "mine.txt").is_file()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system copies no process")
def test_a_library_that_crashes_on_a_scan_costs_that_scan_alone(scans, tmp_path, monkeypatch):
    def crashing(path, frame=None):
        if path.name == "dark.nrrd":
            os.kill(os.getpid(), signal.SIGKILL)  # a crash that says nothing
        return read_volume(path, frame)

    monkeypatch.setattr(readers, "read_volume", crashing)
    rows = run(scans, tmp_path / "out")
    assert [row.state for row in rows] == [DONE, FAILED, DONE]
    assert "dark.nrrd: a library that reads such files crashed on it" in rows[1].message


def test_an_error_that_nobody_foresaw_is_told_in_its_row_with_its_log(scans, tmp_path, monkeypatch):
    def failing(volume, options, progress):
        if volume.source.endswith("zoe.mha"):
            raise ValueError("attempt to get argmin of an empty sequence")
        return planner(volume, options, progress)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (row,) = (row for row in run(scans, tmp_path / "out", planner=failing) if row.name == "zoe")
    assert row.state == FAILED and "zoe.mha: stopped by a fault of this program (ValueError: attempt" in row.message
    (log,) = tmp_path.glob("dlpfc-error-*.log")
    assert str(log) in row.message and "in failing" in log.read_text()


def test_a_scan_refused_for_other_choices_keeps_the_earlier_figures_in_the_table(scans, tmp_path):
    output = tmp_path / "out"
    run(scans, output)
    before = {line["scan"]: line for line in table(output)}
    run(scans, output, replace(OPTIONS, rule_mm=60.0))
    after = {line["scan"]: line for line in table(output)}
    for name in ("anna", "zoe"):
        assert after[name]["state"] == FAILED and "holds results already" in after[name]["message"]
        for column in ("hemisphere", "volume_ml", "centroid_ras_x_mm", "score", "model"):
            assert after[name][column] == before[name][column] != ""
    assert after["dark"]["volume_ml"] == ""


@pytest.mark.slow
def test_an_anonymous_batch_names_no_scan_in_any_file_or_folder_and_goes_on(tmp_path):
    root, output = tmp_path / "Mueller study", tmp_path / "out"
    save_scan(root / "Mueller_Eva" / "T1.nrrd", 200, person=1)
    save_scan(root / "Mueller_Eva" / "19700101.mha", 50, person=2)
    (root / "Mueller.nii.gz").write_bytes(b"no scan")
    scans = batch_of_files(scans_in(root, output), root, output)
    told = []
    wanted = Wanted(anonymous=True, report=True)
    rows = run_batch(scans, OPTIONS, output, told.append, one_after_the_other(planner), wanted)
    assert [row.state for row in rows] == [FAILED, FAILED, DONE] and told == rows
    assert [row.source for row in told] == [scan.source for scan in scans]
    names = [row.name for row in rows]
    assert names[0] == "scan-1" and all(re.fullmatch("anonymous-[0-9a-f]{8}", name) for name in names[1:])
    assert [path.name for path in output.iterdir() if path.is_dir()] == [names[2]]
    content = " ".join(name + content for name, content in everything_in(output))
    assert not [secret for secret in ("Mueller", "_Eva", "19700101", str(tmp_path)) if secret in content]
    assert "too dark" in content and rows[0].message.startswith("scan-1: is a text file")
    again = run_batch(scans, OPTIONS, output, told.append, one_after_the_other(planner), wanted)
    assert [row.state for row in again] == [FAILED, FAILED, FINISHED_BEFORE]


@pytest.mark.skipif(os.name == "nt", reason="one process cannot hold a lock twice there")
def test_of_two_copies_of_a_scan_in_an_anonymous_batch_the_second_waits_for_the_first(tmp_path, monkeypatch):
    root, output, elsewhere = (tmp_path / name for name in ("study", "out", "elsewhere"))
    wanted = Wanted(anonymous=True)
    sources = [(name, str(save_scan(root / f"{name}.nrrd"))) for name in ("anna", "copy")]
    first, _ = jobs_of(named_batch(sources, elsewhere), OPTIONS, wanted)
    done = do_job(first, SILENT, planner)
    _, second = jobs_of(named_batch(sources, output), OPTIONS, wanted)
    folder = output / done.name
    folder.mkdir(parents=True)
    lock = files._lock_file(folder, folder / files._LOCK, 0.0)

    def finish_first(_seconds):
        shutil.copytree(elsewhere / done.name, folder, dirs_exist_ok=True)
        lock.close()

    monkeypatch.setattr(files.time, "sleep", finish_first)
    row = do_job(second, SILENT, planner)
    assert (row.name, row.state, row.message) == (done.name, FINISHED_BEFORE, "")


def test_a_sentence_about_the_folder_of_an_anonymous_scan_keeps_its_words(tmp_path):
    told = f"{tmp_path / 'out' / 'anonymous-12345678'}: another run is writing into it."
    assert without_names(told, "/s/anna.nii", "anonymous-12345678", tmp_path / "out") == (
        "anonymous-12345678: another run is writing into it."
    )
