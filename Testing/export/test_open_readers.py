"""Our files in the navigators' open readers, and real navigators' files in ours."""

from dataclasses import replace
from datetime import datetime

import nibabel
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nibabel.quaternions import quat2mat

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.reading import read_targets
from DLPFCSegmenterLib.export.registry import file_name
from DLPFCSegmenterLib.export.targets import PlannedTarget
from DLPFCSegmenterLib.export.writing import write_targets
from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points
from DLPFCSegmenterLib.scan.origin import Origin, ScanKind
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import Volume
from hand_made_plans import make_plan, nifti_origin
from open_readers import InvesaliusReader, simnibs_nnav, simnibs_samples

WARNING = "the hotspot was estimated"
some_examples = settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def targets(draw) -> list[PlannedTarget]:
    made = []
    for label in draw(
        st.lists(st.sampled_from(("DLPFC_L", "F3 left", "target (right)", "1e5")), min_size=1, unique=True)
    ):
        numbers = [draw(st.floats(-120, 120)) for _ in range(6)]
        pose = np.eye(4)
        quaternion = draw(st.tuples(*[st.floats(0.1, 1)] * 4))  # none along the axes of the space, which mean none
        pose[:3, :3], pose[:3, 3] = quat2mat(quaternion), numbers[3:]
        made.append(PlannedTarget(label, np.array(numbers[:3]), np.array(numbers[3:]), pose, "by hand", (WARNING,)))
    return made


def _scan(code: int | None = 1, order: str = "LIA") -> Volume:
    volume = make_plan(order).volume
    if code is None:
        return replace(volume, origin=Origin("series", ScanKind.DICOM))
    return replace(volume, origin=nifti_origin("person.nii", volume.shape_ijk, volume.ijk_to_ras, code, code))


def _check(found, written, tolerance) -> None:
    assert [position.name for position in found] == [target.label for target in written]
    for position, target in zip(found, written, strict=True):
        np.testing.assert_allclose(position.matsimnibs, target.coil_pose_ras_mm, atol=tolerance)


@some_examples
@given(written=targets())
def test_simnibs_reads_our_brainsight_14(monkeypatch, tmp_path, written):
    path = tmp_path / "file.txt"
    write_targets("brainsight", written, path, _scan(), overwrite=True)
    read, samples = simnibs_nnav(monkeypatch).brainsight().read(str(path))
    assert not samples.pos
    _check(read.pos, written, 1e-4)


@some_examples
@given(written=targets())
def test_simnibs_reads_our_brainsight_12_in_aligned_space(monkeypatch, tmp_path, written):
    path = tmp_path / "file.txt"
    write_targets("brainsight12", written, path, _scan(code=2), overwrite=True)
    _check(simnibs_nnav(monkeypatch).brainsight().read(str(path))[0].pos, written, 1e-4)


@pytest.mark.parametrize("code", (1, None), ids=("NIfTI", "DICOM"))
@some_examples
@given(written=targets())
def test_simnibs_reads_our_localite_markers_in_either_space(monkeypatch, tmp_path, code, written):
    path = tmp_path / file_name("localite", "", datetime(2026, 11, 22, 10, 15, 30, 123000))
    write_targets("localite", written, path, _scan(code), overwrite=True)
    _check(simnibs_nnav(monkeypatch).localite().read(str(path)).pos, written, 1e-5)


@some_examples
@given(written=targets())
def test_simnibs_reads_our_visor2_markers_and_finds_the_image_the_same(monkeypatch, tmp_path, written):
    scan = _scan(order="RAS")
    image = nibabel.Nifti1Image(scan.array_kji.transpose(), scan.ijk_to_ras)
    image.set_qform(scan.ijk_to_ras, 1)
    nibabel.save(image, tmp_path / "person.nii")
    scan = read_volume(tmp_path / "person.nii")
    write_targets("visor2", written, tmp_path / "file.mrk", scan, overwrite=True)
    reader = simnibs_nnav(monkeypatch).ant()
    lists, info = reader.read(str(tmp_path / "file.mrk"), return_imageinfo=True)
    assert reader._compare_imageinfos(info, reader._imageinfo_from_nifti(str(tmp_path / "person.nii")))
    _check(lists[0].pos, written, 1e-9)


@pytest.mark.parametrize("order", ("RAS", "LIA", "PSR", "oblique"))
@some_examples
@given(written=targets())
def test_invesalius_reads_our_landmarks_and_coil_targets_at_the_same_place(monkeypatch, tmp_path, order, written):
    scan = _scan(order=order)
    write_targets("invesalius", written, tmp_path / "file.mkss", scan, overwrite=True)
    reader = InvesaliusReader(monkeypatch)
    markers = reader.read(tmp_path / "file.mkss")
    canonical = nibabel.as_closest_canonical(nibabel.Nifti1Image(scan.array_kji.transpose(), scan.ijk_to_ras))
    spacing = np.array(canonical.header.get_zooms())
    to_ras = canonical.affine @ np.diag([*(1 / spacing), 1])
    from_view = to_ras.copy()
    from_view[:3, 3] += to_ras[:3, 1] * spacing[1] * (canonical.shape[1] - 1)
    assert [marker.marker_type.name for marker in markers] == ["LANDMARK", "LANDMARK", "COIL_TARGET"] * len(written)
    for target, (point, entry, coil) in zip(written, zip(*[iter(markers)] * 3, strict=True), strict=True):
        assert (point.label, coil.label) == (target.label, f"{target.label} coil")
        for marker, place in ((point, target.position_ras_mm), (entry, target.entry_ras_mm)):
            voxel = reader.voxel_place(marker.position, spacing, canonical.shape[::-1])
            np.testing.assert_allclose(ijk_to_ras_points(to_ras, voxel), place, atol=1e-4)
        _check_coil(from_view @ reader.pose_in_view(coil), target.coil_pose_ras_mm)


