"""Values of typed classes as JSON and back: for result files, scenes, the worker and the batch.

What a value looks like is told by the type hints of the class that is expected: dataclasses, enums, tuples,
dictionaries with text keys, paths, arrays, surfaces, doubts, plain values and unions of these. Writer and reader
walk through the same hints, so there is no list of classes and nothing else can be made of a file: nothing is
pickled, and a folder from elsewhere cannot run code. (cattrs does the same for plain values; it is not in
Slicer's Python, and arrays, surfaces and shared objects would need as many hooks as all of this.)

    dataclass   {"field": ...}; in a union of several with "class": its name before
    array       nested lists where small and of float64, else {"dtype", "shape", "values"}, or beside the record
                a file: {"array": name}, or {"mask": ...} for the box of it that is not 0
    surface     beside the record: {"surface": name}
    doubt       {"key", "numbers", "hemisphere", "text"}
    sentence    its English text; beside a folder, for the worker alone, {"source", "values"}, to be told by the reader
    shared      {"shared": name} for an object that the reader has already, with "shape" where it is an array
    no number   "nan", "inf" or "-inf": JSON has no word of its own for it
"""

import dataclasses
import json
import types
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from .doubts import Doubt
from .errors import UserError
from .scan.volume import box_around
from .sentences import Sentence, from_data, say, to_data

_FILE = "record.json"
_PIECE_BYTES = 4_000_000
"""Written in about 5 ms."""
_LARGE = 1_000_000
"""From so many values on, an array that is mostly 0 is written without its zeros."""
_INLINE = 64
"""An array of so many values stands in the record itself, though there is a folder."""
_PLAIN: dict[Any, tuple[type, ...]] = {bool: (bool,), int: (int,), float: (float, int), str: (str,)}


UNTOLD = "untold"
"""In the metadata of a field: its default is not written, so that records of before it was a field stay as they are."""


class RecordError(ValueError):
    """A text or folder does not hold a value of the expected type."""


def to_text(value: object, expected: Any = None) -> str:
    """A small value as one text, its arrays written out. Raises TypeError as `RecordWriter` does."""
    return json.dumps(to_plain(value, expected))


def from_text(text: str, expected: Any) -> Any:
    """What `to_text` wrote, a value of the type `expected`. Raises RecordError for anything else."""
    try:
        return from_plain(json.loads(text), expected)
    except json.JSONDecodeError as error:
        raise RecordError(f"this is no JSON: {error}") from error


def to_plain(value: object, expected: Any = None, shared: Mapping[str, object] | None = None) -> Any:
    """As `to_text`, but what JSON is made of: dictionaries, lists, text and numbers."""
    return RecordWriter(None, shared).encode(value, expected or type(value))


def from_plain(data: object, expected: Any, shared: Mapping[str, object] | None = None) -> Any:
    """What `to_plain` made. Raises RecordError for anything else."""
    return RecordReader(None, shared).decode(data, expected)


