"""Section 'Correct': the mask edited in the Segment Editor, the target that follows, doubt, and saving."""

import numpy as np
import pytest
import qt
import slicer

import slicer_rig
from application.panel_user import BRIGHT_RAS_MM, PromptProcess, add_head, cell, nodes, points_of, run_to_end
from DLPFCSegmenterLib.application.jobs.process import FAILED, Outcome
from DLPFCSegmenterLib.application.nodes.coil_node import pose_ras_mm
from DLPFCSegmenterLib.application.widgets.point_table import STRAIGHT
from DLPFCSegmenterLib.scan.readers import read_volume

ABOVE_RAS_MM = BRIGHT_RAS_MM + (0, 0, 12)


def editor_of(panel):
    """The Segment Editor in the panel."""
    return panel.editorFrame.layout().itemAt(0).widget()


def masks():
    return nodes("vtkMRMLSegmentationNode")


def targets():
    return [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "target" in node.GetName()]


def target_ras_mm(node=None):
    return next(iter(points_of(node or targets()[-1]).values()))


def centroid_ras_mm(segmentation, segment_id, scan):
    """Centre of the mask's voxels on the scan's grid, which has the axes of RAS."""
    kji = np.argwhere(slicer.util.arrayFromSegmentBinaryLabelmap(segmentation, segment_id, scan))
    return kji.mean(axis=0)[::-1] * scan.GetSpacing() + scan.GetOrigin()


def coil_ras_mm():
    """Centre of the newest coil."""
    return pose_ras_mm([node for node in nodes("vtkMRMLModelNode") if "coil" in node.GetName()][-1])[:3, 3]


def drag_target(shift_mm):
    """What a drag in a view ends in."""
    targets()[-1].SetNthControlPointPositionWorld(0, *(target_ras_mm() + shift_mm))
    slicer_rig.drain_events()


def unfolded(panel):
    """The editor as a user who works with it sees it."""
    panel.editGroupBox.collapsed = False
    return editor_of(panel)


def paint_above(panel):
    slicer_rig.paint(unfolded(panel), ABOVE_RAS_MM, radius_mm=9)
    slicer_rig.drain_events()


def erase_all(panel):
    slicer_rig.paint(unfolded(panel), BRIGHT_RAS_MM, radius_mm=40, erase=True)
    slicer_rig.drain_events()


@pytest.fixture
def both_sides(panel, head):
    """The panel after a run on a head with a bright box on either side."""
    array = slicer.util.arrayFromVolume(head)
    array[array > 200] = 240
    array[:, :, ::-1][array > 200] = 240
    panel.inputSelector.setCurrentNode(head)
    panel.hemisphereSelector.currentIndex = 2
    run_to_end(panel)
    return panel


# no volume, no result


def test_without_a_result_there_is_nothing_to_correct(panel, head):
    panel.inputSelector.setCurrentNode(head)
    assert panel.correctLabel.text == "There is no mask to correct yet: press Segment."
    for widget in (panel.editGroupBox, panel.uncertainButton, panel.followMaskButton, panel.saveCorrectionButton):
        assert not widget.enabled


# the editor


def test_the_editor_holds_the_mask_and_the_scan_and_four_effects(segmented, head):
    editor = unfolded(segmented)
    assert segmented.editGroupBox.enabled
    assert (editor.segmentationNode(), editor.sourceVolumeNode()) == (masks()[0], head)
    assert editor.currentSegmentID() == "left"
    assert list(editor.effectNameOrder()) == ["Paint", "Erase", "Islands", "Smoothing"]
    assert not editor.unorderedEffectsVisible
    assert editor.undoEnabled


