"""Results that were made elsewhere, opened in the panel as if they had been made there."""

import json
import shutil
from dataclasses import astuple, replace

import nibabel
import numpy as np
import pytest
import slicer

import slicer_rig
from application.panel_user import HEAD_RADII_MM, cell, names, nodes, points_of, row, run_to_end
from application.small_worker import plan_of_brightest_voxels
from application.test_batch_section import over_folder, save_head, wait
from application.test_volume_node import turned
from DLPFCSegmenterLib.application.nodes import coil_node
from DLPFCSegmenterLib.application.nodes.edited_plan import read_scene, volume_in_own_space
from DLPFCSegmenterLib.application.nodes.plan_nodes import CHOICES
from DLPFCSegmenterLib.application.widgets.point_table import GIVE_BACK, STATE, STRAIGHT
from DLPFCSegmenterLib.circuit.choice import CircuitTarget
from DLPFCSegmenterLib.circuit.circuit import CircuitSide
from DLPFCSegmenterLib.circuit.trust import Trust
from DLPFCSegmenterLib.doubts import doubt, told
from DLPFCSegmenterLib.edited_plan import edited_plan
from DLPFCSegmenterLib.errors import NoScalpError
from DLPFCSegmenterLib.export.plan_folder import write_plan
from DLPFCSegmenterLib.export.reading import read_targets
from DLPFCSegmenterLib.export.registry import FORMATS
from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.options import PlanOptions
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.targeting.beam_f3 import HeadMeasures
from DLPFCSegmenterLib.targeting.point import Method
from DLPFCSegmenterLib.targeting.target import target_by_hand

FORMATS_AT = {name: row for row, name in enumerate(FORMATS)}


class Quiet:
    def report(self, done, total, text):
        pass

    def tell_device(self, device):
        pass


@pytest.fixture(scope="module")
def planned_once(tmp_path_factory):
    """(options, circuit) -> (plan, folder): a scan and its results as another computer wrote them; each made once."""
    made = {}

    def of(options, circuit=None):
        if (options, circuit is None) not in made:
            there = tmp_path_factory.mktemp("there")
            plan = _planned(read_volume(save_head(there / "scans" / "anna.nii.gz")), options, circuit)
            write_plan(plan, there / "out")
            made[options, circuit is None] = plan, there.rename(there.with_name(f"{there.name} moved"))
        return made[options, circuit is None]

    return of


def _planned(scan, options, circuit):
    """By what fMRI says of the left side, if it does."""
    plan = plan_of_brightest_voxels(scan, options, Quiet())
    if circuit is None:
        return plan
    left = plan.sides["left"]
    target = target_by_hand(scan, left.region.mask_kji, circuit.targets[0].position_ras_mm, Method.CIRCUIT, "left")
    return replace(plan, sides={"left": replace(left, target=target, circuit=circuit)})


@pytest.fixture
def plan_in(planned_once, tmp_path):
    """Brings such results into the test's folder `out` and the scan into `scans`, or into another; gives the plan."""

    def bring(options, circuit=None, where=tmp_path):
        plan, folder = planned_once(options, circuit)
        shutil.copytree(folder, where, dirs_exist_ok=True)
        return plan

    return bring


@pytest.fixture
def anna(plan_in, tmp_path):
    """The folder of results as they come."""
    plan_in(PlanOptions())
    return tmp_path / "out"


@pytest.fixture
def batched(panel, tmp_path):
    """The panel after a batch over a folder with one scan; nothing of it is in the scene."""
    save_head(tmp_path / "scans" / "anna.nii.gz")
    over_folder(panel, tmp_path / "scans", tmp_path / "out")
    assert wait(panel).startswith("1 done")
    return panel


def open_folder(panel, folder):
    with slicer_rig.dialogs(path=str(folder)) as shown:
        panel.openResultsButton.click()
        assert slicer_rig.drain_events(60, until=lambda: panel.segmentButton.text == "Segment")
    slicer_rig.drain_events(0.3)
    return shown


