"""What the networks said of a scan, before it is one mask."""

from dataclasses import dataclass, field, replace

import numpy as np

from ..networks.frame import SliceFrame
from ..networks.slice_detector import Detection
from ..networks.slicing import PLANES, SliceWindow
from ..scan.volume import Volume
from .fusion import VOLUME, fused, probability_stack
from .region import SliceScore


@dataclass(frozen=True)
class PlaneFindings:
    """What the Mask R-CNN said of every slice of a plane, above the confidence threshold."""

    window: SliceWindow
    found: list[list[Detection]]


@dataclass(frozen=True)
class VolumeFindings:
    """What the 3-D network said: the probability of the region on its window, in the frame's mm.

    weight  its share beside all planes together
    """

    probability: Volume
    weight: float


@dataclass(frozen=True)
class Findings:
    """What the networks said of a scan.

    frame            where the slices lie, in the world in which the region lies on the left
    middle_x_ras_mm  the head's middle plane in that world
    threshold        probability from which a voxel is the region
    planes           plane name -> its findings; empty where the 3-D network was asked alone
    volume           None where it was not asked
    misplaced        why the frame cannot lie on a brain, in words, or '' if it may
    """

    frame: SliceFrame
    middle_x_ras_mm: float
    threshold: float
    planes: dict[str, PlaneFindings] = field(default_factory=dict)
    volume: VolumeFindings | None = None
    misplaced: str = ""

    @property
    def views(self) -> tuple[str, ...]:
        """What looked at the scan: the planes, and `VOLUME`."""
        return (*self.planes, *([VOLUME] if self.volume else []))

    def fused(self, *views: str) -> Volume:
        """The probability of the region by all views, or by those named, in RAS mm of that world."""
        shown = views or self.views
        stacks = {name: self._probability(name) for name in shown}
        mean = fused(stacks, {name: self._weight(name) for name in shown})
        return replace(mean, ijk_to_ras=self.frame.ras_from_frame @ mean.ijk_to_ras)

    def _probability(self, view: str) -> Volume:
        if view == VOLUME:
            return self.volume.probability
        return probability_stack(self.planes[view].found, self.planes[view].window)

    def _weight(self, view: str) -> float:
        if view == VOLUME:
            return self.volume.weight
        return (1 - self.volume.weight if self.volume else 1.0) / len(self.planes)

    def slice_scores(self, scan_to_world: np.ndarray) -> tuple[SliceScore, ...]:
        """The slices with a mask; `scan_to_world` is the mirror (4x4) that put the region on the left, or none.

        Where no slices were asked these are the axial layers of the 3-D window.
        """
        to_scan = np.linalg.inv(scan_to_world) @ self.frame.ras_from_frame
        if not self.planes:
            return self._layer_scores(to_scan)
        return tuple(score for plane, each in self.planes.items() for score in self._plane_scores(plane, each, to_scan))

    def _plane_scores(self, plane: str, each: PlaneFindings, to_scan: np.ndarray) -> list[SliceScore]:
        scores = []
        for index, one in enumerate(each.found):
            shown = [d for d in one if d.soft_mask.max() >= self.threshold]
            if shown:
                best = max(shown, key=lambda d: d.score)
                left, top, right, bottom = best.box_pixels
                middle = to_scan @ each.window.slice_to_frame @ ((left + right) / 2, (top + bottom) / 2, index, 1)
                scores.append(SliceScore(plane, index, best.score, float(middle[each.window.normal])))
        return scores

    def _layer_scores(self, to_scan: np.ndarray) -> tuple[SliceScore, ...]:
        probability = self.volume.probability
        to_ras, scores = to_scan @ probability.ijk_to_ras, []
        for index, layer in enumerate(probability.array_kji):
            inside = layer >= self.threshold
            if inside.any():
                row, column = np.argwhere(inside).mean(axis=0)
                middle = to_ras @ (column, row, index, 1)
                place_mm = float(middle[PLANES["axial"].normal])
                scores.append(SliceScore("axial", index, float(layer[inside].mean()), place_mm))
        return tuple(scores)
