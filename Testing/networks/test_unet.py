"""The 3-D network keeps its grid and uses all of it, and its window lies where its configuration says."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.frame import FramedHead, SliceFrame
from DLPFCSegmenterLib.networks.registry import Trained
from DLPFCSegmenterLib.networks.unet import (
    UNetConfig,
    build_unet,
    region_probability,
    unet_window,
    window_image,
    window_points_mm,
)
from DLPFCSegmenterLib.scan.volume import Volume
from small_config import SMALL_WINDOW


def test_a_logit_for_each_voxel_whatever_the_batch():
    network = build_unet(SMALL_WINDOW).eval()
    images = torch.randn(3, 1, *SMALL_WINDOW.shape_kji)
    with torch.inference_mode():
        together = network(images)
        alone = network(images[1:2])
    assert together.shape == images.shape
    assert torch.allclose(together[1:2], alone, atol=1e-4)


def test_every_parameter_learns():
    network = build_unet(SMALL_WINDOW)
    network(torch.randn(2, 1, *SMALL_WINDOW.shape_kji)).square().mean().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in network.parameters())


def test_a_configuration_survives_the_way_through_plain_values_and_unknown_settings_are_refused():
    assert UNetConfig.from_dict(SMALL_WINDOW.to_dict()) == SMALL_WINDOW
    changed = UNetConfig().changed(["lr=0.1", "channels=4,6,8"])
    assert changed == replace(UNetConfig(), lr=0.1, channels=(4, 6, 8))
    with pytest.raises(UserError, match="colour"):
        UNetConfig.from_dict({"colour": 1})
    with pytest.raises(UserError, match="backbone"):
        UNetConfig().changed(["backbone=resnet50"])


CONFIG = replace(UNetConfig(), shape_kji=(8, 16, 24), spacing_mm=2.0, window_centre_mm=(-40.0, 30.0, 20.0))


def test_its_voxels_are_centred_and_spaced_as_said():
    points = window_points_mm(CONFIG)
    assert points.shape == (8, 16, 24, 3)
    assert np.allclose(points.mean(axis=(0, 1, 2)), CONFIG.window_centre_mm)
    assert np.allclose(points[1, 2, 3] - points[0, 0, 0], (6.0, 4.0, 2.0))


def test_an_image_shows_the_scan_through_the_frame():
    """Intensities that grow by 1 with every mm to the right, front and top say where each voxel was looked up."""
    k, j, i = np.indices((70, 80, 90)).astype(np.float32)
    scan_to_ras = np.diag([2.0, 2.0, 2.0, 1.0])
    scan_to_ras[:3, 3] = (-90.0, -50.0, -40.0)
    ras_from_frame = np.eye(4)
    ras_from_frame[:3, 3] = (5.0, -3.0, 2.0)
    expected = window_points_mm(CONFIG) + ras_from_frame[:3, 3]
    for axis, index in enumerate((i, j, k)):
        scan = Volume(index * 2.0 + scan_to_ras[axis, 3], scan_to_ras)
        image = window_image(FramedHead(scan, SliceFrame(ras_from_frame, 10.0, 50.0)), CONFIG)
        assert np.allclose(image[0] * 50.0 + 10.0, expected[..., axis], atol=1e-2)


class _Counts(nn.Module):
    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return images


def test_logits_become_probabilities_on_the_window():
    image = np.zeros((1, *CONFIG.shape_kji), np.float32)
    image[0, 2, 3, 4] = 2.0
    probability = region_probability(Trained(_Counts(), CONFIG), image)
    assert np.allclose(probability.ijk_to_ras, unet_window(CONFIG).ijk_to_ras)
    assert np.isclose(probability.array_kji[2, 3, 4], 1 / (1 + np.exp(-2.0)))
    assert np.isclose(probability.array_kji[0, 0, 0], 0.5)
