"""A scalp entry by tape measure, for clinics without a navigator: two lengths in two manners, and how sure each is.

In the manner of Beam F3: X from the midline along the tape around the head, then Y from the vertex towards that mark.
Along 10-20 lines, as continuous proportional coordinates (Xiao 2018): along the midline from nasion to inion, then
over that mark from the left to the right tragus.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..doubts import Doubt, doubt, told
from ..errors import NoScalpError, UserError
from ..geometry.spaces import transform_points
from ..scan.head_frame import HeadFrame
from ..sentences import say
from .beam_f3 import BeamSite, beam_f3
from .fiducials import ScalpFiducials, fiducials_at, fiducials_on_scalp
from .head_tapes import HeadTapes, along, lay_tapes, site_on_scalp, towards
from .placing import Head
from .scalp import Scalp
from .scalp_section import arc_at, arc_mm, cut_at, nearest_on, tape_around, tape_from, tape_over

FIDUCIALS_MNI_MM = {
    "nasion": (0.0, 82.9, -43.0),
    "inion": (0.0, -116.2, -30.5),
    "left_tragus": (-79.6, -20.6, -48.6),
    "right_tragus": (80.6, -20.6, -48.1),
}
"""Where they lie in MNI space, mm: the positions of Jurcak 2007 as SimNIBS has them."""

WRONG_MM = 5.0
"""How wrong a tape is taken to be where it is told how far off the coil then lies."""

_REACH = 1.6
"""A tape over the head is at most this many times as long as the straight way."""

_NEAR_VERTEX_MM = 15.0


@dataclass(frozen=True)
class TapeLength:
    """One length to measure, and how far off the coil's centre lies if its tape is `WRONG_MM` wrong, mm."""

    length_mm: float
    off_mm: float


@dataclass(frozen=True)
class ByTape:
    """How a person with a tape measure finds a scalp entry, mm.

    around            X: from the midline to the planned side along the tape around the head at Fpz's height
    at_nasion_mm      the same mark on a tape around the head at the nasion's height; None where the scan ends before
    from_vertex       Y: from the vertex towards that mark
    from_nasion       along the midline from the nasion
    from_tragus       from the left tragus over the mark of `from_nasion` towards the right one
    circumference_mm, nasion_inion_mm, tragus_tragus_mm  the whole lines; the last over the mark of `from_nasion`
    handle_deg        from the tape back to the vertex to the coil's handle, clockwise as seen from outside, or None
    estimated         whether nasion, inion and tragi were brought in from MNI space and not placed by a person
    paths_ras_mm      the tapes of X and Y, RAS mm, shape (N, 3) each
    beam              Beam F3 or F4 of the same head
    beam_ras_mm       where that lies on the scalp, shape (3,)
    """

    around: TapeLength
    at_nasion_mm: float | None
    from_vertex: TapeLength
    from_nasion: TapeLength
    from_tragus: TapeLength
    circumference_mm: float
    nasion_inion_mm: float
    tragus_tragus_mm: float
    handle_deg: float | None
    estimated: bool
    paths_ras_mm: tuple[np.ndarray, np.ndarray]
    beam: BeamSite
    beam_ras_mm: np.ndarray


def tape_plan(
    head: Head, hemisphere: str, entry_ras_mm: np.ndarray | None, coil_pose_ras_mm: np.ndarray | None
) -> tuple[ByTape | None, tuple[Doubt, ...]]:
    """`find_by_tape` with the fiducials that the user placed, else with estimated ones; why not, where it fails."""
    if head.scalp is None or entry_ras_mm is None or (head.fiducials is None and head.registration is None):
        return None, (doubt("no_tape_lengths", hemisphere),)
    try:
        fiducials = head.fiducials or estimated_fiducials(head.scalp, head.registration)
        tapes = head.tapes or lay_tapes(head.scalp, fiducials)
        found = find_by_tape(head.scalp, tapes, entry_ras_mm, hemisphere, coil_pose_ras_mm, head.fiducials is None)
    except UserError as error:
        return None, (told(error, "no_by_tape", hemisphere),)
    return found, tapes.warnings


