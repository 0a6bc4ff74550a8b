"""Names of a scan's points that stand beside each other in the 3-D view, and not one over another.

A list has its names in one corner beside its points, and one that would lie over another's is pushed on by blanks:
Slicer's own `.fcsv` makes two points of a name of two lines. It is looked at as the head is seen now, and anew when
points or the head were moved.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import slicer
import vtk
from slicer.util import VTKObservationMixin

from ...export.formats.markups_json import BESIDE_NAMES
from ..timers import Debounce
from . import node_roles, plan_points, points_node

_PAUSE_MS = 200
_VIEW_PX = 450
"""Height of a 3-D view in which the names fit; in a larger one they have more room."""
_LETTERS_PX = 12
_LINE_PX = 15.0
_ROLES = (
    node_roles.TARGET, node_roles.LANDMARKS, node_roles.OWN, node_roles.MEASURED, node_roles.CIRCUIT,
    node_roles.LITERATURE, node_roles.FIDUCIALS,
)  # fmt: skip
"""Whose names are placed first: they stay at their points."""


_GROUNDS = 2
"""So many grounds, of blanks too, one over the other hide the name that they pass."""
_OTHER_CORNER_PX = 20.0
"""A list's names change their corner for a gain of more than this."""


@dataclass(frozen=True)
class Corner:
    """On which side of their points names stand."""

    is_left: bool = False
    is_below: bool = False


@dataclass(frozen=True)
class Name:
    """A name beside its point in a picture, whose x grows to the right and y upwards, in pixels from its middle."""

    x_px: float
    y_px: float
    width_px: float

    def box_px(self, corner: Corner, pushed_px: float) -> tuple[float, float, float, float]:
        """Left, right, bottom and top of the name, pushed on from its point."""
        left = self.x_px - pushed_px - self.width_px if corner.is_left else self.x_px + pushed_px
        bottom = self.y_px - _LINE_PX if corner.is_below else self.y_px
        return left, left + self.width_px, bottom, bottom + _LINE_PX


@dataclass(frozen=True)
class Placed:
    """Where the names of one list stand.

    pushes_px  how far each is pushed on from its point
    boxes_px   left, right, bottom and top of each
    """

    corner: Corner
    pushes_px: tuple[float, ...]
    boxes_px: tuple[tuple[float, float, float, float], ...]

    def cost_px(self, wanted: Corner) -> float:
        """How far names stand off their points and out of the picture, and what another corner costs."""
        out = sum(max(0.0, box[1] - _VIEW_PX / 2) + max(0.0, -_VIEW_PX / 2 - box[0]) for box in self.boxes_px)
        return sum(self.pushes_px) + out + _OTHER_CORNER_PX * (self.corner != wanted)


def arranged(lists: Iterable[tuple[Corner, Sequence[Name]]], step_px: float) -> list[Placed]:
    """Where the names of each list stand, for none to lie over one before it; pushed on in steps.

    lists  the corner where the names of each would stand with room enough, and the names
    """
    found: list[Placed] = []
    for wanted, names in lists:
        before = [box for placed in found for box in placed.boxes_px]
        tried = (_placed(names, Corner(*sides), before, step_px) for sides in product((False, True), repeat=2))
        found.append(min(tried, key=lambda placed: placed.cost_px(wanted)))
    return found


def _placed(names: Sequence[Name], corner: Corner, before: Sequence[tuple], step_px: float) -> Placed:
    boxes, pushes = list(before), list[float]()
    for name in names:
        push = 0.0
        while hit := [box for box in boxes if _overlap(box, name.box_px(corner, push))]:
            left, right, _bottom, _top = name.box_px(corner, push)
            past = max(right - box[0] if corner.is_left else box[1] - left for box in hit)
            push += step_px * max(1, math.ceil(past / step_px))
        pushes.append(push)
        boxes.append(name.box_px(corner, push))
    return Placed(corner, tuple(pushes), tuple(boxes[len(before) :]))


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


