"""Section 'Export': formats and their spaces, and what is in the scene now on the disk."""

import shutil

import nibabel
import numpy as np
import pytest
import qt
import slicer
from PySide6.QtCore import QObject, Slot

import slicer_rig
from application.panel_user import BRIGHT_RAS_MM, PromptProcess, add_head, editor_of, nodes, points_of, run_to_end
from DLPFCSegmenterLib.application.jobs.process import FAILED, Outcome, WorkerProcess
from DLPFCSegmenterLib.application.nodes.volume_node import ijk_to_world
from DLPFCSegmenterLib.export.exporting import title_of
from DLPFCSegmenterLib.export.formats.dicom_seg import read_mask_dicom_seg
from DLPFCSegmenterLib.export.formats.rt_struct import read_rt_struct
from DLPFCSegmenterLib.export.reading import read_targets
from DLPFCSegmenterLib.export.registry import FORMATS
from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points
from DLPFCSegmenterLib.scan.readers import read_volume
from small_series import DIRECTIONS_LPS, save_slices

NAMES = list(FORMATS)
ABOVE_RAS_MM = BRIGHT_RAS_MM + (0, 0, 12)
NEEDS_NIFTI = ("brainsight", "brainsight12", "visor2")
TURN = np.array([[0.0, -1, 0, 20], [1, 0, 0, -10], [0, 0, 1, 5], [0, 0, 0, 1]])


@pytest.fixture(autouse=True)
def no_memory():
    """No folder and no formats from an earlier export."""
    slicer.app.userSettings().clear()


@pytest.fixture
def nifti_head(tmp_path):
    """The head from a NIfTI file in a folder of its own."""
    made = add_head("made")
    voxels = slicer.util.arrayFromVolume(made).transpose()
    matrix = np.diag([*made.GetSpacing(), 1.0])
    matrix[:3, 3] = made.GetOrigin()
    image = nibabel.Nifti1Image(voxels, matrix)
    image.set_qform(matrix, 1)
    image.set_sform(matrix, 1)
    (tmp_path / "scans").mkdir()
    nibabel.save(image, tmp_path / "scans" / "head.nii.gz")
    slicer.mrmlScene.RemoveNode(made)
    return slicer.util.loadVolume(str(tmp_path / "scans" / "head.nii.gz"))


def item(panel, name, column=0):
    return panel.exportTable.item(NAMES.index(name), column)


def space(panel, name):
    """What stands beside a format once the worker has answered."""
    assert slicer_rig.drain_events(60, until=lambda: item(panel, name, 1).text() != "Looking…")
    return item(panel, name, 1).text()


def is_offered(panel, name):
    return bool(item(panel, name).flags() & qt.Qt.ItemIsEnabled)


def tick(panel, *names):
    for name in names:
        space(panel, name)
        item(panel, name).setCheckState(qt.Qt.Checked)


def wait(panel):
    assert slicer_rig.drain_events(60, until=lambda: panel.exportButton.text == "Export")
    return "\n".join(filter(None, (panel.exportLabel.text, panel.exportWarningLabel.text)))


def export(panel, folder, *names):
    """Tick, choose the folder, press Export; gives what the panel says at the end."""
    tick(panel, *names)
    panel.exportFolderEdit.currentPath = str(folder)
    panel.exportButton.click()
    return wait(panel)


def scene_point(part):
    """World RAS mm of the newest point whose label holds `part`."""
    points = [point for node in nodes("vtkMRMLMarkupsFiducialNode") for point in points_of(node).items()]
    return [at for label, at in points if part in label][-1]


def drag(part, shift_mm):
    """What a drag in a view ends in."""
    for node in nodes("vtkMRMLMarkupsFiducialNode"):
        for index, label in enumerate(points_of(node)):
            if part in label:
                node.SetNthControlPointPositionWorld(index, *(points_of(node)[label] + shift_mm))
    slicer_rig.drain_events()


