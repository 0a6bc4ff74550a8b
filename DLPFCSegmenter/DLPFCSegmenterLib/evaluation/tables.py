"""Evaluation figures as Markdown tables and as plain values for JSON."""

import math
from dataclasses import asdict

from .results import CLOSING_MM, Spread, SubjectResult, Summary


def summary_table(summary: Summary) -> str:
    """Two columns: measure and figure."""
    return _table(("measure", "figure"), _summary_rows(summary))


def subject_table(subjects: tuple[SubjectResult, ...]) -> str:
    """One row a scan, the lowest Dice first."""
    head = ("scan", "found", "Dice", "Dice closed", "centroid mm", "HD95 mm", "ml", "reference ml", "s")
    ordered = sorted(subjects, key=lambda subject: subject.volume_dice)
    return _table(head, [_subject_row(subject) for subject in ordered])


def plain(value: object) -> object:
    """Dataclasses, tuples and NaN as what JSON holds: dicts, lists and null."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    return plain(asdict(value)) if hasattr(value, "__dataclass_fields__") else value


def _summary_rows(s: Summary) -> list[tuple[str, str]]:
    error = s.centroid_error_mm
    return [
        ("people found", f"{s.people_found} of {s.people}"),
        ("wrong hemisphere", str(s.wrong_hemisphere)),
        ("slice mAP@0.5, mean over slices that hold the region", _number(s.slice_map, 3)),
        ("COCO AP@0.5, all slices pooled, masks / boxes", f"{_number(s.coco.segm, 3)} / {_number(s.coco.bbox, 3)}"),
        ("slice Dice, mean (SD)", _mean_sd(s.slice_dice, 3)),
        ("slices that hold the region and were detected", _percent(s.slice_detection)),
        ("slices without the region that got one", f"{s.false_positives} ({_percent(s.false_positive_rate)})"),
        ("slices with a region in the other half of the head", str(s.wrong_side_slices)),
        ("volume Dice as labelled, mean (SD), lowest", f"{_mean_sd(s.volume_dice, 3)}, {_number(s.volume_dice.least, 3)}"),
        (f"volume Dice, both closed by {CLOSING_MM:g} mm, mean (SD), lowest", f"{_mean_sd(s.closed_dice, 3)}, {_number(s.closed_dice.least, 3)}"),
        ("centroid error mm, median / worst", f"{_number(error.median, 2)} / {_number(error.most, 2)}"),
        ("centroid error mm, mean (SD), 95 % CI", f"{_mean_sd(error, 2)}, {_number(error.ci95[0], 2)} to {_number(error.ci95[1], 2)}"),
        ("surface distance mm, median", _number(s.surface_mm.median, 2)),
        ("HD95 mm, median / worst", f"{_number(s.hd95_mm.median, 2)} / {_number(s.hd95_mm.most, 2)}"),
        ("seconds a scan, median", _number(s.seconds.median, 1)),
    ]  # fmt: skip


def _subject_row(s: SubjectResult) -> tuple[str, ...]:
    found = "WRONG SIDE" if s.wrong_hemisphere else "yes" if s.found else "NO"
    figures = (s.volume_dice, s.closed_dice, s.centroid_error_mm, s.hd95_mm, s.volume_ml, s.reference_ml, s.seconds)
    digits = (3, 3, 2, 2, 1, 1, 1)
    return s.scan, found, *(_number(f, d) for f, d in zip(figures, digits, strict=True))


def _mean_sd(of: Spread, digits: int) -> str:
    return f"{_number(of.mean, digits)} ({_number(of.sd, digits)})"


def _percent(fraction: float) -> str:
    return "-" if math.isnan(fraction) else f"{100 * fraction:.1f} %"


def _number(value: float, digits: int) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
