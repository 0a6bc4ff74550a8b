"""Section 'Targets': the table of points, live; moved by hand, hidden and given back; coil, Beam F3, saving."""

import numpy as np
import pytest
import qt
import slicer

import slicer_rig
from application import small_worker
from application.panel_user import (
    BRIGHT_RAS_MM,
    HEAD_RADII_MM,
    add_head,
    cell,
    editor_of,
    label_of,
    names,
    nodes,
    row,
    run_to_end,
)
from DLPFCSegmenterLib.application.nodes import name_places, node_roles, plan_points
from DLPFCSegmenterLib.application.nodes.coil_node import pose_ras_mm
from DLPFCSegmenterLib.application.widgets.labels import WARNING_RGBA
from DLPFCSegmenterLib.application.widgets.point_table import (
    ALONG_SCALP,
    GIVE_BACK,
    JUMP,
    NAME,
    PLACE,
    STATE,
    STRAIGHT,
)

CUTS_ACROSS = {"Red": 2, "Yellow": 0, "Green": 1}
"""The coordinate, RAS, that all points of a view's slice share."""

INDEX = {"hotspot": 0, "landmark": 1, "target": 0}


def landmarks():
    """The newest list of scalp landmarks."""
    return [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "landmarks" in node.GetName()][-1]


def target_node():
    return [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "DLPFC target" in node.GetName()][-1]


def coil():
    return [node for node in nodes("vtkMRMLModelNode") if "coil" in node.GetName()][-1]


def place(point, node=None):
    """World RAS mm of the point."""
    node = node or (target_node() if point == "target" else landmarks())
    return np.array(node.GetNthControlPointPositionWorld(INDEX[point]))


def label(point):
    """What stands beside the point."""
    return label_of(landmarks(), INDEX[point])


def drag(point, shift_mm):
    """What a drag in a view ends in."""
    node = target_node() if point == "target" else landmarks()
    node.SetNthControlPointPositionWorld(INDEX[point], *(place(point) + shift_mm))
    slicer_rig.drain_events()


def button(panel, name, column):
    table, number = row(panel, name)
    return table.cellWidget(number, column)


def press(panel, name, column):
    button(panel, name, column).click()
    slicer_rig.drain_events()


def tick(panel, name, on):
    table, number = row(panel, name)
    table.item(number, NAME).setCheckState(qt.Qt.Checked if on else qt.Qt.Unchecked)


def is_ticked(panel, name):
    table, number = row(panel, name)
    return table.item(number, NAME).checkState() == qt.Qt.Checked


def straight(panel, name):
    return float(cell(panel, name, STRAIGHT))


def along_scalp(panel, name):
    """Read when it is known: it is measured when there is time."""
    assert slicer_rig.drain_events(60, until=lambda: cell(panel, name, ALONG_SCALP) != "…")
    return float(cell(panel, name, ALONG_SCALP))


def click_at(panel, name, point_ras_mm):
    """Press the line's pin, then click in a view: the list that is being placed gets a point there."""
    press(panel, name, PLACE)
    slicer_rig.click_in_view(point_ras_mm)


def is_placing():
    return bool([node for node in nodes("vtkMRMLMarkupsFiducialNode") if "Click" in node.GetName()])


def middle_of(view):
    """World RAS mm of the middle of a slice view."""
    matrix = slicer.app.layoutManager().sliceWidget(view).mrmlSliceNode().GetSliceToRAS()
    return np.array([matrix.GetElement(axis, 3) for axis in range(3)])


# no volume, no plan


def test_without_a_volume_the_table_is_empty(panel):
    assert panel.pointTable.rowCount == 0
    assert not panel.jumpToTargetButton.enabled
    assert not button(panel, "Nasion", PLACE).isEnabledTo(panel.fiducialTable)


def test_before_a_run_only_the_hotspot_of_each_chosen_side_is_listed(panel, head):
    panel.inputSelector.setCurrentNode(head)
    assert names(panel.pointTable) == ["L Motor hotspot"]
    assert cell(panel, "L Motor hotspot", STATE) == "not placed"
    panel.hemisphereSelector.currentIndex = 2
    assert names(panel.pointTable) == ["L Motor hotspot", "R Motor hotspot"]


# a plan


def test_after_a_run_every_point_has_a_line_with_its_state(segmented):
    states = {name: cell(segmented, name, STATE) for name in names(segmented.pointTable)}
    assert states == {
        "Target": "automatic",
        "Coil (target's depth)": "automatic",
        "Motor hotspot": "estimated",
        "5-cm landmark": "estimated",
        "F3/F4 (MNI)": "estimated",
        "Anti-subgenual (MNI)": "estimated",
        "Scalp in 3-D": "",
    }


def test_a_run_gives_movable_hotspot_and_landmark_on_the_scalp(segmented):
    node = landmarks()
    assert node.GetName() == "head scalp landmarks (left)"
    assert label("hotspot") == "Motor hotspot (estimated)"
    assert label("landmark") == "5-cm landmark (estimated)"
    assert not node.GetLocked()
    assert 40 < np.linalg.norm(place("landmark") - place("hotspot")) <= 50
    assert place("landmark")[1] > place("hotspot")[1]


def test_both_sides_have_their_own_lines(panel, head):
    array = slicer.util.arrayFromVolume(head)
    array[:, :, ::-1][array > 200] = 240
    panel.inputSelector.setCurrentNode(head)
    panel.hemisphereSelector.currentIndex = 2
    run_to_end(panel)
    listed = names(panel.pointTable)
    assert [name for name in listed if "Target" in name or "Coil" in name] == [
        "L Target", "L Coil (target's depth)", "R Target", "R Coil (target's depth)",
    ]  # fmt: skip
    assert listed.count("Scalp in 3-D") == 1


