"""Training slices of prepared people."""

from dataclasses import replace

import numpy as np
from small_config import SMALL
from synthetic_head import ball_ras_mm

from DLPFCSegmenterLib.model.config import Augmentation
from DLPFCSegmenterLib.training.people import REGION_LABEL, people_of, plain_slice, random_slice

STILL = Augmentation(0, 0, 0, 0, 0, 0, 0, 0)


def test_plain_slice_shows_the_left_region_on_the_left_of_the_picture(person):
    left, _ = people_of(person)
    shown = plain_slice(left, SMALL, float(ball_ras_mm()[2]))
    rows, columns = np.where(shown.region.numpy())
    assert columns.mean() < 40 and rows.mean() < 48
    assert set(np.unique(shown.labels[shown.region])) == {REGION_LABEL}
    assert shown.image.shape == (3, 96, 80)


def test_mirrored_twin_shows_the_right_region_where_the_left_one_is(person):
    left, twin = people_of(person)
    one, other = (plain_slice(p, SMALL, float(ball_ras_mm()[2])).region.numpy() for p in (left, twin))
    assert (one & other).sum() / (one | other).sum() > 0.95


def test_region_slices_show_the_region_and_others_may_not(person):
    left, _ = people_of(person)
    with_region = [random_slice(left, SMALL, np.random.default_rng(i), 1.0).region.any() for i in range(10)]
    anywhere = [random_slice(left, SMALL, np.random.default_rng(i), 0.0).region.any() for i in range(20)]
    assert np.mean(with_region) > 0.8
    assert np.mean(anywhere) < 0.6


def test_still_augmentation_gives_the_plain_slice(person):
    left, _ = people_of(person)
    config = replace(SMALL, augmentation=STILL)
    drawn = random_slice(left, config, np.random.default_rng(3), 1.0)
    heights = left.head.top_ras_mm - np.arange(0, 130, 0.5)
    same = min(np.abs(plain_slice(left, config, z).image.numpy() - drawn.image.numpy()).mean() for z in heights)
    assert same < 0.05


def test_same_generator_gives_the_same_slice(person):
    left, _ = people_of(person)
    one, other = (random_slice(left, SMALL, np.random.default_rng(5), 0.5) for _ in range(2))
    assert np.array_equal(one.image, other.image) and np.array_equal(one.region, other.region)


def test_detection_target_boxes_the_region_and_is_empty_without_it(person):
    left, _ = people_of(person)
    shown = plain_slice(left, SMALL, float(ball_ras_mm()[2]))
    target = shown.detection_target()
    x0, y0, x1, y1 = (int(v) for v in target["boxes"][0])
    assert shown.region[y0:y1, x0:x1].sum() == shown.region.sum()
    assert target["labels"].tolist() == [1]
    empty = plain_slice(left, SMALL, left.head.top_ras_mm - 2).detection_target()
    assert empty["boxes"].shape == (0, 4) and empty["masks"].shape == (0, 96, 80)
