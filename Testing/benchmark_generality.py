"""Measures how a model bears scans unlike those it was trained on.

    .venv/bin/python Testing/benchmark_generality.py SCANS [EVERY [NETWORK [WEIGHTS]]]

SCANS holds labelled scans (`*_T1w.nii.gz`, `*_dlmuse.nii.gz`); EVERY 3 takes each third of them. Every
scan is worsened in each of the ways below; the table tells the Dice with the label as far as it was scanned,
the error of the centroid, and how far that error is from the one in the scan as it is. NETWORK is all, mask-rcnn or
unet; the weights are the shipped ones where none are given. On stderr: the spread of the views, the doubtful share
and the error of each finding, from which the calibration in the model card is made.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

TESTING = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTING.parent / "DLPFCSegmenter"), str(TESTING)]

from degraded_scans import DEGRADATIONS  # noqa: E402
from DLPFCSegmenterLib.errors import NotFoundError  # noqa: E402
from DLPFCSegmenterLib.evaluation.metrics import dice  # noqa: E402
from DLPFCSegmenterLib.geometry.spaces import transform_points  # noqa: E402
from DLPFCSegmenterLib.labels.label import RegionLabel, region_mask  # noqa: E402
from DLPFCSegmenterLib.labels.splits import find_scans  # noqa: E402
from DLPFCSegmenterLib.networks.weights import load_model  # noqa: E402
from DLPFCSegmenterLib.progress import SilentProgress  # noqa: E402
from DLPFCSegmenterLib.scan.canonical import canonical_grid, resample  # noqa: E402
from DLPFCSegmenterLib.scan.readers import read_volume  # noqa: E402
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm  # noqa: E402
from DLPFCSegmenterLib.segmentation.head_finding import head_scan  # noqa: E402
from DLPFCSegmenterLib.segmentation.region import Agreement  # noqa: E402
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter  # noqa: E402
from harder_scans import HARDER  # noqa: E402

TILTS_DEG = [(20, 0, 0), (-20, 0, 0), (0, 20, 0), (0, -20, 0), (0, 0, 20), (0, 0, -20), (12, 12, 12)]
"""About the right, anterior and superior axis; one of them for each scan in turn."""


def turned(volume: Volume, number: int, pivot_ras_mm: np.ndarray) -> Volume:
    """The same voxels in a tilted head."""
    return Volume(volume.array_kji, _tilt(number, pivot_ras_mm) @ volume.ijk_to_ras, volume.origin)


def _tilt(number: int, pivot_ras_mm: np.ndarray) -> np.ndarray:
    linear = np.eye(3)
    for axis, angle in enumerate(np.deg2rad(TILTS_DEG[number % len(TILTS_DEG)])):
        first, second = [(1, 2), (2, 0), (0, 1)][axis]
        turn = np.eye(3)
        turn[first, first] = turn[second, second] = np.cos(angle)
        turn[first, second], turn[second, first] = -np.sin(angle), np.sin(angle)
        linear = turn @ linear
    tilt = np.eye(4)
    tilt[:3, :3] = linear
    tilt[:3, 3] = pivot_ras_mm - linear @ pivot_ras_mm
    return tilt


def versions(scan: Volume, inside_kji: np.ndarray, number: int):
    """(name, worse scan, 4x4 that took the head there) of a scan whose brain is `inside_kji`."""
    ras_from_mni = head_scan(scan).registration.ras_from_mni
    pivot = transform_points(ras_from_mni, [0.0, -17.0, 10.0])
    same = np.eye(4)
    yield "as it is", scan, same
    yield "skull removed by mask", scan.with_array(np.where(inside_kji, scan.array_kji, 0)), same
    yield "tilted by 20 degrees", turned(scan, number, pivot), _tilt(number, pivot)
    middle = float(scan.array_kji[inside_kji].mean())
    head = scan.array_kji > 0
    halved = np.where(head, middle + 0.5 * (scan.array_kji - middle), 0).astype(np.float32)
    yield "contrast halved", scan.with_array(halved), same
    yield "1 mm voxels", resample(scan.with_array(scan.array_kji.astype(np.float32)), canonical_grid(scan, 1.0)), same
    for name, degrade in DEGRADATIONS.items():
        yield name, degrade(scan, ras_from_mni), same
    for name, worsen in HARDER.items():
        yield name, *worsen(scan, ras_from_mni)


@dataclass(frozen=True)
class Found:
    """What was found in a version of a scan; its points are brought back to the scan as it is.

    off_mm  the centroid against that of the label as far as this version shows it, shape (3,)
    """

    overlap: float
    off_mm: np.ndarray
    agreement: Agreement


def judge(segmenter: Segmenter, scan: Volume, label: Volume, moved: np.ndarray) -> Found | None:
    """The left region in a version of a scan, or None: not found."""
    try:
        region = segmenter.segment(head_scan(scan), "left", SilentProgress())
    except NotFoundError:
        return None
    here = Volume(label.array_kji.astype(np.float32), moved @ label.ijk_to_ras)
    reference = resample(here, scan).array_kji >= 0.5
    centroids = [voxel_points_ras_mm(scan, mask).mean(axis=0) for mask in (region.mask_kji, reference)]
    off_mm = np.linalg.inv(moved)[:3, :3] @ (centroids[0] - centroids[1])
    return Found(dice(region.mask_kji, reference), off_mm, region.agreement)


def main(folder: str, every: str = "1", networks: str = "all", weights: str | None = None) -> None:
    """Print a Markdown table."""
    segmenter = Segmenter(load_model(weights), networks=networks)
    rows: dict[str, list] = {}
    for number, pair in enumerate(find_scans(Path(folder))[:: int(every)]):
        scan, parcellation = read_volume(pair.t1), read_volume(pair.parcellation)
        label = parcellation.with_array(region_mask(parcellation, RegionLabel().left))
        plain = None
        for name, worse, moved in versions(scan, parcellation.array_kji > 0, number):
            found = judge(segmenter, worse, label, moved)
            if name == "as it is":
                plain = found
            rows.setdefault(name, []).append(_figures(found, plain))
            if found:
                agreed, error_mm = found.agreement, rows[name][-1][1]
                seen = f"spread {agreed.spread_mm}, doubtful {agreed.doubtful_share}, error {error_mm}"
                print(f"{pair.name}, {name}: {seen}", file=sys.stderr, flush=True)
        print(f"{pair.name} done", file=sys.stderr, flush=True)
    _print_table(rows)


def _figures(found: Found | None, plain: Found | None) -> tuple[float, float, float, float]:
    """Dice, error, move against the scan as it is, and the stated error (NaN: called unreliable)."""
    if found is None or plain is None:
        return (np.nan,) * 4
    agreed = found.agreement
    expected = agreed.expected_mm if agreed.reliable and agreed.expected_mm is not None else np.nan
    moved_mm = float(np.linalg.norm(found.off_mm - plain.off_mm))
    return found.overlap, float(np.linalg.norm(found.off_mm)), moved_mm, expected


def _print_table(rows: dict[str, list]) -> None:
    error_and_move = "centroid error, median / worst, mm | centroid moved, median / worst, mm"
    print(f"| scan | found | Dice, mean / lowest | {error_and_move} | called unreliable | within the stated error |")
    print("|---|---|---|---|---|---|---|")
    for name, figures in rows.items():
        overlap, error, moved, expected = np.array(figures).T
        found = np.isfinite(overlap)
        if not found.any():
            print(f"| {name} | 0 of {len(found)} | | | | | |")
            continue
        overlap, error, moved, expected = overlap[found], error[found], moved[found], expected[found]
        stated = np.isfinite(expected)
        within = np.count_nonzero(error[stated] <= expected[stated])
        print(
            f"| {name} | {found.sum()} of {len(found)} | {overlap.mean():.3f} / {overlap.min():.3f}"
            f" | {np.median(error):.2f} / {error.max():.2f} | {np.median(moved):.2f} / {moved.max():.2f}"
            f" | {np.count_nonzero(~stated)} | {within} of {stated.sum()} |"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
