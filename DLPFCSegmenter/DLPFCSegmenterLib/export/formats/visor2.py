"""ANT Neuro visor2's `.mrk` file (JSON): coil poses in the associated NIfTI image, RAS mm.

The file repeats the image's qform, by which visor2 recognises the scan it was planned on.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from ... import __version__
from ...errors import UserError
from ...scan.volume import Volume
from ...sentences import say
from ..format import (
    BY_SIMNIBS,
    ENTRY,
    NIFTI,
    POINT,
    POSE,
    SAME_PLACE_MM,
    PointFormat,
    nifti_scan,
    require_declared,
    shift_from_scan_mm,
)
from ..points import described, posed_target, warned
from ..targets import PlannedTarget, brought

_CONSTANTS = {"CoordinateSystem": "ASSOCIATED_IMAGE", "PositionalUnit": "mm", "CoilAxesConvention": "simnibs"}
_IMAGE_TOLERANCE = 1e-5


def space_in_words(scan: Volume | None) -> str:
    """The space that is written for `scan`. Raises UserError as `write_visor2` does."""
    _by_qform(scan)
    return say("RAS mm of the NIfTI scan's qform")


def write_visor2(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write one coil pose a target, which every target must have, in the same voxels by the scan's qform.

    Raises UserError without a NIfTI scan, or where that sets no qform and lies elsewhere than its quaternion says.
    """
    by_qform = _by_qform(scan)
    document = {
        "Configuration": {
            "SourceInfo": {"AppName": "DLPFCSegmenter", "AppVersion": __version__},
            "AssociatedImageInfo": _image_info(scan),
        },
        "TargetMarkers": [{"CoilTarget": _coil_target(target)} for target in brought(targets, scan, by_qform)],
    }
    path.write_text(json.dumps(document, indent=2, allow_nan=False) + "\n", encoding="utf-8", newline="\n")
    return [path]


def _by_qform(scan: Volume | None) -> Volume:
    """The scan where visor2 has it: where it was planned on, or where its qform says if that differs."""
    planned_on, forms = nifti_scan(scan, "visor2")
    shift = shift_from_scan_mm(forms.quaternion_matrix, planned_on)
    if shift <= SAME_PLACE_MM:
        return planned_on
    if forms.qform is None:
        raise UserError(
            "{source}: visor2 goes by the qform, which this scan does not set and which would lie up to {shift:.1f} mm"
            " from its sform; set the qform equal to the sform and plan again.",
            source=planned_on.source,
            shift=shift,
        )
    return replace(planned_on, ijk_to_ras=forms.qform)


def _image_info(scan: Volume | None) -> dict[str, list[float]]:
    _, forms = nifti_scan(scan, "visor2")
    return {
        "NIfTI_quatern": list(forms.quatern_bcd),
        "NIfTI_qoffset": list(forms.qoffset_ras_mm),
        "NIfTI_pixdim": list(forms.pixdim),
    }


def _coil_target(target: PlannedTarget) -> dict:
    comment = described(target)
    return {
        "Name": target.label,
        **_CONSTANTS,
        "CoilInfo": {"Type": "", "Id": ""},
        "CoilPose": {"RigidTransformMatrix4x4": np.asarray(target.coil_pose_ras_mm, dtype=float).tolist()},
    } | ({"Comment": comment} if comment else {})


def read_visor2(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Coil poses; a target's position is its coil's centre.

    Raises UserError for another space, unit or axes, and with `scan` for another image than it, or as `write_visor2`.
    """
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    targets = [_read_target(path, marker["CoilTarget"]) for marker in document["TargetMarkers"]]
    if scan is None:
        return warned(targets, say("{name} was read without its scan, with whose qform it goes.", name=path.name))
    _check_image(path, document["Configuration"]["AssociatedImageInfo"], scan)
    return brought(targets, _by_qform(scan), scan)


def _check_image(path: Path, written: dict, scan: Volume) -> None:
    for name, values in _image_info(scan).items():
        if not np.allclose(values, written[name], atol=_IMAGE_TOLERANCE):
            raise UserError(
                "{path}: {name} is not that of {source}; open the scan that it was planned on.",
                path=path,
                name=name,
                source=scan.source,
            )


def _read_target(path: Path, marker: dict) -> PlannedTarget:
    require_declared(path, marker, _CONSTANTS)
    pose = np.array(marker["CoilPose"]["RigidTransformMatrix4x4"], dtype=float)
    return posed_target(marker["Name"], pose, np.eye(4), marker.get("Comment", ""))


FORMATS = (
    PointFormat(
        name="visor2", title=say("ANT Neuro visor2"), suffix=".mrk", rank=70, signatures=('"TargetMarkers"',),
        write=write_visor2, read=read_visor2, needs=NIFTI, space=say("RAS mm of the NIfTI scan's qform"),
        space_of=space_in_words, requires=POSE, loses=(POINT, ENTRY), checked=BY_SIMNIBS,
    ),
)  # fmt: skip
