"""The mask as a DICOM RT Structure Set of the series that was segmented (pydicom).

Its outlines are closed polygons in the series' own slices, halfway between the voxels inside and those
outside, so that filling them at the voxels' centres gives the mask again; a hole is joined to its outline
by a channel without width ('keyhole', DICOM PS3.3 C.8.8.6.3). Targets stand beside it as single points.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import __version__
from ...errors import UserError
from ...geometry.outlines import mask_outlines
from ...geometry.spaces import ijk_to_ras_points, lps_to_ras, ras_to_ijk, ras_to_lps
from ...scan.volume import Volume
from ...segmentation.region import Region
from ...sentences import say
from ...terminology import COLOURS_RGB, NOTICE, segment_name
from ..dicom_series import require_pydicom, short_text, source_slices
from ..format import SERIES, MaskFormat, NamedMask
from ..points import described, renamed
from ..targets import PlannedTarget
from .masks import mask_remarks

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

SOP_CLASS = "1.2.840.10008.5.1.4.1.1.481.3"
_STUDY_CLASS = "1.2.840.10008.3.1.2.3.1"
_SERIES_NUMBER = 901
_LONG_STRING = 64
"""Longest text that DICOM allows in a field of VR LO."""
_POINT_COLOUR = (213, 94, 0)
_PATIENT_AND_STUDY = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "StudyDate", "StudyTime",
    "ReferringPhysicianName", "StudyID", "AccessionNumber", "FrameOfReferenceUID", "PositionReferenceIndicator",
)  # fmt: skip
_CLOSED = ("CLOSED_PLANAR", "CLOSEDPLANAR_XOR")
_ON_SLICE = 0.1
"""How far, in slice distances, a contour may lie from a slice of the scan."""
_OFF_CENTRE = (1e-4, 1.7e-4)
"""Where in a voxel, in voxels, it is asked whether a contour holds it: on no channel between two centres."""


def write_rt_struct(region: Region, targets: Iterable[PlannedTarget], path: Path) -> None:
    """Write the mask and the points of `targets` in the series' frame of reference and study.

    Raises UserError where the scan came from no DICOM series, or pydicom is not installed.
    """
    require_pydicom(path)
    slices = source_slices(region.volume)
    data = _described_file(slices, segment_name(region.hemisphere, region.name))
    data.StructureSetROISequence, data.ROIContourSequence, data.RTROIObservationsSequence = [], [], []
    mask = _contours(region, slices), COLOURS_RGB[region.hemisphere]
    _add_structure(data, segment_name(region.hemisphere, region.name), mask_remarks(region), "ORGAN", *mask)
    for target in renamed(targets, lambda label: label[:_LONG_STRING]):
        point = _contour("POINT", target.position_ras_mm[None])
        _add_structure(data, target.label, described(target), "MARKER", [point], _POINT_COLOUR)
    data.save_as(path, enforce_file_format=True)


def _described_file(slices: "list[Dataset]", title: str) -> "Dataset":
    """A structure set without structures: whose, from which study, by what, on which images."""
    import pydicom

    now = datetime.now()
    data = _item(
        SpecificCharacterSet="ISO_IR 192", SOPClassUID=SOP_CLASS, SOPInstanceUID=pydicom.uid.generate_uid(),
        Modality="RTSTRUCT", SeriesInstanceUID=pydicom.uid.generate_uid(), SeriesNumber=_SERIES_NUMBER,
        SeriesDescription=f"{title}, research use only", OperatorsName="", Manufacturer="DLPFCSegmenter",
        ManufacturerModelName="DLPFCSegmenter", SoftwareVersions=__version__, ApprovalStatus="UNAPPROVED",
        StructureSetLabel=title[:16], StructureSetDescription=NOTICE,
        StructureSetDate=f"{now:%Y%m%d}", StructureSetTime=f"{now:%H%M%S}",
    )  # fmt: skip
    for name in _PATIENT_AND_STUDY:
        setattr(data, name, slices[0].get(name, ""))
    data.ReferencedFrameOfReferenceSequence = [_referenced_frame(slices)]
    # Explicit VR has no room for a contour of more than 64 kB.
    data.file_meta = pydicom.dataset.FileMetaDataset()
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    data.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
    return data


def _item(**fields: Any) -> "Dataset":
    from pydicom.dataset import Dataset

    item = Dataset()
    for name, value in fields.items():
        setattr(item, name, value)
    return item


def _referenced_frame(slices: "list[Dataset]") -> "Dataset":
    series = _item(SeriesInstanceUID=slices[0].SeriesInstanceUID, ContourImageSequence=[_image(s) for s in slices])
    study = _item(
        ReferencedSOPClassUID=_STUDY_CLASS,
        ReferencedSOPInstanceUID=slices[0].StudyInstanceUID,
        RTReferencedSeriesSequence=[series],
    )
    return _item(FrameOfReferenceUID=slices[0].FrameOfReferenceUID, RTReferencedStudySequence=[study])


def _image(data_set: "Dataset") -> "Dataset":
    return _item(ReferencedSOPClassUID=data_set.SOPClassUID, ReferencedSOPInstanceUID=data_set.SOPInstanceUID)


def _add_structure(
    data: "Dataset", name: str, words: str, kind: str, contours: "list[Dataset]", colour: tuple[int, int, int]
) -> None:
    """One structure in the three lists that DICOM keeps of them, tied by its number."""
    number = len(data.StructureSetROISequence) + 1
    data.StructureSetROISequence.append(
        _item(
            ROINumber=number, ReferencedFrameOfReferenceUID=data.FrameOfReferenceUID, ROIName=name,
            ROIDescription=short_text(words), ROIGenerationAlgorithm="AUTOMATIC",
        )
    )  # fmt: skip
    for index, contour in enumerate(contours, start=1):
        contour.ContourNumber = index
    data.ROIContourSequence.append(
        _item(ROIDisplayColor=list(colour), ContourSequence=contours, ReferencedROINumber=number)
    )
    data.RTROIObservationsSequence.append(
        _item(ObservationNumber=number, ReferencedROINumber=number, RTROIInterpretedType=kind, ROIInterpreter="")
    )


def _contour(kind: str, points_ras_mm: np.ndarray) -> "Dataset":
    points = ras_to_lps(points_ras_mm)
    numbers = [f"{value:.6f}" for value in np.ravel(points)]
    return _item(ContourGeometricType=kind, NumberOfContourPoints=len(points), ContourData=numbers)


def _contours(region: Region, slices: "list[Dataset]") -> "list[Dataset]":
    """The outlines of the mask, each with the image that it lies on."""
    contours = []
    for k in np.flatnonzero(region.mask_kji.any(axis=(1, 2))):
        for outline in mask_outlines(region.mask_kji[k]):
            ijk = np.column_stack((outline, np.full(len(outline), k)))
            contour = _contour("CLOSED_PLANAR", ijk_to_ras_points(region.volume.ijk_to_ras, ijk))
            contour.ContourImageSequence = [_image(slices[k])]
            contours.append(contour)
    return contours


def read_rt_struct(path: Path, scan: Volume | None) -> tuple[list[NamedMask], list[PlannedTarget]]:
    """Closed outlines as masks on the scan's grid, and single points; overlapping outlines exclude each other.

    Raises UserError without the scan, in whose slices the outlines must lie, or where pydicom is not installed.
    """
    data = require_pydicom(path).dcmread(path)
    if scan is None:
        raise UserError("{path}: its outlines are filled on the scan's grid; name the scan (--scan).", path=path)
    names = {int(roi.ROINumber): roi for roi in data.StructureSetROISequence}
    masks, points = [], []
    for structure in data.get("ROIContourSequence", []):
        roi = names[int(structure.ReferencedROINumber)]
        words = str(roi.get("ROIDescription", ""))
        contours = structure.get("ContourSequence", [])
        outlines = [_points_ras_mm(each) for each in contours if each.ContourGeometricType in _CLOSED]
        if outlines:
            masks.append(NamedMask(str(roi.ROIName), scan.with_array(_filled(path, outlines, scan)), words))
        for each in contours:
            if each.ContourGeometricType == "POINT":
                points.append(PlannedTarget(str(roi.ROIName), _points_ras_mm(each)[0], description=words))
    return masks, points


def _points_ras_mm(contour: "Dataset") -> np.ndarray:
    return lps_to_ras(np.reshape(np.array(contour.ContourData, dtype=float), (-1, 3)))


def _filled(path: Path, outlines: list[np.ndarray], scan: Volume) -> np.ndarray:
    """The voxels whose centres lie within an odd number of the outlines, bool, shape (K, J, I)."""
    mask = np.zeros(scan.array_kji.shape, dtype=bool)
    for outline in outlines:
        ijk = ras_to_ijk(scan.ijk_to_ras, outline)
        k = int(np.rint(ijk[:, 2].mean()))
        if not 0 <= k < len(mask) or np.abs(ijk[:, 2] - k).max() > _ON_SLICE:
            raise UserError(
                "{path}: an outline lies on none of the slices of {source}; name the series it is of.",
                path=path,
                source=scan.source,
            )
        _turn_inside(mask[k], ijk[:, :2])
    return mask


def _turn_inside(mask_ji: np.ndarray, polygon_ij: np.ndarray) -> None:
    """Turn the pixels of `mask_ji` over whose centres lie in a polygon of (i, j) in voxels, shape (N, 2)."""
    from matplotlib.path import Path as Polygon

    low = np.clip(np.floor(polygon_ij.min(axis=0)), 0, None).astype(int)
    high = np.ceil(polygon_ij.max(axis=0)).astype(int) + 1
    part = mask_ji[low[1] : high[1], low[0] : high[0]]
    j, i = np.indices(part.shape)
    centres = np.column_stack((i.ravel(), j.ravel())) + low + _OFF_CENTRE
    part ^= Polygon(np.vstack((polygon_ij, polygon_ij[:1]))).contains_points(centres).reshape(part.shape)


FORMATS = (
    MaskFormat(
        name="rt-struct", title=say("Mask and points as RT-STRUCT"), suffix=".rtstruct.dcm", rank=160, needs=SERIES,
        sop_class=SOP_CLASS, write=write_rt_struct, read=read_rt_struct, holds_points=True,
        packages=("pydicom", "contourpy"),
        space=say("in the DICOM series' frame of reference, LPS mm"), checked="dcmrtstruct2nii",
    ),
)  # fmt: skip
