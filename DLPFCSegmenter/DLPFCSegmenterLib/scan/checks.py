"""Is this volume a scan of a head that a target may be planned on?"""

from dataclasses import replace

import numpy as np

from ..doubts import Doubt, doubt
from ..errors import UserError
from ..geometry import spaces
from ..sentences import say
from . import pixels
from .volume import Volume

MAX_SPACING_MM = 3.5
MIN_FIELD_OF_VIEW_MM = 80.0
MAX_ANISOTROPY = 2.0
MIN_DISTINCT_VALUES = 20
MAX_SHEAR_DEGREES = 0.5

_CENTIMETRES = 0.36
"""A smaller voxel may be one of at most 3.5 mm, told in cm."""

_SAMPLED_VOXELS = 100_000


def check_scan(volume: Volume) -> Volume:
    """The volume with warnings about its weak sides added; values and grid are untouched.

    Raises UserError where no plan should be made on it: values that are constant, NaN or infinite, a
    grid that is degenerate, coarser than 3.5 mm, smaller than 80 mm or larger than any head's.
    """
    _require_grid(volume)
    _require_head_size(volume)
    _require_values(volume)
    return replace(volume, warnings=(*volume.warnings, *_warnings(volume)))


def _require_grid(volume: Volume) -> None:
    pixels.require_axes(volume.source, volume.ijk_to_ras)
    if volume.array_kji.size > pixels.MAX_VOXELS:
        raise UserError("{source}: is too large for a head; crop or resample it to about 1 mm.", source=volume.source)


def _require_head_size(volume: Volume) -> None:
    spacing = volume.spacing_mm
    pixels.require_mm(volume.source, spacing, say("save it in mm"))
    if spacing.max() > MAX_SPACING_MM:
        raise UserError(
            "{source}: voxels of {size} are too coarse; give a scan of at most {max_spacing_mm} mm in every direction.",
            source=volume.source,
            size=pixels.millimetres(spacing),
            max_spacing_mm=MAX_SPACING_MM,
        )
    extent = spacing * volume.shape_ijk
    small = extent < MIN_FIELD_OF_VIEW_MM
    if small.any():
        may_be_cm = spacing[small].max() < _CENTIMETRES and 10 * extent[small].min() >= MIN_FIELD_OF_VIEW_MM
        raise UserError(
            "{source}: the field of view of {size} is too small for a head; give a scan of at least"
            " {min_field_of_view_mm:.0f} mm in every direction{or_in_cm}.",
            source=volume.source,
            size=pixels.millimetres(extent),
            min_field_of_view_mm=MIN_FIELD_OF_VIEW_MM,
            or_in_cm=say(", or save it in mm if its lengths are centimetres") if may_be_cm else "",
        )


def _require_values(volume: Volume) -> None:
    lowest, highest = volume.array_kji.min(), volume.array_kji.max()
    if not (np.isfinite(lowest) and np.isfinite(highest)):
        raise UserError("{source}: holds NaN or infinite values; replace them by 0 first.", source=volume.source)
    if lowest == highest:
        raise UserError(
            "{source}: every voxel is {lowest:g}, there is no image in it; give a T1 scan.",
            source=volume.source,
            lowest=lowest,
        )


def _warnings(volume: Volume) -> list[Doubt]:
    warnings = []
    if volume.spacing_mm.max() > MAX_ANISOTROPY * volume.spacing_mm.min():
        warnings.append(doubt("voxels_not_cubic", size=pixels.millimetres(volume.spacing_mm)))
    if _shear_degrees(volume.ijk_to_ras) > MAX_SHEAR_DEGREES:
        warnings.append(doubt("axes_sheared", degrees=_shear_degrees(volume.ijk_to_ras)))
    if _looks_like_labels(volume.array_kji):
        warnings.append(doubt("few_greys", least=MIN_DISTINCT_VALUES))
    return warnings


def _shear_degrees(matrix: np.ndarray) -> float:
    """Largest departure of an angle between two axes from 90 degrees."""
    units = matrix[:3, :3] / spaces.spacing_mm(matrix)
    cosines = (units.T @ units)[np.triu_indices(3, 1)]
    return float(np.degrees(np.arcsin(min(1.0, np.abs(cosines).max()))))


def _looks_like_labels(array_kji: np.ndarray) -> bool:
    """Few distinct values in an even sample; a real scan's sample has hundreds."""
    step = max(1, round((array_kji.size / _SAMPLED_VOXELS) ** (1 / 3)))
    return len(np.unique(array_kji[::step, ::step, ::step])) < MIN_DISTINCT_VALUES
