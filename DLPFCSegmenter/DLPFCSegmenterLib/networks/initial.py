"""Where a network starts from: nothing, ImageNet, COCO, or any file of weights that fits.

ImageNet and COCO come from torchvision when online, or from a file that torchvision would have
loaded. Matterport's rule: layers whose shape depends on the classes start anew.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn
from torchvision.models import get_model_weights
from torchvision.models.detection import MaskRCNN_ResNet50_FPN_Weights

from ..errors import UserError

_FIRST = "backbone.stem.0.weight"
_RESNET_PARTS = {"conv1.": "stem.0.", "bn1.": "stem.1."} | {f"layer{n + 1}.": f"stages.{n}." for n in range(4)}


def initialise(network: nn.Module, start: str, backbone: str) -> int:
    """Copy pretrained values into a Mask R-CNN; returns how many tensors were copied.

    start  'none', 'imagenet', 'coco' or a file's path
    Raises UserError for a file that cannot be read or fits nowhere, or when offline.
    """
    if start == "none":
        return 0
    found = _renamed(_pretrained(start, backbone))
    own = network.state_dict()
    if _FIRST in found and _FIRST in own:
        found[_FIRST] = _with_channels(found[_FIRST], own[_FIRST].shape[1])
    fitting = {name: value for name, value in found.items() if _fits(own, name, value)}
    if not fitting:
        raise UserError(f"{start}: none of its weights fits a {backbone} Mask R-CNN; choose another file or backbone.")
    network.load_state_dict({**own, **fitting})
    return len(fitting)


def _with_channels(first: torch.Tensor, wanted: int) -> torch.Tensor:
    """The first layer's kernels for more input channels: those around the middle start at zero."""
    missing = wanted - first.shape[1]
    if missing <= 0:
        return first
    return nn.functional.pad(first, (0, 0, 0, 0, missing // 2, missing - missing // 2))


def _fits(own: Mapping[str, torch.Tensor], name: str, value: torch.Tensor) -> bool:
    return name in own and own[name].shape == value.shape


def _pretrained(start: str, backbone: str) -> Mapping[str, torch.Tensor]:
    if start in ("imagenet", "coco"):
        return _from_torchvision(start, backbone)
    try:
        held = torch.load(Path(start), map_location="cpu", weights_only=True)
    except Exception as error:
        raise UserError(f"{start}: cannot be read as a weights file ({type(error).__name__}).") from error
    for key in ("networks", "mask-rcnn", "state", "network", "model", "state_dict"):
        if isinstance(held, dict) and isinstance(held.get(key), dict):
            held = held[key]
    return {name: value for name, value in held.items() if isinstance(value, torch.Tensor)}


def _from_torchvision(start: str, backbone: str) -> Mapping[str, torch.Tensor]:
    weights = MaskRCNN_ResNet50_FPN_Weights.DEFAULT if start == "coco" else get_model_weights(backbone).DEFAULT
    try:
        return weights.get_state_dict(progress=False)
    except OSError as error:
        raise UserError(
            f"The {start} weights cannot be downloaded ({error}); download"
            f" {weights.url.rsplit('/', 1)[-1]} elsewhere and give the file instead."
        ) from error


def _renamed(found: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """torchvision's names of a ResNet or of a detector as ours."""
    return {_own_name(name): value for name, value in found.items()}


def _own_name(name: str) -> str:
    detector = name.startswith("backbone.body.")
    bare = name.removeprefix("backbone.body.")
    for theirs, ours in _RESNET_PARTS.items():
        if bare.startswith(theirs):
            return "backbone." + ours + bare.removeprefix(theirs)
    return "backbone." + bare if detector or name.startswith(("stem.", "stages.", "fpn.", "detail.")) else name
