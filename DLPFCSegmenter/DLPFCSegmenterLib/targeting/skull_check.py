"""Is a skull under the surface, or was it stripped from the scan?

On T1 scans a ray into the head crosses bright skin and fat, dark skull, bright brain. A ray into a
brain without its skull gets brighter from the first millimetre on. Measured on 24 whole heads the
median drop was 0.65 to 0.96 of the brighter side, on 29 stripped brains 0.13 to 0.21. Noise, bias
fields, low contrast, cuts and 6 mm too wide a stripping widened that to 0.65 to 1.10 and 0.08 to 0.45.
"""

import numpy as np
import vtk

from ..errors import NoScalpError
from ..scan.volume import Volume
from . import mesh

_MIN_DROP = 0.5
"""Share of signal that the median ray must lose in the skull; between the two measured ranges."""

_CAP_MM = 60.0
"""Rays start this far down from the top of the head: over the brain, above face and neck."""

_SKULL_DEPTH_MM = (3, 16)
"""Where under the skin the skull is looked for."""

_RAY_MM = 30
"""Length of a ray: long enough to reach the brain."""


def require_skull(grid: Volume, field: np.ndarray, surface: vtk.vtkPolyData) -> None:
    """Raises NoScalpError if no dark layer lies under `surface` (RAS mm, outward point normals).

    `field` is `head_mask.head_field` of the canonical volume `grid`, shape (K, J, I).
    """
    if skull_drop(grid, field, surface) < _MIN_DROP:
        raise NoScalpError(
            f"{grid.source}: the skull was removed from this scan, so it has no scalp to measure on; "
            "use the scan from before skull stripping for scalp landmarks."
        )


def skull_drop(grid: Volume, field: np.ndarray, surface: vtk.vtkPolyData) -> float:
    """Median over rays of the relative signal drop between skin and brain, 0 (none) to 1."""
    signal = _signal_along_rays(grid, surface) - float(np.median(grid.array_kji[field < 0]))
    before = np.maximum.accumulate(signal, axis=1)
    behind = np.maximum.accumulate(signal[:, ::-1], axis=1)[:, ::-1]
    bright = np.maximum(np.minimum(before, behind), 1e-6)
    drop = (bright - signal) / bright
    return float(np.median(drop[:, slice(*_SKULL_DEPTH_MM)].max(axis=1)))


def _signal_along_rays(grid: Volume, surface: vtk.vtkPolyData) -> np.ndarray:
    """Signal at each mm along rays into the upper head, shape (rays, _RAY_MM)."""
    points = mesh.points_of(surface)
    normals = mesh.normals_of(surface)
    cap = points[:, 2] > points[:, 2].max() - _CAP_MM
    depths = np.arange(_RAY_MM, dtype=float)[None, :, None]
    along = points[cap][:, None] - depths * normals[cap][:, None]
    return grid.values_at(along, outside=None)
