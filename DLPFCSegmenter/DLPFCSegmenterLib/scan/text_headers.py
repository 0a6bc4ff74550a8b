"""What the headers of NRRD and MetaImage files say, checked before a library of C++ trusts them with its memory.

Sources: the NRRD format (teem.sourceforge.net/nrrd/format.html) and MetaIO's metaImage and metaTypes.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..files import is_there
from ..sentences import both, say
from . import pixels
from .stored_data import StoredData

_MAX_HEADER_BYTES = 16 << 20
_MAX_FIELD_BYTES = 2000
_MAX_AXES = 10
_DIRECTIONS = 3

_NRRD_BYTES = {
    1: ("signed char", "int8", "int8_t", "uchar", "unsigned char", "uint8", "uint8_t"),
    2: ("short", "short int", "signed short", "signed short int", "int16", "int16_t")
    + ("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"),
    4: ("int", "signed int", "int32", "int32_t", "uint", "unsigned int", "uint32", "uint32_t", "float"),
    8: ("longlong", "long long", "long long int", "signed long long", "signed long long int", "int64", "int64_t")
    + ("ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t", "double"),
}
_NRRD_PACKINGS = {"raw": "raw", "gz": "gzip", "gzip": "gzip", "bz2": "bzip2", "bzip2": "bzip2"}
_NRRD_FILE = ("data file", "datafile")
_NRRD_TEXT = ("txt", "text", "ascii", "hex")

_META_BYTES = {
    1: ("MET_CHAR", "MET_UCHAR"),
    2: ("MET_SHORT", "MET_USHORT"),
    4: ("MET_INT", "MET_UINT", "MET_LONG", "MET_ULONG", "MET_FLOAT"),
    8: ("MET_LONG_LONG", "MET_ULONG_LONG", "MET_DOUBLE"),
}
META_ORIENTATION_FIELDS = ("TransformMatrix", "Rotation", "Orientation")
_META_PLACE_FIELDS = ("Offset", "Position", "Origin")

_MM = ("", "?", "??", "???", "mm", "millimeter", "millimeters", "millimetre", "millimetres")
"""Units of length, in lower case, that are mm or say nothing."""


@dataclass(frozen=True)
class TextHeader:
    """Fields of a header by name, and how many bytes of the file it takes."""

    path: Path
    fields: dict[str, str]
    size: int

    def refuse(self, field: str, why: str) -> UserError:
        """The error for a field that no file of this kind may hold."""
        return UserError(
            "{path}: its header is damaged ('{field}: {shown}' {why}); save the scan again.",
            path=self.path,
            field=field,
            shown=_shown(self.fields.get(field, "")),
            why=why,
        )

    def whole_numbers(self, field: str, least: int, most: int = 2**62) -> list[int]:
        """The field's numbers; raises UserError unless each is a whole one from `least` to `most`."""
        numbers = self._numbers(field, int)
        if not all(least <= number <= most for number in numbers):
            raise self.refuse(field, say("is out of range"))
        return [int(number) for number in numbers]

    def whole_number(self, field: str, least: int, most: int = 2**62) -> int:
        """As `whole_numbers`, of a field that must hold one."""
        numbers = self.whole_numbers(field, least, most)
        if len(numbers) != 1:
            raise self.refuse(field, say("must be one number"))
        return numbers[0]

    def finite_numbers(self, field: str, count: int) -> list[float]:
        """The field's numbers; raises UserError unless they are `count` finite ones."""
        numbers = self._numbers(field, float)
        if len(numbers) != count or not all(map(math.isfinite, numbers)):
            raise self.refuse(field, say("must be {count} numbers", count=count))
        return numbers

    def _numbers(self, field: str, kind: Callable[[str], float]) -> list[float]:
        if field not in self.fields:
            raise UserError(
                "{path}: its header is damaged ('{field}' is missing); save the scan again.",
                path=self.path,
                field=field,
            )
        try:
            return [kind(part) for part in self.fields[field].split()]
        except ValueError as error:
            raise self.refuse(field, say("is no row of numbers")) from error


def _shown(value: str) -> str:
    return value if len(value) < 60 else value[:57] + "..."


