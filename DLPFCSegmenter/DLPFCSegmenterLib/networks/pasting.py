"""Masks of a mask head laid on their slice, exactly the way in which training cut them out.

torchvision's own pasting rounds boxes to whole pixels and stretches them by one, which its training does not: a
cortical ribbon of three pixels pays for it (BENCHMARKS.md).
"""

import torch
from torch.nn.functional import grid_sample
from torchvision.models.detection.transform import GeneralizedRCNNTransform


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
