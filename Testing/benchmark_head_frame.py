"""Measures where the head network puts MNI space in scans, and in scans made worse.

    .venv/bin/python Testing/benchmark_head_frame.py WEIGHTS SCANS [EVERY [OTHERS...]]

SCANS holds labelled scans (`*_T1w.nii.gz`, `*_dlmuse.nii.gz`); EVERY 3 takes each third of them. OTHERS are scans
without labels, of which the spread and the time are told. A row tells how many were found, the spread of the places
(`HeadFrame.spread_mm`), how far six MNI points lie from where the scan as it is has them, and the SD over people of
the left region's centroid in MNI.
"""

import importlib
import sys
import time
from dataclasses import dataclass
from pathlib import Path

TESTING = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTING.parent / "DLPFCSegmenter"), str(TESTING)]

importlib.import_module("DLPFCSegmenterLib.cli")  # before NumPy and PyTorch, which get the threads of users' commands

import numpy as np  # noqa: E402

from benchmark_generality import versions  # noqa: E402
from DLPFCSegmenterLib.geometry.spaces import MIRROR_X, transform_points  # noqa: E402
from DLPFCSegmenterLib.labels.label import RegionLabel, region_mask  # noqa: E402
from DLPFCSegmenterLib.labels.splits import find_scans  # noqa: E402
from DLPFCSegmenterLib.networks.head_network import HeadNetworks, load_head_networks  # noqa: E402
from DLPFCSegmenterLib.scan.canonical import to_canonical  # noqa: E402
from DLPFCSegmenterLib.scan.head_frame import HeadFrame, implausible_frame  # noqa: E402
from DLPFCSegmenterLib.scan.readers import read_volume  # noqa: E402
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm  # noqa: E402
from DLPFCSegmenterLib.segmentation.head_finding import find_head_even_handed  # noqa: E402

POINTS_MNI_MM = np.array([[-38.0, 44, 26], [38, 44, 26], [-37, -21, 58], [37, -21, 58], [0, -95, 0], [0, -40, -25]])


@dataclass(frozen=True)
class Seen:
    """One version of a scan: its frame, that of the scan as it is, and the 4x4 that took the head there."""

    frame: HeadFrame
    plain: HeadFrame
    moved: np.ndarray
    centroid_ras_mm: np.ndarray
    seconds: float

    @property
    def found(self) -> bool:
        """Whether it is taken for a head."""
        return implausible_frame(self.frame) == ""

    @property
    def off_mm(self) -> np.ndarray:
        """How far the points lie from where the scan as it is has them, shape (6,)."""
        here = transform_points(np.linalg.inv(self.moved) @ self.frame.ras_from_mni, POINTS_MNI_MM)
        return np.linalg.norm(here - transform_points(self.plain.ras_from_mni, POINTS_MNI_MM), axis=1)

    @property
    def centroid_mni_mm(self) -> np.ndarray:
        """The label's centroid, brought to MNI."""
        return transform_points(np.linalg.inv(self.frame.ras_from_mni) @ self.moved, self.centroid_ras_mm)


def timed(networks: HeadNetworks, scan: Volume) -> tuple[HeadFrame, float]:
    """The frame of a scan, and the seconds that it took without the canonical grid."""
    canonical = to_canonical(scan)
    begun = time.perf_counter()
    frame = find_head_even_handed(networks, canonical)
    return frame, time.perf_counter() - begun


def main(weights: str, folder: str, every: str = "1", *others: str) -> None:
    """Print a Markdown table."""
    networks = load_head_networks(Path(weights))
    rows: dict[str, list[Seen]] = {}
    for number, pair in enumerate(find_scans(Path(folder))[:: int(every)]):
        scan, parcellation = read_volume(pair.t1), read_volume(pair.parcellation)
        mask = region_mask(parcellation, RegionLabel().left)
        centroid = voxel_points_ras_mm(parcellation, mask).mean(axis=0)
        plain, _ = timed(networks, scan)
        for name, make in versions(scan, parcellation.array_kji > 0, number).items():
            worse, moved = make()
            frame, seconds = timed(networks, worse)
            rows.setdefault(name, []).append(Seen(frame, plain, moved, centroid, seconds))
            if not rows[name][-1].found:
                print(f"{pair.name}, {name}: {implausible_frame(frame)}", file=sys.stderr, flush=True)
        mirrored = timed(networks, scan.mirrored())[0]
        print(f"{pair.name}: mirror image off by {_mirror_error_mm(plain, mirrored):.4f} mm", file=sys.stderr)
    _print_table(rows)
    for path in others:
        frame, seconds = timed(networks, read_volume(Path(path)))
        told = implausible_frame(frame) or "found"
        print(
            f"{Path(path).name}: {told}, spread {frame.spread_mm:.2f} mm, seen {frame.seen:.2f},"
            f" covered {frame.covered:.2f}, {seconds:.2f} s"
        )


def _mirror_error_mm(plain: HeadFrame, mirrored: HeadFrame) -> float:
    expected = MIRROR_X @ plain.ras_from_mni @ MIRROR_X
    off = transform_points(expected, POINTS_MNI_MM) - transform_points(mirrored.ras_from_mni, POINTS_MNI_MM)
    return float(np.linalg.norm(off, axis=1).max())


def _print_table(rows: dict[str, list[Seen]]) -> None:
    print("| scan | found | spread, median / worst, mm | points moved, median / worst, mm | centroid, SD, mm | s |")
    print("|---|---|---|---|---|---|")
    for name, everybody in rows.items():
        found = [seen for seen in everybody if seen.found]
        if not found:
            print(f"| {name} | 0 of {len(everybody)} | | | | |")
            continue
        spread = [seen.frame.spread_mm for seen in found]
        moved = np.array([seen.off_mm.mean() for seen in found])
        sd = np.std([seen.centroid_mni_mm for seen in found], axis=0, ddof=1) if len(found) > 1 else np.zeros(3)
        print(
            f"| {name} | {len(found)} of {len(everybody)} | {np.median(spread):.2f} / {max(spread):.2f}"
            f" | {np.median(moved):.2f} / {moved.max():.2f} | {', '.join(f'{x:.2f}' for x in sd)}"
            f" | {np.mean([seen.seconds for seen in found]):.2f} |"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
