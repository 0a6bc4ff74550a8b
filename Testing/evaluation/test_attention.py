"""What the network answers is kept slice by slice, and the sentence about it says what the maps hold."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from DLPFCSegmenterLib.evaluation.attention import Attention, SliceAttention, look
from DLPFCSegmenterLib.networks.frame import normalise, sample, slice_frame, slice_window
from DLPFCSegmenterLib.networks.mask_rcnn import build_network
from DLPFCSegmenterLib.networks.registry import Trained
from DLPFCSegmenterLib.networks.weights import Model
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter
from small_config import SMALL
from synthetic_head import plain_grid, synthetic_head


@pytest.fixture(scope="module")
def segmenter():
    torch.manual_seed(3)
    trained = Trained(build_network(SMALL).eval(), SMALL)
    return Segmenter(Model({"mask-rcnn": trained}, "untrained", "0" * 64, {}), confidence=0.0)


@pytest.fixture(scope="module")
def attention(segmenter):
    return look(segmenter, HeadScan(synthetic_head(*plain_grid())), "left", SilentProgress())


def test_every_plane_has_a_slice_with_all_its_maps(attention):
    assert [each.plane for each in attention.slices] == list(SMALL.planes)
    for each in attention.slices:
        assert set(each.answers) == {"0", "detail"}
        arrays = (each.image, each.mask, each.objectness, *each.answers.values())
        assert all(array.shape == SMALL.image_size for array in arrays)
        assert 0 <= each.objectness.min() <= each.objectness.max() <= 1
        assert all(values.min() >= 0 and np.ptp(values) > 0 for values in each.answers.values())


def test_the_maps_belong_to_the_slice_that_is_shown(segmenter, attention):
    """The network's own maps of the very image that was kept."""
    network, shown = segmenter.asked["mask-rcnn"].network, attention.slices[0]
    image = torch.from_numpy(np.repeat(shown.image[None], SMALL.context, axis=0))
    with torch.inference_mode():
        maps = network.backbone(image[None])
    repeated = maps["detail"].norm(dim=1)[0].numpy()
    kept = shown.answers["detail"][::2, ::2]
    assert np.corrcoef(repeated.ravel(), kept.ravel())[0, 1] > 0.5


def test_what_is_shown_is_a_slice_and_no_map():
    head = HeadScan(synthetic_head(*plain_grid()))
    mapped = head.with_maps({"flat": head.canonical.with_array(np.full_like(head.canonical.array_kji, 7.0))})
    torch.manual_seed(3)
    config = replace(SMALL, extra_channels=("flat",) * SMALL.context)
    model = Model({"mask-rcnn": Trained(build_network(config).eval(), config)}, "untrained", "0" * 64, {})
    frame = slice_frame(config.frame, mapped)
    ijk_from_frame = np.linalg.inv(head.canonical.ijk_to_ras) @ frame.ras_from_frame
    for shown in look(Segmenter(model, confidence=0.0), mapped, "left", SilentProgress()).slices:
        window = slice_window(shown.plane, config)
        points_ijk = window.points_ijk(np.arange(window.count), ijk_from_frame)
        slices = normalise(sample(head.canonical.array_kji, points_ijk), frame.mean, frame.sd)
        assert np.abs(slices - shown.image).max(axis=(1, 2)).min() < 0.02


def test_nothing_is_left_hanging_on_the_network(segmenter, attention):
    network = segmenter.asked["mask-rcnn"].network
    assert not network.backbone._forward_hooks and not network.rpn.head._forward_hooks


def slice_with(peak, mask_rows):
    mask = np.zeros((10, 10), bool)
    mask[mask_rows] = True
    objectness = np.full((10, 10), 0.1)
    objectness[mask] = 0.6
    objectness[peak] = 0.9
    return SliceAttention("axial", np.zeros((10, 10)), mask, {}, objectness)


def test_the_sentence_says_where_the_peaks_are():
    inside, beside = slice_with((2, 2), slice(1, 4)), slice_with((8, 2), slice(1, 4))
    words = Attention("scan", "left", "model", (inside, beside)).in_words
    assert "in the box around the region in 1 of 2 planes" in words and "0.61 in the found region" in words
    nothing = slice_with((0, 0), slice(0, 0))
    assert "Nothing was found on the right" in Attention("scan", "right", "model", (nothing,)).in_words
