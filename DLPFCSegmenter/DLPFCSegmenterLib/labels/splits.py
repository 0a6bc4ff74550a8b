"""Labelled scans in a folder: whose they are, what their labels say, and splits that keep each person on one side."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import numpy as np

from ..errors import UnlabelledError, UserError
from ..scan.readers import read_volume
from ..scan.volume import Volume
from ..terminology import DLPFC, region_called, stem_of_region
from .label import RegionLabel

T1_ENDING = "_T1w.nii.gz"
PARCELLATION_ENDING = "_dlmuse.nii.gz"

DRAWN_ENDING = "_mask.nii.gz"
"""Of masks of other regions than the DLPFC that a person drew or corrected."""

MASK_VALUES = {"left": 1, "right": 2}
"""What stands in them."""

_SCAN_ENTITY = re.compile(r"_(ses|acq|run|rec|ce|dir|part|echo)-[^_]+")
"""BIDS entities that name a scan of a person and not the person."""


@dataclass(frozen=True)
class LabelledScan:
    """A T1 file, a whole-brain parcellation of it (or masks of the region), and the person whom it shows."""

    t1: Path
    parcellation: Path
    subject: str

    @property
    def name(self) -> str:
        """Name of the scan, unique in its folder: the T1's file name without its ending."""
        return scan_name(self.t1)

    @property
    def files(self) -> tuple[Path, Path]:
        """Both files."""
        return self.t1, self.parcellation

    @property
    def is_drawn(self) -> bool:
        """Whether the labels are masks of the region alone, drawn or corrected by a person."""
        return not self.parcellation.name.endswith(PARCELLATION_ENDING)


class OfPerson(Protocol):
    """A scan, a picture, or whatever else shows a person."""

    @property
    def subject(self) -> str:
        """The person whom it shows."""


Shown = TypeVar("Shown", bound=OfPerson)


@dataclass(frozen=True)
class Split(Generic[Shown]):
    """Scans to train on and scans to judge by. Raises UserError if a person is in both."""

    train: tuple[Shown, ...]
    val: tuple[Shown, ...]

    def __post_init__(self) -> None:
        both = {scan.subject for scan in self.train} & {scan.subject for scan in self.val}
        if both:
            raise UserError(
                "The split has the same person for training and validation: {both}; move all scans of a person to"
                " one side.",
                both=", ".join(sorted(both)),
            )

    @property
    def parts(self) -> dict[str, tuple[Shown, ...]]:
        """'train' and 'val' with their scans."""
        return {"train": self.train, "val": self.val}


def subject_id(path: Path) -> str:
    """Id of the person whom a scan shows, from the scan's file name.

    'sub-01' of 'sub-01_ses-2_run-1_T1w.nii.gz' (BIDS); else what stands before '_T1w', without
    session, run and the like: 'IXI012-HH-1211' of 'IXI012-HH-1211_T1w.nii.gz'.
    """
    stem = scan_name(path)
    bids = re.match(r"sub-[^_]+", stem)
    return bids.group() if bids else _SCAN_ENTITY.sub("", stem)


def scan_name(path: Path) -> str:
    """A scan's file name without '_T1w' and ending."""
    return re.split(r"_T1w|\.nii|\.nrrd|\.mh[ad]|\.mgz", Path(path).name)[0]


def mask_ending(region: str = DLPFC) -> str:
    """Of a region's masks that a person drew or corrected: '_dlpfc.nii.gz', '_insula_mask.nii.gz'."""
    called = region_called(region)
    return f"_{stem_of_region(called)}{'.nii.gz' if called == DLPFC else DRAWN_ENDING}"


def find_scans(folder: Path, region: str = DLPFC) -> list[LabelledScan]:
    """All `*_T1w.nii.gz` of a folder with the labels of a region beside them, by name.

    Labels are masks of it that a person drew (`mask_ending`), else a parcellation (`*_dlmuse.nii.gz`).
    Raises UserError when there is no scan, or for a T1 without labels.
    """
    t1s = sorted(Path(folder).glob(f"*{T1_ENDING}"))
    if not t1s:
        raise UserError(
            "{folder}: holds no *{ending}; name the folder with the labelled scans.", folder=folder, ending=T1_ENDING
        )
    return [_labelled(t1, region) for t1 in t1s]


def _labelled(t1: Path, region: str) -> LabelledScan:
    stem = t1.name.removesuffix(T1_ENDING)
    for labels in (t1.with_name(stem + ending) for ending in (mask_ending(region), PARCELLATION_ENDING)):
        if labels.is_file():
            return LabelledScan(t1, labels, subject_id(t1))
    raise UserError(
        "{t1}: has no parcellation beside it and no mask of {region}; add {stem}{ending} or {stem}{mask}, or move it"
        " away.",
        t1=t1,
        region=region_called(region),
        stem=stem,
        ending=PARCELLATION_ENDING,
        mask=mask_ending(region),
    )


