"""Group 'Circuit': fMRI of a person, looked at in the mask that is in the scene, to ranked places, map and target."""

from dataclasses import dataclass, replace

import nibabel as nib
import numpy as np
import pytest
import slicer

import slicer_rig
from application import small_worker
from application.panel_user import add_head, cell, names, nodes, points_of, run_to_end
from DLPFCSegmenterLib import tasks
from DLPFCSegmenterLib.application import environment
from DLPFCSegmenterLib.application.nodes.edited_plan import read_scene, volume_in_own_space
from DLPFCSegmenterLib.application.nodes.plan_nodes import show_plan
from DLPFCSegmenterLib.application.nodes.volume_node import scans_in_scene, volume_from_node
from DLPFCSegmenterLib.application.widgets.point_table import STATE
from DLPFCSegmenterLib.circuit.choice import CircuitTarget
from DLPFCSegmenterLib.circuit.circuit import Asked, Circuit, CircuitSide
from DLPFCSegmenterLib.circuit.cleaning import RunQuality
from DLPFCSegmenterLib.circuit.trust import Trust
from DLPFCSegmenterLib.doubts import doubt
from DLPFCSegmenterLib.edited_plan import edited_plan
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.options import CircuitChoices
from DLPFCSegmenterLib.progress import Progress
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.region import Region, SliceScore
from DLPFCSegmenterLib.targeting.point import Method
from DLPFCSegmenterLib.tasks import MeasuredCircuit
from synthetic_bold import Recipe, make_bold, template_person

PLACES = (np.array([-36.0, 44.0, 28.0]), np.array([-38.0, 32.0, 30.0]))
GRID = np.array([[4.0, 0, 0, -70], [0, 4, 0, -70], [0, 0, 4, -70], [0, 0, 0, 1]])
TURN = np.array([[0.0, -1, 0, 20], [1, 0, 0, -10], [0, 0, 1, 5], [0, 0, 0, 1]])


@pytest.fixture(scope="module")
def person():
    return template_person()


@pytest.fixture
def measured(panel, person, monkeypatch, request):
    """The panel after a run on the template's head, whose mask is a ball of its left DLPFC; None as its landmarks."""
    monkeypatch.setattr(small_worker, "region", lambda volume, side: region(person, volume, side))
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "sub-01_T1w")
    slicer.util.updateVolumeFromArray(node, person.scan.array_kji.astype(np.float32))
    matrix = slicer.util.vtkMatrixFromArray(person.scan.ijk_to_ras)
    node.SetIJKToRASMatrix(matrix)
    panel.inputSelector.setCurrentNode(node)
    run_to_end(panel)
    panel.circuitGroupBox.collapsed = False
    return panel


def region(person, volume, hemisphere):
    mask = person.mask_kji if hemisphere == "left" else np.zeros_like(person.mask_kji)
    return Region(volume, hemisphere, mask, mask.astype(np.float32), 0.9, (SliceScore("axial", 5, 0.9, 10.0),))


def press_run(panel, timeout_s=120):
    """Press Run and wait for its end; what the panel says then."""
    panel.circuitButton.click()
    assert slicer_rig.drain_events(timeout_s, until=lambda: panel.circuitButton.text == "Run"), panel.circuitLabel.text
    slicer_rig.drain_events(0.3)
    return f"{panel.circuitLabel.text}\n{panel.circuitWarningLabel.text}"


def exported(panel, module):
    """The plan that an export would write."""
    scan = panel.inputSelector.currentNode()
    return edited_plan(volume_in_own_space(scan), read_scene(scan, module.logic.getParameterNode()).head)


def target_ras_mm():
    (node,) = [each for each in nodes("vtkMRMLMarkupsFiducialNode") if "DLPFC target" in each.GetName()]
    (place,) = points_of(node).values()
    return place


def overlays():
    """Names of the volumes over the scan in the slice views."""
    views = nodes("vtkMRMLSliceCompositeNode")
    found = {view.GetForegroundVolumeID() for view in views}
    return {slicer.mrmlScene.GetNodeByID(each).GetName() for each in found if each}


