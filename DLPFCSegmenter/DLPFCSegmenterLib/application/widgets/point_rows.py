"""The lines of the table of targets: every point of a scan's newest plan as it is now, and what may be done to it."""

from dataclasses import dataclass

import numpy as np
import slicer

from ...doubts import notes_apart
from ...geometry.sides import SIDES
from ...sentences import joined, tell
from ...sentences import tr as _
from ...targeting.point import FIVE_CM, HOTSPOT, TARGET
from ..jobs.scalp_distances import ScalpDistances
from ..nodes import coil_node, node_roles, plan_points, points_node, scalp_node
from ..nodes.live_rule import COIL, point_of
from ..nodes.plan_nodes import SideNodes, latest_landmarks, latest_sides
from .point_table import PointRow

_COLOURS_RGB = {**plan_points.COLOURS_RGB, node_roles.COIL: coil_node.COLOUR_RGB}

_NOT_PLACED = (node_roles.COIL, node_roles.CIRCUIT)
"""What no person moves: it follows the target, or was measured."""


@dataclass(frozen=True)
class PointId:
    """Which point: its side ('' for both), the role of its list (`node_roles`) and its key in it."""

    hemisphere: str
    role: str
    key: str


def points_of(side: SideNodes, shown_keys: set[str]) -> list[PointId]:
    """The points of a side that are listed; `shown_keys` says which of those for comparison."""
    lists = {
        node_roles.TARGET: (side.target, (TARGET,)),
        node_roles.COIL: (side.coil, (COIL,)),
        node_roles.LANDMARKS: (side.landmarks, (HOTSPOT, FIVE_CM)),
        node_roles.MEASURED: (side.measured, shown_keys),
        node_roles.LITERATURE: (side.literature, shown_keys),
        node_roles.CIRCUIT: (side.circuit, [] if side.circuit is None else points_node.keys(side.circuit)),
    }
    return [
        PointId(side.hemisphere, role, key)
        for role, (node, keys) in lists.items()
        if node is not None
        for key in _keys_in(node)
        if key in keys
    ]


def _keys_in(node: slicer.vtkMRMLDisplayableNode) -> list[str]:
    return [COIL] if node.IsA("vtkMRMLModelNode") else points_node.keys(node)


def node_of(side: SideNodes, point: PointId) -> slicer.vtkMRMLDisplayableNode:
    """The node that holds the point."""
    return getattr(side, point.role)


def place_ras_mm(side: SideNodes, point: PointId) -> np.ndarray | None:
    """Where a point is, world RAS mm, shape (3,); of the coil, the scalp under it."""
    node = node_of(side, point)
    if point.role == node_roles.COIL:
        return coil_node.entry_ras_mm(node)
    return points_node.stands_at_ras_mm(node, point.key)


def name(side: SideNodes, point: PointId, rule_mm: float) -> str:
    """What the point is called in the table, without its state."""
    if point.role in (node_roles.MEASURED, node_roles.LITERATURE, node_roles.CIRCUIT):
        return plan_points.name(node_of(side, point), point.key)
    return {
        TARGET: _("Target"),
        COIL: _("Coil (target's depth)"),
        HOTSPOT: _("Motor hotspot"),
        FIVE_CM: _("{length:g}-cm landmark", length=rule_mm / 10),
    }[point.key]


def colour_rgb(point: PointId) -> tuple[float, float, float]:
    """The colour, 0..1, that the point has in the views at first."""
    return _COLOURS_RGB[point.role]


def state(side: SideNodes, point: PointId) -> str:
    """How the point came to where it is, in one or two words."""
    node = node_of(side, point)
    if place_ras_mm(side, point) is None:
        return _("has no place")
    if point.role == node_roles.COIL:
        return _("automatic")
    if point.role == node_roles.CIRCUIT:
        return points_node.description(node, point.key).partition(" with ")[0]
    if not points_node.is_as_remembered(node, point.key):
        return _("placed") if point.key == HOTSPOT else _("moved by hand")
    return _("estimated") if _is_estimate(side, point) else _("automatic")


def _is_estimate(side: SideNodes, point: PointId) -> bool:
    if point.role == node_roles.LANDMARKS:
        return plan_points.is_automatic(side.landmarks, HOTSPOT)
    return point.role == node_roles.LITERATURE


def note(side: SideNodes, point: PointId) -> str:
    """How the point was found, a sentence."""
    if point.role == node_roles.COIL:
        return _("The scalp nearest to the target, and the coil over it; the distance is the target's depth.")
    return points_node.description(node_of(side, point), point.key)


def can_give_back(side: SideNodes, point: PointId) -> bool:
    """Whether a person has moved the point, and it is known where it would be without that."""
    return point.role not in _NOT_PLACED and plan_points.can_give_back(node_of(side, point), point.key)


