"""All landmarks of a scan: the head is read once, then each side is placed on it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from ..doubts import Doubt, doubt, told
from ..errors import NoScalpError, UserError
from ..scan.head_frame import HeadFrame, require_plausible
from ..scan.head_scan import HeadScan
from ..sentences import say
from .cortex import Cortex, find_cortex
from .distances import LandmarkDistances, landmark_distances
from .fiducials import Fiducials, ScalpFiducials, fiducials_on_scalp
from .five_cm import estimate_hotspot, hotspot_by_hand, walk_forward
from .head_tapes import HeadTapes, beam_landmarks, lay_tapes, ten_twenty_landmark
from .mni_targets import literature_targets
from .point import FIVE_CM, HOTSPOT, Method, Point, Role
from .scalp import NORMAL_RADIUS_MM, Scalp, find_scalp, lacks_skin, lacks_skin_around

if TYPE_CHECKING:
    from ..circuit.circuit import CircuitSide


_LANDMARK_BY_HOTSPOT = 0.55
"""Of how far the skin lies off the brain's place at the hotspot, it does at the landmark: 0.63 and more on both sides
of 39 whole heads; where both sides of a thick-skulled one were erased 0.30 to 0.56."""


@dataclass(frozen=True)
class Head:
    """What the landmarks of both sides are placed on.

    scalp         None where the scan shows none
    registration  MNI space laid on the scan, or None where no human head was found in it
    fiducials     those that the user gave, on the scalp, else None
    tapes         laid between them, or None where they are missing or the scan cuts the head on the way
    cortex        where brain tissue lies, or None where that cannot be told
    warnings      why any is missing, and what is doubtful
    """

    scalp: Scalp | None
    registration: HeadFrame | None
    warnings: tuple[Doubt, ...] = ()
    fiducials: ScalpFiducials | None = None
    tapes: HeadTapes | None = None
    cortex: Cortex | None = None

    def lacks_skin(self, point_ras_mm: np.ndarray, around: bool = False) -> bool:
        """`scalp.lacks_skin`, or `scalp.lacks_skin_around`, where it can be told."""
        if self.scalp is None or self.registration is None:
            return False
        return (lacks_skin_around if around else lacks_skin)(self.scalp, self.registration, point_ras_mm)


@dataclass(frozen=True)
class PlacedLandmarks:
    """The landmarks of one side.

    landmarks         on the scalp: hotspot, 5-cm landmark, and from fiducials F3/F4 and Beam F3/F4
    literature        published targets, brought in from MNI space
    distances_mm      key of a landmark and manner -> mm to the target (`named_distances_mm`)
    rule_path_ras_mm  the walk of the rule, shape (N, 3), or None
    """

    landmarks: tuple[Point, ...] = ()
    literature: tuple[Point, ...] = ()
    distances_mm: dict[str, float] = field(default_factory=dict)
    rule_path_ras_mm: np.ndarray | None = None
    warnings: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Edits:
    """What is known already of the points of one side, and what a person changed; RAS mm of the scan.

    placed   key of a point -> where a person put it, shape (3,)
    removed  keys of the points that a person took away
    found    points as an earlier run or measurement found them: they are not looked for again, but for those
             that follow the target, the hotspot or a choice
    doubts   what that run doubted and nothing here judges again
    circuit  what the fMRI said of the side
    """

    placed: dict[str, np.ndarray] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    found: tuple[Point, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    circuit: "CircuitSide | None" = None

    def found_as(self, role: Role) -> tuple[Point, ...]:
        """The points of one role that were found before."""
        return tuple(point for point in self.found if point.role is role)

    def kept(self, points: tuple[Point, ...]) -> tuple[Point, ...]:
        """Those of the points that nobody took away."""
        return tuple(point for point in points if point.key not in self.removed)

    def applied_to(self, points: tuple[Point, ...]) -> tuple[Point, ...]:
        """Points that follow nothing: kept, and where a person put them."""
        placed = self.placed
        return tuple(
            point.by_hand(placed[point.key], Method.PLACED if point.role is Role.HOTSPOT else Method.MOVED)
            if point.key in placed
            else point
            for point in self.kept(points)
        )


NO_EDITS = Edits()

Given = np.ndarray | tuple[float, float, float] | None
"""A point of the user's, RAS mm, where there is one."""


def read_head(
    head_scan: HeadScan, fiducials: Fiducials | None = None, find: Callable[[HeadScan], Scalp] | None = None
) -> Head:
    """Scalp of a scan and where MNI space lies in it; what cannot be had is None and told in the warnings.

    find  gives the scalp where it is known already, in place of `find_scalp`

    A scan without a scalp still has a mask and a target, so that raises nothing. Fiducials that cannot
    be right raise UserError.
    """
    registration, doubts = _registration(head_scan)
    cortex = None if registration is None else find_cortex(head_scan, registration)
    try:
        scalp = (find or find_scalp)(head_scan)
    except NoScalpError as error:
        return with_fiducials(Head(None, registration, (told(error, "no_scalp"), *doubts), cortex=cortex), fiducials)
    if registration is not None:
        scalp = scalp.with_head_axes(registration.rotation.T)
    doubts += (doubt("scalp_rough"),) if scalp.is_rough else ()
    return with_fiducials(Head(scalp, registration, doubts, cortex=cortex), fiducials)


