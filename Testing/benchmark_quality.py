"""Measures on how many scans a remark tells of bad quality: as they are, and made worse on purpose.

    .venv/bin/python Testing/benchmark_quality.py SCAN...

Prints a table: in how many of the scans each remark came, and the three numbers' range.
"""

import sys
import time
from pathlib import Path

import numpy as np
import SimpleITK as sitk

TESTING = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTING.parent / "DLPFCSegmenter"), str(TESTING)]

from degraded_scans import _bright, ghost, ghost_to_the_side, thick_slices  # noqa: E402
from DLPFCSegmenterLib.scan.head_scan import HeadScan  # noqa: E402
from DLPFCSegmenterLib.scan.quality import LEAST_DETAIL, MOST_GHOSTS, MOST_NOISE, scan_quality  # noqa: E402
from DLPFCSegmenterLib.scan.readers import read_volume  # noqa: E402
from DLPFCSegmenterLib.scan.volume import Volume  # noqa: E402
from DLPFCSegmenterLib.segmentation.head_finding import head_scan  # noqa: E402


def noisy(scan: Volume, share: float) -> Volume:
    """Rician noise, its SD a share of the bright tissue."""
    first, second = np.random.default_rng(0).normal(0.0, share * _bright(scan), (2, *scan.array_kji.shape))
    return scan.with_array(np.hypot(scan.array_kji + first, second).astype(np.float32))


def blurred(scan: Volume, width_mm: float) -> Volume:
    """By a Gaussian of this full width at half maximum."""
    image = sitk.GetImageFromArray(scan.array_kji.astype(np.float32))
    image.SetSpacing(tuple(map(float, scan.spacing_mm)))
    return scan.with_array(sitk.GetArrayFromImage(sitk.SmoothingRecursiveGaussian(image, width_mm / 2.355)))


def moved(scan: Volume, degrees: float) -> Volume:
    """A third of the lines of k-space, in blocks along J, were taken with the head turned, and shifted as many mm."""
    image = sitk.GetImageFromArray(scan.array_kji.astype(np.float32))
    image.SetSpacing(tuple(map(float, scan.spacing_mm)))
    middle = image.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in image.GetSize()])
    turn = sitk.Euler3DTransform(middle, 0.0, 0.0, np.deg2rad(degrees), (0.0, degrees, 0.0))
    lines, others = (np.fft.fft(sitk.GetArrayFromImage(each), axis=1) for each in (image, sitk.Resample(image, turn)))
    swapped = np.arange(lines.shape[1]) // max(1, lines.shape[1] // 16) % 3 == 0
    lines[:, swapped] = others[:, swapped]
    return scan.with_array(np.abs(np.fft.ifft(lines, axis=1)).astype(np.float32))


WAYS = {
    "as it is": lambda scan, frame: scan,
    **{
        f"noise, {100 * share:.0f} %": lambda scan, frame, share=share: noisy(scan, share)
        for share in (0.03, 0.05, 0.08, 0.12)
    },
    **{f"blurred by {mm} mm": lambda scan, frame, mm=mm: blurred(scan, mm) for mm in (2, 3, 4, 6)},
    "slices of 3 or 4 mm": thick_slices,
    "a ghost of a tenth, behind": ghost,
    "a ghost of a tenth, beside": ghost_to_the_side,
    **{f"moved by {far} degrees and mm": lambda scan, frame, far=far: moved(scan, far) for far in (2, 4, 8)},
}


def main(*paths: str) -> None:
    """Print a Markdown table."""
    heads = [head_scan(read_volume(path)) for path in paths]
    print("| scan | any | noisy | little detail | ghosts | noise | detail | ghosts | s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, worsen in WAYS.items():
        rows = np.array([_measured(worsen(head.scan, head.registration.ras_from_mni), head) for head in heads])
        bad = np.stack([rows[:, 0] > MOST_NOISE, rows[:, 1] < LEAST_DETAIL, rows[:, 2] > MOST_GHOSTS], axis=1)
        counts = " | ".join(map(str, (bad.any(axis=1).sum(), *bad.sum(axis=0))))
        ranges = " | ".join(f"{each.min():.3f} to {each.max():.3f}" for each in rows.T[:3])
        print(f"| {name} | {counts} | {ranges} | {np.median(rows[:, 3]):.3f} |", flush=True)


def _measured(scan: Volume, head: HeadScan) -> tuple[float, ...]:
    worse = HeadScan(scan, lambda canonical: head.registration)
    _ = worse.canonical
    started = time.perf_counter()
    measured = scan_quality(worse)
    if measured is None:
        raise RuntimeError(f"{scan.source}: too little of the brain was scanned")
    return measured.noise, measured.detail, measured.ghosts, time.perf_counter() - started


if __name__ == "__main__":
    main(*sys.argv[1:])