def estimated_fiducials(scalp: Scalp, registration: HeadFrame | None) -> ScalpFiducials:
    """Nasion, inion and tragi of MNI space on the nearest scalp. Raises UserError where they fit no head."""
    if registration is None:
        raise UserError(
            "{source}: MNI space could not be laid on the scan, so no fiducials can be estimated.", source=scalp.source
        )
    places = {key: transform_points(registration.ras_from_mni, at) for key, at in FIDUCIALS_MNI_MM.items()}
    on_scalp = {key: scalp.nearest(at).position_ras_mm for key, at in places.items()}
    return fiducials_on_scalp(scalp, fiducials_at(on_scalp))


def find_by_tape(
    scalp: Scalp,
    tapes: HeadTapes,
    entry_ras_mm: np.ndarray,
    hemisphere: str,
    coil_pose_ras_mm: np.ndarray | None = None,
    estimated: bool = False,
) -> ByTape:
    """The lengths that lead to a scalp point of the 'left' or 'right' side, RAS mm, shape (3,).

    Raises NoScalpError for a point at the vertex, across the midline, or where the scan ends on the way.
    """
    x_mm, y_mm = site_of(scalp, tapes, entry_ras_mm, hemisphere)
    a_mm, b_mm = proportions_of(scalp, tapes, entry_ras_mm)
    x_off, y_off = _off_mm(lambda x, y: place_at_site(scalp, tapes, x, y, hemisphere), x_mm, y_mm)
    a_off, b_off = _off_mm(lambda a, b: place_at_proportions(scalp, tapes, a, b), a_mm, b_mm)
    y_path = _from_vertex(scalp, tapes, entry_ras_mm)
    beam = beam_f3(tapes.measures)
    return ByTape(
        TapeLength(x_mm, x_off), _at_nasion_mm(scalp, tapes, entry_ras_mm, hemisphere), TapeLength(y_mm, y_off),
        TapeLength(a_mm, a_off), TapeLength(b_mm, b_off),
        float(arc_mm(tapes.around_ras_mm)[-1]), float(arc_mm(tapes.sagittal_ras_mm)[-1]),
        float(arc_mm(_over(scalp, tapes, a_mm))[-1]),
        None if coil_pose_ras_mm is None else _handle_deg(coil_pose_ras_mm, y_path),
        estimated, (cut_at(_ring(tapes.around_ras_mm, hemisphere), x_mm), cut_at(y_path, y_mm)),
        beam, site_on_scalp(scalp, tapes, beam, hemisphere),
    )  # fmt: skip


def site_of(scalp: Scalp, tapes: HeadTapes, entry_ras_mm: np.ndarray, hemisphere: str) -> tuple[float, float]:
    """X and Y in mm that lead to a scalp point in Beam's manner."""
    ring = _ring(tapes.around_ras_mm, hemisphere)
    y_mm = arc_at(_from_vertex(scalp, tapes, entry_ras_mm), entry_ras_mm)
    return _side_mm(scalp, tapes, ring, entry_ras_mm, hemisphere), y_mm


def place_at_site(scalp: Scalp, tapes: HeadTapes, x_mm: float, y_mm: float, hemisphere: str) -> np.ndarray:
    """The scalp point that X and Y lead to, RAS mm, shape (3,)."""
    return site_on_scalp(scalp, tapes, BeamSite(x_mm / 10.0, y_mm / 10.0), hemisphere)


def proportions_of(scalp: Scalp, tapes: HeadTapes, entry_ras_mm: np.ndarray) -> tuple[float, float]:
    """Lengths in mm along the midline from the nasion, and over that mark from the left tragus, to a scalp point."""
    left, right = tapes.coronal_ras_mm[0], tapes.coronal_ras_mm[-1]
    across = (right - left) / np.linalg.norm(right - left)
    upward = entry_ras_mm - left - ((entry_ras_mm - left) @ across) * across
    a_mm = _crossing_mm(tapes.sagittal_ras_mm, left, np.cross(across, upward), upward)
    if a_mm is None:
        raise NoScalpError(
            "{source}: the entry lies below the nasion, so no mark on the midline leads there.", source=scalp.source
        )
    return a_mm, arc_at(_over(scalp, tapes, a_mm), entry_ras_mm)


def place_at_proportions(scalp: Scalp, tapes: HeadTapes, a_mm: float, b_mm: float) -> np.ndarray:
    """The scalp point that two lengths as of `proportions_of` lead to, RAS mm, shape (3,)."""
    return scalp.nearest(cut_at(_over(scalp, tapes, a_mm), b_mm)[-1]).position_ras_mm


