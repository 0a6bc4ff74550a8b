"""Which slices of a head the network sees, and where each of their pixels lies."""

from dataclasses import dataclass

import numpy as np
import torch

from ..model.config import DLPFCConfig
from ..volume.canonical import HeadBox


@dataclass(frozen=True)
class SliceWindow:
    """A stack of axial slices over the upper head.

    Slice s lies at z = first_z_ras_mm + s * slice_mm. Row 0 of a slice is its most anterior one,
    column 0 its leftmost one.
    """

    corner_ras_mm: tuple[float, float]
    first_z_ras_mm: float
    count: int
    config: DLPFCConfig

    @property
    def slice_to_ras(self) -> np.ndarray:
        """4x4: (column, row, slice) to RAS mm."""
        c = self.config
        matrix = np.diag([c.pixel_mm, -c.pixel_mm, c.slice_mm, 1.0])
        matrix[:3, 3] = (*self.corner_ras_mm, self.first_z_ras_mm)
        return matrix

    def height_ras_mm(self, index: int) -> float:
        """z of a slice."""
        return self.first_z_ras_mm + index * self.config.slice_mm

    def points_ijk(self, slices: np.ndarray, ras_to_ijk: np.ndarray) -> np.ndarray:
        """Where all pixels of `slices` (S,) lie in a volume: IJK, float32 (S, rows, columns, 3).

        ras_to_ijk is a 4x4 from RAS mm to the volume's indices.
        """
        rows, columns = self.config.image_size
        matrix = (ras_to_ijk @ self.slice_to_ras).astype(np.float32)
        steps = [np.arange(columns), np.arange(rows)[:, None], np.asarray(slices)[:, None, None]]
        moved = [step[..., None].astype(np.float32) * matrix[:3, axis] for axis, step in enumerate(steps)]
        return moved[2] + moved[1] + moved[0] + matrix[:3, 3]


def slice_window(head: HeadBox, config: DLPFCConfig) -> SliceWindow:
    """The slices that the network looks at for a head, from `depth_mm` below its top to the top."""
    rows, columns = config.image_size
    x, y = head.centre_ras_mm[:2] + config.window_offset_mm
    left = float(x - (columns - 1) / 2 * config.pixel_mm)
    front = float(y + (rows - 1) / 2 * config.pixel_mm)
    count = int(config.depth_mm / config.slice_mm) + 1
    first = head.top_ras_mm - (count - 1) * config.slice_mm
    return SliceWindow((left, front), first, count, config)


INTENSITY_LIMIT = 5.0
"""Normalised intensities are clipped to +/- this many SD of the head's own."""


def normalise(values: np.ndarray, mean: float, sd: float) -> np.ndarray:
    """Intensities as the network takes them: 0 and 1 are the head's mean and SD. float32."""
    return np.clip((values - mean) / sd, -INTENSITY_LIMIT, INTENSITY_LIMIT).astype(np.float32)


def sample(array_kji: np.ndarray, points_ijk: np.ndarray, nearest: bool = False) -> np.ndarray:
    """Values at fractional IJK indices (..., 3), float32, linear or nearest; 0 outside. Shape (...)."""
    size = np.array(array_kji.shape[::-1], dtype=np.float32)
    grid = torch.from_numpy((points_ijk + np.float32(0.5)) * (2 / size) - 1)[None]
    values = torch.from_numpy(np.ascontiguousarray(array_kji, dtype=np.float32))[None, None]
    mode = "nearest" if nearest else "bilinear"
    result = torch.nn.functional.grid_sample(
        values, grid.reshape(1, 1, 1, -1, 3), mode=mode, padding_mode="zeros", align_corners=False
    )
    return result.numpy().reshape(points_ijk.shape[:-1])
