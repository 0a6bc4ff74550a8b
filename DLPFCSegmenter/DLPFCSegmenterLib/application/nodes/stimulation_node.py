"""Where the coil was held, as a locked list of points of a scan, each with the coil's axes and its time."""

import numpy as np
import slicer
import vtk

from ...geometry import spaces
from ...geometry.poses import nearest_rigid, pose_from_axes
from ...geometry.sides import SIDES
from ...targeting.stimulation import Stimulation
from . import node_roles, points_node
from .volume_node import parent_to_world

COLOUR_RGB = (0.0, 114 / 255, 178 / 255)
"""Blue of Okabe and Ito's palette."""


def add_stimulation(volume_node: slicer.vtkMRMLScalarVolumeNode, held: Stimulation, from_own: np.ndarray) -> str:
    """Add a pose to the scan's list of its side, which is made if there is none; returns the point's label.

    from_own  4x4, the space of the pose (the scan's own RAS mm) to world RAS mm
    """
    node = node_roles.latest(node_roles.STIMULATED, volume_node, held.hemisphere)
    if node is None:
        node = points_node.add_points_node(f"{volume_node.GetName()} stimulated here", COLOUR_RGB)
        node_roles.place_beside(node, volume_node)
        node_roles.mark(node, node_roles.STIMULATED, volume_node, held.hemisphere)
        node.SetLocked(True)
        node.GetDisplayNode().SetPointLabelsVisibility(False)  # dozens lie at one place
    pose = nearest_rigid(from_own @ held.pose_ras_mm)
    index = node.AddControlPointWorld(vtk.vtkVector3d(*pose[:3, 3]))
    node.SetNthControlPointOrientationMatrixWorld(index, _axes_of(pose))
    node.SetNthControlPointLabel(index, f"Stimulated {index + 1}")
    node.SetNthControlPointDescription(index, held.time)
    return node.GetNthControlPointLabel(index)


def _axes_of(pose: np.ndarray) -> vtk.vtkMatrix3x3:
    axes = vtk.vtkMatrix3x3()
    axes.DeepCopy(pose[:3, :3].ravel().tolist())
    return axes


def stimulations_of(volume_node: slicer.vtkMRMLScalarVolumeNode) -> tuple[Stimulation, ...]:
    """The poses that are still listed, in the scan's own RAS mm, the earliest first."""
    nodes = [each for side in SIDES for each in node_roles.every(node_roles.STIMULATED, volume_node, side)]
    held = [_held(node, i) for node in nodes for i in range(node.GetNumberOfControlPoints())]
    return tuple(sorted(held, key=lambda each: each.time))


def _held(node: slicer.vtkMRMLMarkupsFiducialNode, index: int) -> Stimulation:
    axes, place = vtk.vtkMatrix3x3(), node.GetNthControlPointPositionWorld(index)
    node.GetNthControlPointOrientationMatrixWorld(index, axes)
    columns = [[axes.GetElement(row, column) for row in range(3)] for column in range(3)]
    to_own = np.linalg.inv(parent_to_world(node_roles.referred(node, node_roles.VOLUME)))
    pose = nearest_rigid(to_own @ pose_from_axes(*columns, place))
    pose[:3, 3] = spaces.transform_points(to_own, place)
    return Stimulation(node_roles.hemisphere_of(node), pose, node.GetNthControlPointDescription(index))