def read_nrrd(path: Path) -> TextHeader:
    """The fields of an NRRD header, names in lower case. Raises UserError where one stands twice."""
    fields: dict[str, str] = {}
    size = 0
    with path.open("rb") as stream:
        for line in iter(stream.readline, b""):
            size += len(line)
            if not line.strip():
                break
            _require_short(path, size)
            name, value = _nrrd_field(line)
            _require_nrrd_line(path, line, is_first=size == len(line))
            _add_field(path, fields, name, value)
            if name in _NRRD_FILE and _is_list(value.strip()):
                break  # names of files follow
    return TextHeader(path, fields, size)


def _require_nrrd_line(path: Path, line: bytes, is_first: bool) -> None:
    """Refuse a line that is neither a comment, a note nor a field: the library's error about a long one crashes it."""
    is_field = b":" in line and len(line) <= _MAX_FIELD_BYTES
    if not (is_first or line.startswith(b"#") or b":=" in line or is_field):
        raise UserError("{path}: its header is damaged (a line of it is no field); save the scan again.", path=path)


def _nrrd_field(line: bytes) -> tuple[str, str]:
    """Name and value; '' as the name of a comment, of the first line and of a note such as 'key:=value'."""
    name, _, value = line.decode("utf-8", "replace").strip().partition(":")
    return ("" if line.startswith(b"#") or value.startswith("=") else name.strip().lower() if value else ""), value


def read_metaimage(path: Path) -> TextHeader:
    """The fields of a MetaImage header. Raises UserError where one stands twice, by whatever name."""
    fields: dict[str, str] = {}
    size = 0
    with path.open("rb") as stream:
        for line in iter(stream.readline, b""):
            size += len(line)
            _require_short(path, size)
            name, equals, value = line.decode("utf-8", "replace").partition("=")
            if equals:
                _add_field(path, fields, name.strip(), value)
            if name.strip() == "ElementDataFile":
                break
    for synonyms in (META_ORIENTATION_FIELDS, _META_PLACE_FIELDS):
        _require_one(path, [name for name in synonyms if name in fields])
    return TextHeader(path, fields, size)


def _require_short(path: Path, size: int) -> None:
    if size > _MAX_HEADER_BYTES:
        raise UserError("{path}: its header has no end, it may be damaged; save the scan again.", path=path)


def _add_field(path: Path, fields: dict[str, str], name: str, value: str) -> None:
    if name:
        _require_one(path, [name] * (1 + (name in fields)))
        fields[name] = value.strip()


def _require_one(path: Path, names: list[str]) -> None:
    if len(names) > 1:
        raise UserError(
            "{path}: its header holds {names}, one of which is wrong; save the scan again.",
            path=path,
            names=both(names),
        )


def nrrd_data(header: TextHeader) -> StoredData | None:
    """Where the voxels of an NRRD file are, or None of a raw list of files and of text, which are not measured.

    Raises UserError for a header that cannot be true.
    """
    axes = header.whole_number("dimension", 1, _MAX_AXES)
    sizes = header.whole_numbers("sizes", 1)
    if len(sizes) != axes:
        raise header.refuse("sizes", say("must be {axes} numbers", axes=axes))
    _require_mm(header, "space units")
    directions = header.fields.get("space directions", "").count("(")
    if "space directions" in header.fields and directions != _DIRECTIONS <= axes:
        raise header.refuse("space directions", say("must be a direction for each of the three axes of a head"))
    encoding = header.fields.get("encoding", "").lower()
    file = next((header.fields[name] for name in _NRRD_FILE if name in header.fields), "")
    if encoding in _NRRD_TEXT or (encoding == "raw" and _is_list(file)):
        return None
    if encoding not in _NRRD_PACKINGS or _is_list(file):
        raise header.refuse("encoding", say("is unknown here, or of several files"))
    wanted = math.prod(sizes) * _bytes_of(header, "type", _NRRD_BYTES, str.lower)
    return _nrrd_place(header, _NRRD_PACKINGS[encoding], wanted, file)


def _require_mm(header: TextHeader, field: str) -> None:
    """Refuse lengths in another unit, which ITK takes for mm; each unit may stand in quotes."""
    if not all(unit in _MM for unit in header.fields.get(field, "").replace('"', " ").lower().split()):
        raise header.refuse(field, say("is another unit than mm, which programs read differently"))


