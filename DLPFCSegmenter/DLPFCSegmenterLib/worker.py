"""The worker: one task on one scan in a process of its own, for a panel that must never freeze.

    python -m DLPFCSegmenterLib.worker JOBFOLDER

The class of the task says what is done and what comes of it:
    PlanOptions    a `Plan`
    ScalpQuestion  a `ScalpAnswer`
    MarksQuestion  a `MarksAnswer`
    Correction     the files written, a tuple of paths
    SpacesQuestion the `Spaces` that the formats of export have for the scan
    Export         an `ExportOutcome`
    PlanToFolder   a `Plan`, or None where the scan was read from a file
    ScansQuestion  the scans in a folder, a tuple of paths
The caller writes the job with `hand_over` and reads what came of it with `read_result`. The worker
writes one JSON object a line to standard output: {"device": "cpu" | "cuda"} once it is known, {"done",
"total", "text"} after each piece of work, and at the end {"finished": true} or {"error": sentence,
"kind": "user" | "memory" | "crash"}. Its standard error is its log. It stops at once when a file
`cancel` appears in the folder or the folder is gone: killing the process may reach only the launcher
that started it. Where the program that started it has died, it clears the folder, which holds a person's scan.
"""

import json
import os
import re
import shutil
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TextIO

from .batch import plan_to_folder, scans_in
from .edited_plan import HeadAsLeft, plan_as_left
from .errors import NoScalpError, UserError
from .export.correction import Correction, write_correction
from .export.exporting import ExportOrder, ExportOutcome, Spaces, export_plan, spaces_for
from .plan import Plan, PlanOptions, make_plan
from .progress import Progress
from .scan.readers import as_in_file
from .scan.volume import Volume
from .serial import RecordReader, RecordWriter
from .targeting.fiducials import Fiducials
from .targeting.placing import Head, place_marks, with_fiducials
from .targeting.point import Landmark
from .targeting.scalp import Scalp, extract_scalp
from .torch_check import check_torchvision


@dataclass(frozen=True)
class ScalpQuestion:
    """The task of looking whether a scan shows a scalp over a skull."""


@dataclass(frozen=True)
class ScalpAnswer:
    """'' where the scan shows a scalp over a skull, else the sentence that says why it does not."""

    reason: str


@dataclass(frozen=True)
class MarksQuestion:
    """The task of measuring F3/F4 and Beam F3/F4 on a scalp from other fiducials."""

    scalp: Scalp
    fiducials: Fiducials
    hemispheres: tuple[str, ...]


@dataclass(frozen=True)
class MarksAnswer:
    """Hemisphere -> its landmarks, and what is doubtful or could not be measured."""

    marks: dict[str, tuple[Landmark, ...]]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class SpacesQuestion:
    """The task of looking which formats can hold the scan, and in which space.

    path  the file that the scan was loaded from, or None
    """

    path: Path | None
    has_scalp: bool


@dataclass(frozen=True)
class Export:
    """The task of writing the plan as a person has left it; `path` as in `SpacesQuestion`."""

    head: HeadAsLeft
    order: ExportOrder
    path: Path | None


@dataclass(frozen=True)
class PlanToFolder:
    """The task of planning and writing the results into a folder.

    source  where the scan is to be read, or '' where it is the job's own
    """

    options: PlanOptions
    folder: Path
    source: str = ""


@dataclass(frozen=True)
class ScansQuestion:
    """The task of looking for scans in a folder, whose results will go to `output`."""

    folder: Path
    output: Path


Task = PlanOptions | ScalpQuestion | MarksQuestion | Correction | SpacesQuestion | Export | PlanToFolder | ScansQuestion

Job = tuple[Volume | None, Task]
Result = Plan | ScalpAnswer | MarksAnswer | Spaces | ExportOutcome | tuple[Path, ...] | None
"""What is laid into a folder for the worker, and what it leaves there."""

_CANCEL = "cancel"
_CANCEL_POLL_S = 0.2
_EXIT_CANCELLED = 4


class WorkerProgress(Progress, Protocol):
    """A `Progress` that also hears where the network runs."""

    def tell_device(self, device: str) -> None:
        """The network runs on 'cpu' or 'cuda'."""


PlanMaker = Callable[[Volume, PlanOptions, WorkerProgress], Plan]


def hand_over(folder: Path, volume: Volume | None, task: Task) -> Iterator[None]:
    """Lay a job into an existing `folder`, piece by piece; a task that reads its own scan needs no `volume`."""
    yield from RecordWriter(_subfolder(folder, "job")).pieces((volume, task), Job)


