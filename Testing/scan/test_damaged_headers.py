"""A header that cannot be true is refused in one sentence that names the fault, before a library trusts it."""

import gzip
import os
import re
import struct

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.scan.checks import check_scan
from DLPFCSegmenterLib.scan.readers import read_volume

VALUES_IJK = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
TURN = np.array([[0.96, 0.28, 0, -31], [-0.28, 0.96, 0, 12], [0, 0, 1, 40], [0, 0, 0, 1.0]])
MIRRORED = TURN @ np.diag([-1.0, 1, 1, 1])


def nifti(path, affine=TURN, qform=1, sform=0, kind=nib.Nifti1Image, **fields):
    """Save a file whose header's bytes, at offset and in type of number, are what `fields` say."""
    image = kind(VALUES_IJK, None)
    image.set_qform(affine, code=qform)
    image.set_sform(affine, code=sform)
    content = bytearray(image.to_bytes())
    for name, value in fields.items():
        offset, number = {
            "qfac": (76, "<f"), "size_i": (80, "<f"), "vox_offset": (108, "<f"), "units": (123, "<B"),
            "quatern_b": (256, "<f"), "quatern_c": (260, "<f"), "quatern_d": (264, "<f"),
            "qoffset_x": (268, "<f"), "datatype": (70, "<h"), "qform_code": (252, "<h"), "sform_code": (254, "<h"),
        }[name]  # fmt: skip
        struct.pack_into(number, content, offset, value)
    path.write_bytes(gzip.compress(content) if path.name.endswith(".gz") else content)
    return path


