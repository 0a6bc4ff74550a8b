"""Slices are changed, never flipped."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.networks.configuration import Augmentation
from DLPFCSegmenterLib.training.augment import RawSlices, random_contrast, random_pose

FULL = Augmentation()


def raw_slices() -> RawSlices:
    labels = np.zeros((3, 40, 40), np.uint8)
    labels[:, 8:32, 8:32] = 1
    labels[:, 12:20, 12:20] = 2
    values = np.where(labels > 0, 100.0 + 50 * labels, 60.0)
    values[:, :4] = 0
    return RawSlices(values, labels, 120.0, 40.0)


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
    image = random_contrast(np.random.default_rng(seed), FULL, raw_slices())
    assert image.shape == (3, 40, 40) and image.dtype == np.float32
    assert np.isfinite(image).all() and np.abs(image).max() <= 5


def test_stripping_the_skull_darkens_what_is_outside_the_brain():
    only = replace(FULL, skull_strip=1.0, intensity=0.0, synthetic_contrast=0.0)
    image = random_contrast(np.random.default_rng(0), only, raw_slices())
    assert image[1, 34:, :].max() < image[1, 10:30, 10:30].min()
    assert np.ptp(image[1, 34:, :]) == 0


def test_synthetic_contrast_repaints_the_brain_and_leaves_the_rest():
    only = replace(FULL, skull_strip=0.0, intensity=0.0, synthetic_contrast=1.0)
    images = [random_contrast(np.random.default_rng(s), only, raw_slices()) for s in range(8)]
    contrast = [i[1, 14:18, 14:18].mean() - i[1, 24:30, 24:30].mean() for i in images]
    assert min(contrast) < 0 < max(contrast)


def test_no_augmentation_is_plain_normalisation():
    none = replace(FULL, skull_strip=0.0, intensity=0.0, synthetic_contrast=0.0)
    raw = raw_slices()
    assert np.allclose(random_contrast(np.random.default_rng(0), none, raw), (raw.values - 120) / 40)
