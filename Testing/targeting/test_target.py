"""Where a target lies in a mask: at its centroid, nearest to the scalp, or where the user picked it."""

import numpy as np
import pytest
from known_heads import ellipsoid_scalp

from DLPFCSegmenterLib.doubts import unless_refused
from DLPFCSegmenterLib.errors import NotFoundError, UserError
from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, transform_points
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm
from DLPFCSegmenterLib.targeting.point import Method
from DLPFCSegmenterLib.targeting.target import (
    find_target,
    mask_contains,
    mask_doubts,
    off_brain_warnings,
    target_by_hand,
    target_nearest_scalp,
)
from DLPFCSegmenterLib.words import method_of

RAS_FROM_MNI = np.array([[0.9, 0.1, 0, 4], [-0.1, 0.95, 0.05, -12], [0, -0.05, 0.88, 30], [0, 0, 0, 1]])
KNOWN = HeadFrame(RAS_FROM_MNI, 1.9)
IN_DLPFC = (-38.0, 35.0, 30.0)


@pytest.fixture(scope="module")
def grid() -> Volume:
    matrix = np.diag([3.0, 3.0, 3.0, 1.0])
    matrix[:3, 3] = transform_points(RAS_FROM_MNI, [0.0, -17.0, 10.0]) - 120.0
    return Volume(np.zeros((80, 80, 80), np.int16), matrix, Origin("person.nii.gz"))


def ball(grid: Volume, mni_mm, radius_mm: float = 10.0) -> np.ndarray:
    """Voxels of the scan around an MNI coordinate, shape (K, J, I)."""
    ijk = np.indices(grid.shape_ijk).transpose(3, 2, 1, 0)
    points = ijk_to_ras_points(grid.ijk_to_ras, ijk)
    return np.linalg.norm(points - transform_points(RAS_FROM_MNI, np.asarray(mni_mm, float)), axis=-1) < radius_mm


@pytest.mark.parametrize(("hemisphere", "sign"), [("left", 1), ("right", -1)])
def test_a_mask_in_its_hemisphere_raises_no_doubt(grid, hemisphere, sign):
    assert mask_doubts(grid, ball(grid, np.multiply(IN_DLPFC, (sign, 1, 1))), hemisphere, KNOWN) == ()


@pytest.mark.parametrize(("hemisphere", "other", "sign"), [("left", "right", -1), ("right", "left", 1)])
def test_a_mask_in_the_other_hemisphere_is_refused(grid, hemisphere, other, sign):
    with pytest.raises(UserError, match=f"person.nii.gz: the mask lies in the {other} hemisphere"):
        unless_refused(mask_doubts(grid, ball(grid, np.multiply(IN_DLPFC, (sign, 1, 1))), hemisphere, KNOWN))


@pytest.mark.parametrize("mni_mm", [(-38.0, 95.0, 30.0), (-38.0, 35.0, -80.0), (-100.0, 0.0, 20.0)])
def test_a_mask_off_the_brain_is_refused(grid, mni_mm):
    with pytest.raises(UserError, match="% of the mask lies off the brain"):
        unless_refused(mask_doubts(grid, ball(grid, mni_mm), "left", KNOWN))


def test_a_mask_of_no_known_side_is_judged_by_the_brain_alone(grid):
    for sign in (1, -1):
        assert off_brain_warnings(grid, ball(grid, np.multiply(IN_DLPFC, (sign, 1, 1))), KNOWN) == ()
    with pytest.raises(UserError, match="% of the mask lies off the brain"):
        off_brain_warnings(grid, ball(grid, (-38.0, 95.0, 30.0)), KNOWN)
    assert off_brain_warnings(grid, np.zeros(grid.array_kji.shape, bool), KNOWN) == ()


def test_a_mask_partly_off_the_brain_is_kept_with_a_warning(grid):
    mask = ball(grid, IN_DLPFC) | ball(grid, (-38.0, 35.0, -85.0), 7.0)
    (warning,) = mask_doubts(grid, mask, "left", KNOWN)
    share = ball(grid, (-38.0, 35.0, -85.0), 7.0).sum() / mask.sum()
    assert warning == f"{100 * share:.0f} % of the mask lies off the brain; check its outline."


def test_an_empty_mask_is_not_judged(grid):
    assert mask_doubts(grid, np.zeros(grid.array_kji.shape, bool), "left", KNOWN) == ()


CENTRE = np.array([-36.0, 42.0, 30.0])
SPHERE = ellipsoid_scalp(np.full(3, 90.0), np.zeros(3), resolution=120)


@pytest.fixture(params=["axis order RAS", "axis order ASL"])
def volume(request) -> Volume:
    """An empty grid of 2 mm around the centre."""
    axes = np.eye(3) if request.param.endswith("RAS") else np.array([[0, 0, -1.0], [1, 0, 0], [0, 1, 0]])
    matrix = np.eye(4)
    matrix[:3, :3] = 2.0 * axes
    matrix[:3, 3] = CENTRE - matrix[:3, :3] @ np.full(3, 15.0)
    return Volume(np.zeros((31, 31, 31), np.int16), matrix, Origin("person.nii.gz"))


