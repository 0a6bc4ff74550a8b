"""What a person finds in a folder who opens every file, packed ones too."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path


def everything_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and content, as Latin-1, of every file below a folder and in its archives; packed streams are unpacked."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from _opened(str(path.relative_to(folder)), path.read_bytes())


def _opened(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for each in archive.namelist():
                yield from _opened(f"{name}/{each}", archive.read(each))
    else:
        yield name, (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("latin-1")