def _over(scalp: Scalp, tapes: HeadTapes, a_mm: float) -> np.ndarray:
    """The tape from tragus to tragus over a mark on the midline."""
    middle = along(tapes.sagittal_ras_mm, a_mm / arc_mm(tapes.sagittal_ras_mm)[-1])
    return tape_over(scalp, tapes.coronal_ras_mm[0], middle, tapes.coronal_ras_mm[-1])


def _from_vertex(scalp: Scalp, tapes: HeadTapes, entry_ras_mm: np.ndarray) -> np.ndarray:
    """The tape from the vertex over a scalp point and on."""
    straight = float(np.linalg.norm(entry_ras_mm - tapes.vertex_ras_mm))
    if straight < _NEAR_VERTEX_MM:
        raise NoScalpError(
            "{source}: the entry lies at the vertex, so no direction leads from there to it.", source=scalp.source
        )
    return tape_from(scalp, tapes.vertex_ras_mm, towards(tapes, entry_ras_mm), tapes.axes_ras[2], _REACH * straight)


def _ring(around_ras_mm: np.ndarray, hemisphere: str) -> np.ndarray:
    """A tape around the head that starts from the midline in front to the planned side."""
    return around_ras_mm if hemisphere == "left" else around_ras_mm[::-1]


def _side_mm(scalp: Scalp, tapes: HeadTapes, ring: np.ndarray, entry_ras_mm: np.ndarray, hemisphere: str) -> float:
    """Length of a ring up to the upright plane through vertex and entry."""
    ahead = towards(tapes, entry_ras_mm)
    found = _crossing_mm(ring, tapes.vertex_ras_mm, np.cross(tapes.axes_ras[2], ahead), ahead)
    if found is None or found > arc_mm(ring)[-1] / 2:
        raise NoScalpError(
            "{source}: the entry lies across the midline, so no tape on the {hemisphere} leads there.",
            source=scalp.source,
            hemisphere=say(hemisphere),
        )
    return found


def _crossing_mm(tape: np.ndarray, origin: np.ndarray, normal: np.ndarray, ahead: np.ndarray) -> float | None:
    """Length of a tape up to where it first crosses the half of a plane that lies ahead of its origin."""
    beside, is_ahead = (tape - origin) @ normal, (tape - origin) @ ahead > 0
    found = np.flatnonzero((beside[:-1] * beside[1:] <= 0) & is_ahead[:-1] & is_ahead[1:])
    if not found.size:
        return None
    first, arc = int(found[0]), arc_mm(tape)
    share = abs(beside[first]) / max(abs(beside[first]) + abs(beside[first + 1]), 1e-9)
    return float(arc[first] + share * (arc[first + 1] - arc[first]))


def _at_nasion_mm(scalp: Scalp, tapes: HeadTapes, entry_ras_mm: np.ndarray, hemisphere: str) -> float | None:
    """X on a tape around the head through the nasion, as level as the fiducials are."""
    right, ahead = tapes.axes_ras[:2]
    try:
        level = tape_around(scalp, tapes.sagittal_ras_mm[0], -right, ahead)
        return _side_mm(scalp, tapes, _ring(level, hemisphere), entry_ras_mm, hemisphere)
    except NoScalpError:
        return None


def _off_mm(follow: Callable[[float, float], np.ndarray], first_mm: float, second_mm: float) -> tuple[float, float]:
    """How far the scalp point moves with the first, and with the second length wrong, the larger of both ways."""
    right = follow(first_mm, second_mm)

    def off(a_mm: float, b_mm: float) -> float:
        """With the lengths wrong by so much, either way."""
        ways = (follow(first_mm + sign * a_mm, second_mm + sign * b_mm) for sign in (-1.0, 1.0))
        return max(float(np.linalg.norm(place - right)) for place in ways)

    return off(WRONG_MM, 0.0), off(0.0, WRONG_MM)


def _handle_deg(pose_ras_mm: np.ndarray, y_path: np.ndarray) -> float:
    """From the tape back to the vertex to the handle, clockwise as seen from outside, -180 to 180."""
    handle, outward = -pose_ras_mm[:3, 1], -pose_ras_mm[:3, 2]
    segment, _ = nearest_on(y_path, pose_ras_mm[:3, 3])
    back = y_path[segment] - y_path[segment + 1]
    return float(np.degrees(np.arctan2(np.cross(handle, back) @ outward, handle @ back)))
