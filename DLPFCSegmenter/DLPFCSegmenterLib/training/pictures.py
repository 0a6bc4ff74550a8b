"""Axial slices of a prepared scan as PNG pictures with masks, cut as inference cuts them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..networks.frame import SliceFrame, sample, slice_frame
from ..networks.mask_rcnn_config import MaskRCNNConfig
from ..networks.slicing import SliceWindow, slice_window
from ..scan.head_scan import HeadScan
from ..scan.volume import Volume
from .via import AnnotatedPicture

PICTURE_NOTE = (
    "8-bit axial slices; the top row is the most anterior, the left column the person's left. Outlines"
    " show the left region. head_mean and head_sd are the grey values that stand for 0 and 1."
)

_GREY = 200.0
"""Grey value of the scan's 99.9th percentile; what is brighter still fits below 255."""


@dataclass(frozen=True)
class PictureOptions:
    """Which slices become pictures.

    config  its slice window decides the pictures' size and position
    margin  slices below and above the region that are written too, as examples without it
    """

    config: MaskRCNNConfig = MaskRCNNConfig()
    margin: int = 6


def write_slices(stem: Path, head: HeadScan, region_kji: np.ndarray, options: PictureOptions) -> list[AnnotatedPicture]:
    """Write `<stem>_axial_<n>.png` for the slices that cross a region and some around it.

    `head` has a canonical scan, 1 being its 99.9th percentile; `region_kji` is bool on the same grid,
    on the left. n counts slices of the window from below. The result carries the masks, and as attributes
    the slice's number, its height in the frame and the grey values that are normalised to 0 and 1.
    """
    window = slice_window("axial", options.config)
    frame, t1 = slice_frame(options.config.frame, head), head.canonical
    masks = _slices(window, frame, t1, region_kji) > 0.5
    pictures = _slices(window, frame, t1, t1.array_kji)
    written = []
    for index in _wanted(masks, options.margin):
        path = stem.with_name(f"{stem.name}_axial_{index:03d}.png")
        _save(path, pictures[index])
        written.append(AnnotatedPicture(path, masks[index], _attributes(window, frame, index)))
    return written


def _attributes(window: SliceWindow, frame: SliceFrame, index: int) -> dict[str, str]:
    return {
        "plane": "axial",
        "slice": str(index),
        "position_mm": f"{window.first_mm + index * window.config.slice_mm:.3f}",
        "head_mean": f"{frame.mean * _GREY:.3f}",
        "head_sd": f"{frame.sd * _GREY:.3f}",
    }


def _slices(window: SliceWindow, frame: SliceFrame, grid: Volume, array_kji: np.ndarray) -> np.ndarray:
    """Values of `array_kji` in all slices of a window, float32 (S, rows, columns)."""
    points = window.points_ijk(np.arange(window.count), np.linalg.inv(grid.ijk_to_ras) @ frame.ras_from_frame)
    return sample(array_kji, points)


def _wanted(masks: np.ndarray, margin: int) -> range:
    """Slices from the region's lowest to its highest, and `margin` more on either side."""
    crossing = np.flatnonzero(masks.any(axis=(1, 2)))
    if not crossing.size:
        return range(0)
    return range(max(0, crossing[0] - margin), min(len(masks), crossing[-1] + margin + 1))


def _save(path: Path, picture: np.ndarray) -> None:
    from PIL import Image

    grey = np.clip(np.rint(picture * _GREY), 0, 255).astype(np.uint8)
    Image.fromarray(grey).save(path)
