"""Where the network was least sure."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume, box_around
from DLPFCSegmenterLib.segmentation.doubt import APART_MM, doubtful_places
from DLPFCSegmenterLib.segmentation.region import Region

SHAPE_KJI = (40, 30, 30)


@pytest.fixture
def region():
    """1 mm voxels; a column of certain voxels from S -20 to 19 mm."""
    probability = np.zeros(SHAPE_KJI, np.float32)
    probability[:, 10:20, 10:20] = 1
    matrix = np.eye(4)
    matrix[:3, 3] = (-50, 20, -20)
    scan = Volume(probability, matrix, Origin("scan"))
    return Region(scan, "left", probability > 0.5, probability, 0.9, ())


def unsure(region, k, columns, probability):
    changed = region.probability_kji.copy()
    changed[k, 10, 10 : 10 + columns] = probability
    return replace(region, probability_kji=changed)


def test_a_certain_region_has_no_doubtful_place(region):
    assert doubtful_places(region) == []


def test_the_least_sure_slice_comes_first_and_its_place_is_what_is_unsure(region):
    region = unsure(unsure(region, 30, 8, 0.5), 10, 2, 0.3)
    first, second = doubtful_places(region)
    np.testing.assert_allclose(first.position_ras_mm, (-50 + 13.5, 30, 10))
    np.testing.assert_allclose(second.position_ras_mm, (-50 + 10.5, 30, -10))
    assert (first.doubt_mm2, second.doubt_mm2) == (pytest.approx(8 * 0.5 / 2), pytest.approx(2 * 0.3 / 2))


def test_an_improbable_voxel_is_as_sure_as_a_probable_one(region):
    low, high = (doubtful_places(unsure(region, 20, 4, p))[0].doubt_mm2 for p in (0.2, 0.8))
    assert low == pytest.approx(high)


def test_neighbouring_slices_are_one_place(region):
    for k in (18, 20, 22):
        region = unsure(region, k, k - 16, 0.5)
    region = unsure(region, 30, 1, 0.5)
    heights = [place.position_ras_mm[2] for place in doubtful_places(region)]
    assert heights == [2.0, 10.0]
    assert 10.0 - 2.0 >= APART_MM


def test_the_order_of_the_scan_s_axes_changes_nothing(region):
    region = unsure(region, 30, 8, 0.4)
    (expected,) = doubtful_places(region)
    swap = np.array([[0.0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]])
    turned = region.probability_kji.transpose(2, 1, 0)
    volume = Volume(turned, region.volume.ijk_to_ras @ swap, Origin("scan"))
    (found,) = doubtful_places(replace(region, volume=volume, probability_kji=turned))
    np.testing.assert_allclose(found.position_ras_mm, expected.position_ras_mm)
    assert found.doubt_mm2 == pytest.approx(expected.doubt_mm2)


def test_box_around_holds_every_value_and_no_more():
    values = np.zeros((6, 7, 8))
    assert values[box_around(values)].size == 0
    values[2, 3, 4] = values[4, 3, 6] = 0.5
    assert box_around(values) == (slice(2, 5), slice(3, 4), slice(4, 7))
