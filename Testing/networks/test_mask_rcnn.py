"""The network is torchvision's Mask R-CNN and answers in its shapes."""

from dataclasses import replace

import pytest
import torch
from torchvision.models.detection import MaskRCNN

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.mask_rcnn import (
    build_network,
    channels,
    even_features,
    freeze_batch_norm,
    set_backbone_trainable,
)
from DLPFCSegmenterLib.training.curves import LOSSES
from small_config import SMALL

TARGET = {
    "boxes": torch.tensor([[10.0, 20.0, 40.0, 60.0]]),
    "labels": torch.tensor([1]),
    "masks": torch.ones(1, 96, 96, dtype=torch.uint8),
}


def test_training_gives_the_five_losses_in_their_order():
    torch.manual_seed(0)
    losses = build_network(SMALL).train()([torch.randn(3, 96, 96)], [TARGET])
    assert sorted(losses) == sorted(LOSSES[:5])
    assert all(torch.isfinite(value) for value in losses.values())


def test_inference_gives_soft_masks_of_the_slice_size():
    torch.manual_seed(0)
    network = build_network(SMALL).eval()
    network.roi_heads.score_thresh = 0.0
    with torch.inference_mode():
        (answer,) = network([torch.randn(3, 96, 96)])
    assert answer["masks"].shape == (1, 1, 96, 96)
    assert 0 <= float(answer["masks"].min()) and float(answer["masks"].max()) <= 1


@pytest.mark.parametrize("stages", [3, 4])
def test_three_stages_or_four_give_the_same_four_levels(stages):
    maps = build_network(replace(SMALL, stages=stages)).backbone(torch.zeros(1, 3, 64, 64))
    assert [tuple(m.shape[-2:]) for m in maps.values()][:4] == [(16, 16), (8, 8), (4, 4), (2, 2)]


@pytest.mark.parametrize("context", [1, 3, 5])
def test_neighbours_are_channels_and_a_lone_slice_is_shown_three_times(context):
    config = replace(SMALL, context=context)
    assert build_network(config).backbone.stem[0].in_channels == channels(config) == max(context, 3)


@pytest.mark.parametrize("backbone", ["resnet18", "resnet34", "resnet50", "resnet101"])
def test_every_backbone_builds_with_and_without_the_detail_map(backbone):
    for detail in (0, 8):
        network = build_network(replace(SMALL, stages=4, backbone=backbone, detail_channels=detail))
        assert isinstance(network, MaskRCNN)
        maps = network.backbone(torch.zeros(1, 3, 64, 64))
        assert [tuple(m.shape[-2:]) for m in maps.values()][:4] == [(16, 16), (8, 8), (4, 4), (2, 2)]
        assert ("detail" in maps) == bool(detail)


@pytest.mark.parametrize("stages, detail", [(4, 0), (3, 8)])
def test_even_features_have_one_scale_on_every_level_and_the_detail_map_stays(stages, detail):
    torch.manual_seed(0)
    backbone = build_network(replace(SMALL, stages=stages, detail_channels=detail)).backbone.eval()
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        before = backbone(images)
        divided_by = even_features(backbone, images)
        after = backbone(images)
    assert float(before["0"].std()) > 1.2
    assert [float(after[level].std()) for level in ("0", "1", "2")] == pytest.approx([1.0] * 3, rel=1e-3)
    assert torch.allclose(before["0"], after["0"] * divided_by, rtol=1e-3, atol=1e-4)
    assert not detail or torch.allclose(before["detail"], after["detail"], rtol=1e-3, atol=1e-4)


def test_unknown_backbone_is_refused_with_the_known_ones():
    with pytest.raises(UserError, match="resnet101"):
        build_network(replace(SMALL, backbone="vgg"))


def test_finer_masks_have_cells_of_half_the_size():
    network = build_network(replace(SMALL, mask_size=56))
    pooled = network.roi_heads.mask_roi_pool(
        network.backbone(torch.zeros(1, 3, 96, 96)), [torch.tensor([[0.0, 0, 40, 40]])], [(96, 96)]
    )
    features = network.roi_heads.mask_head(pooled)
    assert network.roi_heads.mask_predictor(features).shape[-2:] == (56, 56)


def test_frozen_backbone_does_not_learn_and_the_heads_do():
    network = build_network(SMALL)
    set_backbone_trainable(network, False)
    assert not any(p.requires_grad for p in network.backbone.stages.parameters())
    assert all(p.requires_grad for p in network.roi_heads.parameters())
    set_backbone_trainable(network, True)
    assert all(p.requires_grad for p in network.parameters())


def test_batch_norm_statistics_stay_as_they_are_once_frozen():
    network = build_network(SMALL).train()
    freeze_batch_norm(network)
    before = network.backbone.stem[1].running_mean.clone()
    network.backbone(torch.randn(2, 3, 96, 96) + 3)
    assert torch.equal(before, network.backbone.stem[1].running_mean)
