"""Section 'Guide': transforms of the scene, as a tracker or a hand moves them, to numbers that are the true ones."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import slicer
import vtk

import slicer_rig
from application.panel_user import BRIGHT_RAS_MM, HEAD_RADII_MM, add_head, nodes, run_to_end
from DLPFCSegmenterLib.application.nodes import coil_node, kept_patient, node_roles, plan_points
from DLPFCSegmenterLib.application.nodes.plan_nodes import latest_sides, show_plan
from DLPFCSegmenterLib.application.nodes.stimulation_node import stimulations_of
from DLPFCSegmenterLib.application.parameters import Hemisphere
from DLPFCSegmenterLib.application.sections import guide_section
from DLPFCSegmenterLib.application.widgets import guide_words
from DLPFCSegmenterLib.targeting.mesh import points_of
from DLPFCSegmenterLib.targeting.stimulation import Stimulation
from simulated_tracker import turned

MRI_FROM_REFERENCE = turned((40.0, -70.0, 160.0), (100.0, -300.0, 900.0))
REFERENCE_FROM_MRI = np.linalg.inv(MRI_FROM_REFERENCE)
OFF = turned((4.0, -7.0, 12.0), (6.0, -3.0, -5.0))
FIDUCIALS = {
    "nasion": (0.0, 0.93, -0.3), "inion": (0.0, -0.95, -0.32), "left_tragus": (-0.86, -0.1, -0.5),
    "right_tragus": (0.86, -0.1, -0.5),
}  # fmt: skip
NUMBER = re.compile(r"[+-]?\d+\.\d")


class Room:
    """Fills the transform nodes as a tracker's extension would, from where the tools truly are in the MRI."""

    def __init__(self, panel, section):
        self.panel, self.section = panel, section
        self.coil, self.stylus = (
            slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", name)
            for name in ("CoilToReference", "StylusToReference")
        )
        panel.movedByHandCheckBox.checked = True

    def put(self, node, pose_ras_mm):
        node.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(REFERENCE_FROM_MRI @ pose_ras_mm))

    def touch(self, place_ras_mm):
        self.put(self.stylus, turned((0.0, 0.0, 30.0), place_ras_mm))
        self.panel.touchButton.click()


def places():
    found = {}
    for name, direction in FIDUCIALS.items():
        unit = np.array(direction) / np.linalg.norm(direction)
        found[name] = HEAD_RADII_MM * unit
    return found


def place_fiducials(head):
    node = plan_points.add_list(node_roles.FIDUCIALS, head, "")
    for key, place in places().items():
        plan_points.place_fiducial(node, key, place)


@pytest.fixture
def guided(segmented, head, module):
    """The panel with a plan, its section 'Guide' open, fiducials in the scan, and transforms moved by hand."""
    return opened(segmented, head, module)


def opened(panel, head, module):
    place_fiducials(head)
    room = Room(panel, module.widget.panel._guide_section)
    panel.guideCollapsibleButton.collapsed = False
    panel.coilTransformSelector.setCurrentNode(room.coil)
    panel.stylusTransformSelector.setCurrentNode(room.stylus)
    return room


def register(room, head, seed=1):
    for place in places().values():
        room.touch(place)
    (side,) = latest_sides(head)
    skin = points_of(side.scalp.GetPolyData())
    skin = skin[skin[:, 2] > 10.0]
    room.panel.sweepButton.click()
    for place in skin[np.random.default_rng(seed).integers(0, len(skin), 60)]:
        room.put(room.stylus, turned((0.0, 0.0, 30.0), place))
        room.section._tick()
    room.panel.sweepButton.click()


def shown(room):
    """What stands in large type: in plane, height, planned height, handle, tilt."""
    room.section._tick()
    return read(room)


def read(room):
    """The same, as it stands there."""
    return [float(each) for each in NUMBER.findall(re.sub(r"<[^>]*>", "", room.panel.aimLabel.text))]


def planned(head):
    (side,) = latest_sides(head)
    return coil_node.pose_ras_mm(side.coil)


