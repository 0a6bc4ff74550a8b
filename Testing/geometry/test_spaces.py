"""Spaces convert exactly, and agree with nibabel (RAS) and SimpleITK (LPS), whatever the grid."""

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given
from hypothesis import strategies as st

from DLPFCSegmenterLib.geometry import spaces

UNAMBIGUOUS_DEGREES = 40
"""Up to this turn away from the axes, every axis has one nearest anatomical direction."""


def numbers(low: float, high: float, count: int):
    return st.lists(st.floats(low, high, width=32), min_size=count, max_size=count).map(np.array)


@st.composite
def rotations(draw, largest_degrees: float = 180.0) -> np.ndarray:
    """Rotation matrices, shape (3, 3), of at most `largest_degrees`."""
    axis = draw(numbers(-1, 1, 3).filter(lambda v: np.linalg.norm(v) > 0.1))
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(draw(st.floats(0, largest_degrees)))
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


@st.composite
def grids(draw, largest_degrees: float = 180.0) -> np.ndarray:
    """IJK-to-RAS matrices without shear: any axis order, any flips, oblique, anisotropic."""
    order = np.eye(3)[list(draw(st.permutations(range(3))))] * draw(st.tuples(*[st.sampled_from((1, -1))] * 3))
    matrix = np.eye(4)
    matrix[:3, :3] = draw(rotations(largest_degrees)) @ order * draw(numbers(0.25, 4, 3))
    matrix[:3, 3] = draw(numbers(-300, 300, 3))
    return matrix


@st.composite
def sheared_grids(draw) -> np.ndarray:
    matrix = draw(grids())
    shear = np.eye(4)
    shear[0, 1], shear[0, 2], shear[1, 2] = draw(numbers(-0.25, 0.25, 3))
    return matrix @ shear


points = numbers(-200, 200, 12).map(lambda values: values.reshape(4, 3))


def image_of(matrix: np.ndarray) -> sitk.Image:
    image = sitk.Image(2, 2, 2, sitk.sitkUInt8)
    origin, spacing, direction = spaces.itk_geometry(matrix)
    image.SetOrigin(origin)
    image.SetSpacing(spacing)
    image.SetDirection(direction)
    return image


@given(sheared_grids(), points)
def test_ijk_to_ras_and_back_is_exact(matrix, ijk):
    ras_mm = spaces.ijk_to_ras_points(matrix, ijk)
    np.testing.assert_allclose(spaces.ras_to_ijk(matrix, ras_mm), ijk, atol=1e-6)


@given(sheared_grids(), points)
def test_points_agree_with_nibabel(matrix, ijk):
    expected = nib.affines.apply_affine(matrix, ijk)
    np.testing.assert_allclose(spaces.ijk_to_ras_points(matrix, ijk), expected, atol=1e-9)


def test_points_keep_any_leading_shape():
    shaped = np.arange(24.0).reshape(2, 4, 3)
    assert spaces.ijk_to_ras_points(np.diag([2.0, 2, 2, 1]), shaped).shape == (2, 4, 3)
    np.testing.assert_array_equal(spaces.ijk_to_ras_points(np.diag([2.0, 2, 2, 1]), [1, 2, 3]), [2, 4, 6])


def test_lps_turns_right_into_left_and_anterior_into_posterior():
    np.testing.assert_array_equal(spaces.ras_to_lps([10, 20, 30]), [-10, -20, 30])


@given(points)
def test_lps_to_ras_and_back_is_exact(ras_mm):
    np.testing.assert_array_equal(spaces.lps_to_ras(spaces.ras_to_lps(ras_mm)), ras_mm)


@given(points)
def test_lps_matrix_and_lps_points_agree(ras_mm):
    through_matrix = spaces.transform_points(spaces.LPS_FROM_RAS, ras_mm)
    np.testing.assert_array_equal(through_matrix, spaces.ras_to_lps(ras_mm))


@given(sheared_grids())
def test_spacing_agrees_with_nibabel(matrix):
    np.testing.assert_allclose(spaces.spacing_mm(matrix), nib.affines.voxel_sizes(matrix))


@given(grids(largest_degrees=UNAMBIGUOUS_DEGREES))
def test_orientation_code_agrees_with_nibabel(matrix):
    assert spaces.orientation_code(matrix) == "".join(nib.aff2axcodes(matrix))


@given(sheared_grids())
def test_orientation_code_names_each_anatomical_axis_once(matrix):
    code = spaces.orientation_code(matrix)
    assert sorted("RAS".index(c) if c in "RAS" else "LPI".index(c) for c in code) == [0, 1, 2]


@given(sheared_grids(), st.tuples(*[st.integers(-500, 500)] * 3))
def test_itk_geometry_agrees_with_simpleitk(matrix, ijk):
    lps_mm = image_of(matrix).TransformIndexToPhysicalPoint(ijk)
    np.testing.assert_allclose(spaces.lps_to_ras(lps_mm), spaces.ijk_to_ras_points(matrix, ijk), atol=1e-6)


@given(sheared_grids())
def test_itk_geometry_and_back_gives_the_same_matrix(matrix):
    np.testing.assert_allclose(spaces.ijk_to_ras_from_itk(*spaces.itk_geometry(matrix)), matrix, atol=1e-9)


@given(sheared_grids(), points)
def test_mirroring_changes_the_side_and_nothing_else(matrix, ijk):
    here = spaces.ijk_to_ras_points(matrix, ijk)
    mirrored = spaces.ijk_to_ras_points(spaces.MIRROR_X @ matrix, ijk)
    np.testing.assert_allclose(mirrored, here * (-1, 1, 1))


def test_the_right_turns_are_24_rotations_of_which_the_first_moves_nothing():
    assert len({turn.tobytes() for turn in spaces.RIGHT_TURNS}) == 24
    np.testing.assert_array_equal(spaces.RIGHT_TURNS[0], np.eye(4))
    for turn in spaces.RIGHT_TURNS:
        assert np.linalg.det(turn) == 1.0 and np.abs(turn).sum() == 4.0


@pytest.mark.parametrize("turn", [*spaces.RIGHT_TURNS, spaces.MIRROR_X])
def test_a_turned_array_holds_each_value_where_the_turn_brings_it(turn):
    array = np.random.default_rng(0).random((2, 5, 4, 3))
    turned = spaces.turned_array(array, turn)
    (n, k, j, i), (n_after, k_after, j_after, i_after) = (
        np.unravel_index(each.argmax(), each.shape) for each in (array, turned)
    )
    middle, after = ((np.array(each.shape[:0:-1]) - 1) / 2 for each in (array, turned))
    np.testing.assert_allclose(turn[:3, :3] @ ([i, j, k] - middle), [i_after, j_after, k_after] - after)
    assert n == n_after
