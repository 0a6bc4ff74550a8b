"""The network's grid and the way back."""

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points
from DLPFCSegmenterLib.scan.canonical import (
    above_background,
    canonical_grid,
    find_head,
    halved,
    head_intensity,
    resample,
    to_canonical,
    turned_on_ras_axes,
    without_air,
    without_empty_border,
)
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm
from synthetic_head import CENTRE_RAS_MM, RADII_MM, every_axis_order, plain_grid, synthetic_head


@pytest.mark.slow
def test_canonical_volume_has_ras_axes_and_two_millimetres():
    grid = canonical_grid(synthetic_head(*plain_grid(1.3)))
    assert grid.orientation == "RAS"
    assert np.allclose(grid.spacing_mm, 2.0)


def test_scan_on_the_canonical_grid_already_is_not_changed():
    scan = synthetic_head(*plain_grid(2.0))
    canonical = to_canonical(scan)
    assert np.allclose(canonical.ijk_to_ras, scan.ijk_to_ras)
    assert np.allclose(canonical.array_kji, scan.array_kji, atol=1e-3)


@pytest.mark.slow
def test_every_axis_order_gives_the_same_canonical_volume():
    scan = synthetic_head(*plain_grid(1.6))
    first = to_canonical(scan)
    for stored in every_axis_order(scan):
        canonical = to_canonical(stored)
        assert np.allclose(canonical.ijk_to_ras, first.ijk_to_ras)
        # The recursive Gaussian is exact to about 1e-4 of the range, whichever way it runs.
        assert np.allclose(canonical.array_kji, first.array_kji, atol=0.1)


def test_canonical_grid_covers_the_whole_scan():
    matrix = np.diag([1.1, 1.7, 0.9, 1.0])
    scan = Volume(np.ones((50, 60, 71), np.float32), matrix, Origin("box"))
    grid = canonical_grid(scan)
    assert np.all(np.array(grid.shape_ijk) * 2.0 >= np.array(scan.shape_ijk) * scan.spacing_mm - 0.01)


def test_fine_scans_are_smoothed_before_they_are_thinned():
    checker = np.indices((160, 160, 160)).sum(axis=0) % 2
    scan = Volume(checker.astype(np.float32), np.eye(4), Origin("checker"))
    inner = to_canonical(scan).array_kji[20:60, 20:60, 20:60]
    assert np.allclose(inner, 0.5, atol=0.05)


def waves(slice_mm: float) -> Volume:
    """Bright and dark every 11 mm from slice to slice, with air above and below."""
    heights = slice_mm * np.arange(round(120 / slice_mm))
    wave = np.where((heights > 24) & (heights < 96), 100.0 + 90.0 * np.cos(2 * np.pi * heights / 11.0), 0.0)
    array = np.broadcast_to(wave[:, None, None], (len(heights), 20, 20)).astype(np.float32)
    return Volume(np.ascontiguousarray(array), np.diag([2.0, 2.0, slice_mm, 1.0]), Origin("waves"))


@pytest.mark.parametrize("slice_mm", [3.0, 4.0])
def test_between_thick_slices_structures_keep_their_contrast_and_air_stays_air(slice_mm):
    canonical = to_canonical(waves(slice_mm))
    column = canonical.array_kji[:, 10, 10]
    heights = canonical.ijk_to_ras[2, 3] + 2.0 * np.arange(len(column))
    inner = (heights > 40) & (heights < 80)
    off = column[inner] - (100.0 + 90.0 * np.cos(2 * np.pi * heights[inner] / 11.0))
    assert np.sqrt((off**2).mean()) < 10.0
    assert column.min() >= 0.0


def test_slices_of_two_and_a_half_millimetres_are_interpolated_as_ever():
    scan = waves(2.5)
    column = to_canonical(scan).array_kji[:, 10, 10]
    there = canonical_grid(scan).ijk_to_ras[2, 3] + 2.0 * np.arange(len(column))
    assert np.allclose(column, np.interp(there, 2.5 * np.arange(48), scan.array_kji[:, 10, 10]), atol=1e-3)


def test_labels_resampled_nearest_stay_labels():
    labels = np.zeros((20, 20, 20), np.uint8)
    labels[5:12, 4:9, 3:15] = 143
    there = Volume(labels, np.diag([3.0, 3.0, 3.0, 1.0]), Origin("labels"))
    fine = resample(there, canonical_grid(there), nearest=True)
    assert set(np.unique(fine.array_kji)) == {0, 143}
    assert fine.array_kji.dtype == np.uint8


def test_head_is_found_whatever_lies_around_it():
    head = find_head(to_canonical(synthetic_head(*plain_grid())))
    assert np.allclose(head.centre_ras_mm[:2], CENTRE_RAS_MM[:2], atol=2.0)
    # The top slice must show 10 cm2, which it does a little below the very top.
    assert CENTRE_RAS_MM[2] + RADII_MM[2] - head.top_ras_mm < 6.0


