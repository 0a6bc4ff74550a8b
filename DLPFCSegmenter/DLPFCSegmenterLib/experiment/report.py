"""The tables of an experiment beside what the paper published."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..evaluation.results import (
    Spread,
    Unjudged,
    false_region_table,
    mean_sd,
    number,
    percent,
    spread,
    table,
    unjudged_list,
)
from .folds import HOLDOUT

_NAN = float("nan")

PUBLISHED = {
    "slice_map": "0.85 (0.02)",
    "slice_dice": "0.80 (0.02)",
    "five_cm": "11.3 (4.4)",
    "experts": "0.72 to 0.79",
}
"""The paper's own figures, mean (SD); the last two as other texts cite them. Its Dice is of slices."""


@dataclass(frozen=True)
class Measure:
    """A row of the table: where a fold's summary holds it, and how it is shown."""

    key: str
    words: str
    is_rate: bool = False

    def of(self, summary: Mapping) -> float:
        """The figure of one fold, NaN where it does not exist; of people or slices their mean."""
        if self.key == "people_found":
            return summary["people_found"] / summary["people"]
        value = summary[self.key]
        value = value["mean"] if isinstance(value, Mapping) else value
        return _NAN if value is None else float(value)

    def shown(self, of: Spread) -> str:
        """The mean of several folds and, in brackets, their SD; one fold alone has none."""
        figure = percent if self.is_rate else lambda value: number(value, 3)
        return figure(of.mean) if of.count < 2 else f"{figure(of.mean)} ({figure(of.sd)})"


MEASURES = (
    Measure("slice_map", "mAP@0.5, mean over slices that hold the region"),
    Measure("slice_dice", "Dice of slices that hold the region"),
    Measure("volume_dice", "Dice of the volume, as labelled"),
    Measure("closed_dice", "Dice of the volume, both closed by 3 mm"),
    Measure("slice_detection", "detection rate, slices that hold the region", True),
    Measure("people_found", "detection rate, people", True),
    Measure("false_positive_rate", "slices without the region that got one", True),
    Measure("centroid_error_mm", "centroid error, mm"),
)

RULE = {
    "straight_mm": "5-cm landmark to the reference's centroid, in 3-D",
    "axial_mm": "the same in the axial plane",
    "along_scalp_mm": "the same along the scalp",
    "from_cortex_mm": "the same in 3-D from the landmark's projection onto the cortex",
}


def report_of(settings: Mapping, judged: Mapping[str, Mapping[str, dict]], distances: Sequence[Mapping]) -> dict:
    """All figures of an experiment.

    judged     preset -> fold -> what `dlpfc evaluate` writes as JSON
    distances  of the 5-cm rule, one entry a scan (`RuleDistance`)
    """
    return {
        "settings": settings,
        "published": PUBLISHED,
        "presets": {name: _preset_figures(folds) for name, folds in judged.items()},
        "unjudged": _unjudged(judged.values()),
        "five_cm": {key: spread(_number(each[key]) for each in distances) for key in RULE},
        "five_cm_missing": {each["scan"]: each["missing"] for each in distances if each["missing"]},
    }


def _unjudged(presets: Iterable[Mapping[str, dict]]) -> dict[str, str]:
    """Whose labels do not tell where the region is: scan -> why."""
    folds = (fold for preset in presets for fold in preset.values())
    return {each["scan"]: each["reason"] for fold in folds for each in fold["unjudged"]}


def _preset_figures(folds: Mapping[str, dict]) -> dict:
    summaries = {name: fold["summary"] for name, fold in folds.items()}
    crossed = [summary for name, summary in summaries.items() if name != HOLDOUT]
    judged = [fold for name, fold in folds.items() if name != HOLDOUT] or list(folds.values())
    people = [subject for fold in judged for subject in fold["subjects"]]
    return {
        "folds": summaries,
        HOLDOUT: {m.key: spread([m.of(summaries[HOLDOUT])]) for m in MEASURES},
        "cross_validation": {m.key: spread(m.of(each) for each in crossed) for m in MEASURES},
        "centroid_error_mm": spread(_number(subject["centroid_error_mm"]) for subject in people),
        "false_labels": _summed(fold["summary"]["false_labels"] for fold in judged),
        "false_ml": _people_mean(judged),
    }


def _number(value: float | None) -> float:
    return _NAN if value is None else float(value)


