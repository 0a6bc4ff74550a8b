import numpy as np
import pytest
from known_heads import CENTRE_RAS_MM, RADII_MM

from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.targeting.cortex import Cortex, DepthInformation, depth_information, find_cortex
from DLPFCSegmenterLib.targeting.mni_targets import literature_targets
from DLPFCSegmenterLib.words import method_of

BRAIN_DEPTH_MM = 13.0
"""Below the ellipsoid's skin and skull."""


def ball(radius_mm: float = 60.0, size: int = 80) -> Cortex:
    """Tissue in a ball around 0 on a grid of 2 mm."""
    matrix = np.diag([2.0, 2.0, 2.0, 1.0])
    matrix[:3, 3] = -(size - 1.0)
    places = 2.0 * np.indices((size, size, size)) - (size - 1.0)
    return Cortex(Volume(np.linalg.norm(places, axis=0) < radius_mm, matrix))


@pytest.fixture(scope="module")
def fitted():
    """Where the template's brain fills that of the ellipsoid's scan."""
    matrix = np.diag([0.93, 0.93, 0.95, 1.0])
    matrix[:3, 3] = CENTRE_RAS_MM - matrix[:3, :3] @ (0.0, -17.0, 10.0)
    return HeadFrame(matrix, 1.5)


@pytest.fixture(scope="module")
def cortex(scan, fitted):
    return find_cortex(HeadScan(scan), fitted)


@pytest.mark.parametrize("direction", [(-0.5, 0.6, 0.62), (0.5, 0.6, 0.62), (-0.4, -0.1, 1.5), (0.4, -0.1, 0.9)])
def test_the_cortex_of_a_known_head_lies_as_deep_as_it_was_made(cortex, scanned_scalp, direction):
    skin = CENTRE_RAS_MM + RADII_MM * np.array(direction) / np.linalg.norm(direction)
    entry = scanned_scalp.nearest(skin).position_ras_mm
    assert cortex.depth_mm(scanned_scalp, entry) == pytest.approx(BRAIN_DEPTH_MM, abs=3.0)


def test_depths_do_not_hang_on_brightness(scan, scanned_scalp, fitted, cortex):
    dim = find_cortex(HeadScan(scan.with_array(scan.array_kji * 0.001 + 7.0)), fitted)
    assert np.mean(dim.tissue.array_kji != cortex.tissue.array_kji) < 1e-3


def test_the_same_cortex_depth_at_target_and_hotspot_asks_for_no_other_output(cortex, scanned_scalp):
    over = (
        scanned_scalp.nearest(CENTRE_RAS_MM + RADII_MM * np.array(unit)) for unit in ((-0.6, 0.6, 0.5), (-0.5, 0, 0.87))
    )
    found = depth_information(scanned_scalp, cortex, *(point.position_ras_mm for point in over))
    assert abs(found.difference_mm) < 2.0


def test_a_line_that_meets_no_tissue_has_no_depth(scanned_scalp):
    nothing = Cortex(Volume(np.zeros((4, 4, 4), bool), np.eye(4)))
    top = scanned_scalp.nearest(CENTRE_RAS_MM + (0.0, 0.0, 92.0)).position_ras_mm
    assert nothing.depth_mm(scanned_scalp, top) is None
    assert depth_information(scanned_scalp, nothing, top, top) is None


def test_a_scan_that_shows_no_brain_where_mni_space_lies_has_no_cortex(scan):
    away = np.eye(4)
    away[:3, 3] = 500.0
    assert find_cortex(HeadScan(scan), HeadFrame(away, 1.5)) is None


@pytest.mark.parametrize("side", ["left", "right"])
def test_published_points_outside_tissue_are_moved_to_it_and_it_is_said(side):
    brain = ball(57.0)
    plain, moved = (literature_targets(HeadFrame(np.eye(4), 1.5), side, each) for each in (None, brain))
    count = 0
    for before, after in zip(plain, moved, strict=True):
        outside = np.linalg.norm(before.position_ras_mm) - 57.0
        if outside < -2.0:
            assert after == before or np.array_equal(after.position_ras_mm, before.position_ras_mm)
        elif 2.0 < outside < 12.0:
            count += 1
            assert brain.tissue.values_at(after.position_ras_mm)
            way = np.linalg.norm(after.position_ras_mm - before.position_ras_mm)
            assert way == pytest.approx(after.numbers["moved_mm"]) and way < outside + 2.5
            assert f"moved {way:.1f} mm" in method_of(after)
    assert count >= 2


def test_a_published_point_far_from_any_tissue_stays_and_is_doubted():
    far = literature_targets(HeadFrame(np.eye(4), 1.5), "left", ball(20.0))
    assert all("falls" in point.warnings[-1] and point.numbers == {} for point in far)


@pytest.mark.parametrize(
    ("target_mm", "motor_mm", "change"), [(20.0, 10.0, "+27 to +30 %"), (10.0, 20.0, "-30 to -27 %")]
)
def test_the_sentence_gives_both_slopes_its_source_and_that_it_is_no_dose(target_mm, motor_mm, change):
    words = DepthInformation(target_mm, motor_mm).in_words
    assert words.startswith("For information, not a dose")
    assert f"{target_mm:.0f} mm below the scalp over the target" in words and f"{motor_mm:.0f} mm at the motor" in words
    assert change in words and "Stokes 2005" in words
