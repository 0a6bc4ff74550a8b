"""How deep the target lies against the motor cortex: information about coil distance, never a dose."""

from dataclasses import dataclass

import numpy as np

from ..geometry.spaces import transform_points
from ..scan.registration import Registration
from .hotspot import M1_HAND_LEFT_MNI_MM
from .scalp import Scalp

PERCENT_PER_MM = (2.7, 3.0)
SOURCE = (
    "Stokes 2005, J Neurophysiol (3 %/mm); Stokes 2007, 10.1016/j.clinph.2007.04.004 (2.8); 10.1152/jn.00510.2012 (2.7)"
)
"""Published slopes of the motor threshold with scalp-cortex distance, in % of maximum stimulator output."""


@dataclass(frozen=True)
class DepthInformation:
    """Scalp-cortex distances in mm at the target and at the hand area of the motor cortex, the latter estimated."""

    target_mm: float
    motor_mm: float

    @property
    def difference_mm(self) -> float:
        """How much deeper the target lies than the motor cortex."""
        return self.target_mm - self.motor_mm

    @property
    def in_words(self) -> str:
        """One sentence, which says that it is no dose."""
        low, high = sorted(slope * self.difference_mm for slope in PERCENT_PER_MM)
        return (
            f"For information, not a dose: the target lies {self.target_mm:.0f} mm below the scalp and the hand area"
            f" of the motor cortex about {self.motor_mm:.0f} mm (estimated); published corrections of the motor"
            f" threshold for this difference are {low:+.0f} to {high:+.0f} % of maximum output ({SOURCE})."
        )


def depth_information(
    scalp: Scalp, registration: Registration, hemisphere: str, target_ras_mm: np.ndarray
) -> DepthInformation:
    """Depths below the scalp of a target, RAS mm, shape (3,), and of the hand area brought in from MNI space."""
    side = (1.0, 1.0, 1.0) if hemisphere == "left" else (-1.0, 1.0, 1.0)
    motor = transform_points(registration.ras_from_mni, M1_HAND_LEFT_MNI_MM * side)
    return DepthInformation(scalp.nearest(target_ras_mm).distance_mm, scalp.nearest(motor).distance_mm)