def test_a_folded_editor_holds_no_mask_and_changes_nothing_in_the_views(segmented, head):
    labels = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode")
    overlay, view = add_head("overlay"), nodes("vtkMRMLSliceCompositeNode")[0]
    view.SetForegroundVolumeID(overlay.GetID())
    view.SetLabelVolumeID(labels.GetID())
    segmented.inputSelector.setCurrentNode(None)
    segmented.inputSelector.setCurrentNode(head)
    assert editor_of(segmented).segmentationNode() is None
    assert (view.GetForegroundVolumeID(), view.GetLabelVolumeID()) == (overlay.GetID(), labels.GetID())


def test_an_editor_that_is_unfolded_leaves_overlays_and_labels_of_the_views(segmented, head, module):
    labels = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode")
    view = nodes("vtkMRMLSliceCompositeNode")[0]
    view.SetBackgroundVolumeID(add_head("another").GetID())
    view.SetLabelVolumeID(labels.GetID())
    before = view.GetBackgroundVolumeID()
    assert unfolded(segmented).segmentationNode() is masks()[0]
    segmented.editGroupBox.collapsed = True
    segmented.editGroupBox.collapsed = False
    assert (view.GetBackgroundVolumeID(), view.GetLabelVolumeID()) == (before, labels.GetID())


def test_a_folded_editor_lets_go_of_the_mask_of_a_scan_that_is_not_chosen_any_more(segmented):
    unfolded(segmented)
    segmented.editGroupBox.collapsed = True
    segmented.inputSelector.setCurrentNode(add_head("other"))
    assert editor_of(segmented).segmentationNode() is None


def test_slicer_s_own_segment_editor_keeps_its_choices(segmented):
    assert slicer.mrmlScene.GetSingletonNode("SegmentEditor", "vtkMRMLSegmentEditorNode") is None
    assert slicer.mrmlScene.GetSingletonNode("DLPFCSegmenter", "vtkMRMLSegmentEditorNode") is not None


def test_an_effect_rests_when_the_editor_is_folded_and_when_the_module_is_left(segmented, module):
    editor, node = editor_of(segmented), editor_of(segmented).mrmlSegmentEditorNode()
    segmented.editGroupBox.collapsed = False
    editor.setActiveEffectByName("Paint")
    segmented.editGroupBox.collapsed = True
    assert not node.GetActiveEffectName()
    editor.setActiveEffectByName("Paint")
    module.exit()
    assert not node.GetActiveEffectName()


def test_what_can_be_undone_outlives_a_visit_to_another_module(segmented, module):
    before = target_ras_mm()
    paint_above(segmented)
    module.exit()
    module.enter()
    editor_of(segmented).undo()
    np.testing.assert_allclose(target_ras_mm(), before)


# the target follows


def test_the_target_follows_each_edit(segmented, head):
    before = target_ras_mm()
    assert segmented.correctLabel.text == "The target follows the mask."
    paint_above(segmented)
    assert target_ras_mm()[2] > before[2] + 2
    np.testing.assert_allclose(target_ras_mm(), centroid_ras_mm(masks()[0], "left", head), atol=1e-4)
    assert not segmented.followMaskButton.enabled


def test_volume_and_distance_follow_each_edit(segmented):
    distance = cell(segmented, "5-cm landmark", STRAIGHT)
    paint_above(segmented)
    assert segmented.resultLabel.text.endswith("edited by hand")
    assert float(segmented.resultLabel.text.split()[2]) > 7.9
    assert cell(segmented, "5-cm landmark", STRAIGHT) != distance


def test_undo_and_redo_take_the_target_along(segmented):
    before = target_ras_mm()
    paint_above(segmented)
    after = target_ras_mm()
    editor_of(segmented).undo()
    np.testing.assert_allclose(target_ras_mm(), before)
    assert segmented.resultLabel.text == "head, left: 7.9 ml"
    editor_of(segmented).redo()
    np.testing.assert_allclose(target_ras_mm(), after)


