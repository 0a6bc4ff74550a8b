"""Where brain should be and none is; the template's own brain is the head."""

from functools import cache

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, transform_points
from DLPFCSegmenterLib.scan.canonical import to_canonical
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.missing_tissue import find_filled, missing_ml
from DLPFCSegmenterLib.segmentation.segmenter import MISSING_ML
from synthetic_head import every_axis_order
from template_scan import template_scan

TURNED = np.eye(4)
TURNED[:3, :3] = 1.1 * np.array([[0.96, -0.28, 0], [0.28, 0.96, 0], [0, 0, 1]])


@cache
def scan_and_mni(is_turned=False):
    """The template's brain with a scanner's noise, and the MNI mm of its voxels, shape (K, J, I, 3)."""
    affine = TURNED if is_turned else np.eye(4)
    scan = template_scan(affine, 2.0)
    noise = np.random.default_rng(0).normal(0, 0.03 * scan.array_kji.max(), scan.array_kji.shape)
    noisy = np.where(scan.array_kji > 1, scan.array_kji + noise, 0).clip(0).astype(np.float32)
    ijk = np.indices(scan.array_kji.shape).transpose(1, 2, 3, 0)[..., ::-1]
    mni = transform_points(np.linalg.inv(affine), ijk_to_ras_points(scan.ijk_to_ras, ijk))
    return scan.with_array(noisy), mni


def fillings(scan):
    chance, high = np.random.default_rng(1), float(scan.array_kji.max())
    shape = scan.array_kji.shape
    return {
        "zeros": np.zeros(shape),
        "a constant": np.full(shape, 0.6 * high),
        "the noise of air": np.abs(chance.normal(0, 0.02 * high, shape)),
        "noise over the whole range": chance.uniform(0, high, shape),
        "noise around the mean": chance.normal(0.6 * high, 0.3 * high, shape),
    }


def missing(scan, hemisphere="left", ras_from_mni=None, region_mni_mm=None):
    """How much is missing of a side whose region is a ball in its place, as the whole rule tells."""
    affine = np.eye(4) if ras_from_mni is None else ras_from_mni
    frame = HeadFrame(affine, 1.5)
    region = transform_points(affine, ball(hemisphere) if region_mni_mm is None else region_mni_mm)
    return missing_ml(to_canonical(scan), find_filled(scan, frame), frame, region, hemisphere)


def ball(hemisphere="left", radius_mm=8):
    """Points of a ball in the middle of the DLPFC, MNI mm, shape (N, 3)."""
    steps = np.stack(np.meshgrid(*[np.arange(-12.0, 13, 2)] * 3), axis=-1).reshape(-1, 3)
    return steps[np.linalg.norm(steps, axis=1) < radius_mm] + (-38.0 if hemisphere == "left" else 38.0, 38.0, 28.0)


def filled_with(scan, filling, there):
    return scan.with_array(np.where(there, fillings(scan)[filling], scan.array_kji).astype(np.float32))


@pytest.mark.slow
@pytest.mark.parametrize("filling", fillings(scan_and_mni()[0]))
def test_what_was_erased_into_the_frontal_lobe_is_missing_there_and_not_on_the_other_side(filling):
    scan, mni = scan_and_mni()
    erased = filled_with(scan, filling, np.linalg.norm(mni - (-40.0, 52.0, 15.0), axis=-1) < 22)
    assert missing(erased) > 2 and missing(erased, "right") == 0


@pytest.mark.slow
@pytest.mark.parametrize("filling", fillings(scan_and_mni()[0]))
def test_a_hole_of_the_size_of_a_cherry_is_noticed_whatever_it_is_filled_with(filling):
    scan, mni = scan_and_mni()
    hole = filled_with(scan, filling, np.linalg.norm(mni - (-34.0, 42.0, 22.0), axis=-1) < 12)
    assert missing(hole) >= MISSING_ML > missing(hole, "right")


