"""How a training window is made to differ from its scan: contrast, noise, missing skull (`augment` has the pose).

Every function takes the random generator that decides, and returns new arrays of shape (K, J, I).
"""

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
import torch

from ..networks.configuration import Augmentation
from ..networks.frame import normalise


@dataclass(frozen=True)
class RawWindow:
    """A window before normalisation: intensities and labels (K, J, I), and the person's mean and SD."""

    values: np.ndarray
    labels: np.ndarray
    mean: float
    sd: float


def random_window_contrast(rng: np.random.Generator, settings: Augmentation, raw: RawWindow) -> np.ndarray:
    """The normalised window with another contrast, with or without skull; float32."""
    values, mean, sd = raw.values, raw.mean, raw.sd
    if rng.random() < settings.synthetic_contrast:
        values, mean, sd = _synthetic(rng, raw)
    if rng.random() < settings.skull_strip:
        values = _stripped(rng, values, raw.labels)
    values = (values - mean) / sd
    if rng.random() < settings.intensity:
        values = _shaken(rng, values)
    return normalise(values, 0.0, 1.0)


def _synthetic(rng: np.random.Generator, raw: RawWindow) -> tuple[np.ndarray, float, float]:
    """Every label gets a random intensity; tissue outside the brain keeps its own."""
    brain = raw.labels > 0
    if np.count_nonzero(brain) < 1000:
        return raw.values, raw.mean, raw.sd
    table = rng.uniform(0.1, 1.0, 256) * raw.mean * 2
    painted = table[raw.labels] + rng.normal(0, 0.04 * raw.mean, raw.values.shape)
    own = rng.uniform(0.2, 0.7)
    mixed = _blurred(own * raw.values + (1 - own) * painted, rng.uniform(0.3, 0.8))
    values = np.where(brain, mixed, raw.values)
    return values, float(values[brain].mean()), float(values[brain].std()) + 1e-6


def _stripped(rng: np.random.Generator, values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Brain alone, its edge moved in or out by up to 2 mm; as it is where no brain is labelled."""
    if np.count_nonzero(labels) < 1000:
        return values
    edge = _blurred((labels > 0).astype(np.float32), 1.1)
    return np.where(edge > rng.uniform(0.25, 0.75), values, 0)


def _shaken(rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    """Gain, offset, gamma, bias field, blur, thick slices, ghosts, noise and (rarely) inversion."""
    low, high = values.min(), values.max() + 1e-6
    unit = (values - low) / (high - low)
    unit = unit ** np.exp(rng.uniform(-0.45, 0.45))
    if rng.random() < 0.5:
        unit = unit * np.exp(rng.uniform(0, 0.35) * _smooth_field(rng, unit.shape))
    if rng.random() < 0.02:
        unit = np.where(unit > 0.05, 1 - unit, unit)
    if rng.random() < 0.2:
        unit = _blurred(unit, rng.uniform(0.3, 0.9))
    if rng.random() < 0.1:
        unit = _blurred(unit, rng.uniform(0.6, 1.3), (int(rng.integers(3)),))
    if rng.random() < 0.1:
        unit = unit + rng.uniform(0.02, 0.1) * np.roll(unit, rng.integers(15, 35), axis=rng.integers(3))
    if rng.random() < 0.5:
        unit = unit + rng.normal(0, rng.uniform(0.005, 0.05), unit.shape)
    return (unit * (high - low) + low) * rng.uniform(0.8, 1.25) + rng.uniform(-0.3, 0.3)


def _smooth_field(rng: np.random.Generator, shape: tuple) -> np.ndarray:
    """A field of about unit size that varies slowly over the window."""
    coarse = torch.from_numpy(rng.normal(0, 1, (1, 1, 3, 3, 3)))
    return torch.nn.functional.interpolate(coarse, shape, mode="trilinear", align_corners=True)[0, 0].numpy()


def _blurred(values: np.ndarray, sigma_voxels: float, directions: tuple[int, ...] = (0, 1, 2)) -> np.ndarray:
    """Smoothed by a Gaussian along some axes."""
    image = sitk.GetImageFromArray(values.astype(np.float32))
    for direction in directions:
        image = sitk.RecursiveGaussian(image, sigma=sigma_voxels, direction=direction)
    return sitk.GetArrayFromImage(image)
