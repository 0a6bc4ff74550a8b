"""Where brain should be and none is; the template's own brain is the head."""

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, transform_points
from DLPFCSegmenterLib.scan.head_frame import template_brain
from DLPFCSegmenterLib.scan.missing_tissue import empty_beside_ml, find_missing_tissue
from synthetic_head import every_axis_order
from template_scan import template_scan


def scan_and_mni(ras_from_mni=None):
    """The template's brain with a scanner's noise, and the MNI mm of its voxels, shape (K, J, I, 3)."""
    affine = np.eye(4) if ras_from_mni is None else ras_from_mni
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


@pytest.mark.parametrize("filling", fillings(scan_and_mni()[0]))
def test_what_was_erased_into_the_frontal_lobe_is_missing_there_and_not_on_the_other_side(filling):
    scan, mni = scan_and_mni()
    erased = np.linalg.norm(mni - (-45.0, 55.0, 15.0), axis=-1) < 22
    scan = scan.with_array(np.where(erased, fillings(scan)[filling], scan.array_kji).astype(np.float32))
    missing = find_missing_tissue(scan, np.eye(4), template_brain())
    assert missing.beside_dlpfc_ml("left") > 2 and missing.beside_dlpfc_ml("right") == 0


def test_what_lies_beyond_the_scan_is_missing():
    scan, mni = scan_and_mni()
    behind = np.flatnonzero((mni[..., 1] < 40.0).any(axis=(0, 2)))
    cut = scan.array_kji[:, : behind[-1] + 1]
    missing = find_missing_tissue(type(scan)(np.ascontiguousarray(cut), scan.ijk_to_ras), np.eye(4), template_brain())
    assert missing.beside_dlpfc_ml("left") > 2 and missing.beside_dlpfc_ml("right") > 2


@pytest.mark.parametrize("change", (lambda v: v, lambda v: v - 9000, lambda v: v * np.float32(1e-9)))
def test_of_a_whole_brain_nothing_is_missing_whatever_its_units(change):
    turned = np.eye(4)
    turned[:3, :3] = 1.1 * np.array([[0.96, -0.28, 0], [0.28, 0.96, 0], [0, 0, 1]])
    scan, _ = scan_and_mni(turned)
    missing = find_missing_tissue(scan.with_array(change(scan.array_kji)), turned, template_brain())
    assert len(missing.is_missing) > 1000 and not missing.is_missing.any()


def test_the_order_of_the_voxels_makes_no_difference():
    scan, mni = scan_and_mni()
    erased = scan.with_array(np.where(mni[..., 1] + mni[..., 2] > 75, 0, scan.array_kji))
    amounts = {
        round(find_missing_tissue(each, np.eye(4), template_brain()).beside_dlpfc_ml("left"), 1)
        for each in every_axis_order(erased)[::7]
    }
    assert len(amounts) == 1 and amounts.pop() > 1


REGION_MNI_MM = np.array([-38.0, 38.0, 28.0])


def head_and_mni():
    """The brain within a head without an end, for air is told by what is not there."""
    scan, mni = scan_and_mni()
    return scan.with_array(np.where(scan.array_kji > 0, scan.array_kji, np.float32(0.5 * scan.array_kji.max()))), mni


WHERE = {
    "a hole beside it": lambda mni: np.linalg.norm(mni - REGION_MNI_MM - (-8, 0, 0), axis=-1) < 12,
    "the crown": lambda mni: mni[..., 2] > 32,
    "the front": lambda mni: mni[..., 1] > 42,
    "the side": lambda mni: mni[..., 0] < -42,
}


@pytest.mark.parametrize("bare", (False, True))
@pytest.mark.parametrize("where", WHERE)
def test_empty_space_beside_a_region_is_told_and_there_is_none_in_a_whole_head(where, bare):
    scan, mni = scan_and_mni() if bare else head_and_mni()
    region = mni[np.linalg.norm(mni - REGION_MNI_MM, axis=-1) < 9]
    cut = scan.with_array(np.where(WHERE[where](mni), np.float32(0), scan.array_kji))
    assert empty_beside_ml(scan, region, np.eye(4), template_brain()) == 0
    assert empty_beside_ml(cut, region, np.eye(4), template_brain()) > 1


def test_what_lies_beyond_the_scans_face_is_empty_space_beside_a_region():
    scan, mni = head_and_mni()
    region = mni[np.linalg.norm(mni - REGION_MNI_MM, axis=-1) < 9]
    below = int(np.flatnonzero((mni[..., 2] < 38).any(axis=(1, 2)))[-1])
    cut = type(scan)(np.ascontiguousarray(scan.array_kji[: below + 1]), scan.ijk_to_ras)
    assert empty_beside_ml(cut, region, np.eye(4), template_brain()) > 1