def test_a_target_moved_by_hand_stays_while_the_mask_is_edited_and_undone(segmented):
    drag_target((3, 1, 0))
    by_hand = target_ras_mm()
    assert segmented.correctLabel.text.startswith("The target was moved by hand")
    assert list(points_of(targets()[-1])) == ["Left target (moved by hand)"]
    paint_above(segmented)
    editor_of(segmented).undo()
    np.testing.assert_allclose(target_ras_mm(), by_hand)


def test_a_target_moved_by_hand_stays_there_in_the_next_run_with_the_coil_over_it(segmented, head):
    before = coil_ras_mm()
    drag_target((3, 8, 0))
    by_hand, over_it = target_ras_mm(), coil_ras_mm()
    assert np.linalg.norm(over_it - before) > 3
    run_to_end(segmented)
    slicer_rig.drain_events(0.2)
    assert len(targets()) == 2
    np.testing.assert_allclose(target_ras_mm(), by_hand)
    np.testing.assert_allclose(coil_ras_mm(), over_it, atol=0.01)
    assert list(points_of(targets()[-1])) == ["Left target (moved by hand)"]
    assert segmented.correctLabel.text.startswith("The target was moved by hand")
    segmented.followMaskButton.click()
    np.testing.assert_allclose(target_ras_mm(), centroid_ras_mm(masks()[-1], "left", head), atol=1e-4)
    run_to_end(segmented)
    assert segmented.correctLabel.text == "The target follows the mask."


def test_of_two_sides_only_the_target_that_was_moved_stays_in_the_next_run(both_sides, head):
    drag_target((-2, 1, 5))
    by_hand = target_ras_mm()
    run_to_end(both_sides)
    left, right = targets()[-2:]
    np.testing.assert_allclose(target_ras_mm(right), by_hand)
    np.testing.assert_allclose(target_ras_mm(left), centroid_ras_mm(masks()[-2], "left", head), atol=1e-4)


def test_a_target_of_one_scan_does_not_stay_in_another(segmented):
    drag_target((3, 1, 0))
    segmented.inputSelector.setCurrentNode(add_head("other"))
    run_to_end(segmented)
    assert segmented.correctLabel.text == "The target follows the mask."


def test_a_target_moved_by_hand_can_be_given_back_to_the_mask(segmented, head):
    drag_target((3, 1, 0))
    paint_above(segmented)
    segmented.followMaskButton.click()
    np.testing.assert_allclose(target_ras_mm(), centroid_ras_mm(masks()[0], "left", head), atol=1e-4)
    assert list(points_of(targets()[-1])) == ["Left target"]
    assert segmented.correctLabel.text == "The target follows the mask."
    assert not segmented.followMaskButton.enabled


def test_an_empty_mask_has_no_target_until_something_is_painted(segmented):
    erase_all(segmented)
    assert segmented.correctLabel.text == "The mask is empty, so there is no target."
    assert not targets()[-1].GetNthControlPointVisibility(0)
    assert cell(segmented, "5-cm landmark", STRAIGHT) == ""
    paint_above(segmented)
    assert targets()[-1].GetNthControlPointVisibility(0)
    assert np.linalg.norm(target_ras_mm() - ABOVE_RAS_MM) < 3
    assert segmented.correctLabel.text == "The target follows the mask."


def test_under_a_transform_the_target_follows_where_the_mask_is(panel, head):
    turn = np.array([[0.0, -1, 0, 20], [1, 0, 0, -10], [0, 0, 1, 5], [0, 0, 0, 1]])
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(turn))
    head.SetAndObserveTransformNodeID(transform.GetID())
    panel.inputSelector.setCurrentNode(head)
    panel.hemisphereSelector.currentIndex = 2
    run_to_end(panel)
    before = target_ras_mm()
    slicer_rig.paint(unfolded(panel), ABOVE_RAS_MM, radius_mm=9)
    assert target_ras_mm()[2] > before[2] + 2
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(np.eye(4)))
    assert panel.correctLabel.text == "The target follows the mask."


