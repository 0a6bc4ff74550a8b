"""How a head to learn from may look: another contrast, coil, scanner, archive. Every function takes the generator."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from . import head_labels as kinds

_FACE_PLANE_MNI_MM = np.array([[96.0, -12.0], [20.0, -78.0]])
"""Two points (y, z) of the plane before which a face is taken away."""

_FACE_BALL_MNI_MM = np.array([0.0, 98.0, -62.0])
_FACE_RADII_MM = np.array([62.0, 45.0, 52.0])

_PAINTED_SHARE = 0.35
_OTHER_CURVE_SHARE = 0.3


@dataclass(frozen=True)
class SeenHead:
    """A head on the network's grid; arrays (K, J, I), float32.

    values    grey values, bright tissue about 1
    brain_mm  distance from the brain, negative inside
    head      share of the cell that is head and not air
    mni_mm    (K, J, I, 3)
    """

    values: np.ndarray
    brain_mm: np.ndarray
    head: np.ndarray
    mni_mm: np.ndarray


def random_greys(rng: np.random.Generator, t1: np.ndarray | None, tissues: np.ndarray) -> np.ndarray:
    """A person's grey values in some contrast, at the person's voxels, float32 (K, J, I); bright tissue is about 1.

    t1, tissues  as `PreparedHead` has them
    """
    painted = t1 is None or rng.random() < _PAINTED_SHARE
    values = _painted(rng, t1, tissues) if painted else _curve(rng)[t1] * _gains(rng)[tissues]
    return values.astype(np.float32)


def _curve(rng: np.random.Generator) -> np.ndarray:
    """New grey value of each of 0..255: a power, or any curve (inverted and T2-like ones among them)."""
    unit = np.arange(256, dtype=np.float32) / 170.0
    if rng.random() > _OTHER_CURVE_SHARE:
        return unit ** np.exp(rng.uniform(-0.6, 0.5))
    knots = np.linspace(0.0, 1.5, 7)
    heights = rng.uniform(0.05, 1.0, 7)
    heights[0] = 0.0 if rng.random() < 0.7 else rng.uniform(0.0, 1.0)
    return np.interp(unit, knots, heights).astype(np.float32)


def _gains(rng: np.random.Generator) -> np.ndarray:
    """By how much each tissue is brighter than it was; fat outside the brain may be much brighter."""
    gains = np.exp(rng.normal(0.0, 0.12, kinds.TISSUES))
    gains[kinds.AIR] = 1.0
    if rng.random() < 0.35:
        gains[kinds.OUTSIDE + 3 :] *= rng.uniform(1.0, 3.0)
    elif rng.random() < 0.2:
        gains[kinds.OUTSIDE :] *= rng.uniform(0.1, 0.7)
    return gains.astype(np.float32)


def _painted(rng: np.random.Generator, t1: np.ndarray | None, tissues: np.ndarray) -> np.ndarray:
    """Every tissue with a grey value of its own and some texture, over what is left of the scan where there is one."""
    table = rng.uniform(0.05, 1.0, kinds.TISSUES).astype(np.float32)
    if rng.random() < 0.5:
        table[[kinds.CEREBELLUM, kinds.CEREBELLAR_WHITE, kinds.STEM, kinds.FLUID]] = table[
            [kinds.CORTEX, kinds.WHITE, kinds.WHITE, kinds.VENTRICLE]
        ] * rng.uniform(0.9, 1.1, 4).astype(np.float32)
    if rng.random() < 0.35:
        table[kinds.OUTSIDE :] *= rng.uniform(0.5, 3.0)
    table[kinds.AIR] = 0.0
    values = table[tissues]
    texture = rng.standard_normal(values.shape, dtype=np.float32)
    texture *= rng.uniform(0.0, 0.2)
    texture += 1.0
    values *= texture
    if t1 is None:
        return values
    own = rng.uniform(0.0, 0.5)
    return (1.0 - own) * values + own / 170.0 * t1


def smoothed(values: np.ndarray) -> np.ndarray:
    """Each voxel with a quarter of its neighbours on every axis: what a cell of twice the size holds."""
    for axis in range(3):
        moved = np.moveaxis(values, axis, 0)
        smooth = 0.5 * moved
        smooth[1:] += 0.25 * moved[:-1]
        smooth[:-1] += 0.25 * moved[1:]
        values = np.moveaxis(smooth, 0, axis)
    return np.ascontiguousarray(values)


def degraded(rng: np.random.Generator, seen: SeenHead) -> SeenHead:
    """Stripped or defaced, shaded, blurred, with ghosts, noise and air of every kind."""
    if rng.random() < 0.25:
        seen = _stripped(rng, seen)
    elif rng.random() < 0.2:
        seen = _defaced(rng, seen)
    values = seen.values
    if rng.random() < 0.7:
        values = values * _shading(rng, seen)
    if rng.random() < 0.3:
        for axis in range(3):
            values = _blurred(values, axis, rng.uniform(0.0, 0.3))
    if rng.random() < 0.2:
        values = _blurred(values, int(rng.integers(3)), rng.uniform(0.1, 0.33))
    if rng.random() < 0.12:
        axis = int(rng.integers(3))
        n = values.shape[axis]
        shift = n // 2 if rng.random() < 0.5 else int(rng.integers(min(6, n - 1), n))
        values = values + rng.uniform(0.03, 0.2) * np.roll(values, shift, axis)
    values = _noisy(rng, values)
    air = rng.random()
    if air < 0.1:
        values = _with_bright_air(rng, values, seen.head)
    elif air < 0.15:
        values = values.max() - values
    return replace(seen, values=values.astype(np.float32))


def thinned(rng: np.random.Generator, seen: SeenHead) -> SeenHead:
    """The brain's rim darkened as fluid is: a cortex that has shrunk."""
    depth = rng.uniform(0.0, 5.0)
    rim = np.clip((seen.brain_mm + depth) / 2.0, 0.0, 1.0) * (seen.brain_mm < 4.0)
    return replace(seen, values=seen.values * (1.0 - rng.uniform(0.3, 0.9) * rim))


