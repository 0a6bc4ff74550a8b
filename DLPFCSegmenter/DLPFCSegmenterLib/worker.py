"""The worker: one plan in a process of its own, for a panel that must never freeze.

    python -m DLPFCSegmenterLib.worker JOBFOLDER

The caller writes the job with `write_job` and reads the plan with `read_plan`. The worker writes one
JSON object a line to standard output: {"done", "total", "text"} after each piece of work, and at the
end {"finished": true} or {"error": sentence, "kind": "user" | "memory" | "crash"}. Its standard error
is its log. It stops at once when a file `cancel` appears in the folder or the folder is gone: killing
the process may reach only the launcher that started it.
"""

import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from .errors import UserError
from .plan import HemispherePlan, ModelInfo, Plan, PlanOptions, make_plan
from .progress import Progress
from .records import RecordReader, RecordWriter
from .segmentation.region import Region, SliceScore
from .targeting.coil import ScalpEntry
from .targeting.landmark import Landmark
from .targeting.scalp import Scalp
from .targeting.target import Target
from .torch_check import check_torchvision
from .volume.volume import Volume

_JOB_CLASSES = (Volume, PlanOptions)
_PLAN_CLASSES = (
    *_JOB_CLASSES, Plan, HemispherePlan, ModelInfo, Region, SliceScore, Landmark, Target, Scalp, ScalpEntry,
)  # fmt: skip
_CANCEL = "cancel"
_CANCEL_POLL_S = 0.2
_EXIT_CANCELLED = 4

PlanMaker = Callable[[Volume, PlanOptions, Progress], Plan]


def write_job(folder: Path, volume: Volume, options: PlanOptions) -> None:
    """Lay a job into an existing `folder`."""
    job = _subfolder(folder, "job")
    RecordWriter(job).write((volume, options))


def read_plan(folder: Path, volume: Volume) -> Plan:
    """The plan that the worker left in `folder` for this `volume`, whose array it shares."""
    return RecordReader(folder / "plan", _PLAN_CLASSES, {"scan": volume.array_kji}).read()


def request_cancel(folder: Path) -> None:
    """Ask the worker on `folder` to stop within a fraction of a second."""
    (folder / _CANCEL).touch()


def main(arguments: list[str] | None = None, planner: PlanMaker = make_plan) -> int:
    """Do the job in the folder named by the only argument; the exit code is 0, or 1 for any error."""
    (name,) = sys.argv[1:] if arguments is None else arguments
    folder = Path(name)
    lines = JsonLines(_private_stdout())
    _watch_for_cancel(folder)
    try:
        do_job(folder, lines, planner)
    except UserError as error:
        return lines.fail("user", str(error))
    except Exception as error:
        traceback.print_exc()
        return lines.fail("memory" if _is_out_of_memory(error) else "crash", f"{type(error).__name__}: {error}")
    lines.write(finished=True)
    return 0


def do_job(folder: Path, progress: Progress, planner: PlanMaker) -> None:
    """Read the job in `folder`, plan, and leave the plan there."""
    volume, options = RecordReader(folder / "job", _JOB_CLASSES).read()
    if planner is make_plan:
        check_torchvision()
    plan = planner(volume, options, progress)
    RecordWriter(_subfolder(folder, "plan"), {"scan": volume.array_kji}).write(plan)


class JsonLines:
    """Progress and outcome as JSON lines on a stream that nothing else writes to."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def report(self, done: int, total: int, text: str) -> None:
        """One line for the piece of work that was finished (a `Progress`)."""
        self.write(done=int(done), total=int(total), text=text)

    def fail(self, kind: str, sentence: str) -> int:
        """The last line of a job that failed; returns the exit code."""
        self.write(error=sentence, kind=kind)
        return 1

    def write(self, **values: object) -> None:
        """One line, seen by the reader at once."""
        print(json.dumps(values), file=self._stream, flush=True)


def _subfolder(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


def _private_stdout() -> TextIO:
    """Standard output for JSON alone; what libraries print goes to standard error from now on."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return stream


def _watch_for_cancel(folder: Path) -> None:
    threading.Thread(target=_exit_when_cancelled, args=(folder,), daemon=True).start()


def _exit_when_cancelled(folder: Path) -> None:
    never = threading.Event()
    while folder.is_dir() and not (folder / _CANCEL).exists():
        never.wait(_CANCEL_POLL_S)
    os._exit(_EXIT_CANCELLED)


def _is_out_of_memory(error: Exception) -> bool:
    """torch raises its own class on a GPU and a plain RuntimeError on the CPU."""
    named = isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
    return named or "can't allocate memory" in str(error)


if __name__ == "__main__":
    sys.exit(main())
