"""The patient laid on a scan, kept with the scan in the scene, so that a saved scene brings the registration back."""

from dataclasses import dataclass

import slicer

from ...errors import UserError
from ...guidance.registration import Registration, Touched
from ...serial import RecordError, from_text, to_text

_PATIENT = "DLPFCSegmenter.Patient"


@dataclass(frozen=True)
class Patient:
    """What was touched, what it gave, and when a point was touched last (ISO 8601)."""

    touched: Touched
    registration: Registration
    time: str


def keep_patient(volume_node: slicer.vtkMRMLScalarVolumeNode, patient: Patient | None) -> None:
    """Let a scan know the patient that was laid on it, or that none is."""
    if patient is None:
        volume_node.RemoveAttribute(_PATIENT)
    else:
        volume_node.SetAttribute(_PATIENT, to_text(patient))


def kept_patient(volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> Patient | None:
    """The patient that a scan knows. Raises UserError for one that is damaged or of another version."""
    text = volume_node and volume_node.GetAttribute(_PATIENT)
    try:
        return from_text(text, Patient) if text else None
    except RecordError as error:
        raise UserError(
            "The registration that '{volume}' holds is damaged or of another version; touch the points again.",
            volume=volume_node.GetName(),
        ) from error