def test_the_whole_way_ends_with_the_true_numbers(guided, head):
    register(guided, head)
    assert "Registered: fiducials" in guided.panel.guideLabel.text, guided.panel.guideLabel.text
    pose = planned(head)
    guided.put(guided.coil, pose)
    numbers = shown(guided)
    assert np.allclose(numbers, (0.0, 4.0, 4.0, 0.0, 0.0), atol=0.2)
    assert guided.panel.aimLabel.text.count(guide_words.GREEN) == 4
    guided.put(guided.coil, pose @ OFF)
    expected = (np.hypot(6.0, 3.0), 9.0, 4.0)
    numbers = shown(guided)
    assert np.allclose(numbers[:3], expected, atol=0.2)
    assert guided.panel.aimLabel.text.count(guide_words.ORANGE) == 4


@pytest.fixture
def clock(guided, head, monkeypatch):
    """The patient is registered, transforms are told by a tracker, and time stands until a test moves it on."""
    register(guided, head)
    guided.panel.movedByHandCheckBox.checked = False
    now = [guide_section.time.monotonic() + 10.0]
    monkeypatch.setattr(guide_section.time, "monotonic", lambda: now[0])
    return now


def test_a_number_comes_as_soon_as_the_coil_is_told(guided, head, clock):
    for away in (3.0, 7.0):
        clock[0] += 0.016
        guided.put(guided.coil, planned(head) @ turned((0.0, 0.0, 0.0), (away, 0.0, 0.0)))
        assert read(guided)[0] == pytest.approx(away, abs=0.2), "no turn of the event loop was needed"


def test_coil_and_head_make_a_number_only_where_they_are_of_one_moment(guided, head, clock):
    reference = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "ReferenceToTracker")
    guided.panel.referenceTransformSelector.setCurrentNode(reference)
    guided.coil.SetName("CoilToTracker")

    def tell(node, matrix):
        node.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(matrix))

    for step, order in enumerate(("head first", "coil first", "coil first")):
        clock[0] += 0.016
        to_tracker = turned((10.0 * step, 20.0, 30.0), (300.0, 40.0 * step, 1500.0))
        coil = to_tracker @ REFERENCE_FROM_MRI @ planned(head) @ turned((0.0, 0.0, 0.0), (2.0 + step, 0.0, 0.0))
        told = [(reference, to_tracker), (guided.coil, coil)]
        before = read(guided)
        tell(*told[0 if order == "head first" else 1])
        assert read(guided) == before, "the other is of the moment before"
        tell(*told[1 if order == "head first" else 0])
        assert read(guided)[0] == pytest.approx(2.0 + step, abs=0.2)


def test_numbers_are_made_a_hundred_times_a_second_at_most(guided, head, clock, monkeypatch):
    made = []
    monkeypatch.setattr(guided.section, "_tick", lambda **_: made.append(1))
    for _message in range(1000):
        clock[0] += 0.001
        guided.put(guided.coil, planned(head))
    assert 50 <= len(made) <= 100


def test_the_picture_follows_and_leaves_half_of_the_time_to_the_numbers(guided, head, clock, monkeypatch):
    drawn, numbers = [], []

    def draw(pose, in_place):
        drawn.append(clock[0])
        clock[0] += 0.05

    monkeypatch.setattr(guided.section._coil, "show", draw)
    monkeypatch.setattr(type(guided.section._coil), "is_shown", True)
    end = clock[0] + 2.0
    while clock[0] < end:
        clock[0] += 0.016
        guided.put(guided.coil, planned(head) @ turned((0.0, 0.0, 0.0), (10.0 * (end - clock[0]), 0.0, 0.0)))
        numbers.append(read(guided)[0])
    assert 10 <= len(drawn) <= 20 and len(set(numbers)) >= 60
    assert np.diff(drawn).min() >= 0.1


def test_the_coil_is_seen_over_the_head_where_it_is(guided, head):
    register(guided, head)
    guided.put(guided.coil, planned(head) @ OFF)
    shown(guided)
    (model,) = [node for node in nodes("vtkMRMLModelNode") if node.GetName().startswith("Tracked coil")]
    assert model.GetDisplayNode().GetVisibility() and not model.GetSaveWithScene()
    matrix = slicer.util.arrayFromTransformMatrix(model.GetParentTransformNode())
    assert np.allclose(matrix, planned(head) @ OFF, atol=0.3)


@pytest.mark.parametrize("status", ["MISSING", "identity", "nan"])
def test_a_coil_that_is_not_seen_is_lost_and_its_picture_goes(guided, head, status):
    register(guided, head)
    guided.put(guided.coil, planned(head))
    shown(guided)
    if status == "MISSING":
        guided.coil.SetAttribute("TransformStatus", status)
    else:
        matrix = np.eye(4) if status == "identity" else np.full((4, 4), np.nan)
        guided.coil.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(matrix))
    assert shown(guided) == [] and guided.panel.aimLabel.text.startswith("LOST: ")
    (model,) = [node for node in nodes("vtkMRMLModelNode") if node.GetName().startswith("Tracked coil")]
    assert not model.GetDisplayNode().GetVisibility()


