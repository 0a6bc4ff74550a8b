"""Where brain tissue lies in a scan: how deep the cortex lies below the scalp, and whether a point lies in it.

Told from brightness inside the template's brain: CSF is dark on a T1 scan, grey and white matter are not. What hangs
on to the brain by less than the skull's inner table is thick is cut off.
"""

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from ..errors import NoScalpError
from ..geometry.spaces import ijk_to_ras_points
from ..scan.head_frame import HeadFrame
from ..scan.head_scan import HeadScan
from ..scan.volume import Volume
from ..sentences import say
from .scalp import Scalp

_REACH_VOXELS = [3, 3, 3]
"""An affine fits a brain's surface no better than these 6 mm."""

_THIN_VOXELS = [1, 1, 1]
_LEAST_SHARE = 0.5
"""Of the template's brain; less is no brain that is told from its CSF."""

_STEP_MM = 0.5
_DEEPEST_MM = 40.0
_THICKNESS_MM = 2.0
"""Cortex is no thinner; a speck on the way to it is."""


@dataclass(frozen=True)
class Cortex:
    """Grey and white matter of a scan: bool on its canonical grid."""

    tissue: Volume

    def nearest(self, point_ras_mm: np.ndarray) -> tuple[np.ndarray, float]:
        """The nearest place with tissue, RAS mm, shape (3,), and how far away it is; 0 for a point that lies in it."""
        if self.tissue.values_at(point_ras_mm):
            return np.asarray(point_ras_mm, float), 0.0
        places = ijk_to_ras_points(self.tissue.ijk_to_ras, np.argwhere(self.tissue.array_kji)[:, ::-1])
        away = np.linalg.norm(places - point_ras_mm, axis=1)
        return places[away.argmin()], float(away.min())

    def depth_mm(self, scalp: Scalp, point_ras_mm: np.ndarray) -> float | None:
        """From a point of the scalp to the cortex's outer border along the smoothed normal, or None if none is met."""
        try:
            inward = -scalp.outward_normal(point_ras_mm)
        except NoScalpError:
            return None
        depths = np.arange(0.0, _DEEPEST_MM, _STEP_MM)
        met = self.tissue.values_at(point_ras_mm + depths[:, None] * inward)
        run = int(_THICKNESS_MM / _STEP_MM)
        starts = np.flatnonzero(np.all([met[i : len(met) - run + i] for i in range(run)], axis=0))
        return float(depths[starts[0]]) if starts.size else None


def find_cortex(head_scan: HeadScan, registration: HeadFrame) -> Cortex | None:
    """Brain tissue of a scan, or None where it cannot be told from what is around it."""
    grid = head_scan.canonical
    inside = registration.brain_on(grid)
    if not inside.any():
        return None
    bright = sitk.GetImageFromArray((grid.array_kji > _darkest_tissue(grid.array_kji[inside])).astype(np.uint8))
    reach = sitk.BinaryDilate(sitk.GetImageFromArray(inside.astype(np.uint8)), _REACH_VOXELS)
    near = sitk.And(bright, reach)
    apart = sitk.BinaryErode(near, _THIN_VOXELS, sitk.sitkCross)
    brain = sitk.Equal(sitk.RelabelComponent(sitk.ConnectedComponent(apart)), 1)
    # Once for what was taken off all around, and once for gyri that are thinner than twice that.
    grown = sitk.BinaryDilate(sitk.BinaryDilate(brain, _THIN_VOXELS, sitk.sitkCross), _THIN_VOXELS, sitk.sitkCross)
    tissue = sitk.GetArrayFromImage(sitk.And(grown, near)) > 0
    return Cortex(grid.with_array(tissue)) if tissue.sum() > _LEAST_SHARE * inside.sum() else None


def _darkest_tissue(values: np.ndarray) -> float:
    """The brightness that parts CSF from grey matter: the lower of the two that best part three classes (Otsu)."""
    classes = sitk.OtsuMultipleThresholdsImageFilter()
    classes.SetNumberOfThresholds(2)
    classes.Execute(sitk.GetImageFromArray(values[None].astype(np.float32)))
    return float(classes.GetThresholds()[0])


_THRESHOLD_PERCENT_PER_MM = (2.7, 3.0)
_THRESHOLD_SOURCE = (
    "Stokes 2005, J Neurophysiol (3 %/mm); Stokes 2007, 10.1016/j.clinph.2007.04.004 (2.8); 10.1152/jn.00510.2012 (2.7)"
)
"""Published slopes of the motor threshold with scalp-cortex distance, in % of maximum stimulator output."""


@dataclass(frozen=True)
class DepthInformation:
    """Distances from the scalp to the cortex's outer border in mm, information and never a dose.

    target_mm  under the scalp entry of the target
    motor_mm   under the motor hotspot
    """

    target_mm: float
    motor_mm: float

    @property
    def difference_mm(self) -> float:
        """How much deeper the cortex lies under the entry than under the hotspot."""
        return self.target_mm - self.motor_mm

    @property
    def in_words(self) -> str:
        """One sentence, which says that it is no dose."""
        low, high = sorted(slope * self.difference_mm for slope in _THRESHOLD_PERCENT_PER_MM)
        return say(
            "For information, not a dose: in this scan the cortex lies {target_mm:.0f} mm below the scalp"
            " over the target and {motor_mm:.0f} mm at the motor hotspot, each give or take 3 mm; published"
            " corrections of the motor threshold for this difference are {low:+.0f} to {high:+.0f} % of"
            " maximum output ({threshold_source}).",
            target_mm=self.target_mm,
            motor_mm=self.motor_mm,
            low=low,
            high=high,
            threshold_source=_THRESHOLD_SOURCE,
        )


def depth_information(
    scalp: Scalp, cortex: Cortex, entry_ras_mm: np.ndarray, hotspot_ras_mm: np.ndarray
) -> DepthInformation | None:
    """Scalp to cortex under two points of the scalp, RAS mm, shape (3,); None where one line meets no cortex."""
    hotspot = scalp.nearest(hotspot_ras_mm).position_ras_mm
    target_mm, motor_mm = cortex.depth_mm(scalp, entry_ras_mm), cortex.depth_mm(scalp, hotspot)
    return None if target_mm is None or motor_mm is None else DepthInformation(target_mm, motor_mm)
