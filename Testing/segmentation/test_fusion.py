"""Slices of several planes to one clean piece."""

import numpy as np

from DLPFCSegmenterLib.geometry.spaces import ras_to_ijk
from DLPFCSegmenterLib.networks.mask_rcnn_config import MaskRCNNConfig
from DLPFCSegmenterLib.networks.slice_detector import Detection
from DLPFCSegmenterLib.networks.slicing import PLANES, slice_window
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.fusion import clean_mask, fused, probability_stack

CONFIG = MaskRCNNConfig()


def test_probability_is_score_times_soft_mask_and_the_best_of_several():
    window = slice_window("axial", CONFIG)
    soft = np.zeros(window.config.image_size, np.float32)
    soft[10, 20] = 0.5
    found = [[] for _ in range(window.count)]
    found[3] = [Detection(np.zeros(4), 0.8, soft), Detection(np.zeros(4), 0.6, soft * 2)]
    stack = probability_stack(found, window).array_kji
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
    together = fused({plane: _ball_stack(plane, centre_mm) for plane in PLANES}, dict.fromkeys(PLANES, 1.0))
    kji = np.argwhere(together.array_kji > 0.5)
    assert np.allclose(kji.mean(axis=0)[::-1], ras_to_ijk(together.ijk_to_ras, centre_mm), atol=0.3)
    assert np.isclose(len(kji) * together.voxel_ml, 4 / 3 * np.pi * 15**3 / 1000, rtol=0.03)


def test_planes_count_by_their_weights():
    ball = _ball_stack("axial", np.array(CONFIG.window_centre_mm))
    nothing = ball.with_array(np.zeros_like(ball.array_kji))
    together = fused({"axial": ball, "coronal": nothing}, {"axial": 3.0, "coronal": 1.0})
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
