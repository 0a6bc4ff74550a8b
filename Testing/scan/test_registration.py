import dataclasses

import numpy as np
import pytest
import SimpleITK as sitk

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.geometry.spaces import MIRROR_X, transform_points
from DLPFCSegmenterLib.scan.registration import best_affine, implausible, require_plausible
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.targeting.mni_targets import MNI_TARGETS, literature_targets
from DLPFCSegmenterLib.words import method_of
from template_scan import template_scan

MNI_POINTS = np.array([[-38.0, 44, 26], [38, 44, 26], [-37, -21, 58], [0, -95, 0]])


def placed(pitch_deg: float, yaw_deg: float, scales, shift) -> np.ndarray:
    p, y = np.radians([pitch_deg, yaw_deg])
    pitch = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    yaw = np.array([[np.cos(y), -np.sin(y), 0], [np.sin(y), np.cos(y), 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = yaw @ pitch @ np.diag(scales)
    matrix[:3, 3] = shift
    return matrix


@pytest.mark.slow
@pytest.mark.parametrize(
    "truth",
    [
        placed(0, 0, (0.95, 0.95, 0.95), (0, 0, 0)),
        placed(18, 12, (0.9, 0.95, 0.88), (25, -60, 110)),
        placed(-20, -15, (1.0, 0.92, 0.95), (-200, 30, -15)),
    ],
    ids=["straight", "tilted back", "tilted forward"],
)
def test_a_known_affine_is_found_again_within_two_millimetres(truth):
    found = best_affine(template_scan(truth))
    off = transform_points(found.ras_from_mni, MNI_POINTS) - transform_points(truth, MNI_POINTS)
    assert np.linalg.norm(off, axis=1).max() < 2.0
    assert found.similarity > 0.9


@pytest.mark.slow
def test_a_mirrored_head_gives_the_mirrored_registration():
    scan = template_scan(placed(10, 8, (0.9, 0.95, 0.92), (12, -20, 30)))
    found, mirrored = best_affine(scan), best_affine(scan.mirrored())
    there = transform_points(MIRROR_X @ found.ras_from_mni @ MIRROR_X, MNI_POINTS)
    assert np.linalg.norm(there - transform_points(mirrored.ras_from_mni, MNI_POINTS), axis=1).max() < 0.5


def target_off_mm(found, truth=None) -> float:
    off = transform_points(found.ras_from_mni, MNI_POINTS[:2])
    return float(np.linalg.norm(off - (MNI_POINTS[:2] if truth is None else truth), axis=1).max())


def with_bright_scalp(scan: Volume, inner_mm: float, outer_mm: float, level: float) -> Volume:
    """A shell between two distances from the brain, `level` times as bright as white matter."""
    brain = scan.array_kji > 20
    image = sitk.GetImageFromArray(brain.astype(np.uint8))
    image.SetSpacing(tuple(map(float, scan.spacing_mm)))
    away_mm = sitk.GetArrayFromImage(sitk.SignedMaurerDistanceMap(image, False, False, True))
    shell = (away_mm > inner_mm) & (away_mm < outer_mm)
    bright = level * np.percentile(scan.array_kji[brain], 90)
    return scan.with_array(np.where(shell, bright, scan.array_kji).astype(np.float32))


@pytest.mark.slow
@pytest.mark.parametrize(("inner_mm", "outer_mm", "level"), [(4, 10, 1.5), (8, 14, 1.5), (3, 12, 1.0)])
def test_a_bright_scalp_around_a_small_brain_does_not_draw_the_template_out(inner_mm, outer_mm, level):
    truth = placed(0, 0, (0.85, 0.85, 0.85), (0, 0, 0))
    found = best_affine(with_bright_scalp(template_scan(truth), inner_mm, outer_mm, level))
    off = transform_points(found.ras_from_mni, MNI_POINTS) - transform_points(truth, MNI_POINTS)
    assert np.linalg.norm(off, axis=1).max() < 3.0


@pytest.mark.slow
def test_a_surface_coils_uneven_brightness_moves_the_target_little():
    scan = template_scan()
    ahead = np.linspace(-1, 1, scan.array_kji.shape[1])[None, :, None]
    biased = scan.with_array((scan.array_kji * np.exp(0.7 * ahead)).astype(np.float32))
    assert target_off_mm(best_affine(biased)) < 4.0


@pytest.mark.slow
def test_a_brain_cut_off_below_is_matched_by_what_was_scanned_of_it():
    scan = template_scan()
    lowest = int(np.rint((-25.0 - scan.ijk_to_ras[2, 3]) / scan.spacing_mm[2]))
    matrix = scan.ijk_to_ras.copy()
    matrix[2, 3] += lowest * scan.spacing_mm[2]
    found = best_affine(Volume(np.ascontiguousarray(scan.array_kji[lowest:]), matrix, "cut"))
    assert implausible(found) == "" and target_off_mm(found) < 4.0


@pytest.mark.slow
def test_what_is_no_head_is_refused_with_the_reason():
    scan = template_scan()
    noise = np.random.default_rng(3).uniform(0, 100, scan.array_kji.shape).astype(np.float32)
    with pytest.raises(UserError, match="registration .* failed"):
        require_plausible(best_affine(scan.with_array(noise)), scan)


def test_every_kind_of_implausible_result_is_told_in_words():
    good = best_affine(template_scan())
    assert implausible(good) == ""
    for change, words in (
        ({"similarity": 0.2}, "similarity"),
        ({"ras_from_mni": MIRROR_X @ good.ras_from_mni}, "left and right"),
        ({"ras_from_mni": np.diag([1.6, 1.0, 1.0, 1.0])}, "scaled"),
        ({"ras_from_mni": placed(75, 0, (1, 1, 1), (0, 0, 0))}, "turned"),
    ):
        assert words in implausible(dataclasses.replace(good, **change))


def test_literature_targets_are_mirrored_and_name_their_source():
    registration = dataclasses.replace(best_affine(template_scan()), ras_from_mni=np.eye(4))
    left, right = (literature_targets(registration, side) for side in ("left", "right"))
    assert len(left) == len(MNI_TARGETS) == len({target.key for target in left})
    for one, other in zip(left, right, strict=True):
        np.testing.assert_array_equal(one.position_ras_mm * (-1, 1, 1), other.position_ras_mm)
        assert one.estimated and one.position_ras_mm[0] < 0 and "MNI (" in method_of(one)
