"""Records: what is written is what is read, and nothing else can be read."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from vtkmodules.vtkFiltersSources import vtkSphereSource

from DLPFCSegmenterLib import serial as records
from DLPFCSegmenterLib.plan import PlanOptions
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.serial import RecordReader, RecordWriter


@dataclass(frozen=True)
class Box:
    """Anything at all in a field."""

    content: object


def round_trip(value, folder, classes=(Box, Volume, PlanOptions), shared=None):
    RecordWriter(folder, shared).write(value)
    return RecordReader(folder, classes, shared).read()


@pytest.mark.parametrize("value", [None, True, 3, -0.1, "é", (), (1, ("two", 3.0)), {"a": {"b": (1,)}}, Path("x/y")])
def test_a_plain_value_comes_back_equal(value, tmp_path):
    assert round_trip(Box(value), tmp_path) == Box(value)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int16", "float32", "float64"])
def test_an_array_comes_back_with_its_type_and_shape(dtype, tmp_path):
    array = np.arange(24).reshape(2, 3, 4).astype(dtype)
    back = round_trip(Box(array), tmp_path).content
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


def test_a_large_array_is_written_piece_by_piece(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "_PIECE_BYTES", 100)
    array = np.arange(210, dtype="int16").reshape(5, 6, 7)
    pieces = list(RecordWriter(tmp_path).pieces(Box((array, array[:, ::2], np.zeros(0), np.array(3.5)))))
    assert len(pieces) == 4 + 2
    back = RecordReader(tmp_path, (Box,)).read().content
    for before, after in zip((array, array[:, ::2], np.zeros(0), np.array(3.5)), back, strict=True):
        np.testing.assert_array_equal(after, before)


def test_numbers_of_numpy_come_back_as_plain_numbers(tmp_path):
    back = round_trip((np.float32(0.5), np.int64(7), np.bool_(True)), tmp_path)
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
    assert round_trip(Box((options,)), tmp_path) == Box((options,))


def test_an_array_that_stands_in_two_places_is_written_once(tmp_path):
    array = np.zeros(10)
    back = round_trip((array, Box(array)), tmp_path)
    assert back[0] is back[1].content
    assert len(list(tmp_path.glob("*.npy"))) == 1


@pytest.mark.parametrize("dtype", ["bool", "float32"])
def test_of_a_large_mask_only_the_part_that_is_not_zero_is_written(dtype, tmp_path):
    mask = np.zeros((100, 110, 120), dtype)
    mask[20:30, 109, 5:9] = 1
    back = round_trip((mask, Box(mask), np.zeros_like(mask)), tmp_path)
    assert back[0] is back[1].content and back[0].dtype == mask.dtype
    np.testing.assert_array_equal(back[0], mask)
    np.testing.assert_array_equal(back[2], np.zeros_like(mask))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 2000


def test_a_large_array_of_numbers_is_written_whole(tmp_path):
    array = np.random.default_rng(3).integers(0, 2, (100, 110, 120)).astype("int16")
    np.testing.assert_array_equal(round_trip(array, tmp_path), array)


def test_a_shared_object_is_not_written_and_comes_back_as_itself(tmp_path):
    volume = Volume(np.zeros((2, 2, 2)), np.eye(4))
    back = round_trip(Box(volume), tmp_path, shared={"volume": volume})
    assert back.content is volume
    assert not list(tmp_path.glob("*.npy"))


def test_a_class_that_was_not_named_is_refused(tmp_path):
    RecordWriter(tmp_path).write(Box(1))
    with pytest.raises(KeyError):
        RecordReader(tmp_path, ()).read()


def test_an_array_file_with_a_pickle_in_it_is_refused(tmp_path):
    RecordWriter(tmp_path).write(Box(np.zeros(2)))
    np.save(tmp_path / "array0.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError):
        RecordReader(tmp_path, (Box,)).read()


def test_what_no_record_can_hold_is_refused_when_written(tmp_path):
    with pytest.raises(TypeError, match="a record holds no set"):
        RecordWriter(tmp_path).write(Box({1, 2}))


def test_the_record_is_readable_json(tmp_path):
    RecordWriter(tmp_path).write(Box("é"))
    assert json.loads((tmp_path / "record.json").read_text()) == {"class": "Box", "fields": {"content": "é"}}
