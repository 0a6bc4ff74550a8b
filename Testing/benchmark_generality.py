"""Measures how a model bears scans unlike those it was trained on.

    .venv/bin/python Testing/benchmark_generality.py SCANS [--every 3] [--versions NAME ...] [--findings FILE]

SCANS holds labelled scans (`*_T1w.nii.gz`, `*_dlmuse.nii.gz`). Every scan is worsened in each of the ways below; the
table tells the Dice with the label as far as it was scanned, the error of the centroid, and how far that error is from
the one in the scan as it is. Findings are written one by one to a file of JSON lines, from which a killed run goes on
and the calibration in the model card is made.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
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
from DLPFCSegmenterLib.networks.registry import ALL  # noqa: E402
from DLPFCSegmenterLib.networks.weights import load_model  # noqa: E402
from DLPFCSegmenterLib.progress import SilentProgress  # noqa: E402
from DLPFCSegmenterLib.scan.canonical import canonical_grid, resample  # noqa: E402
from DLPFCSegmenterLib.scan.readers import read_volume  # noqa: E402
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm  # noqa: E402
from DLPFCSegmenterLib.segmentation.head_finding import head_scan  # noqa: E402
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter  # noqa: E402
from harder_scans import HARDER  # noqa: E402

LARGE_MM = 3.0
"""An error of the centroid that the stated uncertainty should tell of."""

Version = Callable[[], tuple[Volume, np.ndarray]]
"""Makes a worse scan, and the 4x4 that took the head there."""

TILTS_DEG = [(20, 0, 0), (-20, 0, 0), (0, 20, 0), (0, -20, 0), (0, 0, 20), (0, 0, -20), (12, 12, 12)]
"""About the right, anterior and superior axis; one of them for each scan in turn."""


def _turned(volume: Volume, number: int, pivot_ras_mm: np.ndarray) -> tuple[Volume, np.ndarray]:
    """The same voxels in a tilted head."""
    tilt = _tilt(number, pivot_ras_mm)
    return Volume(volume.array_kji, tilt @ volume.ijk_to_ras, volume.origin), tilt


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


def versions(scan: Volume, inside_kji: np.ndarray, number: int) -> dict[str, Version]:
    """Each by its name; the brain of the scan is `inside_kji`."""
    ras_from_mni = head_scan(scan).registration.ras_from_mni
    same, plain = np.eye(4), scan.with_array(scan.array_kji.astype(np.float32))
    made = {
        "as it is": lambda: (scan, same),
        "skull removed by mask": lambda: (scan.with_array(np.where(inside_kji, scan.array_kji, 0)), same),
        "tilted by 20 degrees": lambda: _turned(scan, number, transform_points(ras_from_mni, [0.0, -17.0, 10.0])),
        "contrast halved": lambda: (_halved(scan, inside_kji), same),
        "1 mm voxels": lambda: (resample(plain, canonical_grid(scan, 1.0)), same),
    }
    made |= {
        name: lambda degrade=degrade: (degrade(scan, ras_from_mni), same) for name, degrade in DEGRADATIONS.items()
    }
    return made | {name: partial(worsen, scan, ras_from_mni) for name, worsen in HARDER.items()}


def _halved(scan: Volume, inside_kji: np.ndarray) -> Volume:
    """Half the contrast about the brain's mean."""
    middle = float(scan.array_kji[inside_kji].mean())
    halved = middle + 0.5 * (scan.array_kji - middle)
    return scan.with_array(np.where(scan.array_kji > 0, halved, 0).astype(np.float32))


@dataclass(frozen=True)
class Finding:
    """What was found in a version of a scan; None where nothing was.

    off_mm  the centroid against that of the label as far as this version shows it, brought back to the scan as it is
    shown   whether it shows anything of the label; else nothing may be found
    The rest is that of `Agreement`.
    """

    person: str
    version: str
    overlap: float | None = None
    off_mm: tuple[float, float, float] | None = None
    spread_mm: float | None = None
    doubtful_share: float | None = None
    expected_mm: float | None = None
    reliable: bool = False
    shown: bool = True

    @property
    def error_mm(self) -> float:
        """NaN where nothing was found."""
        return np.nan if self.off_mm is None else float(np.linalg.norm(self.off_mm))

    @property
    def stated_mm(self) -> float:
        """The stated error; infinite where it is called unreliable, NaN where nothing was found."""
        if self.overlap is None:
            return np.nan
        return self.expected_mm if self.reliable and self.expected_mm is not None else np.inf


