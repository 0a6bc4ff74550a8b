"""Windows of people look otherwise: tissue is moved with its labels, contrasts are drawn, and nothing is mirrored."""

import numpy as np
import pytest

from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.training import head_labels as kinds
from DLPFCSegmenterLib.training import window_variety
from DLPFCSegmenterLib.training.augment import Raw
from DLPFCSegmenterLib.training.window_variety import Tissues, aged, any_look, rescanned

CORTEX, WHITE, FLUID = 143, 81, 1
"""DLMUSE's numbers: a gyrus, lobar white matter, fluid."""

SHAPE = (30, 30, 30)


@pytest.fixture(scope="module")
def tissues() -> Tissues:
    """A ball: white matter to 30 mm, cortex to 36 mm, fluid to 40 mm, scalp to 48 mm, air; voxels of 2 mm."""
    away = 2.0 * np.linalg.norm(np.indices((60, 60, 60)) - 29.5, axis=0)
    labels = np.select([away < 30, away < 36, away < 40], [WHITE, CORTEX, FLUID], 0).astype(np.uint8)
    t1 = np.select([away < 30, away < 36, away < 40, away < 48], [1.0, 0.7, 0.2, 0.8], 0.0).astype(np.float32)
    return Tissues.of(Volume(t1, np.diag([2.0, 2.0, 2.0, 1.0])), labels)


def window() -> np.ndarray:
    """Points of a window in the frame's mm, whose voxels are the person's own; the ball's middle lies at (0, 0, 0)."""
    return 2.0 * (np.moveaxis(np.indices(SHAPE), 0, -1)[..., ::-1] - 14.5)


def to_ijk() -> np.ndarray:
    matrix = np.diag([0.5, 0.5, 0.5, 1.0])
    matrix[:3, 3] = 29.5
    return matrix


def shown(tissues: Tissues, points_mm: np.ndarray) -> np.ndarray:
    """The kind of tissue at points in the frame's mm."""
    i, j, k = np.moveaxis(np.rint(points_mm / 2 + 29.5).astype(int).clip(0, 59), -1, 0)
    return tissues.kinds[k, j, i]


def test_distances_are_those_from_the_skull_and_from_the_cortex(tissues):
    middle = tissues.grey_mm[30, 30], tissues.brain_mm[30, 30]
    for column, surface_mm in zip(middle, (36, 40), strict=True):
        crossing = 2.0 * (np.flatnonzero(np.diff(np.sign(column.astype(float))))[-1] + 0.5 - 29.5)
        assert crossing == pytest.approx(surface_mm, abs=2.0)


@pytest.mark.parametrize("amount_mm", [1.3, -0.4])
def test_a_thinner_cortex_leaves_room_to_fluid_and_a_thicker_one_takes_it(tissues, monkeypatch, amount_mm):
    monkeypatch.setattr(window_variety, "_ATROPHY_MM", (amount_mm, amount_mm))
    points = window()
    moved = points + window_variety._thinning(np.random.default_rng(0), tissues, points, to_ijk())
    before, after = (np.linalg.norm(each, axis=-1) for each in (points, moved))
    surface, deep = np.abs(before - 36) < 2, before < 24
    assert 0.4 < np.mean((after - before)[surface]) / amount_mm < 0.8
    assert np.abs((after - before)[deep]).max() < 0.1, "what lies deep was moved"


def test_moved_tissue_is_not_folded_and_left_stays_left(tissues):
    for seed in range(12):
        moved = aged(np.random.default_rng(seed), tissues, window(), to_ijk())
        steps = [np.diff(moved[..., axis], axis=2 - axis) for axis in range(3)]
        assert min(step.min() for step in steps) > -1.0
        assert np.mean([(step > 0).mean() for step in steps]) > 0.99
        assert np.abs(moved - window()).max() < 15.0