def refusal(path) -> str:
    with pytest.raises(UserError) as caught:
        read_volume(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ") and message.endswith(".") and "\n" not in message
    return message


@pytest.mark.parametrize("ending", (".nii", ".nii.gz"))
@pytest.mark.parametrize("affine", (TURN, MIRRORED))
@pytest.mark.parametrize("qfac", (2, -2, np.nan, -0.5, 0.5, np.inf, -1.0001, 1e-30))
@pytest.mark.parametrize("sform", (0, 1))
def test_a_qform_whose_side_is_not_told_by_1_or_minus_1_is_refused(ending, affine, qfac, sform, tmp_path):
    path = nifti(tmp_path / f"scan{ending}", affine, qfac=qfac, sform=sform)
    assert "left and right are unknown" in refusal(path)


@pytest.mark.parametrize("affine", (TURN, MIRRORED))
def test_a_qform_alone_is_read_with_the_side_that_it_tells(affine, tmp_path):
    volume = read_volume(nifti(tmp_path / "scan.nii", affine))
    np.testing.assert_allclose(volume.ijk_to_ras, affine, atol=1e-5)


@pytest.mark.parametrize(("affine", "sign"), ((TURN, 1), (MIRRORED, -1)))
@pytest.mark.parametrize("size", (1 - 6e-8, 1 + 1.2e-7, 0.999995))
@pytest.mark.parametrize("sform", (0, 1))
def test_a_side_that_a_program_rounded_is_still_told(affine, sign, size, sform, tmp_path):
    path = nifti(tmp_path / "scan.nii", affine, qfac=sign * size, sform=sform)
    np.testing.assert_allclose(read_volume(path).ijk_to_ras, affine, atol=1e-5)


@pytest.mark.parametrize("form", ("qform", "sform"))
@pytest.mark.parametrize("code", (6, 99, 32767))
def test_a_form_of_a_code_that_nobody_knows_is_set_all_the_same(form, code, tmp_path):
    codes = {"qform": 0, "sform": 0, form: 1}
    path = nifti(tmp_path / "scan.nii", **codes, **{f"{form}_code": code})
    np.testing.assert_allclose(read_volume(path).ijk_to_ras, TURN, atol=1e-5)


def test_a_form_whose_code_is_below_0_is_not_set(tmp_path):
    path = nifti(tmp_path / "scan.nii", sform_code=-1)
    image = nib.load(path)
    volume = read_volume(path)
    np.testing.assert_allclose(volume.ijk_to_ras, image.get_qform(), atol=1e-5)
    assert volume.origin.nifti.sform is None and volume.is_where_its_file_is
    assert "qform_code and sform_code are 0" in refusal(nifti(tmp_path / "none.nii", qform_code=-1))


@pytest.mark.parametrize("axis", range(3))
@pytest.mark.parametrize("size", (-2.0, 0.0, np.nan))
def test_an_mgh_file_whose_voxel_size_is_not_above_0_is_refused(axis, size, tmp_path):
    content = bytearray(nib.MGHImage(VALUES_IJK, TURN).to_bytes())
    struct.pack_into(">f", content, 30 + 4 * axis, size)
    (tmp_path / "scan.mgh").write_bytes(content)
    assert "a voxel size is not above 0" in refusal(tmp_path / "scan.mgh")


@pytest.mark.parametrize(
    ("factor", "is_read"), ((1.0, True), (1.005, True), (2.0, False), (0.5, False), (np.nan, False))
)
@pytest.mark.parametrize("axis", (0, 2))
def test_an_mgh_file_whose_directions_have_a_size_of_their_own_is_refused(factor, axis, is_read, tmp_path):
    content = bytearray(nib.MGHImage(VALUES_IJK, TURN).to_bytes())
    vector = slice(42 + 12 * axis, 54 + 12 * axis)
    content[vector] = (np.frombuffer(content[vector], ">f4") * factor).astype(">f4").tobytes()
    (tmp_path / "scan.mgh").write_bytes(content)
    if is_read:
        np.testing.assert_allclose(read_volume(tmp_path / "scan.mgh").spacing_mm, 1.0, rtol=0.01)
    else:
        assert "no unit vectors" in refusal(tmp_path / "scan.mgh")


def test_what_nibabel_mends_is_not_told_on_the_terminal(tmp_path, capfd):
    path = nifti(tmp_path / "scan.nii", sform_code=-1)
    read_volume(path)
    assert capfd.readouterr() == ("", "")


def test_a_zero_in_place_of_the_side_means_1_as_the_standard_says(tmp_path):
    volume = read_volume(nifti(tmp_path / "scan.nii", qfac=0))
    np.testing.assert_allclose(volume.ijk_to_ras, TURN, atol=1e-5)


def test_a_qform_that_is_not_set_may_hold_anything(tmp_path):
    path = nifti(tmp_path / "scan.nii", qform=0, sform=2, qfac=7, quatern_b=np.nan, qoffset_x=1e30)
    np.testing.assert_allclose(read_volume(path).ijk_to_ras, TURN, atol=1e-5)


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("field", ("quatern_b", "quatern_c", "qoffset_x", "size_i"))
@pytest.mark.parametrize("value", (np.nan, np.inf, -np.inf))
def test_a_qform_with_what_is_no_number_is_refused(field, value, tmp_path):
    refusal(nifti(tmp_path / "scan.nii", **{field: value}))


@pytest.mark.parametrize("size", (0, -1, -2.5))
def test_a_voxel_size_of_a_qform_that_is_not_above_0_is_refused(size, tmp_path):
    assert "voxel size" in refusal(nifti(tmp_path / "scan.nii", size_i=size))


@pytest.mark.parametrize("offset", (0, 1, 100, 348, 351.5, -352))
@pytest.mark.parametrize("ending", (".nii", ".nii.gz"))
def test_voxels_that_would_begin_within_the_header_are_refused(offset, ending, tmp_path):
    assert re.search("vox.offset", refusal(nifti(tmp_path / f"scan{ending}", vox_offset=offset)))


@pytest.mark.parametrize("offset", (353, 354, 368, 1e9, 1e30, np.inf, -np.inf, np.nan))
def test_voxels_that_would_begin_behind_their_place_are_refused(offset, tmp_path):
    refusal(nifti(tmp_path / "scan.nii", vox_offset=offset))


@pytest.mark.parametrize("value", (0, 1, 3, 127, -5, 32767))
def test_a_type_of_voxels_that_does_not_exist_is_refused(value, tmp_path):
    refusal(nifti(tmp_path / "scan.nii", datatype=value))


@pytest.mark.parametrize("away", (1e30, -1e30, 2e4, np.float32(3e38)))
def test_a_scan_that_lies_farther_away_than_any_scanner_is_long_is_refused(away, tmp_path):
    assert "10 m away" in refusal(far_nifti(tmp_path / "scan.nii", away))


def far_nifti(path, away: float):
    affine = TURN.copy()
    affine[1, 3] = away
    image = nib.Nifti1Image(VALUES_IJK, affine)
    image.set_qform(None, code=0)
    nib.save(image, path)
    return path


@pytest.mark.parametrize(
    "half_turn", [(0.7072, 0.7072, 0), (1.0003, 0, 0), (0, 0, 1.00001), (0.57736, 0.57736, 0.57736)]
)
@pytest.mark.parametrize("ending", (".nii", ".nii.gz"))
def test_a_half_turn_that_was_rounded_up_beside_a_good_sform_is_read(half_turn, ending, tmp_path):
    b, c, d = half_turn
    affine = np.eye(4)
    affine[:3, :3] = nib.quaternions.quat2mat((0, b, c, d))
    path = nifti(tmp_path / f"scan{ending}", affine, sform=1, quatern_b=b, quatern_c=c, quatern_d=d)
    volume = read_volume(path)
    np.testing.assert_allclose(volume.ijk_to_ras, affine, atol=1e-6)
    np.testing.assert_allclose(volume.origin.nifti.qform, affine, atol=1e-6)
    assert volume.warnings == ()


@pytest.mark.parametrize(("unit", "name"), ((1, "metres"), (3, "microns"), (1 + 8, "metres"), (3 + 16, "microns")))
def test_lengths_that_are_no_mm_are_refused_by_their_unit(unit, name, tmp_path):
    assert name in refusal(nifti(tmp_path / "scan.nii", units=unit))


@pytest.mark.parametrize("unit", (0, 2, 2 + 8))
def test_mm_and_unknown_units_are_mm(unit, tmp_path):
    assert read_volume(nifti(tmp_path / "scan.nii", units=unit)).shape_ijk == VALUES_IJK.shape


@pytest.mark.parametrize(("scale", "name"), ((0.001, "metres"), (1000, "microns")))
@pytest.mark.parametrize("ending", ("nrrd", "mha"))
def test_voxel_sizes_that_cannot_be_mm_are_refused_by_the_unit_that_they_look_like(scale, name, ending, tmp_path):
    image = sitk.GetImageFromArray(np.random.default_rng(0).integers(0, 99, (50, 50, 50)).astype(np.int16))
    image.SetSpacing([3 * scale] * 3)
    sitk.WriteImage(image, str(tmp_path / f"scan.{ending}"))
    with pytest.raises(UserError, match=name):
        check_scan(read_volume(tmp_path / f"scan.{ending}"))


@pytest.mark.parametrize("kind", (nib.Nifti1Image, nib.Nifti2Image, nib.MGHImage))
@pytest.mark.parametrize("packed", (False, True))
@pytest.mark.parametrize("name", ("scan.nii", "scan.nii.gz", "scan.mgh", "scan.mgz", "SCAN.NII"))
def test_a_file_is_read_as_what_it_holds_whatever_its_name(kind, packed, name, tmp_path):
    content = kind(VALUES_IJK, TURN).to_bytes()
    (tmp_path / name).write_bytes(gzip.compress(content) if packed else content)
    volume = read_volume(tmp_path / name)
    np.testing.assert_array_equal(volume.array_kji, VALUES_IJK.T)
    np.testing.assert_allclose(volume.ijk_to_ras, TURN, atol=1e-5)


@pytest.mark.parametrize("name", ("scan.nii", "scan.nii.gz", "scan.mgh", "scan.mgz"))
@pytest.mark.parametrize(
    ("begin", "kind"),
    [
        (b"<!DOCTYPE html><html>", "a web page"), (b"\n<HTML>", "a web page"), (b"PK\x03\x04", "a zip archive"),
        (b"\x89PNG\r\n", "a PNG picture"), (b"NRRD0005\n", "an NRRD file"),
        (b"ObjectType = Image\n", "a MetaImage file"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"), (b"please log in\n", "a text file"),
        (b"\xfe\xed\xfa\xce", "an unknown kind of file"),
    ],
)  # fmt: skip
def test_what_is_no_scan_is_called_what_it_is(name, begin, kind, tmp_path):
    filler = b" " * 700 if kind != "an unknown kind of file" else bytes(700)
    (tmp_path / name).write_bytes(begin + filler)
    assert kind in refusal(tmp_path / name)


@pytest.mark.parametrize("length", (1, 3, 4, 20, 90, 283, 284, 285))
@pytest.mark.parametrize("packed", (False, True))
def test_a_freesurfer_file_that_ends_early_is_refused(length, packed, tmp_path):
    content = nib.MGHImage(VALUES_IJK, TURN).to_bytes()[:length]
    (tmp_path / "scan.mgz").write_bytes(gzip.compress(content) if packed else content)
    refusal(tmp_path / "scan.mgz")


@pytest.mark.parametrize("number", (2, 5, 99, -1, 2**31 - 1))
def test_a_freesurfer_type_that_does_not_exist_is_refused(number, tmp_path):
    content = bytearray(nib.MGHImage(VALUES_IJK, TURN).to_bytes())
    struct.pack_into(">i", content, 20, number)
    (tmp_path / "scan.mgh").write_bytes(content)
    refusal(tmp_path / "scan.mgh")


@pytest.mark.parametrize("name", ("scan.nii", "scan.nii.gz", "scan.mha", "scan.nrrd", "scan.mgz", "scan.dcm", "scan"))
def test_a_pipe_is_refused_and_not_waited_for(name, tmp_path):
    os.mkfifo(tmp_path / name)
    assert "no regular file" in refusal(tmp_path / name)


META = {
    "ObjectType": "Image", "NDims": "3", "BinaryData": "True", "CompressedData": "False",
    "TransformMatrix": "1 0 0 0 1 0 0 0 1", "Offset": "1 2 3", "ElementSpacing": "2 2 2", "DimSize": "3 4 5",
    "ElementType": "MET_SHORT", "ElementDataFile": "LOCAL",
}  # fmt: skip


def metaimage(path, lines=None, **fields):
    lines = lines or [f"{name} = {value}" for name, value in (fields | META | fields).items()]
    path.write_bytes(("\n".join(lines) + "\n").encode() + VALUES_IJK.T.astype("<i2").tobytes())
    return path


def test_the_metaimage_of_these_tests_is_read(tmp_path):
    volume = read_volume(metaimage(tmp_path / "scan.mha"))
    np.testing.assert_array_equal(volume.array_kji, VALUES_IJK.T)
    np.testing.assert_allclose(volume.ijk_to_ras, [[-2, 0, 0, -1], [0, -2, 0, -2], [0, 0, 2, 3], [0, 0, 0, 1]])


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("NDims", ("99", "-1", "0", "11", "3.5", "x", "", "1e9", "99999999999999999999", "2")),
        ("DimSize", ("3 4", "3 4 5 6", "3 4 -5", "3 4 0", "3 4 x", "3 4 5.5", "", "3 4 6", "99999999999999999999 4 5")),
        ("ElementType", ("MET_NONE", "MET_OTHER", "", "short")),
        ("ElementSpacing", ("2 2 -2", "-2 2 2", "2 2 0", "2 2", "2 2 nan", "2 2 inf", "2 2 x", "2 2 2 2")),
        (
            "TransformMatrix",
            ("1 0 0 0 1 0 0 0", "1 0 0 0 1 0 0 0 nan", "1 0 0 0 1 0 0 0 1 1", "a", "0 0 0 0 0 0 0 0 0"),
        ),
        ("Offset", ("1 2", "1 2 nan", "1 2 1e30", "1 2 3 4", "1 2 1e400")),
        ("ElementDataFile", ("", "missing.raw", "x" * 5000, "a\0b")),
        ("CompressedData", ("True",)),
        ("HeaderSize", ("1", "100", "348", "-2", "x", "1.5")),
        ("DistanceUnits", ("um", "cm", "m")),
    ],
)
def test_a_metaimage_header_that_cannot_be_true_is_refused(field, values, tmp_path):
    for value in values:
        assert refusal(metaimage(tmp_path / "scan.mha", **{field: value})), value