def judge(segmenter: Segmenter, scan: Volume, label: Volume, moved: np.ndarray) -> dict:
    """The left region in a version of a scan, as the fields of a `Finding`."""
    here = Volume(label.array_kji.astype(np.float32), moved @ label.ijk_to_ras)
    reference = resample(here, scan).array_kji >= 0.5
    shown = bool(reference.any())
    try:
        region = segmenter.segment(head_scan(scan), "left", SilentProgress())
    except NotFoundError:
        return {"shown": shown}
    told = {"shown": shown, "overlap": dice(region.mask_kji, reference), **asdict(region.agreement)}
    if not shown:
        return told
    centroids = [voxel_points_ras_mm(scan, mask).mean(axis=0) for mask in (region.mask_kji, reference)]
    off_mm = np.linalg.inv(moved)[:3, :3] @ (centroids[0] - centroids[1])
    return {**told, "off_mm": off_mm.tolist()}


def measured(people: list, wanted: list[str], segmenter: Segmenter, file: Path) -> list[Finding]:
    """The findings of people (number, scan) in the wanted versions (none: all), those in the file and new ones."""
    found = [Finding(**json.loads(line)) for line in file.read_text().splitlines()] if file.exists() else []
    known = {(each.person, each.version) for each in found}
    for number, pair in people:
        scan, parcellation = read_volume(pair.t1), read_volume(pair.parcellation)
        label = parcellation.with_array(region_mask(parcellation, RegionLabel().left))
        for name, make in versions(scan, parcellation.array_kji > 0, number).items():
            if (pair.name, name) in known or (wanted and name not in wanted):
                continue
            worse, moved = make()
            found.append(Finding(pair.name, name, **judge(segmenter, worse, label, moved)))
            with file.open("a") as lines:
                lines.write(json.dumps(asdict(found[-1])) + "\n")
        print(f"{pair.name} done", file=sys.stderr, flush=True)
    names = {pair.name for _, pair in people}
    return [each for each in found if each.person in names]


def print_table(found: list[Finding]) -> None:
    """A row for each version, in Markdown."""
    plain = {each.person: each for each in found if each.version == "as it is"}
    error_and_move = "centroid error, median / worst, mm | centroid moved, median / worst, mm"
    print(f"| scan | found | Dice, mean / lowest | {error_and_move} | called unreliable |")
    print("|---|---|---|---|---|---|")
    for version in dict.fromkeys(each.version for each in found):
        of_all = [each for each in found if each.version == version and each.shown]
        seen = [each for each in of_all if each.overlap is not None]
        if not seen:
            print(f"| {version} | 0 of {len(of_all)} | | | | |")
            continue
        overlap, error = np.array([(each.overlap, each.error_mm) for each in seen]).T
        moved = [np.linalg.norm(np.subtract(each.off_mm, plain[each.person].off_mm)) for each in seen]
        print(
            f"| {version} | {len(seen)} of {len(of_all)} | {overlap.mean():.3f} / {overlap.min():.3f}"
            f" | {np.median(error):.2f} / {error.max():.2f} | {np.median(moved):.2f} / {max(moved):.2f}"
            f" | {sum(not each.reliable for each in seen)} |"
        )


def print_uncertainty(found: list[Finding]) -> None:
    """What the stated uncertainty tells of all findings: of large errors, and of those called reliable."""
    seen = [each for each in found if each.shown and each.overlap is not None]
    error, stated, doubtful = np.array([(each.error_mm, each.stated_mm, each.doubtful_share) for each in seen]).T
    # Those called unreliable come first, the doubtful ones of them before the others.
    tenth = np.lexsort((-doubtful, -stated))[: -(-len(seen) // 10)]
    large, told = error > LARGE_MM, np.isfinite(stated)
    print(
        f"\n{len(seen)} findings, {large.sum()} errors over {LARGE_MM:g} mm, {large[tenth].sum()} in the tenth that is"
    )
    print(f"least reliable; called reliable: {told.sum()}, within the stated error: {(error <= stated)[told].sum()}")
    empty = [each for each in found if not each.shown]
    print(f"{len(empty)} show nothing of the region; found all the same in {sum(e.overlap is not None for e in empty)}")


def main() -> None:
    """Measure, then print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scans", type=Path)
    parser.add_argument("--every", type=int, default=1, help="3 takes each third person")
    parser.add_argument("--network", default=ALL)
    parser.add_argument("--weights", type=Path, help="the shipped ones where not given")
    parser.add_argument("--versions", nargs="+", default=[], help="those of the table's first column; all if not given")
    parser.add_argument("--findings", type=Path, default=Path("generality.jsonl"))
    given = parser.parse_args()
    segmenter = Segmenter(load_model(given.weights), networks=given.network)
    people = list(enumerate(find_scans(given.scans)))[:: given.every]
    # All others are held against the first.
    wanted = ["as it is", *given.versions] if given.versions else []
    found = measured(people, wanted, segmenter, given.findings)
    print_table(found)
    print_uncertainty(found)


if __name__ == "__main__":
    main()
