"""A transform of the user's from MNI space to the T1, as fMRIPrep or ANTs write it: read, and held to the head."""

from pathlib import Path

import numpy as np

from ..doubts import Doubt, doubt
from ..errors import UserError
from ..geometry.spaces import lps_to_ras, ras_to_lps
from ..scan.bids import entities
from ..scan.volume import voxel_points_ras_mm
from .alignment import HeadOnGrid
from .places import ToMni, linear_to_mni, tissue_shares

_FAR_MM, _ELSEWHERE_MM = 8.0, 20.0
"""So far a transform may put the mask from where the head's affine has it, before it is doubted and before refused."""

_WORSE_FIT = 0.08
"""A transform that tells the tissues of the brain's places so much worse than the affine is another person's: of 30
pairs of real heads all but 4 lose more, and those lie 10 mm off or more; 2 mm off the affine lose 0.09 at most."""


def require_same_template(runs: tuple[Path, ...], transform: Path | None) -> None:
    """Raise UserError where names of runs and transform tell of two versions of MNI space, which differ by mm."""
    from_space = "" if transform is None else entities(transform).get("from", "")
    for run in runs:
        space = entities(run).get("space", "")
        if from_space.startswith("MNI") and space.startswith("MNI") and space != from_space:
            raise UserError(
                "{path}: comes from {from_space}, but {name} lies in {space}; give the transform from {space}.",
                path=transform,
                from_space=from_space,
                name=run.name,
                space=space,
            )


def read_transform(path: Path, head: HeadOnGrid, in_masks_ras_mm: np.ndarray) -> tuple[ToMni, tuple[Doubt, ...]]:
    """A transform of ITK's as a way from RAS mm of the scan to MNI mm, and what is doubtful about it.

    in_masks_ras_mm  points of the masks, shape (N, 3)

    Raises UserError for a file that is none, goes the other way, or does not fit this head.
    """
    import SimpleITK as sitk

    if not entities(path).get("from", "MNI").startswith("MNI"):
        raise UserError("{path}: goes to MNI space; give the one from-MNI*_to-T1w_mode-image_xfm.h5.", path=path)
    try:
        transform = sitk.ReadTransform(str(path))
    except RuntimeError as error:
        raise UserError(
            "{path}: is no transform of ITK; give fMRIPrep's from-MNI*_to-T1w_mode-image_xfm.h5.", path=path
        ) from error

    def to_mni(points_ras_mm: np.ndarray) -> np.ndarray:
        """Points (N, 3) of the scan, RAS mm, in MNI mm."""
        return lps_to_ras(np.array([transform.TransformPoint(point) for point in ras_to_lps(points_ras_mm).tolist()]))

    apart = _apart_mm(path, to_mni, head, in_masks_ras_mm[::50])
    return to_mni, (doubt("bold_transform", name=path.name, apart=apart),) if apart > _FAR_MM else ()


def _apart_mm(path: Path, to_mni: ToMni, head: HeadOnGrid, points_ras_mm: np.ndarray) -> float:
    """How far from the affine's a transform puts points. Raises UserError where it is not this head's."""
    by_frame = linear_to_mni(head.ras_from_mni)
    apart = float(np.median(np.linalg.norm(to_mni(points_ras_mm) - by_frame(points_ras_mm), axis=1)))
    if apart > _ELSEWHERE_MM:
        raise UserError(
            "{path}: puts the mask {apart:.0f} mm from where this head has it; give the transform"
            " from-MNI*_to-T1w_mode-image_xfm.h5 of this person.",
            path=path,
            apart=apart,
        )
    if tissue_fit(head, to_mni) < tissue_fit(head, by_frame) - _WORSE_FIT:
        raise UserError(
            "{path}: fits the brain of this T1 worse than a plain affine does, so it is another person's or goes the"
            " other way; give from-MNI*_to-T1w_mode-image_xfm.h5 of this person.",
            path=path,
        )
    return apart


def tissue_fit(head: HeadOnGrid, to_mni: ToMni) -> float:
    """Share of the T1's variance in the brain that the template's tissues explain, laid on it by a way to MNI space."""
    inside = head.brain.array_kji
    seen = head.scan.array_kji[inside].astype(float)
    tissues = np.column_stack([*tissue_shares(to_mni(voxel_points_ras_mm(head.scan, inside))), np.ones(len(seen))])
    told = tissues @ np.linalg.lstsq(tissues, seen, rcond=None)[0]
    return float(1 - np.var(seen - told) / np.var(seen))
