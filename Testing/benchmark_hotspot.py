"""Measures what BENCHMARKS.md states of hotspot, 5-cm landmark and entry in scans made worse: how far they move untold.

    .venv/bin/python Testing/benchmark_hotspot.py T1W...

A crown is erased to 0 above an MNI height, along a plane that follows none of the scan's own axes where the head lies
tilted. A point that is left out, or warned of, is told; what is counted is how far the others lie from the one in the
scan as it is.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "DLPFCSegmenter"))

from degraded_scans import DEGRADATIONS, mni_mm
from DLPFCSegmenterLib.doubts import key_of
from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, transform_points
from DLPFCSegmenterLib.plan import PlanOptions, aim
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.head_finding import head_scan
from DLPFCSegmenterLib.targeting.placing import Head, place_landmarks, read_head
from DLPFCSegmenterLib.targeting.point import FIVE_CM

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

PLACES = ("hotspot", "5-cm landmark", "entry")
DEPTHS_MM = (6, 9, 12, 15)
TRIALS_MNI_MM = {"left": np.array([-38.0, 42.0, 26.0]), "right": np.array([38.0, 42.0, 26.0])}
TELLING = {"entry_erased", "entry_near_cut", "depth_unusual"}

Points = dict[tuple[str, str], np.ndarray]
"""Place and side -> RAS mm."""


def points(scan: Volume, targets_ras_mm: dict[str, np.ndarray]) -> tuple[Head, Points]:
    """The head, and of its points those that are neither left out nor, as the entry is, warned of."""
    head, found = read_head(head_scan(scan)), Points()
    for side, target in targets_ras_mm.items():
        for mark in place_landmarks(head, side, target, along_scalp=False).landmarks:
            found[PLACES[mark.key == FIVE_CM], side] = mark.position_ras_mm
        entry, _, doubts = aim(head, side, target, PlanOptions())
        if entry is not None and not TELLING & set(map(key_of, doubts)):
            found["entry", side] = entry.position_ras_mm
    return head, found


def under(head: Head, scan: Volume, at_ras_mm: np.ndarray, depth_mm: float) -> Volume:
    """The scan with 0 beyond a plane so deep under a place of the scalp, along it."""
    k, j, i = np.indices(scan.array_kji.shape)
    off = ijk_to_ras_points(scan.ijk_to_ras, np.stack([i, j, k], axis=-1)) - at_ras_mm
    return scan.with_array(np.where(off @ head.scalp.outward_normal(at_ras_mm) > -depth_mm, 0, scan.array_kji))


def states(head: Head, scan: Volume, there: Points) -> Iterator[tuple[str, Volume]]:
    """A scan made worse in all ways, with what was done to it."""
    for name, worse in STATES.items():
        yield name, worse(scan, head.registration.ras_from_mni)
    for place in PLACES:
        for depth in DEPTHS_MM:
            yield f"erased {depth} mm under the left {place}", under(head, scan, there[place, "left"], depth)


def main(paths: list[Path]) -> None:
    """Print a line for each state and place."""
    moved_mm: dict[tuple[str, str], list[float]] = defaultdict(list)
    for path in paths:
        scan = read_volume(path)
        ras_from_mni = head_scan(scan).registration.ras_from_mni
        targets = {side: transform_points(ras_from_mni, at) for side, at in TRIALS_MNI_MM.items()}
        head, there = points(scan, targets)
        for name, worse in states(head, scan, there):
            _, found = points(worse, targets)
            for (place, side), at in there.items():
                now = found.get((place, side), np.full(3, np.nan))
                moved_mm[name, place].append(float(np.linalg.norm(now - at)))
    print("| scan made worse | point | left out or told | others moved, median / worst, mm |\n|---|---|---|---|")
    for (name, place), distances in moved_mm.items():
        kept = [each for each in distances if np.isfinite(each)]
        told = f"{np.median(kept):.1f} / {max(kept):.1f}" if kept else ""
        print(f"| {name} | {place} | {len(distances) - len(kept)} of {len(distances)} | {told} |", flush=True)


if __name__ == "__main__":
    main([Path(path) for path in sys.argv[1:]])