def test_the_table_says_how_far_each_point_is_from_the_target(segmented):
    away = np.linalg.norm(place("landmark") - place("target"))
    assert straight(segmented, "5-cm landmark") == pytest.approx(away, abs=0.06)
    assert cell(segmented, "Target", STRAIGHT) == cell(segmented, "Target", ALONG_SCALP) == ""


def test_the_way_along_the_scalp_follows_when_there_is_time(segmented):
    shift_mm = np.array([0.0, 0.0, 12.0])
    before = along_scalp(segmented, "Motor hotspot")
    assert before > straight(segmented, "Motor hotspot")  # the scalp is round
    drag("target", shift_mm)
    assert abs(along_scalp(segmented, "Motor hotspot") - before) > 1


def test_without_a_scalp_the_points_of_the_cortex_are_listed_and_nothing_else(panel, head):
    array = slicer.util.arrayFromVolume(head)
    array[(array > 20) & (array < 40)] = 110  # no dark skull
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert names(panel.pointTable) == ["Target", "F3/F4 (MNI)", "Anti-subgenual (MNI)", "L Motor hotspot"]
    assert straight(panel, "F3/F4 (MNI)") > 0
    assert cell(panel, "F3/F4 (MNI)", ALONG_SCALP) == ""


def test_after_a_run_every_slice_view_cuts_through_the_target_and_keeps_its_place(panel, head):
    panel.inputSelector.setCurrentNode(head)
    before = {view: middle_of(view) for view in CUTS_ACROSS}
    run_to_end(panel)
    for view, axis in CUTS_ACROSS.items():
        before[view][axis] = place("target")[axis]
        np.testing.assert_allclose(middle_of(view), before[view], atol=0.01)


def test_after_a_run_the_3d_view_looks_at_the_whole_head_from_the_front_of_the_targets_side(panel, head):
    camera = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLCameraNode")
    panel.inputSelector.setCurrentNode(head)
    for hemisphere, sign in enumerate((-1, 1)):
        panel.hemisphereSelector.currentIndex = hemisphere
        run_to_end(panel)
        slicer.util.updateVolumeFromArray(head, slicer.util.arrayFromVolume(head)[:, :, ::-1].copy())
        assert sign * camera.GetPosition()[0] > 250 and camera.GetPosition()[1] > 250
        np.testing.assert_allclose(camera.GetFocalPoint(), (0, 0, 0), atol=10)


def test_the_views_show_which_side_is_left_until_the_user_takes_the_sign_away(panel, head):
    panel.inputSelector.setCurrentNode(head)
    views = slicer.util.getNodesByClass("vtkMRMLAbstractViewNode")
    assert len(views) == 4
    assert all(view.GetOrientationMarkerType() != view.OrientationMarkerTypeNone for view in views)
    views[0].SetOrientationMarkerType(views[0].OrientationMarkerTypeNone)
    panel.inputSelector.setCurrentNode(None)
    panel.inputSelector.setCurrentNode(head)
    assert views[0].GetOrientationMarkerType() == views[0].OrientationMarkerTypeNone


# jumping and hiding


def test_a_click_on_the_crosshair_centres_the_views_on_the_point(segmented):
    camera = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLCameraNode")
    press(segmented, "Motor hotspot", JUMP)
    for view in ("Red", "Yellow", "Green"):
        np.testing.assert_allclose(middle_of(view), place("hotspot"), atol=0.01)
    np.testing.assert_allclose(camera.GetFocalPoint(), place("hotspot"), atol=0.01)


def test_the_button_jumps_back_to_the_target(segmented):
    press(segmented, "Motor hotspot", JUMP)
    segmented.jumpToTargetButton.click()
    np.testing.assert_allclose(middle_of("Red"), place("target"), atol=0.01)


def test_a_point_is_hidden_and_shown_and_keeps_its_line_and_distances(segmented):
    away = straight(segmented, "5-cm landmark")
    tick(segmented, "5-cm landmark", False)
    assert not landmarks().GetNthControlPointVisibility(INDEX["landmark"])
    assert landmarks().GetNthControlPointVisibility(INDEX["hotspot"])
    assert straight(segmented, "5-cm landmark") == away
    tick(segmented, "5-cm landmark", True)
    assert landmarks().GetNthControlPointVisibility(INDEX["landmark"])


def test_a_hidden_target_is_still_the_target(segmented):
    tick(segmented, "Target", False)
    assert not target_node().GetNthControlPointVisibility(0)
    assert straight(segmented, "5-cm landmark") > 0
    assert segmented.jumpToTargetButton.enabled
    slicer_rig.paint(editor_of(segmented), BRIGHT_RAS_MM + (0, 0, 12), radius_mm=9)
    slicer_rig.drain_events()
    assert not is_ticked(segmented, "Target")  # an edit of the mask does not show it again


def test_coil_and_scalp_are_hidden_and_shown_too(segmented):
    (scalp,) = [node for node in nodes("vtkMRMLModelNode") if "scalp" in node.GetName()]
    for name, node in (("Coil (target's depth)", coil()), ("Scalp in 3-D", scalp)):
        tick(segmented, name, False)
        assert not node.GetDisplayVisibility()
        tick(segmented, name, True)
        assert node.GetDisplayVisibility()


