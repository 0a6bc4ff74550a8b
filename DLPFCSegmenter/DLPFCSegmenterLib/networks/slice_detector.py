"""The Mask R-CNN asked about a head: its detections in single slices, and the planes of slices as views."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import torch
from torch import nn
from torchvision.models.detection import MaskRCNN

from ..progress import Progress
from ..scan.volume import Volume
from .configuration import MaskRCNNConfig
from .frame import FramedHead, SliceWindow, slice_channels, slice_window
from .mask_rcnn import build_network
from .registry import Asked, SeenSlice, Trained, View

_BATCH = 4
"""Slices that the network is shown at once."""

_STEP_BESIDE_OTHERS = 2
"""Beside the 3-D U-Net, which draws most of the outline, each second slice is enough (BENCHMARKS.md)."""


@dataclass(frozen=True)
class Detection:
    """The region in one slice.

    box_pixels   (left, top, right, bottom) in pixels of the slice
    score        confidence 0..1
    soft_mask    float32 (rows, columns), 0..1; 0 outside the box
    """

    box_pixels: np.ndarray
    score: float
    soft_mask: np.ndarray


@torch.inference_mode()
def detect(network: MaskRCNN, images: Sequence[torch.Tensor], device: str) -> list[list[Detection]]:
    """The detections in each image (channels, rows, columns), best first; an empty list where there are none.

    The network must be in evaluation mode.
    """
    answers = network([image.to(device) for image in images])
    return [_detections(answer) for answer in answers]


def _detections(answer: dict[str, torch.Tensor]) -> list[Detection]:
    boxes, scores, masks = (answer[key].cpu().numpy() for key in ("boxes", "scores", "masks"))
    return [Detection(b, float(s), m[0]) for b, s, m in zip(boxes, scores, masks, strict=True)]


def detect_in_steps(
    network: MaskRCNN, images: Sequence[torch.Tensor], progress: Progress, device: str
) -> list[list[Detection]]:
    """`detect` in batches of a few slices, with progress that can be cancelled between them."""
    found: list[list[Detection]] = []
    progress.report(0, len(images), "slices")
    for first in range(0, len(images), _BATCH):
        found += detect(network, images[first : first + _BATCH], device)
        progress.report(len(found), len(images), "slices")
    return found


@dataclass(frozen=True)
class PlaneDetections:
    """What was detected in every slice of a plane, above the least confidence."""

    window: SliceWindow
    found: list[list[Detection]]

    def probability(self) -> Volume:
        """Soft masks times scores as probabilities 0..1 on the slices' own grid, in the frame's mm."""
        stack = np.zeros(self.window.shape, np.float32)
        for index, detections in enumerate(self.found):
            for detection in detections:
                np.maximum(stack[index], detection.score * detection.soft_mask, out=stack[index])
        return Volume(stack, self.window.slice_to_frame)

    def seen(self, threshold: float) -> tuple[SeenSlice, ...]:
        """The slices with a mask, each with its best detection."""
        return tuple(
            self._seen(index, max(shown, key=lambda detection: detection.score))
            for index, one in enumerate(self.found)
            if (shown := [each for each in one if each.soft_mask.max() >= threshold])
        )

    def _seen(self, index: int, best: Detection) -> SeenSlice:
        left, top, right, bottom = best.box_pixels
        middle = self.window.slice_to_frame @ ((left + right) / 2, (top + bottom) / 2, index, 1)
        return SeenSlice(self.window.plane, index, best.score, middle[:3], self.window.normal)


def detect_planes(trained: Trained, head: FramedHead, asked: Asked) -> list[PlaneDetections]:
    """The detections in the slices of every plane of the configuration; beside other networks in each second one."""
    config, step = trained.config, 1 if asked.alone else _STEP_BESIDE_OTHERS
    least = config.confidence if asked.confidence is None else asked.confidence
    windows = [slice_window(plane, config) for plane in config.planes]
    images = [_images(head, window)[::step] for window in windows]
    found = detect_in_steps(trained.network, list(chain(*images)), asked.progress, asked.device)
    kept = iter([[each for each in one if each.score >= least] for one in found])
    return [PlaneDetections(window, list(islice(kept, window.count))) for window in (w.every(step) for w in windows)]


def _images(head: FramedHead, window: SliceWindow) -> list[torch.Tensor]:
    """The window's slices with their neighbours and maps as channels, normalised; (channels, rows, columns) each."""
    half = window.config.context // 2
    steps = np.arange(-half, window.count + half)
    stack = head.normalised(window.points_ijk(steps, head.frame_to_ijk))
    extra = head.extra(window.config.extra_channels, window.points_ijk(np.arange(window.count), head.frame_to_ijk))
    shown = (slice_channels(stack[s : s + window.config.context], extra[:, s]) for s in range(window.count))
    return [torch.from_numpy(each) for each in shown]


class SliceDetector:
    """The Mask R-CNN as a `Network`: each plane is a view."""

    configuration = MaskRCNNConfig
    detects = True

    def build(self, config: MaskRCNNConfig) -> nn.Module:
        """An untrained network."""
        return build_network(config)

    def views(self, trained: Trained, head: FramedHead, asked: Asked) -> list[View]:
        """The planes, which share the network's weight."""
        planes = detect_planes(trained, head, asked)
        weight = trained.config.weight / len(planes)
        return [View(each.window.plane, each.probability(), weight, each.seen(asked.threshold)) for each in planes]


NETWORK = SliceDetector()