def test_a_transform_that_stands_still_is_lost_unless_a_hand_moves_it(guided, head, monkeypatch):
    register(guided, head)
    guided.panel.movedByHandCheckBox.checked = False
    now = guide_section.time.monotonic()
    monkeypatch.setattr(guide_section.time, "monotonic", lambda: now)
    guided.put(guided.coil, planned(head))
    assert len(shown(guided)) == 5
    now += 0.6
    assert guided.panel.aimLabel.text and shown(guided) == []
    guided.panel.movedByHandCheckBox.checked = True
    assert len(shown(guided)) == 5


def test_with_the_heads_own_transform_the_tools_lead_to_the_tracker(guided, head):
    register(guided, head)
    reference = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "ReferenceToTracker")
    to_tracker = turned((10.0, 20.0, 30.0), (300.0, -100.0, 1500.0))
    reference.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(to_tracker))
    guided.panel.referenceTransformSelector.setCurrentNode(reference)
    guided.put(guided.coil, planned(head))
    assert np.allclose(shown(guided)[0], 0.0, atol=0.2), "a CoilToReference is what its name says"
    guided.coil.SetName("CoilToTracker")
    matrix = to_tracker @ REFERENCE_FROM_MRI @ planned(head)
    guided.coil.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(matrix))
    assert np.allclose(shown(guided), (0.0, 4.0, 4.0, 0.0, 0.0), atol=0.2)
    reference.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(np.eye(4)))
    assert shown(guided) == [], "without the head there is no coil"


def test_a_coil_in_the_trackers_frame_is_lost_without_the_heads_transform(guided, head):
    register(guided, head)
    guided.coil.SetName("CoilToTracker")
    guided.put(guided.coil, planned(head))
    assert shown(guided) == [] and "the tool on the head: never heard of" in guided.panel.aimLabel.text


@pytest.mark.parametrize("names", [("Reference", "Tracker"), ("Head", "Polaris")])
def test_each_tool_leads_where_its_own_name_says(guided, head, names):
    frame, room = names
    reference = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", f"{frame}To{room}")
    to_tracker = turned((10.0, 20.0, 30.0), (300.0, -100.0, 1500.0))
    reference.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(to_tracker))
    guided.panel.referenceTransformSelector.setCurrentNode(reference)
    guided.stylus.SetName(f"PointerTo{frame}")
    guided.coil.SetName(f"CoilTo{room}")
    register(guided, head)
    matrix = to_tracker @ REFERENCE_FROM_MRI @ planned(head)
    guided.coil.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(matrix))
    assert np.allclose(shown(guided), (0.0, 4.0, 4.0, 0.0, 0.0), atol=0.2)


def test_transforms_that_come_later_are_chosen_by_their_names(segmented, head):
    made = {
        name: slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", name)
        for name in ("NeedleToReference", "StylusTipToStylus", "CoilFaceToCoil", "StylusToReference", "CoilToReference")
    }
    slicer_rig.drain_events()
    chosen = {
        "CoilToReference": segmented.coilTransformSelector, "StylusToReference": segmented.stylusTransformSelector,
        "StylusTipToStylus": segmented.tipTransformSelector, "CoilFaceToCoil": segmented.faceTransformSelector,
    }  # fmt: skip
    assert all(selector.currentNode() is made[name] for name, selector in chosen.items())
    assert segmented.referenceTransformSelector.currentNode() is None


def test_swapped_fiducials_are_refused_in_words(guided, head):
    swapped = places()
    swapped["left_tragus"], swapped["right_tragus"] = swapped["right_tragus"], swapped["left_tragus"]
    for place in swapped.values():
        guided.touch(place)
    assert "swapped" in guided.panel.guideWarningLabel.text
    guided.put(guided.coil, planned(head))
    assert shown(guided) == []


@pytest.mark.parametrize("button", ["touchButton", "sweepButton"])
def test_without_a_pointer_nothing_is_touched_or_swept_and_there_is_nothing_to_forget(guided, button):
    guided.panel.stylusTransformSelector.setCurrentNode(None)
    getattr(guided.panel, button).click()
    assert guided.panel.guideWarningLabel.text.startswith("⚠ The pointer is lost: never heard of")
    assert not guided.panel.forgetTouchedButton.enabled


