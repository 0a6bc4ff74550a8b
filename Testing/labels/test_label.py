"""The label is the one that shared/data/README.md defines, whatever the grid's axes."""

import json
from pathlib import Path

import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.labels.label import (
    DLMUSE_LEFT_GYRUS,
    DLMUSE_RIGHT_GYRUS,
    LABEL_DEFINITION,
    RegionLabel,
    axis_position,
    gyrus_mask,
    label_name,
    region_mask,
)
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm
from synthetic_head import every_axis_order

VAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "ixi" / "val"


def oblique_gyrus(label=143, side=-1.0) -> Volume:
    """A 60 x 12 x 12 mm bar that runs forward and towards the midline, in a 2 mm RAS grid."""
    k, j, i = np.indices((40, 60, 50))
    x, y, z = 2.0 * i - 50, 2.0 * j - 20, 2.0 * k
    forward = np.array([-side * 0.3, 0.9, 0.1])
    forward /= np.linalg.norm(forward)
    offset = np.stack([x - side * 25, y - 40, z - 40], axis=-1)
    along = offset @ forward
    across = np.linalg.norm(offset - along[..., None] * forward, axis=-1)
    array = np.where((np.abs(along) <= 30) & (across <= 8), label, 1).astype(np.uint8)
    matrix = np.diag([2.0, 2.0, 2.0, 1.0])
    matrix[:3, 3] = (-50, -20, 0)
    return Volume(array, matrix, Origin("bar"))


def test_the_posterior_third_of_the_gyrus_is_left_out():
    bar = oblique_gyrus()
    gyrus, mask = gyrus_mask(bar, 143), region_mask(bar, 143)
    assert not np.any(mask & ~gyrus)
    assert np.count_nonzero(mask) / np.count_nonzero(gyrus) == pytest.approx(2 / 3, abs=0.02)
    removed = voxel_points_ras_mm(bar, gyrus & ~mask)
    assert removed[:, 1].mean() < voxel_points_ras_mm(bar, mask)[:, 1].mean() - 20


def test_positions_are_zero_and_one_at_the_outer_percentiles():
    points = np.array([[0.1 * (n % 3), float(n), 0.0] for n in range(1001)])
    position = axis_position(points)
    assert position[5] == pytest.approx(0, abs=1e-3)
    assert position[995] == pytest.approx(1, abs=1e-3)
    assert position[500] == pytest.approx(0.5, abs=1e-3)


def test_axis_order_and_flips_do_not_change_the_marked_tissue():
    bar = oblique_gyrus()
    expected = voxel_points_ras_mm(bar, region_mask(bar, 143))
    for stored in every_axis_order(bar):
        found = voxel_points_ras_mm(stored, region_mask(stored, 143))
        assert np.array_equal(expected[np.lexsort(expected.T)], found[np.lexsort(found.T)])


def test_the_right_gyrus_in_a_mirrored_world_is_cut_as_the_left_one():
    right = oblique_gyrus(label=142, side=1.0)
    assert np.array_equal(region_mask(right, 142), region_mask(right.mirrored(), 142))


def test_another_region_is_whole_or_cut_where_it_says():
    bar = oblique_gyrus()
    gyrus = gyrus_mask(bar, 143)
    whole, half = (RegionLabel("bar", left=(143,), right=(), posterior_cut=cut) for cut in (0.0, 0.5))
    assert np.array_equal(whole.mask(bar, "left"), gyrus)
    assert np.count_nonzero(half.mask(bar, "left")) / np.count_nonzero(gyrus) == pytest.approx(0.5, abs=0.02)


def test_the_definition_says_what_was_learnt_and_survives_a_file():
    assert RegionLabel().definition == LABEL_DEFINITION
    whole = RegionLabel("insula", (103, 173), (102, 172), 0.0)
    assert whole.definition == "insula: parcellation labels 103, 173 left; 102, 172 right, whole."
    cut = RegionLabel("front", (9,), (), 0.25)
    assert "labels 9 left, without the posterior 0.25 of the length" in cut.definition
    for region in (RegionLabel(), whole, cut):
        assert RegionLabel.from_dict(json.loads(json.dumps(region.to_dict()))) == region


def test_datasets_of_before_the_cut_was_named_are_the_dlpfc():
    assert RegionLabel.from_dict({"name": "dlpfc", "left": [143], "right": [142]}) == RegionLabel()
    assert RegionLabel.from_dict({}) == RegionLabel()


def test_a_region_that_cannot_be_is_refused():
    with pytest.raises(UserError, match="posterior cut is 1"):
        RegionLabel(posterior_cut=1.0)


def test_several_ids_can_make_one_gyrus():
    bar = oblique_gyrus()
    split = bar.array_kji.copy()
    split[:20][split[:20] == 143] = 7
    assert np.array_equal(region_mask(bar.with_array(split), (143, 7)), region_mask(bar, 143))


def test_a_parcellation_without_the_label_is_refused_by_name():
    with pytest.raises(UserError, match="bar: no voxels with label 142"):
        region_mask(oblique_gyrus(), 142)


@pytest.mark.skipif(not VAL.is_dir(), reason="the IXI scans are not on this machine")
def test_real_labels_keep_their_measured_size_and_side():
    nibabel = pytest.importorskip("nibabel")
    gyrus_ml, dlpfc_ml = [], []
    for path in sorted(VAL.glob("*_dlmuse.nii.gz")):
        image = nibabel.load(path)
        volume = Volume(np.asarray(image.dataobj).T, image.affine, Origin(path.name))
        left, right = (voxel_points_ras_mm(volume, region_mask(volume, label))[:, 0].mean() for label in (143, 142))
        assert 45 < right - left < 90
        dlpfc_ml.append(np.count_nonzero(region_mask(volume, 143)) * volume.voxel_ml)
        gyrus_ml.append(np.count_nonzero(gyrus_mask(volume, 143)) * volume.voxel_ml)
    assert np.median(gyrus_ml) == pytest.approx(18.6, abs=0.1)
    assert np.median(dlpfc_ml) == pytest.approx(12.8, abs=0.1)


def test_gyri_have_their_sides():
    assert label_name(DLMUSE_LEFT_GYRUS) == "left middle frontal gyrus (143)"
    assert label_name(DLMUSE_RIGHT_GYRUS) == "right middle frontal gyrus (142)"
    assert label_name(191) == "left superior frontal gyrus (191)"


def test_what_is_no_gyrus_keeps_its_number():
    assert label_name(0) == "outside the brain"
    assert label_name(82) == "left frontal white matter (82)"
    assert label_name(47) == "label 47"


@pytest.mark.parametrize(
    "values", (5, [], {"left": 7}, {"left": ["x"]}, {"left": [1e400]}, {"posterior_cut": "deep"}, {"right": None})
)
def test_a_malformed_description_of_a_region_is_refused(values):
    with pytest.raises(UserError):
        RegionLabel.from_dict(values)
