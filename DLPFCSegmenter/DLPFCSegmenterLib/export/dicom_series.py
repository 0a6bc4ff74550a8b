"""The DICOM series that a mask was drawn on, whose patient, study and frame of reference its files share."""

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from ..errors import UserError
from ..files import is_there
from ..geometry.spaces import lps_to_ras, ras_to_ijk
from ..scan.volume import Volume
from ..sentences import say

if TYPE_CHECKING:
    from pydicom import Dataset

_SHORT_TEXT = 1024
"""Longest text that DICOM allows in a field of VR ST."""
_CUT = " (cut, see result.json)"

_NEEDED = say("DICOM files of a mask need the DICOM series of the scan; name its folder")
_ON_SLICE_VOXELS = 0.1
"""How far, in slice distances, a file may lie from the slice of the volume that it is taken for."""


def sop_class(path: Path) -> str:
    """What kind of object a DICOM file holds, as the UID of its class; raises UserError without pydicom."""
    return str(require_pydicom(path).dcmread(path, stop_before_pixels=True).get("SOPClassUID", ""))


def require_pydicom(path: Path) -> ModuleType:
    """The package pydicom; raises UserError where it is not installed."""
    try:
        import pydicom
    except ImportError as error:
        raise UserError("{path}: DICOM needs pydicom; run 'pip install pydicom'.", path=path) from error
    return pydicom


def short_text(text: str) -> str:
    """The text as a DICOM field of VR ST can hold it; where it had to be cut it says so."""
    return text if len(text) <= _SHORT_TEXT else text[: _SHORT_TEXT - len(_CUT)] + _CUT


def source_slices(scan: Volume) -> "list[Dataset]":
    """The series' files (pydicom data sets without pixels) in the order of the volume's slices, K of them.

    Raises UserError where the scan came from no DICOM series, or the series has changed since.
    """
    by_slice = {}
    for data_set in _series(scan):
        index = _slice_index(scan, data_set)
        if index is not None:
            by_slice[index] = data_set
    if sorted(by_slice) != list(range(scan.array_kji.shape[0])):
        raise UserError(
            "{source}: its DICOM slices are no longer those of the scan; load the series again.", source=scan.source
        )
    return [by_slice[index] for index in sorted(by_slice)]


def _series(scan: Volume) -> "list[Dataset]":
    """Headers of all images of the scan's series."""
    source = Path(scan.source)
    if not is_there(source):
        raise UserError("{source}: {needed}.", source=scan.source, needed=_NEEDED)
    found = [_header(file) for file in sorted(source.iterdir() if source.is_dir() else source.parent.iterdir())]
    images = [data_set for data_set in found if data_set is not None and "ImagePositionPatient" in data_set]
    if not images or scan.origin.dicom is None:
        raise UserError("{source}: {needed}.", source=scan.source, needed=_NEEDED)
    images = [data_set for data_set in images if data_set.get("SeriesInstanceUID") == scan.origin.dicom.series_uid]
    if not images:
        raise UserError(
            "{source}: another DICOM series lies there now; name the folder of the scan's own.", source=scan.source
        )
    if not all(data_set.get("FrameOfReferenceUID") for data_set in images):
        raise UserError("{source}: its images name no frame of reference; export the series again.", source=scan.source)
    return images


def _header(file: Path) -> "Dataset | None":
    import pydicom

    if not file.is_file():
        return None
    try:
        return pydicom.dcmread(file, stop_before_pixels=True)
    except pydicom.errors.InvalidDicomError:
        return None


def _slice_index(scan: Volume, data_set: "Dataset") -> int | None:
    """K of the slice whose first voxel is the file's, or None where it lies elsewhere."""
    position = lps_to_ras(np.array(data_set.ImagePositionPatient, dtype=float))
    ijk = ras_to_ijk(scan.ijk_to_ras, position)
    index = np.rint(ijk)
    return int(index[2]) if np.allclose(ijk, (0, 0, index[2]), atol=_ON_SLICE_VOXELS) else None
