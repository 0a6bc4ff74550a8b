"""What every reader asks of a file: what it is by its content, one frame, one grey value in a voxel, a sane size."""

from pathlib import Path
from typing import NoReturn

import numpy as np

from ..errors import UserError
from ..geometry import spaces
from ..sentences import say

MAX_VOXELS = 1024**3
"""A head at 0.25 mm has half as many; more is a broken header or not a scan of one head."""

KEPT_TYPES = tuple(np.dtype(name) for name in ("uint8", "int8", "int16", "uint16", "float32"))
"""Types that are kept as they are; others become float32, exact for integers up to 2**24."""


def choose_frame(path: Path, frames: int, frame: int | None) -> int:
    """Index of the frame to read (from 0) in a file of `frames`; a single frame needs no choice."""
    if frame is None and frames > 1:
        raise UserError(
            "{path}: holds {frames} frames; choose one with --frame N, from 0 to {last}.",
            path=path,
            frames=frames,
            last=frames - 1,
        )
    index = frame or 0
    if not 0 <= index < frames:
        raise UserError(
            "{path}: has no frame {index}; it holds {frames}, counted from 0.", path=path, index=index, frames=frames
        )
    return index


def require_3d(path: Path, shape: tuple[int, ...]) -> None:
    """Refuse a grid of one slice or of fewer than three axes, and one too large to be a head."""
    sizes = " x ".join(str(size) for size in shape)
    if len(shape) != 3 or min(shape) < 2:
        raise UserError("{path}: is not a 3-D scan ({sizes} voxels); give the whole T1 volume.", path=path, sizes=sizes)
    if np.prod(shape, dtype=float) > MAX_VOXELS:
        raise UserError(
            "{path}: is too large for a head ({sizes} voxels); crop or resample it.", path=path, sizes=sizes
        )


def require_axes(source: Path | str, ijk_to_ras: np.ndarray) -> None:
    """Refuse a matrix, IJK to RAS mm, whose axes are no numbers or lie nearly in a plane."""
    sizes = spaces.spacing_mm(ijk_to_ras)
    if not np.all(np.isfinite(ijk_to_ras)) or sizes.min() <= 0 or abs(np.linalg.det(ijk_to_ras[:3, :3] / sizes)) < 0.1:
        raise UserError(
            "{source}: its axes do not span a volume (broken orientation in the header); export or convert it again.",
            source=source,
        )


_UNIT = 0.02
"""The length of a direction's vector is off 1 by less where a program rounded it."""

_METRES, _MICRONS = 0.02, 100.0
"""Voxel sizes below and above which the numbers cannot be mm of a scan of a head."""


def are_unit_vectors(directions: np.ndarray) -> bool:
    """Whether directions, one a row, have no size of their own: one program makes larger voxels of it, another not."""
    with np.errstate(over="ignore"):  # a size without an end is none either
        return bool(np.all(np.abs(np.linalg.norm(directions, axis=1) - 1.0) < _UNIT))


def require_mm(source: Path | str, sizes: np.ndarray, advice: str) -> None:
    """Refuse voxels of which any size, taken for mm, is one in another unit; `advice` is the way out."""
    unit = say("metres") if sizes.min() < _METRES else say("microns") if sizes.max() > _MICRONS else ""
    if unit:
        raise UserError(
            "{source}: voxels of {size} look like lengths in {unit}; {advice}.",
            source=source,
            size=millimetres(sizes),
            unit=unit,
            advice=advice,
        )


def millimetres(sizes: np.ndarray) -> str:
    """Sizes of a voxel or a scan in mm, as a sentence has them."""
    return " x ".join(f"{size:.4g}" for size in sizes) + " mm"


def refuse_colour(path: Path, values_per_voxel: int) -> None:
    """Refuse colour and vector images."""
    if values_per_voxel != 1:
        raise UserError(
            "{path}: has {values_per_voxel} values in each voxel (colour or vector); give the grey T1 image.",
            path=path,
            values_per_voxel=values_per_voxel,
        )


def refuse_complex(path: Path) -> NoReturn:
    """Refuse complex values."""
    raise UserError("{path}: holds complex values; save its magnitude and give that.", path=path)


def refuse_no_orientation(path: Path, reason: str) -> NoReturn:
    """Refuse a file that does not say which side of the head is left."""
    raise UserError(
        "{path}: the header gives no orientation ({reason}), so left and right are unknown; convert it"
        " again from the DICOM files.",
        path=path,
        reason=reason,
    )


_FLOAT32 = np.finfo(np.float32)
_FEWEST_STEPS = 2.0**14
"""So many values the range of a scan must have left in float32; most files hold no more than 2**12."""


def compact(array: np.ndarray) -> np.ndarray:
    """The same values in at most 4 bytes each, in native byte order and C-contiguous, as far as those hold them
    (`held_by_float32`).
    """
    native = array.dtype.newbyteorder("=")
    if native == np.dtype(bool):
        native = np.dtype(np.uint8)
    if native in KEPT_TYPES:
        return np.ascontiguousarray(array, dtype=native)
    return np.ascontiguousarray(held_by_float32(array), dtype=np.float32)


def held_by_float32(array: np.ndarray) -> np.ndarray:
    """The array itself, or where 4 bytes would lose its image, as in a narrow range far from 0, its values from 0 to 1
    over their own range.
    """
    if array.dtype.newbyteorder("=") in KEPT_TYPES:
        return array
    lowest, highest = float(array.min()), float(array.max())
    span, size = highest - lowest, max(abs(lowest), abs(highest))
    is_held = (
        _FEWEST_STEPS * size * float(_FLOAT32.eps) <= span
        and float(_FLOAT32.tiny) < span
        and size < float(_FLOAT32.max)
    )
    return array if is_held or not np.isfinite(span) or span <= 0 else (np.asarray(array, np.float64) - lowest) / span


_BEGINNINGS = (
    (b"\x1f\x8b", say("a gzip file")),
    (b"PK\x03\x04", say("a zip archive")),
    (b"BZh", say("a bzip2 file")),
    (b"\x89PNG", say("a PNG picture")),
    (b"\xff\xd8\xff", say("a JPEG picture")),
    (b"%PDF", say("a PDF document")),
    (b"II*\0", say("a TIFF picture")),
    (b"MM\0*", say("a TIFF picture")),
    (b"NRRD", say("an NRRD file")),
    (b"ObjectType", say("a MetaImage file")),
    (b"version https://git-lfs", say("a placeholder of Git LFS, not the file itself")),
)
_SIZES_OF_NIFTI = (348, 540)
_TEXT = bytes(range(32, 127)) + b"\t\n\r"


def what_it_is(begin: bytes) -> str:
    """The kind of file that begins with these bytes, 'an unknown kind of file' where none is known."""
    for beginning, kind in _BEGINNINGS:
        if begin.startswith(beginning):
            return kind
    if begin[128:132] == b"DICM":
        return say("a DICOM file")
    if begin.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return say("a web page")
    if {int.from_bytes(begin[:4], "little"), int.from_bytes(begin[:4], "big")} & set(_SIZES_OF_NIFTI):
        return say("an Analyze file or a damaged NIfTI file")
    return say("a text file") if begin and not begin.strip(_TEXT) else say("an unknown kind of file")


def begin_of(path: Path, size: int = 600) -> bytes:
    """A file's first bytes."""
    with path.open("rb") as stream:
        return stream.read(size)
