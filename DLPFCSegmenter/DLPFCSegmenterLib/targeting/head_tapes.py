"""The three tapes of a head: nasion to inion and tragus to tragus over the vertex, and once around.

The vertex Cz halves both arcs at once. The tape around the head lies at the level of Fpz and Oz (10
and 90 % of the arc from nasion to inion), perpendicular to the sagittal plane. Tapes bridge hollows.
"""

from dataclasses import dataclass, replace

import numpy as np

from ..doubts import Doubt, doubt
from ..errors import NoScalpError
from .beam_f3 import HeadMeasures
from .fiducials import ScalpFiducials
from .scalp import Scalp
from .scalp_section import arc_mm, cut_at, tape_around, tape_over

_BRIDGE_MM = 30.0
"""A tape may run this far from the skin over a face where the scan's border cuts the head."""

_SHOWN_MM = 8.0
"""This near to the skin a tape bridges a hollow or a cut so small that it makes no difference."""

_SAMPLES = 100

_SETTLED_MM = 0.01
_MAX_ROUNDS = 20

FPZ_SHARE, OZ_SHARE = 0.1, 0.9


@dataclass(frozen=True)
class HeadTapes:
    """Three tapes on one scalp, RAS mm, points of shape (N, 3) in order.

    sagittal_ras_mm  nasion, vertex, inion
    coronal_ras_mm   left tragus, vertex, right tragus
    around_ras_mm    Fpz, left side, Oz, right side, Fpz
    vertex_ras_mm    Cz, on the scalp, shape (3,)
    axes_ras         the head's right, front and top by its fiducials, rows of shape (3, 3)
    warnings         what the user should check
    """

    sagittal_ras_mm: np.ndarray
    coronal_ras_mm: np.ndarray
    around_ras_mm: np.ndarray
    vertex_ras_mm: np.ndarray
    axes_ras: np.ndarray
    warnings: tuple[Doubt, ...] = ()

    @property
    def measures(self) -> HeadMeasures:
        """The lengths of the tapes. Raises UserError for a head that cannot be human."""
        tapes = (self.around_ras_mm, self.sagittal_ras_mm, self.coronal_ras_mm)
        return HeadMeasures(*(float(arc_mm(tape)[-1]) / 10.0 for tape in tapes))


def lay_tapes(scalp: Scalp, fiducials: ScalpFiducials) -> HeadTapes:
    """Lay the tapes on a scalp whose fiducials are checked.

    Raises NoScalpError where the scan cuts the head on the way of a tape, UserError where a tape's
    length is not human.
    """
    points = fiducials.points_ras_mm
    vertex = _vertex(scalp, fiducials)
    sagittal = tape_over(scalp, points["nasion"], vertex, points["inion"])
    coronal = tape_over(scalp, points["left_tragus"], vertex, points["right_tragus"])
    around = _around(scalp, sagittal, vertex)
    warnings = tuple(dict.fromkeys(w for tape in (sagittal, coronal, around) for w in _losses(scalp, tape)))
    tapes = HeadTapes(sagittal, coronal, around, vertex, fiducials.axes_ras, warnings)
    return replace(tapes, warnings=warnings + tapes.measures.warnings)


def _losses(scalp: Scalp, tape: np.ndarray) -> tuple[Doubt, ...]:
    """A warning where the border of the scan takes a little of the head from under a tape."""
    arc = arc_mm(tape)
    samples = np.linspace(0.0, arc[-1], _SAMPLES)
    points = np.column_stack([np.interp(samples, arc, axis) for axis in tape.T])
    furthest = max(scalp.nearest(point).distance_mm for point in points)
    if furthest > _BRIDGE_MM:
        raise NoScalpError(
            f"{scalp.source}: the border of the scan cuts off too much of the head, so no tape can be laid around it; "
            "use a scan that shows the whole head."
        )
    return (doubt("tape_cut"),) if furthest > _SHOWN_MM else ()


def along(tape_ras_mm: np.ndarray, share: float) -> np.ndarray:
    """The point at a share (above 0, below 1) of a tape's length, shape (3,)."""
    return cut_at(tape_ras_mm, share * arc_mm(tape_ras_mm)[-1])[-1]


def _vertex(scalp: Scalp, fiducials: ScalpFiducials) -> np.ndarray:
    """Cz: halfway from nasion to inion, then from tragus to tragus, until it rests."""
    points = fiducials.points_ras_mm
    top = scalp.exit_point(np.mean(list(points.values()), axis=0), fiducials.axes_ras[2])
    if top is None:
        raise NoScalpError(f"{scalp.source}: the scan does not show the top of the head, so no tape can be laid.")
    vertex = top.position_ras_mm
    for _ in range(_MAX_ROUNDS):
        before = vertex
        vertex = _halfway(scalp, points["nasion"], vertex, points["inion"])
        vertex = _halfway(scalp, points["left_tragus"], vertex, points["right_tragus"])
        if np.linalg.norm(vertex - before) < _SETTLED_MM:
            return vertex
    raise NoScalpError(f"{scalp.source}: no point of the scalp halves both arcs; check nasion, inion and tragi.")


def _halfway(scalp: Scalp, start: np.ndarray, over: np.ndarray, end: np.ndarray) -> np.ndarray:
    return scalp.nearest(along(tape_over(scalp, start, over, end), 0.5)).position_ras_mm


def _around(scalp: Scalp, sagittal: np.ndarray, vertex: np.ndarray) -> np.ndarray:
    front, back = along(sagittal, FPZ_SHARE), along(sagittal, OZ_SHARE)
    ahead = (front - back) / np.linalg.norm(front - back)
    leftwards = np.cross(vertex - back, ahead)
    leftwards /= np.linalg.norm(leftwards)
    return tape_around(scalp, scalp.nearest(front).position_ras_mm, leftwards, ahead)