def test_what_is_hidden_in_slicer_s_own_lists_is_hidden_in_the_table(segmented):
    landmarks().SetDisplayVisibility(False)
    assert not is_ticked(segmented, "Motor hotspot")
    tick(segmented, "Motor hotspot", True)
    assert landmarks().GetDisplayVisibility()


# points for comparison


def choose(panel, name):
    (action,) = [action for action in panel.pointsButton.menu().actions() if action.text == name]
    action.trigger()


def test_points_for_comparison_are_chosen_from_the_menu(segmented):
    choose(segmented, "BA46 (MNI)")
    assert is_ticked(segmented, "BA46 (MNI)")
    choose(segmented, "F3/F4 (MNI)")
    assert "F3/F4 (MNI)" not in names(segmented.pointTable)
    (node,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "published" in node.GetName()]
    shown = [i for i in range(node.GetNumberOfControlPoints()) if node.GetNthControlPointVisibility(i)]
    assert [label_of(node, i) for i in shown] == ["BA46 (MNI)", "Anti-subgenual (MNI)"]


def test_a_published_point_moved_by_hand_can_be_given_back(segmented):
    (node,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "published" in node.GetName()]
    number = [label_of(node, i) for i in range(10)].index("F3/F4 (MNI)")
    before = np.array(node.GetNthControlPointPositionWorld(number))
    node.SetNthControlPointPositionWorld(number, *(before + (3, 0, 0)))
    assert cell(segmented, "F3/F4 (MNI)", STATE) == "moved by hand"
    assert label_of(node, number) == "F3/F4 (MNI) (moved by hand)"
    press(segmented, "F3/F4 (MNI)", GIVE_BACK)
    np.testing.assert_allclose(node.GetNthControlPointPositionWorld(number), before, atol=1e-6)
    assert cell(segmented, "F3/F4 (MNI)", STATE) == "estimated"


# the target


def test_a_dragged_target_says_so_and_is_given_back_to_the_mask(segmented):
    before = place("target")
    assert not button(segmented, "Target", GIVE_BACK).isEnabledTo(segmented.pointTable)
    drag("target", (0, 4, -3))
    assert cell(segmented, "Target", STATE) == "moved by hand"
    press(segmented, "Target", GIVE_BACK)
    np.testing.assert_allclose(place("target"), before, atol=1e-6)
    assert cell(segmented, "Target", STATE) == "automatic"
    assert segmented.correctLabel.text == "The target follows the mask."


def test_the_target_can_be_placed_with_one_click(segmented):
    click_at(segmented, "Target", BRIGHT_RAS_MM + (2, 5, 1))
    np.testing.assert_allclose(place("target"), BRIGHT_RAS_MM + (2, 5, 1))
    assert cell(segmented, "Target", STATE) == "moved by hand"


def test_the_target_can_be_the_mask_point_nearest_to_the_scalp(segmented):
    depth_mm = straight(segmented, "Coil (target's depth)")
    segmented.targetSelector.currentIndex = 1
    assert straight(segmented, "Coil (target's depth)") < depth_mm - 5
    assert target_node().GetNthControlPointDescription(0) == "Mask voxel nearest to the scalp."
    assert cell(segmented, "Target", STATE) == "automatic"
    before = place("target")
    slicer_rig.paint(editor_of(segmented), BRIGHT_RAS_MM + (-14, 0, 6), radius_mm=5)
    slicer_rig.drain_events()
    assert np.linalg.norm(place("target") / HEAD_RADII_MM) > np.linalg.norm(before / HEAD_RADII_MM)
    segmented.targetSelector.currentIndex = 0
    assert straight(segmented, "Coil (target's depth)") > depth_mm - 5


def test_another_rule_for_the_target_leaves_one_alone_that_was_moved_by_hand(segmented):
    drag("target", (0, 4, -3))
    by_hand = place("target")
    segmented.targetSelector.currentIndex = 1
    np.testing.assert_allclose(place("target"), by_hand)
    press(segmented, "Target", GIVE_BACK)
    assert target_node().GetNthControlPointDescription(0) == "Mask voxel nearest to the scalp."


def test_an_empty_mask_has_no_target_and_no_coil(segmented):
    editor = editor_of(segmented)
    slicer_rig.paint(editor, BRIGHT_RAS_MM, radius_mm=40, erase=True)
    slicer_rig.drain_events()
    assert cell(segmented, "Target", STATE) == cell(segmented, "Coil (target's depth)", STATE) == "has no place"
    assert cell(segmented, "5-cm landmark", STRAIGHT) == ""
    assert not coil().GetDisplayNode().GetVisibility3D()
    assert not segmented.jumpToTargetButton.enabled
    editor.undo()
    slicer_rig.drain_events()
    assert cell(segmented, "Target", STATE) == "automatic"
    assert is_ticked(segmented, "Target")
    assert coil().GetDisplayNode().GetVisibility3D()


def test_undo_in_the_editor_leaves_a_target_that_was_moved_meanwhile_where_it_is(segmented):
    editor = editor_of(segmented)
    slicer_rig.paint(editor, BRIGHT_RAS_MM + (0, 0, 12), radius_mm=9)
    drag("target", (0, 4, -3))
    by_hand = place("target")
    editor.undo()
    slicer_rig.drain_events()
    np.testing.assert_allclose(place("target"), by_hand)
    assert cell(segmented, "Target", STATE) == "moved by hand"


# the coil