def test_a_double_click_on_a_row_of_a_batch_opens_scan_and_plan(batched, tmp_path):
    batched.batchTable.cellDoubleClicked.emit(0, 0)
    assert slicer_rig.drain_events(60, until=lambda: batched.segmentButton.text == "Segment")
    slicer_rig.drain_events(0.3)
    assert batched.inputSelector.currentNode().GetName() == "anna"
    assert batched.resultLabel.text.startswith("anna, left: 7.9 ml")
    assert f"Opened the results in {tmp_path / 'out' / 'anna'}." in batched.statusLabel.text
    assert cell(batched, "Target", STATE) == "automatic"


def test_opened_results_can_be_corrected_as_if_made_here(panel, anna):
    open_folder(panel, anna)
    (mask,) = nodes("vtkMRMLSegmentationNode")
    scan = panel.inputSelector.currentNode()
    found = slicer.util.arrayFromSegmentBinaryLabelmap(mask, "left", scan).astype(bool)
    np.testing.assert_array_equal(found, slicer.util.arrayFromVolume(scan) > 200)
    assert [node.GetName() for node in nodes("vtkMRMLModelNode") if "scalp" in node.GetName()] == ["anna scalp"]
    (landmarks,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "landmarks" in node.GetName()]
    before = list(points_of(landmarks).values())
    landmarks.SetNthControlPointPositionWorld(0, *(before[0] + (4, 6, 0)))
    slicer_rig.drain_events()
    assert np.linalg.norm(list(points_of(landmarks).values())[1] - before[1]) > 2


def move_in_file(folder, part, shift_ras_mm):
    """What a person did to a point of the folder's list in another program."""
    path = folder / "targets.mrk.json"
    lists = json.loads(path.read_text())
    for each in lists["markups"]:
        to_ras = np.array((-1, -1, 1) if each["coordinateSystem"] == "LPS" else (1, 1, 1))
        for point in each["controlPoints"]:
            if part in point["label"]:
                point["position"] = list(np.array(point["position"]) + to_ras * shift_ras_mm)
    path.write_text(json.dumps(lists))


@pytest.mark.parametrize(
    ("part", "line", "state"),
    [
        ("DLPFC target", "Target", "moved by hand"),
        ("hotspot", "Motor hotspot", "placed"),
        ("5-cm landmark", "5-cm landmark", "moved by hand"),
    ],
)
def test_a_point_that_was_moved_in_a_result_folder_s_list_is_taken_over_as_an_edit(part, line, state, panel, anna):
    before = {target.label: target.position_ras_mm for target in read_targets(anna / "targets.mrk.json")}
    (label,) = [each for each in before if part in each]
    move_in_file(anna, part, np.array((1.0, 2.0, -3.0)))
    open_folder(panel, anna)
    assert cell(panel, line, STATE) == state
    places = [place for node in nodes("vtkMRMLMarkupsFiducialNode") for place in points_of(node).values()]
    assert min(np.linalg.norm(place - before[label] - (1.0, 2.0, -3.0)) for place in places) < 0.01
    table, number = row(panel, line)
    assert table.cellWidget(number, GIVE_BACK).enabled
    table.cellWidget(number, GIVE_BACK).click()
    slicer_rig.drain_events(0.1)
    assert cell(panel, line, STATE) in ("automatic", "estimated")


def test_a_point_that_was_added_to_a_result_folder_s_list_is_a_target_of_the_user_s_own(panel, anna):
    path = anna / "targets.mrk.json"
    document = json.loads(path.read_text())
    points = document["markups"][0]["controlPoints"]
    added = {
        **points[0],
        "id": "added",
        "label": "second session",
        "position": [points[0]["position"][0], points[0]["position"][1] - 5, points[0]["position"][2]],
    }
    path.write_text(
        json.dumps({**document, "markups": [{**document["markups"][0], "controlPoints": [*points, added]}]})
    )
    for _time in range(2):
        open_folder(panel, path.parent)
        assert names(panel.ownTable) == ["second session"]
    assert panel.ownTable.item(0, STRAIGHT).text() != "", "it has a coil"


def test_a_list_of_points_that_is_damaged_is_told_and_nothing_is_opened(panel, anna):
    (anna / "targets.mrk.json").write_text('{"@schema": "markups-schema", "markups": 7}')
    open_folder(panel, anna)
    assert "targets.mrk.json" in panel.statusLabel.text
    assert not nodes("vtkMRMLSegmentationNode")


