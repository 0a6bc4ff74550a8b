"""The frame in which a head is sliced, which slices of it the network sees, and where each of their pixels lies.

The frame is MNI space laid on the head's brain, or the scanner's axes at its top. In MNI axes every head is upright, of
one size and in one place, so that a small window and a small network suffice. The affine is that
of `scan.head_frame`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch

from ..errors import UserError
from ..scan.canonical import find_head, head_intensity, resample
from ..scan.head_frame import HeadFrame, template_brain
from ..scan.head_scan import HeadScan
from ..scan.volume import Volume
from .configuration import MaskRCNNConfig


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
    raise UserError("Unknown frame '{kind}' in the model's configuration: use mni or head.", kind=kind)


@dataclass(frozen=True)
class Channel:
    """A map beside the T1, array (K, J, I) on its canonical grid, over its SD; the mean stands for 0."""

    array_kji: np.ndarray
    mean: float

    def at(self, points_ijk: np.ndarray) -> np.ndarray:
        """Normalised values at fractional indices (..., 3) of the canonical grid; float32, shape (...)."""
        return normalise(sample(self.array_kji, points_ijk), self.mean, 1.0)

    def cropped(self, box: tuple[slice, ...]) -> "Channel":
        """What is left of it in a box, in half precision."""
        return replace(self, array_kji=self.array_kji[box].astype(np.float16))


def channels_of(head: HeadScan, names: Sequence[str]) -> tuple[Channel, ...]:
    """The named maps of a head, each by mean and SD of what it shows in the head.

    They are brought to an SD of 1, so that half precision holds them whatever their unit. Raises UserError for one
    that is missing.
    """
    missing = [name for name in names if name not in head.maps]
    if missing:
        raise UserError(
            "These networks see more than the T1: give {missing} of '{scan}' too, as --channel {first}=FILE.",
            missing=", ".join(missing),
            scan=head.scan.source,
            first=missing[0],
        )
    return tuple(_even_channel(head.maps[name].array_kji) for name in names)


def _even_channel(array_kji: np.ndarray) -> Channel:
    """A map over the SD of what it shows; 0, which stands for nothing, stays 0."""
    shown = array_kji[array_kji != 0].astype(float)
    mean, sd = (float(shown.mean()), float(shown.std())) if shown.size else (0.0, 1.0)
    unit = sd if sd > 1e-6 * abs(mean) else abs(mean)
    return Channel((array_kji / unit).astype(np.float32), mean / unit)


def _mni_frame(canonical: Volume, registration: HeadFrame) -> SliceFrame:
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
    maps       name -> a map that is seen beside it
    cut        brain lies beyond the field of view: there the head goes on as its mirror image at the border, for the
               networks never saw a head that ends in air within the brain
    turned     whether its grey values were turned round (`segmentation.likeness`)
    """

    canonical: Volume
    frame: SliceFrame
    maps: Mapping[str, Channel] = field(default_factory=dict)
    cut: bool = False
    turned: bool = False

    @property
    def frame_to_ijk(self) -> np.ndarray:
        """4x4, the frame's mm to voxel indices of the canonical grid."""
        return np.linalg.inv(self.canonical.ijk_to_ras) @ self.frame.ras_from_frame

    def normalised(self, points_ijk: np.ndarray) -> np.ndarray:
        """Intensities at fractional indices (..., 3) of the canonical grid, normalised; float32, shape (...)."""
        beyond = "reflection" if self.cut else "zeros"
        return normalise(sample(self.canonical.array_kji, points_ijk, beyond=beyond), self.frame.mean, self.frame.sd)

    def extra(self, names: Sequence[str], points_ijk: np.ndarray) -> np.ndarray:
        """The named maps at points (..., 3), normalised; float32, shape (C, ...)."""
        return extra_at([self.maps[name] for name in names], points_ijk)


def extra_at(maps: Sequence[Channel], points_ijk: np.ndarray) -> np.ndarray:
    """Maps at fractional indices (..., 3), normalised; float32, shape (C, ...)."""
    return np.array([each.at(points_ijk) for each in maps], np.float32).reshape(len(maps), *points_ijk.shape[:-1])


def slice_channels(stack: np.ndarray, extra: np.ndarray) -> np.ndarray:
    """A slice as it is shown: its neighbours (S, rows, columns), one alone three times, and maps (C, rows, columns)."""
    return np.concatenate([np.repeat(stack, 3, axis=0) if len(stack) == 1 else stack, extra])


INTENSITY_LIMIT = 5.0
"""Normalised intensities are clipped to +/- this many SD of the frame's own."""


