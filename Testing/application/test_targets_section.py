"""Section 'Landmarks': hotspot, rule and 5-cm landmark, moved by hand and given back."""

import numpy as np
import pytest
import slicer
import slicer_rig
from application.panel_user import add_head, nodes, run_to_end


def landmarks():
    """The newest list of scalp landmarks."""
    return [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "landmarks" in node.GetName()][-1]


INDEX = {"hotspot": 0, "landmark": 1, "target": 0}


def place(point, node=None):
    """World RAS mm of the point."""
    return np.array((node or landmarks()).GetNthControlPointPositionWorld(INDEX[point]))


def label(point):
    """What stands beside the point."""
    return landmarks().GetNthControlPointLabel(INDEX[point])


def drag(part, shift_mm):
    """What a drag in a view ends in."""
    node = landmarks()
    node.SetNthControlPointPositionWorld(INDEX[part], *(place(part) + shift_mm))
    slicer_rig.drain_events()


def distance_shown(panel):
    return float(panel.distanceLabel.text.split(" mm from the target")[0].split()[-1])


def target():
    return place("target", slicer.util.getNode("head Left DLPFC target"))


def test_a_run_gives_movable_hotspot_and_landmark_on_the_scalp(segmented):
    node = landmarks()
    assert node.GetName() == "head scalp landmarks (left)"
    assert label("hotspot") == "Motor hotspot (estimated)"
    assert "5-cm" in label("landmark")
    assert not node.GetLocked()
    assert 40 < np.linalg.norm(place("landmark") - place("hotspot")) <= 50
    assert place("landmark")[1] > place("hotspot")[1]


def test_the_distance_of_the_landmark_from_the_target_is_said(segmented):
    assert segmented.distanceLabel.text.startswith("Left: 5-cm landmark ")
    assert distance_shown(segmented) == pytest.approx(np.linalg.norm(place("landmark") - target()), abs=0.06)


def test_moving_the_hotspot_moves_the_landmark_with_it(segmented):
    before = place("landmark")
    drag("hotspot", (6, 8, 0))
    assert np.linalg.norm(place("landmark") - before) > 3
    assert distance_shown(segmented) == pytest.approx(np.linalg.norm(place("landmark") - target()), abs=0.06)


def test_a_moved_hotspot_is_the_user_s_own(segmented):
    assert segmented.hotspotSelector.currentText == "Estimated from anatomy"
    drag("hotspot", (6, 8, 0))
    assert segmented.hotspotSelector.currentText == "Placed by me"
    assert label("hotspot") == "Motor hotspot"


def test_choosing_estimated_again_puts_hotspot_and_landmark_back(segmented):
    hotspot, landmark = place("hotspot"), place("landmark")
    drag("hotspot", (6, 8, 0))
    segmented.hotspotSelector.currentIndex = 0
    np.testing.assert_allclose(place("hotspot"), hotspot, atol=1e-4)
    np.testing.assert_allclose(place("landmark"), landmark, atol=1e-3)
    assert "estimated" in label("hotspot")


def test_another_rule_length_moves_the_landmark(segmented):
    before = place("landmark")
    segmented.ruleSpinBox.value = 60
    assert 7 < np.linalg.norm(place("landmark") - before) <= 10.1


def test_the_landmark_is_named_after_the_length_of_the_rule(segmented):
    segmented.ruleSpinBox.value = 55
    assert segmented.distanceLabel.text.startswith("Left: 5.5-cm landmark ")
    assert label("landmark") == "5.5-cm landmark"


def test_a_landmark_moved_by_hand_stays_when_the_hotspot_moves_and_the_panel_says_so(segmented):
    assert not segmented.followRuleButton.enabled
    drag("landmark", (0, 4, -3))
    by_hand = place("landmark")
    drag("hotspot", (6, 8, 0))
    segmented.ruleSpinBox.value = 60
    np.testing.assert_allclose(place("landmark"), by_hand)
    assert label("landmark") == "5-cm landmark (moved by hand)"
    assert "moved by hand" in segmented.landmarkLabel.text
    assert segmented.followRuleButton.enabled


def test_a_landmark_moved_by_hand_can_be_given_back_to_the_rule(segmented):
    by_rule = place("landmark")
    drag("landmark", (0, 4, -3))
    segmented.followRuleButton.click()
    np.testing.assert_allclose(place("landmark"), by_rule, atol=1e-3)
    assert segmented.landmarkLabel.text == ""
    assert not segmented.followRuleButton.enabled
    drag("hotspot", (6, 8, 0))
    assert np.linalg.norm(place("landmark") - by_rule) > 3


def test_moving_the_target_changes_the_distance_and_nothing_else(segmented):
    landmark = place("landmark")
    node = slicer.util.getNode("head Left DLPFC target")
    node.SetNthControlPointPositionWorld(0, *(target() + (0, 20, 0)))
    assert distance_shown(segmented) == pytest.approx(np.linalg.norm(landmark - target()), abs=0.06)
    np.testing.assert_allclose(place("landmark"), landmark)


def test_a_hotspot_far_from_the_scalp_hides_the_landmark_and_says_why(segmented):
    drag("hotspot", (0, 0, 60))
    node = landmarks()
    assert not node.GetNthControlPointVisibility(INDEX["landmark"])
    assert segmented.landmarkLabel.text
    assert segmented.distanceLabel.text == ""
    drag("hotspot", (0, 0, -60))
    assert node.GetNthControlPointVisibility(INDEX["landmark"])
    assert segmented.landmarkLabel.text == ""


