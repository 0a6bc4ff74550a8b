"""Names of points in the 3-D view: none lies over another, and as many as can be stay at their points."""

from itertools import combinations

import numpy as np
import pytest
import slicer

import slicer_rig
from DLPFCSegmenterLib.application.nodes import node_roles, plan_points, points_node, views
from DLPFCSegmenterLib.application.nodes.name_places import Corner, Name, Placed, arranged
from DLPFCSegmenterLib.export.formats.markups_json import BESIDE_NAMES

TARGET_RAS_MM = np.array([-38.0, 42.0, 28.0])


@pytest.fixture
def camera():
    return slicer.mrmlScene.AddNewNodeByClass("vtkMRMLCameraNode")


def overlap(one, other):
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def add(head, role, name, place_ras_mm, side="left"):
    node = node_roles.latest(role, head, side) or plan_points.add_list(role, head, side)
    points_node.move_point(node, name, place_ras_mm)
    points_node.name_point(node, name, name)
    return node


def label(node, name):
    return node.GetNthControlPointLabel(points_node.keys(node).index(name))


def stand(node, name):
    """Side and height of a list's names, as their text is justified, and blanks before the name of a point."""
    text = node.GetDisplayNode().GetTextProperty()
    blanks = label(node, name).count(BESIDE_NAMES)
    return text.GetJustificationAsString(), text.GetVerticalJustificationAsString(), blanks


@pytest.mark.parametrize("seed", range(20))
def test_no_name_lies_over_another_and_those_with_room_stay(seed):
    random = np.random.default_rng(seed)
    lists = [
        (
            Corner(*(random.uniform(size=2) < 0.5)),
            [Name(*random.uniform(-60, 60, 2), random.uniform(20, 90)) for _ in range(count)],
        )
        for count in (1, 2, 3, 1, 4, 8)
    ]
    found = arranged(lists, 3.0)
    boxes = [box for placed in found for box in placed.boxes_px]
    assert not any(overlap(*pair) for pair in combinations(boxes, 2))
    assert found[0] == Placed(lists[0][0], (0.0,), (lists[0][1][0].box_px(lists[0][0], 0.0),))
    pushes = [push for placed in found for push in placed.pushes_px]
    assert all(push % 3.0 == 0.0 for push in pushes)
    for number, (push, box) in enumerate(zip(pushes, boxes, strict=True)):
        name = [each for _corner, names in lists for each in names][number]
        corner = [placed.corner for placed in found for _ in placed.boxes_px][number]
        assert box == name.box_px(corner, push)
        assert (push > 0.0) == any(overlap(name.box_px(corner, 0.0), other) for other in boxes[:number])


def test_a_list_takes_another_corner_before_its_name_leaves_the_picture_and_only_then():
    right = Corner()
    long = (right, [Name(0.0, 0.0, 200.0)])
    close = (right, [Name(-10.0, 5.0, 100.0)])
    assert [placed.corner for placed in arranged([long, close], 3.0)] == [right, Corner(is_left=True)]
    apart = (right, [Name(-10.0, 40.0, 100.0)])
    assert arranged([long, apart], 3.0)[1] == Placed(right, (0.0,), ((-10.0, 90.0, 40.0, 55.0),))


def test_names_of_all_lists_of_a_scan_leave_room_for_each_other_and_the_targets_stays(panel, head, camera):
    panel.inputSelector.setCurrentNode(head)
    views.show_side("left", TARGET_RAS_MM, None)
    target = add(head, node_roles.TARGET, "Left target", TARGET_RAS_MM)
    published = add(head, node_roles.LITERATURE, "L Anti-subgenual (MNI)", TARGET_RAS_MM + (1, 2, 2))
    places = add(head, node_roles.CIRCUIT, "Circuit 1", TARGET_RAS_MM + (12, -3, 8))
    far = add(head, node_roles.LANDMARKS, "L Motor hotspot", TARGET_RAS_MM + (0, -60, 40))
    assert slicer_rig.drain_events(5, until=lambda: stand(published, "L Anti-subgenual (MNI)") != ("Left", "Bottom", 0))
    assert stand(target, "Left target") == ("Left", "Bottom", 0) == stand(far, "L Motor hotspot")
    assert stand(places, "Circuit 1") == ("Right", "Top", 0), "inwards and below"
    assert points_node.label(published, "L Anti-subgenual (MNI)") == "L Anti-subgenual (MNI)"


def test_names_find_their_places_anew_when_the_head_is_turned_or_a_point_is_hidden(panel, head, camera):
    panel.inputSelector.setCurrentNode(head)
    views.show_side("left", TARGET_RAS_MM, None)
    node = add(head, node_roles.OWN, "Session 1", TARGET_RAS_MM, "")
    add(head, node_roles.OWN, "Session 2", TARGET_RAS_MM + (14.0, -14.0, 0.0), "")
    assert slicer_rig.drain_events(5, until=lambda: BESIDE_NAMES in label(node, "Session 2")), "one behind the other"
    camera.SetPosition(*(TARGET_RAS_MM + (0.0, 0.0, 400.0)))
    camera.SetViewUp(0.0, 1.0, 0.0)
    assert slicer_rig.drain_events(5, until=lambda: BESIDE_NAMES not in label(node, "Session 2"))
    views.show_side("left", TARGET_RAS_MM, None)
    assert slicer_rig.drain_events(5, until=lambda: BESIDE_NAMES in label(node, "Session 2"))
    text = node.GetDisplayNode().GetTextProperty()
    assert text.GetBackgroundOpacity() > 0.0
    add(head, node_roles.OWN, "Session 3", TARGET_RAS_MM + (-14.0, 14.0, 0.0), "")
    assert slicer_rig.drain_events(5, until=lambda: BESIDE_NAMES in label(node, "Session 3"))
    assert text.GetBackgroundOpacity() == 0.0, "blanks would darken the name that they pass"
    points_node.set_visible(node, "Session 3", False)
    points_node.set_visible(node, "Session 1", False)
    assert slicer_rig.drain_events(5, until=lambda: BESIDE_NAMES not in label(node, "Session 2"))
    assert text.GetBackgroundOpacity() > 0.0
