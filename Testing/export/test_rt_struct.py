"""The mask as RT-STRUCT: its outlines filled again, its fields, and what independent readers find in it."""

from dataclasses import replace

import numpy as np
import pytest
import SimpleITK
from hypothesis import given
from hypothesis.extra.numpy import arrays

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.formats.rt_struct import read_rt_struct, write_rt_struct
from DLPFCSegmenterLib.export.reading import read_mask_targets
from DLPFCSegmenterLib.export.targets import PlannedTarget
from DLPFCSegmenterLib.geometry.outlines import mask_outlines
from DLPFCSegmenterLib.geometry.spaces import ras_to_ijk
from DLPFCSegmenterLib.scan.canonical import to_itk
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.segmentation.region import Region
from hand_made_plans import make_plan
from small_series import DIRECTIONS_LPS, save_series

pydicom = pytest.importorskip("pydicom", reason="pydicom is not installed")

TARGET = PlannedTarget("DLPFC target (left)", np.array([-31.5, 12.25, 8.125]), None, None, "centroid", ("estimated",))


def _region(folder, directions: str = "tilted") -> Region:
    """A lopsided mask with a hole that holds an island, a single voxel and two that touch at a corner."""
    save_series(folder, directions)
    scan = read_volume(folder)
    mask = np.zeros(scan.array_kji.shape, bool)
    mask[2:5, 20:40, 50:60] = True
    mask[3, 24:32, 52:57] = False
    mask[3, 27:29, 54] = True
    mask[3, 30, 12] = mask[4, 5, 5] = mask[4, 6, 6] = mask[5, 0, 0] = True
    return Region(scan, "left", mask, mask.astype(np.float32), 0.9, (), ("thin mask",))


@pytest.mark.parametrize("directions", DIRECTIONS_LPS)
def test_outlines_filled_again_are_the_mask_in_any_series(directions, tmp_path):
    region = _region(tmp_path / "series", directions)
    write_rt_struct(region, [TARGET], tmp_path / "mask.dcm")
    (mask,), (point,) = read_rt_struct(tmp_path / "mask.dcm", region.volume)
    np.testing.assert_array_equal(mask.volume.array_kji, region.mask_kji)
    np.testing.assert_allclose(point.position_ras_mm, TARGET.position_ras_mm, atol=1e-6)


@given(arrays(bool, (7, 9)))
def test_outlines_of_any_mask_hold_its_pixels_alone(mask):
    from matplotlib.path import Path

    j, i = np.indices(mask.shape)
    centres = np.column_stack((i.ravel(), j.ravel())) + (1e-4, 1.7e-4)
    filled = np.zeros(mask.size, bool)
    for outline in mask_outlines(mask):
        filled ^= Path(np.vstack((outline, outline[:1]))).contains_points(centres)
    np.testing.assert_array_equal(filled.reshape(mask.shape), mask)


@given(arrays(bool, (6, 6)))
def test_outlines_keep_clear_of_every_pixels_centre(mask):
    for outline in mask_outlines(mask):
        assert np.abs(outline - np.rint(outline)).max(axis=1).min() > 0.49


def test_one_voxel_gives_the_four_points_around_its_centre(tmp_path):
    region = _region(tmp_path / "series")
    mask = np.zeros_like(region.mask_kji)
    mask[4, 30, 12] = True
    write_rt_struct(Region(region.volume, "left", mask, region.probability_kji, 0.9, ()), [], tmp_path / "mask.dcm")
    (contour,) = pydicom.dcmread(tmp_path / "mask.dcm").ROIContourSequence[0].ContourSequence
    lps = np.reshape(np.array(contour.ContourData, float), (-1, 3))
    ijk = ras_to_ijk(region.volume.ijk_to_ras, lps * (-1, -1, 1))
    around = {(11.5, 30.0, 4.0), (12.5, 30.0, 4.0), (12.0, 29.5, 4.0), (12.0, 30.5, 4.0)}
    assert {tuple(float(value) + 0.0 for value in point) for point in np.round(ijk, 4)} == around


def test_patient_frame_images_names_and_warnings_are_those_of_series_and_mask(tmp_path):
    region = _region(tmp_path / "series")
    write_rt_struct(region, [TARGET], tmp_path / "mask.dcm")
    data = pydicom.dcmread(tmp_path / "mask.dcm")
    assert (data.Modality, data.PatientID, data.StudyInstanceUID) == ("RTSTRUCT", "1", "1.2.826.2")
    frame = data.ReferencedFrameOfReferenceSequence[0]
    series = frame.RTReferencedStudySequence[0].RTReferencedSeriesSequence[0]
    assert (frame.FrameOfReferenceUID, series.SeriesInstanceUID) == ("1.2.826.4", "1.2.826.3")
    assert len(series.ContourImageSequence) == 6
    mask, point = data.StructureSetROISequence
    assert (mask.ROIName, point.ROIName) == ("Left DLPFC", "DLPFC target (left)")
    assert "Research use only" in mask.ROIDescription and "WARNING: thin mask" in mask.ROIDescription
    assert point.ROIDescription == "centroid WARNING: estimated"
    assert data.ROIContourSequence[1].ContourSequence[0].ContourGeometricType == "POINT"
    assert data.file_meta.TransferSyntaxUID == pydicom.uid.ImplicitVRLittleEndian


