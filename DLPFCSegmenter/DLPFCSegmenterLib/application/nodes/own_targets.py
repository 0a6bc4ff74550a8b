"""Targets of a person's own as a list of points of the scan, in the person's order, and a coil over each.

A point's label is the target's name, and one that is shown goes out. What a target brought with it, its coil and its
words, is kept in the list's own space and holds until the point is moved.
"""

from dataclasses import replace

import numpy as np
import slicer

from ...export.targets import PlannedTarget, moved
from ...sentences import say
from ...serial import from_text, to_text
from . import coil_node, node_roles, plan_points, points_node
from .volume_node import parent_to_world

_BROUGHT = "DLPFCSegmenter.Brought."
_POINT = "DLPFCSegmenter.Point"
_SAME_PLACE_MM = 0.01


def list_of(volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> slicer.vtkMRMLMarkupsFiducialNode | None:
    """The list of a scan, None where it has no such targets."""
    return volume_node and node_roles.latest(node_roles.OWN, volume_node, "")


def add(volume_node: slicer.vtkMRMLScalarVolumeNode, target: PlannedTarget) -> str:
    """A target, world RAS mm, at the end of the scan's list, which is made if there is none; gives its key."""
    node = list_of(volume_node) or plan_points.add_list(node_roles.OWN, volume_node, "")
    taken = points_node.keys(node)
    key = next(name for name in map(str, range(1, len(taken) + 2)) if name not in taken)
    with slicer.util.NodeModify(node):
        brought = moved(target, np.linalg.inv(parent_to_world(node)))
        node.SetAttribute(_BROUGHT + key, to_text(brought, PlannedTarget))
        points_node.move_point(node, key, target.position_ras_mm)
        points_node.describe_point(node, key, target.label, target.description)
        points_node.name_point(node, key, target.label)
        points_node.set_visible(node, key, True)
    return key


def add_missing(volume_node: slicer.vtkMRMLScalarVolumeNode, targets: tuple[PlannedTarget, ...]) -> None:
    """Add those targets, world RAS mm, that the scan's list does not hold yet."""
    there = [(target.label, *target.position_ras_mm.round(2)) for target in targets_in(volume_node).values()]
    for target in targets:
        if (target.label, *target.position_ras_mm.round(2)) not in there:
            add(volume_node, target)


def targets_in(volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> dict[str, PlannedTarget]:
    """Key -> the target as a person has it now, world RAS mm, in the list's order."""
    node = list_of(volume_node)
    return {} if node is None else {key: _target(node, key) for key in points_node.keys(node)}


def _target(node: slicer.vtkMRMLMarkupsFiducialNode, key: str) -> PlannedTarget:
    place_ras_mm, label = points_node.position_ras_mm(node, key), points_node.label(node, key)
    text = node.GetAttribute(_BROUGHT + key)
    if text:
        brought = moved(from_text(text, PlannedTarget), parent_to_world(node))
        if np.linalg.norm(brought.position_ras_mm - place_ras_mm) < _SAME_PLACE_MM:
            return replace(brought, label=label, key="")
    return PlannedTarget(label, place_ras_mm, description=say("placed by hand"))


def move_in_order(node: slicer.vtkMRMLMarkupsFiducialNode, key: str, steps: int) -> None:
    """Let a target change places with the one so many lines further down, if there is one."""
    keys = points_node.keys(node)
    other = keys.index(key) + steps
    if 0 <= other < len(keys):
        points_node.swap(node, key, keys[other])


def remove(volume_node: slicer.vtkMRMLScalarVolumeNode, key: str) -> None:
    """Take a target away, with its coil."""
    node = list_of(volume_node)
    node.RemoveAttribute(_BROUGHT + key)
    points_node.remove_point(node, key)
    sweep(volume_node)


def sweep(volume_node: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Remove the coils of targets that are gone."""
    there = targets_in(volume_node)
    for coil in node_roles.every(node_roles.OWN_COIL, volume_node, ""):
        if coil.GetAttribute(_POINT) not in there:
            slicer.mrmlScene.RemoveNode(coil)


def show_coil(volume_node: slicer.vtkMRMLScalarVolumeNode, key: str, target: PlannedTarget) -> None:
    """Let the coil of a target, world RAS mm, lie where the target has it, and be seen while the target is."""
    coils = node_roles.every(node_roles.OWN_COIL, volume_node, "")
    coil = next((each for each in coils if each.GetAttribute(_POINT) == key), None)
    if target.coil_pose_ras_mm is None:
        if coil is not None:
            coil_node.hide_coil(coil)
        return
    if coil is None:
        name = f"{volume_node.GetName()} coil of {target.label}"
        coil = coil_node.add_named_coil(name, node_roles.OWN_COIL, volume_node)
        coil.SetAttribute(_POINT, key)
    shown = coil_node.pose_ras_mm(coil)
    if shown is None or not np.array_equal(shown, target.coil_pose_ras_mm):
        coil_node.show_coil(coil, target.entry_ras_mm, target.coil_pose_ras_mm)
    is_seen = points_node.is_visible(list_of(volume_node), key)
    if bool(coil.GetDisplayVisibility()) != is_seen:
        coil.SetDisplayVisibility(is_seen)
