"""Labels that call both hemispheres one, as automatic parcellations do in some heads."""

import numpy as np

from ..geometry.sides import outwards
from ..geometry.spaces import transform_points
from ..scan.head_frame import HeadFrame, implausible_frame
from ..scan.volume import Volume, voxel_points_ras_mm

_OVER_MM, _OVER_SHARE = 15.0, 0.1
"""So far over the midline lies so much of no structure, of those in the middle neither."""


def lies_over_midline(mask: Volume, side: str, frame: HeadFrame) -> bool:
    """Whether much of a mask of a side, bool (K, J, I), lies well over the midline, which no region does.

    Automatic parcellations number both hemispheres as one in some heads.
    """
    return bool(np.count_nonzero(over_midline(mask, side, frame)) > _OVER_SHARE * np.count_nonzero(mask.array_kji))


def on_own_side(mask: Volume, side: str, frame: HeadFrame) -> Volume:
    """A mask of a side, bool (K, J, I), without what of it lies well over the midline."""
    return mask.with_array(mask.array_kji & ~over_midline(mask, side, frame))


def over_midline(mask: Volume, side: str, frame: HeadFrame) -> np.ndarray:
    """What of a mask of a side lies well over the midline, bool (K, J, I); nothing where no head was found."""
    over = np.zeros(mask.array_kji.shape, bool)
    if not implausible_frame(frame):
        points_ras_mm = voxel_points_ras_mm(mask, mask.array_kji)
        x_mm = transform_points(np.linalg.inv(frame.ras_from_mni), points_ras_mm)[:, 0]
        over[mask.array_kji] = x_mm * outwards(side) < -_OVER_MM
    return over
