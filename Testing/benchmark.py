"""Measures what BENCHMARKS.md states of time and memory, as ratios side by side, on any machine: `make benchmark`.

    .venv/bin/python Testing/benchmark.py T1 [RUNS]

The scan is put into the middle of a cube of 256 voxels of 1 mm. Each command is a process of its own; commands that are
compared take turns, and medians are told. Other programs on the machine disturb all of them alike, so ratios last where
seconds do not.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

LIBRARY = Path(__file__).resolve().parent.parent / "DLPFCSegmenter"
sys.path.insert(0, str(LIBRARY))

SIZE = 256
IMPORT = "import torch, torchvision"
BUSY = "while True: pass"
READY_S = 10.0
"""So long a worker that stays is left alone to get ready."""


def cube_around(volume):
    """The scan resampled into a RAS cube of 256 voxels of 1 mm with its centre."""
    from DLPFCSegmenterLib.geometry import spaces
    from DLPFCSegmenterLib.scan.canonical import resample
    from DLPFCSegmenterLib.scan.volume import Volume

    middle = spaces.ijk_to_ras_points(volume.ijk_to_ras, (np.array(volume.shape_ijk) - 1) / 2)
    matrix = np.eye(4)
    matrix[:3, 3] = middle - (SIZE - 1) / 2
    return resample(volume, Volume(np.zeros((SIZE,) * 3, np.uint8), matrix, volume.origin))


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds by the clock and of all cores together, and the most memory that it held."""

    wall_s: float
    cpu_s: float
    peak_gib: float


def cost_of(arguments: Sequence[str], beside: int = 0) -> Cost:
    """Run Python with arguments to its end, beside so many copies of itself; the cost is that of the last to end."""
    started = time.perf_counter()
    processes = [python(each) for each in _each_with_own_folder(arguments, beside + 1)]
    costs = []
    for process in processes:
        _, status, used = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{' '.join(arguments)}: ended with {status}")
        costs.append(Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20))
    return costs[-1]


def python(arguments: Sequence[str], **pipes) -> subprocess.Popen:
    """A Python that finds the library."""
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    environment["PYTHONPATH"] = str(LIBRARY)
    pipes = pipes or {"stdout": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, *arguments], env=environment, **pipes)


def _each_with_own_folder(arguments: Sequence[str], count: int) -> list[list[str]]:
    """The same arguments so many times; a folder for results is that of each alone."""
    return [[f"{each}{number}" if each.endswith("/out") else each for each in arguments] for number in range(count)]


def command(*words: str) -> list[str]:
    """`dlpfc` with these words."""
    return ["-m", "DLPFCSegmenterLib.cli", *words]


def commands(scan: Path, folder: Path, runs: int) -> None:
    """Print what each command costs beside the mere import of the two libraries."""
    to = ["--output", str(folder / "out"), "--overwrite"]
    told = {
        f"`python -c '{IMPORT}'`": ["-c", IMPORT],
        "`dlpfc --help`": command("--help"),
        "`dlpfc segment`": command("segment", str(scan), *to),
        "`dlpfc plan`": command("plan", str(scan), *to),
        "`dlpfc plan --hemisphere both --report`": command("plan", str(scan), *to, "--hemisphere", "both", "--report"),
    }
    costs = {name: [] for name in told}
    for _ in range(runs):
        for name, arguments in told.items():
            costs[name].append(cost_of(arguments))
    first = median(cost.wall_s for cost in costs[next(iter(told))])
    print("\n| command | s | of the import | processor s | most memory, GiB |\n|---|---|---|---|---|")
    for name, found in costs.items():
        wall_s, cpu_s = (median(getattr(cost, each) for cost in found) for each in ("wall_s", "cpu_s"))
        peak = max(cost.peak_gib for cost in found)
        print(f"| {name} | {wall_s:.1f} | {wall_s / first:.2f} | {cpu_s:.1f} | {peak:.2f} |", flush=True)


def under_load(scan: Path, folder: Path, runs: int) -> None:
    """Print how much longer a plan takes beside busy programs and beside another plan."""
    arguments = command("plan", str(scan), "--output", str(folder / "out"), "--overwrite")
    busy = 2
    cases: dict[str, Callable[[], Cost]] = {
        "alone": lambda: cost_of(arguments),
        f"beside {busy} programs at full load": lambda: _beside_busy(arguments, busy),
        "two plans side by side, until both are done": lambda: cost_of(arguments, beside=1),
    }
    costs = {name: [] for name in cases}
    for _ in range(runs):
        for name, case in cases.items():
            costs[name].append(case().wall_s)
    alone = median(costs["alone"])
    print(f"\n| a plan on {os.cpu_count()} cores | s | of alone |\n|---|---|---|")
    for name, found in costs.items():
        print(f"| {name} | {median(found):.1f} | {median(found) / alone:.2f} |", flush=True)


def _beside_busy(arguments: Sequence[str], count: int) -> Cost:
    others = [python(["-c", BUSY]) for _ in range(count)]
    try:
        return cost_of(arguments)
    finally:
        for other in others:
            other.kill()
            other.wait()


