"""Every file that a lab has reads to the same world, or is refused in one sentence."""

import itertools
import os
import subprocess
import sys

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.scan import readers
from DLPFCSegmenterLib.scan.readers import grid_of, read_volume

SHAPE_IJK = (7, 9, 11)
ROTATION = np.array([[0.96, -0.28, 0.0], [0.28, 0.96, 0.0], [0.0, 0.0, 1.0]])
AFFINE = np.eye(4)
AFFINE[:3, :3] = ROTATION * (1.0, 1.5, 2.0)
AFFINE[:3, 3] = (-31.0, 12.0, 40.0)
ORIENTATIONS = [
    np.array(list(zip(axes, flips, strict=True)))
    for axes in itertools.permutations(range(3))
    for flips in itertools.product((1, -1), repeat=3)
]


def values_ijk(dtype=np.int16) -> np.ndarray:
    """A different value in every voxel."""
    return np.arange(np.prod(SHAPE_IJK), dtype=dtype).reshape(SHAPE_IJK)


def nifti(data: np.ndarray | None = None, affine=AFFINE) -> nib.Nifti1Image:
    image = nib.Nifti1Image(values_ijk() if data is None else data, affine)
    image.set_qform(affine, code=1)
    image.set_sform(affine, code=1)
    return image


def save_nifti(path, *arguments, **keywords):
    nib.save(nifti(*arguments, **keywords), path)
    return path


def save_through_itk(path, tmp_path, image: nib.Nifti1Image):
    """Let ITK's own NIfTI reader and writers do the conversion, none of our code."""
    nib.save(image, tmp_path / "source.nii")
    sitk.WriteImage(sitk.ReadImage(str(tmp_path / "source.nii")), str(path))
    return path


def save_dicom(folder, image: sitk.Image, uid="1.2.3.4", positions=None, **tags):
    """Write each slice of `image` as the file of one series; `positions` overrides those in LPS mm."""
    folder.mkdir(exist_ok=True)
    direction = np.reshape(image.GetDirection(), (3, 3))
    writer = sitk.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    for k in range(image.GetDepth()):
        place = image.TransformIndexToPhysicalPoint((0, 0, k)) if positions is None else positions[k]
        values = {
            "0008|0060": "MR", "0020|000e": uid, "0020|000d": "1.2.3", "0008|103e": "T1",
            "0008|0018": f"{uid}.{k}", "0020|0013": str(k), "0018|0050": str(image.GetSpacing()[2]),
            "0020|0032": "\\".join(f"{x:.6f}" for x in place),
            "0020|0037": "\\".join(f"{x:.8f}" for x in direction[:, :2].T.ravel()),
        } | tags  # fmt: skip
        plane = image[:, :, k]
        for key, value in values.items():
            plane.SetMetaData(key, value)
        writer.SetFileName(str(folder / f"{uid}_{k * 37 % 101:03d}.dcm"))
        writer.Execute(plane)
    return folder


def itk_scan(size=SHAPE_IJK) -> sitk.Image:
    image = sitk.GetImageFromArray(np.arange(np.prod(size), dtype=np.int16).reshape(size[::-1]))
    image.SetSpacing((1.0, 1.5, 2.0))
    image.SetDirection(np.diag([1.0, -1, -1]).ravel())
    image.SetOrigin((-10.0, 20.0, 5.0))
    return image


def assert_same_world(volume, image: nib.Nifti1Image):
    """Every voxel of `image` is found in `volume` at the same RAS point with the same value."""
    ijk = np.indices(image.shape).reshape(3, -1).T
    points_ras_mm = nib.affines.apply_affine(image.affine, ijk)
    found = spaces.ras_to_ijk(volume.ijk_to_ras, points_ras_mm)
    np.testing.assert_allclose(found, np.rint(found), atol=1e-3)
    i, j, k = np.rint(found).astype(int).T
    np.testing.assert_array_equal(volume.array_kji[k, j, i], np.asarray(image.dataobj).reshape(-1))