def test_the_coil_stands_on_the_scalp_over_the_target_and_follows_it(segmented):
    pose = pose_ras_mm(coil())
    depth_mm = straight(segmented, "Coil (target's depth)")
    assert np.linalg.norm(pose[:3, 3] - place("target")) == pytest.approx(depth_mm + 4, abs=1)
    bounds = np.reshape(coil().GetPolyData().GetBounds(), (3, 2))
    assert np.all(bounds[:, 0] <= pose[:3, 3] + 10) and np.all(bounds[:, 1] >= pose[:3, 3] - 10)
    drag("target", (0, 6, 0))
    assert 3 < np.linalg.norm(pose_ras_mm(coil())[:3, 3] - pose[:3, 3]) < 12


def test_the_coil_turns_with_its_angle(segmented):
    before = pose_ras_mm(coil())
    segmented.coilAngleSpinBox.value = 75
    after = pose_ras_mm(coil())
    assert np.degrees(np.arccos(before[:3, 1] @ after[:3, 1])) == pytest.approx(30, abs=0.1)
    np.testing.assert_allclose(after[:3, 2:], before[:3, 2:], atol=1e-6)


def test_a_doubtful_place_for_the_coil_is_told(segmented):
    assert segmented.targetsLabel.text == ""
    drag("target", (30, -40, -20))
    assert "below the scalp, deeper than usual" in segmented.targetsLabel.text
    press(segmented, "Target", GIVE_BACK)
    assert segmented.targetsLabel.text == ""


# hotspot and rule


def test_moving_the_hotspot_moves_the_landmark_with_it(segmented):
    before = place("landmark")
    drag("hotspot", (6, 8, 0))
    assert np.linalg.norm(place("landmark") - before) > 3
    away = np.linalg.norm(place("landmark") - place("target"))
    assert straight(segmented, "5-cm landmark") == pytest.approx(away, abs=0.06)


def test_a_moved_hotspot_is_the_user_s_own(segmented):
    assert segmented.hotspotSelector.currentText == "Estimated from anatomy"
    drag("hotspot", (6, 8, 0))
    assert segmented.hotspotSelector.currentText == "Placed by me"
    assert label("hotspot") == "Motor hotspot"
    assert cell(segmented, "Motor hotspot", STATE) == "placed"
    assert label("landmark") == "5-cm landmark"


@pytest.mark.parametrize("way", ["the list", "the line's arrow"])
def test_the_estimate_can_be_gone_back_to(segmented, way):
    hotspot, landmark = place("hotspot"), place("landmark")
    drag("hotspot", (6, 8, 0))
    if way == "the list":
        segmented.hotspotSelector.currentIndex = 0
    else:
        press(segmented, "Motor hotspot", GIVE_BACK)
    assert segmented.hotspotSelector.currentText == "Estimated from anatomy"
    np.testing.assert_allclose(place("hotspot"), hotspot, atol=1e-4)
    np.testing.assert_allclose(place("landmark"), landmark, atol=1e-3)
    assert "estimated" in label("hotspot")


def test_another_rule_length_moves_the_landmark_and_names_it(segmented):
    before = place("landmark")
    segmented.ruleSpinBox.value = 55
    assert 3 < np.linalg.norm(place("landmark") - before) <= 5.1
    assert label("landmark") == "5.5-cm landmark (estimated)"
    assert "5.5-cm landmark" in names(segmented.pointTable)


def test_a_landmark_moved_by_hand_stays_when_the_hotspot_moves_and_the_panel_says_so(segmented):
    assert not button(segmented, "5-cm landmark", GIVE_BACK).isEnabledTo(segmented.pointTable)
    drag("landmark", (0, 4, -3))
    by_hand = place("landmark")
    drag("hotspot", (6, 8, 0))
    segmented.ruleSpinBox.value = 60
    np.testing.assert_allclose(place("landmark"), by_hand)
    assert label("landmark") == "5-cm landmark (moved by hand)"
    assert cell(segmented, "6-cm landmark", STATE) == "moved by hand"


def test_a_landmark_moved_by_hand_can_be_given_back_to_the_rule(segmented):
    by_rule = place("landmark")
    drag("landmark", (0, 4, -3))
    press(segmented, "5-cm landmark", GIVE_BACK)
    np.testing.assert_allclose(place("landmark"), by_rule, atol=1e-3)
    assert cell(segmented, "5-cm landmark", STATE) == "estimated"
    drag("hotspot", (6, 8, 0))
    assert np.linalg.norm(place("landmark") - by_rule) > 3


def test_a_hotspot_far_from_the_scalp_hides_the_landmark_and_says_why(segmented):
    drag("hotspot", (0, 0, 60))
    node = landmarks()
    assert not node.GetNthControlPointVisibility(INDEX["landmark"])
    assert "from the scalp" in segmented.targetsLabel.text
    assert cell(segmented, "5-cm landmark", STATE) == "has no place"
    assert cell(segmented, "5-cm landmark", STRAIGHT) == ""
    drag("hotspot", (0, 0, -60))
    assert node.GetNthControlPointVisibility(INDEX["landmark"])
    assert segmented.targetsLabel.text == ""


def test_a_hotspot_can_be_placed_with_one_click(segmented):
    wanted = place("hotspot") + (4, 6, 0)
    click_at(segmented, "Motor hotspot", wanted)
    np.testing.assert_allclose(place("hotspot"), wanted)
    assert segmented.hotspotSelector.currentText == "Placed by me"
    assert not is_placing()


