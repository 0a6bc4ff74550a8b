"""How what is shown in training is made to differ from its scan: pose, contrast, noise, missing skull.

Every function takes the random generator that decides, and returns new arrays.
"""

from dataclasses import dataclass, replace

import numpy as np
import SimpleITK as sitk

from ..networks.configuration import Augmentation
from ..networks.frame import normalise
from .head_contrast import smooth_field


def random_pose(rng: np.random.Generator, settings: Augmentation, pivot_ras_mm: np.ndarray) -> np.ndarray:
    """4x4 that maps what is shown to the scan: rotated, scaled and shifted about the pivot, RAS mm."""
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
class Raw:
    """A slice with its neighbours, or a window, before normalisation.

    values, labels  intensities and parcellation, shape (S, rows, columns) or (K, J, I); label 0 is outside the brain
    mean, sd        of the person, which stand for 0 and 1
    """

    values: np.ndarray
    labels: np.ndarray
    mean: float
    sd: float


@dataclass(frozen=True)
class Look:
    """How intensities may be changed; pairs are the least and most of a uniform draw, lengths are in pixels or voxels.

    planar       slices lie in planes of their own: nothing is smoothed from one to the next
    least_brain  labelled voxels without which no skull is taken off and nothing painted
    measured     a stripped brain's own mean and SD stand for 0 and 1, as where those of a whole head did before
    own          share of its own intensities that a painted brain keeps
    edge         width over which the brain's edge may move
    bias         strength of a field that varies slowly
    inverted, blurred, thick  how often intensities are turned over, smoothed, and smoothed across slices alone
    blur         SD of the smoothing
    ghost        shift of a ghost
    noise, gain  SD of the noise as a share of the range, factor of all
    """

    planar: bool
    least_brain: int
    measured: bool
    own: tuple[float, float]
    edge: float
    bias: float
    inverted: float
    blurred: float
    thick: float
    blur: tuple[float, float]
    ghost: tuple[int, int]
    noise: float
    gain: tuple[float, float]

    @property
    def axes(self) -> tuple[int, ...]:
        """Axes of the array along which may be smoothed."""
        return (1, 2) if self.planar else (0, 1, 2)


SLICES = Look(
    planar=True, least_brain=100, measured=True, own=(0.0, 0.5), edge=2.0, bias=0.4, inverted=0.03, blurred=0.3,
    thick=0.15, blur=(0.4, 1.4), ghost=(30, 90), noise=0.06, gain=(0.75, 1.3),
)  # fmt: skip

WINDOWS = Look(
    planar=False, least_brain=1000, measured=False, own=(0.2, 0.7), edge=1.1, bias=0.35, inverted=0.02, blurred=0.2,
    thick=0.1, blur=(0.3, 0.9), ghost=(15, 35), noise=0.05, gain=(0.8, 1.25),
)  # fmt: skip


def random_contrast(rng: np.random.Generator, settings: Augmentation, raw: Raw, look: Look) -> np.ndarray:
    """Normalised intensities with another contrast, with or without skull; float32, the shape of `raw.values`."""
    has_brain = np.count_nonzero(raw.labels) >= look.least_brain
    shown = raw
    if rng.random() < settings.synthetic_contrast and has_brain:
        shown = _synthetic(rng, shown, look)
    if rng.random() < settings.skull_strip and has_brain:
        shown = _stripped(rng, shown, look)
    values = (shown.values - shown.mean) / shown.sd
    if rng.random() < settings.intensity:
        values = _shaken(rng, values, look)
    return normalise(values, 0.0, 1.0)


def _synthetic(rng: np.random.Generator, raw: Raw, look: Look) -> Raw:
    """Every label gets a random intensity; tissue outside the brain keeps its own."""
    table = rng.uniform(0.1, 1.0, 256) * raw.mean * 2
    painted = table[raw.labels] + rng.normal(0, 0.04 * raw.mean, raw.values.shape)
    own = rng.uniform(*look.own)
    mixed = _blurred(own * raw.values + (1 - own) * painted, rng.uniform(0.3, 0.8), look.axes)
    return _measured(replace(raw, values=np.where(raw.labels > 0, mixed, raw.values)), raw.labels > 0)


def _stripped(rng: np.random.Generator, raw: Raw, look: Look) -> Raw:
    """Brain alone, its edge moved in or out by up to 2 mm."""
    inside = _blurred((raw.labels > 0).astype(np.float32), look.edge, look.axes) > rng.uniform(0.25, 0.75)
    stripped = replace(raw, values=np.where(inside, raw.values, 0))
    return _measured(stripped, inside) if look.measured else stripped


def _measured(raw: Raw, brain: np.ndarray) -> Raw:
    """The same with mean and SD of the brain."""
    inside = raw.values[brain]
    return replace(raw, mean=float(inside.mean()), sd=float(inside.std()) + 1e-6) if inside.size else raw


def _shaken(rng: np.random.Generator, values: np.ndarray, look: Look) -> np.ndarray:
    """Gain, offset, gamma, bias field, blur, thick slices, ghosts, noise and (rarely) inversion."""
    low, high = values.min(), values.max() + 1e-6
    unit = (values - low) / (high - low)
    unit = unit ** np.exp(rng.uniform(-0.45, 0.45))
    if rng.random() < 0.5:
        unit = unit * np.exp(
            rng.uniform(0, look.bias) * smooth_field(rng, unit.shape, (1, 4, 4) if look.planar else (3, 3, 3))
        )
    if rng.random() < look.inverted:
        unit = np.where(unit > 0.05, 1 - unit, unit)
    if rng.random() < look.blurred:
        unit = _blurred(unit, rng.uniform(*look.blur), look.axes)
    if rng.random() < look.thick:
        unit = _thick(rng, unit, look.planar)
    if rng.random() < 0.1:
        unit = unit + rng.uniform(0.02, 0.1) * np.roll(unit, rng.integers(*look.ghost), axis=rng.choice(look.axes))
    if rng.random() < 0.5:
        unit = unit + rng.normal(0, rng.uniform(0.005, look.noise), unit.shape)
    return (unit * (high - low) + low) * rng.uniform(*look.gain) + rng.uniform(-0.3, 0.3)


def _thick(rng: np.random.Generator, values: np.ndarray, planar: bool) -> np.ndarray:
    """As scanned in thick slices: neighbours are one, or some axis of a window is smoothed."""
    if planar:
        return np.repeat(values.mean(axis=0, keepdims=True), len(values), axis=0)
    return _blurred(values, rng.uniform(0.6, 1.3), (int(rng.integers(3)),))


def _blurred(values: np.ndarray, sigma: float, axes: tuple[int, ...]) -> np.ndarray:
    """Smoothed by a Gaussian along some axes of the array."""
    image = sitk.GetImageFromArray(values.astype(np.float32))
    for axis in axes:
        image = sitk.RecursiveGaussian(image, sigma=sigma, direction=2 - axis)
    return sitk.GetArrayFromImage(image)