@pytest.mark.slow
def test_fmri_of_a_person_gives_ranked_places_a_map_and_the_target_that_was_planted(measured, person, module, tmp_path):
    made = make_bold(person, Recipe(minutes=12, tsnr=80, voxel_mm=4.0, seed=3), tmp_path)
    before = target_ras_mm()
    measured.boldEdit.currentPath = str(made.bold)
    said = press_run(measured)
    assert "Left: Connectivity puts the target" in said and ", reliable:" in said and "• Centroid: z" in said
    assert "minutes clean of 12.0" in said and made.bold.name in said
    assert "Circuit 1" in names(measured.pointTable) and "z -0." in cell(measured, "Circuit 1", STATE)
    assert overlays() == {"sub-01_T1w connectivity"}
    np.testing.assert_array_equal(target_ras_mm(), before)
    measured.targetSelector.currentIndex = 2
    slicer_rig.drain_events(0.3)
    assert np.linalg.norm(target_ras_mm() - made.spot_ras_mm) < 8
    plan = exported(measured, module)
    side = plan.sides["left"]
    assert side.target.method is Method.CIRCUIT and side.circuit.reliable
    assert plan.circuit.z_map.values_at(side.target.position_ras_mm) < -0.2
    assert plan.options.circuit.bold == (made.bold,)
    assert np.isnan(plan.circuit.z_map.array_kji).any()


# a worker that answers at once


@dataclass
class Answer:
    """What the worker is asked, and what it says: places in RAS mm of the scan's own space."""

    reliable: bool = True
    asked: Asked | None = None
    choices: CircuitChoices | None = None
    error: str = ""


@pytest.fixture
def answer(monkeypatch):
    """In place of minutes of work."""
    given = Answer()

    def measure_circuit(asked: Asked, choices: CircuitChoices, progress: Progress) -> MeasuredCircuit:
        given.asked, given.choices = asked, choices
        progress.report(0, 2, "reading a run")
        if given.error:
            raise UserError(given.error)
        run = RunQuality(str(choices.bold[0]), "0" * 64, 2.0, 600, 590, 0.1, 30.0, 60.0, 0.0, 0.0)
        z_map = Volume(np.full((30, 40, 36), -0.3, np.float32), GRID)
        warnings = () if given.reliable else (doubt("circuit_short", "left", minutes=3.0, least=9.0),)
        ranked = tuple(CircuitTarget(at, z) for at, z in zip(PLACES, (-0.5, -0.3), strict=True))
        side = CircuitSide(ranked, Trust(2.0, None, 4.0, 0.01), {"centroid": -0.2}, warnings, given.reliable)
        found = Circuit(choices, (run,), 40000, z_map, (doubt("bold_raw", name="rest.nii.gz"),))
        return MeasuredCircuit(found, dict.fromkeys(asked.masks, side))

    monkeypatch.setitem(tasks.TASKS, "measure_circuit", measure_circuit)
    return given


def test_several_runs_and_their_tables_stand_in_a_line_each(measured, answer):
    measured.boldEdit.currentPath = "/data/run-1_bold.nii.gz; /data/run-2_bold.nii.gz"
    measured.confoundsEdit.currentPath = "/data/1.tsv;/data/2.tsv"
    press_run(measured)
    assert [path.name for path in answer.choices.bold] == ["run-1_bold.nii.gz", "run-2_bold.nii.gz"]
    assert [path.name for path in answer.choices.confounds] == ["1.tsv", "2.tsv"]


def test_what_is_asked_is_the_mask_as_it_is_now_beside_centroid_and_published_sites(measured, answer, person):
    measured.boldEdit.currentPath = "/data/rest.nii.gz"
    press_run(measured)
    np.testing.assert_array_equal(answer.asked.masks["left"], person.mask_kji)
    np.testing.assert_allclose(answer.asked.scan.ijk_to_ras, person.scan.ijk_to_ras)
    assert {"centroid", "mni_f3"} <= answer.asked.sites_ras_mm["left"].keys()


