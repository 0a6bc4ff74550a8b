"""Where in a scan the network looks: how strongly its feature maps answer, and where it proposes a region.

The paper's check that the network looks at lateral frontal cortex and not at the skull or the scan's edge.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from ..errors import UserError
from ..networks.mask_rcnn import DETAIL, FINEST
from ..networks.slice_detector import PlaneDetections, detect_planes
from ..progress import Progress
from ..scan.head_scan import HeadScan
from ..segmentation.segmenter import Segmenter, region_on_left


@dataclass(frozen=True)
class SliceAttention:
    """One slice as the network saw it; every array is float32 (rows, columns) unless said otherwise.

    image       normalised intensities
    mask        bool, what was found; empty where nothing was
    answers     feature map ('0' or 'detail') -> length of the feature vector at each pixel
    objectness  the highest score, 0..1, of the proposals around each pixel
    """

    plane: str
    image: np.ndarray
    mask: np.ndarray
    answers: dict[str, np.ndarray]
    objectness: np.ndarray

    @property
    def peak_inside(self) -> bool:
        """Whether the strongest proposal is centred in the box around the finding (a ribbon bends around its own)."""
        peak = np.unravel_index(np.argmax(self.objectness), self.objectness.shape)
        found = np.argwhere(self.mask)
        return bool(found.size and (found.min(axis=0) <= peak).all() and (peak <= found.max(axis=0)).all())


@dataclass(frozen=True)
class Attention:
    """Where the network looks in one slice of each plane: that with the largest finding."""

    source: str
    hemisphere: str
    model_id: str
    slices: tuple[SliceAttention, ...]

    @property
    def starts_left(self) -> bool:
        """Whether column 0 of axial and coronal slices shows the person's left; the right hemisphere's are mirrored."""
        return self.hemisphere == "left"

    @property
    def in_words(self) -> str:
        """The check in a sentence."""
        found = [each for each in self.slices if each.mask.any()]
        if not found:
            return f"Nothing was found on the {self.hemisphere}, so there is no region to compare with."
        inside = np.mean([each.objectness[each.mask].mean() for each in found])
        outside = np.mean([each.objectness[~each.mask].mean() for each in found])
        peaks = sum(each.peak_inside for each in found)
        return (
            f"Objectness is {inside:.2f} in the found region and {outside:.2f} elsewhere in the slices;"
            f" its peak lies in the box around the region in {peaks} of {len(found)} planes."
        )


def look(segmenter: Segmenter, head: HeadScan, hemisphere: str, progress: Progress) -> Attention:
    """Ask the network about a scan and watch its feature maps."""
    detector = segmenter.asked.get("mask-rcnn")
    if detector is None:
        raise UserError(
            "{name}: has no Mask R-CNN, whose feature maps are drawn; choose other weights.", name=segmenter.name
        )
    with _watched(detector.network, detector.config.context // 2) as seen:
        planes = detect_planes(detector, segmenter.framed(region_on_left(head, hemisphere)), segmenter.how(progress))
    slices, first = [], 0
    for each in planes:
        slices.append(_largest(each, seen, first, detector.config.mask_threshold))
        first += each.window.count
    return Attention(head.scan.source, hemisphere, segmenter.name, tuple(slices))


@dataclass(frozen=True)
class _Seen:
    """What was kept of every slice, in the order in which the network saw them."""

    images: list[np.ndarray]
    answers: list[dict[str, np.ndarray]]
    objectness: list[np.ndarray]


@contextmanager
def _watched(network: Any, middle: int) -> Iterator[_Seen]:
    """Keep the feature maps' answers and the proposals' scores of every slice that `network` sees inside.

    middle  which of its channels is the slice itself
    """
    seen = _Seen([], [], [])

    def keep_maps(_backbone: nn.Module, inputs: tuple, maps: dict) -> None:
        """Called with what the backbone saw and answered."""
        images = inputs[0]
        size = images.shape[-2:]
        norms = {name: _upsampled(maps[name].norm(dim=1), size) for name in (FINEST, DETAIL) if name in maps}
        seen.images.extend(images[:, middle].cpu().numpy())
        seen.answers.extend({k: v[n] for k, v in norms.items()} for n in range(len(images)))

    def keep_objectness(_head: nn.Module, _maps: tuple, answer: tuple) -> None:
        """Called with what the proposals' head answered to those slices."""
        size = seen.images[-1].shape
        levels = [_upsampled(level.sigmoid().amax(dim=1), size) for level in answer[0]]
        seen.objectness.extend(np.max(levels, axis=0))

    hooks = [network.backbone.register_forward_hook(keep_maps), network.rpn.head.register_forward_hook(keep_objectness)]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


def _upsampled(maps: torch.Tensor, size: tuple[int, int]) -> np.ndarray:
    """Maps (N, h, w) on the pixels of the slices, (N, rows, columns)."""
    return nn.functional.interpolate(maps[:, None].float(), size=size, mode="bilinear")[:, 0].cpu().numpy()


def _largest(each: PlaneDetections, seen: _Seen, first: int, threshold: float) -> SliceAttention:
    """The slice of a plane with the largest finding; where nothing was found, that of the highest objectness."""
    masks = np.array([_mask(found, each.window.shape[1:], threshold) for found in each.found])
    sizes = masks.sum(axis=(1, 2))
    peaks = [seen.objectness[first + n].max() for n in range(len(masks))]
    index = int(np.argmax(sizes) if sizes.any() else np.argmax(peaks))
    rows, columns = each.window.shape[1:]
    inside = np.s_[:rows, :columns]  # the network pads slices to multiples of its stride
    answers = {name: values[inside] for name, values in seen.answers[first + index].items()}
    image, objectness = (held[first + index][inside] for held in (seen.images, seen.objectness))
    return SliceAttention(each.window.plane, image, masks[index], answers, objectness)


def _mask(found: list, shape: tuple[int, int], threshold: float) -> np.ndarray:
    masks = [each.soft_mask >= threshold for each in found]
    return np.any(masks, axis=0) if masks else np.zeros(shape, bool)
