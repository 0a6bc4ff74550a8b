"""How much of other regions the networks' windows reach, and how far a region's place alone tells where it lies.

Usage: benchmark_regions.py DATASET; a folder of `dlpfc prepare` with DLMUSE parcellations. Windows (the DLPFC's, and
those of the regions' own) and places are fitted to its training people and judged by its validation people.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "DLPFCSegmenter"))

from DLPFCSegmenterLib.errors import UnlabelledError  # noqa: E402
from DLPFCSegmenterLib.evaluation.metrics import dice  # noqa: E402
from DLPFCSegmenterLib.labels.label import RegionLabel  # noqa: E402
from DLPFCSegmenterLib.labels.midline import lies_over_midline  # noqa: E402
from DLPFCSegmenterLib.networks.configuration import MaskRCNNConfig  # noqa: E402
from DLPFCSegmenterLib.networks.unet import UNetConfig  # noqa: E402
from DLPFCSegmenterLib.scan.volume import Volume  # noqa: E402
from DLPFCSegmenterLib.training.prepare import PreparedScan, prepared_scans  # noqa: E402
from DLPFCSegmenterLib.training.windows import Extent, coverage, fitted  # noqa: E402

REGIONS = (
    RegionLabel(),
    RegionLabel("insula", (103, 173), (102, 172), 0.0),
    RegionLabel("dorsomedial prefrontal", (153,), (152,), 0.0),
    RegionLabel("inferior parietal", (107, 195), (106, 194), 0.0),
)


def people_mm(dataset: Path, part: str) -> dict[str, list[np.ndarray]]:
    """Region -> its voxels of each side of each person, MNI mm, the right ones mirrored."""
    found: dict[str, list[np.ndarray]] = {region.name: [] for region in REGIONS}
    for path in prepared_scans(dataset, part):
        scan = PreparedScan.load(path)
        labels = scan.t1.with_array(scan.labels_kji)
        for region in REGIONS:
            left, right = (known(region, scan, labels, side) for side in ("left", "right"))
            shown = PreparedScan(scan.subject, scan.t1, scan.labels_kji, left, right, scan.registration)
            found[region.name] += shown.sides_mni_mm
    return found


def known(region: RegionLabel, scan: PreparedScan, labels: Volume, side: str) -> np.ndarray:
    """The region of a side, bool (K, J, I); empty where `prepare` would leave it out."""
    try:
        mask = region.mask(labels, side)
    except UnlabelledError:
        return np.zeros(labels.array_kji.shape, bool)
    return mask & ~lies_over_midline(labels.with_array(mask), side, scan.registration)


def least(configs: tuple, people: list[np.ndarray]) -> str:
    """The least share of anybody's region in the narrowest slices, and in the 3-D window."""
    slices, window = (min(coverage(config, people).values()) for config in configs)
    return f"{100 * slices:.1f} % / {100 * window:.1f} %"


_CELL_MM = 4.0


def cells(points_mm: np.ndarray) -> np.ndarray:
    """Which cells of MNI space a region fills by half or more, bool, 50 along each axis; it has voxels of 2 mm."""
    edges = [(np.arange(51) - 25) * _CELL_MM + middle for middle in (-40.0, 0.0, 30.0)]
    return np.histogramdd(points_mm, edges)[0] >= (_CELL_MM / 2.0) ** 3 / 2


def dice_of_place(learnt: list[np.ndarray], judged: list[np.ndarray]) -> str:
    """Dice of the cells that belong to the region in half of the people learnt from: mean and least over others."""
    usual = np.mean([cells(points) for points in learnt], axis=0) >= 0.5
    scores = [dice(usual, cells(points)) for points in judged]
    return f"{np.mean(scores):.3f}, {min(scores):.3f}"


def main() -> None:
    dataset = Path(sys.argv[1])
    learnt, judged = (people_mm(dataset, part) for part in ("train", "val"))
    print("| region | the DLPFC's windows | its own, people learnt from | its own, other people | Dice of its place |")
    print("|---|---|---|---|---|")
    for name, people in learnt.items():
        before = MaskRCNNConfig(), UNetConfig()
        extent = Extent.of(people)
        own = tuple(fitted(config, extent) for config in before)
        kept = " (kept)" if own == before else ""
        reached = f"{least(before, people)} | {least(own, people)}{kept} | {least(own, judged[name])}"
        print(f"| {name} | {reached} | {dice_of_place(people, judged[name])} |")


if __name__ == "__main__":
    main()
