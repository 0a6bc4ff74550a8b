"""The mask as files: NIfTI on the input's own grid, and Slicer's segmentation (`.seg.nrrd`)."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import SimpleITK

from ...errors import UserError
from ...scan.canonical import to_itk
from ...scan.itk_reader import require_nrrd_space, require_whole_nrrd, volume_from_image
from ...scan.origin import Origin, ScanKind
from ...scan.readers import read_volume
from ...scan.volume import Volume, is_same_grid
from ...segmentation.region import Region
from ...sentences import say
from ...terminology import DLPFC, LATERALITY, NOTICE, label_of_region, segment_colour, segment_name, segment_terminology
from ..format import MaskFormat, NamedMask
from ..points import WARNING, in_one_line
from ..sides import told_region, with_coded_side

if TYPE_CHECKING:
    from nibabel.nifti1 import Nifti1Image

_COMMENT = 6
"""NIfTI's code of a header extension that holds plain text."""
_REMARKS = "DLPFCSegmenter_Remarks"
_SCANNER = 1
"""NIfTI code 'scanner anatomical', for a mask whose scan was no NIfTI file."""


def mask_remarks(region: Region) -> str:
    """What must be said of a mask in every file of it, in one line: of another region than the DLPFC its name too."""
    warnings = dict.fromkeys(region.volume.warnings + region.warnings)
    named = () if region.name == DLPFC else (told_region(region.name),)
    return in_one_line((*named, NOTICE, *(WARNING + text for text in warnings)))


def write_mask_nifti(region: Region, path: Path) -> None:
    """Write the mask as 0/1 (uint8) with both forms of the scan's header, so that every program shows it on the scan.

    Warnings stand in a comment behind the header.
    """
    import nibabel  # Slicer, whose panel needs the rest of this file, comes without it

    volume = region.volume
    voxels_ijk = region.mask_kji.astype(np.uint8).transpose()
    image = nibabel.Nifti1Image(voxels_ijk, volume.ijk_to_ras)
    image.header.set_xyzt_units("mm")
    _set_forms(image, volume)
    image.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", mask_remarks(region).encode()))
    nibabel.save(image, path)


def _set_forms(image: "Nifti1Image", volume: Volume) -> None:
    forms = volume.origin.nifti
    image.set_qform(volume.ijk_to_ras, forms.qform_code if forms else _SCANNER)
    image.set_sform(volume.ijk_to_ras, forms.sform_code if forms else _SCANNER)
    if forms is None or not volume.is_where_its_file_is or forms.agree(volume.shape_ijk):
        return  # what two equal forms round otherwise is no matter
    image.header["quatern_b"], image.header["quatern_c"], image.header["quatern_d"] = forms.quatern_bcd
    image.header["qoffset_x"], image.header["qoffset_y"], image.header["qoffset_z"] = forms.qoffset_ras_mm
    image.header["pixdim"][:4] = forms.pixdim
    for axis, row in zip("xyz", forms.srow_ras_mm, strict=True):
        image.header[f"srow_{axis}"] = row


def read_mask_nifti(path: Path, scan: Volume | None = None) -> list[NamedMask]:
    """The one mask of a NIfTI file, on the grid of `scan` also where Slicer saved it on what it shows of that.

    Raises UserError where its values are not 0 and one other.
    """
    import nibabel

    volume = read_volume(path)
    if scan is not None and not is_same_grid(volume.shape_ijk, volume.ijk_to_ras, scan):
        shown = scan.as_slicer_shows_it
        if is_same_grid(volume.shape_ijk, volume.ijk_to_ras, shown):
            volume = _brought(volume, shown, scan)
    values = np.unique(volume.array_kji)
    if len(values) > 2 or values[0] != 0:
        raise UserError(
            "{path}: is no mask, it holds {count} values; give a file of 0 and 1.", path=path, count=len(values)
        )
    extensions = nibabel.nifti1.load(path).header.extensions
    words = [_text(item.get_content()) for item in extensions if item.get_code() == _COMMENT]
    return [NamedMask(path.name.split(".")[0], volume.with_array(volume.array_kji > 0), " ".join(words))]


def _text(content: bytes | str) -> str:
    """The text of a header extension, which is padded with zeros."""
    return (content.decode("utf-8", "replace") if isinstance(content, bytes) else content).strip("\0 ")


def write_mask_segmentation(region: Region, path: Path) -> None:
    """Write the mask as a segmentation that Slicer opens on the scan, with name, colour and terminology.

    Raises OSError where the file cannot be written.
    """
    image = to_itk(region.volume.as_slicer_shows_it.with_array(region.mask_kji))
    for key, value in _segmentation_fields(region).items():
        image.SetMetaData(key, value)
    write_image(image, path)


