"""What the network says of single slices."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torchvision.models.detection import MaskRCNN

from ..progress import Progress


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
def detect(network: MaskRCNN, images: Sequence[torch.Tensor], device: str = "cpu") -> list[list[Detection]]:
    """The detections in each image (3, rows, columns), best first; an empty list where there are none.

    The network must be in evaluation mode.
    """
    answers = network([image.to(device) for image in images])
    return [_detections(answer) for answer in answers]


def _detections(answer: dict[str, torch.Tensor]) -> list[Detection]:
    boxes, scores, masks = (answer[key].cpu().numpy() for key in ("boxes", "scores", "masks"))
    return [Detection(b, float(s), m[0]) for b, s, m in zip(boxes, scores, masks, strict=True)]


def detect_in_steps(
    network: MaskRCNN, images: Sequence[torch.Tensor], progress: Progress, device: str = "cpu", batch: int = 4
) -> list[list[Detection]]:
    """`detect` in batches of a few slices, with progress that can be cancelled between them."""
    found: list[list[Detection]] = []
    progress.report(0, len(images), "slices")
    for first in range(0, len(images), batch):
        found += detect(network, images[first : first + batch], device)
        progress.report(len(found), len(images), "slices")
    return found
