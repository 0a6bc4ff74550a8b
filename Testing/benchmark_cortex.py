"""Measures what BENCHMARKS.md states of brain tissue found in the image: published points on it, and cortex's depth.

    .venv/bin/python Testing/benchmark_cortex.py T1W... (beside each the parcellation, *_dlmuse.nii.gz)

Tissue of the parcellation is all of it but CSF and ventricles. Depths are taken at the scalp over each published
target and over the hand area of the motor cortex, on both sides.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "DLPFCSegmenter"))

from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.segmentation.head_finding import head_scan
from DLPFCSegmenterLib.targeting.cortex import Cortex, find_cortex
from DLPFCSegmenterLib.targeting.five_cm import estimate_hotspot
from DLPFCSegmenterLib.targeting.mni_targets import literature_targets
from DLPFCSegmenterLib.targeting.scalp import find_scalp

CSF = (1, 4, 11, 46, 49, 50, 51, 52)
"""DLMUSE's numbers of CSF, ventricles and vessels."""


def measure(path: Path) -> tuple[list[tuple[bool, bool, float]], list[float]]:
    """(in tissue as brought in, in tissue once moved, mm moved) of each point, and errors of each depth in mm."""
    head, labels = head_scan(read_volume(path)), read_volume(Path(str(path).replace("_T1w", "_dlmuse")))
    truth = Cortex(labels.with_array((labels.array_kji > 0) & ~np.isin(labels.array_kji, CSF)))
    frame, scalp = head.registration, find_scalp(head)
    found = find_cortex(head, frame)
    points, depths = [], []
    for side in ("left", "right"):
        places = [point.position_ras_mm for point in literature_targets(frame, side)]
        for place in places:
            moved, away = found.nearest(place)
            points.append((bool(truth.tissue.values_at(place)), bool(truth.tissue.values_at(moved)), away))
        for place in (*places, estimate_hotspot(scalp, frame, side).position_ras_mm):
            entry = scalp.nearest(place).position_ras_mm
            depths.append(found.depth_mm(scalp, entry) - truth.depth_mm(scalp, entry))
    return points, depths


def main() -> None:
    """Print what was measured."""
    found = [measure(path) for path in map(Path, sys.argv[1:])]
    before, after, away = np.array([point for points, _ in found for point in points]).T
    errors = np.array([error for _, depths in found for error in depths])
    print(f"in tissue: {before.sum():.0f} of {before.size}, moved by up to {away.max():.1f} mm: {after.sum():.0f}")
    low, middle, high = np.percentile(errors, [10, 50, 90])
    print(f"cortex deeper than the parcellation's by {middle:.1f} mm (median), {low:.1f} to {high:.1f} in 8 of 10")


if __name__ == "__main__":
    main()
