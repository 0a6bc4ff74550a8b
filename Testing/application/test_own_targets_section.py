"""Group 'More targets': the user's own targets, each with its coil, from clicks, copies and files, into the export."""

import numpy as np
import pytest
import qt
import slicer

import slicer_rig
from application.panel_user import BRIGHT_RAS_MM, add_head, names, nodes, run_to_end
from DLPFCSegmenterLib.application.nodes import name_places
from DLPFCSegmenterLib.application.widgets.point_table import JUMP, NAME, STRAIGHT
from DLPFCSegmenterLib.export.formats.markups_json import BESIDE_NAMES
from DLPFCSegmenterLib.export.reading import read_targets
from DLPFCSegmenterLib.export.targets import PlannedTarget
from DLPFCSegmenterLib.export.writing import write_targets

NEAR_RAS_MM = BRIGHT_RAS_MM + (2, 6, 4)
RIGHT_RAS_MM = BRIGHT_RAS_MM * (-1, 1, 1)


def click(panel, place_ras_mm):
    panel.addTargetButton.click()
    slicer_rig.click_in_view(place_ras_mm)


def choose(panel, name):
    panel.ownTable.selectRow(names(panel.ownTable).index(name))


def rename(panel, old, new):
    choose(panel, old)
    panel.ownNameEdit.text = new
    panel.ownNameEdit.editingFinished()


def bring(panel, path):
    with slicer_rig.dialogs(path=str(path)):
        panel.importTargetsButton.click()
    assert slicer_rig.drain_events(60, until=lambda: not panel.ownLabel.text.startswith("Reading"))
    return panel.ownLabel.text


def states(panel):
    return [panel.ownTable.item(number, NAME).text().split("\n")[1] for number in range(panel.ownTable.rowCount)]


def coils():
    """Name of each own target's coil model that is seen."""
    found = [node for node in nodes("vtkMRMLModelNode") if " coil of " in node.GetName()]
    return [node.GetName() for node in found if node.GetDisplayVisibility() and node.GetDisplayNode().GetVisibility3D()]


def exported(panel, folder):
    """The targets of a file that Export writes now, by name."""
    panel.exportFolderEdit.currentPath = str(folder)
    panel.exportTable.item(0, 0).setCheckState(qt.Qt.Checked)
    panel.exportButton.click()
    assert slicer_rig.drain_events(60, until=lambda: panel.exportButton.text == "Export")
    assert panel.exportLabel.text.startswith("Wrote"), panel.exportLabel.text
    (file,) = folder.glob("*.mrk.json")
    return {target.label: target for target in read_targets(file)}


def test_a_click_a_copy_new_names_and_an_order_are_what_goes_out_each_with_a_coil(segmented, tmp_path):
    click(segmented, NEAR_RAS_MM)
    assert states(segmented) == ["left"] and float(segmented.ownTable.item(0, STRAIGHT).text()) > 0
    segmented.ownTable.clearSelection()
    segmented.copyAsTargetButton.click()
    assert names(segmented.ownTable) == ["Target 2", "Left target 2"]
    choose(segmented, "Target 2")
    segmented.copyAsTargetButton.click()
    assert names(segmented.ownTable) == ["Target 2", "Left target 2", "Target 2 2"]
    rename(segmented, "Target 2 2", "More medial")
    segmented.targetUpButton.click()
    segmented.targetUpButton.click()
    assert names(segmented.ownTable) == ["More medial", "Target 2", "Left target 2"]
    assert not segmented.targetUpButton.enabled and segmented.targetDownButton.enabled
    segmented.ownTable.item(1, NAME).setCheckState(qt.Qt.Unchecked)
    assert len(coils()) == 2
    found = exported(segmented, tmp_path / "out")
    own = [name for name in found if name.split(" (")[0] in ("More medial", "Target 2", "Left target 2")]
    assert own == ["More medial (left)", "Left target 2"]
    assert all(found[name].coil_pose_ras_mm is not None for name in own)
    np.testing.assert_allclose(found["More medial (left)"].position_ras_mm, NEAR_RAS_MM, atol=0.01)


def test_targets_whose_names_are_pushed_apart_keep_their_names(segmented, tmp_path):
    for up_mm in (3.0, 0.0, 1.5):
        click(segmented, NEAR_RAS_MM + (up_mm, 0, up_mm))
    (node,) = [each for each in nodes("vtkMRMLMarkupsFiducialNode") if "own targets" in each.GetName()]
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLCameraNode")
    name_places.place_names([node])
    labels = [node.GetNthControlPointLabel(i) for i in range(3)]
    assert [BESIDE_NAMES in label for label in labels] == [False, True, True]
    assert not any("\n" in label for label in labels), "Slicer's .fcsv makes a point of each line"
    assert names(segmented.ownTable) == ["Target 2", "Target 3", "Target 4"]
    rename(segmented, "Target 4", "Session 2")
    assert segmented.ownNameEdit.text == "Session 2"
    assert {"Target 2 (left)", "Target 3 (left)", "Session 2 (left)"} <= set(exported(segmented, tmp_path / "out"))


def test_a_target_that_is_removed_takes_its_coil_with_it(segmented):
    for place in (NEAR_RAS_MM, NEAR_RAS_MM + (0, 4, 0)):
        click(segmented, place)
    choose(segmented, "Target 2")
    segmented.removeTargetButton.click()
    assert names(segmented.ownTable) == ["Target 3"] and len(coils()) == 1
    click(segmented, NEAR_RAS_MM)
    assert names(segmented.ownTable) == ["Target 3", "Target 2"] and len(coils()) == 2


