"""The coil over one side's target as a model: a sign for place and turn, no make's true shape."""

import functools
import json

import numpy as np
import slicer
import vtk

from ...geometry import spaces
from ...targeting import mesh
from ...targeting.coil import coil_surface
from . import node_roles
from .volume_node import parent_to_world

_POSE = "DLPFCSegmenter.Pose"
_ENTRY = "DLPFCSegmenter.Entry"
COLOUR_RGB = (0.2, 0.2, 0.22)
_OPACITY = 0.35
"""Target and names under the coil are seen through it."""


def add_coil(volume_node: slicer.vtkMRMLScalarVolumeNode, hemisphere: str) -> slicer.vtkMRMLModelNode:
    """A new model beside the scan; it shows nothing before `show_coil`."""
    name = f"{volume_node.GetName()} coil ({hemisphere})"
    return add_named_coil(name, node_roles.COIL, volume_node, hemisphere)


def add_named_coil(
    name: str, role: str, volume_node: slicer.vtkMRMLScalarVolumeNode, hemisphere: str = ""
) -> slicer.vtkMRMLModelNode:
    """As `add_coil`, of a role of `node_roles`."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLModelNode", slicer.mrmlScene.GenerateUniqueName(name))
    node_roles.place_beside(node, volume_node)
    node_roles.mark(node, role, volume_node, hemisphere)
    node.SetAndObservePolyData(_glyph())
    node.CreateDefaultDisplayNodes()
    display = node.GetDisplayNode()
    display.SetColor(*COLOUR_RGB)
    display.SetOpacity(_OPACITY)
    display.SetVisibility3D(False)
    return node


def show_coil(node: slicer.vtkMRMLModelNode, entry_ras_mm: np.ndarray | None, pose_ras_mm: np.ndarray) -> None:
    """Put the coil at a pose (4x4, coil to world RAS mm, axes of `geometry.poses`), over a scalp entry, if any."""
    to_node = np.linalg.inv(parent_to_world(node))
    pose_mm = to_node @ pose_ras_mm
    with slicer.util.NodeModify(node):
        node.SetAttribute(_POSE, json.dumps(pose_mm.tolist()))
        if entry_ras_mm is not None:
            node.SetAttribute(_ENTRY, json.dumps(spaces.transform_points(to_node, entry_ras_mm).tolist()))
        node.SetAndObservePolyData(mesh.moved(_glyph(), pose_mm))
        node.GetDisplayNode().SetVisibility3D(True)


def hide_coil(node: slicer.vtkMRMLModelNode) -> None:
    """There is no place for the coil; whether the user wants to see it is kept."""
    node.RemoveAttribute(_POSE)
    node.RemoveAttribute(_ENTRY)
    node.GetDisplayNode().SetVisibility3D(False)


def pose_ras_mm(node: slicer.vtkMRMLModelNode) -> np.ndarray | None:
    """The pose that is shown, 4x4, coil to world RAS mm; None where there is no place for a coil."""
    kept = node.GetAttribute(_POSE)
    return parent_to_world(node) @ np.array(json.loads(kept)) if kept else None


def entry_ras_mm(node: slicer.vtkMRMLModelNode) -> np.ndarray | None:
    """The scalp under the coil, world RAS mm, shape (3,); None where there is no place for a coil."""
    kept = node.GetAttribute(_ENTRY)
    return spaces.transform_points(parent_to_world(node), np.array(json.loads(kept))) if kept else None


@functools.cache
def _glyph() -> vtk.vtkPolyData:
    return coil_surface(np.eye(4))
