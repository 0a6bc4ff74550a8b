"""Which scans of a BIDS tree are T1s of people, and which of them are wanted."""

import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.scan.bids import (
    BidsChoice,
    entities,
    filters_of,
    is_bids,
    people_without_t1,
    stem_of,
    t1s_in,
)

T1S = (
    "sub-01/ses-01/anat/sub-01_ses-01_acq-mprage_run-01_T1w.nii.gz",
    "sub-01/ses-01/anat/sub-01_ses-01_acq-mprage_run-02_T1w.nii.gz",
    "sub-01/ses-02/anat/sub-01_ses-02_T1w.nii",
    "sub-1/anat/sub-1_T1w.nii.gz",
)
OTHERS = (
    "sub-01/ses-01/anat/sub-01_ses-01_T2w.nii.gz",
    "sub-01/ses-01/anat/sub-01_ses-01_T1w.json",
    "sub-01/ses-01/anat/._sub-01_ses-01_T1w.nii.gz",
    "sub-02/anat/sub-02_T1w.json",
    "sub-04/dwi/sub-04_dwi.nii.gz",
    "sub-01/ses-01/anat/sub-01_ses-01_part-phase_T1w.nii.gz",
    "sub-01/ses-01/anat/sub-01_ses-01_space-MNI152NLin2009cAsym_T1w.nii.gz",
    "sub-01/ses-01/func/sub-01_ses-01_task-rest_bold.nii.gz",
    "sub-01/ses-01/fmap/sub-01_ses-01_T1w.nii.gz",
    "derivatives/fmriprep/sub-01/anat/sub-01_T1w.nii.gz",
    "sourcedata/sub-01/anat/sub-01_T1w.nii.gz",
    "code/sub-09_T1w.nii.gz",
)


@pytest.fixture
def tree(tmp_path):
    for name in (*T1S, *OTHERS, "dataset_description.json"):
        touch(tmp_path / name)
    return tmp_path


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")


def found(tree, **choice):
    return [path.relative_to(tree).as_posix() for path in t1s_in(tree, BidsChoice(**choice))]


def test_t1s_of_people_alone_are_found(tree):
    assert found(tree) == list(T1S)


@pytest.mark.parametrize("label", ("1", "sub-1"))
def test_a_participant_is_its_label_and_01_is_another_one_than_1(label, tree):
    assert found(tree, participants=(label,)) == [T1S[3]]


def test_sessions_and_filters_leave_out_the_rest(tree):
    assert found(tree, sessions=("ses-01",)) == list(T1S[:2])
    assert found(tree, filters=filters_of(["run=1"])) == [T1S[0]]
    assert found(tree, filters=filters_of(["acquisition=mprage", "run=2,3"])) == [T1S[1]]
    assert found(tree, filters=filters_of(["run=none"])) == list(T1S[2:])
    assert found(tree, participants=("01",), filters=filters_of(["session=02"])) == [T1S[2]]


def test_a_participant_or_session_that_is_not_there_is_named(tree):
    with pytest.raises(UserError, match="no T1w scan of sub-02, sub-07;"):
        found(tree, participants=("01", "07", "02"))
    with pytest.raises(UserError, match="no T1w scan of ses-09;"):
        found(tree, sessions=("09",))
    with pytest.raises(UserError, match="no T1w scan that was asked for"):
        found(tree, filters={"acq": ("space",)})
    with pytest.raises(UserError, match="no T1w scan that was asked for"):
        found(tree, participants=("1",), filters={"sub": ("01",)})


@pytest.mark.parametrize("word", ("aqc=none", "suffix=T1w", "extension=.nii.gz", "Run=1"))
def test_a_part_that_no_name_has_is_told_and_not_taken_as_absent(word, tree):
    with pytest.raises(
        UserError, match=f"no T1w scan's name has a part {word.partition('=')[0]} .* acq, run, ses, sub"
    ):
        found(tree, filters=filters_of([word]))
    assert found(tree, filters=filters_of(["rec=none", "desc=none"])) == list(T1S)


def test_values_of_a_filter_that_is_given_twice_add_up(tree):
    assert found(tree, filters=filters_of(["run=1", "run=2,7"])) == list(T1S[:2])


def test_people_without_a_t1_are_named(tree):
    assert people_without_t1(tree) == ["sub-02", "sub-04"]


@pytest.mark.parametrize("ending", (".NII.GZ", ".Nii", ".nii.GZ"))
def test_endings_in_capitals_are_scans_too(ending, tree):
    touch(tree / f"sub-09/anat/sub-09_T1w{ending}")
    assert found(tree, participants=("09",)) == [f"sub-09/anat/sub-09_T1w{ending}"]


@pytest.mark.parametrize("word", ("run", "=1", "run=", ""))
def test_a_filter_of_another_form_is_told(word):
    with pytest.raises(UserError, match="give a part of the name and its values"):
        filters_of([word])


@pytest.mark.parametrize(
    "name", ("sub-02/anat/sub-03_T1w.nii.gz", "sub-02/ses-1/anat/sub-02_T1w.nii", "sub-02/anat/sub-02_ses-1_T1w.nii")
)
def test_a_scan_named_otherwise_than_its_folders_is_nobodys(name, tree):
    touch(tree / name)
    with pytest.raises(UserError, match="but is named sub-0"):
        found(tree)
    assert found(tree, participants=("1",)) == [T1S[3]]


@pytest.mark.parametrize("name", ("sub-1_T1w.nii", "sub-1_T1w.NII.GZ", "sub-1_space-orig_T1w.nii.gz"))
def test_two_files_whose_derivatives_would_have_one_name_are_told(name, tree):
    touch(tree / "sub-1" / "anat" / name)
    with pytest.raises(UserError, match="has the same name"):
        found(tree)
    assert found(tree, filters={"space": ("none",), "ses": ("01",)}) == list(T1S[:2])


def test_a_tree_is_known_by_what_it_says_or_by_its_scans(tree, tmp_path):
    assert is_bids(tree)
    (tree / "dataset_description.json").unlink()
    assert is_bids(tree)
    touch(tmp_path / "plain" / "sub-01" / "anat" / "T1w.nii.gz")
    assert not is_bids(tmp_path / "plain")
    assert not is_bids(tree / "sub-01")


def test_the_parts_of_a_name(tree):
    path = tree / T1S[0]
    assert entities(path) == {"sub": "01", "ses": "01", "acq": "mprage", "run": "01"}
    assert stem_of(path) == "sub-01_ses-01_acq-mprage_run-01"
