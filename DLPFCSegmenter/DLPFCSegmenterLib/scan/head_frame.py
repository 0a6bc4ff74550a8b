"""`HeadFrame`: where MNI space lies in a scan, told from the MNI coordinates of many places in its brain.

The affine is the weighted least squares fit with Cauchy's weights (Holland and Welsch, Robust regression using
iteratively reweighted least-squares, 1977), so that places that are told wrongly count little.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import ArrayLike

from ..errors import UserError
from ..geometry.spaces import LPS_FROM_RAS, MIRROR_X, transform_points
from ..sentences import say
from .origin import Origin
from .volume import Volume, voxel_points_ras_mm

TEMPLATE = Path(__file__).parent / "Resources" / "mni_icbm152_t1_brain_4mm.nii.gz"
"""ICBM 152 symmetric 2009a, MNI mm; licence and source in the JSON file beside it."""

_BRAIN_SIGNAL = 20.0

DOUBTFUL_SPREAD_MM = 2.4
"""That of good scans is smaller; of halves of heads and heads the wrong way round it is 2.6 or more."""

SETTLED_MM = 2.0
"""The last look moved the frame by less than this in all whole heads; it did not in heads cut at the brow of which the
frame was over 10 mm off."""

_WELL_SEEN = 0.78
"""Share of the brain: of 28 heads of `ixi/train` cut at the brow the frame was over 5 mm off in 16 of 18 that showed
less, whatever spread and last look said, and in 1 of 10 that showed more; crops of other kinds leave 0.86 or more."""

_WHOLE = 0.95
"""Share of the brain; of whole heads it is 1."""

_MAX_SPREAD_MM = 4.5
_MIN_SEEN = 0.4
_MIN_COVERED = 0.7
"""Of good scans it is 0.8 to 0.9, of a phantom of the shape of a head below this."""

_USUAL_NOD_DEG = 10.0
_MAX_TURN_DEG = 62.0
"""Against how heads usually lie: of 21 heads turned by 45 degrees it is up to 60, turned by 90 degrees from 68 on."""

_SCALE_RANGE = (0.55, 1.45)
_MAX_UNEVEN = 1.45
_MAX_DOUBTFUL_UNEVEN = 1.3
"""The largest by the smallest scale; people's are 1.1 to 1.3, of half a head more, and its spread is doubtful."""

_ROUNDS = 8
_CAUCHY = 2.4
"""Residuals of so many times their median count half."""


@dataclass(frozen=True)
class HeadFrame:
    """An affine from MNI to a scan, and how far it may be trusted.

    ras_from_mni  4x4, MNI mm to the scan's RAS mm
    spread_mm     median distance of a place's own MNI coordinates from those that the affine gives it, MNI mm; infinite
                  where there is no brain, NaN where a result of version 1 does not tell it
    seen          share of the template's brain that lies in the field of view, 0..1
    covered       share of what is seen of it that looks like brain, 0..1
    moved_mm      how far the last look at the head moved it, MNI mm
    """

    ras_from_mni: np.ndarray
    spread_mm: float
    seen: float = 1.0
    covered: float = 1.0
    moved_mm: float = 0.0

    def mirrored(self) -> "HeadFrame":
        """That of the mirrored scan (`Volume.mirrored`)."""
        return replace(self, ras_from_mni=MIRROR_X @ self.ras_from_mni @ MIRROR_X)

    def moved(self, matrix: np.ndarray) -> "HeadFrame":
        """That of the scan moved by an affine (4x4, RAS mm)."""
        return replace(self, ras_from_mni=matrix @ self.ras_from_mni)

    def off_brain_mm(self, point_ras_mm: np.ndarray) -> float:
        """How far a point lies from the template's brain, in MNI mm; about 0 for one in it."""
        point_mni_mm = transform_points(np.linalg.inv(self.ras_from_mni), point_ras_mm)
        return float(np.linalg.norm(brain_points_mni_mm() - point_mni_mm, axis=1).min())

    def across(self, point_ras_mm: np.ndarray) -> np.ndarray:
        """Where a point lies on the other side of the head, RAS mm, shape (3,)."""
        return transform_points(self.ras_from_mni @ MIRROR_X @ np.linalg.inv(self.ras_from_mni), point_ras_mm)

    def brain_on(self, grid: Volume) -> np.ndarray:
        """The template's brain on a grid, bool, shape (K, J, I)."""
        brain, mni_from_ijk = template_brain(), np.linalg.inv(self.ras_from_mni) @ grid.ijk_to_ras
        ijk = np.moveaxis(np.indices((1, *grid.array_kji.shape[1:])), 0, -1)[0, ..., ::-1]
        # By slices: the points of all would be a plan's most memory.
        slices = (transform_points(mni_from_ijk, ijk + (0, 0, k)) for k in range(grid.shape_ijk[2]))
        return np.stack([brain.values_at(points) for points in slices])

    @property
    def doubtful(self) -> bool:
        """Whether the places, or one look and the next, agree less than on good scans, or too little was scanned."""
        return self.spread_mm > DOUBTFUL_SPREAD_MM or self.moved_mm > SETTLED_MM or self.seen < _WELL_SEEN

    @property
    def cut(self) -> bool:
        """Whether the field of view ends within the brain."""
        return self.seen < _WHOLE

    @property
    def rotation(self) -> np.ndarray:
        """The rotation (3x3) that is nearest to the affine: its columns are the head's axes in RAS."""
        u, _, vt = np.linalg.svd(self.ras_from_mni[:3, :3])
        return u @ vt

    @property
    def turn_deg(self) -> float:
        """Angle by which the head is turned against how heads usually lie in a scan's axes, a little nodding."""
        c, s = np.cos(np.radians(_USUAL_NOD_DEG)), np.sin(np.radians(_USUAL_NOD_DEG))
        turn = self.rotation @ np.array([[1.0, 0.0, 0.0], [0.0, c, s], [0.0, -s, c]])
        return float(np.degrees(np.arccos(np.clip((np.trace(turn) - 1.0) / 2.0, -1.0, 1.0))))

    @property
    def straightened(self) -> "HeadFrame":
        """That of the scan turned so that the head lies straight in its axes; a mirrored one stays mirrored."""
        back = np.eye(4)
        back[:3, :3] = np.linalg.det(self.rotation) * self.rotation.T
        return self.moved(back)

    @property
    def scales(self) -> np.ndarray:
        """Stretch along the three principal directions, shape (3,), largest first."""
        return np.linalg.svd(self.ras_from_mni[:3, :3], compute_uv=False)


