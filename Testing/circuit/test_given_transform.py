"""A transform of the user's is this head's own, or none."""

import numpy as np
import pytest
import SimpleITK as sitk

from DLPFCSegmenterLib.circuit import given_transform
from DLPFCSegmenterLib.circuit.alignment import HeadOnGrid
from DLPFCSegmenterLib.circuit.given_transform import read_transform
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.geometry.spaces import LPS_FROM_RAS
from DLPFCSegmenterLib.scan.volume import voxel_points_ras_mm
from synthetic_bold import template_person

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def person():
    return template_person()


@pytest.fixture(scope="module")
def head(person):
    return HeadOnGrid.of(person.scan, person.ras_from_mni)


def written(path, mni_from_ras):
    """A 4x4, RAS mm of the scan to MNI mm, as ITK holds it."""
    matrix = LPS_FROM_RAS @ mni_from_ras @ LPS_FROM_RAS
    transform = sitk.AffineTransform(3)
    transform.SetMatrix(matrix[:3, :3].ravel().tolist())
    transform.SetTranslation(matrix[:3, 3].tolist())
    sitk.WriteTransform(transform, str(path))
    return path


def off(x=0.0, y=0.0, z=0.0, scale=1.0, mirror=False):
    matrix = np.diag([-scale if mirror else scale, scale, scale, 1.0])
    matrix[:3, 3] = (x, y, z)
    return matrix


@pytest.mark.parametrize("own", [off(), off(0.5, -0.5, 0.5)])
def test_a_head_s_own_transform_is_used_point_by_point(own, person, head, tmp_path):
    points = voxel_points_ras_mm(person.scan, person.mask_kji)
    to_mni, doubts = read_transform(
        written(tmp_path / "from-MNI152NLin6Asym_to-T1w_mode-image_xfm.tfm", own), head, points
    )
    np.testing.assert_allclose(to_mni(points[:20]), points[:20] @ own[:3, :3].T + own[:3, 3], atol=1e-4)
    assert doubts == ()


def test_a_transform_that_bends_the_mask_far_off_the_affine_is_doubted(person, head, tmp_path, monkeypatch):
    monkeypatch.setattr(given_transform, "tissue_fit", lambda head, to_mni: 0.5)
    points = voxel_points_ras_mm(person.scan, person.mask_kji)
    _, doubts = read_transform(written(tmp_path / "own.tfm", off(y=12)), head, points)
    assert [str(each) for each in doubts] == [
        "own.tfm: puts the mask 12 mm from where the head's own affine has it; check that it is of this person."
    ]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (off(y=9, z=-6), "fits the brain of this T1 worse"),
        (off(x=12), "fits the brain of this T1 worse"),
        (off(scale=0.88), "fits the brain of this T1 worse"),
        (off(y=30), "puts the mask 30 mm from where"),
        (off(mirror=True), "puts the mask .* mm from where"),
    ],
)
def test_another_head_s_transform_is_refused(other, words, person, head, tmp_path):
    with pytest.raises(UserError, match=words):
        points = voxel_points_ras_mm(person.scan, person.mask_kji)
        read_transform(written(tmp_path / "other.tfm", other), head, points)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sub-01_from-T1w_to-MNI152NLin2009cAsym_mode-image_xfm.h5", "goes to MNI space"),
        ("from-MNI152NLin2009cAsym_to-T1w_mode-image_xfm.h5", "is no transform of ITK"),
    ],
)
def test_a_transform_the_other_way_and_a_file_that_is_none_are_refused(name, words, head, tmp_path):
    (tmp_path / name).write_text("no transform")
    with pytest.raises(UserError, match=words):
        read_transform(tmp_path / name, head, np.zeros((50, 3)))