class NamePlaces(VTKObservationMixin):
    """Keeps the names of the scan that is shown apart."""

    def __init__(self) -> None:
        VTKObservationMixin.__init__(self)
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._debounce = Debounce(_PAUSE_MS, self._place)

    def show(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Look after the names of another scan."""
        self.close()
        self._volume_node = volume_node
        if volume_node is not None:
            self.addObserver(slicer.mrmlScene, slicer.mrmlScene.NodeAddedEvent, self._on_changed)
            self._watch()
            self._debounce.start()

    def close(self) -> None:
        """Look after nothing any more."""
        self.removeObservers()
        self._debounce.stop()
        self._volume_node = None

    def _watch(self) -> None:
        markups = slicer.vtkMRMLMarkupsNode
        events = (markups.PointModifiedEvent, markups.PointRemovedEvent, markups.DisplayModifiedEvent)
        watched = [(node, event) for node in _lists(self._volume_node) for event in events]
        watched += [(each, vtk.vtkCommand.ModifiedEvent) for each in _cameras()]
        for node, event in watched:
            if not self.hasObserver(node, event, self._on_changed):
                self.addObserver(node, event, self._on_changed)

    def _on_changed(self, caller=None, event=None) -> None:
        self._debounce.start()

    def _place(self) -> None:
        self._watch()
        place_names(_lists(self._volume_node))


def place_names(lists: Iterable[slicer.vtkMRMLMarkupsFiducialNode]) -> None:
    """Let no name of a shown point lie over another's as the head is seen now; the first list's stay where they are."""
    if not _cameras():
        return
    shown = [(node, [key for key in points_node.keys(node) if points_node.is_visible(node, key)]) for node in lists]
    wanted = (Corner(*plan_points.names_stand(node)) for node, _keys in shown)
    names = ([_name(node, key) for key in keys] for node, keys in shown)
    blank_px = _width_px(100 * BESIDE_NAMES) / 100
    for (node, keys), placed in zip(shown, arranged(zip(wanted, names, strict=True), blank_px), strict=True):
        points_node.place_names(node, placed.corner.is_left, placed.corner.is_below)
        points_node.darken_behind_names(node, sum(push > 0 for push in placed.pushes_px) < _GROUNDS)
        for key, push_px in zip(keys, placed.pushes_px, strict=True):
            points_node.push_name(node, key, round(push_px / blank_px))


def _lists(volume_node: slicer.vtkMRMLScalarVolumeNode) -> list[slicer.vtkMRMLMarkupsFiducialNode]:
    """The lists of a scan whose names are seen, the most important first."""
    found = [(node, node_roles.role_of(node)) for node in node_roles.own_nodes()]
    lists = [(_ROLES.index(role), node) for node, role in found if role in _ROLES and node.GetDisplayVisibility()]
    of_scan = (pair for pair in lists if node_roles.referred(pair[1], node_roles.VOLUME) is volume_node)
    return [node for _rank, node in sorted(of_scan, key=lambda pair: pair[0])]


def _cameras() -> list[slicer.vtkMRMLCameraNode]:
    return slicer.util.getNodesByClass("vtkMRMLCameraNode")


def _name(node: slicer.vtkMRMLMarkupsFiducialNode, key: str) -> Name:
    return Name(*_in_picture_px(points_node.position_ras_mm(node, key)), _width_px(points_node.label(node, key)))


def _in_picture_px(point_ras_mm: np.ndarray) -> np.ndarray:
    """Where the first 3-D view shows a point, world RAS mm, from its middle; shape (2,)."""
    camera = _cameras()[0].GetCamera()
    ahead, up = np.array(camera.GetDirectionOfProjection()), np.array(camera.GetViewUp())
    right = np.cross(ahead, up)
    right /= np.linalg.norm(right)
    away_mm = point_ras_mm - np.array(camera.GetPosition())
    scale = _VIEW_PX / 2 / np.tan(np.radians(camera.GetViewAngle() / 2)) / max(away_mm @ ahead, 1.0)
    return scale * np.array([away_mm @ right, away_mm @ np.cross(right, ahead)])


@lru_cache(maxsize=256)
def _width_px(text: str) -> float:
    """How wide a name is drawn."""
    letters, bounds = vtk.vtkTextProperty(), [0, 0, 0, 0]
    letters.SetFontSize(_LETTERS_PX)
    letters.BoldOn()
    vtk.vtkTextRenderer.GetInstance().GetBoundingBox(letters, text, bounds, 72)
    return float(bounds[1] - bounds[0] + 1)
