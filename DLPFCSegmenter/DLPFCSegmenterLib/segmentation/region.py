"""`Region`: what the network found on one side of the head."""

from dataclasses import dataclass

import numpy as np

from ..doubts import Doubt
from ..scan.volume import Volume
from .uncertainty import Agreement


@dataclass(frozen=True)
class SliceScore:
    """Confidence (0..1) of the detection in one slice of the network's canonical grid.

    position_ras_mm is the slice's coordinate on the axis that the plane is normal to.
    """

    plane: str
    index: int
    score: float
    position_ras_mm: float


@dataclass(frozen=True)
class Region:
    """The DLPFC of one hemisphere on the input's own grid.

    volume           the scan; only its grid is used with the arrays
    mask_kji         bool, shape (K, J, I)
    probability_kji  float32 in 0..1, same shape
    score            confidence of the whole finding, 0..1
    slices           the slices in which the region was detected
    agreement        how far its centroid may be off, or None for a mask that no network drew
    """

    volume: Volume
    hemisphere: str
    mask_kji: np.ndarray
    probability_kji: np.ndarray
    score: float
    slices: tuple[SliceScore, ...]
    warnings: tuple[Doubt, ...] = ()
    agreement: Agreement | None = None

    @property
    def volume_ml(self) -> float:
        """Size of the mask in millilitres."""
        return float(np.count_nonzero(self.mask_kji)) * self.volume.voxel_ml
