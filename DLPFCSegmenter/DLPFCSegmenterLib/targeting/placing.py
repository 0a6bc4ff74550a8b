"""All scalp landmarks of a scan: the head is read once, then each side is placed on it."""

from dataclasses import dataclass, field, replace

import numpy as np

from ..errors import NoScalpError, UserError
from ..volume.head_scan import HeadScan
from ..volume.registration import Registration, require_plausible
from .five_cm import walk_forward
from .hotspot import estimate_hotspot, given_hotspot
from .landmark import Landmark
from .scalp import Scalp, find_scalp
from .scalp_section import scalp_distance_mm


@dataclass(frozen=True)
class Head:
    """What the landmarks of both sides are placed on.

    scalp         None where the scan shows none
    registration  None where the scan could not be matched with the template
    warnings      why either is missing
    """

    scalp: Scalp | None
    registration: Registration | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlacedLandmarks:
    """The landmarks of one side.

    distances_mm      named distances between landmarks, target and scalp
    rule_path_ras_mm  the walk of the rule, shape (N, 3), or None
    """

    landmarks: tuple[Landmark, ...] = ()
    distances_mm: dict[str, float] = field(default_factory=dict)
    rule_path_ras_mm: np.ndarray | None = None
    warnings: tuple[str, ...] = ()


def read_head(head_scan: HeadScan) -> Head:
    """Scalp of a scan and its registration with MNI; what cannot be had is None and told in the warnings.

    A scan without a scalp still has a mask and a target, so it raises nothing.
    """
    try:
        scalp = find_scalp(head_scan)
    except NoScalpError as error:
        return Head(None, None, (str(error),))
    try:
        registration = head_scan.registration
        require_plausible(registration, head_scan.scan)
    except UserError as error:
        return Head(scalp, None, (str(error),))
    return Head(scalp.with_head_axes(registration.rotation.T), registration)


def place_landmarks(
    head: Head, hemisphere: str, target_ras_mm: np.ndarray, hotspot_ras_mm=None, rule_mm: float = 50.0
) -> PlacedLandmarks:
    """Hotspot and 5-cm landmark of one side ('left' or 'right'), with their distances to the target.

    hotspot_ras_mm is the measured hotspot, or None: it is estimated. Where the head has no scalp, or
    no hotspot can be estimated, nothing is placed (the head's warnings say why). Raises UserError
    for a given hotspot that cannot be one.
    """
    if head.scalp is None or (hotspot_ras_mm is None and head.registration is None):
        return PlacedLandmarks()
    hotspot = _hotspot(head, hemisphere, hotspot_ras_mm)
    depth = head.scalp.nearest(target_ras_mm).distance_mm
    try:
        rule = walk_forward(head.scalp, hotspot.position_ras_mm, rule_mm)
    except NoScalpError as error:
        return PlacedLandmarks((hotspot,), {"target_to_scalp": depth}, None, (*hotspot.warnings, str(error)))
    distances = _distances_mm(head.scalp, rule.landmark_ras_mm, np.asarray(target_ras_mm, float))
    landmark = _as_sure_as(hotspot, rule.landmark)
    return PlacedLandmarks((hotspot, landmark), distances, rule.path_ras_mm, hotspot.warnings)


def _as_sure_as(hotspot: Landmark, landmark: Landmark) -> Landmark:
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


def _distances_mm(scalp: Scalp, five_cm_ras_mm: np.ndarray, target_ras_mm: np.ndarray) -> dict[str, float]:
    above_target = scalp.nearest(target_ras_mm)
    offset = target_ras_mm - five_cm_ras_mm
    distances = {
        "five_cm_to_target": float(np.linalg.norm(offset)),
        "five_cm_to_target_axial": float(np.linalg.norm(offset[:2])),
        "target_to_scalp": above_target.distance_mm,
    }
    try:
        along = scalp_distance_mm(scalp, five_cm_ras_mm, above_target.position_ras_mm)
    except NoScalpError:
        return distances  # a cut face lies between the two: no such length exists
    return distances | {"five_cm_to_target_along_scalp": along}
