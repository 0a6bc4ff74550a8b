"""The mask as a DICOM Segmentation object of the series that was segmented (highdicom)."""

from pathlib import Path

import numpy as np

from .. import __version__
from ..errors import UserError
from ..geometry.spaces import lps_to_ras, ras_to_ijk
from ..segmentation.region import Region
from ..terminology import CATEGORY, LATERALITY, TYPE, Code, segment_name
from ..volume.volume import Volume

_SERIES_NUMBER = 900
_ON_SLICE_VOXELS = 0.1
"""How far, in slice distances, a file may lie from the slice of the volume that it is taken for."""


def write_mask_dicom_seg(region: Region, path: Path) -> None:
    """Write the mask in the frame of reference and the study of its series, with coded terms.

    Raises UserError where the scan came from no DICOM series, or highdicom is not installed.
    """
    try:
        import highdicom
    except ImportError as error:
        raise UserError(f"{path}: DICOM SEG needs highdicom; run 'pip install highdicom'.") from error
    slices = _source_slices(region.volume)
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
        series_description=f"{segment_name(region.hemisphere)}, research use only",
    )
    segmentation.save_as(path)


def _segment_description(region: Region):
    import highdicom

    family = _concept(Code("DCM", "123110", "Artificial Intelligence"))
    algorithm = highdicom.AlgorithmIdentificationSequence("DLPFCSegmenter", version=__version__, family=family)
    description = highdicom.seg.SegmentDescription(
        segment_number=1,
        segment_label=segment_name(region.hemisphere),
        segmented_property_category=_concept(CATEGORY),
        segmented_property_type=_concept(TYPE),
        algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.AUTOMATIC,
        algorithm_identification=algorithm,
    )
    side = [_concept(LATERALITY[region.hemisphere])]
    description.SegmentedPropertyTypeCodeSequence[0].SegmentedPropertyTypeModifierCodeSequence = side
    return description


def _concept(code: Code):
    from highdicom.sr import CodedConcept

    return CodedConcept(code.value, code.scheme, code.meaning)


def _source_slices(scan: Volume) -> list:
    """The series' files (pydicom data sets) in the order of the volume's slices, K of them."""
    by_slice = {}
    for data_set in _series(scan):
        index = _slice_index(scan, data_set)
        if index is not None:
            by_slice[index] = data_set
    if sorted(by_slice) != list(range(scan.array_kji.shape[0])):
        raise UserError(f"{scan.source}: its DICOM slices are no longer those of the scan; load the series again.")
    return [by_slice[index] for index in sorted(by_slice)]


def _series(scan: Volume) -> list:
    """Headers of all images of the scan's series."""
    import pydicom

    source = Path(scan.source)
    if not source.exists():
        raise UserError(f"{scan.source}: DICOM SEG needs the DICOM series of the scan; load the scan from its folder.")
    found = [_header(file) for file in sorted(source.iterdir() if source.is_dir() else source.parent.iterdir())]
    images = [data_set for data_set in found if data_set is not None and "ImagePositionPatient" in data_set]
    if source.is_file() and images:
        own = pydicom.dcmread(source, stop_before_pixels=True, force=True).get("SeriesInstanceUID")
        images = [data_set for data_set in images if data_set.SeriesInstanceUID == own]
    if not images:
        raise UserError(f"{scan.source}: no DICOM series, which DICOM SEG needs; load the scan from its DICOM folder.")
    return images


def _header(file: Path):
    import pydicom

    if not file.is_file():
        return None
    try:
        return pydicom.dcmread(file, stop_before_pixels=True)
    except pydicom.errors.InvalidDicomError:
        return None


def _slice_index(scan: Volume, data_set) -> int | None:
    """K of the slice whose first voxel is the file's, or None where it lies elsewhere."""
    position = lps_to_ras(np.array(data_set.ImagePositionPatient, dtype=float))
    ijk = ras_to_ijk(scan.ijk_to_ras, position)
    index = np.rint(ijk)
    return int(index[2]) if np.allclose(ijk, (0, 0, index[2]), atol=_ON_SLICE_VOXELS) else None
