"""Maps that lie on a head's T1 and that networks may see beside it: a z map of connectivity, an FA map, a T2.

Each has a name, by which weights ask for it, and a file of each person: `NAME=FILE`, where a `*` in FILE stands for the
name of the T1 without `_T1w` and FILE is then meant from the T1's folder.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..errors import UserError
from .bids import require_same_person
from .canonical import resample
from .head_scan import HeadScan
from .readers import read_volume
from .volume import Volume

Channels = tuple[tuple[str, str], ...]
"""Names with their files."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_T1 = re.compile(r"_T1w$")


def named_channels(words: Sequence[str]) -> Channels:
    """What stands in words of the form NAME=FILE. Raises UserError for others, and for a name that stands twice."""
    found: dict[str, str] = {}
    for word in words:
        name, _, file = word.partition("=")
        if not _NAME.fullmatch(name) or not file or name in found:
            raise UserError(
                "--channel {word}: give NAME=FILE, each name once, such as z=sub-01_z.nii.gz or z=*_z.nii.gz.",
                word=word,
            )
        found[name] = file
    return tuple(found.items())


def channel_file(t1: Path, file: str) -> Path:
    """The file of a scan's map. Raises UserError where there is none, or it is of another person by its name."""
    stem = _T1.sub("", t1.name.partition(".")[0])
    path = t1.parent / file.replace("*", stem) if "*" in file else Path(file)
    if not path.is_file():
        raise UserError("{path}: no such map of {t1}; check --channel.", path=path, t1=t1.name)
    require_same_person(path, t1)
    return path


def with_channels(head: HeadScan, files: Mapping[str, Path]) -> HeadScan:
    """The head with its maps on its canonical grid. Raises UserError for a map that shows nothing of it."""
    return head.with_maps({name: _read(path, head.canonical) for name, path in files.items()})


def _read(path: Path, grid: Volume) -> Volume:
    volume = read_volume(path)
    on_grid = resample(volume.with_array(np.nan_to_num(volume.array_kji.astype(np.float32), posinf=0, neginf=0)), grid)
    if not on_grid.array_kji.any():
        raise UserError(
            "{path}: shows nothing where {t1} lies; give a map that is co-registered with it.",
            path=path,
            t1=grid.source,
        )
    return on_grid
