import numpy as np
import pytest

from DLPFCSegmenterLib.doubts import unless_refused
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, transform_points
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.registration import Registration
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.targeting.mask_check import mask_doubts, off_brain_warnings

RAS_FROM_MNI = np.array([[0.9, 0.1, 0, 4], [-0.1, 0.95, 0.05, -12], [0, -0.05, 0.88, 30], [0, 0, 0, 1]])
KNOWN = Registration(RAS_FROM_MNI, 0.7)
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
    assert warning == f"{share:.0%} of the mask lies off the brain; check its outline."


def test_an_empty_mask_is_not_judged(grid):
    assert mask_doubts(grid, np.zeros(grid.array_kji.shape, bool), "left", KNOWN) == ()
