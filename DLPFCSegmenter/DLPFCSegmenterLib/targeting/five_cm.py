"""The 5-cm rule: from the motor hotspot a fixed length forward along the scalp.

The hotspot is given by the user and checked, or estimated from anatomy and called so. The walk lies in the
parasagittal plane through it, which is taken across the head's own left-right axis, and is measured as a tape lies:
hollows of the skin are bridged.
"""

from dataclasses import dataclass

import numpy as np

from ..doubts import Doubt, doubt, unless_refused
from ..errors import NoScalpError
from ..geometry.sides import other_side, outwards
from ..geometry.spaces import transform_points
from ..scan.head_frame import HeadFrame
from ..sentences import say
from .point import FIVE_CM, HOTSPOT, Method, Point, Role
from .scalp import Scalp, lacks_skin
from .scalp_section import arc_mm, cut_at, tape_from

M1_HAND_LEFT_MNI_MM = np.array([-37.0, -21.0, 58.0])
"""Hand area of the left primary motor cortex, as in the NIBS-BIDS draft's example; mirrored right."""

_MIRRORED = {"left": (1.0, 1.0, 1.0), "right": (-1.0, 1.0, 1.0)}
"""Hemisphere -> factors that bring the left's MNI mm to it, and back."""

UNCERTAINTY_MM = (15.0, 20.0)
"""What an estimated hotspot may be off: mean M1 coordinates miss by up to 19.5 mm on the scalp
(10.3389/fnhum.2024.1342410), and a measured hotspot varies by 8 to 10 mm (10.1186/1471-2202-14-94)."""

_OUT_OF_LEFT_HAND_MNI = np.array([-0.59, 0.20, 0.78])
_MOST_TURNED_DEG = 26.0
"""Which way the nearest skin lies from the hand area, mirrored right: on 39 whole heads at most 21 degrees off that, in
the median 6. Where skin was erased, along whatever surface, the nearest that is left lies another way."""

_MAX_SCALP_MM = 20.0
_FAR_MM = 8.0
"""Hair, cap and coil keep a measured point less far from the scalp."""

_WRONG_SIDE_MM = 5.0
_BELOW_MNI_MM = 10.0
_BEHIND_MNI_MM = -75.0
_FAR_FROM_M1_MM = 40.0


def estimate_hotspot(scalp: Scalp, registration: HeadFrame, hemisphere: str) -> Point:
    """The scalp point nearest to the hand area of the motor cortex, brought in from MNI space.

    Raises NoScalpError where so much of the head is cut off or erased that it may lie further off than it is
    uncertain.
    """
    place = _expected(scalp, registration, hemisphere)
    is_cut = scalp.lost_mm(_hand_area(registration, hemisphere)) > UNCERTAINTY_MM[0]
    is_erased = _turned_deg(place, registration, hemisphere) > _MOST_TURNED_DEG
    if is_cut or is_erased or lacks_skin(scalp, registration, place):
        raise NoScalpError(
            "{source}: the head is cut off or erased over the {hemisphere} motor cortex, so no hotspot is"
            " estimated there; use a scan of the whole head, or give the hotspot yourself.",
            source=scalp.source,
            hemisphere=say(hemisphere),
        )
    return Point(
        HOTSPOT, hemisphere, Role.HOTSPOT, place, Method.ESTIMATED, estimated=True, uncertainty_mm=UNCERTAINTY_MM
    )


def given_hotspot(scalp: Scalp, hotspot_ras_mm: np.ndarray, hemisphere: str, registration: HeadFrame | None) -> Point:
    """The user's hotspot, checked and kept where it is.

    Raises UserError if it lies over 20 mm from the scalp, on the other hemisphere, or behind or below
    the brain. A place that is merely unusual is warned of. Without a registration only the
    distance to the scalp is checked.
    """
    hotspot = hotspot_by_hand(scalp, hotspot_ras_mm, Method.GIVEN, hemisphere, registration)
    unless_refused(hotspot.warnings)
    return hotspot