@pytest.mark.parametrize(("field", "is_read"), [("ElementSize = 2 2 2", True), ("Comment = none", False)])
def test_a_metaimage_that_tells_no_size_of_its_voxels_is_not_taken_for_1_mm(field, is_read, tmp_path):
    lines = [f"{name} = {value}" for name, value in META.items()]
    lines[lines.index("ElementSpacing = 2 2 2")] = field
    path = metaimage(tmp_path / "scan.mha", lines)
    if is_read:
        np.testing.assert_allclose(read_volume(path).spacing_mm, 2.0)
    else:
        assert "'ElementSpacing' is missing" in refusal(path)


@pytest.mark.parametrize(
    ("matrix", "is_read"),
    [
        ("0.9848 0.1736 0 -0.1736 0.985 0 0 0 1", True),
        ("-1 0 0 0 1 0 0 0 1", True),
        ("2 0 0 0 2 0 0 0 2", False),
        ("1 0 0 0 1 0 0 0 0.5", False),
        ("1 0.5 0 0 1 0 0 0 1", False),
    ],
)
def test_a_metaimage_is_read_with_directions_that_have_no_size_of_their_own(matrix, is_read, tmp_path):
    lines = [f"{name} = {value}" for name, value in (META | {"TransformMatrix": matrix}).items()]
    path = metaimage(tmp_path / "scan.mha", lines)
    if is_read:
        assert read_volume(path).spacing_mm[2] == 2.0
    else:
        assert "must be unit vectors" in refusal(path)


