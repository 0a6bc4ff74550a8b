"""The 5-cm landmark kept in step with the motor hotspot, unless a person has moved the landmark."""

from collections.abc import Iterable

import numpy as np
from slicer.i18n import tr as _

from ...errors import UserError
from . import landmarks_node, points_node
from .plan_nodes import SideNodes
from .scalp_node import ScalpReader


class HotspotRule:
    """Walks the rule on the scalps of the sides.

    rule_mm   length of the walk
    problems  hemisphere -> why its landmark has no place
    """

    def __init__(self, scalps: ScalpReader) -> None:
        self._scalps = scalps
        self._walked_from: dict[str, np.ndarray | None] = {}
        self.rule_mm = 50.0
        self.problems: dict[str, str] = {}

    def watch(self, sides: list[SideNodes]) -> None:
        """Begin with the hotspots where they are."""
        self.problems.clear()
        self._walked_from = {side.hemisphere: _hotspot_ras_mm(side) for side in sides}

    def keep_up(self, sides: list[SideNodes]) -> list[SideNodes]:
        """Walk again from every hotspot that has moved; returns the sides on which one has."""
        moved = [side for side in sides if self._has_moved(side)]
        self.walk(side for side in moved if follows(side))
        return moved

    def walk(self, sides: Iterable[SideNodes]) -> None:
        """Put the landmarks of these sides where the rule says, moved by hand or not."""
        for side in sides:
            self.problems.pop(side.hemisphere, None)
            if side.scalp is None or side.landmarks is None:
                continue
            try:
                landmarks_node.apply_rule(side.landmarks, self._scalps.read(side.scalp), self.rule_mm)
            except UserError as error:
                self.problems[side.hemisphere] = str(error)

    def restore_estimate(self, side: SideNodes) -> None:
        """Put the hotspot of a side back to where it was estimated."""
        if side.landmarks is not None and not landmarks_node.restore_estimate(side.landmarks):
            self.problems[side.hemisphere] = _("The hotspot was never estimated in this result: press Segment.")

    def _has_moved(self, side: SideNodes) -> bool:
        hotspot, before = _hotspot_ras_mm(side), self._walked_from.get(side.hemisphere)
        self._walked_from[side.hemisphere] = hotspot
        return hotspot is not None and (before is None or not np.array_equal(hotspot, before))


def follows(side: SideNodes) -> bool:
    """Whether the landmark of a side lies where the rule put it."""
    return side.landmarks is not None and landmarks_node.is_automatic(side.landmarks)


def _hotspot_ras_mm(side: SideNodes) -> np.ndarray | None:
    return side.landmarks and points_node.position_ras_mm(side.landmarks, landmarks_node.HOTSPOT)
