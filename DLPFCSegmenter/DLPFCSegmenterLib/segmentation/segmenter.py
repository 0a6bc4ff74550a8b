"""From a scan to the region of one hemisphere: what the networks see of it, fused to a volume.

What is no such region although the networks marked something is refused, since no mask is made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..doubts import Doubt, doubt, of_region
from ..errors import NotFoundError, UserError
from ..geometry.sides import SIDES
from ..geometry.spaces import MIRROR_X, transform_points
from ..networks.frame import FramedHead, channels_of, slice_frame
from ..networks.registry import ALL, REGISTRY, Asked, Trained, View, network_called, network_choices
from ..networks.weights import Model
from ..progress import Progress
from ..scan.canonical import above_background
from ..scan.channels import Channels, channel_file, with_channels
from ..scan.head_frame import implausible_frame
from ..scan.head_scan import HeadScan
from ..scan.volume import Volume, voxel_points_ras_mm
from ..sentences import say
from ..terminology import DLPFC
from .likeness import as_t1
from .predictions import Predictions, clean_mask, on_grid
from .region import Agreement, Calibration, Region, SliceScore, agreement, doubtful_share
from .sharpening import sharpened

MIN_VOLUME_ML = 2.0
"""A smaller finding is noise: the smallest DLPFC of the training people measures several times that."""

MIN_CONTRAST = 0.1
"""Least spread (interquartile range) of the intensities inside a finding, as a share of their median:
grey matter borders on white matter and fluid, a phantom is uniform."""

MAX_SPREAD_MM = 10.0
"""Views that disagree by more have not seen the same thing; on 42 good sides they agree within 4 mm."""

MISSING_ML = 1.0
"""More of it in or beside a region is no accident: of whole heads none is."""

MIN_SLICES = 5
"""A region that shows in fewer slices (2 mm apart) is noise."""


@dataclass(frozen=True)
class Sought:
    """The region that is looked for on a side, by its name."""

    hemisphere: str
    region: str

    @property
    def in_words(self) -> dict[str, str]:
        """As values of a sentence."""
        return {"hemisphere": say(self.hemisphere), "region": self.region}


def require_placed(scan: Volume, sought: Sought, misplaced: str) -> None:
    """The frame lies on a brain; `misplaced` says why it cannot, or nothing."""
    if misplaced:
        raise NotFoundError(
            "{source}: no {hemisphere} {region} was found, since the scan could not be laid over the MNI brain"
            " ({misplaced}); check that it is a T1 of a whole head and that its header tells how the head"
            " lies.",
            source=scan.source,
            **sought.in_words,
            misplaced=misplaced,
        )


def require_agreement(scan: Volume, sought: Sought, agreed: Agreement) -> None:
    """The networks' views of it have seen the same thing."""
    if agreed.spread_mm is not None and agreed.spread_mm > MAX_SPREAD_MM:
        raise NotFoundError(
            "{source}: no {hemisphere} {region} was found, since the networks' views of it lie {spread_mm:.0f}"
            " mm apart; check that the scan is a T1 of a whole head.",
            source=scan.source,
            **sought.in_words,
            spread_mm=agreed.spread_mm,
        )


def require_enough(scan: Volume, sought: Sought, kept: Volume, slices: Sequence[SliceScore]) -> None:
    """It is large enough and shows in enough slices."""
    size_ml = np.count_nonzero(kept.array_kji) * kept.voxel_ml
    if len(slices) < MIN_SLICES or size_ml < MIN_VOLUME_ML:
        raise NotFoundError(
            "{source}: no {hemisphere} {region} was found ({count} slices, {size_ml:.1f} ml); check that the"
            " scan is a T1 of a whole head, or lower the threshold.",
            source=scan.source,
            **sought.in_words,
            count=len(slices),
            size_ml=size_ml,
        )


def require_side(scan: Volume, sought: Sought, kept: Volume, frame_from_ras: np.ndarray) -> None:
    """The last guard against the wrong hemisphere: the middle lies on the left in the frame (4x4, from RAS mm)."""
    middle = voxel_points_ras_mm(kept, kept.array_kji).mean(axis=0)
    if transform_points(frame_from_ras, middle)[0] >= 0:
        raise NotFoundError(
            "{source}: what looked like the {hemisphere} {region} lies on the other side of the head; check the"
            " orientation in the scan's header.",
            source=scan.source,
            **sought.in_words,
        )


def require_scanned(scan: Volume, sought: Sought, mask_kji: np.ndarray) -> None:
    """Some of it lies within the field of view."""
    if not mask_kji.any():
        raise NotFoundError(
            "{source}: no {hemisphere} {region} was found, since its place lies beyond the border of the scan; use a"
            " scan of the whole head.",
            source=scan.source,
            **sought.in_words,
        )


