"""The worker: jobs in a process of their own, for a panel that must never freeze.

    python -m DLPFCSegmenterLib.cli.worker JOBFOLDER
    python -m DLPFCSegmenterLib.cli.worker

A job is a function of `tasks` and its arguments. The caller writes it with `hand_over` and reads what came of it with
`read_result`. The worker writes one JSON object a line to standard output: {"device": "cpu" | "cuda"} once it is
known, {"done", "total", "text"} after each piece of work, and at the end {"finished": true} or {"error": sentence,
"kind": "user" | "memory" | "crash"}; beside text and error stands "said", what they were made of
(`sentences.to_data`). Its standard error is its log. It stops at once when a file `cancel` appears in the folder or
the folder is gone: killing the process may reach only the launcher that started it. Where the program that started it
has died, it clears the folder, which holds a person's scan.

Without a folder it stays: standard input names a job's folder a line, the next one when a job has ended; the first
line of each job is {"begun": true}, its log is `log.txt` in its folder. Meanwhile it gets ready for a plan
(`tasks.get_ready`). It ends when standard input does, after minutes without a job, after an error that nobody foresaw,
and when it has come to hold too much memory.
"""

import dataclasses
import functools
import json
import os
import queue
import re
import shutil
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO, get_type_hints

from .errors import UserError, in_one_line, is_out_of_memory
from .scan.volume import Volume
from .sentences import Sentence, language, say, speak, to_data
from .serial import RecordReader, RecordWriter
from .tasks import DOING, TASKS, WorkerProgress, get_ready

Call = functools.partial
"""A function of `tasks` and its arguments, all of them by name."""

_TASK_FILE = "task.txt"
_GIVEN_HERE = "progress"
"""The parameter that the worker gives, not the caller."""
_CANCEL = "cancel"
_CANCEL_POLL_S = 0.2
_EXIT_CANCELLED = 4

LOG_FILE = "log.txt"
"""In a job's folder: all that the worker wrote to its standard error."""

_DONE = object()
_IDLE_S = 600.0
_MOST_GIB = "1.1"
"""A worker that holds more after a job gives it back by ending: of a 1 mm head it keeps less than 1.0. The variable
`MOST_GIB` of the environment says otherwise."""

MOST_GIB = "DLPFC_WORKER_GIB"


def hand_over(folder: Path, call: Call) -> Iterator[None]:
    """Lay a job into an existing `folder`, piece by piece. Raises TypeError for arguments that do not fit."""
    name = call.func.__name__
    job = _subfolder(folder, "job")
    (job / _TASK_FILE).write_text(f"{name}\n{language()}", encoding="utf-8")
    yield from RecordWriter(job).pieces(_input_class(name)(**call.keywords))


def doing_in(folder: Path) -> Sentence:
    """What a person calls the task of a job folder."""
    with suppress(OSError):
        name = (folder / "job" / _TASK_FILE).read_text(encoding="utf-8").split("\n")[0]
        return say(DOING.get(name, name))
    return say("The work")


def read_result(folder: Path, call: Call) -> Any:
    """What the worker left in `folder` of this job; a plan shares the array of the call's own volume."""
    output = get_type_hints(call.func)["return"]
    return RecordReader(folder / "result", _shared(call.keywords)).read(output)


def do_job(folder: Path, progress: WorkerProgress) -> None:
    """Read the job in `folder`, call its function in the caller's language, and leave there what it returned."""
    name, tongue = (folder / "job" / _TASK_FILE).read_text(encoding="utf-8").split("\n")
    speak(tongue)
    job = RecordReader(folder / "job").read(_input_class(name))
    arguments = {field.name: getattr(job, field.name) for field in dataclasses.fields(job)}
    hints = get_type_hints(TASKS[name])
    given = {_GIVEN_HERE: progress} if _GIVEN_HERE in hints else {}
    result = TASKS[name](**arguments, **given)
    RecordWriter(_subfolder(folder, "result"), _shared(arguments)).write(result, hints["return"])


@functools.cache
def _input_class(name: str) -> type:
    """A dataclass of what the caller gives to a task, made of its signature."""
    hints = get_type_hints(TASKS[name])
    return dataclasses.make_dataclass(
        name, [(each, hint) for each, hint in hints.items() if each not in (_GIVEN_HERE, "return")], frozen=True
    )


def _shared(arguments: dict[str, Any]) -> dict[str, object]:
    """The scan's voxels, which the caller has: they are not written back."""
    return {name: value.array_kji for name, value in arguments.items() if isinstance(value, Volume)}


def main(arguments: list[str] | None = None) -> int:
    """Do the job in the folder that is the only argument, or stay without one; the exit code, 1 for an error."""
    folders = sys.argv[1:] if arguments is None else arguments
    lines = JsonLines(_private_stdout())
    if not folders:
        return stay(lines)
    return 1 if _done(Path(folders[0]), lines) else 0


