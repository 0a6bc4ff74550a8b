"""What 'DLPFC' means in this project: a part of the middle frontal gyrus of a parcellation; names of its labels.

Another region is another `RegionLabel`: its ids, its name, and how much of it is cut off behind.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from ..errors import UnlabelledError, UserError
from ..geometry.sides import SIDES
from ..scan.volume import Volume, voxel_points_ras_mm

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
"""The project's own label in one sentence, for model cards and `result.json`."""


@dataclass(frozen=True)
class RegionLabel:
    """Which part of a parcellation is learnt and looked for; the project's DLPFC where nothing else is said.

    name           class name in annotation files
    left, right    parcellation ids that make the region on either side; () for a side that has none
    posterior_cut  share of the region's length that is left out, from behind; 0 keeps the whole label

    A region without ids can be learnt from masks of it alone.
    Raises UserError for a cut that leaves nothing.
    """

    name: str = "dlpfc"
    left: tuple[int, ...] = (DLMUSE_LEFT_GYRUS,)
    right: tuple[int, ...] = (DLMUSE_RIGHT_GYRUS,)
    posterior_cut: float = POSTERIOR_CUT

    def __post_init__(self) -> None:
        if not 0 <= self.posterior_cut < 1:
            raise UserError(
                "The posterior cut is {posterior_cut:g}; give a share of the length, 0 to below 1.",
                posterior_cut=self.posterior_cut,
            )

    @property
    def definition(self) -> str:
        """The label in one sentence."""
        if self == RegionLabel():
            return LABEL_DEFINITION
        if not (self.left or self.right):
            return f"{self.name}: as drawn by hand."
        sides = [f"{', '.join(map(str, self.ids(side)))} {side}" for side in SIDES if self.ids(side)]
        return f"{self.name}: parcellation labels {'; '.join(sides)}, {self._cut_in_words}."

    @property
    def _cut_in_words(self) -> str:
        if not self.posterior_cut:
            return "whole"
        return (
            f"without the posterior {self.posterior_cut:.3g} of the length along the first principal axis,"
            " counted from behind between the 0.5th and 99.5th percentile of the voxels in RAS mm"
        )

    def ids(self, hemisphere: str) -> tuple[int, ...]:
        """Parcellation ids on the side 'left' or 'right'."""
        return {"left": self.left, "right": self.right}[hemisphere]

    def mask(self, parcellation: Volume, hemisphere: str) -> np.ndarray:
        """The region on one side, as `region_mask` gives it."""
        return region_mask(parcellation, self.ids(hemisphere), self.posterior_cut)

    def to_dict(self) -> dict:
        """As plain values, with the definition."""
        return {**asdict(self), "definition": self.definition}

    @staticmethod
    def from_dict(values: dict) -> "RegionLabel":
        """The region that `to_dict` described; files of before the cut was a field are the DLPFC's.

        Raises UserError for values that describe none.
        """
        try:
            sides = {side: tuple(map(int, values[side])) for side in SIDES if side in values}
            cut = float(values.get("posterior_cut", POSTERIOR_CUT))
            return RegionLabel(name=str(values.get("name", "dlpfc")), posterior_cut=cut, **sides)
        except (AttributeError, OverflowError, TypeError, ValueError) as error:
            raise UserError("The description of the region is malformed; restore the model card or dataset.") from error


def region_mask(parcellation: Volume, label: int | Sequence[int], posterior_cut: float = POSTERIOR_CUT) -> np.ndarray:
    """What remains of the label (an id, or several that make one gyrus) without its posterior part.

    The result is bool, shape (K, J, I), on the parcellation's grid. Axis order, flips and
    mirroring of that grid do not change which tissue is marked.
    Raises UserError when the parcellation does not hold the label.
    """
    gyrus = gyrus_mask(parcellation, label)
    if not posterior_cut:
        return gyrus
    mask = np.zeros_like(gyrus)
    mask[gyrus] = axis_position(voxel_points_ras_mm(parcellation, gyrus)) >= posterior_cut
    return mask


def gyrus_mask(parcellation: Volume, label: int | Sequence[int]) -> np.ndarray:
    """All voxels that carry `label` (one id or several), bool (K, J, I); UserError when none does."""
    ids = np.atleast_1d(label)
    gyrus = np.isin(parcellation.array_kji, ids)
    if np.count_nonzero(gyrus) < 2:
        named = ", ".join(str(i) for i in ids)
        raise UnlabelledError(
            "{source}: no voxels with label {named}; give a parcellation that holds the region under this"
            " number, or name the right number.",
            source=parcellation.source,
            named=named,
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


_GYRI = {
    100: "anterior cingulate gyrus", 102: "anterior insula", 104: "anterior orbital gyrus", 106: "angular gyrus",
    108: "calcarine cortex", 112: "central operculum", 114: "cuneus", 116: "entorhinal area",
    118: "frontal operculum", 120: "frontal pole", 122: "fusiform gyrus", 124: "gyrus rectus",
    128: "inferior occipital gyrus", 132: "inferior temporal gyrus", 134: "lingual gyrus",
    136: "lateral orbital gyrus", 138: "middle cingulate gyrus", 140: "medial frontal cortex",
    142: "middle frontal gyrus", 144: "middle occipital gyrus", 146: "medial orbital gyrus",
    148: "postcentral gyrus, medial", 150: "precentral gyrus, medial", 152: "superior frontal gyrus, medial",
    154: "middle temporal gyrus", 156: "occipital pole", 160: "occipital fusiform gyrus",
    162: "inferior frontal gyrus, opercular", 164: "inferior frontal gyrus, orbital",
    166: "posterior cingulate gyrus", 168: "precuneus", 170: "parahippocampal gyrus", 172: "posterior insula",
    174: "parietal operculum", 176: "postcentral gyrus", 178: "posterior orbital gyrus", 180: "planum polare",
    182: "precentral gyrus", 184: "planum temporale", 186: "subcallosal area", 190: "superior frontal gyrus",
    192: "supplementary motor cortex", 194: "supramarginal gyrus", 196: "superior occipital gyrus",
    198: "superior parietal lobule", 200: "superior temporal gyrus", 202: "temporal pole",
    204: "inferior frontal gyrus, triangular", 206: "transverse temporal gyrus",
}  # fmt: skip
"""Names in a DLMUSE parcellation: even numbers are on the right, the next one is its left twin.

Source: MUSE's list of regions (the BrainCOLOR protocol)."""

_BELOW = {
    1: "cerebrospinal fluid", 81: "right frontal white matter", 82: "left frontal white matter",
    83: "right occipital white matter", 84: "left occipital white matter", 85: "right parietal white matter",
    86: "left parietal white matter", 87: "right temporal white matter", 88: "left temporal white matter",
}  # fmt: skip


def label_name(label: int) -> str:
    """The name of a DLMUSE label with its side and number; the number alone where it is none of these."""
    if label == 0:
        return "outside the brain"
    gyrus = _GYRI.get(label - label % 2)
    name = f"{'left' if label % 2 else 'right'} {gyrus}" if gyrus else _BELOW.get(label)
    return f"{name} ({label})" if name else f"label {label}"