def test_starting_anew_forgets_the_patient(guided, head):
    register(guided, head)
    guided.panel.forgetTouchedButton.click()
    guided.put(guided.coil, planned(head))
    assert shown(guided) == [] and not guided.panel.guideLabel.text
    assert not guided.panel.forgetTouchedButton.enabled


def test_another_scan_is_not_guided_to_by_this_registration(guided, head):
    register(guided, head)
    other = add_head("other")
    slicer.util.updateVolumeFromArray(other, slicer.util.arrayFromVolume(other) + 1)
    guided.panel.inputSelector.setCurrentNode(other)
    run_to_end(guided.panel)
    guided.put(guided.coil, planned(other))
    assert shown(guided) == []
    assert "another scan than the one that the patient was registered to" in guided.panel.aimLabel.text


def test_a_head_under_a_transform_is_guided_to_where_it_lies(guided, head):
    register(guided, head)
    before = planned(head)
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "whole head")
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(turned((0, 0, 20.0), (10.0, 5.0, 0.0))))
    for node in (head, *(each for side in latest_sides(head) for each in side.nodes())):
        node.SetAndObserveTransformNodeID(transform.GetID())
    guided.put(guided.coil, before)
    assert np.allclose(shown(guided), (0.0, 4.0, 4.0, 0.0, 0.0), atol=0.2)


def test_nothing_is_read_or_drawn_while_the_module_or_the_section_is_not_shown(guided, head, module):
    register(guided, head)
    guided.put(guided.coil, planned(head))
    shown(guided)
    ticker = guided.section._ticker
    assert ticker._timer.active
    guided.panel.guideCollapsibleButton.collapsed = True
    assert not ticker._timer.active and guided.panel.aimLabel.text == ""
    guided.panel.guideCollapsibleButton.collapsed = False
    assert ticker._timer.active
    module.exit()
    assert not ticker._timer.active
    assert not [node for node in nodes("vtkMRMLModelNode") if node.GetName().startswith("Tracked coil")]
    module.enter()
    slicer_rig.drain_events()
    assert ticker._timer.active and len(shown(guided)) == 5, "the registration is of the patient, who is still there"


def test_a_pose_that_is_kept_is_in_the_scene_and_in_the_export(guided, head, module, tmp_path):
    register(guided, head)
    guided.put(guided.coil, planned(head) @ OFF)
    guided.panel.sampleButton.click()
    assert guided.panel.guideLabel.text == "Kept: Stimulated 1; Export writes it."
    (held,) = stimulations_of(head)
    assert held.hemisphere == "left" and np.allclose(held.pose_ras_mm, planned(head) @ OFF, atol=0.3)
    guided.panel.exportFolderEdit.currentPath = str(tmp_path)
    module.logic.getParameterNode().exportFormats = ["csv"]
    slicer_rig.drain_events()
    guided.panel.exportButton.click()
    assert slicer_rig.drain_events(60, until=lambda: list(tmp_path.glob("*.csv"))), guided.panel.exportLabel.text
    assert "Stimulated here 1 (left)" in next(tmp_path.glob("*.csv")).read_text()


def test_a_lost_coil_is_not_kept(guided, head):
    register(guided, head)
    guided.panel.sampleButton.click()
    assert "LOST" in guided.panel.guideWarningLabel.text and not stimulations_of(head)


def test_the_scene_that_is_closed_takes_everything_with_it(guided, head):
    register(guided, head)
    guided.put(guided.coil, planned(head))
    shown(guided)
    slicer.mrmlScene.Clear()
    slicer_rig.drain_events()
    assert not guided.section._ticker._timer.active


def test_a_plan_that_comes_with_poses_shows_each_once(panel, head, module):
    plan, _ = module.logic.segment(head)
    held = Stimulation("left", plan.sides["left"].coil_pose_ras_mm @ OFF, "2026-11-29T02:00:00+00:00")
    for _time in range(2):
        for _step in show_plan(replace(plan, stimulated=(held,)), head):
            pass
    (found,) = stimulations_of(head)
    assert found.time == held.time and np.allclose(found.pose_ras_mm, held.pose_ras_mm, atol=1e-6)


