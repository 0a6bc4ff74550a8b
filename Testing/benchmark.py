"""Measures what BENCHMARKS.md states: seconds and memory of the main job on a 1 mm 256-cube.

    .venv/bin/python Testing/benchmark.py T1

The scan is put into the middle of a cube of 256 voxels of 1 mm. Figures are those of this process:
importing and loading apart, then every step of the plan, and the most memory that was ever in use.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "DLPFCSegmenter"))

SIZE = 256


def cube_around(volume):
    """The scan resampled into a RAS cube of 256 voxels of 1 mm with its centre."""
    from DLPFCSegmenterLib.geometry import spaces
    from DLPFCSegmenterLib.scan.canonical import resample
    from DLPFCSegmenterLib.scan.volume import Volume

    middle = spaces.ijk_to_ras_points(volume.ijk_to_ras, (np.array(volume.shape_ijk) - 1) / 2)
    matrix = np.eye(4)
    matrix[:3, 3] = middle - (SIZE - 1) / 2
    return resample(volume, Volume(np.zeros((SIZE,) * 3, np.uint8), matrix, volume.origin))


def main(path: str) -> None:
    """Print a Markdown table of seconds and memory."""
    started = time.perf_counter()
    import torch

    import DLPFCSegmenterLib.segmentation.segmenter  # noqa: F401 - with torchvision, which a plan imports late
    from DLPFCSegmenterLib.plan import PlanOptions, make_plan
    from DLPFCSegmenterLib.progress import SilentProgress
    from DLPFCSegmenterLib.scan.readers import read_volume

    rows = {"import": time.perf_counter() - started}
    cube = cube_around(read_volume(Path(path)))
    started = time.perf_counter()
    plan = make_plan(cube, PlanOptions(), SilentProgress())
    rows |= plan.timing_s | {"whole plan": time.perf_counter() - started}
    slices = len(plan.sides["left"].region.slices)
    print(f"threads {torch.get_num_threads()}, {slices} slices with a detection\n")
    print("| step | seconds |\n|---|---|")
    for name, seconds in rows.items():
        print(f"| {name} | {seconds:.2f} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"| most memory | {peak:.2f} GiB |")


if __name__ == "__main__":
    main(sys.argv[1])