def _summed(counts: Iterable[Mapping]) -> dict[int, float]:
    total: dict[int, float] = {}
    for each in counts:
        for label, count in each.items():
            total[int(label)] = total.get(int(label), 0) + count
    return total


def _people_mean(judged: Sequence[dict]) -> dict[int, float]:
    people = sum(fold["summary"]["people"] for fold in judged)
    sums = ({k: v * fold["summary"]["people"] for k, v in fold["summary"]["false_ml"].items()} for fold in judged)
    return {label: ml / people for label, ml in _summed(sums).items()}


def to_markdown(report: Mapping) -> str:
    """The report to read."""
    unjudged = unjudged_list([Unjudged(scan, reason) for scan, reason in sorted(report["unjudged"].items())])
    parts = [_head(report["settings"]), _main_table(report), *filter(None, [unjudged]), _fold_table(report)]
    parts.append(_rule_part(report))
    return "\n".join([*parts, *(_false_part(name, each) for name, each in report["presets"].items())])


def _head(settings: Mapping) -> str:
    train, val = settings["people"]
    folds = len(settings["folds"]) - 1
    crossed = f", and a {folds}-fold cross-validation of all {train + val} by person" if folds else ""
    starts = ", ".join(f"{name} from {each['start']}" for name, each in settings["presets"].items())
    return (
        "# The paper's experiment, repeated\n\n"
        f"{train} people to train on and {val} to judge by{crossed}; {settings['hemisphere']} hemisphere,"
        f" seed {settings['seed']}; networks start: {starts}. The epoch that is kept is chosen on a sixth of the"
        " training people, so those who are judged chose nothing. Every setting is in settings.json.\n\n"
        f"Region: {settings['region']['definition']}\n"
    )


def _main_table(report: Mapping) -> str:
    crossed = len(report["settings"]["folds"]) > 1
    head = ["measure", "paper, published"]
    for name in report["presets"]:
        head += [f"{name}, one split", f"{name}, folds: mean (SD)"][: 1 + crossed]
    rows = [_main_row(measure, report["presets"], crossed) for measure in MEASURES]
    return f"{table(tuple(head), rows)}\nExperts among each other, as cited: Dice {PUBLISHED['experts']}.\n"


def _main_row(measure: Measure, presets: Mapping, crossed: bool) -> tuple[str, ...]:
    cells = [measure.words, PUBLISHED.get(measure.key, "-")]
    for each in presets.values():
        cells.append(measure.shown(each[HOLDOUT][measure.key]))
        cells += [measure.shown(each["cross_validation"][measure.key])] * crossed
    return tuple(cells)


def _fold_table(report: Mapping) -> str:
    rows = []
    for name, each in report["presets"].items():
        for fold, summary in each["folds"].items():
            figures = (number(m.of(summary), 3) for m in MEASURES)
            rows.append((name, fold, str(summary["people"]), *figures))
    head = ("preset", "fold", "people", *(measure.key.replace("_", " ") for measure in MEASURES))
    return f"## Every training\n\n{table(head, rows)}"


def _rule_part(report: Mapping) -> str:
    rows = [_distance_row(words, report["five_cm"][key]) for key, words in RULE.items()]
    for name, each in report["presets"].items():
        rows.append(_distance_row(f"{name}: found centroid to the reference's, in 3-D", each["centroid_error_mm"]))
    head = ("distance, mm", "people", "mean (SD)", "95 % CI of the mean", "range")
    text = f"## The 5-cm rule\n\n{table(head, rows)}\n"
    text += (
        f"The paper's headline for the rule is {PUBLISHED['five_cm']} mm (as cited); it depends on the label, so"
        " compare it under the same label alone. No hotspot was measured: it is estimated from anatomy.\n"
    )
    missing = report["five_cm_missing"]
    if missing:
        text += f"\nNo landmark could be placed in {len(missing)} scans:\n\n"
        text += "".join(f"- {scan}: {reason}\n" for scan, reason in missing.items())
    return text


def _distance_row(words: str, of: Spread) -> tuple[str, ...]:
    interval, reach = (" to ".join(number(end, 1) for end in ends) for ends in (of.ci95, (of.least, of.most)))
    return words, str(of.count), mean_sd(of, 1), interval, reach


def _false_part(name: str, figures: Mapping) -> str:
    false = false_region_table(figures["false_labels"], figures["false_ml"])
    return f"## False regions by structure: {name}\n\n{false}"
