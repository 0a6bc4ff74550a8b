"""Section 'Batch': volumes of the scene or scans in a folder, one after the other."""

import csv
import json

import numpy as np
import pytest
import SimpleITK
import slicer

import slicer_rig
from application.panel_user import add_head, nodes, points_of, run_to_end
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.sentences import place_in_words

STATE, VOLUME, CENTROID, EXPECTED, TIME, REMARKS = range(1, 7)
REASON = VOLUME
"""In the row of a scan that failed it takes the place of all results."""


def cell(panel, row, column):
    return panel.batchTable.item(row, column).text()


def states(panel):
    return [cell(panel, row, STATE) for row in range(panel.batchTable.rowCount)]


def names(panel):
    return [cell(panel, row, 0) for row in range(panel.batchTable.rowCount)]


def wait(panel, timeout_s=120):
    assert slicer_rig.drain_events(timeout_s, until=lambda: panel.batchButton.text == "Run batch"), states(panel)
    return panel.batchLabel.text


def over_scene(panel, output):
    panel.batchOutputEdit.currentPath = str(output)
    panel.batchButton.click()


def over_folder(panel, folder, output):
    panel.batchSourceSelector.currentIndex = 1
    panel.batchFolderEdit.currentPath = str(folder)
    over_scene(panel, output)


