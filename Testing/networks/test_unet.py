"""The 3-D network keeps its grid and uses all of it."""

from dataclasses import replace

import pytest
import torch

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.mask_rcnn_config import with_settings
from DLPFCSegmenterLib.networks.unet import build_unet
from DLPFCSegmenterLib.networks.unet_config import UNetConfig
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
    changed = UNetConfig.from_dict(with_settings(UNetConfig().to_dict(), ["lr=0.1", "channels=4,6,8"]))
    assert changed == replace(UNetConfig(), lr=0.1, channels=(4, 6, 8))
    with pytest.raises(UserError, match="colour"):
        UNetConfig.from_dict({"colour": 1})
    with pytest.raises(UserError, match="backbone"):
        with_settings(UNetConfig().to_dict(), ["backbone=resnet50"])