def test_an_edit_made_while_the_module_was_left_is_followed_on_return(segmented, module, head):
    module.exit()
    paint_above(segmented)
    module.enter()
    slicer_rig.drain_events()
    np.testing.assert_allclose(target_ras_mm(), centroid_ras_mm(masks()[0], "left", head), atol=1e-4)


# two sides, two volumes, two runs


def test_each_side_is_edited_on_its_own(both_sides, head):
    assert both_sides.correctSideSelector.count == 2
    left, right = (target_ras_mm(node) for node in targets())
    both_sides.correctSideSelector.currentIndex = 1
    assert unfolded(both_sides).segmentationNode() is masks()[1]
    slicer_rig.paint(editor_of(both_sides), ABOVE_RAS_MM * (-1, 1, 1), radius_mm=9)
    np.testing.assert_allclose(target_ras_mm(targets()[0]), left)
    assert np.linalg.norm(target_ras_mm(targets()[1]) - right) > 2


def test_the_editor_goes_with_the_selected_volume(segmented, head):
    other = add_head("other")
    unfolded(segmented)
    segmented.inputSelector.setCurrentNode(other)
    assert editor_of(segmented).segmentationNode() is None
    assert not segmented.editGroupBox.enabled
    run_to_end(segmented)
    assert editor_of(segmented).segmentationNode() is masks()[1]
    segmented.inputSelector.setCurrentNode(head)
    assert editor_of(segmented).segmentationNode() is masks()[0]


def test_a_second_run_makes_a_new_mask_and_keeps_the_edited_one(segmented, head):
    paint_above(segmented)
    edited = slicer.util.arrayFromSegmentBinaryLabelmap(masks()[0], "left", head)
    run_to_end(segmented)
    assert len(masks()) == 2
    np.testing.assert_array_equal(slicer.util.arrayFromSegmentBinaryLabelmap(masks()[0], "left", head), edited)
    assert [node.GetDisplayVisibility() for node in masks()] == [0, 1]
    assert editor_of(segmented).segmentationNode() is masks()[1]
    assert segmented.resultLabel.text == "head, left: 7.9 ml"


# nodes that go, scenes that close


def test_a_deleted_mask_leaves_nothing_to_correct(segmented):
    slicer.mrmlScene.RemoveNode(masks()[0])
    slicer_rig.drain_events()
    assert segmented.correctLabel.text == "There is no mask to correct yet: press Segment."
    assert not segmented.saveCorrectionButton.enabled
    assert segmented.resultLabel.text == "No result for this volume yet."


def test_a_deleted_target_is_told_and_the_mask_can_be_edited(segmented):
    slicer.mrmlScene.RemoveNode(targets()[-1])
    slicer_rig.drain_events()
    assert segmented.correctLabel.text == "The target was deleted."
    paint_above(segmented)
    assert segmented.resultLabel.text.endswith("edited by hand")
    assert not segmented.followMaskButton.enabled


def test_a_target_whose_point_was_deleted_is_told_and_can_be_had_back(segmented, head):
    targets()[-1].RemoveNthControlPoint(0)
    slicer_rig.drain_events()
    assert segmented.correctLabel.text == "The target was deleted."
    segmented.followMaskButton.click()
    assert segmented.correctLabel.text == "The target follows the mask."
    np.testing.assert_allclose(target_ras_mm(), centroid_ras_mm(masks()[-1], "left", head), atol=0.01)


def test_a_closed_scene_leaves_an_editor_that_works_again(segmented):
    paint_above(segmented)
    slicer_rig.close_scene()
    assert editor_of(segmented).segmentationNode() is None
    segmented.inputSelector.setCurrentNode(add_head("next"))
    run_to_end(segmented)
    before = target_ras_mm()
    paint_above(segmented)
    assert target_ras_mm()[2] > before[2] + 2


