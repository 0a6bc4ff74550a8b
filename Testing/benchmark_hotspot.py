"""Measures what BENCHMARKS.md states of the estimated motor hotspot in scans made worse: how far it moves untold.

    .venv/bin/python Testing/benchmark_hotspot.py T1W...

A crown is erased to 0 above an MNI height, along a plane that follows none of the scan's own axes where the head lies
tilted. A hotspot that is left out, or a scan without a scalp, is told; what is counted is how far the others lie from
the one in the scan as it is.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "DLPFCSegmenter"))

from degraded_scans import DEGRADATIONS, mni_mm
from DLPFCSegmenterLib.errors import NoScalpError
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.head_finding import head_scan
from DLPFCSegmenterLib.targeting.five_cm import estimate_hotspot
from DLPFCSegmenterLib.targeting.scalp import find_scalp

HEIGHTS_MM = (66, 72, 78, 84)


def crown_erased(height_mm: float) -> Callable[[Volume, np.ndarray], Volume]:
    """Zeros above an MNI height."""

    def erased(scan: Volume, ras_from_mni: np.ndarray) -> Volume:
        return scan.with_array(np.where(mni_mm(scan, ras_from_mni)[2] > height_mm, 0, scan.array_kji))

    return erased


STATES = {f"crown erased above z {height}": crown_erased(height) for height in HEIGHTS_MM} | {
    name: DEGRADATIONS[name] for name in ("noisy", "very noisy", "everything")
}


def hotspots(scan: Volume) -> dict[str, np.ndarray]:
    """Side -> its estimated hotspot, RAS mm; without those that cannot be had."""
    found = {}
    for side in ("left", "right"):
        try:
            head = head_scan(scan)
            found[side] = estimate_hotspot(find_scalp(head), head.registration, side).position_ras_mm
        except NoScalpError:
            pass
    return found


def main(paths: list[Path]) -> None:
    """Print a line for each state."""
    moved_mm: dict[str, list[float]] = {name: [] for name in STATES}
    for path in paths:
        scan = read_volume(path)
        frame, there = head_scan(scan).registration, hotspots(scan)
        for name, worse in STATES.items():
            found = hotspots(worse(scan, frame.ras_from_mni))
            moved_mm[name] += [
                float(np.linalg.norm(found[side] - there[side])) if side in found else np.nan for side in there
            ]
    print("| scan made worse | left out | others moved, median / worst, mm |\n|---|---|---|")
    for name, distances in moved_mm.items():
        kept = [each for each in distances if np.isfinite(each)]
        told = f"{np.median(kept):.1f} / {max(kept):.1f}" if kept else ""
        print(f"| {name} | {len(distances) - len(kept)} of {len(distances)} | {told} |", flush=True)


if __name__ == "__main__":
    main([Path(path) for path in sys.argv[1:]])
