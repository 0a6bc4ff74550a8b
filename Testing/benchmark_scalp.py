"""Measures what BENCHMARKS.md states of the scalp: how far it moves when a scan is made worse, and its seconds.

    .venv/bin/python Testing/benchmark_scalp.py WHOLE_HEAD... [--stripped SCAN...] [--table DISTANCES.csv]

Distances go from the clean scan's skin to the worse scan's, over the points above MNI z = -5 mm that lie within
60 mm of F3 or F4 and not within 6 mm of where the worse scan ends. Stripped scans, clean and worse, must be refused.
"""

import argparse
import csv
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "DLPFCSegmenter"))

from benchmark import cube_around
from degraded_scans import DEGRADATIONS
from DLPFCSegmenterLib.errors import NoScalpError
from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.head_finding import head_scan
from DLPFCSegmenterLib.targeting import mesh
from DLPFCSegmenterLib.targeting.scalp import Scalp, extract_scalp, find_scalp

F3_F4_MNI_MM = np.array([[-49.1, 52.5, 39.3], [50.8, 53.0, 40.2]])
"""Jurak 2007, as in SimNIBS."""

NEAR_MM = 60.0
LOWEST_MNI_MM = -5.0
OFF_BORDER_MM = 6.0
EVERY_POINT = 10


def upper_frontal_points(scalp: Scalp, ras_from_mni: np.ndarray) -> np.ndarray:
    """Every tenth point of the skin that a coil over the DLPFC may touch, RAS mm, shape (N, 3)."""
    points = mesh.points_of(scalp.skin)[::EVERY_POINT].astype(float)
    sites = [scalp.nearest(site).position_ras_mm for site in spaces.transform_points(ras_from_mni, F3_F4_MNI_MM)]
    near = np.min([np.linalg.norm(points - site, axis=1) for site in sites], axis=0) < NEAR_MM
    height = spaces.transform_points(np.linalg.inv(ras_from_mni), points)[:, 2]
    return points[near & (height > LOWEST_MNI_MM)]


def within(scan: Volume, points_ras_mm: np.ndarray) -> np.ndarray:
    """The points that lie inside the scan's box (without empty borders), off its faces."""
    filled = np.argwhere(scan.array_kji != 0)[:, ::-1]
    ijk = spaces.ras_to_ijk(scan.ijk_to_ras, points_ras_mm)
    inside_mm = np.minimum(ijk - filled.min(axis=0), filled.max(axis=0) - ijk) * scan.spacing_mm
    return points_ras_mm[inside_mm.min(axis=1) > OFF_BORDER_MM]


def moved_mm(clean: np.ndarray, worse: Volume) -> tuple[float, float, float] | None:
    """(mean, 95th percentile, largest) distance to the worse scan's skin; None if it was refused."""
    try:
        scalp = extract_scalp(worse)
    except NoScalpError:
        return None
    away = [scalp.nearest(point).distance_mm for point in within(worse, clean)]
    return float(np.mean(away)), float(np.percentile(away, 95)), float(np.max(away))


def measure(path: Path) -> dict[str, tuple[float, float, float] | None]:
    """Degradation -> distances, for one whole head."""
    head = head_scan(read_volume(path))
    affine = head.registration.ras_from_mni
    points = upper_frontal_points(find_scalp(head), affine)
    return {name: moved_mm(points, degrade(head.scan, affine)) for name, degrade in DEGRADATIONS.items()}


def passed_stripped(paths: list[Path]) -> list[str]:
    """Stripped scans, clean and worse, that were taken for whole heads."""
    passed = []
    for path in paths:
        head = head_scan(read_volume(path))
        affine = head.registration.ras_from_mni
        scans = {"clean": head.scan} | {
            name: DEGRADATIONS[name](head.scan, affine)
            for name in ("neck cut", "low contrast", "strongly biased", "noisy", "thick slices")
        }
        for name, scan in scans.items():
            try:
                extract_scalp(scan)
            except NoScalpError:
                continue
            passed.append(f"{path.name} {name}")
    return passed


def print_distances(found: dict[str, dict]) -> None:
    """One row a degradation, over all scans."""
    print("| made worse | refused | mean | 95th percentile, median / worst scan | largest, median / worst scan |")
    print("|---|---|---|---|---|")
    for name in DEGRADATIONS:
        rows = [scan[name] for scan in found.values()]
        kept = np.array([row for row in rows if row])
        if not len(kept):
            print(f"| {name} | {len(rows)} of {len(rows)} | | | |")
            continue
        mean, high, most = kept.T
        print(
            f"| {name} | {len(rows) - len(kept)} of {len(rows)} | {mean.mean():.2f} | "
            f"{np.median(high):.2f} / {high.max():.2f} | {np.median(most):.2f} / {most.max():.2f} |"
        )


def print_seconds(path: Path) -> None:
    """Processor and wall-clock seconds of the scan in a 1 mm 256-cube."""
    head = head_scan(cube_around(read_volume(path)))
    for name, step in (("canonical grid", lambda: head.canonical), ("scalp alone", lambda: find_scalp(head))):
        wall, processor = time.perf_counter(), time.process_time()
        step()
        print(f"{name}: {time.perf_counter() - wall:.2f} s, processor {time.process_time() - processor:.2f} s")


def write_table(path: Path, found: dict[str, dict]) -> None:
    """Every scan and degradation as CSV."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["scan", "made worse", "mean_mm", "percentile_95_mm", "largest_mm"])
        for scan, rows in found.items():
            writer.writerows([scan, name, *(row or ("refused",))] for name, row in rows.items())


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("heads", nargs="+", type=Path)
    parser.add_argument("--stripped", nargs="*", type=Path, default=[])
    parser.add_argument("--table", type=Path)
    arguments = parser.parse_args()
    found = {}
    for path in arguments.heads:
        found[path.name] = measure(path)
        if arguments.table:
            write_table(arguments.table, found)
    print_distances(found)
    print(f"\nstripped scans that passed: {passed_stripped(arguments.stripped) or 'none'}")
    print_seconds(arguments.heads[-1])


if __name__ == "__main__":
    main()
