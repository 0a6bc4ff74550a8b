"""How much of other regions the networks' windows reach: those of the DLPFC, and those of the regions' own.

Usage: benchmark_regions.py DATASET; a folder of `dlpfc prepare` with DLMUSE parcellations. Windows are fitted to its
training people and judged by its validation people.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "DLPFCSegmenter"))

from DLPFCSegmenterLib.labels.label import RegionLabel  # noqa: E402
from DLPFCSegmenterLib.networks.configuration import MaskRCNNConfig  # noqa: E402
from DLPFCSegmenterLib.networks.unet import UNetConfig  # noqa: E402
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
            left, right = (region.mask(labels, side) for side in ("left", "right"))
            shown = PreparedScan(scan.subject, scan.t1, scan.labels_kji, left, right, scan.registration)
            found[region.name] += shown.sides_mni_mm
    return found


def least(configs: tuple, people: list[np.ndarray]) -> str:
    """The least share of anybody's region in the narrowest slices, and in the 3-D window."""
    slices, window = (min(coverage(config, people).values()) for config in configs)
    return f"{100 * slices:.1f} % / {100 * window:.1f} %"


def main() -> None:
    dataset = Path(sys.argv[1])
    learnt, judged = (people_mm(dataset, part) for part in ("train", "val"))
    print("| region | the DLPFC's windows | its own, people learnt from | its own, other people |\n|---|---|---|---|")
    for name, people in learnt.items():
        before = MaskRCNNConfig(), UNetConfig()
        extent = Extent.of(people)
        own = tuple(fitted(config, extent) for config in before)
        kept = " (kept)" if own == before else ""
        print(f"| {name} | {least(before, people)} | {least(own, people)}{kept} | {least(own, judged[name])} |")


if __name__ == "__main__":
    main()
