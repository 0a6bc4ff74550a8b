"""What is read of a run of fMRI, and what is refused."""

import json

import nibabel as nib
import numpy as np
import pytest

from DLPFCSegmenterLib.circuit.bold import BoldSpace, read_run, runs_beside
from DLPFCSegmenterLib.circuit.circuit import fmri_files, run_paths
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.options import CircuitChoices
from DLPFCSegmenterLib.scan.bids import require_same_person

NAME = "sub-01_task-rest_space-T1w_desc-preproc_bold"
TABLE = "sub-01_task-rest_desc-confounds_timeseries.tsv"
MOTION = ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z"]
VOLUMES = 30


def write_bold(folder, name=NAME, shape=(12, 14, 10, VOLUMES), tr=2.0, unit="sec", values=None):
    """A run of noise; returns its path."""
    made = np.random.default_rng(0).normal(1000, 10, shape).astype(np.float32) if values is None else values
    image = nib.Nifti1Image(made, np.diag([10.0, 10, 10, 1]))
    image.header.set_xyzt_units("mm", unit)
    if len(shape) == 4:
        image.header["pixdim"][4] = tr
    path = folder / f"{name}.nii.gz"
    nib.save(image, path)
    return path


def write_table(folder, name=TABLE, rows=VOLUMES, columns=None, values=None):
    columns = columns or [*MOTION, "a_comp_cor_00", "csf", "non_steady_state_outlier00"]
    numbers = np.zeros((rows, len(columns))) if values is None else values
    lines = ["\t".join(map(str, row)) for row in numbers]
    path = folder / name
    path.write_text("\n".join(["\t".join(columns), *lines]) + "\n")
    return path


@pytest.mark.parametrize(("tr", "unit"), [(2.0, "sec"), (2000.0, "msec"), (2e6, "usec"), (2.0, "unknown")])
def test_the_tr_is_seconds_whatever_unit_the_header_has(tmp_path, tr, unit):
    write_table(tmp_path)
    run = read_run(write_bold(tmp_path, tr=tr, unit=unit))
    assert (run.tr_s, run.count, run.space) == (2.0, VOLUMES, BoldSpace.T1)


@pytest.mark.parametrize(
    ("tr", "unit", "sidecar", "words"),
    [
        (2000.0, "sec", None, "TR of 2000 s"),
        (0.0, "sec", None, "TR of 0 s"),
        (2.0, "msec", None, "TR of 0.002 s"),
        (1.0, "sec", 2.0, "TR of 1 s and its JSON file 2 s"),
        (2.0, "sec", 2000, "TR of 2 s and its JSON file 2000 s"),
        (1.0, "sec", "2.0", "TR of 1 s and its JSON file 2 s"),
        (2.0, "sec", "2 s", "RepetitionTime in its JSON file is 2 s, no number"),
        (2.0, "sec", [2.0, 2.0], "no number"),
        (2.0, "sec", float("nan"), "TR of nan s"),
        (2.0, "hz", None, "fourth axis is not time"),
    ],
)
def test_a_tr_that_cannot_be_is_refused(tmp_path, tr, unit, sidecar, words):
    path = write_bold(tmp_path, tr=tr, unit=unit)
    write_table(tmp_path)
    if sidecar:
        (tmp_path / f"{NAME}.json").write_text(json.dumps({"RepetitionTime": sidecar}))
    with pytest.raises(UserError, match=words):
        read_run(path)


def test_a_tr_that_the_header_lacks_is_taken_from_the_sidecar(tmp_path):
    write_table(tmp_path)
    (tmp_path / f"{NAME}.json").write_text('{"RepetitionTime": 0.8}')
    assert read_run(write_bold(tmp_path, tr=0.0)).tr_s == 0.8


@pytest.mark.parametrize("shape", [(12, 14, 10), (12, 14, 10, 1), (12, 14, 10, 9)])
def test_a_file_without_a_run_in_it_is_refused(tmp_path, shape):
    with pytest.raises(UserError, match="not a run of resting-state fMRI"):
        read_run(write_bold(tmp_path, shape=shape))