def test_a_target_on_the_other_side_than_its_name_says_is_told_at_once_and_never_goes_out(segmented, tmp_path):
    click(segmented, RIGHT_RAS_MM)
    assert states(segmented) == ["right"] and segmented.ownWarningLabel.text == ""
    rename(segmented, "Target 2", "L DLPFC")
    assert states(segmented) == ["⚠ left"]
    assert "lies in the right hemisphere" in segmented.ownWarningLabel.text
    segmented.exportFolderEdit.currentPath = str(tmp_path)
    segmented.exportTable.item(0, 0).setCheckState(qt.Qt.Checked)
    segmented.exportButton.click()
    assert slicer_rig.drain_events(60, until=lambda: segmented.exportButton.text == "Export")
    assert "'L DLPFC' is of the left side and lies" in segmented.exportWarningLabel.text
    assert not list(tmp_path.glob("*.mrk.json"))


@pytest.fixture
def brought(tmp_path):
    """A file of a navigator's: a target with a coil of its own, one without, and a fiducial."""
    pose = np.eye(4)
    pose[:3, :3] = np.array([[0.6, 0.8, 0.0], [0.8, -0.6, 0.0], [0.0, 0.0, -1.0]])
    pose[:3, 3] = NEAR_RAS_MM + (-20, 0, 15)
    targets = [
        PlannedTarget("navigated", NEAR_RAS_MM, coil_pose_ras_mm=pose, description="session 3"),
        PlannedTarget("F4 (right)", RIGHT_RAS_MM),
        PlannedTarget("Nasion", np.array([0.0, 90.0, 0.0])),
    ]
    (path,) = write_targets("markups", targets, tmp_path / "brought.mrk.json")
    return path, pose


def test_targets_come_out_of_a_file_with_their_coils_until_they_are_moved(segmented, brought, tmp_path):
    path, pose = brought
    assert bring(segmented, path) == "Targets taken from brought.mrk.json: 2."
    assert names(segmented.ownTable) == ["navigated", "F4 (right)"] and states(segmented) == ["⚠ left", "⚠ right"]
    assert "no human head was found in the scan" in segmented.ownWarningLabel.text, "as convert says of this scan"
    np.testing.assert_allclose(
        exported(segmented, tmp_path / "out")["navigated (left)"].coil_pose_ras_mm, pose, atol=1e-4
    )
    (own,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "own targets" in node.GetName()]
    own.SetNthControlPointPositionWorld(0, *(NEAR_RAS_MM + (0, 3, 0)))
    moved = exported(segmented, tmp_path / "moved")["navigated (left)"]
    assert not np.allclose(moved.coil_pose_ras_mm, pose, atol=1.0)


@pytest.mark.parametrize(
    "text, told",
    [
        ("name,x,y,z\nLeft,36,42,30\nRight,-36,42,30\n", "the file is mirrored"),
        ("nothing", "no known file of targets"),
        ("name,x,y,z\nNasion,0,90,0\n", "holds fiducials and no target"),
        (None, "cannot be read"),
    ],
)
def test_a_file_is_refused_as_convert_refuses_it(segmented, text, told, tmp_path):
    if text is not None:
        (tmp_path / "points.csv").write_text(text)
    assert told in bring(segmented, tmp_path / "points.csv")
    assert segmented.ownTable.rowCount == 0


def test_a_mask_s_middle_is_a_target_too(segmented, tmp_path):
    formats = [segmented.exportTable.item(row, 0).text() for row in range(segmented.exportTable.rowCount)]
    segmented.exportTable.item(formats.index("Mask as Slicer segmentation"), 0).setCheckState(qt.Qt.Checked)
    exported(segmented, tmp_path)
    assert bring(segmented, tmp_path / "head_dlpfc_left.seg.nrrd") == (
        "Targets taken from head_dlpfc_left.seg.nrrd: 1."
    )
    segmented.ownTable.cellWidget(0, JUMP).click()
    height = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceNode().GetSliceOffset()
    assert height == pytest.approx(BRIGHT_RAS_MM[2], abs=2)


def test_a_scene_that_is_opened_again_has_the_same_targets_and_a_scan_of_another_person_none(
    segmented, brought, tmp_path
):
    bring(segmented, brought[0])
    click(segmented, NEAR_RAS_MM + (0, 4, 0))
    segmented.ownTable.item(1, NAME).setCheckState(qt.Qt.Unchecked)
    before = exported(segmented, tmp_path / "before")
    path = str(tmp_path / "plan.mrb")
    assert slicer.util.saveScene(path)
    slicer_rig.close_scene()
    assert segmented.ownTable.rowCount == 0
    slicer.util.loadScene(path)
    slicer_rig.drain_events()
    assert names(segmented.ownTable) == ["navigated", "F4 (right)", "Target 2"] and len(coils()) == 2
    after = exported(segmented, tmp_path / "after")
    assert list(before) == list(after)
    for name, target in before.items():
        np.testing.assert_allclose(after[name].position_ras_mm, target.position_ras_mm, atol=0.01)
        assert (after[name].coil_pose_ras_mm is None) == (target.coil_pose_ras_mm is None)
    segmented.inputSelector.setCurrentNode(add_head("another"))
    slicer_rig.drain_events()
    assert segmented.ownTable.rowCount == 0 and not coils()


def test_before_any_plan_targets_can_be_brought_and_have_coils_once_there_is_one(panel, head, brought, tmp_path):
    panel.inputSelector.setCurrentNode(head)
    bring(panel, brought[0])
    assert states(panel) == ["⚠ side not known", "⚠ right, no coil"]
    run_to_end(panel)
    assert states(panel) == ["⚠ left", "⚠ right"] and len(coils()) == 2
