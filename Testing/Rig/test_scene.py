"""The scene and the application around it are Slicer's own and whole enough to work with."""

from __future__ import annotations

import numpy as np
import pytest
import slicer

import slicer_rig

IJK_TO_RAS = np.array([[0, 0, 1.2, -90], [0.9, 0, 0, 80], [0, 0.95, 0, -70], [0, 0, 0, 1.0]])


@pytest.fixture
def volume():
    voxels = np.arange(4 * 5 * 6, dtype=np.int16).reshape(4, 5, 6)
    return slicer.util.addVolumeFromArray(voxels, ijkToRAS=IJK_TO_RAS, name="T1")


def test_a_scene_is_saved_closed_and_read_again(volume, tmp_path):
    points = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsFiducialNode", "Target")
    points.AddControlPoint(-38.0, 44.0, 26.0, "DLPFC")
    bundle = str(tmp_path / "plan.mrb")
    assert slicer.util.saveScene(bundle)
    slicer_rig.close_scene()
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == 0
    slicer.util.loadScene(bundle)
    again = slicer.util.getNode("T1")
    assert np.array_equal(slicer.util.arrayFromVolume(again).ravel(), np.arange(120))
    assert np.allclose(slicer.util.arrayFromVTKMatrix(_ijk_to_ras(again)), IJK_TO_RAS)
    assert slicer.util.getNode("Target").GetNthControlPointPosition(0) == pytest.approx((-38.0, 44.0, 26.0))


def test_a_volume_file_is_loaded_named_and_shown(volume, tmp_path):
    path = tmp_path / "head.nrrd"
    assert slicer.util.saveNode(volume, str(path))
    loaded = slicer.util.loadVolume(str(path))
    assert loaded.GetName() == "head"
    red = slicer.app.layoutManager().sliceWidget("Red")
    assert red.mrmlSliceCompositeNode().GetBackgroundVolumeID() == loaded.GetID()
    assert loaded.GetDisplayNode().GetColorNode() is not None


def test_a_missing_file_is_an_error():
    with pytest.raises(RuntimeError, match="nowhere"):
        slicer.util.loadVolume("nowhere.nii.gz")


def test_slice_views_jump_and_outlive_the_scene():
    slicer.modules.markups.logic().JumpSlicesToLocation(-38.0, 44.0, 26.0, True)
    node = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceNode()
    assert node.GetSliceOffset() == pytest.approx(26.0)
    slicer_rig.close_scene()
    assert slicer.app.layoutManager().sliceWidget("Red").mrmlSliceNode() is node
    assert node.GetScene() is slicer.mrmlScene


def test_every_module_logic_is_reached_in_three_ways():
    for name in ("Volumes", "Markups", "Segmentations", "Terminologies", "SubjectHierarchy", "Colors"):
        logic = getattr(slicer.modules, name.lower()).logic()
        assert logic.GetMRMLScene() is slicer.mrmlScene
        assert slicer.util.getModuleLogic(name) is logic
        assert slicer.app.applicationLogic().GetModuleLogic(name) is logic


def test_a_node_selector_follows_the_scene(volume):
    selector = slicer.qMRMLNodeComboBox()
    selector.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    chosen, valid = [], []
    selector.connect("currentNodeChanged(bool)", valid.append)
    selector.connect("currentNodeChanged(vtkMRMLNode*)", chosen.append)
    selector.setMRMLScene(slicer.mrmlScene)
    second = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "labels")
    assert selector.nodeCount() == 2
    selector.showChildNodeTypes = False
    slicer.mrmlScene.RemoveNode(second)
    assert (selector.nodeCount(), selector.currentNodeID) == (1, volume.GetID())
    slicer.mrmlScene.RemoveNode(volume)
    assert (chosen, valid) == ([volume, None], [True, False])
    selector.setMRMLScene(None)


@pytest.mark.parametrize(("removed", "instead"), [(0, "b"), (1, "c"), (2, "b")])
def test_a_node_selector_takes_the_neighbour_of_a_node_that_is_removed_also_where_none_can_be_chosen(removed, instead):
    scans = [slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", name) for name in "abc"]
    selector = slicer.qMRMLNodeComboBox()
    selector.nodeTypes, selector.noneEnabled = ["vtkMRMLScalarVolumeNode"], True
    selector.setMRMLScene(slicer.mrmlScene)
    selector.setCurrentNode(scans[removed])
    slicer.mrmlScene.RemoveNode(scans[removed])
    assert selector.currentNode().GetName() == instead
    selector.setMRMLScene(None)


def test_a_selector_with_none_chooses_nothing_by_itself(volume):
    selector = slicer.qMRMLNodeComboBox()
    selector.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    selector.noneEnabled = True
    selector.setMRMLScene(slicer.mrmlScene)
    assert selector.currentNode() is None
    selector.setCurrentNodeID(volume.GetID())
    assert selector.currentNode() is volume
    selector.setMRMLScene(None)


def test_a_stroke_in_the_segment_editor_is_undone_and_redone():
    scan = slicer.util.addVolumeFromArray(np.zeros((20, 20, 20)), name="scan")
    editor, segmentation = _editor(scan)
    slicer_rig.paint(editor, (10, 10, 10), radius_mm=3.2)
    painted = _segment_size(segmentation, scan)
    slicer_rig.paint(editor, (10, 10, 10), radius_mm=1.1, erase=True)
    assert (painted, _segment_size(segmentation, scan)) == (147, 140)
    editor.undo()
    assert _segment_size(segmentation, scan) == 147
    editor.undo()
    assert _segment_size(segmentation, scan) == 0
    editor.redo()
    assert _segment_size(segmentation, scan) == 147
    editor.setMRMLSegmentEditorNode(None)


def _editor(scan):
    segmentation = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    segmentation.CreateDefaultDisplayNodes()
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(scan)
    segmentation.GetSegmentation().AddEmptySegment("dlpfc", "DLPFC")
    editor = slicer.qMRMLSegmentEditorWidget()
    editor.setMRMLScene(slicer.mrmlScene)
    editor.setMRMLSegmentEditorNode(slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentEditorNode"))
    editor.setSegmentationNode(segmentation)
    editor.setSourceVolumeNode(scan)
    assert editor.currentSegmentID() == "dlpfc"
    return editor, segmentation


def _segment_size(segmentation, scan) -> int:
    return int(slicer.util.arrayFromSegmentBinaryLabelmap(segmentation, "dlpfc", scan).sum())


def _ijk_to_ras(volume):
    import vtk

    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    return matrix


def test_a_segment_editor_that_is_given_a_mask_changes_the_views(volume):
    other, labels = (slicer.mrmlScene.AddNewNodeByClass(f"vtkMRML{kind}VolumeNode") for kind in ("Scalar", "LabelMap"))
    view = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")[0]
    mask = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    mask.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    for shows_source, background in ((False, other), (True, volume)):
        view.SetBackgroundVolumeID(other.GetID())
        view.SetLabelVolumeID(labels.GetID())
        editor = slicer.qMRMLSegmentEditorWidget()
        editor.autoShowSourceVolumeNode = shows_source
        editor.setMRMLSegmentEditorNode(slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentEditorNode"))
        editor.setMRMLScene(slicer.mrmlScene)
        editor.setSegmentationNode(mask)
        assert (view.GetBackgroundVolumeID(), view.GetLabelVolumeID()) == (background.GetID(), None)
        editor.deleteLater()
