"""Records: what is written is what is read, and nothing else can be read."""

import json
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersSources import vtkSphereSource

from DLPFCSegmenterLib import serial as records
from DLPFCSegmenterLib.doubts import Doubt, doubt
from DLPFCSegmenterLib.plan import PlanOptions
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.sentences import Sentence, say
from DLPFCSegmenterLib.serial import RecordError, RecordReader, RecordWriter, from_plain, from_text, to_plain, to_text


class Colour(Enum):
    """A choice."""

    RED = "red"


@dataclass(frozen=True)
class Box:
    """An array, a surface or a volume, in a field."""

    content: np.ndarray | Volume | vtkPolyData


@dataclass(frozen=True)
class Plain:
    """Every kind of plain field."""

    flag: bool = True
    count: int | None = None
    share: float = 0.5
    name: str = "é"
    pair: tuple[int, tuple[str, float]] = (1, ("two", 3.0))
    many: tuple[float, ...] = ()
    by_name: dict[str, dict[str, tuple[int, ...]]] = field(default_factory=lambda: {"a": {"b": (1,)}})
    path: Path | None = Path("x/y")
    colour: Colour = Colour.RED
    options: PlanOptions | None = None


@dataclass(frozen=True)
class Other:
    """Another class, to be told from `Plain` where both may stand."""

    name: str = "é"


@dataclass(frozen=True)
class NeedsName:
    """A class with a field that must be given."""

    name: str


def round_trip(value, folder, expected=None, shared=None):
    RecordWriter(folder, shared).write(value, expected)
    return RecordReader(folder, shared).read(expected or type(value))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"flag": False, "count": 3},
        {"share": -0.1},
        {"many": (1.5, 2.0)},
        {"path": None},
        {"options": PlanOptions()},
    ],
)
def test_a_plain_value_comes_back_equal(change, tmp_path):
    assert round_trip(Plain(**change), tmp_path) == Plain(**change)
    assert from_text(to_text(Plain(**change)), Plain) == Plain(**change)


@pytest.mark.parametrize("value", [Plain(count=2), Other("a"), None, (Path("a"), Path("b"))])
def test_what_may_be_of_several_classes_comes_back_as_its_own(value, tmp_path):
    assert round_trip(value, tmp_path, Plain | Other | tuple[Path, ...] | None) == value


def test_a_doubt_comes_back_with_its_key_numbers_and_side():
    said = doubt("picked_outside", "left", away=3.25)
    back = from_text(to_text((said, "of another kind"), tuple[Doubt, ...]), tuple[Doubt, ...])
    assert back == ("The target lies outside the mask, 3 mm from its nearest voxel.", "of another kind")
    assert [(each.key, each.numbers, each.hemisphere) for each in back] == [
        ("picked_outside", {"away": 3.25}, "left"),
        ("", {}, ""),
    ]


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int16", "float32", "float64"])
def test_an_array_comes_back_with_its_type_and_shape(dtype, tmp_path):
    array = np.arange(24).reshape(2, 3, 4).astype(dtype)
    back = round_trip(Box(array), tmp_path).content
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize("array", [np.zeros((0, 3, 4), bool), np.array(3.5), np.arange(6, dtype="int16").reshape(2, 3)])
def test_an_array_in_a_text_comes_back_with_its_type_and_shape(array):
    back = from_text(to_text(array), np.ndarray)
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(back, array)


def test_a_large_array_is_written_piece_by_piece(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "_PIECE_BYTES", 100)
    array = np.arange(210, dtype="int16").reshape(5, 6, 7)
    arrays = (array, array[:, ::2], np.zeros(0), np.array(3.5))
    pieces = list(RecordWriter(tmp_path).pieces(arrays, tuple[np.ndarray, ...]))
    assert len(pieces) == 4 + 2
    back = RecordReader(tmp_path).read(tuple[np.ndarray, ...])
    for before, after in zip(arrays, back, strict=True):
        np.testing.assert_array_equal(after, before)