def paint_above(panel):
    slicer_rig.paint(editor_of(panel), ABOVE_RAS_MM, radius_mm=9)
    slicer_rig.drain_events()


def written(path, part):
    """The exported target whose label holds `part`."""
    (target,) = [target for target in read_targets(path) if part in target.label]
    return target


# nothing to export


def test_without_a_plan_there_is_nothing_to_export(panel, head):
    panel.inputSelector.setCurrentNode(head)
    assert not panel.exportButton.enabled and not panel.reportButton.enabled
    assert panel.exportLabel.text == "" and not panel.exportProgressBar.visible


def test_every_format_is_listed_by_the_name_that_its_users_know(panel):
    shown = [panel.exportTable.item(row, 0).text() for row in range(panel.exportTable.rowCount)]
    assert shown == [title_of(name) for name in NAMES]
    assert {"Brainsight 2.5.3 and later", "Localite InstrumentMarker", "Mask as DICOM SEG"} <= set(shown)


def test_without_a_tick_or_a_folder_the_panel_asks_for_it(segmented, tmp_path):
    assert export(segmented, tmp_path) == "⚠ Tick a format that this scan has."
    assert export(segmented, "", "csv") == "⚠ Choose a folder for the files first."
    assert not list(tmp_path.iterdir())
    segmented.exportFolderEdit.currentPath = str(tmp_path)
    assert segmented.exportLabel.text == "", "it is chosen now"


# spaces in words


def test_a_scan_from_nifti_has_the_space_that_its_header_names(panel, nifti_head):
    panel.inputSelector.setCurrentNode(nifti_head)
    run_to_end(panel)
    assert space(panel, "brainsight") == "NIfTI:Q:Scanner, RAS mm"
    assert space(panel, "localite") == "RAS mm, for a project from NIfTI"
    assert all(is_offered(panel, name) for name in NEEDS_NIFTI)
    assert not is_offered(panel, "dicom-seg") and "DICOM series" in space(panel, "dicom-seg")


def test_a_scan_that_is_no_nifti_greys_what_needs_one_and_says_why(segmented):
    for name in NEEDS_NIFTI:
        assert "needs a NIfTI scan" in space(segmented, name) and not space(segmented, name).startswith("head")
        assert not is_offered(segmented, name)
    assert space(segmented, "csv") == "RAS mm and LPS mm, each named" and is_offered(segmented, "csv")


def test_without_a_scalp_there_are_no_coil_poses_to_export(panel, head):
    array = slicer.util.arrayFromVolume(head)
    array[(array > 20) & (array < 40)] = 110  # no dark skull
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert "without a scalp there are none" in space(panel, "simnibs")
    assert not is_offered(panel, "simnibs") and is_offered(panel, "csv")


def test_a_greyed_format_stays_ticked_and_is_not_exported(segmented, module, tmp_path):
    tick(segmented, "brainsight")
    said = export(segmented, tmp_path, "csv")
    assert [path.name for path in tmp_path.iterdir()] == ["head_dlpfc.csv"]
    assert "Brainsight" not in said
    assert list(module.logic.getParameterNode().exportFormats) == ["brainsight", "csv"]


# what is written


def test_what_was_written_is_said_with_points_space_and_warnings(segmented, tmp_path):
    said = export(segmented, tmp_path / "new" / "folder", "csv")
    number = len(read_targets(tmp_path / "new" / "folder" / "head_dlpfc.csv"))
    folder = tmp_path / "new" / "folder"
    wrote = f"Wrote into {folder}:\n• head_dlpfc.csv: {number} targets in RAS mm and LPS mm, each named"
    assert number >= 3 and wrote in said
    assert "checked against our own reader alone" in said
    for part, label in (("target", "DLPFC target (left)"), ("hotspot", "hotspot"), ("5-cm landmark", "5-cm landmark")):
        target = written(tmp_path / "new" / "folder" / "head_dlpfc.csv", label)
        np.testing.assert_allclose(target.position_ras_mm, scene_point(part), atol=1e-3)