def distances(volume: Volume, place=CENTRE) -> np.ndarray:
    """Distance of every voxel from a place, mm, shape (K, J, I)."""
    ijk = np.indices(volume.shape_ijk).transpose(3, 2, 1, 0)
    return np.linalg.norm(ijk_to_ras_points(volume.ijk_to_ras, ijk) - place, axis=-1)


def test_a_round_mask_has_its_target_at_the_centroid(volume):
    target = find_target(volume, distances(volume) < 11.0)
    np.testing.assert_allclose(target.position_ras_mm, CENTRE, atol=1e-9)
    assert (method_of(target.point), target.centroid_inside, target.warnings) == ("centroid of the mask", True, ())


def test_a_hollow_mask_has_its_nearest_voxel_as_target_and_says_so(volume):
    away = distances(volume)
    mask = (away > 9.0) & (away < 13.0)
    target = find_target(volume, mask)
    np.testing.assert_allclose(target.centroid_ras_mm, CENTRE, atol=1e-9)
    assert not target.centroid_inside and mask_contains(volume, mask, target.position_ras_mm)
    assert np.linalg.norm(target.position_ras_mm - CENTRE) == pytest.approx(away[mask].min())
    assert method_of(target.point) == "mask voxel nearest to the centroid"
    assert "lies outside the curved mask" in target.warnings[0]


def test_the_target_nearest_to_the_scalp_is_the_outermost_voxel(volume):
    mask = distances(volume) < 11.0
    target = target_nearest_scalp(volume, mask, SPHERE)
    depth = 90.0 - distances(volume, np.zeros(3))[mask]
    assert mask_contains(volume, mask, target.position_ras_mm)
    assert 90.0 - np.linalg.norm(target.position_ras_mm) == pytest.approx(depth.min(), abs=0.1)
    np.testing.assert_allclose(target.centroid_ras_mm, CENTRE, atol=1e-9)
    assert method_of(target.point) == "mask voxel nearest to the scalp" and target.warnings == ()


def test_no_voxel_of_a_ragged_mask_is_nearer_to_the_scalp(volume):
    mask = (distances(volume) < 14.0) & (np.random.default_rng(5).random(volume.array_kji.shape) < 0.1)
    target = target_nearest_scalp(volume, mask, SPHERE)
    nearest_mm = min(SPHERE.nearest(point).distance_mm for point in voxel_points_ras_mm(volume, mask))
    assert SPHERE.nearest(target.position_ras_mm).distance_mm == pytest.approx(nearest_mm, abs=1e-9)


def picked_target(volume, mask, at_ras_mm):
    target = target_by_hand(volume, mask, at_ras_mm, Method.PICKED, "left")
    unless_refused(target.warnings)
    return target


def test_a_picked_target_in_the_mask_is_taken_as_it_is(volume):
    target = picked_target(volume, distances(volume) < 11.0, CENTRE + (1.3, -4.4, 2.7))
    np.testing.assert_array_equal(target.position_ras_mm, CENTRE + (1.3, -4.4, 2.7))
    np.testing.assert_allclose(target.centroid_ras_mm, CENTRE, atol=1e-9)
    assert method_of(target.point) == "picked by the user" and target.warnings == ()


def test_a_picked_target_beside_the_mask_is_warned_of_with_its_distance(volume):
    (warning,) = picked_target(volume, distances(volume) < 11.0, CENTRE + (0.0, 22.0, 0.0)).warnings
    assert warning == "The target lies outside the mask, 12 mm from its nearest voxel."


@pytest.mark.parametrize(
    ("offset", "words"),
    [((0.0, 42.0, 0.0), "32 mm from the mask"), ((np.nan, 0.0, 0.0), "nan, 42.0"), ((0, np.inf, 0), "inf")],
)
def test_a_picked_target_that_belongs_to_something_else_is_refused(volume, offset, words):
    with pytest.raises(UserError, match=words):
        picked_target(volume, distances(volume) < 11.0, CENTRE + offset)


@pytest.mark.parametrize(
    "find", [find_target, lambda *at: target_nearest_scalp(*at, SPHERE)], ids=["centroid", "nearest scalp"]
)
def test_an_empty_mask_has_no_target(volume, find):
    with pytest.raises(NotFoundError, match="person.nii.gz: the mask is empty"):
        find(volume, np.zeros(volume.array_kji.shape, bool))


def test_a_target_may_be_picked_where_there_is_no_mask(volume):
    nothing = np.zeros(volume.array_kji.shape, bool)
    target = picked_target(volume, nothing, CENTRE)
    np.testing.assert_array_equal(target.position_ras_mm, CENTRE)
    assert target.warnings == () and not target.centroid_inside
    with pytest.raises(UserError, match="nan"):
        picked_target(volume, nothing, CENTRE + (0.0, np.nan, 0.0))


def test_a_point_beyond_the_grid_is_in_no_mask(volume):
    everywhere = np.ones(volume.array_kji.shape, bool)
    assert mask_contains(volume, everywhere, CENTRE + 29.0)
    assert not mask_contains(volume, everywhere, CENTRE + 33.0) and not mask_contains(volume, everywhere, CENTRE - 33.0)