def refusal(path, *arguments) -> str:
    with pytest.raises(UserError) as caught:
        read_volume(path, *arguments)
    message = str(caught.value)
    assert path.name in message
    assert message.endswith(".") and "\n" not in message and len(message) < 400
    return message


@pytest.mark.parametrize("suffix", [".nii.gz", ".nrrd", ".mha", ".mgz"])
def test_all_48_axis_orders_read_back_to_the_same_world(tmp_path, suffix):
    for orientation in ORIENTATIONS:
        image = nifti().as_reoriented(orientation)
        path = tmp_path / f"scan{suffix}"
        if suffix == ".nii.gz":
            nib.save(image, path)
        elif suffix == ".mgz":
            nib.save(nib.MGHImage(np.asarray(image.dataobj), image.affine), path)
        else:
            save_through_itk(path, tmp_path, image)
        volume = read_volume(path)
        assert_same_world(volume, nifti())
        assert volume.orientation == "".join(nib.aff2axcodes(image.affine))
        assert volume.source == str(path)


def test_detached_headers_and_nifti_pairs_are_read(tmp_path):
    nib.save(nib.Nifti1Pair(values_ijk(), AFFINE), tmp_path / "pair.img")
    assert_same_world(read_volume(tmp_path / "pair.hdr"), nifti())
    for suffix in (".nhdr", ".mhd"):
        assert_same_world(read_volume(save_through_itk(tmp_path / f"scan{suffix}", tmp_path, nifti())), nifti())


@pytest.mark.parametrize(("given", "missing"), [("a.hdr", "a.img"), ("a.img", "a.hdr"), ("A.HDR", "A.IMG")])
def test_half_of_a_pair_names_the_half_that_is_missing(given, missing, tmp_path):
    nib.save(nib.Nifti1Pair(values_ijk(), AFFINE), tmp_path / "a.img")
    half = (tmp_path / f"a{given[1:].lower()}").rename(tmp_path / given)
    (tmp_path / f"a{missing[1:].lower()}").unlink()
    message = refusal(half)
    assert f"its other half '{missing}' is not there" in message and "damaged" not in message


def test_nrrd_in_ras_space_is_read_as_ras(tmp_path):
    header = (
        "NRRD0005\ntype: short\ndimension: 3\nsizes: 2 2 2\nencoding: raw\nendian: little\n"
        "space: right-anterior-superior\nspace directions: (1,0,0) (0,2,0) (0,0,3)\nspace origin: (4,5,6)\n\n"
    )
    (tmp_path / "ras.nrrd").write_bytes(header.encode() + np.arange(8, dtype="<i2").tobytes())
    volume = read_volume(tmp_path / "ras.nrrd")
    np.testing.assert_allclose(volume.ijk_to_ras, [[1, 0, 0, 4], [0, 2, 0, 5], [0, 0, 3, 6], [0, 0, 0, 1]])


@pytest.mark.parametrize("suffix", [".nii.gz", ".nrrd", ".mha", ".mgz"])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
def test_common_types_are_kept_small(tmp_path, suffix, dtype):
    data = (values_ijk() % 200).astype(dtype)
    path = tmp_path / f"scan{suffix}"
    if suffix == ".mgz":
        nib.save(nib.MGHImage(data, AFFINE), path)
    elif suffix == ".nii.gz":
        save_nifti(path, data)
    else:
        save_through_itk(path, tmp_path, nifti(data))
    array = read_volume(path).array_kji
    assert array.dtype == dtype and array.flags.c_contiguous
    np.testing.assert_array_equal(array, data.T)


def test_double_precision_becomes_single(tmp_path):
    data = values_ijk(np.float64) / 3
    array = read_volume(save_nifti(tmp_path / "double.nii", data)).array_kji
    assert array.dtype == np.float32
    np.testing.assert_allclose(array, data.T, rtol=1e-6)