def test_a_saved_scene_remembers_edit_target_and_doubt(segmented, tmp_path):
    paint_above(segmented)
    drag_target((3, 1, 0))
    result, by_hand = segmented.resultLabel.text, target_ras_mm()
    assert slicer.util.saveScene(str(tmp_path / "edited.mrb"))
    slicer_rig.close_scene()
    slicer.util.loadScene(str(tmp_path / "edited.mrb"))
    slicer_rig.drain_events()
    assert segmented.resultLabel.text == result
    assert segmented.correctLabel.text.startswith("The target was moved by hand")
    np.testing.assert_allclose(target_ras_mm(), by_hand, atol=1e-3)
    paint_above(segmented)
    np.testing.assert_allclose(target_ras_mm(), by_hand, atol=1e-3)
    assert segmented.uncertainButton.enabled


@pytest.fixture
def choosing_editor(monkeypatch):
    """A Segment Editor whose list is filled at the end of an import and chooses its first node, as Slicer's does."""

    tags = []

    class Choosing(slicer.qMRMLSegmentEditorWidget):
        def setMRMLScene(self, scene):
            if scene is not self.mrmlScene():
                choose = lambda *_: self.setSegmentationNode(masks()[0])  # noqa: E731
                tags.append(scene.AddObserver(scene.EndImportEvent, choose))
            super().setMRMLScene(scene)

    monkeypatch.setattr(slicer, "qMRMLSegmentEditorWidget", Choosing)
    yield
    for tag in tags:  # the scene is every test's
        slicer.mrmlScene.RemoveObserver(tag)


def test_the_newest_mask_of_a_loaded_scene_is_edited(choosing_editor, segmented, tmp_path):
    run_to_end(segmented)
    assert slicer.util.saveScene(str(tmp_path / "plan.mrb"))
    slicer_rig.close_scene()
    slicer_rig.drain_events()
    slicer.util.loadScene(str(tmp_path / "plan.mrb"))
    slicer_rig.drain_events()
    assert unfolded(segmented).segmentationNode() is masks()[-1] is not masks()[0]


def test_an_unedited_mask_of_a_saved_scene_is_still_unedited(segmented, tmp_path):
    assert slicer.util.saveScene(str(tmp_path / "found.mrb"))
    slicer_rig.close_scene()
    slicer.util.loadScene(str(tmp_path / "found.mrb"))
    slicer_rig.drain_events()
    assert segmented.resultLabel.text == "head, left: 7.9 ml"
    assert segmented.correctLabel.text == "The target follows the mask."


# doubt


def slices_shown_mm():
    """Where the axial, sagittal and coronal view cut: S, R, A."""
    axes = {"Red": 2, "Yellow": 0, "Green": 1}
    views = {name: slicer.app.layoutManager().sliceWidget(name).mrmlSliceNode() for name in axes}
    return [views[name].GetSliceToRAS().GetElement(axis, 3) for name, axis in axes.items()]


def test_the_next_uncertain_slice_is_shown_in_every_view_and_then_the_one_after(segmented):
    segmented.uncertainButton.click()
    first = slices_shown_mm()
    total = int(segmented.uncertainLabel.text.split(" of ")[1].split(",")[0])
    assert segmented.uncertainLabel.text == f"1 of {total}, at S {first[0]:.0f} mm"
    np.testing.assert_allclose([first[1], first[2]], BRIGHT_RAS_MM[:2], atol=10)
    assert first[0] > BRIGHT_RAS_MM[2]
    segmented.uncertainButton.click()
    assert slices_shown_mm()[0] != first[0]
    for _ in range(total - 1):
        segmented.uncertainButton.click()
    np.testing.assert_allclose(slices_shown_mm(), first)


def test_a_mask_without_doubt_has_no_uncertain_slice(panel, head, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "sure")
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert not panel.uncertainButton.enabled


# saving