class RecordWriter:
    """Writes one value into a folder, or with None for the folder only encodes it.

    shared  name -> an object that the reader has already; where the value holds that very object, only
            the name is written
    """

    def __init__(self, folder: Path | None, shared: Mapping[str, object] | None = None) -> None:
        self._folder = folder
        self._shared = shared or {}
        self._files: dict[int, dict] = {}
        self._unwritten: list[tuple[_WriteFile, str, Any]] = []

    def write(self, value: object, expected: Any = None) -> None:
        """Write `value`. Raises TypeError where it is not of the type `expected`, by default its own class."""
        for _ in self.pieces(value, expected):
            pass

    def pieces(self, value: object, expected: Any = None) -> Iterator[None]:
        """As `write`, but large arrays are written piece by piece: a window can stay alive between two of them."""
        if self._folder is None:
            raise TypeError("a record without a folder is not written")
        text = json.dumps(self.encode(value, expected or type(value)))
        for write_file, name, content in self._unwritten:
            yield from write_file(self._folder / name, content)
        (self._folder / _FILE).write_text(text, encoding="utf-8")

    def encode(self, value: Any, expected: Any) -> Any:
        """`value` as JSON is made of it; its files are written by `pieces`."""
        for name, known in self._shared.items():
            if value is known:
                shape = {"shape": list(value.shape)} if isinstance(value, np.ndarray) else {}
                return {"shared": name, **shape}
        value = value.item() if isinstance(value, np.generic) else value
        if _is_union(expected):
            return self._encode_one_of(value, get_args(expected))
        kind: Any = get_origin(expected) or expected
        if not _fits(value, expected):
            raise TypeError(f"a record of {_name(expected)} holds no {type(value).__name__}")
        if dataclasses.is_dataclass(kind):
            told = ((name, hint) for name, (hint, _) in _fields(expected).items() if not _is_untold(value, name))
            return {name: self.encode(getattr(value, name), hint) for name, hint in told}
        if kind is tuple:
            hints = _item_hints(expected, len(value))
            return [self.encode(item, hint) for item, hint in zip(value, hints, strict=True)]
        if kind in _DICTS:
            return {key: self.encode(item, get_args(expected)[1]) for key, item in value.items()}
        return self._encode_leaf(value, kind)

    def _encode_one_of(self, value: Any, alternatives: tuple) -> Any:
        for each in alternatives:
            if _fits(value, each):
                encoded = self.encode(value, each)
                return {"class": each.__name__} | encoded if _is_tagged(each, alternatives) else encoded
        raise TypeError(f"a record of {' or '.join(map(_name, alternatives))} holds no {type(value).__name__}")

    def _encode_leaf(self, value: Any, kind: Any) -> Any:
        if kind is np.ndarray:
            return self._encode_array(value)
        if kind is Doubt:
            doubt = value if isinstance(value, Doubt) else Doubt(value)
            told = {"key": doubt.key, "numbers": doubt.numbers, "hemisphere": doubt.hemisphere, "text": str(doubt)}
            return told if self._folder is None else told | {"said": to_data(doubt)}
        if kind is Sentence or (kind is str and isinstance(value, Sentence) and self._folder is not None):
            return to_data(value)
        if kind is Path:
            return str(value)
        if isinstance(value, Enum):
            return value.value
        return self._once(value, "surface", ".vtp", _write_surface) if _is_surface(kind) else _strict(value)

    def _encode_array(self, array: np.ndarray) -> Any:
        if self._folder is not None and array.size > _INLINE:
            return self._boxed(array) if _is_mostly_zero(array) else self._once(array, "array", ".npy", _write_array)
        if array.dtype == np.float64 and array.ndim and array.size and np.isfinite(array).all():
            return array.tolist()
        values = [_strict(value) for value in array.ravel().tolist()]
        return {"dtype": array.dtype.name, "shape": list(array.shape), "values": values}

    def _boxed(self, array: np.ndarray) -> dict:
        """The file of the part of an array that is not 0, and where in the array it is."""
        if id(array) not in self._files:
            is_one_value = not any(array.strides)  # and that is 0: nothing need be looked at
            box = (slice(0, 0),) * 3 if is_one_value else box_around(array)
            place = {"shape": list(array.shape), "first": [side.start for side in box]}
            self._files[id(array)] = {"mask": place | self._once(array[box], "array", ".npy", _write_array)}
        return self._files[id(array)]

    def _once(self, value: Any, kind: str, suffix: str, write_file: "_WriteFile") -> dict:
        """The file of an array or a surface; one that stands in two places is written once."""
        if self._folder is None:
            raise TypeError(f"a record without a folder holds no {kind}")
        if id(value) not in self._files:
            name = f"{kind}{len(self._files)}{suffix}"
            self._unwritten.append((write_file, name, value))
            self._files[id(value)] = {kind: name}
        return self._files[id(value)]


