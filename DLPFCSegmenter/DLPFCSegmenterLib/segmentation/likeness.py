"""How like the MNI template a brain looks in its frame: which way round its contrast is, and where a cut head lies.

The likeness is the correlation, -1..1, of grey values with the template's, once a smooth field (a quadratic
polynomial) is taken from both, so that units and coils do not count.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import SimpleITK as sitk
import torch

from ..geometry.spaces import ijk_to_ras_points
from ..networks.head_network import BRAIN_MIDDLE_MNI_MM
from ..scan.canonical import halved
from ..scan.head_frame import HeadFrame, template_brain, template_t1
from ..scan.head_scan import HeadScan
from ..scan.volume import Volume

CLEAR = 0.3
"""Less says nothing of a contrast. T1 scans of 21 people have 0.45 to 0.65, the same turned round -0.45 to -0.65."""

_AIR = 0.5
"""Share of the darkest brain below which a voxel is no tissue, and stays dark."""

_FIT = ((6.0, ((4, 6),)), (4.0, ((4, 12), (2, 12))))
"""From rough to fine: width (two SD) of the smoothing in mm, and then one of how many voxels of the template is looked
at, and how many of `_WAYS` are free. Finer detail is of one person, not of the template: it places heads no better."""

_FIT_IN_FRAME = np.array([[0.995, 0, 0, 0], [0, 0.973, 0.033, -1.35], [0, 0.016, 0.935, 2.85], [0, 0, 0, 1]])
"""Where the fit lies in the frame of a whole head, about the brain's middle, mm: mean over 48 people of `ixi/train`."""

_STRETCH = np.array([-0.10, -0.06, -0.21, 0.01, 0.0, 0.01])
_STRETCH_SD = np.array([0.04, 0.06, 0.05, 0.01, 0.01, 0.02])
"""Natural logarithm of how much people's brains are stretched in the fit, along x, y, z, then sheared in xy, xz, yz:
mean and SD over those people. What is left of a brain that is cut tells its size badly."""

_USUAL = 3e-3
"""So much likeness (its square) is worth one SD, where a brain is cut."""

_ROUNDS = 20
_SETTLED = 3e-4
_DAMPING, _MOST_DAMPING = 1e-3, 10.0
_REACH_MM = 60.0

_SHARES = 2
"""Threads that look points up: PyTorch gives each batch one."""

_GAUSSIAN_ENDS = 4.0
"""SD at which a Gaussian is cut off."""

_ROUNDING = 1e-12
"""Share of a row's square that single precision leaves of what is explained."""

_TOLD_AT = 4
"""One of so many of the template's voxels tells whether a likeness is clear."""

_STRETCHES = ([0, 1, 2, 0, 0, 1], [0, 1, 2, 1, 2, 2])
"""Row and column of what is told of a stretch."""


_TO_MIDDLE = np.eye(4)
_TO_MIDDLE[:3, 3] = BRAIN_MIDDLE_MNI_MM

_STAYS = np.eye(4)


def _ways() -> np.ndarray:
    """The directions in which an affine may move: three shifts, turns, stretches and shears, (12, 4, 4)."""
    ways = np.zeros((12, 4, 4))
    ways[[0, 1, 2], [0, 1, 2], 3] = 1.0
    for way, (row, column) in enumerate([(1, 2), (2, 0), (0, 1)], start=3):
        ways[way, row, column], ways[way, column, row] = 1.0, -1.0
    for way, (row, column) in enumerate(zip(*_STRETCHES, strict=True), start=6):
        ways[way, row, column] = ways[way, column, row] = 1.0
    return ways


_WAYS = _ways()


@dataclass(frozen=True)
class _Template:
    """Voxels inside the template's brain, without the outermost ones, which skull and fluid share; in single precision.

    points  MNI mm from the brain's middle, then 1 (4, N)
    grey    (N,)
    smooth  the smooth field's polynomials there (10, N)
    """

    points: np.ndarray
    grey: np.ndarray
    smooth: np.ndarray


