"""`Landmark`: a named point on or in the head, and how it was found."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Landmark:
    """A point that a person may check and move.

    key              stable name in files, such as 'five_cm' or 'hotspot'
    label            what the user reads beside the point
    position_ras_mm  shape (3,)
    method           one sentence: how the point was found, and by whose rule
    estimated        True where no person gave or measured it
    uncertainty_mm   (low, high) of the likely error where `estimated`, else None
    """

    key: str
    label: str
    position_ras_mm: np.ndarray
    method: str
    estimated: bool = False
    uncertainty_mm: tuple[float, float] | None = None
    warnings: tuple[str, ...] = ()
