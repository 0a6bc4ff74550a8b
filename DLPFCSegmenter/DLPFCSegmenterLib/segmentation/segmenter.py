"""From a scan to the region of one hemisphere: slices through the network, fused to a volume."""

from dataclasses import dataclass, replace
from itertools import chain, islice

import numpy as np
import torch

from ..errors import NotFoundError, UserError
from ..geometry.spaces import MIRROR_X
from ..model.weights import Model
from ..progress import Progress
from ..volume.canonical import find_head
from ..volume.head_scan import HeadScan
from ..volume.registration import implausible
from ..volume.volume import Volume, voxel_points_ras_mm
from .agreement import Agreement, Calibration, agreement
from .frame import SliceFrame, slice_frame
from .fusion import clean_mask, fused, on_grid, probability_stack
from .inference import Detection, detect_in_steps
from .region import Region, SliceScore
from .slicing import SliceWindow, normalise, sample, slice_window

MIN_VOLUME_ML = 2.0
"""A smaller finding is noise: the smallest DLPFC of the training people measures several times that."""

MIN_CONTRAST = 0.1
"""Least spread (interquartile range) of the intensities inside a finding, as a share of their median:
grey matter borders on white matter and fluid, a phantom is uniform."""

MAX_SPREAD_MM = 10.0
"""Planes that disagree by more have not seen the same thing; on 42 good sides they agree within 4 mm."""

MIN_SLICES = 5
"""A region that shows in fewer slices (2 mm apart) is noise."""


@dataclass(frozen=True)
class PlaneFindings:
    """What the network said of every slice of a plane, above the confidence threshold."""

    window: SliceWindow
    found: list[list[Detection]]


@dataclass(frozen=True)
class SliceFindings:
    """What the network said of a scan.

    frame            where the slices lie, in the world in which the region lies on the left
    planes           plane name -> its findings
    middle_x_ras_mm  the head's middle plane in that world
    misplaced        why the frame cannot lie on a brain, in words, or '' if it may
    """

    frame: SliceFrame
    planes: dict[str, PlaneFindings]
    middle_x_ras_mm: float
    misplaced: str = ""

    def fused(self, *planes: str) -> Volume:
        """The probability of the region by all planes, or by those named, in RAS mm of that world."""
        shown = {name: self.planes[name] for name in planes or self.planes}
        stacks = {name: probability_stack(each.found, each.window) for name, each in shown.items()}
        mean = fused(stacks, dict.fromkeys(stacks, 1.0))
        return replace(mean, ijk_to_ras=self.frame.ras_from_frame @ mean.ijk_to_ras)


@dataclass(frozen=True)
class Segmenter:
    """Finds the region with a model; `confidence` replaces the model's own threshold where given."""

    model: Model
    device: str = "cpu"
    confidence: float | None = None

    def segment(self, head: HeadScan, hemisphere: str, progress: Progress) -> Region:
        """The region on one side of a checked scan.

        Raises NotFoundError where the network sees none; no mask is made up.
        """
        return self.region(head.scan, hemisphere, self.find(head, hemisphere, progress))

    def find(self, head: HeadScan, hemisphere: str, progress: Progress) -> SliceFindings:
        """The detections in every slice; the right hemisphere is that of the mirrored scan."""
        config = self.model.config
        world = _as_left(head, hemisphere)
        frame = slice_frame(config.frame, world)
        windows = [slice_window(plane, config) for plane in config.planes]
        images = [_images(world.canonical, frame, window) for window in windows]
        found = detect_in_steps(self.model.network, list(chain(*images)), progress, self.device)
        least = config.confidence if self.confidence is None else self.confidence
        kept = iter([[d for d in one if d.score >= least] for one in found])
        planes = {w.plane: PlaneFindings(w, list(islice(kept, w.count))) for w in windows}
        misplaced = implausible(world.registration) if config.frame == "mni" else ""
        return SliceFindings(frame, planes, float(find_head(world.canonical).centre_ras_mm[0]), misplaced)

    def region(self, scan: Volume, hemisphere: str, findings: SliceFindings) -> Region:
        """One 3-D region on the scan's own grid from the slices' detections."""
        threshold = self.model.config.mask_threshold
        _require_placed(scan, hemisphere, findings.misplaced)
        probability = findings.fused()
        kept = clean_mask(probability.array_kji, threshold)
        mirror = np.eye(4) if hemisphere == "left" else MIRROR_X
        slices = _slice_scores(mirror, findings, threshold)
        _require_enough(scan, hemisphere, probability.with_array(kept), slices)
        _require_side(scan, hemisphere, probability.with_array(kept), findings.middle_x_ras_mm)
        probability = replace(probability, array_kji=np.where(_near(kept), probability.array_kji, 0))
        on_scan = on_grid(probability, scan if hemisphere == "left" else scan.mirrored())
        mask = on_scan >= threshold
        _require_tissue(scan, hemisphere, scan.array_kji[mask])
        score = float(np.mean([s.score for s in slices]))
        agreed = self._agreement(findings, probability.with_array(kept))
        _require_agreement(scan, hemisphere, agreed)
        return Region(scan, hemisphere, mask, on_scan, score, slices, _doubts(agreed), agreed)

    def _agreement(self, findings: SliceFindings, kept: Volume) -> Agreement:
        threshold = self.model.config.mask_threshold
        own = {name: _centroid_mm(findings.fused(name), threshold) for name in findings.planes}
        common = voxel_points_ras_mm(kept, kept.array_kji).mean(axis=0)
        return agreement(own, common, Calibration.of_card(self.model.card))


