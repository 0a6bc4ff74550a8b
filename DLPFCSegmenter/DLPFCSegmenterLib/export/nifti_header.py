"""The NIfTI header that a navigator will have read beside our file."""

from pathlib import Path

import nibabel
from nibabel.filebasedimages import ImageFileError

from ..errors import UserError
from ..volume.volume import Volume


def nifti_header(scan: Volume | None, system: str) -> nibabel.Nifti1Header:
    """Header of the scan's own file; made from its grid where that file cannot be read any more.

    Raises UserError where the scan is no NIfTI file, which `system` needs.
    """
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