@lru_cache(maxsize=1)
def template_t1() -> Volume:
    """The template, float32, in MNI mm: 0 outside the brain, white matter brightest, fluid darkest."""
    image = sitk.ReadImage(str(TEMPLATE), sitk.sitkFloat32)
    matrix = np.eye(4)
    matrix[:3, :3] = np.reshape(image.GetDirection(), (3, 3)) * image.GetSpacing()
    matrix[:3, 3] = image.GetOrigin()
    return Volume(sitk.GetArrayFromImage(image), LPS_FROM_RAS @ matrix, Origin(TEMPLATE.name))


@lru_cache(maxsize=1)
def template_brain() -> Volume:
    """The brain of the template, bool, in MNI mm."""
    return template_t1().with_array(template_t1().array_kji > _BRAIN_SIGNAL)


@lru_cache(maxsize=1)
def brain_points_mni_mm() -> np.ndarray:
    """Centres of the voxels of the template's brain, shape (N, 3)."""
    return voxel_points_ras_mm(template_brain(), template_brain().array_kji)


def require_plausible(frame: HeadFrame, source: str) -> None:
    """Raise UserError, naming the scan, when its frame cannot be that of a head (`implausible_frame`)."""
    reason = implausible_frame(frame)
    if reason:
        raise UserError(
            "{source}: MNI space cannot be laid on it ({reason}), so nothing can be estimated from anatomy;"
            " check that this is a T1 scan of a head and that its header tells how the head lies, or give the"
            " hotspot.",
            source=source,
            reason=reason,
        )


def implausible_frame(frame: HeadFrame) -> str:
    """Why a frame cannot be that of a head, in words, or '' if it may be."""
    if np.isinf(frame.spread_mm):
        return say("no brain was found")
    if np.linalg.det(frame.ras_from_mni[:3, :3]) <= 0:
        return say("left and right are swapped")
    if frame.spread_mm > _MAX_SPREAD_MM:
        return say(
            "its parts disagree by {spread_mm:.1f} mm, at most {max_spread_mm:g} expected",
            spread_mm=frame.spread_mm,
            max_spread_mm=_MAX_SPREAD_MM,
        )
    if frame.seen < _MIN_SEEN:
        return say(
            "{seen:.0f} % of the brain was scanned, at least {min_seen:g} % are needed",
            seen=100 * frame.seen,
            min_seen=100 * _MIN_SEEN,
        )
    if frame.covered < _MIN_COVERED:
        return say("{covered:.0f} % of the brain's place looks like brain", covered=100 * frame.covered)
    if frame.turn_deg > _MAX_TURN_DEG:
        return say(
            "the head lies turned by {turn_deg:.0f} degrees against its header{turned_as}",
            turn_deg=frame.turn_deg,
            turned_as=_turned_as(frame),
        )
    low, high = _SCALE_RANGE
    uneven = _MAX_DOUBTFUL_UNEVEN if frame.spread_mm > DOUBTFUL_SPREAD_MM else _MAX_UNEVEN
    if frame.scales.min() < low or frame.scales.max() > min(high, uneven * frame.scales.min()):
        return say(
            "brain scaled by {least:.2f} to {most:.2f}",
            least=frame.scales.min(),
            most=frame.scales.max(),
        )
    return ""


