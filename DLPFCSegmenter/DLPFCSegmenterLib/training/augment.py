"""How training slices are made to differ from their scans: pose, contrast, noise, missing skull.

Every function takes the random generator that decides, and returns new arrays.
"""

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from ..networks.configuration import Augmentation


def random_pose(rng: np.random.Generator, settings: Augmentation, pivot_ras_mm: np.ndarray) -> np.ndarray:
    """4x4 that maps a slice's points to the scan: rotated, scaled and shifted about the pivot, RAS mm."""
    tilt, turn = settings.tilt_deg, settings.rotation_deg
    angles = np.deg2rad(rng.uniform(-1, 1, 3) * (tilt, tilt, turn))
    linear = np.eye(3)
    for axis, angle in enumerate(angles):
        linear = _rotation(axis, angle) @ linear
    linear = linear * np.exp(rng.uniform(-1, 1) * settings.scale + rng.uniform(-1, 1, 3) * settings.scale / 3)
    pose = np.eye(4)
    pose[:3, :3] = linear
    shift = rng.uniform(-1, 1, 3) * settings.shift_mm
    pose[:3, 3] = pivot_ras_mm + shift - linear @ pivot_ras_mm
    return pose


def _rotation(axis: int, angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    first, second = [(1, 2), (2, 0), (0, 1)][axis]
    matrix = np.eye(3)
    matrix[first, first] = matrix[second, second] = c
    matrix[first, second], matrix[second, first] = -s, s
    return matrix


@dataclass(frozen=True)
class RawSlices:
    """A slice and its neighbours before normalisation: intensities and labels, both (S, rows, columns)."""

    values: np.ndarray
    labels: np.ndarray
    mean: float
    sd: float


def random_contrast(rng: np.random.Generator, settings: Augmentation, raw: RawSlices) -> np.ndarray:
    """Normalised slices with another contrast, with or without skull; shape (S, rows, columns)."""
    values, mean, sd = raw.values, raw.mean, raw.sd
    if rng.random() < settings.synthetic_contrast:
        values = _synthetic(rng, raw)
        inside = values[values > 0]
        mean, sd = (float(inside.mean()), float(inside.std()) + 1e-6) if inside.size else (mean, sd)
    if rng.random() < settings.skull_strip:
        values, mean, sd = _stripped(rng, values, raw)
    values = (values - mean) / sd
    if rng.random() < settings.intensity:
        values = _shaken(rng, values)
    return np.clip(values, -5, 5).astype(np.float32)


def _synthetic(rng: np.random.Generator, raw: RawSlices) -> np.ndarray:
    """Every label gets a random intensity; tissue outside the brain keeps its own."""
    table = rng.uniform(0.1, 1.0, 256) * raw.mean * 2
    painted = table[raw.labels] + rng.normal(0, 0.04 * raw.mean, raw.values.shape)
    own = rng.uniform(0.0, 0.5)
    mixed = own * raw.values + (1 - own) * painted
    return np.where(raw.labels > 0, _blurred(mixed, rng.uniform(0.3, 0.8)), raw.values)


def _stripped(rng: np.random.Generator, values: np.ndarray, raw: RawSlices) -> tuple:
    """Brain alone, its edge moved in or out by up to 2 mm; (values, mean, SD of the brain)."""
    edge = _blurred((raw.labels > 0).astype(np.float32), 2.0)
    inside = edge > rng.uniform(0.25, 0.75)
    if inside.sum() < 100:
        return values, raw.mean, raw.sd
    brain = values[inside]
    return np.where(inside, values, 0), float(brain.mean()), float(brain.std()) + 1e-6


def _shaken(rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    """Gain, offset, gamma, bias field, blur, coarse pixels, ghosts, noise and (rarely) inversion."""
    low, high = values.min(), values.max() + 1e-6
    unit = (values - low) / (high - low)
    unit = unit ** np.exp(rng.uniform(-0.45, 0.45))
    if rng.random() < 0.5:
        unit = unit * np.exp(rng.uniform(0, 0.4) * _smooth_field(rng, unit.shape))
    if rng.random() < 0.03:
        unit = np.where(unit > 0.05, 1 - unit, unit)
    if rng.random() < 0.3:
        unit = _blurred(unit, rng.uniform(0.4, 1.4))
    if rng.random() < 0.15:
        unit = np.repeat(unit.mean(axis=0, keepdims=True), len(unit), axis=0)
    if rng.random() < 0.1:
        unit = unit + rng.uniform(0.02, 0.1) * np.roll(unit, rng.integers(30, 90), axis=rng.integers(1, 3))
    if rng.random() < 0.5:
        unit = unit + rng.normal(0, rng.uniform(0.005, 0.06), unit.shape)
    return (unit * (high - low) + low) * rng.uniform(0.75, 1.3) + rng.uniform(-0.3, 0.3)


def _smooth_field(rng: np.random.Generator, shape: tuple) -> np.ndarray:
    """A field of about unit size that varies slowly over the slice, the same in all neighbours."""
    coarse = sitk.GetImageFromArray(rng.normal(0, 1, (4, 4)))
    rows, columns = shape[1:]
    coarse.SetSpacing(((columns - 1) / 3, (rows - 1) / 3))
    field = sitk.Resample(coarse, (columns, rows), sitk.Transform(), sitk.sitkBSpline)
    return sitk.GetArrayFromImage(field)[None]


def _blurred(values: np.ndarray, sigma_pixels: float) -> np.ndarray:
    """Each slice smoothed by a Gaussian of `sigma_pixels`."""
    image = sitk.GetImageFromArray(values.astype(np.float32))
    for direction in (0, 1):
        image = sitk.RecursiveGaussian(image, sigma=sigma_pixels, direction=direction)
    return sitk.GetArrayFromImage(image)
