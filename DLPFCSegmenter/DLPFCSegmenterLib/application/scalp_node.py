"""The scalp surface as a model node, so that a saved scene can go on walking on it."""

import slicer
import vtk
from slicer.i18n import tr as _

from ..targeting.scalp import Scalp
from . import links

_OPACITY = 0.25
_COLOUR_RGB = (0.9, 0.85, 0.8)


def add_scalp(scalp: Scalp, volume_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLModelNode:
    """A half transparent model beside the scan, following its transform."""
    name = slicer.mrmlScene.GenerateUniqueName(_("{volume} scalp").format(volume=volume_node.GetName()))
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLModelNode", name)
    links.place_beside(node, volume_node)
    links.mark(node, links.SCALP, volume_node, "")
    node.SetAndObservePolyData(_transformed(scalp.surface, node, to_world=False))
    node.CreateDefaultDisplayNodes()
    node.GetDisplayNode().SetOpacity(_OPACITY)
    node.GetDisplayNode().SetColor(*_COLOUR_RGB)
    return node


def scalp_from_node(node: slicer.vtkMRMLModelNode) -> Scalp:
    """The core's scalp in world RAS mm."""
    return Scalp(_transformed(node.GetPolyData(), node, to_world=True), node.GetName())


def _transformed(surface: vtk.vtkPolyData, node: slicer.vtkMRMLModelNode, to_world: bool) -> vtk.vtkPolyData:
    parent = node.GetParentTransformNode()
    if parent is None:
        return surface
    matrix = vtk.vtkMatrix4x4()
    parent.GetMatrixTransformToWorld(matrix) if to_world else parent.GetMatrixTransformFromWorld(matrix)
    transform = vtk.vtkTransform()
    transform.SetMatrix(matrix)
    mover = vtk.vtkTransformPolyDataFilter()
    mover.SetTransform(transform)
    mover.SetInputData(surface)
    mover.Update()
    return mover.GetOutput()