def test_a_hotspot_placed_where_none_was_left_brings_the_landmark_with_it(segmented):
    slicer.mrmlScene.RemoveNode(landmarks())
    slicer_rig.drain_events()
    assert "5-cm landmark" not in names(segmented.pointTable)
    click_at(segmented, "L Motor hotspot", np.array([-36.0, -18.0, 68.0]))
    assert cell(segmented, "Motor hotspot", STATE) == "placed"
    assert cell(segmented, "5-cm landmark", STATE) == "automatic"
    assert is_ticked(segmented, "5-cm landmark")
    before = place("landmark")
    drag("hotspot", (0, 6, 0))
    assert np.linalg.norm(place("landmark") - before) > 3


def test_placing_can_be_given_up(segmented):
    before = place("hotspot")
    press(segmented, "Motor hotspot", PLACE)
    assert is_placing()
    interaction = slicer.app.applicationLogic().GetInteractionNode()
    interaction.SetCurrentInteractionMode(interaction.ViewTransform)
    slicer_rig.drain_events(0.1)
    np.testing.assert_allclose(place("hotspot"), before)
    assert not is_placing()


def test_placing_that_is_stopped_leaves_no_mode_in_which_a_click_makes_a_stray_list(segmented, module):
    press(segmented, "Motor hotspot", PLACE)
    module.exit()
    logic = slicer.app.applicationLogic()
    interaction = logic.GetInteractionNode()
    assert interaction.GetCurrentInteractionMode() == interaction.ViewTransform
    assert not logic.GetSelectionNode().GetActivePlaceNodeID()
    module.enter()
    assert not is_placing()


def test_a_hotspot_placed_before_the_run_is_used_and_not_estimated(panel, head):
    panel.inputSelector.setCurrentNode(head)
    wanted = np.array([-36.0, -18.0, 68.0])
    click_at(panel, "L Motor hotspot", wanted)
    assert cell(panel, "L Motor hotspot", STATE) == "placed"
    run_to_end(panel)
    assert len([node for node in nodes("vtkMRMLMarkupsFiducialNode") if "landmarks" in node.GetName()]) == 1
    np.testing.assert_allclose(place("hotspot"), wanted, atol=3)
    assert "estimated" not in label("hotspot")
    assert panel.hotspotSelector.currentText == "Placed by me"
    assert cell(panel, "5-cm landmark", STATE) == "automatic"


def test_my_own_hotspot_without_one_is_refused_before_anything_runs(panel, head):
    panel.inputSelector.setCurrentNode(head)
    panel.hotspotSelector.currentIndex = 1
    panel.segmentButton.click()
    assert panel.statusLabel.text.startswith("⚠ Place the motor hotspot first")
    assert panel.segmentButton.text == "Segment"


def test_a_hotspot_of_mine_survives_a_run_with_an_estimated_one(panel, head):
    panel.inputSelector.setCurrentNode(head)
    mine = np.array([-36.0, -18.0, 68.0])
    click_at(panel, "L Motor hotspot", mine)
    my_list = landmarks()
    panel.hotspotSelector.currentIndex = 0
    run_to_end(panel)
    assert landmarks() is not my_list
    np.testing.assert_allclose(place("hotspot", my_list), mine)
    assert label("hotspot") == "Motor hotspot (estimated)"


# fiducials and tapes

FIDUCIALS = {"Nasion": (0.0, 1.0, -0.35), "Inion": (0.0, -1.0, -0.35), "Left tragus": (-1.0, 0.0, -0.55),
             "Right tragus": (1.0, 0.0, -0.55)}  # fmt: skip
"""Where a point of the head lies, as a direction in units of its radii."""


def place_fiducials(panel):
    panel.headMeasuresGroupBox.collapsed = False
    for name, direction in FIDUCIALS.items():
        click_at(panel, name, HEAD_RADII_MM * direction / np.linalg.norm(direction))


def measured():
    """Label -> place of the points that fiducials gave."""
    (node,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "Beam" in node.GetName()]
    count = node.GetNumberOfControlPoints()
    return {label_of(node, i): np.array(node.GetNthControlPointPositionWorld(i)) for i in range(count)}


def wait_for_beam(panel):
    assert slicer_rig.drain_events(60, until=lambda: "Beam F3" in names(panel.pointTable)), panel.fiducialLabel.text


@pytest.fixture
def beamed(segmented):
    """The panel after a run, and with four fiducials placed later."""
    place_fiducials(segmented)
    wait_for_beam(segmented)
    return segmented


def test_fiducials_placed_after_a_run_give_beam_f3_without_another_run(beamed):
    assert len(nodes("vtkMRMLSegmentationNode")) == 1
    assert cell(beamed, "Beam F3", STATE) == "automatic"
    assert is_ticked(beamed, "Beam F3")
    place_mm = measured()["Beam F3"]
    assert np.linalg.norm(place_mm / HEAD_RADII_MM) == pytest.approx(1, abs=0.05)
    assert place_mm[0] < -20 and place_mm[1] > 20
    assert straight(beamed, "Beam F3") == pytest.approx(np.linalg.norm(place_mm - place("target")), abs=0.06)
    assert beamed.fiducialLabel.text == ""


def test_with_too_few_fiducials_the_panel_says_which_are_missing(segmented):
    segmented.headMeasuresGroupBox.collapsed = False
    click_at(segmented, "Nasion", (0.0, 90.0, -16.0))
    assert slicer_rig.drain_events(60, until=lambda: bool(segmented.fiducialLabel.text))
    expected = "For Beam F3 on the scalp, place these too: Inion, Left tragus, Right tragus."
    assert segmented.fiducialLabel.text == expected
    assert cell(segmented, "Nasion", STATE) == "placed"
    press(segmented, "Nasion", GIVE_BACK)
    assert cell(segmented, "Nasion", STATE) == "not placed"
    assert slicer_rig.drain_events(60, until=lambda: not segmented.fiducialLabel.text)