@pytest.mark.parametrize(("slope", "intercept"), [(1e-9, 1.0), (-1e-7, 5.0), (1e36, 0.0), (1e-43, 0.0), (1.0, 1e9)])
@pytest.mark.parametrize("kind", ["nifti", "nrrd"])
def test_a_range_that_four_bytes_cannot_hold_keeps_its_image(kind, slope, intercept, tmp_path):
    data = values_ijk(np.float64) * slope + intercept
    path = tmp_path / ("scan.nii" if kind == "nifti" else "scan.nrrd")
    if kind == "nifti":
        save_nifti(path, data)
    else:
        sitk.WriteImage(sitk.GetImageFromArray(data.T), str(path))
    values = read_volume(path).array_kji.T.ravel().astype(float)
    assert values.dtype.kind == "f" and np.isfinite(values).all()
    expected = np.arange(values.size) / (values.size - 1)
    found = (values - values.min()) / np.ptp(values)
    np.testing.assert_allclose(found, expected if slope > 0 else 1 - expected, atol=1e-4)


def test_nifti_slope_and_intercept_are_applied(tmp_path):
    image = nifti()
    image.header.set_slope_inter(0.5, -3)
    nib.save(image, tmp_path / "scaled.nii.gz")
    array = read_volume(tmp_path / "scaled.nii.gz").array_kji
    assert array.dtype == np.float32
    np.testing.assert_array_equal(array, values_ijk().T * 0.5 - 3)


def test_sform_is_preferred_and_codes_are_kept(tmp_path):
    image = nib.Nifti1Image(values_ijk(), AFFINE)
    shifted = AFFINE.copy()
    shifted[0, 3] += 7
    image.set_sform(shifted, code=4)
    image.set_qform(AFFINE, code=1)
    nib.save(image, tmp_path / "two.nii")
    volume = read_volume(tmp_path / "two.nii")
    np.testing.assert_allclose(volume.ijk_to_ras, shifted)
    assert (volume.origin.nifti.qform_code, volume.origin.nifti.sform_code) == (1, 4)
    assert len(volume.warnings) == 1 and "7.0 mm" in volume.warnings[0]


def test_equal_qform_and_sform_give_no_warning(tmp_path):
    assert read_volume(save_nifti(tmp_path / "same.nii")).warnings == ()


def test_qform_is_used_where_the_sform_is_unset(tmp_path):
    image = nib.Nifti1Image(values_ijk(), None)
    image.set_qform(AFFINE, code=1)
    image.set_sform(None, code=0)
    nib.save(image, tmp_path / "q.nii")
    volume = read_volume(tmp_path / "q.nii")
    np.testing.assert_allclose(volume.ijk_to_ras, AFFINE, atol=1e-4)
    assert (volume.origin.nifti.qform_code, volume.origin.nifti.sform_code) == (1, 0)


@pytest.mark.parametrize("signs", [(-1, 1, 1, 1), (1, -1, 1, 1), (-1, -1, 1, 1)])
def test_qform_and_sform_that_disagree_on_the_side_are_refused(tmp_path, signs):
    image = nib.Nifti1Image(values_ijk(), AFFINE)
    image.set_sform(np.diag(signs) @ AFFINE, code=1)
    image.set_qform(AFFINE, code=1)
    nib.save(image, tmp_path / "mirror.nii")
    assert "which side is left" in refusal(tmp_path / "mirror.nii")


def test_sheared_nifti_affine_is_kept(tmp_path):
    sheared = AFFINE.copy()
    sheared[0, 1] += 0.4
    image = nib.Nifti1Image(values_ijk(), sheared)
    image.set_qform(None, code=0)
    nib.save(image, tmp_path / "shear.nii")
    np.testing.assert_allclose(read_volume(tmp_path / "shear.nii").ijk_to_ras, sheared, atol=1e-6)


