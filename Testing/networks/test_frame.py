"""Pixels of a slice and where they lie."""

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.networks.configuration import PAPER, MaskRCNNConfig
from DLPFCSegmenterLib.networks.frame import (
    PLANES,
    FramedHead,
    SliceFrame,
    channels_of,
    normalise,
    sample,
    slice_window,
)
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.scan.volume import Volume
from synthetic_head import plain_grid, synthetic_head

CONFIG = MaskRCNNConfig()


@pytest.mark.parametrize(
    ("plane", "right", "down"),
    [("axial", [1, 0, 0], [0, -1, 0]), ("coronal", [1, 0, 0], [0, 0, -1]), ("sagittal", [0, -1, 0], [0, 0, -1])],
)
def test_columns_and_rows_of_a_plane_run_as_its_layout_says(plane, right, down):
    window = slice_window(plane, CONFIG)
    first = spaces.ijk_to_ras_points(window.slice_to_frame, [0, 0, 0])
    across = spaces.ijk_to_ras_points(window.slice_to_frame, [5, 0, 0])
    below = spaces.ijk_to_ras_points(window.slice_to_frame, [0, 5, 0])
    assert np.allclose(across - first, 5 * CONFIG.pixel_mm * np.array(right))
    assert np.allclose(below - first, 5 * CONFIG.pixel_mm * np.array(down))


@pytest.mark.parametrize("plane", list(PLANES))
def test_the_middle_of_every_stack_is_the_windows_centre(plane):
    window = slice_window(plane, CONFIG)
    middle = (np.array(window.shape[::-1]) - 1) / 2
    assert np.allclose(spaces.ijk_to_ras_points(window.slice_to_frame, middle), CONFIG.window_centre_mm)
    assert window.count * CONFIG.slice_mm >= CONFIG.depth_mm(plane)


def test_the_papers_window_reaches_from_the_top_of_the_head_down():
    window = slice_window("axial", PAPER)
    assert np.isclose(window.first_mm + (window.count - 1) * PAPER.slice_mm, 0.0)


def test_points_agree_with_the_affine_of_the_window():
    window = slice_window("coronal", CONFIG)
    frame_to_ijk = np.linalg.inv(np.array([[0, 2.0, 0, 5], [-1.5, 0, 0, 7], [0, 0.4, 3.0, -4], [0, 0, 0, 1]]))
    points = window.points_ijk(np.array([2, 9]), frame_to_ijk)
    expected = spaces.transform_points(frame_to_ijk @ window.slice_to_frame, [31, 17, 9])
    assert np.allclose(points[1, 17, 31], expected, atol=1e-4)


def test_sampling_is_linear_between_voxel_centres_and_zero_outside():
    ramp = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    places = np.array([[1.5, 1.0, 1.0], [-3.0, 0.0, 0.0], [2.0, 2.0, 0.0]], np.float32)
    assert np.allclose(sample(ramp, places), [17.5, 0.0, 10.0])
    assert np.allclose(sample(ramp, places + 0.3, nearest=True), [18.0, 0.0, 10.0])


def test_normalised_intensities_are_clipped():
    assert np.allclose(normalise(np.array([10.0, 30.0, 1e6]), 10.0, 10.0), [0.0, 2.0, 5.0])


@pytest.mark.parametrize("unit", [1.0, 1e-10, 1e6])
def test_a_map_looks_the_same_whatever_its_unit_and_in_half_precision(unit):
    head = HeadScan(synthetic_head(*plain_grid(4.0)))
    values = head.canonical.array_kji
    places = np.stack([each.ravel()[::50] for each in np.indices(values.shape)[::-1]], axis=-1).astype(np.float32)
    plain, other = (
        channels_of(head.with_maps({"z": head.canonical.with_array(values * np.float32(factor))}), ["z"])[0]
        for factor in (1.0, unit)
    )
    everything = (slice(None),) * 3
    np.testing.assert_allclose(other.at(places), plain.at(places), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(other.cropped(everything).at(places), plain.at(places), atol=0.02)
    assert np.ptp(plain.at(places)) > 1


def test_a_map_of_one_value_or_of_nothing_tells_nothing():
    head = HeadScan(synthetic_head(*plain_grid(4.0)))
    for value in (0.0, 3e7):
        array = np.full_like(head.canonical.array_kji, value)
        channel = channels_of(head.with_maps({"z": head.canonical.with_array(array)}), ["z"])[0]
        np.testing.assert_allclose(channel.at(np.full((1, 3), 20.0, np.float32)), 0.0, atol=1e-5)


def test_every_second_slice_of_a_window_lies_where_it_lay():
    window = slice_window("coronal", CONFIG)
    second = window.every(2)
    assert second.count == (window.count + 1) // 2
    for number in (0, 3, second.count - 1):
        place = (5.0, 7.0, number, 1.0)
        assert np.allclose(second.slice_to_frame @ place, window.slice_to_frame @ (5.0, 7.0, 2 * number, 1.0))
    assert window.every(1) == window


@pytest.mark.parametrize(("cut", "beyond"), [(False, 0.0), (True, 4.0)])
def test_a_head_goes_on_beyond_a_field_of_view_that_cuts_the_brain_and_ends_in_air_elsewhere(cut, beyond):
    grey = np.arange(1.0, 9.0, dtype=np.float32)[:, None, None] * np.ones((8, 6, 5), np.float32)
    head = FramedHead(Volume(grey, np.eye(4)), SliceFrame(np.eye(4), mean=0.0, sd=4.0), cut=cut)
    places = np.array([[2, 3, 4], [2, 3, 7], [2, 3, 12], [40, 3, 12]], np.float32)
    assert np.allclose(head.normalised(places) * 4.0, [5.0, 8.0, beyond, beyond])
