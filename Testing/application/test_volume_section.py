"""Section 'Volume': what was understood of the scan, and which scans are refused."""

import numpy as np
import pytest
import slicer

import slicer_rig
from application.panel_user import PromptProcess, add_head, nodes, run_to_end
from DLPFCSegmenterLib.application.jobs.process import FAILED, FINISHED, Outcome


def add_volume(name, array, spacing_mm=(1, 1, 1)):
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", name)
    slicer.util.updateVolumeFromArray(node, array)
    node.SetSpacing(*spacing_mm)
    return node


def without_skull(node):
    """The head with all that lies outside the brain set to 0."""
    array = slicer.util.arrayFromVolume(node)
    k, j, i = np.indices(array.shape)
    ras = np.stack([i, j, k], axis=-1) * node.GetSpacing()[0] + node.GetOrigin()
    array[np.linalg.norm(ras / [72.0, 92.0, 80.0], axis=-1) >= 0.86] = 0
    node.GetImageData().Modified()


def wait_for_scalp(panel):
    assert slicer_rig.drain_events(60, until=lambda: not panel.scalpLabel.text.startswith("Looking"))


def test_without_a_volume_the_user_is_asked_for_one(panel):
    assert panel.volumeInfoLabel.text == "Select a T1 volume first."
    assert (panel.scalpLabel.text, panel.volumeWarningLabel.text) == ("", "")


def test_size_spacing_and_axes_are_told(panel, head):
    panel.inputSelector.setCurrentNode(head)
    assert panel.volumeInfoLabel.text == "64 × 76 × 62 voxels of 3.00 × 3.00 × 3.00 mm, axes RAS"
    assert panel.volumeWarningLabel.text == ""


def test_a_skull_is_looked_for_and_seen(panel, head):
    panel.inputSelector.setCurrentNode(head)
    assert panel.scalpLabel.text == "Looking for scalp and skull…"
    wait_for_scalp(panel)
    assert panel.scalpLabel.text == "Scalp and skull are seen."


def test_a_scan_without_its_skull_is_told_to_have_no_scalp_and_can_be_segmented(panel, head):
    without_skull(head)
    panel.inputSelector.setCurrentNode(head)
    wait_for_scalp(panel)
    assert panel.scalpLabel.text.startswith("⚠ No scalp: head: ")
    assert panel.segmentButton.enabled


def test_the_answer_of_a_scan_that_is_not_selected_any_more_is_not_shown(panel, head):
    other = add_head("other")
    without_skull(other)
    panel.inputSelector.setCurrentNode(other)
    panel.inputSelector.setCurrentNode(head)
    wait_for_scalp(panel)
    assert panel.scalpLabel.text == "Scalp and skull are seen."
    panel.inputSelector.setCurrentNode(other)
    wait_for_scalp(panel)
    assert panel.scalpLabel.text.startswith("⚠ No scalp")


def test_a_scan_is_looked_at_once_and_again_when_its_voxels_change(panel, module, head):
    started = []

    class Counting(PromptProcess):
        def start(self):
            started.append(self)
            super().start()

    module.logic.makeProcess = Counting
    panel.inputSelector.setCurrentNode(head)
    wait_for_scalp(panel)
    module.exit()
    module.enter()
    assert panel.scalpLabel.text == "Scalp and skull are seen."
    assert len(started) == 1
    without_skull(head)
    module.exit()
    module.enter()
    wait_for_scalp(panel)
    assert panel.scalpLabel.text.startswith("⚠ No scalp")
    assert len(started) == 2


def test_a_worker_that_fails_is_told_and_the_scan_can_be_segmented(panel, module, head):
    class Failing(PromptProcess):
        def _work(self):
            self._listener.on_ended(Outcome(FAILED, "The worker died."))

    module.logic.makeProcess = Failing
    panel.inputSelector.setCurrentNode(head)
    wait_for_scalp(panel)
    assert panel.scalpLabel.text == "⚠ Whether the scan shows a scalp is not known. The worker died."
    assert panel.segmentButton.enabled


