"""How far a landmark lies from the personal target, in four ways that the literature uses."""

from dataclasses import dataclass

import numpy as np

from ..errors import NoScalpError
from .scalp import Scalp
from .scalp_section import scalp_distance_mm

_CORTICAL_MM = 8.0
"""A landmark deeper than this below the scalp is a cortical one already: no brain lies so shallow."""


@dataclass(frozen=True)
class LandmarkDistances:
    """Distances in mm from a landmark to the personal target; None where there is none.

    straight_mm      in a straight line
    axial_mm         seen in the scan's axial plane (x and y of RAS), as in studies on axial slices
    along_scalp_mm   tape from the scalp over the landmark to the scalp over the target
    from_cortex_mm   in a straight line from the landmark's cortical projection
    cortex_ras_mm    that projection, shape (3,), RAS mm (see `cortical_projection`)
    """

    straight_mm: float
    axial_mm: float
    along_scalp_mm: float | None = None
    from_cortex_mm: float | None = None
    cortex_ras_mm: np.ndarray | None = None


def landmark_distances(
    landmark_ras_mm: np.ndarray, target_ras_mm: np.ndarray, scalp: Scalp | None, along_scalp: bool = True
) -> LandmarkDistances:
    """Every distance that can be had between a landmark and a target, both RAS mm of shape (3,).

    Without a scalp only the first two are known. No tape is laid where the scan cuts the scalp off, or where
    none is wanted.
    """
    landmark, target = np.asarray(landmark_ras_mm, float), np.asarray(target_ras_mm, float)
    offset = target - landmark
    straight, axial = float(np.linalg.norm(offset)), float(np.linalg.norm(offset[:2]))
    if scalp is None:
        return LandmarkDistances(straight, axial)
    cortex = cortical_projection(scalp, landmark, target)
    from_cortex = None if cortex is None else float(np.linalg.norm(target - cortex))
    along = _along_scalp_mm(scalp, landmark, target) if along_scalp else None
    return LandmarkDistances(straight, axial, along, from_cortex, cortex)


def cortical_projection(scalp: Scalp, landmark_ras_mm: np.ndarray, target_ras_mm: np.ndarray) -> np.ndarray | None:
    """Where a scalp landmark lies on the cortex, RAS mm, shape (3,).

    It goes from the nearest scalp point inwards along the smoothed normal, as deep as the target lies
    below the scalp there. So a landmark right over the target is projected onto the target, and what
    remains is the displacement along the cortex: depth, which differs between landmark and target
    anyway, is taken out. A landmark that lies in the brain already is its own projection. None where
    the scan shows too little skin for a normal.
    """
    skin = scalp.nearest(landmark_ras_mm)
    try:
        inward = -scalp.outward_normal(skin.position_ras_mm)
    except NoScalpError:
        return None
    below = float((np.asarray(landmark_ras_mm, float) - skin.position_ras_mm) @ inward)
    if below > _CORTICAL_MM:
        return np.asarray(landmark_ras_mm, float)
    return skin.position_ras_mm + scalp.nearest(target_ras_mm).distance_mm * inward


def _along_scalp_mm(scalp: Scalp, landmark: np.ndarray, target: np.ndarray) -> float | None:
    try:
        return scalp_distance_mm(scalp, *(scalp.nearest(point).position_ras_mm for point in (landmark, target)))
    except NoScalpError:
        return None
