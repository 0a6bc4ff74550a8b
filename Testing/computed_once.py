"""What takes seconds and is the same each time is computed once in a process: head frames, what the
shipped networks say, scalps, tapes, and how fMRI fits on a T1.

The functions themselves stay as they are where their own tests import them; the names under which the
library calls them are replaced.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from DLPFCSegmenterLib.circuit import alignment
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.files import file_sha256
from DLPFCSegmenterLib.networks.weights import SHIPPED
from DLPFCSegmenterLib.progress import Progress
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.head_finding import frame_by_shipped_networks
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter
from DLPFCSegmenterLib.targeting import head_tapes
from DLPFCSegmenterLib.targeting.fiducials import ScalpFiducials
from DLPFCSegmenterLib.targeting.scalp import Scalp, find_scalp


def voxels_and_grid(volume: Volume) -> tuple:
    """What alone decides where the brain lies."""
    array = np.ascontiguousarray(volume.array_kji)
    voxels = hashlib.sha1(array, usedforsecurity=False).hexdigest()
    return voxels, array.shape, array.dtype.str, volume.ijk_to_ras.tobytes()


def scan_and_what_is_told(head_scan: HeadScan) -> tuple:
    """What decides what is found in a head: its scan, and the frame that it was given with, if it was.

    A scan that is its own canonical volume (`HeadScan.of_canonical`) is not brought to that grid.
    """
    known = vars(head_scan)
    is_canonical = known.get("canonical") is head_scan.scan
    frame = known["registration"].ras_from_mni.tobytes() if is_canonical else None
    return *voxels_and_grid(head_scan.scan), frame


def head_and_name(head_scan: HeadScan) -> tuple:
    """What decides a scalp, or its refusal, both of which name the scan."""
    return *scan_and_what_is_told(head_scan), str(head_scan.scan.source)


def skin_and_points(scalp: Scalp, fiducials: ScalpFiducials) -> tuple:
    """What decides the tapes over a head; the refusal names its scan."""
    skin = hashlib.sha1(vtk_to_numpy(scalp.surface.GetPoints().GetData()), usedforsecurity=False).hexdigest()
    places = tuple((name, point.tobytes()) for name, point in sorted(fiducials.points_ras_mm.items()))
    return skin, scalp.head_axes_ras.tobytes(), scalp.source, places


def run_and_head(run: Volume, head: alignment.HeadOnGrid) -> tuple:
    """What decides how a volume of fMRI fits on a T1."""
    return *voxels_and_grid(run), *voxels_and_grid(head.scan), *voxels_and_grid(head.brain), head.ras_from_mni.tobytes()


def what_is_asked(segmenter: Segmenter, head: HeadScan, hemisphere: str, _: Progress) -> tuple | None:
    """What decides what the shipped networks say of a head; None for others, which are asked each time."""
    if segmenter.model.sha256 != file_sha256(SHIPPED):
        return None
    return segmenter.networks, segmenter.confidence, hemisphere, *scan_and_what_is_told(head)


def kept(function: Callable, identity: Callable[..., tuple | None]) -> Callable:
    """The function with its answers kept by their identity, where they have one; refusals may name a file."""
    answers: dict[tuple, Any] = {}

    @wraps(function)
    def remembered(*arguments):
        key = identity(*arguments)
        if key is None:
            return function(*arguments)
        if key not in answers:
            answers[key] = function(*arguments)
        return answers[key]

    return remembered


def computed_once(function: Callable, identity: Callable[..., tuple | None]) -> Callable:
    """As `kept`, and with the refusals of an identity that holds all that they name."""

    @wraps(function)
    def answered(*arguments):
        try:
            answer = function(*arguments)
        except UserError as refusal:
            return refusal
        for value in vars(answer).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False  # what tests share, no test changes
        return answer

    remembered = kept(answered, identity)

    @wraps(function)
    def once(*arguments):
        answer = remembered(*arguments)
        if isinstance(answer, UserError):
            raise answer
        return answer

    return once


_surface = kept(find_scalp, scan_and_what_is_told)


def find_scalp_by_voxels(head_scan: HeadScan) -> Scalp:
    """The same head in another file has the same surface, and that file's name."""
    return replace(_surface(head_scan), source=head_scan.scan.source)


find_scalp_once = computed_once(find_scalp_by_voxels, head_and_name)
lay_tapes = computed_once(head_tapes.lay_tapes, skin_and_points)


CALLED_AS = {
    "DLPFCSegmenterLib.segmentation.head_finding.frame_by_shipped_networks": computed_once(
        frame_by_shipped_networks, voxels_and_grid
    ),
    "DLPFCSegmenterLib.circuit.alignment.fit": kept(alignment.fit, run_and_head),
    "DLPFCSegmenterLib.segmentation.segmenter.Segmenter.predict": computed_once(Segmenter.predict, what_is_asked),
    "DLPFCSegmenterLib.targeting.placing.find_scalp": find_scalp_once,
    "DLPFCSegmenterLib.edited_plan.extract_scalp": lambda volume: find_scalp_once(HeadScan(volume)),
    "DLPFCSegmenterLib.targeting.placing.lay_tapes": lay_tapes,
}
"""Where the library calls them -> what the tests put there."""