def test_results_of_a_scan_that_has_gone_say_which_one_is_missing(panel, anna, tmp_path):
    (tmp_path / "scans" / "anna.nii.gz").unlink()
    shown = open_folder(panel, anna)
    assert "anna.nii.gz is not there; load it" in panel.statusLabel.text
    assert shown and not nodes("vtkMRMLSegmentationNode")


def test_results_are_not_laid_on_another_person_s_scan(panel, anna, head, tmp_path):
    (tmp_path / "scans" / "anna.nii.gz").unlink()
    slicer.util.arrayFromVolume(head)[30:40, 30:40, 30:40] += 1
    head.GetImageData().Modified()
    panel.inputSelector.setCurrentNode(head)
    open_folder(panel, anna)
    assert "'head' is not the scan that" in panel.statusLabel.text
    assert not nodes("vtkMRMLSegmentationNode")


def test_a_folder_without_results_is_told(panel, head, tmp_path):
    panel.inputSelector.setCurrentNode(head)
    open_folder(panel, tmp_path)
    assert "no result.json is in it" in panel.statusLabel.text


def test_the_scene_of_the_command_line_opens_as_a_plan(panel, tmp_path):
    scan = read_volume(save_head(tmp_path / "scans" / "anna.nii.gz"))
    plan = plan_of_brightest_voxels(scan, PlanOptions(), Quiet())
    assert write_plan(plan, tmp_path / "out", scene=True).warnings == ()
    slicer.util.loadScene(str(tmp_path / "out" / "scene.mrb"))
    slicer_rig.drain_events(0.3)
    assert panel.inputSelector.currentNode().GetName() == "anna"
    assert panel.resultLabel.text.startswith("anna, left: 7.9 ml")
    assert cell(panel, "Target", STATE) == "automatic"
    assert slicer_rig.drain_events(
        30, until=lambda: "NIfTI" in panel.exportTable.item(FORMATS_AT["brainsight"], 1).text()
    )


def test_what_was_said_of_the_scan_stands_in_results_that_are_opened(panel, tmp_path):
    scan = read_volume(save_head(tmp_path / "scans" / "anna.nii.gz"))
    said = doubt("no_mr", name="anna", modality="CT"), told(NoScalpError("anna: no skull."), "no_scalp")
    write_plan(replace(plan_of_brightest_voxels(scan, PlanOptions(), Quiet()), warnings=said), tmp_path / "out")
    open_folder(panel, tmp_path / "out")
    for sentence in said:
        assert f"⚠ {sentence}" in panel.resultWarningLabel.text


def test_results_of_a_scan_that_slicer_shows_elsewhere_lie_on_the_head_that_is_shown(panel, tmp_path):
    made = read_volume(save_head(tmp_path / "made.nii.gz"))
    header = nibabel.Nifti1Header()
    header.set_qform(matrix := turned((8, 3, -5), (2, -4, 19)) @ made.ijk_to_ras, 1)
    header.set_sform(made.ijk_to_ras, 2)
    nibabel.save(nibabel.Nifti1Image(made.array_kji.T, None, header), tmp_path / "anna.nii.gz")
    plan = plan_of_brightest_voxels(read_volume(tmp_path / "anna.nii.gz"), PlanOptions(), Quiet())
    write_plan(plan, tmp_path / "out")
    open_folder(panel, tmp_path / "out")
    scan = panel.inputSelector.currentNode()
    np.testing.assert_allclose(volume_in_own_space(scan).ijk_to_ras, matrix, atol=1e-3)
    to_shown, side = matrix @ np.linalg.inv(made.ijk_to_ras), plan.sides["left"]
    (mask,) = nodes("vtkMRMLSegmentationNode")
    found = slicer.util.arrayFromSegmentBinaryLabelmap(mask, "left", scan).astype(bool)
    np.testing.assert_array_equal(found, slicer.util.arrayFromVolume(scan) > 200)
    (target,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "target" in node.GetName()]
    (shown,) = points_of(target).values()
    np.testing.assert_allclose(shown, transform_points(to_shown, side.target.position_ras_mm), atol=1e-2)
    model = {node.GetName(): node for node in nodes("vtkMRMLModelNode")}
    skin = slicer.util.arrayFromModelPoints(model["anna scalp"])
    radius = np.linalg.norm(transform_points(np.linalg.inv(to_shown), skin) / HEAD_RADII_MM, axis=1)
    assert np.abs(radius - 1).max() < 0.04
    pose = coil_node.pose_ras_mm(model["anna coil (left)"])
    assert np.linalg.norm(pose[:3, 3] - (to_shown @ side.coil_pose_ras_mm)[:3, 3]) < 2.0
    assert np.degrees(np.arccos(pose[:3, 2] @ (to_shown @ side.coil_pose_ras_mm)[:3, 2])) < 3.0
    views = {name: slicer.app.layoutManager().sliceWidget(name).mrmlSliceNode() for name in ("Red", "Green", "Yellow")}
    at = [views[name].GetSliceToRAS().GetElement(axis, 3) for name, axis in (("Yellow", 0), ("Green", 1), ("Red", 2))]
    np.testing.assert_allclose(at, shown, atol=1e-2)


