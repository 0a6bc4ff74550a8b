"""Judge a segmenter by labelled scans, and beside it the 5-cm rule: what a lab without an image would do."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..errors import NotFoundError, UnlabelledError, UserError
from ..geometry import spaces
from ..geometry.sides import other_side
from ..labels.label import RegionLabel
from ..labels.midline import lies_over_midline, on_own_side
from ..labels.on_scan import mask_on_grid, region_on_scan
from ..labels.splits import LabelledRegion, LabelledScan, read_region
from ..networks.configuration import MaskRCNNConfig
from ..networks.frame import SliceFrame, slice_window
from ..networks.unet import UNetConfig
from ..progress import Progress, SilentProgress
from ..scan.canonical import find_head, resample, to_canonical
from ..scan.channels import Channels
from ..scan.head_frame import HeadFrame
from ..scan.readers import read_volume
from ..scan.volume import Volume, voxel_points_ras_mm
from ..segmentation.head_finding import head_scan
from ..segmentation.region import Region
from ..segmentation.segmenter import Segmenter
from ..sentences import say
from ..targeting.placing import PlacedLandmarks, place_landmarks, read_head
from .metrics import CocoPool, Sides, SliceDetection, SliceMasks, average_precision, closed, dice, surface_distances
from .results import (
    CLOSING_MM,
    SliceResult,
    SubjectResult,
    Summary,
    Unjudged,
    false_labels,
    false_region_table,
    ml_by_label,
    plain,
    subject_table,
    summarise,
    summary_table,
    unjudged_list,
)


@dataclass(frozen=True)
class Answer:
    """What a segmenter said of a scan.

    region      on the scan's own grid, or None: not found
    grid        of the slices: K counts them, J and I are their rows and columns, in RAS mm
    detections  what the result shows in each slice of the grid
    frame       MNI space as it was laid on the scan, where it was
    """

    region: Region | None
    grid: Volume
    detections: tuple[tuple[SliceDetection, ...], ...]
    frame: HeadFrame | None = None


Segment = Callable[[Volume, str], Answer]
"""Segments a scan's hemisphere ('left' or 'right')."""


@dataclass(frozen=True)
class EvaluationOptions:
    """Which region is judged, on which side."""

    region: RegionLabel = field(default_factory=RegionLabel)
    hemisphere: str = "left"


@dataclass(frozen=True)
class EvaluationReport:
    """The figures of an evaluation; who is in `unjudged` is in none of them."""

    summary: Summary
    subjects: tuple[SubjectResult, ...]
    options: EvaluationOptions
    unjudged: tuple[Unjudged, ...] = ()

    def to_markdown(self) -> str:
        """The summary, one row for each scan, and what was falsely marked, as tables."""
        false = false_region_table(self.summary.false_labels, self.summary.false_ml)
        tables = [summary_table(self.summary), subject_table(self.subjects), false]
        return "\n".join([*tables, *filter(None, [unjudged_list(self.unjudged)])])

    def to_json(self) -> str:
        """Everything, slices included; a figure that does not exist is null."""
        return json.dumps(plain(self), indent=1)


def evaluate(
    scans: Sequence[LabelledScan], segment: Segment, options: EvaluationOptions, progress: Progress
) -> EvaluationReport:
    """Segment every scan and compare with its labels.

    Volumes are compared on the scan's own grid, slices on the grid that the answer names. Who is not labelled on that
    side, or over the midline too, is left out and told. Raises UserError for an empty list, or where nobody is left.
    """
    if not scans:
        raise UserError("There are no scans to evaluate; name a folder with labelled scans.")
    pool, subjects, unjudged = CocoPool(), [], []
    for done, scan in enumerate(scans, start=1):
        try:
            subject, slices = _judge(scan, segment, options)
        except UnlabelledError as error:
            unjudged.append((scan, error))
            progress.report(done, len(scans), say("{scan}: not judged: {reason}", scan=scan.name, reason=error))
            continue
        subjects.append(subject)
        for each in slices:
            pool.add(each)
        progress.report(done, len(scans), f"{scan.name}: Dice {subject.volume_dice:.2f}")
    if not subjects:
        raise unjudged[0][1]
    summary = summarise(tuple(subjects), pool.precision())
    told = tuple(Unjudged(scan.name, str(error)) for scan, error in unjudged)
    return EvaluationReport(summary, tuple(subjects), options, told)


