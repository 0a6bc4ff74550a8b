"""Which slices of a head the network sees, and where each of their pixels lies."""

from dataclasses import dataclass, replace

import numpy as np

from .mask_rcnn_config import MaskRCNNConfig


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