def test_the_view_from_behind_looks_along_the_planned_coil(guided, head):
    camera = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLCameraNode")
    guided.panel.fromBehindButton.click()
    pose = planned(head)
    along = np.array(camera.GetFocalPoint()) - camera.GetPosition()
    assert np.allclose(along / np.linalg.norm(along), pose[:3, 2], atol=1e-6)
    assert np.allclose(camera.GetViewUp(), pose[:3, 1], atol=1e-6)


def test_a_sound_is_made_only_where_it_is_wanted_and_once(guided, head, monkeypatch):
    beeps = []
    monkeypatch.setattr(guide_section.qt.QApplication, "beep", lambda: beeps.append(1), raising=False)
    register(guided, head)
    for is_wanted in (False, True):
        guided.panel.guideSoundCheckBox.checked = is_wanted
        for pose in (planned(head) @ OFF, planned(head), planned(head)):
            guided.put(guided.coil, pose)
            shown(guided)
    assert len(beeps) == 1


def test_a_fiducial_that_is_moved_in_the_scan_ends_the_registration_until_it_rests(guided, head):
    register(guided, head)
    guided.put(guided.coil, planned(head))
    assert len(shown(guided)) == 5
    (node,) = node_roles.every(node_roles.FIDUCIALS, head, "")
    before = guided.section._patient.registration.residual_mm["nasion"]
    node.SetNthControlPointPositionWorld(0, *(places()["nasion"] + (0.0, 0.0, 4.0)))
    assert shown(guided) == []
    assert slicer_rig.drain_events(30, until=lambda: guided.section._patient.registration is not None)
    assert abs(guided.section._patient.registration.residual_mm["nasion"] - before) > 1.0


def test_a_thousand_transforms_at_once_leave_the_panel_alive(guided, head):
    register(guided, head)
    for step in range(1000):
        guided.put(guided.coil, planned(head) @ turned((0.0, 0.0, 0.0), (step / 100.0, 0.0, 0.0)))
    assert shown(guided)[0] == pytest.approx(9.99, abs=0.2)


@pytest.mark.parametrize("hemisphere", ["left", "right"])
def test_known_errors_of_handle_and_tilt_are_shown_on_either_side_while_the_head_moves(panel, head, module, hemisphere):
    array = slicer.util.arrayFromVolume(head)
    slicer.util.updateVolumeFromArray(head, array if hemisphere == "left" else array[:, :, ::-1].copy())
    panel.inputSelector.setCurrentNode(head)
    module.logic.getParameterNode().hemisphere = Hemisphere(hemisphere)
    run_to_end(panel)
    room = opened(panel, head, module)
    register(room, head)
    reference = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "ReferenceToTracker")
    panel.referenceTransformSelector.setCurrentNode(reference)
    room.coil.SetName("CoilToTracker")
    calibration = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "CoilFaceToCoil")
    marker_from_coil = turned((15.0, -8.0, 70.0), (4.0, 90.0, -25.0))
    calibration.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(marker_from_coil))
    panel.faceTransformSelector.setCurrentNode(calibration)
    (side,) = latest_sides(head)
    assert side.hemisphere == hemisphere and f"Guided to the {hemisphere} target" in panel.guideLabel.text
    known = [(12.0, 0.0, 0.0), (0.0, 8.0, 30.0), (-25.0, 6.0, 110.0), (40.0, 15.0, -75.0), (-3.0, 2.5, 200.0)]
    for step, (handle, tilt, about) in enumerate(known):
        to_tracker = turned((11.0 * step, 20.0 - step, -30.0 * step), (300.0, -100.0 + 15.0 * step, 1500.0))
        reference.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(to_tracker))
        tilted = turned((0, 0, about), (0, 0, 0)) @ turned((tilt, 0, 0), (0, 0, 0)) @ turned((0, 0, -about), (0, 0, 0))
        off = turned((0.0, 0.0, 0.0), (3.0, -4.0, 2.0)) @ tilted @ turned((0.0, 0.0, handle), (0.0, 0.0, 0.0))
        coil = to_tracker @ REFERENCE_FROM_MRI @ planned(head) @ off @ np.linalg.inv(marker_from_coil)
        room.coil.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(coil))
        assert np.allclose(shown(room), (5.0, 2.0, 4.0, handle, tilt), atol=0.2), (handle, tilt, shown(room))


