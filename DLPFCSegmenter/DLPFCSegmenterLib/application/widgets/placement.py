"""One click in a view gives one point."""

from collections.abc import Callable

import numpy as np
import slicer
from slicer.util import VTKObservationMixin

from ...sentences import tr as _
from ..timers import later


class PointPlacement(VTKObservationMixin):
    """Slicer's place mode for a single point, through a list that lives until the click."""

    def __init__(self) -> None:
        VTKObservationMixin.__init__(self)
        self._on_placed: Callable[[np.ndarray], None] | None = None
        self._node: slicer.vtkMRMLMarkupsFiducialNode | None = None

    def start(self, point: str, on_placed: Callable[[np.ndarray], None]) -> None:
        """Wait for a click and tell its place, world RAS mm; Esc or another mouse mode ends the waiting.

        point  what is to be clicked on, in words
        """
        self.stop()
        self._on_placed = on_placed
        name = _("Click: {point}", point=point)
        self._node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsFiducialNode", name)
        self._node.CreateDefaultDisplayNodes()
        self.addObserver(self._node, self._node.PointPositionDefinedEvent, self._on_click)
        interaction = slicer.app.applicationLogic().GetInteractionNode()
        _activate(self._node)
        interaction.SetPlaceModePersistence(False)
        interaction.SetCurrentInteractionMode(interaction.Place)
        self.addObserver(interaction, interaction.InteractionModeChangedEvent, self._on_mode_changed)

    def stop(self) -> None:
        """Leave no list behind, nor Slicer waiting for a click that would make one of its own."""
        self.removeObservers()
        node, self._node = self._node, None
        if node is None:
            return
        _stop_waiting(node)
        if node.GetScene() is not None:
            slicer.mrmlScene.RemoveNode(node)

    def _on_click(self, caller=None, event=None) -> None:
        """The view is still busy with the list: take it away when it is done."""
        position = np.array(self._node.GetNthControlPointPositionWorld(0))
        self.removeObservers()
        later(lambda: self._finish(position))

    def _finish(self, position_ras_mm: np.ndarray) -> None:
        self.stop()
        self._on_placed(position_ras_mm)

    def _on_mode_changed(self, caller=None, event=None) -> None:
        """The mode also ends with the click itself, which comes before or after: let it win."""
        later(self._stop_if_not_clicked)

    def _stop_if_not_clicked(self) -> None:
        if self._node is not None and self._node.GetNumberOfDefinedControlPoints() == 0:
            self.stop()


def _activate(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    selection = slicer.app.applicationLogic().GetSelectionNode()
    selection.SetReferenceActivePlaceNodeClassName("vtkMRMLMarkupsFiducialNode")
    selection.SetActivePlaceNodeID(node.GetID())


def _stop_waiting(node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
    """Leave place mode, unless the user is placing points into another list by now."""
    logic = slicer.app.applicationLogic()
    selection, interaction = logic.GetSelectionNode(), logic.GetInteractionNode()
    if selection.GetActivePlaceNodeID() not in (None, node.GetID()):
        return
    selection.SetActivePlaceNodeID(None)
    if interaction.GetCurrentInteractionMode() == interaction.Place:
        interaction.SetCurrentInteractionMode(interaction.ViewTransform)
