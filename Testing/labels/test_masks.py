"""The region of a scan comes from its parcellation, or as a person drew it."""

import nibabel as nib
import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.labels.label import RegionLabel
from DLPFCSegmenterLib.labels.masks import read_region
from DLPFCSegmenterLib.labels.splits import MASK_VALUES, find_scans

LABELS = np.zeros((6, 7, 8), np.uint8)
LABELS[1, 2:5, 3], LABELS[4, 2:5, 3] = 1, 2


def scan_with(folder, kind, labels):
    for name, array in (("T1w", np.ones(labels.shape, np.float32)), (kind, labels)):
        nib.save(nib.Nifti1Image(array, np.diag([2.0, 2.0, 2.0, 1.0])), folder / f"p_{name}.nii.gz")
    return find_scans(folder)[0]


def test_drawn_masks_are_read_as_they_are_and_without_a_parcellation(tmp_path):
    labelled = read_region(scan_with(tmp_path, "dlpfc", LABELS), RegionLabel())
    assert labelled.parcellation is None
    for side, value in MASK_VALUES.items():
        assert np.array_equal(labelled.sides[side], LABELS.T == value)


def test_a_side_that_was_not_drawn_is_not_known(tmp_path):
    labelled = read_region(scan_with(tmp_path, "dlpfc", np.where(LABELS == 2, 2, 0).astype(np.uint8)), RegionLabel())
    assert list(labelled.sides) == ["right"]


def test_a_region_of_one_side_is_cut_on_that_side_alone(tmp_path):
    region = RegionLabel("bar", left=(1,), right=(), posterior_cut=0.0)
    labelled = read_region(scan_with(tmp_path, "dlmuse", LABELS), region)
    assert list(labelled.sides) == ["left"] and np.array_equal(labelled.parcellation.array_kji, LABELS.T)


def test_an_empty_drawing_is_refused_by_name(tmp_path):
    with pytest.raises(UserError, match=r"p_dlpfc\.nii\.gz: no voxel is 1 \(left\) or 2 \(right\)"):
        read_region(scan_with(tmp_path, "dlpfc", np.zeros_like(LABELS)), RegionLabel())