def test_a_calibration_that_is_no_rotation_and_shift_gives_no_number(guided, head):
    register(guided, head)
    guided.put(guided.coil, planned(head))
    calibration = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "bent")
    calibration.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(np.diag([-1.0, 1.0, 1.0, 1.0])))
    guided.panel.faceTransformSelector.setCurrentNode(calibration)
    assert shown(guided) == [] and "bent: is no rotation" in guided.panel.aimLabel.text


TIP_MM = np.array([2.0, -15.0, 140.0])


def hold(room, tip_ras_mm, angles_deg):
    """The pointer with its tip there, turned by the angles."""
    pose = turned(angles_deg, (0.0, 0.0, 0.0))
    pose[:3, 3] = tip_ras_mm - pose[:3, :3] @ TIP_MM
    room.put(room.stylus, pose)


def pivot(room, tilt_deg):
    room.panel.pivotButton.click()
    for turn in np.linspace(0.0, 2.0 * np.pi, 50):
        hold(room, (20.0, 10.0, 120.0), (tilt_deg * np.cos(turn), tilt_deg * np.sin(turn), 0.0))
        room.section._tick()
    room.panel.pivotButton.click()


def test_a_pivot_finds_the_tip_with_which_points_are_touched(guided, head):
    pivot(guided, 25.0)
    assert guided.panel.guideLabel.text.startswith("The tip lies at 2.0, -15.0, 140.0 mm")
    tip = guided.panel.tipTransformSelector.currentNode()
    assert tip.GetName() == "StylusTipToStylus"
    assert np.allclose(slicer.util.arrayFromTransformMatrix(tip)[:3, 3], TIP_MM, atol=1e-6)
    for angle, place in enumerate(places().values()):
        hold(guided, place, (20.0 * angle, 10.0, -30.0))
        guided.panel.touchButton.click()
    touched = guided.section._patient._touched
    expected = {key: REFERENCE_FROM_MRI[:3, :3] @ at + REFERENCE_FROM_MRI[:3, 3] for key, at in places().items()}
    assert all(np.allclose(touched[key], expected[key], atol=1e-6) for key in expected)


def test_a_pivot_of_a_pointer_that_hardly_turned_changes_no_tip(guided):
    pivot(guided, 4.0)
    assert "tilted too little" in guided.panel.guideWarningLabel.text
    assert guided.panel.tipTransformSelector.currentNode() is None


def reopened(module, tmp_path):
    """The scene saved, everything closed, and the scene loaded by a panel that knows nothing; gives its section."""
    assert slicer.util.saveScene(str(tmp_path / "patient.mrb"))
    slicer.mrmlScene.Clear()
    module.reload()
    module.enter()
    slicer.util.loadScene(str(tmp_path / "patient.mrb"))
    slicer_rig.drain_events()
    return module.widget.panel._guide_section


def test_a_saved_scene_brings_the_patient_back_and_says_from_when(library_kept, guided, head, module, tmp_path):
    register(guided, head)
    before = guided.section._patient.registration
    coil_matrix = REFERENCE_FROM_MRI @ planned(head) @ OFF
    section = reopened(module, tmp_path)
    after = section._patient.registration
    assert np.allclose(after.mri_from_reference, before.mri_from_reference, atol=1e-9)
    assert after.fingerprint == before.fingerprint and after.residual_mm == pytest.approx(before.residual_mm)
    ui = module.widget.ui
    ui.guideCollapsibleButton.collapsed = False
    assert "before this session: it holds only if the tool on the head has not been moved" in ui.guideWarningLabel.text
    ui.movedByHandCheckBox.checked = True
    coil = ui.coilTransformSelector.currentNode()
    coil.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(coil_matrix))
    section._tick()
    numbers = [float(each) for each in NUMBER.findall(re.sub(r"<[^>]*>", "", ui.aimLabel.text))]
    assert np.allclose(numbers[:3], (np.hypot(6.0, 3.0), 9.0, 4.0), atol=0.2)
    nasion = turned((0.0, 0.0, 0.0), places()["nasion"])
    stylus = ui.stylusTransformSelector.currentNode()
    stylus.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(REFERENCE_FROM_MRI @ nasion))
    ui.touchSelector.currentIndex = plan_points.FIDUCIAL_KEYS.index("nasion")
    ui.touchButton.click()
    assert "before this session" not in ui.guideWarningLabel.text and "Registered" in ui.guideLabel.text


