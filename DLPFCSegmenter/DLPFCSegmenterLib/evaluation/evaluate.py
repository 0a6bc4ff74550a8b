"""Judge a segmenter by labelled scans."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..errors import NotFoundError, UserError
from ..geometry import spaces
from ..labels.label import RegionLabel, dlpfc_mask
from ..labels.splits import LabelledScan
from ..progress import Progress, SilentProgress
from ..segmentation.region import Region
from ..segmentation.segmenter import Segmenter, SliceFindings
from ..volume.canonical import resample
from ..volume.head_scan import HeadScan
from ..volume.readers import read_volume
from ..volume.volume import Volume, voxel_points_ras_mm
from .average_precision import CocoPool, SliceDetection, SliceMasks, average_precision
from .metrics import Sides, closed, dice, surface_distances
from .results import CLOSING_MM, SliceResult, SubjectResult, Summary, summarise
from .tables import plain, subject_table, summary_table


@dataclass(frozen=True)
class Answer:
    """What a segmenter said of a scan.

    region      on the scan's own grid, or None: not found
    grid        of the slices: K counts them, J and I are their rows and columns, in RAS mm
    detections  for each slice of the grid
    """

    region: Region | None
    grid: Volume
    detections: tuple[tuple[SliceDetection, ...], ...]


Segment = Callable[[Volume, str], Answer]
"""Segments a scan's hemisphere ('left' or 'right')."""


@dataclass(frozen=True)
class EvaluationOptions:
    """Which region is judged, on which side."""

    region: RegionLabel = field(default_factory=RegionLabel)
    hemisphere: str = "left"


@dataclass(frozen=True)
class EvaluationReport:
    """The figures of an evaluation."""

    summary: Summary
    subjects: tuple[SubjectResult, ...]
    options: EvaluationOptions

    def to_markdown(self) -> str:
        """The summary and one row for each scan, as tables."""
        return f"{summary_table(self.summary)}\n{subject_table(self.subjects)}"

    def to_json(self) -> str:
        """Everything, slices included; a figure that does not exist is null."""
        return json.dumps(plain(self), indent=1)


def evaluate(
    scans: Sequence[LabelledScan], segment: Segment, options: EvaluationOptions, progress: Progress
) -> EvaluationReport:
    """Segment every scan and compare with its parcellation.

    Volumes are compared on the scan's own grid, slices on the grid that the answer names.
    Raises UserError for an empty list or a parcellation without the region.
    """
    if not scans:
        raise UserError("There are no scans to evaluate; name a folder with labelled scans.")
    pool, subjects = CocoPool(), []
    for done, scan in enumerate(scans, start=1):
        subject, slices = _judge(scan, segment, options)
        subjects.append(subject)
        for each in slices:
            pool.add(each)
        progress.report(done, len(scans), f"{scan.name}: Dice {subject.volume_dice:.2f}")
    summary = summarise(tuple(subjects), pool.precision())
    return EvaluationReport(summary, tuple(subjects), options)


def answers_of(segmenter: Segmenter) -> Segment:
    """Let `evaluate` ask our own segmenter."""

    def segment(scan: Volume, hemisphere: str) -> Answer:
        findings = segmenter.find(HeadScan(scan), hemisphere, SilentProgress())
        try:
            region = segmenter.region(scan, hemisphere, findings)
        except NotFoundError:
            region = None
        threshold = segmenter.model.config.mask_threshold
        return Answer(region, _slice_grid(findings, hemisphere), _masks(findings, threshold))

    return segment


def _slice_grid(findings: SliceFindings, hemisphere: str) -> Volume:
    window = findings.planes["axial"].window
    grid = Volume(np.zeros(window.shape, np.uint8), findings.frame.ras_from_frame @ window.slice_to_frame)
    return grid if hemisphere == "left" else grid.mirrored()


def _masks(findings: SliceFindings, threshold: float) -> tuple[tuple[SliceDetection, ...], ...]:
    return tuple(
        tuple(SliceDetection(each.score, each.soft_mask >= threshold) for each in found)
        for found in findings.planes["axial"].found
    )


@dataclass(frozen=True)
class _Reference:
    """The region on the scan's own grid (bool, K x J x I), and where both sides lie."""

    mask: np.ndarray
    sides: Sides


def _judge(
    scan: LabelledScan, segment: Segment, options: EvaluationOptions
) -> tuple[SubjectResult, list[SliceMasks]]:
    t1 = read_volume(scan.t1)
    reference = _reference(t1, scan, options)
    began = time.perf_counter()
    answer = segment(t1, options.hemisphere)
    seconds = time.perf_counter() - began
    slices = _slices(t1, reference, answer)
    results = tuple(
        _slice_result(index, masks, answer.grid, reference.sides) for index, masks in enumerate(slices)
    )
    measured = _volume_figures(t1, reference, answer.region)
    named = {"subject": scan.subject, "scan": scan.name, "seconds": seconds, "slices": results}
    return SubjectResult(**named, **measured), slices


def _reference(t1: Volume, scan: LabelledScan, options: EvaluationOptions) -> _Reference:
    parcellation = read_volume(scan.parcellation)
    other = "right" if options.hemisphere == "left" else "left"
    own = dlpfc_mask(parcellation, options.region.ids(options.hemisphere))
    opposite = dlpfc_mask(parcellation, options.region.ids(other))
    centroids = [voxel_points_ras_mm(parcellation, mask).mean(axis=0) for mask in (own, opposite)]
    return _Reference(_on_grid(parcellation.with_array(own), t1), Sides(*centroids))


def _on_grid(mask: Volume, grid: Volume) -> np.ndarray:
    """A mask (bool array) on another grid, by linear interpolation at one half."""
    soft = mask.with_array(mask.array_kji.astype(np.float32))
    return resample(soft, grid).array_kji >= 0.5


def _slices(t1: Volume, reference: _Reference, answer: Answer) -> list[SliceMasks]:
    on_slices = _on_grid(t1.with_array(reference.mask), answer.grid)
    return [
        SliceMasks(mask, found)
        for mask, found in zip(on_slices, answer.detections, strict=True)
    ]


def _slice_result(index: int, masks: SliceMasks, grid: Volume, sides: Sides) -> SliceResult:
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
    )


def _middle_ras_mm(grid: Volume, index: int, mask: np.ndarray) -> np.ndarray:
    row, column = np.argwhere(mask).mean(axis=0)
    return spaces.ijk_to_ras_points(grid.ijk_to_ras, [column, row, index])


def _volume_figures(t1: Volume, reference: _Reference, region: Region | None) -> dict:
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
    }


def _nothing_found(reference_ml: float) -> dict:
    nan = float("nan")
    figures = dict.fromkeys(("centroid_error_mm", "surface_mm", "hd95_mm"), nan)
    figures |= dict.fromkeys(("volume_dice", "closed_dice", "volume_ml"), 0.0)
    return figures | {"found": False, "wrong_hemisphere": False, "reference_ml": reference_ml}