def with_fiducials(head: Head, fiducials: Fiducials | None) -> Head:
    """A head with the user's fiducials on its scalp and the tapes between them, where there are both.

    Raises UserError for fiducials that cannot be right.
    """
    if fiducials is None:
        return head
    if head.scalp is None:
        return replace(head, warnings=(*head.warnings, doubt("fiducials_unused")))
    placed = fiducials_on_scalp(head.scalp, fiducials)
    doubts = head.warnings + fiducials.warnings + placed.warnings
    try:
        tapes = lay_tapes(head.scalp, placed)
    except NoScalpError as error:
        return replace(head, warnings=(*doubts, told(error, "no_tapes")), fiducials=placed)
    return replace(head, warnings=doubts, fiducials=placed, tapes=tapes)


def _registration(head_scan: HeadScan) -> tuple[HeadFrame | None, tuple[Doubt, ...]]:
    registration = head_scan.registration
    try:
        require_plausible(registration, head_scan.scan.source)
    except UserError as error:
        return None, (told(error, "registration_failed"),)
    if not registration.doubtful:
        return registration, ()
    spread, moved, seen = registration.spread_mm, registration.moved_mm, registration.seen
    return registration, (doubt("registration_doubtful", spread=spread, moved=moved, seen=seen),)


def place_landmarks(
    head: Head,
    hemisphere: str,
    target_ras_mm: np.ndarray,
    hotspot_ras_mm: Given = None,
    rule_mm: float = 50.0,
    edits: Edits = NO_EDITS,
    along_scalp: bool = True,
) -> PlacedLandmarks:
    """The landmarks of one side ('left' or 'right'), with their distances to the target.

    hotspot_ras_mm is the measured hotspot, or None: it is estimated. What the head does not allow is
    left out (its warnings say why). A hotspot that cannot be one has a doubt that refuses it. Tapes along
    the scalp are what takes time: without them (`along_scalp` False) their distances are left out.
    """
    rule, path, warnings = _rule(head, hemisphere, hotspot_ras_mm, rule_mm, edits)
    measured, doubts = place_marks(head, hemisphere) if not edits.found else (edits.found_as(Role.MEASURED), ())
    published = edits.found_as(Role.PUBLISHED)
    if not edits.found and head.registration is not None:
        published = literature_targets(head.registration, hemisphere, head.cortex)
    landmarks, literature = rule + edits.applied_to(measured), edits.applied_to(published)
    distances = distances_to_target_mm((*landmarks, *literature), target_ras_mm, head.scalp, along_scalp)
    return PlacedLandmarks(landmarks, literature, distances, path, warnings + doubts)


def distances_to_target_mm(
    marks: tuple[Point, ...], target_ras_mm: np.ndarray, scalp: Scalp | None, along_scalp: bool = True
) -> dict[str, float]:
    """Every distance of the landmarks to the target by its name, and with a scalp 'target_to_scalp'."""
    target = np.asarray(target_ras_mm, float)
    distances = {} if scalp is None else {"target_to_scalp": scalp.nearest(target).distance_mm}
    for mark in marks:
        distances |= named_distances_mm(mark.key, landmark_distances(mark.position_ras_mm, target, scalp, along_scalp))
    return distances


def named_distances_mm(key: str, distances: LandmarkDistances) -> dict[str, float]:
    """'<key>_to_target', and with '_axial', '_along_scalp', '_from_cortex' the other manners that exist."""
    manners = {
        "": distances.straight_mm,
        "_axial": distances.axial_mm,
        "_along_scalp": distances.along_scalp_mm,
        "_from_cortex": distances.from_cortex_mm,
    }
    return {f"{key}_to_target{manner}": float(mm) for manner, mm in manners.items() if mm is not None}


def _rule(
    head: Head, hemisphere: str, given_ras_mm: Given, rule_mm: float, edits: Edits
) -> tuple[tuple[Point, ...], np.ndarray | None, tuple[Doubt, ...]]:
    """Hotspot and 5-cm landmark, the walk between them, and warnings."""
    doubts: tuple[Doubt, ...] = ()
    try:
        hotspot = _hotspot(head, hemisphere, given_ras_mm, edits)
    except NoScalpError as error:
        hotspot, doubts = None, (told(error, "no_hotspot", hemisphere),)
    if head.scalp is None or hotspot is None:
        if given_ras_mm is not None and head.scalp is None:
            doubts = (doubt("hotspot_unused", hemisphere),)
        return edits.applied_to((*filter(None, (hotspot,)), *edits.found_as(Role.RULE))), None, doubts
    by_hand = edits.placed.get(FIVE_CM)
    if by_hand is not None:
        length = {"length_mm": float(rule_mm)}
        landmark = Point(FIVE_CM, hemisphere, Role.RULE, by_hand, Method.MOVED, numbers=length)
        return edits.kept((hotspot, landmark)), None, hotspot.warnings
    walked, path, doubts = _walk(head, hotspot, rule_mm)
    return edits.kept((hotspot, *walked)), path, hotspot.warnings + doubts