def is_visible(side: SideNodes, point: PointId) -> bool:
    """Whether the point is shown in the views."""
    node = node_of(side, point)
    shown = bool(node.GetDisplayVisibility())
    return shown if point.role == node_roles.COIL else shown and points_node.is_visible(node, point.key)


def set_visible(side: SideNodes, point: PointId, visible: bool) -> None:
    """Show or hide the point in the views."""
    node = node_of(side, point)
    if visible or point.role == node_roles.COIL:
        node.SetDisplayVisibility(visible)
    if point.role != node_roles.COIL:
        points_node.set_visible(node, point.key, visible)


SCALP = PointId("", node_roles.SCALP, node_roles.SCALP)
"""The line of the scalp, which is no point but can be hidden as one."""


@dataclass(frozen=True)
class Wanted:
    """What the user wants to see.

    hemispheres  sides that the next run plans on
    shown_keys   which points for comparison
    rule_mm      length of the rule, after which its landmark is named
    doubts       hemisphere -> what is doubtful about its points
    """

    hemispheres: tuple[str, ...]
    shown_keys: set[str]
    rule_mm: float
    doubts: dict[str, tuple[str, ...]]


def rows_of(volume_node: slicer.vtkMRMLScalarVolumeNode, wanted: Wanted, distances: ScalpDistances) -> list[PointRow]:
    """A line for each point of each side; the hotspot has one before any result, since it can be placed already."""
    sides = {side.hemisphere: side for side in latest_sides(volume_node)}
    name_the_side = len({*sides, *wanted.hemispheres}) > 1
    rows = []
    for hemisphere in SIDES:
        side = sides.get(hemisphere)
        points = [] if side is None else points_of(side, wanted.shown_keys)
        rows += [_row(side, point, wanted, name_the_side, distances) for point in points]
        has_hotspot = any(point.key == HOTSPOT for point in points)
        if not has_hotspot and (side is not None or hemisphere in wanted.hemispheres):
            rows.append(_row_of_hotspot_alone(volume_node, hemisphere))
    scalp = node_roles.latest(node_roles.SCALP, volume_node, "")
    return rows + ([_row_of_scalp(scalp)] if scalp is not None and sides else [])


def _row(side: SideNodes, point: PointId, wanted: Wanted, name_the_side: bool, distances: ScalpDistances) -> PointRow:
    called = name(side, point, wanted.rule_mm)
    of_side = wanted.doubts.get(side.hemisphere, ())
    doubts, notes = notes_apart(text for text in of_side if point_of(text) == point.key)
    straight, along = _distances_in_words(side, point, distances)
    has_place = place_ras_mm(side, point) is not None
    return PointRow(
        point, _with_side(called, point.hemisphere) if name_the_side else called,
        colour_rgb(point), state(side, point), tell(joined("\n", (*notes, note(side, point)))),
        straight, along, is_visible(side, point) if has_place else None,
        can_place=point.role not in _NOT_PLACED, can_jump=has_place,
        can_give_back=can_give_back(side, point), doubt=tell(joined("\n", doubts)),
    )  # fmt: skip


def _distances_in_words(side: SideNodes, point: PointId, distances: ScalpDistances) -> tuple[str, str]:
    """In a straight line and along the scalp; '' for what means nothing, '…' for what is not known yet."""
    target, place = side.target_ras_mm(), place_ras_mm(side, point)
    if point.role == node_roles.TARGET or target is None or place is None:
        return "", ""
    straight = f"{float(np.linalg.norm(target - place)):.1f}"
    if side.scalp is None or point.role == node_roles.COIL:
        return straight, ""
    is_known, along = distances.get_mm(point, (place, target), side.scalp)
    return straight, ("–" if along is None else f"{along:.1f}") if is_known else "…"


def _row_of_hotspot_alone(volume_node: slicer.vtkMRMLScalarVolumeNode, hemisphere: str) -> PointRow:
    node = latest_landmarks(volume_node, hemisphere)
    state = _("not placed") if plan_points.own_place_ras_mm(node, HOTSPOT) is None else _("placed")
    point = PointId(hemisphere, node_roles.LANDMARKS, HOTSPOT)
    name = _with_side(_("Motor hotspot"), hemisphere)
    return PointRow(point, name, _COLOURS_RGB[node_roles.LANDMARKS], state, can_place=True)


def _row_of_scalp(node: slicer.vtkMRMLModelNode) -> PointRow:
    visible = bool(node.GetDisplayVisibility())
    return PointRow(SCALP, _("Scalp in 3-D"), scalp_node.COLOUR_RGB, "", is_visible=visible)


def _with_side(name: str, hemisphere: str) -> str:
    return f"{hemisphere[0].upper()} {name}"
