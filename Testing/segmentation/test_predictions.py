"""Views of a scan together, and each alone; slices of several planes to one clean piece."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry.spaces import ras_to_ijk
from DLPFCSegmenterLib.networks.configuration import MaskRCNNConfig
from DLPFCSegmenterLib.networks.frame import PLANES, SliceFrame, slice_window
from DLPFCSegmenterLib.networks.registry import View
from DLPFCSegmenterLib.networks.slice_detector import Detection, PlaneDetections
from DLPFCSegmenterLib.networks.unet import WINDOW, unet_window
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.predictions import Predictions, clean_mask, fused
from small_config import SMALL
from synthetic_head import HEAD_WINDOW

CONFIG = MaskRCNNConfig()
SHIFT_MM = np.array([3.0, -5.0, 7.0])


def everywhere(planes, probability: float, weight: float = 0.5) -> Predictions:
    """The planes are sure of every pixel; the window says `probability` of every voxel and has so much weight."""
    matrix = np.eye(4)
    matrix[:3, 3] = SHIFT_MM
    views = {}
    for plane in planes:
        window = slice_window(plane, SMALL)
        soft = np.ones(SMALL.image_size, np.float32)
        found = PlaneDetections(window, [[Detection(np.array([0, 0, 96, 96]), 1.0, soft)]] * window.count)
        views[plane] = View(plane, found.probability(), (1 - weight) / len(planes), found.seen(0.5))
    empty = unet_window(HEAD_WINDOW)
    views[WINDOW] = View(WINDOW, empty.with_array(np.full(empty.array_kji.shape, probability, np.float32)), weight)
    return Predictions(SliceFrame(matrix, 0.0, 1.0), 0.5, 0.0, views)


def without(predictions: Predictions, *names: str) -> Predictions:
    return replace(predictions, views={k: v for k, v in predictions.views.items() if k not in names})


def value_at(volume, point_ras_mm) -> float:
    i, j, k = np.round((np.linalg.inv(volume.ijk_to_ras) @ (*point_ras_mm, 1))[:3]).astype(int)
    return float(volume.array_kji[k, j, i])


MIDDLE_RAS_MM = np.array(HEAD_WINDOW.window_centre_mm) + SHIFT_MM


@pytest.mark.parametrize(("weight", "expected"), [(0.5, 0.6), (0.25, 0.8), (0.75, 0.4)])
def test_the_window_counts_by_its_weight_and_the_planes_share_the_rest(weight, expected):
    predictions = everywhere(["axial", "coronal"], 0.2, weight)
    assert value_at(predictions.fused(), MIDDLE_RAS_MM) == pytest.approx(expected, abs=1e-5)
    assert value_at(predictions.fused("coronal"), MIDDLE_RAS_MM) == pytest.approx(1.0)
    assert value_at(predictions.fused(WINDOW), MIDDLE_RAS_MM) == pytest.approx(0.2)


def test_planes_alone_and_the_window_alone_are_what_they_say():
    both = everywhere(["axial"], 0.2)
    assert value_at(without(both, WINDOW).fused(), MIDDLE_RAS_MM) == pytest.approx(1.0)
    assert value_at(without(both, "axial").fused(), MIDDLE_RAS_MM) == pytest.approx(0.2)


def test_where_no_slices_were_asked_the_layers_of_the_window_stand_for_them():
    predictions = everywhere([], 0.9)
    window = predictions.views[WINDOW].probability
    window.array_kji[:10] = window.array_kji[20:] = 0.1
    window.array_kji[15, :40] = 0.1
    scores = predictions.slice_scores(np.eye(4))
    assert [each.index for each in scores] == list(range(10, 20))
    assert scores[0].position_ras_mm == pytest.approx(window.ijk_to_ras[2, 3] + 20.0 + SHIFT_MM[2])
    assert all(each.score == pytest.approx(0.9) and each.plane == "axial" for each in scores)


def test_where_a_detector_was_asked_it_alone_says_in_which_slices_the_region_is():
    predictions = everywhere(["axial", "coronal"], 0.9)
    assert {each.plane for each in predictions.slice_scores(np.eye(4))} == {"axial", "coronal"}
    silent = {name: replace(view, slices=view.slices and ()) for name, view in predictions.views.items()}
    assert replace(predictions, views=silent).slice_scores(np.eye(4)) == ()


def test_probability_is_score_times_soft_mask_and_the_best_of_several():
    window = slice_window("axial", CONFIG)
    soft = np.zeros(window.config.image_size, np.float32)
    soft[10, 20] = 0.5
    found: list[list[Detection]] = [[] for _ in range(window.count)]
    found[3] = [Detection(np.zeros(4), 0.8, soft), Detection(np.zeros(4), 0.6, soft * 2)]
    stack = PlaneDetections(window, found).probability().array_kji
    assert np.isclose(stack[3, 10, 20], 0.6)
    assert np.count_nonzero(stack) == 1


def _ball_stack(plane: str, centre_mm: np.ndarray) -> Volume:
    window = slice_window(plane, CONFIG)
    kji = np.stack(np.meshgrid(*map(np.arange, window.shape), indexing="ij"), axis=-1)
    points = (window.slice_to_frame[:3, :3] @ kji[..., ::-1, None])[..., 0] + window.slice_to_frame[:3, 3]
    inside = np.linalg.norm(points - centre_mm, axis=-1) < 15
    return Volume(inside.astype(np.float32), window.slice_to_frame)


def test_the_same_ball_seen_in_three_planes_is_one_ball():
    centre_mm = np.array([-50.0, 30.0, 40.0])
    together = fused({plane: View(plane, _ball_stack(plane, centre_mm), 1.0) for plane in PLANES})
    kji = np.argwhere(together.array_kji > 0.5)
    assert np.allclose(kji.mean(axis=0)[::-1], ras_to_ijk(together.ijk_to_ras, centre_mm), atol=0.3)
    assert np.isclose(len(kji) * together.voxel_ml, 4 / 3 * np.pi * 15**3 / 1000, rtol=0.03)


def test_planes_count_by_their_weights():
    ball = _ball_stack("axial", np.array(CONFIG.window_centre_mm))
    nothing = ball.with_array(np.zeros_like(ball.array_kji))
    together = fused({"axial": View("axial", ball, 3.0), "coronal": View("coronal", nothing, 1.0)})
    assert np.isclose(together.array_kji.max(), 0.75)


def test_the_largest_piece_is_kept_and_its_holes_are_closed():
    block = np.zeros((12, 12, 12), np.float32)
    block[2:7, 2:7, 2:7] = 0.9
    block[4, 4, 4] = 0.0
    block[10, 10, 10] = 0.9
    kept = clean_mask(block, 0.5)
    assert kept.sum() == 125
    assert kept[4, 4, 4] and not kept[10, 10, 10]


def test_nothing_above_the_threshold_is_an_empty_mask():
    assert not clean_mask(np.zeros((4, 4, 4), np.float32), 0.5).any()
