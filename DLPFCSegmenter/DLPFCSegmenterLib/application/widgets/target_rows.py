"""The lines of the table of targets: every point of a scan's newest plan as it is now."""

from dataclasses import dataclass

import numpy as np
import slicer
from slicer.i18n import tr as _

from ..jobs.scalp_distances import ScalpDistances
from ..nodes import landmarks_node, scalp_node
from ..nodes import node_roles as links
from ..nodes.live_rule import point_of
from ..nodes.plan_nodes import SideNodes, latest_landmarks, latest_sides
from . import point_rows
from .point_rows import PointId
from .point_table import PointRow

SCALP = PointId("", links.SCALP, links.SCALP)
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
    rows = []
    for hemisphere in ("left", "right"):
        side = sides.get(hemisphere)
        points = [] if side is None else point_rows.points_of(side, wanted.shown_keys)
        rows += [_row(side, point, wanted, len(sides) > 1, distances) for point in points]
        has_hotspot = any(point.key == landmarks_node.HOTSPOT for point in points)
        if not has_hotspot and (side is not None or hemisphere in wanted.hemispheres):
            rows.append(_row_of_hotspot_alone(volume_node, hemisphere))
    scalps = [side.scalp for side in sides.values() if side.scalp is not None]
    return rows + [_row_of_scalp(node) for node in scalps[:1]]


def _row(side: SideNodes, point: PointId, wanted: Wanted, name_the_side: bool, distances: ScalpDistances) -> PointRow:
    name = point_rows.name(side, point, wanted.rule_mm)
    doubts = [text for text in wanted.doubts.get(side.hemisphere, ()) if point_of(text) == point.key]
    straight, along = _distances_in_words(side, point, distances)
    return PointRow(
        point, _with_side(name, point.hemisphere) if name_the_side else name,
        point_rows.colour_rgb(point), point_rows.state(side, point), point_rows.note(side, point),
        straight, along, point_rows.is_visible(side, point),
        can_place=point.role != links.COIL, can_jump=point_rows.place_ras_mm(side, point) is not None,
        can_give_back=point_rows.can_give_back(side, point), doubt="\n".join(doubts),
    )  # fmt: skip


def _distances_in_words(side: SideNodes, point: PointId, distances: ScalpDistances) -> tuple[str, str]:
    """In a straight line and along the scalp; '' for what means nothing, '…' for what is not known yet."""
    target, place = side.target_ras_mm(), point_rows.place_ras_mm(side, point)
    if point.role == links.TARGET or target is None or place is None:
        return "", ""
    straight = f"{float(np.linalg.norm(target - place)):.1f}"
    if side.scalp is None or point.role == links.COIL:
        return straight, ""
    is_known, along = distances.get_mm(point, (place, target), side.scalp)
    return straight, ("–" if along is None else f"{along:.1f}") if is_known else "…"


def _row_of_hotspot_alone(volume_node: slicer.vtkMRMLScalarVolumeNode, hemisphere: str) -> PointRow:
    node = latest_landmarks(volume_node, hemisphere)
    state = _("not placed") if landmarks_node.own_hotspot_ras_mm(node) is None else _("placed")
    point = PointId(hemisphere, links.LANDMARKS, landmarks_node.HOTSPOT)
    name = _with_side(_("Motor hotspot"), hemisphere)
    return PointRow(point, name, landmarks_node.COLOUR_RGB, state, can_place=True)


def _row_of_scalp(node: slicer.vtkMRMLModelNode) -> PointRow:
    visible = bool(node.GetDisplayVisibility())
    return PointRow(SCALP, _("Scalp in 3-D"), scalp_node.COLOUR_RGB, "", is_visible=visible)


def _with_side(name: str, hemisphere: str) -> str:
    return {"left": _("L {point}"), "right": _("R {point}")}[hemisphere].format(point=name)
