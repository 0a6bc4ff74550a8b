"""The mask as a DICOM Segmentation object of the series that was segmented (highdicom)."""

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from ... import __version__
from ...errors import UserError
from ...geometry.spaces import LPS_FROM_RAS
from ...scan.origin import Origin, ScanKind
from ...scan.volume import Volume
from ...segmentation.region import Region
from ...sentences import say
from ...terminology import CATEGORY, LATERALITY, Code, segment_name, type_of
from ..dicom_series import short_text, source_slices
from ..format import SERIES, MaskFormat, NamedMask
from ..sides import with_coded_side
from .masks import mask_remarks

if TYPE_CHECKING:
    from highdicom.seg import Segmentation, SegmentDescription
    from highdicom.sr import CodedConcept

SOP_CLASS = "1.2.840.10008.5.1.4.1.1.66.4"
_SERIES_NUMBER = 900


def write_mask_dicom_seg(region: Region, path: Path) -> None:
    """Write the mask in the frame of reference and the study of its series, with coded terms.

    Raises UserError where the scan came from no DICOM series, or highdicom is not installed.
    """
    highdicom = _highdicom(path)
    slices = source_slices(region.volume)
    segmentation = highdicom.seg.Segmentation(
        source_images=slices,
        pixel_array=region.mask_kji.astype(np.uint8),
        segmentation_type=highdicom.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=[_segment_description(region)],
        series_instance_uid=highdicom.UID(),
        series_number=_SERIES_NUMBER,
        sop_instance_uid=highdicom.UID(),
        instance_number=1,
        manufacturer="DLPFCSegmenter",
        manufacturer_model_name="DLPFCSegmenter",
        software_versions=__version__,
        device_serial_number="0",
        series_description=f"{segment_name(region.hemisphere, region.name)}, research use only",
    )
    segmentation.save_as(path)


def _highdicom(path: Path) -> ModuleType:
    try:
        import highdicom
    except ImportError as error:
        raise UserError("{path}: DICOM SEG needs highdicom; run 'pip install highdicom'.", path=path) from error
    return highdicom


def _segment_description(region: Region) -> "SegmentDescription":
    import highdicom

    family = _concept(Code("DCM", "123110", "Artificial Intelligence"))
    algorithm = highdicom.AlgorithmIdentificationSequence("DLPFCSegmenter", version=__version__, family=family)
    description = highdicom.seg.SegmentDescription(
        segment_number=1,
        segment_label=segment_name(region.hemisphere, region.name),
        segmented_property_category=_concept(CATEGORY),
        segmented_property_type=_concept(type_of(region.name)),
        algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.AUTOMATIC,
        algorithm_identification=algorithm,
    )
    side = [_concept(LATERALITY[region.hemisphere])]
    description.SegmentedPropertyTypeCodeSequence[0].SegmentedPropertyTypeModifierCodeSequence = side
    description.SegmentDescription = short_text(mask_remarks(region))
    return description


def _concept(code: Code) -> "CodedConcept":
    from highdicom.sr import CodedConcept

    return CodedConcept(code.value, code.scheme, code.meaning)


def read_mask_dicom_seg(path: Path) -> list[NamedMask]:
    """The segments of a DICOM SEG file, each on the grid that its frames span.

    Raises UserError where the frames span no regular grid, or highdicom is not installed.
    """
    segmentation = _highdicom(path).seg.segread(path)
    try:
        return [_read_segment(segmentation, number, path) for number in segmentation.segment_numbers]
    except (ValueError, RuntimeError) as error:
        raise UserError(
            "{path}: its frames span no regular grid ({error}); export it as one volume.", path=path, error=error
        ) from error


def _read_segment(segmentation: "Segmentation", number: int, path: Path) -> NamedMask:
    found = segmentation.get_volume(segment_numbers=[number], combine_segments=True)
    description = segmentation.get_segment_description(number)
    # highdicom's first axis is the slice, its affine takes its own indices to LPS.
    volume = Volume((found.array > 0).transpose(), LPS_FROM_RAS @ found.affine, Origin(str(path), ScanKind.DICOM))
    label = with_coded_side(path, str(description.segment_label), _coded_sides(description))
    return NamedMask(label, volume, str(description.get("SegmentDescription", "")))


def _coded_sides(description: "SegmentDescription") -> list[str]:
    modifiers = [
        str(modifier.get("CodeValue", ""))
        for kind in description.get("SegmentedPropertyTypeCodeSequence", [])
        for modifier in kind.get("SegmentedPropertyTypeModifierCodeSequence", [])
    ]
    return [side for side, code in LATERALITY.items() if code.value in modifiers]


FORMATS = (
    MaskFormat(
        name="dicom-seg", title=say("Mask as DICOM SEG"),
        suffix=".seg.dcm", rank=150, sop_class=SOP_CLASS, needs=SERIES,
        write=lambda region, targets, path: write_mask_dicom_seg(region, path),
        read=lambda path, scan: (read_mask_dicom_seg(path), []), packages=("pydicom", "highdicom"),
        space=say("in the DICOM series' frame of reference, LPS mm"), checked="highdicom",
    ),
)  # fmt: skip
