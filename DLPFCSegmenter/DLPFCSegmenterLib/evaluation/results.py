"""What an evaluation measured, for each slice and each person, its summary over people, and both as tables."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass

import numpy as np

from ..labels.label import label_name
from .metrics import CocoPrecision, SliceMasks

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
class Unjudged:
    """A scan whose labels say nothing of the region on the side that was to be judged, and why."""

    scan: str
    reason: str


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

    people             who was judged; of a person with several scans each counts
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


def summary_table(summary: Summary) -> str:
    """Two columns: measure and figure."""
    return table(("measure", "figure"), _summary_rows(summary))


def subject_table(subjects: tuple[SubjectResult, ...]) -> str:
    """One row a scan, the lowest Dice first."""
    head = ("scan", "found", "Dice", "Dice closed", "centroid mm", "HD95 mm", "ml", "reference ml", "s")
    ordered = sorted(subjects, key=lambda subject: subject.volume_dice)
    return table(head, [_subject_row(subject) for subject in ordered])


def unjudged_list(scans: Sequence[Unjudged]) -> str:
    """Who was not judged, a line each; nothing where everybody was."""
    if not scans:
        return ""
    lines = [f"- {each.scan}: {each.reason}" for each in scans]
    return "\n".join(
        [f"Not judged, and in no figure: {len(scans)}, whose labels do not tell where it is.", "", *lines, ""]
    )


def false_region_table(false_labels: dict[int, int], false_ml: dict[int, float]) -> str:
    """One row for each parcellation label on which something was marked that is not the region."""
    labels = sorted(set(false_labels) | set(false_ml), key=lambda label: (-false_ml.get(label, 0.0), label))
    figures = [(false_labels.get(label, 0), false_ml.get(label, 0.0)) for label in labels]
    rows = [(label_name(label), str(n), number(ml, 2)) for label, (n, ml) in zip(labels, figures, strict=True)]
    head = ("structure", "slice detections that miss the region", "ml of the mask outside it, mean over people")
    return table(head, rows or [("none", "0", "0")])


def plain(value: object) -> object:
    """Dataclasses, tuples and NaN as what JSON holds: dicts, lists and null."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    return plain(asdict(value)) if is_dataclass(value) and not isinstance(value, type) else value


def _summary_rows(s: Summary) -> list[tuple[str, str]]:
    return [*_people_rows(s), *_slice_rows(s), *_volume_rows(s)]


def _people_rows(s: Summary) -> list[tuple[str, str]]:
    return [
        ("people found", f"{s.people_found} of {s.people}"),
        ("wrong hemisphere", str(s.wrong_hemisphere)),
        ("seconds a scan, median", number(s.seconds.median, 1)),
    ]


def _slice_rows(s: Summary) -> list[tuple[str, str]]:
    coco = f"{number(s.coco.segm, 3)} / {number(s.coco.bbox, 3)}"
    false = f"{s.false_positives} ({percent(s.false_positive_rate)})"
    return [
        ("slice mAP@0.5, mean over slices that hold the region", number(s.slice_map, 3)),
        ("COCO AP@0.5, all slices pooled, masks / boxes", coco),
        ("slice Dice, mean (SD)", mean_sd(s.slice_dice, 3)),
        ("slices that hold the region and were detected", percent(s.slice_detection)),
        ("slices without the region that got one", false),
        ("slices with a region in the other half of the head", str(s.wrong_side_slices)),
    ]


def _volume_rows(s: Summary) -> list[tuple[str, str]]:
    error = s.centroid_error_mm
    interval = " to ".join(number(end, 2) for end in error.ci95)
    return [
        ("volume Dice as labelled, mean (SD), lowest", _dice(s.volume_dice)),
        (f"volume Dice, both closed by {CLOSING_MM:g} mm, mean (SD), lowest", _dice(s.closed_dice)),
        ("centroid error mm, median / worst", _median_worst(error)),
        ("centroid error mm, mean (SD), 95 % CI", f"{mean_sd(error, 2)}, {interval}"),
        ("surface distance mm, median / worst", _median_worst(s.surface_mm)),
        ("HD95 mm, median / worst", _median_worst(s.hd95_mm)),
    ]


def _subject_row(s: SubjectResult) -> tuple[str, ...]:
    found = "WRONG SIDE" if s.wrong_hemisphere else "yes" if s.found else "NO"
    overlaps = (number(value, 3) for value in (s.volume_dice, s.closed_dice))
    distances = (number(value, 2) for value in (s.centroid_error_mm, s.hd95_mm))
    sizes = (number(value, 1) for value in (s.volume_ml, s.reference_ml, s.seconds))
    return s.scan, found, *overlaps, *distances, *sizes


def _dice(of: Spread) -> str:
    return f"{mean_sd(of, 3)}, {number(of.least, 3)}"


def _median_worst(of: Spread) -> str:
    return f"{number(of.median, 2)} / {number(of.most, 2)}"


def mean_sd(of: Spread, digits: int) -> str:
    """Mean and, in brackets, SD."""
    return f"{number(of.mean, digits)} ({number(of.sd, digits)})"


def percent(fraction: float) -> str:
    """A fraction 0..1 in per cent, "-" for NaN."""
    return "-" if math.isnan(fraction) else f"{100 * fraction:.1f} %"


def number(value: float, digits: int) -> str:
    """A figure with so many decimals, "-" for NaN."""
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