def table(output):
    with (output / "results.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def save_head(path):
    """The head of the other tests as a file, and no more in the scene."""
    node = add_head("made")
    image = SimpleITK.GetImageFromArray(slicer.util.arrayFromVolume(node))
    image.SetSpacing(node.GetSpacing())
    image.SetOrigin(np.array(node.GetOrigin()) * (-1, -1, 1))
    image.SetDirection(np.diag([-1.0, -1.0, 1.0]).ravel())
    path.parent.mkdir(parents=True, exist_ok=True)
    SimpleITK.WriteImage(image, str(path))
    slicer.mrmlScene.RemoveNode(node)
    return path


@pytest.fixture
def scans(tmp_path):
    """A folder with two heads and a damaged file between them."""
    save_head(tmp_path / "scans" / "anna.nii.gz")
    (tmp_path / "scans" / "broken.nrrd").write_bytes(b"NRRD0005\nno header")
    save_head(tmp_path / "scans" / "sub-1" / "zoe.nrrd")
    return tmp_path / "scans"


# what is missing


def test_a_batch_needs_a_folder_for_its_results_and_scans(panel, tmp_path):
    over_scene(panel, "")
    assert panel.batchLabel.text == "⚠ Choose a folder for the results first."
    over_scene(panel, tmp_path)
    assert wait(panel) == "⚠ There is no volume in the scene."
    over_folder(panel, "", tmp_path)
    assert panel.batchLabel.text == "⚠ Choose the folder with the scans first."
    over_folder(panel, tmp_path, tmp_path / "out")
    assert "holds no scan" in wait(panel)
    assert panel.batchButton.enabled


def test_an_output_folder_that_cannot_be_written_is_told_and_nothing_is_run(panel, head, tmp_path):
    (tmp_path / "file").write_text("no folder")
    over_scene(panel, tmp_path / "file" / "out")
    assert "cannot be written" in wait(panel)
    assert states(panel) == ["waiting"] and not nodes("vtkMRMLSegmentationNode")


# volumes of the scene


def test_a_folder_that_was_typed_without_its_path_is_where_slicer_is_and_not_where_its_worker_is(
    worker_panel, head, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    over_scene(worker_panel, "results")
    assert wait(worker_panel).endswith(f"table in {tmp_path / 'results' / 'results.csv'}.")
    assert (tmp_path / "results" / "head" / "result.json").is_file()


def test_the_scene_s_volumes_have_no_fmri_beside_them_which_is_said_before_any_of_them_fails(panel, head, tmp_path):
    panel.targetSelector.currentIndex = 2
    over_scene(panel, tmp_path)
    assert "choose 'All scans in a folder', or another target" in wait(panel)
    assert names(panel) == [] and not any(tmp_path.iterdir())


def test_every_volume_of_the_scene_gets_nodes_a_folder_and_a_row(panel, head, tmp_path):
    other = add_head("other")
    panel.inputSelector.setCurrentNode(other)
    over_scene(panel, tmp_path)
    assert wait(panel) == f"2 done, 0 finished before, 0 failed; table in {tmp_path / 'results.csv'}."
    assert names(panel) == ["head", "other"] and states(panel) == ["done", "done"]
    assert [node.GetName() for node in nodes("vtkMRMLSegmentationNode")] == ["head Left DLPFC", "other Left DLPFC"]
    assert panel.resultLabel.text.startswith("other, left: 7.9 ml")
    result = json.loads((tmp_path / "head" / "result.json").read_text(encoding="utf-8"))
    assert cell(panel, 0, VOLUME) == "7.9" == f"{result['mask']['volume_ml']:.1f}"
    assert cell(panel, 0, CENTROID) + " mm" == place_in_words(result["centroid_ras_mm"])
    for file in ("dlpfc_left.nii.gz", "dlpfc_left.seg.nrrd", "targets.mrk.json", "overview.png"):
        assert (tmp_path / "other" / file).is_file()
    (line, _) = table(tmp_path)
    target = next(iter(points_of(slicer.util.getNode("head DLPFC target (left)")).values()))
    np.testing.assert_allclose([float(line[f"centroid_ras_{axis}_mm"]) for axis in "xyz"], target, atol=1e-3)


def test_both_sides_stand_in_one_row_and_two_lines_of_the_table(panel, head, tmp_path):
    array = slicer.util.arrayFromVolume(head)
    array[:, :, ::-1][array > 200] = 250
    panel.hemisphereSelector.currentIndex = 2
    over_scene(panel, tmp_path)
    wait(panel)
    left, right = cell(panel, 0, CENTROID).split(" | ")
    assert left.startswith("L ") and right.startswith("R ")
    assert [line["hemisphere"] for line in table(tmp_path)] == ["left", "right"]


def test_the_expected_error_stands_in_the_row(panel, head, tmp_path, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "calibrated")
    over_scene(panel, tmp_path)
    wait(panel)
    assert cell(panel, 0, EXPECTED) == "4.2"
    assert table(tmp_path)[0]["expected_error_mm"] == "4.2"


def test_a_volume_that_cannot_be_planned_on_fails_and_the_rest_goes_on(panel, head, tmp_path):
    flat = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "flat")
    slicer.util.updateVolumeFromArray(flat, np.zeros((1, 5, 5), np.int16))
    add_head("third")
    over_scene(panel, tmp_path)
    assert wait(panel).startswith("2 done, 0 finished before, 1 failed")
    assert states(panel) == ["done", "failed", "done"]
    assert "is a single slice" in cell(panel, 1, REASON)
    assert table(tmp_path)[1]["message"] == cell(panel, 1, REASON)


def test_a_volume_that_is_removed_before_its_turn_fails(panel, head, tmp_path):
    other = add_head("other")
    over_scene(panel, tmp_path)
    slicer.mrmlScene.RemoveNode(other)
    assert wait(panel).startswith("1 done, 0 finished before, 1 failed")
    assert cell(panel, 1, REASON) == "The volume was removed."


def test_an_edited_mask_of_an_earlier_run_is_kept(segmented, head, tmp_path):
    over_scene(segmented, tmp_path)
    wait(segmented)
    assert len(nodes("vtkMRMLSegmentationNode")) == 2


# scans in a folder


def test_every_scan_of_a_folder_gets_a_folder_and_a_failed_one_says_why(panel, scans, tmp_path):
    over_folder(panel, scans, tmp_path / "out")
    assert wait(panel).startswith("2 done, 0 finished before, 1 failed")
    assert names(panel) == ["anna", "broken", "sub-1_zoe"]
    assert states(panel) == ["done", "failed", "done"]
    assert "broken.nrrd" in cell(panel, 1, REASON)
    assert not nodes("vtkMRMLSegmentationNode")
    mask = read_volume(tmp_path / "out" / "anna" / "dlpfc_left.nii.gz").array_kji
    np.testing.assert_array_equal(mask > 0, read_volume(scans / "anna.nii.gz").array_kji > 200)
    assert not (tmp_path / "out" / "broken").exists()


def test_a_second_batch_runs_only_what_is_not_finished(panel, scans, tmp_path):
    over_folder(panel, scans, tmp_path / "out")
    wait(panel)
    before = (tmp_path / "out" / "anna" / "result.json").read_bytes()
    (scans / "broken.nrrd").unlink()
    save_head(scans / "broken.nrrd")
    panel.batchButton.click()
    assert wait(panel).startswith("1 done, 2 finished before, 0 failed")
    again = "finished before, not run again"
    assert states(panel) == [again, "done", again]
    assert cell(panel, 0, VOLUME) == "7.9"
    assert (tmp_path / "out" / "anna" / "result.json").read_bytes() == before


def test_another_person_under_the_same_name_is_planned_on_and_gets_a_folder_of_her_own(panel, head, tmp_path):
    """Person A's scan done, a new scene, person B's of the same name: 'finished before', with A's centroid."""
    over_scene(panel, tmp_path)
    wait(panel)
    first = (tmp_path / "head" / "result.json").read_bytes()
    slicer_rig.close_scene()
    other = add_head("head")
    array = slicer.util.arrayFromVolume(other)
    array[array > 200] = 220
    slicer.util.arrayFromVolumeModified(other)
    over_scene(panel, tmp_path)
    assert wait(panel).startswith("1 done, 0 finished before, 0 failed")
    assert table(tmp_path)[0]["scan"] == "head-2"
    assert (tmp_path / "head" / "result.json").read_bytes() == first
    panel.batchButton.click()
    assert wait(panel).startswith("0 done, 1 finished before") and table(tmp_path)[0]["scan"] == "head-2"


def test_other_choices_do_not_replace_what_is_there(panel, scans, tmp_path):
    over_folder(panel, scans / "sub-1", tmp_path / "out")
    wait(panel)
    panel.thresholdSlider.value = 0.7
    panel.batchButton.click()
    wait(panel)
    assert states(panel) == ["failed"] and "holds results already" in cell(panel, 0, REASON)


# cancel, close


def test_a_cancelled_batch_keeps_what_is_finished_and_goes_on_later(panel, head, tmp_path):
    add_head("other")
    over_scene(panel, tmp_path)
    assert slicer_rig.drain_events(60, until=lambda: states(panel)[0] == "done" and states(panel)[1] != "waiting")
    assert panel.batchButton.text == "Cancel" and not panel.batchOutputEdit.enabled
    panel.batchButton.click()
    assert wait(panel).startswith("Cancelled. 1 done")
    assert states(panel) == ["done", "cancelled"]
    assert not (tmp_path / "other").exists()
    panel.batchButton.click()
    assert wait(panel).startswith("1 done, 1 finished before")


def test_cancel_stops_a_worker_process_within_a_second(worker_panel, head, tmp_path, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "slow")
    over_scene(worker_panel, tmp_path)
    assert slicer_rig.drain_events(60, until=lambda: "Axial slices 1 of 12" in states(worker_panel)[0])
    worker_panel.batchButton.click()
    assert wait(worker_panel).startswith("Cancelled. 0 done")
    assert [path.name for path in tmp_path.iterdir()] == ["results.csv"]


def test_a_worker_that_dies_is_a_failed_row(worker_panel, head, tmp_path, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "kill")
    over_scene(worker_panel, tmp_path)
    assert wait(worker_panel).startswith("0 done, 0 finished before, 1 failed")
    assert "The segmentation died" in cell(worker_panel, 0, REASON)


def test_closing_the_scene_while_a_batch_runs_is_safe(panel, head, tmp_path):
    over_scene(panel, tmp_path)
    slicer_rig.close_scene()
    slicer_rig.drain_events(0.3)
    assert panel.batchButton.text == "Run batch"
    assert panel.batchLabel.text == "Cancelled: the scene was closed."
    assert not (tmp_path / "head").exists()


def test_a_batch_goes_on_while_another_module_is_open(panel, head, module, tmp_path):
    over_scene(panel, tmp_path)
    module.exit()
    assert wait(panel).startswith("1 done")
    module.enter()
    panel.inputSelector.setCurrentNode(head)
    assert panel.resultLabel.text.startswith("head, left: 7.9 ml")


def test_the_choices_are_in_the_scene(panel, module, tmp_path):
    panel.batchSourceSelector.currentIndex = 1
    panel.batchFolderEdit.currentPath = str(tmp_path)
    parameters = module.logic.getParameterNode()
    assert (parameters.batchSource.value, parameters.batchFolder) == ("folder", str(tmp_path))


def test_segment_and_batch_wait_for_each_other_and_say_so(worker_panel, head, tmp_path, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "slow")
    segment, batch = worker_panel.segmentButton, worker_panel.batchButton
    worker_panel.inputSelector.setCurrentNode(head)
    usual = segment.toolTip, batch.toolTip
    segment.click()
    assert not batch.enabled and batch.toolTip.startswith("A volume is being segmented")
    segment.click()
    assert slicer_rig.drain_events(60, until=lambda: segment.text == "Segment")
    assert batch.enabled and batch.toolTip == usual[1]
    over_scene(worker_panel, tmp_path)
    assert not segment.enabled and segment.toolTip.startswith("A batch is running")
    worker_panel.inputSelector.setCurrentNode(add_head("other"))
    assert not segment.enabled
    batch.click()
    wait(worker_panel)
    assert segment.enabled and segment.toolTip == usual[0]


def test_a_scene_that_is_closed_while_one_works_lets_the_other_work(panel, head, tmp_path):
    over_scene(panel, tmp_path)
    slicer_rig.close_scene()
    slicer_rig.drain_events(0.2)
    panel.inputSelector.setCurrentNode(add_head("next"))
    run_to_end(panel)
    assert panel.resultLabel.text.startswith("next, left: ") and panel.batchButton.enabled


def test_a_single_run_after_a_batch_is_as_ever(panel, head, tmp_path):
    over_scene(panel, tmp_path)
    wait(panel)
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert len(nodes("vtkMRMLSegmentationNode")) == 2
