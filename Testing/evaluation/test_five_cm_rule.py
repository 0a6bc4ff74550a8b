"""The rule is measured where a scalp is, and its absence is told where none is."""

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from DLPFCSegmenterLib.evaluation.evaluate import EvaluationOptions, rule_distances
from DLPFCSegmenterLib.labels.splits import find_scans
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.scan.canonical import to_itk
from DLPFCSegmenterLib.scan.readers import read_volume

VAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "ixi" / "val"

pytestmark = pytest.mark.skipif(not VAL.is_dir(), reason="the IXI scans are not on this machine")


@pytest.fixture(scope="module")
def distances(tmp_path_factory):
    """Of one person with the skull (a), without it (b), and without the region's label (c)."""
    folder = tmp_path_factory.mktemp("rule")
    scan = find_scans(VAL)[0]
    t1, labels = read_volume(scan.t1), read_volume(scan.parcellation)
    brain = t1.with_array(np.where(labels.array_kji > 0, t1.array_kji, 0))
    unnamed = labels.with_array(np.where(labels.array_kji == 143, 1, labels.array_kji))
    for name, head, named in (("a", t1, labels), ("b", brain, labels), ("c", t1, unnamed)):
        for volume, ending in ((head, "T1w"), (named, "dlmuse")):
            sitk.WriteImage(to_itk(volume), str(folder / f"{name}_{ending}.nii.gz"))
    return rule_distances(find_scans(folder), EvaluationOptions(), SilentProgress())


def test_a_whole_head_has_three_distances_that_fit_each_other(distances):
    measured = distances[0]
    assert not measured.missing
    assert 5 < measured.axial_mm < measured.straight_mm < 60
    assert 0 < measured.along_scalp_mm < 80


def test_a_head_without_a_scalp_has_a_reason_instead(distances):
    missing = distances[1]
    assert np.isnan([missing.straight_mm, missing.axial_mm, missing.along_scalp_mm]).all()
    assert "scalp" in missing.missing


def test_who_has_no_label_of_the_region_has_a_reason_too(distances):
    assert "c_dlmuse.nii.gz: says nothing of the left region" in distances[2].missing
