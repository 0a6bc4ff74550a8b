"""What a cohort costs: the page of 1000 people in a browser, persons an hour, and what survives being killed.

python Testing/benchmark_cohort.py page PLANS              folder with result folders; their copies are moved a little
python Testing/benchmark_cohort.py throughput SCANS        20 scans with one job and with two
python Testing/benchmark_cohort.py kills SCANS [TIMES]     killed at so many random moments (50)
"""

import csv
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from DLPFCSegmenterLib.cohort.group_page import write_group_page
from DLPFCSegmenterLib.cohort.group_table import side_rows, write_group_table
from synthetic_group import BROWSER, browse, synthetic_group

_DLPFC = (sys.executable, "-m", "DLPFCSegmenterLib.cli")
_LIBRARY = str(Path(__file__).resolve().parents[1] / "DLPFCSegmenter")
_ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "OMP_NUM_THREADS"} | {"PYTHONPATH": _LIBRARY}
_OF_RUN = ("seconds", "gib")
"""Columns that tell of a run, not of a result."""


def page(plans: Path) -> None:
    """Seconds from the start of loading to a page that is laid out, and its size."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "group"
        scans = synthetic_group([path.parent for path in sorted(plans.glob("*/result.json"))], output, 1000)
        began = time.monotonic()
        rows = side_rows(scans)
        write_group_table(rows, output)
        write_group_page(scans, rows, output)
        made = time.monotonic() - began
        script = "document.body.offsetHeight; document.title = performance.now();"
        told = [browse(output / "group.html", script, Path(folder) / "profile") for _ in range(3)] if BROWSER else []
        opened = [float(re.search(r"<title>([\d.]+)", each).group(1)) / 1000 for each in told]
        size = (output / "group.html").stat().st_size / 1e6
    print(
        f"1000 people: {size:.1f} MB, made in {made:.0f} s, opened in {', '.join(f'{each:.2f} s' for each in opened)}"
    )


def throughput(scans: Path, count: int = 20) -> None:
    """Persons an hour with one job and two, and the most memory that a worker held."""
    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder) / "scans"
        few.mkdir()
        for path in sorted(scans.glob("*_T1w.nii.gz"))[:count]:
            (few / path.name).symlink_to(path.resolve())
        for jobs in (1, 2):
            output = Path(folder) / f"jobs-{jobs}"
            began = time.monotonic()
            _batch(few, output, "--jobs", str(jobs)).wait()
            hours = (time.monotonic() - began) / 3600
            lines = _table(output)
            gib = max(float(line["gib"]) for line in lines)
            print(f"{jobs} jobs: {len(lines) / hours:.0f} persons an hour, at most {gib:.2f} GiB a worker", flush=True)


def kills(scans: Path, times: int = 50) -> None:
    """Kill a batch again and again, each time at another moment; whether it ends as an undisturbed one."""
    random.seed(0)
    with tempfile.TemporaryDirectory() as folder:
        undisturbed, killed = Path(folder) / "undisturbed", Path(folder) / "killed"
        began = time.monotonic()
        _batch(scans, undisturbed).wait()
        whole_s = time.monotonic() - began
        for _ in range(times):
            running = _batch(scans, killed, "--overwrite")
            time.sleep(random.uniform(0.0, whole_s))
            random.choice((os.kill, os.killpg))(running.pid, signal.SIGKILL)  # its workers may outlive it
            running.wait()
        for output in (undisturbed, killed, killed):  # the first after the kills may have had something left to do
            _batch(scans, output).wait()
        same = _results(undisturbed) == _results(killed) and _masks(undisturbed) == _masks(killed)
        left = [path for path in killed.rglob(".dlpfc-*")]
        print(f"killed {times} times: {'the same' if same else 'ANOTHER'} table and masks, {len(left)} leftovers")


def _batch(scans: Path, output: Path, *more: str) -> "subprocess.Popen[bytes]":
    command = [*_DLPFC, "batch", str(scans), "--output", str(output), *more]
    return subprocess.Popen(command, env=_ENVIRONMENT, stdout=subprocess.DEVNULL, start_new_session=True)


def _table(output: Path) -> list[dict[str, str]]:
    with (output / "results.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _results(output: Path) -> list[dict[str, str]]:
    return [{name: value for name, value in line.items() if name not in _OF_RUN} for line in _table(output)]


def _masks(output: Path) -> dict[Path, bytes]:
    return {path.relative_to(output): path.read_bytes() for path in output.rglob("*.nii.gz")}


if __name__ == "__main__":
    what, place, *rest = sys.argv[1:]
    {"page": page, "throughput": throughput, "kills": kills}[what](Path(place), *map(int, rest))
