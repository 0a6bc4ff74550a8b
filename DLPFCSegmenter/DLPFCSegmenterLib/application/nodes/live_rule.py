"""The rule of a plan kept up in the scene: target, 5-cm landmark and coil follow what a person changes, with doubts."""

from dataclasses import dataclass

import numpy as np
import slicer

from ...doubts import Doubt, key_of
from ...edited_plan import edits_of, plausible_registration_in, region_of
from ...errors import NotFoundError, UserError
from ...options import PlanOptions
from ...plan import HemispherePlan, place_side
from ...targeting.placing import Head
from ...targeting.point import FIVE_CM, HOTSPOT, TARGET
from . import coil_node, node_roles, plan_points, points_node
from .edited_plan import edited_side, placed_ras_mm
from .plan_nodes import SideNodes
from .scalp_node import ScalpReader, surface_key
from .segmentation_node import mask_in_world, mask_key
from .volume_node import parent_to_world, volume_from_node

COIL = "coil"
"""The key of the coil, which is one point in its node."""

_POINT_OF = {
    "target": TARGET, "picked": TARGET, "hotspot": HOTSPOT, "rule": FIVE_CM,
    "circuit_not_chosen": TARGET, "centroid_outside": TARGET, "entry": COIL, "depth": COIL, "no_coil": COIL,
}  # fmt: skip
"""A doubt's key, or its first word -> the key of the point that it is about."""


@dataclass(frozen=True)
class _Judged:
    """What is to be said of a side, and what it was judged by."""

    made_from: tuple
    doubts: tuple[str, ...]


class LiveRule:
    """Lets every point of a side that a person has not moved follow the rule, and judges those that they have.

    options  what holds for the scan that is shown (`plan_nodes.choices_of`)
    """

    def __init__(self, scalps: ScalpReader) -> None:
        self._scalps = scalps
        self._judged: dict[str, _Judged] = {}
        self.options = PlanOptions()

    def keep_up(self, side: SideNodes) -> None:
        """Put everything where it belongs now; nothing is done where nothing has changed."""
        made_from = self._made_from(side)
        node_id = side.segmentation.GetID()
        known = self._judged.get(node_id)
        if known is not None and known.made_from == made_from:
            return
        try:
            plan = self._place(side)
        except NotFoundError:
            self._judged[node_id] = _Judged(made_from, ())
            _withdraw_target(side)
        except UserError as error:
            self._judged[node_id] = _Judged(made_from, (str(error),))
        else:
            doubts = tuple(each for each in plan.warnings if point_of(each))
            self._judged[node_id] = _Judged(made_from, doubts)
            _show(side, plan)

    def doubts(self, side: SideNodes) -> tuple[str, ...]:
        """What is to be said of the points of a side as `keep_up` saw them last; nothing of one that it never saw."""
        known = self._judged.get(side.segmentation.GetID())
        return () if known is None else known.doubts

    def forget(self) -> None:
        """The nodes are about to go."""
        self._judged.clear()
        self._scalps.forget()

    def _made_from(self, side: SideNodes) -> tuple:
        placed = tuple((key, *place) for key, place in placed_ras_mm(side).items())
        scalp = () if side.scalp is None else surface_key(side.scalp)
        lists = tuple(tuple(points_node.keys(node)) for node in side.point_lists())
        world = parent_to_world(side.segmentation).tobytes()
        measured = () if side.circuit is None else (side.circuit.GetID(), side.circuit.GetMTime())
        return placed, scalp, lists, world, measured, mask_key(side.segmentation), self.options

    def _place(self, side: SideNodes) -> HemispherePlan:
        """In world RAS mm; tapes along the scalp are laid later, one in a turn of the event loop."""
        mask = mask_in_world(side.segmentation)
        scan = volume_from_node(node_roles.referred(side.segmentation, node_roles.VOLUME))
        edited = edited_side(side, mask.array_kji)
        scalp = None if side.scalp is None else self._scalps.read(side.scalp)
        head = Head(scalp, plausible_registration_in(scan, edited.findings))
        return place_side(head, region_of(mask, edited), self.options, edits_of(scan, edited), along_scalp=False)


def point_of(doubt: str | Doubt) -> str:
    """The key of the point that a doubt is about, or '' for one about mask or scan."""
    key = key_of(doubt)
    return _POINT_OF.get(key) or _POINT_OF.get(key.partition("_")[0], "")


def _withdraw_target(side: SideNodes) -> None:
    """An empty mask has no target, and no coil over it."""
    if side.target is not None and plan_points.is_automatic(side.target, TARGET):
        plan_points.follow(side.target, TARGET, None)
    if side.coil is not None and side.target_ras_mm() is None:
        coil_node.hide_coil(side.coil)


def _show(side: SideNodes, plan: HemispherePlan) -> None:
    if side.target is not None and plan_points.is_automatic(side.target, TARGET):
        plan_points.follow(side.target, TARGET, plan.target.point)
    if side.landmarks is not None and _follows_rule(side.landmarks):
        marks = {mark.key: mark for mark in plan.landmarks}
        plan_points.follow(side.landmarks, FIVE_CM, marks.get(FIVE_CM))
    if side.coil is None:
        return
    if side.target is None or plan.entry is None or plan.coil_pose_ras_mm is None:
        coil_node.hide_coil(side.coil)
    elif not _is_there(side.coil, plan.coil_pose_ras_mm):
        coil_node.show_coil(side.coil, plan.entry.position_ras_mm, plan.coil_pose_ras_mm)


def _follows_rule(node: slicer.vtkMRMLMarkupsFiducialNode) -> bool:
    is_new = points_node.position_ras_mm(node, FIVE_CM) is None and not points_node.was_ever_kept(node, FIVE_CM)
    return is_new or plan_points.is_automatic(node, FIVE_CM)


def _is_there(node: slicer.vtkMRMLModelNode, pose_ras_mm: np.ndarray) -> bool:
    shown = coil_node.pose_ras_mm(node)
    return shown is not None and np.array_equal(shown, pose_ras_mm)