@pytest.mark.parametrize(
    "second",
    ("TransformMatrix = -1 0 0 0 1 0 0 0 1", "Rotation = -1 0 0 0 1 0 0 0 1", "Orientation = 1 0 0 0 1 0 0 0 1")
    + ("Offset = 9 9 9", "Position = 9 9 9", "ElementSpacing = 1 1 1", "DimSize = 5 4 3", "NDims = 3"),
)
@pytest.mark.parametrize("place", (1, -1))
def test_a_metaimage_field_that_stands_twice_is_refused(second, place, tmp_path):
    lines = [f"{name} = {value}" for name, value in META.items()]
    lines.insert(place, second)
    assert "one of which is wrong" in refusal(metaimage(tmp_path / "scan.mha", lines))


NRRD = {
    "type": "short", "dimension": "3", "space": "left-posterior-superior", "sizes": "3 4 5",
    "space directions": "(2,0,0) (0,2,0) (0,0,2)", "endian": "little", "encoding": "raw", "space origin": "(1,2,3)",
}  # fmt: skip


def nrrd(path, lines=None, **fields):
    lines = lines or [f"{name}: {value}" for name, value in (NRRD | fields).items()]
    path.write_bytes(("NRRD0004\n" + "\n".join(lines) + "\n\n").encode() + VALUES_IJK.T.astype("<i2").tobytes())
    return path


