"""People's structures agree on one space, whatever is wrong with each registration."""

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.training.head_truth import (
    GroupSpace,
    Landmarks,
    WholeBrain,
    agree,
    correction_mm,
    fit_affine,
    landmarks,
    to_group,
    to_whole_brain,
)

NUMBERS = np.arange(100, 140)


def near_identity(rng: np.random.Generator, size: float) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, :3] += rng.normal(0.0, size / 100.0, (3, 3))
    matrix[:3, 3] = rng.normal(0.0, size, 3)
    return matrix


def mean_off_mm(found_from_true: np.ndarray, points: np.ndarray) -> float:
    return float(np.linalg.norm(transform_points(found_from_true, points) - points, axis=1).mean())


def structures(rng: np.random.Generator) -> np.ndarray:
    """Twenty pairs of structures, left and right mirror images, MNI mm."""
    right = rng.uniform((10, -90, -40), (60, 60, 70), (20, 3))
    return np.stack([right, right * (-1, 1, 1)], axis=1).reshape(-1, 3)


@pytest.fixture
def people():
    """(structures' places in MNI, what each person's marks are, each one's own affine, a registration each)."""
    rng = np.random.default_rng(0)
    common = structures(rng)
    own = [near_identity(rng, 8.0) for _ in range(30)]
    marks = [Landmarks(NUMBERS, transform_points(a, common + rng.normal(0.0, 1.0, common.shape))) for a in own]
    registered = [near_identity(rng, 3.0) @ np.linalg.inv(a) for a in own]
    return common, marks, own, registered


def test_a_weighted_fit_finds_the_affine_again():
    rng = np.random.default_rng(1)
    truth, points = near_identity(rng, 10.0), rng.normal(0.0, 50.0, (30, 3))
    np.testing.assert_allclose(fit_affine(points, transform_points(truth, points), rng.uniform(0.1, 1, 30)), truth)


def test_people_agree_better_than_their_registrations(people):
    common, marks, own, registered = people
    affines, space = agree(marks, registered)
    before, after = ([mean_off_mm(a @ o, common) for a, o in zip(x, own, strict=True)] for x in (registered, affines))
    assert np.mean(after) < 0.4 * np.mean(before)
    assert space.spread_mm.mean() == pytest.approx(1.0, abs=0.25)


def test_the_common_space_is_the_same_left_and_right(people):
    _, marks, _, registered = people
    points = agree(marks, registered)[1].points_mni_mm
    np.testing.assert_allclose(points[0::2], points[1::2] * (-1, 1, 1), atol=1e-9)


def test_the_correction_says_what_the_affine_leaves_near_a_structure(people):
    common, marks, _, registered = people
    affines, space = agree(marks, registered)
    placed = transform_points(affines[0], marks[0].points_ras_mm)
    shifted = Landmarks(NUMBERS, marks[0].points_ras_mm + 0.0)
    left = space.points_mni_mm - placed
    told = correction_mm(shifted, space, affines[0], placed)
    assert np.linalg.norm(left - told, axis=1).mean() < np.linalg.norm(left, axis=1).mean()
    assert np.abs(correction_mm(shifted, space, affines[0], np.array([[0.0, 400.0, 0.0]]))).max() < 0.01


def test_landmarks_are_the_centroids_without_the_fluid():
    labels = np.zeros((20, 20, 20), np.uint8)
    labels[2:6, 4:8, 8:12], labels[10:14, 10:14, 10:14] = 143, 51
    marks = landmarks(Volume(labels, np.diag([2.0, 2.0, 2.0, 1.0])))
    assert marks.numbers.tolist() == [143]
    np.testing.assert_allclose(marks.points_ras_mm, [[19.0, 11.0, 7.0]])


def test_a_few_structures_and_the_brains_ends_fix_the_affine():
    rng = np.random.default_rng(3)
    shape = rng.normal(0.0, 1.0, (20_000, 3))
    cerebrum = shape / np.linalg.norm(shape, axis=1, keepdims=True) * rng.uniform(0, 1, (20_000, 1)) ** (1 / 3)
    cerebrum = cerebrum * (65.0, 85.0, 60.0) + (0.0, -17.0, 10.0)
    few = rng.uniform(-25.0, 25.0, (8, 3))
    truth = near_identity(rng, 6.0)
    back = np.linalg.inv(truth)
    space = GroupSpace(np.arange(8), few, np.ones(8))
    marks = Landmarks(np.arange(8), transform_points(back, few))
    start = near_identity(rng, 4.0) @ truth
    found = to_whole_brain(marks, transform_points(back, cerebrum), space, WholeBrain.of([cerebrum]), start)
    corners = np.array(list(np.ndindex(2, 2, 2))) * 100.0 - 50.0
    assert mean_off_mm(found @ back, corners) < 0.6 * mean_off_mm(start @ back, corners)


def test_a_person_of_whom_a_structure_is_missing_is_placed_by_the_others(people):
    common, marks, own, registered = people
    _, space = agree(marks, registered)
    some = Landmarks(NUMBERS[5:], marks[0].points_ras_mm[5:])
    assert mean_off_mm(to_group(some, space) @ own[0], common) < 3.0
