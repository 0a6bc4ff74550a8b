"""Section 'Targets': target, coil, landmarks and points for comparison, live, each with a way back."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import slicer
from slicer.util import VTKObservationMixin

from ...errors import UserError
from ...geometry.sides import SIDES
from ...options import PlanOptions
from ...sentences import place_in_words
from ...sentences import tr as _
from ...targeting.point import HOTSPOT
from ..jobs.scalp_distances import ScalpDistances
from ..nodes import node_roles, plan_points, points_node, views
from ..nodes.live_rule import LiveRule
from ..nodes.plan_nodes import CHOICES, SideNodes, choices_of, keep_choices, latest_landmarks, latest_sides
from ..nodes.scalp_node import ScalpReader
from ..parameters import HotspotSource, PanelParameters, chosen_rule
from ..timers import later
from ..widgets import point_rows
from ..widgets.labels import tell, warn_or_note
from ..widgets.placement import PointPlacement
from ..widgets.point_choices import PointsMenu, choices, keys_of
from ..widgets.point_rows import SCALP, PointId, Wanted, rows_of
from ..widgets.point_table import PointRow, PointTable


class TargetsSection(VTKObservationMixin):
    """Keeps landmark and coil in step with hotspot and target, and says what holds of every point.

    rule             puts what follows another point, the mask or a choice where it belongs
    on_source_found  told MINE as soon as a person moves or places the hotspot, and what holds for a
                     scan when it is shown
    on_shown_chosen  told the ids of the comparison points that the user wants to see
    on_rule_found    told the choices that hold for a scan when it is shown; gives back what the controls make of them
    """

    def __init__(
        self,
        ui,
        scalps: ScalpReader,
        rule: LiveRule,
        on_source_found: Callable[[HotspotSource], None],
        on_shown_chosen: Callable[[list[str]], None],
        on_rule_found: Callable[[PlanOptions], PlanOptions],
    ) -> None:
        VTKObservationMixin.__init__(self)
        self._ui = ui
        self._scalps = scalps
        self._rule = rule
        self._on_source_found = on_source_found
        self._on_rule_found = on_rule_found
        self._shown_rule = rule.options
        self._placement = PointPlacement()
        self._hotspots_ras_mm: dict[str, np.ndarray | None] = {}
        self._problems: dict[str, str] = {}
        self._distances = ScalpDistances(scalps, self.describe)
        self._table = PointTable(ui.pointTable, self)
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._hemispheres: tuple[str, ...] = ("left",)
        self._source = HotspotSource.ESTIMATED
        self._shown_keys: set[str] = set()
        self._jumped_to = ""
        self._updating = False
        self._menu = PointsMenu(ui.pointsButton, choices(), on_shown_chosen)
        ui.copyTargetButton.connect("clicked(bool)", lambda: self._copy_target())
        ui.jumpToTargetButton.connect("clicked(bool)", lambda: self._jump_to_next_target())

    def set_choices(self, parameters: PanelParameters) -> None:
        """Take over what the user chose; what follows a choice moves, what a person moved stays."""
        self._hemispheres = parameters.hemisphere.sides
        self._choose_shown(list(parameters.shownPoints))
        if parameters.hotspotSource is not self._source:
            self._source = parameters.hotspotSource
            self._quietly(self._apply_source, self._sides())
        self._choose_rule(chosen_rule(parameters))
        self.keep_up()

    def show(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Watch and describe the newest plan of a scan."""
        self.removeObservers()
        self._placement.stop()
        self._volume_node = volume_node
        self._adopt_rule()
        sides = self._sides()
        for side in sides:
            self._watch(side)
            self._quietly(self._hide_unchosen, side)
        self._problems.clear()
        self._hotspots_ras_mm = {side.hemisphere: _hotspot_ras_mm(side) for side in sides}
        self._adopt_source()
        later(self._read_scalp)
        self.describe()

    def keep_up(self) -> None:
        """A node may have gone: let everything follow what is left, and describe it."""
        self._quietly(self._keep_up)
        self.describe()

    def close(self) -> None:
        """Watch nothing any more."""
        self._placement.stop()
        self.removeObservers()
        self._distances.forget()
        self._rule.forget()
        self._volume_node = None

    def own_hotspot_ras_mm(self) -> tuple[float, float, float] | None:
        """The user's own hotspot for the next run, or None if it is to be estimated.

        Raises UserError where the user's own is wanted and was not placed.
        """
        if self._source is HotspotSource.ESTIMATED:
            return None
        for hemisphere in self._hemispheres:
            point = plan_points.own_place_ras_mm(latest_landmarks(self._volume_node, hemisphere), HOTSPOT)
            if point is not None:
                return tuple(float(number) for number in point)
        raise UserError("Place the motor hotspot first, or choose 'Estimated from anatomy' under Targets.")

    def with_rule(self, options: PlanOptions) -> PlanOptions:
        """The options of a run of the scan, with the choices that hold for it, also those that no control shows."""
        options = replace(options, **{name: getattr(self._rule.options, name) for name in CHOICES})
        keep_choices(self._volume_node, options)
        return options

    # what the user asks for in a line of the table (a `PointListener`)

    def place(self, row: PointRow) -> None:
        """Let the user put the point with a click in a view."""
        self._placement.start(row.name, lambda point_ras_mm: self._put(row.id, point_ras_mm))

    def jump(self, row: PointRow) -> None:
        """Show the point in the views."""
        views.jump_to(point_rows.place_ras_mm(self._side(row.id.hemisphere), row.id))

    def give_back(self, row: PointRow) -> None:
        """Let the point follow again what it would follow without the person."""
        plan_points.give_back(point_rows.node_of(self._side(row.id.hemisphere), row.id), row.id.key)
        if row.id.key == HOTSPOT:
            self._tell_source(HotspotSource.ESTIMATED)
        self.keep_up()

    def set_visible(self, row: PointRow, visible: bool) -> None:
        """Show or hide the point in the views."""
        if row.id == SCALP:
            self._scalp().SetDisplayVisibility(visible)
        else:
            point_rows.set_visible(self._side(row.id.hemisphere), row.id, visible)
        self.describe()

    def _sides(self) -> list[SideNodes]:
        return latest_sides(self._volume_node)

    def _side(self, hemisphere: str) -> SideNodes | None:
        return next((side for side in self._sides() if side.hemisphere == hemisphere), None)

    def _scalp(self) -> slicer.vtkMRMLModelNode | None:
        return self._volume_node and node_roles.latest(node_roles.SCALP, self._volume_node, "")

    def _watch(self, side: SideNodes) -> None:
        markups = slicer.vtkMRMLMarkupsNode
        for node in side.point_lists():
            for event in (markups.PointModifiedEvent, markups.PointPositionDefinedEvent, markups.PointRemovedEvent):
                self.addObserver(node, event, self._on_points_changed)
        for node in (*side.point_lists(), *filter(None, (side.circuit, side.coil, side.scalp))):
            if not self.hasObserver(node, node.DisplayModifiedEvent, self._on_display_changed):
                self.addObserver(node, node.DisplayModifiedEvent, self._on_display_changed)

    def _on_points_changed(self, caller=None, event=None) -> None:
        if not self._updating:
            self.keep_up()

    def _on_display_changed(self, caller=None, event=None) -> None:
        if not self._updating:
            self.describe()

    def _keep_up(self) -> None:
        """Let everything follow the points as they are now."""
        sides = self._sides()
        moved = [side for side in sides if self._has_new_hotspot(side)]
        for side in sides:
            self._rule.keep_up(side)
            _name_moved_points(side)
        if any(not plan_points.is_automatic(side.landmarks, HOTSPOT) for side in moved):
            self._tell_source(HotspotSource.MINE)

    def _has_new_hotspot(self, side: SideNodes) -> bool:
        hotspot, before = _hotspot_ras_mm(side), self._hotspots_ras_mm.get(side.hemisphere)
        self._hotspots_ras_mm[side.hemisphere] = hotspot
        is_new = hotspot is not None and (before is None or not np.array_equal(hotspot, before))
        if is_new:
            self._problems.pop(side.hemisphere, None)
        return is_new

    def _read_scalp(self) -> None:
        """Its skin and its search trees take 100 ms on a fine head: each has a turn of the event loop."""
        if self._scalp() is not None:
            self._scalps.prepare_skin(self._scalp())
        later(lambda: self._settle(list(SIDES)))

    def _settle(self, hemispheres: list[str]) -> None:
        """Put the points of a new plan where they belong: a side in a turn of the event loop."""
        if self._volume_node is None:
            return
        if not hemispheres:
            self.keep_up()
            return
        side = self._side(hemispheres.pop(0))
        if side is not None:
            self._quietly(self._rule.keep_up, side)
        later(lambda: self._settle(hemispheres))

    def _apply_source(self, sides: list[SideNodes]) -> None:
        if self._source is HotspotSource.MINE:
            return
        for side in sides:
            if side.landmarks is not None and not plan_points.give_back(side.landmarks, HOTSPOT):
                sentence = _("The hotspot was never estimated in this result: press Segment.")
                self._problems[side.hemisphere] = sentence

    def _adopt_source(self) -> None:
        """Each scan has its own hotspot: say of this one where it comes from."""
        lists = [latest_landmarks(self._volume_node, hemisphere) for hemisphere in SIDES]
        placed = any(plan_points.own_place_ras_mm(node, HOTSPOT) is not None for node in lists)
        if placed or any(lists):
            self._tell_source(HotspotSource.MINE if placed else HotspotSource.ESTIMATED)

    def _adopt_rule(self) -> None:
        """Each scan has its own choices: show those of this one, if it has any."""
        choices = choices_of(self._volume_node)
        if choices is not None:
            self._shown_rule = self._on_rule_found(choices)
        self._rule.options = choices or self._shown_rule

    def _choose_rule(self, shown: PlanOptions) -> None:
        """Take over what the user changed in the controls, and no more: they may show a number rounded."""
        before = self._shown_rule
        changed = {name: getattr(shown, name) for name in CHOICES if getattr(shown, name) != getattr(before, name)}
        self._shown_rule = shown
        if changed:
            self._rule.options = replace(self._rule.options, **changed)
            if self._volume_node is not None:
                keep_choices(self._volume_node, self._rule.options)

    def _tell_source(self, source: HotspotSource) -> None:
        self._source = source
        self._on_source_found(source)

    def _quietly(self, change: Callable, *arguments) -> None:
        """Change nodes without taking it for the user's doing."""
        was_updating, self._updating = self._updating, True
        try:
            change(*arguments)
        finally:
            self._updating = was_updating

    def _put(self, point: PointId, point_ras_mm: np.ndarray) -> None:
        side = self._side(point.hemisphere)
        node = side and getattr(side, point.role)
        if point.key == HOTSPOT:
            self._put_hotspot(point.hemisphere, point_ras_mm)
        elif node is not None:
            plan_points.put_by_hand(node, point.key, point_ras_mm)

    def _put_hotspot(self, hemisphere: str, point_ras_mm: np.ndarray) -> None:
        node = latest_landmarks(self._volume_node, hemisphere)
        node = node or plan_points.add_list(node_roles.LANDMARKS, self._volume_node, hemisphere)
        plan_points.put_by_hand(node, HOTSPOT, point_ras_mm)
        side = self._side(hemisphere)
        if side is not None and side.landmarks is None:  # the first hotspot of a result that could not estimate one
            node_roles.refer(side.segmentation, node_roles.LANDMARKS, node)
            self.show(self._volume_node)
            self._quietly(self._rule.keep_up, self._side(hemisphere))
        self._tell_source(HotspotSource.MINE)
        self.describe()

    def _jump_to_next_target(self) -> None:
        """The target of the one side, then of the other."""
        targets = {side.hemisphere: side.target_ras_mm() for side in self._sides()}
        names = [name for name, place in targets.items() if place is not None]
        others = [name for name in names if name != self._jumped_to]
        if names:
            self._jumped_to = (others or names)[0]
            views.jump_to(targets[self._jumped_to])

    def _choose_shown(self, chosen: list[str]) -> None:
        """List these comparison points; one that is chosen anew is shown, the others are hidden."""
        keys = keys_of(chosen)
        added, self._shown_keys = keys - self._shown_keys, keys
        self._menu.show(chosen)
        for side in self._sides():
            self._quietly(self._hide_unchosen, side)
            for node in _lists_for_comparison(side):
                for key in added:
                    self._quietly(points_node.set_visible, node, key, True)

    def _hide_unchosen(self, side: SideNodes) -> None:
        for node in _lists_for_comparison(side):
            for key in points_node.keys(node):
                if key not in self._shown_keys:
                    points_node.set_visible(node, key, False)

    def _rows(self) -> list[PointRow]:
        if self._volume_node is None:
            return []
        doubts = {side.hemisphere: self._rule.doubts(side) for side in self._sides()}
        wanted = Wanted(self._hemispheres, self._shown_keys, self._rule.options.rule_mm, doubts)
        return rows_of(self._volume_node, wanted, self._distances)

    def describe(self) -> None:
        """Say what holds of the points as they are now."""
        self._table.show(self._rows())
        sides = self._sides()
        doubts = (text for side in sides for text in self._rule.doubts(side))
        warn_or_note(self._ui.targetsLabel, self._ui.targetsNotesLabel, (*self._problems.values(), *doubts), len(sides))
        places = [side for side in sides if side.target_ras_mm() is not None]
        tell(self._ui.targetPlaceLabel, "\n".join(_place_of_target(side) for side in places))
        self._ui.targetPlaceLabel.toolTip = self._space() if places else ""
        self._ui.copyTargetButton.visible = self._ui.jumpToTargetButton.enabled = bool(places)

    def _space(self) -> str:
        """In which space the coordinates are."""
        node = self._volume_node
        if node.GetParentTransformNode() is None:
            return _("In mm, in the space of the scan '{scan}'.", scan=node.GetName())
        return _("In mm, in Slicer's world: the scan '{scan}' is under a transform.", scan=node.GetName())

    def _copy_target(self) -> None:
        """What stands in the panel with the same as plain RAS numbers, scan and space, as text."""
        lines = []
        for side in self._sides():
            if side.target_ras_mm() is not None:
                ras = ", ".join(f"{value:.1f}" for value in side.target_ras_mm() + 0.0)
                lines.append(_("{place} (RAS {ras})", place=_place_of_target(side), ras=ras))
        slicer.app.clipboard().setText("\n".join((*lines, self._space())))


def _place_of_target(side: SideNodes) -> str:
    """'Left: L 38.0  A 42.0  S 25.0 mm'."""
    place = place_in_words(side.target_ras_mm())
    return _("Left: {place}", place=place) if side.hemisphere == "left" else _("Right: {place}", place=place)


def _hotspot_ras_mm(side: SideNodes) -> np.ndarray | None:
    return side.landmarks and points_node.position_ras_mm(side.landmarks, HOTSPOT)


def _lists_for_comparison(side: SideNodes) -> list[slicer.vtkMRMLMarkupsFiducialNode]:
    return [node for node in (side.measured, side.literature) if node is not None]


def _name_moved_points(side: SideNodes) -> None:
    for node in side.point_lists():
        plan_points.name_moved(node)
