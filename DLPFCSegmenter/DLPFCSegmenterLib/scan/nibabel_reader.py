"""NIfTI and FreeSurfer MGZ files, through nibabel."""

import zlib
from pathlib import Path

import nibabel as nib
import numpy as np
from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError, SpatialImage

from ..errors import UserError
from ..geometry import spaces
from . import pixels
from .volume import Volume

SUFFIXES = (".nii", ".nii.gz", ".hdr", ".img", ".mgz", ".mgh")

QFORM_SFORM_TOLERANCE_MM = 0.5
"""qform keeps rounded quaternions, so that the two differ by some hundredths of a mm anyway."""

_MGH_GOOD_RAS_OFFSET = 28

_READ_ERRORS = (ImageFileError, HeaderDataError, OSError, EOFError, ValueError, zlib.error)


def read(path: Path, frame: int | None) -> Volume:
    """Read one frame; nibabel's choice of affine (sform before qform) and value scaling apply.

    A sheared affine is kept as it is. Raises UserError for what is not a 3-D scan with orientation.
    """
    try:
        image = nib.load(path)
        codes = _orientation_codes(path, image)
        return Volume(_values(path, image, frame).T, image.affine, str(path), _warnings(path, image), *codes)
    except _READ_ERRORS as error:
        raise UserError(f"{path}: cannot be read as an image, it may be damaged ({_line(error)}).") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def _orientation_codes(path: Path, image: SpatialImage) -> tuple[int | None, int | None]:
    """(qform_code, sform_code) of a NIfTI file, (None, None) of others; refuses neither one set."""
    if isinstance(image, nib.Nifti1Pair):
        codes = int(image.header["qform_code"]), int(image.header["sform_code"])
        if codes == (0, 0):
            pixels.refuse_no_orientation(path, "qform_code and sform_code are 0")
        return codes
    if not isinstance(image, nib.MGHImage):
        pixels.refuse_no_orientation(path, "it is an Analyze file")
    if not _good_ras_flag(image):
        pixels.refuse_no_orientation(path, "goodRASFlag is 0")
    return None, None


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
    pixels.refuse_colour(path, max(len(image.get_data_dtype()), 1) * int(np.prod(extra[1:], dtype=int)))
    pixels.require_3d(path, grid)
    index = pixels.choose_frame(path, extra[0] if extra else 1, frame)
    stored = image.dataobj.reshape((*grid, -1))
    return pixels.compact(np.asanyarray(stored[..., index]).T).T


def _warnings(path: Path, image: SpatialImage) -> tuple[str, ...]:
    """One sentence when a NIfTI's qform and sform differ; refuses those that differ on the side."""
    if not isinstance(image, nib.Nifti1Pair):
        return ()
    (qform, qcode), (sform, scode) = image.get_qform(coded=True), image.get_sform(coded=True)
    if qform is None or sform is None:
        return ()
    if _sides_disagree(qform, sform):
        raise UserError(
            f"{path}: qform and sform disagree on which side is left; convert it again from the DICOM files."
        )
    apart_mm = spaces.largest_shift_mm(qform, sform, image.shape[:3])
    if apart_mm <= QFORM_SFORM_TOLERANCE_MM:
        return ()
    return (
        f"{path.name}: qform (code {qcode}) and sform (code {scode}) place the same voxel up to "
        f"{apart_mm:.1f} mm apart; the sform was used, and a navigator may use the other.",
    )


def _sides_disagree(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two IJK-to-RAS matrices are mirror images, or see right in opposite directions."""
    mirrored = np.linalg.det(a[:3, :3]) * np.linalg.det(b[:3, :3]) < 0
    return bool(mirrored or a[0, :3] @ b[0, :3] < 0)
