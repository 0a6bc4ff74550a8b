"""Views of a scan together, and each alone."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.networks.frame import SliceFrame
from DLPFCSegmenterLib.networks.slice_detector import Detection
from DLPFCSegmenterLib.networks.slicing import slice_window
from DLPFCSegmenterLib.segmentation.fusion import VOLUME
from DLPFCSegmenterLib.segmentation.predictions import Findings, PlaneFindings, VolumeFindings
from DLPFCSegmenterLib.segmentation.unet_window import volume_window
from small_config import SMALL
from synthetic_head import HEAD_WINDOW

SHIFT_MM = np.array([3.0, -5.0, 7.0])


def everywhere(planes, probability: float, weight: float = 0.5) -> Findings:
    """The planes are sure of every pixel; the window says `probability` of every voxel."""
    matrix = np.eye(4)
    matrix[:3, 3] = SHIFT_MM
    shown = {}
    for plane in planes:
        window = slice_window(plane, SMALL)
        soft = np.ones(SMALL.image_size, np.float32)
        shown[plane] = PlaneFindings(window, [[Detection(np.array([0, 0, 96, 96]), 1.0, soft)]] * window.count)
    empty = volume_window(HEAD_WINDOW)
    volume = VolumeFindings(empty.with_array(np.full(empty.array_kji.shape, probability, np.float32)), weight)
    return Findings(SliceFrame(matrix, 0.0, 1.0), 0.0, 0.5, shown, volume)


def value_at(volume, point_ras_mm) -> float:
    i, j, k = np.round((np.linalg.inv(volume.ijk_to_ras) @ (*point_ras_mm, 1))[:3]).astype(int)
    return float(volume.array_kji[k, j, i])


MIDDLE_RAS_MM = np.array(HEAD_WINDOW.window_centre_mm) + SHIFT_MM


@pytest.mark.parametrize(("weight", "expected"), [(0.5, 0.6), (0.25, 0.8), (0.75, 0.4)])
def test_the_window_counts_by_its_weight_and_the_planes_share_the_rest(weight, expected):
    findings = everywhere(["axial", "coronal"], 0.2, weight)
    assert findings.views == ("axial", "coronal", VOLUME)
    assert value_at(findings.fused(), MIDDLE_RAS_MM) == pytest.approx(expected, abs=1e-5)
    assert value_at(findings.fused("coronal"), MIDDLE_RAS_MM) == pytest.approx(1.0)
    assert value_at(findings.fused(VOLUME), MIDDLE_RAS_MM) == pytest.approx(0.2)


def test_planes_alone_and_the_window_alone_are_what_they_say():
    both = everywhere(["axial"], 0.2)
    assert value_at(replace(both, volume=None).fused(), MIDDLE_RAS_MM) == pytest.approx(1.0)
    assert value_at(replace(both, planes={}).fused(), MIDDLE_RAS_MM) == pytest.approx(0.2)


def test_where_no_slices_were_asked_the_layers_of_the_window_stand_for_them():
    findings = everywhere([], 0.9)
    array = findings.volume.probability.array_kji
    array[:10] = array[20:] = 0.1
    array[15, :40] = 0.1
    scores = findings.slice_scores(np.eye(4))
    assert [each.index for each in scores] == list(range(10, 20))
    matrix = findings.volume.probability.ijk_to_ras
    assert scores[0].position_ras_mm == pytest.approx(matrix[2, 3] + 20.0 + SHIFT_MM[2])
    assert all(each.score == pytest.approx(0.9) and each.plane == "axial" for each in scores)
