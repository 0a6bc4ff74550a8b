"""A batch that is killed again and again ends with the table of one that nobody disturbed."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cohort.test_workers import SMALL, files_in, save_scan
from DLPFCSegmenterLib import batch

LIBRARY = Path(batch.__file__).parents[1]
PROGRAM = """
import sys
from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.cohort import workers
workers.COMMAND = {command!r}
sys.exit(main(sys.argv[1:]))
"""

MOMENTS = {
    "before the first scan": lambda out: out.exists(),
    "while a plan is written": lambda out: any(out.glob("p*/.dlpfc-*")),
    "between two scans": lambda out: (out / "logs" / "p1.log").exists(),
}


@pytest.fixture
def command(tmp_path):
    """The command on three people, with a small planner."""
    for person in range(3):
        save_scan(tmp_path / "scans" / f"p{person}.nii.gz", person)
    program = tmp_path / "dlpfc.py"
    program.write_text(PROGRAM.format(command=SMALL))
    return [sys.executable, str(program), "batch", str(tmp_path / "scans"), "--output"]


def start(command, output):
    environment = os.environ | {"PYTHONPATH": str(LIBRARY)}
    return subprocess.Popen([*command, str(output)], env=environment, stdout=subprocess.DEVNULL)


def table(output):
    """All but what tells of a run."""
    with (output / "results.csv").open(encoding="utf-8", newline="") as stream:
        return [{**line, "seconds": "", "gib": ""} for line in csv.DictReader(stream)]


@pytest.mark.skipif(os.name == "nt", reason="this system sends no signals")
def test_a_killed_batch_goes_on_and_ends_as_one_that_nobody_disturbed(command, tmp_path):
    killed, undisturbed = tmp_path / "killed", tmp_path / "undisturbed"
    for has_come in MOMENTS.values():
        running = start(command, killed)
        while running.poll() is None and not has_come(killed):
            time.sleep(0.002)
        running.send_signal(signal.SIGKILL)
        running.wait()
    for output in (killed, undisturbed, killed, undisturbed):
        assert start(command, output).wait() == 0
    assert table(killed) == table(undisturbed)
    assert files_in(killed) == files_in(undisturbed) != {}
    assert not list(killed.rglob(".dlpfc-*"))