def stay(lines: "JsonLines") -> int:
    """Do the jobs that standard input names."""
    folders = _named_on_stdin()
    steps: Iterator[None] | None = get_ready()
    while True:
        try:
            name = folders.get(timeout=_IDLE_S if steps is None else _CANCEL_POLL_S)
        except queue.Empty:
            if steps is None:
                return 0
            if next(steps, _DONE) is _DONE:
                steps = None
            continue
        if not name:
            return 0
        _log_to(Path(name) / LOG_FILE)
        lines.write(begun=True)
        kind = _done(Path(name), lines, lambda: _log_to(Path(os.devnull)))
        if kind not in ("", "user") or _held_gib() > float(os.environ.get(MOST_GIB, _MOST_GIB)):
            return 0
        steps = get_ready()


def _done(folder: Path, lines: "JsonLines", before_told: Callable[[], None] = lambda: None) -> str:
    """Do a job and tell how it ended: '' or the kind of its error. Nobody is told before `before_told`."""
    over = _watch_for_cancel(folder)
    kind, sentence = "", ""
    try:
        do_job(folder, lines)
    except UserError as error:
        kind, sentence = "user", str(error)
    except Exception as error:
        traceback.print_exc()
        kind = "memory" if is_out_of_memory(error) else "crash"
        sentence = f"{type(error).__name__}: {in_one_line(error)}"
    over.set()
    before_told()
    lines.write(**({"error": sentence, "kind": kind, **_said(sentence)} if kind else {"finished": True}))
    return kind


def _named_on_stdin() -> "queue.Queue[str]":
    """The lines of standard input as they come, and at its end an empty one."""
    named: queue.Queue[str] = queue.Queue()

    def read() -> None:
        """Until standard input ends."""
        for line in open(0, encoding="utf-8", closefd=False):
            named.put(line.rstrip("\n"))
        named.put("")

    threading.Thread(target=read, daemon=True).start()
    return named


def _log_to(file: Path) -> None:
    """What is written to standard error and output goes to `file` from now on, that of libraries too."""
    log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)


def _held_gib() -> float:
    """Memory that this process holds, in GiB; 0 where the system does not tell."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**30 if told.exists() else 0.0


def job_folder_name(owner: int | str) -> str:
    """How the name of a job folder of a process begins."""
    return f"DLPFCSegmenter-{owner}-"


def owner_is_gone(folder: Path) -> bool:
    """Whether the process that made a job folder has ended; False for a folder of another name."""
    found = re.fullmatch(job_folder_name(r"(\d+)") + r"\w+", folder.name)
    return found is not None and not _is_running(int(found[1]))


def clear_abandoned_jobs() -> None:
    """Remove what programs left behind that died in the midst of a job; their logs stay."""
    for folder in Path(tempfile.gettempdir()).glob(job_folder_name("*") + "*"):
        if owner_is_gone(folder):
            clear_job(folder)
            with suppress(OSError):
                folder.rmdir()  # where there is no log


def clear_job(folder: Path) -> None:
    """Remove what a job folder holds of a person's scan and plan; its log stays."""
    for name in ("job", "result", "scratch"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _is_running(process: int) -> bool:
    if sys.platform == "win32":
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


class JsonLines:
    """Progress and outcome as JSON lines on a stream that nothing else writes to."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def report(self, done: int, total: int, text: str) -> None:
        """One line for the piece of work that was finished (a `Progress`)."""
        self.write(done=int(done), total=int(total), text=text, **_said(text))

    def tell_device(self, device: str) -> None:
        """The line that says where the network runs (a `WorkerProgress`)."""
        self.write(device=device)

    def write(self, **values: object) -> None:
        """One line, seen by the reader at once."""
        print(json.dumps(values), file=self._stream, flush=True)


def _said(text: str) -> dict[str, Any]:
    """What a sentence with values was made of; one without is its own source."""
    return {"said": to_data(text)} if isinstance(text, Sentence) and text.values else {}


def _subfolder(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


def _private_stdout() -> TextIO:
    """Standard output for JSON alone; what libraries print goes to standard error from now on."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return stream


def _watch_for_cancel(folder: Path) -> threading.Event:
    """Watch over a job until the event that is returned is set."""
    over = threading.Event()
    threading.Thread(target=_exit_when_cancelled, args=(folder, over), daemon=True).start()
    return over


def _exit_when_cancelled(folder: Path, over: threading.Event) -> None:
    while folder.is_dir() and not (folder / _CANCEL).exists() and not owner_is_gone(folder):
        if over.wait(_CANCEL_POLL_S):
            return
    if over.is_set():
        return
    if owner_is_gone(folder):
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(_EXIT_CANCELLED)


if __name__ == "__main__":
    sys.exit(main())
