"""Measures what a lab would use instead of the network, on the same people.

    .venv/bin/python Testing/benchmark_peers.py SCANS PEER... [--prepared DATASET] [--unet WEIGHTS]
                                                              [--masks FOLDER] [--every N]

Each PEER finds both regions in each labelled scan of SCANS (each Nth) in a process of its own:

network  the shipped weights; mask-rcnn and unet ask one of their networks alone
monai    MONAI's plain U-Net that `peer_unet.py` trained (WEIGHTS)
affine   the mean label of the training people of DATASET (which `dlpfc prepare` wrote) in MNI space, laid on
         the scan by the affine registration of this project
demons   the same, and then symmetric diffeomorphic demons (SimpleITK) from the mean training brain
syn      the same with SyN of ANTs in place of the demons (`pip install .[peers]`)
masks    what another program drew: FOLDER/<scan>_left.nii.gz and FOLDER/<scan>_right.nii.gz

Seconds are the processor's, for a person, from the scan in memory to both masks; memory is the most that
the process held, libraries included.
"""

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from DLPFCSegmenterLib.scan.origin import Origin

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "DLPFCSegmenter"))

from DLPFCSegmenterLib.evaluation.metrics import closed, dice
from DLPFCSegmenterLib.labels.label import RegionLabel
from DLPFCSegmenterLib.labels.splits import find_scans
from DLPFCSegmenterLib.networks.weights import load_model
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.scan.canonical import resample
from DLPFCSegmenterLib.scan.head_frame import template_brain
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm
from DLPFCSegmenterLib.segmentation.head_finding import head_scan
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter
from DLPFCSegmenterLib.training.prepare import PreparedScan, prepared_scans

SIDES = ("left", "right")
SPACING_MM = 2.0
LOW_MNI_MM, HIGH_MNI_MM = np.array([-80.0, -110.0, -60.0]), np.array([80.0, 80.0, 90.0])

HEADER = """\
| method | people | Dice, left / right | both closed by 3 mm, left / right | centroid error, median / worst | s | GiB |
|---|---|---|---|---|---|---|"""

Masks = dict[str, np.ndarray]
"""Side -> mask on the scan's grid, bool (K, J, I)."""

Peer = Callable[[HeadScan], Masks]
Warp = Callable[[np.ndarray, np.ndarray, list[np.ndarray]], list[np.ndarray]]
"""(person's brain, mean brain, atlases) -> the atlases laid on the person; all on the MNI grid."""


def mni_grid() -> Volume:
    """An empty 2 mm grid around the brain in MNI mm."""
    matrix = np.diag([SPACING_MM] * 3 + [1.0])
    matrix[:3, 3] = LOW_MNI_MM
    shape = tuple(np.ceil((HIGH_MNI_MM - LOW_MNI_MM) / SPACING_MM).astype(int)[::-1])
    return Volume(np.zeros(shape, np.uint8), matrix, Origin("MNI grid"))


def in_mni(volume: Volume, ras_from_mni: np.ndarray, grid: Volume) -> np.ndarray:
    """Values of a scan's volume on the MNI grid, float32 (K, J, I)."""
    moved = Volume(volume.array_kji.astype(np.float32), np.linalg.inv(ras_from_mni) @ volume.ijk_to_ras)
    return resample(moved, grid).array_kji


def brain_like(values_kji: np.ndarray, brain_kji: np.ndarray) -> np.ndarray:
    """The brain's intensities with mean 0 and SD 1, 0 elsewhere."""
    inside = values_kji[brain_kji]
    return np.where(brain_kji, (values_kji - inside.mean()) / (inside.std() + 1e-6), 0.0).astype(np.float32)


class AtlasPeer:
    """The mean label of the training people, laid on a scan by the affine and, where given, a warp after it."""

    def __init__(self, prepared: Path, warp: Warp | None = None) -> None:
        self.grid, self.warp = mni_grid(), warp
        brain = template_brain()
        self.brain_kji = resample(brain.with_array(brain.array_kji.astype(np.float32)), self.grid).array_kji > 0.5
        paths, empty = prepared_scans(prepared, "train"), np.zeros(self.brain_kji.shape)
        self.mean, self.atlases = empty.copy(), {side: empty.copy() for side in SIDES}
        for path in paths:
            scan = PreparedScan.load(path)
            matrix = scan.registration.ras_from_mni
            self.mean += brain_like(in_mni(scan.t1, matrix, self.grid), self.brain_kji) / len(paths)
            for side, region in zip(SIDES, (scan.left_kji, scan.right_kji), strict=True):
                self.atlases[side] += in_mni(scan.t1.with_array(region), matrix, self.grid) / len(paths)

    def __call__(self, head: HeadScan) -> Masks:
        """Voxels above the probability at which the atlas has the mean size of a person's region in MNI space."""
        matrix, laid = head.registration.ras_from_mni, list(self.atlases.values())
        if self.warp:
            person = brain_like(in_mni(head.scan, matrix, self.grid), self.brain_kji)
            laid = self.warp(person, self.mean.astype(np.float32), laid)
        masks = {}
        for (side, atlas), found in zip(self.atlases.items(), laid, strict=True):
            placed = Volume(found.astype(np.float32), matrix @ self.grid.ijk_to_ras)
            masks[side] = resample(placed, head.scan).array_kji >= np.sort(atlas.ravel())[-int(atlas.sum())]
        return masks


