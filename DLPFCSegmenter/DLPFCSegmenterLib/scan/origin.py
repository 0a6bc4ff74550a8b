"""`Origin`: the file that a scan came from, and what of its header a navigator goes by.

It travels with the plan, so that a scene that was saved and opened again writes the files that it wrote before,
whether or not the scan's file is still there.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..doubts import Doubt, doubt
from ..geometry.spaces import largest_shift_mm, spacing_mm

QFORM_SFORM_TOLERANCE_MM = 0.5
"""Less than this is not worth a warning."""

ROUNDING_MM = 0.05
"""A qform keeps rounded quaternions, so that it differs by some hundredths of a mm from an equal sform."""

_ROUNDED = 1e-5
"""So far from 1 or -1 pixdim[0] may lie."""

_MR = "MR"

_SCANNER = 1
"""NIfTI code 'scanner anatomical'."""

_ITK_RIGHT_ANGLE = 1e-4
"""How far from 0 the cosine between two axes of an sform may lie for ITK to take it."""


class ScanKind(StrEnum):
    """The kind of file that a scan was read from."""

    NIFTI = "nifti"
    MGH = "mgh"
    NRRD = "nrrd"
    METAIMAGE = "metaimage"
    DICOM = "dicom"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class NiftiForms:
    """The two forms of a NIfTI header, in the header's own numbers: a header made of them is equal to the last bit.

    qform_code, sform_code  0 or less where the header does not set the form
    quatern_bcd, qoffset_ras_mm  rotation and place of the qform
    pixdim         qfac and the voxel size along I, J, K in mm
    srow_ras_mm    the three rows of the sform
    """

    qform_code: int
    sform_code: int
    quatern_bcd: tuple[float, float, float]
    qoffset_ras_mm: tuple[float, float, float]
    pixdim: tuple[float, float, float, float]
    srow_ras_mm: tuple[tuple[float, ...], ...]

    @property
    def qform(self) -> np.ndarray | None:
        """4x4, IJK to RAS mm, or None where the header does not set it."""
        return self.quaternion_matrix if self.qform_code > 0 else None

    @property
    def quaternion_matrix(self) -> np.ndarray:
        """What the header's quaternion says whether it is set or not, 4x4, IJK to RAS mm."""
        from nibabel.quaternions import fillpositive, quat2mat

        matrix = np.eye(4)
        bcd = np.array(self.quatern_bcd)
        # Rounded numbers of half a turn come out a little longer than 1; like ITK, `quat2mat` makes them 1 again.
        turn = quat2mat((0.0, *bcd) if bcd @ bcd > 1 else fillpositive(bcd, w2_thresh=-3 * np.finfo(np.float32).eps))
        matrix[:3, :3] = turn * self.pixdim[1:] * np.array([1.0, 1.0, -1.0 if self.pixdim[0] < 0 else 1.0])
        matrix[:3, 3] = self.qoffset_ras_mm
        return matrix

    @property
    def tells_side(self) -> bool:
        """Whether pixdim[0] is 1 or -1, rounded by whoever wrote it, or 0, which means 1: else the qform is damaged."""
        qfac = self.pixdim[0]
        return qfac == 0 or abs(abs(qfac) - 1.0) <= _ROUNDED

    @property
    def sform(self) -> np.ndarray | None:
        """4x4, IJK to RAS mm, or None where the header does not set it."""
        return np.array([*self.srow_ras_mm, (0.0, 0.0, 0.0, 1.0)]) if self.sform_code > 0 else None

    @property
    def placed(self) -> np.ndarray:
        """4x4, IJK to RAS mm, by which the file is read here: the sform where it is set."""
        return self.quaternion_matrix if self.sform is None else self.sform

    @property
    def shown_by_slicer(self) -> np.ndarray:
        """4x4, IJK to RAS mm, where Slicer shows the file, as all that is built on ITK does.

        That is the sform where it is the only form or has code 1, with the voxel sizes of `pixdim`, else the qform;
        by running all pairs of codes in Slicer 5.12 and ITK 5.4. A sheared sform is passed over; alone, Slicer does
        not open it.
        """
        sform = self.sform
        if sform is None or (self.qform_code > 0 and (self.sform_code != _SCANNER or not _has_right_angles(sform))):
            return self.quaternion_matrix
        if not _has_right_angles(sform):
            return sform
        return np.column_stack([sform[:, :3] / spacing_mm(sform) * self.pixdim[1:], sform[:, 3]])

    def apart_mm(self, shape_ijk: tuple[int, ...]) -> float:
        """How far apart the two forms place one voxel; 0 where only one is set."""
        qform, sform = self.qform, self.sform
        return 0.0 if qform is None or sform is None else largest_shift_mm(qform, sform, shape_ijk)

    def shown_apart_mm(self, shape_ijk: tuple[int, ...]) -> float:
        """How far from where the file is read Slicer shows a voxel of it."""
        return largest_shift_mm(self.shown_by_slicer, self.placed, shape_ijk)

    def agree(self, shape_ijk: tuple[int, ...]) -> bool:
        """Whether all programs place the file's voxels alike."""
        return max(self.apart_mm(shape_ijk), self.shown_apart_mm(shape_ijk)) <= ROUNDING_MM


@dataclass(frozen=True)
class DicomSeries:
    """By what a DICOM series and the files about it know each other; '' where the series does not say."""

    series_uid: str
    study_uid: str
    frame_of_reference_uid: str
    modality: str = _MR


@dataclass(frozen=True)
class Origin:
    """Where a scan came from.

    path   what the user knows it by: a file, a folder or a node's name
    kind   UNKNOWN for a volume that did not come from a file, or from one that is not known
    frame  which of the file's frames, from 0
    nifti  of a NIfTI file, else None
    dicom  of a DICOM series, else None
    """

    path: str = ""
    kind: ScanKind = ScanKind.UNKNOWN
    frame: int = 0
    nifti: NiftiForms | None = None
    dicom: DicomSeries | None = None

    def warnings(self, shape_ijk: tuple[int, ...]) -> tuple[Doubt, ...]:
        """What is to be said of a file whose forms lie apart, or that is no MR scan."""
        name = self.path.replace("\\", "/").rstrip("/").rpartition("/")[2]
        if self.nifti is not None:
            return _form_warnings(name, self.nifti, shape_ijk)
        if self.dicom is not None and self.dicom.modality != _MR:
            return (doubt("no_mr", name=name, modality=self.dicom.modality or "missing"),)
        return ()


def _form_warnings(name: str, forms: NiftiForms, shape_ijk: tuple[int, ...]) -> tuple[Doubt, ...]:
    """What is to be said of a header by which programs differ on where a voxel lies."""
    away, shown = forms.apart_mm(shape_ijk), forms.shown_apart_mm(shape_ijk)
    if away > QFORM_SFORM_TOLERANCE_MM:
        slicer = "qform" if shown > QFORM_SFORM_TOLERANCE_MM else "sform"
        qform, sform = forms.qform_code, forms.sform_code
        return (doubt("forms_apart", name=name, away=away, slicer=slicer, qform_code=qform, sform_code=sform),)
    return (doubt("sizes_apart", name=name, away=shown),) if shown > QFORM_SFORM_TOLERANCE_MM else ()


def _has_right_angles(matrix: np.ndarray) -> bool:
    """Whether ITK takes the axes of an affine for right-angled."""
    sizes = spacing_mm(matrix)
    units = matrix[:3, :3] / np.where(sizes > 0, sizes, 1.0)
    return bool(np.abs(units.T @ units - np.eye(3)).max() < _ITK_RIGHT_ANGLE)
