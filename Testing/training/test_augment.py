"""Slices and windows get other poses and contrasts, lose their skull, and are never flipped."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.networks.configuration import Augmentation
from DLPFCSegmenterLib.training.augment import SLICES, WINDOWS, Raw, random_contrast, random_pose

FULL = Augmentation()


def raw_slices() -> Raw:
    labels = np.zeros((3, 40, 40), np.uint8)
    labels[:, 8:32, 8:32] = 1
    labels[:, 12:20, 12:20] = 2
    values = np.where(labels > 0, 100.0 + 50 * labels, 60.0)
    values[:, :4] = 0
    return Raw(values, labels, 120.0, 40.0)


def test_poses_are_never_mirrored_and_stay_within_their_limits():
    pivot = np.array([1.0, 2.0, 3.0])
    for seed in range(200):
        pose = random_pose(np.random.default_rng(seed), FULL, pivot)
        scale = np.cbrt(np.linalg.det(pose[:3, :3]))
        assert np.exp(-4 / 3 * FULL.scale) <= scale <= np.exp(4 / 3 * FULL.scale)
        moved = pose[:3, :3] @ pivot + pose[:3, 3] - pivot
        assert np.abs(moved).max() <= FULL.shift_mm + 1e-9


def test_still_pose_is_the_identity():
    still = Augmentation(0, 0, 0, 0, 0, 0, 0, 0)
    assert np.allclose(random_pose(np.random.default_rng(1), still, np.ones(3)), np.eye(4))


@pytest.mark.parametrize("seed", range(40))
def test_contrasts_stay_finite_and_within_the_clipping_range(seed):
    image = random_contrast(np.random.default_rng(seed), FULL, raw_slices(), SLICES)
    assert image.shape == (3, 40, 40) and image.dtype == np.float32
    assert np.isfinite(image).all() and np.abs(image).max() <= 5


def test_stripping_the_skull_darkens_what_is_outside_the_brain():
    only = replace(FULL, skull_strip=1.0, intensity=0.0, synthetic_contrast=0.0)
    image = random_contrast(np.random.default_rng(0), only, raw_slices(), SLICES)
    assert image[1, 34:, :].max() < image[1, 10:30, 10:30].min()
    assert np.ptp(image[1, 34:, :]) == 0


def test_synthetic_contrast_repaints_the_brain_and_leaves_the_rest():
    only = replace(FULL, skull_strip=0.0, intensity=0.0, synthetic_contrast=1.0)
    images = [random_contrast(np.random.default_rng(s), only, raw_slices(), SLICES) for s in range(8)]
    contrast = [i[1, 14:18, 14:18].mean() - i[1, 24:30, 24:30].mean() for i in images]
    assert min(contrast) < 0 < max(contrast)


def test_no_augmentation_is_plain_normalisation():
    none = replace(FULL, skull_strip=0.0, intensity=0.0, synthetic_contrast=0.0)
    raw = raw_slices()
    assert np.allclose(random_contrast(np.random.default_rng(0), none, raw, SLICES), (raw.values - 120) / 40)


STILL = Augmentation(0, 0, 0, 0, 0, 0, 0, 0)


@pytest.fixture
def raw() -> Raw:
    """Two structures of 100 and 160, a skull of 300 around them, air outside."""
    k, j, i = np.indices((40, 40, 40)) - 19.5
    radius = np.sqrt(k**2 + j**2 + i**2)
    values = np.select([radius < 8, radius < 14, radius < 17], [160.0, 100.0, 300.0], 0.0).astype(np.float32)
    labels = np.select([radius < 8, radius < 14], [2, 1], 0).astype(np.uint8)
    return Raw(values, labels, 120.0, 30.0)


def test_without_augmentation_intensities_are_only_normalised(raw):
    shown = random_contrast(np.random.default_rng(0), STILL, raw, WINDOWS)
    assert np.allclose(shown, np.clip((raw.values - 120) / 30, -5, 5)) and shown.dtype == np.float32


def test_a_skull_is_taken_off_and_the_brain_kept(raw):
    shown = random_contrast(np.random.default_rng(0), replace(STILL, skull_strip=1.0), raw, WINDOWS)
    radius = np.linalg.norm(np.indices(raw.values.shape) - 19.5, axis=0)
    assert np.allclose(shown[radius > 17], (0 - 120) / 30)
    assert np.allclose(shown[radius < 7], (160 - 120) / 30)


def test_synthetic_contrast_paints_structures_anew_and_leaves_the_rest(raw):
    painted = replace(STILL, synthetic_contrast=1.0)
    differences = []
    for seed in range(6):
        shown = random_contrast(np.random.default_rng(seed), painted, raw, WINDOWS)
        differences.append(float(shown[20, 20, 20] - shown[20, 20, 31]))
        brain = shown[raw.labels > 0]
        assert abs(float(brain.mean())) < 0.05 and abs(float(brain.std()) - 1) < 0.05
    assert min(differences) < 0 < max(differences), "the contrast of two structures never turned round"


def test_shaken_intensities_differ_by_the_generator_alone(raw):
    shaken = replace(STILL, intensity=1.0)
    one, same, other = (random_contrast(np.random.default_rng(n), shaken, raw, WINDOWS) for n in (4, 4, 5))
    assert np.array_equal(one, same) and not np.allclose(one, other, atol=0.1)
    assert np.abs(one).max() <= 5.0


def test_a_window_without_labels_keeps_its_skull_and_contrast(raw):
    bare = replace(raw, labels=np.zeros_like(raw.labels))
    settings = replace(STILL, skull_strip=1.0, synthetic_contrast=1.0)
    shown = random_contrast(np.random.default_rng(0), settings, bare, WINDOWS)
    assert np.allclose(shown, np.clip((raw.values - 120) / 30, -5, 5))
