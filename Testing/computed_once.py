"""What takes seconds and is the same each time is computed once in a process: registrations and scalps.

The functions themselves stay as they are where their own tests import them; the names under which the
library calls them are replaced.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.scan.volume import Volume

CALLED_AS = {
    "DLPFCSegmenterLib.scan.head_scan.best_affine": lambda canonical: canonical,
    "DLPFCSegmenterLib.targeting.placing.find_scalp": lambda head_scan: head_scan.scan,
}
"""Name in the library -> the volume that alone decides what comes out."""


def once_for_each_volume(function: Callable, volume_of: Callable[[Any], Volume]) -> Callable:
    """The function with its answers, and its refusals, kept by voxels, grid and source."""
    kept: dict[tuple, Any] = {}

    @wraps(function)
    def remembered(argument):
        key = _identity(volume_of(argument))
        if key not in kept:
            kept[key] = _answer(function, argument)
        if isinstance(kept[key], UserError):
            raise kept[key]
        return kept[key]

    return remembered


def _answer(function: Callable, argument: Any) -> Any:
    try:
        answer = function(argument)
    except UserError as refusal:
        return refusal
    for value in vars(answer).values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False  # what tests share, no test changes
    return answer


def _identity(volume: Volume) -> tuple:
    array = np.ascontiguousarray(volume.array_kji)
    voxels = hashlib.sha1(array, usedforsecurity=False).hexdigest()
    return voxels, array.shape, array.dtype.str, volume.ijk_to_ras.tobytes(), str(volume.source)