def hotspot_by_hand(
    scalp: Scalp, hotspot_ras_mm: np.ndarray, method: Method, hemisphere: str, registration: HeadFrame | None
) -> Point:
    """The hotspot where a person put it, with what is doubtful about its place; one doubt alone where it cannot be."""
    point = np.asarray(hotspot_ras_mm, dtype=float)
    doubts = _refusal(scalp, point, hemisphere, registration) or _doubts(scalp, point, hemisphere, registration)
    return Point(HOTSPOT, hemisphere, Role.HOTSPOT, point, method, warnings=doubts)


def _expected(scalp: Scalp, registration: HeadFrame, hemisphere: str) -> np.ndarray:
    return scalp.nearest(_hand_area(registration, hemisphere)).position_ras_mm


def _hand_area(registration: HeadFrame, hemisphere: str) -> np.ndarray:
    return transform_points(registration.ras_from_mni, M1_HAND_LEFT_MNI_MM * _MIRRORED[hemisphere])


def _turned_deg(place_ras_mm: np.ndarray, registration: HeadFrame, hemisphere: str) -> float:
    """Angle between the way from the hand area to a place and that to the skin of a whole head, in MNI space."""
    out_mni_mm = transform_points(np.linalg.inv(registration.ras_from_mni), place_ras_mm) * _MIRRORED[hemisphere]
    way = out_mni_mm - M1_HAND_LEFT_MNI_MM
    cosine = way @ _OUT_OF_LEFT_HAND_MNI / np.linalg.norm(way) / np.linalg.norm(_OUT_OF_LEFT_HAND_MNI)
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _refusal(scalp: Scalp, point: np.ndarray, hemisphere: str, registration: HeadFrame | None) -> tuple[Doubt, ...]:
    """Why the point cannot be a hotspot, one doubt or none."""
    place = dict(zip("ras", map(float, point), strict=True))
    if not np.all(np.isfinite(point)):
        return (doubt("hotspot_no_point", hemisphere, source=scalp.source, **place),)
    away = scalp.nearest(point).distance_mm
    if away > _MAX_SCALP_MM:
        return (doubt("hotspot_far", hemisphere, source=scalp.source, away=away, **place),)
    if registration is None:
        return ()
    mni_mm = transform_points(np.linalg.inv(registration.ras_from_mni), point)
    if mni_mm[0] * outwards(hemisphere) < -_WRONG_SIDE_MM:
        told = {"other": other_side(hemisphere), "planned": hemisphere}
        return (doubt("hotspot_other_side", hemisphere, **told, **place),)
    if mni_mm[2] < _BELOW_MNI_MM or mni_mm[1] < _BEHIND_MNI_MM:
        where = "below" if mni_mm[2] < _BELOW_MNI_MM else "behind"
        return (doubt("hotspot_off_motor", hemisphere, place=where, **place),)
    return ()


def _doubts(scalp: Scalp, point: np.ndarray, hemisphere: str, registration: HeadFrame | None) -> tuple[Doubt, ...]:
    off_scalp = scalp.nearest(point).distance_mm
    doubts = (doubt("hotspot_off_scalp", hemisphere, away=off_scalp),) if off_scalp > _FAR_MM else ()
    if registration is None:
        return (*doubts, doubt("hotspot_unchecked", hemisphere))
    away = float(np.linalg.norm(point - _expected(scalp, registration, hemisphere)))
    return (*doubts, doubt("hotspot_unusual", hemisphere, away=away)) if away > _FAR_FROM_M1_MM else doubts


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
            "{source}: the scalp in this scan ends {reach:.0f} mm in front of the hotspot, so {length_mm:g}"
            " mm cannot be measured; give another hotspot or a shorter rule.",
            source=scalp.source,
            reach=reach,
            length_mm=length_mm,
        )
    path = cut_at(tape, length_mm)
    end = scalp.nearest(path[-1]).position_ras_mm
    landmark = Point(FIVE_CM, "", Role.RULE, end, Method.RULE, numbers={"length_mm": float(length_mm)})
    return RulePath(path, length_mm, landmark)
