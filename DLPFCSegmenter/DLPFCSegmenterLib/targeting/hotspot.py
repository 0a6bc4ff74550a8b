"""The motor hotspot: given by the user and checked, or estimated from anatomy and called so."""

import numpy as np

from ..errors import UserError
from ..geometry.spaces import transform_points
from ..scan.registration import Registration
from .point import Landmark
from .scalp import Scalp

M1_HAND_LEFT_MNI_MM = np.array([-37.0, -21.0, 58.0])
"""Hand area of the left primary motor cortex, as in the NIBS-BIDS draft's example; mirrored right."""

UNCERTAINTY_MM = (15.0, 20.0)
"""What an estimated hotspot may be off: mean M1 coordinates miss by up to 19.5 mm on the scalp
(10.3389/fnhum.2024.1342410), and a measured hotspot varies by 8 to 10 mm (10.1186/1471-2202-14-94)."""

_MAX_SCALP_MM = 20.0
_FAR_MM = 8.0
"""Hair, cap and coil keep a measured point less far from the scalp."""

_WRONG_SIDE_MM = 5.0
_BELOW_MNI_MM = 10.0
_BEHIND_MNI_MM = -75.0
_FAR_FROM_M1_MM = 40.0


def estimate_hotspot(scalp: Scalp, registration: Registration, hemisphere: str) -> Landmark:
    """The scalp point nearest to the hand area of the motor cortex, brought in from MNI space."""
    return Landmark(
        key="hotspot",
        label="Motor hotspot (estimated)",
        position_ras_mm=_expected(scalp, registration, hemisphere),
        method=(
            "Estimated: scalp point nearest to the hand area of the primary motor cortex, MNI (-37, -21, 58) or "
            "mirrored, brought in by an affine registration; a hotspot measured by stimulation is better."
        ),
        estimated=True,
        uncertainty_mm=UNCERTAINTY_MM,
    )


def given_hotspot(
    scalp: Scalp, hotspot_ras_mm: np.ndarray, hemisphere: str, registration: Registration | None
) -> Landmark:
    """The user's hotspot, checked and kept where it is.

    Raises UserError if it lies over 20 mm from the scalp, on the other hemisphere, or behind or below
    the brain. A place that is merely unusual is warned of. Without a registration only the
    distance to the scalp is checked.
    """
    point = np.asarray(hotspot_ras_mm, dtype=float)
    if not np.all(np.isfinite(point)):
        raise UserError(f"The hotspot {_text(point)} is no point; give three numbers, RAS mm of {scalp.source}.")
    _require_near_scalp(scalp, point)
    if registration is not None:
        _require_plausible_place(transform_points(np.linalg.inv(registration.ras_from_mni), point), point, hemisphere)
    return Landmark(
        key="hotspot",
        label="Motor hotspot",
        position_ras_mm=point,
        method="Given by the user.",
        warnings=_warnings(scalp, point, hemisphere, registration),
    )


def _expected(scalp: Scalp, registration: Registration, hemisphere: str) -> np.ndarray:
    mirrored = (1.0, 1.0, 1.0) if hemisphere == "left" else (-1.0, 1.0, 1.0)
    cortex = transform_points(registration.ras_from_mni, M1_HAND_LEFT_MNI_MM * mirrored)
    return scalp.nearest(cortex).position_ras_mm


def _require_near_scalp(scalp: Scalp, point: np.ndarray) -> None:
    distance = scalp.nearest(point).distance_mm
    if distance > _MAX_SCALP_MM:
        raise UserError(
            f"The hotspot {_text(point)} lies {distance:.0f} mm from the scalp of {scalp.source}; "
            "give a point on the scalp, in RAS mm of this scan."
        )


def _require_plausible_place(mni_mm: np.ndarray, point: np.ndarray, hemisphere: str) -> None:
    side = -1.0 if hemisphere == "left" else 1.0
    if mni_mm[0] * side < -_WRONG_SIDE_MM:
        other = "right" if hemisphere == "left" else "left"
        raise UserError(
            f"The hotspot {_text(point)} lies on the {other} side of the head, but the {hemisphere} hemisphere is "
            "planned; give the hotspot of that side (RAS: x grows to the right)."
        )
    if mni_mm[2] < _BELOW_MNI_MM or mni_mm[1] < _BEHIND_MNI_MM:
        place = "below" if mni_mm[2] < _BELOW_MNI_MM else "behind"
        raise UserError(
            f"The hotspot {_text(point)} lies {place} the motor cortex's part of the head; give a point on the "
            "upper scalp, in RAS mm of this scan."
        )


def _warnings(scalp: Scalp, point: np.ndarray, hemisphere: str, registration: Registration | None) -> tuple[str, ...]:
    off_scalp = scalp.nearest(point).distance_mm
    off = f"The given hotspot lies {off_scalp:.0f} mm from the scalp; the rule starts at the nearest scalp."
    doubts = (off,) if off_scalp > _FAR_MM else ()
    if registration is None:
        return (*doubts, "The hotspot's side and place could not be checked, because the registration failed.")
    away = float(np.linalg.norm(point - _expected(scalp, registration, hemisphere)))
    if away > _FAR_FROM_M1_MM:
        doubts += (f"The given hotspot lies {away:.0f} mm from where anatomy suggests it; check it.",)
    return doubts


def _text(point: np.ndarray) -> str:
    return "({:.1f}, {:.1f}, {:.1f})".format(*point)
