"""The network: torchvision's Mask R-CNN with a ResNet-FPN backbone and a finer mask head.

Sources: He et al., Mask R-CNN (ICCV 2017); Lin et al., Feature Pyramid Networks (CVPR 2017).
A slice is a float tensor (channels, rows, columns) of normalised intensities, laid out as
`frame.PLANES` says, `pixel_mm` apart; its channels are the slice among its neighbours.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial

import torch
from torch import nn
from torch.nn.functional import grid_sample
from torchvision.models import resnet
from torchvision.models.detection import MaskRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.mask_rcnn import MaskRCNNHeads, MaskRCNNPredictor
from torchvision.models.detection.rpn import RPNHead
from torchvision.models.detection.transform import GeneralizedRCNNTransform
from torchvision.ops import FeaturePyramidNetwork, MultiScaleRoIAlign, RoIAlign
from torchvision.ops.feature_pyramid_network import LastLevelMaxPool

from ..errors import UserError
from .configuration import MaskRCNNConfig

_LEVELS = ("0", "1", "2", "3")
FINEST, DETAIL = _LEVELS[0], "detail"
"""Names of the pyramid's finest feature map, and of the finer one beside the pyramid."""


class Backbone(nn.Module):
    """ResNet with a feature pyramid of strides 4, 8, 16, 32, and a detail map of stride 2.

    With three of ResNet's four stages the coarsest map is the third one's, pooled.

    forward((N, channels, H, W)) -> ordered maps '0'..'3' of (N, fpn_channels, H/4, W/4) and coarser, and,
    where `detail_channels` > 0, last of all 'detail' of (N, detail_channels, H/2, W/2).
    """

    def __init__(self, config: MaskRCNNConfig) -> None:
        super().__init__()
        builders: dict[str, Callable] = {
            name: getattr(resnet, name) for name in ("resnet18", "resnet34", "resnet50", "resnet101")
        }
        if config.backbone not in builders:
            raise UserError(
                "Unknown backbone '{backbone}': use one of {builders}.",
                backbone=config.backbone,
                builders=", ".join(builders),
            )
        body = builders[config.backbone](weights=None)
        self.stem = nn.Sequential(_first_layer(body.conv1, channels(config)), body.bn1, body.relu)
        self.pool = body.maxpool
        stages = [body.layer1, body.layer2, body.layer3, body.layer4][: config.stages]
        self.stages = nn.ModuleList(stages)
        widths = [body.fc.in_features // 2**power for power in (3, 2, 1, 0)][: config.stages]
        self.out_channels, self.detail_channels = config.fpn_channels, config.detail_channels
        coarsest = LastLevelMaxPool() if config.stages < len(_LEVELS) else None
        self.fpn = FeaturePyramidNetwork(widths, config.fpn_channels, coarsest)
        self.detail = _detail_map(config.fpn_channels, config.detail_channels)

    def forward(self, images: torch.Tensor) -> OrderedDict:
        """Feature maps of a batch of slices (see the class)."""
        stem = self.stem(images.contiguous(memory_format=torch.channels_last))
        maps, x = OrderedDict(), self.pool(stem)
        for level, stage in zip(_LEVELS, self.stages, strict=False):
            maps[level] = x = stage(x)
        maps = OrderedDict(zip(_LEVELS, self.fpn(maps).values(), strict=True))
        if self.detail is not None:
            lifted = nn.functional.interpolate(maps["0"], size=stem.shape[-2:], mode="bilinear")
            maps[DETAIL] = self.detail(torch.cat([stem, lifted], dim=1))
        return maps


def _first_layer(conv1: nn.Conv2d, inputs: int) -> nn.Conv2d:
    """ResNet's first convolution for slices of `inputs` channels."""
    return conv1 if inputs == 3 else nn.Conv2d(inputs, 64, 7, stride=2, padding=3, bias=False)


def _detail_map(fpn_channels: int, detail_channels: int) -> nn.Sequential | None:
    if not detail_channels:
        return None
    return nn.Sequential(
        nn.Conv2d(64 + fpn_channels, detail_channels, 1, bias=False),
        nn.BatchNorm2d(detail_channels),
        nn.ReLU(inplace=True),
        nn.Conv2d(detail_channels, detail_channels, 3, padding=1, bias=False),
        nn.BatchNorm2d(detail_channels),
        nn.ReLU(inplace=True),
    )


class _PyramidAnchors(AnchorGenerator):
    """Anchors on the pyramid's levels alone, not on the detail map."""

    def forward(self, image_list: ImageList, feature_maps: list[torch.Tensor]) -> list[torch.Tensor]:
        """Anchors of each image, as torchvision's generator gives them."""
        return super().forward(image_list, feature_maps[: len(_LEVELS)])


class _PyramidProposals(RPNHead):
    """Proposals from the pyramid's levels alone, not from the detail map."""

    def forward(self, x: list[torch.Tensor]) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """Objectness and box offsets of each level, as torchvision's head gives them."""
        return super().forward(x[: len(_LEVELS)])


class _DetailPooler(MultiScaleRoIAlign):
    """RoI features for the mask head: pyramid level 0 and the detail map, side by side.

    forward(maps, boxes, image sizes) -> (boxes, channels, mask_size / 2, mask_size / 2)
    """

    def __init__(self, output_size: int) -> None:
        super().__init__(["0", DETAIL], output_size, sampling_ratio=2)
        self.coarse = RoIAlign(output_size, spatial_scale=1 / 4, sampling_ratio=1, aligned=True)
        self.fine = RoIAlign(output_size, spatial_scale=1 / 2, sampling_ratio=1, aligned=True)

    def forward(self, maps: dict, boxes: list[torch.Tensor], image_shapes: list) -> torch.Tensor:
        """Features of the boxes (see the class)."""
        return torch.cat([self.coarse(maps["0"], boxes), self.fine(maps[DETAIL], boxes)], dim=1)


def channels(config: MaskRCNNConfig) -> int:
    """Channels of a slice: its neighbours, or three times itself (the paper's RGB), and maps."""
    return (config.context if config.context > 1 else 3) + len(config.extra_channels)


def build_network(config: MaskRCNNConfig) -> MaskRCNN:
    """An untrained Mask R-CNN for `config`. Raises UserError for a configuration that cannot be built."""
    backbone = Backbone(config)
    rows, columns = config.image_size
    levels = len(_LEVELS)
    anchors = _PyramidAnchors(tuple((size,) for size in config.anchor_sizes), (config.anchor_ratios,) * levels)
    network = MaskRCNN(
        backbone,
        num_classes=None,
        min_size=min(rows, columns),
        max_size=max(rows, columns),
        image_mean=[0.0] * channels(config),
        image_std=[1.0] * channels(config),
        rpn_anchor_generator=anchors,
        rpn_head=_PyramidProposals(config.fpn_channels, anchors.num_anchors_per_location()[0]),
        rpn_pre_nms_top_n_train=2 * config.proposals_train,
        rpn_pre_nms_top_n_test=2 * config.proposals_test,
        rpn_post_nms_top_n_train=config.proposals_train,
        rpn_post_nms_top_n_test=config.proposals_test,
        box_roi_pool=MultiScaleRoIAlign(list(_LEVELS), output_size=7, sampling_ratio=2),
        box_head=TwoMLPHead(config.fpn_channels * 49, config.box_head_size),
        box_predictor=FastRCNNPredictor(config.box_head_size, config.classes),
        box_score_thresh=0.05,
        box_nms_thresh=config.box_nms,
        box_bg_iou_thresh=config.background_iou,
        box_detections_per_img=config.detections,
        box_batch_size_per_image=config.rois_per_image,
        box_positive_fraction=config.positive_fraction,
        mask_roi_pool=_mask_pooler(config),
        mask_head=_mask_head(config),
        mask_predictor=MaskRCNNPredictor(config.mask_head_channels, config.mask_head_channels, config.classes),
    )
    network.transform = ExactPasting(network.transform)
    # torchvision's start gives logits of tens, and the first steps would go into undoing them.
    nn.init.normal_(network.roi_heads.mask_predictor.mask_fcn_logits.weight, std=0.01)
    # A quarter less time a step on a CPU (BENCHMARKS.md), the same numbers.
    return network.to(memory_format=torch.channels_last)


def _mask_head(config: MaskRCNNConfig) -> nn.Module:
    """The paper's plain convolutions, or normalised ones where two maps of unlike scale are joined."""
    in_channels = config.fpn_channels + config.detail_channels
    norm = partial(nn.GroupNorm, 8) if config.detail_channels else None
    return MaskRCNNHeads(in_channels, (config.mask_head_channels,) * config.mask_head_layers, 1, norm)


def _mask_pooler(config: MaskRCNNConfig) -> nn.Module:
    if config.detail_channels:
        return _DetailPooler(config.mask_size // 2)
    return MultiScaleRoIAlign(list(_LEVELS), output_size=config.mask_size // 2, sampling_ratio=2)


def freeze_batch_norm(network: nn.Module) -> None:
    """Keep every BatchNorm's statistics as they are: a few slices a step are too few to learn them."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


def set_backbone_trainable(network: MaskRCNN, trainable: bool) -> None:
    """Let the ResNet learn (second phase) or keep it as it is (first phase: heads and FPN alone)."""
    for part in (network.backbone.stem, network.backbone.stages):
        part.requires_grad_(trainable)


@torch.no_grad()
def even_features(backbone: Backbone, images: torch.Tensor) -> float:
    """Scale the pyramid so that on `images` (N, channels, H, W) its sums and every level of it have an SD of about 1.

    What a new pyramid makes of ResNet's features, or one that was followed by a normalisation, has an SD of 8 to 120:
    the first steps of SGD then switch off nearly all units of a new box head for good. The detail map stays as it is.
    Returns by how much the pyramid's finest level was divided.
    """
    sums: dict[str, torch.Tensor] = {}
    first, pyramid = backbone.fpn.layer_blocks[0], backbone.fpn
    handle = first.register_forward_pre_hook(lambda _, given: sums.update(first=given[0]))
    maps = backbone.eval()(images)
    handle.remove()
    within = sums["first"].std()
    for values in pyramid.inner_blocks.parameters():
        values.div_(within)
    for level, block in zip(_LEVELS, pyramid.layer_blocks, strict=False):
        spread = maps[level].std()
        weight, bias = block.parameters()
        weight.mul_(within / spread)
        bias.div_(spread)
        if block is first and backbone.detail is not None:
            next(backbone.detail.parameters())[:, -backbone.out_channels :].mul_(spread)
    return float(maps[FINEST].std())


class ExactPasting(GeneralizedRCNNTransform):
    """torchvision's way into and out of the network, with `paste` at its end; `plain` is the one that it replaces."""

    def __init__(self, plain: GeneralizedRCNNTransform) -> None:
        sizes = (plain.min_size, plain.max_size, plain.image_mean, plain.image_std)
        super().__init__(*sizes, size_divisible=plain.size_divisible, fixed_size=plain.fixed_size)

    def postprocess(self, result: list[dict], image_shapes: list, original_image_sizes: list) -> list[dict]:
        """Boxes and masks (N, 1, rows, columns) of each image, in its own pixels."""
        if self.training:
            return result
        masks = [answer.pop("masks") for answer in result]
        result = super().postprocess(result, image_shapes, original_image_sizes)
        for answer, cells, shape in zip(result, masks, original_image_sizes, strict=True):
            answer["masks"] = paste(cells, answer["boxes"], shape)
        return result


def paste(masks: torch.Tensor, boxes: torch.Tensor, shape: tuple[int, int]) -> torch.Tensor:
    """Masks (N, 1, cells, cells) over their boxes (N, 4: left, top, right, bottom) on slices of `shape`.

    Training cuts its targets out with torchvision's `roi_align`, to which pixel 3 lies at 3.0 and not from 3 to 4:
    so here too. Returns (N, 1, rows, columns); 0 outside the boxes.
    """
    across = _in_box(boxes[:, 0], boxes[:, 2], shape[1])[:, None, :].expand(-1, *shape)
    down = _in_box(boxes[:, 1], boxes[:, 3], shape[0])[:, :, None].expand(-1, *shape)
    grid = torch.stack([across, down], dim=-1)
    pasted = grid_sample(masks, grid, padding_mode="border", align_corners=False)
    return pasted * (grid.abs() <= 1).all(dim=-1)[:, None]


def _in_box(low: torch.Tensor, high: torch.Tensor, pixels: int) -> torch.Tensor:
    """Where each pixel lies between the ends of each box, -1 to 1 inside: (N, pixels)."""
    at = torch.arange(pixels, device=low.device)
    return 2 * (at - low[:, None]) / (high - low).clamp(min=1e-3)[:, None] - 1