def _nrrd_place(header: TextHeader, packing: str, wanted: int, file: str) -> StoredData:
    path = data_file(header.path, file) if file else header.path
    start = 0 if file else header.size
    lines = header.fields.get("line skip", "0") != "0"
    skipped = _whole(header, "byte skip")
    if skipped == -1 and packing == "raw":
        start, skipped = max(path.stat().st_size - wanted, start), 0
    return StoredData(path, wanted + max(skipped, 0), start, packing, may_go_on=lines)


def metaimage_data(header: TextHeader) -> StoredData | None:
    """Where the voxels of a MetaImage file are, or None of a raw list of files and of text, which are not measured.

    Raises UserError for a header that cannot be true.
    """
    axes = header.whole_number("NDims", 1, _MAX_AXES)
    sizes = header.whole_numbers("DimSize", 1)
    if len(sizes) != axes:
        raise header.refuse("DimSize", say("must be {axes} numbers", axes=axes))
    _require_meta_grid(header, axes)
    _require_mm(header, "DistanceUnits")
    file = header.fields.get("ElementDataFile", "")
    packed = _says_yes(header, "CompressedData")
    if not file or (packed and _is_list(file)):
        raise header.refuse("ElementDataFile", say("names no single file of data"))
    if _is_list(file) or not _says_yes(header, "BinaryData", "True"):
        return None
    channels = header.whole_numbers("ElementNumberOfChannels", 1) if "ElementNumberOfChannels" in header.fields else [1]
    wanted = math.prod(sizes + channels) * _bytes_of(header, "ElementType", _META_BYTES, str.upper)
    return _meta_place(header, "zlib" if packed else "raw", wanted, file)


def _require_meta_grid(header: TextHeader, axes: int) -> None:
    for name in META_ORIENTATION_FIELDS:
        if name in header.fields:
            directions = np.reshape(header.finite_numbers(name, axes * axes), (axes, axes))
            if not pixels.are_unit_vectors(directions):
                raise header.refuse(name, say("must be unit vectors"))
    for name in _META_PLACE_FIELDS:
        if name in header.fields:
            header.finite_numbers(name, axes)
    sizes = [name for name in ("ElementSpacing", "ElementSize") if name in header.fields]
    for name in sizes or ["ElementSpacing"]:  # where both are missing ITK takes 1 mm
        if min(header.finite_numbers(name, axes)) <= 0:
            raise header.refuse(name, say("must be above 0"))


def _meta_place(header: TextHeader, packing: str, wanted: int, file: str) -> StoredData:
    if file.upper() == "LOCAL":
        # ITK counts them from the file's begin, so that the header's own text may become voxels.
        if _whole(header, "HeaderSize") > 0:
            raise header.refuse("HeaderSize", say("is of voxels in a file of their own"))
        return StoredData(header.path, wanted, header.size, packing)
    path = data_file(header.path, file)
    start = _whole(header, "HeaderSize")
    return StoredData(path, wanted, path.stat().st_size - wanted if start == -1 else max(start, 0), packing)


def data_file(path: Path, name: str) -> Path:
    """The file that a header's file names; raises UserError where it is missing or no regular file."""
    file = path.parent / name
    if not (is_there(file) and file.is_file()):
        raise UserError(
            "{path}: its voxels are in the file '{name}', which is not there; copy both into one folder.",
            path=path,
            name=_shown(name),
        )
    return file


def _is_list(file: str) -> bool:
    """Whether a header names several files: a list, or a pattern with numbers."""
    return file.upper().startswith("LIST") or "%" in file


def _says_yes(header: TextHeader, field: str, unsaid: str = "False") -> bool:
    return header.fields.get(field, unsaid).upper() in ("TRUE", "T", "YES", "1")


def _whole(header: TextHeader, field: str) -> int:
    return header.whole_number(field, -1) if header.fields.get(field) else 0


def _bytes_of(header: TextHeader, field: str, table: dict[int, tuple[str, ...]], fold: Callable[[str], str]) -> int:
    """Bytes of one value; raises UserError for a type that no image has."""
    kind = fold(header.fields.get(field, ""))
    for size, names in table.items():
        if kind in names:
            return size
    raise header.refuse(field, say("is no type of voxels"))
