"""What the networks said of a head, to one probability and one mask on the scan's own grid."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import SimpleITK as sitk

from ..geometry.spaces import ijk_to_ras_points, ras_to_ijk
from ..networks.frame import SliceFrame
from ..networks.registry import View, heaviest
from ..scan.canonical import resample
from ..scan.volume import Volume, box_of_points
from .region import SliceScore


@dataclass(frozen=True)
class Predictions:
    """What the networks said of a head, in the world in which the region lies on the left.

    frame      where the views lie
    threshold  probability from which a voxel is the region
    label_mm   voxels of the labels that were learnt (`sharpening.sharpened`), 0 where answers are taken as they are
    views      name -> what was seen: planes of slices, a window
    misplaced  why the frame cannot lie on a brain, in words, or '' if it may
    turned     whether the networks were shown the grey values turned round
    """

    frame: SliceFrame
    threshold: float
    label_mm: float
    views: Mapping[str, View]
    misplaced: str = ""
    turned: bool = False

    def fused(self, *names: str) -> Volume:
        """The probability of the region by all views, or by those named, in RAS mm of that world."""
        mean = fused({name: self.views[name] for name in names or self.views})
        return replace(mean, ijk_to_ras=self.frame.ras_from_frame @ mean.ijk_to_ras)

    def slice_scores(self, scan_to_world: np.ndarray) -> tuple[SliceScore, ...]:
        """The slices with a mask; `scan_to_world` is the mirror (4x4) that put the region on the left, or none.

        Where no network that detects was asked these are the axial layers of what all views say together.
        """
        detected = [view.slices for view in self.views.values() if view.slices is not None]
        world_to_scan = np.linalg.inv(scan_to_world)
        if not detected:
            return self._layer_scores(world_to_scan)
        to_scan = world_to_scan @ self.frame.ras_from_frame
        return tuple(
            SliceScore(each.plane, each.index, each.score, float((to_scan @ (*each.middle_mm, 1))[each.normal]))
            for slices in detected
            for each in slices
        )

    def _layer_scores(self, world_to_scan: np.ndarray) -> tuple[SliceScore, ...]:
        probability = self.fused()
        to_scan, scores = world_to_scan @ probability.ijk_to_ras, []
        for index, layer in enumerate(probability.array_kji):
            inside = layer >= self.threshold
            if inside.any():
                row, column = np.argwhere(inside).mean(axis=0)
                place_mm = float((to_scan @ (column, row, index, 1))[2])
                scores.append(SliceScore("axial", index, float(layer[inside].mean()), place_mm))
        return tuple(scores)


def fused(views: Mapping[str, View]) -> Volume:
    """Weighted mean of the views' probabilities on an isotropic grid in the frame's mm.

    The grid is that of the view that counts most: every resampling blurs what it knows of the cortex.
    """
    grid = _isotropic(heaviest(views).probability)
    total = sum(view.weight for view in views.values())
    mean = sum(view.weight / total * resample(view.probability, grid).array_kji for view in views.values())
    return grid.with_array(np.asarray(mean, np.float32))


def _isotropic(stack: Volume) -> Volume:
    """An empty grid like a stack's, with slices as near to each other as its pixels."""
    pixel, _, step = stack.spacing_mm
    slices = int(round((len(stack.array_kji) - 1) * step / pixel)) + 1
    finer = stack.ijk_to_ras @ np.diag([1.0, 1.0, pixel / step, 1.0])
    return Volume(np.zeros((slices, *stack.array_kji.shape[1:]), np.uint8), finer)


def on_grid(probability: Volume, scan: Volume) -> np.ndarray:
    """The probabilities on the voxels of `scan`, float32 (K, J, I); 0 outside the slices."""
    # The rest of a large scan need not be asked.
    corners_ijk = np.array(np.meshgrid(*[(-1, n) for n in probability.shape_ijk])).reshape(3, 8).T
    corners_ras_mm = ijk_to_ras_points(probability.ijk_to_ras, corners_ijk)
    box = box_of_points(ras_to_ijk(scan.ijk_to_ras, corners_ras_mm), scan.shape_ijk)
    result = np.zeros(scan.array_kji.shape, np.float32)
    result[box] = np.clip(resample(probability, scan.cropped(box)).array_kji, 0.0, 1.0)
    return result


def clean_mask(probability_kji: np.ndarray, threshold: float) -> np.ndarray:
    """Voxels above `threshold` in the largest connected piece, holes closed; bool (K, J, I)."""
    mask = sitk.GetImageFromArray((probability_kji >= threshold).astype(np.uint8))
    pieces = sitk.RelabelComponent(sitk.ConnectedComponent(mask))
    return sitk.GetArrayFromImage(sitk.BinaryFillhole(pieces == 1)).astype(bool)