@pytest.mark.parametrize("suffix", [".nii.gz", ".mgz", ".mha", ".nii"])
def test_one_frame_of_several_is_chosen_by_number(tmp_path, suffix):
    path = tmp_path / f"bold{suffix}"
    frames = np.stack([values_ijk(), values_ijk() + 1000, values_ijk() + 2000], axis=-1)
    if suffix == ".mha":
        sitk.WriteImage(sitk.GetImageFromArray(frames.T, isVector=False), str(path))
    elif suffix == ".mgz":
        nib.save(nib.MGHImage(frames, AFFINE), path)
    else:
        save_nifti(path, frames)
    message = refusal(path)
    assert "3 frames" in message and "--frame" in message
    np.testing.assert_array_equal(read_volume(path, 2).array_kji, frames[..., 2].T)
    assert "no frame 3" in refusal(path, 3)
    assert "no frame -1" in refusal(path, -1)


def test_frames_of_a_nrrd_sequence_are_chosen_by_number(tmp_path):
    header = (
        "NRRD0005\ntype: short\ndimension: 4\nsizes: 2 4 3 2\nencoding: raw\nendian: little\n"
        "space: left-posterior-superior\nspace directions: none (1,0,0) (0,2,0) (0,0,3)\n"
        "kinds: list domain domain domain\nspace origin: (0,0,0)\n\n"
    )
    data = np.arange(48, dtype="<i2").reshape(2, 3, 4, 2)
    path = tmp_path / "sequence.seq.nrrd"
    path.write_bytes(header.encode() + data.tobytes())
    assert "2 frames" in refusal(path)
    np.testing.assert_array_equal(read_volume(path, 1).array_kji, data[..., 1])


def test_a_single_frame_needs_no_choice(tmp_path):
    path = save_nifti(tmp_path / "one.nii", values_ijk()[..., None])
    assert_same_world(read_volume(path), nifti())


def test_dicom_series_reads_to_the_same_world_in_every_slice_direction(tmp_path):
    for number, flips in enumerate(itertools.product((1, -1), repeat=3)):
        image = sitk.PermuteAxes(itk_scan(), [(0, 1, 2), (1, 2, 0)][number % 2])
        image = sitk.Flip(image, [flip < 0 for flip in flips])
        folder = save_dicom(tmp_path / f"series{number}", image, uid=f"1.2.{number}")
        volume = read_volume(folder)
        sitk.WriteImage(image, str(tmp_path / "same.nii"))
        assert_same_world(volume, nib.load(tmp_path / "same.nii"))
        assert volume.warnings == ()


def test_one_dicom_file_stands_for_its_series(tmp_path):
    folder = save_dicom(tmp_path / "study", itk_scan())
    save_dicom(folder, itk_scan((5, 5, 3)), uid="9.9", **{"0008|103e": "localizer"})
    volume = read_volume(folder / "1.2.3.4_010.dcm")
    assert volume.shape_ijk == SHAPE_IJK
    message = refusal(folder)
    assert "2 DICOM series" in message and "'localizer', 3 files" in message and "'T1', 11 files" in message


def test_missing_dicom_slice_is_refused(tmp_path):
    folder = save_dicom(tmp_path / "series", itk_scan())
    (folder / "1.2.3.4_037.dcm").unlink()
    assert "missing" in refusal(folder)


def test_tilted_dicom_stack_is_refused(tmp_path):
    positions = [(0.0, 0.3 * k, 2.0 * k) for k in range(SHAPE_IJK[2])]
    image = itk_scan()
    image.SetDirection(np.eye(3).ravel())
    assert "tilt" in refusal(save_dicom(tmp_path / "series", image, positions=positions))