def test_entry_and_coil_pose_lie_over_the_target_of_the_scene(segmented, tmp_path):
    export(segmented, tmp_path, "simnibs", "json")
    target = written(tmp_path / "head_dlpfc.json", "target")
    assert np.linalg.norm(target.coil_pose_ras_mm[:3, 3] - target.entry_ras_mm) == pytest.approx(4.0, abs=0.01)
    drag("target", (0, 6, 0))
    with slicer_rig.dialogs(qt.QMessageBox.Ok):
        export(segmented, tmp_path, "json")
    moved = written(tmp_path / "head_dlpfc.json", "target")
    assert np.linalg.norm(moved.entry_ras_mm - target.entry_ras_mm) > 2


def test_the_edited_mask_is_what_is_written(segmented, head, tmp_path):
    paint_above(segmented)
    said = export(segmented, tmp_path, "mask-nifti", "mask-nrrd", "csv")
    (segmentation,) = nodes("vtkMRMLSegmentationNode")
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(segmentation, "left", head)
    np.testing.assert_array_equal(read_volume(tmp_path / "head_dlpfc_left.nii.gz").array_kji, mask)
    np.testing.assert_array_equal(read_volume(tmp_path / "head_dlpfc_left.seg.nrrd").array_kji, mask)
    target = written(tmp_path / "head_dlpfc.csv", "target")
    np.testing.assert_allclose(target.position_ras_mm, scene_point("target"), atol=1e-3)
    assert any("edited by hand" in warning for warning in target.warnings)
    assert "The mask was edited by hand" in said and "⚠" not in said, "that is no warning"


def test_points_moved_by_hand_are_written_where_they_are_and_say_so(segmented, tmp_path):
    for part in ("target", "5-cm landmark", "hotspot"):
        drag(part, (2, 3, 1))
    export(segmented, tmp_path, "csv")
    for part in ("target", "5-cm landmark", "hotspot"):
        target = written(tmp_path / "head_dlpfc.csv", part)
        np.testing.assert_allclose(target.position_ras_mm, scene_point(part), atol=1e-3)
        assert "by hand" in target.description
        assert "ESTIMATED" not in target.description


def test_published_points_go_out_where_they_are_shown_and_only_there(segmented, module, tmp_path):
    lists = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "published" in node.GetName()]
    published = {label for node in lists for label in points_of(node)}
    export(segmented, tmp_path, "csv")
    shown = {target.label.removesuffix(" (left)") for target in read_targets(tmp_path / "head_dlpfc.csv")} & published
    assert shown and shown < published
    module.logic.getParameterNode().shownPoints = []
    export(segmented, tmp_path / "none", "csv")
    assert not published & {
        target.label.removesuffix(" (left)") for target in read_targets(tmp_path / "none" / "head_dlpfc.csv")
    }


def choose_points(panel, *unticked):
    for action in panel.exportPointsButton.menu().actions():
        if (action.text in unticked) == action.checked:
            action.trigger()


def test_the_points_that_are_unticked_stay_at_home_and_the_scene_keeps_the_choice(segmented, module, tmp_path):
    assert segmented.exportPointsButton.text == "All points"
    choose_points(segmented, "Scalp entry", "Motor hotspot", "Published points")
    assert segmented.exportPointsButton.text == "All but: Scalp entry, Motor hotspot, Published points"
    assert list(module.logic.getParameterNode().exportLeftOut) == ["entry", "hotspot", "published"]
    export(segmented, tmp_path / "some", "json")
    some = {target.label: target for target in read_targets(tmp_path / "some" / "head_dlpfc.json")}
    assert list(some) == ["DLPFC target (left)", "5-cm landmark (estimated) (left)"]
    target = some["DLPFC target (left)"]
    assert target.entry_ras_mm is None and target.coil_pose_ras_mm is not None
    choose_points(segmented, "Target")
    export(segmented, tmp_path / "others", "json")
    labels = [target.label for target in read_targets(tmp_path / "others" / "head_dlpfc.json")]
    assert "DLPFC target (left)" not in labels and any("hotspot" in label for label in labels)


