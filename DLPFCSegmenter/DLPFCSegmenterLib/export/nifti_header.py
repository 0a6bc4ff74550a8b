"""The NIfTI header that a navigator will have read beside our file."""

from pathlib import Path

import numpy as np

from ..errors import UserError
from ..geometry.spaces import largest_shift_mm
from ..scan.volume import Volume

SAME_PLACE_MM = 0.1
"""A qform keeps rounded quaternions, so that it differs by some hundredths of a mm from an equal sform."""


def nifti_header(scan: Volume | None, system: str):
    """Header (nibabel.Nifti1Header) of the scan's own file; made from its grid where that cannot be read any more.

    Raises UserError where the scan is no NIfTI file, which `system` needs.
    """
    import nibabel
    from nibabel.filebasedimages import ImageFileError

    if scan is None:
        raise UserError(f"{system} needs the NIfTI scan that the targets were planned on; name it (--scan).")
    if scan.qform_code is None:
        raise UserError(f"{scan.source}: {system} needs a NIfTI scan; convert the scan to NIfTI and plan on that.")
    try:
        return nibabel.load(Path(scan.source)).header
    except (OSError, ImageFileError):
        header = nibabel.Nifti1Header()
        header.set_data_shape(scan.shape_ijk)
        header.set_qform(scan.ijk_to_ras, scan.qform_code)
        header.set_sform(scan.ijk_to_ras, scan.sform_code)
        return header


def shift_from_scan_mm(matrix: np.ndarray, scan: Volume) -> float:
    """How far a form of the header, IJK to RAS, places a voxel from where the scan was planned on."""
    return largest_shift_mm(matrix, scan.ijk_to_ras, scan.shape_ijk)
