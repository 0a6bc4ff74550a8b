"""A head that everybody can check: an ellipsoid with a bright ball on its left, and its finder."""

import itertools
from dataclasses import replace
from zlib import crc32

import numpy as np
import torch
from torch import nn

from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.networks.configuration import MaskRCNNConfig
from DLPFCSegmenterLib.networks.registry import Trained
from DLPFCSegmenterLib.networks.unet import UNetConfig
from DLPFCSegmenterLib.networks.weights import Model
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume

CENTRE_RAS_MM = np.array([4.0, -6.0, 10.0])
RADII_MM = np.array([70.0, 90.0, 80.0])
BALL_RAS_MM = np.array([-31.0, 39.0, 41.0])
BALL_RADIUS_MM = 12.0


def synthetic_head(ijk_to_ras: np.ndarray, shape_ijk: tuple[int, int, int], side: float = -1.0) -> Volume:
    """Air 0, head 100, a striped ball of about 400 on the left (side -1) or mirrored on the right (+1)."""
    grid = np.stack(np.meshgrid(*map(np.arange, shape_ijk), indexing="ij"), axis=-1)
    points = spaces.ijk_to_ras_points(ijk_to_ras, grid)
    head = np.linalg.norm((points - CENTRE_RAS_MM) / RADII_MM, axis=-1) < 1
    ball = np.linalg.norm(points - ball_ras_mm(side), axis=-1) < BALL_RADIUS_MM
    stripes = 400.0 + 60.0 * np.sin(points[..., 2] / 2)
    values = np.where(ball, stripes, np.where(head, 100.0, 0.0)).astype(np.float32)
    return Volume(np.ascontiguousarray(values.transpose(2, 1, 0)), ijk_to_ras, Origin("synthetic head"))


def ball_ras_mm(side: float = -1.0) -> np.ndarray:
    """Middle of the ball, RAS mm; `side` +1 mirrors it at the head's own middle plane."""
    offset = BALL_RAS_MM - CENTRE_RAS_MM
    return CENTRE_RAS_MM + offset * (-side, 1.0, 1.0)


def plain_grid(spacing_mm: float = 2.0) -> tuple[np.ndarray, tuple[int, int, int]]:
    """(IJK to RAS, shape) of a RAS grid around the head."""
    shape = tuple(int(2 * (r + 16) / spacing_mm) for r in RADII_MM)
    matrix = np.diag([spacing_mm] * 3 + [1.0])
    matrix[:3, 3] = CENTRE_RAS_MM - (np.array(shape) - 1) / 2 * spacing_mm
    return matrix, shape


def every_axis_order(volume: Volume) -> list[Volume]:
    """The same voxels stored in all 48 orders and directions of the axes."""
    stored = []
    for order in itertools.permutations(range(3)):
        for flips in itertools.product((False, True), repeat=3):
            stored.append(_reordered(volume, order, flips))
    return stored


def _reordered(volume: Volume, order: tuple[int, ...], flips: tuple[bool, ...]) -> Volume:
    new_to_old = np.zeros((4, 4))
    new_to_old[3, 3] = 1
    array = volume.array_kji.transpose(2, 1, 0).transpose(order)
    for new, (old, flip) in enumerate(zip(order, flips, strict=True)):
        new_to_old[old, new] = -1 if flip else 1
        if flip:
            new_to_old[old, 3] = array.shape[new] - 1
            array = np.flip(array, new)
    return Volume(np.ascontiguousarray(array.transpose(2, 1, 0)), volume.ijk_to_ras @ new_to_old, volume.origin)


class BrightBallNetwork(nn.Module):
    """Answers as torchvision's Mask R-CNN does, but by looking for pixels far above the head's mean."""

    def forward(self, images: list[torch.Tensor]) -> list[dict[str, torch.Tensor]]:
        return [self._answer(image[len(image) // 2]) for image in images]

    def _answer(self, middle: torch.Tensor) -> dict[str, torch.Tensor]:
        bright = middle > 3.0
        rows, columns = torch.where(bright)
        if len(rows) < 4:
            return {"boxes": torch.zeros(0, 4), "scores": torch.zeros(0), "masks": torch.zeros(0, 1, *middle.shape)}
        box = [float(v) for v in (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)]
        return {
            "boxes": torch.tensor([box]),
            "scores": torch.tensor([0.9]),
            "masks": bright.float()[None, None],
        }


HEAD_CONFIG = replace(
    MaskRCNNConfig(),
    frame="head",
    image_size=(80, 80),
    window_centre_mm=(-20.0, 30.0, -60.0),
    depths_mm=(150.0,),
    pixel_mm=2.0,
    slice_mm=2.0,
    mask_threshold=0.5,
    label_mm=0.0,
)
"""Slices in all planes around the ball, in the scanner's axes: the phantom fits no template.

Half of a voxel's worth of ball is not ball, and no labels were learnt."""


class BrightBallWindowNetwork(nn.Module):
    """Answers as the 3-D network does, in the same way."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return torch.where(images > 3.0, 5.0, -5.0)


HEAD_WINDOW = replace(
    UNetConfig(),
    frame="head",
    shape_kji=(72, 72, 72),
    spacing_mm=2.0,
    window_centre_mm=(-20.0, 30.0, -60.0),
    label_mm=0.0,
)
"""A window of 142 mm around the ball, in the scanner's axes."""


def bright_ball_model(slices: bool = True, window: bool = False) -> Model:
    """A model whose networks are `BrightBallNetwork` and `BrightBallWindowNetwork`, or one of them."""
    networks = {"mask-rcnn": Trained(BrightBallNetwork(), HEAD_CONFIG)} if slices else {}
    networks |= {"unet": Trained(BrightBallWindowNetwork(), HEAD_WINDOW)} if window else {}
    return Model(networks, "bright-ball", "0" * 64, {"label_definition": "a bright ball"})


def of_person(head: Volume, name: str) -> Volume:
    """The same head, but for one voxel of air that is each person's own."""
    values = head.array_kji.copy()
    values[0, 0, 0] = 1 + crc32(name.encode()) % 9973 / 1000
    return head.with_array(values)
