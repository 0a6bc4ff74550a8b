"""NIfTI and FreeSurfer MGZ files, through nibabel."""

import math
import zlib
from pathlib import Path
from typing import cast

import nibabel as nib
import numpy as np
from nibabel.arrayproxy import ArrayProxy
from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError, SpatialImage

from ..errors import UserError
from . import pixels
from .origin import NiftiForms, Origin, ScanKind
from .stored_data import StoredData, is_gzip, require_all
from .volume import Volume

SUFFIXES = (".nii", ".nii.gz", ".hdr", ".img", ".mgz", ".mgh")

_MGH_GOOD_RAS_OFFSET = 28

_READ_ERRORS = (ImageFileError, HeaderDataError, OSError, EOFError, ValueError, zlib.error)


def read(path: Path, frame: int | None) -> Volume:
    """Read one frame; nibabel's choice of affine (sform before qform) and value scaling apply.

    A sheared affine is kept as it is. Raises UserError for what is not a 3-D scan with orientation.
    """
    try:
        image = cast(SpatialImage, nib.load(path))
        origin = _origin(path, image, frame)
        values = _values(path, image, frame).T
        return Volume(values, image.affine, origin, origin.warnings(image.shape[:3]))
    except _READ_ERRORS as error:
        raise UserError(f"{path}: cannot be read as an image, it may be damaged ({_line(error)}).") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def _origin(path: Path, image: SpatialImage, frame: int | None) -> Origin:
    """Refuses a file that does not say which side is left, or says it twice and differently."""
    if isinstance(image, nib.Nifti1Pair):
        forms = forms_of(image.header)
        if (forms.qform_code, forms.sform_code) == (0, 0):
            pixels.refuse_no_orientation(path, "qform_code and sform_code are 0")
        _refuse_two_sides(path, forms)
        return Origin(str(path), ScanKind.NIFTI, frame or 0, forms)
    if not isinstance(image, nib.MGHImage):
        pixels.refuse_no_orientation(path, "it is an Analyze file")
    if not _good_ras_flag(image):
        pixels.refuse_no_orientation(path, "goodRASFlag is 0")
    return Origin(str(path), ScanKind.MGH, frame or 0)


def forms_of(header: nib.Nifti1Header) -> NiftiForms:
    """The header's qform and sform, in its own numbers."""
    qfac, size_i, size_j, size_k = header["pixdim"][:4]
    return NiftiForms(
        int(header["qform_code"]),
        int(header["sform_code"]),
        (float(header["quatern_b"]), float(header["quatern_c"]), float(header["quatern_d"])),
        (float(header["qoffset_x"]), float(header["qoffset_y"]), float(header["qoffset_z"])),
        (float(qfac), float(size_i), float(size_j), float(size_k)),
        tuple(tuple(float(value) for value in header[f"srow_{axis}"]) for axis in "xyz"),
    )


def _good_ras_flag(image: nib.MGHImage) -> bool:
    """Whether an MGH file holds an orientation; nibabel's own header hides it behind a default."""
    with image.file_map["image"].get_prepare_fileobj("rb") as file:
        file.seek(_MGH_GOOD_RAS_OFFSET)
        return int.from_bytes(file.read(2), "big", signed=True) > 0


def _values(path: Path, image: SpatialImage, frame: int | None) -> np.ndarray:
    """Scaled values of one frame, shape (I, J, K)."""
    grid, extra = image.shape[:3], image.shape[3:]
    if image.get_data_dtype().kind == "c":
        pixels.refuse_complex(path)
    pixels.refuse_colour(path, max(len(image.get_data_dtype().names or ()), 1) * int(np.prod(extra[1:], dtype=int)))
    pixels.require_3d(path, grid)
    index = pixels.choose_frame(path, extra[0] if extra else 1, frame)
    require_all(path, _stored_data(image))
    stored = cast(ArrayProxy, image.dataobj).reshape((*grid, -1))
    return pixels.compact(np.asanyarray(stored[..., index]).T).T


def _stored_data(image: SpatialImage) -> StoredData:
    """Where the voxels are: the bytes before them are unpacked with them, and FreeSurfer's tags may follow."""
    path = Path(cast(str, image.file_map["image"].filename))
    stored = cast(ArrayProxy, image.dataobj)
    size = stored.offset + math.prod(stored.shape) * stored.dtype.itemsize
    packing = "gzip" if is_gzip(path) else "raw"
    return StoredData(path, size, packing=packing, may_go_on=isinstance(image, nib.MGHImage))


def _refuse_two_sides(path: Path, forms: NiftiForms) -> None:
    qform, sform = forms.qform, forms.sform
    if qform is not None and sform is not None and _sides_disagree(qform, sform):
        raise UserError(
            f"{path}: qform and sform disagree on which side is left; convert it again from the DICOM files."
        )


def _sides_disagree(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two IJK-to-RAS matrices are mirror images, or see right in opposite directions."""
    mirrored = np.linalg.det(a[:3, :3]) * np.linalg.det(b[:3, :3]) < 0
    return bool(mirrored or a[0, :3] @ b[0, :3] < 0)