def test_neck_and_shoulders_do_not_move_the_head():
    scan = synthetic_head(*plain_grid())
    array = np.concatenate([np.zeros((60, *scan.array_kji.shape[1:]), np.float32), scan.array_kji])
    array[:60, :, :40] = 100.0
    matrix = scan.ijk_to_ras.copy()
    matrix[2, 3] -= 120.0
    moved = find_head(to_canonical(Volume(array, matrix, Origin("with shoulders"))))
    alone = find_head(to_canonical(scan))
    assert np.allclose(moved.centre_ras_mm, alone.centre_ras_mm, atol=2.0)


def test_intensity_is_that_of_the_head_and_not_of_the_air():
    scan = synthetic_head(*plain_grid())
    mean, sd = head_intensity(scan.array_kji)
    assert 95 < mean < 110
    assert head_intensity(np.zeros((4, 4, 4))) == (0.0, 1.0)
    assert sd == pytest.approx(scan.array_kji[scan.array_kji > 0].std())


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("end", ["first", "last"])
def test_a_border_that_was_erased_at_a_straight_cut_is_as_if_it_had_not_been_scanned(axis, end):
    head = to_canonical(synthetic_head(*plain_grid()))
    shown = np.flatnonzero(head.array_kji.any(axis=tuple(other for other in range(3) if other != axis)))
    cut = int(shown.mean())
    kept = [slice(None)] * 3
    kept[axis] = slice(cut, None) if end == "first" else slice(cut)
    erased = np.zeros_like(head.array_kji)
    erased[tuple(kept)] = head.array_kji[tuple(kept)]
    scanned = without_empty_border(head.with_array(erased))
    np.testing.assert_array_equal(scanned.array_kji, head.array_kji[tuple(kept)])
    place = voxel_points_ras_mm(scanned, np.ones_like(scanned.array_kji))[[0, -1]]
    np.testing.assert_allclose(head.values_at(place), scanned.array_kji.ravel()[[0, -1]])
    first_ijk = [kept[axis].start or 0 for axis in (2, 1, 0)]
    np.testing.assert_allclose(place[0], ijk_to_ras_points(head.ijk_to_ras, first_ijk))


def test_air_around_a_head_was_scanned():
    head = to_canonical(synthetic_head(*plain_grid()))
    assert not head.array_kji[0].any()
    assert without_empty_border(head).shape_ijk == head.shape_ijk
    assert without_empty_border(head.with_array(0 * head.array_kji)).shape_ijk == head.shape_ijk


def head_in_wide_air() -> Volume:
    """80 mm more of air on each side, which holds a little noise."""
    head = to_canonical(synthetic_head(*plain_grid()))
    matrix = head.ijk_to_ras.copy()
    matrix[:3, 3] -= 80.0
    array = np.pad(head.array_kji, 40)
    noise = np.abs(np.random.default_rng(0).normal(0.0, 0.3, array.shape))
    return Volume(np.maximum(array, noise).astype(np.float32), matrix, head.origin)


def faint(wide: Volume) -> Volume:
    """Ten times as bright in front as at the back of the head."""
    from_middle_mm = 2.0 * (np.arange(wide.shape_ijk[1]) - (wide.shape_ijk[1] - 1) / 2)
    along = 10.0 ** np.interp(from_middle_mm, [-RADII_MM[1], RADII_MM[1]], [-1.0, 0.0])
    return wide.with_array((wide.array_kji * along[:, None]).astype(np.float32))


@pytest.mark.parametrize("seen", [lambda wide: wide, faint], ids=["even", "faint at the back"])
def test_air_far_from_the_head_is_left_out(seen):
    wide = seen(head_in_wide_air())
    part = without_air(wide)
    ends_mm = np.array([voxel_points_ras_mm(part, np.ones_like(part.array_kji))[end] for end in (0, -1)])
    left_mm = np.abs(ends_mm - CENTRE_RAS_MM) - RADII_MM
    assert left_mm.min() > 16.0 and left_mm.max() < 45.0
    np.testing.assert_array_equal(wide.values_at(ends_mm), part.array_kji.ravel()[[0, -1]])


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("end", ["first", "last"])
def test_nothing_is_left_out_where_the_head_ends_at_a_cut(axis, end):
    wide = head_in_wide_air()
    middle = wide.array_kji.shape[axis] // 2
    erased = np.moveaxis(wide.array_kji.copy(), axis, 0)
    erased[slice(middle) if end == "first" else slice(middle, None)] = 0.0
    part = without_air(wide.with_array(np.moveaxis(erased, 0, axis)))
    corner_mm = [
        voxel_points_ras_mm(each, np.ones_like(each.array_kji))[0 if end == "first" else -1] for each in (part, wide)
    ]
    assert corner_mm[0][2 - axis] == pytest.approx(corner_mm[1][2 - axis])
    assert np.all(np.array(part.shape_ijk) < wide.shape_ijk)