def test_an_answer_that_cannot_be_read_is_told_and_not_waited_for(panel, module, head):
    class Broken(PromptProcess):
        def _work(self):
            (self._folder / "result").mkdir()
            (self._folder / "result" / "record.json").write_text('{"class": "Unheard", "fields": {}}')
            self._listener.on_ended(Outcome(FINISHED))

    module.logic.makeProcess = Broken
    panel.inputSelector.setCurrentNode(head)
    wait_for_scalp(panel)
    assert panel.scalpLabel.text.startswith(
        "⚠ Whether the scan shows a scalp is not known. The worker's answer cannot be"
    )


def test_a_volume_that_no_plan_can_be_made_on_is_refused_in_words(panel):
    tiny = add_volume("tiny", np.random.default_rng(1).integers(0, 90, (9, 9, 9)).astype(np.int16))
    panel.inputSelector.setCurrentNode(tiny)
    assert "field of view" in panel.volumeWarningLabel.text and panel.volumeInfoLabel.text == ""
    assert panel.scalpLabel.text == ""
    assert not panel.segmentButton.enabled
    assert panel.volumeWarningLabel.text == f"⚠ {panel.segmentButton.toolTip}"


def test_weak_sides_of_a_scan_are_warned_of(panel):
    thick = np.random.default_rng(1).integers(0, 900, (60, 120, 120)).astype(np.int16)
    panel.inputSelector.setCurrentNode(add_volume("thick", thick, (1, 1, 3)))
    assert panel.volumeWarningLabel.text.startswith("⚠ Voxels of 1 x 1 x 3 mm are far from cubic")
    assert panel.segmentButton.enabled


def test_another_volume_takes_the_place_of_the_first(panel, head):
    panel.inputSelector.setCurrentNode(add_volume("tiny", np.ones((9, 9, 9), np.int16)))
    panel.inputSelector.setCurrentNode(head)
    assert panel.volumeInfoLabel.text.startswith("64 × 76 × 62")
    assert panel.segmentButton.enabled


def test_deleting_the_volume_empties_the_section(panel, head):
    panel.inputSelector.setCurrentNode(head)
    slicer.mrmlScene.RemoveNode(head)
    assert panel.volumeInfoLabel.text == "'head' was removed from the scene. Select a T1 volume first."
    assert panel.scalpLabel.text == ""


def test_the_sample_head_is_loaded_and_selected(panel, monkeypatch):
    import SampleData

    monkeypatch.setattr(SampleData.SampleDataLogic, "downloadMRHead", lambda self: add_head("MRHead"), raising=False)
    panel.sampleDataButton.click()
    assert panel.inputSelector.currentNode().GetName() == "MRHead"
    assert panel.segmentButton.enabled


def test_a_scan_that_is_loaded_from_the_panel_is_selected(panel, head, monkeypatch):
    panel.inputSelector.setCurrentNode(head)
    monkeypatch.setattr(slicer.util, "openAddVolumeDialog", lambda: None)
    panel.loadScanButton.click()
    assert panel.inputSelector.currentNode() is head, "the dialog was cancelled"
    monkeypatch.setattr(slicer.util, "openAddVolumeDialog", lambda: add_head("loaded"))
    panel.loadScanButton.click()
    assert panel.inputSelector.currentNode().GetName() == "loaded"


@pytest.fixture
def two_planned(segmented, head):
    """The panel after a run on each of two heads; the second is chosen."""
    other = add_head("other")
    segmented.inputSelector.setCurrentNode(other)
    run_to_end(segmented)
    return segmented, head, other


def seen(name):
    """The nodes of a scan's plan that are shown, by name."""
    shown = [node for node in nodes("vtkMRMLDisplayableNode") if node.GetName().startswith(f"{name} ")]
    return sorted(node.GetName() for node in shown if node.GetDisplayVisibility())


def backgrounds():
    return {view.GetBackgroundVolumeID() for view in nodes("vtkMRMLSliceCompositeNode")}


