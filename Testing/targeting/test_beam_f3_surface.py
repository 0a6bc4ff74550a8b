from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from known_fiducials import DIRECTIONS, given, near, points_on_ellipsoid, posed, poses
from known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scalp

from computed_once import lay_tapes
from DLPFCSegmenterLib.errors import NoScalpError
from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.targeting.beam_f3 import BeamSite, beam_f3, beam_f3_adjusted
from DLPFCSegmenterLib.targeting.fiducials import fiducials_on_scalp
from DLPFCSegmenterLib.targeting.head_tapes import HeadTapes, beam_landmarks, site_on_scalp
from DLPFCSegmenterLib.targeting.scalp import extract_scalp
from DLPFCSegmenterLib.words import label_of, method_of

SCALP = ellipsoid_scalp(resolution=200)
POINTS = points_on_ellipsoid()
SPHERE_MM = 90.0
SPHERE = ellipsoid_scalp(np.full(3, SPHERE_MM), resolution=200)


def tapes_on(scalp, points=POINTS, pose=None) -> HeadTapes:
    return lay_tapes(scalp, fiducials_on_scalp(scalp, given(points, pose)))


@pytest.fixture(scope="module")
def tapes() -> HeadTapes:
    return tapes_on(SCALP)


def sphere_tapes() -> HeadTapes:
    level = {"nasion": (0, 0.97, -0.25), "inion": (0, -0.97, -0.25), "left_tragus": (-0.9, 0, -0.4),
             "right_tragus": (0.9, 0, -0.4)}  # fmt: skip
    return tapes_on(SPHERE, points_on_ellipsoid(np.full(3, SPHERE_MM), **level))


@pytest.mark.slow
@examples(x=st.floats(4.0, 12.0), y=st.floats(5.0, 11.0), side=st.sampled_from(["left", "right"]))
@settings(max_examples=6)
def test_on_a_sphere_x_is_a_longitude_and_y_a_colatitude(x, y, side):
    tapes = sphere_tapes()
    found = site_on_scalp(SPHERE, tapes, BeamSite(x, y), side) - CENTRE_RAS_MM
    longitude = 2.0 * np.pi * x / tapes.measures.circumference_cm * (-1 if side == "left" else 1)
    colatitude = 10.0 * y / SPHERE_MM
    there = np.array([np.sin(longitude), np.cos(longitude), 0]) * np.sin(colatitude)
    there[2] = np.cos(colatitude)
    assert np.linalg.norm(found - SPHERE_MM * there) < 0.2


def test_every_variant_is_placed_with_its_lengths_and_source(tapes):
    landmarks = {landmark.key: landmark for landmark in beam_landmarks(SCALP, tapes, "left")}
    assert list(landmarks) == ["beam_f3", "beam_f3_adjusted", "beam_2022_anterior", "beam_2022_posterior"]
    for key, rule in (("beam_f3", beam_f3), ("beam_f3_adjusted", beam_f3_adjusted)):
        site = rule(tapes.measures)
        np.testing.assert_array_equal(landmarks[key].position_ras_mm, site_on_scalp(SCALP, tapes, site, "left"))
        said = method_of(landmarks[key])
        assert f"X {site.x_cm:.2f} cm" in said and f"Y {site.y_cm:.2f} cm" in said
        assert "Beam" in said and not landmarks[key].estimated
    labels = [label_of(landmark) for landmark in landmarks.values()]
    assert labels == ["Beam F3", "Beam F3, adjusted", "Beam 2022, anterior", "Beam 2022, posterior"]
    further = landmarks["beam_f3_adjusted"].position_ras_mm - tapes.vertex_ras_mm
    assert np.linalg.norm(further) > np.linalg.norm(landmarks["beam_f3"].position_ras_mm - tapes.vertex_ras_mm)
    anterior, posterior = (landmarks[f"beam_2022_{site}"].position_ras_mm for site in ("anterior", "posterior"))
    assert anterior[1] > posterior[1] + 10.0


def test_the_right_has_its_own_names_and_the_mirrored_site_within_half_a_millimetre(tapes):
    left, right = (beam_landmarks(SCALP, tapes, side) for side in ("left", "right"))
    assert [one.key for one in right[:2]] == ["beam_f4", "beam_f4_adjusted"]
    for one, other in zip(left[:2], right[:2], strict=True):
        mirrored = CENTRE_RAS_MM + (one.position_ras_mm - CENTRE_RAS_MM) * (-1, 1, 1)
        assert np.linalg.norm(mirrored - other.position_ras_mm) < 0.5


@examples(pose=poses(), nasion=near(DIRECTIONS["nasion"]), left=near(DIRECTIONS["left_tragus"]))
@settings(max_examples=4)
def test_landmarks_move_with_the_head(pose, nasion, left):
    points = points_on_ellipsoid(nasion=nasion, left_tragus=left)
    turned = posed(SCALP, pose)
    there = beam_landmarks(turned, tapes_on(turned, points, pose), "left")
    for one, other in zip(beam_landmarks(SCALP, tapes_on(SCALP, points), "left"), there, strict=True):
        assert np.linalg.norm(transform_points(pose, one.position_ras_mm) - other.position_ras_mm) < 0.1


@examples(nasion=near(DIRECTIONS["nasion"]), left=near(DIRECTIONS["left_tragus"]))
@settings(max_examples=4)
def test_a_mirrored_person_has_the_mirrored_landmarks(nasion, left):
    points = points_on_ellipsoid(nasion=nasion, left_tragus=left)
    mirrored = {name: CENTRE_RAS_MM + (point - CENTRE_RAS_MM) * (-1, 1, 1) for name, point in points.items()}
    mirrored["left_tragus"], mirrored["right_tragus"] = mirrored["right_tragus"], mirrored["left_tragus"]
    left_f3 = beam_landmarks(SCALP, tapes_on(SCALP, points), "left")[0].position_ras_mm
    right_f4 = beam_landmarks(SCALP, tapes_on(SCALP, mirrored), "right")[0].position_ras_mm
    assert np.linalg.norm((left_f3 - CENTRE_RAS_MM) * (-1, 1, 1) - (right_f4 - CENTRE_RAS_MM)) < 0.5


@pytest.mark.slow
def test_a_site_beyond_the_scan_is_refused(scan):
    forehead_mm = 60.0
    kept = int((RADII_MM[1] + 14.0 + forehead_mm) / scan.spacing_mm[1])
    cut = extract_scalp(replace(scan, array_kji=scan.array_kji[:, :kept]))
    with pytest.raises(NoScalpError, match="before Beam's site"):
        site_on_scalp(cut, tapes_on(SCALP), BeamSite(3.0, 12.0), "left")


@pytest.mark.slow
def test_unusual_measures_are_told_with_every_landmark():
    radii = 0.83 * RADII_MM
    small = ellipsoid_scalp(radii)
    for landmark in beam_landmarks(small, tapes_on(small, points_on_ellipsoid(radii)), "left"):
        assert any("head circumference of 4" in warning for warning in landmark.warnings)