def test_any_look_is_finite_differs_by_the_generator_and_puts_the_brain_about_0(tissues):
    points = window()
    ijk = (points / 2 + 29.5).astype(np.float32)
    labels = (shown(tissues, points) > 0) & (np.linalg.norm(points, axis=-1) < 40)
    looks = [any_look(np.random.default_rng(seed), tissues, points, ijk, labels) for seed in (*range(20), 0)]
    for look in looks:
        assert np.isfinite(look).all() and abs(look[labels].mean()) < 1.5 and 0.3 < look[labels].std() < 3
    assert np.array_equal(looks[0], looks[-1]) and not np.allclose(looks[0], looks[1], atol=0.1)
    contrast = [look[14, 14, 14] - look[labels & (shown(tissues, points) == kinds.CORTEX)].mean() for look in looks]
    assert min(contrast) < 0 < max(contrast), "white matter was never darker than cortex"


def test_a_window_without_a_brain_gets_a_look_too(tissues):
    points = window() + 200.0
    ijk = (points / 2 + 29.5).astype(np.float32)
    assert np.isfinite(any_look(np.random.default_rng(3), tissues, points, ijk, np.zeros(SHAPE, np.uint8))).all()


@pytest.fixture
def scan() -> Raw:
    """Dark air and two bright halves, of which the lower ones are brain with a mean of 0.5."""
    values = np.zeros((24, 24, 24), np.float32)
    values[4:20, :, :12], values[4:20, :, 12:] = 0.4, 0.6
    return Raw(values, (values > 0).astype(np.uint8), 0.5, 0.1)


def test_a_worse_scan_is_noisier_by_as_much_as_its_sd_says(scan, monkeypatch):
    monkeypatch.setattr(window_variety, "_THICK_SHARE", 0.0)
    monkeypatch.setattr(window_variety, "_NOISE", (0.1, 0.1))
    worse = rescanned(np.random.default_rng(0), scan)
    noise = worse.values[8:16, :, :12].std()
    assert noise == pytest.approx(0.06, rel=0.1), "a tenth of the bright tissue"
    assert worse.sd == pytest.approx(np.hypot(0.1, noise), rel=0.05) and worse.mean == pytest.approx(0.5, abs=0.01)
    assert worse.values.min() >= 0.0 and worse.values[:4].mean() > 0.05, "air in a magnitude image is not 0"
    assert not np.array_equal(scan.values, worse.values) and scan.values.max() == np.float32(0.6), (
        "the scan was changed"
    )


@pytest.mark.parametrize("seed", range(6))
def test_thick_slices_smooth_across_one_axis_and_move_nothing(scan, seed):
    ramp = np.broadcast_to(np.arange(24, dtype=np.float32), (24, 24, 24)).copy()
    for axis in range(3):
        values = np.moveaxis(ramp, 2, axis)
        thick = window_variety._in_thick_slices(np.random.default_rng(seed), values)
        assert np.allclose(thick[6:18, 6:18, 6:18], values[6:18, 6:18, 6:18], atol=1e-4)
    edges = np.abs(np.diff(window_variety._in_thick_slices(np.random.default_rng(seed), scan.values), axis=0))
    assert edges.max() <= 0.6 + 1e-6
    assert np.array_equal(ramp, np.broadcast_to(np.arange(24), (24, 24, 24))), "the scan was changed"


def test_of_a_scan_without_a_brain_mean_and_sd_are_kept(scan):
    worse = rescanned(np.random.default_rng(1), Raw(scan.values, np.zeros_like(scan.labels), 0.5, 0.1))
    assert (worse.mean, worse.sd) == (0.5, 0.1) and np.isfinite(worse.values).all()


def test_a_part_of_a_scan_that_is_a_voxel_wide_is_rescanned_too(scan):
    for axis in range(3):
        part = np.take(scan.values, [5], axis)
        for seed in range(12):
            worse = rescanned(np.random.default_rng(seed), Raw(part, (part > 0).astype(np.uint8), 0.5, 0.1))
            assert worse.values.shape == part.shape and np.isfinite(worse.values).all()
