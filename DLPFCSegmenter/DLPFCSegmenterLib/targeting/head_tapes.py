"""The three tapes of a head: nasion to inion and tragus to tragus over the vertex, and once around.

The vertex Cz halves both arcs at once. The tape around the head lies at the level of Fpz and Oz (10
and 90 % of the arc from nasion to inion), perpendicular to the sagittal plane. Tapes bridge hollows.

Along them two kinds of F3 and F4 are measured. Those of the 10-20 system: every step is a tape in a plane through
three points, nasion-Cz-inion and tragus-Cz-tragus in tenths, then Fpz-T7-Oz (Fpz-T8-Oz) in tenths, then F7-Fz-F8 in
quarters (Klem 1999, PMID 10590970; the planes as in Jurcak 2007, 10.1016/j.neuroimage.2006.09.024). And Beam's, marked
as in the clinic: X along the circumference from Fpz to the side; Y from the vertex towards that mark, in the plane
through vertex, mark and the head's vertical by its fiducials.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import numpy as np

from ..doubts import Doubt, doubt
from ..errors import NoScalpError
from .beam_f3 import POSITIONS, BeamSite, HeadMeasures, beam_2022, beam_f3, beam_f3_adjusted
from .fiducials import ScalpFiducials
from .point import Method, Point, Role
from .scalp import Scalp
from .scalp_section import arc_mm, cut_at, tape_around, tape_from, tape_over

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
            "{source}: the border of the scan cuts off too much of the head, so no tape can be laid around"
            " it; use a scan that shows the whole head.",
            source=scalp.source,
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
        raise NoScalpError(
            "{source}: the scan does not show the top of the head, so no tape can be laid.", source=scalp.source
        )
    vertex = top.position_ras_mm
    for _ in range(_MAX_ROUNDS):
        before = vertex
        vertex = _halfway(scalp, points["nasion"], vertex, points["inion"])
        vertex = _halfway(scalp, points["left_tragus"], vertex, points["right_tragus"])
        if np.linalg.norm(vertex - before) < _SETTLED_MM:
            return vertex
    raise NoScalpError(
        "{source}: no point of the scalp halves both arcs; check nasion, inion and tragi.", source=scalp.source
    )


def _halfway(scalp: Scalp, start: np.ndarray, over: np.ndarray, end: np.ndarray) -> np.ndarray:
    return scalp.nearest(along(tape_over(scalp, start, over, end), 0.5)).position_ras_mm


def _around(scalp: Scalp, sagittal: np.ndarray, vertex: np.ndarray) -> np.ndarray:
    front, back = along(sagittal, FPZ_SHARE), along(sagittal, OZ_SHARE)
    ahead = (front - back) / np.linalg.norm(front - back)
    leftwards = np.cross(vertex - back, ahead)
    leftwards /= np.linalg.norm(leftwards)
    return tape_around(scalp, scalp.nearest(front).position_ras_mm, leftwards, ahead)


_SAGITTAL = {"Fpz": FPZ_SHARE, "Fz": 0.3, "Pz": 0.7, "Oz": OZ_SHARE}
_CORONAL = {"T7": 0.1, "C3": 0.3, "C4": 0.7, "T8": 0.9}
_FRONT_SHARE = 0.3
"""F7 and F8 lie at this share of the arcs Fpz-T7-Oz and Fpz-T8-Oz."""


def ten_twenty(scalp: Scalp, tapes: HeadTapes) -> dict[str, np.ndarray]:
    """Name of a 10-20 position -> scalp point, RAS mm, shape (3,): those that lead to F3 and F4.

    Raises NoScalpError where the scan cuts the scalp on the way.
    """
    at = {"Cz": tapes.vertex_ras_mm}
    for tape, shares in ((tapes.sagittal_ras_mm, _SAGITTAL), (tapes.coronal_ras_mm, _CORONAL)):
        at |= {name: _on_scalp(scalp, tape, share) for name, share in shares.items()}
    for name, side in (("F7", "T7"), ("F8", "T8")):
        at[name] = _on_scalp(scalp, tape_over(scalp, at["Fpz"], at[side], at["Oz"]), _FRONT_SHARE)
    frontal = tape_over(scalp, at["F7"], at["Fz"], at["F8"])
    return at | {"F3": _on_scalp(scalp, frontal, 0.25), "F4": _on_scalp(scalp, frontal, 0.75)}


def ten_twenty_landmark(scalp: Scalp, tapes: HeadTapes, hemisphere: str) -> Point:
    """F3 of the 'left' or F4 of the 'right' hemisphere, keys 'f3' and 'f4'."""
    name = POSITIONS[hemisphere]
    place = ten_twenty(scalp, tapes)[name]
    return Point(name.lower(), hemisphere, Role.MEASURED, place, Method.TEN_TWENTY, warnings=tapes.warnings)


def _on_scalp(scalp: Scalp, tape: np.ndarray, share: float) -> np.ndarray:
    return scalp.nearest(along(tape, share)).position_ras_mm


def beam_landmarks(scalp: Scalp, tapes: HeadTapes, hemisphere: str) -> tuple[Point, ...]:
    """Beam F3 ('left') or F4 ('right'), adjusted, and the anterior and posterior sites of 2022.

    Keys 'beam_f3', 'beam_f3_adjusted', 'beam_2022_anterior', 'beam_2022_posterior' ('beam_f4' and
    'beam_f4_adjusted' on the right). Raises NoScalpError where the scan ends before a site.
    """
    rules = _rules(hemisphere)
    return tuple(_landmark(scalp, tapes, hemisphere, key, rule(tapes.measures)) for key, rule in rules.items())


def _rules(hemisphere: str) -> dict[str, Callable[[HeadMeasures], BeamSite]]:
    """Key of every variant -> its rule."""
    name = f"beam_{POSITIONS[hemisphere].lower()}"
    return {
        name: beam_f3,
        f"{name}_adjusted": beam_f3_adjusted,
        "beam_2022_anterior": lambda measures: beam_2022(measures, hemisphere, "anterior"),
        "beam_2022_posterior": lambda measures: beam_2022(measures, hemisphere, "posterior"),
    }


def _landmark(scalp: Scalp, tapes: HeadTapes, hemisphere: str, key: str, site: BeamSite) -> Point:
    place = site_on_scalp(scalp, tapes, site, hemisphere)
    numbers = asdict(site) | asdict(tapes.measures)
    return Point(key, hemisphere, Role.MEASURED, place, Method.BEAM, numbers=numbers, warnings=tapes.warnings)


def site_on_scalp(scalp: Scalp, tapes: HeadTapes, site: BeamSite, hemisphere: str) -> np.ndarray:
    """The scalp point of a site on the 'left' or 'right' side, RAS mm, shape (3,)."""
    ahead = towards(tapes, _mark(tapes, 10.0 * site.x_cm, hemisphere))
    tape = tape_from(scalp, tapes.vertex_ras_mm, ahead, tapes.axes_ras[2], 10.0 * site.y_cm)
    if arc_mm(tape)[-1] < 10.0 * site.y_cm:
        raise NoScalpError(
            "{source}: the scan ends {arc_mm:.1f} cm from the vertex, before Beam's site at {y_cm:.1f} cm;"
            " use a scan that shows the whole forehead.",
            source=scalp.source,
            arc_mm=arc_mm(tape)[-1] / 10,
            y_cm=site.y_cm,
        )
    return scalp.nearest(cut_at(tape, 10.0 * site.y_cm)[-1]).position_ras_mm


def towards(tapes: HeadTapes, point_ras_mm: np.ndarray) -> np.ndarray:
    """The level direction from the vertex to a point, unit vector."""
    ahead, upward = point_ras_mm - tapes.vertex_ras_mm, tapes.axes_ras[2]
    ahead = ahead - (ahead @ upward) * upward
    return ahead / np.linalg.norm(ahead)


def _mark(tapes: HeadTapes, x_mm: float, hemisphere: str) -> np.ndarray:
    around = tapes.around_ras_mm
    return cut_at(around, x_mm if hemisphere == "left" else arc_mm(around)[-1] - x_mm)[-1]
