"""The tracked coil over the head, where it is at this moment: seen while it is tracked, and kept in no scene file."""

import numpy as np
import slicer

from ...targeting.coil import coil_surface

IN_PLACE_RGB, OFF_RGB = (0.0, 0.62, 0.45), (0.84, 0.37, 0.0)


class LiveCoil:
    """A model under a transform of its own, made when it is first shown."""

    def __init__(self) -> None:
        self._model: slicer.vtkMRMLModelNode | None = None
        self._transform: slicer.vtkMRMLLinearTransformNode | None = None

    @property
    def is_shown(self) -> bool:
        """Whether it is in the scene, and not hidden."""
        is_there = self._model is not None and self._model.GetScene() is not None
        return is_there and bool(self._model.GetDisplayNode().GetVisibility())

    def show(self, pose_ras_mm: np.ndarray, in_place: bool) -> None:
        """Put it at a pose (4x4, coil to world RAS mm, axes of `geometry.poses`)."""
        if self._model is None or self._model.GetScene() is None:
            self._make()
        self._transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(pose_ras_mm))
        display = self._model.GetDisplayNode()
        display.SetColor(*(IN_PLACE_RGB if in_place else OFF_RGB))
        display.SetVisibility(True)

    def hide(self) -> None:
        """It is lost."""
        if self.is_shown:
            self._model.GetDisplayNode().SetVisibility(False)

    def remove(self) -> None:
        """Nobody is guided any more."""
        for node in (self._model, self._transform):
            if node is not None and node.GetScene() is not None:
                slicer.mrmlScene.RemoveNode(node)
        self._model = self._transform = None

    def _make(self) -> None:
        self.remove()
        scene = slicer.mrmlScene
        self._transform = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "Tracked coil's place")
        self._model = scene.AddNewNodeByClass("vtkMRMLModelNode", "Tracked coil")
        for node in (self._transform, self._model):
            node.SetHideFromEditors(True)
            node.SetSaveWithScene(False)
        self._model.SetAndObservePolyData(coil_surface(np.eye(4)))
        self._model.CreateDefaultDisplayNodes()
        self._model.GetDisplayNode().SetSaveWithScene(False)
        self._model.SetAndObserveTransformNodeID(self._transform.GetID())
