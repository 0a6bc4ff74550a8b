from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry.spaces import MIRROR_X, transform_points
from DLPFCSegmenterLib.scan.head_frame import (
    AffineFit,
    HeadFrame,
    brain_coverage,
    implausible_frame,
    nearest_similarity,
    robust_affine,
)
from DLPFCSegmenterLib.scan.volume import Volume

GOOD = HeadFrame(np.diag([0.95, 0.95, 0.95, 1.0]), 2.0, 1.0, 0.9)


def turned(degrees: float) -> np.ndarray:
    matrix = np.eye(4)
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix[1:3, 1:3] = [[c, -s], [s, c]]
    return matrix


def some_places(rng: np.random.Generator) -> np.ndarray:
    return rng.normal(0.0, 40.0, (500, 3)) + (10.0, -300.0, 80.0)


def test_the_affine_is_found_though_a_fifth_of_the_places_are_told_wrongly():
    rng = np.random.default_rng(0)
    truth = turned(30.0) @ np.diag([1.1, 0.9, 1.0, 1.0])
    points = some_places(rng)
    told = transform_points(truth, points) + rng.normal(0.0, 1.0, points.shape)
    told[:100] += rng.normal(0.0, 60.0, (100, 3)) + 40.0
    fit = robust_affine(points, told, np.ones(len(points)))
    off = transform_points(fit.mni_from_ras, points) - transform_points(truth, points)
    assert np.linalg.norm(off, axis=1).max() < 0.8
    assert 1.0 < fit.spread_mm < 3.0


def test_places_without_weight_do_not_count():
    rng = np.random.default_rng(1)
    points = some_places(rng)
    weights = np.ones(len(points))
    weights[:300] = 0.0
    told = np.where(weights[:, None] > 0, points, 0.0)
    fit = robust_affine(points, told, weights)
    np.testing.assert_allclose(fit.mni_from_ras, np.eye(4), atol=1e-6)


def test_the_spread_tells_how_far_the_places_disagree():
    rng = np.random.default_rng(2)
    points = some_places(rng)
    for size in (1.0, 4.0):
        told = points + rng.normal(0.0, size, points.shape)
        # The median length of a vector of three normal numbers is 1.54.
        assert robust_affine(points, told, np.ones(len(points))).spread_mm == pytest.approx(1.54 * size, rel=0.1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"spread_mm": float("inf")}, "no brain"),
        ({"spread_mm": 30.0}, "disagree by 30.0 mm"),
        ({"seen": 0.2}, "20 % of the brain was scanned"),
        ({"covered": 0.1}, "10 % of the brain's place"),
        ({"ras_from_mni": MIRROR_X}, "left and right"),
        ({"ras_from_mni": turned(85.0)}, "turned by 75"),
        ({"spread_mm": 3.0, "ras_from_mni": np.diag([0.65, 0.9, 0.9, 1.0])}, "scaled by 0.65 to 0.90"),
        ({"ras_from_mni": np.diag([1.6, 1.0, 1.0, 1.0])}, "scaled"),
    ],
)
def test_every_kind_of_implausible_frame_is_told_in_words(change, words):
    assert implausible_frame(GOOD) == ""
    assert words in implausible_frame(replace(GOOD, **change))


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (np.diag([-1.0, -1.0, 1.0]), "supine and the head lies prone"),
        (np.diag([-1.0, 1.0, -1.0]), "head first and the head lies feet first"),
        (np.diag([1.0, -1.0, -1.0]), "prone, feet first"),
        (np.eye(3)[[1, 2, 0]], "named wrongly"),
    ],
)
def test_a_head_against_its_header_is_told_with_the_mistake_that_turns_it_so(turn, words):
    matrix = GOOD.ras_from_mni.copy()
    matrix[:3, :3] = turn @ turned(-15.0)[:3, :3] @ matrix[:3, :3]
    reason = implausible_frame(replace(GOOD, ras_from_mni=matrix))
    assert "against its header" in reason and words in reason


def test_a_head_may_nod_by_sixty_degrees_more_than_heads_do():
    for degrees in (-45.0, 0.0, 30.0, 65.0):
        assert implausible_frame(replace(GOOD, ras_from_mni=turned(degrees))) == ""


def test_a_frame_is_doubtful_by_its_spread_by_a_look_that_still_moved_it_or_by_how_little_was_scanned():
    assert not GOOD.doubtful and not replace(GOOD, seen=0.85).doubtful
    assert replace(GOOD, seen=0.75).doubtful
    assert replace(GOOD, spread_mm=2.5).doubtful and replace(GOOD, moved_mm=2.5).doubtful


def test_a_straightened_head_is_refused_for_all_but_its_turn():
    against = GOOD.moved(turned(170.0))
    assert "against its header" in implausible_frame(against) and implausible_frame(against.straightened) == ""
    np.testing.assert_allclose(against.straightened.ras_from_mni, GOOD.ras_from_mni, atol=1e-12)
    assert implausible_frame(against.moved(MIRROR_X).straightened) == "left and right are swapped"
    assert implausible_frame(replace(against, covered=0.1).straightened)


def test_a_frame_mirrored_twice_is_itself():
    frame = replace(GOOD, ras_from_mni=turned(20.0) @ np.diag([1.0, 0.9, 0.8, 1.0]))
    np.testing.assert_allclose(frame.mirrored().mirrored().ras_from_mni, frame.ras_from_mni)
    assert frame.mirrored().turn_deg == pytest.approx(10.0)
    np.testing.assert_allclose(frame.scales, [1.0, 0.9, 0.8])


def test_half_a_brain_is_covered_and_a_quarter_not_scanned():
    template = Volume(np.ones((20, 20, 20), bool), np.eye(4))
    scanned = np.ones((20, 20, 20), np.float32)
    scanned[15:] = 0.0
    brain = np.zeros((20, 20, 20), np.float32)
    brain[:, :, :10] = 1.0
    seen, covered = brain_coverage(template, np.eye(4), Volume(brain, np.eye(4)), Volume(scanned, np.eye(4)))
    assert seen == pytest.approx(0.8, abs=0.06) and covered == pytest.approx(0.5, abs=0.06)


def test_the_nearest_similarity_keeps_the_turn_the_size_and_the_brains_middle():
    middle = np.array([0.0, -17.0, 4.0])
    stretched = turned(40.0) @ np.diag([1.4, 1.0, 1.0 / 1.4, 1.0])
    stretched[:3, 3] = (10.0, 20.0, -30.0)
    near = nearest_similarity(AffineFit(stretched, 3.0), middle).mni_from_ras
    np.testing.assert_allclose(near[:3, :3], turned(40.0)[:3, :3], atol=1e-9)
    np.testing.assert_allclose(transform_points(near @ np.linalg.inv(stretched), middle), middle, atol=1e-9)
