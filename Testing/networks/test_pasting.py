"""What training cuts out of a slice is laid back where it was."""

import numpy as np
import pytest
import torch
from torchvision.models.detection.roi_heads import paste_masks_in_image, project_masks_on_boxes

from DLPFCSegmenterLib.evaluation.metrics import dice
from DLPFCSegmenterLib.networks.mask_rcnn import ExactPasting, build_network, paste
from small_config import SMALL

SHAPE = (60, 80)


def ribbon() -> torch.Tensor:
    """An arc three pixels thick, as of cortex; bool (1, rows, columns)."""
    row, column = np.indices(SHAPE)
    radius = np.hypot(row - 50.0, column - 40.0)
    return torch.from_numpy((abs(radius - 25) < 1.5) & (row < 45))[None]


def there_and_back(mask: torch.Tensor, box: list[float], cells: int, how) -> np.ndarray:
    boxes = torch.tensor([box])
    cut = project_masks_on_boxes(mask.float(), boxes, torch.tensor([0]), cells)
    return how(cut[:, None], boxes, SHAPE)[0, 0].numpy()


@pytest.mark.parametrize("box", [[14.0, 24.0, 67.0, 46.0], [12.6, 22.3, 68.8, 47.7]], ids=["whole", "broken"])
def test_a_ribbon_comes_back_where_it_was(box):
    mask = ribbon()
    exact = there_and_back(mask, box, 56, paste)
    assert dice(exact >= 0.5, mask[0].numpy()) > 0.97
    assert dice(there_and_back(mask, box, 56, paste_masks_in_image) >= 0.5, mask[0].numpy()) < 0.93


def test_several_masks_go_to_their_own_boxes_and_nowhere_else():
    boxes = torch.tensor([[0.0, 0.0, 10.0, 20.0], [40.0, 30.0, 60.5, 45.0]])
    pasted = paste(torch.ones(2, 1, 28, 28), boxes, SHAPE)
    assert pasted.shape == (2, 1, *SHAPE)
    for mask, (left, top, right, bottom) in zip(pasted[:, 0], boxes.tolist(), strict=True):
        rows, columns = torch.where(mask > 0)
        assert (rows.min(), rows.max()) == (np.ceil(top), np.floor(bottom))
        assert (columns.min(), columns.max()) == (np.ceil(left), np.floor(right))


def test_no_mask_pastes_to_none():
    assert paste(torch.zeros(0, 1, 28, 28), torch.zeros(0, 4), SHAPE).shape == (0, 1, *SHAPE)


def test_the_network_ends_with_it():
    assert isinstance(build_network(SMALL).transform, ExactPasting)
