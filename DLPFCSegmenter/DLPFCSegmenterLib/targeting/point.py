"""`Point`: a point of a plan, on or in the head; its words are made of it at the edges (`words.py`)."""

from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np

from ..doubts import Doubt


class Role(Enum):
    """What a point is for."""

    TARGET = "target"
    HOTSPOT = "hotspot"
    RULE = "rule"
    MEASURED = "measured"
    PUBLISHED = "published"
    FIDUCIAL = "fiducial"


class Method(Enum):
    """How a point came to where it is."""

    CENTROID = "centroid"
    NEAREST_CENTROID = "nearest-centroid"
    NEAREST_SCALP = "nearest-scalp"
    PICKED = "picked"
    ESTIMATED = "estimated"
    GIVEN = "given"
    PLACED = "placed"
    MOVED = "moved"
    RULE = "rule"
    TEN_TWENTY = "ten-twenty"
    BEAM = "beam"
    AFFINE = "affine"
    ON_SCALP = "on-scalp"
    CIRCUIT = "circuit"


class Place(Enum):
    """The space in which a point was given: the scan's own RAS mm, or MNI mm."""

    SCAN = "scan"
    MNI = "mni"


TARGET, HOTSPOT, FIVE_CM = "target", "hotspot", "five_cm"
"""Keys of the three points that every side may have."""


@dataclass(frozen=True)
class Point:
    """A point that a person may check and move.

    key              stable name in files and nodes, such as 'five_cm' or 'hotspot'
    hemisphere       'left', 'right', or '' for one of the whole head
    position_ras_mm  where it lies in the scan, shape (3,)
    place            the space in which it was given
    estimated        True where no person gave or measured it
    uncertainty_mm   (low, high) of the likely error where `estimated`, else None
    numbers          what its words need beside that, such as 'length_mm' of a rule
    """

    key: str
    hemisphere: str
    role: Role
    position_ras_mm: np.ndarray
    method: Method
    place: Place = Place.SCAN
    estimated: bool = False
    uncertainty_mm: tuple[float, float] | None = None
    numbers: dict[str, float] = field(default_factory=dict)
    warnings: tuple[Doubt, ...] = ()

    def by_hand(self, position_ras_mm: np.ndarray, method: Method = Method.MOVED) -> "Point":
        """The same point where a person put it, which ends what was said of its place before."""
        return replace(
            self, position_ras_mm=np.asarray(position_ras_mm, float), method=method, place=Place.SCAN,
            estimated=False, uncertainty_mm=None, warnings=(),
        )  # fmt: skip
