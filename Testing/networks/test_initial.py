"""Where a network starts from."""

from dataclasses import replace

import pytest
import torch
from torchvision.models import resnet18
from torchvision.models.detection import MaskRCNN_ResNet50_FPN_Weights, maskrcnn_resnet50_fpn

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.initial import initialise
from DLPFCSegmenterLib.networks.mask_rcnn import build_network
from small_config import SMALL


def test_imagenet_file_fills_the_whole_backbone(tmp_path):
    torch.manual_seed(1)
    pretrained = resnet18(weights=None)
    torch.save(pretrained.state_dict(), tmp_path / "resnet18.pth")
    network = build_network(replace(SMALL, stages=4))
    copied = initialise(network, str(tmp_path / "resnet18.pth"), "resnet18")
    assert copied == len(pretrained.state_dict()) - 2  # the classifier has no place
    assert torch.equal(network.backbone.stem[0].weight, pretrained.conv1.weight)
    assert torch.equal(network.backbone.stages[3][1].conv2.weight, pretrained.layer4[1].conv2.weight)


def test_coco_file_fills_all_but_what_depends_on_the_classes(tmp_path):
    torch.manual_seed(1)
    coco = maskrcnn_resnet50_fpn(weights=None, weights_backbone=None)
    torch.save(coco.state_dict(), tmp_path / "coco.pth")
    config = replace(
        SMALL, stages=4, backbone="resnet50", fpn_channels=256, box_head_size=1024, mask_head_channels=256,
        mask_head_layers=4, detail_channels=0,
    )  # fmt: skip
    network = build_network(config)
    before = network.roi_heads.box_predictor.cls_score.weight.clone()
    initialise(network, str(tmp_path / "coco.pth"), "resnet50")
    assert torch.equal(network.backbone.stem[0].weight, coco.backbone.body.conv1.weight)
    assert torch.equal(network.backbone.fpn.inner_blocks[2][0].weight, coco.backbone.fpn.inner_blocks[2][0].weight)
    assert torch.equal(network.roi_heads.mask_head[1][0].weight, coco.roi_heads.mask_head[1][0].weight)
    assert torch.equal(network.roi_heads.box_predictor.cls_score.weight, before)


def test_a_file_for_three_channels_starts_the_middle_of_more(tmp_path):
    pretrained = resnet18(weights=None)
    torch.save(pretrained.state_dict(), tmp_path / "resnet18.pth")
    network = build_network(replace(SMALL, context=5))
    initialise(network, str(tmp_path / "resnet18.pth"), "resnet18")
    first = network.backbone.stem[0].weight
    assert torch.equal(first[:, 1:4], pretrained.conv1.weight) and not first[:, [0, 4]].any()


def test_our_own_checkpoints_can_be_trained_further(tmp_path):
    torch.manual_seed(1)
    first = build_network(SMALL)
    torch.save({"network": first.state_dict(), "score": 0.5}, tmp_path / "best.pt")
    second = build_network(SMALL)
    assert initialise(second, str(tmp_path / "best.pt"), "resnet18") == len(first.state_dict())
    assert torch.equal(second.backbone.stem[0].weight, first.backbone.stem[0].weight)


def test_file_that_fits_nowhere_is_refused(tmp_path):
    torch.save({"strange.weight": torch.zeros(3)}, tmp_path / "strange.pth")
    with pytest.raises(UserError, match="none of its weights fits"):
        initialise(build_network(SMALL), str(tmp_path / "strange.pth"), "resnet18")
    (tmp_path / "text.pth").write_text("hello")
    with pytest.raises(UserError, match="cannot be read"):
        initialise(build_network(SMALL), str(tmp_path / "text.pth"), "resnet18")


def test_start_from_nothing_changes_nothing():
    assert initialise(build_network(SMALL), "none", "resnet18") == 0


def test_offline_download_says_which_file_to_fetch(monkeypatch):
    def offline(*args, **kwargs):
        raise OSError("no route to host")

    monkeypatch.setattr(torch.hub, "load_state_dict_from_url", offline)
    monkeypatch.setattr("torchvision.models._api.load_state_dict_from_url", offline)
    name = MaskRCNN_ResNet50_FPN_Weights.DEFAULT.url.rsplit("/", 1)[-1]
    with pytest.raises(UserError, match=name):
        initialise(build_network(SMALL), "coco", "resnet18")