def test_impossible_fiducials_are_told_and_give_nothing(segmented):
    place_fiducials(segmented)
    click_at(segmented, "Nasion", (0.0, -90.0, -16.0))
    click_at(segmented, "Inion", (0.0, 90.0, -16.0))
    assert slicer_rig.drain_events(60, until=lambda: "swapped" in segmented.headWarningLabel.text)


def test_moved_fiducials_measure_again_and_leave_a_point_moved_by_hand(beamed):
    (beam,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "Beam" in node.GetName()]
    before = measured()
    numbers = {label_of(beam, i): i for i in range(beam.GetNumberOfControlPoints())}
    by_hand = before["Beam F3"] + (0, 3, 0)
    beam.SetNthControlPointPositionWorld(numbers["Beam F3"], *by_hand)
    (fiducials,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "fiducials" in node.GetName()]
    fiducials.SetNthControlPointPositionWorld(0, 0.0, 88.0, 0.0)
    moved = lambda: np.linalg.norm(measured()["Beam 2022, anterior"] - before["Beam 2022, anterior"]) > 1  # noqa: E731
    assert slicer_rig.drain_events(60, until=moved)
    np.testing.assert_allclose(measured()["Beam F3 (moved by hand)"], by_hand)
    press(beamed, "Beam F3", GIVE_BACK)
    assert np.linalg.norm(measured()["Beam F3"] - before["Beam F3"]) > 0.5


def test_fiducials_placed_before_a_run_take_part_in_it(panel, head, module):
    options = []
    start = module.logic.start
    module.logic.start = lambda node, choice, listener: (options.append(choice), start(node, choice, listener))[1]
    panel.inputSelector.setCurrentNode(head)
    place_fiducials(panel)
    run_to_end(panel)
    assert options[0].fiducials.nasion_ras_mm[1] > 80
    assert cell(panel, "Beam F3", STATE) == "automatic"


def test_the_scalp_under_the_coil_is_told_as_lengths_by_tape_wherever_the_target_goes(segmented):
    """By a worker, and only while somebody looks."""
    told = segmented.byTapeLabel
    slicer_rig.drain_events(0.5)
    assert told.text == ""
    segmented.headMeasuresGroupBox.collapsed = False
    assert slicer_rig.drain_events(60, until=lambda: "By tape, left:" in told.text)
    before = told.text
    assert " cm around the head from the midline to the left" in before and "ESTIMATED nasion" in before
    target = slicer.util.getNode("head DLPFC target (left)")
    target.SetNthControlPointPositionWorld(0, *(BRIGHT_RAS_MM + (0, 6, 4)))
    assert slicer_rig.drain_events(60, until=lambda: "By tape, left:" in told.text and told.text != before)
    place_fiducials(segmented)
    assert slicer_rig.drain_events(60, until=lambda: "as they were placed" in told.text)
    segmented.inputSelector.setCurrentNode(None)
    assert told.text == ""


def test_tape_measures_say_where_beam_s_site_is_and_take_part_in_the_next_run(panel, head, module):
    options = []
    start = module.logic.start
    module.logic.start = lambda node, choice, listener: (options.append(choice), start(node, choice, listener))[1]
    panel.inputSelector.setCurrentNode(head)
    panel.circumferenceSpinBox.value, panel.nasionInionSpinBox.value = 60, 38
    assert panel.tapeLabel.text == ""
    panel.tragusTragusSpinBox.value = 36
    assert panel.tapeLabel.text.startswith("Beam F3/F4 by tape: 7.0 cm from the midline around the head, 9.8 cm")
    run_to_end(panel)
    assert (options[0].tapes.circumference_cm, options[0].tapes.tragus_tragus_cm) == (60, 36)
    panel.circumferenceSpinBox.value = 20
    assert "is not human" in panel.headWarningLabel.text
    panel.segmentButton.click()
    assert "is not human" in panel.statusLabel.text


# nodes that go, scenes that come back


def test_a_target_or_landmarks_that_the_user_deletes_are_left_out(segmented):
    slicer.mrmlScene.RemoveNode(target_node())
    slicer_rig.drain_events()
    assert "Target" not in names(segmented.pointTable)
    assert cell(segmented, "5-cm landmark", STRAIGHT) == ""
    slicer.mrmlScene.RemoveNode(landmarks())
    slicer_rig.drain_events()
    segmented.ruleSpinBox.value = 55
    assert "5-cm landmark" not in names(segmented.pointTable)
    assert segmented.resultLabel.text == "head, left: 7.9 ml"


@pytest.mark.parametrize("name", ["coil", "scalp", "published"])
def test_the_panel_goes_on_without_a_node_that_the_user_deletes(segmented, name):
    for node in [*nodes("vtkMRMLModelNode"), *nodes("vtkMRMLMarkupsFiducialNode")]:
        if name in node.GetName() and "landmarks" not in node.GetName():
            slicer.mrmlScene.RemoveNode(node)
    slicer_rig.drain_events()
    drag("target", (0, 5, 0))
    drag("hotspot", (2, 0, 0))
    segmented.coilAngleSpinBox.value = 60
    segmented.targetSelector.currentIndex = 1
    press(segmented, "Target", GIVE_BACK)
    assert cell(segmented, "Target", STATE).endswith("automatic")
    if name == "scalp":
        assert cell(segmented, "Coil (target's depth)", STATE) == "has no place"
        assert segmented.targetsLabel.text == "⚠ There is no scalp, so the target is the centroid of the mask."