def save(panel, folder, answer=None):
    """Press the button, answer the dialogs, wait for the worker; gives what was asked."""
    with slicer_rig.dialogs(answer, path=str(folder)) as asked:
        panel.saveCorrectionButton.click()
    assert slicer_rig.drain_events(60, until=lambda: panel.saveLabel.text != "Saving…")
    return asked


def test_scan_and_corrected_mask_are_saved(segmented, head, tmp_path):
    paint_above(segmented)
    assert save(segmented, tmp_path) == []
    assert segmented.saveLabel.text == f"Saved head_T1w.nii.gz and head_dlpfc.nii.gz in {tmp_path}."
    saved = read_volume(tmp_path / "head_T1w.nii.gz").array_kji
    np.testing.assert_array_equal(saved, slicer.util.arrayFromVolume(head))
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(masks()[0], "left", head)
    np.testing.assert_array_equal(read_volume(tmp_path / "head_dlpfc.nii.gz").array_kji, mask)
    assert segmented.saveCorrectionButton.enabled


def test_both_sides_are_saved_together(both_sides, tmp_path):
    save(both_sides, tmp_path)
    assert set(np.unique(read_volume(tmp_path / "head_dlpfc.nii.gz").array_kji)) == {0, 1, 2}


def test_a_dialog_that_is_cancelled_saves_nothing(segmented):
    save(segmented, "")
    assert segmented.saveLabel.text == ""


def test_what_is_there_is_replaced_only_by_consent(segmented, tmp_path):
    save(segmented, tmp_path)
    before = (tmp_path / "head_dlpfc.nii.gz").read_bytes()
    paint_above(segmented)
    (question,) = save(segmented, tmp_path, qt.QMessageBox.Cancel)
    assert "holds head_T1w.nii.gz and head_dlpfc.nii.gz already" in question
    assert segmented.saveLabel.text == "Nothing was saved."
    assert (tmp_path / "head_dlpfc.nii.gz").read_bytes() == before
    save(segmented, tmp_path, qt.QMessageBox.Ok)
    assert segmented.saveLabel.text.startswith("Saved ")
    assert (tmp_path / "head_dlpfc.nii.gz").read_bytes() != before


def test_a_folder_that_cannot_be_written_is_named(segmented, tmp_path):
    save(segmented, tmp_path / "gone")
    assert str(tmp_path / "gone") in segmented.saveLabel.text
    assert segmented.saveCorrectionButton.enabled


def test_a_worker_that_fails_while_saving_is_told(segmented, module, tmp_path):
    class Failing(PromptProcess):
        def _work(self):
            self._listener.on_ended(Outcome(FAILED, "The worker died."))

    module.logic.makeProcess = Failing
    save(segmented, tmp_path)
    assert segmented.saveLabel.text == "⚠ The worker died."
    assert segmented.saveCorrectionButton.enabled


def test_a_node_s_name_becomes_a_file_name(segmented, head, tmp_path):
    head.SetName("3: MPRAGE / \u00e9t\u00e9")
    save(segmented, tmp_path)
    assert (tmp_path / "3-MPRAGE-\u00e9t\u00e9_T1w.nii.gz").is_file()


class Unending(PromptProcess):
    """A worker that is still writing."""

    def _work(self):
        pass


@pytest.mark.parametrize("how", ["scene closed", "Slicer closed"])
def test_no_copy_of_the_scan_stays_where_a_correction_was_being_saved(how, segmented, module, job_folders):
    module.logic.makeProcess = Unending
    with slicer_rig.dialogs(path=str(job_folders.place)):
        segmented.saveCorrectionButton.click()
    slicer_rig.drain_events(0.2)
    assert len(job_folders()) == 1
    slicer_rig.close_scene() if how == "scene closed" else module.widget.cleanup()
    slicer_rig.drain_events(0.2)
    assert job_folders() == []
    if how == "scene closed":
        assert segmented.saveLabel.text == "Cancelled: the scene was closed."
