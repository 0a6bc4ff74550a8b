"""Is all of an image's data in its file? Read to its end, with the checksums, before any voxel is believed.

The libraries that read images stop when they have as many bytes as they want, and so never reach the checksum.
"""

import bz2
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from ..errors import UserError

_CHUNK_BYTES = 1 << 20
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class StoredData:
    """Where a file keeps its voxels.

    path       of the file that holds them, which is another than the header's where that stands alone
    size       how many bytes they are once unpacked, with all that is unpacked before them
    offset     bytes of the file before them
    packing    'raw', 'gzip', 'bzip2' or 'zlib'
    may_go_on  whether anything but voxels may follow them
    """

    path: Path
    size: int
    offset: int = 0
    packing: str = "raw"
    may_go_on: bool = False


def is_gzip(path: Path) -> bool:
    """Whether a file begins as a gzip file does, whatever its name."""
    with path.open("rb") as stream:
        return _begins_as_gzip(stream)


def require_all(path: Path, data: StoredData) -> None:
    """Refuse a scan `path` whose data are too short, too long, or contradict their checksum. Raises UserError."""
    found = 0
    try:
        with data.path.open("rb") as stream:
            stream.seek(data.offset)
            for chunk in _unpacked(stream, data.packing):
                found += len(chunk)
                if found > data.size and not data.may_go_on:
                    break
    except (zlib.error, EOFError, gzip.BadGzipFile, OSError) as error:
        raise UserError(
            "{path}: is damaged, its compressed data end early or contradict their checksum; copy it again.", path=path
        ) from error
    if found < data.size:
        raise UserError(
            "{path}: is damaged, it ends {size} bytes too early; copy it again.", path=path, size=data.size - found
        )
    if found > data.size and not data.may_go_on:
        raise UserError(
            "{path}: is damaged, more data follow than the {size} bytes that its header tells of; copy it again.",
            path=path,
            size=data.size,
        )


def _unpacked(stream: IO[bytes], packing: str) -> Iterator[bytes]:
    """The bytes in pieces; raises what the packings' own libraries raise, checksums included."""
    if packing == "zlib" and not _begins_as_gzip(stream):
        yield from _unpacked_zlib(stream)
        return
    source = stream
    if packing in ("gzip", "zlib"):
        source = cast(IO[bytes], gzip.GzipFile(fileobj=stream))
    elif packing == "bzip2":
        source = cast(IO[bytes], bz2.BZ2File(stream))
    while chunk := source.read(_CHUNK_BYTES):
        yield chunk


def _begins_as_gzip(stream: IO[bytes]) -> bool:
    begin = stream.read(2)
    stream.seek(-len(begin), 1)
    return begin == _GZIP


def _unpacked_zlib(stream: IO[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    while not unpacker.eof and (packed := stream.read(_CHUNK_BYTES)):
        while packed:
            yield unpacker.decompress(packed, _CHUNK_BYTES)
            packed = unpacker.unconsumed_tail
    if not unpacker.eof:
        raise EOFError("the stream has no end")
    if unpacker.unused_data or stream.read(1):
        raise EOFError("something follows the stream")
