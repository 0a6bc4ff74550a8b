"""Measures what the labels themselves allow: a left region compared with itself after a small loss.

    .venv/bin/python Testing/benchmark_labels.py SCANS

SCANS holds labelled scans (`*_T1w.nii.gz`, `*_dlmuse.nii.gz`). The label is moved by part of a voxel in a random
direction (seed 0), sent through the 3-D network's window at several spacings, and, slice by slice, through mask
heads of several cells a side. Dice and closed Dice are on the scan's grid, the others in the axial slices that
`dlpfc evaluate` judges.
"""

import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import torch
from torchvision.models.detection.roi_heads import paste_masks_in_image, project_masks_on_boxes
from torchvision.ops import masks_to_boxes

TESTING = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTING.parent / "DLPFCSegmenter"))

from DLPFCSegmenterLib.evaluation.evaluate import slice_grid  # noqa: E402
from DLPFCSegmenterLib.evaluation.metrics import closed, dice, intersection_over_union  # noqa: E402
from DLPFCSegmenterLib.evaluation.results import CLOSING_MM  # noqa: E402
from DLPFCSegmenterLib.labels.label import RegionLabel, region_mask  # noqa: E402
from DLPFCSegmenterLib.labels.on_scan import mask_on_grid  # noqa: E402
from DLPFCSegmenterLib.labels.splits import find_scans  # noqa: E402
from DLPFCSegmenterLib.networks.configuration import MaskRCNNConfig  # noqa: E402
from DLPFCSegmenterLib.networks.frame import SliceFrame, slice_frame  # noqa: E402
from DLPFCSegmenterLib.networks.mask_rcnn import paste  # noqa: E402
from DLPFCSegmenterLib.networks.unet import UNetConfig, unet_window  # noqa: E402
from DLPFCSegmenterLib.scan.canonical import resample  # noqa: E402
from DLPFCSegmenterLib.scan.readers import read_volume  # noqa: E402
from DLPFCSegmenterLib.scan.volume import Volume  # noqa: E402
from DLPFCSegmenterLib.segmentation.head_finding import head_scan  # noqa: E402

MOVES_MM = (0.75, 1.0, 1.25, 1.5)
SPACINGS_MM = (1.5, 1.75, 2.0)
CELLS = (14, 28, 56)
PASTINGS = {"torchvision's pasting": paste_masks_in_image, "our pasting": paste}


def moved(label: Volume, distance_mm: float, rng: np.random.Generator) -> np.ndarray:
    """The label on its own grid after a move in a random direction."""
    direction = rng.normal(size=3)
    matrix = label.ijk_to_ras.copy()
    matrix[:3, 3] += distance_mm * direction / np.linalg.norm(direction)
    return mask_on_grid(Volume(label.array_kji, matrix), label)


def through_window(label: Volume, frame: SliceFrame, spacing_mm: float) -> np.ndarray:
    """The label on its own grid after the shares that voxels of the window's axes hold of it."""
    window = unet_window(UNetConfig())
    finer = np.diag([*(spacing_mm / window.spacing_mm), 1.0])
    shape = np.ceil(np.array(window.array_kji.shape) * window.spacing_mm[::-1] / spacing_mm).astype(int)
    grid = Volume(np.zeros(shape, np.uint8), frame.ras_from_frame @ window.ijk_to_ras @ finer)
    shares = resample(label.with_array(label.array_kji.astype(np.float32)), grid)
    return resample(shares, label).array_kji >= 0.5


def through_mask_head(slices: np.ndarray, cells: int, paste: Callable) -> np.ndarray:
    """Slices (bool, N x rows x columns) after cells x cells over their boxes: cut out as in training, laid back."""
    masks = torch.from_numpy(slices)
    boxes = masks_to_boxes(masks)
    boxes[:, 2:] += 1
    boxes[:, 2:] += 1
    cut = project_masks_on_boxes(masks.float(), boxes, torch.arange(len(boxes)), cells)
    return (paste(cut[:, None], boxes, slices.shape[1:])[:, 0] >= 0.5).numpy()


def slice_figures(found: np.ndarray, reference: np.ndarray) -> tuple[float, float]:
    """(mAP@0.5, mean Dice) over slices that hold the region."""
    pairs = list(zip(found, reference, strict=True))
    hits = [intersection_over_union(a, b) >= 0.5 for a, b in pairs]
    return float(np.mean(hits)), float(np.mean([dice(a, b) for a, b in pairs]))


def main(folder: str) -> None:
    """Print two Markdown tables."""
    rng = np.random.default_rng(0)
    volumes: dict[str, list] = {}
    heads: dict[str, list] = {}
    for pair in find_scans(Path(folder)):
        parcellation = read_volume(pair.parcellation)
        label = parcellation.with_array(region_mask(parcellation, RegionLabel().left))
        frame = slice_frame("mni", head_scan(read_volume(pair.t1)))
        grid = slice_grid(frame, "left", MaskRCNNConfig())
        reference = mask_on_grid(label, grid)
        holds = reference.any(axis=(1, 2))
        changed = {f"moved by {mm} mm": moved(label, mm, rng) for mm in MOVES_MM}
        changed |= {f"through voxels of {mm} mm": through_window(label, frame, mm) for mm in SPACINGS_MM}
        for name, mask in changed.items():
            overlaps = [dice(mask, label.array_kji), _closed_dice(mask, label)]
            shown = mask_on_grid(label.with_array(mask), grid)[holds]
            volumes.setdefault(name, []).append((*overlaps, *slice_figures(shown, reference[holds])))
        for cells, (name, how) in product(CELLS, PASTINGS.items()):
            figures = slice_figures(through_mask_head(reference[holds], cells, how), reference[holds])
            heads.setdefault(f"{cells} x {cells}, {name}", []).append(figures)
        print(f"{pair.name} done", file=sys.stderr, flush=True)
    print("| the label | Dice | both closed by 3 mm | slice mAP@0.5 | slice Dice |\n|---|---|---|---|---|")
    for name, figures in volumes.items():
        print(f"| {name} | {' | '.join(f'{x:.3f}' for x in np.mean(figures, axis=0))} |")
    print("\n| mask head | slice mAP@0.5 | slice Dice |\n|---|---|---|")
    for name, figures in heads.items():
        print(f"| {name} | {' | '.join(f'{x:.3f}' for x in np.mean(figures, axis=0))} |")


def _closed_dice(mask: np.ndarray, label: Volume) -> float:
    return dice(*(closed(each, label.spacing_mm, CLOSING_MM) for each in (mask, label.array_kji)))


if __name__ == "__main__":
    main(*sys.argv[1:])
