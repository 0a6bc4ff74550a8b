"""Measures how heads are told that lie against their header, and found that lie oblique, and how long each takes.

    .venv/bin/python Testing/benchmark_turns.py T1W...

The scans are given headers that turn or mirror them about their middle. How far a frame lies off is against that of the
scan as it is: mean over six points of the brain. Seconds are those of a scan on its canonical grid.
"""

import importlib
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

TESTING = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTING.parent / "DLPFCSegmenter"), str(TESTING)]

importlib.import_module("DLPFCSegmenterLib.cli")  # before NumPy and PyTorch, which get the threads of users' commands

import numpy as np  # noqa: E402
import SimpleITK as sitk  # noqa: E402

from benchmark_head_frame import POINTS_MNI_MM  # noqa: E402
from DLPFCSegmenterLib.geometry.spaces import MIRROR_X, transform_points  # noqa: E402
from DLPFCSegmenterLib.scan.canonical import to_canonical  # noqa: E402
from DLPFCSegmenterLib.scan.head_frame import HeadFrame, implausible_frame  # noqa: E402
from DLPFCSegmenterLib.scan.readers import read_volume  # noqa: E402
from DLPFCSegmenterLib.scan.volume import Volume  # noqa: E402
from DLPFCSegmenterLib.segmentation.head_finding import frame_by_shipped_networks  # noqa: E402
from harder_scans import under_another_header  # noqa: E402


def about(axis: np.ndarray, degrees: float) -> np.ndarray:
    """Rotation about an axis, 3x3."""
    unit = axis / np.linalg.norm(axis)
    return np.reshape(sitk.VersorTransform(unit.tolist(), np.radians(degrees)).GetMatrix(), (3, 3))


ACROSS, ALONG, UP = np.eye(3)

WRONG = {
    "prone for supine": np.diag([-1.0, -1.0, 1.0]),
    "feet first for head first": np.diag([-1.0, 1.0, -1.0]),
    "both": np.diag([1.0, -1.0, -1.0]),
    "front and back swapped": np.diag([1.0, -1.0, 1.0]),
    "top and bottom swapped": np.diag([1.0, 1.0, -1.0]),
    "a quarter turn about the top": about(UP, 90.0),
    "a quarter turn, face up": about(ACROSS, 90.0),
    "a quarter turn, face down": about(ACROSS, -90.0),
    "a quarter turn about the nose": about(ALONG, 90.0),
    "axes in another order": np.eye(3)[[1, 2, 0]],
    "prone for supine, and 20 degrees": about(UP, 160.0),
}
OBLIQUE_DEG = (40.0, 45.0, 50.0, 55.0, 60.0)
AXES = 2
"""How many axes at random a scan is turned about by each of these angles."""


@dataclass(frozen=True)
class Seen:
    """What is told of a scan under another header."""

    frame: HeadFrame
    off_mm: float
    seconds: float

    @property
    def found(self) -> bool:
        """Whether it is taken for a head."""
        return implausible_frame(self.frame) == ""

    @property
    def told(self) -> bool:
        """Whether it is refused as a head that lies turned, from where the head is."""
        return not self.found and implausible_frame(self.frame.straightened) == "" and self.off_mm < 10.0


def seen(scan: Volume, linear: np.ndarray, plain: HeadFrame | None) -> Seen:
    """The scan under a header that turns it (3x3) about its middle."""
    turned, moved = under_another_header(scan, linear)
    canonical = to_canonical(turned)
    begun = time.perf_counter()
    frame = frame_by_shipped_networks(canonical)
    seconds = time.perf_counter() - begun
    truth = (plain or frame).ras_from_mni
    if np.linalg.det(linear) < 0:
        truth = truth @ MIRROR_X
    off = transform_points(frame.ras_from_mni, POINTS_MNI_MM) - transform_points(moved @ truth, POINTS_MNI_MM)
    return Seen(frame, float(np.linalg.norm(off, axis=1).mean()), seconds)


def main(paths: list[Path]) -> None:
    """Print a Markdown table."""
    rows: dict[str, list[Seen]] = defaultdict(list)
    for number, path in enumerate(paths):
        scan, rng = read_volume(path), np.random.default_rng(number)
        seen(scan, np.eye(3), None)
        plain = seen(scan, np.eye(3), None)
        rows["as it is"].append(plain)
        for name, linear in WRONG.items():
            rows[name].append(seen(scan, linear, plain.frame))
        for degrees in OBLIQUE_DEG:
            for _ in range(AXES):
                rows[f"oblique by {degrees:g} degrees"].append(
                    seen(scan, about(rng.normal(size=3), degrees), plain.frame)
                )
    print("| header | found | off, median / worst, mm | refused as turned | refused otherwise | s, median / most |")
    print("|---|---|---|---|---|---|")
    for name, everybody in rows.items():
        found = [each.off_mm for each in everybody if each.found]
        off = f"{np.median(found):.2f} / {max(found):.2f}" if found else ""
        told, seconds = sum(each.told for each in everybody), [each.seconds for each in everybody]
        print(
            f"| {name} | {len(found)} of {len(everybody)} | {off} | {told} | {len(everybody) - len(found) - told}"
            f" | {np.median(seconds):.2f} / {max(seconds):.2f} |"
        )


if __name__ == "__main__":
    main([Path(path) for path in sys.argv[1:]])