def read_mask_segmentation(path: Path, scan: Volume | None = None) -> list[NamedMask]:
    """The segments of Slicer's segmentation file, which lie where Slicer shows `scan`, in the space of that.

    Raises UserError where it names none, or no space that is known.
    """
    require_whole_nrrd(path)
    try:
        image = SimpleITK.ReadImage(str(path))
    except RuntimeError as error:
        raise UserError("{path}: cannot be read as an image, it may be damaged; export it again.", path=path) from error
    fields = {key: image.GetMetaData(key) for key in image.GetMetaDataKeys()}
    require_nrrd_space(path, fields.get("NRRD_space", ""))
    numbers = sorted(int(key[7:-3]) for key in fields if key.startswith("Segment") and key.endswith("_ID"))
    if not numbers:
        raise UserError("{path}: names no segment; save it as a segmentation from Slicer.", path=path)
    masks = [_read_segment(path, image, fields, f"Segment{number}_") for number in numbers]
    if scan is None:
        return masks
    return [replace(mask, volume=_brought(mask.volume, scan.as_slicer_shows_it, scan)) for mask in masks]


def _brought(volume: Volume, here: Volume, there: Volume) -> Volume:
    """A mask of a scan that lies `here`, in the same voxels of it where it lies `there`."""
    if here is there:
        return volume
    return replace(volume, ijk_to_ras=there.ijk_to_ras @ np.linalg.inv(here.ijk_to_ras) @ volume.ijk_to_ras)


def _read_segment(path: Path, image: SimpleITK.Image, fields: dict[str, str], prefix: str) -> NamedMask:
    """One segment: voxels of its value in its layer, of which a file with overlaps has several."""
    if image.GetNumberOfComponentsPerPixel() > 1:
        image = SimpleITK.VectorIndexSelectionCast(image, int(fields.get(f"{prefix}Layer", "0")))
    labels = volume_from_image(image, Origin(str(path), ScanKind.NRRD))
    mask = labels.array_kji == int(fields.get(f"{prefix}LabelValue", "1"))
    coded = [side for side, code in LATERALITY.items() if f"~{code}~" in fields.get(f"{prefix}Tags", "")]
    label = with_coded_side(path, fields.get(f"{prefix}Name", path.name), coded)
    return NamedMask(label, labels.with_array(mask), fields.get(_REMARKS, ""))


def write_image(image: SimpleITK.Image, path: Path) -> None:
    """Write a compressed image; raises OSError where SimpleITK has only a RuntimeError to say, or nothing.

    The file is read again, because neither the writers nor all readers notice a full disk.
    """
    try:
        SimpleITK.WriteImage(image, str(path), useCompression=True)
        written = SimpleITK.ReadImage(str(path))
    except RuntimeError as error:
        raise OSError(f"{path.name} could not be written") from error
    if not np.array_equal(SimpleITK.GetArrayViewFromImage(written), SimpleITK.GetArrayViewFromImage(image)):
        raise OSError(f"{path.name} could not be written whole")


def _segmentation_fields(region: Region) -> dict[str, str]:
    """Header fields that Slicer's segmentation reader looks for (vtkMRMLSegmentationStorageNode)."""
    i_count, j_count, k_count = region.volume.shape_ijk
    red, green, blue = segment_colour(region.hemisphere)
    return {
        _REMARKS: mask_remarks(region),
        "Segmentation_MasterRepresentation": "Binary labelmap",
        "Segmentation_ContainedRepresentationNames": "Binary labelmap|",
        "Segmentation_ReferenceImageExtentOffset": "0 0 0",
        "Segment0_ID": f"{label_of_region(region.name)}_{region.hemisphere}",
        "Segment0_Name": segment_name(region.hemisphere, region.name),
        "Segment0_NameAutoGenerated": "0",
        "Segment0_Color": f"{red:.6g} {green:.6g} {blue:.6g}",
        "Segment0_ColorAutoGenerated": "0",
        "Segment0_Extent": f"0 {i_count - 1} 0 {j_count - 1} 0 {k_count - 1}",
        "Segment0_LabelValue": "1",
        "Segment0_Layer": "0",
        "Segment0_Tags": f"TerminologyEntry:{segment_terminology(region.hemisphere, region.name)}|",
    }


FORMATS = (
    MaskFormat(
        name="mask-nifti", title=say("Mask as NIfTI"), suffix=".nii.gz", rank=130, endings=(".nii", ".nii.gz"),
        write=lambda region, targets, path: write_mask_nifti(region, path),
        read=lambda path, scan: (read_mask_nifti(path, scan), []),
        space=say("on the scan's own grid, RAS mm"), checked=say("nibabel, ITK and Slicer's own reader"),
    ),
    MaskFormat(
        name="mask-nrrd", title=say("Mask as Slicer segmentation"), suffix=".seg.nrrd", rank=140, endings=(".nrrd",),
        write=lambda region, targets, path: write_mask_segmentation(region, path),
        read=lambda path, scan: (read_mask_segmentation(path, scan), []),
        space=say("on the scan's own grid, LPS mm"), checked=say("ITK and Slicer's own reader"),
    ),
)  # fmt: skip
