"""How like the MNI template a brain looks in its frame: which way round its contrast is, and where a cut head lies.

The likeness is the correlation, -1..1, of grey values with the template's, once a smooth field (a quadratic
polynomial) is taken from both, so that units and coils do not count.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import SimpleITK as sitk
import torch

from ..geometry.spaces import ijk_to_ras_points
from ..networks.head_network import BRAIN_MIDDLE_MNI_MM
from ..scan.head_frame import HeadFrame, template_brain, template_t1
from ..scan.head_scan import HeadScan
from ..scan.volume import Volume

CLEAR = 0.3
"""Less says nothing of a contrast. T1 scans of 21 people have 0.45 to 0.65, the same turned round -0.45 to -0.65."""

_AIR = 0.5
"""Share of the darkest brain below which a voxel is no tissue, and stays dark."""

_FIT_MM = (6.0, 4.0, 2.0)
"""Width (two SD) of the smoothing, from rough to fine; the first fit only shifts and turns."""

_FIT_IN_FRAME = np.array([[1.0, 0, 0, 0], [0, 0.976, 0.036, -1.2], [0, 0.014, 0.941, 2.75], [0, 0, 0, 1]])
"""Where the fit lies in the frame of a whole head, about the brain's middle, mm: mean over 29 people of `ixi/train`."""

_ROUNDS = 40
_REACH_MM = 60.0


_TO_MIDDLE = np.eye(4)
_TO_MIDDLE[:3, 3] = BRAIN_MIDDLE_MNI_MM

_STAYS = torch.eye(4, dtype=torch.float64)


@lru_cache(maxsize=1)
def _template() -> tuple[torch.Tensor, torch.Tensor]:
    """The voxels inside the template's brain: MNI mm from its middle (N, 3), and grey values (N,).

    Without the outermost ones, which skull and fluid share.
    """
    brain = sitk.GetImageFromArray(template_brain().array_kji.astype(np.uint8))
    inside = sitk.GetArrayFromImage(sitk.BinaryErode(brain, [1, 1, 1])).astype(bool)
    points = ijk_to_ras_points(template_brain().ijk_to_ras, np.argwhere(inside)[:, ::-1])
    return torch.from_numpy(points - BRAIN_MIDDLE_MNI_MM), torch.from_numpy(
        template_t1().array_kji[inside].astype(float)
    )


def is_turned_round(head: HeadScan) -> bool:
    """Whether fluid is brighter than white matter, as in a T2 or an inverted T1."""
    return likeness(head.canonical, head.registration.ras_from_mni) < -CLEAR


def as_t1(head: HeadScan) -> HeadScan:
    """The head as a T1 would nearly show it: turned round where fluid is bright, else the head itself."""
    return turned_round(head) if is_turned_round(head) else head


def likeness(canonical: Volume, ras_from_mni: np.ndarray) -> float:
    """That of a brain of which the frame (4x4, MNI mm to the scan's RAS mm) is known."""
    return float(_Seen(canonical, ras_from_mni).likeness(_STAYS))


def turned_round(head: HeadScan) -> HeadScan:
    """The head with bright tissue dark and dark tissue bright, within the range of its brain; air stays dark."""
    grey = head.canonical.array_kji
    values, weights = _Seen(head.canonical, head.registration.ras_from_mni).at(_STAYS)
    dark, bright = np.percentile(values[(weights > 0.5) & (values > 0)].numpy(), [1, 99])
    turned = np.where(grey < _AIR * dark, 0.0, np.maximum(bright - grey, 0.0)).astype(np.float32)
    return HeadScan.of_canonical(head.canonical.with_array(turned), head.registration)


def fitted(canonical: Volume, frame: HeadFrame) -> HeadFrame:
    """The frame moved to where the brain looks most like the template, or most unlike it if it does so already.

    For heads of which much is missing: networks take the border of the scan for the border of the brain. A brain that
    has no clear likeness keeps its frame.
    """
    before = likeness(canonical, frame.ras_from_mni)
    if abs(before) < CLEAR:
        return frame
    move = torch.zeros(12, dtype=torch.float64, requires_grad=True)
    for number, width_mm in enumerate(_FIT_MM):
        seen = _Seen(_smoothed(canonical, width_mm / 2), frame.ras_from_mni)
        _climb(seen, move, 1.0 if before > 0 else -1.0, free=6 if number == 0 else 12)
    moved = _affine(move.detach())
    shown = seen.at(moved)[1] > 0.5
    there = frame.ras_from_mni @ _TO_MIDDLE @ moved.numpy() @ np.linalg.inv(_TO_MIDDLE @ _FIT_IN_FRAME)
    return replace(frame, ras_from_mni=there, seen=float(shown.double().mean()))


