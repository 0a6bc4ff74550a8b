"""Nasion, inion and both tragi: placed by a person, brought to the scalp and checked.

A tragus is taken where the small flap in front of the ear canal meets the cheek: Beam F3 is measured
from there, and it stands for the preauricular point of the 10-20 system, a few mm in front of it.
"""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from ..doubts import Doubt, doubt
from ..errors import UserError
from ..sentences import say
from .point import Method, Point, Role

if TYPE_CHECKING:
    from .scalp import Scalp

ESTIMATED_MM = (5.0, 15.0)
"""What fiducials brought in from MNI space are off (BENCHMARKS.md)."""

_MAX_SCALP_MM = 20.0
_FAR_MM = 8.0
"""From here on a moved point is told as a warning: it was hardly placed on the skin that is seen."""

_STRAIGHT_MM = {("nasion", "inion"): (130.0, 240.0), ("left_tragus", "right_tragus"): (100.0, 190.0)}
"""Straight distances from a three-year-old to a very large adult: head length 190 to 200 mm and head
breadth 148 to 154 mm in adults (women, men; ANSUR II, 2012) with six of their standard deviations (7
and 5.5 mm) above, and a circumference of 45 instead of 57 cm below."""

_MAX_SLANT_COSINE = 0.5
"""The two lines cross at 60 to 120 degrees, and each keeps within 60 degrees of the head's own axis."""

_CROSSING_SHARE = (0.2, 0.8)
"""Each line crosses the other within this part of its length."""


@dataclass(frozen=True)
class Fiducials:
    """The four points as a person gave them, RAS mm, each of shape (3,).

    nasion  deepest point of the bridge of the nose, in the midline
    inion   tip of the bony bump at the back of the head, in the midline
    tragus  see the module's docstring; the person's own left and right
    warnings  of the file that they came from
    """

    nasion_ras_mm: np.ndarray
    inion_ras_mm: np.ndarray
    left_tragus_ras_mm: np.ndarray
    right_tragus_ras_mm: np.ndarray
    warnings: tuple[Doubt, ...] = ()


_NAMES = tuple(field.name.removesuffix("_ras_mm") for field in fields(Fiducials) if field.name.endswith("_ras_mm"))


@dataclass(frozen=True)
class ScalpFiducials:
    """Four checked fiducials on the scalp.

    points_ras_mm  'nasion', 'inion', 'left_tragus', 'right_tragus' -> scalp point, shape (3,)
    moved_mm       the same names -> how far the given point was from the scalp
    """

    points_ras_mm: dict[str, np.ndarray]
    moved_mm: dict[str, float]

    @property
    def axes_ras(self) -> np.ndarray:
        """Unit vectors to the head's right, front and top as rows, shape (3, 3), from the four alone.

        Right runs from tragus to tragus; the front is the part of the line from inion to nasion that
        is perpendicular to it.
        """
        points = self.points_ras_mm
        right = _unit(points["right_tragus"] - points["left_tragus"])
        ahead = points["nasion"] - points["inion"]
        anterior = _unit(ahead - (ahead @ right) * right)
        return np.stack([right, anterior, np.cross(right, anterior)])

    @property
    def landmarks(self) -> tuple[Point, ...]:
        """The four as points on the scalp, keys as in `points_ras_mm`."""
        return tuple(
            Point(
                name, "", Role.FIDUCIAL, point, Method.ON_SCALP,
                numbers={"moved_mm": self.moved_mm[name]}, warnings=self._warnings(name),
            )
            for name, point in self.points_ras_mm.items()
        )  # fmt: skip

    @property
    def warnings(self) -> tuple[Doubt, ...]:
        """What the user should check."""
        return tuple(warning for name in self.points_ras_mm for warning in self._warnings(name))

    def _warnings(self, name: str) -> tuple[Doubt, ...]:
        away = self.moved_mm[name]
        return (doubt("fiducial_off_scalp", name=_words(name), away=away),) if away > _FAR_MM else ()


def fiducials_at(places_ras_mm: dict[str, np.ndarray]) -> Fiducials:
    """The four points by their keys, RAS mm, each of shape (3,)."""
    nasion, inion, left, right = (places_ras_mm[name] for name in _NAMES)
    return Fiducials(nasion, inion, left, right)


