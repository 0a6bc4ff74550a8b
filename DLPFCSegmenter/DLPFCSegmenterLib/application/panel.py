"""The panel: one object for each section, joined by the parameter node."""

from dataclasses import replace
from pathlib import Path

import qt
import slicer
import vtk
from slicer.util import VTKObservationMixin

from ..networks.registry import region_in_card
from ..options import PlanOptions
from ..sentences import tr as _
from ..terminology import DLPFC
from ..worker import clear_abandoned_jobs
from .jobs.run import Run, RunListener
from .nodes import views
from .nodes.live_rule import LiveRule
from .nodes.name_places import NamePlaces
from .nodes.plan_nodes import latest_sides
from .nodes.scalp_node import ScalpReader
from .nodes.volume_node import scan_of_results, scans_in_scene
from .parameters import (
    NOT_CHOSEN,
    HotspotSource,
    ModelSource,
    PanelParameters,
    TargetChoice,
    chosen_rule,
    own_threshold,
    plan_options,
    show_tapes,
)
from .sections.batch_section import BatchSection
from .sections.circuit_section import CircuitSection
from .sections.correct_section import CorrectSection
from .sections.export_section import ExportSection
from .sections.guide_section import GuideSection
from .sections.head_section import HeadSection
from .sections.own_targets_section import OwnTargetsSection
from .sections.segment_section import SegmentSection
from .sections.targets_section import TargetsSection
from .sections.volume_section import VolumeSection
from .timers import later
from .widgets.icons import follow_theme
from .widgets.labels import let_shrink, let_ticks_be_seen
from .widgets.weights_menu import WeightsMenu