def require_tissue(scan: Volume, sought: Sought, intensities: np.ndarray) -> None:
    """The voxels of the mask are no uniform stuff."""
    low, middle, high = np.percentile(intensities, [25, 50, 75]) if intensities.size else (0, 1, 0)
    if high - low < MIN_CONTRAST * middle:
        raise NotFoundError(
            "{source}: no {hemisphere} {region} was found, since the tissue in its place is uniform; check that"
            " the scan is a T1 of a head.",
            source=scan.source,
            **sought.in_words,
        )


@dataclass(frozen=True)
class Segmenter:
    """Finds the region with the networks of a model.

    confidence  replaces the model's own threshold of a slice's detection where given
    networks    which of the model's networks are asked, one of `network_choices`

    Raises UserError for a network that the model does not hold, or for networks that see heads in different frames.
    """

    model: Model
    device: str = "cpu"
    confidence: float | None = None
    networks: str = ALL

    def __post_init__(self) -> None:
        if self.networks not in network_choices():
            raise UserError(
                "Unknown network '{networks}': use one of {network_choices}.",
                networks=self.networks,
                network_choices=", ".join(network_choices()),
            )
        if not self.asked:
            wanted = say("network that sees the region") if self.networks == ALL else self.networks
            raise UserError(
                "The weights '{id}' hold no {wanted}; choose another network.", id=self.model.id, wanted=wanted
            )
        frames = sorted({each.config.frame for each in self.asked.values()})
        if len(frames) > 1:
            raise UserError(
                "The networks of '{id}' see heads in different frames ({frames}); ask one alone.",
                id=self.model.id,
                frames=", ".join(frames),
            )

    @property
    def asked(self) -> dict[str, Trained]:
        """The networks that are asked, by name."""
        held = self.model.networks.items()
        return {name: each for name, each in held if REGISTRY[name].segments and self.networks in (ALL, name)}

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the maps that the networks see beside the T1."""
        return tuple(dict.fromkeys(name for each in self.asked.values() for name in each.config.extra_channels))

    def with_channels(self, head: HeadScan, named: Channels) -> HeadScan:
        """The head with its maps. Raises UserError for a map that is missing, or that no network sees."""
        unseen = [name for name, _ in named if name not in self.channels]
        if unseen:
            raise UserError(
                "The weights '{id}' see no channel '{name}'; leave it out, or name the weights that do (--weights).",
                id=self.model.id,
                name=unseen[0],
            )
        files = {name: channel_file(Path(head.scan.source), file) for name, file in named}
        seen = with_channels(head, files) if files else head
        channels_of(seen, self.channels)
        return seen

    @property
    def name(self) -> str:
        """The model's id, and which of its networks was asked where that is not all."""
        there = [name for name in self.model.networks if REGISTRY[name].segments]
        return f"{self.model.id} ({self.networks} alone)" if len(self.asked) < len(there) else self.model.id

    def segment(self, head: HeadScan, hemisphere: str, progress: Progress) -> Region:
        """The region on one side of a checked scan.

        Raises NotFoundError where the networks see none; no mask is made up.
        """
        region = self.region(head.scan, hemisphere, self.predict(head, hemisphere, progress))
        return judged_by_tissue(region, head) if self._frame == "mni" else region

    def predict(self, head: HeadScan, hemisphere: str, progress: Progress) -> Predictions:
        """What the networks say; the right hemisphere is that of the mirrored scan."""
        world = region_on_left(head, hemisphere)
        framed = self.framed(world)
        views: list[View] = []
        for name, trained in self.asked.items():
            views += network_called(name).views(trained, framed, self.how(progress))
        misplaced = implausible_frame(world.registration) if self._frame == "mni" else ""
        named = {view.name: view for view in views}
        return Predictions(framed.frame, self._threshold, self._mean("label_mm"), named, misplaced, framed.turned)

    def framed(self, world: HeadScan) -> FramedHead:
        """A head, in the world in which the region lies on the left, as the networks see it."""
        maps = dict(zip(self.channels, channels_of(world, self.channels), strict=True))
        if self._frame != "mni":
            return FramedHead(world.canonical, slice_frame(self._frame, world), maps)
        shown = as_t1(world)
        is_turned, is_cut = shown is not world, world.registration.cut
        return FramedHead(shown.canonical, slice_frame("mni", shown), maps, is_cut, is_turned)

    def how(self, progress: Progress) -> Asked:
        """How each network is asked."""
        return Asked(self._threshold, self.confidence, len(self.asked) == 1, self.device, progress)

    @property
    def _frame(self) -> str:
        return next(iter(self.asked.values())).config.frame

    @property
    def _threshold(self) -> float:
        """The probability from which a voxel is the region, between those of the networks that are asked."""
        return self._mean("mask_threshold")

    def _mean(self, setting: str) -> float:
        """A setting of the networks that are asked, by their weights."""
        configs = [each.config for each in self.asked.values()]
        return sum(each.weight * getattr(each, setting) for each in configs) / sum(each.weight for each in configs)

    def region(self, scan: Volume, hemisphere: str, predictions: Predictions) -> Region:
        """One 3-D region on the scan's own grid from what the networks said."""
        threshold, least = predictions.threshold, self.confidence or 0.0
        sought = Sought(hemisphere, self.model.region_name)
        require_placed(scan, sought, predictions.misplaced)
        probability = predictions.fused()
        likely = sharpened(probability, predictions.label_mm) if predictions.label_mm else probability
        kept = clean_mask(likely.array_kji, threshold)
        mirror = np.eye(4) if hemisphere == "left" else MIRROR_X
        slices = tuple(each for each in predictions.slice_scores(mirror) if each.score >= least)
        require_enough(scan, sought, probability.with_array(kept), slices)
        frame_from_ras = np.linalg.inv(predictions.frame.ras_from_frame)
        require_side(scan, sought, probability.with_array(kept), frame_from_ras)
        doubtful = doubtful_share(probability.array_kji, kept)
        likely = likely.with_array(np.where(near(kept), likely.array_kji, 0))
        on_scan = on_grid(likely, scan if hemisphere == "left" else scan.mirrored())
        mask = on_scan >= threshold
        require_scanned(scan, sought, mask)
        # Another region may be of one tissue alone, as the insula: it is told by what it borders on.
        seen = mask if sought.region == DLPFC else near(mask)
        require_tissue(scan, sought, above_background(scan).array_kji[seen])
        score = float(np.mean([s.score for s in slices]))
        agreed = self._agreement(predictions, probability.with_array(kept), doubtful)
        require_agreement(scan, sought, agreed)
        doubts = _doubts(sought, agreed, mask)
        if predictions.turned:
            doubts = (*doubts, doubt("contrast_turned", hemisphere))
        return Region(scan, hemisphere, mask, on_scan, score, slices, doubts, agreed, sought.region)

    def _agreement(self, predictions: Predictions, kept: Volume, doubtful: float) -> Agreement:
        own = {view: _centroid_mm(predictions.fused(view), predictions.threshold) for view in predictions.views}
        common = voxel_points_ras_mm(kept, kept.array_kji).mean(axis=0)
        # The card's calibration holds for all networks together.
        calibration = Calibration.of_card(self.model.card) if self.name == self.model.id else None
        return agreement(own, common, doubtful, calibration)


