"""All landmarks of a scan: the head is read once, then each side is placed on it."""

from dataclasses import dataclass, field, replace

import numpy as np

from ..errors import NoScalpError, UserError
from ..scan.head_scan import HeadScan
from ..scan.registration import Registration, require_plausible
from .beam_f3_surface import beam_landmarks
from .distances import LandmarkDistances, landmark_distances
from .fiducials import Fiducials, ScalpFiducials, fiducials_on_scalp
from .five_cm import walk_forward
from .head_tapes import HeadTapes, lay_tapes
from .hotspot import estimate_hotspot, given_hotspot
from .mni_targets import literature_targets
from .point import Landmark
from .scalp import Scalp, find_scalp
from .ten_twenty import ten_twenty_landmark


@dataclass(frozen=True)
class Head:
    """What the landmarks of both sides are placed on.

    scalp         None where the scan shows none
    registration  None where the scan could not be matched with the template
    fiducials     those that the user gave, on the scalp, else None
    tapes         laid between them, or None where they are missing or the scan cuts the head on the way
    warnings      why any is missing, and what is doubtful
    """

    scalp: Scalp | None
    registration: Registration | None
    warnings: tuple[str, ...] = ()
    fiducials: ScalpFiducials | None = None
    tapes: HeadTapes | None = None


@dataclass(frozen=True)
class PlacedLandmarks:
    """The landmarks of one side.

    landmarks         on the scalp: hotspot, 5-cm landmark, and from fiducials F3/F4 and Beam F3/F4
    literature        published targets, brought in from MNI space
    distances_mm      key of a landmark and manner -> mm to the target (`named_distances_mm`)
    rule_path_ras_mm  the walk of the rule, shape (N, 3), or None
    """

    landmarks: tuple[Landmark, ...] = ()
    literature: tuple[Landmark, ...] = ()
    distances_mm: dict[str, float] = field(default_factory=dict)
    rule_path_ras_mm: np.ndarray | None = None
    warnings: tuple[str, ...] = ()


def read_head(head_scan: HeadScan, fiducials: Fiducials | None = None) -> Head:
    """Scalp of a scan and its registration with MNI; what cannot be had is None and told in the warnings.

    A scan without a scalp still has a mask and a target, so that raises nothing. Fiducials that cannot
    be right raise UserError.
    """
    registration, doubts = _registration(head_scan)
    try:
        scalp = find_scalp(head_scan)
    except NoScalpError as error:
        unused = ("The given nasion, inion and tragi were not used, as there is no scalp.",) if fiducials else ()
        return Head(None, registration, (str(error), *doubts, *unused))
    if registration is not None:
        scalp = scalp.with_head_axes(registration.rotation.T)
    head = Head(scalp, registration, doubts)
    return head if fiducials is None else with_fiducials(head, fiducials)


def with_fiducials(head: Head, fiducials: Fiducials) -> Head:
    """A head that has a scalp with the user's fiducials and the tapes between them.

    Raises UserError for fiducials that cannot be right.
    """
    placed = fiducials_on_scalp(head.scalp, fiducials)
    doubts = head.warnings + fiducials.warnings + placed.warnings
    try:
        tapes = lay_tapes(head.scalp, placed)
    except NoScalpError as error:
        return replace(head, warnings=(*doubts, str(error)), fiducials=placed)
    return replace(head, warnings=doubts, fiducials=placed, tapes=tapes)


def _registration(head_scan: HeadScan) -> tuple[Registration | None, tuple[str, ...]]:
    registration = head_scan.registration
    try:
        require_plausible(registration, head_scan.scan)
    except UserError as error:
        return None, (str(error),)
    if not registration.doubtful:
        return registration, ()
    return registration, (
        f"The registration with the MNI template fits worse than on good scans (similarity"
        f" {registration.similarity:.2f}), so an estimated hotspot and the literature targets may be far off.",
    )


def place_landmarks(
    head: Head, hemisphere: str, target_ras_mm: np.ndarray, hotspot_ras_mm=None, rule_mm: float = 50.0
) -> PlacedLandmarks:
    """The landmarks of one side ('left' or 'right'), with their distances to the target.

    hotspot_ras_mm is the measured hotspot, or None: it is estimated. What the head does not allow is
    left out (its warnings say why). Raises UserError for a given hotspot that cannot be one.
    """
    landmarks, path, warnings = _rule(head, hemisphere, hotspot_ras_mm, rule_mm)
    marked, doubts = place_marks(head, hemisphere)
    literature = literature_targets(head.registration, hemisphere) if head.registration else ()
    landmarks += marked
    distances = distances_to_target_mm((*landmarks, *literature), target_ras_mm, head.scalp)
    return PlacedLandmarks(landmarks, literature, distances, path, warnings + doubts)


def distances_to_target_mm(
    marks: tuple[Landmark, ...], target_ras_mm: np.ndarray, scalp: Scalp | None
) -> dict[str, float]:
    """Every distance of the landmarks to the target by its name, and with a scalp 'target_to_scalp'."""
    target = np.asarray(target_ras_mm, float)
    distances = {} if scalp is None else {"target_to_scalp": scalp.nearest(target).distance_mm}
    for mark in marks:
        distances |= named_distances_mm(mark.key, landmark_distances(mark.position_ras_mm, target, scalp))
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
    head: Head, hemisphere: str, hotspot_ras_mm, rule_mm: float
) -> tuple[tuple[Landmark, ...], np.ndarray | None, tuple[str, ...]]:
    """Hotspot and 5-cm landmark, the walk between them, and warnings."""
    if head.scalp is None:
        return (), None, () if hotspot_ras_mm is None else ("The given hotspot was not used, as there is no scalp.",)
    if hotspot_ras_mm is None and head.registration is None:
        return (), None, ()
    hotspot = _hotspot(head, hemisphere, hotspot_ras_mm)
    try:
        rule = walk_forward(head.scalp, hotspot.position_ras_mm, rule_mm)
    except NoScalpError as error:
        return (hotspot,), None, (*hotspot.warnings, str(error))
    return (hotspot, as_sure_as(hotspot, rule.landmark)), rule.path_ras_mm, hotspot.warnings


def place_marks(head: Head, hemisphere: str) -> tuple[tuple[Landmark, ...], tuple[str, ...]]:
    """F3/F4 and Beam F3/F4 of a side, where fiducials were given, and why not where that failed."""
    if head.tapes is None:
        return (), ()
    marks: list[Landmark] = []
    doubts: list[str] = []
    for place in (lambda *at: (ten_twenty_landmark(*at),), beam_landmarks):
        try:
            marks += place(head.scalp, head.tapes, hemisphere)
        except NoScalpError as error:
            doubts.append(str(error))
    return tuple(marks), tuple(doubts)


def as_sure_as(hotspot: Landmark, landmark: Landmark) -> Landmark:
    """A landmark measured from an estimated hotspot is an estimate itself, at least as far off."""
    if not hotspot.estimated:
        return landmark
    return replace(
        landmark,
        label=f"{landmark.label} (estimated)",
        method=f"{landmark.method} Measured from an estimated hotspot.",
        estimated=True,
        uncertainty_mm=hotspot.uncertainty_mm,
    )


def _hotspot(head: Head, hemisphere: str, hotspot_ras_mm) -> Landmark:
    if hotspot_ras_mm is None:
        return estimate_hotspot(head.scalp, head.registration, hemisphere)
    return given_hotspot(head.scalp, hotspot_ras_mm, hemisphere, head.registration)
