"""F3 and F4 of the 10-20 system, constructed on the scalp from the four fiducials.

Every step is a tape in a plane through three points: nasion-Cz-inion and tragus-Cz-tragus in tenths,
then Fpz-T7-Oz (Fpz-T8-Oz) in tenths, then F7-Fz-F8 in quarters (Klem 1999, PMID 10590970; the planes
as in Jurcak 2007, 10.1016/j.neuroimage.2006.09.024).
"""

import numpy as np

from .head_tapes import FPZ_SHARE, OZ_SHARE, HeadTapes, along
from .point import Method, Point, Role
from .scalp import Scalp
from .scalp_section import tape_over

_SAGITTAL = {"Fpz": FPZ_SHARE, "Fz": 0.3, "Pz": 0.7, "Oz": OZ_SHARE}
_CORONAL = {"T7": 0.1, "C3": 0.3, "C4": 0.7, "T8": 0.9}
_FRONT_SHARE = 0.3
"""F7 and F8 lie at this share of the arcs Fpz-T7-Oz and Fpz-T8-Oz."""

_NAMES = {"left": "F3", "right": "F4"}


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
    name = _NAMES[hemisphere]
    place = ten_twenty(scalp, tapes)[name]
    return Point(name.lower(), hemisphere, Role.MEASURED, place, Method.TEN_TWENTY, warnings=tapes.warnings)


def _on_scalp(scalp: Scalp, tape: np.ndarray, share: float) -> np.ndarray:
    return scalp.nearest(along(tape, share)).position_ras_mm