def answers_of(segmenter: Segmenter, channels: Channels = ()) -> Segment:
    """Let `evaluate` ask our own segmenter, with the maps of each scan that it sees beside the T1."""

    def segment(scan: Volume, hemisphere: str) -> Answer:
        """As `Segment` says."""
        seen = segmenter.with_channels(head_scan(scan), channels)
        predictions = segmenter.predict(seen, hemisphere, SilentProgress())
        try:
            region = segmenter.region(scan, hemisphere, predictions)
        except NotFoundError:
            region = None
        grid = slice_grid(predictions.frame, hemisphere, slices_of({n: t.config for n, t in segmenter.asked.items()}))
        if predictions.misplaced:  # its window may miss the region, whose slices count all the same
            grid = seen.canonical
        found = _cut(region, grid) if region else ((),) * len(grid.array_kji)
        return Answer(region, grid, found, seen.registration)

    return segment


def slices_of(configs: Mapping[str, Any]) -> MaskRCNNConfig:
    """Where slices are judged: as the Mask R-CNN sees them, or over the window of a 3-D U-Net that looks elsewhere.

    configs  name of a network -> its configuration
    """
    plain, window = MaskRCNNConfig(), configs.get("unet", UNetConfig())
    if "mask-rcnn" in configs:
        return configs["mask-rcnn"]
    if (window.window_centre_mm, window.shape_kji) == (UNetConfig.window_centre_mm, UNetConfig.shape_kji):
        return plain
    deep_mm, down_mm, across_mm = (count * window.spacing_mm for count in window.shape_kji)
    size = int(np.ceil(down_mm / plain.pixel_mm)), int(np.ceil(across_mm / plain.pixel_mm))
    return replace(plain, window_centre_mm=window.window_centre_mm, image_size=size, depths_mm=(deep_mm,))


def slice_grid(frame: SliceFrame, hemisphere: str, config: MaskRCNNConfig) -> Volume:
    """The axial slices of a configuration, whichever network is asked, in RAS mm."""
    window = slice_window("axial", config)
    grid = Volume(np.zeros(window.shape, np.uint8), frame.ras_from_frame @ window.slice_to_frame)
    return grid if hemisphere == "left" else grid.mirrored()


def _cut(region: Region, grid: Volume) -> tuple[tuple[SliceDetection, ...], ...]:
    """What the result shows in each slice of `grid`, as sure as its voxels are on average."""
    mask = mask_on_grid(region.volume.with_array(region.mask_kji), grid)
    probability = resample(region.volume.with_array(region.probability_kji), grid).array_kji
    return tuple(
        (SliceDetection(float(sure[inside].mean()), inside),) if inside.any() else ()
        for inside, sure in zip(mask, probability, strict=True)
    )


@dataclass(frozen=True)
class Reference:
    """The region on the scan's own grid (bool, K x J x I), where both sides lie, and the parcellation if any."""

    mask: np.ndarray
    sides: Sides
    parcellation: Volume | None


def _judge(scan: LabelledScan, segment: Segment, options: EvaluationOptions) -> tuple[SubjectResult, list[SliceMasks]]:
    t1 = read_volume(scan.t1)
    labelled = _labelled(scan, options)
    began = time.perf_counter()
    answer = segment(t1, options.hemisphere)
    seconds = time.perf_counter() - began
    reference = _reference_of(t1, labelled, options, answer.frame)
    slices = _slices(t1, reference, answer)
    labels = _labels_on(answer.grid, reference.parcellation, len(slices))
    results = tuple(
        _slice_result(index, masks, answer.grid, reference.sides, labels[index]) for index, masks in enumerate(slices)
    )
    measured = _volume_figures(t1, reference, answer.region)
    return SubjectResult(scan.subject, scan.name, seconds=seconds, slices=results, **measured), slices


