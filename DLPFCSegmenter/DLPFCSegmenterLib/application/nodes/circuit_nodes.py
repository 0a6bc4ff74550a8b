"""What resting-state fMRI says of a scan, in the scene: the map over it, ranked places of each side, and the record."""

from dataclasses import replace

import numpy as np
import slicer
import vtk

from ...circuit.circuit import Circuit, CircuitSide
from ...plan import Plan
from ...scan.volume import Volume
from ...sentences import say
from . import node_roles, plan_points, points_node, views
from .segmentation_node import findings, is_edited, keep_findings, mask_fingerprint
from .volume_node import ijk_to_world, parent_to_world

_MEASURED_ON = "DLPFCSegmenter.CircuitMask"
_OF_FMRI = "bold_"
_LEAST_Z = 0.05
"""Nearer to 0 the map is seen through."""
_COLOURS = "vtkMRMLColorTableNodeRainbow"
"""Red for its lowest value."""


def key_of(rank: int) -> str:
    """The key of a ranked place, 1 for the best, as exports have it."""
    return f"circuit_{rank}"


def keep_circuit(
    segmentation: slicer.vtkMRMLSegmentationNode,
    volume_node: slicer.vtkMRMLScalarVolumeNode,
    measured_on: str,
    circuit: Circuit,
    side: CircuitSide,
) -> None:
    """Let a mask know what was measured in it, when it was `mask_now`, and show its ranked places.

    What was measured is in RAS mm of the scan's own space.
    """
    plan, hemisphere = findings(segmentation), node_roles.hemisphere_of(segmentation)
    own_to_world = parent_to_world(volume_node)
    to_run = plan.volume.ijk_to_ras @ np.linalg.inv(ijk_to_world(volume_node)) @ own_to_world
    measured = replace(plan.sides[hemisphere], circuit=side.moved(to_run))
    others = tuple(each for each in plan.warnings if not getattr(each, "key", "").startswith(_OF_FMRI))
    plan = replace(
        plan, sides={hemisphere: measured}, circuit=replace(circuit, z_map=None),
        options=replace(plan.options, circuit=circuit.choices), warnings=(*others, *circuit.warnings),
    )  # fmt: skip
    keep_findings(segmentation, plan)
    segmentation.SetAttribute(_MEASURED_ON, measured_on)
    show_places(segmentation, volume_node, side.moved(own_to_world))


def show_places(
    segmentation: slicer.vtkMRMLSegmentationNode, volume_node: slicer.vtkMRMLScalarVolumeNode, side: CircuitSide
) -> None:
    """Ranked places, world RAS mm, as a locked list that the mask refers to; none where there is no place."""
    before = node_roles.referred(segmentation, node_roles.CIRCUIT)
    if before is not None:
        slicer.mrmlScene.RemoveNode(before)
    if not side.targets:
        return
    node = plan_points.add_list(node_roles.CIRCUIT, volume_node, node_roles.hemisphere_of(segmentation))
    for rank, target in enumerate(side.targets, 1):
        points_node.move_point(node, key_of(rank), target.position_ras_mm)
        told = say("z {z:.2f} with the subgenual cingulate", z=target.z)
        points_node.describe_point(node, key_of(rank), say("Circuit {rank}", rank=rank), told)
        points_node.remember(node, key_of(rank))
    node.SetLocked(True)
    node_roles.refer(segmentation, node_roles.CIRCUIT, node)
    views.hide_unless_shown([node], volume_node)


def mask_now(segmentation: slicer.vtkMRMLSegmentationNode) -> str:
    """A text that is another for another mask."""
    return str(mask_fingerprint(segmentation))


def is_outdated(segmentation: slicer.vtkMRMLSegmentationNode) -> bool:
    """Whether the mask is another than the one in which the fMRI was looked at."""
    measured_on = segmentation.GetAttribute(_MEASURED_ON)
    return is_edited(segmentation) if measured_on is None else measured_on != mask_now(segmentation)


def findings_now(segmentation: slicer.vtkMRMLSegmentationNode) -> Plan:
    """The plan of a side, whose fMRI chooses nothing in another mask than it was looked at in."""
    plan, hemisphere = findings(segmentation), node_roles.hemisphere_of(segmentation)
    side = plan.sides[hemisphere]
    if side.circuit is None or not is_outdated(segmentation):
        return plan
    return replace(plan, sides={hemisphere: replace(side, circuit=side.circuit.of_another_mask(hemisphere))})


def show_map(z_map: Volume, volume_node: slicer.vtkMRMLScalarVolumeNode, to_own: np.ndarray) -> None:
    """The map as a volume beside the scan, in place of an earlier one; 4x4, its world to the scan's own RAS mm."""
    node = map_node(volume_node)
    if node is None:
        name = slicer.mrmlScene.GenerateUniqueName(f"{volume_node.GetName()} connectivity")
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", name)
        node_roles.place_beside(node, volume_node)
        node_roles.mark(node, node_roles.CIRCUIT_MAP, volume_node, "")
        node.CreateDefaultDisplayNodes()
    slicer.util.updateVolumeFromArray(node, np.nan_to_num(z_map.array_kji.astype(np.float32)))
    matrix = vtk.vtkMatrix4x4()
    matrix.DeepCopy((to_own @ z_map.ijk_to_ras).ravel().tolist())
    node.SetIJKToRASMatrix(matrix)
    lowest = min(float(np.nanmin(z_map.array_kji)), -2 * _LEAST_Z)
    display = node.GetDisplayNode()
    display.SetAndObserveColorNodeID(_COLOURS)
    display.AutoWindowLevelOff()
    display.SetWindowLevelMinMax(lowest, 0.0)
    display.AutoThresholdOff()
    display.SetThreshold(lowest, -_LEAST_Z)
    display.ApplyThresholdOn()


def map_node(volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> slicer.vtkMRMLScalarVolumeNode | None:
    """The volume of a scan's map, where there is one."""
    return volume_node and node_roles.latest(node_roles.CIRCUIT_MAP, volume_node, "")


def map_of(volume_node: slicer.vtkMRMLScalarVolumeNode, to_own: np.ndarray) -> Volume | None:
    """The map, from world RAS mm by a 4x4 into another space; NaN where there is none."""
    node = map_node(volume_node)
    if node is None:
        return None
    values = slicer.util.arrayFromVolume(node)
    return Volume(np.where(values == 0, np.float32(np.nan), values), to_own @ ijk_to_world(node))
