"""What is told of a scan's quality; the brain is a box of even blocks, so that noise and detail are known."""

import numpy as np
import pytest
import SimpleITK as sitk

from degraded_scans import ghost, ghost_to_the_side
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.quality import quality_doubts, scan_quality
from DLPFCSegmenterLib.scan.volume import Volume
from synthetic_head import every_axis_order

MNI = HeadFrame(np.eye(4), 1.7)
SIZE_MM = 264
CUTS_MM = np.sort(np.random.default_rng(3).uniform(0, SIZE_MM, (3, 22)), axis=1)
LEVELS = (40.0, 100.0)


def blocks(spacing_mm=2):
    """An ellipsoid as large as a head of even blocks that differ from each other, in air, RAS mm as MNI's."""
    count = SIZE_MM // spacing_mm
    along_mm = np.arange(count) * spacing_mm
    of_blocks = np.random.default_rng(0).uniform(*LEVELS, (23, 23, 23))
    values = of_blocks[np.ix_(*(np.searchsorted(cuts, along_mm) for cuts in CUTS_MM))]
    matrix = np.diag([spacing_mm] * 3 + [1.0])
    matrix[:3, 3] = np.array([0.0, -16.0, 5.0]) - (count - 1) / 2 * spacing_mm
    k, j, i = (np.indices(values.shape) - (count - 1) / 2) * spacing_mm
    head = (i / 80) ** 2 + (j / 105) ** 2 + (k / 95) ** 2 < 1
    return Volume(np.where(head, values, 0).astype(np.float32), matrix, Origin("blocks"))


def told_of(scan, frame=MNI):
    return [each.key for each in quality_doubts(HeadScan(scan, lambda canonical: frame))]


def with_noise(scan, share):
    first, second = np.random.default_rng(1).normal(0, share * LEVELS[1], (2, *scan.array_kji.shape))
    return scan.with_array(np.hypot(scan.array_kji + first, second).astype(np.float32))


def smoothed(scan, sigma_mm):
    """With a Gaussian of so many mm along I, J and K."""
    image = sitk.GetImageFromArray(scan.array_kji)
    image.SetSpacing(tuple(map(float, scan.spacing_mm)))
    for axis, sigma in enumerate(sigma_mm):
        image = sitk.RecursiveGaussian(image, sigma, direction=axis) if sigma else image
    return scan.with_array(sitk.GetArrayFromImage(image))


@pytest.fixture(scope="module")
def good():
    return blocks()


@pytest.mark.parametrize("spacing_mm", [2, 3])
def test_a_scan_without_noise_blur_or_ghosts_has_no_remark_whatever_its_voxels(spacing_mm):
    assert told_of(blocks(spacing_mm)) == []


def test_neither_units_nor_what_was_added_to_them_make_a_scan_bad(good):
    for changed in (1e4 * good.array_kji, 1e-3 * good.array_kji, good.array_kji - 1000, good.array_kji + 3000):
        assert told_of(good.with_array(changed.astype(np.float32))) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("worse", "keys"),
    [
        (lambda scan: with_noise(scan, 0.1), ["scan_noisy"]),
        (lambda scan: with_noise(scan, 0.5), ["scan_noisy"]),
        (lambda scan: smoothed(scan, (4, 4, 4)), ["scan_blurred"]),
        (lambda scan: smoothed(scan, (0, 4, 0)), ["scan_blurred"]),
        (lambda scan: ghost(scan, np.eye(4)), ["scan_ghosts"]),
        (lambda scan: ghost_to_the_side(scan, np.eye(4)), ["scan_ghosts"]),
        (lambda scan: smoothed(ghost(scan, np.eye(4)), (4, 4, 4)), ["scan_blurred", "scan_ghosts"]),
    ],
    ids=["noise", "drowned", "blurred", "moved along one axis", "ghost behind", "ghost beside", "both"],
)
def test_what_is_wrong_is_told_by_name_however_the_scan_is_stored(worse, keys, good):
    scan = worse(good)
    for stored in every_axis_order(scan)[::7]:
        assert told_of(stored) == keys


def test_noise_is_told_in_shares_of_the_brain_s_contrast_and_is_no_ghost(good):
    for share in (0.05, 0.1, 0.2):
        measured = scan_quality(HeadScan(with_noise(good, share), lambda canonical: MNI))
        contrast = np.subtract(*np.percentile(with_noise(good, share).array_kji[good.array_kji > 0], [90, 5]))
        assert 0.9 < measured.noise / (share * LEVELS[1] / contrast) < 1.5  # the blocks' borders add to it
        assert measured.ghosts < 0.01


def test_where_no_brain_lies_nothing_is_said_of_it(good):
    far = np.eye(4)
    far[:3, 3] = 400.0
    drowned = with_noise(good, 0.5)
    assert told_of(drowned, HeadFrame(far, 1.7)) == [] and told_of(drowned, HeadFrame(np.eye(4), np.inf)) == []
    assert told_of(good.with_array(np.full_like(good.array_kji, 7.0))) == []
