"""`Region`: what the networks found on one side of the head, how far it may be off, and where they were least sure.

A view is a plane of slices, or a 3-D window: what each says on its own is held against what all say together.

The spread of the views' centroids and the share of the region that is doubtful are turned into an expected error
by the calibration in the model card, which was fitted to labelled people whom training never saw (BENCHMARKS.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np

from ..doubts import Doubt
from ..errors import UserError
from ..geometry.spaces import ijk_to_ras_points
from ..scan.volume import Volume, box_around
from ..sentences import say
from ..serial import UNTOLD
from ..terminology import DLPFC

_LEAST_MM = 1.0
"""Half a voxel of the scans that the calibration was fitted to: no smaller error is claimed."""

_MOST_MM = 7.0
"""The least that is asked of a target; more was stated of none of the labelled people (BENCHMARKS.md)."""


_EXPERTS_MM = 6.0
"""So far experts differ in the middle of this region; a network that learned from them is no nearer the truth."""


@dataclass(frozen=True)
class Agreement:
    """How far the target may be off.

    spread_mm       root mean square distance of the views' own centroids from the common one; None where
                    there is one view alone, or one saw nothing
    expected_mm     error of the centroid that is exceeded in one of ten such scans; None where the model
                    card has no calibration
    reliable        False where spread or expected error is beyond what the calibration has seen, or a view saw
                    nothing
    doubtful_share  voxels expected to be marked or left out wrongly, against those that are marked (`doubtful_share`)
    """

    spread_mm: float | None
    expected_mm: float | None
    reliable: bool
    doubtful_share: float

    @property
    def in_words(self) -> str:
        """One phrase for the person: against what the error was measured, and what that is worth."""
        if not self.reliable:
            return say("unreliable: the network is not sure of the region")
        if self.expected_mm is None:
            return say("uncertainty not known for this model")
        return say(
            "within {expected_mm:.1f} mm of the outlines that it was trained on in 9 of 10 scans (experts"
            " differ by about {experts_mm:g} mm)",
            expected_mm=self.expected_mm,
            experts_mm=_EXPERTS_MM,
        )


@dataclass(frozen=True)
class Calibration:
    """expected_mm = floor_mm + slope * spread_mm + doubt_mm * doubtful_share, up to `limit_mm` of spread."""

    floor_mm: float
    slope: float
    doubt_mm: float
    limit_mm: float

    @staticmethod
    def of_card(card: Mapping) -> "Calibration | None":
        """That of a model card, or None where it has none. Raises UserError for one that is no four numbers."""
        held = card.get("calibration")
        if not held:
            return None
        try:
            numbers = {each.name: float(held[each.name]) for each in fields(Calibration)}
        except (KeyError, TypeError, ValueError) as error:
            raise UserError("The calibration in the model card is malformed; restore the card.") from error
        if not np.all(np.isfinite(list(numbers.values()))):
            raise UserError("The calibration in the model card holds what is no number; restore the card.")
        return Calibration(**numbers)

    def expected_mm(self, spread_mm: float, doubtful_share: float) -> float:
        """The error of the centroid that is exceeded in one of ten scans."""
        return max(self.floor_mm + self.slope * spread_mm + self.doubt_mm * doubtful_share, _LEAST_MM)


def doubtful_share(probability_kji: np.ndarray, mask_kji: np.ndarray) -> float:
    """Voxels that are expected to be wrong, if the probabilities are right, against the number in the mask."""
    wrong = np.minimum(probability_kji, 1 - probability_kji).sum(dtype=float)
    return float(wrong / max(np.count_nonzero(mask_kji), 1))


def agreement(
    centroids_mm: Mapping[str, np.ndarray | None],
    common_mm: np.ndarray,
    doubtful: float,
    calibration: Calibration | None,
) -> Agreement:
    """Compare the views' centroids, each of shape (3,) or None where one saw nothing, with the common one."""
    if len(centroids_mm) < 2:
        return Agreement(None, None, True, doubtful)
    if any(centroid is None for centroid in centroids_mm.values()):
        return Agreement(None, None, False, doubtful)
    away = [np.sum((centroid - common_mm) ** 2) for centroid in centroids_mm.values()]
    spread = float(np.sqrt(np.mean(away)))
    if calibration is None:
        return Agreement(spread, None, True, doubtful)
    expected = calibration.expected_mm(spread, doubtful)
    return Agreement(spread, expected, spread <= calibration.limit_mm and expected <= _MOST_MM, doubtful)


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
    """The region of one hemisphere on the input's own grid.

    volume           the scan; only its grid is used with the arrays
    mask_kji         bool, shape (K, J, I)
    probability_kji  float32 in 0..1, same shape, sharpened (`sharpening`): the mask is where it reaches a threshold
    score            confidence of the whole finding, 0..1
    slices           the slices in which the region was detected
    agreement        how far its centroid may be off, or None for a mask that no network drew
    name             what it is called
    """

    volume: Volume
    hemisphere: str
    mask_kji: np.ndarray
    probability_kji: np.ndarray
    score: float
    slices: tuple[SliceScore, ...]
    warnings: tuple[Doubt, ...] = ()
    agreement: Agreement | None = None
    name: str = field(default=DLPFC, metadata={UNTOLD: True})

    @property
    def volume_ml(self) -> float:
        """Size of the mask in millilitres."""
        return float(np.count_nonzero(self.mask_kji)) * self.volume.voxel_ml


