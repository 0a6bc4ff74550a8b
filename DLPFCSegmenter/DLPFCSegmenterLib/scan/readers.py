"""One door for every scan file: NIfTI, MGZ, NRRD, MetaImage and DICOM series."""

from pathlib import Path

from ..errors import UserError
from .volume import Volume

READABLE = "NIfTI, NRRD, MHA, MGZ or a DICOM series"


def read_volume(path: Path, frame: int | None = None) -> Volume:
    """Read a scan or mask; `frame` (from 0) chooses from a file that holds several.

    `path` is a file, or a folder with one DICOM series; one DICOM file stands for its series.
    Values keep their type up to 4 bytes each (float32 where they are scaled). Raises UserError with
    one sentence for anything that is not a grey 3-D image whose header says which side is left.
    """
    path = Path(path)
    shown = str(path).encode("utf-8", "backslashreplace").decode()
    if shown != str(path):
        raise UserError(f"{shown}: its name is no UTF-8, so no result could name it; rename the file or its folder.")
    if not path.exists():
        raise UserError(f"{path}: no such file or folder; check the path.")
    try:
        return _read(path, frame)
    except PermissionError as error:
        raise UserError(f"{path}: may not be read; ask for permission to read it.") from error


def _read(path: Path, frame: int | None) -> Volume:
    """Choose the reader by the name's ending; libraries load when they are needed."""
    from . import dicom_reader, itk_reader, nibabel_reader, pixels

    name = path.name.lower()
    if path.is_file() and path.stat().st_size == 0:
        raise UserError(f"{path}: the file is empty; copy it again.")
    if path.is_dir() or name.endswith(dicom_reader.SUFFIXES) or dicom_reader.is_dicom(path):
        pixels.choose_frame(path, 1, frame)
        return dicom_reader.read(path)
    if name.endswith(nibabel_reader.SUFFIXES):
        return nibabel_reader.read(path, frame)
    if name.endswith(itk_reader.SUFFIXES):
        return itk_reader.read(path, frame)
    raise UserError(f"{path}: is not a scan that can be read; give {READABLE}.")
