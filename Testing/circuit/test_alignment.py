"""A raw run is moved onto the T1 and its own motion undone; a preprocessed one is only checked."""

from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest

from DLPFCSegmenterLib.circuit.alignment import HeadOnGrid, fit, laid_on
from DLPFCSegmenterLib.circuit.bold import BoldSpace, read_run
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.geometry.spaces import MIRROR_X, largest_shift_mm
from DLPFCSegmenterLib.progress import SILENT
from synthetic_bold import Recipe, make_bold, template_person

pytestmark = pytest.mark.slow

RECIPE = Recipe(minutes=0.4, tsnr=100, voxel_mm=4.0)


@pytest.fixture(scope="module")
def head():
    person = template_person()
    return HeadOnGrid.of(person.scan, person.ras_from_mni)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    return nib.load(make_bold(template_person(), RECIPE, tmp_path_factory.mktemp("bold")).bold)


def write(image, path, values=None, matrix=None):
    made = nib.Nifti1Image(
        np.asanyarray(image.dataobj) if values is None else values, image.affine if matrix is None else matrix
    )
    made.header.set_xyzt_units("mm", "sec")
    made.header["pixdim"][4] = RECIPE.tr_s
    nib.save(made, path)
    return path


def test_a_raw_run_that_lies_off_the_t1_is_laid_on_it_and_says_that_it_is_raw(head, image, tmp_path):
    moved = image.affine.copy()
    moved[:3, 3] += (5.0, -4.0, 6.0)
    run, doubts = laid_on(read_run(write(image, tmp_path / "raw_bold.nii", matrix=moved)), head, SILENT)
    assert largest_shift_mm(run.first.ijk_to_ras, image.affine, run.first.shape_ijk) < 3.0
    assert [each.key for each in doubts] == ["bold_raw"]


def test_motion_within_a_raw_run_is_measured_and_undone(head, image, tmp_path):
    values = np.asanyarray(image.dataobj).copy()
    values[..., 10:] = np.roll(values[..., 10:], 1, axis=2)
    run, _ = laid_on(read_run(write(image, tmp_path / "raw_bold.nii", values)), head, SILENT)
    told = run.confounds.framewise_mm
    assert told[10] == pytest.approx(4.0, abs=0.5) and np.median(told) < 0.2
    before, after = (np.corrcoef(each.ravel(), run.first.array_kji.ravel())[0, 1] for each in (
        values[..., 11].T, list(run.volumes())[11]))  # fmt: skip
    assert after > 0.98 > before


def test_the_person_s_own_run_fits_better_than_its_mirror_image(head, image, tmp_path):
    first = read_run(write(image, tmp_path / "raw_bold.nii")).first
    own, mirrored = fit(first, head), fit(first.mirrored(), head)
    assert own.information > 1.5 * mirrored.information
    np.testing.assert_allclose(first.mirrored().ijk_to_ras, MIRROR_X @ image.affine)


def test_a_run_that_lies_on_its_t1_is_found_to_lie_there(head, image, tmp_path):
    assert fit(read_run(write(image, tmp_path / "raw_bold.nii")).first, head).moved_mm < 0.5


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_run_whose_voxels_are_flipped_under_its_header_is_refused_or_never_trusted(axis, head, image, tmp_path):
    path = write(image, tmp_path / "flipped_bold.nii", np.flip(np.asanyarray(image.dataobj), axis))
    try:
        _, doubts = laid_on(replace(read_run(path), space=BoldSpace.T1), head, SILENT)
    except UserError as error:
        assert "mirror image" in str(error) or "off the T1" in str(error) or "at all" in str(error)
    else:
        assert axis != 0 and {each.key for each in doubts} & {"bold_whose", "bold_off"}