@pytest.mark.parametrize(
    ("name", "space"),
    [
        ("sub-01_task-rest_bold", BoldSpace.RAW),
        ("sub-01_task-rest_space-MNI152NLin2009cAsym_res-2_desc-preproc_bold", BoldSpace.MNI),
        ("sub-01_task-rest_space-MNI152NLin6Asym_desc-preproc_bold", BoldSpace.MNI),
        ("rest", BoldSpace.RAW),
    ],
)
def test_the_name_tells_where_a_run_lies_and_its_table_is_found_beside_it(tmp_path, name, space):
    write_table(tmp_path)
    run = read_run(write_bold(tmp_path, name=name))
    assert run.space is space
    assert (run.confounds is None) == (name == "rest")


def test_a_space_that_is_neither_is_refused_and_one_that_is_given_is_taken(tmp_path):
    write_table(tmp_path)
    path = write_bold(tmp_path, name="sub-01_task-rest_space-fsnative_bold")
    with pytest.raises(UserError, match="space-fsnative"):
        read_run(path)
    assert read_run(path, "t1").space is BoldSpace.T1


def test_a_preprocessed_run_without_its_table_is_refused(tmp_path):
    with pytest.raises(UserError, match="no table of confounds"):
        read_run(write_bold(tmp_path))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"rows": VOLUMES - 1}, "29 rows, but .* 30 volumes"),
        ({"rows": VOLUMES + 4}, "34 rows"),
        ({"columns": ["csf"]}, "no column trans_x"),
        ({"columns": MOTION, "values": np.full((VOLUMES, 6), np.nan)}, "trans_x holds NaN"),
        ({"columns": MOTION, "values": np.full((VOLUMES, 6), "n/a")}, "no number"),
        ({"name": "sub-02_task-rest_desc-confounds_timeseries.tsv"}, "sub-02, but .* sub-01"),
    ],
)
def test_a_table_that_is_not_this_runs_is_refused(tmp_path, table, words):
    with pytest.raises(UserError, match=words):
        read_run(write_bold(tmp_path), confounds=write_table(tmp_path, **table))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text[:-12], "row 30 has 7 columns instead of 9"),
        (lambda text: text.replace("\n0.0\t", "\n", 1), "row 1 has 8 columns instead of 9"),
        (lambda text: text.rstrip("\n") + "\t0\n", "row 30 has 10 columns instead of 9"),
        (lambda text: "", "is no table of confounds; give"),
        (lambda text: "\n\n", "is no table of confounds; give"),
        (lambda text: text.encode("utf-16"), "is no table of confounds; give"),
        (lambda text: text.replace("\t", ","), "has no column trans_x"),
        (lambda text: text.splitlines()[0], "0 rows, but"),
    ],
)
def test_a_table_that_is_damaged_is_refused_and_says_where(change, words, tmp_path):
    table = write_table(tmp_path)
    damaged = change(table.read_text())
    table.write_bytes(damaged if isinstance(damaged, bytes) else damaged.encode())
    with pytest.raises(UserError, match=words) as told:
        read_run(write_bold(tmp_path), confounds=table)
    assert "\n" not in str(told.value)


def test_an_empty_line_at_the_end_of_a_table_is_none_of_its_rows(tmp_path):
    table = write_table(tmp_path)
    table.write_text(table.read_text() + "\n")
    assert len(read_run(write_bold(tmp_path), confounds=table).confounds.motion) == VOLUMES


@pytest.mark.parametrize(
    ("run", "table", "words"),
    [
        ("task-rest_run-1", "task-rest_run-2", "is of run-2, but .* of run-1; give each run its own table"),
        ("ses-a_task-rest", "ses-b_task-rest", "is of ses-b"),
        ("task-rest_dir-AP", "task-rest_dir-PA", "is of dir-PA"),
        ("task-rest_run-1", "task-rest_run-01", ""),
        ("task-rest", "ses-1_task-rest_run-2", ""),
    ],
)
def test_a_table_of_another_run_of_the_person_is_refused_by_its_name(run, table, words, tmp_path):
    """Two tables in the other order have as many rows as their runs, and clean nothing."""
    bold = write_bold(tmp_path, name=f"sub-01_{run}_space-T1w_desc-preproc_bold")
    confounds = write_table(tmp_path, f"sub-01_{table}_desc-confounds_timeseries.tsv")
    if not words:
        assert read_run(bold, confounds=confounds).confounds is not None
        return
    with pytest.raises(UserError, match=words):
        read_run(bold, confounds=confounds)


