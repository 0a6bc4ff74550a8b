"""Does a run lie on the T1, and is it of this person and side? And how a raw run is laid on it. By SimpleITK.

A raw run is aligned volume by volume (rigid), and its first volume with the T1. That is simpler than fMRIPrep, which
also undoes distortion by the field, differences in slice timing, and finds the tissues of the person.
"""

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from ..doubts import Doubt, doubt
from ..errors import UserError
from ..geometry.spaces import LPS_FROM_RAS, transform_points
from ..progress import Progress
from ..scan.canonical import resample, to_canonical, to_itk
from ..scan.volume import Volume, voxel_points_ras_mm
from ..sentences import say
from .bold import BoldRun, BoldSpace, Confounds
from .places import LATTICE_MM, linear_to_mni, tissue_shares

if TYPE_CHECKING:
    import SimpleITK as sitk

_BRAIN = 0.2
_START = 10
"""So many volumes make the image that is laid on the T1; one alone is noisy."""

_OFF_MM, _FAR_OFF_MM = 5.0, 12.0
"""So far a preprocessed run may lie off the T1 before it is doubted, and before it is refused."""

_MIRRORED = 0.03
"""A mirror image that fits better by this share is no chance."""

_OWN = 0.08
"""A person's own run fits better by more than its mirror image (real, 5 mm: by 16 %); another's by 7 % at most."""


@dataclass(frozen=True)
class HeadOnGrid:
    """A T1 on the lattice's grid with its brain; float32 and bool, RAS mm, and the affine of MNI space."""

    scan: Volume
    brain: Volume
    ras_from_mni: np.ndarray

    @staticmethod
    def of(scan: Volume, ras_from_mni: np.ndarray) -> "HeadOnGrid":
        """Resample a T1."""
        small = to_canonical(scan, LATTICE_MM)
        points = voxel_points_ras_mm(small, np.ones(small.array_kji.shape, bool))
        grey, white = tissue_shares(linear_to_mni(ras_from_mni)(points))
        return HeadOnGrid(small, small.with_array((grey + white > _BRAIN).reshape(small.array_kji.shape)), ras_from_mni)


@dataclass(frozen=True)
class Fit:
    """How a volume fits on a T1 when it is moved rigidly.

    t1_from_bold  4x4, RAS mm
    moved_mm      mean way of the brain's places
    information   mutual information, larger is better
    """

    t1_from_bold: np.ndarray
    moved_mm: float
    information: float


def fit(volume: Volume, head: HeadOnGrid) -> Fit:
    """Move a volume (RAS mm of the T1's world, about) until it fits best.

    A search may leave a good start for a worse place, as a run without skull seems to fit where its dark rim lies on
    the T1's; so the start and the ends of two searches are compared.
    """
    moving = to_itk(resample(volume.with_array(volume.array_kji.astype(np.float32)), head.scan))
    points = voxel_points_ras_mm(head.scan, head.brain.array_kji)
    centre_lps_mm = transform_points(LPS_FROM_RAS, points.mean(axis=0))
    try:
        found = [_searched(moving, head, centre_lps_mm, search) for search in _SEARCHES]
    except RuntimeError as error:  # ITK's word for images that do not overlap
        raise UserError(
            "{source}: does not lie on the T1 at all; check --bold-space, and that both are of one person.",
            source=volume.source,
        ) from error
    information, bold_from_t1 = max(found, key=lambda each: each[0])
    moved = np.linalg.norm(transform_points(bold_from_t1, points) - points, axis=1).mean()
    return Fit(np.linalg.inv(bold_from_t1), float(moved), information)


_SEARCHES = (None, ([2, 1], [3.0, 1.5], 2.0), ([1], [3.0], 1.0))
"""None: the start itself; else shrink factors, smoothing and first step of a search, mm."""


def _searched(
    moving: "sitk.Image", head: HeadOnGrid, centre_lps_mm: np.ndarray, search: tuple | None
) -> tuple[float, np.ndarray]:
    """Where a search ends: its mutual information without smoothing, and the way from the T1 to the run, RAS mm."""
    import SimpleITK as sitk

    fixed, rigid = to_itk(head.scan), sitk.Euler3DTransform()
    rigid.SetCenter(centre_lps_mm.tolist())
    method = _method(*(search or _SEARCHES[-1]))
    method.SetMetricAsMattesMutualInformation(32)
    method.SetMetricFixedMask(to_itk(head.brain))
    method.SetInitialTransform(rigid, inPlace=True)
    if search is not None:
        method.Execute(fixed, moving)
    return -float(method.MetricEvaluate(fixed, moving)), _matrix(rigid)