def demons(person: np.ndarray, mean: np.ndarray, atlases: list[np.ndarray]) -> list[np.ndarray]:
    """A `Warp`: symmetric diffeomorphic demons of SimpleITK."""
    fixed, moving = (sitk.GetImageFromArray(values) for values in (person, mean))
    registration = sitk.FastSymmetricForcesDemonsRegistrationFilter()
    registration.SetNumberOfIterations(60)
    registration.SetStandardDeviations(1.5)
    matched = sitk.HistogramMatching(moving, fixed, 256, 10, True)
    field = sitk.DisplacementFieldTransform(registration.Execute(fixed, matched))
    moved = [sitk.Resample(sitk.GetImageFromArray(a), fixed, field, sitk.sitkLinear, 0.0) for a in atlases]
    return [sitk.GetArrayFromImage(each) for each in moved]


def syn(person: np.ndarray, mean: np.ndarray, atlases: list[np.ndarray]) -> list[np.ndarray]:
    """A `Warp`: SyN of ANTs with cross-correlation."""
    import ants

    fixed, moving = (ants.from_numpy(values, spacing=(SPACING_MM,) * 3) for values in (person, mean))
    found = ants.registration(fixed, moving, type_of_transform="SyNCC", initial_transform="Identity")
    laid = [ants.from_numpy(a.astype(np.float32), spacing=(SPACING_MM,) * 3) for a in atlases]
    return [ants.apply_transforms(fixed, each, found["fwdtransforms"]).numpy() for each in laid]


def network_peer(networks: str) -> Callable[[argparse.Namespace], Peer]:
    """The product as it is, or one of its networks alone."""

    def peer(_: argparse.Namespace) -> Peer:
        segmenter = Segmenter(load_model(), networks=networks)
        return lambda head: {side: segmenter.segment(head, side, SilentProgress()).mask_kji for side in SIDES}

    return peer


def monai_peer(options: argparse.Namespace) -> Peer:
    """The plain U-Net of MONAI, which is asked for only here."""
    from peer_unet import UNetPeer

    unet = UNetPeer(options.unet)
    return lambda head: {side: unet(head, side) for side in SIDES}


def masks_peer(options: argparse.Namespace) -> Peer:
    """Masks that lie in a folder, on the grids of their scans."""

    def read(head: HeadScan) -> Masks:
        name = Path(head.scan.source).name.removesuffix("_T1w.nii.gz")
        return {side: read_volume(options.masks / f"{name}_{side}.nii.gz").array_kji > 0 for side in SIDES}

    return read


PEERS: dict[str, Callable[[argparse.Namespace], Peer]] = {
    "network": network_peer("all"),
    "mask-rcnn": network_peer("mask-rcnn"),
    "unet": network_peer("unet"),
    "monai": monai_peer,
    "affine": lambda options: AtlasPeer(options.prepared),
    "demons": lambda options: AtlasPeer(options.prepared, demons),
    "syn": lambda options: AtlasPeer(options.prepared, syn),
    "masks": masks_peer,
}


def table_row(name: str, options: argparse.Namespace) -> str:
    """The figures of a peer over all scans."""
    peer, overlaps, errors, seconds = PEERS[name](options), [], [], []
    for pair in find_scans(options.scans)[:: options.every]:
        scan, parcellation = read_volume(pair.t1), read_volume(pair.parcellation)
        began = time.process_time()
        masks = peer(head_scan(scan))
        seconds.append(time.process_time() - began)
        figures = [_figures(scan, masks[side], RegionLabel().mask(parcellation, side)) for side in SIDES]
        overlaps.append([each[:2] for each in figures])
        errors += [each[2] for each in figures]
        print(name, pair.name, *(f"{value:.3f}" for each in figures for value in each), file=sys.stderr, flush=True)
    (left, left_closed), (right, right_closed) = np.mean(overlaps, axis=0)
    memory_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return (
        f"| {name} | {len(seconds)} | {left:.3f} / {right:.3f} | {left_closed:.3f} / {right_closed:.3f}"
        f" | {np.median(errors):.2f} / {np.max(errors):.2f} mm | {np.mean(seconds):.1f} | {memory_gib:.2f} |"
    )


def _figures(scan: Volume, mask: np.ndarray, truth: np.ndarray) -> tuple[float, float, float]:
    """(Dice, Dice of both closed by 3 mm, distance of the centroids in mm)."""
    centroids = [voxel_points_ras_mm(scan, each).mean(axis=0) for each in (mask, truth)]
    overlap = dice(*(closed(each, scan.spacing_mm, 3.0) for each in (mask, truth)))
    return dice(mask, truth), overlap, float(np.linalg.norm(centroids[0] - centroids[1]))


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scans", type=Path)
    parser.add_argument("peers", nargs="+", choices=PEERS)
    parser.add_argument("--prepared", type=Path)
    parser.add_argument("--unet", type=Path)
    parser.add_argument("--masks", type=Path)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    print(HEADER, flush=True)
    for name in options.peers:
        with multiprocessing.get_context("spawn").Pool(1) as process:
            print(process.apply(table_row, (name, options)), flush=True)


if __name__ == "__main__":
    main()
