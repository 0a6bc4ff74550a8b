"""Where MNI space lies in the training heads: the frame that the shipped networks find in each, made to agree over all
people by their structures.

The frame of one scan is a few millimetres off, another few in every person (the first networks learnt from frames that
an affine registration with the template gave). The centroids of some hundred
structures are not: each person's affine is fitted anew to their mean places in MNI over all people (generalised
Procrustes analysis; Gower, Psychometrika 1975), and what the affine leaves is a smooth correction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..geometry.spaces import transform_points
from ..scan.volume import Volume

_ROUNDS = 5
_OWN_VARIANCE_MM2 = 4.0
"""Added to a structure's variance over people before it is weighed: no structure decides alone."""

_LEAST_VOXELS = 30
_SMOOTH_MM = 20.0
"""Corrections of structures nearer to each other than about this are averaged."""

_TWIN_MM = 8.0
"""A structure and the mirror image of its twin lie nearer to each other than this, in the mean over people."""

_FADE = 0.3
"""Corrections fade to nothing where fewer structures than this are near."""

_VENTRICLES = (1, 4, 11, 49, 50, 51, 52)
"""DLMUSE's fluid: its places tell the age rather than the head."""

_CAP_SHARE = 0.03
_CAP_POINTS = 20_000
_DIRECTIONS = np.array([d / np.linalg.norm(d) for d in np.argwhere(np.ones((3, 3, 3))) - 1.0 if d.any()])


@dataclass(frozen=True)
class Landmarks:
    """Centroids of a person's structures: numbers (N,) and RAS mm (N, 3)."""

    numbers: np.ndarray
    points_ras_mm: np.ndarray


@dataclass(frozen=True)
class GroupSpace:
    """Mean places of structures in MNI: numbers (N,), mm (N, 3), and the SD over people in mm (N,)."""

    numbers: np.ndarray
    points_mni_mm: np.ndarray
    spread_mm: np.ndarray


def landmarks(parcellation: Volume) -> Landmarks:
    """Centroids of all DLMUSE structures but the fluid."""
    values = parcellation.array_kji.ravel()
    counts = np.bincount(values, minlength=256)
    counts[[0, *_VENTRICLES]] = 0
    numbers = np.flatnonzero(counts >= _LEAST_VOXELS)
    k, j, i = np.unravel_index(np.arange(values.size), parcellation.array_kji.shape)
    sums = np.stack([np.bincount(values, axis, minlength=256) for axis in (i, j, k)], axis=1)
    points = transform_points(parcellation.ijk_to_ras, sums[numbers] / counts[numbers, None])
    return Landmarks(numbers, points)


