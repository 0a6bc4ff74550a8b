"""Measures what a lab would do without a network, on the same people: an atlas laid on the scan.

    .venv/bin/python Testing/benchmark_peers.py PREPARED SCANS [EVERY]

PREPARED is a dataset that `dlpfc prepare` wrote: the labels of its training people, brought to MNI
space by the affine registration of this project, are averaged to an atlas of probabilities. The
atlas is then laid on each labelled scan of SCANS (each EVERYth) by the affine alone, and after it by a
deformable registration (symmetric diffeomorphic demons of SimpleITK) of the mean training brain.
"""

import sys
import time
from pathlib import Path

import numpy as np
import SimpleITK as sitk

TESTING = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTING.parent / "DLPFCSegmenter"), str(TESTING)]

from DLPFCSegmenterLib.evaluation.metrics import closed, dice
from DLPFCSegmenterLib.labels.label import RegionLabel
from DLPFCSegmenterLib.labels.splits import find_scans
from DLPFCSegmenterLib.training.prepare import PreparedScan, prepared_scans
from DLPFCSegmenterLib.volume.canonical import resample
from DLPFCSegmenterLib.volume.head_scan import HeadScan
from DLPFCSegmenterLib.volume.readers import read_volume
from DLPFCSegmenterLib.volume.registration import template_brain
from DLPFCSegmenterLib.volume.volume import Volume, voxel_points_ras_mm

SPACING_MM = 2.0
LOW_MNI_MM, HIGH_MNI_MM = np.array([-80.0, -110.0, -60.0]), np.array([80.0, 80.0, 90.0])


def mni_grid() -> Volume:
    """An empty 2 mm grid around the brain in MNI mm."""
    matrix = np.diag([SPACING_MM] * 3 + [1.0])
    matrix[:3, 3] = LOW_MNI_MM
    shape = tuple(np.ceil((HIGH_MNI_MM - LOW_MNI_MM) / SPACING_MM).astype(int)[::-1])
    return Volume(np.zeros(shape, np.uint8), matrix, "MNI grid")


def in_mni(volume: Volume, ras_from_mni: np.ndarray, grid: Volume) -> np.ndarray:
    """Values of a scan's volume on the MNI grid, float32 (K, J, I)."""
    moved = Volume(volume.array_kji.astype(np.float32), np.linalg.inv(ras_from_mni) @ volume.ijk_to_ras)
    return resample(moved, grid).array_kji


def brain_like(values_kji: np.ndarray, brain_kji: np.ndarray) -> np.ndarray:
    """The brain's intensities with mean 0 and SD 1, 0 elsewhere."""
    inside = values_kji[brain_kji]
    return np.where(brain_kji, (values_kji - inside.mean()) / (inside.std() + 1e-6), 0.0).astype(np.float32)


def atlas(folder: Path, grid: Volume, brain_kji: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(probability of the left region, mean brain) of the training people on the MNI grid."""
    regions, brains = [], []
    for path in prepared_scans(folder, "train"):
        scan = PreparedScan.load(path)
        matrix = scan.registration.ras_from_mni
        regions.append(in_mni(scan.t1.with_array(scan.left_kji), matrix, grid))
        brains.append(brain_like(in_mni(scan.t1, matrix, grid), brain_kji))
    return np.mean(regions, axis=0), np.mean(brains, axis=0)


def warped(atlas_kji: np.ndarray, mean_kji: np.ndarray, person_kji: np.ndarray) -> np.ndarray:
    """The atlas after demons from the mean brain to the person's, both on the MNI grid."""
    fixed, moving = (sitk.GetImageFromArray(values) for values in (person_kji, mean_kji))
    demons = sitk.FastSymmetricForcesDemonsRegistrationFilter()
    demons.SetNumberOfIterations(60)
    demons.SetStandardDeviations(1.5)
    matched = sitk.HistogramMatching(moving, fixed, 256, 10, True)
    field = sitk.DisplacementFieldTransform(demons.Execute(fixed, matched))
    return sitk.GetArrayFromImage(sitk.Resample(sitk.GetImageFromArray(atlas_kji), fixed, field, sitk.sitkLinear, 0.0))


def main(prepared: str, folder: str, every: str = "1") -> None:
    """Print a Markdown table."""
    grid = mni_grid()
    brain = template_brain()
    brain_kji = resample(brain.with_array(brain.array_kji.astype(np.float32)), grid).array_kji > 0.5
    probability, mean = atlas(Path(prepared), grid, brain_kji)
    # The threshold at which the atlas has the mean size of a person's region in MNI space.
    threshold = float(np.sort(probability.ravel())[-int(probability.sum())])
    rows: dict[str, list] = {"affine atlas": [], "deformable atlas": []}
    for pair in find_scans(Path(folder))[:: int(every)]:
        scan, parcellation = read_volume(pair.t1), read_volume(pair.parcellation)
        truth = RegionLabel().mask(parcellation, "left")
        began = time.perf_counter()
        matrix = HeadScan(scan).registration.ras_from_mni
        affine_s = time.perf_counter() - began
        person = brain_like(in_mni(scan, matrix, grid), brain_kji)
        deformed = warped(probability, mean, person)
        deformable_s = time.perf_counter() - began
        for name, found, seconds in zip(rows, (probability, deformed), (affine_s, deformable_s), strict=True):
            placed = Volume(found.astype(np.float32), matrix @ grid.ijk_to_ras)
            rows[name].append((*_figures(scan, resample(placed, scan).array_kji >= threshold, truth), seconds))
        print(f"{pair.name} done", file=sys.stderr, flush=True)
    print("| method | Dice | Dice, both closed by 3 mm | centroid error, median / worst, mm | seconds |\n|---|---|---|---|---|")
    for name, figures in rows.items():
        overlap, both_closed, error, seconds = np.array(figures).T
        print(
            f"| {name} | {overlap.mean():.3f} | {both_closed.mean():.3f} | {np.median(error):.2f} / {error.max():.2f}"
            f" | {seconds.mean():.1f} |"
        )


def _figures(scan: Volume, mask: np.ndarray, truth: np.ndarray) -> tuple[float, float, float]:
    centroids = [voxel_points_ras_mm(scan, each).mean(axis=0) for each in (mask, truth)]
    overlap = dice(*(closed(each, scan.spacing_mm, 3.0) for each in (mask, truth)))
    return dice(mask, truth), overlap, float(np.linalg.norm(centroids[0] - centroids[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
