"""One scan has one fingerprint, whatever file or node it lies in; another scan has another."""

from dataclasses import replace

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st

from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points
from DLPFCSegmenterLib.scan.canonical import to_itk
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import Volume
from hand_made_plans import reordered

ORDERS = tuple(
    a + b + c
    for a in "RLAPSI"
    for b in "RLAPSI"
    for c in "RLAPSI"
    if len({"RLAPSI".index(x) // 2 for x in a + b + c}) == 3
)
SHAPE_RAS = (7, 9, 8)

angles = st.floats(-0.6, 0.6)
places = st.floats(-150, 150)
sizes = st.floats(0.4, 3.0)


def turned(angle_s: float, angle_r: float) -> np.ndarray:
    around_s = [[np.cos(angle_s), -np.sin(angle_s), 0], [np.sin(angle_s), np.cos(angle_s), 0], [0, 0, 1]]
    around_r = [[1, 0, 0], [0, np.cos(angle_r), -np.sin(angle_r)], [0, np.sin(angle_r), np.cos(angle_r)]]
    return np.array(around_s) @ np.array(around_r)


@st.composite
def scans(draw) -> Volume:
    """Whole numbers in a grid that lies anywhere and is turned by up to 34 degrees."""
    values = np.random.default_rng(draw(st.integers(0, 99))).integers(0, 255, SHAPE_RAS[::-1]).astype(np.uint8)
    matrix = np.eye(4)
    matrix[:3, :3] = turned(draw(angles), draw(angles)) * draw(st.tuples(sizes, sizes, sizes))
    matrix[:3, 3] = draw(st.tuples(places, places, places))
    return Volume(values, matrix)


def resaved(scan: Volume, order: str) -> Volume:
    voxels, matrix = reordered(scan.array_kji.transpose(), scan.ijk_to_ras, order)
    return Volume(np.ascontiguousarray(voxels.transpose()), matrix)


def saved(scan: Volume, folder) -> list[Volume]:
    """The scan from every kind of file, each written by a program of its own kind."""
    image = to_itk(scan)
    for ending in ("nrrd", "mha", "nii"):
        sitk.WriteImage(image, str(folder / f"itk.{ending}"), useCompression=True)
    voxels = scan.array_kji.transpose()
    nibabel.save(nibabel.Nifti1Image(voxels, scan.ijk_to_ras), folder / "sform.nii.gz")
    nibabel.save(nibabel.MGHImage(voxels, scan.ijk_to_ras), folder / "freesurfer.mgz")
    return [read_volume(path) for path in sorted(folder.iterdir())]


@settings(max_examples=200, deadline=None)
@given(scan=scans(), order=st.sampled_from(ORDERS))
def test_a_scan_in_another_axis_order_has_the_same_fingerprint(scan, order):
    again = resaved(scan, order)
    assert again.has_fingerprint(scan.fingerprint) and scan.has_fingerprint(again.fingerprint)


@pytest.mark.parametrize("order", ("RAS", "LPS", "PSR"))
def test_a_straight_scan_has_one_fingerprint_in_every_kind_of_file_and_type_of_number(order, tmp_path):
    values = np.random.default_rng(1).integers(0, 255, SHAPE_RAS[::-1]).astype(np.uint8)
    matrix = np.diag([0.9375, 1.2, 1.0, 1.0])
    matrix[:3, 3] = (-91.2, 17.35, -70.0)
    scan = resaved(Volume(values, matrix), order)
    copies = [*saved(scan, tmp_path), Volume(scan.array_kji.astype(np.float32), scan.ijk_to_ras)]
    assert len(copies) == 6 and {copy.fingerprint for copy in copies} == {scan.fingerprint}


@settings(max_examples=60, deadline=None)
@given(scan=scans())
def test_an_oblique_scan_is_known_again_from_every_kind_of_file(scan, tmp_path_factory):
    for copy in saved(scan, tmp_path_factory.mktemp("copies")):
        assert copy.has_fingerprint(scan.fingerprint) and scan.has_fingerprint(copy.fingerprint), copy.source


@settings(max_examples=100, deadline=None)
@given(scan=scans(), place=st.tuples(*(st.integers(0, size - 1) for size in SHAPE_RAS[::-1])))
def test_another_value_in_one_voxel_is_another_scan(scan, place):
    values = scan.array_kji.copy()
    values[place] += 1
    assert not scan.with_array(values).has_fingerprint(scan.fingerprint)


@settings(max_examples=200, deadline=None)
@given(scan=scans(), direction=st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1))
def test_a_scan_that_lies_a_tenth_of_a_millimetre_away_is_another(scan, direction):
    matrix = scan.ijk_to_ras.copy()
    matrix[:3, 3] += 0.1 * np.array(direction) / np.linalg.norm(direction)
    assert not replace(scan, ijk_to_ras=matrix).has_fingerprint(scan.fingerprint)


def test_a_scan_that_is_mirrored_or_cut_is_another():
    scan = Volume(np.zeros((8, 9, 7), np.uint8), np.eye(4))
    cut = Volume(scan.array_kji[1:], np.eye(4))
    mirrored = scan.mirrored()
    assert len({each.fingerprint for each in (scan, cut, mirrored)}) == 3


@settings(max_examples=50, deadline=None)
@given(scan=scans(), angle=angles, shift=st.tuples(places, places, places))
def test_a_scenes_transform_leaves_the_scan_what_it_is(scan, angle, shift):
    move = np.eye(4)
    move[:3, :3], move[:3, 3] = turned(angle, 0.0), shift
    moved = replace(scan, ijk_to_ras=move @ scan.ijk_to_ras, world_from_own=move)
    assert moved.has_fingerprint(scan.fingerprint)
    there = ijk_to_ras_points(moved.ijk_to_ras, [0, 0, 0])
    if np.linalg.norm(there - ijk_to_ras_points(scan.ijk_to_ras, [0, 0, 0])) > 0.2:
        assert not replace(moved, world_from_own=None).has_fingerprint(scan.fingerprint)