def fit_affine(points: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The 4x4 that brings `points` (N, 3) to `targets` (N, 3) by weighted least squares."""
    root = np.sqrt(weights)[:, None]
    known = np.column_stack([points, np.ones(len(points))])
    solution = np.linalg.lstsq(root * known, root * targets, rcond=None)[0]
    return np.vstack([solution.T, [0.0, 0.0, 0.0, 1.0]])


def agree(people: Sequence[Landmarks], mni_from_ras: Sequence[np.ndarray]) -> tuple[list[np.ndarray], GroupSpace]:
    """Affines (4x4, RAS mm to MNI mm) that bring everybody's structures to common places, and these places.

    The common space stays where the given affines have it on average.
    """
    affines = list(mni_from_ras)
    first = space = _group_space(people, affines)
    for _ in range(_ROUNDS):
        affines = [to_group(person, space) for person in people]
        space = _group_space(people, affines)
        anchor = fit_affine(space.points_mni_mm, first.points_mni_mm, np.ones(len(first.numbers)))
        affines = [anchor @ affine for affine in affines]
        space = _group_space(people, affines)
    return affines, space


def to_group(person: Landmarks, space: GroupSpace) -> np.ndarray:
    """The affine (4x4, RAS mm to MNI mm) that brings a person's structures to their common places."""
    own, common = _shared(person, space)
    weights = 1.0 / (space.spread_mm[common] ** 2 + _OWN_VARIANCE_MM2)
    return fit_affine(person.points_ras_mm[own], space.points_mni_mm[common], weights)


def correction_mm(
    person: Landmarks, space: GroupSpace, mni_from_ras: np.ndarray, points_mni_mm: np.ndarray
) -> np.ndarray:
    """What the affine leaves at points (N, 3), as it gives them in MNI mm: shape (N, 3), to be added."""
    own, common = _shared(person, space)
    placed = transform_points(mni_from_ras, person.points_ras_mm[own])
    left = space.points_mni_mm[common] - placed
    squares = ((points_mni_mm[:, None] - placed) ** 2).sum(axis=-1)
    near = np.exp(-squares / (2 * _SMOOTH_MM**2))
    return near @ left / (near.sum(axis=1, keepdims=True) + _FADE)


def _shared(person: Landmarks, space: GroupSpace) -> tuple[np.ndarray, np.ndarray]:
    _, own, common = np.intersect1d(person.numbers, space.numbers, return_indices=True)
    return own, common


def _group_space(people: Sequence[Landmarks], affines: Sequence[np.ndarray]) -> GroupSpace:
    """Means and spread of the structures that nearly everybody has; left and right are mirror images."""
    placed: dict[int, list[np.ndarray]] = {}
    for person, affine in zip(people, affines, strict=True):
        for number, point in zip(person.numbers, transform_points(affine, person.points_ras_mm), strict=True):
            placed.setdefault(int(number), []).append(point)
    numbers = np.array(sorted(n for n, points in placed.items() if len(points) > 0.8 * len(people)))
    means = np.array([np.mean(placed[n], axis=0) for n in numbers])
    spread = np.array([np.sqrt(np.var(placed[n], axis=0).mean()) for n in numbers])
    return GroupSpace(numbers, _symmetric(means), spread)


def _symmetric(points_mni_mm: np.ndarray) -> np.ndarray:
    """Structures averaged with the mirror images of their twins, as MNI's symmetric template has them.

    A twin is the nearest to the mirror image; a structure in the middle is its own.
    """
    mirrored = points_mni_mm * (-1.0, 1.0, 1.0)
    away = np.linalg.norm(points_mni_mm[:, None] - mirrored, axis=-1)
    twin = away.argmin(axis=1)
    paired = (twin[twin] == np.arange(len(twin))) & (away[np.arange(len(twin)), twin] < _TWIN_MM)
    return np.where(paired[:, None], (points_mni_mm + mirrored[twin]) / 2, points_mni_mm)


def caps_mni_mm(points_mni_mm: np.ndarray) -> np.ndarray:
    """Middles of the outermost 3 % of a cerebrum's points (N, 3) in 26 directions, shape (26, 3), MNI mm.

    They fix an affine at the brain's ends where the label map names no gyri.
    """
    thinned = points_mni_mm[:: max(1, len(points_mni_mm) // _CAP_POINTS)]
    caps = []
    for direction in _DIRECTIONS:
        along = thinned @ direction
        caps.append(thinned[along >= np.quantile(along, 1.0 - _CAP_SHARE)].mean(axis=0))
    return np.array(caps)


@dataclass(frozen=True)
class WholeBrain:
    """Mean caps of the cerebrum over people (`caps_mni_mm`): places (26, 3) and SD (26,), MNI mm."""

    caps_mni_mm: np.ndarray
    spread_mm: np.ndarray

    @staticmethod
    def of(cerebra_mni_mm: Sequence[np.ndarray]) -> "WholeBrain":
        """From the points (N, 3) of people's cerebra in MNI mm; made the same left and right."""
        caps = np.array([caps_mni_mm(points) for points in cerebra_mni_mm])
        spread = np.sqrt(caps.var(axis=0).mean(axis=1))
        return WholeBrain(_symmetric(caps.mean(axis=0)), spread)


def to_whole_brain(
    person: Landmarks, cerebrum_ras_mm: np.ndarray, space: GroupSpace, whole: WholeBrain, start: np.ndarray
) -> np.ndarray:
    """The affine (4x4, RAS mm to MNI mm) by the few structures that two protocols share and by the cerebrum's ends."""
    own, common = _shared(person, space)
    targets = np.concatenate([space.points_mni_mm[common], whole.caps_mni_mm])
    spread = np.concatenate([space.spread_mm[common], whole.spread_mm])
    affine = start
    for _ in range(_ROUNDS):
        caps = caps_mni_mm(transform_points(affine, cerebrum_ras_mm))
        back = transform_points(np.linalg.inv(affine), caps)
        points = np.concatenate([person.points_ras_mm[own], back])
        affine = fit_affine(points, targets, 1.0 / (spread**2 + _OWN_VARIANCE_MM2))
    return affine