def fiducials_on_scalp(scalp: "Scalp", given: Fiducials) -> ScalpFiducials:
    """The four points moved to the nearest scalp, after checks; the head's axes are the scalp's.

    Raises UserError for a point over 20 mm from the scalp or on a face where the scan cuts the head,
    for points that do not form a cross, are swapped, or are closer or further apart than on a human.
    """
    points = {name: np.asarray(getattr(given, f"{name}_ras_mm"), dtype=float) for name in _NAMES}
    for name, point in points.items():
        _require_near_scalp(scalp, name, point)
    nearest = {name: scalp.nearest(point) for name, point in points.items()}
    placed = {name: found.position_ras_mm for name, found in nearest.items()}
    _require_cross(scalp, placed)
    _require_not_swapped(scalp, placed)
    _require_human(scalp, placed)
    return ScalpFiducials(placed, {name: found.distance_mm for name, found in nearest.items()})


def _require_near_scalp(scalp: "Scalp", name: str, point: np.ndarray) -> None:
    place = say("The {words} ({point})", words=_words(name), point=", ".join(f"{mm:.1f}" for mm in point))
    if point.shape != (3,) or not np.all(np.isfinite(point)):
        raise UserError(
            "{place} is no point; give three numbers, RAS mm of {source}.", place=place, source=scalp.source
        )
    distance = scalp.nearest(point).distance_mm
    if distance > _MAX_SCALP_MM:
        raise UserError(
            "{place} lies {distance:.0f} mm from the scalp of {source}; give a point on the scalp, in RAS mm"
            " of this scan.",
            place=place,
            distance=distance,
            source=scalp.source,
        )
    if _on_cut_face(scalp, point):
        raise UserError(
            "{place} lies where the scan of {source} cuts the head off, not on skin; place it on skin, or use"
            " a scan that shows the whole head.",
            place=place,
            source=scalp.source,
        )


def _on_cut_face(scalp: "Scalp", point: np.ndarray) -> bool:
    from vtkmodules.util.numpy_support import vtk_to_numpy

    from .mesh import points_of
    from .scalp import CUT_ARRAY

    cut = vtk_to_numpy(scalp.surface.GetPointData().GetArray(CUT_ARRAY))
    return bool(cut[np.argmin(((points_of(scalp.surface) - point) ** 2).sum(axis=1))])


def _require_cross(scalp: "Scalp", points: dict[str, np.ndarray]) -> None:
    """The lines inion-nasion and tragus-tragus must cross roughly at right angles and in the middle."""
    ahead, right = points["nasion"] - points["inion"], points["right_tragus"] - points["left_tragus"]
    between_ears = (points["left_tragus"] + points["right_tragus"]) / 2.0
    midline = (points["nasion"] + points["inion"]) / 2.0
    lengths = np.linalg.norm(ahead), np.linalg.norm(right)
    low, high = _CROSSING_SHARE
    if (
        min(lengths) < 1.0
        or abs(ahead @ right) > _MAX_SLANT_COSINE * lengths[0] * lengths[1]
        or not low <= (between_ears - points["inion"]) @ ahead / lengths[0] ** 2 <= high
        or not low <= (midline - points["left_tragus"]) @ right / lengths[1] ** 2 <= high
    ):
        raise UserError(
            "{source}: nasion, inion and the two tragi do not form a cross on the head; two of them are the"
            " same point or in each other's place. Place them again.",
            source=scalp.source,
        )


def _require_not_swapped(scalp: "Scalp", points: dict[str, np.ndarray]) -> None:
    right, anterior, _ = scalp.head_axes_ras
    rightward = _unit(points["right_tragus"] - points["left_tragus"]) @ right
    ahead = _unit(points["nasion"] - points["inion"]) @ anterior
    if min(abs(rightward), abs(ahead)) < _MAX_SLANT_COSINE:
        raise UserError(
            "{source}: the cross of nasion, inion and the two tragi is turned against the head; each of them"
            " is in another's place. Place them again.",
            source=scalp.source,
        )
    swapped = []
    if rightward < 0:
        swapped.append(say("left and right tragus"))
    if ahead < 0:
        swapped.append(say("nasion and inion"))
    if swapped:
        hint = say("Are they LPS? RAS mm are needed") if len(swapped) == 2 else say("Exchange them")
        raise UserError(
            "{source}: {swapped} are swapped. {hint} (x grows to the person's right, y to the front).",
            source=scalp.source,
            swapped=" as well as ".join(swapped),
            hint=hint,
        )


def _require_human(scalp: "Scalp", points: dict[str, np.ndarray]) -> None:
    for (one, other), (low, high) in _STRAIGHT_MM.items():
        distance = float(np.linalg.norm(points[one] - points[other]))
        if not low <= distance <= high:
            raise UserError(
                "{source}: from {words_one} to {words_other} it is {distance:.0f} mm in a straight line, which is"
                " not human ({low:.0f} to {high:.0f} mm); place the two points again.",
                source=scalp.source,
                words_one=_words(one),
                words_other=_words(other),
                distance=distance,
                low=low,
                high=high,
            )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)
