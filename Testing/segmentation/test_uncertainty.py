"""What the planes' disagreement says of the target."""

import numpy as np
import pytest

from DLPFCSegmenterLib.segmentation.uncertainty import Calibration, agreement, doubtful_share

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
