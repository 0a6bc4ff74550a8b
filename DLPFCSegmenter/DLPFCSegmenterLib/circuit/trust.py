"""How far a choice may be trusted: other halves, other runs and random blocks of the same data choose again.

Sums over blocks of time give the map of any selection of blocks at once, so that a hundred choices take seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .choice import SearchRegion

BLOCK_S = 30.0
_DRAWS = 100
_SHIFTS = 100

LEAST_MINUTES = 9.0
"""Of clean data (Cao 2024: 28 minutes for under 1 cm)."""
LEAST_TSNR_SGC = 15.0
MOST_LOST_MASK = 0.1
"""Of the masks, beyond the field of view or without signal: the place might lie there."""
MOST_RADIUS_MM = 4.5
"""Over 8 mm a target is a guess, but in data without any effect a chance place stays within 8 mm too (BENCHMARKS)."""
MOST_HALVES_MM = 12.0
MOST_CHANCE = 0.02


@dataclass(frozen=True)
class Trust:
    """How far the choice moves when other parts of the data make it; None where the data have no such parts.

    halves_mm   between the targets of the first and the second half
    runs_mm     largest distance between the targets of two runs
    radius_mm   within which 90 % of the targets of randomly drawn blocks lie
    chance      share of seeds moved against the data in time that gave a target as strong: 0 to 1
    """

    halves_mm: float | None
    runs_mm: float | None
    radius_mm: float
    chance: float


@dataclass(frozen=True)
class BlockSums:
    """Sums over blocks of time, B of them, at R places.

    n, s, ss      volumes, seed and squared seed, shape (B,)
    x, xx, xs     the places', their squares and their products with the seed, shape (B, R)
    runs          which run a block is of, shape (B,)
    """

    n: np.ndarray
    s: np.ndarray
    ss: np.ndarray
    x: np.ndarray
    xx: np.ndarray
    xs: np.ndarray
    runs: np.ndarray

    def z(self, times: np.ndarray) -> np.ndarray:
        """Fisher's z of each place with the seed where block b counts `times[b]` times, shape (R,)."""
        n, s, ss = times @ self.n, times @ self.s, times @ self.ss
        x, xx, xs = times @ self.x, times @ self.xx, times @ self.xs
        spread = np.sqrt(np.maximum((n * ss - s**2) * (n * xx - x**2), 1e-12))
        return np.arctanh(np.clip((n * xs - s * x) / spread, -0.999, 0.999))


def block_sums(seed: np.ndarray, series: np.ndarray, blocks: list[tuple[int, slice]]) -> BlockSums:
    """Sums of a seed, shape (T,), and series, shape (T, R), over blocks, each with the number of its run."""
    parts = [(seed[part].astype(float), series[part]) for _, part in blocks]
    return BlockSums(
        np.array([len(s) for s, _ in parts], float),
        np.array([s.sum() for s, _ in parts]),
        np.array([(s**2).sum() for s, _ in parts]),
        np.array([x.sum(axis=0) for _, x in parts], float),
        np.array([np.einsum("tr,tr->r", x, x) for _, x in parts], float),
        np.array([s.astype(np.float32) @ x for s, x in parts], float),
        np.array([run for run, _ in blocks]),
    )


def blocks_of(lengths: list[tuple[int, float]]) -> list[tuple[int, slice]]:
    """Blocks of 30 s that do not reach from one run into the next; of each run its clean volumes and its TR."""
    found, start = [], 0
    for run, (count, tr_s) in enumerate(lengths):
        edges = np.linspace(0, count, max(2, round(count * tr_s / BLOCK_S)) + 1).astype(int) + start
        found += [(run, slice(int(a), int(b))) for a, b in zip(edges[:-1], edges[1:], strict=True)]
        start += count
    return found


def trust_in(seed: np.ndarray, series: np.ndarray, sums: BlockSums, region: SearchRegion, rule: str) -> Trust:
    """Choose again from other parts of the data; seed (T,), series (T, R) of the region, `sums` of both."""
    count = len(sums.n)
    everything = np.ones(count)

    def target(times: np.ndarray) -> np.ndarray | None:
        """What is chosen, RAS mm, shape (3,), where each block counts as `times` says; None for nothing."""
        best = region.choose(sums.z(times), rule, 1)
        return best[0].position_ras_mm if best else None

    first = np.cumsum(sums.n) <= sums.n.sum() / 2
    halves = _largest([target(first.astype(float)), target((~first).astype(float))])
    by_run = [target((sums.runs == run).astype(float)) for run in np.unique(sums.runs)]
    chosen = target(everything)
    random = np.random.default_rng(0)
    drawn = [
        target(np.bincount(random.integers(0, count, count), minlength=count).astype(float)) for _ in range(_DRAWS)
    ]
    radius = float(np.quantile([_apart(chosen, each) for each in drawn], 0.9, method="higher"))
    return Trust(halves, _largest(by_run), radius, _chance(seed, series, sums, region, rule))


def _apart(a: np.ndarray | None, b: np.ndarray | None) -> float:
    return np.inf if a is None or b is None else float(np.linalg.norm(a - b))


def _largest(targets: list[np.ndarray | None]) -> float | None:
    return max((_apart(a, b) for a, b in combinations(targets, 2)), default=None)


def _chance(seed: np.ndarray, series: np.ndarray, sums: BlockSums, region: SearchRegion, rule: str) -> float:
    """Share of seeds moved in time whose target is as strong as the seed's own."""
    own = region.choose(sums.z(np.ones(len(sums.n))), rule, 1)
    if not own:
        return 1.0
    strengths = [best[0].z for z in _shifted(seed, series) if (best := region.choose(z, rule, 1))]
    return (1 + sum(z <= own[0].z for z in strengths)) / (1 + _SHIFTS)


def _shifted(seed: np.ndarray, series: np.ndarray) -> Iterator[np.ndarray]:
    """The maps of the seed moved round in time by a twentieth or more of its length."""
    count = len(seed)
    edge = max(1, count // 20)
    moved = np.stack([np.roll(seed, int(by)) for by in np.linspace(edge, count - edge, _SHIFTS)])
    r = moved @ series / count
    yield from np.arctanh(np.clip(r, -0.999, 0.999))
