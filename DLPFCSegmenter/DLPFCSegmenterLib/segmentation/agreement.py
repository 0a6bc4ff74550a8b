"""How far a result may be off: what each view says on its own, against what all say together.

A view is a plane of slices, or the 3-D window.

The spread of the views' centroids is turned into an expected error by the calibration in the
model card, which was fitted to labelled people whom training never saw (BENCHMARKS.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Agreement:
    """How far the target may be off.

    spread_mm    root mean square distance of the views' own centroids from the common one; None where
                 there is one view alone, or one saw nothing
    expected_mm  error of the centroid that is exceeded in one of ten scans with such a spread; None
                 where the model card has no calibration
    reliable     False where the spread is beyond what the calibration has seen, or a view saw nothing
    """

    spread_mm: float | None
    expected_mm: float | None
    reliable: bool

    @property
    def in_words(self) -> str:
        """One phrase for the person."""
        if not self.reliable:
            return "unreliable: the views of the network disagree"
        if self.expected_mm is None:
            return "uncertainty not known for this model"
        return f"within {self.expected_mm:.1f} mm in 9 of 10 scans"


@dataclass(frozen=True)
class Calibration:
    """expected_mm = floor_mm + slope * spread_mm, up to `limit_mm` of spread."""

    floor_mm: float
    slope: float
    limit_mm: float

    @staticmethod
    def of_card(card: Mapping) -> "Calibration | None":
        """That of a model card, or None where it has none."""
        held = card.get("calibration")
        return Calibration(float(held["floor_mm"]), float(held["slope"]), float(held["limit_mm"])) if held else None


def agreement(
    centroids_mm: Mapping[str, np.ndarray | None], common_mm: np.ndarray, calibration: Calibration | None
) -> Agreement:
    """Compare the views' centroids, each of shape (3,) or None where one saw nothing, with the common one."""
    if len(centroids_mm) < 2:
        return Agreement(None, None, True)
    if any(centroid is None for centroid in centroids_mm.values()):
        return Agreement(None, None, False)
    away = [np.sum((centroid - common_mm) ** 2) for centroid in centroids_mm.values()]
    spread = float(np.sqrt(np.mean(away)))
    if calibration is None:
        return Agreement(spread, None, True)
    expected = calibration.floor_mm + calibration.slope * spread
    return Agreement(spread, expected, spread <= calibration.limit_mm)