def test_a_doubted_choice_leaves_the_centroid_and_says_why(measured, answer, module):
    answer.reliable = False
    measured.boldEdit.currentPath = "/data/rest.nii.gz"
    said = press_run(measured)
    assert "NOT reliable" in said and "⚠" in said
    measured.targetSelector.currentIndex = 2
    slicer_rig.drain_events(0.3)
    plan = exported(measured, module)
    assert plan.sides["left"].target.method is Method.CENTROID
    assert {"circuit_short", "circuit_not_chosen"} <= {each.key for each in plan.sides["left"].warnings}
    assert "no reliable target by connectivity" in measured.targetsLabel.text
    assert sum(getattr(each, "key", "") == "bold_raw" for each in plan.warnings) == 1


def test_another_run_replaces_what_was_measured_before(measured, answer, module):
    measured.boldEdit.currentPath = "/data/rest.nii.gz"
    press_run(measured)
    answer.reliable = False
    press_run(measured)
    assert names(measured.pointTable).count("Circuit 1") == 1
    assert len([node for node in nodes("vtkMRMLScalarVolumeNode") if "connectivity" in node.GetName()]) == 1
    plan = exported(measured, module)
    assert not plan.sides["left"].circuit.reliable
    assert sum(getattr(each, "key", "") == "bold_raw" for each in plan.warnings) == 1


def test_under_a_transform_the_fmri_stays_in_the_scan_s_own_space_and_the_places_move_with_the_head(
    measured, answer, module, person
):
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    slicer.util.updateTransformMatrixFromArray(transform, TURN)
    for node in (*nodes("vtkMRMLScalarVolumeNode"), *nodes("vtkMRMLSegmentationNode")):
        node.SetAndObserveTransformNodeID(transform.GetID())
    for node in nodes("vtkMRMLMarkupsFiducialNode"):
        node.SetAndObserveTransformNodeID(transform.GetID())
    slicer_rig.drain_events(0.3)
    measured.boldEdit.currentPath = "/data/rest.nii.gz"
    press_run(measured)
    np.testing.assert_allclose(answer.asked.scan.ijk_to_ras, person.scan.ijk_to_ras, atol=1e-6)
    (ranked,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "by connectivity" in node.GetName()]
    there = TURN[:3, :3] @ PLACES[0] + TURN[:3, 3]
    np.testing.assert_allclose(np.array(ranked.GetNthControlPointPositionWorld(0)), there, atol=1e-4)
    measured.targetSelector.currentIndex = 2
    slicer_rig.drain_events(0.3)
    np.testing.assert_allclose(target_ras_mm(), there, atol=1e-3)
    plan = exported(measured, module)
    np.testing.assert_allclose(plan.sides["left"].target.position_ras_mm, PLACES[0], atol=1e-3)
    np.testing.assert_allclose(plan.circuit.z_map.ijk_to_ras[:3, 3], [-70, -70, -70], atol=1e-3)


def erase_half(panel):
    (segmentation,) = nodes("vtkMRMLSegmentationNode")
    scan = panel.inputSelector.currentNode()
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(segmentation, "left", scan)
    mask[np.argwhere(mask)[:, 0].min() : np.median(np.argwhere(mask)[:, 0]).astype(int)] = 0
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, segmentation, "left", scan)
    slicer_rig.drain_events(0.5)


def test_in_a_mask_that_was_changed_since_no_place_is_chosen_until_the_fmri_was_looked_at_again(
    measured, answer, module
):
    measured.boldEdit.currentPath = "/data/rest.nii.gz"
    assert "was changed" not in press_run(measured)
    measured.targetSelector.currentIndex = 2
    erase_half(measured)
    side = exported(measured, module).sides["left"]
    assert side.target.method is Method.CENTROID and not side.circuit.reliable
    assert {"circuit_old_mask", "circuit_not_chosen"} <= {each.key for each in side.warnings}
    assert "no reliable target by connectivity" in measured.targetsLabel.text
    scan = measured.inputSelector.currentNode()
    measured.inputSelector.setCurrentNode(None)
    measured.inputSelector.setCurrentNode(scan)
    slicer_rig.drain_events(0.3)
    assert (
        "The left mask was changed since the fMRI was looked at: press Run again." in measured.circuitWarningLabel.text
    )
    assert "was changed" not in press_run(measured)
    assert exported(measured, module).sides["left"].target.method is Method.CIRCUIT


