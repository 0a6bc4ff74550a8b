import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.correction import Correction, write_correction
from DLPFCSegmenterLib.labels.label import RegionLabel
from DLPFCSegmenterLib.labels.splits import find_scans, read_region
from DLPFCSegmenterLib.scan.readers import read_volume
from full_disk import room_for
from hand_made_plans import make_plan

SIDES = ("left", "right")


def correction_of(plan, folder, sides=SIDES, **changes):
    masks = {side: plan.sides[side].region.mask_kji for side in sides}
    return Correction(masks, folder, "person", **changes)


@pytest.mark.parametrize("code", ("RAS", "LIA", "PSR", "oblique"))
def test_scan_and_masks_come_back_where_they_were(tmp_path, code):
    plan = make_plan(code, hemispheres=SIDES)
    t1, labels = write_correction(plan.volume, correction_of(plan, tmp_path))
    assert (t1.name, labels.name) == ("person_T1w.nii.gz", "person_dlpfc.nii.gz")
    scan, mask = read_volume(t1), read_volume(labels)
    np.testing.assert_array_equal(scan.array_kji, plan.volume.array_kji)
    np.testing.assert_allclose(scan.ijk_to_ras, plan.volume.ijk_to_ras, atol=1e-4)
    np.testing.assert_allclose(mask.ijk_to_ras, plan.volume.ijk_to_ras, atol=1e-4)
    for side, value in (("left", 1), ("right", 2)):
        np.testing.assert_array_equal(mask.array_kji == value, plan.sides[side].region.mask_kji)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted((labels.name, t1.name))


@pytest.mark.parametrize("sides", (SIDES, ("right",)))
def test_the_training_side_reads_what_was_saved(tmp_path, sides):
    plan = make_plan(hemispheres=SIDES)
    write_correction(plan.volume, correction_of(plan, tmp_path, sides))
    (scan,) = find_scans(tmp_path)
    drawn = read_region(scan, RegionLabel()).sides
    assert scan.subject == "person"
    assert set(drawn) == set(sides)
    for side in sides:
        np.testing.assert_array_equal(drawn[side], plan.sides[side].region.mask_kji)


def test_a_side_that_was_not_corrected_has_no_label(tmp_path):
    plan = make_plan(hemispheres=SIDES)
    _, labels = write_correction(plan.volume, correction_of(plan, tmp_path, ("right",)))
    assert set(np.unique(read_volume(labels).array_kji)) == {0, 2}


@pytest.mark.parametrize("name", ("sub-01_ses-2_T1w", "sub-01_ses-2_T1w.nii", "sub-01_ses-2"))
def test_no_name_says_twice_that_it_is_a_t1(tmp_path, name):
    files = Correction({"left": np.zeros(0)}, tmp_path, name).files
    assert [path.name for path in files] == ["sub-01_ses-2_T1w.nii.gz", "sub-01_ses-2_dlpfc.nii.gz"]


@pytest.mark.parametrize("regions", [{"left": "insula", "right": "insula"}, {"right": "insula"}])
def test_each_region_has_a_file_of_its_name(tmp_path, regions):
    plan = make_plan(hemispheres=SIDES)
    _, *masks = write_correction(plan.volume, correction_of(plan, tmp_path, regions=regions))
    of_dlpfc = {} if len(regions) == 2 else {"person_dlpfc.nii.gz": {0, 1}}
    held = {path.name: set(np.unique(read_volume(path).array_kji)) for path in masks}
    assert held == of_dlpfc | {"person_insula_mask.nii.gz": {0, 1, 2} - set(*of_dlpfc.values() or [()]) | {0}}
    (scan,) = find_scans(tmp_path, "insula")
    assert set(read_region(scan, RegionLabel("insula", (), ())).sides) == set(regions)


def test_what_is_there_is_replaced_only_when_that_is_wanted(tmp_path):
    plan = make_plan(hemispheres=SIDES)
    (tmp_path / "person_T1w.nii.gz").write_bytes(b"somebody's")
    with pytest.raises(UserError, match="holds person_T1w.nii.gz already; nothing was written"):
        write_correction(plan.volume, correction_of(plan, tmp_path))
    assert (tmp_path / "person_T1w.nii.gz").read_bytes() == b"somebody's"
    t1, _ = write_correction(plan.volume, correction_of(plan, tmp_path, replace=True))
    np.testing.assert_array_equal(read_volume(t1).array_kji, plan.volume.array_kji)


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path):
    plan = make_plan(hemispheres=SIDES)
    with room_for(1000), pytest.raises(UserError, match="cannot be written; make room there"):
        write_correction(plan.volume, correction_of(plan, tmp_path))
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told(tmp_path):
    plan = make_plan(hemispheres=SIDES)
    with pytest.raises(UserError, match="nowhere: cannot be written"):
        write_correction(plan.volume, correction_of(plan, tmp_path / "nowhere"))


def test_masks_on_each_other_s_side_are_saved_by_no_one(tmp_path):
    plan = make_plan(hemispheres=SIDES)
    right, left = (correction_of(plan, tmp_path).masks_kji[side] for side in SIDES)
    with pytest.raises(UserError, match="exchange them"):
        write_correction(plan.volume, Correction({"left": left, "right": right}, tmp_path, "person"))
    assert not list(tmp_path.iterdir())
