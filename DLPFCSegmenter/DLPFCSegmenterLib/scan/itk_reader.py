"""NRRD and MetaImage files, through SimpleITK."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..errors import UserError, is_out_of_memory
from ..geometry import spaces
from ..sentences import say
from . import pixels, text_headers
from .origin import Origin, ScanKind
from .stored_data import StoredData, require_all
from .volume import Volume

NRRD_SUFFIXES = (".nrrd", ".nhdr")
META_SUFFIXES = (".mha", ".mhd")
SUFFIXES = NRRD_SUFFIXES + META_SUFFIXES


@contextmanager
def quiet_itk() -> Iterator[None]:
    """Keep ITK's own warnings off the terminal: what matters is raised as one sentence."""
    before = sitk.ProcessObject.GetGlobalWarningDisplay()
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    try:
        yield
    finally:
        sitk.ProcessObject.SetGlobalWarningDisplay(before)


@quiet_itk()
def read(path: Path, frame: int | None) -> Volume:
    """Read one frame. Raises UserError for what is not a grey 3-D image with an orientation."""
    data = _require_header(path)
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    try:
        reader.ReadImageInformation()
        _require_grey_3d(path, reader)
        _require_orientation(path, reader)
        if data is not None:
            require_all(path, data)
        image = _read_frame(path, reader, frame)
    except RuntimeError as error:
        raise unreadable(error, say("{path}: cannot be read as an image, it may be damaged.", path=path)) from error
    kind = ScanKind.METAIMAGE if path.suffix.lower() in META_SUFFIXES else ScanKind.NRRD
    return volume_from_image(image, Origin(str(path), kind, frame or 0))


def unreadable(error: RuntimeError, sentence: str) -> Exception:
    """What to raise where SimpleITK could not read a file: the sentence, unless it was memory that was missing."""
    return MemoryError(str(error)) if is_out_of_memory(error) else UserError(sentence)


def volume_from_image(image: sitk.Image, origin: Origin) -> Volume:
    """A 3-D SimpleITK image as a Volume."""
    matrix = spaces.ijk_to_ras_from_itk(image.GetOrigin(), image.GetSpacing(), image.GetDirection())
    return Volume(pixels.compact(sitk.GetArrayFromImage(image)), matrix, origin)


def _require_header(path: Path) -> StoredData | None:
    """Where the file's voxels are, once its header has been found to be one; None where they are not measured."""
    if path.suffix.lower() in META_SUFFIXES:
        return text_headers.metaimage_data(text_headers.read_metaimage(path))
    return text_headers.nrrd_data(text_headers.read_nrrd(path))


def require_whole_nrrd(path: Path) -> None:
    """Refuse an NRRD file whose header or data are damaged. Raises UserError."""
    data = _require_header(path)
    if data is not None:
        require_all(path, data)


def _require_orientation(path: Path, reader: sitk.ImageFileReader) -> None:
    if path.suffix.lower() in META_SUFFIXES:
        if not set(text_headers.META_ORIENTATION_FIELDS) & set(text_headers.read_metaimage(path).fields):
            pixels.refuse_no_orientation(path, say("it has no TransformMatrix"))
    else:
        require_nrrd_space(path, _metadata(reader, "NRRD_space"))


def require_nrrd_space(path: Path, space: str) -> None:
    """Refuse an NRRD file that ITK read in another space than LPS: it turns RAS and LAS into that, and no other."""
    if space != "left-posterior-superior":
        pixels.refuse_no_orientation(path, say("its 'space' field is missing or not anatomical"))


def _metadata(reader: sitk.ImageFileReader, key: str) -> str:
    return reader.GetMetaData(key).strip() if reader.HasMetaDataKey(key) else ""


def _holds_frames(reader: sitk.ImageFileReader) -> bool:
    """Whether the values in a voxel are frames, as in Slicer's sequence files, not a colour."""
    return _metadata(reader, "NRRD_kinds[pixel]") in ("list", "time")


def _require_grey_3d(path: Path, reader: sitk.ImageFileReader) -> None:
    if "complex" in sitk.GetPixelIDValueAsString(reader.GetPixelID()):
        pixels.refuse_complex(path)
    if not _holds_frames(reader):
        pixels.refuse_colour(path, reader.GetNumberOfComponents())
    pixels.require_3d(path, reader.GetSize()[:3])


def _read_frame(path: Path, reader: sitk.ImageFileReader, frame: int | None) -> sitk.Image:
    """One frame as a 3-D image, whether frames are a fourth axis or the values of a voxel."""
    size = reader.GetSize()
    index = pixels.choose_frame(path, int(np.prod(size[3:])) * reader.GetNumberOfComponents(), frame)
    if len(size) == 4:
        reader.SetExtractSize([*size[:3], 0])
        reader.SetExtractIndex([0, 0, 0, index])
    image = reader.Execute()
    if reader.GetNumberOfComponents() > 1:
        return sitk.VectorIndexSelectionCast(image, index)
    return image
