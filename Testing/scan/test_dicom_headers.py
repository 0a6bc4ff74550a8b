"""DICOM series whose headers leave out what places the head, or tell of two scans or people, are refused by name."""

import os

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from pydicom.uid import UID

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.scan.readers import read_volume

VALUES_KJI = np.arange(5 * 6 * 7, dtype=np.int16).reshape(5, 6, 7)
SPACING_IJK_MM = (0.9, 1.1, 2.0)
ENHANCED_MR = UID("1.2.840.10008.5.1.4.1.1.4.1")


def series(folder, **everywhere):
    """The series' folder; a keyword of DICOM's names a value of every slice, or the values of each in a list."""
    folder.mkdir(exist_ok=True)
    image = sitk.GetImageFromArray(VALUES_KJI)
    image.SetSpacing(SPACING_IJK_MM)
    writer = sitk.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    for k in range(len(VALUES_KJI)):
        plane, file = image[:, :, k], folder / f"slice{k}.dcm"
        for key, value in {
            "0008|0060": "MR", "0020|000e": "1.2.3.4", "0020|000d": "1.2.3", "0008|0018": f"1.2.3.4.{k}",
            "0008|0016": "1.2.840.10008.5.1.4.1.1.4", "0020|0013": str(k), "0010|0020": "17", "0010|0010": "One^A",
            "0020|0032": f"0\\0\\{2 * k}", "0020|0037": "1\\0\\0\\0\\1\\0",
        }.items():  # fmt: skip
            plane.SetMetaData(key, value)
        writer.SetFileName(str(file))
        writer.Execute(plane)
        edit(file, **{name: value[k] if type(value) is list else value for name, value in everywhere.items()})
    return folder


def edit(file, **values) -> None:
    """Set or, with None, delete fields of a file; text goes in as it is, right or wrong."""
    with pydicom.config.disable_value_validation():
        header = pydicom.dcmread(file)
        for name, value in values.items():
            if value is None:
                header.pop(name, None)
            elif isinstance(value, str) and "," in value:
                header[name] = pydicom.DataElement(name, "LO", value)
            else:
                setattr(header, name, value)
        header.save_as(file)


