"""A DICOM series in a folder, through SimpleITK (GDCM)."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..errors import UserError
from ..sentences import both, say
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
_PIXEL_SPACING, _ROWS, _COLUMNS = "0028|0030", "0028|0010", "0028|0011"
_RESCALE = {"RescaleIntercept": "0028|1052", "RescaleSlope": "0028|1053"}
_PATIENT = {
    "PatientID": "0010|0020",
    "PatientName": "0010|0010",
    "PatientBirthDate": "0010|0030",
    "PatientSex": "0010|0040",
}
_SOP_CLASS = "0008|0016"

_ENHANCED = tuple(f"1.2.840.10008.5.1.4.1.1.{number}" for number in ("2.1", "2.2", "4.1", "4.3", "4.4"))
"""Enhanced CT, MR and colour MR, and what was converted to them: their places stand in another part of the header."""

_BARE_FIELD = re.compile(rb"[\x02\x08]\0[\0-\x30]\0(UL|CS|UI|OB|SH|DA|TM|[\0-\x40]\0\0\0)", re.DOTALL)
"""First field of a file without preamble: group 2 or 8, with a type of two letters or a length."""

_IMAGE_CLASS = re.compile(rb"1\.2\.840\.10008\.5\.1\.4\.1\.1\.[247][\0 ]?[^.0-9]")
"""CT, MR or secondary capture, as a file's first fields name its class."""

_META_BYTES = 1024
"""The file's own fields lie within them."""

_SAME_PLACE_MM = 1e-4
"""Slices that lie no further apart on average lie at one place, in whatever unit."""

_SAME_SPACING_MM = 1e-3
_SQUARE = 0.02
"""Products of a direction's vectors are off by less where a program rounded them."""

_NAMES = {
    _POSITION: "position",
    _ORIENTATION: say("direction (of left and right)"),
    _PIXEL_SPACING: "PixelSpacing",
    _SAMPLES: "SamplesPerPixel",
}
_ANEW = say("export the series again from the scanner or the archive")
_IN_MM = say("DICOM's are in mm: export the series again from the scanner or the archive")


@dataclass(frozen=True)
class _Header:
    """One file: position (3,) and row and column directions (6,), LPS mm; its series.

    spacing_mm  between rows and between columns, shape (2,)
    alike       what every slice of a scan of one person has alike, by its name, as the header has it
    """

    file: str
    position_lps_mm: np.ndarray
    directions_lps: np.ndarray
    spacing_mm: np.ndarray
    alike: dict[str, str]
    series: DicomSeries


def is_dicom(file: Path) -> bool:
    """Whether a file begins as a DICOM file does: 128 free bytes, then 'DICM'; or, as old ones do, with its fields."""
    begin = pixels.begin_of(file, 132)
    return begin[128:] == b"DICM" or bool(_BARE_FIELD.match(begin))


def is_table_of_contents(file: Path) -> bool:
    """Whether a DICOM file is a DICOMDIR, by its kind of content."""
    return b"1.2.840.10008.1.3.10\0" in pixels.begin_of(file, _META_BYTES)


@itk_reader.quiet_itk()
def read(path: Path) -> Volume:
    """Read the series of a folder, or the series that one file belongs to with its neighbours.

    Raises UserError unless the slices form one regular, untilted stack.
    """
    files = _files_of_folder(path) if path.is_dir() else _files_beside(path)
    headers = _sorted_stack(path, [_header(path, file) for file in files])
    try:
        image = sitk.ReadImage([header.file for header in headers], imageIO="GDCMImageIO")
    except RuntimeError as error:
        sentence = say(
            "{path}: a slice cannot be read, it is damaged or compressed in a way that is not read here; copy the whole"
            " series again, or convert it to NIfTI (dcm2niix).",
            path=path,
        )
        raise itk_reader.unreadable(error, sentence) from error
    _require_same_place(path, image, headers)
    origin = Origin(str(path), ScanKind.DICOM, dicom=headers[0].series)
    volume = itk_reader.volume_from_image(image, origin)
    return replace(volume, warnings=origin.warnings(volume.shape_ijk))


def _files_of_folder(folder: Path) -> tuple[str, ...]:
    series = _series_in(folder)
    if not series:
        raise UserError(
            "{folder}: no DICOM image lies in this folder; give a scan file, or the folder that holds the slices.",
            folder=folder,
        )
    if len(series) > 1:
        names = "; ".join(_describe(files) for files in series.values())
        raise UserError(
            "{folder}: holds {count} DICOM series ({names}); give one file of the wanted series.",
            folder=folder,
            count=len(series),
            names=names,
        )
    return next(iter(series.values()))


def _files_beside(file: Path) -> tuple[str, ...]:
    if is_table_of_contents(file):
        raise UserError(
            "{file}: is a DICOMDIR, a table of contents without images; give the folder of one series.", file=file
        )
    uid = _tag(_open(file, str(file)), _SERIES_UID)
    return _series_in(file.parent).get(uid) or (str(file),)


