"""What a file really is, by how it begins, for files whose name says otherwise."""

from pathlib import Path

_BEGINNINGS = (
    (b"\x1f\x8b", "a gzip file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"BZh", "a bzip2 file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"%PDF", "a PDF document"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"NRRD", "an NRRD file"),
    (b"ObjectType", "a MetaImage file"),
    (b"version https://git-lfs", "a placeholder of Git LFS, not the file itself"),
)
_SIZES_OF_NIFTI = (348, 540)
_TEXT = bytes(range(32, 127)) + b"\t\n\r"


def what_it_is(begin: bytes) -> str:
    """The kind of file that begins with these bytes, 'an unknown kind of file' where none is known."""
    for beginning, kind in _BEGINNINGS:
        if begin.startswith(beginning):
            return kind
    if begin[128:132] == b"DICM":
        return "a DICOM file"
    if begin.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if {int.from_bytes(begin[:4], "little"), int.from_bytes(begin[:4], "big")} & set(_SIZES_OF_NIFTI):
        return "a NIfTI file"
    return "a text file" if begin and not begin.strip(_TEXT) else "an unknown kind of file"


def begin_of(path: Path, size: int = 600) -> bytes:
    """A file's first bytes."""
    with path.open("rb") as stream:
        return stream.read(size)
