"""From a scan to the region of one hemisphere: slices through the network, fused to a volume."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from ..errors import NotFoundError, UserError
from ..model.weights import Model
from ..progress import Progress
from ..volume.canonical import find_head, head_intensity, to_canonical
from ..volume.volume import Volume, voxel_points_ras_mm
from .fusion import clean_mask, on_grid, probability_stack
from .inference import Detection, detect_in_steps
from .region import Region, SliceScore
from .slicing import SliceWindow, normalise, sample, slice_window

MIN_VOLUME_ML = 2.0
"""A smaller finding is noise: the smallest DLPFC of the training people measures several times that."""

MIN_CONTRAST = 0.1
"""Least spread (interquartile range) of the intensities inside a finding, as a share of their median:
grey matter borders on white matter and fluid, a phantom is uniform."""

MIN_SLICES = 5
"""A region that shows in fewer slices (2 mm apart) is noise."""


@dataclass(frozen=True)
class SliceFindings:
    """What the network said of every slice of a scan.

    found            detections of each slice of `window`, above the confidence threshold
    middle_x_ras_mm  the head's middle plane in the world in which the region lies on the left
    """

    window: SliceWindow
    found: list[list[Detection]]
    middle_x_ras_mm: float


@dataclass(frozen=True)
class Segmenter:
    """Finds the region with a model; `confidence` replaces the model's own threshold where given."""

    model: Model
    device: str = "cpu"
    confidence: float | None = None

    def segment(self, scan: Volume, hemisphere: str, progress: Progress) -> Region:
        """The region on one side of a checked scan.

        Raises NotFoundError where the network sees none; no mask is made up.
        """
        return self.region(scan, hemisphere, self.find(scan, hemisphere, progress))

    def find(self, scan: Volume, hemisphere: str, progress: Progress) -> SliceFindings:
        """The detections in every slice; the right hemisphere is that of the mirrored scan."""
        canonical = to_canonical(_as_left(scan, hemisphere))
        head = find_head(canonical)
        window = slice_window(head, self.model.config)
        images = _images(canonical, window)
        found = detect_in_steps(self.model.network, images, progress, self.device)
        least = self.model.config.confidence if self.confidence is None else self.confidence
        kept = [[d for d in one if d.score >= least] for one in found]
        return SliceFindings(window, kept, float(head.centre_ras_mm[0]))

    def region(self, scan: Volume, hemisphere: str, findings: SliceFindings) -> Region:
        """One 3-D region on the scan's own grid from the slices' detections."""
        world = _as_left(scan, hemisphere)
        probability = probability_stack(findings.found, findings.window)
        kept = clean_mask(probability, self.model.config.mask_threshold)
        slices = _slice_scores(findings, kept)
        _require_enough(scan, hemisphere, probability.with_array(kept), slices)
        _require_side(scan, hemisphere, probability.with_array(kept), findings.middle_x_ras_mm)
        probability = replace(probability, array_kji=np.where(_near(kept), probability.array_kji, 0))
        on_scan = on_grid(probability, world)
        mask = on_scan >= self.model.config.mask_threshold
        _require_tissue(scan, hemisphere, scan.array_kji[mask])
        score = float(np.mean([s.score for s in slices]))
        return Region(scan, hemisphere, mask, on_scan, score, slices)


def _as_left(scan: Volume, hemisphere: str) -> Volume:
    if hemisphere not in ("left", "right"):
        raise UserError(f"Unknown hemisphere '{hemisphere}': use left or right.")
    return scan if hemisphere == "left" else scan.mirrored()


def _images(canonical: Volume, window: SliceWindow) -> list[torch.Tensor]:
    """The window's slices with their neighbours as channels, normalised; (3, rows, columns) each."""
    half = window.config.context // 2
    steps = np.arange(-half, window.count + half)
    ijk = window.points_ijk(steps, np.linalg.inv(canonical.ijk_to_ras))
    stack = normalise(sample(canonical.array_kji, ijk), *head_intensity(canonical.array_kji))
    shown = (stack[s : s + window.config.context] for s in range(window.count))
    return [torch.from_numpy(np.repeat(s, 3, axis=0) if len(s) == 1 else s) for s in shown]


def _near(kept: np.ndarray) -> np.ndarray:
    """The kept piece and one voxel around it, so that its soft edge survives resampling."""
    grown = kept.copy()
    for axis in range(3):
        for shift in (-1, 1):
            grown |= np.roll(kept, shift, axis)
    return grown


def _slice_scores(findings: SliceFindings, kept: np.ndarray) -> tuple[SliceScore, ...]:
    window = findings.window
    return tuple(
        SliceScore("axial", index, max(d.score for d in one), window.height_ras_mm(index))
        for index, one in enumerate(findings.found)
        if one and kept[index].any()
    )


def _require_enough(scan: Volume, hemisphere: str, kept: Volume, slices: tuple) -> None:
    size_ml = np.count_nonzero(kept.array_kji) * kept.voxel_ml
    if len(slices) < MIN_SLICES or size_ml < MIN_VOLUME_ML:
        raise NotFoundError(
            f"{scan.source}: no {hemisphere} DLPFC was found ({len(slices)} slices, {size_ml:.1f} ml);"
            " check that the scan is a T1 of a whole head, or lower the threshold."
        )


def _require_side(scan: Volume, hemisphere: str, kept: Volume, middle_x_ras_mm: float) -> None:
    """The last guard against the wrong hemisphere."""
    x = voxel_points_ras_mm(kept, kept.array_kji)[:, 0].mean()
    if x >= middle_x_ras_mm:
        raise NotFoundError(
            f"{scan.source}: what looked like the {hemisphere} DLPFC lies on the other side of the head;"
            " check the orientation in the scan's header."
        )


def _require_tissue(scan: Volume, hemisphere: str, intensities: np.ndarray) -> None:
    low, middle, high = np.percentile(intensities, [25, 50, 75]) if intensities.size else (0, 1, 0)
    if high - low < MIN_CONTRAST * middle:
        raise NotFoundError(
            f"{scan.source}: no {hemisphere} DLPFC was found, since the tissue in its place is uniform;"
            " check that the scan is a T1 of a head."
        )
