"""A DICOM series in a folder, through SimpleITK (GDCM)."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..errors import UserError
from . import itk_reader, pixels
from .origin import DicomSeries, Origin, ScanKind
from .volume import Volume

SUFFIXES = (".dcm", ".ima")

POSITION_TOLERANCE_MM = 0.1
"""How far a slice may lie from its place on the regular grid; scanners round to 0.001 mm."""

_SERIES_UID, _STUDY_UID, _FRAME_OF_REFERENCE_UID = "0020|000e", "0020|000d", "0020|0052"
_DESCRIPTION, _MODALITY = "0008|103e", "0008|0060"
_POSITION, _ORIENTATION = "0020|0032", "0020|0037"
_FRAMES, _SAMPLES = "0028|0008", "0028|0002"


@dataclass(frozen=True)
class _Header:
    """One file: position (3,) and row and column directions (6,), LPS mm; its series."""

    file: str
    position_lps_mm: np.ndarray
    directions_lps: np.ndarray
    series: DicomSeries


def is_dicom(file: Path) -> bool:
    """Whether a file begins as a DICOM file does: 128 free bytes, then 'DICM'."""
    with file.open("rb") as stream:
        return stream.read(132)[128:] == b"DICM"


@itk_reader.quiet_itk()
def read(path: Path) -> Volume:
    """Read the series of a folder, or the series that one file belongs to with its neighbours.

    Raises UserError unless the slices form one regular, untilted stack.
    """
    files = _files_of_folder(path) if path.is_dir() else _files_beside(path)
    headers = _sorted_stack(path, [_header(path, file) for file in files])
    try:
        image = sitk.ReadImage([header.file for header in headers])
    except RuntimeError as error:
        raise UserError(f"{path}: a slice cannot be read, it may be damaged; copy the series again.") from error
    _require_same_place(path, image, headers)
    origin = Origin(str(path), ScanKind.DICOM, dicom=headers[0].series)
    volume = itk_reader.volume_from_image(image, origin)
    return replace(volume, warnings=origin.warnings(volume.shape_ijk))


def _files_of_folder(folder: Path) -> tuple[str, ...]:
    series = {uid: _series_files(folder, uid) for uid in sitk.ImageSeriesReader.GetGDCMSeriesIDs(str(folder))}
    if not series:
        raise UserError(
            f"{folder}: no DICOM image lies in this folder; give a scan file, or the folder that holds the slices."
        )
    if len(series) > 1:
        names = "; ".join(_describe(files) for files in series.values())
        raise UserError(f"{folder}: holds {len(series)} DICOM series ({names}); give one file of the wanted series.")
    return next(iter(series.values()))


def _files_beside(file: Path) -> tuple[str, ...]:
    uid = _tag(_open(file, str(file)), _SERIES_UID)
    return _series_files(file.parent, uid) or (str(file),)


def _series_files(folder: Path, uid: str) -> tuple[str, ...]:
    return sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder), uid)


def _describe(files: tuple[str, ...]) -> str:
    first = Path(files[0])
    name = _tag(_open(first, files[0]), _DESCRIPTION) or "unnamed"
    return f"'{name}', {len(files)} files such as {first.name}"


def _open(path: Path, file: str) -> sitk.ImageFileReader:
    reader = sitk.ImageFileReader()
    reader.SetImageIO("GDCMImageIO")
    reader.SetFileName(file)
    try:
        reader.ReadImageInformation()
    except RuntimeError as error:
        raise UserError(f"{path}: {Path(file).name} cannot be read as a DICOM image; copy the series again.") from error
    return reader


def _tag(reader: sitk.ImageFileReader, key: str) -> str:
    """A header value without its padding, '' where it is missing."""
    return reader.GetMetaData(key).strip(" \0") if reader.HasMetaDataKey(key) else ""


def _header(path: Path, file: str) -> _Header:
    reader = _open(path, file)
    if int(_tag(reader, _FRAMES) or 1) > 1:
        raise UserError(f"{path}: is a multi-frame DICOM file; convert it to NIfTI (dcm2niix) and give that.")
    pixels.refuse_colour(path, int(_tag(reader, _SAMPLES) or 1))
    position, directions = _numbers(reader, _POSITION), _numbers(reader, _ORIENTATION)
    if len(position) != 3 or len(directions) != 6:
        pixels.refuse_no_orientation(path, f"{Path(file).name} has no position or direction")
    return _Header(file, position, directions, _series(reader))


def _series(reader: sitk.ImageFileReader) -> DicomSeries:
    series, study, frame = (_tag(reader, key) for key in (_SERIES_UID, _STUDY_UID, _FRAME_OF_REFERENCE_UID))
    return DicomSeries(series, study, frame, _tag(reader, _MODALITY))


def _numbers(reader: sitk.ImageFileReader, key: str) -> np.ndarray:
    return np.array([float(part) for part in _tag(reader, key).split("\\") if part.strip()])


def _sorted_stack(path: Path, headers: list[_Header]) -> list[_Header]:
    """The headers in order along the slice normal; refuses what is not a regular stack."""
    directions = np.array([header.directions_lps for header in headers])
    if np.abs(directions - directions[0]).max() > 1e-3:
        raise UserError(f"{path}: slices lie in different planes (a localiser?); give the T1 series alone.")
    if len(headers) < 2:
        raise UserError(f"{path}: is a single DICOM slice; give the folder that holds the whole series.")
    normal = np.cross(directions[0, :3], directions[0, 3:])
    ordered = sorted(headers, key=lambda header: float(header.position_lps_mm @ normal))
    _require_regular(path, np.array([header.position_lps_mm for header in ordered]), normal)
    return ordered


def _require_regular(path: Path, positions_lps_mm: np.ndarray, normal: np.ndarray) -> None:
    """Refuse doubled, missing, unevenly spaced and tilted slices; positions (N, 3) are in order."""
    along = (positions_lps_mm - positions_lps_mm[0]) @ normal
    gaps = np.diff(along)
    if gaps.min() < POSITION_TOLERANCE_MM:
        raise UserError(f"{path}: several slices lie at the same place (echoes or frames); keep one set of them.")
    if np.abs(gaps - np.median(gaps)).max() > POSITION_TOLERANCE_MM:
        raise UserError(
            f"{path}: slices are missing or unevenly spaced ({gaps.min():.2f} to {gaps.max():.2f} mm apart); "
            "copy the whole series again."
        )
    aside = positions_lps_mm - positions_lps_mm[0] - np.outer(along, normal)
    if np.linalg.norm(aside, axis=1).max() > POSITION_TOLERANCE_MM:
        raise UserError(
            f"{path}: the slices are stacked at a tilt (gantry tilt); resample the series to a straight grid."
        )


def _require_same_place(path: Path, image: sitk.Image, headers: list[_Header]) -> None:
    """Refuse the image unless its grid puts the first and last slice where their headers do."""
    for k, header in ((0, headers[0]), (len(headers) - 1, headers[-1])):
        place_lps_mm = np.array(image.TransformIndexToPhysicalPoint((0, 0, k)))
        if np.linalg.norm(place_lps_mm - header.position_lps_mm) > POSITION_TOLERANCE_MM:
            raise UserError(f"{path}: slice positions contradict each other; convert the series to NIfTI (dcm2niix).")
