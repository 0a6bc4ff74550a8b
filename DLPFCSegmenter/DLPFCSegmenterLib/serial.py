"""Frozen dataclasses to a folder and back: JSON for values, `.npy` for arrays, `.vtp` for surfaces.

Nothing is pickled, and reading makes only values of the classes that the caller names, so that a
folder from elsewhere cannot run code. `dict` keys are strings; sequences come back as tuples.
"""

import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from .scan.volume import box_around

_FILE = "record.json"
_PIECE_BYTES = 4_000_000
"""Written in about 5 ms."""
_SMALL = 1_000_000
"""So many values are written and read whole."""


def to_text(value: object) -> str:
    """A small value as one text, its arrays written out. Raises TypeError for a kind of value that no record holds."""
    return json.dumps(RecordWriter(None)._encode(value))


def from_text(text: str, classes: tuple[type, ...]) -> object:
    """What `to_text` wrote. Raises KeyError for a class that is not among `classes`."""
    return RecordReader(Path(), classes)._decode(json.loads(text))


class RecordWriter:
    """Writes one value into a folder, or with None for the folder its text alone (`to_text`).

    shared  name -> an object that the reader has already; where the value holds that very object, only
            the name is written
    """

    def __init__(self, folder: Path | None, shared: dict[str, object] | None = None) -> None:
        self._folder = folder
        self._shared = shared or {}
        self._files: dict[int, dict] = {}
        self._unwritten: list[tuple[_WriteFile, Path, object]] = []

    def write(self, value: object) -> None:
        """Write `value`. Raises TypeError for a kind of value that no record holds."""
        for _ in self.pieces(value):
            pass

    def pieces(self, value: object) -> Iterator[None]:
        """As `write`, but large arrays are written piece by piece: a window can stay alive between two of them."""
        text = json.dumps(self._encode(value))
        for write_file, path, content in self._unwritten:
            yield from write_file(path, content)
        (self._folder / _FILE).write_text(text, encoding="utf-8")

    def _encode(self, value: object) -> object:
        for name, known in self._shared.items():
            if value is known:
                return {"shared": name}
        if dataclasses.is_dataclass(value):
            fields = {f.name: self._encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
            return {"class": type(value).__name__, "fields": fields}
        if isinstance(value, dict):
            return {"dict": {key: self._encode(item) for key, item in value.items()}}
        if isinstance(value, (tuple, list)):
            return [self._encode(item) for item in value]
        return self._encode_leaf(value)

    def _encode_leaf(self, value: object) -> object:
        if isinstance(value, np.generic):
            return value.item()
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, Path):
            return {"path": str(value)}
        if isinstance(value, np.ndarray):
            if self._folder is None:
                return {"numbers": value.tolist()}
            if _is_mostly_zero(value):
                return self._boxed(value)
            return self._once(value, "array", ".npy", _write_array)
        if self._folder is not None and hasattr(value, "IsA") and value.IsA("vtkPolyData"):
            return self._once(value, "surface", ".vtp", _write_surface)
        raise TypeError(f"a record holds no {type(value).__name__}")

    def _boxed(self, array: np.ndarray) -> dict:
        """The file of the part of an array that is not 0, and where in the array it is."""
        if id(array) not in self._files:
            box = box_around(array)
            place = {"shape": array.shape, "first": [side.start for side in box]}
            self._files[id(array)] = {"mask": place | self._once(array[box], "array", ".npy", _write_array)}
        return self._files[id(array)]

    def _once(self, value: object, kind: str, suffix: str, write_file: "_WriteFile") -> dict:
        """The file of an array or a surface; one that stands in two places is written once."""
        if id(value) not in self._files:
            name = f"{kind}{len(self._files)}{suffix}"
            self._unwritten.append((write_file, self._folder / name, value))
            self._files[id(value)] = {kind: name}
        return self._files[id(value)]


class RecordReader:
    """Reads what `RecordWriter` wrote.

    classes  the dataclasses that the record may hold
    shared   name -> the object that the writer left out under this name
    """

    def __init__(self, folder: Path, classes: tuple[type, ...], shared: dict[str, object] | None = None) -> None:
        self._folder = folder
        self._classes = {each.__name__: each for each in classes}
        self._shared = shared or {}
        self._read: dict[str, object] = {}

    def read(self) -> object:
        """The value. Raises KeyError for a class that was not named, OSError for a missing file."""
        return self._decode(json.loads((self._folder / _FILE).read_text(encoding="utf-8")))

    def _decode(self, value: object) -> object:
        if isinstance(value, list):
            return tuple(self._decode(item) for item in value)
        if not isinstance(value, dict):
            return value
        if "class" in value:
            fields = {name: self._decode(item) for name, item in value["fields"].items()}
            return self._classes[value["class"]](**fields)
        return self._decode_tagged(*next(iter(value.items())))

    def _decode_tagged(self, kind: str, content: object) -> object:
        if kind == "dict":
            return {key: self._decode(item) for key, item in content.items()}
        if kind == "shared":
            return self._shared[content]
        if kind == "path":
            return Path(content)
        if kind == "numbers":
            return np.array(content)
        if kind == "mask":
            return self._unboxed(content["array"], content["shape"], content["first"])
        if content not in self._read:
            self._read[content] = {"array": _read_array, "surface": _read_surface}[kind](self._folder / content)
        return self._read[content]

    def _unboxed(self, name: str, shape: list[int], first: list[int]) -> np.ndarray:
        """An array of which all but one box is 0: that costs no time, and memory only where it is looked at."""
        if name not in self._read:
            inside = _read_array(self._folder / name)
            self._read[name] = np.zeros(shape, inside.dtype)
            box = tuple(slice(start, start + size) for start, size in zip(first, inside.shape, strict=True))
            self._read[name][box] = inside
        return self._read[name]


def _is_mostly_zero(array: np.ndarray) -> bool:
    """Whether most of a large 3-D array is 0, by every fourth value along each axis."""
    sample = array[::4, ::4, ::4] if array.ndim == 3 and array.size > _SMALL else np.ones(1)
    return np.count_nonzero(sample) < sample.size / 4


_WriteFile = Callable[[Path, object], Iterator[None]]


def _write_array(path: Path, array: np.ndarray) -> Iterator[None]:
    header = {"descr": np.lib.format.dtype_to_descr(array.dtype), "fortran_order": False, "shape": array.shape}
    numbers = array.reshape(-1)
    step = _PIECE_BYTES // array.itemsize
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, numbers.size, step):
            file.write(numbers[start : start + step].data)
            if start + step < numbers.size:
                yield


def _read_array(path: Path) -> np.ndarray:
    return np.load(path, allow_pickle=False)


def _write_surface(path: Path, surface) -> Iterator[None]:
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


def _read_surface(path: Path):
    from vtkmodules.vtkIOXML import vtkXMLPolyDataReader

    if not path.is_file():
        raise FileNotFoundError(path)
    reader = vtkXMLPolyDataReader()
    reader.SetFileName(str(path))
    reader.Update()
    return reader.GetOutput()