def exported(panel, module):
    """The plan that an export would write."""
    scan = panel.inputSelector.currentNode()
    return edited_plan(volume_in_own_space(scan), read_scene(scan, module.logic.getParameterNode()).head)


def shown_choices(panel):
    return panel.targetSelector.currentText, panel.ruleSpinBox.value, panel.coilAngleSpinBox.value


THEIRS = PlanOptions(target="nearest-scalp", rule_mm=60, coil_angle_deg=30, standoff_mm=9)


def test_an_opened_plan_keeps_the_choices_that_it_was_made_with(panel, module, plan_in, tmp_path):
    plan = plan_in(THEIRS)
    open_folder(panel, tmp_path / "out")
    slicer_rig.drain_events(0.3)
    assert shown_choices(panel) == ("Mask point nearest the scalp", 60, 30)
    now = exported(panel, module)
    assert now.options == plan.options
    np.testing.assert_allclose(now.sides["left"].target.position_ras_mm, plan.sides["left"].target.position_ras_mm)
    np.testing.assert_allclose(now.sides["left"].coil_pose_ras_mm, plan.sides["left"].coil_pose_ras_mm, atol=1e-3)
    (target,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "target" in node.GetName()]
    np.testing.assert_allclose(*points_of(target).values(), plan.sides["left"].target.position_ras_mm, atol=1e-3)


def test_only_what_the_user_changes_of_an_opened_plan_is_changed(panel, module, plan_in, tmp_path):
    plan_in(replace(THEIRS, coil_angle_deg=30.123456))
    open_folder(panel, tmp_path / "out")
    panel.ruleSpinBox.value = 55
    now = exported(panel, module).options
    assert now == replace(THEIRS, rule_mm=55, coil_angle_deg=30.123456)
    panel.targetSelector.currentIndex = 0
    assert exported(panel, module).sides["left"].target.method is Method.CENTROID


def test_each_scan_has_its_own_choices(panel, head, module, plan_in, tmp_path):
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    mine = shown_choices(panel)
    plan_in(THEIRS)
    open_folder(panel, tmp_path / "out")
    anna = panel.inputSelector.currentNode()
    assert anna is not head and shown_choices(panel) != mine
    panel.coilAngleSpinBox.value = 20
    panel.inputSelector.setCurrentNode(head)
    slicer_rig.drain_events(0.3)
    assert shown_choices(panel) == mine
    assert exported(panel, module).options.standoff_mm == PlanOptions.standoff_mm
    panel.inputSelector.setCurrentNode(anna)
    slicer_rig.drain_events(0.3)
    assert shown_choices(panel) == ("Mask point nearest the scalp", 60, 20)
    assert exported(panel, module).options == replace(THEIRS, coil_angle_deg=20)


def shown_tapes(panel):
    return panel.circumferenceSpinBox.value, panel.nasionInionSpinBox.value, panel.tragusTragusSpinBox.value


