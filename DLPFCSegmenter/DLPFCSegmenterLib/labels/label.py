"""What 'DLPFC' means in this project: a part of the middle frontal gyrus of a parcellation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import UserError
from ..volume.volume import Volume, voxel_points_ras_mm

DLMUSE_LEFT_GYRUS = 143
"""Left middle frontal gyrus in the DLMUSE parcellation."""

DLMUSE_RIGHT_GYRUS = 142
"""Right middle frontal gyrus in the DLMUSE parcellation."""

POSTERIOR_CUT = 1 / 3
"""Fraction of the gyrus's length, from behind, that is premotor cortex and not DLPFC."""

LABEL_DEFINITION = (
    "Anterior two thirds of the middle frontal gyrus (grey-matter label, DLMUSE 143 left, 142"
    " right), cut across the gyrus's first principal axis at one third of its length, counted"
    " from behind between the 0.5th and 99.5th percentile of its voxels in RAS mm."
)
"""The label in one sentence, for model cards and `result.json`."""


@dataclass(frozen=True)
class RegionLabel:
    """Which part of a parcellation is learnt and looked for.

    name         class name in annotation files
    left, right  parcellation ids that make the gyrus on either side
    definition   the label in one sentence
    """

    name: str = "dlpfc"
    left: tuple[int, ...] = (DLMUSE_LEFT_GYRUS,)
    right: tuple[int, ...] = (DLMUSE_RIGHT_GYRUS,)
    definition: str = LABEL_DEFINITION

    def ids(self, hemisphere: str) -> tuple[int, ...]:
        """Parcellation ids on the side 'left' or 'right'."""
        return {"left": self.left, "right": self.right}[hemisphere]


def dlpfc_mask(parcellation: Volume, label: int | Sequence[int]) -> np.ndarray:
    """DLPFC cut from the gyrus that `label` (an id, or several that make one gyrus) names.

    The result is bool, shape (K, J, I), on the parcellation's grid. Axis order, flips and
    mirroring of that grid do not change which tissue is marked.
    Raises UserError when the parcellation does not hold the label.
    """
    gyrus = gyrus_mask(parcellation, label)
    mask = np.zeros_like(gyrus)
    mask[gyrus] = axis_position(voxel_points_ras_mm(parcellation, gyrus)) >= POSTERIOR_CUT
    return mask


def gyrus_mask(parcellation: Volume, label: int | Sequence[int]) -> np.ndarray:
    """All voxels that carry `label` (one id or several), bool (K, J, I); UserError when none does."""
    ids = np.atleast_1d(label)
    gyrus = np.isin(parcellation.array_kji, ids)
    if np.count_nonzero(gyrus) < 2:
        named = ", ".join(str(i) for i in ids)
        raise UserError(
            f"{parcellation.source}: no voxels with label {named}; give a parcellation that holds"
            " the middle frontal gyrus under this number, or name the right number."
        )
    return gyrus


def axis_position(points_ras_mm: np.ndarray) -> np.ndarray:
    """Position of each point (N, 3), RAS mm, along their first principal axis, from behind.

    0 is the 0.5th percentile of the points and 1 the 99.5th; the axis points anteriorly.
    """
    centred = points_ras_mm - points_ras_mm.mean(axis=0)
    along = centred @ _anterior_axis(centred)
    low, high = np.percentile(along, [0.5, 99.5])
    return (along - low) / (high - low)


def _anterior_axis(centred_ras_mm: np.ndarray) -> np.ndarray:
    axis = np.linalg.eigh(centred_ras_mm.T @ centred_ras_mm)[1][:, -1]
    return axis if axis[1] >= 0 else -axis
