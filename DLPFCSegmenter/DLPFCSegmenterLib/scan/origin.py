"""`Origin`: the file that a scan came from, and what of its header a navigator goes by.

It travels with the plan, so that a scene that was saved and opened again writes the files that it wrote before,
whether or not the scan's file is still there.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..doubts import Doubt, doubt
from ..geometry.spaces import largest_shift_mm

QFORM_SFORM_TOLERANCE_MM = 0.5
"""qform keeps rounded quaternions, so that the two differ by some hundredths of a mm anyway."""

_MR = "MR"


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

    qform_code, sform_code  0 where the header does not set the form
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
        return self.quaternion_matrix if self.qform_code else None

    @property
    def quaternion_matrix(self) -> np.ndarray:
        """What the header's quaternion says whether it is set or not, 4x4, IJK to RAS mm."""
        from nibabel.quaternions import fillpositive, quat2mat

        matrix = np.eye(4)
        bcd = np.array(self.quatern_bcd)
        # Rounded numbers of half a turn come out a little longer than 1; like ITK, `quat2mat` makes them 1 again.
        turn = quat2mat((0.0, *bcd) if bcd @ bcd > 1 else fillpositive(bcd, w2_thresh=-3 * np.finfo(np.float32).eps))
        matrix[:3, :3] = turn * self.pixdim[1:] * np.array([1.0, 1.0, -1.0 if self.pixdim[0] == -1 else 1.0])
        matrix[:3, 3] = self.qoffset_ras_mm
        return matrix

    @property
    def sform(self) -> np.ndarray | None:
        """4x4, IJK to RAS mm, or None where the header does not set it."""
        return np.array([*self.srow_ras_mm, (0.0, 0.0, 0.0, 1.0)]) if self.sform_code else None

    def apart_mm(self, shape_ijk: tuple[int, ...]) -> float:
        """How far apart the two forms place one voxel; 0 where only one is set."""
        qform, sform = self.qform, self.sform
        return 0.0 if qform is None or sform is None else largest_shift_mm(qform, sform, shape_ijk)


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
        away = 0.0 if self.nifti is None else self.nifti.apart_mm(shape_ijk)
        if self.nifti is not None and away > QFORM_SFORM_TOLERANCE_MM:
            qform, sform = self.nifti.qform_code, self.nifti.sform_code
            return (doubt("forms_apart", name=name, away=away, qform_code=qform, sform_code=sform),)
        if self.dicom is not None and self.dicom.modality != _MR:
            return (doubt("no_mr", name=name, modality=self.dicom.modality or "missing"),)
        return ()