def _stripped(rng: np.random.Generator, seen: SeenHead) -> SeenHead:
    """The brain with 0 to 6 mm around it, unevenly, some of it lost; the rest is 0."""
    limit = rng.uniform(-1.5, 6.0) + rng.uniform(0.0, 2.0) * smooth_field(rng, seen.values.shape, (7, 7, 7))
    kept = np.clip((limit - seen.brain_mm) / 4.0 + 0.5, 0.0, 1.0).astype(np.float32)
    return replace(seen, values=seen.values * kept, head=seen.head * (kept > 0.3))


def _defaced(rng: np.random.Generator, seen: SeenHead) -> SeenHead:
    """The face erased, by a plane or an ellipsoid, or replaced by one grey value."""
    across, ahead, height = np.moveaxis(seen.mni_mm, -1, 0)
    jitter = rng.normal(0.0, 6.0, 3)
    if rng.random() < 0.5:
        (y0, z0), (y1, z1) = _FACE_PLANE_MNI_MM + jitter[1:]
        face = (height - z0) * (y0 - y1) < (ahead - y0) * (z0 - z1)
    else:
        places = (seen.mni_mm - _FACE_BALL_MNI_MM - jitter) / (_FACE_RADII_MM * rng.uniform(0.9, 1.3))
        face = (places**2).sum(axis=-1) < 1.0
    face &= seen.brain_mm > rng.uniform(-2.0, 4.0)
    level = 0.0 if rng.random() < 0.7 else rng.uniform(0.0, 1.0)
    return replace(seen, values=np.where(face, level, seen.values), head=np.where(face, 0.0, seen.head))


def _shading(rng: np.random.Generator, seen: SeenHead) -> np.ndarray:
    """A coil's sensitivity, up to 10:1 over the grid: a slope, waves, and a bright rim."""
    shape = seen.values.shape
    strength = np.log(10.0 if rng.random() < 0.3 else 3.0) * rng.uniform(0.1, 1.0)
    direction = rng.normal(0.0, 1.0, 3)
    axes = [np.linspace(-0.5, 0.5, n, dtype=np.float32) for n in shape]
    slope = sum(d * a for d, a in zip(direction / np.linalg.norm(direction), np.ix_(*axes), strict=True))
    field = strength * slope + rng.uniform(0.0, 0.3) * smooth_field(rng, shape, (4, 4, 4))
    if rng.random() < 0.4:
        field = field + rng.uniform(0.0, 0.03) * np.clip(seen.brain_mm, -25.0, 15.0)
    return np.exp(field).astype(np.float32)


def smooth_field(rng: np.random.Generator, shape: tuple[int, ...], knots: tuple[int, int, int]) -> np.ndarray:
    """A field (K, J, I) of about unit size that varies as slowly as so many knots on each axis let it."""
    coarse = torch.from_numpy(rng.normal(0.0, 1.0, (1, 1, *knots)).astype(np.float32))
    return torch.nn.functional.interpolate(coarse, shape, mode="trilinear", align_corners=True)[0, 0].numpy()


def _blurred(values: np.ndarray, axis: int, share: float) -> np.ndarray:
    return (1.0 - 2.0 * share) * values + share * (np.roll(values, 1, axis) + np.roll(values, -1, axis))


def _noisy(rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    """Noise in both channels of a magnitude image, and a floor under it."""
    level = rng.uniform(0.0, 0.02) if rng.random() < 0.6 else rng.uniform(0.0, 0.12)
    first, second = level * rng.standard_normal((2, *values.shape), dtype=np.float32)
    floor = rng.uniform(0.0, 0.08) if rng.random() < 0.4 else 0.0
    return np.hypot(values + first, np.hypot(second, floor))


def _with_bright_air(rng: np.random.Generator, values: np.ndarray, head: np.ndarray) -> np.ndarray:
    """Air (and what gives no signal) at a level within or above that of tissue, as uniform MP2RAGE images show it."""
    level, unrest = rng.uniform(0.3, 1.4), rng.uniform(0.02, 0.3)
    air = level + unrest * rng.standard_normal(values.shape, dtype=np.float32)
    signal = np.clip((values - 0.02) / rng.uniform(0.02, 0.1), 0.0, 1.0) if rng.random() < 0.5 else 1.0
    inside = np.clip(head, 0.0, 1.0) * signal
    return inside * values + (1.0 - inside) * air
