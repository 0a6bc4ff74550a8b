"""Scans of people: Colin27 where it was fetched, others where the shared data folder stands beside the checkout."""

from pathlib import Path

import numpy as np
import pytest
from known_fiducials import COLIN27_MM
from known_heads import turned_deg

from benchmark_scalp import moved_mm, upper_frontal_points
from degraded_scans import DEGRADATIONS
from DLPFCSegmenterLib.errors import NoScalpError
from DLPFCSegmenterLib.geometry.spaces import ras_to_ijk, transform_points
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.segmentation.head_finding import head_scan
from DLPFCSegmenterLib.targeting.by_tape import estimated_fiducials, find_by_tape, place_at_proportions, place_at_site
from DLPFCSegmenterLib.targeting.coil import coil_pose, scalp_entry
from DLPFCSegmenterLib.targeting.fiducials import ESTIMATED_MM
from DLPFCSegmenterLib.targeting.head_tapes import lay_tapes
from DLPFCSegmenterLib.targeting.mesh import points_of
from DLPFCSegmenterLib.targeting.placing import place_landmarks, read_head
from DLPFCSegmenterLib.targeting.scalp import extract_scalp

pytestmark = pytest.mark.slow

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

COLIN27 = Path(__file__).resolve().parents[2] / "demo" / "colin27.nii.gz"

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data folder is not beside this checkout")
needs_colin27 = pytest.mark.skipif(
    not COLIN27.exists(), reason="demo/colin27.nii.gz is not there; `.ci/set-up colin27` fetches it"
)


@pytest.fixture(scope="module")
def colin27():
    """(scan, scalp, points of its upper frontal skin); the scan lies in MNI space."""
    scan = read_volume(COLIN27)
    scalp = extract_scalp(scan)
    return scan, scalp, upper_frontal_points(scalp, np.eye(4))


@needs_colin27
@pytest.mark.parametrize("name", ("ghost", "crown cut", "low contrast", "very noisy", "everything"))
def test_the_upper_frontal_skin_of_colin27_stays_where_it_is_on_a_worse_scan(colin27, name):
    scan, _, points = colin27
    mean, high, largest = moved_mm(points, DEGRADATIONS[name](scan, np.eye(4)))
    assert mean < 1.0 and high < 2.0 and largest < 4.0


@needs_colin27
def test_colin27_mirrored_has_the_mirrored_skin(colin27):
    scan, _, points = colin27
    mirrored = extract_scalp(scan.mirrored())
    assert max(mirrored.nearest(point * (-1.0, 1.0, 1.0)).distance_mm for point in points[::4]) < 1e-3


@needs_colin27
@pytest.mark.parametrize("hemisphere", ["left", "right"])
def test_a_coil_moved_by_two_mm_on_colin27_turns_by_less_than_ten_degrees(colin27, hemisphere):
    scalp = colin27[1]
    points = points_of(scalp.skin)[::40].astype(float)
    points = points[(points[:, 2] > -20.0) & (np.abs(points[:, 0]) < 78.0)]  # above the face, off the ears
    beside = points + 2.0 * np.random.default_rng(3).normal(size=points.shape) / np.sqrt(3.0)
    for one, other in zip(points, beside, strict=True):
        places = one, scalp.nearest(other).position_ras_mm
        first, second = (coil_pose(scalp, scalp_entry(scalp, at), hemisphere, 45.0, 4.0) for at in places)
        assert turned_deg(first, second) < 10.0


@needs_data
def test_a_head_that_touches_the_border_of_the_scan_keeps_its_skin_apart_from_the_cuts():
    scan = read_volume(next((DATA / "ixi" / "val").glob("IXI526*T1w.nii.gz")))
    scalp = extract_scalp(scan)
    ijk = ras_to_ijk(scan.ijk_to_ras, points_of(scalp.skin))
    inside_mm = np.minimum(ijk + 0.5, np.array(scan.shape_ijk) - 0.5 - ijk) * scan.spacing_mm
    assert inside_mm.min() > 0.5
    assert scalp.skin.GetNumberOfPoints() < 0.9 * scalp.surface.GetNumberOfPoints()


@needs_data
@pytest.mark.parametrize("name", ["fullhead/chris_T1w.nii.gz", "fullhead/pycortex-S1_T1w.nii.gz"])
def test_a_whole_head_gets_hotspots_and_walks_on_both_sides(name):
    head = read_head(head_scan(read_volume(DATA / name)))
    assert head.warnings == ()
    for side, sign in (("left", -1), ("right", 1)):
        target = transform_points(head.registration.ras_from_mni, (sign * 38, 44, 26))
        placed = place_landmarks(head, side, target)
        hotspot, five_cm = (landmark.position_ras_mm for landmark in placed.landmarks)
        right, anterior, _ = head.scalp.head_axes_ras
        assert abs((five_cm - hotspot) @ right) < 2.0 < 35.0 < (five_cm - hotspot) @ anterior
        assert 8.0 < placed.distances_mm["target_to_scalp"] < 30.0


HEADS = (
    ([COLIN27] if COLIN27.exists() else [])
    + sorted((DATA / "fullhead").glob("*_T1w.nii.gz"))
    + sorted((DATA / "ixi" / "val").glob("*_T1w.nii.gz"))
)


@pytest.mark.parametrize("path", HEADS, ids=lambda path: path.name[:12])
def test_following_the_tapes_ends_within_a_mm_of_the_entry_over_either_dlpfc(path):
    head = read_head(head_scan(read_volume(path)))
    fiducials = estimated_fiducials(head.scalp, head.registration)
    tapes = lay_tapes(head.scalp, fiducials)
    for side, sign in (("left", -1), ("right", 1)):
        target = transform_points(head.registration.ras_from_mni, (sign * 38, 44, 26))
        entry = head.scalp.nearest(target).position_ras_mm
        taped = find_by_tape(head.scalp, tapes, entry, side)
        by_site = place_at_site(head.scalp, tapes, taped.around.length_mm, taped.from_vertex.length_mm, side)
        by_marks = place_at_proportions(head.scalp, tapes, taped.from_nasion.length_mm, taped.from_tragus.length_mm)
        assert np.linalg.norm(by_site - entry) < 1.0 and np.linalg.norm(by_marks - entry) < 1.0
        assert 40.0 < taped.around.length_mm < 110.0 and 70.0 < taped.from_vertex.length_mm < 150.0


@needs_colin27
def test_fiducials_estimated_on_colin27_lie_as_near_to_the_published_ones_as_is_said(colin27):
    head = head_scan(colin27[0])
    estimated = estimated_fiducials(colin27[1], head.registration).points_ras_mm
    away = {key: float(np.linalg.norm(at - COLIN27_MM[key])) for key, at in estimated.items()}
    print(away)
    assert max(away.values()) < ESTIMATED_MM[1]


@needs_data
def test_a_brain_only_scan_is_refused():
    with pytest.raises(NoScalpError, match="skull was removed"):
        extract_scalp(read_volume(DATA / "ds002748" / "sub-01_T1w.nii.gz"))
