"""How well masks fit their reference: overlap, distances, side, mAP. Pure functions of arrays.

Masks are bool, shape (K, J, I) unless said otherwise; spacing is that of I, J, K in mm.

mAP is at a mask IoU of 0.5, by its two definitions: per image, and pooled as COCO does. Both take the detections that
are shown to the user, so what the confidence threshold drops counts as not found.
"""

import contextlib
import importlib.util
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk

from ..errors import UserError
from ..scan.volume import box_around


def dice(mask: np.ndarray, reference: np.ndarray) -> float:
    """Dice coefficient 0..1 of two masks of any same shape; NaN when both are empty."""
    total = np.count_nonzero(mask) + np.count_nonzero(reference)
    return float(2 * np.count_nonzero(mask & reference) / total) if total else float("nan")


def intersection_over_union(mask: np.ndarray, reference: np.ndarray) -> float:
    """IoU 0..1 of two masks of any same shape; NaN when both are empty."""
    union = np.count_nonzero(mask | reference)
    return float(np.count_nonzero(mask & reference) / union) if union else float("nan")


def closed(mask: np.ndarray, spacing_mm: np.ndarray, radius_mm: float) -> np.ndarray:
    """Morphological closing by a ball of `radius_mm`, measured in mm whatever the spacing.

    Takes a cortical ribbon to the solid that a person would outline. The mask's own voxels stay.
    """
    if not mask.any():
        return mask
    margin = np.ceil(radius_mm / np.asarray(spacing_mm)[::-1]).astype(int) + 1
    window = box_around(mask)
    room = np.pad(mask[window], [(m, m) for m in margin])
    near = radius_mm + 1e-3
    dilated = _signed_distance_mm(room, spacing_mm) <= near
    solid = _signed_distance_mm(~dilated, spacing_mm) > near
    result = mask.copy()
    result[window] |= solid[tuple(slice(m, -m) for m in margin)]
    return result


@dataclass(frozen=True)
class SurfaceDistances:
    """Distances between the border voxels of two masks in mm.

    mean_mm  average symmetric surface distance
    hd95_mm  95th percentile of the distances, the larger of the two directions
    """

    mean_mm: float
    hd95_mm: float


def surface_distances(mask: np.ndarray, reference: np.ndarray, spacing_mm: np.ndarray) -> SurfaceDistances:
    """Distances between the surfaces of two masks that each hold a voxel or more."""
    window = box_around(mask | reference, 1)
    one, other = (np.pad(m[window], 1) for m in (mask, reference))
    to_one, to_other = (np.abs(_signed_distance_mm(m, spacing_mm)) for m in (one, other))
    there = to_other[one & (to_one == 0)]
    back = to_one[other & (to_other == 0)]
    hd95 = max(np.percentile(there, 95), np.percentile(back, 95))
    return SurfaceDistances(float(np.concatenate([there, back]).mean()), float(hd95))


@dataclass(frozen=True)
class Sides:
    """The centroids of the reference region on the side asked for and on the other, RAS mm.

    The plane halfway between them stands for the midsagittal plane; it tilts with the head.
    """

    own_ras_mm: np.ndarray
    other_ras_mm: np.ndarray

    def wrong(self, point_ras_mm: np.ndarray) -> bool:
        """Whether a point lies in the other half of the head, so nearer to the other region."""
        own = np.linalg.norm(point_ras_mm - self.own_ras_mm)
        return bool(own > np.linalg.norm(point_ras_mm - self.other_ras_mm))


def _signed_distance_mm(mask: np.ndarray, spacing_mm: np.ndarray) -> np.ndarray:
    """Distance of each voxel to the mask's nearest border voxel; negative inside, 0 on the border."""
    image = sitk.GetImageFromArray(mask.astype(np.uint8))
    image.SetSpacing([float(s) for s in spacing_mm])
    distance = sitk.SignedMaurerDistanceMap(image, squaredDistance=False, useImageSpacing=True)
    return sitk.GetArrayFromImage(distance)


@dataclass(frozen=True)
class SliceDetection:
    """One detection in a slice: confidence 0..1 and mask, bool (rows, columns)."""

    score: float
    mask: np.ndarray


