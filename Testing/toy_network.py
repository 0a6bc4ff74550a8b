"""A third kind of network, in one file as a new one would be: it takes what is bright for the region."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, transform_points
from DLPFCSegmenterLib.networks.configuration import Configuration
from DLPFCSegmenterLib.networks.registry import NetworkEntry, View
from DLPFCSegmenterLib.scan.volume import Volume

ENTRY = NetworkEntry("Brightness", "toy_network")
CELLS = 60
SIZE_MM = 2.5


@dataclass(frozen=True)
class ToyConfig(Configuration):
    """It sees the head in the scanner's axes, and half of it counts beside a whole other network."""

    name: str = "toy"
    frame: str = "head"
    weight: float = 0.5


class Brightness(nn.Module):
    """1 where an intensity is above the level that it has learnt, else 0."""

    def __init__(self) -> None:
        super().__init__()
        self.level = nn.Parameter(torch.tensor(3.0))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return (image > self.level).float()


class Toy:
    configuration = ToyConfig
    detects = False

    def build(self, config):
        return Brightness()

    def views(self, trained, head, asked):
        matrix = np.diag([SIZE_MM, SIZE_MM, SIZE_MM, 1.0])
        matrix[:3, 3] = np.array((-20.0, 30.0, -60.0)) - SIZE_MM * (CELLS - 1) / 2
        grid = Volume(np.zeros((CELLS,) * 3, np.uint8), matrix)
        ijk = np.moveaxis(np.indices(grid.shape_ijk), 0, -1).transpose(2, 1, 0, 3)
        points = transform_points(head.frame_to_ijk, ijk_to_ras_points(matrix, ijk)).astype(np.float32)
        with torch.inference_mode():
            probability = trained.network(torch.from_numpy(head.normalised(points))).numpy()
        return [View("toy", grid.with_array(probability), trained.config.weight)]


NETWORK = Toy()