def _climb(seen: "_Seen", move: torch.Tensor, sign: float, free: int) -> None:
    """Change the first `free` numbers of a move so that the likeness times `sign` grows."""
    is_free = torch.arange(len(move)) < free
    optimizer = torch.optim.LBFGS([move], max_iter=_ROUNDS, line_search_fn="strong_wolfe", tolerance_change=1e-6)

    def step() -> torch.Tensor:
        """The loss at the move, and its gradient."""
        optimizer.zero_grad()
        loss = -sign * seen.likeness(_affine(move * is_free))
        loss.backward()
        return loss

    optimizer.step(step)


def _affine(move: torch.Tensor) -> torch.Tensor:
    """4x4, about the brain's middle, of shifts in 20 mm, turns in 0.3 rad, and six stretches and shears in 0.1."""
    nothing = torch.zeros(3, 3, dtype=torch.float64)
    turn = nothing.index_put((torch.tensor([2, 0, 1]), torch.tensor([1, 2, 0])), move[3:6] * 0.3)
    rows, columns = torch.tensor([0, 1, 2, 0, 0, 1]), torch.tensor([0, 1, 2, 1, 2, 2])
    stretch = nothing.index_put((rows, columns), move[6:] * 0.05)
    linear = torch.linalg.matrix_exp(turn - turn.T) @ torch.linalg.matrix_exp(stretch + stretch.T)
    last = torch.tensor([[0.0, 0.0, 0.0, 1.0]], dtype=torch.float64)
    return torch.cat([torch.cat([linear, move[:3, None] * 20.0], dim=1), last])


def _smoothed(canonical: Volume, sd_mm: float) -> Volume:
    image = sitk.GetImageFromArray(canonical.array_kji)
    image.SetSpacing(canonical.spacing_mm.tolist())
    return canonical.with_array(sitk.GetArrayFromImage(sitk.SmoothingRecursiveGaussian(image, sd_mm)))


class _Seen:
    """A scan where a frame says that the template's voxels lie."""

    def __init__(self, canonical: Volume, ras_from_mni: np.ndarray) -> None:
        self._image = torch.from_numpy(canonical.array_kji.astype(float))[None, None]
        self._size = torch.tensor(canonical.shape_ijk, dtype=torch.float64)
        self._ijk_from_points = torch.from_numpy(np.linalg.inv(canonical.ijk_to_ras) @ ras_from_mni @ _TO_MIDDLE)

    def at(self, moved: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Grey values (N,) once the frame is `moved` (4x4, about the brain's middle), and whether they were scanned."""
        matrix = self._ijk_from_points @ moved
        places = _template()[0] @ matrix[:3, :3].T + matrix[:3, 3]
        scaled = (places + 0.5) * 2.0 / self._size - 1.0
        values = torch.nn.functional.grid_sample(
            self._image, scaled[None, None, None], padding_mode="border", align_corners=False
        )
        # Soft over a voxel or two, for a fit that follows slopes.
        return values[0, 0, 0, 0], torch.sigmoid((1.0 - scaled.abs().amax(dim=1)) * self._size.mean() / 2.0)

    def likeness(self, moved: torch.Tensor) -> torch.Tensor:
        """That of what was scanned, differentiable."""
        values, weights = self.at(moved)
        points, template = _template()
        smooth = _polynomials(points / _REACH_MM)
        weighted = (smooth * weights[:, None]).T
        both = torch.stack([values, template], dim=1)
        # What the last term adds counts only where nothing at all was scanned.
        equations = weighted @ smooth + 1e-6 * torch.eye(smooth.shape[1], dtype=torch.float64)
        rest = both - smooth @ torch.linalg.solve(equations, weighted @ both)
        products = (rest * weights[:, None]).T @ rest
        return products[0, 1] / (products[0, 0] * products[1, 1] + 1e-9).sqrt()


def _polynomials(points: torch.Tensor) -> torch.Tensor:
    """1, x, y, z and their products, (N, 10)."""
    first, second = torch.triu_indices(3, 3)
    ones = torch.ones(len(points), 1, dtype=torch.float64)
    return torch.cat([ones, points, points[:, first] * points[:, second]], dim=1)
