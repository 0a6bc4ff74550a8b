"""The mask as DICOM SEG, read back by highdicom and by pydicom."""

import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.formats.dicom_seg import read_mask_dicom_seg, write_mask_dicom_seg
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import voxel_points_ras_mm
from DLPFCSegmenterLib.segmentation.region import Region
from hand_made_plans import make_plan
from small_series import DIRECTIONS_LPS, save_series

highdicom = pytest.importorskip("highdicom", reason="highdicom is not installed")


@pytest.fixture
def region(tmp_path) -> Region:
    return _region(tmp_path, "tilted")


def _region(tmp_path, directions) -> Region:
    save_series(tmp_path / "series", directions)
    scan = read_volume(tmp_path / "series")
    mask = np.zeros(scan.array_kji.shape, bool)
    mask[2:5, 20:40, 50:60] = True
    mask[3, 30, 12] = True
    return Region(scan, "left", mask, mask.astype(np.float32), 0.9, (), ("thin mask",))


@pytest.mark.slow
def test_every_voxel_comes_back_at_its_own_place(region, tmp_path):
    write_mask_dicom_seg(region, tmp_path / "mask.dcm")
    segmentation = highdicom.seg.segread(tmp_path / "mask.dcm")
    volume = segmentation.get_volume(combine_segments=True)
    lps = _points_lps_mm(volume.array > 0, volume.affine)
    ours = _points_lps_mm(region.mask_kji.transpose(), np.diag([-1.0, -1, 1, 1]) @ region.volume.ijk_to_ras)
    np.testing.assert_allclose(_sorted(lps), _sorted(ours), atol=1e-2)


def _points_lps_mm(mask: np.ndarray, affine: np.ndarray) -> np.ndarray:
    return np.argwhere(mask) @ affine[:3, :3].T + affine[:3, 3]


def _sorted(points: np.ndarray) -> np.ndarray:
    return points[np.lexsort(np.round(points, 1).T)]


@pytest.mark.parametrize("directions", DIRECTIONS_LPS)
def test_our_reader_finds_the_voxels_name_and_warnings_in_any_series(directions, tmp_path):
    region = _region(tmp_path, directions)
    write_mask_dicom_seg(region, tmp_path / "mask.dcm")
    (mask,) = read_mask_dicom_seg(tmp_path / "mask.dcm")
    assert mask.label == "Left DLPFC" and "WARNING: thin mask" in mask.description
    found = voxel_points_ras_mm(mask.volume, mask.volume.array_kji)
    ours = voxel_points_ras_mm(region.volume, region.mask_kji)
    np.testing.assert_allclose(_sorted(found), _sorted(ours), atol=1e-3)


def test_side_region_patient_and_series_are_coded(region, tmp_path):
    write_mask_dicom_seg(region, tmp_path / "mask.dcm")
    segmentation = highdicom.seg.segread(tmp_path / "mask.dcm")
    segment = segmentation.SegmentSequence[0]
    kind = segment.SegmentedPropertyTypeCodeSequence[0]
    assert segment.SegmentLabel == "Left DLPFC"
    assert (kind.CodingSchemeDesignator, kind.CodeValue) == ("UBERON", "0009834")
    assert kind.SegmentedPropertyTypeModifierCodeSequence[0].CodeMeaning == "Left"
    assert (segmentation.PatientID, segmentation.StudyInstanceUID) == ("1", "1.2.826.2")
    assert segmentation.FrameOfReferenceUID == "1.2.826.4"


def test_a_scan_that_came_from_no_dicom_series_is_refused(tmp_path):
    region = make_plan().sides["left"].region
    with pytest.raises(UserError, match="need the DICOM series"):
        write_mask_dicom_seg(region, tmp_path / "mask.dcm")


def test_another_patients_series_in_the_same_place_is_refused(region, tmp_path):
    pydicom = pytest.importorskip("pydicom")
    for path in (tmp_path / "series").iterdir():
        data_set = pydicom.dcmread(path)
        data_set.PatientName, data_set.SeriesInstanceUID = "Roe^Richard", "1.2.826.9"
        data_set.save_as(path)
    with pytest.raises(UserError, match="another DICOM series lies there now"):
        write_mask_dicom_seg(region, tmp_path / "mask.dcm")


def test_a_series_that_changed_since_is_refused(region, tmp_path):
    next((tmp_path / "series").iterdir()).unlink()
    with pytest.raises(UserError, match="no longer those of the scan"):
        write_mask_dicom_seg(region, tmp_path / "mask.dcm")


@pytest.mark.parametrize(("name", "told"), [("Segment 1", "Segment 1 (left)"), ("Right DLPFC", None)])
def test_the_side_of_a_segment_is_told_by_its_code_which_may_not_contradict_its_name(name, told, region, tmp_path):
    write_mask_dicom_seg(region, tmp_path / "mask.dcm")
    pydicom = pytest.importorskip("pydicom")
    data = pydicom.dcmread(tmp_path / "mask.dcm")
    data.SegmentSequence[0].SegmentLabel = name
    data.save_as(tmp_path / "mask.dcm")
    if told is None:
        with pytest.raises(UserError, match="is coded as left"):
            read_mask_dicom_seg(tmp_path / "mask.dcm")
    else:
        assert [mask.label for mask in read_mask_dicom_seg(tmp_path / "mask.dcm")] == [told]
