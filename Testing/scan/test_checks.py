"""A scan that a plan can be made on passes; anything else is refused, or carries a warning."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.scan.checks import check_scan
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume


def scan(spacing=(2.0, 2.0, 2.0), shape_ijk=(50, 50, 50)) -> Volume:
    values = np.random.default_rng(1).integers(0, 1000, shape_ijk[::-1]).astype(np.int16)
    return Volume(values, np.diag([*spacing, 1.0]), origin=Origin("T1.nii.gz"))


def with_matrix(matrix) -> Volume:
    return replace(scan(), ijk_to_ras=np.asarray(matrix, dtype=float))


def refusal(volume: Volume) -> str:
    with pytest.raises(UserError) as caught:
        check_scan(volume)
    message = str(caught.value)
    assert message.startswith("T1.nii.gz: ") and message.endswith(".") and "\n" not in message
    return message


def test_an_ordinary_scan_passes_without_a_warning():
    volume = scan()
    checked = check_scan(volume)
    assert checked.warnings == ()
    assert checked.array_kji is volume.array_kji


def test_left_handed_and_oblique_grids_pass():
    turn = np.eye(4)
    turn[:2, :2] = [[-0.8, 0.6], [0.6, 0.8]]
    assert check_scan(with_matrix(turn @ scan().ijk_to_ras)).warnings == ()


def test_warnings_of_the_file_travel_on():
    volume = replace(scan(spacing=(1.0, 1.0, 2.5), shape_ijk=(90, 90, 40)), warnings=("from the file",))
    warnings = check_scan(volume).warnings
    assert warnings[0] == "from the file" and len(warnings) == 2


@pytest.mark.parametrize("value", [0, 7])
def test_constant_values_are_refused(value):
    assert f"every voxel is {value}" in refusal(scan().with_array(np.full((50, 50, 50), value, np.uint8)))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_one_value_that_is_not_a_number_is_enough_to_refuse(value):
    values = scan().array_kji.astype(np.float32)
    values[10, 20, 30] = value
    assert "NaN or infinite" in refusal(scan().with_array(values))


@pytest.mark.parametrize("axis", range(3))
def test_spacing_over_3_5_mm_in_any_axis_is_refused(axis):
    spacing = [2.0, 2.0, 2.0]
    spacing[axis] = 3.5
    check_scan(scan(spacing))
    spacing[axis] = 3.6
    assert "3.6" in refusal(scan(spacing)) and "too coarse" in refusal(scan(spacing))


@pytest.mark.parametrize("axis", range(3))
def test_a_field_of_view_under_80_mm_in_any_axis_is_refused(axis):
    shape = [50, 50, 50]
    shape[axis] = 40
    check_scan(scan(shape_ijk=tuple(shape)))
    shape[axis] = 39
    assert "78" in refusal(scan(shape_ijk=tuple(shape)))


@pytest.mark.parametrize(
    "matrix",
    [
        np.zeros((4, 4)),
        np.diag([2.0, 2.0, 0.0, 1.0]),
        np.diag([2.0, 2.0, np.nan, 1.0]),
        [[2, 2, 0, 0], [0, 0, 0, 0], [0, 0, 2, 0], [0, 0, 0, 1]],
        [[2, 2, 0, 0], [0, 0.1, 0, 0], [0, 0, 2, 0], [0, 0, 0, 1]],
    ],
)
def test_axes_that_span_no_volume_are_refused(matrix):
    assert "broken orientation" in refusal(with_matrix(matrix))


def test_an_absurd_number_of_voxels_is_refused():
    huge = np.broadcast_to(np.int16(1), (1100, 1100, 1100))
    assert "too large" in refusal(replace(scan(), array_kji=huge))


def test_a_sheared_grid_is_accepted_with_a_warning():
    (warning,) = check_scan(with_matrix([[2, 0.2, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 1]])).warnings
    assert "5.7 degrees" in warning


def test_thick_slices_are_accepted_with_a_warning():
    (warning,) = check_scan(scan(spacing=(1.0, 1.0, 3.0), shape_ijk=(90, 90, 40))).warnings
    assert "1 x 1 x 3 mm" in warning
    assert check_scan(scan(spacing=(1.0, 1.0, 2.0), shape_ijk=(90, 90, 40))).warnings == ()


@pytest.mark.parametrize(("values", "warned"), [(2, True), (19, True), (200, False)])
def test_few_grey_values_look_like_a_label_map(values, warned):
    labels = scan().with_array(scan().array_kji % values)
    assert any("label map" in text for text in check_scan(labels).warnings) is warned


@pytest.mark.parametrize(
    ("spacing", "words"),
    [
        ((0.002, 0.002, 2.0), "metres"),
        ((2.0, 2.0, 0.003), "metres"),
        ((2000.0, 2.0, 2.0), "microns"),
        ((0.2, 0.2, 0.2), "save it in mm if its lengths are centimetres"),
        ((2.0, 2.0, 0.2), "save it in mm if its lengths are centimetres"),
    ],
)
def test_a_size_in_another_unit_along_any_axis_is_told_by_the_unit(spacing, words):
    assert words in refusal(scan(spacing))


def test_a_slab_is_not_taken_for_centimetres():
    assert "centimetres" not in refusal(scan(shape_ijk=(50, 50, 10)))
