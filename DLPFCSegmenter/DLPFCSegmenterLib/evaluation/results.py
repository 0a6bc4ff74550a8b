"""What an evaluation measured, for each slice and each person, and its summary over people."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from .average_precision import CocoPrecision, SliceMasks

CLOSING_MM = 3.0
"""Radius by which both masks are closed for the second volume Dice."""


@dataclass(frozen=True)
class SliceResult:
    """One slice against its reference.

    holds_region       whether the reference has a pixel here
    detected           whether a detection touches the reference
    dice               of the best-scored detection, 0 without one; NaN where the region is not
    average_precision  at IoU 0.5; NaN where the region is not
    false_positive     a detection in a slice that does not hold the region
    wrong_side         a detection whose centroid lies in the other half of the head
    false_labels       for each detection that touches no reference, the parcellation label it lies on
                       (`false_labels`)
    """

    index: int
    holds_region: bool
    detected: bool
    dice: float
    average_precision: float
    false_positive: bool
    wrong_side: bool
    false_labels: tuple[int, ...] = ()


@dataclass(frozen=True)
class SubjectResult:
    """One scan against its reference; distances in mm, NaN where nothing was found.

    found             a region was returned that overlaps the reference
    wrong_hemisphere  the region's centroid lies in the other half of the head
    volume_dice       on the scan's own grid, 0 where nothing was found
    closed_dice       the same after closing both masks by `CLOSING_MM`
    false_ml          parcellation label -> millilitres of the mask on it outside the reference
    """

    subject: str
    scan: str
    found: bool
    wrong_hemisphere: bool
    volume_dice: float
    closed_dice: float
    centroid_error_mm: float
    surface_mm: float
    hd95_mm: float
    volume_ml: float
    reference_ml: float
    seconds: float
    slices: tuple[SliceResult, ...]
    false_ml: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Spread:
    """A measure over people or slices; NaN values are left out. NaN throughout when none is left."""

    count: int
    mean: float
    sd: float
    median: float
    least: float
    most: float

    @property
    def ci95(self) -> tuple[float, float]:
        """95 % confidence interval of the mean by the normal approximation."""
        half = 1.96 * self.sd / math.sqrt(self.count) if self.count > 1 else float("nan")
        return self.mean - half, self.mean + half


def spread(values: Iterable[float]) -> Spread:
    """Mean, SD (n - 1), median and range of the values that are not NaN."""
    kept = np.array([v for v in values if not math.isnan(v)], dtype=float)
    nan = float("nan")
    if not kept.size:
        return Spread(0, nan, nan, nan, nan, nan)
    sd = kept.std(ddof=1) if kept.size > 1 else nan
    figures = (kept.mean(), sd, np.median(kept), kept.min(), kept.max())
    return Spread(kept.size, *map(float, figures))


@dataclass(frozen=True)
class Summary:
    """An evaluation in figures; rates are fractions 0..1.

    slice_map          mean AP at 0.5 over slices that hold the region
    coco               AP at 0.5 pooled over all slices
    slice_detection    share of slices that hold the region in which it was detected
    false_positives    slices without the region that got one, and their share of such slices
    wrong_side_slices  slices with a detection in the other half of the head
    false_labels       parcellation label -> detections on it that touch no reference
    false_ml           parcellation label -> millilitres of the masks on it outside the reference, mean
                       over people
    """

    people: int
    people_found: int
    wrong_hemisphere: int
    volume_dice: Spread
    closed_dice: Spread
    centroid_error_mm: Spread
    surface_mm: Spread
    hd95_mm: Spread
    slice_map: float
    coco: CocoPrecision
    slice_dice: Spread
    slice_detection: float
    false_positives: int
    false_positive_rate: float
    wrong_side_slices: int
    seconds: Spread
    false_labels: dict[int, int] = field(default_factory=dict)
    false_ml: dict[int, float] = field(default_factory=dict)


def summarise(subjects: tuple[SubjectResult, ...], coco: CocoPrecision) -> Summary:
    """The figures of all people together; `coco` was pooled over the same slices."""
    slices = [each for subject in subjects for each in subject.slices]
    holding = [each for each in slices if each.holds_region]
    false = [each.false_positive for each in slices if not each.holds_region]
    return Summary(
        people=len(subjects),
        people_found=sum(subject.found for subject in subjects),
        wrong_hemisphere=sum(subject.wrong_hemisphere for subject in subjects),
        volume_dice=spread(s.volume_dice for s in subjects),
        closed_dice=spread(s.closed_dice for s in subjects),
        centroid_error_mm=spread(s.centroid_error_mm for s in subjects),
        surface_mm=spread(s.surface_mm for s in subjects),
        hd95_mm=spread(s.hd95_mm for s in subjects),
        slice_map=spread(s.average_precision for s in holding).mean,
        coco=coco,
        slice_dice=spread(s.dice for s in holding),
        slice_detection=spread(float(s.detected) for s in holding).mean,
        false_positives=sum(false),
        false_positive_rate=spread(map(float, false)).mean,
        wrong_side_slices=sum(each.wrong_side for each in slices),
        seconds=spread(s.seconds for s in subjects),
        false_labels=dict(Counter(label for each in slices for label in each.false_labels)),
        false_ml=_mean_ml(subjects),
    )


def _mean_ml(subjects: tuple[SubjectResult, ...]) -> dict[int, float]:
    total: Counter[int] = Counter()
    for subject in subjects:
        total.update(subject.false_ml)
    return {label: ml / len(subjects) for label, ml in total.items()}


def false_labels(masks: SliceMasks, labels: np.ndarray) -> tuple[int, ...]:
    """For each detection of a slice that touches no reference, the label that most of it lies on.

    labels  parcellation ids, (rows, columns); 0 is outside the brain
    """
    shown = (each.mask for each in masks.detections if each.mask.any())
    return tuple(_most(labels[mask]) for mask in shown if not np.any(mask & masks.reference))


def _most(labels: np.ndarray) -> int:
    ids, counts = np.unique(labels, return_counts=True)
    return int(ids[np.argmax(counts)])


def ml_by_label(labels_kji: np.ndarray, false_kji: np.ndarray, voxel_ml: float) -> dict[int, float]:
    """How many millilitres of the false voxels (bool) lie on each label; both of shape (K, J, I)."""
    ids, counts = np.unique(labels_kji[false_kji], return_counts=True)
    return {int(label): float(count * voxel_ml) for label, count in zip(ids, counts, strict=True)}
