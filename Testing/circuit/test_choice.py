"""The three rules in a mask whose best place is known."""

from itertools import combinations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from DLPFCSegmenterLib.circuit.choice import SearchRegion
from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm
from hand_made_plans import oblique_matrix

PLAIN = np.array([[2.0, 0, 0, -40], [0, 2, 0, 10], [0, 0, 2, 5], [0, 0, 0, 1]])
TURNED = oblique_matrix() @ np.diag([0.5, 0.5, 0.5, 1])


def region(matrix, allowed=None):
    mask = np.zeros((20, 22, 24), bool)
    mask[3:17, 3:19, 3:21] = True
    scan = Volume(np.zeros(mask.shape, np.float32), matrix)
    return SearchRegion(scan, mask, np.ones(mask.sum(), bool) if allowed is None else allowed)


def spot(at_ijk, matrix, size_mm=5.0):
    """z of a Gaussian spot against the SGC at a voxel."""
    points = voxel_points_ras_mm(region(matrix).volume, region(matrix).mask_kji)
    at = ijk_to_ras_points(matrix, np.array(at_ijk))
    return -np.exp(-0.5 * (np.linalg.norm(points - at, axis=1) / size_mm) ** 2), at


@pytest.mark.slow
@pytest.mark.parametrize("matrix", [PLAIN, TURNED])
@pytest.mark.parametrize("rule", ["minimum", "searchlight", "cluster"])
def test_every_rule_finds_a_lone_spot_on_any_grid(matrix, rule):
    z, at = spot((10, 12, 9), matrix)
    best = region(matrix).choose(z, rule)[0]
    assert np.linalg.norm(best.position_ras_mm - at) <= np.linalg.norm(matrix[:3, :3], axis=0).max()
    assert -1 < best.z < -0.3


@pytest.mark.parametrize("rule", ["minimum", "searchlight"])
def test_alternatives_are_ranked_and_lie_apart(rule):
    strong, first = spot((8, 8, 8), PLAIN)
    weak, second = spot((17, 15, 12), PLAIN)
    found = region(PLAIN).choose(strong + 0.6 * weak, rule)
    assert np.linalg.norm(found[0].position_ras_mm - first) < 2.1
    assert np.linalg.norm(found[1].position_ras_mm - second) < 2.1
    assert found[0].z < found[1].z < 0


@pytest.mark.parametrize("rule", ["minimum", "searchlight", "cluster"])
def test_three_places_are_given_and_no_two_of_them_are_the_same(rule):
    made = gaussian_filter(np.random.default_rng(0).standard_normal(region(PLAIN).mask_kji.shape), 1.0)
    places = [each.position_ras_mm for each in region(PLAIN).choose(made[region(PLAIN).mask_kji], rule)]
    assert len(places) == 3
    assert all(np.linalg.norm(one - other) >= 10 for one, other in combinations(places, 2))


def test_the_cluster_rule_takes_the_largest_cluster_before_the_lowest_voxel():
    wide, middle = spot((9, 9, 9), PLAIN, 8.0)
    narrow, _ = spot((18, 16, 14), PLAIN, 1.0)
    best = region(PLAIN).choose(0.7 * wide + narrow, "cluster")[0]
    assert np.linalg.norm(best.position_ras_mm - middle) < 4.0
    lowest = region(PLAIN).choose(0.7 * wide + narrow, "minimum")[0]
    assert np.linalg.norm(lowest.position_ras_mm - middle) > 15.0


@pytest.mark.parametrize("rule", ["minimum", "searchlight", "cluster"])
def test_nothing_is_chosen_where_nothing_goes_against_the_sgc_or_no_voxel_is_allowed(rule):
    z, _ = spot((10, 12, 9), PLAIN)
    assert region(PLAIN).choose(-z + 0.01, rule) == ()
    assert region(PLAIN, np.zeros(len(z), bool)).choose(z, rule) == ()


@pytest.mark.parametrize("rule", ["minimum", "searchlight", "cluster"])
def test_a_place_that_no_coil_reaches_is_never_chosen(rule):
    z, at = spot((10, 12, 9), PLAIN)
    points = voxel_points_ras_mm(region(PLAIN).volume, region(PLAIN).mask_kji)
    allowed = points[:, 2] > at[2] + 4
    for each in region(PLAIN, allowed).choose(z, rule):
        assert each.position_ras_mm[2] > at[2] + 4
