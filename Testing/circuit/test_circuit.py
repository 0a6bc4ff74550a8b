"""From made fMRI with a known place to a target, and the ways in which none is to be trusted."""

from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from DLPFCSegmenterLib.circuit.circuit import Asked, _Data, _reasons, find_circuit
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.geometry.spaces import MIRROR_X
from DLPFCSegmenterLib.options import CircuitChoices
from DLPFCSegmenterLib.scan.canonical import resample
from synthetic_bold import Recipe, make_bold, template_person

pytestmark = pytest.mark.slow

RECIPE = Recipe(minutes=12, tsnr=80, voxel_mm=4.0, seed=3)
SITES = {"left": {"centroid": np.array([-38.0, 40, 28]), "mni_f3": np.array([-37.0, 26, 49])}}


@pytest.fixture(scope="module")
def person():
    return template_person()


@pytest.fixture(scope="module")
def made(person, tmp_path_factory):
    return make_bold(person, RECIPE, tmp_path_factory.mktemp("bold"))


def found_in(person, *runs, **choices):
    asked = Asked(person.scan, {"left": person.mask_kji}, person.ras_from_mni, None, SITES)
    bold, tables = tuple(run.bold for run in runs), tuple(run.confounds for run in runs)
    circuit, sides = find_circuit(asked, CircuitChoices(**{"bold": bold, "confounds": tables, **choices}))
    return circuit, sides["left"]


def again(made, folder, name, change):
    """The same run with another header, affine or voxels, under a name of its own."""
    image = nib.load(made.bold)
    values, matrix = change(np.asanyarray(image.dataobj), image.affine)
    changed = nib.Nifti1Image(values, matrix)
    changed.header.set_xyzt_units("mm", "sec")
    changed.header["pixdim"][4] = RECIPE.tr_s
    nib.save(changed, folder / name)
    return replace(made, bold=folder / name)


@pytest.fixture(scope="module")
def found(person, made):
    return found_in(person, made)


def test_the_place_that_was_planted_is_found_and_trusted(found, made):
    circuit, side = found
    assert np.linalg.norm(side.targets[0].position_ras_mm - made.spot_ras_mm) < 8
    assert side.reliable and side.trust.radius_mm <= 8 and side.targets[0].z < -0.2
    assert side.sites_z.keys() == SITES["left"].keys()
    assert all(side.targets[0].z < z for z in side.sites_z.values())
    run = circuit.runs[0]
    assert 11 < circuit.minutes <= 12 and 0 < run.framewise_mm < 0.5 and run.tsnr_sgc < run.tsnr_mask
    assert circuit.z_map.values_at(side.targets[0].position_ras_mm) < -0.2


@pytest.mark.parametrize("lost, keys", [(0.05, []), (0.2, ["circuit_mask"])])
def test_a_place_in_a_mask_that_is_not_all_seen_is_not_reliable(lost, keys, found):
    circuit, side = found
    run = replace(circuit.runs[0], lost_mask=lost)
    data = _Data(np.zeros((1, 1)), np.zeros(1, bool), (run,))
    assert [each.key for each in _reasons("left", data, side.trust)] == keys


def test_a_table_without_acompcor_is_told(person, made, tmp_path):
    rows = [line.split("\t") for line in made.confounds.read_text().splitlines()]
    motion_alone = tmp_path / "motion.tsv"
    motion_alone.write_text("\n".join("\t".join(row[:6]) for row in rows) + "\n")
    circuit, _ = found_in(person, replace(made, confounds=motion_alone))
    assert any("has no aCompCor columns, so 0 means" in each for each in circuit.warnings)


def test_a_person_without_the_effect_is_not_reliable(person, tmp_path):
    _, side = found_in(person, make_bold(person, replace(RECIPE, effect=False), tmp_path))
    assert not side.reliable and any("not reliable" in each or "no target" in each for each in side.warnings)


def test_two_runs_are_cleaned_each_by_itself_and_compared(person, made, tmp_path):
    first = again(made, tmp_path, "run-3_space-T1w_bold.nii", lambda values, matrix: (values[..., :90], matrix))
    rows = made.confounds.read_text().splitlines(keepends=True)
    (tmp_path / "run-3.tsv").write_text("".join(rows[:91]))
    second = make_bold(person, replace(RECIPE, minutes=3, seed=4), tmp_path, "run-4")
    circuit, side = found_in(person, replace(first, confounds=tmp_path / "run-3.tsv"), second)
    assert len(circuit.runs) == 2 and side.trust.runs_mm is not None
    assert not side.reliable and any("minutes of clean fMRI" in each for each in side.warnings)