def _walk(head: Head, hotspot: Point, rule_mm: float) -> tuple[tuple[Point, ...], np.ndarray | None, tuple[Doubt, ...]]:
    """The 5-cm landmark and the way to it, or why there is none."""
    scalp = head.scalp
    if scalp is None or any(each.refuses for each in hotspot.warnings):
        return (), None, ()
    try:
        rule = walk_forward(scalp, hotspot.position_ras_mm, rule_mm)
        _require_skin(head, hotspot, rule.landmark_ras_mm)
    except NoScalpError as error:
        return (), None, (told(error, "rule_not_walked", hotspot.hemisphere),)
    landmark = beside_cut(scalp, replace(rule.landmark, hemisphere=hotspot.hemisphere))
    return (as_sure_as(hotspot, landmark),), rule.path_ras_mm, ()


def _require_skin(head: Head, hotspot: Point, landmark_ras_mm: np.ndarray) -> None:
    """Raise NoScalpError where the rule ends on what lies bare under erased skin and bone."""
    frame = head.registration
    is_thin = hotspot.estimated and frame is not None and _thinner(frame, landmark_ras_mm, hotspot.position_ras_mm)
    if is_thin or head.lacks_skin(landmark_ras_mm):
        raise NoScalpError(
            "{source}: skin and bone are erased in front of the {hemisphere} motor cortex, so no 5-cm landmark is"
            " placed there; use a scan of the whole head.",
            source="" if head.scalp is None else head.scalp.source,
            hemisphere=say(hotspot.hemisphere),
        )


def _thinner(frame: HeadFrame, landmark_ras_mm: np.ndarray, hotspot_ras_mm: np.ndarray) -> bool:
    return frame.off_brain_mm(landmark_ras_mm) < _LANDMARK_BY_HOTSPOT * frame.off_brain_mm(hotspot_ras_mm)


def place_marks(head: Head, hemisphere: str) -> tuple[tuple[Point, ...], tuple[Doubt, ...]]:
    """F3/F4 and Beam F3/F4 of a side, where fiducials were given, and why not where that failed."""
    if head.scalp is None or head.tapes is None:
        return (), ()
    marks: list[Point] = []
    doubts: list[Doubt] = []
    for place in (lambda *at: (ten_twenty_landmark(*at),), beam_landmarks):
        try:
            marks += place(head.scalp, head.tapes, hemisphere)
        except NoScalpError as error:
            doubts.append(told(error, "marks_not_measured", hemisphere))
    return tuple(on_bare(head, beside_cut(head.scalp, mark)) for mark in marks), tuple(doubts)


def beside_cut(scalp: Scalp, mark: Point) -> Point:
    """A point of the scalp, with a doubt where the scan cuts the head off so near that its place is uncertain."""
    away = scalp.distance_to_cut_mm(mark.position_ras_mm)
    if away > NORMAL_RADIUS_MM:
        return mark
    name = mark.key.replace("five_cm", "5-cm landmark").replace("_", " ")
    return replace(mark, warnings=(*mark.warnings, doubt("mark_near_cut", mark.hemisphere, name=name, away=away)))


def on_bare(head: Head, mark: Point) -> Point:
    """A point of the scalp, with a doubt where skin and bone seem to be erased there."""
    if not head.lacks_skin(mark.position_ras_mm):
        return mark
    name = mark.key.replace("_", " ")
    return replace(mark, warnings=(*mark.warnings, doubt("mark_erased", mark.hemisphere, name=name)))


def as_sure_as(hotspot: Point, landmark: Point) -> Point:
    """A landmark measured from an estimated hotspot is an estimate itself, at least as far off."""
    if not hotspot.estimated:
        return landmark
    return replace(landmark, estimated=True, uncertainty_mm=hotspot.uncertainty_mm)


def _hotspot(head: Head, hemisphere: str, given_ras_mm: Given, edits: Edits) -> Point | None:
    """The hotspot where a person put it, else where it was given, found before, or is estimated.

    Raises NoScalpError where the scan shows no scalp to estimate it on.
    """
    by_hand, found = edits.placed.get(HOTSPOT), edits.found_as(Role.HOTSPOT)
    if head.scalp is None:
        return found[0] if found else None
    if by_hand is not None:
        return hotspot_by_hand(head.scalp, by_hand, Method.PLACED, hemisphere, head.registration)
    if given_ras_mm is not None:
        return hotspot_by_hand(head.scalp, np.array(given_ras_mm), Method.GIVEN, hemisphere, head.registration)
    if found:
        return found[0]
    if head.registration is None:
        return None
    return beside_cut(head.scalp, estimate_hotspot(head.scalp, head.registration, hemisphere))