def test_repeated_dicom_slices_are_refused(tmp_path):
    positions = [(0.0, 0.0, -2.0 * (k // 2)) for k in range(SHAPE_IJK[2])]
    assert "same place" in refusal(save_dicom(tmp_path / "series", itk_scan(), positions=positions))


def test_localiser_planes_in_one_series_are_refused(tmp_path):
    folder = save_dicom(tmp_path / "series", itk_scan())
    upright = sitk.PermuteAxes(itk_scan(), (2, 1, 0))[:, :, :1]
    save_dicom(tmp_path / "other", upright)
    (tmp_path / "other" / "1.2.3.4_000.dcm").rename(folder / "extra.dcm")
    assert "planes" in refusal(folder)


def test_dicom_of_another_modality_is_read_with_a_warning(tmp_path):
    volume = read_volume(save_dicom(tmp_path / "ct", itk_scan(), **{"0008|0060": "CT"}))
    assert volume.warnings == ("ct: the DICOM modality is CT, not MR.",)


def test_a_lone_dicom_slice_is_refused(tmp_path):
    folder = save_dicom(tmp_path / "series", itk_scan()[:, :, :1])
    assert "single DICOM slice" in refusal(folder)


def test_damaged_dicom_slice_is_refused(tmp_path):
    folder = save_dicom(tmp_path / "series", itk_scan())
    file = sorted(folder.iterdir())[3]
    file.write_bytes(file.read_bytes()[:-60])
    assert "copy the whole series again" in refusal(folder)


def test_missing_file_is_refused(tmp_path):
    assert "no such file" in refusal(tmp_path / "nowhere.nii.gz")


def test_a_name_in_an_older_encoding_is_refused_in_words_that_can_be_written(tmp_path):
    with pytest.raises(UserError, match=r"M\\xfcller.nii.gz: its name is no UTF-8") as caught:
        read_volume(tmp_path / os.fsdecode(b"M\xfcller.nii.gz"))
    assert str(caught.value).encode()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["zähl.nii", "走.nii.gz", "M\u00fcller/a.mha"])
def test_where_the_system_reads_names_in_ascii_the_sentence_says_that_and_not_that_the_name_is_wrong(name, tmp_path):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"")
    ascii_alone = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    read = "import sys; from DLPFCSegmenterLib.scan.readers import read_volume as r\ntry: r(sys.argv[1])\n"
    read += "except Exception as error: sys.stdout.buffer.write(str(error).encode())"
    command = [sys.executable, "-c", read, str(tmp_path / name)]
    told = subprocess.run(command, env=os.environ | ascii_alone, capture_output=True, check=True).stdout.decode()
    assert told.startswith(f"{tmp_path / name}: names are read as ascii here") and "LC_ALL" in told


def test_empty_folder_is_refused_without_noise(tmp_path, capfd):
    (tmp_path / "empty").mkdir()
    assert "no DICOM" in refusal(tmp_path / "empty")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "a.nrrd", "a.mha", "a.mgz", "a.dcm", "a.txt", "a"])
def test_empty_and_text_files_are_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    assert "empty" in refusal(tmp_path / name)
    (tmp_path / name).write_text("this is not an image\n" * 50)
    refusal(tmp_path / name)


@pytest.mark.parametrize("suffix", [".nii.gz", ".nii", ".mgz", ".nrrd", ".mha"])
def test_truncated_files_are_refused(tmp_path, suffix):
    path = tmp_path / f"cut{suffix}"
    data = np.random.default_rng(0).integers(0, 1000, SHAPE_IJK).astype(np.int16)
    if suffix == ".mgz":
        nib.save(nib.MGHImage(data, AFFINE), path)
    elif suffix.startswith(".nii"):
        save_nifti(path, data)
    else:
        save_through_itk(path, tmp_path, nifti(data))
    path.write_bytes(path.read_bytes()[:-400])
    assert "damaged" in refusal(path)


def test_a_picture_is_refused(tmp_path):
    sitk.WriteImage(sitk.GetImageFromArray(np.zeros((8, 8), np.uint8)), str(tmp_path / "photo.png"))
    assert "NIfTI" in refusal(tmp_path / "photo.png")


@pytest.mark.parametrize("suffix", [".nii.gz", ".nrrd", ".mha"])
def test_a_single_slice_is_refused(tmp_path, suffix):
    path = tmp_path / f"flat{suffix}"
    image = sitk.GetImageFromArray(np.ones((1, 8, 8), np.int16))
    sitk.WriteImage(image, str(path))
    assert "3-D" in refusal(path)
    sitk.WriteImage(image[:, :, 0], str(path))
    assert "3-D" in refusal(path)


