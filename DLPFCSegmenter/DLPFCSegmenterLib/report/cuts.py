"""Slices through a scan along the patient's own axes, whatever the order of its voxel axes."""

from dataclasses import dataclass

import numpy as np

from ..geometry.spaces import ijk_to_ras_points
from ..scan.canonical import resample
from ..scan.volume import Volume

Box = tuple[np.ndarray, np.ndarray]
"""Lower and upper corner of a box along R, A and S, shape (3,) each, mm."""

PIXEL_MM = 0.5
_MARGIN_MM = 10.0


@dataclass(frozen=True)
class Plane:
    """How one plane is shown: the RAS axes (0 R, 1 A, 2 S) and the letters at its edges.

    across   axis of the picture's width, its high end at the left edge
    up       axis of the picture's height, its high end at the top edge
    normal   axis that the slice is cut at
    letters  at the left, right, bottom and top edge
    beyond   how a point on the high and on the low side of the slice lies to it
    """

    name: str
    across: int
    up: int
    normal: int
    letters: tuple[str, str, str, str]
    beyond: tuple[str, str]


AXIAL = Plane("Axial", 0, 1, 2, ("R", "L", "P", "A"), ("above", "below"))
SAGITTAL = Plane("Sagittal", 1, 2, 0, ("A", "P", "I", "S"), ("right of", "left of"))
CORONAL = Plane("Coronal", 0, 2, 1, ("R", "L", "I", "S"), ("in front of", "behind"))
PLANES = (AXIAL, SAGITTAL, CORONAL)
"""Seen as Slicer's slice views show them: radiological, and the face to the left in sagittal ones."""


@dataclass(frozen=True)
class Cut:
    """One slice: values [up, across] over `extent_mm` = (across low, high, up low, high), RAS mm."""

    plane: Plane
    position_ras_mm: float
    values: np.ndarray
    extent_mm: tuple[float, float, float, float]


def head_box(volume: Volume) -> Box:
    """The box that holds the head and little air around it."""
    step = max(1, min(volume.array_kji.shape) // 60)
    sample = np.abs(volume.array_kji[::step, ::step, ::step])
    bright = np.percentile(sample[sample > 0], 98) if np.any(sample) else 0.0
    ijk = np.argwhere(sample > 0.15 * bright)[:, ::-1] * step
    points = ijk_to_ras_points(volume.ijk_to_ras, ijk)
    low, high = np.percentile(points, [0.2, 99.8], axis=0)
    return low - _MARGIN_MM, high + _MARGIN_MM


def cut(volume: Volume, plane: Plane, position_ras_mm: float, box: Box) -> Cut:
    """The slice of `volume` at `position_ras_mm` on the plane's normal, within the box (linear)."""
    low, high = box
    counts = np.ceil((high - low) / PIXEL_MM).astype(int)
    width, height = counts[plane.across], counts[plane.up]
    matrix = np.eye(4)
    matrix[:3, :3] = np.eye(3)[:, [plane.across, plane.up, plane.normal]] * PIXEL_MM
    matrix[:3, 3] = low
    matrix[plane.normal, 3] = position_ras_mm
    grid = Volume(np.zeros((1, height, width), np.uint8), matrix)
    values = resample(volume, grid).array_kji[0]
    return Cut(plane, position_ras_mm, values, _edges(low[plane.across], width) + _edges(low[plane.up], height))


def _edges(first_centre_mm: float, count: int) -> tuple[float, float]:
    low = float(first_centre_mm) - PIXEL_MM / 2
    return low, low + count * PIXEL_MM