def test_the_map_can_be_taken_off_the_slices_and_is_no_scan(measured, answer):
    measured.boldEdit.currentPath = "/data/rest.nii.gz"
    assert not measured.circuitMapCheckBox.enabled
    press_run(measured)
    assert overlays() == {"sub-01_T1w connectivity"}
    measured.circuitMapCheckBox.checked = False
    assert overlays() == set()
    assert [node.GetName() for node in scans_in_scene()] == ["sub-01_T1w"]
    with pytest.raises(UserError, match="is a map by connectivity, no T1 scan"):
        volume_from_node(slicer.util.getNode("sub-01_T1w connectivity"))


def test_a_sequence_of_a_file_fills_the_line_and_one_without_is_to_be_saved(measured, tmp_path):
    nib.save(nib.Nifti1Image(np.zeros((4, 4, 4, 3), np.float32), np.eye(4)), tmp_path / "rest_bold.nii.gz")
    loaded, made = (slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSequenceNode", name) for name in ("loaded", "made"))
    storage = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLVolumeSequenceStorageNode")
    storage.SetFileName(str(tmp_path / "rest_bold.nii.gz"))
    loaded.SetAndObserveStorageNodeID(storage.GetID())
    measured.boldSelector.setCurrentNode(loaded)
    assert measured.boldEdit.currentPath == str(tmp_path / "rest_bold.nii.gz")
    measured.boldSelector.setCurrentNode(made)
    assert "'made' is of no file yet: save it as 4-D NIfTI" in measured.circuitWarningLabel.text


def test_what_is_missing_is_named_before_anything_starts(panel, measured, answer, monkeypatch):
    assert "Choose the resting-state fMRI first" in press_run(measured)
    measured.boldEdit.currentPath = "/data/rest.nii.gz"
    monkeypatch.setattr(environment, "missing_packages", lambda names: ["nilearn"])
    monkeypatch.setattr(environment, "_pip_install_with_consent", lambda wanted: None)
    assert "nilearn are needed and were not installed" in press_run(measured)
    assert answer.asked is None


@pytest.mark.parametrize("shape", [(8, 8, 8), (8, 8, 8, 3)])
def test_what_is_no_such_run_is_refused_in_a_sentence_and_changes_nothing(shape, measured, tmp_path):
    nib.save(nib.Nifti1Image(np.ones(shape, np.float32), np.eye(4)), tmp_path / "sub-01_bold.nii.gz")
    measured.boldEdit.currentPath = str(tmp_path / "sub-01_bold.nii.gz")
    before = names(measured.pointTable)
    assert "sub-01_bold.nii.gz: " in press_run(measured)
    assert names(measured.pointTable) == before and not overlays()


def test_a_run_that_is_cancelled_leaves_the_scene_as_it_is(measured, answer):
    measured.boldEdit.currentPath = "/data/rest.nii.gz"
    before = names(measured.pointTable)
    measured.circuitButton.click()
    assert measured.circuitButton.text == "Cancel" and not measured.circuitProgressBar.isHidden()
    assert "Cancelled; the scene is as it was." in press_run(measured)
    assert names(measured.pointTable) == before and not overlays()


# what a person does meanwhile


def begin(panel):
    panel.boldEdit.currentPath = "/data/rest.nii.gz"
    panel.circuitButton.click()
    assert panel.circuitButton.text == "Cancel"


def wait(panel):
    assert slicer_rig.drain_events(60, until=lambda: panel.circuitButton.text == "Run"), panel.circuitLabel.text
    slicer_rig.drain_events(0.3)
    return f"{panel.circuitLabel.text}\n{panel.circuitWarningLabel.text}"


def shown_places():
    return [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "by connectivity" in node.GetName() and
            node.GetDisplayVisibility()]  # fmt: skip


def test_what_was_asked_of_a_scan_stays_with_it_where_another_one_is_chosen_meanwhile(measured, answer):
    scan, other = measured.inputSelector.currentNode(), add_head("other")
    begin(measured)
    measured.inputSelector.setCurrentNode(other)
    assert "Connectivity" not in wait(measured)
    assert overlays() == set() and not shown_places() and not measured.circuitMapCheckBox.enabled
    measured.inputSelector.setCurrentNode(scan)
    slicer_rig.drain_events(0.3)
    assert "Left: Connectivity puts the target at L\N{NO-BREAK SPACE}" in measured.circuitLabel.text
    assert overlays() == {"sub-01_T1w connectivity"} and len(shown_places()) == 1


def test_a_scan_that_is_removed_meanwhile_takes_what_was_found_with_it(measured, answer):
    begin(measured)
    slicer.mrmlScene.RemoveNode(measured.inputSelector.currentNode())
    assert "The volume was removed while its fMRI was looked at." in wait(measured)
    assert not shown_places() and not overlays()


@pytest.mark.parametrize("how", ["made anew", "removed"])
def test_what_was_found_in_an_earlier_mask_is_no_newer_one_s(how, measured, answer, module):
    plan = exported(measured, module)
    begin(measured)
    if how == "made anew":
        list(show_plan(plan, measured.inputSelector.currentNode()))
    else:
        slicer.mrmlScene.RemoveNode(nodes("vtkMRMLSegmentationNode")[0])
    said = wait(measured)
    assert "The mask was made anew or removed meanwhile: press Run again." in said and "Connectivity puts" not in said
    assert not shown_places()
    if how == "made anew":
        assert "Connectivity puts the target" in press_run(measured)


def test_a_scene_that_is_closed_meanwhile_stops_it_and_the_next_run_works(measured, answer):
    begin(measured)
    slicer.mrmlScene.Clear(0)
    slicer_rig.drain_events(0.1)
    assert measured.circuitButton.text == "Run" and not measured.circuitButton.enabled
    assert "Connectivity" not in measured.circuitLabel.text and not overlays()


def test_a_plan_made_anew_has_no_places_of_the_one_before_and_asks_for_the_fmri_again(measured, answer, module):
    begin(measured)
    wait(measured)
    measured.targetSelector.currentIndex = 2
    slicer_rig.drain_events(0.3)
    assert np.linalg.norm(target_ras_mm() - PLACES[0]) < 1e-3
    run_to_end(measured)
    slicer_rig.drain_events(0.3)
    assert not shown_places() and "Circuit 1" not in names(measured.pointTable)
    assert "no reliable target by connectivity" in measured.targetsLabel.text
    plan = exported(measured, module)
    assert plan.sides["left"].circuit is None and plan.circuit is None
    assert plan.sides["left"].target.method is Method.CENTROID


def test_a_map_or_places_that_are_removed_are_gone_and_come_back_with_the_next_run(measured, answer, module):
    begin(measured)
    wait(measured)
    (z_map,) = [node for node in nodes("vtkMRMLScalarVolumeNode") if "connectivity" in node.GetName()]
    slicer.mrmlScene.RemoveNode(z_map)
    slicer_rig.drain_events(0.1)
    assert not measured.circuitMapCheckBox.enabled and "Circuit 1" in names(measured.pointTable)
    assert exported(measured, module).circuit.z_map is None
    slicer.mrmlScene.RemoveNode(shown_places()[0])
    slicer_rig.drain_events(0.1)
    assert "Circuit 1" not in names(measured.pointTable)
    assert "Connectivity puts the target" in press_run(measured)
    assert measured.circuitMapCheckBox.enabled and "Circuit 1" in names(measured.pointTable)


def test_a_head_in_which_mni_space_was_not_found_has_no_circuit(measured, answer, monkeypatch):
    measured.boldEdit.currentPath = "/data/rest.nii.gz"
    lost = replace(small_worker.REGISTRATION, spread_mm=90.0)
    monkeypatch.setattr(small_worker, "REGISTRATION", lost)
    run_to_end(measured)
    assert "MNI space was not found in 'sub-01_T1w'" in press_run(measured)


def test_the_choice_of_target_by_circuit_waits_for_the_fmri(measured):
    measured.targetSelector.currentIndex = 2
    assert measured.targetSelector.currentText == "Circuit (needs resting-state fMRI)"
    run_to_end(measured)
    slicer_rig.drain_events(0.5)
    assert measured.targetSelector.currentIndex == 2 and "Done in" in measured.statusLabel.text
    assert "no reliable target by connectivity" in measured.targetsLabel.text
