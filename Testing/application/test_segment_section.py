"""Section 'DLPFC': the button, the progress, and every way in which a run can end."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import qt
import slicer

import slicer_rig
from application.panel_user import (
    BRIGHT_RAS_MM,
    PromptProcess,
    add_head,
    cell,
    names,
    nodes,
    points_of,
    row,
    run_to_end,
)
from DLPFCSegmenterLib import serial as records
from DLPFCSegmenterLib import tasks, terminology
from DLPFCSegmenterLib.application import panel as panel_file
from DLPFCSegmenterLib.application.jobs.process import FINISHED, Outcome, WorkerProcess
from DLPFCSegmenterLib.application.jobs.run import Run
from DLPFCSegmenterLib.application.widgets import weights_menu
from DLPFCSegmenterLib.application.widgets.point_table import PLACE, STATE
from DLPFCSegmenterLib.doubts import doubt
from DLPFCSegmenterLib.export.registry import FORMATS


def start_slow(panel, head, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "slow")
    panel.inputSelector.setCurrentNode(head)
    panel.segmentButton.click()
    assert slicer_rig.drain_events(60, until=lambda: "1 of 12" in panel.statusLabel.text)


def test_without_a_volume_the_button_is_off_and_says_why(panel):
    assert not panel.segmentButton.enabled
    assert panel.segmentButton.toolTip == "Select a T1 volume first."
    assert not panel.progressBar.visible


def test_with_a_volume_the_button_is_on(panel, head):
    panel.inputSelector.setCurrentNode(head)
    assert panel.segmentButton.enabled
    assert panel.segmentButton.text == "Segment"


def test_a_run_ends_in_one_coded_segment_on_the_scan_s_grid(segmented, head):
    (node,) = nodes("vtkMRMLSegmentationNode")
    segmentation = node.GetSegmentation()
    assert segmentation.GetNumberOfSegments() == 1
    segment = segmentation.GetSegment("left")
    assert segment.GetName() == "Left DLPFC"
    assert segment.GetTerminology() == terminology.segment_terminology("left")
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(node, "left", head)
    np.testing.assert_array_equal(mask.astype(bool), slicer.util.arrayFromVolume(head) > 200)


def test_the_segmentation_refers_to_the_scan_and_stands_beside_it(panel, head):
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    study = hierarchy.CreateFolderItem(hierarchy.GetSceneItemID(), "study")
    hierarchy.CreateItem(study, head)
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    (segmentation,) = nodes("vtkMRMLSegmentationNode")
    assert segmentation.GetNodeReference(segmentation.GetReferenceImageGeometryReferenceRole()) is head
    for node in (segmentation, *nodes("vtkMRMLMarkupsFiducialNode")):
        assert hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node)) == study


def test_the_target_is_a_movable_point_at_the_centroid(segmented):
    target = slicer.util.getNode("head DLPFC target (left)")
    np.testing.assert_allclose(points_of(target)["Left target"], BRIGHT_RAS_MM, atol=1.5)
    assert not target.GetLocked()
    assert not target.GetNthControlPointLocked(0)


def test_under_a_transform_mask_and_target_lie_on_the_anatomy(panel, head):
    matrix = np.array([[0.0, -1, 0, 20], [1, 0, 0, -10], [0, 0, 1, 5], [0, 0, 0, 1]])
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(matrix))
    head.SetAndObserveTransformNodeID(transform.GetID())
    panel.hemisphereSelector.currentIndex = 2
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    world = (matrix @ [*BRIGHT_RAS_MM, 1])[:3]
    (segmentation,) = nodes("vtkMRMLSegmentationNode")
    (target,) = [points_of(node) for node in nodes("vtkMRMLMarkupsFiducialNode") if "target" in node.GetName()]
    np.testing.assert_allclose(list(target.values())[0], world, atol=1.5)
    center = segmentation.GetSegmentCenterRAS(segmentation.GetSegmentation().GetNthSegmentID(0))
    np.testing.assert_allclose(center, world, atol=2)


def test_progress_is_told_by_slice(worker_panel, head, monkeypatch):
    start_slow(worker_panel, head, monkeypatch)
    assert worker_panel.statusLabel.text == "head: Axial slices: 1 of 12 – Processor (CPU)"
    assert (worker_panel.progressBar.value, worker_panel.progressBar.maximum) == (1, 12)
    assert worker_panel.segmentButton.text == "Cancel"
    worker_panel.segmentButton.click()
    slicer_rig.drain_events(60, until=lambda: worker_panel.segmentButton.text == "Segment")


def test_cancel_works_within_a_second_and_leaves_the_scene_alone(worker_panel, head, monkeypatch, job_folders):
    start_slow(worker_panel, head, monkeypatch)
    worker_panel.segmentButton.click()
    assert slicer_rig.drain_events(60, until=lambda: worker_panel.segmentButton.text == "Segment")
    assert worker_panel.statusLabel.text == "head: Cancelled; the scene is as it was."
    assert worker_panel.segmentButton.enabled
    assert not nodes("vtkMRMLSegmentationNode")
    assert job_folders() == []


def test_cancel_still_works_when_the_worker_has_just_ended(module, head):
    panel = module.widget.ui

    class Ended(PromptProcess):
        def _work(self):
            super()._work()
            if isinstance(self._listener, Run):
                panel.segmentButton.click()

    module.logic.makeProcess = Ended
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert panel.statusLabel.text == "head: Cancelled; the scene is as it was."
    assert not nodes("vtkMRMLSegmentationNode")


def statuses_of_a_run(module, head):
    """What the status line said after each report of the worker."""
    panel, shown = module.widget.ui, []

    class Watching(PromptProcess):
        def report(self, done, total, text):
            super().report(done, total, text)
            shown.append(panel.statusLabel.text)

    module.logic.makeProcess = Watching
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    return shown


def test_after_the_last_slice_the_user_is_told_what_goes_on(module, head):
    shown = statuses_of_a_run(module, head)
    assert shown[-2:] == ["head: Axial slices: 12 of 12 – Processor (CPU)", "head: Placing target and landmarks…"]


def test_placing_is_not_spoken_of_while_slices_are_still_to_be_looked_at(module, head, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "two networks")
    shown = statuses_of_a_run(module, head)
    placing = [number for number, text in enumerate(shown) if "Placing" in text]
    assert placing == [len(shown) - 1]
    assert "3-D window…" in shown[0]


def test_a_warning_stands_in_the_line_of_the_result_alone(module, head, monkeypatch):
    said = doubt("no_mr", name="head", modality="CT")
    plan = tasks.plan_on_device
    monkeypatch.setattr(tasks, "plan_on_device", lambda *given: replace(plan(*given), warnings=(said,)))
    panel, module.logic.makeProcess = module.widget.ui, PromptProcess
    panel.hemisphereSelector.currentIndex = 2
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert f"⚠ {said}" in panel.resultWarningLabel.text
    assert str(said) not in panel.statusLabel.text
    assert "No DLPFC was found on the right." in panel.statusLabel.text


def test_where_nothing_was_found_the_warnings_stand_in_the_status_line(module, head, monkeypatch):
    said = doubt("no_mr", name="head", modality="CT")
    plan = tasks.plan_on_device
    monkeypatch.setattr(tasks, "plan_on_device", lambda *given: replace(plan(*given), warnings=(said,)))
    panel, module.logic.makeProcess = module.widget.ui, PromptProcess
    panel.hemisphereSelector.currentIndex = 1
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert "No DLPFC was found on the right." in panel.statusLabel.text and str(said) in panel.statusLabel.text


def test_the_result_line_says_the_volume_and_no_score_that_noise_would_raise(segmented):
    assert segmented.resultLabel.text == "head, left: 7.9 ml"


def test_the_result_line_says_how_far_off_the_target_may_be_where_the_network_knows(panel, head, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "calibrated")
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert panel.resultLabel.text == (
        "head, left: 7.9 ml, within 4.2 mm of the outlines that it was trained on in 9 of 10 scans"
        " (experts differ by about 6 mm)"
    )


def test_a_model_of_one_s_own_reaches_the_worker(panel, head, module, tmp_path):
    options = []
    start = module.logic.start
    module.logic.start = lambda node, choice, listener: (options.append(choice), start(node, choice, listener))[1]
    panel.inputSelector.setCurrentNode(head)
    panel.advancedGroupBox.collapsed = False
    assert not panel.weightsEdit.isVisibleTo(panel.advancedGroupBox)
    panel.modelSelector.currentIndex = panel.modelSelector.findText("My own weights file")
    assert panel.weightsEdit.isVisibleTo(panel.advancedGroupBox)
    panel.segmentButton.click()
    assert panel.statusLabel.text == "⚠ Choose your weights file under Advanced, or the shipped model."
    (tmp_path / "mine.pt").write_bytes(b"weights")
    panel.weightsEdit.currentPath = str(tmp_path / "mine.pt")
    run_to_end(panel)
    panel.modelSelector.currentIndex = 0
    run_to_end(panel)
    assert [choice.weights for choice in options] == [tmp_path / "mine.pt", None]


def test_weights_beside_corrections_are_offered_by_their_region_and_used_only_when_chosen(panel, module, tmp_path):
    corrections = tmp_path / "corrections"
    corrections.mkdir()
    card = {"file": "new.pt", "id": "unet-1", "region": {"name": "insula"}, "confidence": 0.5}
    (tmp_path / "new.json").write_text(json.dumps(card))
    for name in ("new.pt", "without_card.pt"):
        (tmp_path / name).write_bytes(b"weights")
    settings = slicer.app.userSettings()
    settings.setValue("DLPFCSegmenter/CorrectionFolder", str(corrections))
    panel.advancedGroupBox.collapsed = False
    button = panel.foundWeightsButton
    assert button.text == "Found: 1" and not button.isHidden() and panel.modelSelector.currentText.startswith("Shipped")
    assert panel.segmentCollapsibleButton.text == "DLPFC"
    (offer,) = button.menu().actions()
    assert offer.text == "insula: new.pt (unet-1)"
    offer.trigger()
    assert panel.modelSelector.currentText == "My own weights file"
    assert panel.weightsEdit.currentPath == str(tmp_path / "new.pt")
    assert (panel.weightsLabel.text, panel.segmentCollapsibleButton.text) == ("Weights for insula:", "insula")
    settings.remove("DLPFCSegmenter/CorrectionFolder")
    panel.modelSelector.currentIndex = 0
    assert panel.segmentCollapsibleButton.text == "DLPFC"
    panel.weightsEdit.currentPath = ""
    assert button.isHidden()
    panel.advancedGroupBox.collapsed = True


def test_files_of_weights_are_looked_at_when_weights_are_chosen_and_at_no_other_choice(panel, tmp_path, monkeypatch):
    """Each letter of a path and each other choice looked through folders."""
    (tmp_path / "a.pt").write_bytes(b"weights")
    looked = []
    monkeypatch.setattr(panel_file, "region_in_card", lambda path: looked.append(path.name) or "DLPFC")
    monkeypatch.setattr(weights_menu, "own_weights_in", lambda folders: looked.append("folders") or [])
    panel.hemisphereSelector.currentIndex = 1
    panel.thresholdSlider.value = 0.3
    assert looked == []
    panel.modelSelector.currentIndex = panel.modelSelector.count - 1
    assert looked == [".", "folders"] or looked == ["", "folders"]
    del looked[:]
    for end in ("a", "a.p", "a.pt"):
        panel.weightsEdit.currentPath = str(tmp_path / end)
    assert looked == ["a", "a.p", "a.pt", "folders"]
    panel.hemisphereSelector.currentIndex = 0
    assert len(looked) == 4
    panel.weightsEdit.currentPath = ""
    panel.modelSelector.currentIndex = 0


def test_after_a_cancel_the_next_run_works(worker_panel, head, monkeypatch):
    start_slow(worker_panel, head, monkeypatch)
    worker_panel.segmentButton.click()
    slicer_rig.drain_events(60, until=lambda: worker_panel.segmentButton.text == "Segment")
    monkeypatch.setenv("SMALL_WORKER", "")
    run_to_end(worker_panel)
    assert len(nodes("vtkMRMLSegmentationNode")) == 1


def test_the_worker_s_own_sentence_reaches_the_user(worker_panel, head, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "user")
    worker_panel.inputSelector.setCurrentNode(head)
    run_to_end(worker_panel)
    assert worker_panel.statusLabel.text == "⚠ head: scan.nii: every voxel is 0; give a T1 scan."


@pytest.mark.parametrize(
    ("behaviour", "sentence", "logged"),
    [
        ("crash", "The segmentation was stopped by a fault of this program (ZeroDivisionError: ", "Traceback"),
        ("memory", "The segmentation: the computer ran out of memory (MemoryError: 64 GiB)", "Traceback"),
        ("kill", "The segmentation died", ""),
    ],
)
def test_a_crash_says_what_happened_and_where_the_log_is(behaviour, sentence, logged, worker_panel, head, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", behaviour)
    worker_panel.inputSelector.setCurrentNode(head)
    run_to_end(worker_panel)
    assert worker_panel.statusLabel.text.startswith(f"⚠ head: {sentence}")
    log = Path(worker_panel.statusLabel.text.split("The log is ")[1].rstrip("."))
    assert logged in log.read_text()
    assert [path.name for path in log.parent.iterdir()] == ["log.txt"], "no copy of the scan may stay"
    assert not nodes("vtkMRMLSegmentationNode")
    opened = []
    monkeypatch.setattr(qt.QDesktopServices, "openUrl", lambda url: bool(opened.append(url.toLocalFile())) or True)
    assert worker_panel.logButton.isVisibleTo(worker_panel.segmentCollapsibleButton)
    worker_panel.logButton.click()
    assert opened == [str(log)]
    monkeypatch.setenv("SMALL_WORKER", "")
    run_to_end(worker_panel)
    assert not worker_panel.logButton.isVisibleTo(worker_panel.segmentCollapsibleButton), "that log has gone"


def test_a_python_that_does_not_start_is_named(module, head):
    class NoPython(WorkerProcess):
        def command(self):
            return ["/no/such/python"]

    module.logic.makeProcess = NoPython
    module.widget.ui.inputSelector.setCurrentNode(head)
    run_to_end(module.widget.ui)
    assert module.widget.ui.statusLabel.text == "⚠ head: Python could not be started: /no/such/python"


def test_the_worker_process_brings_the_plan_back(worker_panel, head):
    worker_panel.inputSelector.setCurrentNode(head)
    run_to_end(worker_panel)
    assert worker_panel.statusLabel.text == "head: Done in 0 s – Processor (CPU)."
    assert [node.GetName() for node in nodes("vtkMRMLSegmentationNode")] == ["head Left DLPFC"]


def test_a_side_that_was_not_found_is_told_and_gets_no_mask(panel, head):
    panel.hemisphereSelector.currentIndex = 2
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert "No DLPFC was found on the right." in panel.statusLabel.text
    assert [node.GetSegmentation().GetNthSegmentID(0) for node in nodes("vtkMRMLSegmentationNode")] == ["left"]


@pytest.fixture
def by_hand(panel, head):
    """The panel after nothing was found on the right, and 'Plan by hand' was pressed."""
    panel.hemisphereSelector.currentIndex = 1
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert "Press 'Plan by hand'" in panel.statusLabel.text
    assert panel.byHandButton.isVisibleTo(panel.segmentCollapsibleButton)
    panel.byHandButton.click()
    assert slicer_rig.drain_events(60, until=lambda: panel.segmentButton.text == "Segment")
    slicer_rig.drain_events(0.3)
    assert "place the target in the table" in panel.statusLabel.text
    return panel


def test_where_nothing_was_found_there_is_an_empty_mask_with_what_the_scan_shows(by_hand):
    assert by_hand.resultLabel.text == "head, right: no mask, by hand"
    assert "drawn, or its target placed, by hand" in by_hand.resultNotesLabel.text
    assert by_hand.targetPlaceLabel.text == ""
    assert cell(by_hand, "Target", STATE) == "has no place"
    assert any("scalp" in node.GetName() and node.GetDisplayVisibility() for node in nodes("vtkMRMLModelNode"))
    assert not by_hand.byHandButton.isVisibleTo(by_hand.segmentCollapsibleButton)
    by_hand.hemisphereSelector.currentIndex = 0
    assert names(by_hand.pointTable)[:2] == ["L Motor hotspot", "R Target"], "the left is chosen, and has no plan yet"


def test_a_target_that_is_placed_without_a_mask_has_a_coil_and_can_be_exported(by_hand, tmp_path):
    table, number = row(by_hand, "Target")
    table.cellWidget(number, PLACE).click()
    slicer_rig.click_in_view((36.0, 42.0, 30.0))
    assert by_hand.targetPlaceLabel.text == "Right: R 36.0  A 42.0  S 30.0 mm"
    assert any("coil" in node.GetName() for node in nodes("vtkMRMLModelNode"))
    by_hand.exportFolderEdit.currentPath = str(tmp_path)
    by_hand.exportTable.item(list(FORMATS).index("csv"), 0).setCheckState(qt.Qt.Checked)
    by_hand.exportTable.item(list(FORMATS).index("mask-nifti"), 0).setCheckState(qt.Qt.Checked)
    by_hand.exportButton.click()
    assert slicer_rig.drain_events(60, until=lambda: by_hand.exportButton.text == "Export")
    assert "there is no mask" in by_hand.exportWarningLabel.text
    (targets,) = tmp_path.glob("*.csv")
    assert "36.0" in targets.read_text() and "right" in targets.read_text()
    (target,) = [each for each in nodes("vtkMRMLMarkupsFiducialNode") if "target" in each.GetName()]
    target.SetNthControlPointPositionWorld(0, -36.0, 42.0, 30.0)
    slicer_rig.drain_events(0.3)
    assert "in the left hemisphere, but the right one is planned" in by_hand.targetsLabel.text


def test_a_mask_that_is_drawn_where_none_was_found_has_its_target(by_hand, head):
    drawn = np.zeros(slicer.util.arrayFromVolume(head).shape, np.uint8)
    drawn[38:42, 52:56, 42:46] = 1  # around R 36, A 42, S 30
    slicer.util.updateSegmentBinaryLabelmapFromArray(drawn, nodes("vtkMRMLSegmentationNode")[-1], "right", head)
    slicer_rig.drain_events(0.1)
    assert by_hand.targetPlaceLabel.text == "Right: R 36.0  A 40.5  S 28.5 mm"
    assert cell(by_hand, "Target", STATE) == "automatic"
    assert by_hand.resultLabel.text.endswith(" ml, by hand")


def test_running_again_keeps_an_edited_mask_and_hides_it(segmented):
    (first,) = nodes("vtkMRMLSegmentationNode")
    edited = slicer.util.arrayFromSegmentInternalBinaryLabelmap(first, "left")
    edited[...] = 0
    first.GetSegmentation().GetSegment("left").Modified()
    run_to_end(segmented)
    assert nodes("vtkMRMLSegmentationNode")[0] is first
    assert slicer.util.arrayFromSegmentInternalBinaryLabelmap(first, "left").max() == 0
    assert [node.GetDisplayVisibility() for node in nodes("vtkMRMLSegmentationNode")] == [0, 1]


def test_two_volumes_in_turn_each_have_their_result(segmented, head):
    other = add_head("other")
    segmented.inputSelector.setCurrentNode(other)
    assert segmented.resultLabel.text == "No result for this volume yet."
    run_to_end(segmented)
    names = [node.GetName() for node in nodes("vtkMRMLSegmentationNode")]
    assert names == ["head Left DLPFC", "other Left DLPFC"]
    segmented.inputSelector.setCurrentNode(head)
    assert segmented.resultLabel.text.startswith("head, left: ")


def test_a_run_that_ends_while_another_volume_is_selected_names_its_own_and_leaves_the_views(panel, head):
    other = add_head("other")
    panel.inputSelector.setCurrentNode(head)
    panel.segmentButton.click()
    panel.inputSelector.setCurrentNode(other)
    view = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceNode()
    view.SetSliceOffset(-50)
    assert slicer_rig.drain_events(60, until=lambda: panel.segmentButton.text == "Segment")
    assert panel.statusLabel.text.startswith("head: Done in ")
    assert panel.resultLabel.text == "No result for this volume yet."
    assert view.GetSliceOffset() == pytest.approx(-50)


def test_a_volume_that_is_deleted_during_a_run_ends_it(panel, head):
    panel.inputSelector.setCurrentNode(head)
    panel.segmentButton.click()
    slicer.mrmlScene.RemoveNode(head)
    assert slicer_rig.drain_events(60, until=lambda: panel.segmentButton.text == "Segment")
    assert panel.statusLabel.text.endswith("The volume was removed while it was segmented.")
    assert not nodes("vtkMRMLSegmentationNode")


def test_a_scene_that_is_closed_during_a_run_ends_it(worker_panel, head, monkeypatch, job_folders):
    start_slow(worker_panel, head, monkeypatch)
    slicer_rig.close_scene()
    slicer_rig.drain_events(1.0)
    assert worker_panel.segmentButton.text == "Segment"
    assert worker_panel.statusLabel.text == "Cancelled: the scene was closed."
    assert job_folders() == []
    assert not nodes("vtkMRMLSegmentationNode")


def test_a_volume_that_is_moved_during_a_run_gets_no_result(panel, head):
    panel.inputSelector.setCurrentNode(head)
    panel.segmentButton.click()
    head.SetOrigin(0, 0, 0)
    slicer_rig.drain_events(60, until=lambda: panel.segmentButton.text == "Segment")
    assert panel.statusLabel.text == "⚠ 'head' was moved while it was segmented; press Segment again."
    assert not nodes("vtkMRMLSegmentationNode")


@pytest.mark.parametrize("shape_kji", [(62, 76, 64), (40, 76, 64)])
def test_a_volume_that_gets_another_image_during_a_run_gets_no_result(panel, head, shape_kji):
    panel.inputSelector.setCurrentNode(head)
    panel.segmentButton.click()
    head.SetAndObserveImageData(None)
    slicer.util.updateVolumeFromArray(head, np.arange(np.prod(shape_kji), dtype=np.int16).reshape(shape_kji))
    slicer_rig.drain_events(60, until=lambda: panel.segmentButton.text == "Segment")
    assert panel.statusLabel.text == "⚠ 'head' got another image while it was segmented; press Segment again."
    assert not nodes("vtkMRMLSegmentationNode")


def test_a_full_disk_is_told_before_anything_runs(panel, head, monkeypatch, job_folders):
    from DLPFCSegmenterLib.application.jobs import job

    def full(*arguments):
        yield
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(job, "hand_over", full)
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert "No space left on device" in panel.statusLabel.text
    assert job_folders() == []


@pytest.fixture
def slow_handing_over(monkeypatch):
    """The scan is handed to the worker in some thirty turns of the event loop."""
    monkeypatch.setattr(records, "_PIECE_BYTES", 20_000)


def test_a_scan_that_is_handed_over_piece_by_piece_is_whole(panel, head, slow_handing_over):
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    bright_ml = np.count_nonzero(slicer.util.arrayFromVolume(head) > 200) * 0.027
    assert panel.resultLabel.text.startswith(f"head, left: {bright_ml:.1f} ml")


def test_cancel_works_while_the_scan_is_handed_over(panel, head, slow_handing_over, job_folders):
    panel.inputSelector.setCurrentNode(head)
    slicer_rig.drain_events(60, until=lambda: "seen" in panel.scalpLabel.text)
    panel.segmentButton.click()
    slicer_rig.drain_events()
    panel.segmentButton.click()
    slicer_rig.drain_events()
    assert panel.statusLabel.text == "head: Cancelled; the scene is as it was."
    assert panel.segmentButton.text == "Segment" and panel.segmentButton.enabled
    assert job_folders() == []


def test_a_scene_that_is_closed_while_the_scan_is_handed_over_ends_the_run(panel, head, slow_handing_over, job_folders):
    panel.inputSelector.setCurrentNode(head)
    panel.segmentButton.click()
    slicer_rig.drain_events()
    slicer_rig.close_scene()
    slicer_rig.drain_events(0.2)
    assert panel.statusLabel.text == "Cancelled: the scene was closed."
    assert job_folders() == []


def test_a_plan_that_cannot_be_read_ends_the_run_in_words(module, head):
    class Broken(PromptProcess):
        def _work(self):
            self._listener.on_ended(Outcome(FINISHED))

    module.logic.makeProcess = Broken
    module.widget.ui.inputSelector.setCurrentNode(head)
    run_to_end(module.widget.ui)
    assert module.widget.ui.statusLabel.text.startswith("⚠ head: The result could not be shown (FileNotFoundError")