def test_the_nrrd_of_these_tests_is_read(tmp_path):
    volume = read_volume(nrrd(tmp_path / "scan.nrrd"))
    np.testing.assert_array_equal(volume.array_kji, VALUES_IJK.T)
    np.testing.assert_allclose(volume.ijk_to_ras, [[-2, 0, 0, -1], [0, -2, 0, -2], [0, 0, 2, 3], [0, 0, 0, 1]])


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("dimension", ("99", "-1", "0", "17", "x", "2", "4")),
        ("sizes", ("3 4", "3 4 -5", "3 4 0", "3 4 x", "3 4 6", "3 4 4", "99999999999999999999 4 5")),
        ("type", ("block", "", "quad")),
        ("encoding", ("zip", "", "gzip", "bzip2")),
        (
            "space directions",
            (
                "(2,0,0) (0,2,0)",
                "none (0,2,0) (0,0,2)",
                "(2,0,0) none none",
                "(0,0,0) (0,0,0) (0,0,0)",
                "(nan,0,0) (0,2,0) (0,0,2)",
            ),
        ),
        ("space origin", ("(1,2,1e30)", "(1,2,inf)")),
        ("data file", ("missing.raw", "LIST", "slice%d.raw.gz 1 5 1", "x" * 5000, "a\0b")),
        ("space units", ('"um" "um" "um"', '"mm" "mm" "cm"', '"m" "m" "m"')),
    ],
)
def test_an_nrrd_header_that_cannot_be_true_is_refused(field, values, tmp_path):
    for value in values:
        assert refusal(nrrd(tmp_path / "scan.nrrd", **{field: value})), value