class OnePersonEach:
    """Remembers scans by their content; UserError for one that was there under another person's name.

    That person would be learnt from and judged by at once.
    """

    def __init__(self) -> None:
        self._known: dict[str, LabelledScan] = {}

    def add(self, scan: LabelledScan, t1: Volume) -> None:
        """Remember a scan, whose T1 is given."""
        first = self._known.setdefault(t1.fingerprint, scan)
        if first.subject != scan.subject:
            raise UserError(
                "{first} and {second}: are one scan under two names; keep one, or a person would be learnt from and"
                " judged by at once.",
                first=first.t1,
                second=scan.t1,
            )


def find_split(folder: Path, val_fraction: float = 0.15, seed: int = 0, region: str = DLPFC) -> Split[LabelledScan]:
    """The split that the subfolders `train` and `val` make, else a seeded one of the folder.

    Of one person alone all scans are to train on, and none to judge by.
    """
    folder = Path(folder)
    if (folder / "train").is_dir() and (folder / "val").is_dir():
        return Split(tuple(find_scans(folder / "train", region)), tuple(find_scans(folder / "val", region)))
    return split_or_all(find_scans(folder, region), val_fraction, seed)


def split_or_all(scans: Sequence[Shown], val_fraction: float, seed: int) -> Split[Shown]:
    """As `split_by_fraction`, but one person alone is learnt from."""
    if len({scan.subject for scan in scans}) == 1:
        return Split(tuple(scans), ())
    return split_by_fraction(scans, val_fraction, seed)


def split_by_fraction(scans: Sequence[Shown], val_fraction: float, seed: int) -> Split[Shown]:
    """`val_fraction` of the people (rounded, at least one on each side) drawn for validation.

    The draw depends on the seed and the ids alone, not on the order of the scans.
    """
    people = sorted({scan.subject for scan in scans})
    if len(people) < 2:
        raise UserError("A split needs scans of two people or more; add people, or name the sides.")
    if not 0 < val_fraction < 1:
        raise UserError(
            "The validation fraction is {val_fraction:g}; give one between 0 and 1.", val_fraction=val_fraction
        )
    count = int(np.clip(round(val_fraction * len(people)), 1, len(people) - 1))
    chosen = np.random.default_rng(seed).permutation(people)[:count]
    return split_by_subjects(scans, chosen.tolist())


def split_by_subjects(scans: Sequence[Shown], val_subjects: Collection[str]) -> Split[Shown]:
    """The people named in `val_subjects` for validation, all others for training.

    Raises UserError for an id that no scan has.
    """
    unknown = set(val_subjects) - {scan.subject for scan in scans}
    if unknown:
        raise UserError("No scan shows {unknown}; correct the validation list.", unknown=", ".join(sorted(unknown)))
    return Split(
        tuple(scan for scan in scans if scan.subject not in val_subjects),
        tuple(scan for scan in scans if scan.subject in val_subjects),
    )


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

    def whole(self, region: RegionLabel, side: str) -> Volume:
        """What the labels call the region of a side, before anything is cut off behind."""
        if self.parcellation is None:
            return self.grid.with_array(self.sides[side])
        return self.parcellation.with_array(np.isin(self.parcellation.array_kji, region.ids(side)))


def read_region(scan: LabelledScan, region: RegionLabel) -> LabelledRegion:
    """Read the labels of a scan. Raises UserError where they do not hold the region."""
    labels = read_volume(scan.parcellation)
    if scan.is_drawn:
        return LabelledRegion(None, labels, _drawn_sides(labels))
    if not (region.left or region.right):
        raise UserError(
            "The region '{name}' has no parcellation number, which {labels} needs; name those of a side or both, or"
            " give masks that were drawn.",
            name=region.name,
            labels=scan.parcellation,
        )
    sides, missing = {}, []
    for side in filter(region.ids, MASK_VALUES):
        try:
            sides[side] = region.mask(labels, side)
        except UnlabelledError as error:  # an automatic parcellation may fail on one side of a person
            missing.append(error)
    if not sides:
        raise missing[0]
    return LabelledRegion(labels, labels, sides)


def _drawn_sides(labels: Volume) -> dict[str, np.ndarray]:
    sides = {side: labels.array_kji == value for side, value in MASK_VALUES.items()}
    drawn = {side: mask for side, mask in sides.items() if mask.any()}
    if not drawn:
        named = " or ".join(f"{value} ({side})" for side, value in MASK_VALUES.items())
        raise UnlabelledError(
            "{source}: no voxel is {named}; draw the region, or remove the scan.", source=labels.source, named=named
        )
    return drawn
