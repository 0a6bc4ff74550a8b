"""Scans made worse on purpose are still scans of the same file, with the head where they say that it lies."""

import numpy as np
import pytest

from degraded_scans import DEGRADATIONS
from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, transform_points
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume
from harder_scans import HARDER
from targeting.known_heads import CENTRE_RAS_MM, ellipsoid_scan

RAS_FROM_MNI = np.eye(4)
RAS_FROM_MNI[:3, 3] = CENTRE_RAS_MM - (0.0, -17.0, 10.0)


BALL_RAS_MM, ELSEWHERE_RAS_MM = CENTRE_RAS_MM + (-30.0, 40.0, 35.0), CENTRE_RAS_MM + (-30.0, -40.0, 35.0)


@pytest.fixture(scope="module")
def scan():
    """The ellipsoid head with a bright ball on the left in front, out of a file."""
    made = ellipsoid_scan(spacing_mm=4.0)
    kji = np.indices(made.array_kji.shape).reshape(3, -1).T
    away = np.linalg.norm(ijk_to_ras_points(made.ijk_to_ras, kji[:, ::-1]) - BALL_RAS_MM, axis=1)
    ball = away.reshape(made.array_kji.shape) < 14.0
    return Volume(np.where(ball, 250.0, made.array_kji).astype(np.float32), made.ijk_to_ras, Origin("anna_T1w.nii.gz"))


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_a_degraded_scan_is_told_of_by_its_file(scan, name):
    worse = DEGRADATIONS[name](scan, RAS_FROM_MNI)
    assert worse.source == "anna_T1w.nii.gz" and np.isfinite(worse.array_kji).all()


@pytest.mark.parametrize("name", HARDER)
def test_a_harder_scan_is_told_of_by_its_file_and_shows_the_head_where_it_was_taken(scan, name):
    worse, moved = HARDER[name](scan, RAS_FROM_MNI)
    assert worse.source == "anna_T1w.nii.gz" and np.isfinite(worse.array_kji).all()
    assert abs(_value(worse, moved, BALL_RAS_MM) - _value(worse, moved, ELSEWHERE_RAS_MM)) > 60.0


def _value(worse, moved, place_ras_mm):
    """That of the voxel to which a place of the scan as it is was taken."""
    ijk = transform_points(np.linalg.inv(worse.ijk_to_ras) @ moved, place_ras_mm)
    return float(worse.array_kji[tuple(np.round(ijk).astype(int)[::-1])])