def test_the_tapes_of_an_opened_plan_hold_and_are_those_of_no_other_scan(panel, head, module, plan_in, tmp_path):
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    panel.circumferenceSpinBox.value, panel.nasionInionSpinBox.value = 60, 38
    panel.tragusTragusSpinBox.value = 36
    theirs = HeadMeasures(57.04, 35.5, 37.0)
    plan_in(replace(THEIRS, tapes=theirs))
    open_folder(panel, tmp_path / "out")
    assert exported(panel, module).options.tapes == theirs
    np.testing.assert_allclose(shown_tapes(panel), astuple(theirs), atol=0.051)
    assert "Beam F3/F4 by tape: 6." in panel.tapeLabel.text
    panel.inputSelector.setCurrentNode(head)
    slicer_rig.drain_events(0.3)
    assert shown_tapes(panel) == (60, 38, 36) and exported(panel, module).options.tapes == HeadMeasures(60, 38, 36)
    plan_in(THEIRS, where=tmp_path / "bare")
    open_folder(panel, tmp_path / "bare" / "out")
    assert shown_tapes(panel) == (0, 0, 0) and exported(panel, module).options.tapes is None


def test_the_scene_of_the_command_line_keeps_its_choices_also_when_it_is_saved_and_loaded(panel, module, tmp_path):
    scan = read_volume(save_head(tmp_path / "scans" / "anna.nii.gz"))
    write_plan(plan_of_brightest_voxels(scan, THEIRS, Quiet()), tmp_path / "out", scene=True)
    slicer.util.loadScene(str(tmp_path / "out" / "scene.mrb"))
    slicer_rig.drain_events(0.5)
    assert shown_choices(panel) == ("Mask point nearest the scalp", 60, 30)
    panel.ruleSpinBox.value = 55
    assert slicer.util.saveScene(str(tmp_path / "mine.mrb"))
    slicer_rig.close_scene()
    slicer.util.loadScene(str(tmp_path / "mine.mrb"))
    slicer_rig.drain_events(0.5)
    assert shown_choices(panel) == ("Mask point nearest the scalp", 55, 30)
    assert exported(panel, module).options == replace(THEIRS, rule_mm=55)


@pytest.mark.parametrize("asked", ["circuit", "centroid"])
def test_a_target_by_connectivity_is_shown_as_such_left_and_chosen_again(asked, panel, module, plan_in, tmp_path):
    at = np.array((-40.0, 35.0, 30.0))
    circuit = CircuitSide((CircuitTarget(at, -0.5),), Trust(2.0, None, 4.0, 0.01), reliable=True)
    plan_in(PlanOptions(target=asked), circuit)
    open_folder(panel, tmp_path / "out")
    assert panel.targetSelector.currentText == "Circuit (needs resting-state fMRI)"
    np.testing.assert_allclose(exported(panel, module).sides["left"].target.position_ras_mm, at)
    for choice, method in ((0, Method.CENTROID), (1, Method.NEAREST_SCALP), (2, Method.CIRCUIT)):
        panel.targetSelector.currentIndex = choice
        slicer_rig.drain_events(0.1)
        assert exported(panel, module).sides["left"].target.method is method
    np.testing.assert_allclose(exported(panel, module).sides["left"].target.position_ras_mm, at)


def test_a_plan_without_fmri_says_that_it_has_no_target_by_connectivity(panel, module, plan_in, tmp_path):
    plan_in(PlanOptions())
    open_folder(panel, tmp_path / "out")
    panel.targetSelector.currentIndex = 2
    slicer_rig.drain_events(0.1)
    assert "There is no reliable target by connectivity" in panel.targetsLabel.text


def test_a_new_run_on_an_opened_plan_keeps_its_choices(panel, module, plan_in, tmp_path):
    plan_in(THEIRS)
    open_folder(panel, tmp_path / "out")
    run_to_end(panel)
    assert shown_choices(panel) == ("Mask point nearest the scalp", 60, 30)
    now = exported(panel, module)
    assert [getattr(now.options, name) for name in CHOICES] == [getattr(THEIRS, name) for name in CHOICES]


def test_a_choice_of_before_any_plan_holds_for_a_mask_drawn_by_hand(panel, head):
    panel.targetSelector.currentIndex = 1
    panel.inputSelector.setCurrentNode(head)
    panel.byHandButton.click()
    assert slicer_rig.drain_events(60, until=lambda: nodes("vtkMRMLSegmentationNode"))
    slicer_rig.drain_events(0.3)
    assert panel.targetSelector.currentIndex == 1