def _as_left(head: HeadScan, hemisphere: str) -> HeadScan:
    if hemisphere not in ("left", "right"):
        raise UserError(f"Unknown hemisphere '{hemisphere}': use left or right.")
    return head if hemisphere == "left" else head.mirrored()


def _images(canonical: Volume, frame: SliceFrame, window: SliceWindow) -> list[torch.Tensor]:
    """The window's slices with their neighbours as channels, normalised; (channels, rows, columns) each."""
    half = window.config.context // 2
    steps = np.arange(-half, window.count + half)
    ijk = window.points_ijk(steps, np.linalg.inv(canonical.ijk_to_ras) @ frame.ras_from_frame)
    stack = normalise(sample(canonical.array_kji, ijk), frame.mean, frame.sd)
    shown = (stack[s : s + window.config.context] for s in range(window.count))
    return [torch.from_numpy(np.repeat(s, 3, axis=0) if len(s) == 1 else s) for s in shown]


def _centroid_mm(probability: Volume, threshold: float) -> np.ndarray | None:
    points = voxel_points_ras_mm(probability, clean_mask(probability.array_kji, threshold))
    return points.mean(axis=0) if len(points) else None


def _doubts(agreed: Agreement) -> tuple[str, ...]:
    if agreed.reliable:
        return ()
    return (
        "The slices of the three planes disagree about where the DLPFC lies, so the target is unreliable:"
        " check the outline slice by slice, or choose the target yourself.",
    )


def _near(kept: np.ndarray) -> np.ndarray:
    """The kept piece and one voxel around it, so that its soft edge survives resampling."""
    grown = kept.copy()
    for axis in range(3):
        for shift in (-1, 1):
            grown |= np.roll(kept, shift, axis)
    return grown


def _slice_scores(scan_to_world: np.ndarray, findings: SliceFindings, threshold: float) -> tuple[SliceScore, ...]:
    """The slices with a mask; `scan_to_world` is the mirror (4x4) that put the region on the left, or none."""
    to_scan = np.linalg.inv(scan_to_world) @ findings.frame.ras_from_frame
    scores = []
    for plane, each in findings.planes.items():
        for index, one in enumerate(each.found):
            shown = [d for d in one if d.soft_mask.max() >= threshold]
            if shown:
                best = max(shown, key=lambda d: d.score)
                left, top, right, bottom = best.box_pixels
                middle = to_scan @ each.window.slice_to_frame @ ((left + right) / 2, (top + bottom) / 2, index, 1)
                scores.append(SliceScore(plane, index, best.score, float(middle[each.window.normal])))
    return tuple(scores)


def _require_placed(scan: Volume, hemisphere: str, misplaced: str) -> None:
    if misplaced:
        raise NotFoundError(
            f"{scan.source}: no {hemisphere} DLPFC was found, since the scan could not be laid over the MNI brain"
            f" ({misplaced}); check that it is a T1 of a whole head."
        )


def _require_agreement(scan: Volume, hemisphere: str, agreed: Agreement) -> None:
    if agreed.spread_mm is not None and agreed.spread_mm > MAX_SPREAD_MM:
        raise NotFoundError(
            f"{scan.source}: no {hemisphere} DLPFC was found, since axial, coronal and sagittal slices place it"
            f" {agreed.spread_mm:.0f} mm apart; check that the scan is a T1 of a whole head."
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
