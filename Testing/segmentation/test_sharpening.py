"""The blur of labels on their way to a network's grid and back, and how much is asked of each place."""

import numpy as np
import pytest

from DLPFCSegmenterLib.scan.canonical import resample
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.predictions import on_grid
from DLPFCSegmenterLib.segmentation.sharpening import sharpened
from hand_made_plans import oblique_matrix

LABEL_MM, WINDOW_MM = 2.0, 1.75


def ribbon() -> Volume:
    """A shell one voxel or two thick, as cortex is."""
    kji = np.indices((30, 30, 30)).astype(float)
    away = np.linalg.norm(np.moveaxis(kji, 0, -1) - 14.3, axis=-1)
    return Volume(np.abs(away - 10.0) < 0.75, np.diag([LABEL_MM, LABEL_MM, LABEL_MM, 1.0]))


def window() -> Volume:
    """A grid that lies askew in the label's."""
    matrix = oblique_matrix()
    matrix[:3, :3] = np.linalg.qr(matrix[:3, :3])[0] * WINDOW_MM
    middle_mm = np.full(3, 14.5 * LABEL_MM)
    matrix[:3, 3] = middle_mm - matrix[:3, :3] @ np.full(3, 23.5)
    return Volume(np.zeros((48, 48, 48), np.float32), matrix)


def shown(label: Volume) -> Volume:
    """As a network that errs nowhere answers: the share of the label in each voxel of its grid."""
    return window().with_array(resample(label.with_array(label.array_kji.astype(np.float32)), window()).array_kji)


def test_a_ribbon_comes_back_nearer_to_what_it_was():
    label = ribbon()
    plain, sharp = (on_grid(each, label) for each in (shown(label), sharpened(shown(label), LABEL_MM)))
    assert off(sharp, label) < 0.85 * off(plain, label)


def off(probability: np.ndarray, label: Volume) -> float:
    """Mean distance from 1 in the ribbon and from 0 beside it."""
    return float(np.abs(probability - label.array_kji).mean())


def test_probabilities_stay_probabilities_and_even_ones_stay_as_they_are():
    sharp = sharpened(shown(ribbon()), LABEL_MM).array_kji
    assert sharp.min() >= 0.0
    assert sharp.max() <= 1.0
    even = window().with_array(np.full((48, 48, 48), 0.3, np.float32))
    assert sharpened(even, LABEL_MM).array_kji == pytest.approx(0.3, abs=1e-5)


def test_where_less_can_be_told_less_must_do_but_a_mere_chance_does_not():
    told = np.zeros((48, 48, 48), np.float32)
    told[16:32, 16:32, 10:30] = 0.9
    told[16:32, 16:32, 30:36] = 0.4
    told[40:44, 40:44, 4:8] = 0.2
    sharp = sharpened(window().with_array(told), LABEL_MM).array_kji
    middle, end, chance = (sharp[24, 24, 20], sharp[24, 24, 33], sharp[42, 42, 6])
    assert middle > 0.8
    assert 0.44 < end < middle
    assert chance < 0.44


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_what_is_turned_round_is_sharpened_turned_round(axis):
    answer = shown(ribbon())
    turned = answer.with_array(np.ascontiguousarray(np.flip(answer.array_kji, axis)))
    assert np.allclose(
        sharpened(turned, LABEL_MM).array_kji, np.flip(sharpened(answer, LABEL_MM).array_kji, axis), atol=1e-5
    )
