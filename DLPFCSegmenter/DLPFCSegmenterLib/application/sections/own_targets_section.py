"""Group 'More targets' of section 'Targets': the user's own, each with its coil and a tick for the export."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import qt
import slicer
from slicer.util import VTKObservationMixin

from ...edited_plan import plausible_registration_in
from ...errors import UserError
from ...export.own_targets import aimed
from ...export.targets import PlannedTarget, moved
from ...options import PlanOptions
from ...sentences import tr as _
from ...targeting.placing import Head
from ...tasks import read_own
from ...worker import Call
from ..jobs.job import Question, StartJob
from ..nodes import node_roles, own_targets, plan_points, points_node, views
from ..nodes.edited_plan import volume_in_own_space, world_to_own
from ..nodes.live_rule import LiveRule
from ..nodes.plan_nodes import latest_sides
from ..nodes.scalp_node import ScalpReader, surface_key
from ..nodes.segmentation_node import findings
from ..nodes.volume_node import content_key, source_path, volume_from_node
from ..widgets.labels import tell, warn
from ..widgets.placement import PointPlacement
from ..widgets.point_table import ALONG_SCALP, GIVE_BACK, PointRow, PointTable

_FOLDER_SETTING = "DLPFCSegmenter/TargetsFolder"


class OwnTargetsSection(VTKObservationMixin):
    """Keeps a coil over each target, by the choices of the plan, and says what is doubtful about its place.

    rule  holds the choices
    """

    def __init__(self, ui, start_job: StartJob, scalps: ScalpReader, rule: LiveRule) -> None:
        VTKObservationMixin.__init__(self)
        self._ui = ui
        self._scalps = scalps
        self._rule = rule
        self._placement = PointPlacement()
        self._question = Question(start_job, self._take_answer)
        self._table = PointTable(ui.ownTable, self)
        for column in (ALONG_SCALP, GIVE_BACK):
            ui.ownTable.setColumnHidden(column, True)
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._aimed: dict[str, tuple[tuple, PlannedTarget]] = {}
        self._keys: list[str] = []
        self._file = Path()
        self._updating = False
        ui.ownTable.connect("itemSelectionChanged()", self._show_chosen)
        ui.ownNameEdit.connect("editingFinished()", self._rename)
        for button, act in (
            (ui.addTargetButton, self._add), (ui.copyAsTargetButton, self._copy), (ui.importTargetsButton, self._ask),
            (ui.targetUpButton, lambda: self._move(-1)), (ui.targetDownButton, lambda: self._move(1)),
            (ui.removeTargetButton, self._remove),
        ):  # fmt: skip
            button.connect("clicked(bool)", lambda *_, act=act: act())
        tell(ui.ownLabel, "")

    def show(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Offer the targets of a scan."""
        self.close()
        self._volume_node = volume_node
        self._watch()
        self.keep_up()

    def close(self) -> None:
        """Watch nothing and wait for nothing any more."""
        self.removeObservers()
        self._placement.stop()
        self._question.stop()
        self._aimed.clear()
        self._volume_node = None

    def keep_up(self) -> None:
        """Let coils and table say what holds now."""
        if self._updating:
            return
        self._updating = True
        try:
            targets = self._all() if self._volume_node is not None else {}
            for key, target in targets.items():
                own_targets.show_coil(self._volume_node, key, target)
            if self._volume_node is not None:
                own_targets.sweep(self._volume_node)
            self._describe(targets)
        finally:
            self._updating = False

    def ticked(self) -> tuple[PlannedTarget, ...]:
        """What is to go out, in the table's order, RAS mm of the scan's own space."""
        node, to_own = own_targets.list_of(self._volume_node), world_to_own(self._volume_node)
        return tuple(moved(each, to_own) for key, each in self._all().items() if points_node.is_visible(node, key))

    # what the user asks for in a line of the table (a `PointListener`)

    def place(self, row: PointRow) -> None:
        """Let the user put the target with a click in a view."""
        node = own_targets.list_of(self._volume_node)
        self._placement.start(row.name, lambda place_ras_mm: points_node.move_point(node, row.id, place_ras_mm))

    def jump(self, row: PointRow) -> None:
        """Show the target in the views."""
        views.jump_to(points_node.position_ras_mm(own_targets.list_of(self._volume_node), row.id))

    def give_back(self, row: PointRow) -> None:
        """No line has that button."""

    def set_visible(self, row: PointRow, visible: bool) -> None:
        """Show the target and let it go out, or not."""
        node = own_targets.list_of(self._volume_node)
        if visible:
            node.SetDisplayVisibility(True)
        points_node.set_visible(node, row.id, visible)

    def _watch(self) -> None:
        node, markups = own_targets.list_of(self._volume_node), slicer.vtkMRMLMarkupsNode
        events = (markups.PointModifiedEvent, markups.PointRemovedEvent, markups.DisplayModifiedEvent)
        for event in events if node is not None and not self.hasObserver(node, events[0], self._on_changed) else ():
            self.addObserver(node, event, self._on_changed)

    def _on_changed(self, caller=None, event=None) -> None:
        self.keep_up()

    def _all(self) -> dict[str, PlannedTarget]:
        """Key -> the target with its coil, world RAS mm; looked for anew only where something has changed."""
        scalp = node_roles.latest(node_roles.SCALP, self._volume_node, "")
        options, sides = self._rule.options, latest_sides(self._volume_node)
        run = sides[0].segmentation.GetID() if sides else ""
        shared = () if scalp is None else surface_key(scalp)
        made_from = (*shared, options.coil_angle_deg, options.standoff_mm, run)
        targets, head = own_targets.targets_in(self._volume_node), None
        for key, target in targets.items():
            asked = (*made_from, target.label, target.position_ras_mm.tobytes(), target.coil_pose_ras_mm is None)
            if key not in self._aimed or self._aimed[key][0] != asked:
                head = head or self._head(scalp)
                self._aimed[key] = (asked, _aimed(target, head, options))
        return {key: self._aimed[key][1] for key in targets}

    def _head(self, scalp: slicer.vtkMRMLModelNode | None) -> Head:
        sides = latest_sides(self._volume_node)
        surface = None if scalp is None else self._scalps.read(scalp)
        if not sides:
            return Head(surface, None)
        scan = volume_from_node(self._volume_node)
        return Head(surface, plausible_registration_in(scan, findings(sides[0].segmentation)))

    def _describe(self, targets: dict[str, PlannedTarget]) -> None:
        chosen, self._keys = self._chosen(), list(targets)
        node = own_targets.list_of(self._volume_node)
        self._table.show([_row(node, key, target) for key, target in targets.items()])
        if chosen in self._keys:
            self._ui.ownTable.selectRow(self._keys.index(chosen))
        told = ((target.label, text) for target in targets.values() for text in target.warnings)
        warn(self._ui.ownWarningLabel, *(_("{target}: {warning}", target=name, warning=text) for name, text in told))
        self._show_chosen()

    def _chosen(self) -> str:
        """Key of the chosen line, '' for none."""
        rows = self._ui.ownTable.selectionModel().selectedRows()
        return self._keys[rows[0].row()] if rows and rows[0].row() < len(self._keys) else ""

    def _choose(self, key: str) -> None:
        self._ui.ownTable.selectRow(self._keys.index(key))

    def _show_chosen(self) -> None:
        """Name and buttons of the chosen line."""
        key, ui = self._chosen(), self._ui
        place = self._keys.index(key) if key else -1
        ui.ownNameEdit.text = points_node.label(own_targets.list_of(self._volume_node), key) if key else ""
        for widget in (ui.ownNameEdit, ui.removeTargetButton):
            widget.enabled = bool(key)
        ui.targetUpButton.enabled = place > 0
        ui.targetDownButton.enabled = 0 <= place < len(self._keys) - 1
        ui.addTargetButton.enabled = ui.importTargetsButton.enabled = self._volume_node is not None
        ui.copyAsTargetButton.enabled = bool(key) or self._plan_target() is not None

    def _rename(self) -> None:
        key, name = self._chosen(), self._ui.ownNameEdit.text.strip()
        if key and name and name.isprintable():
            points_node.name_point(own_targets.list_of(self._volume_node), key, name)
        self.keep_up()

    def _add(self) -> None:
        name = self._free_name("Target")
        self._placement.start(name, lambda place_ras_mm: self._take((PlannedTarget(name, place_ras_mm),)))

    def _copy(self) -> None:
        """The chosen target, else that of the plan."""
        target = self._all()[self._chosen()] if self._chosen() else self._plan_target()
        self._take((replace(target, label=self._free_name(target.label), coil_pose_ras_mm=None, entry_ras_mm=None),))

    def _plan_target(self) -> PlannedTarget | None:
        for side in latest_sides(self._volume_node):
            if side.target_ras_mm() is not None:
                name = f"{side.hemisphere.capitalize()} target"
                return PlannedTarget(name, side.target_ras_mm())
        return None

    def _free_name(self, name: str) -> str:
        taken = {target.label for target in own_targets.targets_in(self._volume_node).values()}
        return next(each for each in (f"{name} {number}" for number in count(2)) if each not in taken)

    def _take(self, targets: tuple[PlannedTarget, ...]) -> None:
        """Put new targets, world RAS mm, at the end of the list; the last one is chosen."""
        key = ""
        for target in targets:
            key = own_targets.add(self._volume_node, target)
        self._watch()
        self.keep_up()
        if key:
            self._choose(key)

    def _move(self, steps: int) -> None:
        key = self._chosen()
        own_targets.move_in_order(own_targets.list_of(self._volume_node), key, steps)
        self.keep_up()
        self._choose(key)

    def _remove(self) -> None:
        own_targets.remove(self._volume_node, self._chosen())
        self.keep_up()

    def _ask(self) -> None:
        """Which file; a worker reads it."""
        settings = slicer.app.userSettings()
        title, before = _("File of targets or of a mask"), settings.value(_FOLDER_SETTING, "")
        name = qt.QFileDialog.getOpenFileName(slicer.util.mainWindow(), title, before)
        if not name:
            return
        self._file = Path(name)
        settings.setValue(_FOLDER_SETTING, str(self._file.parent))
        try:
            self._read()
        except UserError as error:
            warn(self._ui.ownLabel, error)

    def _read(self) -> None:
        volume, path = volume_in_own_space(self._volume_node), source_path(self._volume_node)
        sides = latest_sides(self._volume_node)
        run = replace(findings(sides[0].segmentation).volume, array_kji=np.zeros((0, 0, 0))) if sides else None
        written = self._file.stat().st_mtime_ns if self._file.exists() else 0
        key = (*content_key(self._volume_node, volume), str(self._file), written, bool(sides))
        if self._question.ask(key, Call(read_own, volume=volume, path=path, planned=run, file=self._file)):
            tell(self._ui.ownLabel, _("Reading {file}…", file=self._file.name))

    def _take_answer(self, targets: tuple[PlannedTarget, ...] | None, reason: str) -> None:
        if targets is None:
            warn(self._ui.ownLabel, reason)
            return
        to_world = np.linalg.inv(world_to_own(self._volume_node))
        self._take(tuple(moved(target, to_world) for target in targets))
        tell(
            self._ui.ownLabel,
            _("Targets taken from {file}: {count}.", count=len(targets), file=self._file.name),
        )


def _aimed(target: PlannedTarget, head: Head, options: PlanOptions) -> PlannedTarget:
    try:
        return aimed(target, head, options)
    except UserError as error:
        return replace(target, warnings=(*target.warnings, str(error)))


def _row(node: slicer.vtkMRMLMarkupsFiducialNode, key: str, target: PlannedTarget) -> PointRow:
    side = {"left": _("left"), "right": _("right"), "": _("side not known")}[target.hemisphere]
    state = side if target.coil_pose_ras_mm is not None else _("{side}, no coil", side=side)
    depth_mm = "" if target.entry_ras_mm is None else f"{_away_mm(target.entry_ras_mm, target.position_ras_mm):.1f}"
    return PointRow(
        key, target.label, plan_points.COLOURS_RGB[node_roles.OWN], state, target.description, depth_mm,
        is_visible=points_node.is_visible(node, key), can_place=True, can_jump=True,
        doubt="\n".join(map(str, target.warnings)),
    )  # fmt: skip


def _away_mm(one_mm: np.ndarray, other_mm: np.ndarray) -> float:
    return float(np.linalg.norm(one_mm - other_mm))