def _method(shrink: list[int], smooth_mm: list[float], step_mm: float) -> "sitk.ImageRegistrationMethod":
    import SimpleITK as sitk

    method = sitk.ImageRegistrationMethod()
    method.SetInterpolator(sitk.sitkLinear)
    method.SetShrinkFactorsPerLevel(shrink)
    method.SetSmoothingSigmasPerLevel(smooth_mm)
    method.SetSmoothingSigmasAreSpecifiedInPhysicalUnits(True)
    method.SetOptimizerAsRegularStepGradientDescent(step_mm, step_mm / 500, 60, 0.6)
    method.SetOptimizerScalesFromPhysicalShift()
    return method


def _matrix(rigid: "sitk.Euler3DTransform") -> np.ndarray:
    """A rigid ITK transform as a 4x4 in RAS."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.reshape(rigid.GetMatrix(), (3, 3))
    matrix[:3, 3] = rigid.TransformPoint((0.0, 0.0, 0.0))
    return LPS_FROM_RAS @ matrix @ LPS_FROM_RAS


def laid_on(run: BoldRun, head: HeadOnGrid, progress: Progress) -> tuple[BoldRun, tuple[Doubt, ...]]:
    """The run on the T1, and what is doubtful about that.

    A raw run is moved there; of the others it is checked that they lie there. Raises UserError for one that lies
    elsewhere, or fits as a mirror image alone.
    """
    shown = _in_world(run, head)
    found = fit(shown, head)
    aligned = found.t1_from_bold @ shown.ijk_to_ras
    own, *others = (
        fit(replace(shown, ijk_to_ras=each @ aligned), head).information for each in (np.eye(4), *_mirrors(head))
    )
    mirrored = max(others)
    if mirrored > (1 + _MIRRORED) * own:
        raise UserError(
            "{path}: fits the T1 as a mirror image alone, so left and right are swapped, or front and back, or above"
            " and below, or it is of another person; convert it again from the DICOM files.",
            path=run.path,
        )
    doubts = () if own > (1 + _OWN) * mirrored else (doubt("bold_whose", name=run.path.name),)
    if run.space is BoldSpace.RAW:
        still = _without_motion(run, progress)
        first = replace(still.first, ijk_to_ras=found.t1_from_bold @ still.first.ijk_to_ras)
        return replace(still, first=first), (*doubts, doubt("bold_raw", name=run.path.name))
    if found.moved_mm > _FAR_OFF_MM:
        raise UserError(
            "{path}: lies {moved_mm:.0f} mm off the T1; check --bold-space, and that both are of one person.",
            path=run.path,
            moved_mm=found.moved_mm,
        )
    if found.moved_mm > _OFF_MM:
        doubts = (*doubts, doubt("bold_off", name=run.path.name, away=found.moved_mm))
    return run, doubts


def _mirrors(head: HeadOnGrid) -> list[np.ndarray]:
    """A head mirrored at its midplane, front to back, and upside down: 4x4s, RAS mm."""
    to_mni = np.linalg.inv(head.ras_from_mni)
    middle = transform_points(to_mni, voxel_points_ras_mm(head.scan, head.brain.array_kji).mean(axis=0)) * (0, 1, 1)
    flips = []
    for axis in range(3):
        flip = np.eye(4)
        flip[axis, axis], flip[axis, 3] = -1.0, 2 * middle[axis]
        flips.append(head.ras_from_mni @ flip @ to_mni)
    return flips


def _in_world(run: BoldRun, head: HeadOnGrid) -> Volume:
    """The mean of the run's start in the T1's world, as far as is known: one of MNI space by the affine."""
    start = list(islice(run.volumes(), _START))
    first = replace(run.first, array_kji=np.mean(start, axis=0))
    return first if run.space is not BoldSpace.MNI else replace(first, ijk_to_ras=head.ras_from_mni @ first.ijk_to_ras)


def _without_motion(run: BoldRun, progress: Progress) -> BoldRun:
    """The run with the motion of each volume against the first: mm and radians, shape (T, 6)."""
    import SimpleITK as sitk

    fixed = run.on_own_grid(np.nan_to_num(run.first.array_kji.astype(np.float32)))
    middle = fixed.TransformContinuousIndexToPhysicalPoint((np.array(fixed.GetSize()) / 2).tolist())
    moves = np.zeros((run.count, 6))
    last = sitk.Euler3DTransform()
    last.SetCenter(middle)
    for index, values in enumerate(run.volumes()):
        progress.report(index, run.count, say("motion of {name}", name=run.path.name))
        method = _method([1], [2.0], 0.5)
        method.SetMetricAsCorrelation()
        method.SetInitialTransform(last, inPlace=True)
        method.Execute(fixed, run.on_own_grid(values))
        moves[index] = (*last.GetTranslation(), last.GetAngleX(), last.GetAngleY(), last.GetAngleZ())
    return replace(run, moves=moves, confounds=Confounds(moves, np.empty((run.count, 0)), 0))
