"""Which way round a brain's contrast is, and where a cut head lies, on the MNI template's own brain."""

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm
from DLPFCSegmenterLib.segmentation.likeness import (
    CLEAR,
    fitted_halfway,
    fitted_in_part,
    is_turned_round,
    likeness,
    turned_round,
)
from template_scan import template_scan

CORNERS_MNI_MM = np.array([0.0, -17.0, 10.0]) + 40.0 * (2.0 * np.array(list(np.ndindex(2, 2, 2))) - 1.0)


@pytest.fixture(scope="module")
def scan() -> Volume:
    return template_scan(spacing_mm=2.0)


def head_of(scan: Volume, grey: np.ndarray) -> HeadScan:
    return HeadScan.of_canonical(scan.with_array(grey.astype(np.float32)), HeadFrame(np.eye(4), 1.7))


def inverted(grey: np.ndarray) -> np.ndarray:
    return np.where(grey > 20.0, 1.2 * grey.max() - grey, 0.0)


def along_y(scan: Volume) -> np.ndarray:
    return np.linspace(0.0, 1.0, scan.array_kji.shape[1])[:, None]


@pytest.mark.parametrize("unlike", [inverted, lambda grey: 1e4 * inverted(grey), lambda grey: inverted(grey) ** 0.5])
def test_a_brain_with_bright_fluid_is_turned_round_whatever_its_units(scan, unlike):
    assert is_turned_round(head_of(scan, unlike(scan.array_kji)))


@pytest.mark.parametrize(
    "grey_of",
    [
        lambda scan: scan.array_kji,
        lambda scan: 0.3 * scan.array_kji + 500.0,
        lambda scan: scan.array_kji * 8.0 ** -along_y(scan),
        lambda scan: scan.array_kji + np.random.default_rng(0).normal(0, 20, scan.array_kji.shape),
        lambda scan: np.random.default_rng(0).uniform(0, 99, scan.array_kji.shape),
        lambda scan: np.full_like(scan.array_kji, 7.0),
        lambda scan: np.zeros_like(scan.array_kji),
    ],
    ids=["T1", "flat T1", "biased T1", "noisy T1", "noise", "one grey", "nothing"],
)
def test_no_t1_and_nothing_without_contrast_is_turned_round(scan, grey_of):
    assert not is_turned_round(head_of(scan, grey_of(scan)))


def test_a_frame_beside_the_scan_says_nothing_of_its_contrast(scan):
    far = np.eye(4)
    far[:3, 3] = 2000.0
    assert abs(likeness(scan, far)) < CLEAR


@pytest.mark.parametrize("grey", [0.0, 1.0, 7.0, 100.0, 999.0, 4000.0])
def test_one_grey_is_like_nothing(scan, grey):
    assert abs(likeness(scan.with_array(np.full_like(scan.array_kji, grey)), np.eye(4))) < CLEAR


def test_an_inverted_brain_turned_round_looks_as_it_was_and_its_air_stays_dark(scan):
    head = head_of(scan, inverted(scan.array_kji))
    again = turned_round(head)
    tissue = scan.array_kji > 0.5 * scan.array_kji.max()
    assert np.corrcoef(again.canonical.array_kji[tissue], scan.array_kji[tissue])[0, 1] > 0.98
    assert not again.canonical.array_kji[scan.array_kji <= 20.0].any()
    assert again.registration is head.registration and likeness(again.canonical, np.eye(4)) > CLEAR


def about_middle(linear: np.ndarray) -> np.ndarray:
    """A head (4x4, RAS mm) moved by a 3x3 that leaves the brain's middle where it is."""
    matrix = np.eye(4)
    matrix[:3, :3] = linear
    matrix[:3, 3] = CORNERS_MNI_MM.mean(axis=0) - linear @ CORNERS_MNI_MM.mean(axis=0)
    return matrix


def nodded(degrees: float) -> np.ndarray:
    """A head turned about its right axis."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return about_middle(np.array([[1, 0, 0], [0, c, -s], [0, s, c]]))


def cut_below(scan: Volume, z_ras_mm: float) -> Volume:
    first = int(np.ceil((z_ras_mm - scan.ijk_to_ras[2, 3]) / 2.0))
    matrix = scan.ijk_to_ras.copy()
    matrix[2, 3] += 2.0 * first
    return Volume(np.ascontiguousarray(scan.array_kji[first:]), matrix)


@pytest.mark.slow
@pytest.mark.parametrize("turned_round_too", [False, True])
@pytest.mark.parametrize(
    "off",
    [
        nodded(18.0),
        nodded(-18.0),
        about_middle(np.diag([1.0, 1.0, 0.8])),
        nodded(8.0) @ about_middle(np.diag([1.1, 1, 0.85])),
    ],
    ids=["nods", "looks up", "squeezed to what was scanned", "squeezed and nods"],
)
def test_the_frame_of_a_cut_head_is_brought_where_that_of_the_whole_head_lies(scan, off, turned_round_too):
    whole = fitted_in_part(scan, HeadFrame(np.eye(4), 1.7))
    cut = cut_below(scan.with_array(inverted(scan.array_kji)) if turned_round_too else scan, -20.0)
    found = fitted_in_part(cut, HeadFrame(off, 2.1, seen=1.0))
    there, expected = (transform_points(each.ras_from_mni, CORNERS_MNI_MM) for each in (found, whole))
    assert np.linalg.norm(there - expected, axis=1).max() < 4.0
    assert found.cut and found.spread_mm == 2.1
    points = voxel_points_ras_mm(scan, scan.array_kji > 20.0)
    assert found.seen == pytest.approx((points[:, 2] > -20.0).mean(), abs=0.1)


@pytest.mark.parametrize("fit", [fitted_in_part, fitted_halfway])
def test_noise_keeps_the_frame_that_it_was_given(scan, fit):
    frame = HeadFrame(nodded(5.0), 2.1)
    assert fit(scan.with_array(np.random.default_rng(0).random(scan.array_kji.shape)), frame) is frame


@pytest.mark.parametrize("turned_round_too", [False, True])
@pytest.mark.parametrize(
    "off",
    [nodded(6.0), about_middle(np.diag([1.06, 0.95, 1.05])), nodded(-4.0) @ about_middle(np.diag([0.96, 1, 1]))],
    ids=["nods", "of another size", "looks up, narrow"],
)
def test_the_frame_of_a_whole_head_is_brought_half_the_way(scan, off, turned_round_too):
    """The fit leads to one place from all of them, and the frame goes half as far."""
    shown = scan.with_array(inverted(scan.array_kji)) if turned_round_too else scan
    least, found = (
        transform_points(fitted_halfway(shown, HeadFrame(each, 1.7, seen=0.9)).ras_from_mni, CORNERS_MNI_MM)
        for each in (np.eye(4), off)
    )
    before = np.linalg.norm(transform_points(off, CORNERS_MNI_MM) - CORNERS_MNI_MM, axis=1)
    after = np.linalg.norm(found - least, axis=1)
    assert after.max() < 0.65 * before.max() and after.max() > 0.35 * before.max()
    assert fitted_halfway(shown, HeadFrame(off, 1.7, seen=0.9)).seen == 0.9
