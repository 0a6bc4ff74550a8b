from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as examples
from hypothesis import settings
from known_fiducials import (
    COLIN27_MM,
    DIRECTIONS,
    at_share,
    exact_vertex,
    given,
    near,
    on_ellipsoid,
    points_on_ellipsoid,
    posed,
    poses,
    section,
)
from known_heads import CENTRE_RAS_MM, ellipsoid_scalp

from computed_once import lay_tapes
from DLPFCSegmenterLib.geometry.spaces import MIRROR_X, transform_points
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.targeting.fiducials import fiducials_on_scalp
from DLPFCSegmenterLib.targeting.head_tapes import ten_twenty, ten_twenty_landmark
from DLPFCSegmenterLib.targeting.scalp import extract_scalp
from DLPFCSegmenterLib.words import label_of, method_of

SCALP = ellipsoid_scalp()
POINTS = points_on_ellipsoid()

COLIN27 = Path(__file__).resolve().parents[2] / "demo" / "colin27.nii.gz"
COLIN27_CAP_MM = {
    "Fpz": (0.1, 88.2, -1.7),
    "Fz": (0.3, 58.5, 66.5),
    "Cz": (0.4, -9.2, 100.2),
    "C3": (-65.4, -11.6, 64.4),
    "F7": (-70.3, 42.5, -11.4),
    "F8": (73.0, 44.4, -12.0),
    "F3": (-50.2, 53.1, 42.2),
    "F4": (51.8, 54.3, 40.8),
}
"""Of the file that `COLIN27_MM` is of."""


def positions(scalp=SCALP, points=POINTS, pose=None) -> dict[str, np.ndarray]:
    return ten_twenty(scalp, lay_tapes(scalp, fiducials_on_scalp(scalp, given(points, pose))))


def exact_positions(points: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The construction on the ellipsoid itself, by fine sampling of its plane sections."""
    at = {"Cz": exact_vertex(points)}
    sagittal = section(points["nasion"], at["Cz"], points["inion"])
    coronal = section(points["left_tragus"], at["Cz"], points["right_tragus"])
    at |= {name: at_share(sagittal, share) for name, share in (("Fpz", 0.1), ("Fz", 0.3), ("Pz", 0.7), ("Oz", 0.9))}
    at |= {name: at_share(coronal, share) for name, share in (("T7", 0.1), ("C3", 0.3), ("C4", 0.7), ("T8", 0.9))}
    at["F7"] = at_share(section(at["Fpz"], at["T7"], at["Oz"]), 0.3)
    at["F8"] = at_share(section(at["Fpz"], at["T8"], at["Oz"]), 0.3)
    frontal = section(at["F7"], at["Fz"], at["F8"])
    return at | {"F3": at_share(frontal, 0.25), "F4": at_share(frontal, 0.75)}


@pytest.mark.slow
@examples(nasion=near(DIRECTIONS["nasion"]), inion=near(DIRECTIONS["inion"]), left=near(DIRECTIONS["left_tragus"]),
          right=near(DIRECTIONS["right_tragus"]))  # fmt: skip
@settings(max_examples=5)
def test_every_position_lies_within_0_2_mm_of_the_ellipsoids_own(nasion, inion, left, right):
    points = points_on_ellipsoid(nasion=nasion, inion=inion, left_tragus=left, right_tragus=right)
    found, exact = positions(points=points), exact_positions(points)
    assert set(found) == set(exact)
    for name, point in found.items():
        assert np.linalg.norm(point - exact[name]) < 0.2, name


def test_on_a_sphere_the_angles_are_those_of_the_system():
    radii = np.array([90.0, 90.0, 90.0])
    below = np.radians(10.0)
    ring = {
        name: on_ellipsoid((np.cos(below) * x, np.cos(below) * y, -np.sin(below)), radii)
        for name, (x, y) in {"nasion": (0, 1), "inion": (0, -1), "left_tragus": (-1, 0), "right_tragus": (1, 0)}.items()
    }
    found = positions(ellipsoid_scalp(radii), ring)
    for name, share, sideways in (("Fz", 0.4, 0), ("Fpz", 0.8, 0), ("C4", 0.4, 1), ("T8", 0.8, 1)):
        angle = share * np.radians(100.0)
        there = (np.sin(angle), 0, np.cos(angle)) if sideways else (0, np.sin(angle), np.cos(angle))
        np.testing.assert_allclose(found[name], on_ellipsoid(there, radii), atol=0.2)


@examples(pose=poses(), nasion=near(DIRECTIONS["nasion"]), left=near(DIRECTIONS["left_tragus"]))
@settings(max_examples=5)
def test_positions_move_with_the_head(pose, nasion, left):
    points = points_on_ellipsoid(nasion=nasion, left_tragus=left)
    straight, turned = positions(points=points), positions(posed(SCALP, pose), points, pose)
    for name, point in straight.items():
        assert np.linalg.norm(turned[name] - transform_points(pose, point)) < 0.1, name


def test_f3_and_f4_of_a_symmetric_head_mirror_each_other_within_half_a_millimetre():
    found = positions()
    for one, other in (("F3", "F4"), ("C3", "C4"), ("F7", "F8"), ("T7", "T8")):
        mirrored = CENTRE_RAS_MM + (found[one] - CENTRE_RAS_MM) * (-1, 1, 1)
        assert np.linalg.norm(mirrored - found[other]) < 0.5


@pytest.mark.parametrize(("hemisphere", "name"), [("left", "F3"), ("right", "F4")])
def test_the_landmark_of_a_side_names_its_method(hemisphere, name):
    tapes = lay_tapes(SCALP, fiducials_on_scalp(SCALP, given(POINTS)))
    landmark = ten_twenty_landmark(SCALP, tapes, hemisphere)
    assert (landmark.key, label_of(landmark)) == (name.lower(), f"{name} (10-20)")
    np.testing.assert_array_equal(landmark.position_ras_mm, positions()[name])
    assert "F7-Fz-F8" in method_of(landmark) and not landmark.estimated


@pytest.mark.slow
@pytest.mark.skipif(not COLIN27.exists(), reason="demo/colin27.nii.gz is not there; `.ci/set-up colin27` fetches it")
def test_on_colin27_positions_agree_with_the_published_cap_and_mirror_with_the_scan():
    scan = read_volume(COLIN27)
    points = {name: np.array(place) for name, place in COLIN27_MM.items()}
    found = positions(extract_scalp(scan), points)
    away = {name: np.linalg.norm(found[name] - place) for name, place in COLIN27_CAP_MM.items()}
    assert max(away.values()) < 4.0 and max(away["F3"], away["F4"]) < 3.5, away

    swapped = {"left_tragus": "right_tragus", "right_tragus": "left_tragus"}
    mirrored = {swapped.get(name, name): transform_points(MIRROR_X, place) for name, place in points.items()}
    there = positions(extract_scalp(scan.mirrored()), mirrored)
    for one, other in (("F3", "F4"), ("F4", "F3"), ("Cz", "Cz")):
        assert np.linalg.norm(found[one] * (-1, 1, 1) - there[other]) < 0.5
