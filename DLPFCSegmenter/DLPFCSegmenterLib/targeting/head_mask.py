"""Where the head ends and air begins, on a canonical grid: SimpleITK filters in a row."""

import numpy as np
import SimpleITK as sitk

from ..errors import NoScalpError
from ..volume.volume import Volume

_CLOSING_MM = 8.0
"""Bridges nostrils, ear canals and dark patches without filling the hollow under the brow."""

_OPENING_MM = 4.0
"""Thinner things than twice this that stick out are rims of ears, ghosts or wires, not head."""

_EDGE_SHARE = 0.6
"""The skin's edge as a share of the outermost tissue voxels' mean: those are partly air, so that
0.6 of their mean is half of the skin's own signal. Deeper voxels hold fat, which is far brighter."""

_BRIGHTNESS_SIGMA_MM = 12.0
"""The brightness of the skin changes slowly: by coil sensitivity, not by anatomy."""

_FIELD_SIGMA_MM = 2.0
"""Takes noise out of the surface; moves a sphere of 80 mm radius by 0.05 mm."""

_NOISE_SIGMA_MM = 2.0
"""Noise is smoothed by this before it is told what is air."""

_SPECK_ML = 5.0
"""Smaller pieces of bright voxels are noise in the air."""

_MAX_AIR_SHARE = 0.75
"""Air this near to the head's mean brightness is no air: the scan shows noise or one tissue alone."""

_MIN_HEAD_ML = 300.0
"""Less than this is no head (and no part of one that has a DLPFC)."""


def head_field(grid: Volume) -> np.ndarray:
    """A field on the grid, shape (K, J, I): positive in the head, negative in air, 0 at the skin.

    The skin is where the signal falls to half of its own brightness nearby, which is where the edge
    lies whatever the blur. Raises NoScalpError if no head is in the scan.
    """
    image = sitk.GetImageFromArray(grid.array_kji)
    image.SetSpacing(tuple(float(s) for s in grid.spacing_mm))
    tissue, air = _above_air(image)
    depth = _depth_mm(_whole_head(tissue))
    head = depth > 0
    bright = float(grid.array_kji[head].mean()) if head.any() else 0.0
    if np.count_nonzero(head) * grid.voxel_ml < _MIN_HEAD_ML or air > _MAX_AIR_SHARE * bright:
        raise NoScalpError(f"{grid.source}: no head can be told from the background, so there is no scalp.")
    # The first pass finds the outermost voxels on a smoothed head, the second on the skin that it gave.
    first = _half_level_field(image, tissue, depth, air)
    return _half_level_field(image, tissue, _depth_mm(_largest(_like(first, image) > 0)), air)


def _above_air(image: sitk.Image) -> tuple[sitk.Image, float]:
    """What is brighter than air, without specks (uint8), and the mean brightness of the air.

    Otsu on the square root of the signal: its two classes are air and tissue, not tissue and fat. The
    second pass takes the root of what is above air, without which an offset would undo the root.
    """
    smooth = sitk.SmoothingRecursiveGaussian(image, _NOISE_SIGMA_MM)
    darkest = sitk.GetArrayViewFromImage(smooth).min()
    air = _mean_of(smooth, _brighter(smooth, float(darkest)), 0)
    tissue = _brighter(smooth, air)
    return _without_specks(tissue), _mean_of(image, tissue, 0)


def _brighter(image: sitk.Image, zero: float) -> sitk.Image:
    """The upper of Otsu's two classes of the root of the signal above `zero` (uint8)."""
    return sitk.OtsuThreshold(sitk.Sqrt(sitk.Clamp(image - zero, lowerBound=0.0)), 0, 1)


def _mean_of(image: sitk.Image, labels: sitk.Image, label: int) -> float:
    statistics = sitk.LabelStatisticsImageFilter()
    statistics.Execute(image, labels)
    return statistics.GetMean(label) if statistics.HasLabel(label) else 0.0


def _without_specks(mask: sitk.Image) -> sitk.Image:
    """Drops noise; skin and brain stay, which the skull may part completely."""
    pieces = sitk.ConnectedComponent(mask)
    voxels = int(_SPECK_ML * 1000.0 / np.prod(mask.GetSpacing()))
    return sitk.RelabelComponent(pieces, minimumObjectSize=voxels) > 0


def _largest(mask: sitk.Image) -> sitk.Image:
    """The largest connected piece: drops ghosts, headphones and wrapped-around noses."""
    return sitk.Equal(sitk.RelabelComponent(sitk.ConnectedComponent(mask)), 1)


def _whole_head(tissue: sitk.Image) -> sitk.Image:
    """The tissue with what it encloses, and without what is thin and sticks out (uint8)."""
    closed = sitk.BinaryMorphologicalClosing(tissue, _radius(tissue, _CLOSING_MM), sitk.sitkBall)
    filled = _without_throat(closed)
    return _largest(sitk.BinaryMorphologicalOpening(filled, _radius(tissue, _OPENING_MM), sitk.sitkBall))


def _radius(image: sitk.Image, mm: float) -> list[int]:
    return [int(round(mm / spacing)) for spacing in image.GetSpacing()]


def _without_throat(mask: sitk.Image) -> sitk.Image:
    """The same with the holes of each axial slice filled: throat and sinuses are open where the scan ends."""
    slices = [sitk.BinaryFillhole(mask[:, :, k]) for k in range(mask.GetDepth())]
    filled = sitk.JoinSeries(slices, mask.GetOrigin()[2], mask.GetSpacing()[2])
    return sitk.BinaryFillhole(filled)


def _depth_mm(mask: sitk.Image) -> np.ndarray:
    """Depth below the mask's surface in mm, negative outside, shape (K, J, I)."""
    depth = sitk.SignedMaurerDistanceMap(mask, insideIsPositive=True, squaredDistance=False, useImageSpacing=True)
    return sitk.GetArrayFromImage(depth)


def _half_level_field(image: sitk.Image, tissue: sitk.Image, depth: np.ndarray, air: float) -> np.ndarray:
    """(signal - level) / (level - air), clipped to -1..1, in the outermost voxels and just outside."""
    voxel = image.GetSpacing()[0]
    skin = sitk.GetArrayViewFromImage(tissue) > 0
    level = _half_level(image, skin & (depth >= 0) & (depth < 0.5 * voxel), air)
    signal = sitk.GetArrayFromImage(image)
    field = np.clip((signal - level) / np.maximum(level - air, 1e-6), -1.0, 1.0)
    field[depth > 0] = 1.0
    field[depth < -1.5 * voxel] = -1.0
    return _blurred(field, image, _FIELD_SIGMA_MM)


def _half_level(image: sitk.Image, outermost: np.ndarray, air: float) -> np.ndarray:
    """Halfway between air and the skin's signal around each place, shape (K, J, I)."""
    weight = _blurred(outermost.astype(np.float32), image, _BRIGHTNESS_SIGMA_MM)
    bright = _blurred(sitk.GetArrayFromImage(image) * outermost, image, _BRIGHTNESS_SIGMA_MM)
    return air + _EDGE_SHARE * (bright / np.maximum(weight, 1e-6) - air)


def _blurred(array: np.ndarray, like: sitk.Image, sigma_mm: float) -> np.ndarray:
    return sitk.GetArrayFromImage(sitk.SmoothingRecursiveGaussian(_like(array, like), sigma_mm))


def _like(array: np.ndarray, grid: sitk.Image) -> sitk.Image:
    image = sitk.GetImageFromArray(array)
    image.CopyInformation(grid)
    return image
