"""Training windows of prepared people."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.networks.configuration import Augmentation
from DLPFCSegmenterLib.networks.unet import window_points_mm
from DLPFCSegmenterLib.training.subjects import REGION_LABEL, people_of
from DLPFCSegmenterLib.training.window_data import CroppedPerson, WindowSource, plain_window
from small_config import SMALL_WINDOW

STILL = Augmentation(0, 0, 0, 0, 0, 0, 0, 0)
OTHERWISE = replace(STILL, aged=1.0, any_look=1.0)


@pytest.fixture(scope="module")
def sides(person):
    return [CroppedPerson.of(side, SMALL_WINDOW) for side in people_of(person, SMALL_WINDOW)]


def region_centre_mm(shown) -> np.ndarray:
    points = window_points_mm(SMALL_WINDOW).reshape(-1, 3)
    return np.average(points, axis=0, weights=shown.region.numpy().ravel())


def test_a_window_shows_the_region_where_it_lies_in_the_frame(person, sides):
    whole = people_of(person, SMALL_WINDOW)[0]
    kji = np.argwhere(whole.region_kji > 0.5)
    expected = transform_points(whole.ijk_to_frame, kji[:, ::-1]).mean(axis=0)
    shown = plain_window(sides[0], SMALL_WINDOW)
    assert shown.image.shape == shown.region.shape == shown.labels.shape == (1, *SMALL_WINDOW.shape_kji)
    assert np.linalg.norm(region_centre_mm(shown) - expected) < 0.5
    assert set(np.unique(shown.labels[shown.region > 0.6])) == {REGION_LABEL}
    assert shown.image[shown.region > 0.9].min() > shown.image[shown.region < 0.1].mean() + 1


def test_the_mirrored_twin_shows_the_right_region_where_the_left_one_is(sides):
    one, other = (plain_window(side, SMALL_WINDOW).region.numpy() for side in sides)
    assert np.abs(one - other).mean() < 0.002 and one.sum() > 10


def test_a_crop_shows_what_the_whole_scan_shows(person, sides):
    whole = people_of(person, SMALL_WINDOW)[0]
    assert sides[0].t1_kji.size < 0.8 * whole.t1_kji.size
    uncropped = CroppedPerson(whole.t1_kji, whole.labels_kji, whole.region_kji > 0.5, np.linalg.inv(whole.ijk_to_frame),
                              whole.frame.mean, whole.frame.sd)  # fmt: skip
    one, other = (plain_window(each, SMALL_WINDOW) for each in (sides[0], uncropped))
    assert np.allclose(one.image, other.image, atol=0.01) and np.allclose(one.region, other.region, atol=1e-3)


def test_still_augmentation_gives_the_plain_window_and_the_same_generator_the_same(sides):
    still = WindowSource(sides[:1], replace(SMALL_WINDOW, augmentation=STILL))
    plain = plain_window(sides[0], SMALL_WINDOW)
    assert np.allclose(still.draw(np.random.default_rng(1)).image, plain.image, atol=1e-5)
    moving = WindowSource(sides, SMALL_WINDOW)
    one, other = (moving.draw(np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one.image, other.image) and np.array_equal(one.region, other.region)


def test_a_pose_moves_image_and_region_together(sides):
    config = replace(SMALL_WINDOW, augmentation=replace(STILL, shift_mm=12.0, rotation_deg=20.0))
    plain = plain_window(sides[0], SMALL_WINDOW)
    for seed in range(5):
        shown = WindowSource(sides[:1], config).draw(np.random.default_rng(seed))
        assert np.linalg.norm(region_centre_mm(shown) - region_centre_mm(plain)) > 1.0
        assert shown.image[shown.region > 0.9].min() > shown.image[shown.region < 0.1].mean() + 1


def test_a_window_that_looks_otherwise_shows_the_same_region_elsewhere_by_little(person, sides):
    side = CroppedPerson.of(people_of(person, SMALL_WINDOW, otherwise=True)[0], SMALL_WINDOW)
    assert side.tissues.kinds.shape == side.labels_kji.shape
    source = WindowSource([side], replace(SMALL_WINDOW, augmentation=OTHERWISE))
    plain = plain_window(side, SMALL_WINDOW)
    draws = [source.draw(np.random.default_rng(seed)) for seed in (1, 2, 1)]
    for draw in draws:
        assert draw.image.isfinite().all() and draw.image.abs().max() <= 5
        assert np.linalg.norm(region_centre_mm(draw) - region_centre_mm(plain)) < 6.0
        assert set(np.unique(draw.labels[draw.region > 0.6])) == {REGION_LABEL}
    assert np.array_equal(draws[0].image, draws[2].image) and not np.allclose(draws[0].image, draws[1].image, atol=0.1)


def test_someone_without_a_parcellation_is_shown_as_scanned(sides):
    otherwise = WindowSource(sides[:1], replace(SMALL_WINDOW, augmentation=OTHERWISE))
    plain = plain_window(sides[0], SMALL_WINDOW)
    assert np.allclose(otherwise.draw(np.random.default_rng(1)).image, plain.image, atol=1e-5)


def test_a_worse_scan_shows_the_same_region_in_the_same_place_with_noise(sides):
    worse = WindowSource(sides[:1], replace(SMALL_WINDOW, augmentation=replace(STILL, rescanned=1.0)))
    plain = plain_window(sides[0], SMALL_WINDOW)
    one, other, again = (worse.draw(np.random.default_rng(seed)) for seed in (1, 2, 1))
    assert np.array_equal(one.region, plain.region) and np.array_equal(one.labels, plain.labels)
    assert np.array_equal(one.image, again.image) and not np.allclose(one.image, other.image, atol=0.1)
    assert not np.allclose(one.image, plain.image, atol=0.1)