def refusal(path) -> str:
    with pytest.raises(UserError) as caught:
        read_volume(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ") and message.endswith(".") and "\n" not in message and "One" not in message
    return message


def test_the_series_of_these_tests_is_read_with_its_sizes(tmp_path):
    volume = read_volume(series(tmp_path / "T1"))
    np.testing.assert_array_equal(volume.array_kji, VALUES_KJI)
    np.testing.assert_allclose(volume.spacing_mm, SPACING_IJK_MM)


@pytest.mark.parametrize(
    "spacing",
    (None, "", [0, 0], [1.1, 0], [-1.1, 0.9], "1,1\\0,9"),
    ids=("none", "empty", "0", "one 0", "below", "comma"),
)
def test_a_pixel_spacing_that_says_nothing_is_refused(spacing, tmp_path):
    each = [spacing] * len(VALUES_KJI)
    assert "PixelSpacing" in refusal(series(tmp_path / "T1", PixelSpacing=each))


@pytest.mark.parametrize("k", range(len(VALUES_KJI)))
def test_one_slice_without_its_pixel_spacing_or_with_another_is_refused(k, tmp_path):
    for number, other in enumerate((None, [1.2, 0.9], [0.9, 1.1])):
        folder = series(tmp_path / str(number))
        edit(folder / f"slice{k}.dcm", PixelSpacing=other)
        assert "PixelSpacing" in refusal(folder)


@pytest.mark.parametrize("k", range(len(VALUES_KJI)))
@pytest.mark.parametrize("scaling", ({"RescaleSlope": 0.001}, {"RescaleIntercept": -1000}))
def test_slices_that_are_scaled_otherwise_than_the_rest_are_refused(k, scaling, tmp_path):
    folder = series(tmp_path / "T1", RescaleSlope=1, RescaleIntercept=0)
    edit(folder / f"slice{k}.dcm", **scaling)
    assert next(iter(scaling)) in refusal(folder)


def test_one_scaling_of_all_slices_is_applied_however_it_is_written(tmp_path):
    slopes = ["0.5", "0.50", "5e-1", "0.5", ".5"]
    volume = read_volume(series(tmp_path / "T1", RescaleSlope=slopes, RescaleIntercept=-3))
    np.testing.assert_array_equal(volume.array_kji, VALUES_KJI * 0.5 - 3)


@pytest.mark.parametrize(
    "other",
    (
        {"PatientID": "18"},
        {"PatientName": "Two^B"},
        {"PatientBirthDate": "19700101"},
        {"PatientID": None},
        {"PatientSex": "F"},
    ),
)
@pytest.mark.parametrize("k", (0, 2, 4))
def test_slices_of_two_patients_under_one_series_are_refused(other, k, tmp_path):
    folder = series(tmp_path / "T1")
    edit(folder / f"slice{k}.dcm", **other)
    assert f"different patients ({next(iter(other))})" in refusal(folder)


@pytest.mark.parametrize("size", ("Rows", "Columns"))
def test_a_slice_of_another_size_is_named(size, tmp_path):
    folder = series(tmp_path / "T1")
    header = pydicom.dcmread(folder / "slice3.dcm")
    pixels = VALUES_KJI[3][:-1] if size == "Rows" else VALUES_KJI[3][:, :-1]
    header.Rows, header.Columns = pixels.shape
    header.PixelData = pixels.tobytes()
    header.save_as(folder / "slice3.dcm")
    message = refusal(folder)
    assert "slice3.dcm" in message and "size 7 x 6" in message and "damaged" not in message


@pytest.mark.parametrize("name", ("ImagePositionPatient", "ImageOrientationPatient"))
@pytest.mark.parametrize("value", (None, "1,5\\2\\3", "1\\2", "nan\\1\\2"))
def test_a_place_that_is_missing_or_no_number_is_refused_with_a_way_out(name, value, tmp_path):
    folder = series(tmp_path / "T1")
    edit(folder / "slice2.dcm", **{name: value})
    message = refusal(folder)
    assert "slice2.dcm" in message and "from the DICOM files" not in message and "export the series again" in message


@pytest.mark.parametrize(
    "directions", ([0] * 6, [1, 0, 0, 1, 0, 0], [2, 0, 0, 0, 2, 0], [1, 0, 0, 0.5, 0.9, 0], [1, 0, 0, 0, 0, 0])
)
def test_directions_that_span_no_slice_are_refused_and_send_nobody_to_files_that_these_are(directions, tmp_path):
    message = refusal(series(tmp_path / "T1", ImageOrientationPatient=[directions] * len(VALUES_KJI)))
    assert "0020,0037" in message and "export the series again" in message and "from the DICOM files" not in message


def test_directions_that_a_program_rounded_are_read(tmp_path):
    turned = [0.9848, 0.1736, 0.0, -0.1736, 0.985, 0.0]
    assert read_volume(series(tmp_path / "T1", ImageOrientationPatient=[turned] * len(VALUES_KJI))).spacing_mm[2] == 2


def test_a_series_that_lies_too_far_away_is_not_sent_to_the_dicom_files_that_it_is(tmp_path):
    positions = [[3e4, 0, 2 * k] for k in range(len(VALUES_KJI))]
    message = refusal(series(tmp_path / "T1", ImagePositionPatient=positions))
    assert "10 m away" in message and "from the DICOM files" not in message


@pytest.mark.parametrize(
    ("unit", "between", "wide", "refused"),
    [
        ("metres", 1e-3, 1e-3, True),
        ("metres", 1e-3, 1.0, True),
        ("metres", 1.0, 1e-3, True),
        ("microns", 1e3, 1e3, True),
        ("microns", 1e3, 1.0, True),
        ("microns", 1.0, 1e3, True),
        ("centimetres", 0.1, 0.1, False),
        ("hundredths", 0.04, 1.0, False),
    ],
)
def test_lengths_that_cannot_be_mm_are_called_so_and_not_slices_at_one_place(unit, between, wide, refused, tmp_path):
    positions = [[0, 0, 2 * k * between] for k in range(len(VALUES_KJI))]
    spacing = [[1.1 * wide, 0.9 * wide]] * len(VALUES_KJI)
    folder = series(tmp_path / "T1", ImagePositionPatient=positions, PixelSpacing=spacing)
    if refused:
        assert unit in refusal(folder) and "DICOM's are in mm" in refusal(folder)
    else:  # told by its field of view, as of any other file
        np.testing.assert_allclose(read_volume(folder).spacing_mm, np.array([0.9 * wide, 1.1 * wide, 2 * between]))


@pytest.mark.parametrize("k", (0, 2, 4))
def test_slices_of_two_frames_of_reference_are_refused(k, tmp_path):
    uids = ["1.2.8"] * len(VALUES_KJI)
    assert read_volume(series(tmp_path / "one", FrameOfReferenceUID=[*uids[:k], None, *uids[k + 1 :]]))
    uids[k] = "1.2.9"
    assert "different frames of reference" in refusal(series(tmp_path / "two", FrameOfReferenceUID=uids))


@pytest.mark.parametrize(("aside", "words"), (([0, 0, 3, 0, 0], "contradict"), ([0, 1, 2, 3, 4], "tilt")))
def test_a_slice_that_lies_aside_is_no_tilt(aside, words, tmp_path):
    positions = [[0, aside[k], 2 * k] for k in range(len(VALUES_KJI))]
    assert words in refusal(series(tmp_path / "T1", ImagePositionPatient=positions))


@pytest.mark.parametrize("step", (0.0, 1e-6))
def test_slices_of_one_place_are_called_so_and_not_metres(step, tmp_path):
    positions = [[0, 0, k * step] for k in range(len(VALUES_KJI))]
    assert "same place" in refusal(series(tmp_path / "T1", ImagePositionPatient=positions))


def test_an_enhanced_file_of_one_frame_is_called_so(tmp_path):
    folder = series(tmp_path / "T1", SOPClassUID=ENHANCED_MR, ImagePositionPatient=None, ImageOrientationPatient=None)
    assert "enhanced DICOM" in refusal(folder) and "dcm2niix" in refusal(folder)


def test_a_series_whose_files_have_no_preamble_is_read(tmp_path):
    folder = series(tmp_path / "T1")
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[132:])
        file.rename(file.with_suffix(""))
    for path in (folder, folder / "slice2"):
        volume = read_volume(path)
        np.testing.assert_array_equal(volume.array_kji, VALUES_KJI)
        np.testing.assert_allclose(volume.spacing_mm, SPACING_IJK_MM)


def test_a_dicomdir_is_called_what_it_is(tmp_path):
    content = bytes(128) + b"DICM\x02\0\x02\0UI\x1a\0" + b"1.2.840.10008.1.3.10\0" + bytes(600)
    (tmp_path / "DICOMDIR").write_bytes(content)
    assert "DICOMDIR, a table of contents" in refusal(tmp_path / "DICOMDIR")


def test_pipes_and_links_to_nothing_among_the_slices_are_passed_over(tmp_path):
    folder = series(tmp_path / "T1")
    os.mkfifo(folder / "notes")
    (folder / "0_lost").symlink_to(tmp_path / "gone")
    (folder / "slice9.dcm").symlink_to(tmp_path / "gone")
    for path in (folder, folder / "slice1.dcm"):
        np.testing.assert_array_equal(read_volume(path).array_kji, VALUES_KJI)


@pytest.mark.parametrize("k", range(len(VALUES_KJI)))
def test_a_slice_that_was_cut_off_is_noticed_at_the_ends_of_the_stack_too(k, tmp_path):
    folder = series(tmp_path / "T1")
    file = folder / f"slice{k}.dcm"
    file.write_bytes(file.read_bytes()[:-20])
    assert "copy the whole series again" in refusal(folder)