@cache
def _template(every: int) -> _Template:
    """One of so many voxels, as many as can be shared out."""
    brain = sitk.GetImageFromArray(template_brain().array_kji.astype(np.uint8))
    inside = sitk.GetArrayFromImage(sitk.BinaryErode(brain, [1, 1, 1])).astype(bool)
    ijk = np.argwhere(inside)[::every, ::-1]
    ijk = ijk[: len(ijk) // _SHARES * _SHARES]
    points = (ijk_to_ras_points(template_brain().ijk_to_ras, ijk) - BRAIN_MIDDLE_MNI_MM).T
    grey = template_t1().array_kji[tuple(ijk.T[::-1])]
    parts = np.vstack([points, np.ones(len(ijk))]), grey, _polynomials(points / _REACH_MM)
    return _Template(*(part.astype(np.float32) for part in parts))


def _polynomials(points: np.ndarray) -> np.ndarray:
    """1, x, y, z and their products, (10, N) for (3, N)."""
    first, second = np.triu_indices(3)
    return np.vstack([np.ones(points.shape[1]), points, points[first] * points[second]])


def is_turned_round(head: HeadScan) -> bool:
    """Whether fluid is brighter than white matter, as in a T2 or an inverted T1."""
    return likeness(head.canonical, head.registration.ras_from_mni) < -CLEAR


def as_t1(head: HeadScan) -> HeadScan:
    """The head as a T1 would nearly show it: turned round where fluid is bright, else the head itself."""
    return turned_round(head) if is_turned_round(head) else head


def likeness(canonical: Volume, ras_from_mni: np.ndarray, every: int = 1) -> float:
    """That of a brain of which the frame (4x4, MNI mm to the scan's RAS mm) is known, at one of so many voxels."""
    return _Seen(canonical, ras_from_mni, every).at(_STAYS).likeness


def turned_round(head: HeadScan) -> HeadScan:
    """The head with bright tissue dark and dark tissue bright, within the range of its brain; air stays dark."""
    grey = head.canonical.array_kji
    shown = _Seen(head.canonical, head.registration.ras_from_mni).at(_STAYS)
    dark, bright = np.percentile(shown.values[(shown.weights > 0.5) & (shown.values > 0)], [1, 99])
    turned = np.where(grey < _AIR * dark, 0.0, np.maximum(bright - grey, 0.0)).astype(np.float32)
    return HeadScan.of_canonical(head.canonical.with_array(turned), head.registration)


def fitted_in_part(canonical: Volume, frame: HeadFrame) -> HeadFrame:
    """The frame moved to where the brain looks most like the template, or most unlike it if it does so already.

    For heads of which much is missing: networks take the border of the scan for the border of the brain. A brain that
    has no clear likeness keeps its frame.
    """
    fit = _fitted(canonical, frame, _USUAL)
    return frame if fit is None else replace(frame, ras_from_mni=fit.ras_from_mni, seen=fit.seen)


def fitted_halfway(canonical: Volume, frame: HeadFrame) -> HeadFrame:
    """The frame moved halfway to where a whole brain looks most like the template, or most unlike it.

    The networks tell where a brain's parts lie in MNI space, and are misled a little by contrasts that they saw seldom;
    the fit is not, and varies more between people. A brain that has no clear likeness keeps its frame.
    """
    fit = _fitted(canonical, frame, 0.0)
    if fit is None:
        return frame
    mni_from_ras = (np.linalg.inv(frame.ras_from_mni) + np.linalg.inv(fit.ras_from_mni)) / 2.0
    return replace(frame, ras_from_mni=np.linalg.inv(mni_from_ras))


def places_from_ras(volume: Volume) -> np.ndarray:
    """From RAS mm to places for `looked_up`, 4x4."""
    sizes = np.array(volume.shape_ijk)
    from_ijk = np.diag([*(2.0 / sizes), 1.0])
    from_ijk[:3, 3] = 1.0 / sizes - 1.0
    return from_ijk @ np.linalg.inv(volume.ijk_to_ras)


def looked_up(values: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Values (K, J, I) between voxels, at an even number N of places (..., 3), x, y, z from -1 to 1 across all voxels.

    (N,); beyond the border its values go on.
    """
    shares = places.view(_SHARES, 1, 1, -1, 3)
    stored = values.expand(_SHARES, 1, -1, -1, -1)
    return torch.nn.functional.grid_sample(stored, shares, padding_mode="border", align_corners=False).flatten()


def shared_out(values: torch.Tensor, shares: list[torch.Tensor]) -> torch.Tensor:
    """Sums over voxels (K, J, I), of which each gives so much to each new one along K, J and I: (new, old)."""
    for axis in (2, 1, 0):  # the innermost first: where they become fewer, what follows is smaller
        values = torch.movedim(torch.tensordot(values, shares[axis], dims=([axis], [1])), -1, axis)
    return values.contiguous()


@dataclass(frozen=True)
class _Fit:
    """Where a brain looks most like the template (4x4), and how much of it was scanned there."""

    ras_from_mni: np.ndarray
    seen: float


def _fitted(canonical: Volume, frame: HeadFrame, usual: float) -> _Fit | None:
    """The fit, in which one SD of a brain's size is worth so much; None where there is no clear likeness."""
    moved, coarser = _STAYS, _shrunk(canonical)
    if abs(likeness(coarser, frame.ras_from_mni, _TOLD_AT)) < CLEAR:
        return None
    for width_mm, climbs in _FIT:
        smooth = _smoothed(coarser, width_mm / 2)
        for every, free in climbs:
            seen = _Seen(smooth, frame.ras_from_mni, every, usual)
            moved = _climb(seen, moved, free)
    shown = seen.at(moved).weights > 0.5
    there = frame.ras_from_mni @ _TO_MIDDLE @ moved @ np.linalg.inv(_TO_MIDDLE @ _FIT_IN_FRAME)
    return _Fit(there, float(shown.mean()))


def _climb(seen: "_Seen", moved: np.ndarray, free: int) -> np.ndarray:
    """The move (4x4) along the first `free` of `_WAYS` to where the likeness is greatest: Levenberg and Marquardt's."""
    best, damping = seen.equations(moved, free), _DAMPING
    for _ in range(_ROUNDS):
        trial = moved @ best.step(damping)
        tried = seen.equations(trial, free)
        gain = best.cost - tried.cost
        damping = damping / 4 if gain > 0 else damping * 8
        if gain > 0:
            moved, best = trial, tried
        if 0 < gain < _SETTLED or damping > _MOST_DAMPING:
            break
    return moved


def _shrunk(canonical: Volume) -> Volume:
    """On voxels that are doubled as long as they are no larger than the finest width of `_FIT`."""
    finest_mm = min(width_mm for width_mm, _ in _FIT)
    while 2 * canonical.spacing_mm.max() <= finest_mm:
        canonical = halved(canonical)
    return canonical


def _smoothed(coarser: Volume, sd_mm: float) -> Volume:
    """By a Gaussian, the part of it that lies in the scan."""
    values = torch.from_numpy(np.asarray(coarser.array_kji, np.float32))
    sizes_mm = zip(values.shape, coarser.spacing_mm[::-1], strict=True)
    shares = [_gaussian(voxels, sd_mm / float(mm)) for voxels, mm in sizes_mm]
    return coarser.with_array(shared_out(values, shares).numpy())


def _gaussian(voxels: int, sd: float) -> torch.Tensor:
    """How much each of a row of voxels gives to each, (voxels, voxels)."""
    off = torch.arange(voxels)[:, None] - torch.arange(voxels)
    weights = torch.exp(-0.5 * (off / sd) ** 2)
    weights[off.abs() > _GAUSSIAN_ENDS * sd] = 0.0
    return weights / weights.sum(dim=1, keepdim=True)


def _rest(products: np.ndarray, known: int) -> np.ndarray:
    """Products of rows (L + M, L + M), once all that the first L explain is taken off the others: (M, M).

    What is explained but for rounding, as one grey is, leaves 0.
    """
    explained = np.linalg.lstsq(products[:known, :known], products[:known, known:], rcond=None)[0]
    rest = products[known:, known:] - products[known:, :known] @ explained
    rounding = np.diag(rest) <= _ROUNDING * np.diag(products)[known:]
    rest[rounding], rest[:, rounding] = 0.0, 0.0
    return rest


@dataclass(frozen=True)
class _Shown:
    """What a scan shows where a frame says that the template's voxels lie.

    values   grey values (N,)
    slopes   how they change there, per MNI mm (3, N)
    weights  whether they were scanned (N,), soft over a voxel or two, for a fit that follows slopes
    """

    template: _Template
    values: np.ndarray
    slopes: np.ndarray
    weights: np.ndarray

    def products(self, more: np.ndarray) -> np.ndarray:
        """Of the scan's values, some more rows (W, N) and the template's values, without the smooth field."""
        parts = [self.template.smooth, self.values, more, self.template.grey]
        rows = torch.from_numpy(np.vstack(parts, dtype=float))
        products = (rows * torch.from_numpy(self.weights)) @ rows.T
        return _rest(products.numpy(), len(self.template.smooth))

    @property
    def likeness(self) -> float:
        """-1..1; 0 where nothing was scanned."""
        return _likeness(self.products(np.empty((0, len(self.values)))))


def _likeness(products: np.ndarray) -> float:
    """From the products of the scan's values, which come first, and the template's, which come last."""
    own, both, template = products[0, 0], products[0, -1], products[-1, -1]
    return float(both / np.sqrt(own * template + 1e-9))


@dataclass(frozen=True)
class _Equations:
    """What a least squares fit costs here, and the equations of its next step."""

    cost: float
    matrix: np.ndarray
    right: np.ndarray

    def step(self, damping: float) -> np.ndarray:
        """4x4."""
        along = np.linalg.solve(self.matrix + np.diag(damping * np.diag(self.matrix) + 1e-12), self.right)
        return torch.linalg.matrix_exp(torch.from_numpy(np.tensordot(along, _WAYS[: len(along)], axes=1))).numpy()


class _Seen:
    """A scan in a frame, at one of so many of the template's voxels.

    usual  so much likeness (its square) is worth one SD of a brain's size
    """

    def __init__(self, canonical: Volume, ras_from_mni: np.ndarray, every: int = 1, usual: float = 0.0) -> None:
        self._image = torch.from_numpy(np.asarray(canonical.array_kji, np.float32))
        self._half_voxels = float(np.mean(canonical.shape_ijk)) / 2.0
        self._ras_from_points = ras_from_mni @ _TO_MIDDLE
        self._places_from_points = places_from_ras(canonical) @ self._ras_from_points
        self._template, self._usual = _template(every), usual

    def at(self, moved: np.ndarray) -> _Shown:
        """Once the frame is `moved` (4x4, about the brain's middle)."""
        matrix = (self._places_from_points @ moved)[:3].astype(np.float32)
        places = torch.from_numpy(matrix @ self._template.points).T.requires_grad_()
        values = looked_up(self._image, places)
        slopes = matrix[:, :3].T @ torch.autograd.grad(values.sum(), places)[0].numpy().T
        weights = torch.sigmoid((1.0 - places.detach().abs().amax(dim=1)) * self._half_voxels)
        return _Shown(self._template, values.detach().numpy(), slopes, weights.numpy())

    def equations(self, moved: np.ndarray, free: int) -> _Equations:
        """The template as far as the scan explains it, and how usual the brain's size is."""
        shown = self.at(moved)
        each = shown.slopes[:, None] * shown.template.points
        to_ways = np.zeros((free + 2, 14))
        to_ways[0, 0] = to_ways[-1, -1] = 1.0
        to_ways[1:-1, 1:-1] = _WAYS[:free, :3].reshape(free, 12)
        products = to_ways @ shown.products(each.reshape(12, -1)) @ to_ways.T
        slope = products[0, -1] / (products[0, 0] + 1e-9)
        left = _rest(products, 1) / (products[-1, -1] + 1e-9)
        matrix, right = slope**2 * left[:-1, :-1], slope * left[:-1, -1]
        unusual = (_stretch(self._ras_from_points @ moved) - _STRETCH) / _STRETCH_SD
        matrix[6:, 6:] += np.diag(self._usual / _STRETCH_SD**2)[: free - 6, : free - 6]
        right[6:] -= (self._usual * unusual / _STRETCH_SD)[: free - 6]
        return _Equations(1.0 - _likeness(products) ** 2 + self._usual * float(unusual @ unusual), matrix, right)


def _stretch(matrix: np.ndarray) -> np.ndarray:
    """Natural logarithm of how much an affine stretches along x, y, z, then shears in xy, xz, yz, shape (6,)."""
    _, stretch, turn = np.linalg.svd(matrix[:3, :3])
    return (turn.T * np.log(stretch) @ turn)[_STRETCHES]
