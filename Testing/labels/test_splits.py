"""Persons are recognised in file names, no split puts one on both sides, and labels say where the region is."""

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.labels.label import RegionLabel
from DLPFCSegmenterLib.labels.splits import (
    MASK_VALUES,
    LabelledScan,
    Split,
    find_scans,
    find_split,
    mask_ending,
    read_region,
    split_by_fraction,
    split_by_subjects,
    subject_id,
)


def scan(name: str) -> LabelledScan:
    t1 = Path(f"{name}_T1w.nii.gz")
    return LabelledScan(t1, Path(f"{name}_dlmuse.nii.gz"), subject_id(t1))


def files(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}_T1w.nii.gz").touch()
        (folder / f"{name}_dlmuse.nii.gz").touch()
    return folder


@pytest.mark.parametrize(
    "name, subject",
    [
        ("IXI012-HH-1211_T1w.nii.gz", "IXI012-HH-1211"),
        ("sub-01_T1w.nii.gz", "sub-01"),
        ("sub-01_ses-1_T1w.nii.gz", "sub-01"),
        ("sub-01_ses-2_run-3_T1w.nii", "sub-01"),
        ("P7_ses-1_T1w.nii.gz", "P7"),
        ("P7_run-2_acq-mprage_T1w.nii.gz", "P7"),
        ("scan_b.nii.gz", "scan_b"),
        ("scan_b.nrrd", "scan_b"),
    ],
)
def test_the_person_is_read_from_the_file_name(name, subject):
    assert subject_id(Path("folder.nii") / name) == subject


def test_scans_are_found_with_their_parcellations(tmp_path):
    files(tmp_path, "b", "a_ses-1", "a_ses-2")
    scans = find_scans(tmp_path)
    assert [s.name for s in scans] == ["a_ses-1", "a_ses-2", "b"]
    assert [s.subject for s in scans] == ["a", "a", "b"]
    assert scans[0].parcellation == tmp_path / "a_ses-1_dlmuse.nii.gz"


def test_masks_that_a_person_drew_stand_above_a_parcellation(tmp_path):
    files(tmp_path, "a", "b")
    (tmp_path / "a_dlpfc.nii.gz").touch()
    a, b = find_scans(tmp_path)
    assert a.parcellation.name == "a_dlpfc.nii.gz" and a.is_drawn
    assert b.parcellation.name == "b_dlmuse.nii.gz" and not b.is_drawn


@pytest.mark.parametrize(
    "region, ending",
    [
        ("dlpfc", "_dlpfc.nii.gz"),
        ("DLPFC", "_dlpfc.nii.gz"),
        ("", "_dlpfc.nii.gz"),
        ("insula", "_insula_mask.nii.gz"),
        ("Inferior parietal / IPL", "_inferior-parietal-ipl_mask.nii.gz"),
        ("T1w", "_t1w_mask.nii.gz"),
        ("dlmuse", "_dlmuse_mask.nii.gz"),
        ("前頭", "_前頭_mask.nii.gz"),
    ],
)
def test_masks_are_called_after_their_region_and_found_by_it_alone(tmp_path, region, ending):
    assert mask_ending(region) == ending
    files(tmp_path, "a", "b")
    for each in (ending, "_amygdala_mask.nii.gz"):
        (tmp_path / f"a{each}").touch()
    drawn, other = find_scans(tmp_path, region)
    assert drawn.parcellation.name == f"a{ending}" and drawn.is_drawn and drawn.subject == "a"
    assert not other.is_drawn and not find_scans(tmp_path, "cuneus")[0].is_drawn


def test_a_mask_of_another_region_is_no_label(tmp_path):
    for name in ("a_T1w.nii.gz", "a_dlpfc.nii.gz"):
        (tmp_path / name).touch()
    with pytest.raises(UserError, match=r"a_T1w\.nii\.gz: has no .* no mask of insula; .* a_insula_mask\.nii\.gz, or"):
        find_scans(tmp_path, "insula")


def test_a_scan_without_its_parcellation_is_refused_by_name(tmp_path):
    (tmp_path / "a_T1w.nii.gz").touch()
    with pytest.raises(UserError, match=r"a_T1w\.nii\.gz: has no parcellation.*a_dlmuse\.nii\.gz"):
        find_scans(tmp_path)


