"""Does a mask lie in the brain, and on the side that it is said to be of? For masks from any source."""

import numpy as np

from ..doubts import Doubt, doubt, unless_refused
from ..geometry.spaces import transform_points
from ..scan.registration import Registration, template_brain
from ..scan.volume import Volume, voxel_points_ras_mm

_MARGIN_MM = 8.0
"""An affine fits a brain's surface no better than this."""

_MAX_OUTSIDE = 0.5
_DOUBTFUL_OUTSIDE = 0.15


def mask_doubts(volume: Volume, mask_kji: np.ndarray, hemisphere: str, registration: Registration) -> tuple[Doubt, ...]:
    """What is doubtful about where a mask (bool, shape (K, J, I)) lies.

    One of which more than half lies off the brain, or whose middle lies in the other hemisphere, has a
    doubt that refuses it.
    """
    points_mni_mm = _points_mni_mm(volume, mask_kji, registration)
    if not len(points_mni_mm):
        return ()
    side = -1.0 if hemisphere == "left" else 1.0
    if points_mni_mm[:, 0].mean() * side < 0:
        other = "right" if hemisphere == "left" else "left"
        return (doubt("mask_other_side", hemisphere, source=volume.source, other=other, planned=hemisphere),)
    return _off_brain(volume, points_mni_mm, hemisphere)


def off_brain_warnings(volume: Volume, mask_kji: np.ndarray, registration: Registration) -> tuple[Doubt, ...]:
    """As `mask_doubts`, for a mask of which it is not known where it should lie; raises UserError with a refusal."""
    points_mni_mm = _points_mni_mm(volume, mask_kji, registration)
    return unless_refused(_off_brain(volume, points_mni_mm, "")) if len(points_mni_mm) else ()


def _off_brain(volume: Volume, points_mni_mm: np.ndarray, hemisphere: str) -> tuple[Doubt, ...]:
    outside = 1.0 - float(_in_brain(points_mni_mm).mean())
    if outside > _MAX_OUTSIDE:
        return (doubt("mask_off_brain", hemisphere, source=volume.source, outside=outside),)
    return (doubt("off_brain", hemisphere, outside=outside),) if outside > _DOUBTFUL_OUTSIDE else ()


def _points_mni_mm(volume: Volume, mask_kji: np.ndarray, registration: Registration) -> np.ndarray:
    return transform_points(np.linalg.inv(registration.ras_from_mni), voxel_points_ras_mm(volume, mask_kji))


def _in_brain(points_mni_mm: np.ndarray) -> np.ndarray:
    """Whether points, shape (N, 3), lie in the template's brain or no further off than an affine may be."""
    brain = template_brain()
    steps = np.array(np.meshgrid(*[(-_MARGIN_MM, 0.0, _MARGIN_MM)] * 3)).reshape(3, -1).T
    near = np.zeros(len(points_mni_mm), bool)
    for step in steps[np.linalg.norm(steps, axis=1) <= _MARGIN_MM]:
        near |= brain.values_at(points_mni_mm + step)
    return near