def test_the_chosen_scan_and_its_plan_are_what_is_seen(two_planned):
    panel, head, other = two_planned
    assert (seen("head"), len(seen("other"))) == ([], 6)
    assert backgrounds() == {other.GetID()}
    panel.inputSelector.setCurrentNode(head)
    assert (len(seen("head")), seen("other")) == (6, [])
    assert backgrounds() == {head.GetID()}


def test_a_scan_that_is_removed_while_it_is_chosen_takes_its_plan_off_the_views_and_no_other_takes_its_place(
    two_planned,
):
    panel, head, other = two_planned
    slicer.mrmlScene.RemoveNode(other)
    slicer_rig.drain_events()
    assert panel.inputSelector.currentNode() is None
    assert panel.volumeInfoLabel.text == "'other' was removed from the scene. Select a T1 volume first."
    assert not panel.segmentButton.enabled and panel.segmentButton.toolTip == panel.volumeInfoLabel.text
    assert (seen("head"), seen("other")) == ([], [])
    panel.inputSelector.setCurrentNode(head)
    assert (len(seen("head")), seen("other")) == (6, [])
    assert panel.segmentButton.enabled


def test_a_scan_that_is_removed_in_another_module_leaves_none_chosen(two_planned, module):
    panel, head, other = two_planned
    module.exit()
    slicer.mrmlScene.RemoveNode(other)
    assert seen("other") == []
    module.enter()
    assert panel.inputSelector.currentNode() is None
    assert "'other' was removed" in panel.volumeInfoLabel.text


def test_a_scan_that_is_removed_while_another_is_chosen_changes_nothing(two_planned):
    panel, head, other = two_planned
    slicer.mrmlScene.RemoveNode(head)
    slicer_rig.drain_events()
    assert panel.inputSelector.currentNode() is other
    assert (seen("head"), len(seen("other"))) == ([], 6)


def test_what_the_user_hid_of_a_scan_stays_hidden_when_it_is_chosen_again(two_planned):
    panel, head, other = two_planned
    slicer.util.getNode("other coil (left)").SetDisplayVisibility(False)
    panel.inputSelector.setCurrentNode(head)
    panel.inputSelector.setCurrentNode(other)
    assert len(seen("other")) == 5 and "other coil (left)" not in seen("other")


def test_an_overlay_of_another_scan_goes_with_it_and_comes_back(panel, head):
    panel.inputSelector.setCurrentNode(head)
    overlay, other = add_volume("overlay", np.ones((9, 9, 9), np.int16)), add_head("other")
    view = nodes("vtkMRMLSliceCompositeNode")[0]
    view.SetForegroundVolumeID(overlay.GetID())
    view.SetForegroundOpacity(0.4)
    panel.inputSelector.setCurrentNode(other)
    assert view.GetForegroundVolumeID() is None
    panel.inputSelector.setCurrentNode(head)
    assert (view.GetForegroundVolumeID(), view.GetForegroundOpacity()) == (overlay.GetID(), 0.4)


def test_a_result_of_a_scan_that_is_not_chosen_any_more_is_not_drawn_on_the_chosen_one(panel, head):
    other = add_head("other")
    panel.inputSelector.setCurrentNode(head)
    panel.segmentButton.click()
    panel.inputSelector.setCurrentNode(other)
    assert panel.statusLabel.text.startswith("head: ")
    assert slicer_rig.drain_events(60, until=lambda: panel.segmentButton.text == "Segment")
    assert (seen("head"), backgrounds()) == ([], {other.GetID()})
    panel.inputSelector.setCurrentNode(head)
    assert len(seen("head")) == 6


def test_an_earlier_plan_does_not_come_back_with_its_scan(two_planned):
    panel, head, other = two_planned
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    panel.inputSelector.setCurrentNode(other)
    panel.inputSelector.setCurrentNode(head)
    assert len(seen("head")) == 6
    assert len([node for node in nodes("vtkMRMLSegmentationNode") if node.GetName().startswith("head")]) == 2
