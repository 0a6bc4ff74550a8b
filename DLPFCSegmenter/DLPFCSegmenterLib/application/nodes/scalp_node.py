"""The scalp surface as a model node, so that a saved scene can go on walking on it."""

import numpy as np
import slicer
import vtk

from ...targeting import mesh
from ...targeting.scalp import Scalp
from . import node_roles
from .volume_node import parent_to_world

_MOST_ROUNDS = 20
_OPACITY = 0.4
COLOUR_RGB = (0.9, 0.75, 0.65)


def add_scalp(scalp: Scalp, volume_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLModelNode:
    """A half transparent model beside the scan, following its transform."""
    name = slicer.mrmlScene.GenerateUniqueName(f"{volume_node.GetName()} scalp")
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLModelNode", name)
    node_roles.place_beside(node, volume_node)
    node_roles.mark(node, node_roles.SCALP, volume_node, "")
    node.SetAndObservePolyData(_as_saved(_moved(scalp, np.linalg.inv(parent_to_world(node))).surface))
    node.CreateDefaultDisplayNodes()
    node.GetDisplayNode().SetOpacity(_OPACITY)
    node.GetDisplayNode().SetColor(*COLOUR_RGB)
    return node


def scalp_in(node: slicer.vtkMRMLModelNode, from_world: np.ndarray) -> Scalp:
    """The core's scalp of a model node, taken from world RAS mm into another space by a 4x4."""
    volume_node = node_roles.referred(node, node_roles.VOLUME)
    source = volume_node.GetName() if volume_node else node.GetName()
    return _moved(Scalp(node.GetPolyData(), source), from_world @ parent_to_world(node))


def surface_key(node: slicer.vtkMRMLModelNode) -> tuple:
    """What changes as soon as the surface is another; the times of mesh and points change when VTK only reads them."""
    return node.GetID(), node.GetPolyData().GetPointData().GetMTime()


class ScalpReader:
    """The core's scalp of a model node; kept until node, surface or transform change.

    A scalp builds search trees when it is first asked, which is too slow to be done for each step of a
    point that is dragged.
    """

    def __init__(self) -> None:
        self._key: tuple = ()
        self._scalp: Scalp | None = None

    def prepare_skin(self, node: slicer.vtkMRMLModelNode) -> None:
        """Do half of what makes the first question slow."""
        self.read(node).skin  # noqa: B018 (it is kept from now on)

    def forget(self) -> None:
        """The node is about to go."""
        self._key, self._scalp = (), None

    def read(self, node: slicer.vtkMRMLModelNode) -> Scalp:
        """World RAS mm, with the head's axes."""
        matrix = parent_to_world(node)
        key = (*surface_key(node), matrix.tobytes())
        if key != self._key:
            self._key, self._scalp = key, scalp_in(node, np.eye(4))
        return self._scalp


def _as_saved(surface: vtk.vtkPolyData) -> vtk.vtkPolyData:
    """The surface with normals that saving and loading leave as they are, so that a reopened scene gives the same coil.

    Slicer turns models to LPS and back, which brings normals to length 1 in single precision; here that is done
    until it changes nothing any more.
    """
    to_lps = vtk.vtkTransform()
    to_lps.Scale(-1, -1, 1)
    for _again in range(_MOST_ROUNDS):
        before = surface
        for _way in ("there", "back"):
            turn = vtk.vtkTransformPolyDataFilter()
            turn.SetTransform(to_lps)
            turn.SetInputData(surface)
            turn.Update()
            surface = turn.GetOutput()
        if np.array_equal(mesh.normals_of(surface), mesh.normals_of(before)):
            break
    return surface


def _moved(scalp: Scalp, matrix: np.ndarray) -> Scalp:
    """The scalp under a linear 4x4 transform, its axes turned with it."""
    if np.allclose(matrix, np.eye(4), atol=1e-12):
        return scalp
    axes = scalp.head_axes_ras @ matrix[:3, :3].T
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    return Scalp(mesh.moved(scalp.surface, matrix), scalp.source).with_head_axes(axes)