def test_every_outline_names_the_image_on_whose_plane_it_lies(tmp_path):
    region = _region(tmp_path / "series", "oblique")
    write_rt_struct(region, [], tmp_path / "mask.dcm")
    images = {data.SOPInstanceUID: data for data in map(pydicom.dcmread, (tmp_path / "series").iterdir())}
    for contour in pydicom.dcmread(tmp_path / "mask.dcm").ROIContourSequence[0].ContourSequence:
        image = images[contour.ContourImageSequence[0].ReferencedSOPInstanceUID]
        directions = np.array(image.ImageOrientationPatient, float)
        points = np.reshape(np.array(contour.ContourData, float), (-1, 3))
        off_plane = (points - np.array(image.ImagePositionPatient, float)) @ np.cross(directions[:3], directions[3:])
        assert np.abs(off_plane).max() < 1e-3


def test_separate_exclusive_outlines_of_others_are_filled_too(tmp_path):
    region = _region(tmp_path / "series")
    write_rt_struct(region, [], tmp_path / "mask.dcm")
    data = pydicom.dcmread(tmp_path / "mask.dcm")
    data.ROIContourSequence[0].ContourSequence = [
        _square(region, low, high) for low, high in ((9.5, 30.5), (14.5, 25.5))
    ]
    data.save_as(tmp_path / "theirs.dcm")
    (mask,), _ = read_rt_struct(tmp_path / "theirs.dcm", region.volume)
    expected = np.zeros_like(region.mask_kji)
    expected[3, 10:31, 10:31] = True
    expected[3, 15:26, 15:26] = False
    np.testing.assert_array_equal(mask.volume.array_kji, expected)


def _square(region, low, high):
    corners = np.array([[low, low, 3], [high, low, 3], [high, high, 3], [low, high, 3]])
    ras = corners @ region.volume.ijk_to_ras[:3, :3].T + region.volume.ijk_to_ras[:3, 3]
    contour = pydicom.Dataset()
    contour.ContourGeometricType, contour.NumberOfContourPoints = "CLOSEDPLANAR_XOR", 4
    contour.ContourData = [f"{value:.6f}" for value in (ras * (-1, -1, 1)).ravel()]
    return contour


def test_outlines_of_another_series_are_refused(tmp_path):
    region = _region(tmp_path / "series")
    write_rt_struct(region, [], tmp_path / "mask.dcm")
    save_series(tmp_path / "other", "coronal")
    with pytest.raises(UserError, match="lies on none of the slices"):
        read_rt_struct(tmp_path / "mask.dcm", read_volume(tmp_path / "other"))
    with pytest.raises(UserError, match="--scan"):
        read_rt_struct(tmp_path / "mask.dcm", None)


def test_words_too_long_for_dicom_say_that_they_were_cut(tmp_path):
    region = _region(tmp_path / "series")
    write_rt_struct(replace(region, warnings=("long " * 300,)), [], tmp_path / "mask.dcm")
    words = pydicom.dcmread(tmp_path / "mask.dcm").StructureSetROISequence[0].ROIDescription
    assert len(words) == 1024 and words.endswith("(cut, see result.json)")


def test_a_damaged_structure_set_is_told_in_one_sentence(tmp_path):
    region = _region(tmp_path / "series")
    write_rt_struct(region, [], tmp_path / "mask.dcm")
    data = pydicom.dcmread(tmp_path / "mask.dcm")
    del data.StructureSetROISequence
    data.save_as(tmp_path / "damaged.dcm")
    with pytest.raises(UserError, match="is damaged"):
        read_mask_targets(tmp_path / "damaged.dcm", region.volume)


def test_a_series_without_a_frame_of_reference_is_refused(tmp_path):
    region = _region(tmp_path / "series")
    for file in (tmp_path / "series").iterdir():
        data = pydicom.dcmread(file)
        del data.FrameOfReferenceUID
        data.save_as(file)
    with pytest.raises(UserError, match="no frame of reference"):
        write_rt_struct(region, [], tmp_path / "mask.dcm")


def test_a_scan_that_came_from_no_dicom_series_is_refused(tmp_path):
    with pytest.raises(UserError, match="need the DICOM series"):
        write_rt_struct(make_plan().sides["left"].region, [], tmp_path / "mask.dcm")


@pytest.mark.parametrize("directions", DIRECTIONS_LPS)
def test_dcmrtstruct2nii_fills_the_outlines_to_the_same_mask(directions, tmp_path):
    converter = pytest.importorskip(
        "dcmrtstruct2nii.adapters.convert.rtstructcontour2mask", reason="dcmrtstruct2nii is not installed"
    )
    region = _region(tmp_path / "series", directions)
    write_rt_struct(region, [TARGET], tmp_path / "mask.dcm")
    scan = SimpleITK.Cast(to_itk(region.volume), SimpleITK.sitkUInt8)
    found = converter.DcmPatientCoords2Mask().convert(_their_contours(tmp_path / "mask.dcm"), scan, 0, 1)
    np.testing.assert_array_equal(SimpleITK.GetArrayFromImage(found) > 0, region.mask_kji)


def _their_contours(path) -> list[dict]:
    """Contours as that package passes them on; the part of it that opens the file does not run with pydicom 3."""
    contours = pydicom.dcmread(path).ROIContourSequence[0].ContourSequence
    points = [np.reshape(np.array(contour.ContourData, float), (-1, 3)).T.tolist() for contour in contours]
    return [
        {"type": contour.ContourGeometricType, "points": dict(zip("xyz", place, strict=True))}
        for contour, place in zip(contours, points, strict=True)
    ]
