"""The region of a labelled scan, on the grid of its labels: cut from a parcellation, or as a person drew it."""

from dataclasses import dataclass

import numpy as np

from ..errors import UserError
from ..scan.readers import read_volume
from ..scan.volume import Volume
from .label import RegionLabel
from .splits import MASK_VALUES, LabelledScan


@dataclass(frozen=True)
class LabelledRegion:
    """What the labels of a scan say.

    parcellation  ids of all structures, 0 outside the brain, or None where the region alone was drawn
    grid          where the labels lie; only its grid counts
    sides         'left', 'right' or both -> bool (K, J, I); of a side that is missing nothing is known
    """

    parcellation: Volume | None
    grid: Volume
    sides: dict[str, np.ndarray]


def read_region(scan: LabelledScan, region: RegionLabel) -> LabelledRegion:
    """Read the labels of a scan. Raises UserError where they do not hold the region."""
    labels = read_volume(scan.parcellation)
    if scan.is_drawn:
        return LabelledRegion(None, labels, _drawn_sides(labels))
    sides = {side: region.mask(labels, side) for side in ("left", "right") if region.ids(side)}
    return LabelledRegion(labels, labels, sides)


def _drawn_sides(labels: Volume) -> dict[str, np.ndarray]:
    sides = {side: labels.array_kji == value for side, value in MASK_VALUES.items()}
    drawn = {side: mask for side, mask in sides.items() if mask.any()}
    if not drawn:
        named = " or ".join(f"{value} ({side})" for side, value in MASK_VALUES.items())
        raise UserError(f"{labels.source}: no voxel is {named}; draw the region, or remove the scan.")
    return drawn
