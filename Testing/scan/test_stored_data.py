"""A scan is read to its end: whatever a bad copy did to its data, no voxel of them is believed."""

import gzip
import zlib

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.scan.readers import read_volume

VALUES_IJK = np.random.default_rng(0).integers(0, 1000, (20, 21, 22)).astype(np.int16)
# The last is checked before ITK sees it, which cannot read it.
COMPRESSED = (".nii.gz", ".mgz", ".nrrd", ".nhdr", ".mha", ".mhd", "-2.nii.gz", "-bzip2.nrrd")
RAW = (".nii", ".img", "-raw.nrrd", "-raw.nhdr", "-raw.mha", "-raw.mhd")


def saved(folder, ending: str):
    """The scan's file, and the file that holds its data."""
    path = folder / f"scan{ending}"
    if ending in (".nii", ".nii.gz"):
        nib.save(nib.Nifti1Image(VALUES_IJK, np.eye(4)), path)
    elif ending == "-2.nii.gz":
        nib.save(nib.Nifti2Image(VALUES_IJK, np.eye(4)), path)
    elif ending == ".img":
        nib.save(nib.Nifti1Pair(VALUES_IJK, np.eye(4)), path)
    elif ending == ".mgz":
        nib.save(nib.MGHImage(VALUES_IJK, np.eye(4)), path)
    elif ending == "-bzip2.nrrd":
        save_bzip2_nrrd(path)
    else:
        sitk.WriteImage(sitk.GetImageFromArray(VALUES_IJK.T), str(path), useCompression="raw" not in ending)
    others = [file for file in folder.iterdir() if file != path and file.suffix != ".hdr"]
    return path, (others or [path])[0]


def save_bzip2_nrrd(path) -> None:
    import bz2

    header = (
        "NRRD0004\ntype: int16\ndimension: 3\nsizes: 20 21 22\nencoding: bzip2\nendian: little\n"
        "space: left-posterior-superior\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\n\n"
    )
    path.write_bytes(header.encode() + bz2.compress(VALUES_IJK.T.astype("<i2").tobytes()))


def refusal(path) -> str:
    with pytest.raises(UserError) as caught:
        read_volume(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ") and "\n" not in message
    return message


@pytest.mark.parametrize("ending", COMPRESSED[:-1] + RAW)
def test_a_whole_file_is_read_as_it_was_saved(ending, tmp_path):
    path, _ = saved(tmp_path, ending)
    np.testing.assert_array_equal(read_volume(path).array_kji, VALUES_IJK.T)


@pytest.mark.parametrize("ending", COMPRESSED)
@pytest.mark.parametrize("part", (0.3, 0.6, 0.9, 1.0))
def test_one_flipped_bit_in_compressed_data_is_refused(ending, part, tmp_path):
    path, data = saved(tmp_path, ending)
    content = bytearray(data.read_bytes())
    # The last bytes of a bzip2 stream are padding; those of the others belong to checksum and length.
    content[min(int(part * len(content)), len(content) - 3)] ^= 4
    data.write_bytes(content)
    assert "damaged" in refusal(path)


@pytest.mark.parametrize("ending", COMPRESSED + RAW)
@pytest.mark.parametrize("missing", (1, 2, 9, 4000))
def test_data_that_end_early_are_refused(ending, missing, tmp_path):
    path, data = saved(tmp_path, ending)
    data.write_bytes(data.read_bytes()[:-missing])
    assert "damaged" in refusal(path)


@pytest.mark.parametrize("ending", (".nii", ".img", "-raw.nrrd", "-raw.nhdr", "-raw.mha", "-raw.mhd"))
@pytest.mark.parametrize("more", (1, 2, 100_000))
def test_data_that_go_on_after_the_last_voxel_are_refused(ending, more, tmp_path):
    path, data = saved(tmp_path, ending)
    data.write_bytes(data.read_bytes() + bytes(more))
    assert "more data follow" in refusal(path)


@pytest.mark.parametrize("ending", (".nii.gz", "-2.nii.gz", ".nrrd", ".mha"))
def test_compressed_data_that_are_whole_but_of_another_length_are_refused(ending, tmp_path):
    path, _ = saved(tmp_path, ending)
    content = path.read_bytes()
    start = {".nrrd": content.find(b"\x1f\x8b"), ".mha": content.find(b"LOCAL") + 6}.get(ending, 0)
    unpack, pack = (zlib.decompress, zlib.compress) if ending == ".mha" else (gzip.decompress, gzip.compress)
    voxels = unpack(content[start:])
    for other, words in ((voxels[:-2], "too early"), (voxels + b"\0\0", "more data follow")):
        path.write_bytes(content[:start] + pack(other))
        assert words in refusal(path)


def test_a_gzip_file_of_several_members_is_one_stream(tmp_path):
    path, _ = saved(tmp_path, ".nii.gz")
    content = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(content[:5000]) + gzip.compress(content[5000:]))
    np.testing.assert_array_equal(read_volume(path).array_kji, VALUES_IJK.T)


def test_freesurfers_tags_may_follow_the_voxels(tmp_path):
    path, _ = saved(tmp_path, ".mgz")
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()) + b"tags" * 20))
    np.testing.assert_array_equal(read_volume(path).array_kji, VALUES_IJK.T)


def test_what_swells_without_end_is_refused_before_it_is_held(tmp_path):
    path, _ = saved(tmp_path, ".nii.gz")
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()) + bytes(200_000_000), compresslevel=1))
    assert "more data follow" in refusal(path)
