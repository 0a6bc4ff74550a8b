"""What is no DLPFC although the networks marked something: refused, since no mask is made up."""

from collections.abc import Sequence

import numpy as np

from ..errors import NotFoundError
from ..scan.volume import Volume, voxel_points_ras_mm
from .region import SliceScore
from .uncertainty import Agreement

MIN_VOLUME_ML = 2.0
"""A smaller finding is noise: the smallest DLPFC of the training people measures several times that."""

MIN_CONTRAST = 0.1
"""Least spread (interquartile range) of the intensities inside a finding, as a share of their median:
grey matter borders on white matter and fluid, a phantom is uniform."""

MAX_SPREAD_MM = 10.0
"""Views that disagree by more have not seen the same thing; on 42 good sides they agree within 4 mm."""

MIN_SLICES = 5
"""A region that shows in fewer slices (2 mm apart) is noise."""


def require_placed(scan: Volume, hemisphere: str, misplaced: str) -> None:
    """The frame lies on a brain; `misplaced` says why it cannot, or nothing."""
    if misplaced:
        raise NotFoundError(
            f"{scan.source}: no {hemisphere} DLPFC was found, since the scan could not be laid over the MNI brain"
            f" ({misplaced}); check that it is a T1 of a whole head."
        )


def require_agreement(scan: Volume, hemisphere: str, agreed: Agreement) -> None:
    """The networks' views of it have seen the same thing."""
    if agreed.spread_mm is not None and agreed.spread_mm > MAX_SPREAD_MM:
        raise NotFoundError(
            f"{scan.source}: no {hemisphere} DLPFC was found, since the networks' views of it lie"
            f" {agreed.spread_mm:.0f} mm apart; check that the scan is a T1 of a whole head."
        )


def require_enough(scan: Volume, hemisphere: str, kept: Volume, slices: Sequence[SliceScore]) -> None:
    """It is large enough and shows in enough slices."""
    size_ml = np.count_nonzero(kept.array_kji) * kept.voxel_ml
    if len(slices) < MIN_SLICES or size_ml < MIN_VOLUME_ML:
        raise NotFoundError(
            f"{scan.source}: no {hemisphere} DLPFC was found ({len(slices)} slices, {size_ml:.1f} ml);"
            " check that the scan is a T1 of a whole head, or lower the threshold."
        )


def require_side(scan: Volume, hemisphere: str, kept: Volume, middle_x_ras_mm: float) -> None:
    """The last guard against the wrong hemisphere."""
    x = voxel_points_ras_mm(kept, kept.array_kji)[:, 0].mean()
    if x >= middle_x_ras_mm:
        raise NotFoundError(
            f"{scan.source}: what looked like the {hemisphere} DLPFC lies on the other side of the head;"
            " check the orientation in the scan's header."
        )


def require_tissue(scan: Volume, hemisphere: str, intensities: np.ndarray) -> None:
    """The voxels of the mask are no uniform stuff."""
    low, middle, high = np.percentile(intensities, [25, 50, 75]) if intensities.size else (0, 1, 0)
    if high - low < MIN_CONTRAST * middle:
        raise NotFoundError(
            f"{scan.source}: no {hemisphere} DLPFC was found, since the tissue in its place is uniform;"
            " check that the scan is a T1 of a head."
        )