def _series_in(folder: Path) -> dict[str, tuple[str, ...]]:
    """Files of the folder's images by their series. Links to nothing, pipes and what holds no image are passed over.

    Raises UserError for an image that cannot be read: nothing else would tell that an end of the stack is missing.
    The library's own search leaves out the files that follow a link to nothing, and waits at a pipe.
    """
    series: dict[str, tuple[str, ...]] = {}
    for file in sorted(folder.iterdir()):
        if not file.is_file() or not is_dicom(file) or is_table_of_contents(file):
            continue
        try:
            uid = _tag(_open(folder, str(file)), _SERIES_UID)
        except UserError:
            if _IMAGE_CLASS.search(pixels.begin_of(file, _META_BYTES)):
                raise
            continue
        series[uid] = (*series.get(uid, ()), str(file))
    return series


def _describe(files: tuple[str, ...]) -> str:
    first = Path(files[0])
    name = _tag(_open(first, files[0]), _DESCRIPTION) or "unnamed"
    return say("'{name}', {count} files such as {first_name}", name=name, count=len(files), first_name=first.name)


def _open(path: Path, file: str) -> sitk.ImageFileReader:
    reader = sitk.ImageFileReader()
    reader.SetImageIO("GDCMImageIO")
    reader.SetFileName(file)
    try:
        reader.ReadImageInformation()
    except RuntimeError as error:
        sentence = say(
            "{path}: {name} cannot be read as a DICOM image; copy the whole series again.",
            path=path,
            name=Path(file).name,
        )
        raise itk_reader.unreadable(error, sentence) from error
    return reader


def _tag(reader: sitk.ImageFileReader, key: str) -> str:
    """A header value without its padding, '' where it is missing."""
    return reader.GetMetaData(key).strip(" \0") if reader.HasMetaDataKey(key) else ""


def _header(path: Path, file: str) -> _Header:
    reader, name = _open(path, file), Path(file).name
    if _tag(reader, _SOP_CLASS) in _ENHANCED or _tag(reader, _FRAMES) not in ("", "1"):
        raise UserError(
            "{path}: {name} is a multi-frame or enhanced DICOM file; convert it to NIfTI (dcm2niix).",
            path=path,
            name=name,
        )
    if _tag(reader, _SAMPLES):
        pixels.refuse_colour(path, int(_numbers(path, reader, _SAMPLES, 1)[0]))
    place = {key: _numbers(path, reader, key, count) for key, count in ((_POSITION, 3), (_ORIENTATION, 6))}
    _require_right_angle(path, name, place[_ORIENTATION])
    spacing = _numbers(path, reader, _PIXEL_SPACING, 2)
    if spacing.min() <= 0:
        raise UserError(
            "{path}: {name} has a PixelSpacing that is not above 0; {advice}.", path=path, name=name, advice=_ANEW
        )
    return _Header(file, place[_POSITION], place[_ORIENTATION], spacing, _alike(reader), _series(reader))


def _require_right_angle(path: Path, name: str, directions_lps: np.ndarray) -> None:
    """Refuse directions of rows and columns, shape (6,), that are no two unit vectors at a right angle."""
    axes = directions_lps.reshape(2, 3)
    if np.abs(axes @ axes.T - np.eye(2)).max() > _SQUARE:
        raise UserError(
            "{path}: {name} has a direction that cannot be one (tag {key}: no two unit vectors at a right angle), so"
            " left and right are unknown; {advice}.",
            path=path,
            name=name,
            key=_ORIENTATION.replace("|", ","),
            advice=_ANEW,
        )


def _alike(reader: sitk.ImageFileReader) -> dict[str, str]:
    """Size, scaling and person; numbers as such, so that '1' and '1.0' are equal."""
    scaling = {name: _number_or_text(_tag(reader, key)) for name, key in _RESCALE.items()}
    persons = {name: _tag(reader, key) for name, key in _PATIENT.items()}
    return {"size": f"{_tag(reader, _COLUMNS)} x {_tag(reader, _ROWS)}"} | scaling | persons


def _number_or_text(value: str) -> str:
    try:
        return repr(float(value))
    except ValueError:
        return value


def _series(reader: sitk.ImageFileReader) -> DicomSeries:
    series, study, frame = (_tag(reader, key) for key in (_SERIES_UID, _STUDY_UID, _FRAME_OF_REFERENCE_UID))
    return DicomSeries(series, study, frame, _tag(reader, _MODALITY))


def _numbers(path: Path, reader: sitk.ImageFileReader, key: str, count: int) -> np.ndarray:
    """The `count` finite numbers of a header's field. Raises UserError where they are missing or none."""
    try:
        numbers = np.array([float(part) for part in _tag(reader, key).split("\\") if part.strip()])
    except ValueError:
        numbers = np.zeros(0)
    if len(numbers) != count or not np.all(np.isfinite(numbers)):
        name = Path(reader.GetFileName()).name
        raise UserError(
            "{path}: {name} has no {field} that can be read (tag {key}); {advice}.",
            path=path,
            name=name,
            field=_NAMES[key],
            key=key.replace("|", ","),
            advice=_ANEW,
        )
    return numbers


