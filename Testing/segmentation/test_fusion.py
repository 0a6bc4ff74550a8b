"""Slices to one clean piece."""

import numpy as np

from DLPFCSegmenterLib.model.config import DLPFCConfig
from DLPFCSegmenterLib.segmentation.fusion import clean_mask, probability_stack
from DLPFCSegmenterLib.segmentation.inference import Detection
from DLPFCSegmenterLib.segmentation.slicing import slice_window
from DLPFCSegmenterLib.volume.canonical import HeadBox
from DLPFCSegmenterLib.volume.volume import Volume


def test_probability_is_score_times_soft_mask_and_the_best_of_several():
    window = slice_window(HeadBox(np.zeros(3)), DLPFCConfig())
    soft = np.zeros(window.config.image_size, np.float32)
    soft[10, 20] = 0.5
    found = [[] for _ in range(window.count)]
    found[3] = [Detection(np.zeros(4), 0.8, soft), Detection(np.zeros(4), 0.6, soft * 2)]
    stack = probability_stack(found, window).array_kji
    assert np.isclose(stack[3, 10, 20], 0.6)
    assert np.count_nonzero(stack) == 1


def test_the_largest_piece_is_kept_and_its_holes_are_closed():
    block = np.zeros((12, 12, 12), np.float32)
    block[2:7, 2:7, 2:7] = 0.9
    block[4, 4, 4] = 0.0
    block[10, 10, 10] = 0.9
    kept = clean_mask(Volume(block, np.eye(4)), 0.5)
    assert kept.sum() == 125
    assert kept[4, 4, 4] and not kept[10, 10, 10]


def test_nothing_above_the_threshold_is_an_empty_mask():
    assert not clean_mask(Volume(np.zeros((4, 4, 4), np.float32), np.eye(4)), 0.5).any()