SLICE_MM = 2.0
"""Thickness of the axial slices that are compared: that of the slices the network looks at."""

APART_MM = 6.0
"""Slices nearer to each other than this are one place to look at."""


@dataclass(frozen=True)
class DoubtfulPlace:
    """An axial slice in which the network was less sure than in its neighbours.

    position_ras_mm  the middle of what it was unsure of in the slice, shape (3,)
    doubt_mm2        the area there that it expects to have got wrong
    """

    position_ras_mm: np.ndarray
    doubt_mm2: float


def doubtful_places(region: Region) -> list[DoubtfulPlace]:
    """The least sure axial slices of a region, the worst first; none where every probability is 0 or 1.

    A voxel of probability p is wrong with probability min(p, 1 - p); their sum over a slice is the
    area that is expected to be wrong.
    """
    box = box_around(region.probability_kji)
    probability = region.probability_kji[box].astype(float)
    unsure = np.minimum(probability, 1 - probability)
    kji = np.argwhere(unsure > 0)
    if not len(kji):
        return []
    ijk = (kji + [side.start for side in box])[:, ::-1]
    points_ras_mm = ijk_to_ras_points(region.volume.ijk_to_ras, ijk)
    areas_mm2 = unsure[tuple(kji.T)] * region.volume.voxel_ml * 1000 / SLICE_MM
    return _worst_apart(_slices(points_ras_mm, areas_mm2))


def _slices(points_ras_mm: np.ndarray, areas_mm2: np.ndarray) -> list[DoubtfulPlace]:
    number = np.floor(points_ras_mm[:, 2] / SLICE_MM).astype(int)
    number -= number.min()
    doubt = np.bincount(number, areas_mm2)
    sums = np.stack([np.bincount(number, areas_mm2 * axis) for axis in points_ras_mm.T], axis=1)
    return [DoubtfulPlace(sums[n] / doubt[n], float(doubt[n])) for n in np.flatnonzero(doubt)]


def _worst_apart(places: list[DoubtfulPlace]) -> list[DoubtfulPlace]:
    """The worst of the slices that lie close to each other."""
    chosen: list[DoubtfulPlace] = []
    for place in sorted(places, key=lambda each: -each.doubt_mm2):
        height = place.position_ras_mm[2]
        if all(abs(height - other.position_ras_mm[2]) >= APART_MM for other in chosen):
            chosen.append(place)
    return chosen