def _labelled(scan: LabelledScan, options: EvaluationOptions) -> LabelledRegion:
    """What the labels of a scan say. Raises UnlabelledError if nothing of the hemisphere."""
    labelled = read_region(scan, options.region)
    if options.hemisphere not in labelled.sides:
        raise UnlabelledError(
            "{parcellation}: says nothing of the {hemisphere} region; judge the other side.",
            parcellation=scan.parcellation,
            hemisphere=say(options.hemisphere),
        )
    return labelled


def _reference_of(
    t1: Volume, labelled: LabelledRegion, options: EvaluationOptions, frame: HeadFrame | None
) -> Reference:
    """Where the labels of a scan have the region, without what of it lies well over the midline, as it is learnt.

    Raises UnlabelledError where much of it lies there, or most of it beyond the scan.
    """
    own_side = options.hemisphere
    if frame and lies_over_midline(labelled.whole(options.region, own_side), own_side, frame):
        raise UnlabelledError(
            "{labels}: has the {hemisphere} region in the other hemisphere too; mend it, or judge the other side.",
            labels=labelled.grid.source,
            hemisphere=say(own_side),
        )
    kept = {side: labelled.grid.with_array(mask) for side, mask in labelled.sides.items()}
    if frame:
        kept = {side: on_own_side(mask, side, frame) for side, mask in kept.items()}
    shown = {side: voxel_points_ras_mm(each, each.array_kji) for side, each in kept.items()}
    middles = {side: points.mean(axis=0) for side, points in shown.items() if len(points)}
    own, other = middles[own_side], middles.get(other_side(own_side))
    sides = Sides(own, _opposite(t1, own) if other is None else other)
    return Reference(region_on_scan(kept[own_side], t1), sides, labelled.parcellation)


def _opposite(t1: Volume, point_ras_mm: np.ndarray) -> np.ndarray:
    """A point mirrored at the middle of the head, RAS mm."""
    middle = find_head(to_canonical(t1)).centre_ras_mm[0]
    return np.array([2 * middle - point_ras_mm[0], *point_ras_mm[1:]])


def _labels_on(grid: Volume, parcellation: Volume | None, slices: int) -> Sequence[np.ndarray | None]:
    """The parcellation in every slice, where there is one."""
    return [None] * slices if parcellation is None else list(resample(parcellation, grid, nearest=True).array_kji)


def _slices(t1: Volume, reference: Reference, answer: Answer) -> list[SliceMasks]:
    on_slices = mask_on_grid(t1.with_array(reference.mask), answer.grid)
    return [SliceMasks(mask, found) for mask, found in zip(on_slices, answer.detections, strict=True)]


def _slice_result(index: int, masks: SliceMasks, grid: Volume, sides: Sides, labels: np.ndarray | None) -> SliceResult:
    shown = sorted((d for d in masks.detections if d.mask.any()), key=lambda d: -d.score)
    holds, nan = masks.holds_region, float("nan")
    best = dice(shown[0].mask, masks.reference) if shown else 0.0
    return SliceResult(
        index=index,
        holds_region=holds,
        detected=any(bool(np.any(each.mask & masks.reference)) for each in shown),
        dice=best if holds else nan,
        average_precision=average_precision(masks) if holds else nan,
        false_positive=bool(shown) and not holds,
        wrong_side=any(sides.wrong(_middle_ras_mm(grid, index, each.mask)) for each in shown),
        false_labels=() if labels is None else false_labels(masks, labels),
    )


def _middle_ras_mm(grid: Volume, index: int, mask: np.ndarray) -> np.ndarray:
    row, column = np.argwhere(mask).mean(axis=0)
    return spaces.ijk_to_ras_points(grid.ijk_to_ras, np.array([column, row, index]))