def click_at(panel, point_ras_mm):
    """Press Place, then click in a view: the list that is being placed gets a point there."""
    panel.placeHotspotButton.click()
    selection = slicer.app.applicationLogic().GetSelectionNode()
    interaction = slicer.app.applicationLogic().GetInteractionNode()
    assert interaction.GetCurrentInteractionMode() == interaction.Place
    slicer.mrmlScene.GetNodeByID(selection.GetActivePlaceNodeID()).AddControlPointWorld(*point_ras_mm)
    interaction.SetCurrentInteractionMode(interaction.ViewTransform)
    slicer_rig.drain_events(0.1)


def test_a_hotspot_can_be_placed_with_one_click(segmented):
    wanted = place("hotspot") + (4, 6, 0)
    click_at(segmented, wanted)
    np.testing.assert_allclose(place("hotspot"), wanted)
    assert segmented.hotspotSelector.currentText == "Placed by me"
    assert not [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "Click" in node.GetName()]


def test_placing_can_be_given_up(segmented):
    before = place("hotspot")
    segmented.placeHotspotButton.click()
    interaction = slicer.app.applicationLogic().GetInteractionNode()
    interaction.SetCurrentInteractionMode(interaction.ViewTransform)
    slicer_rig.drain_events(0.1)
    np.testing.assert_allclose(place("hotspot"), before)
    assert not [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "Click" in node.GetName()]


def test_a_hotspot_placed_before_the_run_is_used_and_not_estimated(panel, head):
    panel.inputSelector.setCurrentNode(head)
    wanted = np.array([-36.0, -18.0, 68.0])
    click_at(panel, wanted)
    run_to_end(panel)
    assert len([node for node in nodes("vtkMRMLMarkupsFiducialNode") if "landmarks" in node.GetName()]) == 1
    np.testing.assert_allclose(place("hotspot"), wanted, atol=3)
    assert "estimated" not in label("hotspot")
    assert panel.hotspotSelector.currentText == "Placed by me"
    assert "5-cm landmark" in panel.distanceLabel.text


def test_my_own_hotspot_without_one_is_refused_before_anything_runs(panel, head):
    panel.inputSelector.setCurrentNode(head)
    panel.hotspotSelector.currentIndex = 1
    panel.segmentButton.click()
    assert panel.statusLabel.text.startswith("Place the motor hotspot first")
    assert panel.segmentButton.text == "Segment"


def test_a_target_or_landmarks_that_the_user_deletes_are_left_out(segmented):
    slicer.mrmlScene.RemoveNode(slicer.util.getNode("head Left DLPFC target"))
    drag("hotspot", (2, 0, 0))
    assert segmented.distanceLabel.text == ""
    slicer.mrmlScene.RemoveNode(landmarks())
    segmented.ruleSpinBox.value = 55
    assert segmented.distanceLabel.text == ""
    assert segmented.resultLabel.text == "Left: 7.9 ml, score 0.93"


def test_under_a_transform_the_landmark_is_walked_on_the_scalp_where_it_is(panel, head):
    turn = np.array([[0.0, -1, 0, 20], [1, 0, 0, -10], [0, 0, 1, 5], [0, 0, 0, 1]])
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    hotspot, landmark = place("hotspot"), place("landmark")
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(turn))
    for node in (head, landmarks(), *nodes("vtkMRMLModelNode"), *nodes("vtkMRMLSegmentationNode")):
        node.SetAndObserveTransformNodeID(transform.GetID())
    np.testing.assert_allclose(place("landmark"), (turn @ [*landmark, 1])[:3], atol=1e-3)
    panel.ruleSpinBox.value = 55
    assert np.linalg.norm(place("landmark") - place("hotspot")) > 45
    panel.ruleSpinBox.value = 50
    # The axes of this head are those of RAS, and they turn with it: forward is now towards -R.
    np.testing.assert_allclose(place("landmark"), (turn @ [*landmark, 1])[:3], atol=2.5)
    np.testing.assert_allclose(place("hotspot"), (turn @ [*hotspot, 1])[:3], atol=1e-3)


def test_a_hotspot_of_mine_survives_a_run_with_an_estimated_one(panel, head):
    panel.inputSelector.setCurrentNode(head)
    mine = np.array([-36.0, -18.0, 68.0])
    click_at(panel, mine)
    my_list = landmarks()
    panel.hotspotSelector.currentIndex = 0
    run_to_end(panel)
    assert landmarks() is not my_list
    np.testing.assert_allclose(place("hotspot", my_list), mine)
    assert label("hotspot") == "Motor hotspot (estimated)"


def test_each_volume_says_where_its_own_hotspot_comes_from(segmented, head):
    drag("hotspot", (6, 8, 0))
    other = add_head("other")
    segmented.inputSelector.setCurrentNode(other)
    segmented.hotspotSelector.currentIndex = 0
    run_to_end(segmented)
    segmented.inputSelector.setCurrentNode(head)
    assert segmented.hotspotSelector.currentText == "Placed by me"
    segmented.inputSelector.setCurrentNode(other)
    assert segmented.hotspotSelector.currentText == "Estimated from anatomy"