def staying(path: Path, folder: Path) -> None:
    """Print how long the worker that stays takes, where Segment is clicked at once and where it is clicked later."""
    from DLPFCSegmenterLib.plan import PlanOptions
    from DLPFCSegmenterLib.scan.readers import read_volume
    from DLPFCSegmenterLib.tasks import plan_scan, why_no_scalp
    from DLPFCSegmenterLib.worker import Call

    cube = read_volume(path)
    look = Call(why_no_scalp, volume=cube, path=None)
    left, right = (Call(plan_scan, volume=cube, path=None, options=PlanOptions((each,))) for each in ("left", "right"))
    at_once, _ = seconds_of([look, left], folder / "at once")
    later, peak_gib = seconds_of([look, None, left, right], folder / "later")
    print(f"\n| the worker that stays (most memory {peak_gib:.2f} GiB) | s |\n|---|---|")
    print(f"| scan chosen and Segment clicked at once, until the plan is read | {sum(at_once):.1f} |")
    for name, seconds in zip(
        ("scan chosen, until scalp and skull are known", "Segment", "right side"), later, strict=True
    ):
        print(f"| {name} | {seconds:.1f} |", flush=True)


def seconds_of(calls: Sequence, folder: Path) -> tuple[list[float], float]:
    """Seconds that each job of one worker takes, hand-over and reading included, and its most memory in GiB.

    None in place of a job gives the worker time to get ready.
    """
    from DLPFCSegmenterLib.worker import hand_over, read_result

    worker = python(["-m", "DLPFCSegmenterLib.cli.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    seconds = []
    for number, call in enumerate(calls):
        if call is None:
            time.sleep(READY_S)
            continue
        started, job = time.perf_counter(), folder / str(number)
        job.mkdir(parents=True)
        for _ in hand_over(job, call):
            pass
        worker.stdin.write(f"{job}\n".encode())
        worker.stdin.flush()
        while not {"finished", "error"} & (told := json.loads(worker.stdout.readline())).keys():
            pass
        assert "finished" in told, told
        read_result(job, call)
        seconds.append(time.perf_counter() - started)
    worker.stdin.close()
    return seconds, os.wait4(worker.pid, 0)[2].ru_maxrss / 2**20


def memory(path: Path) -> None:
    """Print what this process holds after each step of a plan; for a process of its own."""
    import DLPFCSegmenterLib.cli  # noqa: F401 - its quiet threads
    from DLPFCSegmenterLib.worker import _held_gib

    rows = {"Python and NumPy": _held_gib()}

    def after(step: str) -> None:
        rows[step] = _held_gib()

    from DLPFCSegmenterLib.export.plan_folder import write_plan
    from DLPFCSegmenterLib.plan import Kept, PlanOptions, make_plan
    from DLPFCSegmenterLib.scan.checks import check_scan
    from DLPFCSegmenterLib.scan.readers import read_volume

    after("geometry of VTK, ITK")
    scan = check_scan(read_volume(path))
    after("scan read, and nibabel")
    kept = Kept()
    kept.scalp(scan)
    after("canonical grid, scalp")
    import torch  # noqa: F401

    after("PyTorch")
    kept.model(None, "cpu")
    after("torchvision, networks")
    kept.head(scan)
    after("head frame")
    plan = make_plan(scan, PlanOptions(), kept=kept)
    after("planned")
    with tempfile.TemporaryDirectory() as folder:
        write_plan(plan, folder, overwrite=True)
    after("written, and matplotlib")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print("\n| memory held after | GiB | more |\n|---|---|---|")
    for (name, held), before in zip(rows.items(), (0.0, *rows.values()), strict=False):
        print(f"| {name} | {held:.2f} | {held - before:+.2f} |")
    print(f"| most at any time | {peak:.2f} | |")


def steps(path: Path) -> None:
    """Print the seconds of each step of a plan; for a process of its own."""
    import DLPFCSegmenterLib.cli  # noqa: F401 - its quiet threads
    from DLPFCSegmenterLib.plan import make_plan
    from DLPFCSegmenterLib.scan.readers import read_volume
    from DLPFCSegmenterLib.torch_check import check_torchvision

    started = time.perf_counter()
    check_torchvision()
    rows = {"import PyTorch and torchvision": time.perf_counter() - started}
    scan, started = read_volume(path), time.perf_counter()
    rows |= make_plan(scan).timing_s | {"whole plan": time.perf_counter() - started}
    print("\n| step | s |\n|---|---|")
    for name, seconds in rows.items():
        print(f"| {name} | {seconds:.2f} |")


def main(arguments: Sequence[str]) -> None:
    """Print all tables, or with a table's name that one alone, of a cube that is there already."""
    path, *rest = arguments
    if rest and rest[0] in ALONE:
        ALONE[rest[0]](Path(path))
        return
    import nibabel

    from DLPFCSegmenterLib.scan.readers import read_volume

    runs = int(rest[0]) if rest else 5
    with tempfile.TemporaryDirectory() as name:
        folder, cube = Path(name), cube_around(read_volume(Path(path)))
        scan = folder / "cube.nii.gz"
        nibabel.save(nibabel.Nifti1Image(cube.array_kji.astype(np.int16).transpose(), cube.ijk_to_ras), scan)
        commands(scan, folder, runs)
        under_load(scan, folder, max(1, runs // 2))
        staying(scan, folder)
        for table in ALONE:
            python([__file__, str(scan), table], stdout=None).wait()


ALONE = {"steps": steps, "memory": memory}
"""Tables that a process of its own makes."""

if __name__ == "__main__":
    main(sys.argv[1:])
