"""The 5-cm rule: from the motor hotspot a fixed length forward along the scalp.

The walk lies in the parasagittal plane through the hotspot, which is taken across the head's own
left-right axis, and is measured as a tape lies: hollows of the skin are bridged.
"""

from dataclasses import dataclass

import numpy as np

from ..errors import NoScalpError
from .point import FIVE_CM, Method, Point, Role
from .scalp import Scalp
from .scalp_section import arc_mm, cut_at, tape_from


@dataclass(frozen=True)
class RulePath:
    """The walk of the rule.

    path_ras_mm  the tape from the hotspot to the landmark, RAS mm, shape (N, 3)
    length_mm    its length
    landmark     its end on the scalp, a point of no side, key 'five_cm'
    """

    path_ras_mm: np.ndarray
    length_mm: float
    landmark: Point

    @property
    def landmark_ras_mm(self) -> np.ndarray:
        """Where the rule points to, shape (3,)."""
        return self.landmark.position_ras_mm


def walk_forward(scalp: Scalp, hotspot_ras_mm: np.ndarray, length_mm: float = 50.0) -> RulePath:
    """Walk `length_mm` from the scalp at the hotspot to the front; the head's axes are the scalp's.

    Raises NoScalpError if the scan ends before the walk does.
    """
    _, anterior, superior = scalp.head_axes_ras
    start = scalp.nearest(hotspot_ras_mm).position_ras_mm
    tape = tape_from(scalp, start, anterior, superior, length_mm)
    reach = arc_mm(tape)[-1]
    if reach < length_mm:
        raise NoScalpError(
            f"{scalp.source}: the scalp in this scan ends {reach:.0f} mm in front of the hotspot, so {length_mm:g} mm "
            "cannot be measured; give another hotspot or a shorter rule."
        )
    path = cut_at(tape, length_mm)
    end = scalp.nearest(path[-1]).position_ras_mm
    landmark = Point(FIVE_CM, "", Role.RULE, end, Method.RULE, numbers={"length_mm": float(length_mm)})
    return RulePath(path, length_mm, landmark)