class RecordReader:
    """Reads what `RecordWriter` wrote into a folder, or with None for the folder only decodes.

    shared   name -> the object that the writer left out under this name
    """

    def __init__(self, folder: Path | None, shared: Mapping[str, object] | None = None) -> None:
        self._folder = folder
        self._shared = shared or {}
        self._read: dict[str, Any] = {}

    def read(self, expected: Any) -> Any:
        """The value of type `expected`. Raises RecordError for any other, OSError for a missing file."""
        if self._folder is None:
            raise RecordError("a record without a folder has no file")
        try:
            data = json.loads((self._folder / _FILE).read_text(encoding="utf-8"))
        except ValueError as error:
            raise RecordError(f"this is no JSON: {error}") from error
        return self.decode(data, expected)

    def decode(self, data: Any, expected: Any, where: str = "") -> Any:
        """The value that `data` stands for; `where` it stands in the record goes into the error."""
        if isinstance(data, dict) and "shared" in data:
            return self._lent(data["shared"], where)
        if _is_union(expected):
            return self._decode_one_of(data, get_args(expected), where)
        kind = get_origin(expected) or expected
        if dataclasses.is_dataclass(kind):
            return self._decode_fields(_of_type(data, dict, where), kind, where)
        if kind is tuple:
            items = _of_type(data, list, where)
            hints = _item_hints(expected, len(items))
            if len(hints) != len(items):
                raise RecordError(f"{where}: {len(items)} values stand where {len(hints)} belong")
            return tuple(
                self.decode(item, hint, f"{where}[{index}]")
                for index, (item, hint) in enumerate(zip(items, hints, strict=True))
            )
        if kind in _DICTS:
            hint = get_args(expected)[1]
            return {key: self.decode(item, hint, f"{where}.{key}") for key, item in _of_type(data, dict, where).items()}
        return self._decode_leaf(data, kind, where)

    def _lent(self, name: Any, where: str) -> Any:
        if name not in self._shared:
            raise RecordError(f"{where}: nothing is at hand as '{name}'")
        return self._shared[name]

    def _decode_one_of(self, data: Any, alternatives: tuple, where: str) -> Any:
        if data is None and type(None) in alternatives:
            return None
        tag = data.get("class") if isinstance(data, dict) else None
        for each in alternatives:
            if tag is not None and _is_tagged(each, alternatives) and each.__name__ == tag:
                return self.decode({key: item for key, item in data.items() if key != "class"}, each, where)
        fitting = [each for each in alternatives if each is not type(None) and not _is_tagged(each, alternatives)]
        for each in fitting[:-1]:
            try:
                return self.decode(data, each, where)
            except RecordError:
                continue
        if not fitting:
            raise RecordError(f"{where}: this is no {' or '.join(map(_name, alternatives))}")
        return self.decode(data, fitting[-1], where)

    def _decode_fields(self, data: dict, kind: Any, where: str) -> Any:
        fields = _fields(kind)
        unknown = data.keys() - fields.keys()
        missing = {name for name, (_, is_needed) in fields.items() if is_needed} - data.keys()
        if unknown or missing:
            wrong = [f"has '{name}'" for name in sorted(unknown)] + [f"lacks '{name}'" for name in sorted(missing)]
            raise RecordError(f"{where}: this is no {kind.__name__}, it {' and '.join(wrong)}")
        values = {name: self.decode(item, fields[name][0], f"{where}.{name}") for name, item in data.items()}
        try:
            return kind(**values)
        except (UserError, TypeError, ValueError) as error:
            raise RecordError(f"{where}: {error}") from error

    def _decode_leaf(self, data: Any, kind: Any, where: str) -> Any:
        if kind is np.ndarray:
            return self._decode_array(data, where)
        if kind is Doubt:
            return _decode_doubt(data, where, self._folder is not None)
        if kind is Sentence or (kind is str and isinstance(data, dict) and self._folder is not None):
            return _decode_sentence(data, where)
        if kind is Path:
            return Path(_of_type(data, str, where))
        if _is_surface(kind):
            return self._file(_of_type(data, dict, where).get("surface"), _read_surface, where)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return _decode_enum(data, kind, where)
        if kind is float and data in _NO_NUMBERS:
            return float(data)
        if kind not in _PLAIN or not _fits(data, kind):
            raise RecordError(f"{where}: {data!r:.80} stands where {_name(kind)} belongs")
        return kind(data)

    def _decode_array(self, data: Any, where: str) -> np.ndarray:
        try:
            if isinstance(data, list):
                return np.array(data, np.float64)
            if "values" in data:
                return np.array(data["values"], _number_type(data["dtype"])).reshape(data["shape"])
            if "mask" in data:
                return self._unboxed(data["mask"], where)
            return self._file(data["array"], _read_array, where)
        except (KeyError, TypeError, ValueError) as error:
            raise RecordError(f"{where}: this is no array ({error})") from error

    def _file(self, name: Any, read_file: Callable[[Path], Any], where: str) -> Any:
        """What a file beside the record holds; one that stands in two places is read once."""
        if self._folder is None or not isinstance(name, str) or Path(name).name != name:
            raise RecordError(f"{where}: {name!r} is no file beside the record")
        if name not in self._read:
            self._read[name] = read_file(self._folder / name)
        return self._read[name]

    def _unboxed(self, place: dict, where: str) -> np.ndarray:
        """An array of which all but one box is 0: that costs no time, and memory only where it is looked at."""
        name = f"mask of {place['array']}"
        if name not in self._read:
            inside = self._file(place["array"], _read_array, where)
            whole = np.zeros(place["shape"], inside.dtype)
            starts = zip(place["first"], inside.shape, strict=True)
            whole[tuple(slice(start, start + size) for start, size in starts)] = inside
            self._read[name] = whole
        return self._read[name]


_DICTS = (dict, Mapping)
_NO_NUMBERS = ("nan", "inf", "-inf")