@dataclass(frozen=True)
class SliceMasks:
    """A slice's reference (bool, rows x columns; all False without the region) and its detections.

    The region is one instance in a slice, even where the ribbon falls into pieces.
    """

    reference: np.ndarray
    detections: tuple[SliceDetection, ...]

    @property
    def holds_region(self) -> bool:
        """Whether the reference has a pixel in this slice."""
        return bool(self.reference.any())


def average_precision(masks: SliceMasks, iou: float = 0.5) -> float:
    """Area under the precision envelope of one slice that holds the region, 0..1.

    As Mask R-CNN's reference code (Matterport) defines it per image: detections by falling score,
    each matched with the reference when their mask IoU reaches `iou`, the reference only once.
    With one reference this is 1 / (rank of the first match), or 0.
    """
    ranked = sorted(masks.detections, key=lambda detection: -detection.score)
    for rank, detection in enumerate(ranked, start=1):
        if intersection_over_union(detection.mask, masks.reference) >= iou:
            return 1.0 / rank
    return 0.0


def mean_average_precision(slices: Sequence[SliceMasks]) -> float:
    """Mean of `average_precision` over the slices that hold the region; NaN when none does."""
    values = [average_precision(each) for each in slices if each.holds_region]
    return float(np.mean(values)) if values else float("nan")


@dataclass(frozen=True)
class CocoPrecision:
    """COCO's AP at an IoU of 0.5, of masks and of boxes; NaN when no slice holds the region."""

    segm: float
    bbox: float


class CocoPool:
    """Collects slices, run-length encoded, and computes COCO's AP over all of them together.

    Slices without the region take part: a detection there lowers the precision.
    Raises UserError where pycocotools is not installed.
    """

    def __init__(self) -> None:
        _require_pycocotools()
        self._images: list[dict] = []
        self._references: list[dict] = []
        self._detections: list[dict] = []

    def add(self, masks: SliceMasks) -> None:
        """Take one more slice into the pool."""
        rows, columns = masks.reference.shape
        image = {"id": len(self._images) + 1, "height": rows, "width": columns}
        self._images.append(image)
        if masks.holds_region:
            number = len(self._references) + 1
            encoded = _encoded(masks.reference, image)
            self._references.append({**encoded, "id": number, "iscrowd": 0})
        for detection in masks.detections:
            if detection.mask.any():
                encoded = _encoded(detection.mask, image)
                self._detections.append({**encoded, "score": detection.score})

    def precision(self) -> CocoPrecision:
        """AP at 0.5 of everything added so far."""
        if not self._references:
            return CocoPrecision(float("nan"), float("nan"))
        if not self._detections:
            return CocoPrecision(0.0, 0.0)
        return CocoPrecision(self._ap50("segm"), self._ap50("bbox"))

    def _ap50(self, kind: str) -> float:
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval

        # pycocotools prints its progress and its table.
        with contextlib.redirect_stdout(io.StringIO()):
            truth = COCO()
            categories = [{"id": 1, "name": "region"}]
            annotations = [dict(each) for each in self._references]
            truth.dataset = {"images": self._images, "annotations": annotations, "categories": categories}
            truth.createIndex()
            found = truth.loadRes([dict(each) for each in self._detections])
            evaluation = COCOeval(truth, found, kind)
            evaluation.evaluate()
            evaluation.accumulate()
            evaluation.summarize()
        return float(evaluation.stats[1])


def _require_pycocotools() -> None:
    if importlib.util.find_spec("pycocotools") is None:
        raise UserError("COCO's AP needs pycocotools; install it with: pip install pycocotools")


def _encoded(mask: np.ndarray, image: dict) -> dict:
    """A mask as a COCO annotation."""
    from pycocotools import mask as coco_mask

    runs = coco_mask.encode(np.asfortranarray(mask, dtype=np.uint8))
    return {
        "image_id": image["id"],
        "category_id": 1,
        "segmentation": runs,
        "bbox": coco_mask.toBbox(runs).tolist(),
        "area": float(coco_mask.area(runs)),
    }
