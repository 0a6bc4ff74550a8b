"""Evaluation figures as Markdown tables and as plain values for JSON."""

import math
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass

from ..labels.label import label_name
from .results import CLOSING_MM, Spread, SubjectResult, Summary


def summary_table(summary: Summary) -> str:
    """Two columns: measure and figure."""
    return table(("measure", "figure"), _summary_rows(summary))


def subject_table(subjects: tuple[SubjectResult, ...]) -> str:
    """One row a scan, the lowest Dice first."""
    head = ("scan", "found", "Dice", "Dice closed", "centroid mm", "HD95 mm", "ml", "reference ml", "s")
    ordered = sorted(subjects, key=lambda subject: subject.volume_dice)
    return table(head, [_subject_row(subject) for subject in ordered])


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
