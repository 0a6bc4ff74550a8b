"""mAP at a mask IoU of 0.5, by its two definitions: per image, and pooled as COCO does.

Both take the detections that are shown to the user, so what the confidence threshold drops counts
as not found.
"""

import contextlib
import importlib.util
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import UserError
from .metrics import intersection_over_union


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


def mean_average_precision(slices: Sequence[SliceMasks], iou: float = 0.5) -> float:
    """Mean of `average_precision` over the slices that hold the region; NaN when none does."""
    values = [average_precision(each, iou) for each in slices if each.holds_region]
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
