"""The value of a scan at a place in the head, and what of it stays when its file has gone."""

import nibabel
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from DLPFCSegmenterLib.export.targets import PlannedTarget
from DLPFCSegmenterLib.export.writing import write_targets
from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points
from DLPFCSegmenterLib.scan.origin import Origin, ScanKind
from DLPFCSegmenterLib.scan.readers import as_in_file, read_volume, with_origin
from DLPFCSegmenterLib.scan.volume import Volume, box_of_points
from DLPFCSegmenterLib.serial import from_text, to_text
from hand_made_plans import oblique_matrix
from small_series import save_series

SHAPE_IJK = (5, 6, 7)
POSE = np.array([[0.0, 1, 0, -40], [1, 0, 0, 30], [0, 0, -1, 60], [0, 0, 0, 1]])
TARGETS = [PlannedTarget("T", np.array([-40.0, 30, 50]), np.array([-44.0, 33, 58]), POSE)]


def numbered() -> Volume:
    """Every voxel has a value of its own, none of them 0."""
    values = np.arange(1, np.prod(SHAPE_IJK) + 1, dtype=np.int16).reshape(SHAPE_IJK[::-1])
    return Volume(values, oblique_matrix())


inside = st.tuples(*(st.integers(0, size - 1) for size in SHAPE_IJK))
near = st.tuples(*[st.floats(-0.49, 0.49)] * 3)


@given(ijk=inside, aside=near)
def test_a_point_has_the_value_of_the_voxel_that_it_lies_in(ijk, aside):
    scan = numbered()
    point = ijk_to_ras_points(scan.ijk_to_ras, np.add(ijk, aside))
    assert scan.values_at(point) == scan.array_kji[ijk[::-1]]


@given(ijk=inside, axis=st.integers(0, 2), away=st.floats(0.51, 9.0))
def test_a_point_outside_has_the_value_asked_for_or_that_of_the_nearest_border(ijk, axis, away):
    scan = numbered()
    border = list(ijk)
    border[axis] = 0
    beyond = np.array(border, dtype=float)
    beyond[axis] -= away
    point = ijk_to_ras_points(scan.ijk_to_ras, beyond)
    assert (scan.values_at(point), scan.values_at(point, outside=-1)) == (0, -1)
    assert scan.values_at(point, outside=None) == scan.array_kji[tuple(border[::-1])]


@given(places=st.lists(st.tuples(*[st.floats(-9, 15)] * 3), min_size=1), margin=st.integers(0, 3))
def test_the_box_of_points_holds_those_that_lie_in_the_grid_and_a_voxel_at_least(places, margin):
    last, values = np.array(SHAPE_IJK) - 1, numbered().array_kji
    held = values[box_of_points(np.array(places), SHAPE_IJK, margin)]
    assert held.size
    for nearest in np.rint(places).astype(int):
        if np.all((nearest >= 0) & (nearest <= last)):
            ends = np.clip([nearest - margin, nearest + margin], 0, last)
            assert np.isin(values[tuple(ends[:, ::-1].T)], held).all()


def test_points_of_any_shape_give_values_of_that_shape_and_type():
    scan = numbered()
    points = ijk_to_ras_points(scan.ijk_to_ras, np.moveaxis(np.indices(SHAPE_IJK), 0, -1))
    values = scan.values_at(points)
    assert values.dtype == np.int16
    np.testing.assert_array_equal(values, scan.array_kji.transpose())


def nifti_scan(folder) -> Volume:
    scan = numbered()
    image = nibabel.Nifti1Image(scan.array_kji.transpose(), scan.ijk_to_ras)
    image.set_qform(scan.ijk_to_ras, 1)
    image.set_sform(image.get_qform(), 2)
    nibabel.save(image, folder / "person.nii.gz")
    return read_volume(folder / "person.nii.gz")


@pytest.mark.parametrize("name", ("brainsight", "brainsight12", "visor2", "localite", "localite-entry-target"))
def test_a_scan_whose_file_has_gone_gives_navigators_the_same_bytes(name, tmp_path):
    """Brainsight and visor2 were greyed out in a reopened scene, and Localite flipped from RAS to LPS."""
    scan = nifti_scan(tmp_path)
    write_targets(name, TARGETS, tmp_path / "first", scan)
    (tmp_path / "person.nii.gz").unlink()
    kept = from_text(to_text(scan.origin), Origin)
    reopened = with_origin(Volume(scan.array_kji, scan.ijk_to_ras, Origin("person")), kept)
    write_targets(name, TARGETS, tmp_path / "again", as_in_file(reopened, None))
    assert (tmp_path / "again").read_bytes() == (tmp_path / "first").read_bytes()


def test_localite_refuses_a_scan_of_which_it_is_not_known_whether_it_is_nifti_or_dicom(tmp_path):
    scan = Volume(numbered().array_kji, oblique_matrix(), Origin("person.nrrd", ScanKind.NRRD))
    with pytest.raises(Exception, match="person.nrrd: Localite counts in RAS for a NIfTI scan and in LPS for a DICOM"):
        write_targets("localite", TARGETS, tmp_path / "file.xml", scan)


def test_a_dicom_series_keeps_its_identity(tmp_path):
    save_series(tmp_path / "series")
    series = read_volume(tmp_path / "series").origin
    assert series.kind is ScanKind.DICOM and from_text(to_text(series), Origin) == series
    uids = (series.dicom.series_uid, series.dicom.study_uid, series.dicom.frame_of_reference_uid)
    assert len(set(uids)) == 3 and all(uids)