def test_under_a_transform_the_landmark_is_walked_on_the_scalp_where_it_is(panel, head):
    turn = np.array([[0.0, -1, 0, 20], [1, 0, 0, -10], [0, 0, 1, 5], [0, 0, 0, 1]])
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    hotspot, landmark, pose = place("hotspot"), place("landmark"), pose_ras_mm(coil())
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(turn))
    with_it = (head, landmarks(), target_node(), *nodes("vtkMRMLModelNode"), *nodes("vtkMRMLSegmentationNode"))
    for node in with_it:
        node.SetAndObserveTransformNodeID(transform.GetID())
    np.testing.assert_allclose(place("landmark"), (turn @ [*landmark, 1])[:3], atol=1e-3)
    np.testing.assert_allclose(pose_ras_mm(coil()), turn @ pose, atol=1e-6)
    panel.ruleSpinBox.value = 55
    assert np.linalg.norm(place("landmark") - place("hotspot")) > 45
    panel.ruleSpinBox.value = 50
    # The axes of this head are those of RAS, and they turn with it: forward is now towards -R.
    np.testing.assert_allclose(place("landmark"), (turn @ [*landmark, 1])[:3], atol=2.5)
    np.testing.assert_allclose(place("hotspot"), (turn @ [*hotspot, 1])[:3], atol=1e-3)
    np.testing.assert_allclose(pose_ras_mm(coil())[:3, 3], (turn @ pose)[:3, 3], atol=0.1)


def test_each_volume_says_where_its_own_hotspot_comes_from(segmented, head):
    drag("hotspot", (6, 8, 0))
    other = add_head("other")
    segmented.inputSelector.setCurrentNode(other)
    segmented.hotspotSelector.currentIndex = 0
    run_to_end(segmented)
    assert cell(segmented, "Motor hotspot", STATE) == "estimated"
    segmented.inputSelector.setCurrentNode(head)
    assert segmented.hotspotSelector.currentText == "Placed by me"
    assert cell(segmented, "Motor hotspot", STATE) == "placed"
    segmented.inputSelector.setCurrentNode(other)
    assert segmented.hotspotSelector.currentText == "Estimated from anatomy"


def test_what_is_told_of_one_scan_s_points_is_never_told_of_another_scan_s(segmented, head):
    other = add_head("other")
    segmented.inputSelector.setCurrentNode(other)
    run_to_end(segmented)
    drag("target", (72, 0, 0))
    assert "The target lies in the right hemisphere" in segmented.targetsLabel.text
    segmented.inputSelector.setCurrentNode(head)
    assert segmented.targetsLabel.text == ""
    slicer_rig.drain_events(0.3)
    assert segmented.targetsLabel.text == ""


def test_a_second_run_lists_its_own_points_and_hides_the_first_ones(segmented):
    first = {"target": target_node(), "coil": coil(), "landmarks": landmarks()}
    drag("target", (0, 4, -3))
    by_hand = place("target")
    run_to_end(segmented)
    assert cell(segmented, "Target", STATE) == "moved by hand"
    assert names(segmented.pointTable).count("Target") == 1
    assert not any(node.GetDisplayVisibility() for node in first.values())
    np.testing.assert_allclose(place("target", first["target"]), by_hand)


def test_a_saved_scene_brings_points_states_and_choices_back(beamed, tmp_path):
    drag("target", (0, 4, -3))
    beamed.coilAngleSpinBox.value = 60
    tick(beamed, "5-cm landmark", False)
    choose(beamed, "BA46 (MNI)")
    lines = {name: (cell(beamed, name, STATE), cell(beamed, name, STRAIGHT)) for name in names(beamed.pointTable)}
    pose = pose_ras_mm(coil())
    path = str(tmp_path / "targets.mrb")
    assert slicer.util.saveScene(path)
    slicer_rig.close_scene()
    assert beamed.pointTable.rowCount == 0
    slicer.util.loadScene(path)
    slicer_rig.drain_events(1)
    restored = {name: (cell(beamed, name, STATE), cell(beamed, name, STRAIGHT)) for name in names(beamed.pointTable)}
    assert restored == lines
    assert beamed.coilAngleSpinBox.value == 60
    assert not is_ticked(beamed, "5-cm landmark") and is_ticked(beamed, "BA46 (MNI)")
    np.testing.assert_allclose(pose_ras_mm(coil()), pose, atol=1e-3)
    assert cell(beamed, "Inion", STATE) == "placed"
    assert len([node for node in nodes("vtkMRMLMarkupsFiducialNode") if "Beam" in node.GetName()]) == 1
    press(beamed, "Target", GIVE_BACK)
    assert cell(beamed, "Target", STATE) == "automatic"


def test_a_closed_scene_leaves_an_empty_table_that_works_again(segmented):
    slicer_rig.close_scene()
    assert segmented.pointTable.rowCount == 0
    segmented.inputSelector.setCurrentNode(add_head("next"))
    run_to_end(segmented)
    assert cell(segmented, "Target", STATE) == "automatic"


def test_leaving_the_module_ends_the_placing(module, segmented):
    press(segmented, "Motor hotspot", PLACE)
    module.exit()
    assert not is_placing()
    module.enter()
    assert cell(segmented, "Target", STATE) == "automatic"


def test_the_labels_in_the_views_say_their_side(segmented):
    labels = [node.GetNthControlPointLabel(0) for node in nodes("vtkMRMLMarkupsFiducialNode")]
    assert labels and all(text.startswith(("L ", "Left ")) for text in labels)


