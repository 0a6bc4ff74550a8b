"""What the turn network learns from: random scans of heads, each in several turns by right angles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from ..geometry.spaces import RIGHT_TURNS, turned_array
from ..networks.head_network import BRAIN, WIDE, in_a_cube
from ..scan.head_frame import HeadFrame, robust_affine
from .head_people import PreparedHead
from .head_source import HeadSample, HeadSource

_SHOWN = 8
"""Turns of a scan: the one in which it lies best, as it is, and others at random."""

_ALIKE_DEG = 8.0
"""A turn in which the head lies so much worse than in the best one is right in three of five as many scans."""

_LEAST_CELLS = 30


@dataclass(frozen=True)
class TurnSample:
    """A scan in several turns, and what the network should say of them.

    turned  (N, 3, C, C, C), `in_a_cube`
    shares  (N,), how right each turn is, 1 together
    """

    turned: torch.Tensor
    shares: torch.Tensor


@dataclass(frozen=True)
class TurnSource:
    """Random scans of people as the wide network sees them, turned."""

    scans: HeadSource

    @staticmethod
    def of(heads: Sequence[PreparedHead]) -> "TurnSource":
        """As coarse as the network's cells allow."""
        return TurnSource(HeadSource.of(heads, WIDE))

    def draw(self, rng: np.random.Generator) -> TurnSample:
        """The scan of one person; the same generator state gives the same scan."""
        sample = self.scans.draw(rng)
        while (turns_deg := _turns_deg(sample)) is None:
            sample = self.scans.draw(rng)
        best = int(turns_deg.argmin())
        others = [number for number in rng.permutation(len(RIGHT_TURNS)) if number not in (0, best)]
        chosen = [best, *([0] if best else []), *others][:_SHOWN]
        worse_deg = turns_deg[chosen] - turns_deg[best]
        shares = np.exp(-0.5 * (worse_deg / _ALIKE_DEG) ** 2).astype(np.float32)
        shown = in_a_cube(sample.channels).numpy()
        turned = np.concatenate([turned_array(shown, RIGHT_TURNS[number]) for number in chosen])
        return TurnSample(torch.from_numpy(turned), torch.from_numpy(shares / shares.sum()))


def _turns_deg(sample: HeadSample) -> np.ndarray | None:
    """How far off the usual the head lies after each of `RIGHT_TURNS`, (24,); None where no brain is seen."""
    brain = sample.classes[0, BRAIN].numpy()
    inside = brain > 0.3
    if inside.sum() < _LEAST_CELLS:
        return None
    told_mm = sample.coordinates_mm[0].numpy()[:, inside].T.astype(float)
    fit = robust_affine(np.argwhere(inside)[:, ::-1] * WIDE.answer_mm, told_mm, brain[inside].astype(float))
    frame = HeadFrame(np.linalg.inv(fit.mni_from_ras), fit.spread_mm)
    return np.array([frame.moved(turn).turn_deg for turn in RIGHT_TURNS])
