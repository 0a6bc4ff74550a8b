"""NIfTI and FreeSurfer MGZ files, through nibabel."""

import gzip
import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from io import IOBase
from pathlib import Path
from typing import IO, cast

import nibabel as nib
import numpy as np
from nibabel.arrayproxy import ArrayProxy
from nibabel.spatialimages import SpatialImage

from ..errors import UserError
from ..sentences import say
from . import pixels
from .origin import NiftiForms, Origin, ScanKind
from .stored_data import StoredData, is_gzip, require_all
from .volume import Volume

PAIR_SUFFIXES = (".hdr", ".img")
SUFFIXES = (".nii", ".nii.gz", *PAIR_SUFFIXES, ".mgz", ".mgh")

_READABLE_HERE = say("the NIfTI or MGZ file that it should be")

_HEADER_BYTES = 600
"""More than any of these headers is long."""

_OTHER_UNITS = {1: say("metres"), 3: say("microns")}
_MGH_VERSION = b"\0\0\0\1"
_MGH_GOOD_RAS, _MGH_SIZES, _MGH_DIRECTIONS = slice(28, 30), slice(30, 42), slice(42, 78)
_CODES = set(range(6))
"""Of forms, as nibabel knows them; NIfTI sets a form by any code above 0."""

_NOT_DAMAGE = (UserError, MemoryError, PermissionError)


def read(path: Path, frame: int | None) -> Volume:
    """Read one frame; nibabel's choice of affine (sform before qform) and value scaling apply.

    What a file is, and whether it is compressed, is told by its content, not by its name. A sheared affine is kept as
    it is. Raises UserError for what is not a 3-D scan with orientation.
    """
    try:
        with _quiet_nibabel(), _opened(path) as stream:
            image, header = _load(path, stream)
            origin = _origin(path, image, header, frame)
            values = _values(path, image, frame).T
            return Volume(values, _affine(image, origin), origin, origin.warnings(image.shape[:3]))
    except _NOT_DAMAGE:
        raise
    # nibabel and numpy raise whatever a damaged number leads them to.
    except Exception as error:
        raise UserError(
            "{path}: cannot be read as an image, it may be damaged ({error}).", path=path, error=_line(error)
        ) from error


@contextmanager
def _quiet_nibabel() -> Iterator[None]:
    """Keep what nibabel mends in headers off the terminal: what matters is raised as one sentence."""
    logger = logging.getLogger("nibabel.global")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if is_gzip(path) else path.open("rb")


def _load(path: Path, stream: IO[bytes]) -> tuple[SpatialImage, bytes]:
    """The image, its voxels not read yet, and how its header begins, unpacked."""
    if path.name.lower().endswith(PAIR_SUFFIXES):
        _require_other_half(path)
        image = cast(SpatialImage, nib.load(path))
        with image.file_map["header"].get_prepare_fileobj("rb") as header:
            return image, header.read(_HEADER_BYTES)
    begin = stream.read(_HEADER_BYTES)
    stream.seek(0)
    holder = {"image": nib.FileHolder(str(path), cast(IOBase, stream))}
    return _kind_of(path, begin).from_file_map(holder), begin


def _require_other_half(path: Path) -> None:
    other = ".img" if path.suffix.lower() == ".hdr" else ".hdr"
    half = path.with_suffix(other.upper() if path.suffix.isupper() else other)
    if not half.is_file():
        raise UserError(
            "{path}: its other half '{name}' is not there; copy both into one folder.", path=path, name=half.name
        )


def _kind_of(path: Path, begin: bytes) -> type[SpatialImage]:
    for kind in (nib.Nifti1Image, nib.Nifti2Image):
        if kind.header_class.may_contain_header(begin):
            return kind
    if begin[:4] == _MGH_VERSION:
        return nib.MGHImage
    raise UserError(
        "{path}: is {what_it_is} by its content; give {readable_here}.",
        path=path,
        what_it_is=pixels.what_it_is(begin),
        readable_here=_READABLE_HERE,
    )


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def _origin(path: Path, image: SpatialImage, begin: bytes, frame: int | None) -> Origin:
    """Refuses a file that does not say which side is left, or says it twice and differently."""
    if isinstance(image, nib.Nifti1Pair):
        header = _as_stored(image, begin)
        forms = forms_of(header)
        _require_forms(path, forms)
        _require_mm(path, header)
        return Origin(str(path), ScanKind.NIFTI, frame or 0, forms)
    if not isinstance(image, nib.MGHImage):
        pixels.refuse_no_orientation(path, say("it is an Analyze file"))
    if int.from_bytes(begin[_MGH_GOOD_RAS], "big", signed=True) <= 0:
        pixels.refuse_no_orientation(path, say("goodRASFlag is 0"))
    if not np.all(np.frombuffer(begin[_MGH_SIZES], ">f4") > 0):
        pixels.refuse_no_orientation(path, say("a voxel size is not above 0"))
    if not pixels.are_unit_vectors(np.frombuffer(begin[_MGH_DIRECTIONS], ">f4").reshape(3, 3)):
        pixels.refuse_no_orientation(path, say("its directions are no unit vectors"))
    return Origin(str(path), ScanKind.MGH, frame or 0)