def test_a_point_touched_after_the_tool_on_the_head_has_moved_ends_the_patient_of_before(
    library_kept, guided, head, module, tmp_path
):
    register(guided, head)
    reopened(module, tmp_path)
    ui = module.widget.ui
    ui.movedByHandCheckBox.checked = True
    stylus = ui.stylusTransformSelector.currentNode()
    moved = REFERENCE_FROM_MRI @ turned((0.0, 0.0, 0.0), places()["nasion"] + (25.0, 5.0, 10.0))
    stylus.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(moved))
    ui.touchSelector.currentIndex = plan_points.FIDUCIAL_KEYS.index("nasion")
    ui.touchButton.click()
    assert module.widget.panel._guide_section._patient.registration is None
    assert "touched wrongly" in ui.guideWarningLabel.text or "contradict" in ui.guideWarningLabel.text


def test_a_patient_of_another_scan_that_came_by_a_copy_of_its_node_is_refused(guided, head):
    register(guided, head)
    other = add_head("other")
    slicer.util.updateVolumeFromArray(other, slicer.util.arrayFromVolume(other) + 1)
    other.SetAttribute(kept_patient._PATIENT, head.GetAttribute(kept_patient._PATIENT))
    guided.panel.inputSelector.setCurrentNode(other)
    run_to_end(guided.panel)
    guided.put(guided.coil, planned(other))
    assert shown(guided) == [] and "another scan" in guided.panel.aimLabel.text


@pytest.mark.parametrize("harm", ["not a record", "mirrored"])
def test_a_damaged_patient_in_a_scene_is_told_and_not_used(guided, head, harm):
    register(guided, head)
    other = add_head("other")
    text = head.GetAttribute(kept_patient._PATIENT)
    if harm == "mirrored":
        data = json.loads(text)
        data["registration"]["mri_from_reference"][0] = [-x for x in data["registration"]["mri_from_reference"][0]]
        text = json.dumps(data)
    other.SetAttribute(kept_patient._PATIENT, text if harm == "mirrored" else "{}")
    guided.panel.forgetTouchedButton.click()
    assert head.GetAttribute(kept_patient._PATIENT) is None
    guided.panel.inputSelector.setCurrentNode(other)
    assert "touch the points again" in guided.panel.guideWarningLabel.text
    assert guided.section._patient.registration is None


def child_of(node, name, matrix):
    """Puts a transform above another, and gives it."""
    parent = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", name)
    parent.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(matrix))
    node.SetAndObserveTransformNodeID(parent.GetID())
    return parent


def test_a_transform_above_a_tool_counts_unless_it_leads_on_from_the_tools_frame(guided, head):
    register(guided, head)
    on = turned((20.0, 0.0, 50.0), (40.0, 50.0, -60.0))
    child_of(guided.coil, "ReferenceToRas", on)
    guided.put(guided.coil, planned(head))
    assert np.allclose(shown(guided), (0.0, 4.0, 4.0, 0.0, 0.0), atol=0.2)
    nudge = REFERENCE_FROM_MRI @ turned((0.0, 0.0, 0.0), (0.0, 0.0, 7.0)) @ MRI_FROM_REFERENCE
    above = child_of(guided.coil, "nudged by hand", nudge)
    matrix = turned((0.0, 0.0, 0.0), (0.0, 0.0, 7.0)) @ planned(head)
    away = np.linalg.norm(np.linalg.inv(planned(head))[:3, :3] @ (matrix - planned(head))[:3, 3])
    numbers = shown(guided)
    assert np.hypot(numbers[0], numbers[1] - 4.0) == pytest.approx(away, abs=0.2) == 7.0
    child_of(above, "ReferenceToRas", on)
    assert shown(guided) == numbers, "above the hand's too"


def test_a_tip_under_its_pointer_is_not_counted_twice(guided, head):
    tip = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "tip of mine")
    tip.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(turned((0.0, 0.0, 0.0), TIP_MM)))
    tip.SetAndObserveTransformNodeID(guided.stylus.GetID())
    guided.panel.tipTransformSelector.setCurrentNode(tip)
    hold(guided, places()["nasion"], (20.0, 10.0, -30.0))
    guided.panel.touchButton.click()
    expected = REFERENCE_FROM_MRI @ np.append(places()["nasion"], 1.0)
    assert np.allclose(guided.section._patient._touched["nasion"], expected[:3], atol=1e-6)


