"""A labelled synthetic person for tests of training."""

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.training import head_labels
from DLPFCSegmenterLib.training.head_people import COARSE, PreparedHead
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
    return PreparedScan(name, scan.with_array(scan.array_kji / 400.0), labels, left, right, HeadFrame(np.eye(4), 1.7))


@pytest.fixture(scope="session")
def person() -> PreparedScan:
    return prepared_person()


@pytest.fixture(scope="session")
def small_head() -> PreparedHead:
    """A ball of brain of 120 mm in a larger ball of head, on a grid of 2 mm."""
    shape, middle = (80, 84, 80), np.array([3.0, -15.0, 8.0])
    matrix = np.diag([2.0, 2.0, 2.0, 1.0])
    matrix[:3, 3] = middle - (np.array(shape[::-1]) - 1)
    ijk = np.argwhere(np.ones(shape, bool))[:, ::-1]
    away = np.linalg.norm(spaces.ijk_to_ras_points(matrix, ijk) - middle, axis=1).reshape(shape)
    tissues = np.where(away < 75, head_labels.OUTSIDE + 2, head_labels.AIR)
    tissues[away < 60], tissues[away < 45], tissues[away < 15] = (
        head_labels.CORTEX, head_labels.WHITE, head_labels.VENTRICLE,
    )  # fmt: skip
    t1 = np.array([0, 150, 90, 120, 30, 20, 90, 140, 130, 60, 90, 100, 140, 160, 180, 200], np.uint8)[tissues]
    mni_from_ras = np.diag([1.05, 1.1, 1.0, 1.0])
    mni_from_ras[:3, 3] = np.array([0.0, -17.0, 4.0]) - mni_from_ras[:3, :3] @ middle
    correction = np.zeros((*(-(-n // COARSE) for n in shape), 3), np.float16)
    brain_mm = np.clip(np.rint(away - 60), -30, 30).astype(np.int8)
    return PreparedHead(t1, tissues.astype(np.uint8), brain_mm, matrix, mni_from_ras, correction)