def test_numbers_of_numpy_come_back_as_plain_numbers(tmp_path):
    back = round_trip((np.float32(0.5), np.int64(7), np.bool_(True)), tmp_path, tuple[float, int, bool])
    assert back == (0.5, 7, True)
    assert [type(number) for number in back] == [float, int, bool]


def test_a_surface_comes_back_with_its_points(tmp_path):
    sphere = vtkSphereSource()
    sphere.Update()
    back = round_trip(Box(sphere.GetOutput()), tmp_path).content
    assert back.GetNumberOfPoints() == sphere.GetOutput().GetNumberOfPoints()
    assert back.GetPoint(5) == pytest.approx(sphere.GetOutput().GetPoint(5))


def test_nested_dataclasses_come_back_as_their_classes(tmp_path):
    options = PlanOptions(hemispheres=("left", "right"), hotspot_ras_mm=(-40.0, -20.0, 60.0), weights=Path("w.pt"))
    assert round_trip((options,), tmp_path, tuple[PlanOptions]) == (options,)


def test_an_array_that_stands_in_two_places_is_written_once(tmp_path):
    array = np.ones(100)
    back = round_trip((array, Box(array)), tmp_path, tuple[np.ndarray, Box])
    assert back[0] is back[1].content
    assert len(list(tmp_path.glob("*.npy"))) == 1


@pytest.mark.parametrize("dtype", ["bool", "float32"])
def test_of_a_large_mask_only_the_part_that_is_not_zero_is_written(dtype, tmp_path):
    mask = np.zeros((100, 110, 120), dtype)
    mask[20:30, 109, 5:9] = 1
    back = round_trip((mask, Box(mask), np.zeros_like(mask)), tmp_path, tuple[np.ndarray, Box, np.ndarray])
    assert back[0] is back[1].content and back[0].dtype == mask.dtype
    np.testing.assert_array_equal(back[0], mask)
    np.testing.assert_array_equal(back[2], np.zeros_like(mask))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 2000


@pytest.mark.parametrize("shape", [(5, 6, 7), (110, 100, 120)])
def test_an_array_that_is_one_value_everywhere_comes_back(shape, tmp_path):
    nothing = np.broadcast_to(np.zeros((), bool), shape)
    back = round_trip(nothing, tmp_path)
    assert back.shape == shape and not back.any()
    assert (tmp_path / "array0.npy").stat().st_size < 1000


def test_a_large_array_of_numbers_is_written_whole(tmp_path):
    array = np.random.default_rng(3).integers(0, 2, (100, 110, 120)).astype("int16")
    np.testing.assert_array_equal(round_trip(array, tmp_path), array)


def test_a_shared_object_is_not_written_and_comes_back_as_itself(tmp_path):
    volume = Volume(np.zeros((20, 20, 20)), np.eye(4))
    back = round_trip(Box(volume), tmp_path, shared={"volume": volume})
    assert back.content is volume
    assert not list(tmp_path.glob("*.npy"))


@pytest.mark.parametrize(
    "data",
    [
        3, None, [], {}, {"name": 3}, {"name": "a", "more": 1}, {"class": "Plain"}, {"shared": "volume"},
    ],
)  # fmt: skip
def test_a_class_that_was_not_named_is_refused(data):
    with pytest.raises(RecordError):
        from_plain(data, NeedsName)


@pytest.mark.parametrize(
    ("field_name", "data"),
    [
        ("flag", 1), ("count", 1.5), ("count", True), ("share", "0.5"), ("share", None), ("name", 3),
        ("pair", [1, ["two"]]), ("many", 3), ("by_name", {"a": {"b": ["c"]}}), ("path", 3), ("colour", "blue"),
        ("options", {"rule_mm": "long"}),
    ],
)  # fmt: skip
def test_a_record_with_a_wrong_value_is_refused_by_the_name_of_its_place(field_name, data):
    with pytest.raises(RecordError, match=rf"^\.{field_name}"):
        from_plain(to_plain(Plain()) | {field_name: data}, Plain)


