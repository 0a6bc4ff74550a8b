"""Training slices of prepared people."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.networks.configuration import Augmentation
from DLPFCSegmenterLib.networks.frame import PLANES
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.training.subjects import REGION_LABEL, people_of, plain_slice, random_slice
from small_config import SMALL

STILL = Augmentation(0, 0, 0, 0, 0, 0, 0, 0)


def middle_slice(person, plane="axial"):
    """The slice of a plane through the middle of the region."""
    return plain_slice(person, SMALL, plane, float(person.region_mm.mean(axis=0)[PLANES[plane].normal]))


def test_plain_slice_shows_the_left_region_on_the_left_of_the_picture(person):
    left, _ = people_of(person, SMALL)
    shown = middle_slice(left)
    rows, columns = np.where(shown.region.numpy())
    assert columns.mean() < 48 and rows.mean() < 48
    assert set(np.unique(shown.labels[shown.region])) == {REGION_LABEL}
    assert shown.image.shape == (3, 96, 96)


def test_mirrored_twin_shows_the_right_region_where_the_left_one_is(person):
    left, twin = people_of(person, SMALL)
    one, other = (middle_slice(p).region.numpy() for p in (left, twin))
    assert (one & other).sum() / (one | other).sum() > 0.95


def test_region_slices_show_the_region_and_others_may_not(person):
    left, _ = people_of(person, SMALL)
    with_region = [random_slice(left, SMALL, np.random.default_rng(i), 1.0).region.any() for i in range(10)]
    anywhere = [random_slice(left, SMALL, np.random.default_rng(i), 0.0).region.any() for i in range(20)]
    assert np.mean(with_region) > 0.8
    assert np.mean(anywhere) < 0.6


def test_still_augmentation_gives_the_plain_slice(person):
    left, _ = people_of(person, SMALL)
    config = replace(SMALL, augmentation=STILL, planes=("coronal",))
    drawn = random_slice(left, config, np.random.default_rng(3), 1.0)
    places = left.region_mm[:, 1].min() + np.arange(0, 40, 0.5)
    plain = [plain_slice(left, config, "coronal", y).image.numpy() for y in places]
    same = min(np.abs(image - drawn.image.numpy()).mean() for image in plain)
    assert same < 0.05


def test_same_generator_gives_the_same_slice(person):
    left, _ = people_of(person, SMALL)
    one, other = (random_slice(left, SMALL, np.random.default_rng(5), 0.5) for _ in range(2))
    assert np.array_equal(one.image, other.image) and np.array_equal(one.region, other.region)


@pytest.mark.parametrize("look", ["any_look", "rescanned"])
def test_slices_that_look_otherwise_show_the_same_region_in_the_same_place(person, look):
    left, twin = people_of(person, SMALL, otherwise=True)
    assert left.tissues is twin.tissues is not None
    still, otherwise = (replace(SMALL, augmentation=each) for each in (STILL, replace(STILL, **{look: 1.0})))
    for seed in range(6):
        plain = random_slice(left, still, np.random.default_rng(seed), 1.0)
        drawn, again = (random_slice(left, otherwise, np.random.default_rng(seed), 1.0) for _ in range(2))
        assert np.array_equal(drawn.region, plain.region) and np.array_equal(drawn.labels, plain.labels)
        assert np.array_equal(drawn.image, again.image) and not np.allclose(drawn.image, plain.image, atol=0.1)
        assert drawn.image.isfinite().all() and drawn.image.abs().max() <= 5


def test_someone_whose_tissues_are_unknown_has_no_other_look(person):
    left, _ = people_of(replace(person, labels_kji=np.zeros_like(person.labels_kji)), SMALL, otherwise=True)
    config = replace(SMALL, augmentation=replace(STILL, any_look=1.0))
    still = replace(SMALL, augmentation=STILL)
    drawn, plain = (random_slice(left, each, np.random.default_rng(3), 1.0) for each in (config, still))
    assert left.tissues is None and np.array_equal(drawn.image, plain.image)


def test_a_part_of_a_person_shows_what_the_whole_does(person):
    left, _ = people_of(person, SMALL)
    place = left.region_mm.mean(axis=0)
    ijk = np.linalg.inv(left.ijk_to_frame)[:3] @ (*place, 1.0)
    for reach, is_smaller in ((8.0, True), (900.0, False)):
        part = left.around(ijk + np.array([[-reach] * 3, [reach] * 3]))
        assert (part.t1_kji.size < left.t1_kji.size) == is_smaller
        there = np.rint(np.linalg.inv(part.ijk_to_frame)[:3] @ (*place, 1.0)).astype(int)[::-1]
        assert part.t1_kji[tuple(there)] == left.t1_kji[tuple(np.rint(ijk).astype(int)[::-1])]


def test_detection_target_boxes_the_region_and_is_empty_without_it(person):
    left, _ = people_of(person, SMALL)
    shown = middle_slice(left)
    target = shown.detection_target()
    x0, y0, x1, y1 = (int(v) for v in target["boxes"][0])
    assert shown.region[y0:y1, x0:x1].sum() == shown.region.sum()
    assert target["labels"].tolist() == [1]
    empty = plain_slice(left, SMALL, "axial", -2.0).detection_target()
    assert empty["boxes"].shape == (0, 4) and empty["masks"].shape == (0, 96, 96)


def test_without_a_parcellation_no_skull_is_taken_off_and_nothing_painted(person):
    bare = replace(person, labels_kji=np.zeros_like(person.labels_kji))
    settings = replace(STILL, skull_strip=1.0, synthetic_contrast=1.0)
    one, other = (
        random_slice(people_of(bare, config)[0], config, np.random.default_rng(5), 1.0)
        for config in (replace(SMALL, augmentation=settings), replace(SMALL, augmentation=STILL))
    )
    assert np.array_equal(one.image, other.image)


def test_every_plane_shows_the_region_where_the_window_has_it(person):
    left, _ = people_of(person, SMALL)
    for plane, layout in PLANES.items():
        rows, columns = np.where(middle_slice(left, plane).region.numpy())
        for (axis, sign), places in ((layout.column, columns), (layout.row, rows)):
            offset = left.region_mm.mean(axis=0)[axis] - SMALL.window_centre_mm[axis]
            assert abs(places.mean() - 47.5 - sign * offset / SMALL.pixel_mm) < 1.0


def test_an_mni_frame_slices_the_scan_where_its_registration_says(person):
    shift = np.eye(4)
    shift[:3, 3] = (0.0, 7.0, -5.0)
    moved = replace(person, registration=HeadFrame(shift, 1.6))
    config = replace(SMALL, frame="mni")
    here, there = (people_of(p, config)[0].region_mm.mean(axis=0) for p in (person, moved))
    assert np.allclose(there, here - (0.0, 7.0, -5.0))
