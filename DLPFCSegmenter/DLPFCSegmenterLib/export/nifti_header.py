"""The forms of the NIfTI header that a navigator will have read beside our file."""

import numpy as np

from ..errors import UserError
from ..geometry.spaces import largest_shift_mm
from ..scan.origin import NiftiForms
from ..scan.volume import Volume

SAME_PLACE_MM = 0.1
"""A qform keeps rounded quaternions, so that it differs by some hundredths of a mm from an equal sform."""


def nifti_scan(scan: Volume | None, system: str) -> tuple[Volume, NiftiForms]:
    """The scan and the forms of its header. Raises UserError where it is no NIfTI file, which `system` needs."""
    if scan is None:
        raise UserError(f"{system} needs the NIfTI scan that the targets were planned on; name it (--scan).")
    if scan.origin.nifti is None:
        raise UserError(f"{scan.source}: {system} needs a NIfTI scan; convert the scan to NIfTI and plan on that.")
    return scan, scan.origin.nifti


def shift_from_scan_mm(matrix: np.ndarray, scan: Volume) -> float:
    """How far a form of the header, IJK to RAS, places a voxel from where the scan was planned on."""
    return largest_shift_mm(matrix, scan.ijk_to_ras, scan.shape_ijk)
