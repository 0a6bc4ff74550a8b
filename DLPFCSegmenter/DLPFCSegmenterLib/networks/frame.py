"""The frame in which a head is sliced: MNI space laid on its brain, or the scanner's axes at its top.

In MNI axes every head is upright, of one size and in one place, so that a small window and a
small network suffice. The affine comes from `scan.registration`.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch

from ..errors import UserError
from ..scan.canonical import find_head, head_intensity, resample
from ..scan.head_scan import HeadScan
from ..scan.registration import Registration, template_brain
from ..scan.volume import Volume


@dataclass(frozen=True)
class SliceFrame:
    """Axes and grey values of a head.

    ras_from_frame  4x4, the frame's mm to the scan's RAS mm; the frame's x grows to the right, y to
                    the front, z to the top
    mean, sd        intensities that are normalised to 0 and 1
    """

    ras_from_frame: np.ndarray
    mean: float
    sd: float


def slice_frame(kind: str, head: HeadScan) -> SliceFrame:
    """The frame of a head: 'mni' by its registration, or 'head'. Raises UserError for others."""
    if kind == "mni":
        return _mni_frame(head.canonical, head.registration)
    if kind == "head":
        matrix = np.eye(4)
        matrix[:3, 3] = find_head(head.canonical).centre_ras_mm
        return SliceFrame(matrix, *head_intensity(head.canonical.array_kji))
    raise UserError(f"Unknown frame '{kind}' in the model's configuration: use mni or head.")


def _mni_frame(canonical: Volume, registration: Registration) -> SliceFrame:
    """The grey values are those of the brain, so that a skull or its absence changes nothing."""
    brain = template_brain()
    placed = brain.with_array(brain.array_kji.astype(np.float32))
    inside = resample(canonical, replace(placed, ijk_to_ras=registration.ras_from_mni @ brain.ijk_to_ras))
    values = inside.array_kji[brain.array_kji]
    values = values[values > 0]
    if values.size < 100:
        return SliceFrame(registration.ras_from_mni, *head_intensity(canonical.array_kji))
    return SliceFrame(registration.ras_from_mni, float(values.mean()), max(float(values.std()), 1e-6))


@dataclass(frozen=True)
class FramedHead:
    """A head as networks see it, in the world in which the wanted region lies on the left.

    canonical  the scan on its canonical grid
    """

    canonical: Volume
    frame: SliceFrame

    @property
    def frame_to_ijk(self) -> np.ndarray:
        """4x4, the frame's mm to voxel indices of the canonical grid."""
        return np.linalg.inv(self.canonical.ijk_to_ras) @ self.frame.ras_from_frame

    def normalised(self, points_ijk: np.ndarray) -> np.ndarray:
        """Intensities at fractional indices (..., 3) of the canonical grid, normalised; float32, shape (...)."""
        return normalise(sample(self.canonical.array_kji, points_ijk), self.frame.mean, self.frame.sd)


INTENSITY_LIMIT = 5.0
"""Normalised intensities are clipped to +/- this many SD of the frame's own."""


def normalise(values: np.ndarray, mean: float, sd: float) -> np.ndarray:
    """Intensities as the network takes them: 0 and 1 are the frame's mean and SD. float32."""
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