_TURNED_AS = {
    (-1, -1, 1): say("the header says supine and the head lies prone, or its front and back are swapped"),
    (-1, 1, -1): say("the header says head first and the head lies feet first, or its top and bottom are swapped"),
    (1, -1, -1): say(
        "the header says supine, head first and the head lies prone, feet first, or all its axes are swapped"
    ),
}
"""Directions of the head's right, front and top in RAS -> what was taken for what."""


def _turned_as(frame: HeadFrame) -> str:
    """Which mistake in a header turns a head so, as no network can tell a turn from a mirrored axis."""
    axes = np.rint(frame.rotation)
    mistake = _TURNED_AS.get(tuple(np.diag(axes).astype(int)), say("the axes are named wrongly"))
    return say(", as if {mistake}", mistake=mistake)


@dataclass(frozen=True)
class AffineFit:
    """The affine that places and their coordinates agree on.

    mni_from_ras  4x4
    spread_mm     weighted median of the residuals, MNI mm
    """

    mni_from_ras: np.ndarray
    spread_mm: float


def robust_affine(points_ras_mm: np.ndarray, points_mni_mm: np.ndarray, weights: np.ndarray) -> AffineFit:
    """The affine from places (N, 3) to what was said of them (N, 3), weights (N,) of trust.

    The errors lie in what was said, so MNI is regressed on RAS and not the other way round.
    """
    middle = np.average(points_ras_mm, axis=0, weights=weights)
    known = np.column_stack([points_ras_mm - middle, np.ones(len(weights))])
    trusted = weights
    for _ in range(_ROUNDS):
        weighted = known * trusted[:, None]
        solution = np.linalg.lstsq(weighted.T @ known, weighted.T @ points_mni_mm, rcond=None)[0]
        off = np.linalg.norm(points_mni_mm - known @ solution, axis=1)
        spread = _weighted_median(off, weights)
        trusted = weights / (1.0 + (off / (_CAUCHY * max(spread, 0.1))) ** 2)
    matrix = np.eye(4)
    matrix[:3, :3] = solution[:3].T
    matrix[:3, 3] = solution[3] - solution[:3].T @ middle
    return AffineFit(matrix, spread)


def nearest_similarity(fit: AffineFit, middle_mni_mm: ArrayLike) -> AffineFit:
    """The turn and one scale that are nearest to an affine, which keeps the middle of the brain where it was.

    What a rough look says of the head's width and length is wrong sooner than how it lies.
    """
    u, stretch, vt = np.linalg.svd(fit.mni_from_ras[:3, :3])
    linear = np.exp(np.log(np.maximum(stretch, 1e-3)).mean()) * u @ vt
    middle_ras_mm = transform_points(np.linalg.inv(fit.mni_from_ras), middle_mni_mm)
    matrix = np.eye(4)
    matrix[:3, :3] = linear
    matrix[:3, 3] = middle_mni_mm - linear @ middle_ras_mm
    return AffineFit(matrix, fit.spread_mm)


def _weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    order = np.argsort(values)
    share = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(share, share[-1] / 2)])


def brain_coverage(template: Volume, ras_from_mni: np.ndarray, brain: Volume, seen: Volume) -> tuple[float, float]:
    """(share of the template's brain that lies in the field of view, share of that which looks like brain).

    template     bool, in MNI mm
    brain, seen  probability of brain and share of the cell that was scanned, on one grid of the scan
    """
    ijk = np.argwhere(template.array_kji[::2, ::2, ::2])[:, ::-1] * 2
    points = transform_points(np.linalg.inv(brain.ijk_to_ras) @ ras_from_mni @ template.ijk_to_ras, ijk)
    index = np.rint(points).astype(int)
    inside = np.all((index >= 0) & (index < brain.shape_ijk), axis=1)
    i, j, k = np.where(inside[:, None], index, 0).T
    scanned = inside & (seen.array_kji[k, j, i] > 0.5)
    if not scanned.any():
        return 0.0, 0.0
    return float(scanned.mean()), float((brain.array_kji[k, j, i][scanned] > 0.5).mean())