def _require_alike(path: Path, headers: list[_Header]) -> None:
    """Refuse slices of several people, sizes or scalings under one series' name."""
    for name, value in headers[0].alike.items():
        other = next((header for header in headers if header.alike[name] != value), None)
        if other is None:
            continue
        files = f"{Path(headers[0].file).name} and {Path(other.file).name}"
        if name in _PATIENT:
            raise UserError(
                "{path}: {files} name different patients ({name}); give the series of one person alone.",
                path=path,
                files=files,
                name=name,
            )
        shown = say(
            "{name} {value} and {alike}", name=name, value=value or say("none"), alike=other.alike[name] or say("none")
        )
        raise UserError(
            "{path}: {files} differ ({shown}); give one series alone, or convert it to NIfTI (dcm2niix).",
            path=path,
            files=files,
            shown=shown,
        )
    frames = {header.series.frame_of_reference_uid: header.file for header in headers}
    if len(frames.keys() - {""}) > 1:
        raise UserError(
            "{path}: {files} lie in different frames of reference, so their positions cannot be compared; give one"
            " series alone.",
            path=path,
            files=both([Path(frames[uid]).name for uid in sorted(frames.keys() - {""})[:2]]),
        )
    if any(np.abs(header.spacing_mm - headers[0].spacing_mm).max() > _SAME_SPACING_MM for header in headers):
        raise UserError("{path}: the slices have different PixelSpacing; give the T1 series alone.", path=path)


def _sorted_stack(path: Path, headers: list[_Header]) -> list[_Header]:
    """The headers in order along the slice normal; refuses what is not a regular stack."""
    _require_alike(path, headers)
    directions = np.array([header.directions_lps for header in headers])
    if np.abs(directions - directions[0]).max() > 1e-3:
        raise UserError("{path}: slices lie in different planes (a localiser?); give the T1 series alone.", path=path)
    if len(headers) < 2:
        raise UserError("{path}: is a single DICOM slice; give the folder that holds the whole series.", path=path)
    normal = np.cross(directions[0, :3], directions[0, 3:])
    ordered = sorted(headers, key=lambda header: float(header.position_lps_mm @ normal))
    positions = np.array([header.position_lps_mm for header in ordered])
    gap = float((positions[-1] - positions[0]) @ normal) / (len(ordered) - 1)
    sizes = (*headers[0].spacing_mm, gap) if gap > _SAME_PLACE_MM else headers[0].spacing_mm
    pixels.require_mm(path, np.array(sizes), _IN_MM)
    _require_regular(path, positions, normal)
    return ordered


def _require_regular(path: Path, positions_lps_mm: np.ndarray, normal: np.ndarray) -> None:
    """Refuse doubled, missing, unevenly spaced and tilted slices; positions (N, 3) are in order."""
    along = (positions_lps_mm - positions_lps_mm[0]) @ normal
    gaps = np.diff(along)
    if gaps.mean() <= _SAME_PLACE_MM or gaps.min() < min(POSITION_TOLERANCE_MM, gaps.mean() / 2):
        raise UserError(
            "{path}: several slices lie at the same place (echoes or frames); keep one set of them.", path=path
        )
    if np.abs(gaps - np.median(gaps)).max() > POSITION_TOLERANCE_MM:
        raise UserError(
            "{path}: slices are missing or unevenly spaced ({least:.2f} to {most:.2f} mm apart); copy the"
            " whole series again.",
            path=path,
            least=gaps.min(),
            most=gaps.max(),
        )
    aside = positions_lps_mm - positions_lps_mm[0] - np.outer(along, normal)
    from_tilt = np.linalg.norm(aside - np.outer(along / along[-1], aside[-1]), axis=1)
    if from_tilt.max() > POSITION_TOLERANCE_MM:
        raise _contradicting(path)
    if np.linalg.norm(aside, axis=1).max() > POSITION_TOLERANCE_MM:
        raise UserError(
            "{path}: the slices are stacked at a tilt (gantry tilt); resample the series to a straight grid.", path=path
        )


def _require_same_place(path: Path, image: sitk.Image, headers: list[_Header]) -> None:
    """Refuse the image unless its grid puts the first and last slice where their headers do, and is as wide."""
    between_rows, between_columns = headers[0].spacing_mm
    if np.abs(np.array(image.GetSpacing()[:2]) - (between_columns, between_rows)).max() > _SAME_SPACING_MM:
        raise UserError(
            "{path}: PixelSpacing contradicts other sizes in the header; convert the series to NIfTI (dcm2niix).",
            path=path,
        )
    for k, header in ((0, headers[0]), (len(headers) - 1, headers[-1])):
        place_lps_mm = np.array(image.TransformIndexToPhysicalPoint((0, 0, k)))
        if np.linalg.norm(place_lps_mm - header.position_lps_mm) > POSITION_TOLERANCE_MM:
            raise _contradicting(path)


def _contradicting(path: Path) -> UserError:
    return UserError("{path}: slice positions contradict each other; {advice}.", path=path, advice=_ANEW)