def test_an_untouched_estimate_still_says_that_it_is_one(segmented, tmp_path):
    export(segmented, tmp_path, "csv")
    assert "ESTIMATED, off by 15-20 mm" in written(tmp_path / "head_dlpfc.csv", "hotspot").description


def test_what_lies_under_a_transform_is_written_in_the_scan_s_own_space(panel, head, tmp_path):
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(TURN))
    head.SetAndObserveTransformNodeID(transform.GetID())
    panel.inputSelector.setCurrentNode(head)
    panel.hemisphereSelector.currentIndex = 2
    run_to_end(panel)
    drag("target", (1, 2, 0))
    export(panel, tmp_path, "csv", "mask-nifti", "json")
    path = next(tmp_path.glob("*.csv"))
    (side,) = {target.label for target in read_targets(path) if "target" in target.label}
    back = np.linalg.inv(TURN)
    expected = back[:3, :3] @ scene_point("target") + back[:3, 3]
    target = written(path, side)
    np.testing.assert_allclose(target.position_ras_mm, expected, atol=1e-3)
    mask = read_volume(next(tmp_path.glob("*.nii.gz")))
    np.testing.assert_allclose(mask.ijk_to_ras[:3, 3], head.GetOrigin(), atol=1e-4)
    entry = written(tmp_path / "head_dlpfc.json", side).entry_ras_mm
    assert np.linalg.norm(entry - expected) < 80


def test_a_plan_on_the_right_is_exported_as_such(panel, head, tmp_path):
    slicer.util.arrayFromVolume(head)[:] = slicer.util.arrayFromVolume(head)[:, :, ::-1].copy()
    panel.inputSelector.setCurrentNode(head)
    panel.hemisphereSelector.currentIndex = 1
    run_to_end(panel)
    export(panel, tmp_path, "csv", "mask-nifti")
    target = written(tmp_path / "head_dlpfc.csv", "DLPFC target (right)")
    assert target.position_ras_mm[0] > 0
    np.testing.assert_allclose(target.position_ras_mm, scene_point("target"), atol=1e-3)
    assert (tmp_path / "head_dlpfc_right.nii.gz").is_file()


def test_a_deleted_target_is_not_made_up(segmented, tmp_path):
    (node,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "target" in node.GetName()]
    slicer.mrmlScene.RemoveNode(node)
    slicer_rig.drain_events()
    assert export(segmented, tmp_path, "csv") == "⚠ Not exported: the left target was deleted."
    assert not list(tmp_path.iterdir())


def test_an_empty_mask_is_not_exported(segmented, tmp_path):
    slicer_rig.paint(editor_of(segmented), BRIGHT_RAS_MM, radius_mm=40, erase=True)
    slicer_rig.drain_events()
    assert export(segmented, tmp_path, "csv") == "⚠ Not exported: the left mask is empty, and no target was placed."


def test_a_scan_from_nifti_is_exported_for_brainsight_and_localite(panel, nifti_head, tmp_path):
    panel.inputSelector.setCurrentNode(nifti_head)
    run_to_end(panel)
    said = export(panel, tmp_path / "out", "brainsight", "localite", "mask-nifti")
    scan = read_volume(tmp_path / "scans" / "head.nii.gz")
    (path,) = (tmp_path / "out").glob("*.brainsight.txt")
    (target,) = [t for t in read_targets(path, scan) if "target" in t.label]
    assert "NIfTI:Q:Scanner" in path.read_text(encoding="utf-8") and "targets in NIfTI:Q:Scanner, RAS mm" in said
    assert np.linalg.norm(target.coil_pose_ras_mm[:3, 3] - scene_point("target")) < 80
    assert len(list((tmp_path / "out").glob("InstrumentMarker*.xml"))) == 1
    assert "left out: " in said
    mask = nibabel.load(tmp_path / "out" / "head_dlpfc_left.nii.gz")
    assert int(mask.header["qform_code"]) == 1


