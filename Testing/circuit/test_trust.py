"""Sums over blocks of time give the maps of any part of the data."""

import numpy as np
import pytest

from DLPFCSegmenterLib.circuit.choice import SearchRegion
from DLPFCSegmenterLib.circuit.trust import block_sums, blocks_of, trust_in
from DLPFCSegmenterLib.scan.volume import Volume

RUNS = [(200, 2.0), (100, 2.0)]
COUNT = 300


def noise(places, seed=0):
    random = np.random.default_rng(seed)
    return random.normal(size=COUNT).astype(np.float32), random.normal(size=(COUNT, places)).astype(np.float32)


def cube(side=14):
    mask = np.ones((side, side, side), bool)
    matrix = np.diag([3.0, 3.0, 3.0, 1.0])
    return SearchRegion(Volume(np.zeros(mask.shape, np.float32), matrix), mask, np.ones(mask.size, bool))


def test_blocks_of_half_a_minute_cover_every_volume_once_and_end_with_their_run():
    blocks = blocks_of(RUNS)
    covered = np.concatenate([np.arange(COUNT)[part] for _, part in blocks])
    np.testing.assert_array_equal(covered, np.arange(COUNT))
    assert {run for run, part in blocks if part.stop <= 200} == {0} and {run for run, part in blocks[-3:]} == {1}
    assert all(10 <= part.stop - part.start <= 20 for _, part in blocks)


def test_the_sums_give_the_correlation_of_any_blocks():
    seed, series = noise(7)
    blocks = blocks_of(RUNS)
    sums = block_sums(seed, series, blocks)
    times = np.random.default_rng(1).integers(0, 3, len(blocks)).astype(float)
    rows = np.concatenate([np.tile(np.arange(COUNT)[part], int(n)) for (_, part), n in zip(blocks, times, strict=True)])
    expected = [np.corrcoef(seed[rows], series[rows, place])[0, 1] for place in range(7)]
    np.testing.assert_allclose(np.tanh(sums.z(times)), expected, atol=1e-5)


def trust_of(strength, seed=0):
    region = cube()
    series_of_seed, series = noise(region.mask_kji.size, seed)
    away = np.linalg.norm(np.argwhere(region.mask_kji) - 7, axis=1)
    series -= strength * np.outer(series_of_seed, np.exp(-0.5 * (away / 2) ** 2)).astype(np.float32)
    sums = block_sums(series_of_seed, series, blocks_of(RUNS))
    return trust_in(series_of_seed, series, sums, region, "searchlight")


def test_a_strong_effect_stays_where_it_is_in_every_part_of_the_data():
    trust = trust_of(1.0)
    assert trust.radius_mm < 4 and trust.halves_mm < 6 and trust.runs_mm < 6 and trust.chance == pytest.approx(1 / 101)


@pytest.mark.parametrize("seed", range(3))
def test_noise_moves_and_is_as_strong_by_chance(seed):
    trust = trust_of(0.0, seed)
    assert trust.radius_mm > 8 and trust.chance > 0.02


def test_one_run_has_no_distance_between_runs():
    region = cube(8)
    seed, series = noise(region.mask_kji.size)
    sums = block_sums(seed, series, blocks_of([(COUNT, 2.0)]))
    assert trust_in(seed, series, sums, region, "minimum").runs_mm is None
