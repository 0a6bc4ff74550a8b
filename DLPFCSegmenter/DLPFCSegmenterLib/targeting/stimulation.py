"""`Stimulation`: where the coil was held, kept with the plan."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Stimulation:
    """A coil's pose at a moment that a person chose ('stimulated here').

    hemisphere   side of the plan that was aimed at
    pose_ras_mm  4x4, coil to RAS mm of the scan, in the library's coil axes (`geometry.poses`)
    time         when, ISO 8601 with its offset from UTC; '' in an anonymous result
    """

    hemisphere: str
    pose_ras_mm: np.ndarray
    time: str