def test_a_volume_that_no_longer_lies_where_its_file_says_is_refused(panel, nifti_head, tmp_path):
    nifti_head.SetOrigin(*(np.array(nifti_head.GetOrigin()) + (5, 0, 0)))
    panel.inputSelector.setCurrentNode(nifti_head)
    run_to_end(panel)
    assert "no longer lies where its file" in space(panel, "csv")
    assert "no longer lies where its file" in export(panel, tmp_path / "out", "csv")
    assert not (tmp_path / "out").exists()


# files that are there, folders that cannot be written into


def test_what_is_there_is_replaced_only_by_consent(segmented, tmp_path):
    export(segmented, tmp_path, "csv")
    before = (tmp_path / "head_dlpfc.csv").read_bytes()
    drag("target", (2, 3, 1))
    with slicer_rig.dialogs(qt.QMessageBox.Cancel) as asked:
        assert export(segmented, tmp_path, "csv") == "Nothing was exported."
    assert f"{tmp_path} holds head_dlpfc.csv already" in asked[0]
    assert (tmp_path / "head_dlpfc.csv").read_bytes() == before
    with slicer_rig.dialogs(qt.QMessageBox.Ok):
        assert export(segmented, tmp_path, "csv").splitlines()[1].startswith("• head_dlpfc.csv")
    assert (tmp_path / "head_dlpfc.csv").read_bytes() != before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["head_dlpfc.csv"]


def test_a_folder_that_cannot_be_written_is_named(segmented, tmp_path):
    (tmp_path / "file").write_text("no folder")
    said = export(segmented, tmp_path / "file" / "out", "csv")
    assert str(tmp_path / "file") in said and "cannot be written" in said
    assert segmented.exportButton.enabled and segmented.exportButton.text == "Export"


class FullDisk(WorkerProcess):
    """The worker as shipped, which may write no file of more than 1 kB."""

    def command(self):
        return ["sh", "-c", 'ulimit -f 2; exec "$@"', "sh", *super().command()]


def test_a_full_disk_is_told_and_nothing_half_written_is_left(segmented, module, tmp_path):
    tick(segmented, "json", "mask-nifti", "mask-nrrd")
    module.logic.makeProcess = FullDisk
    said = export(segmented, tmp_path / "out", "csv")
    lines = [line for line in said.splitlines() if line.startswith("⚠ Not written")]
    assert len(lines) == 4 and all("written (" in line for line in lines), said
    assert not (tmp_path / "out").exists()


# a DICOM series


@pytest.fixture
def series_head(tmp_path):
    """The head from a DICOM series."""
    made = add_head("made")
    origin_lps_mm = np.array(made.GetOrigin()) * (-1, -1, 1)
    turned_over = DIRECTIONS_LPS["head first turned over"]
    save_slices(tmp_path / "series", slicer.util.arrayFromVolume(made), made.GetSpacing(), origin_lps_mm, turned_over)
    slicer.mrmlScene.RemoveNode(made)
    scan = read_volume(tmp_path / "series")
    return slicer.util.addVolumeFromArray(scan.array_kji, ijkToRAS=scan.ijk_to_ras, name="head")


class Database:
    """What is asked of Slicer's DICOM database, which lies in the application."""

    def __init__(self, files):
        self.fileForInstance = files.get