@pytest.mark.parametrize("suffix", [".nii.gz", ".nrrd", ".mha"])
def test_colour_is_refused(tmp_path, suffix):
    path = tmp_path / f"colour{suffix}"
    sitk.WriteImage(sitk.GetImageFromArray(np.zeros((4, 5, 6, 3), np.uint8), isVector=True), str(path))
    assert "3 values in each voxel" in refusal(path)


def test_nifti_rgb_type_is_refused(tmp_path):
    data = np.zeros(SHAPE_IJK, dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
    assert "colour" in refusal(save_nifti(tmp_path / "rgb.nii", data))


def test_complex_values_are_refused(tmp_path):
    assert "complex" in refusal(save_nifti(tmp_path / "raw.nii", values_ijk().astype(np.complex64)))


def test_headers_without_orientation_are_refused(tmp_path):
    image = nib.Nifti1Image(values_ijk(), None)
    image.set_qform(None, code=0)
    image.set_sform(None, code=0)
    nib.save(image, tmp_path / "blank.nii.gz")
    nib.save(nib.AnalyzeImage(values_ijk(), AFFINE), tmp_path / "old.img")
    mgh = bytearray(nib.MGHImage(values_ijk(), AFFINE).to_bytes())
    mgh[28:30] = bytes(2)
    (tmp_path / "unset.mgh").write_bytes(mgh)
    for name in ("blank.nii.gz", "old.img", "unset.mgh"):
        assert "left and right are unknown" in refusal(tmp_path / name)


@pytest.mark.parametrize("space", ["", "space dimension: 3\n", "space: scanner-xyz\n"])
def test_nrrd_without_anatomical_space_is_refused(tmp_path, space):
    directions = "space directions: (1,0,0) (0,1,0) (0,0,1)\n" if space else "spacings: 1 1 1\n"
    header = "NRRD0005\ntype: uchar\ndimension: 3\nsizes: 2 2 2\nencoding: raw\n" + space + directions + "\n"
    (tmp_path / "lost.nrrd").write_bytes(header.encode() + bytes(8))
    assert "left and right are unknown" in refusal(tmp_path / "lost.nrrd")


def test_metaimage_without_matrix_is_refused(tmp_path):
    header = "ObjectType = Image\nNDims = 3\nElementSpacing = 1 1 1\nDimSize = 2 2 2\nElementType = MET_UCHAR\n"
    (tmp_path / "lost.mha").write_bytes(f"{header}ElementDataFile = LOCAL\n".encode() + bytes(8))
    assert "left and right are unknown" in refusal(tmp_path / "lost.mha")


def test_a_header_that_claims_an_absurd_size_is_refused_before_reading(tmp_path):
    image = nifti()
    image.header.set_data_shape((30000, 30000, 30000))
    (tmp_path / "huge.nii").write_bytes(image.header.binaryblock + bytes(100))
    assert "too large" in refusal(tmp_path / "huge.nii")


def test_the_grid_of_a_file_is_read_once_and_again_where_the_file_was_written_anew(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(readers, "read_volume", lambda path: read.append(path) or read_volume(path))
    path = save_nifti(tmp_path / "scan.nii")
    grid, file = grid_of(path), read_volume(path)
    np.testing.assert_array_equal(grid.ijk_to_ras, file.ijk_to_ras)
    assert (grid.origin, grid.shape_ijk) == (file.origin, file.shape_ijk) and not grid.array_kji.any()
    grid_of(path)
    assert read == [path]
    nib.save(nib.Nifti1Image(np.ones((9, 8, 7), np.int16), np.diag([2.0, 2.0, 2.0, 1.0])), path)
    os.utime(path, ns=(1, 1))
    assert grid_of(path).shape_ijk == (9, 8, 7) and read == [path] * 2