@cache
def _fields(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Name of each field -> its hint, and whether it has no default."""
    hints = get_type_hints(kind)
    missing = dataclasses.MISSING
    return {
        field.name: (hints[field.name], field.default is missing and field.default_factory is missing)
        for field in dataclasses.fields(kind)
        if field.init
    }


def _is_untold(value: Any, name: str) -> bool:
    field = type(value).__dataclass_fields__[name]
    return UNTOLD in field.metadata and getattr(value, name) == field.default


def _item_hints(expected: Any, count: int) -> tuple:
    hints = get_args(expected)
    return hints[:1] * count if hints[1:] == (...,) else hints


def _strict(value: Any) -> Any:
    """The value as strict JSON can hold it."""
    return str(value) if isinstance(value, float) and not np.isfinite(value) else value


def _is_union(expected: Any) -> bool:
    return get_origin(expected) in (Union, types.UnionType)


def _is_tagged(each: Any, alternatives: tuple) -> bool:
    """Whether a class is one of several dataclasses, so that its name must say which it is."""
    return dataclasses.is_dataclass(each) and sum(map(dataclasses.is_dataclass, alternatives)) > 1


def _is_surface(kind: Any) -> bool:
    return getattr(kind, "__name__", "") == "vtkPolyData"


def _name(expected: Any) -> str:
    return "None" if expected is type(None) else getattr(expected, "__name__", str(expected))


def _fits(value: Any, expected: Any) -> bool:
    """Whether a value is of a type, what is in it aside."""
    kind = get_origin(expected) or expected
    if kind is tuple:
        return isinstance(value, (tuple, list))
    if kind in _PLAIN:
        return isinstance(value, _PLAIN[kind]) and (kind is bool or not isinstance(value, bool))
    return isinstance(value, str if kind in (Doubt, Sentence) else kind) if isinstance(kind, type) else False


def _of_type(data: Any, kind: type, where: str) -> Any:
    if not isinstance(data, kind):
        raise RecordError(f"{where}: {data!r:.80} stands where a {kind.__name__} belongs")
    return data


def _decode_doubt(data: Any, where: str, is_of_worker: bool) -> Doubt:
    if isinstance(data, str):
        return Doubt(data)
    fields = {"text": str, "key": str, "numbers": dict, "hemisphere": str}
    text, *others = (_of_type(_of_type(data, dict, where).get(name), kind, where) for name, kind in fields.items())
    return Doubt(_decode_sentence(data["said"], where) if is_of_worker and "said" in data else text, *others)


def _decode_sentence(data: Any, where: str) -> Sentence:
    try:
        return say(from_data(data))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise RecordError(f"{where}: this is no sentence ({error})") from error


def _decode_enum(data: Any, kind: Any, where: str) -> Enum:
    try:
        return kind(data)
    except ValueError as error:
        raise RecordError(f"{where}: {error}") from error


def _number_type(name: Any) -> np.dtype:
    found = np.dtype(name)
    if found.kind not in "biuf":
        raise ValueError(f"{name} is no kind of number")
    return found


def _is_mostly_zero(array: np.ndarray) -> bool:
    """Whether most of a large 3-D array is 0, by every fourth value along each axis."""
    sample = array[::4, ::4, ::4] if array.ndim == 3 and array.size > _LARGE else np.ones(1)
    return bool(np.count_nonzero(sample) < sample.size / 4)


_WriteFile = Callable[[Path, Any], Iterator[None]]


def _write_array(path: Path, array: np.ndarray) -> Iterator[None]:
    header = {"descr": np.lib.format.dtype_to_descr(array.dtype), "fortran_order": False, "shape": array.shape}
    numbers = np.ascontiguousarray(array).reshape(-1)
    step = _PIECE_BYTES // array.itemsize
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, numbers.size, step):
            file.write(np.ascontiguousarray(numbers[start : start + step]).data)
            if start + step < numbers.size:
                yield


def _read_array(path: Path) -> np.ndarray:
    return np.load(path, allow_pickle=False)


def _write_surface(path: Path, surface: Any) -> Iterator[None]:
    """Not packed, which would take 150 ms for a head's scalp."""
    from vtkmodules.vtkIOXML import vtkXMLPolyDataWriter

    writer = vtkXMLPolyDataWriter()
    writer.SetFileName(str(path))
    writer.SetInputData(surface)
    writer.SetCompressorTypeToNone()
    writer.EncodeAppendedDataOff()
    if not writer.Write():
        raise OSError(f"could not write {path}")
    yield


def _read_surface(path: Path) -> Any:
    from vtkmodules.vtkIOXML import vtkXMLPolyDataReader

    if not path.is_file():
        raise FileNotFoundError(path)
    reader = vtkXMLPolyDataReader()
    reader.SetFileName(str(path))
    reader.Update()
    return reader.GetOutput()
