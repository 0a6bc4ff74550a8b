"""Every format of a mask by name: what writes it, and how targets come out of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import UserError
from ..scan import dicom_reader
from ..scan.head_scan import HeadScan
from ..scan.registration import Registration, implausible
from ..scan.volume import Volume
from ..segmentation.region import Region
from ..targeting.mask_check import off_brain_warnings
from ..targeting.target import find_target
from .dicom_series import sop_class
from .formats import dicom_seg, masks, rt_struct
from .points import with_warnings_apart
from .targets import PlannedTarget

_OWN_GRID = "on the scan's own grid"
_SERIES = "in the DICOM series' frame of reference, LPS mm"


@dataclass(frozen=True)
class MaskFormat:
    """One format of a mask.

    name     what the command line calls it
    title    what the user reads
    suffix   end of its files' names
    write    function of (region, targets on its side, path)
    space    where its numbers lie, in words
    checked  which reader its files were checked against
    of_series  whether the scan must be a DICOM series
    """

    name: str
    title: str
    suffix: str
    write: Callable[[Region, list[PlannedTarget], Path], None]
    space: str
    checked: str
    of_series: bool = False


def _without_points(write: Callable[[Region, Path], None]) -> Callable[[Region, list[PlannedTarget], Path], None]:
    return lambda region, targets, path: write(region, path)


MASK_FORMATS = {
    entry.name: entry
    for entry in (
        MaskFormat(
            "mask-nifti", "Mask as NIfTI", ".nii.gz", _without_points(masks.write_mask_nifti),
            f"{_OWN_GRID}, RAS mm", "nibabel, ITK and Slicer's own reader",
        ),
        MaskFormat(
            "mask-nrrd", "Mask as Slicer segmentation", ".seg.nrrd", _without_points(masks.write_mask_segmentation),
            f"{_OWN_GRID}, LPS mm", "ITK and Slicer's own reader",
        ),
        MaskFormat(
            "dicom-seg", "Mask as DICOM SEG", ".seg.dcm", _without_points(dicom_seg.write_mask_dicom_seg), _SERIES,
            "highdicom", True,
        ),
        MaskFormat(
            "rt-struct", "Mask and points as RT-STRUCT", ".rtstruct.dcm", rt_struct.write_rt_struct, _SERIES,
            "dcmrtstruct2nii", True,
        ),
    )
}  # fmt: skip


def is_mask_file(path: Path) -> bool:
    """Whether a file is an image or a DICOM file, rather than text that lists targets."""
    if not path.is_file():
        return False
    return path.name.lower().endswith((".nii", ".nii.gz", ".nrrd")) or dicom_reader.is_dicom(path)


def read_mask_targets(path: Path, scan: Volume | None) -> list[PlannedTarget]:
    """Single points of a file of masks, or where it holds none the centroid of each mask.

    Raises UserError for a file that holds no mask, for an RT-STRUCT without its scan, and for a mask that lies
    off the brain of `scan`; where that cannot be told, the targets carry a warning.
    """
    try:
        found, points = _read(path, scan)
    except (AttributeError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise UserError(f"{path}: this file of a mask is damaged ({error}); export it again.") from error
    if not found and not points:
        raise UserError(f"{path}: holds neither a mask nor a point; export the structure again.")
    registration = HeadScan(scan).registration if scan is not None and not points else None
    targets = points or [_centroid(mask, registration) for mask in found]
    return [with_warnings_apart(target) for target in targets]


def _read(path: Path, scan: Volume | None) -> tuple[list[masks.NamedMask], list[PlannedTarget]]:
    if dicom_reader.is_dicom(path):
        return _read_dicom(path, scan)
    if path.name.lower().endswith(".nrrd"):
        return masks.read_mask_segmentation(path), []
    return masks.read_mask_nifti(path), []


def _read_dicom(path: Path, scan: Volume | None) -> tuple[list[masks.NamedMask], list[PlannedTarget]]:
    kind = sop_class(path)
    if kind == dicom_seg.SOP_CLASS:
        return dicom_seg.read_mask_dicom_seg(path), []
    if kind == rt_struct.SOP_CLASS:
        return rt_struct.read_rt_struct(path, scan)
    raise UserError(f"{path}: is neither a DICOM SEG nor an RT-STRUCT; name the file of the mask or its targets.")


def _centroid(mask: masks.NamedMask, registration: Registration | None) -> PlannedTarget:
    target = find_target(mask.volume, mask.volume.array_kji)
    warnings = mask.volume.warnings + target.warnings + _place_doubts(mask.volume, registration)
    words = f"target in the mask. {mask.description}"
    return PlannedTarget(mask.label, target.position_ras_mm, description=words, warnings=warnings)


def _place_doubts(mask: Volume, registration: Registration | None) -> tuple[str, ...]:
    """What is doubtful about where a mask, given as its grid's values, lies in the scan's brain."""
    unchecked = f"Whether the mask {Path(mask.source).name} lies on the brain was not checked"
    if registration is None:
        return (f"{unchecked}, as its scan was not named.",)
    if implausible(registration):
        return (f"{unchecked}, as the scan does not fit the MNI template.",)
    return off_brain_warnings(mask, mask.array_kji, registration)