def test_an_nrrd_field_that_stands_twice_is_refused(tmp_path):
    lines = [f"{name}: {value}" for name, value in NRRD.items()]
    for second in ("space: right-anterior-superior", "space directions: (-2,0,0) (0,2,0) (0,0,2)", "sizes: 5 4 3"):
        assert "one of which is wrong" in refusal(nrrd(tmp_path / "scan.nrrd", [*lines, second]))


def test_mm_that_are_told_are_read_and_so_are_data_that_begin_behind_the_header(tmp_path):
    told = [metaimage(tmp_path / "scan.mha", DistanceUnits="mm", HeaderSize="0")]
    told.append(metaimage(tmp_path / "end.mha", HeaderSize="-1"))
    told.append(nrrd(tmp_path / "scan.nrrd", **{"space units": '"mm" "mm" "mm"'}))
    for path in told:
        np.testing.assert_array_equal(read_volume(path).array_kji, VALUES_IJK.T)


@pytest.mark.parametrize("ending", ("nhdr", "mhd"))
def test_a_header_without_its_data_names_the_file_that_is_missing(ending, tmp_path):
    path = tmp_path / f"scan.{ending}"
    sitk.WriteImage(sitk.GetImageFromArray(VALUES_IJK), str(path))
    (data,) = [file for file in tmp_path.iterdir() if file != path]
    data.unlink()
    assert f"'{data.name}', which is not there" in refusal(path)


@pytest.mark.parametrize("line", ("[" * 3000 + "/format.html", "x", "[" * 3000 + ": 3", "type of nothing" * 400))
def test_a_line_that_is_no_field_is_refused_before_the_library_that_crashes_on_it(line, tmp_path):
    path = tmp_path / "scan.nrrd"
    sitk.WriteImage(sitk.GetImageFromArray(VALUES_IJK.T), str(path))
    magic, rest = path.read_bytes().split(b"\n", 1)
    path.write_bytes(magic + b"\n" + line.encode() + b"\n" + rest)
    assert "a line of it is no field" in refusal(path)


@pytest.mark.parametrize("sign", ("\x1b[31m", "\x1c", "\r", "\x0b", "\u2028", "\x85"))
def test_signs_that_cannot_be_printed_come_into_no_sentence(sign, tmp_path):
    path = tmp_path / "scan.nrrd"
    sitk.WriteImage(sitk.GetImageFromArray(VALUES_IJK.T), str(path))
    path.write_bytes(path.read_bytes().replace(b"dimension: 3", f"dimension: 3{sign}4".encode()))
    told = refusal(path)
    assert told.isprintable() and len(told.splitlines()) == 1


@pytest.mark.parametrize(("name", "field"), (("scan.nrrd", b"dimension:"), ("scan.mha", b"NDims =")))
@pytest.mark.parametrize("numbers", (b" 3 4", b" 3 3 3", b" \t", b" 4"))
def test_several_numbers_or_none_where_one_belongs_are_refused(name, field, numbers, tmp_path):
    path = tmp_path / name
    sitk.WriteImage(sitk.GetImageFromArray(VALUES_IJK.T), str(path))
    path.write_bytes(path.read_bytes().replace(field + b" 3", field + numbers))
    assert "header is damaged" in refusal(path)
