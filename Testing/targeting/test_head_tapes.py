from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as examples
from hypothesis import settings
from known_fiducials import (
    DIRECTIONS,
    at_share,
    exact_vertex,
    given,
    length_mm,
    near,
    points_on_ellipsoid,
    posed,
    poses,
    section,
)
from known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scalp

from computed_once import lay_tapes
from DLPFCSegmenterLib.errors import NoScalpError, UserError
from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.targeting.fiducials import fiducials_on_scalp
from DLPFCSegmenterLib.targeting.head_tapes import HeadTapes
from DLPFCSegmenterLib.targeting.scalp import extract_scalp

SCALP = ellipsoid_scalp()
POINTS = points_on_ellipsoid()


def tapes_on(scalp, points=POINTS, pose=None) -> HeadTapes:
    return lay_tapes(scalp, fiducials_on_scalp(scalp, given(points, pose)))


def elliptic_arc_mm(from_rad: float, to_rad: float, across_mm: float, up_mm: float) -> float:
    """Elliptic integral of the second kind by the trapezoid rule: an arc of an ellipse from its top."""
    angle = np.linspace(from_rad, to_rad, 200_001)
    return float(np.trapezoid(np.hypot(across_mm * np.cos(angle), up_mm * np.sin(angle)), angle))


def angle_from_top(point: np.ndarray, axis: int) -> float:
    unit = (point - CENTRE_RAS_MM) / RADII_MM
    return float(np.arctan2(unit[axis], unit[2]))


@pytest.mark.slow
def test_both_arcs_over_the_vertex_are_the_elliptic_integrals_within_0_2_mm():
    measures = tapes_on(SCALP).measures
    front, back = (angle_from_top(POINTS[name], 1) for name in ("nasion", "inion"))
    sagittal = elliptic_arc_mm(back, front, RADII_MM[1], RADII_MM[2])
    assert 10.0 * measures.nasion_inion_cm == pytest.approx(sagittal, abs=0.2)
    vertex = exact_vertex(POINTS)
    coronal = length_mm(section(POINTS["left_tragus"], vertex, POINTS["right_tragus"]))
    assert 10.0 * measures.tragus_tragus_cm == pytest.approx(coronal, abs=0.2)


def test_the_circumference_of_a_level_head_is_the_whole_elliptic_integral_within_0_2_mm():
    level = points_on_ellipsoid(nasion=(0, 0.93, -0.35), inion=(0, -0.93, -0.35), left_tragus=(-0.86, 0, -0.5),
                                right_tragus=(0.86, 0, -0.5))  # fmt: skip
    tapes = tapes_on(SCALP, level)
    front = at_share(section(level["nasion"], exact_vertex(level), level["inion"]), 0.1)
    shrink = np.sqrt(1.0 - ((front[2] - CENTRE_RAS_MM[2]) / RADII_MM[2]) ** 2)
    around = elliptic_arc_mm(0.0, 2.0 * np.pi, RADII_MM[0] * shrink, RADII_MM[1] * shrink)
    assert 10.0 * tapes.measures.circumference_cm == pytest.approx(around, abs=0.2)
    assert np.ptp(tapes.around_ras_mm[:, 2]) < 0.1
    np.testing.assert_allclose(tapes.vertex_ras_mm, CENTRE_RAS_MM + (0, 0, RADII_MM[2]), atol=0.1)


@examples(nasion=near(DIRECTIONS["nasion"]), inion=near(DIRECTIONS["inion"]), left=near(DIRECTIONS["left_tragus"]),
          right=near(DIRECTIONS["right_tragus"]))  # fmt: skip
@settings(max_examples=5)
def test_the_vertex_halves_both_arcs_of_every_head(nasion, inion, left, right):
    points = points_on_ellipsoid(nasion=nasion, inion=inion, left_tragus=left, right_tragus=right)
    vertex = tapes_on(SCALP, points).vertex_ras_mm
    assert np.linalg.norm(vertex - exact_vertex(points)) < 0.2
    for one, other in (("nasion", "inion"), ("left_tragus", "right_tragus")):
        arc = section(points[one], vertex, points[other])
        assert np.linalg.norm(at_share(arc, 0.5) - vertex) < 0.2


@examples(pose=poses())
@settings(max_examples=5)
def test_measures_do_not_depend_on_how_the_head_lies(pose):
    straight, turned = tapes_on(SCALP), tapes_on(posed(SCALP, pose), pose=pose)
    for name in ("circumference_cm", "nasion_inion_cm", "tragus_tragus_cm"):
        assert getattr(turned.measures, name) == pytest.approx(getattr(straight.measures, name), abs=0.005)
    np.testing.assert_allclose(turned.vertex_ras_mm, transform_points(pose, straight.vertex_ras_mm), atol=0.05)


@pytest.mark.slow
def test_tapes_on_a_scan_are_as_long_as_a_skin_within_0_7_mm_makes_them(scanned_scalp):
    true, found = tapes_on(SCALP).measures, tapes_on(scanned_scalp).measures
    for name in ("circumference_cm", "nasion_inion_cm", "tragus_tragus_cm"):
        assert getattr(found, name) == pytest.approx(getattr(true, name), abs=2.0 * np.pi * 0.07)


@pytest.mark.slow
def test_a_head_whose_arcs_are_not_human_is_refused():
    radii = np.array([78.0, 98.0, 150.0])
    with pytest.raises(UserError, match="nasion-inion of .* is not human"):
        tapes_on(ellipsoid_scalp(radii), points_on_ellipsoid(radii))


@pytest.mark.slow
def test_a_little_of_the_head_lost_at_the_border_is_bridged(scan, scanned_scalp):
    kept = int((RADII_MM[1] * 2 + 14.0 - 2.5) / scan.spacing_mm[1])
    front = extract_scalp(replace(scan, array_kji=scan.array_kji[:, :kept]))
    whole, cut = tapes_on(scanned_scalp), tapes_on(front)
    for name in ("circumference_cm", "nasion_inion_cm", "tragus_tragus_cm"):
        assert 0.0 <= getattr(whole.measures, name) - getattr(cut.measures, name) + 0.05 < 0.45
    assert whole.warnings == () and "cuts into the head" in cut.warnings[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("crop", "words"),
    [
        ((slice(0, -26), slice(None), slice(None)), "does not show the top of the head"),
        ((slice(None), slice(None), slice(0, -13)), "cuts off too much of the head"),
    ],
    ids=["top", "side"],
)
def test_a_scan_that_cuts_off_much_of_the_head_is_refused(scan, crop, words):
    scalp = extract_scalp(replace(scan, array_kji=scan.array_kji[crop]))
    with pytest.raises(NoScalpError, match=words):
        tapes_on(scalp)
