"""What every reader asks of a file's values: one frame, one grey value in a voxel, a sane size."""

from pathlib import Path
from typing import NoReturn

import numpy as np

from ..errors import UserError

MAX_VOXELS = 1024**3
"""A head at 0.25 mm has half as many; more is a broken header or not a scan of one head."""

KEPT_TYPES = tuple(np.dtype(name) for name in ("uint8", "int8", "int16", "uint16", "float32"))
"""Types that are kept as they are; others become float32, exact for integers up to 2**24."""


def choose_frame(path: Path, frames: int, frame: int | None) -> int:
    """Index of the frame to read (from 0) in a file of `frames`; a single frame needs no choice."""
    if frame is None and frames > 1:
        raise UserError(f"{path}: holds {frames} frames; choose one with --frame N, from 0 to {frames - 1}.")
    index = frame or 0
    if not 0 <= index < frames:
        raise UserError(f"{path}: has no frame {index}; it holds {frames}, counted from 0.")
    return index


def require_3d(path: Path, shape: tuple[int, ...]) -> None:
    """Refuse a grid of one slice or of fewer than three axes, and one too large to be a head."""
    sizes = " x ".join(str(size) for size in shape)
    if len(shape) != 3 or min(shape) < 2:
        raise UserError(f"{path}: is not a 3-D scan ({sizes} voxels); give the whole T1 volume.")
    if np.prod(shape, dtype=float) > MAX_VOXELS:
        raise UserError(f"{path}: is too large for a head ({sizes} voxels); crop or resample it.")


def refuse_colour(path: Path, values_per_voxel: int) -> None:
    """Refuse colour and vector images."""
    if values_per_voxel != 1:
        raise UserError(
            f"{path}: has {values_per_voxel} values in each voxel (colour or vector); give the grey T1 image."
        )


def refuse_complex(path: Path) -> NoReturn:
    """Refuse complex values."""
    raise UserError(f"{path}: holds complex values; save its magnitude and give that.")


def refuse_no_orientation(path: Path, reason: str) -> NoReturn:
    """Refuse a file that does not say which side of the head is left."""
    raise UserError(
        f"{path}: the header gives no orientation ({reason}), so left and right are unknown; "
        "convert it again from the DICOM files."
    )


def compact(array: np.ndarray) -> np.ndarray:
    """The same values in at most 4 bytes each, in native byte order and C-contiguous."""
    native = array.dtype.newbyteorder("=")
    if native == np.dtype(bool):
        native = np.dtype(np.uint8)
    return np.ascontiguousarray(array, dtype=native if native in KEPT_TYPES else np.float32)
