"""From a scan to the region of one hemisphere: what the networks see of it, fused to a volume."""

from dataclasses import dataclass, replace
from itertools import chain, islice

import numpy as np
import torch

from ..errors import UserError
from ..geometry.spaces import MIRROR_X
from ..networks.frame import SliceFrame, slice_frame
from ..networks.mask_rcnn_config import NETWORKS
from ..networks.slice_detector import detect_in_steps
from ..networks.slicing import SliceWindow, normalise, sample, slice_window
from ..networks.weights import Model, SliceModel, VolumeModel
from ..progress import Progress
from ..scan.canonical import find_head
from ..scan.head_scan import HeadScan
from ..scan.registration import implausible
from ..scan.volume import Volume, voxel_points_ras_mm
from . import sanity_checks as refusals
from .fusion import clean_mask, on_grid
from .predictions import Findings, PlaneFindings, VolumeFindings
from .region import Region
from .uncertainty import Agreement, Calibration, agreement, doubtful_share
from .unet_window import region_probability, window_image

_STEP_BESIDE_VOLUME = 2
"""Beside the 3-D network, which draws most of the outline, each second slice is enough (BENCHMARKS.md)."""


@dataclass(frozen=True)
class Segmenter:
    """Finds the region with the networks of a model.

    confidence  replaces the model's own threshold of a slice's detection where given
    networks    which of the model's networks are asked, one of `NETWORKS`

    Raises UserError for a network that the model does not hold.
    """

    model: Model
    device: str = "cpu"
    confidence: float | None = None
    networks: str = "all"

    def __post_init__(self) -> None:
        if self.networks not in NETWORKS:
            raise UserError(f"Unknown network '{self.networks}': use one of {', '.join(NETWORKS)}.")
        if self.slices is None and self.volume is None:
            raise UserError(f"The weights '{self.model.id}' hold no {self.networks}; choose another network.")

    @property
    def slices(self) -> SliceModel | None:
        """The Mask R-CNN, if it is there and asked."""
        return None if self.networks == "unet" else self.model.slices

    @property
    def volume(self) -> VolumeModel | None:
        """The 3-D U-Net, if it is there and asked."""
        return None if self.networks == "mask-rcnn" else self.model.volume

    @property
    def name(self) -> str:
        """The model's id, and which of its networks was asked where that is not all."""
        left_out = (self.model.slices and not self.slices) or (self.model.volume and not self.volume)
        return f"{self.model.id} ({self.networks} alone)" if left_out else self.model.id

    def segment(self, head: HeadScan, hemisphere: str, progress: Progress) -> Region:
        """The region on one side of a checked scan.

        Raises NotFoundError where the networks see none; no mask is made up.
        """
        return self.region(head.scan, hemisphere, self.find(head, hemisphere, progress))

    def find(self, head: HeadScan, hemisphere: str, progress: Progress) -> Findings:
        """What the networks say; the right hemisphere is that of the mirrored scan."""
        world = _as_left(head, hemisphere)
        kind = (self.slices or self.volume).config.frame
        frame = slice_frame(kind, world)
        misplaced = implausible(world.registration) if kind == "mni" else ""
        middle_x_ras_mm = float(find_head(world.canonical).centre_ras_mm[0])
        volume = self._window(world.canonical, frame, progress) if self.volume else None
        planes = self._planes(world.canonical, frame, progress) if self.slices else {}
        return Findings(frame, middle_x_ras_mm, self._threshold, planes, volume, misplaced)

    def _planes(self, canonical: Volume, frame: SliceFrame, progress: Progress) -> dict[str, PlaneFindings]:
        config, step = self.slices.config, _STEP_BESIDE_VOLUME if self.volume else 1
        windows = [slice_window(plane, config) for plane in config.planes]
        images = [_images(canonical, frame, window)[::step] for window in windows]
        found = detect_in_steps(self.slices.network, list(chain(*images)), progress, self.device)
        kept = iter([[d for d in one if d.score >= self._least] for one in found])
        shown = [window.every(step) for window in windows]
        return {w.plane: PlaneFindings(w, list(islice(kept, w.count))) for w in shown}

    def _window(self, canonical: Volume, frame: SliceFrame, progress: Progress) -> VolumeFindings:
        model = self.volume
        progress.report(0, 1, "3-D window")
        image = window_image(canonical, frame, model.config)
        found = region_probability(model.network, image, model.config, self.device)
        progress.report(1, 1, "3-D window")
        return VolumeFindings(found, model.config.weight)

    @property
    def _least(self) -> float:
        """The confidence that a slice needs."""
        if self.confidence is not None:
            return self.confidence
        return self.slices.config.confidence if self.slices else 0.0

    @property
    def _threshold(self) -> float:
        """The probability from which a voxel is the region, between those of the networks that are asked."""
        if not (self.slices and self.volume):
            return (self.slices or self.volume).config.mask_threshold
        weight = self.volume.config.weight
        return (1 - weight) * self.slices.config.mask_threshold + weight * self.volume.config.mask_threshold

    def region(self, scan: Volume, hemisphere: str, findings: Findings) -> Region:
        """One 3-D region on the scan's own grid from what the networks said."""
        threshold = findings.threshold
        refusals.require_placed(scan, hemisphere, findings.misplaced)
        probability = findings.fused()
        kept = clean_mask(probability.array_kji, threshold)
        mirror = np.eye(4) if hemisphere == "left" else MIRROR_X
        slices = tuple(each for each in findings.slice_scores(mirror) if each.score >= self._least)
        refusals.require_enough(scan, hemisphere, probability.with_array(kept), slices)
        refusals.require_side(scan, hemisphere, probability.with_array(kept), findings.middle_x_ras_mm)
        doubtful = doubtful_share(probability.array_kji, kept)
        probability = replace(probability, array_kji=np.where(_near(kept), probability.array_kji, 0))
        on_scan = on_grid(probability, scan if hemisphere == "left" else scan.mirrored())
        mask = on_scan >= threshold
        refusals.require_tissue(scan, hemisphere, scan.array_kji[mask])
        score = float(np.mean([s.score for s in slices]))
        agreed = self._agreement(findings, probability.with_array(kept), doubtful)
        refusals.require_agreement(scan, hemisphere, agreed)
        return Region(scan, hemisphere, mask, on_scan, score, slices, _doubts(agreed) + _cut_off(mask), agreed)

    def _agreement(self, findings: Findings, kept: Volume, doubtful: float) -> Agreement:
        own = {view: _centroid_mm(findings.fused(view), findings.threshold) for view in findings.views}
        common = voxel_points_ras_mm(kept, kept.array_kji).mean(axis=0)
        # The card's calibration holds for all networks together.
        calibration = Calibration.of_card(self.model.card) if self.name == self.model.id else None
        return agreement(own, common, doubtful, calibration)


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
        "The network is not sure where the DLPFC lies, so the target is unreliable:"
        " check the outline slice by slice, or choose the target yourself.",
    )


def _cut_off(mask_kji: np.ndarray) -> tuple[str, ...]:
    faces = (np.take(mask_kji, end, axis) for axis in range(3) for end in (0, -1))
    if not any(face.any() for face in faces):
        return ()
    return (
        "The DLPFC reaches the border of the scan, so part of it was not scanned and the target is the centroid of"
        " the rest: use a scan of the whole head, or choose the target yourself.",
    )


def _near(kept: np.ndarray) -> np.ndarray:
    """The kept piece and one voxel around it, so that its soft edge survives resampling."""
    grown = kept.copy()
    for axis in range(3):
        for shift in (-1, 1):
            grown |= np.roll(kept, shift, axis)
    return grown