def test_motion_is_told_as_framewise_displacement_and_as_24_confounds(tmp_path):
    moved = np.zeros((VOLUMES, 6))
    moved[10:, 0], moved[20:, 5] = 0.3, 0.01
    run = read_run(write_bold(tmp_path), confounds=write_table(tmp_path, columns=MOTION, values=moved))
    told = run.confounds.framewise_mm
    assert told[10] == pytest.approx(0.3) and told[20] == pytest.approx(0.5) and told.sum() == pytest.approx(0.8)
    assert run.confounds.series.shape == (VOLUMES, 24)


def test_nan_in_one_volume_is_refused_and_nan_around_the_head_in_all_is_none(tmp_path):
    values = np.full((12, 14, 10, VOLUMES), 1000, np.float32)
    values[6:], values[:2] = 500, np.nan
    write_table(tmp_path)
    volumes = list(read_run(write_bold(tmp_path, values=values)).volumes())
    assert len(volumes) == VOLUMES and all(np.isfinite(each).all() for each in volumes)
    values[6, 6, 6, 17] = np.nan
    with pytest.raises(UserError, match="volume 17 has NaN or infinite values elsewhere than the first"):
        list(read_run(write_bold(tmp_path, values=values)).volumes())


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 0.0, 7.0])
def test_a_run_whose_first_volume_shows_nothing_is_refused(wrong, tmp_path):
    values = np.full((12, 14, 10, VOLUMES), 1000, np.float32)
    values[..., 0] = wrong
    write_table(tmp_path)
    with pytest.raises(UserError, match="first volume shows nothing"):
        read_run(write_bold(tmp_path, values=values))


def test_the_volumes_are_those_of_the_file_in_its_order(tmp_path):
    values = np.random.default_rng(1).normal(1000, 10, (12, 14, 10, VOLUMES)).astype(np.float32)
    write_table(tmp_path)
    for index, volume in enumerate(read_run(write_bold(tmp_path, values=values)).volumes()):
        np.testing.assert_allclose(volume, values[..., index].T, rtol=1e-6)


def test_runs_are_found_beside_a_t1_in_its_own_space_first(tmp_path):
    t1 = tmp_path / "sub-01" / "anat" / "sub-01_desc-preproc_T1w.nii.gz"
    func = tmp_path / "sub-01" / "ses-2" / "func"
    func.mkdir(parents=True)
    with pytest.raises(UserError, match="no preprocessed run"):
        runs_beside(t1)
    for name in ("task-rest_space-MNI152NLin6Asym_desc-preproc", "task-nback_space-T1w_desc-preproc"):
        (func / f"sub-01_ses-2_{name}_bold.nii.gz").touch()
    assert [run.name.split("_")[3] for run in runs_beside(t1)] == ["space-MNI152NLin6Asym"]
    (func / "sub-01_ses-2_task-rest_run-1_space-T1w_desc-preproc_bold.nii.gz").touch()
    assert [run.name.split("_")[4] for run in runs_beside(t1)] == ["space-T1w"]


