"""The tables of an experiment say what its folds measured."""

import json

import pytest

from DLPFCSegmenterLib.evaluation.evaluate import RuleDistance
from DLPFCSegmenterLib.evaluation.results import plain
from DLPFCSegmenterLib.experiment.report import report_of, to_markdown

SETTINGS = {
    "presets": {"paper": {"start": "imagenet"}},
    "people": [3, 2],
    "seed": 4,
    "hemisphere": "left",
    "region": {"definition": "two balls."},
    "folds": {"holdout": {}, "fold-1": {}, "fold-2": {}},
}


def fold(score, people, false_labels, false_ml, errors):
    spread = {"mean": score}
    summary = {"people": people, "people_found": people - 1, "slice_map": score, "slice_detection": score}
    summary |= dict.fromkeys(("slice_dice", "volume_dice", "closed_dice", "centroid_error_mm"), spread)
    summary |= {"false_positive_rate": None, "false_labels": false_labels, "false_ml": false_ml}
    subjects = [{"centroid_error_mm": error} for error in errors]
    return {"summary": summary, "subjects": subjects, "unjudged": []}


FOLDS = {
    "holdout": fold(0.9, 2, {"163": 50}, {"163": 9.0}, [1.0, 2.0]),
    "fold-1": fold(0.7, 3, {"163": 1, "191": 2}, {"191": 1.0}, [1.0, 3.0, None]),
    "fold-2": fold(0.5, 2, {"191": 1}, {"191": 2.0, "0": 0.5}, [2.0, 6.0]),
}
DISTANCES = plain(
    [
        RuleDistance("a", 30.0, 20.0, 25.0, 22.0),
        RuleDistance("b", 34.0, 26.0),
        RuleDistance("c", missing="no scalp is shown"),
    ]
)


@pytest.fixture
def report():
    return report_of(SETTINGS, {"paper": FOLDS}, DISTANCES)


def test_the_paper_stands_beside_one_split_and_the_folds(report):
    rows = to_markdown(report).splitlines()
    assert "| measure | paper, published | paper, one split | paper, folds: mean (SD) |" in rows
    assert "| mAP@0.5, mean over slices that hold the region | 0.85 (0.02) | 0.900 | 0.600 (0.141) |" in rows
    assert "| Dice of slices that hold the region | 0.80 (0.02) | 0.900 | 0.600 (0.141) |" in rows
    assert "| detection rate, people | - | 50.0 % | 58.3 % (11.8 %) |" in rows
    assert "| slices without the region that got one | - | - | - |" in rows


def test_false_regions_are_those_of_the_folds_in_which_everybody_is_judged_once(report):
    rows = to_markdown(report).splitlines()
    assert "| left superior frontal gyrus (191) | 3 | 1.40 |" in rows
    assert "| left inferior frontal gyrus, opercular (163) | 1 | 0.00 |" in rows
    alone = report_of(SETTINGS, {"paper": {"holdout": FOLDS["holdout"]}}, DISTANCES)
    assert alone["presets"]["paper"]["false_labels"] == {163: 50}


def test_the_rule_is_told_in_three_ways_with_those_who_have_none(report):
    text = to_markdown(report)
    rule = "5-cm landmark to the reference's centroid, in 3-D"
    assert f"| {rule} | 2 | 32.0 (2.8) | 28.1 to 35.9 | 30.0 to 34.0 |" in text
    assert "| the same along the scalp | 1 | 25.0 (-) | - to - | 25.0 to 25.0 |" in text
    assert "| paper: found centroid to the reference's, in 3-D | 4 | 3.0 (2.2) | 0.9 to 5.1 | 1.0 to 6.0 |" in text
    assert "in 1 scans:\n\n- c: no scalp is shown" in text


def test_the_report_is_json_too(report):
    values = json.loads(json.dumps(plain(report)))
    assert values["five_cm"]["straight_mm"]["mean"] == 32.0
    assert values["presets"]["paper"]["folds"]["fold-1"]["slice_map"] == 0.7
    assert values["five_cm_missing"] == {"c": "no scalp is shown"}