def test_from_an_axial_dicom_series_invesalius_has_left_where_a_nifti_project_has_right(monkeypatch, tmp_path):
    """Therefore a scan that is no NIfTI file is refused: its markers would land in the other hemisphere."""
    voxels_kji = np.zeros((6, 8, 10), np.int16)
    voxels_kji[4, 1, 2] = 9  # of an axial series: columns grow to the left, rows to the back
    matrix = InvesaliusReader(monkeypatch).from_dicom(list(voxels_kji), "AXIAL")
    z, _, x = np.argwhere(matrix == 9)[0]
    ijk_to_ras = np.diag([-1.0, -1.0, 1.0, 1.0])
    canonical = nibabel.as_closest_canonical(nibabel.Nifti1Image(voxels_kji.transpose(), ijk_to_ras))
    right, _, superior = np.argwhere(canonical.get_fdata() == 9)[0]
    assert z == superior and x == canonical.shape[0] - 1 - right != right
    with pytest.raises(UserError, match="InVesalius needs a NIfTI scan"):
        write_targets("invesalius", [PlannedTarget("T", np.zeros(3))], tmp_path / "f.mkss", _scan(None))


def _check_coil(invesalius: np.ndarray, simnibs: np.ndarray) -> None:
    """InVesalius's coil has x away from its handle and z out of the head; both poses 4x4 in RAS mm."""
    np.testing.assert_allclose(invesalius[:3, 3], simnibs[:3, 3], atol=1e-4)
    np.testing.assert_allclose(invesalius[:3, 0], simnibs[:3, 1], atol=1e-6)
    np.testing.assert_allclose(invesalius[:3, 2], -simnibs[:3, 2], atol=1e-6)


BRAINSIGHT_SAMPLES = {"niiImage_niftialignedcoord.txt": 1e-3, "niiImage_niftialigned_q_coord_v14.txt": 1e-4}
"""Files of Brainsight 2.3.5 and 2.5.3, and how far their decimals leave the axes from right angles."""


@pytest.mark.parametrize("name", BRAINSIGHT_SAMPLES)
def test_we_read_brainsights_own_files_as_simnibs_does(monkeypatch, name):
    path = simnibs_samples() / "brainsight" / name
    theirs = simnibs_nnav(monkeypatch).brainsight().read(str(path))[0].pos
    ours = read_targets(path)[: len(theirs)]  # planned landmarks follow, which SimNIBS passes over
    assert len(ours) == len(theirs) > 0
    posed = [(their, our) for their, our in zip(theirs, ours, strict=True) if our.coil_pose_ras_mm is not None]
    _check([their for their, _ in posed], [our for _, our in posed], BRAINSIGHT_SAMPLES[name])
    for their, our in zip(theirs, ours, strict=True):
        if our.coil_pose_ras_mm is None:  # it has the axes of the space, which are none
            np.testing.assert_array_equal(np.abs(their.matsimnibs[:3, :3]), np.eye(3))


@pytest.mark.parametrize("name", ("dcmimage_worldcoord.txt", "niiImage_brainsightcoord.txt"))
def test_brainsights_own_files_in_a_space_that_is_not_the_scans_are_refused(name):
    with pytest.raises(UserError, match="is not known"):
        read_targets(simnibs_samples() / "brainsight" / name)


def test_we_read_localites_own_instrument_markers_as_simnibs_does(monkeypatch):
    files = sorted(simnibs_samples().glob("localite/*/InstrumentMarkers/*.xml"))
    assert {file.name[:3] for file in files} == {"LPS", "RAS"}
    for file in files:
        theirs = simnibs_nnav(monkeypatch).localite().read(str(file)).pos
        ours = read_targets(file)
        assert len(ours) == len(theirs) > 0
        _check(theirs, ours, 1e-4)


def test_we_read_localites_own_entries_and_targets():
    files = sorted(simnibs_samples().glob("localite/*/EntryTarget/*.xml"))
    assert len(files) == 4 and all(read_targets(file) for file in files)
    (premotor,) = read_targets(next(file for file in files if "20120925115930359" in file.name))
    np.testing.assert_allclose(premotor.position_ras_mm, (-25.79795661, -27.98440217, 77.68745468), atol=1e-6)
    np.testing.assert_allclose(premotor.entry_ras_mm, (-30.38394385, -29.5130646, 96.54095787), atol=1e-6)


def test_we_read_visor2s_own_file_as_simnibs_does(monkeypatch):
    path = next(simnibs_samples().glob("ant/*.mrk"))
    theirs = [position for each in simnibs_nnav(monkeypatch).ant().read(str(path)) for position in each.pos]
    ours = {target.label: target.coil_pose_ras_mm for target in read_targets(path)}
    assert len(ours) == len(theirs) > 0
    for position in theirs:
        pose = ours[position.name or next(name for name in ours if name.startswith("Target "))]
        np.testing.assert_allclose(pose, position.matsimnibs, atol=1e-6)
