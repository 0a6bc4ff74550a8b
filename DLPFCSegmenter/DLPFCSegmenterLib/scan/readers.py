"""One door for every scan file: NIfTI, MGZ, NRRD, MetaImage and DICOM series."""

import os
import signal
import sys
import time
import warnings
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

import numpy as np

from ..errors import UserError
from ..sentences import say
from . import pixels
from .origin import Origin, ScanKind
from .volume import Volume, is_same_grid

_MAX_AWAY_MM = 10_000.0
_READING_S = 600.0
"""Longer than any scan takes to be read."""

_POLL_S = 0.01

READABLE = say("NIfTI, NRRD, MHA, MGZ or a DICOM series")


def read_volume(path: Path | str, frame: int | None = None) -> Volume:
    """Read a scan or mask; `frame` (from 0) chooses from a file that holds several.

    `path` is a file, or a folder with one DICOM series; one DICOM file stands for its series. The values have the shape
    (K, J, I), and a 4x4 matrix takes their indices (i, j, k) to RAS mm of the scan's own world space.
    Values keep their type up to 4 bytes each (float32 where they are scaled). The origin names the whole path, so that
    a result finds its scan from any folder. Raises UserError with one sentence for anything that is not a grey 3-D
    image whose header says which side is left.
    """
    path = Path(path)
    _require_name(path)
    if not path.exists():
        raise UserError("{path}: no such file or folder; check the path.", path=path)
    if not (path.is_file() or path.is_dir()):
        raise UserError("{path}: is no regular file; give {readable}.", path=path, readable=READABLE)
    try:
        volume = _read(path, frame)
    except PermissionError as error:
        raise UserError("{path}: may not be read; ask for permission to read it.", path=path) from error
    _require_grid(path, volume)
    return replace(volume, origin=replace(volume.origin, path=str(Path(volume.source).absolute())))


def _require_name(path: Path) -> None:
    """Refuse a name that a result, or a library of C++, would write in other bytes than this process reads it."""
    name, encoding = os.fsencode(path), sys.getfilesystemencoding()
    shown = name.decode("utf-8", "backslashreplace")
    if shown.encode() != name:
        raise UserError(
            "{shown}: its name is no UTF-8, so no result could name it; rename the file or its folder.", shown=shown
        )
    if encoding.lower() != "utf-8" and not name.isascii():
        raise UserError(
            "{shown}: names are read as {encoding} here, so no result could name it; set the environment's LC_ALL to"
            " C.UTF-8, or rename the file or its folder.",
            shown=shown,
            encoding=encoding,
        )


def _read(path: Path, frame: int | None) -> Volume:
    """Choose the reader by the name's ending; libraries load when they are needed."""
    from . import dicom_reader, itk_reader, nibabel_reader

    name = path.name.lower()
    if path.is_file() and path.stat().st_size == 0:
        raise UserError("{path}: the file is empty; copy it again.", path=path)
    if path.is_dir() or name.endswith(dicom_reader.SUFFIXES) or dicom_reader.is_dicom(path):
        pixels.choose_frame(path, 1, frame)
        return dicom_reader.read(path)
    if name.endswith(nibabel_reader.SUFFIXES):
        return nibabel_reader.read(path, frame)
    if name.endswith(itk_reader.SUFFIXES):
        return itk_reader.read(path, frame)
    raise UserError("{path}: is not a scan that can be read; give {readable}.", path=path, readable=READABLE)


def require_survived(path: Path, frame: int | None = None) -> None:
    """Raise UserError where reading a scan ends its whole process, as a fault in a library of C++ does.

    A copy of this process tries it, where the system makes such copies and such a library reads that kind of file.
    """
    from .nibabel_reader import SUFFIXES

    if not hasattr(os, "fork") or path.name.lower().endswith(SUFFIXES):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of copies of threads: the copy only reads
        child = os.fork()
    if child == 0:
        _read_and_end(path, frame)
    until = time.monotonic() + _READING_S
    while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
        time.sleep(_POLL_S)
    status = ended[1]
    if os.WIFSIGNALED(status):
        name = signal.strsignal(os.WTERMSIG(status))
        raise UserError(
            "{path}: a library that reads such files crashed on it ({name}); convert the scan to NIfTI.",
            path=path,
            name=name,
        )


def _read_and_end(path: Path, frame: int | None) -> NoReturn:
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what it says as it crashes helps nobody
        read_volume(path, frame)
    finally:
        os._exit(0)


def _require_grid(path: Path, volume: Volume) -> None:
    """Refuse a grid without extent, and one so far away that no scanner can have placed it there."""
    pixels.require_axes(path, volume.ijk_to_ras)
    if np.abs(volume.ijk_to_ras[:3, 3]).max() > _MAX_AWAY_MM:
        raise UserError(
            "{path}: its header places it over 10 m away, so it is damaged; export or convert it again.",
            path=path,
        )


def as_in_file(volume: Volume, path: Path | None) -> Volume:
    """A volume that another program has loaded, with the origin of the file that it was loaded from.

    One whose origin is known stays as it is, and so does one without a file, or whose file has gone. Raises UserError
    where the volume no longer lies where its file says: a navigator reads the file, and every coordinate would be
    off in it.
    """
    if volume.origin.kind != ScanKind.UNKNOWN or path is None or not path.exists():
        return volume
    file = grid_of(path)
    if not any(is_same_grid(volume.shape_ijk, volume.ijk_to_ras, each) for each in (file, file.as_slicer_shows_it)):
        raise UserError(
            "'{source}' no longer lies where its file {path} says (cropped, or a transform was hardened);"
            " save the volume to a file of its own and export again.",
            source=volume.source,
            path=path,
        )
    return with_origin(volume, file.origin)


def grid_of(path: Path) -> Volume:
    """A scan's file as `read_volume` reads it, with nothing for voxels; read once for all that is asked of one scan."""
    told = path.stat()
    return _grid_of(path, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=1)
def _grid_of(path: Path, changed_ns: int, size: int) -> Volume:
    file = read_volume(path)
    return file.with_array(np.broadcast_to(np.uint8(0), file.array_kji.shape))


def with_origin(volume: Volume, origin: Origin) -> Volume:
    """The volume as the one that came from `origin`, with the warnings that this gives it."""
    warnings = tuple(dict.fromkeys(volume.warnings + origin.warnings(volume.shape_ijk)))
    return replace(volume, origin=origin, warnings=warnings)
