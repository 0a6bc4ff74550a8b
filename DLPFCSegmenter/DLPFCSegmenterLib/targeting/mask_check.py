"""Does a mask lie in the brain, and on the side that it is said to be of? For masks from any source."""

import numpy as np

from ..errors import UserError
from ..geometry.spaces import ras_to_ijk, transform_points
from ..scan.registration import Registration, template_brain
from ..scan.volume import Volume, voxel_points_ras_mm

_MARGIN_MM = 8.0
"""An affine fits a brain's surface no better than this."""

_MAX_OUTSIDE = 0.5
_DOUBTFUL_OUTSIDE = 0.15


def mask_warnings(volume: Volume, mask_kji: np.ndarray, hemisphere: str, registration: Registration) -> tuple[str, ...]:
    """What is doubtful about where a mask (bool, shape (K, J, I)) lies.

    Raises UserError for one of which more than half lies off the brain, or whose middle lies in the
    other hemisphere.
    """
    points_mni_mm = _points_mni_mm(volume, mask_kji, registration)
    if not len(points_mni_mm):
        return ()
    side = -1.0 if hemisphere == "left" else 1.0
    if points_mni_mm[:, 0].mean() * side < 0:
        other = "right" if hemisphere == "left" else "left"
        raise UserError(
            f"{volume.source}: the mask lies in the {other} hemisphere, but the {hemisphere} one is planned;"
            " choose the other hemisphere, or check the orientation in the file's header."
        )
    return off_brain_warnings(volume, mask_kji, registration)


def off_brain_warnings(volume: Volume, mask_kji: np.ndarray, registration: Registration) -> tuple[str, ...]:
    """The same for a mask of which it is not known in what hemisphere it should lie."""
    points_mni_mm = _points_mni_mm(volume, mask_kji, registration)
    if not len(points_mni_mm):
        return ()
    outside = 1.0 - float(_in_brain(points_mni_mm).mean())
    if outside > _MAX_OUTSIDE:
        raise UserError(
            f"{volume.source}: {outside:.0%} of the mask lies off the brain, so it is not of this scan;"
            " check which file belongs to which scan."
        )
    if outside > _DOUBTFUL_OUTSIDE:
        return (f"{outside:.0%} of the mask lies off the brain; check its outline.",)
    return ()


def _points_mni_mm(volume: Volume, mask_kji: np.ndarray, registration: Registration) -> np.ndarray:
    return transform_points(np.linalg.inv(registration.ras_from_mni), voxel_points_ras_mm(volume, mask_kji))


def _in_brain(points_mni_mm: np.ndarray) -> np.ndarray:
    """Whether points, shape (N, 3), lie in the template's brain or no further off than an affine may be."""
    brain = template_brain()
    steps = np.array(np.meshgrid(*[(-_MARGIN_MM, 0.0, _MARGIN_MM)] * 3)).reshape(3, -1).T
    near = np.zeros(len(points_mni_mm), bool)
    for step in steps[np.linalg.norm(steps, axis=1) <= _MARGIN_MM]:
        index = np.rint(ras_to_ijk(brain.ijk_to_ras, points_mni_mm + step)).astype(int)
        inside = np.all((index >= 0) & (index < brain.shape_ijk), axis=1)
        i, j, k = np.where(inside[:, None], index, 0).T
        near |= inside & brain.array_kji[k, j, i]
    return near