def _volume_figures(t1: Volume, reference: Reference, region: Region | None) -> dict[str, Any]:
    """The fields of a `SubjectResult` that compare volumes."""
    reference_ml = float(np.count_nonzero(reference.mask) * t1.voxel_ml)
    if region is None or not region.mask_kji.any():
        return _nothing_found(reference_ml)
    centroid = voxel_points_ras_mm(t1, region.mask_kji).mean(axis=0)
    true_centroid = voxel_points_ras_mm(t1, reference.mask).mean(axis=0)
    surface = surface_distances(region.mask_kji, reference.mask, t1.spacing_mm)
    overlap = dice(region.mask_kji, reference.mask)
    both_closed = [closed(m, t1.spacing_mm, CLOSING_MM) for m in (region.mask_kji, reference.mask)]
    return {
        "found": overlap > 0,
        "wrong_hemisphere": reference.sides.wrong(centroid),
        "volume_dice": overlap,
        "closed_dice": dice(*both_closed),
        "centroid_error_mm": float(np.linalg.norm(centroid - true_centroid)),
        "surface_mm": surface.mean_mm,
        "hd95_mm": surface.hd95_mm,
        "volume_ml": region.volume_ml,
        "reference_ml": reference_ml,
        "false_ml": _false_ml(t1, reference, region.mask_kji),
    }


def _false_ml(t1: Volume, reference: Reference, mask_kji: np.ndarray) -> dict[int, float]:
    if reference.parcellation is None:
        return {}
    labels = resample(reference.parcellation, t1, nearest=True).array_kji
    return ml_by_label(labels, mask_kji & ~reference.mask, t1.voxel_ml)


def _nothing_found(reference_ml: float) -> dict[str, Any]:
    nan = float("nan")
    figures: dict[str, Any] = dict.fromkeys(("centroid_error_mm", "surface_mm", "hd95_mm"), nan)
    figures |= dict.fromkeys(("volume_dice", "closed_dice", "volume_ml"), 0.0)
    return figures | {"found": False, "wrong_hemisphere": False, "reference_ml": reference_ml}


_NAN = float("nan")


@dataclass(frozen=True)
class RuleDistance:
    """Distances in mm from the 5-cm landmark to the reference's centroid in one scan; NaN where there is none.

    straight_mm     in 3-D
    axial_mm        in the scan's axial plane (x and y of RAS)
    along_scalp_mm  along the scalp, to the point over the centroid
    from_cortex_mm  in 3-D from the landmark's projection onto the cortex
    missing         why the landmark could not be placed, '' where it was
    """

    scan: str
    straight_mm: float = _NAN
    axial_mm: float = _NAN
    along_scalp_mm: float = _NAN
    from_cortex_mm: float = _NAN
    missing: str = ""


def rule_distances(
    scans: Sequence[LabelledScan], options: EvaluationOptions, progress: Progress
) -> tuple[RuleDistance, ...]:
    """The rule in every scan, from a hotspot that is estimated from anatomy (no motor threshold was measured).

    A scan without a scalp (skull-stripped, defaced, cut off), or without the region, has no distance but a reason.
    """
    distances = []
    for done, scan in enumerate(scans, start=1):
        try:
            distances.append(_rule_distance(scan, options))
        except UnlabelledError as error:
            distances.append(RuleDistance(scan.name, missing=str(error)))
        progress.report(done, len(scans), f"5-cm rule in {scan.name}")
    return tuple(distances)


def _rule_distance(scan: LabelledScan, options: EvaluationOptions) -> RuleDistance:
    t1, labelled = read_volume(scan.t1), _labelled(scan, options)
    seen = head_scan(t1)
    reference = _reference_of(t1, labelled, options, seen.registration)
    centroid_ras_mm = voxel_points_ras_mm(t1, reference.mask).mean(axis=0)
    head = read_head(seen)
    placed = place_landmarks(head, options.hemisphere, centroid_ras_mm)
    if "five_cm_to_target" not in placed.distances_mm:
        return RuleDistance(scan.name, missing=_reason(head.warnings, placed).replace(f"{t1.source}: ", ""))
    manners = ("", "_axial", "_along_scalp", "_from_cortex")
    straight, axial, along, cortex = (placed.distances_mm.get(f"five_cm_to_target{each}", _NAN) for each in manners)
    return RuleDistance(scan.name, straight, axial, along, cortex)


def _reason(warnings: tuple[str, ...], placed: PlacedLandmarks) -> str:
    return " ".join(warnings + placed.warnings) or "the 5-cm landmark could not be placed"
