"""A labelled region comes to its scan's grid, or is told to lie beyond it."""

import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UnlabelledError
from DLPFCSegmenterLib.labels.on_scan import mask_on_grid, region_on_scan
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm

BALL_MM = np.array([4.0, -6.0, 10.0])


def grid(spacing_mm: float, size_mm: float = 60.0) -> Volume:
    """An empty cube about the origin, RAS."""
    count = round(size_mm / spacing_mm)
    matrix = np.diag([spacing_mm, spacing_mm, spacing_mm, 1.0])
    matrix[:3, 3] = -(count - 1) / 2 * spacing_mm
    return Volume(np.zeros((count, count, count), np.float32), matrix, Origin("scan.nii.gz"))


def ball(spacing_mm: float, shift_mm=(0.0, 0.0, 0.0)) -> Volume:
    """A ball of 12 mm, its labels moved against the scan."""
    labels = grid(spacing_mm)
    points = voxel_points_ras_mm(labels, np.ones(labels.array_kji.shape, bool))
    inside = (np.linalg.norm(points - BALL_MM, axis=1) < 12).reshape(labels.array_kji.shape)
    matrix = labels.ijk_to_ras.copy()
    matrix[:3, 3] += shift_mm
    return Volume(inside, matrix, Origin("labels.nii.gz"))


@pytest.mark.parametrize("spacing_mm", [1.0, 1.5, 3.0])
def test_a_region_keeps_place_and_size_on_another_grid(spacing_mm):
    scan, region = grid(2.0), ball(spacing_mm)
    on_scan = region_on_scan(region, scan)
    assert np.array_equal(on_scan, mask_on_grid(region, scan))
    assert np.allclose(voxel_points_ras_mm(scan, on_scan).mean(axis=0), BALL_MM, atol=0.3)
    assert np.count_nonzero(on_scan) * scan.voxel_ml == pytest.approx(4.19 * 1.2**3, rel=0.1)


def test_a_region_that_lies_mostly_beyond_the_scan_is_told_with_both_files():
    assert region_on_scan(ball(2.0, (18.0, 0.0, 0.0)), grid(2.0)).any()
    with pytest.raises(UnlabelledError, match=r"labels\.nii\.gz: its labels lie outside the scan scan\.nii\.gz"):
        region_on_scan(ball(2.0, (35.0, 0.0, 0.0)), grid(2.0))