def test_half_a_head_keeps_the_field_of_a_whole_one_where_the_cut_is_tilted():
    wide = head_in_wide_air()
    i, j = np.ogrid[: wide.shape_ijk[0], : wide.shape_ijk[1]]
    beyond = (i - wide.shape_ijk[0] / 2) + 0.5 * (j - wide.shape_ijk[1] / 2) > 0
    part = without_air(wide.with_array(np.where(beyond.T, np.float32(0), wide.array_kji)))
    assert 2.0 * part.shape_ijk[0] >= 180.0 and part.shape_ijk[0] < wide.shape_ijk[0]


def test_noise_and_nothing_are_left_as_they_are():
    head = head_in_wide_air()
    noise = np.random.default_rng(0).uniform(0.0, 100.0, head.array_kji.shape).astype(np.float32)
    for array in (noise, 0 * noise):
        assert without_air(head.with_array(array)).shape_ijk == head.shape_ijk


def test_a_halved_volume_holds_the_means_of_whole_blocks_at_their_middles():
    matrix = np.diag([2.0, 3.0, 1.5, 1.0])
    matrix[:3, 3] = (-5.0, 7.0, 9.0)
    k, j, i = np.indices((7, 4, 5))
    whole = Volume((i + 10.0 * j + 100.0 * k).astype(np.float32), matrix)
    half = halved(whole)
    assert half.array_kji.shape == (3, 2, 2) and half.array_kji.dtype == np.float32
    assert half.array_kji[1, 0, 1] == whole.array_kji[2:4, 0:2, 2:4].mean()
    np.testing.assert_allclose(
        ijk_to_ras_points(half.ijk_to_ras, [1, 0, 1]), ijk_to_ras_points(matrix, [2.5, 0.5, 2.5])
    )


@pytest.mark.parametrize(
    "linear",
    [np.diag([-1, 1, 1]), np.diag([-1, -1, 1]), [[0, -1, 0], [1, 0, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, -1], [1, 0, 0]]],
    ids=["mirrored", "half a turn", "a quarter", "axes in another order"],
)
def test_a_volume_turned_on_ras_axes_is_that_of_the_turned_scan(linear):
    scan = to_canonical(synthetic_head(*plain_grid(3.0)))
    turn = np.eye(4)
    turn[:3, :3] = linear
    turned = turned_on_ras_axes(scan, turn)
    made_anew = to_canonical(Volume(scan.array_kji, turn @ scan.ijk_to_ras))
    assert np.allclose(turned.ijk_to_ras, made_anew.ijk_to_ras)
    assert np.allclose(turned.array_kji, made_anew.array_kji, atol=1e-3)


AFFINE = {
    "all negative": lambda values: values - 3000,
    "-0.5 to 0.5": lambda values: values / 460 - 0.5,
    "+1000": lambda values: values + 1000,
    "x 1e-9": lambda values: values * np.float32(1e-9),
    "x 1e12": lambda values: values * np.float32(1e12),
    "whole numbers below 0": lambda values: (values - 500).astype(np.int16),
}


def noisy_head():
    scan = synthetic_head(*plain_grid())
    noise = np.random.default_rng(0).integers(0, 30, scan.array_kji.shape)
    return scan.with_array(np.rint(scan.array_kji) + noise.astype(np.float32))


@pytest.mark.parametrize("name", AFFINE)
def test_what_intensities_were_multiplied_with_or_raised_by_makes_no_difference(name):
    scan = noisy_head()
    plain, other = (to_canonical(each) for each in (scan, scan.with_array(AFFINE[name](scan.array_kji))))
    scale = plain.array_kji.max() / other.array_kji.max()
    np.testing.assert_allclose(other.array_kji * scale, plain.array_kji, atol=0.02)
    assert np.allclose(find_head(plain).centre_ras_mm, find_head(other).centre_ras_mm)
    mean, sd = head_intensity(plain.array_kji)
    np.testing.assert_allclose(head_intensity(other.array_kji), (mean / scale, sd / scale), rtol=1e-4)


def test_a_scan_from_0_on_in_common_units_is_taken_as_it_is():
    scan = noisy_head()
    assert above_background(scan) is scan


@pytest.mark.parametrize("filling", (-1000, -32768))
def test_a_single_value_below_0_that_a_program_filled_in_is_background(filling):
    scan = noisy_head().with_array(noisy_head().array_kji.astype(np.int16))
    filled = scan.array_kji.copy()
    filled[:4] = filling
    above = above_background(scan.with_array(filled)).array_kji
    assert above[:4].max() == 0
    np.testing.assert_array_equal(above[4:], scan.array_kji[4:])
