"""The panel: one object for each section, joined by the parameter node."""

import slicer
import vtk
from slicer.util import VTKObservationMixin

from .landmark_section import LandmarkSection
from .parameters import HotspotSource, PanelParameters, plan_options
from .run import Run, RunListener
from .segment_section import SegmentSection
from .volume_section import VolumeSection


class Panel(VTKObservationMixin):
    """Passes the user's choices to the sections and their results to each other.

    logic  the module's logic: parameter node and runs
    """

    def __init__(self, ui, logic) -> None:
        VTKObservationMixin.__init__(self)
        self._ui = ui
        self._logic = logic
        self._parameters: PanelParameters | None = None
        self._gui_tag = None
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._volume_section = VolumeSection(ui)
        self._segment_section = SegmentSection(ui, self._start_run, self._show_volume)
        self._landmark_section = LandmarkSection(ui, self._set_hotspot_source)

    def open(self) -> None:
        """Bind to the scene's parameter node, made if there is none; a first volume is chosen."""
        self.close()
        self._parameters = self._logic.getParameterNode()
        if not self._parameters.inputVolume:
            self._parameters.inputVolume = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLScalarVolumeNode")
        self._gui_tag = self._parameters.connectGui(self._ui)
        self.addObserver(self._parameters, vtk.vtkCommand.ModifiedEvent, self._on_choice)
        self._landmark_section.set_choices(self._parameters)
        self._show_volume()

    def close(self) -> None:
        """Let go of the scene. A run goes on: it belongs to its volume, not to the panel being seen."""
        if self._parameters is not None:
            self._parameters.disconnectGui(self._gui_tag)
        self.removeObservers()
        self._parameters = None
        self._landmark_section.close()

    def abandon_run(self) -> None:
        """Stop a running worker: its scene is going away."""
        self._segment_section.abandon()

    def _on_choice(self, caller=None, event=None) -> None:
        self._landmark_section.set_choices(self._parameters)
        if self._ui.inputSelector.currentNode() is not self._volume_node:
            self._show_volume()

    def _show_volume(self) -> None:
        """Describe the selected scan and its newest plan."""
        if self._parameters is None:
            return
        self._volume_node = self._ui.inputSelector.currentNode()
        self._segment_section.set_ready(self._volume_section.show(self._volume_node))
        self._landmark_section.show(self._volume_node)

    def _start_run(self, listener: RunListener) -> Run:
        options = plan_options(self._parameters, self._landmark_section.own_hotspot_ras_mm())
        return self._logic.start(self._volume_node, options, listener)

    def _set_hotspot_source(self, source: HotspotSource) -> None:
        self._parameters.hotspotSource = source