@pytest.mark.parametrize(
    "data", [{"array": "../array0.npy"}, {"array": 3}, {"values": [{}], "dtype": "O", "shape": [1]}, [[1], []]]
)
def test_an_array_from_elsewhere_is_refused(data, tmp_path):
    np.save(tmp_path / "array0.npy", np.zeros(3))
    (tmp_path / "record").mkdir()
    with pytest.raises(RecordError):
        RecordReader(tmp_path / "record").decode(data, np.ndarray)


def test_an_array_file_with_a_pickle_in_it_is_refused(tmp_path):
    RecordWriter(tmp_path).write(Box(np.zeros(100)))
    np.save(tmp_path / "array0.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(RecordError):
        RecordReader(tmp_path).read(Box)


@pytest.mark.parametrize("text", ["", "{", "no record"])
def test_a_text_that_is_no_record_is_refused(text, tmp_path):
    (tmp_path / "record.json").write_text(text)
    with pytest.raises(RecordError, match="no JSON"):
        RecordReader(tmp_path).read(Other)
    with pytest.raises(RecordError, match="no JSON"):
        from_text(text, Other)


def test_what_no_record_can_hold_is_refused_when_written(tmp_path):
    with pytest.raises(TypeError, match="holds no set"):
        RecordWriter(tmp_path).write(Box({1, 2}))


def test_the_record_is_readable_json(tmp_path):
    RecordWriter(tmp_path).write(Other("é"))
    assert json.loads((tmp_path / "record.json").read_text()) == {"name": "é"}


def test_an_array_whose_values_lie_apart_in_memory_comes_back(tmp_path):
    arrays = (np.broadcast_to(np.ones((), bool), (9, 10, 11)), np.arange(990.0).reshape(9, 10, 11)[:, ::-1, ::2])
    RecordWriter(tmp_path).write(arrays, tuple[np.ndarray, ...])
    for before, after in zip(arrays, RecordReader(tmp_path).read(tuple[np.ndarray, ...]), strict=True):
        np.testing.assert_array_equal(after, before)


def test_a_sentence_comes_back_as_what_it_was_made_of():
    told = say("{name}: lies {away:.1f} mm off.", name="T1.nii", away=2.0)
    again = from_text(to_text((told, say("as it is")), tuple[Sentence, ...]), tuple[Sentence, ...])
    assert again == (told, "as it is")
    assert again[0].source == told.source and again[0].values == told.values


@pytest.mark.parametrize("damaged", ['{"source": "{name}", "values": {"far": 1}}', "3", '{"values": {}}'])
def test_what_is_no_sentence_is_refused(damaged):
    with pytest.raises(RecordError):
        from_text(damaged, Sentence)


def test_a_sentence_goes_to_another_process_as_what_it_was_made_of_and_into_a_file_in_english(tmp_path):
    told = say("{name}: lies {away:.1f} mm off.", name="T1.nii", away=2.0)
    value = ({"left": told, "right": "T1.nii"}, (Doubt(told, "no_coil", None, "left"),))
    hint = tuple[dict[str, str], tuple[Doubt, ...]]
    RecordWriter(tmp_path).write(value, hint)
    sides, (doubt_there,) = RecordReader(tmp_path).read(hint)
    assert sides == value[0] and sides["left"].source == told.source and not isinstance(sides["right"], Sentence)
    assert doubt_there == told and doubt_there.source == told.source and doubt_there.key == "no_coil"
    assert to_plain(value, hint)[0] == {"left": "T1.nii: lies 2.0 mm off.", "right": "T1.nii"}
    assert set(to_plain(value, hint)[1][0]) == {"key", "numbers", "hemisphere", "text"}


def test_a_file_makes_no_sentence_of_its_own():
    with pytest.raises(RecordError):
        from_text('{"source": "{name:9999999999}", "values": {"name": "x"}}', str)