@pytest.mark.slow
def test_what_lies_beyond_the_scan_is_missing():
    scan, mni = scan_and_mni()
    behind = np.flatnonzero((mni[..., 1] < 48.0).any(axis=(0, 2)))
    cut = np.ascontiguousarray(scan.array_kji[:, : behind[-1] + 1])
    part = type(scan)(cut, scan.ijk_to_ras)
    assert missing(part) > 2 and missing(part, "right") > 2


@pytest.mark.slow
@pytest.mark.parametrize("change", (lambda v: v, lambda v: v - 9000, lambda v: v * np.float32(1e-9)))
def test_of_a_whole_brain_nothing_is_missing_whatever_its_units(change):
    scan, _ = scan_and_mni(is_turned=True)
    assert missing(scan.with_array(change(scan.array_kji)), "left", TURNED) == 0
    assert missing(scan.with_array(change(scan.array_kji)), "right", TURNED) == 0


@pytest.mark.slow
def test_the_order_of_the_voxels_makes_no_difference():
    scan, mni = scan_and_mni()
    erased = scan.with_array(np.where(mni[..., 1] + mni[..., 2] > 75, 0, scan.array_kji))
    amounts = {round(missing(each), 0) for each in every_axis_order(erased)[::7]}
    assert max(amounts) - min(amounts) <= 1 and min(amounts) > 1


def head_and_mni():
    """The brain within a head without an end, for air is told by what is not there."""
    scan, mni = scan_and_mni()
    around = 0.5 * scan.array_kji.max() * (1 + 0.2 * np.sin(mni.sum(axis=-1)))
    return scan.with_array(np.where(scan.array_kji > 0, scan.array_kji, around).astype(np.float32)), mni


WHERE = {
    "a hole beside it": lambda mni: np.linalg.norm(mni - (-46.0, 38.0, 28.0), axis=-1) < 12,
    "the crown": lambda mni: mni[..., 2] > 32,
    "the front": lambda mni: mni[..., 1] > 42,
    "the side": lambda mni: mni[..., 0] < -42,
}


@pytest.mark.slow
@pytest.mark.parametrize("bare", (False, True))
@pytest.mark.parametrize("where", WHERE)
def test_empty_space_beside_a_region_is_told_and_there_is_none_in_a_whole_head(where, bare):
    scan, mni = scan_and_mni() if bare else head_and_mni()
    cut = scan.with_array(np.where(WHERE[where](mni), np.float32(0), scan.array_kji))
    assert missing(scan) == 0 and missing(cut) > 1


SHRUNK = np.diag([1.0, 0.7, 1.0, 1.0])
"""Behind a front that was cut off the frame ends where the rest does; the brain's middle stays where it was."""


@pytest.mark.slow
@pytest.mark.parametrize(("filling", "slant"), [("zeros", 0.0), ("a constant", 0.5), ("the noise of air", 0.25)])
def test_a_front_that_was_cut_off_straight_is_told_where_the_frame_shrinks_behind_it(filling, slant):
    scan, mni = head_and_mni()
    cut = filled_with(scan, filling, mni[..., 1] + slant * (mni[..., 2] - 20) > 45)
    behind = ball() - (0, 14, 0)
    for hemisphere in ("left", "right"):
        region = np.linalg.solve(SHRUNK[:3, :3], (behind * ((1.0 if hemisphere == "left" else -1.0), 1, 1)).T).T
        assert missing(cut, hemisphere, SHRUNK, region) >= MISSING_ML > missing(scan, hemisphere, SHRUNK, region)


def test_what_lies_beyond_the_scans_face_is_empty_space_beside_a_region():
    scan, mni = head_and_mni()
    below = int(np.flatnonzero((mni[..., 2] < 38).any(axis=(1, 2)))[-1])
    cut = type(scan)(np.ascontiguousarray(scan.array_kji[: below + 1]), scan.ijk_to_ras)
    assert missing(cut) > 1