class Panel(VTKObservationMixin):
    """Passes the user's choices to the sections and their results to each other.

    logic  the module's logic: parameter node and runs
    """

    def __init__(self, ui, logic) -> None:
        VTKObservationMixin.__init__(self)
        self._ui = ui
        self._logic = logic
        self._parameters: PanelParameters | None = None
        self._gui_tag, self._gui_observers = None, []
        self._is_outdated = self._is_showing_rule = False
        self._own_threshold = 0.0
        self._weights_seen: tuple[ModelSource, str] | None = None
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._removed = ""
        self._restyled = lambda: later(self._follow_theme)  # one object, by which it is disconnected
        for name in vars(ui):
            if name.endswith("CollapsibleButton"):
                let_shrink(getattr(ui, name))
            elif name.endswith("CheckBox"):
                let_ticks_be_seen(getattr(ui, name))
        self._path_lines = {
            "weightsFile": ui.weightsEdit, "exportFolder": ui.exportFolderEdit,
            "boldFiles": ui.boldEdit, "confoundFiles": ui.confoundsEdit,
            "batchFolder": ui.batchFolderEdit, "batchOutput": ui.batchOutputEdit,
        }  # fmt: skip
        for name, edit in self._path_lines.items():  # CTK's own signal comes only for a text that its filter likes
            line = edit.findChildren(qt.QLineEdit)[0]
            line.connect("textChanged(QString)", lambda text, name=name: self._keep_path(name, text))
        clear_abandoned_jobs()
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.NodeAboutToBeRemovedEvent, self._on_node_leaving)
        self._weights_menu = WeightsMenu(ui.foundWeightsButton, self._take_weights)
        ui.advancedGroupBox.connect("toggled(bool)", self._offer_weights)
        self._volume_section = VolumeSection(ui, logic.startJob)
        self._segment_section = SegmentSection(
            ui, self._start_run, self._start_by_hand, self._start_open, self._show_new_result, self._show_who_works
        )
        self._name_places = NamePlaces()
        scalps = ScalpReader()
        rule = LiveRule(scalps)
        self._correct_section = CorrectSection(ui, logic.startJob, rule, self._describe_result)
        self._targets_section = TargetsSection(
            ui, scalps, rule, self._set_hotspot_source, self._set_shown_points, self._show_rule
        )
        self._head_section = HeadSection(ui, logic.startJob, scalps, self._show_measured)
        self._own_targets_section = OwnTargetsSection(ui, logic.startJob, scalps, rule)
        self._export_section = ExportSection(
            ui, logic.startJob, self._set_export_formats, self._own_targets_section.ticked
        )
        self._circuit_section = CircuitSection(ui, logic.startJob, self._show_circuit)
        self._guide_section = GuideSection(ui)
        self._batch_section = BatchSection(
            ui,
            logic.start,
            logic.startJob,
            self._segment_section.open_results,
            self._show_new_result,
            self._show_who_works,
        )

    def open(self) -> None:
        """Bind to the scene's parameter node, made if there is none; a first volume is chosen."""
        self.close()
        self._parameters = self._logic.getParameterNode()
        if not self._parameters.inputVolume and not self._removed:
            self._parameters.inputVolume = next(iter(scans_in_scene()), None)
        self._own_threshold = own_threshold(self._parameters)
        self._weights_seen = None
        self._connect_gui()
        self.addObserver(self._parameters, vtk.vtkCommand.ModifiedEvent, self._on_choice)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.NodeRemovedEvent, self._on_node_removed)
        self._correct_section.open()
        self._take_over_choices()
        self._show_volume()
        slicer.app.connect("paletteChanged(QPalette)", self._restyled)
        self._follow_theme()

    def _follow_theme(self) -> None:
        """Slicer's style may be another than before."""
        if self._parameters is not None:
            follow_theme(self._ui.noticeLabel.parentWidget())

    def close(self) -> None:
        """Let go of the scene. A run goes on: it belongs to its volume, not to the panel being seen."""
        slicer.app.disconnect("paletteChanged(QPalette)", self._restyled)
        if self._parameters is not None:
            self._parameters.disconnectGui(self._gui_tag)
            for tag in self._gui_observers:
                self._parameters.RemoveObserver(tag)
        for method in (self._on_choice, self._on_node_removed):
            self.removeObservers(method)
        self._parameters = None
        self._volume_section.close()
        self._correct_section.close()
        self._targets_section.close()
        self._head_section.close()
        self._circuit_section.close()
        self._own_targets_section.close()
        self._guide_section.close()
        self._export_section.close()
        self._name_places.close()

    def _connect_gui(self) -> None:
        """Bind the widgets. Slicer 5.10 does not remove the observers that this adds, so they are noted for `close`."""
        observe, self._gui_observers = self._parameters.AddObserver, []

        def observe_and_note(*arguments) -> int:
            """As `AddObserver`, and keep its tag."""
            self._gui_observers.append(observe(*arguments))
            return self._gui_observers[-1]

        self._parameters.AddObserver = observe_and_note
        self._gui_tag = self._parameters.connectGui(self._ui)
        del self._parameters.AddObserver

    def forget_scene(self) -> None:
        """The nodes are about to go: stop a running worker and let go of them."""
        self._volume_node, self._removed = None, ""
        self._volume_section.abandon()
        self._segment_section.abandon()
        self._correct_section.forget_scene()
        self._export_section.abandon()
        self._circuit_section.abandon()
        self._batch_section.abandon()
        self.close()
        self._logic.endWorker()

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _on_node_leaving(self, caller, event, node) -> None:
        """A scan goes, whichever module is open: its plan must not be seen over another one.

        This comes before the list of scans would choose its neighbour, which may be another person.
        """
        if slicer.mrmlScene.IsClosing() or not isinstance(node, slicer.vtkMRMLScalarVolumeNode):
            return
        views.hide_plan_of(node)
        if node is self._volume_node:
            self._removed, self._volume_node = node.GetName(), None
            if self._parameters is not None:
                self._ui.inputSelector.setCurrentNode(None)
                self._show_volume()

    def _on_node_removed(self, caller=None, event=None) -> None:
        """A mask or a point may have gone; the scene is still busy with it."""
        if not self._is_outdated:
            self._is_outdated = True
            later(self._show_what_is_left)

    def _on_choice(self, caller=None, event=None) -> None:
        if self._is_showing_rule:
            return
        self._take_over_choices()
        if self._ui.inputSelector.currentNode() is not self._volume_node:
            self._show_volume()

    def _show_volume(self) -> None:
        """Describe the selected scan and its newest plan."""
        if self._parameters is None:
            return
        self._volume_node = self._ui.inputSelector.currentNode()
        if self._volume_node is not None:
            self._removed = ""
            views.mark_sides()
            self._turn_views()
        self._segment_section.set_ready(self._volume_section.show(self._volume_node, self._removed))
        self._show_result()

    def _turn_views(self) -> None:
        """Show the selected scan and its plan, cut through its target where another scan was seen before."""
        if views.show_scan(self._volume_node):
            for side in latest_sides(self._volume_node)[:1]:
                views.show_side(side.hemisphere, side.target_ras_mm(), side.scalp)

    def _show_result(self) -> None:
        """Offer the newest plan of the selected scan."""
        if self._parameters is None:
            return
        self._correct_section.show(self._volume_node)
        self._describe_result()
        self._show_points()

    def _show_new_result(self) -> None:
        """As `_show_result` where a run has ended; its masks and its points have a turn of the event loop each."""
        if self._parameters is not None:
            self._correct_section.show(self._volume_node)
            self._describe_result()
            later(self._show_points)

    def _show_points(self) -> None:
        if self._parameters is not None:
            self._targets_section.show(self._volume_node)
            self._head_section.show(self._volume_node)
            self._circuit_section.show(self._volume_node)
            self._own_targets_section.show(self._volume_node)
            self._guide_section.show(self._volume_node)
            self._export_section.show(self._volume_node)
            self._name_places.show(self._volume_node)

    def _show_who_works(self) -> None:
        """One network at a time: two would take twice the memory and each twice the time."""
        batch = _("A batch is running: wait for its end or cancel it under Batch.")
        section = self._ui.segmentCollapsibleButton.text
        run = _("A volume is being segmented: wait for its end or cancel it under {section}.", section=section)
        self._segment_section.set_busy(batch if self._batch_section.is_running else "")
        self._batch_section.set_busy(run if self._segment_section.is_running else "")

    def _show_measured(self) -> None:
        self._targets_section.show(self._volume_node)

    def _show_circuit(self) -> None:
        """The target may be another now."""
        if self._parameters is not None:
            self._targets_section.show(self._volume_node)
            self._export_section.describe()
            self._describe_result()

    def _show_what_is_left(self) -> None:
        self._is_outdated = False
        if self._parameters is not None:
            self._correct_section.show(self._volume_node)
            self._targets_section.keep_up()
            self._head_section.describe()
            self._circuit_section.describe()
            self._own_targets_section.keep_up()
            self._export_section.describe()
            self._describe_result()

    def _describe_result(self) -> None:
        sides = self._parameters.hemisphere.sides if self._parameters and self._volume_node else ()
        self._segment_section.describe(self._volume_node, sides)

    def _take_over_choices(self) -> None:
        self._show_weights()
        self._show_paths()
        self._describe_result()
        self._targets_section.set_choices(self._parameters)
        self._head_section.set_choices(self._parameters)
        self._circuit_section.set_choices(self._parameters)
        self._own_targets_section.keep_up()
        self._guide_section.set_choices(self._parameters)
        self._export_section.set_choices(self._parameters)
        self._batch_section.set_choices(self._parameters)

    def _show_weights(self) -> None:
        """Files are looked at where other weights are chosen or the panel is opened, not at every other choice."""
        chosen = self._parameters.model, self._parameters.weightsFile
        if chosen == self._weights_seen:
            return
        self._weights_seen = chosen
        is_own, path = chosen[0] is ModelSource.OWN, Path(chosen[1].strip()).expanduser()
        for widget in (self._ui.weightsEdit, self._ui.weightsLabel):
            widget.visible = is_own
        region = region_in_card(path) if is_own else DLPFC
        self._ui.weightsLabel.text = (
            _("Weights file:") if region == DLPFC else _("Weights for {region}:", region=region)
        )
        self._ui.segmentCollapsibleButton.text = region
        self._show_own_threshold()
        if not is_own or path.name == "" or path.is_file():  # nothing is searched while a path is typed
            self._offer_weights()

    def _offer_weights(self, is_shown: bool = True) -> None:
        if is_shown and self._parameters is not None:
            self._weights_menu.offer(self._parameters.weightsFile)

    def _take_weights(self, path: Path) -> None:
        self._parameters.weightsFile = str(path)
        self._parameters.model = ModelSource.OWN

    def _show_own_threshold(self) -> None:
        """Weights have a threshold of their own; one that the user chose stays."""
        before, self._own_threshold = self._own_threshold, own_threshold(self._parameters)
        if before != self._own_threshold and self._parameters.threshold == before:
            self._parameters.threshold = self._own_threshold

    def _show_paths(self) -> None:
        """What is shown of a path is what is used, letter by letter: nothing is written back into a line in use."""
        for name, edit in self._path_lines.items():
            kept = getattr(self._parameters, name)
            if kept in NOT_CHOSEN:
                kept = ""
            if edit.currentPath != kept:
                edit.currentPath = kept

    def _keep_path(self, name: str, text: str) -> None:
        if self._parameters is not None:
            setattr(self._parameters, name, text)

    def _start_run(self, listener: RunListener) -> Run:
        hotspot_ras_mm = self._targets_section.own_hotspot_ras_mm()
        options = self._targets_section.with_rule(
            plan_options(self._parameters, hotspot_ras_mm, self._head_section.fiducials())
        )
        # fMRI is looked at under Circuit, once there is a mask; what it said of an earlier one holds no more
        options = replace(options, target="centroid") if options.target == "circuit" else options
        return self._logic.start(self._volume_node, options, listener)

    def _start_by_hand(self, listener: RunListener) -> Run:
        """Of the chosen sides that have no plan yet."""
        there = {side.hemisphere for side in latest_sides(self._volume_node)}
        hotspot_ras_mm = self._targets_section.own_hotspot_ras_mm()
        options = self._targets_section.with_rule(
            plan_options(self._parameters, hotspot_ras_mm, self._head_section.fiducials())
        )
        missing = tuple(name for name in options.hemispheres if name not in there)
        return self._logic.startByHand(
            self._volume_node, replace(options, hemispheres=missing, target="centroid"), listener
        )

    def _start_open(self, folder: Path, listener: RunListener) -> Run:
        node = scan_of_results(folder, self._volume_node)
        run = self._logic.openResults(node, folder, listener)
        self._ui.inputSelector.setCurrentNode(node)
        return run

    def _set_hotspot_source(self, source: HotspotSource) -> None:
        self._parameters.hotspotSource = source

    def _show_rule(self, options: PlanOptions) -> PlanOptions:
        """Let the controls show what holds for a scan, which is no choice of the user's; returns what they show."""
        self._is_showing_rule = True
        try:
            self._parameters.ruleMm = options.rule_mm
            self._parameters.targetChoice = TargetChoice(options.target)
            self._parameters.coilAngleDeg = options.coil_angle_deg
            show_tapes(self._parameters, options.tapes)
        finally:
            self._is_showing_rule = False
        self._head_section.set_choices(self._parameters)
        return chosen_rule(self._parameters)

    def _set_shown_points(self, ids: list[str]) -> None:
        self._parameters.shownPoints = ids

    def _set_export_formats(self, names: list[str]) -> None:
        self._parameters.exportFormats = names
