"""A labelled region on the grid of its scan."""

import numpy as np

from ..errors import UnlabelledError
from ..scan.canonical import resample
from ..scan.volume import Volume

_LEAST_SHARE = 0.5
"""So much of a region lies in its scan, or the labels are another scan's."""


def mask_on_grid(mask: Volume, grid: Volume) -> np.ndarray:
    """A mask (bool array) on another grid, by linear interpolation at one half."""
    soft = mask.with_array(mask.array_kji.astype(np.float32))
    return resample(soft, grid).array_kji >= 0.5


def region_on_scan(region: Volume, scan: Volume) -> np.ndarray:
    """A region (bool array) on its scan's grid. Raises UnlabelledError where most of it lies beyond the scan."""
    on_scan = mask_on_grid(region, scan)
    if np.count_nonzero(on_scan) * scan.voxel_ml < _LEAST_SHARE * np.count_nonzero(region.array_kji) * region.voxel_ml:
        raise UnlabelledError(
            "{labels_source}: its labels lie outside the scan {grid_source}; give the labels of this scan.",
            labels_source=region.source,
            grid_source=scan.source,
        )
    return on_scan