def read_result(folder: Path, volume: Volume | None) -> object:
    """What the worker left in `folder` for this `volume`, whose array a plan shares."""
    return RecordReader(folder / "result", _shared(volume)).read(Result)


def _shared(volume: Volume | None) -> dict[str, object]:
    return {} if volume is None else {"scan": volume.array_kji}


def job_folder_name(owner: int | str) -> str:
    """How the name of a job folder of a process begins."""
    return f"DLPFCSegmenter-{owner}-"


def owner_is_gone(folder: Path) -> bool:
    """Whether the process that made a job folder has ended; False for a folder of another name."""
    found = re.fullmatch(job_folder_name(r"(\d+)") + r"\w+", folder.name)
    return found is not None and not _is_running(int(found[1]))


def _is_running(process: int) -> bool:
    if os.name == "nt":
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x100000, False, process)  # SYNCHRONIZE; None for no process
        running = bool(handle) and ctypes.windll.kernel32.WaitForSingleObject(handle, 0) != 0
        ctypes.windll.kernel32.CloseHandle(handle)
        return running
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def request_cancel(folder: Path) -> None:
    """Ask the worker on `folder` to stop within a fraction of a second."""
    (folder / _CANCEL).touch()


def plan_on_device(volume: Volume, options: PlanOptions, progress: WorkerProgress) -> Plan:
    """`make_plan`, once it is sure that torchvision works and on which device."""
    check_torchvision()
    from .networks.weights import choose_device

    progress.tell_device(choose_device(options.device))
    return make_plan(volume, options, progress)


def main(arguments: list[str] | None = None, planner: PlanMaker = plan_on_device) -> int:
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


def do_job(folder: Path, progress: WorkerProgress, planner: PlanMaker) -> None:
    """Read the job in `folder`, do its task, and leave there what came of it."""
    volume, task = RecordReader(folder / "job").read(Job)
    result = _perform(volume, task, folder, progress, planner)
    RecordWriter(_subfolder(folder, "result"), _shared(volume)).write(result, Result)


def _perform(volume: Volume | None, task: Task, folder: Path, progress: WorkerProgress, planner: PlanMaker) -> object:
    match task:
        case ScalpQuestion():
            return _look_for_scalp(volume)
        case MarksQuestion():
            return _measure_marks(task)
        case Correction():
            return write_correction(volume, task)
        case SpacesQuestion():
            return spaces_for(as_in_file(volume, task.path), task.has_scalp)
        case Export():
            plan = plan_as_left(as_in_file(volume, task.path), task.head)
            return export_plan(plan, task.order, _subfolder(folder, "scratch"), progress)
        case PlanToFolder():
            plan = plan_to_folder(task.source or volume, task.options, task.folder, progress, planner)
            return None if task.source else plan
        case ScansQuestion():
            return scans_in(task.folder, task.output)
    return planner(volume, task, progress)


def _look_for_scalp(volume: Volume) -> ScalpAnswer:
    try:
        extract_scalp(volume)
    except NoScalpError as error:
        return ScalpAnswer(str(error))
    return ScalpAnswer("")


def _measure_marks(question: MarksQuestion) -> MarksAnswer:
    head = with_fiducials(Head(question.scalp, None), question.fiducials)
    placed = {name: place_marks(head, name) for name in question.hemispheres}
    doubts = (doubt for _, found in placed.values() for doubt in found)
    of_marks = (text for marks, _ in placed.values() for mark in marks for text in mark.warnings)
    warnings = tuple(dict.fromkeys((*head.warnings, *doubts, *of_marks)))
    return MarksAnswer({name: marks for name, (marks, _) in placed.items()}, warnings)


class JsonLines:
    """Progress and outcome as JSON lines on a stream that nothing else writes to."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def report(self, done: int, total: int, text: str) -> None:
        """One line for the piece of work that was finished (a `Progress`)."""
        self.write(done=int(done), total=int(total), text=text)

    def tell_device(self, device: str) -> None:
        """The line that says where the network runs (a `WorkerProgress`)."""
        self.write(device=device)

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
    while folder.is_dir() and not (folder / _CANCEL).exists() and not owner_is_gone(folder):
        never.wait(_CANCEL_POLL_S)
    if owner_is_gone(folder):
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(_EXIT_CANCELLED)


def _is_out_of_memory(error: Exception) -> bool:
    """torch raises its own class on a GPU and a plain RuntimeError on the CPU."""
    named = isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
    return named or "can't allocate memory" in str(error)


if __name__ == "__main__":
    sys.exit(main())