def test_a_button_of_a_line_has_a_name_that_is_read_out(segmented):
    assert button(segmented, "Target", JUMP).accessibleName == "Target: Show this point in all views."


def test_the_coordinates_of_the_target_stand_in_the_panel_with_their_side_in_words(segmented):
    r, a, s = place("target")
    assert r < 0
    assert segmented.targetPlaceLabel.text == f"Left: L {-r:.1f}  A {a:.1f}  S {s:.1f} mm"
    assert segmented.targetPlaceLabel.toolTip == "In mm, in the space of the scan 'head'."
    drag("target", (0, 0, 2.5))
    assert segmented.targetPlaceLabel.text == f"Left: L {-r:.1f}  A {a:.1f}  S {s + 2.5:.1f} mm"


def test_the_coordinates_of_the_target_can_be_copied_with_side_and_space(segmented):
    r, a, s = place("target")
    segmented.copyTargetButton.click()
    assert slicer.app.clipboard().text() == (
        f"Left: L {-r:.1f}  A {a:.1f}  S {s:.1f} mm (RAS {r:.1f}, {a:.1f}, {s:.1f})\n"
        "In mm, in the space of the scan 'head'."
    )


def test_coordinates_of_a_scan_under_a_transform_are_said_to_be_of_the_world(segmented, head):
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    for node in (head, landmarks(), target_node(), *nodes("vtkMRMLModelNode"), *nodes("vtkMRMLSegmentationNode")):
        node.SetAndObserveTransformNodeID(transform.GetID())
    segmented.inputSelector.setCurrentNode(None)
    assert segmented.targetPlaceLabel.text == "" and not segmented.copyTargetButton.isVisibleTo(segmented.pointTable)
    segmented.inputSelector.setCurrentNode(head)
    assert "Slicer's world" in segmented.targetPlaceLabel.toolTip


def test_a_scan_that_has_gone_leaves_no_lines(segmented, head):
    slicer.mrmlScene.RemoveNode(head)
    slicer_rig.drain_events()
    assert segmented.pointTable.rowCount == 0


def state_item(panel, name):
    table, number = row(panel, name)
    return table.item(number, STATE)


@pytest.mark.parametrize(
    ("point", "where_ras_mm", "line", "said"),
    [
        ("target", (36.0, 42.0, 30.0), "Target", "right hemisphere, but the left one is planned"),
        ("target", (-36.0, 42.0, 46.0), "Target", "lies outside the mask"),
        ("target", (-90.0, 60.0, 60.0), "Target", "lies outside the head"),
        ("hotspot", (36.0, -18.0, 68.0), "Motor hotspot", "on the right side of the head"),
    ],
)
def test_a_point_dragged_where_it_cannot_be_is_told_at_once_beside_it_in_colour(
    point, where_ras_mm, line, said, segmented
):
    assert not state_item(segmented, line).text().startswith("⚠")
    drag(point, np.array(where_ras_mm) - place(point))
    item = state_item(segmented, line)
    assert item.text().startswith("⚠") and said in item.toolTip()
    assert item.background().color().getRgb() == WARNING_RGBA
    assert said in segmented.targetsLabel.text
    press(segmented, line, GIVE_BACK)
    assert not state_item(segmented, line).text().startswith("⚠")
    assert said not in segmented.targetsLabel.text


def test_what_is_said_of_a_target_at_the_edge_of_a_curved_mask_goes_when_it_is_moved_by_hand(panel, head, monkeypatch):
    """The centroid of a mask without its middle lies outside it."""

    def hollow(volume, hemisphere, found=small_worker.region):
        region = found(volume, hemisphere)
        middle = np.argwhere(region.mask_kji).mean(axis=0).round().astype(int)
        region.mask_kji[tuple(slice(at - 2, at + 3) for at in middle)] = False
        return region

    monkeypatch.setattr(small_worker, "region", hollow)
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert slicer_rig.drain_events(10, until=lambda: "lies outside the curved mask" in panel.targetsNotesLabel.text)
    assert "curved mask" not in panel.resultWarningLabel.text + panel.targetsLabel.text
    assert not state_item(panel, "Target").text().startswith("⚠"), "the mask's own shape is no fault"
    (node,) = [each for each in nodes("vtkMRMLMarkupsFiducialNode") if "target" in each.GetName()]
    node.SetNthControlPointPositionWorld(0, *(BRIGHT_RAS_MM + (16, 0, 0)))
    slicer_rig.drain_events(0.5)
    assert "curved mask" not in panel.targetsNotesLabel.text and "outside the mask" in panel.targetsLabel.text


@pytest.mark.parametrize(
    ("role", "side", "stand"),
    [
        (node_roles.TARGET, "left", ("Left", "Bottom")),
        (node_roles.TARGET, "right", ("Right", "Bottom")),
        (node_roles.LITERATURE, "right", ("Right", "Bottom")),
        (node_roles.MEASURED, "left", ("Right", "Bottom")),
        (node_roles.OWN, "", ("Left", "Top")),
    ],
)
def test_names_stand_outwards_and_those_of_points_near_the_target_below(head, role, side, stand):
    """A text that is justified right stands left of its point."""
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLCameraNode")
    node = plan_points.add_list(role, head, side)
    text = node.GetDisplayNode().GetTextProperty()
    assert (text.GetJustificationAsString(), text.GetVerticalJustificationAsString()) == stand
    text.SetJustificationToCentered()
    text.SetVerticalJustificationToCentered()
    name_places.place_names([node])  # as where a scene was opened
    assert (text.GetJustificationAsString(), text.GetVerticalJustificationAsString()) == stand
