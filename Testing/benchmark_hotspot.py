"""Measures what BENCHMARKS.md states of the estimated motor hotspot in scans made worse: how far it moves untold.

    .venv/bin/python Testing/benchmark_hotspot.py T1W...

A crown is erased to 0 above an MNI height, along a plane that follows none of the scan's own axes where the head lies
tilted. A hotspot that is left out, or a scan without a scalp, is told; what is counted is how far the others lie from
the one in the scan as it is.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
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

Erased = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]

ERASED: dict[str, Erased] = {
    **{f"crown erased above z {height}": lambda x, y, z, height=height: z > height for height in (66, 72, 78, 84, 90)},
    "crown erased, tilted to the front": lambda x, y, z: z + 0.5 * y > 70,
    "crown erased, tilted to the back": lambda x, y, z: z - 0.5 * y > 85,
    "crown erased, tilted to the left": lambda x, y, z: z - 0.5 * x > 95,
    "crown erased by a ball of 60 mm": lambda x, y, z: x**2 + (y + 20) ** 2 + (z - 140) ** 2 < 60**2,
    "crown erased by a ball of 100 mm": lambda x, y, z: x**2 + (y + 20) ** 2 + (z - 180) ** 2 < 100**2,
    "right side erased from x 35": lambda x, y, z: x > 35,
    "left side erased from x -50": lambda x, y, z: x < -50,
}
"""What is set to 0, by MNI mm."""


def erased(where: Erased) -> Callable[[Volume, np.ndarray], Volume]:
    """A scan made worse so."""
    return lambda scan, ras_from_mni: scan.with_array(np.where(where(*mni_mm(scan, ras_from_mni)), 0, scan.array_kji))


STATES = {name: erased(where) for name, where in ERASED.items()} | {
    name: DEGRADATIONS[name] for name in ("noisy", "very noisy", "everything")
}


def hotspots(scan: Volume) -> dict[str, np.ndarray]:
    """Side -> its estimated hotspot, RAS mm; without those that cannot be had."""
    head, found = head_scan(scan), {}
    with suppress(NoScalpError):
        scalp = find_scalp(head)
        for side in ("left", "right"):
            with suppress(NoScalpError):
                found[side] = estimate_hotspot(scalp, head.registration, side).position_ras_mm
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
