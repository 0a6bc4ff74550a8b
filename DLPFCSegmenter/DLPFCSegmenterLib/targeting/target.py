"""The cortical target inside a mask, and what is doubtful about where either lies. For masks from any source."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..doubts import Doubt, doubt, unless_refused
from ..errors import NotFoundError
from ..geometry.sides import other_side, outwards
from ..geometry.spaces import transform_points
from ..scan.head_frame import HeadFrame, template_brain
from ..scan.volume import Volume, voxel_points_ras_mm
from .point import TARGET, Method, Point, Role

if TYPE_CHECKING:
    from .scalp import Scalp

_MARGIN_MM = 8.0
"""An affine fits a brain's surface no better than this."""

_MAX_OUTSIDE = 0.5
_DOUBTFUL_OUTSIDE = 0.15


def mask_doubts(volume: Volume, mask_kji: np.ndarray, hemisphere: str, registration: HeadFrame) -> tuple[Doubt, ...]:
    """What is doubtful about where a mask (bool, shape (K, J, I)) lies.

    One of which more than half lies off the brain, or whose middle lies in the other hemisphere, has a
    doubt that refuses it.
    """
    points_mni_mm = _points_mni_mm(volume, mask_kji, registration)
    if not len(points_mni_mm):
        return ()
    if points_mni_mm[:, 0].mean() * outwards(hemisphere) < 0:
        told = {"other": other_side(hemisphere), "planned": hemisphere}
        return (doubt("mask_other_side", hemisphere, source=volume.source, **told),)
    return _off_brain(volume, points_mni_mm, hemisphere)


def off_brain_warnings(volume: Volume, mask_kji: np.ndarray, registration: HeadFrame) -> tuple[Doubt, ...]:
    """As `mask_doubts`, for a mask of which it is not known where it should lie; raises UserError with a refusal."""
    points_mni_mm = _points_mni_mm(volume, mask_kji, registration)
    return unless_refused(_off_brain(volume, points_mni_mm, "")) if len(points_mni_mm) else ()


def _off_brain(volume: Volume, points_mni_mm: np.ndarray, hemisphere: str) -> tuple[Doubt, ...]:
    outside = 1.0 - float(_in_brain(points_mni_mm).mean())
    if outside > _MAX_OUTSIDE:
        return (doubt("mask_off_brain", hemisphere, source=volume.source, outside=outside),)
    return (doubt("off_brain", hemisphere, outside=outside),) if outside > _DOUBTFUL_OUTSIDE else ()


def _points_mni_mm(volume: Volume, mask_kji: np.ndarray, registration: HeadFrame) -> np.ndarray:
    return transform_points(np.linalg.inv(registration.ras_from_mni), voxel_points_ras_mm(volume, mask_kji))


def _in_brain(points_mni_mm: np.ndarray) -> np.ndarray:
    """Whether points, shape (N, 3), lie in the template's brain or no further off than an affine may be."""
    brain = template_brain()
    steps = np.array(np.meshgrid(*[(-_MARGIN_MM, 0.0, _MARGIN_MM)] * 3)).reshape(3, -1).T
    near = np.zeros(len(points_mni_mm), bool)
    for step in steps[np.linalg.norm(steps, axis=1) <= _MARGIN_MM]:
        near |= brain.values_at(points_mni_mm + step)
    return near


_MAX_PICKED_MM = 30.0
"""A picked point further than this from the mask belongs to something else."""

_OTHER_SIDE_MM, _OTHER_SIDE_BY_SKIN_MM = 2.0, 10.0
OUT_OF_HEAD_MM = 1.0
"""So far the midline and the scalp may be off without a target lying beyond them; the midline, by MNI space or by the
middle of the skin alone."""


@dataclass(frozen=True)
class Target:
    """Where to aim.

    point            the target, inside the mask unless the user picked it elsewhere
    centroid_ras_mm  centre of mass of the mask, shape (3,); outside a strongly curved mask
    centroid_inside  whether the voxel at the centroid belongs to the mask
    """

    point: Point
    centroid_ras_mm: np.ndarray
    centroid_inside: bool

    @property
    def position_ras_mm(self) -> np.ndarray:
        """Where the target lies, shape (3,)."""
        return self.point.position_ras_mm

    @property
    def method(self) -> Method:
        """How it was chosen."""
        return self.point.method

    @property
    def warnings(self) -> tuple[Doubt, ...]:
        """What is doubtful about it."""
        return self.point.warnings


def find_target(volume: Volume, mask_kji: np.ndarray, hemisphere: str = "") -> Target:
    """Target at the centroid of `mask_kji` (bool, shape (K, J, I)), or at the voxel nearest to it.

    Raises NotFoundError for an empty mask.
    """
    points = _mask_points(volume, mask_kji)
    centroid = points.mean(axis=0)
    if mask_contains(volume, mask_kji, centroid):
        return Target(_point(hemisphere, centroid, Method.CENTROID), centroid, True)
    nearest = points[np.argmin(np.linalg.norm(points - centroid, axis=1))]
    doubts = (doubt("centroid_outside", hemisphere),)
    return Target(_point(hemisphere, nearest, Method.NEAREST_CENTROID, doubts), centroid, False)