def region_on_left(head: HeadScan, hemisphere: str) -> HeadScan:
    """The head in the world in which the region of a hemisphere lies on the left. Raises UserError for another word."""
    if hemisphere not in SIDES:
        raise UserError("Unknown hemisphere '{hemisphere}': use left or right.", hemisphere=say(hemisphere))
    return head if hemisphere == "left" else head.mirrored()


def _centroid_mm(probability: Volume, threshold: float) -> np.ndarray | None:
    points = voxel_points_ras_mm(probability, clean_mask(probability.array_kji, threshold))
    return points.mean(axis=0) if len(points) else None


def _doubts(sought: Sought, agreed: Agreement, mask_kji: np.ndarray) -> tuple[Doubt, ...]:
    is_cut = any(np.take(mask_kji, end, axis).any() for axis in range(3) for end in (0, -1))
    keys = {"network_unsure": not agreed.reliable, "region_cut_off": is_cut}
    return tuple(doubt(key, sought.hemisphere, **of_region(sought.region)) for key, is_so in keys.items() if is_so)


def judged_by_tissue(region: Region, head: HeadScan) -> Region:
    """The region, which is unreliable where brain is missing in it or beside it: defaced too far, or cut off."""
    points_ras_mm = voxel_points_ras_mm(region.volume, region.mask_kji)
    missing_ml = head.missing_ml(points_ras_mm, region.hemisphere, region.name == DLPFC)
    if missing_ml < MISSING_ML:
        return region
    told = doubt("tissue_missing", region.hemisphere, missing=missing_ml, **of_region(region.name))
    unsure = region.agreement and replace(region.agreement, expected_mm=None, reliable=False)
    return replace(region, agreement=unsure, warnings=(*region.warnings, told))


def near(kept_kji: np.ndarray) -> np.ndarray:
    """The kept piece (bool, shape (K, J, I)) and one voxel around it, so that its soft edge survives resampling."""
    grown = sitk.BinaryDilate(sitk.GetImageFromArray(kept_kji.astype(np.uint8)), [1, 1, 1], sitk.sitkCross)
    return sitk.GetArrayFromImage(grown).astype(bool)