def test_a_folder_without_scans_is_refused_by_name(tmp_path):
    with pytest.raises(UserError, match="holds no"):
        find_scans(tmp_path)


def test_subfolders_are_the_split_where_they_are_there(tmp_path):
    files(tmp_path / "train", "a", "b")
    files(tmp_path / "val", "c")
    split = find_split(tmp_path)
    assert [s.subject for s in split.train] == ["a", "b"] and [s.subject for s in split.val] == ["c"]


def test_one_person_alone_is_learnt_from_and_nobody_judged_by(tmp_path):
    files(tmp_path, "sub-01_ses-1", "sub-01_ses-2")
    split = find_split(tmp_path)
    assert len(split.train) == 2 and split.val == ()


def test_subfolders_that_share_a_person_are_refused(tmp_path):
    files(tmp_path / "train", "sub-01_ses-1", "sub-02_ses-1")
    files(tmp_path / "val", "sub-01_ses-2")
    with pytest.raises(UserError, match="same person for training and validation: sub-01;"):
        find_split(tmp_path)


def test_a_folder_without_subfolders_is_split_by_the_seed(tmp_path):
    files(tmp_path, *(f"p{n}" for n in range(20)))
    first, again, other = (find_split(tmp_path, 0.2, seed) for seed in (1, 1, 2))
    assert first == again and first != other
    assert len(first.val) == 4 and len(first.train) == 16


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 3)), min_size=2, unique=True),
    st.floats(0.05, 0.95),
    st.integers(0, 99),
)
def test_no_fraction_and_no_seed_split_a_person(sessions, fraction, seed):
    scans = [scan(f"sub-{person}_ses-{session}") for person, session in sessions]
    if len({s.subject for s in scans}) < 2:
        with pytest.raises(UserError, match="two people"):
            split_by_fraction(scans, fraction, seed)
        return
    split = split_by_fraction(scans, fraction, seed)
    assert split.train and split.val
    assert not {s.subject for s in split.train} & {s.subject for s in split.val}
    assert sorted(split.train + split.val, key=scans.index) == scans
    shuffled = split_by_fraction(scans[::-1], fraction, seed)
    assert {s.subject for s in shuffled.val} == {s.subject for s in split.val}


def test_a_split_that_names_one_person_twice_cannot_be_made():
    with pytest.raises(UserError, match="sub-01"):
        Split((scan("sub-01_ses-1"),), (scan("sub-01_ses-2"),))


def test_named_people_go_to_validation_and_unknown_names_are_refused():
    scans = [scan(name) for name in ("a_ses-1", "a_ses-2", "b")]
    assert split_by_subjects(scans, ["a"]).val == tuple(scans[:2])
    with pytest.raises(UserError, match="No scan shows z"):
        split_by_subjects(scans, ["a", "z"])


@pytest.mark.parametrize("fraction", [0, 1, -0.5, float("nan")])
def test_a_fraction_that_leaves_a_side_empty_is_refused(fraction):
    with pytest.raises(UserError, match="validation fraction"):
        split_by_fraction([scan("a"), scan("b")], fraction, 0)


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


def test_a_side_that_a_parcellation_lacks_is_not_known_and_without_both_it_is_refused(tmp_path):
    labelled = read_region(scan_with(tmp_path, "dlmuse", LABELS), RegionLabel("bar", (1,), (9,), 0.0))
    assert list(labelled.sides) == ["left"]
    with pytest.raises(UserError, match=r"p_dlmuse\.nii\.gz: no voxels with label 8"):
        read_region(scan_with(tmp_path, "dlmuse", LABELS), RegionLabel("bar", (8,), (9,), 0.0))


def test_a_region_without_numbers_is_read_from_drawn_masks_alone(tmp_path):
    insula = RegionLabel("insula", (), ())
    with pytest.raises(UserError, match=r"'insula' has no parcellation number, which .*p_dlmuse\.nii\.gz needs"):
        read_region(scan_with(tmp_path, "dlmuse", LABELS), insula)
    assert list(read_region(scan_with(tmp_path, "dlpfc", LABELS), insula).sides) == ["left", "right"]


def test_an_empty_drawing_is_refused_by_name(tmp_path):
    with pytest.raises(UserError, match=r"p_dlpfc\.nii\.gz: no voxel is 1 \(left\) or 2 \(right\)"):
        read_region(scan_with(tmp_path, "dlpfc", np.zeros_like(LABELS)), RegionLabel())