def target_nearest_scalp(volume: Volume, mask_kji: np.ndarray, scalp: "Scalp", hemisphere: str = "") -> Target:
    """Target at the voxel of the mask that lies nearest to the scalp.

    Raises NotFoundError for an empty mask.
    """
    points = _mask_points(volume, mask_kji)
    centroid = points.mean(axis=0)
    nearest = points[_nearest_to_scalp(points, scalp)]
    inside = mask_contains(volume, mask_kji, centroid)
    return Target(_point(hemisphere, nearest, Method.NEAREST_SCALP), centroid, inside)


def _point(hemisphere: str, at_ras_mm: np.ndarray, method: Method, doubts: tuple[Doubt, ...] = ()) -> Point:
    return Point(TARGET, hemisphere, Role.TARGET, at_ras_mm, method, warnings=doubts)


def _nearest_to_scalp(points_ras_mm: np.ndarray, scalp: "Scalp") -> int:
    """Index of the point, of shape (N, 3), nearest to the scalp; few of them are asked about.

    A distance known at one point bounds it at all others: it changes by no more than the way between.
    """
    best, best_mm = 0, np.inf
    left, at_least = np.arange(len(points_ras_mm)), np.zeros(len(points_ras_mm))
    while len(left):
        first = int(at_least.argmin())
        index, distance_mm = left[first], scalp.nearest(points_ras_mm[left[first]]).distance_mm
        if distance_mm < best_mm:
            best, best_mm = int(index), distance_mm
        away = np.linalg.norm(points_ras_mm[left] - points_ras_mm[index], axis=1)
        at_least = np.maximum(at_least, distance_mm - away)
        may_be_nearer = at_least < best_mm
        may_be_nearer[first] = False
        left, at_least = left[may_be_nearer], at_least[may_be_nearer]
    return best


def target_by_hand(
    volume: Volume, mask_kji: np.ndarray, at_ras_mm: np.ndarray, method: Method, hemisphere: str
) -> Target:
    """Target where a person put it, shape (3,), RAS mm, with what its place in the mask makes doubtful.

    Over 30 mm away from the mask it has a doubt that refuses it; where there is no mask, it is as good as its hand.
    """
    at = np.asarray(at_ras_mm, float)
    points = voxel_points_ras_mm(volume, mask_kji) if mask_kji.any() else at[None]
    centroid = points.mean(axis=0)
    away = float(np.linalg.norm(points - at, axis=1).min())
    doubts: tuple[Doubt, ...] = ()
    if not np.all(np.isfinite(at)) or away > _MAX_PICKED_MM:
        r, a, s = map(float, at)
        doubts = (doubt("target_far", hemisphere, r=r, a=a, s=s, away=away, source=volume.source),)
    elif mask_kji.any() and not mask_contains(volume, mask_kji, at):
        doubts = (doubt("picked_outside", hemisphere, away=away),)
    inside = bool(mask_kji.any()) and mask_contains(volume, mask_kji, centroid)
    return Target(_point(hemisphere, at, method, doubts), centroid, inside)


def place_doubts(
    target_ras_mm: np.ndarray, hemisphere: str, scalp: "Scalp | None", registration: HeadFrame | None
) -> tuple[Doubt, ...]:
    """What is doubtful about where in the head a person put a target, RAS mm, shape (3,)."""
    doubts: tuple[Doubt, ...] = ()
    if scalp is not None:
        away = scalp.outside_mm(target_ras_mm)
        doubts += (doubt("target_out_of_head", hemisphere, away=away),) if away > OUT_OF_HEAD_MM else ()
    x_mm, doubtful_mm = _right_of_midline_mm(np.asarray(target_ras_mm, float), scalp, registration)
    if x_mm * outwards(hemisphere) < -doubtful_mm:
        doubts += (doubt("target_other_side", hemisphere, other=other_side(hemisphere), planned=hemisphere),)
    return doubts


def _right_of_midline_mm(
    at_ras_mm: np.ndarray, scalp: "Scalp | None", registration: HeadFrame | None
) -> tuple[float, float]:
    """How far a place, RAS mm, shape (3,), lies to the right of the midline, and how far that may be off."""
    if registration is not None:
        return float(transform_points(np.linalg.inv(registration.ras_from_mni), at_ras_mm)[0]), _OTHER_SIDE_MM
    if scalp is None:
        return 0.0, _OTHER_SIDE_MM
    return scalp.right_of_middle_mm(at_ras_mm), _OTHER_SIDE_BY_SKIN_MM


def _mask_points(volume: Volume, mask_kji: np.ndarray) -> np.ndarray:
    points = voxel_points_ras_mm(volume, mask_kji)
    if not len(points):
        raise NotFoundError("{source}: the mask is empty, so there is no target in it.", source=volume.source)
    return points


def mask_contains(volume: Volume, mask_kji: np.ndarray, point_ras_mm: np.ndarray) -> bool:
    """Whether the voxel at `point_ras_mm`, shape (3,), belongs to `mask_kji` (bool, shape (K, J, I))."""
    return bool(volume.with_array(mask_kji).values_at(point_ras_mm))
