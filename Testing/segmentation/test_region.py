"""What the planes' disagreement says of the target, and where the network was least sure."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume, box_around
from DLPFCSegmenterLib.segmentation.region import (
    APART_MM,
    Calibration,
    Region,
    agreement,
    doubtful_places,
    doubtful_share,
)

CALIBRATION = Calibration.of_card(
    {"calibration": {"floor_mm": 1.0, "slope": 0.5, "doubt_mm": 2.0, "limit_mm": 6.0, "text": "no number of it"}}
)
COMMON = np.array([-38.0, 42.0, 28.0])


def planes(*shifts_mm):
    return {name: COMMON + shift for name, shift in zip(("axial", "coronal", "sagittal"), shifts_mm, strict=True)}


def test_spread_is_the_root_mean_square_distance_and_gives_the_calibrated_error():
    agreed = agreement(planes((3, 0, 0), (0, -3, 0), (0, 0, 3)), COMMON, 0.5, CALIBRATION)
    assert agreed.spread_mm == pytest.approx(3.0)
    assert agreed.expected_mm == pytest.approx(3.5)
    assert agreed.reliable and "3.5 mm" in agreed.in_words


def test_the_stated_error_grows_with_doubt_and_is_never_less_than_half_a_voxel():
    agreed = planes((0, 0, 0), (0, 0, 0), (0, 0, 0))
    assert agreement(agreed, COMMON, 1.0, CALIBRATION).expected_mm == pytest.approx(3.0)
    assert agreement(agreed, COMMON, 0.0, Calibration(-3.0, 0.5, 2.0, 6.0)).expected_mm == 1.0


def test_doubtful_share_is_what_is_expected_to_be_wrong_in_and_around_the_mask():
    probability = np.array([[[0.9, 0.6, 0.3, 0.0]]])
    assert doubtful_share(probability, probability > 0.5) == pytest.approx((0.1 + 0.4 + 0.3) / 2)
    assert doubtful_share(np.zeros((1, 1, 4)), np.zeros((1, 1, 4), bool)) == 0


def test_beyond_the_calibrations_limit_the_result_says_it_is_unreliable():
    agreed = agreement(planes((12, 0, 0), (0, 0, 0), (0, 0, 0)), COMMON, 0.5, CALIBRATION)
    assert not agreed.reliable and "unreliable" in agreed.in_words
    doubtful = agreement(planes((3, 0, 0), (0, -3, 0), (0, 0, 3)), COMMON, 2.5, CALIBRATION)
    assert not doubtful.reliable and doubtful.expected_mm == pytest.approx(7.5)


def test_a_plane_that_saw_nothing_makes_the_result_unreliable():
    centroids = planes((0, 0, 0), (0, 0, 0), (0, 0, 0)) | {"sagittal": None}
    agreed = agreement(centroids, COMMON, 0.5, CALIBRATION)
    assert not agreed.reliable and agreed.spread_mm is None


def test_one_plane_alone_and_a_model_without_calibration_claim_no_number():
    alone = agreement({"axial": COMMON}, COMMON, 0.5, CALIBRATION)
    assert alone.reliable and alone.spread_mm is None and "not known" in alone.in_words
    assert Calibration.of_card({}) is None
    unknown = agreement(planes((1, 0, 0), (0, 1, 0), (0, 0, 1)), COMMON, 0.5, None)
    assert unknown.spread_mm == pytest.approx(1.0) and unknown.expected_mm is None


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


@pytest.mark.parametrize(
    "held",
    (
        {"floor_mm": 1.0},
        [1, 2, 3, 4],
        "0.5",
        {"floor_mm": "x", "slope": 1, "doubt_mm": 1, "limit_mm": 1},
        {"floor_mm": float("nan"), "slope": 1, "doubt_mm": 1, "limit_mm": 1},
    ),
)
def test_a_malformed_calibration_is_refused(held):
    with pytest.raises(UserError, match="calibration in the model card"):
        Calibration.of_card({"calibration": held})
