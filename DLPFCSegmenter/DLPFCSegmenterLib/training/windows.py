"""Where a network looks: a window about the region that it learns, as large as that is over the people it learns from.

The presets' windows are made for the DLPFC. Where one does not hold another region with room around it, a window of
the region's own takes its place; all that is in MNI mm, of the left side, right ones mirrored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from ..networks.configuration import Configuration, MaskRCNNConfig
from ..networks.frame import PLANES
from ..networks.unet import UNetConfig

_ROOM_MM = 4.0
"""A preset's window is kept where the region leaves so much of it on each side."""

_OWN_ROOM_MM = 20.0
"""On each side of a window of the region's own: heads differ, and a network tells a region by what lies around it."""

_PIXELS = 32
"""The sides of a slice are multiples of it: the coarsest map halves it five times."""

_LEAST_PIXELS = 96

_OF_ONE = (0.5, 99.5)
"""Percentiles of a person's voxels that count as the region's ends: what lies beyond is a stray label."""

_SET_BY_HAND = ("window_centre_mm", "image_size", "depths_mm", "pixel_mm", "shape_kji", "spacing_mm", "frame")
"""Whoever sets one of these has decided where to look."""

Config = TypeVar("Config", bound=Configuration)


@dataclass(frozen=True)
class Extent:
    """Lowest and highest place of a region over people, MNI mm (x, y, z)."""

    low_mm: tuple[float, float, float]
    high_mm: tuple[float, float, float]

    @staticmethod
    def of(people_mm: Sequence[np.ndarray]) -> "Extent":
        """Of the region's voxels of each side of each person, each (N, 3)."""
        ends = np.array([np.percentile(points, _OF_ONE, axis=0) for points in people_mm])
        low, high = ends[:, 0].min(axis=0), ends[:, 1].max(axis=0)
        return Extent(_xyz(low), _xyz(high))

    @property
    def size_mm(self) -> np.ndarray:
        """Along x, y and z."""
        return np.array(self.high_mm) - self.low_mm

    @property
    def centre_mm(self) -> tuple[float, float, float]:
        """Its middle."""
        return _xyz((np.array(self.high_mm) + self.low_mm) / 2)


def _xyz(values: Iterable[float]) -> tuple[float, float, float]:
    x, y, z = map(float, values)
    return x, y, z


def window_boxes(config: Configuration) -> dict[str, np.ndarray]:
    """What each view of a network reaches: plane or 'window' -> lowest and highest MNI mm, shape (2, 3)."""
    if isinstance(config, UNetConfig):
        return {"window": _about(config.window_centre_mm, np.array(config.shape_kji[::-1]) * config.spacing_mm)}
    assert isinstance(config, MaskRCNNConfig)
    rows, columns = config.image_size
    boxes = {}
    for name in config.planes:
        plane, size = PLANES[name], np.zeros(3)
        size[plane.column[0]], size[plane.row[0]] = columns * config.pixel_mm, rows * config.pixel_mm
        size[plane.normal] = config.depth_mm(name) + config.slice_mm
        boxes[name] = _about(config.window_centre_mm, size)
    return boxes


def _about(centre_mm: tuple[float, float, float], size_mm: np.ndarray) -> np.ndarray:
    return np.array(centre_mm) + np.array([[-0.5], [0.5]]) * size_mm


def coverage(config: Configuration, people_mm: Sequence[np.ndarray]) -> dict[str, float]:
    """Least share of anybody's region that each view of a network reaches."""
    return {
        name: min(float(np.all((points >= low) & (points <= high), axis=1).mean()) for points in people_mm)
        for name, (low, high) in window_boxes(config).items()
    }


def fitted(config: Config, extent: Extent) -> Config:
    """The configuration with windows that hold the region; as it is where its own do, or where it has no MNI axes."""
    if config.frame != "mni" or all(_holds(box, extent) for box in window_boxes(config).values()):
        return config
    wanted_mm = extent.size_mm + 2 * _OWN_ROOM_MM
    if isinstance(config, UNetConfig):
        step = 2 ** (len(config.channels) - 1)
        i, j, k = (_up_to(size / config.spacing_mm, step) for size in wanted_mm)
        return replace(config, window_centre_mm=extent.centre_mm, shape_kji=(k, j, i))
    assert isinstance(config, MaskRCNNConfig)
    planes = [PLANES[name] for name in config.planes]
    down, across = (
        max(wanted_mm[axis] for axis in axes) for axes in ([p.row[0] for p in planes], [p.column[0] for p in planes])
    )
    rows, columns = (max(_up_to(side / config.pixel_mm, _PIXELS), _LEAST_PIXELS) for side in (down, across))
    depths = tuple(_up_to(wanted_mm[p.normal] / config.slice_mm, 1) * config.slice_mm for p in planes)
    return replace(config, window_centre_mm=extent.centre_mm, image_size=(rows, columns), depths_mm=depths)


def _holds(box_mm: np.ndarray, extent: Extent) -> bool:
    low, high = box_mm
    return bool(np.all(low + _ROOM_MM <= extent.low_mm) and np.all(high - _ROOM_MM >= extent.high_mm))


def _up_to(count: float, step: int) -> int:
    return int(np.ceil(count / step)) * step


def fitted_to_dataset(config: Config, described: Mapping[str, Any], settings: Sequence[str]) -> Config:
    """As `fitted`, to the extent that `dataset.json` tells; its own window where it tells none or settings place one.

    The maps that the network sees beside the T1 are those of the dataset, and so is the voxels' size.
    """
    config = replace(config, extra_channels=tuple(described.get("channels", ())))
    named = {setting.partition("=")[0] for setting in settings}
    if config.label_mm and "label_mm" not in named:
        config = replace(config, label_mm=described.get("voxel_mm", config.label_mm))
    told = described.get("extent_mni_mm")
    if not told or named & set(_SET_BY_HAND):
        return config
    low, high = map(_xyz, told)
    return fitted(config, Extent(low, high))
