"""Windows with another contrast, without a skull."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.networks.configuration import Augmentation
from DLPFCSegmenterLib.training.augment_volume import RawWindow, random_window_contrast

STILL = Augmentation(0, 0, 0, 0, 0, 0, 0, 0)


@pytest.fixture
def raw() -> RawWindow:
    """Two structures of 100 and 160, a skull of 300 around them, air outside."""
    k, j, i = np.indices((40, 40, 40)) - 19.5
    radius = np.sqrt(k**2 + j**2 + i**2)
    values = np.select([radius < 8, radius < 14, radius < 17], [160.0, 100.0, 300.0], 0.0).astype(np.float32)
    labels = np.select([radius < 8, radius < 14], [2, 1], 0).astype(np.uint8)
    return RawWindow(values, labels, 120.0, 30.0)


def test_without_augmentation_intensities_are_only_normalised(raw):
    shown = random_window_contrast(np.random.default_rng(0), STILL, raw)
    assert np.allclose(shown, np.clip((raw.values - 120) / 30, -5, 5)) and shown.dtype == np.float32


def test_a_skull_is_taken_off_and_the_brain_kept(raw):
    shown = random_window_contrast(np.random.default_rng(0), replace(STILL, skull_strip=1.0), raw)
    radius = np.linalg.norm(np.indices(raw.values.shape) - 19.5, axis=0)
    assert np.allclose(shown[radius > 17], (0 - 120) / 30)
    assert np.allclose(shown[radius < 7], (160 - 120) / 30)


def test_synthetic_contrast_paints_structures_anew_and_leaves_the_rest(raw):
    painted = replace(STILL, synthetic_contrast=1.0)
    differences = []
    for seed in range(6):
        shown = random_window_contrast(np.random.default_rng(seed), painted, raw)
        differences.append(float(shown[20, 20, 20] - shown[20, 20, 31]))
        brain = shown[raw.labels > 0]
        assert abs(float(brain.mean())) < 0.05 and abs(float(brain.std()) - 1) < 0.05
    assert min(differences) < 0 < max(differences), "the contrast of two structures never turned round"


def test_shaken_intensities_differ_by_the_generator_alone(raw):
    shaken = replace(STILL, intensity=1.0)
    one, same, other = (random_window_contrast(np.random.default_rng(n), shaken, raw) for n in (4, 4, 5))
    assert np.array_equal(one, same) and not np.allclose(one, other, atol=0.1)
    assert np.abs(one).max() <= 5.0


def test_a_window_without_labels_keeps_its_skull_and_contrast(raw):
    bare = replace(raw, labels=np.zeros_like(raw.labels))
    settings = replace(STILL, skull_strip=1.0, synthetic_contrast=1.0)
    shown = random_window_contrast(np.random.default_rng(0), settings, bare)
    assert np.allclose(shown, np.clip((raw.values - 120) / 30, -5, 5))