@pytest.mark.parametrize("loaded_by", ["file", "database"])
def test_a_dicom_series_gives_seg_and_rt_struct_with_the_mask_of_the_scene(
    loaded_by, panel, series_head, tmp_path, monkeypatch
):
    image = str(next((tmp_path / "series").iterdir()))
    if loaded_by == "database":
        series_head.SetAttribute("DICOM.instanceUIDs", "1.2.3 1.2.4")
        monkeypatch.setattr(slicer, "dicomDatabase", Database({"1.2.3": image}), raising=False)
    else:
        series_head.AddDefaultStorageNode()
        series_head.GetStorageNode().SetFileName(image)
    panel.inputSelector.setCurrentNode(series_head)
    run_to_end(panel)
    drag("target", (2, 1, 0))
    said = export(panel, tmp_path / "out", "dicom-seg", "rt-struct", "localite")
    assert said.count("1 mask in the DICOM series' frame of reference") == 2
    assert "LPS mm, for a project from DICOM" in said
    (mask,) = nodes("vtkMRMLSegmentationNode")
    bright = slicer.util.arrayFromSegmentBinaryLabelmap(mask, "left", series_head).astype(bool)
    expected_ras_mm = centre_ras_mm(bright, ijk_to_world(series_head))
    scan = read_volume(tmp_path / "series")
    outlines, points = read_rt_struct(tmp_path / "out" / "head_dlpfc_left.rtstruct.dcm", scan)
    for found in (*outlines, *read_mask_dicom_seg(tmp_path / "out" / "head_dlpfc_left.seg.dcm")):
        assert np.count_nonzero(found.volume.array_kji) == np.count_nonzero(bright)
        center_ras_mm = centre_ras_mm(found.volume.array_kji, found.volume.ijk_to_ras)
        np.testing.assert_allclose(center_ras_mm, expected_ras_mm, atol=0.01)
    target = next(point for point in points if "DLPFC target" in point.label)
    np.testing.assert_allclose(target.position_ras_mm, scene_point("target"), atol=1e-3)


def centre_ras_mm(mask_kji, ijk_to_ras):
    return ijk_to_ras_points(ijk_to_ras, np.argwhere(mask_kji)[:, ::-1]).mean(axis=0)


def test_a_worker_that_fails_is_told(segmented, module, tmp_path):
    class Failing(PromptProcess):
        def _work(self):
            self._listener.on_ended(Outcome(FAILED, "The worker died."))

    tick(segmented, "csv")
    module.logic.makeProcess = Failing
    assert export(segmented, tmp_path, "csv") == "⚠ The worker died."


def test_a_cancelled_export_leaves_nothing(segmented, tmp_path):
    tick(segmented, "csv", "json")
    segmented.exportFolderEdit.currentPath = str(tmp_path)
    segmented.exportButton.click()
    assert segmented.exportButton.text == "Cancel"
    assert not segmented.reportButton.enabled
    segmented.exportButton.click()
    assert wait(segmented) == "Cancelled; nothing was exported."
    assert not list(tmp_path.iterdir())


def test_closing_the_scene_while_exporting_is_safe(segmented, tmp_path):
    tick(segmented, "csv")
    segmented.exportFolderEdit.currentPath = str(tmp_path)
    segmented.exportButton.click()
    slicer_rig.close_scene()
    slicer_rig.drain_events(0.2)
    assert segmented.exportButton.text == "Export" and not segmented.exportButton.enabled
    assert not list(tmp_path.iterdir())


def test_an_export_goes_on_while_another_module_is_open(segmented, module, tmp_path):
    tick(segmented, "csv")
    segmented.exportFolderEdit.currentPath = str(tmp_path)
    segmented.exportButton.click()
    module.exit()
    assert wait(segmented).startswith("Wrote ")
    assert (tmp_path / "head_dlpfc.csv").is_file()


def test_another_volume_chosen_meanwhile_leaves_what_is_exported_alone(segmented, tmp_path):
    export(segmented, tmp_path, "mask-nifti")
    (path,) = tmp_path.iterdir()
    before = read_volume(path)
    other = add_head("other")
    segmented.exportButton.click()
    segmented.inputSelector.setCurrentNode(other)
    other.SetOrigin(0, 0, 0)
    with slicer_rig.dialogs(qt.QMessageBox.Ok):
        assert wait(segmented).splitlines()[1].startswith("• head_dlpfc")
    np.testing.assert_allclose(read_volume(path).ijk_to_ras, before.ijk_to_ras)