def test_the_same_run_in_mni_space_gives_the_same_target_and_says_how_it_came_there(person, made):
    own, in_mni = (found_in(person, made, bold_space=space) for space in ("t1", "mni"))
    np.testing.assert_allclose(own[1].targets[0].position_ras_mm, in_mni[1].targets[0].position_ras_mm)
    assert any("by the head's affine" in each for each in in_mni[0].warnings) and not own[0].warnings


def test_a_run_in_other_order_of_its_axes_gives_the_same_target(person, made, tmp_path):
    def turned(values, matrix):
        change = nib.orientations.ornt_transform(
            nib.orientations.axcodes2ornt("LAS"), nib.orientations.axcodes2ornt("PIR")
        )
        return (
            nib.orientations.apply_orientation(values, change),
            matrix @ nib.orientations.inv_ornt_aff(change, values.shape[:3]),
        )

    run = again(made, tmp_path, "turned_space-T1w_bold.nii", turned)
    own, other = (found_in(person, each)[1].targets[0].position_ras_mm for each in (made, run))
    assert np.linalg.norm(own - other) < 3.1


def test_a_run_that_lies_elsewhere_than_the_t1_is_refused(person, made, tmp_path):
    def away(values, matrix):
        moved = matrix.copy()
        moved[:3, 3] += (0, 25, 10)
        return values, moved

    with pytest.raises(UserError, match="off the T1|at all"):
        found_in(person, again(made, tmp_path, "away_space-T1w_bold.nii", away))


def test_a_run_that_lies_some_way_off_the_t1_is_told_and_never_trusted(person, made, tmp_path):
    def away(values, matrix):
        moved = matrix.copy()
        moved[:3, 3] += (0, 8, 0)
        return values, moved

    circuit, side = found_in(person, again(made, tmp_path, "near_space-T1w_bold.nii", away))
    assert "bold_off" in {each.key for each in circuit.warnings}
    assert not side.reliable and "circuit_off" in {each.key for each in side.warnings}


def test_a_run_that_does_not_show_the_mask_is_refused(person, made, tmp_path):
    def cut(values, matrix):
        front = values.copy()
        front[:, 33:] = 0
        return front, matrix

    with pytest.raises(UserError, match="of the mask lies outside"):
        found_in(person, again(made, tmp_path, "cut_space-T1w_bold.nii", cut))


def test_an_sgc_without_signal_is_no_sphere_to_correlate_with_and_makes_the_map_s_choice_doubtful(
    person, made, tmp_path
):
    def lost(values, matrix):
        dark = values.copy()
        ijk = np.indices(values.shape[:3]).reshape(3, -1).T
        near = np.linalg.norm(ijk @ matrix[:3, :3].T + matrix[:3, 3] - (6, 16, -10), axis=1) < 18
        dark[near.reshape(values.shape[:3])] = 0
        return dark, matrix

    run = again(made, tmp_path, "lost_space-T1w_bold.nii", lost)
    with pytest.raises(UserError, match="lost to dropout"):
        found_in(person, run, seed="sphere")
    circuit, side = found_in(person, run)
    assert circuit.runs[0].lost_sgc > 0.9 and not side.reliable


def test_a_mirrored_run_is_refused(person, made, tmp_path):
    run = again(made, tmp_path, "mirror_space-T1w_bold.nii", lambda values, matrix: (values, MIRROR_X @ matrix))
    with pytest.raises(UserError, match="fits the T1 as a mirror image alone"):
        found_in(person, run)


def test_a_run_that_fits_no_better_than_its_mirror_image_is_never_trusted(person, made):
    other = resample(person.scan.mirrored(), person.scan).array_kji
    symmetric = replace(person, scan=person.scan.with_array((person.scan.array_kji + other) / 2))
    circuit, side = found_in(symmetric, made)
    assert [each.key for each in circuit.warnings] == ["bold_whose"]
    assert not side.reliable and "circuit_whose" in {each.key for each in side.warnings}


def test_nearly_all_motion_leaves_nothing_to_correlate(person, made, tmp_path):
    names, *rows = made.confounds.read_text().splitlines()
    shaken = ["\t".join([f"{2 * (index % 2)}", *row.split("\t")[1:]]) for index, row in enumerate(rows)]
    table = tmp_path / "shaken.tsv"
    table.write_text("\n".join([names, *shaken]))
    with pytest.raises(UserError, match="steady and without motion"):
        found_in(person, made, confounds=(table,))


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"confounds": ("a.tsv", "b.tsv")}, "Runs of fMRI: 1, tables of confounds: 2"),
        ({"mni_transform": Path("no.h5")}, "no.h5: no such file"),
    ],
)
def test_choices_that_do_not_fit_the_runs_are_told(person, made, choices, words):
    with pytest.raises(UserError, match=words):
        found_in(person, made, **choices)