def normalise(values: np.ndarray, mean: float, sd: float) -> np.ndarray:
    """Intensities as the network takes them: 0 and 1 are the frame's mean and SD. float32."""
    return np.clip((values - mean) / sd, -INTENSITY_LIMIT, INTENSITY_LIMIT).astype(np.float32)


def sample(array_kji: np.ndarray, points_ijk: np.ndarray, nearest: bool = False, beyond: str = "zeros") -> np.ndarray:
    """Values at fractional IJK indices (..., 3), float32, linear or nearest; 0, or by 'reflection', outside.

    Shape (...).
    """
    size = np.array(array_kji.shape[::-1], dtype=np.float32)
    grid = torch.from_numpy((points_ijk + np.float32(0.5)) * (2 / size) - 1)[None]
    values = torch.from_numpy(np.ascontiguousarray(array_kji, dtype=np.float32))[None, None]
    mode = "nearest" if nearest else "bilinear"
    result = torch.nn.functional.grid_sample(
        values, grid.reshape(1, 1, 1, -1, 3), mode=mode, padding_mode=beyond, align_corners=False
    )
    return result.numpy().reshape(points_ijk.shape[:-1])


@dataclass(frozen=True)
class Plane:
    """How a slice is laid out: axis of the frame (0, 1, 2) and direction along columns, rows and slices."""

    column: tuple[int, int]
    row: tuple[int, int]
    normal: int


PLANES = {
    "axial": Plane(column=(0, 1), row=(1, -1), normal=2),
    "coronal": Plane(column=(0, 1), row=(2, -1), normal=1),
    "sagittal": Plane(column=(1, -1), row=(2, -1), normal=0),
}
"""Column 0 is the leftmost or most anterior one, row 0 the most anterior or topmost one. Never mirrored."""


@dataclass(frozen=True)
class SliceWindow:
    """A stack of slices in a plane of the frame (`SliceFrame`).

    first_mm  where slice 0 lies on the axis that is normal to the plane, in the frame
    """

    plane: str
    first_mm: float
    count: int
    config: MaskRCNNConfig

    @property
    def depth_mm(self) -> float:
        """From the first slice to the last."""
        return (self.count - 1) * self.config.slice_mm

    @property
    def normal(self) -> int:
        """Axis of the frame along which the slices follow each other."""
        return PLANES[self.plane].normal

    @property
    def shape(self) -> tuple[int, int, int]:
        """(slices, rows, columns)."""
        return (self.count, *self.config.image_size)

    @property
    def slice_to_frame(self) -> np.ndarray:
        """4x4: (column, row, slice) to the frame's mm."""
        plane, config = PLANES[self.plane], self.config
        matrix = np.zeros((4, 4))
        matrix[3, 3] = 1.0
        directions = (plane.column, plane.row, (plane.normal, 1))
        steps = (config.pixel_mm, config.pixel_mm, config.slice_mm)
        for number, ((axis, sign), step) in enumerate(zip(directions, steps, strict=True)):
            matrix[axis, number] = sign * step
        for (axis, sign), size in zip(directions[:2], config.image_size[::-1], strict=True):
            matrix[axis, 3] = config.window_centre_mm[axis] - sign * config.pixel_mm * (size - 1) / 2
        matrix[plane.normal, 3] = self.first_mm
        return matrix

    def every(self, step: int) -> "SliceWindow":
        """The first slice of this window and each `step`th after it."""
        coarser = replace(self.config, slice_mm=self.config.slice_mm * step)
        return replace(self, count=(self.count - 1) // step + 1, config=coarser)

    def points_ijk(self, slices: np.ndarray, frame_to_ijk: np.ndarray) -> np.ndarray:
        """Where all pixels of `slices` (S,) lie in a volume: IJK, float32 (S, rows, columns, 3).

        frame_to_ijk is a 4x4 from the frame's mm to the volume's indices.
        """
        rows, columns = self.config.image_size
        matrix = (frame_to_ijk @ self.slice_to_frame).astype(np.float32)
        steps = [np.arange(columns), np.arange(rows)[:, None], np.asarray(slices)[:, None, None]]
        moved = [step[..., None].astype(np.float32) * matrix[:3, axis] for axis, step in enumerate(steps)]
        return moved[2] + moved[1] + moved[0] + matrix[:3, 3]


def slice_window(plane: str, config: MaskRCNNConfig) -> SliceWindow:
    """The slices of a plane that the network looks at: `depths_mm` deep about the window's centre."""
    count = round(config.depth_mm(plane) / config.slice_mm) + 1
    middle = config.window_centre_mm[PLANES[plane].normal]
    return SliceWindow(plane, middle - (count - 1) * config.slice_mm / 2, count, config)