# choices


def test_folder_and_formats_of_the_last_export_come_back_in_a_new_scene(segmented, tmp_path):
    export(segmented, tmp_path, "csv", "mask-nifti")
    slicer_rig.close_scene()
    assert segmented.exportFolderEdit.currentPath == str(tmp_path)
    assert item(segmented, "csv").checkState() == qt.Qt.Checked
    assert item(segmented, "json").checkState() == qt.Qt.Unchecked


def test_a_saved_scene_keeps_its_choices_and_can_be_exported(segmented, tmp_path):
    drag("target", (2, 3, 1))
    tick(segmented, "csv")
    place = scene_point("target")
    assert slicer.util.saveScene(str(tmp_path / "plan.mrb"))
    slicer_rig.close_scene()
    slicer.util.loadScene(str(tmp_path / "plan.mrb"))
    slicer_rig.drain_events()
    said = export(segmented, tmp_path / "out")
    assert said.startswith("Wrote ")
    target = written(tmp_path / "out" / "head_dlpfc.csv", "target")
    np.testing.assert_allclose(target.position_ras_mm, place, atol=1e-3)
    assert "by hand" in target.description


@pytest.mark.parametrize("scan_s_file", ["there", "gone"])
def test_a_reopened_scene_writes_the_same_files_to_the_byte(scan_s_file, panel, nifti_head, tmp_path):
    formats = ("brainsight", "visor2", "localite")
    panel.inputSelector.setCurrentNode(nifti_head)
    run_to_end(panel)
    export(panel, tmp_path / "before", *formats)
    assert slicer.util.saveScene(str(tmp_path / "plan.mrb"))
    slicer_rig.close_scene()
    if scan_s_file == "gone":
        shutil.rmtree(tmp_path / "scans")
    slicer.util.loadScene(str(tmp_path / "plan.mrb"))
    slicer_rig.drain_events()
    assert "NIfTI" in space(panel, "brainsight")
    export(panel, tmp_path / "after", *formats)
    before, after = (sorted((tmp_path / name).iterdir()) for name in ("before", "after"))
    assert len(before) == len(after) == 3, panel.exportLabel.text
    for one, other in zip(before, after, strict=True):
        assert one.suffix == other.suffix
        assert one.read_bytes() == other.read_bytes()


def test_a_package_that_is_missing_and_stays_so_is_named(monkeypatch):
    from DLPFCSegmenterLib.application import environment

    find = environment.importlib.util.find_spec
    missing = lambda name: None if name == "highdicom" else find(name)  # noqa: E731
    monkeypatch.setattr(environment.importlib.util, "find_spec", missing)
    with pytest.raises(environment.UserError, match="highdicom are needed and were not installed"):
        environment.ensure_packages(("nibabel", "highdicom"))


# the report


class Browser(QObject):
    """What Qt hands a page to, in place of a browser."""

    def __init__(self):
        super().__init__()
        self.pages = []

    @Slot("QUrl")
    def open(self, url):
        self.pages.append(url.toLocalFile())


@pytest.fixture
def browser():
    """Qt's own way of looking at what is opened."""
    handler = Browser()
    qt.QDesktopServices.setUrlHandler("file", handler, "open")
    yield handler
    qt.QDesktopServices.unsetUrlHandler("file")


def test_the_report_of_the_present_state_is_written_and_opened(segmented, browser, tmp_path):
    drag("target", (2, 3, 1))
    segmented.exportFolderEdit.currentPath = str(tmp_path)
    segmented.reportButton.click()
    assert wait(segmented).splitlines()[1].startswith("• head_dlpfc_report.html")
    page = tmp_path / "head_dlpfc_report.html"
    assert browser.pages == [str(page)]
    text = page.read_text(encoding="utf-8")
    right, anterior, superior = scene_point("target")
    assert f"(RAS {right:.1f}, {anterior:.1f}, {superior:.1f}), Moved by hand" in text
    assert "Research use only" in text
