"""Summaries and tables say what the results hold."""

import json
import math

import numpy as np
import pytest

from DLPFCSegmenterLib.evaluation.metrics import CocoPrecision, SliceDetection, SliceMasks
from DLPFCSegmenterLib.evaluation.results import (
    SliceResult,
    SubjectResult,
    false_labels,
    ml_by_label,
    plain,
    spread,
    subject_table,
    summarise,
    summary_table,
)

NAN = float("nan")
HIT = SliceResult(4, True, True, 0.8, 1.0, False, False)
MISSED = SliceResult(5, True, False, 0.0, 0.0, False, False)
FALSE = SliceResult(6, False, False, NAN, NAN, True, True)
QUIET = SliceResult(7, False, False, NAN, NAN, False, False)


def subject(name, dice, error, found=True, wrong=False, slices=(HIT,)) -> SubjectResult:
    return SubjectResult(name, name, found, wrong, dice, dice, error, error, error, 14.0, 15.0, 2.0, slices)


SUBJECTS = (
    subject("a", 0.8, 2.0, slices=(HIT, HIT, MISSED)),
    subject("b", 0.6, 4.0, wrong=True, slices=(HIT, FALSE, QUIET, QUIET)),
    subject("c", 0.0, NAN, found=False, slices=(QUIET,)),
)


def test_spread_leaves_out_what_does_not_exist():
    measured = spread([1.0, NAN, 2.0, 6.0])
    assert (measured.count, measured.mean, measured.median) == (3, 3.0, 2.0)
    assert measured.sd == pytest.approx(math.sqrt(7))
    assert (measured.least, measured.most) == (1.0, 6.0)
    assert measured.ci95 == pytest.approx((3 - 1.96 * math.sqrt(7 / 3), 3 + 1.96 * math.sqrt(7 / 3)))
    assert spread([]).count == 0 and math.isnan(spread([NAN]).mean)


def test_the_summary_counts_people_and_slices():
    summary = summarise(SUBJECTS, CocoPrecision(0.7, 0.75))
    assert (summary.people, summary.people_found, summary.wrong_hemisphere) == (3, 2, 1)
    assert summary.volume_dice.mean == pytest.approx(1.4 / 3)
    assert summary.centroid_error_mm.count == 2 and summary.centroid_error_mm.median == 3.0
    assert summary.slice_map == 0.75 and summary.slice_detection == 0.75
    assert summary.slice_dice.mean == pytest.approx(0.6)
    assert (summary.false_positives, summary.false_positive_rate) == (1, 0.25)
    assert summary.wrong_side_slices == 1


def test_tables_name_the_worst_first_and_shout_about_sides():
    table = subject_table(SUBJECTS)
    rows = [line.split(" | ")[:3] for line in table.splitlines()[2:]]
    assert rows == [["| c", "NO", "0.000"], ["| b", "WRONG SIDE", "0.600"], ["| a", "yes", "0.800"]]
    summary = summary_table(summarise(SUBJECTS, CocoPrecision(0.7, 0.75)))
    assert "| people found | 2 of 3 |" in summary
    assert "| slices without the region that got one | 1 (25.0 %) |" in summary
    assert "masks / boxes | 0.700 / 0.750 |" in summary


def test_figures_that_do_not_exist_are_null_in_json():
    values = json.loads(json.dumps(plain(SUBJECTS)))
    assert values[2]["centroid_error_mm"] is None and values[1]["slices"][1]["dice"] is None
    assert values[0]["slices"][0]["dice"] == 0.8


LABELS = np.zeros((8, 8), np.uint8)
LABELS[:, 2:4], LABELS[:, 4:6], LABELS[:, 6:] = 143, 191, 163


def block(rows, columns) -> np.ndarray:
    mask = np.zeros((8, 8), bool)
    mask[rows, columns] = True
    return mask


REFERENCE = block(slice(0, 4), slice(2, 4))


def labels_of(*masks) -> tuple[int, ...]:
    return false_labels(SliceMasks(REFERENCE, tuple(SliceDetection(0.9, mask) for mask in masks)), LABELS)


def test_a_detection_that_touches_the_region_is_not_false():
    assert labels_of(block(slice(3, 8), slice(3, 8))) == ()


def test_a_detection_beside_it_lies_on_the_structure_that_holds_most_of_it():
    assert labels_of(block(slice(5, 8), slice(3, 7))) == (191,)
    assert labels_of(block(slice(6, 8), slice(5, 8)), block(slice(6, 8), slice(0, 2))) == (163, 0)


def test_an_empty_detection_is_nowhere():
    assert labels_of(np.zeros((8, 8), bool)) == ()


def test_false_voxels_are_measured_in_ml_on_each_structure():
    false = block(slice(0, 8), slice(4, 7))
    assert ml_by_label(LABELS[None], false[None], 0.008) == {163: 0.064, 191: 0.128}
