"""Section 'Landmarks': motor hotspot, rule, 5-cm landmark, and the figures of each side, live."""

from collections.abc import Callable

import numpy as np
import slicer
from slicer.i18n import tr as _
from slicer.util import VTKObservationMixin

from ..errors import UserError
from . import landmarks_node, points_node
from .parameters import HotspotSource, PanelParameters
from .placement import PointPlacement
from .plan_nodes import SideNodes, latest_landmarks, latest_sides
from .scalp_node import ScalpReader


class LandmarkSection(VTKObservationMixin):
    """Keeps the 5-cm landmark in step with the hotspot, unless a person has moved the landmark.

    on_source_found  told MINE as soon as a person moves or places the hotspot, and what holds for a
                     scan when it is shown
    """

    def __init__(self, ui, on_source_found: Callable[[HotspotSource], None]) -> None:
        VTKObservationMixin.__init__(self)
        self._ui = ui
        self._on_source_found = on_source_found
        self._placement = PointPlacement(self._on_placed)
        self._scalps = ScalpReader()
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._hemispheres: tuple[str, ...] = ("left",)
        self._rule_mm = 50.0
        self._source = HotspotSource.ESTIMATED
        self._walked_from: dict[str, np.ndarray] = {}
        self._problems: dict[str, str] = {}
        self._updating = False
        ui.placeHotspotButton.connect("clicked(bool)", lambda: self._placement.start())
        ui.followRuleButton.connect("clicked(bool)", self._follow_rule_again)

    def set_choices(self, parameters: PanelParameters) -> None:
        """Take over what the user chose; a new rule moves the landmarks that follow it."""
        self._hemispheres = parameters.hemisphere.sides
        if parameters.hotspotSource is not self._source:
            self._source = parameters.hotspotSource
            self._apply_source()
        if parameters.ruleMm != self._rule_mm:
            self._rule_mm = parameters.ruleMm
            self._walk(side for side in self._sides() if _follows(side))

    def show(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Watch and describe the newest plan of a scan."""
        self.removeObservers()
        self._volume_node = volume_node
        self._problems.clear()
        for side in self._sides():
            self._watch(side)
        self._adopt_source()
        self._ui.placeHotspotButton.enabled = volume_node is not None
        self.describe()

    def close(self) -> None:
        """Watch nothing any more."""
        self._placement.stop()
        self.removeObservers()
        self._volume_node = None

    def own_hotspot_ras_mm(self) -> tuple[float, float, float] | None:
        """The user's own hotspot for the next run, or None if it is to be estimated.

        Raises UserError where the user's own is wanted and was not placed.
        """
        if self._source is HotspotSource.ESTIMATED:
            return None
        for hemisphere in self._hemispheres:
            point = landmarks_node.own_hotspot_ras_mm(latest_landmarks(self._volume_node, hemisphere))
            if point is not None:
                return tuple(float(number) for number in point)
        raise UserError(_("Place the motor hotspot first, or choose 'Estimated from anatomy' under Landmarks."))

    def _adopt_source(self) -> None:
        """Each scan has its own hotspot: say of this one where it comes from."""
        lists = [latest_landmarks(self._volume_node, hemisphere) for hemisphere in ("left", "right")]
        placed = any(landmarks_node.own_hotspot_ras_mm(node) is not None for node in lists)
        if placed or any(lists):
            self._tell_source(HotspotSource.MINE if placed else HotspotSource.ESTIMATED)

    def _tell_source(self, source: HotspotSource) -> None:
        self._source = source
        self._on_source_found(source)

    def _sides(self) -> list[SideNodes]:
        return latest_sides(self._volume_node)

    def _watch(self, side: SideNodes) -> None:
        markups = slicer.vtkMRMLMarkupsNode
        for node in filter(None, (side.landmarks, side.target)):
            for event in (markups.PointModifiedEvent, markups.PointPositionDefinedEvent, markups.PointRemovedEvent):
                self.addObserver(node, event, self._on_points_changed)
        if side.landmarks is not None:
            self._walked_from[side.hemisphere] = points_node.position_ras_mm(side.landmarks, landmarks_node.HOTSPOT)

    def _on_points_changed(self, caller=None, event=None) -> None:
        if self._updating:
            return
        moved = [side for side in self._sides() if self._hotspot_has_moved(side)]
        for side in self._sides():
            if side.landmarks is not None:
                self._quietly(landmarks_node.name_moved_points, side.landmarks)
        if any(not landmarks_node.is_estimated(side.landmarks) for side in moved):
            self._tell_source(HotspotSource.MINE)
        self._walk(side for side in moved if _follows(side))
        self.describe()

    def _hotspot_has_moved(self, side: SideNodes) -> bool:
        if side.landmarks is None:
            return False
        hotspot = points_node.position_ras_mm(side.landmarks, landmarks_node.HOTSPOT)
        before = self._walked_from.get(side.hemisphere)
        self._walked_from[side.hemisphere] = hotspot
        return hotspot is not None and (before is None or not np.array_equal(hotspot, before))

    def _walk(self, sides) -> None:
        for side in sides:
            self._problems.pop(side.hemisphere, None)
            try:
                self._quietly(self._apply_rule, side)
            except UserError as error:
                self._problems[side.hemisphere] = str(error)
        self.describe()

    def _apply_rule(self, side: SideNodes) -> None:
        if side.scalp is not None and side.landmarks is not None:
            landmarks_node.apply_rule(side.landmarks, self._scalps.read(side.scalp), self._rule_mm)

    def _quietly(self, change: Callable, *arguments) -> None:
        """Change nodes without taking it for the user's doing."""
        self._updating = True
        try:
            change(*arguments)
        finally:
            self._updating = False

    def _apply_source(self) -> None:
        if self._source is HotspotSource.MINE:
            return
        for side in self._sides():
            if side.landmarks is not None and not landmarks_node.restore_estimate(side.landmarks):
                self._problems[side.hemisphere] = _("The hotspot was never estimated in this result: press Segment.")
        self.describe()

    def _follow_rule_again(self) -> None:
        self._walk(self._sides())

    def _on_placed(self, point_ras_mm: np.ndarray) -> None:
        node = self._landmarks_for(point_ras_mm)
        landmarks_node.set_own_hotspot(node, point_ras_mm)
        self._tell_source(HotspotSource.MINE)
        self.describe()

    def _landmarks_for(self, point_ras_mm: np.ndarray) -> slicer.vtkMRMLMarkupsFiducialNode:
        """The list of the side that the point lies on: of the nearer target, else the side asked for."""
        targets = {side.hemisphere: side.target_ras_mm() for side in self._sides()}
        distances = {name: np.linalg.norm(point_ras_mm - at) for name, at in targets.items() if at is not None}
        if distances:
            hemisphere = min(distances, key=distances.get)
        elif len(self._hemispheres) == 1:
            hemisphere = self._hemispheres[0]
        else:
            hemisphere = "left" if point_ras_mm[0] < 0 else "right"
        node = latest_landmarks(self._volume_node, hemisphere)
        return node or landmarks_node.add_landmarks_node(self._volume_node, hemisphere)

    def describe(self) -> None:
        """Say what holds of the points as they are now."""
        sides = self._sides()
        self._ui.distanceLabel.text = "\n".join(filter(None, map(_distance, sides)))
        self._ui.distanceLabel.visible = bool(self._ui.distanceLabel.text)
        by_hand = [side for side in sides if side.five_cm_ras_mm() is not None and not _follows(side)]
        messages = [*self._problems.values()]
        if by_hand:
            messages.append(_("The 5-cm landmark was moved by hand: it no longer follows the hotspot."))
        self._ui.landmarkLabel.text = "\n".join(messages)
        self._ui.landmarkLabel.visible = bool(messages)
        self._ui.followRuleButton.enabled = bool(by_hand)


def _follows(side: SideNodes) -> bool:
    return side.landmarks is not None and landmarks_node.is_automatic(side.landmarks)


def _distance(side: SideNodes) -> str:
    """'Left: 5-cm landmark 21.4 mm from the target', named as the point itself is."""
    target, five_cm = side.target_ras_mm(), side.five_cm_ras_mm()
    if target is None or five_cm is None:
        return ""
    return _("{side}: {landmark} {distance:.1f} mm from the target").format(
        side={"left": _("Left"), "right": _("Right")}[side.hemisphere],
        landmark=points_node.label(side.landmarks, landmarks_node.FIVE_CM),
        distance=float(np.linalg.norm(target - five_cm)),
    )