def _affine(image: SpatialImage, origin: Origin) -> np.ndarray:
    """nibabel's own, but where it takes a rounded pixdim[0] for 1, or a form of an unknown code for none."""
    forms = origin.nifti
    if forms is None or ({forms.qform_code, forms.sform_code} <= _CODES and forms.pixdim[0] in (-1, 0, 1)):
        return image.affine
    return forms.placed


def _as_stored(image: nib.Nifti1Pair, begin: bytes) -> nib.Nifti1Header:
    """The header with the file's own numbers; nibabel mends some of them without a word, and others otherwise."""
    kind = type(image.header)
    return kind(begin[: kind.template_dtype.itemsize], check=False)


def _require_forms(path: Path, forms: NiftiForms) -> None:
    if forms.qform is None and forms.sform is None:
        pixels.refuse_no_orientation(path, say("qform_code and sform_code are 0"))
    if forms.qform is not None and not forms.tells_side:
        pixels.refuse_no_orientation(
            path, say("pixdim[0] of its qform is {pixdim:g}, not 1 or -1", pixdim=forms.pixdim[0])
        )
    if forms.qform is not None and not min(forms.pixdim[1:]) > 0:
        pixels.refuse_no_orientation(path, say("its qform has a voxel size that is not above 0"))
    for name, form in (("qform", forms.qform), ("sform", forms.sform)):
        if form is not None and not np.all(np.isfinite(form)):
            pixels.refuse_no_orientation(path, say("its {name} holds what is no number", name=name))
    _refuse_two_sides(path, forms)


def _require_mm(path: Path, header: nib.Nifti1Header) -> None:
    """Refuse lengths in another unit; unknown ones are mm, as every program takes them."""
    unit = _OTHER_UNITS.get(int(header["xyzt_units"]) & 7)
    if unit:
        raise UserError(
            "{path}: its header gives lengths in {unit}, which programs read differently; save it in mm.",
            path=path,
            unit=unit,
        )


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


def _values(path: Path, image: SpatialImage, frame: int | None) -> np.ndarray:
    """Scaled values of one frame, shape (I, J, K)."""
    grid, extra = image.shape[:3], image.shape[3:]
    if image.get_data_dtype().kind == "c":
        pixels.refuse_complex(path)
    pixels.refuse_colour(path, max(len(image.get_data_dtype().names or ()), 1) * int(np.prod(extra[1:], dtype=int)))
    pixels.require_3d(path, grid)
    index = pixels.choose_frame(path, extra[0] if extra else 1, frame)
    _require_offset(path, image)
    require_all(path, _stored_data(image))
    stored = cast(ArrayProxy, image.dataobj).reshape((*grid, -1))
    return pixels.compact(np.asanyarray(stored[..., index]).T).T


def _require_offset(path: Path, image: SpatialImage) -> None:
    """Refuse voxels that would begin within the header."""
    offset = cast(ArrayProxy, image.dataobj).offset
    if isinstance(image, nib.Nifti1Image) and offset < image.header.single_vox_offset:
        raise UserError(
            "{path}: its header is damaged (vox_offset {offset} lies within the header); convert it again"
            " from the DICOM files.",
            path=path,
            offset=offset,
        )


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
            "{path}: qform and sform disagree on which side is left; convert it again from the DICOM files.", path=path
        )


def _sides_disagree(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two IJK-to-RAS matrices are mirror images, or see right in opposite directions."""
    mirrored = np.linalg.det(a[:3, :3]) * np.linalg.det(b[:3, :3]) < 0
    return bool(mirrored or a[0, :3] @ b[0, :3] < 0)