def test_a_coil_that_is_not_told_is_lost_however_often_what_stands_above_it_is(guided, head, clock):
    above = child_of(guided.coil, "ReferenceToTracker", np.eye(4))
    guided.put(guided.coil, planned(head))
    assert len(shown(guided)) == 5
    for step in range(8):
        clock[0] += 0.1
        above.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(turned((step, 0.0, 0.0), (0.0, 0.0, 0.0))))
    assert shown(guided) == [] and "not heard of any more" in guided.panel.aimLabel.text


def bend(node):
    node.SetAndObserveTransformToParent(vtk.vtkThinPlateSplineTransform())


def test_a_transform_that_bends_is_no_position_wherever_it_stands(guided, head):
    register(guided, head)
    guided.put(guided.coil, planned(head))
    above = child_of(guided.coil, "bent", np.eye(4))
    bend(above)
    assert shown(guided) == [] and guided.panel.aimLabel.text == "LOST: what is sent of it is no position"
    guided.coil.SetAndObserveTransformNodeID(None)
    assert len(shown(guided)) == 5
    bend(guided.stylus)
    guided.panel.touchButton.click()
    assert "no position" in guided.panel.guideWarningLabel.text
    tip, face = (slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", name) for name in ("tip", "face"))
    guided.stylus.SetAndObserveTransformToParent(None)
    guided.touch(places()["nasion"])
    bend(tip)
    guided.panel.tipTransformSelector.setCurrentNode(tip)
    guided.panel.touchButton.click()
    assert "its tip is no place in mm" in guided.panel.guideWarningLabel.text
    bend(face)
    guided.panel.faceTransformSelector.setCurrentNode(face)
    assert shown(guided) == [] and "calibrate the coil again" in guided.panel.aimLabel.text


def test_no_other_transform_takes_the_place_of_one_that_is_deleted(guided, head):
    register(guided, head)
    guided.put(guided.coil, planned(head))
    assert len(shown(guided)) == 5
    slicer.mrmlScene.RemoveNode(guided.coil)
    assert guided.panel.coilTransformSelector.currentNode() is None and guided.panel.aimLabel.text == ""
    slicer.mrmlScene.RemoveNode(guided.stylus)
    assert guided.panel.stylusTransformSelector.currentNode() is None


def test_a_transform_that_is_renamed_leads_where_its_new_name_says(guided, head):
    register(guided, head)
    guided.put(guided.coil, planned(head))
    for name, is_shown in (("Coil of mine", True), ("CoilToTracker", False), ("CoilToReference", True)):
        guided.coil.SetName(name)
        assert (len(shown(guided)) == 5) == is_shown, name


def test_the_numbers_follow_a_target_that_is_dragged_while_the_coil_is_guided(guided, head):
    register(guided, head)
    before = planned(head)
    guided.put(guided.coil, before)
    assert shown(guided)[0] == pytest.approx(0.0, abs=0.2)
    target = slicer.util.getNode("head DLPFC target (left)")
    target.SetNthControlPointPositionWorld(0, *(BRIGHT_RAS_MM + (0, 8, 4)))
    slicer_rig.drain_events(30, until=lambda: not np.allclose(planned(head), before, atol=2.0))
    off = np.linalg.inv(planned(head)) @ before
    assert np.hypot(*off[:2, 3]) > 2.0
    assert shown(guided)[0] == pytest.approx(np.hypot(*off[:2, 3]), abs=0.2)


@pytest.mark.parametrize("change", ["moved in its own space", "other voxels", "hardened transform"])
def test_a_scan_that_was_changed_after_its_plan_is_not_guided_to(guided, head, change):
    register(guided, head)
    guided.put(guided.coil, planned(head))
    assert len(shown(guided)) == 5
    if change == "moved in its own space":
        head.SetOrigin(*(np.array(head.GetOrigin()) + (2.0, 0.0, 0.0)))
    elif change == "other voxels":
        slicer.util.updateVolumeFromArray(head, slicer.util.arrayFromVolume(head) + 1)
    else:
        child_of(head, "moved", turned((0.0, 0.0, 0.0), (0.0, 3.0, 0.0)))
        assert len(shown(guided)) == 5, "its own space is the same"
        head.HardenTransform()
    assert shown(guided) == [] and "was changed or moved since it was planned on" in guided.panel.aimLabel.text
    guided.touch(places()["nasion"])
    assert (
        "was changed or moved" in guided.panel.guideWarningLabel.text and guided.section._patient.registration is None
    )
