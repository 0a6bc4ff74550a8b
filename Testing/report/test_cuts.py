import numpy as np
import pytest

from DLPFCSegmenterLib.report.cuts import AXIAL, CORONAL, PIXEL_MM, PLANES, SAGITTAL, cut, head_box
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm
from hand_made_plans import make_plan

BOX = (np.array([-80.0, -90.0, -60.0]), np.array([80.0, 95.0, 75.0]))


def _bright_spot(code: str) -> Volume:
    """The scan made dark but for the left DLPFC, whose centre is near R -36, A 40, S 28."""
    region = make_plan(code).sides["left"].region
    return region.volume.with_array(region.mask_kji.astype(np.float32) * 100)


def _centre_mm(slice_cut) -> tuple[float, float]:
    """Where the bright pixels lie, (across, up) in RAS mm."""
    rows, columns = np.nonzero(slice_cut.values > 50)
    left, _, bottom, _ = slice_cut.extent_mm
    return left + (columns.mean() + 0.5) * PIXEL_MM, bottom + (rows.mean() + 0.5) * PIXEL_MM


@pytest.mark.parametrize("code", ("RAS", "LIA", "PSR", "oblique"))
@pytest.mark.parametrize("plane", PLANES, ids=lambda plane: plane.name)
def test_every_plane_shows_the_spot_at_its_own_ras_place(code, plane):
    volume = _bright_spot(code)
    spot = voxel_points_ras_mm(volume, volume.array_kji > 0).mean(axis=0)
    found = _centre_mm(cut(volume, plane, spot[plane.normal], BOX))
    assert found == pytest.approx((spot[plane.across], spot[plane.up]), abs=2.0)


def test_a_slice_beside_the_spot_is_dark():
    assert cut(_bright_spot("PSR"), AXIAL, -20.0, BOX).values.max() == 0


def test_the_letters_fit_the_radiological_convention():
    assert AXIAL.letters == ("R", "L", "P", "A")
    assert CORONAL.letters == ("R", "L", "I", "S")
    assert SAGITTAL.letters == ("A", "P", "I", "S")


@pytest.mark.parametrize("code", ("RAS", "LIA", "oblique"))
def test_the_head_box_holds_the_bright_part_and_little_more(code):
    volume = _bright_spot(code)
    points = voxel_points_ras_mm(volume, volume.array_kji > 0)
    low, high = head_box(volume)
    assert np.all(low < points.min(axis=0)) and np.all(high > points.max(axis=0))
    assert np.all(high - low < np.ptp(points, axis=0) + 25)
