"""A labelled synthetic person for tests of training."""

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.scan.registration import Registration
from DLPFCSegmenterLib.training.prepare import PreparedScan
from synthetic_head import ball_ras_mm, plain_grid, synthetic_head


def prepared_person(name: str = "sub-01") -> PreparedScan:
    """A head with a ball on both sides as the region; label 1 is the head, 2 and 3 its balls."""
    scan = synthetic_head(*plain_grid())
    ijk = np.argwhere(np.ones(scan.array_kji.shape, bool))[:, ::-1]
    points = spaces.ijk_to_ras_points(scan.ijk_to_ras, ijk)
    near = [np.linalg.norm(points - ball_ras_mm(side), axis=1) < 12 for side in (-1.0, 1.0)]
    left, right = (each.reshape(scan.array_kji.shape) for each in near)
    labels = (scan.array_kji > 0).astype(np.uint8)
    labels[left], labels[right] = 2, 3
    return PreparedScan(
        name, scan.with_array(scan.array_kji / 400.0), labels, left, right, Registration(np.eye(4), 0.0)
    )


@pytest.fixture(scope="session")
def person() -> PreparedScan:
    return prepared_person()
