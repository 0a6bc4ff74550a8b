"""Pixels of a slice and where they lie."""

import numpy as np

from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.model.config import DLPFCConfig
from DLPFCSegmenterLib.segmentation.slicing import normalise, sample, slice_window
from DLPFCSegmenterLib.volume.canonical import HeadBox

HEAD = HeadBox(np.array([3.0, -7.0, 85.0]))
CONFIG = DLPFCConfig()


def test_first_column_is_the_most_left_and_first_row_the_most_anterior():
    window = slice_window(HEAD, CONFIG)
    first = spaces.ijk_to_ras_points(window.slice_to_ras, [0, 0, 0])
    right = spaces.ijk_to_ras_points(window.slice_to_ras, [5, 0, 0])
    below = spaces.ijk_to_ras_points(window.slice_to_ras, [0, 5, 0])
    assert np.allclose(right - first, [5, 0, 0])
    assert np.allclose(below - first, [0, -5, 0])


def test_top_slice_lies_at_the_top_of_the_head():
    window = slice_window(HEAD, CONFIG)
    assert np.isclose(window.height_ras_mm(window.count - 1), 85.0)
    assert window.count * CONFIG.slice_mm >= CONFIG.depth_mm


def test_window_holds_the_middle_plane_and_the_left_of_the_head():
    window = slice_window(HEAD, CONFIG)
    left = window.corner_ras_mm[0]
    right = left + (CONFIG.image_size[1] - 1) * CONFIG.pixel_mm
    assert left < 3.0 - 90 and right > 3.0 + 40


def test_points_agree_with_the_affine_of_the_window():
    window = slice_window(HEAD, CONFIG)
    ras_to_ijk = np.linalg.inv(np.array([[0, 2.0, 0, 5], [-1.5, 0, 0, 7], [0, 0, 3.0, -4], [0, 0, 0, 1]]))
    points = window.points_ijk(np.array([2, 9]), ras_to_ijk)
    expected = spaces.transform_points(ras_to_ijk @ window.slice_to_ras, [31, 17, 9])
    assert np.allclose(points[1, 17, 31], expected, atol=1e-4)


def test_sampling_is_linear_between_voxel_centres_and_zero_outside():
    ramp = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    places = np.array([[1.5, 1.0, 1.0], [-3.0, 0.0, 0.0], [2.0, 2.0, 0.0]], np.float32)
    assert np.allclose(sample(ramp, places), [17.5, 0.0, 10.0])
    assert np.allclose(sample(ramp, places + 0.3, nearest=True), [18.0, 0.0, 10.0])


def test_normalised_intensities_are_clipped():
    assert np.allclose(normalise(np.array([10.0, 30.0, 1e6]), 10.0, 10.0), [0.0, 2.0, 5.0])
