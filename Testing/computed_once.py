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


def voxels_and_grid(volume: Volume) -> tuple:
    """What alone decides where the brain lies."""
    array = np.ascontiguousarray(volume.array_kji)
    voxels = hashlib.sha1(array, usedforsecurity=False).hexdigest()
    return voxels, array.shape, array.dtype.str, volume.ijk_to_ras.tobytes()


CALLED_AS = {
    "DLPFCSegmenterLib.scan.head_scan.best_affine": voxels_and_grid,
    # A scalp, and its refusal, name the scan.
    "DLPFCSegmenterLib.targeting.placing.find_scalp": lambda head: (voxels_and_grid(head.scan), str(head.scan.source)),
}
"""Name in the library -> what its argument is known by."""


def computed_once(function: Callable, identity: Callable[[Any], tuple]) -> Callable:
    """The function with its answers and refusals kept."""
    kept: dict[tuple, Any] = {}

    @wraps(function)
    def remembered(argument):
        key = identity(argument)
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
