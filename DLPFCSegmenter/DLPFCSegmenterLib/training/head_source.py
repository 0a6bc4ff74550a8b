"""Random scans of heads for the head network, and what it should say of each place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from ..networks.head_network import AIR, BRAIN, HEAD, MULTIPLE, HeadConfig, input_channels
from .head_contrast import SeenHead, degraded, random_greys, smooth_field, smoothed, thinned
from .head_people import FARTHEST_MM, PreparedHead
from .head_scene import Scene, cell_offsets_mm, mni_of_points, moved, random_scene, sampled

_MIRRORED_SHARE = 0.5
_NO_HEAD_SHARE = 0.04
_WRAPPED_SHARE = 0.06
_THINNED_SHARE = 0.25


@dataclass(frozen=True)
class HeadSample:
    """What the network is shown and what it should answer; the answer's grid is half as fine.

    channels        (1, 3, K, J, I), `input_channels`
    coordinates_mm  (1, 3, K / 2, J / 2, I / 2), MNI mm
    classes         (1, 3, K / 2, J / 2, I / 2), shares of air, head and brain
    """

    channels: torch.Tensor
    coordinates_mm: torch.Tensor
    classes: torch.Tensor


@dataclass(frozen=True)
class HeadSource:
    """Random scans of people, mirrored in half of the draws: the header alone tells left from right."""

    heads: Sequence[PreparedHead]
    config: HeadConfig

    @staticmethod
    def of(heads: Sequence[PreparedHead], config: HeadConfig) -> "HeadSource":
        """Heads as coarse as the network's cells allow."""
        return HeadSource([head.halved() for head in heads], config)

    def draw(self, rng: np.random.Generator) -> HeadSample:
        """The scan of one person; the same generator state gives the same scan."""
        if rng.random() < _NO_HEAD_SHARE:
            return _no_head(rng, self.config)
        head = self.heads[int(rng.integers(len(self.heads)))]
        scene = random_scene(rng, head, self.config)
        seen = _seen_head(rng, head, scene)
        if rng.random() < _THINNED_SHARE:
            seen = thinned(rng, seen)
        if self.config.look == "wide" and rng.random() < _WRAPPED_SHARE:
            scene, seen = _wrapped(rng, scene, seen)
        sample = _sample(head, scene, degraded(rng, seen))
        return _mirrored(sample) if rng.random() < _MIRRORED_SHARE else sample


def _seen_head(rng: np.random.Generator, head: PreparedHead, scene: Scene) -> SeenHead:
    ijk = moved(np.linalg.inv(head.ijk_to_ras), scene.points_ras_mm)
    near = FARTHEST_MM - head.brain_mm.astype(np.float32)
    there = (head.tissues > 0).astype(np.float32)
    values, near, there = sampled([smoothed(random_greys(rng, head.t1, head.tissues)), near, there], ijk)
    return SeenHead(values, FARTHEST_MM - near, there, moved(head.mni_from_ras, scene.points_ras_mm))


def _wrapped(rng: np.random.Generator, scene: Scene, seen: SeenHead) -> tuple[Scene, SeenHead]:
    """A field of view that is too small along one axis: what lies beyond an end comes in at the other."""
    axis, lost = int(rng.integers(3)), MULTIPLE
    if seen.values.shape[axis] < 3 * MULTIPLE + lost:
        return scene, seen
    first = int(rng.integers(lost + 1))
    last = seen.values.shape[axis] - lost + first
    before, kept, after = np.split(seen.values, [first, last], axis)
    folded = np.moveaxis(kept.copy(), axis, 0)
    folded[len(folded) - first :] += np.moveaxis(before, axis, 0)
    folded[: lost - first] += np.moveaxis(after, axis, 0)
    crop = (*[slice(None)] * axis, slice(first, last))
    others = (np.ascontiguousarray(x[crop]) for x in (seen.brain_mm, seen.head, seen.mni_mm))
    smaller = Scene(np.ascontiguousarray(scene.points_ras_mm[crop]), np.ascontiguousarray(scene.seen[crop]))
    return smaller, SeenHead(np.moveaxis(folded, 0, axis), *others)


def _sample(head: PreparedHead, scene: Scene, seen: SeenHead) -> HeadSample:
    brain = np.clip(0.5 - seen.brain_mm / 4.0, 0.0, 1.0)
    shares = np.zeros((3, *brain.shape), np.float32)
    shares[BRAIN] = brain * scene.seen
    shares[HEAD] = np.clip(seen.head - brain, 0.0, 1.0) * scene.seen
    shares[AIR] = 1.0 - shares[BRAIN] - shares[HEAD]
    points = _halved(np.moveaxis(scene.points_ras_mm, -1, 0))[0].permute(1, 2, 3, 0).numpy()
    coordinates = np.moveaxis(mni_of_points(head, points), -1, 0)
    channels = input_channels(torch.from_numpy(seen.values), torch.from_numpy(scene.seen))
    return HeadSample(channels, torch.from_numpy(np.ascontiguousarray(coordinates))[None], _halved(shares))


def _halved(values: np.ndarray) -> torch.Tensor:
    """Means over two by two by two cells: (C, K, J, I) to (1, C, K / 2, J / 2, I / 2)."""
    return torch.nn.functional.avg_pool3d(torch.from_numpy(np.ascontiguousarray(values))[None], 2)


def _mirrored(sample: HeadSample) -> HeadSample:
    """The same scan in the world mirrored at the middle of its grid."""
    channels, coordinates, classes = (x.flip(-1) for x in (sample.channels, sample.coordinates_mm, sample.classes))
    sign = torch.tensor([-1.0, 1.0, 1.0])[:, None, None, None]
    return HeadSample(channels, coordinates * sign, classes)


def _no_head(rng: np.random.Generator, config: HeadConfig) -> HeadSample:
    """No head at all: bottles, blobs and noise. What is bright is called head, nothing is called brain."""
    most = int(280 / config.cell_mm / MULTIPLE)
    shape = tuple(int(n) * MULTIPLE for n in rng.integers(2, most + 1, 3))
    values: np.ndarray = np.zeros(shape, np.float32)
    thing = np.zeros(shape, bool)
    offsets = cell_offsets_mm(shape, config.cell_mm)
    for _ in range(rng.integers(0, 5)):
        centre, radii = rng.normal(0.0, 40.0, 3), np.exp(rng.uniform(np.log(15.0), np.log(130.0), 3))
        inside = (((offsets - centre) / radii) ** 2).sum(axis=-1) < 1.0
        values[inside], thing[inside] = rng.uniform(0.1, 1.0), True
    if rng.random() < 0.6:
        values = values * (1.0 + 0.5 * smooth_field(rng, shape, (int(rng.integers(3, 16)),) * 3))
    values = values + rng.uniform(0.0, 0.3) * np.abs(rng.standard_normal(shape, dtype=np.float32))
    shares = np.stack([~thing, thing, np.zeros(shape, bool)]).astype(np.float32)
    channels = input_channels(torch.from_numpy(values.astype(np.float32)), torch.ones(shape))
    classes = _halved(shares)
    return HeadSample(channels, torch.zeros_like(classes), classes)
