"""How else the head in a training window might look: brain tissue that has aged, and any scanner's contrast.

What is drawn here is drawn for the head network too (`head_contrast`, `head_scene`); a window shows it in finer voxels.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch

from ..geometry.spaces import transform_points
from ..scan.volume import Volume
from . import head_labels as kinds
from .augment import Raw
from .head_contrast import SeenHead, degraded, random_greys
from .head_people import FARTHEST_MM, distance_mm, scanned_tissues
from .head_scene import sampled, smooth_shift, ventricles_shift

_ATROPHY_MM = (-0.4, 1.3)
"""Twice about as far as the brain's surface moves inwards (or, below 0, outwards)."""

_GIVES_WAY_MM = 3.0
"""So far from the surface the tissue moves by a third of what it does there."""


@dataclass(frozen=True)
class Tissues:
    """What a person's head consists of, each (K, J, I) on one grid; distances are negative inside.

    greys     uint8, grey values as `head_contrast.random_greys` takes them
    kinds     uint8, `head_labels`
    brain_mm  int8, distance from the inner side of the skull
    grey_mm   float16, distance from the surface of grey and white matter together
    """

    greys: np.ndarray
    kinds: np.ndarray
    brain_mm: np.ndarray
    grey_mm: np.ndarray

    @staticmethod
    def of(t1: Volume, labels_kji: np.ndarray) -> "Tissues":
        """Of a scan and its DLMUSE labels (K, J, I)."""
        greys, tissues, brain = scanned_tissues(t1.array_kji, labels_kji)
        brain_mm, grey_mm = (distance_mm(t1.with_array(each)) for each in (brain, kinds.is_cerebrum(tissues)))
        return Tissues(greys, tissues, np.rint(brain_mm).astype(np.int8), grey_mm.astype(np.float16))

    def cropped(self, box: tuple[slice, ...]) -> "Tissues":
        """The part in a box of voxels (K, J, I)."""
        return Tissues(*(np.ascontiguousarray(each[box]) for each in self.__dict__.values()))


def aged(rng: np.random.Generator, tissues: Tissues, points_mm: np.ndarray, frame_to_ijk: np.ndarray) -> np.ndarray:
    """Where the points of a window (K, J, I, 3) lie in the person, both in the frame's mm, if its tissue were moved.

    All is moved a little and smoothly; the ventricles may be wider or narrower, and the cortex thinner or thicker.
    """
    shape = points_mm.shape[:3]
    points = points_mm.astype(np.float32)
    if rng.random() < 0.6:
        points = points + smooth_shift(rng, shape, rng.uniform(0.3, 1.8))
    if rng.random() < 0.5:
        points = points + ventricles_shift(rng, points)
    if rng.random() < 0.7:
        points = points + _thinning(rng, tissues, points, frame_to_ijk)
    return points


def _thinning(rng: np.random.Generator, tissues: Tissues, points_mm: np.ndarray, to_ijk: np.ndarray) -> np.ndarray:
    """Shifts away from the brain's surface, most at it: what lay outside comes to lie where there was cortex."""
    ijk = transform_points(to_ijk, points_mm).astype(np.float32)
    depth_mm = sampled([tissues.grey_mm.astype(np.float32)], ijk)[0]
    outward = np.stack(np.gradient(depth_mm)[::-1], axis=-1)
    outward /= np.linalg.norm(outward, axis=-1, keepdims=True) + 0.3
    near = np.exp(-((depth_mm / _GIVES_WAY_MM) ** 2))[..., None]
    return (rng.uniform(*_ATROPHY_MM) * near * outward).astype(np.float32)


def any_look(
    rng: np.random.Generator, tissues: Tissues, points_mm: np.ndarray, ijk: np.ndarray, labels: np.ndarray
) -> np.ndarray:
    """Normalised intensities of a window in a drawn contrast, worsened as scanners and archives do; (K, J, I).

    points_mm, ijk  the window's voxels in the frame's mm and in the person's voxels, (K, J, I, 3)
    labels          the parcellation there: what is above 0 stands for the brain, whose mean and SD become 0 and 1
    """
    near = FARTHEST_MM - tissues.brain_mm.astype(np.float32)
    there = (tissues.kinds > 0).astype(np.float32)
    values, near, there = sampled([random_greys(rng, tissues.greys, tissues.kinds), near, there], ijk)
    seen = degraded(rng, SeenHead(values, FARTHEST_MM - near, there, points_mm))
    inside = seen.values[labels > 0]
    inside = inside if inside.size > 1 else seen.values
    sd = float(inside.std()) + 1e-3
    # Inference measures the whole brain, of which the window is a part.
    mean = float(inside.mean()) + sd * rng.normal(0.0, 0.25)
    return (seen.values - mean) / (sd * np.exp(rng.normal(0.0, 0.15)))


_NOISE = (0.01, 0.16)
"""SD of the noise as a share of bright tissue, least and most."""

_THICK_SHARE = 0.3


def rescanned(rng: np.random.Generator, scan: Raw) -> Raw:
    """A scan, or a part of one, in its own voxels as a noisier one of the same head shows it, some in thicker slices.

    Noise drawn in finer voxels would be another: between the scan's voxels its own is smooth. Mean and SD change as
    those of the labelled voxels do.
    """
    before, brain = scan.values.astype(np.float32), scan.labels > 0
    bright = float(np.percentile(before, 98.0))
    values = _in_thick_slices(rng, before) if rng.random() < _THICK_SHARE else before
    noise = bright * rng.uniform(*_NOISE) * rng.standard_normal((2, *values.shape), dtype=np.float32)
    values = np.hypot(values + noise[0], noise[1])
    if not brain.any():
        return replace(scan, values=values)
    mean = scan.mean + float(values[brain].mean() - before[brain].mean())
    sd = scan.sd * float(values[brain].std() / max(before[brain].std(), 1e-6))
    return replace(scan, values=values, mean=mean, sd=sd)


def _in_thick_slices(rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    """Two or three slices across some axis as one, where there are as many, and what lies between interpolated."""
    axis, count = int(rng.integers(3)), int(rng.integers(2, 4))
    moved = torch.from_numpy(np.moveaxis(values, axis, -1).copy())
    start = int(rng.integers(count))
    length = (moved.shape[-1] - start) // count * count
    if length < count:
        return values
    whole = moved[..., start : start + length].flatten(0, 1)[:, None]
    thick = torch.nn.functional.avg_pool1d(whole, count)
    between = torch.nn.functional.interpolate(thick, scale_factor=count, mode="linear")
    moved[..., start : start + length] = between[:, 0].unflatten(0, moved.shape[:2])
    return np.moveaxis(moved.numpy(), -1, axis)