def test_of_one_scan_that_lies_there_smoothed_and_in_two_spaces_one_run_is_taken(tmp_path):
    """Its minutes would count twice, and a person with six of them be told as having twelve."""
    func = tmp_path / "sub-01" / "func"
    func.mkdir(parents=True)
    for run in ("run-1", "run-2"):
        for rest in (
            "space-MNI152NLin2009cAsym_desc-preproc", "space-MNI152NLin6Asym_desc-preproc",
            "space-MNI152NLin6Asym_res-2_desc-preproc", "space-MNI152NLin6Asym_desc-smoothAROMAnonaggr",
        ):  # fmt: skip
            (func / f"sub-01_task-rest_{run}_{rest}_bold.nii.gz").touch()
        (func / f"sub-01_task-rest_{run}_space-MNI152NLin6Asym_boldref.nii.gz").touch()
        (func / f"sub-01_task-rest_{run}_desc-confounds_timeseries.tsv").touch()
    t1 = tmp_path / "sub-01" / "anat" / "sub-01_desc-preproc_T1w.nii.gz"
    found = runs_beside(t1)
    assert [run.name.partition("_space")[0] for run in found] == ["sub-01_task-rest_run-1", "sub-01_task-rest_run-2"]
    assert all("desc-preproc" in run.name for run in found)
    tables = [path.name for path in fmri_files(t1, CircuitChoices()) if path.suffix == ".tsv"]
    assert tables == [f"sub-01_task-rest_run-{number}_desc-confounds_timeseries.tsv" for number in (1, 2)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"{NAME}.nii.gz", f"{NAME}.nii.gz"), (f"{NAME}.nii.gz", f"{NAME.replace('T1w', 'MNI152NLin6Asym')}.nii.gz"),
        ("rest.nii.gz", "../func/rest.nii.gz"),
    ],
)  # fmt: skip
def test_a_run_that_is_given_twice_is_refused(first, second, tmp_path):
    (tmp_path / "func").mkdir()
    paths = tuple(tmp_path / "func" / name for name in (first, second))
    for path in paths:
        path.touch()
    with pytest.raises(UserError, match="is the same run as .*; give each run once"):
        run_paths(tmp_path / "sub-01_T1w.nii.gz", CircuitChoices(paths))


@pytest.mark.parametrize(("columns", "count"), [(["csf", "white_matter"], 2), ([], 0)])
def test_a_table_without_acompcor_is_known_as_one(columns, count, tmp_path):
    path = write_bold(tmp_path)
    write_table(tmp_path, columns=[*MOTION, *columns])
    confounds = read_run(path).confounds
    assert not confounds.has_compcor and confounds.tissue.shape[1] == count
    write_table(tmp_path)
    assert read_run(path).confounds.has_compcor


@pytest.mark.parametrize(
    ("space", "transform", "words"),
    [
        ("MNI152NLin6Asym", "sub-02_from-MNI152NLin6Asym_to-T1w_mode-image_xfm.h5", "is of sub-02, but"),
        ("MNI152NLin6Asym", "from-MNI152NLin2009cAsym_to-T1w_xfm.h5", "lies in MNI152NLin6Asym; give the transform"),
        ("MNI152NLin6Asym", "from-MNI152NLin6Asym_to-T1w_xfm.h5", ""),
        ("T1w", "from-MNI152NLin2009cAsym_to-T1w_xfm.h5", ""),
        ("MNI152NLin6Asym", "0GenericAffine.mat", ""),
    ],
)
def test_a_transform_of_another_person_or_from_another_mni_space_is_refused_by_its_name(
    space, transform, words, tmp_path
):
    paths = (tmp_path / f"sub-01_task-rest_space-{space}_bold.nii.gz", tmp_path / transform)
    for path in paths:
        path.touch()
    choices = CircuitChoices(paths[:1], mni_transform=paths[1])
    if not words:
        assert run_paths(tmp_path / "sub-01_T1w.nii.gz", choices) == paths[:1]
        return
    with pytest.raises(UserError, match=words):
        run_paths(tmp_path / "sub-01_T1w.nii.gz", choices)


def test_names_of_two_people_are_refused_and_names_that_say_nothing_are_not(tmp_path):
    with pytest.raises(UserError, match="is of sub-2, but sub-1_T1w.nii of sub-1"):
        require_same_person(tmp_path / "sub-2_bold.nii", tmp_path / "sub-1_T1w.nii")
    require_same_person(tmp_path / "rest.nii", tmp_path / "sub-1_T1w.nii")
