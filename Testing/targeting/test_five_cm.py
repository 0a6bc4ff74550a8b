import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scalp

from DLPFCSegmenterLib.errors import NoScalpError
from DLPFCSegmenterLib.targeting.five_cm import walk_forward
from DLPFCSegmenterLib.targeting.scalp_section import arc_mm, scalp_distance_mm, taut
from DLPFCSegmenterLib.words import label_of, method_of

SCALP = ellipsoid_scalp()


def on_ellipsoid(x_mm: float, angle: float) -> np.ndarray:
    """The point at `x_mm` to the right of the middle, `angle` (radians) behind the top."""
    return _ellipse(x_mm, np.array([angle]))[0]


def forward_by_integration(x_mm: float, angle: float, length_mm: float) -> np.ndarray:
    """Where an arc of `length_mm` in the sagittal ellipse ends, by summing 200 000 chords."""
    angles = np.linspace(angle, angle - 3.0, 200_001)
    points = _ellipse(x_mm, angles)
    return points[np.searchsorted(arc_mm(points), length_mm)]


def _ellipse(x_mm: float, angles: np.ndarray) -> np.ndarray:
    shrink = np.sqrt(1.0 - (x_mm / RADII_MM[0]) ** 2)
    offsets = np.column_stack(
        [np.full_like(angles, x_mm), -np.sin(angles) * RADII_MM[1] * shrink, np.cos(angles) * RADII_MM[2] * shrink]
    )
    return CENTRE_RAS_MM + offsets


@settings(max_examples=15, deadline=None)
@given(x=st.floats(-60, 60), angle=st.floats(0.0, 0.6), length=st.floats(20, 80))
def test_the_walk_ends_within_0_2_mm_of_the_analytic_ellipse(x, angle, length):
    rule = walk_forward(SCALP, on_ellipsoid(x, angle), length)
    assert np.linalg.norm(rule.landmark_ras_mm - forward_by_integration(x, angle, length)) < 0.2
    assert arc_mm(rule.path_ras_mm)[-1] == pytest.approx(length, abs=1e-6)


def test_the_walk_on_a_scan_ends_within_a_millimetre_of_the_analytic_ellipse(scanned_scalp):
    rule = walk_forward(scanned_scalp, on_ellipsoid(-45.0, 0.2), 50.0)
    assert np.linalg.norm(rule.landmark_ras_mm - forward_by_integration(-45.0, 0.2, 50.0)) < 1.0


def test_the_landmark_names_its_length_and_method():
    landmark = walk_forward(SCALP, on_ellipsoid(-45.0, 0.2), 55.0).landmark
    assert (landmark.key, label_of(landmark)) == ("five_cm", "5.5-cm landmark")
    assert "parasagittal" in method_of(landmark)


def test_the_walk_follows_the_heads_axes_and_not_the_scans():
    turn = np.radians(10.0)
    axes = np.array([[np.cos(turn), np.sin(turn), 0], [-np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    start = on_ellipsoid(-45.0, 0.2)
    rule = walk_forward(SCALP.with_head_axes(axes), start, 50.0)
    assert abs((rule.landmark_ras_mm - start) @ axes[0]) < 0.1
    assert rule.landmark_ras_mm[0] < start[0] - 5.0


@settings(max_examples=10, deadline=None)
@given(x=st.floats(5, 60), angle=st.floats(0.0, 0.6))
def test_a_mirrored_hotspot_gives_the_mirrored_landmark(x, angle):
    left = walk_forward(SCALP, on_ellipsoid(-x, angle), 50.0).landmark_ras_mm - CENTRE_RAS_MM
    right = walk_forward(SCALP, on_ellipsoid(x, angle), 50.0).landmark_ras_mm - CENTRE_RAS_MM
    np.testing.assert_allclose(left * (-1, 1, 1), right, atol=0.1)


def test_a_walk_into_the_border_of_the_scan_is_refused(scanned_scalp):
    with pytest.raises(NoScalpError, match="ends .* mm in front of the hotspot"):
        walk_forward(scanned_scalp, on_ellipsoid(-45.0, 0.0), 280.0)


def test_a_tape_bridges_a_hollow_by_a_straight_line():
    curve = np.array([[0, 0, 0], [0, 10, -0.5], [0, 15, -4], [0, 20, 0], [0, 30, -3]], float)
    tape = taut(curve, np.array([0.0, 1, 0]), np.array([0.0, 0, 1]))
    np.testing.assert_array_equal(tape[:, 1], [0, 20, 30])


def test_scalp_distance_on_a_sphere_is_the_great_circle():
    sphere = ellipsoid_scalp(np.array([80.0, 80, 80]), np.zeros(3))
    start, end = np.array([0.0, 0, 80]), 80 * np.array([-0.6, 0.48, 0.64])
    assert scalp_distance_mm(sphere, start, end) == pytest.approx(80 * np.arccos(0.64), abs=0.1)
