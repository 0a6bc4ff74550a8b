"""The worker as a `QProcess`: started, listened to, killed, and its end put into words."""

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import qt
import slicer

from ...sentences import from_data, joined, say
from ...worker import LOG_FILE, doing_in, request_cancel
from ..timers import later

FINISHED = "finished"
CANCELLED = "cancelled"
FAILED = "failed"

_KILL_MS = 1000
_MODULE_FOLDER = Path(__file__).resolve().parents[3]
_WORKER = ("-m", "DLPFCSegmenterLib.cli.worker")


@dataclass(frozen=True)
class Outcome:
    """How a worker ended: FINISHED, CANCELLED or FAILED, and for the last the sentence to show."""

    kind: str
    message: str = ""


class ProcessListener(Protocol):
    """Who is told what a worker does."""

    def on_device(self, device: str) -> None:
        """The network runs on 'cpu' or 'cuda'."""

    def on_progress(self, done: int, total: int, text: str) -> None:
        """`done` of `total` pieces of the step `text` are finished."""

    def on_ended(self, outcome: Outcome) -> None:
        """Said once, last."""


class Process(Protocol):
    """What does the job in a folder and tells a listener: `WorkerProcess`, or whatever stands in for it."""

    def start(self) -> None:
        """Return at once; the listener is told later, from the event loop."""

    def cancel(self) -> None:
        """Stop; the listener is told within a second."""

    def abandon(self) -> None:
        """Stop at once; the listener is told nothing more."""


class WorkerProcess:
    """One run of the worker on a job folder. Signals arrive in the window's own event loop."""

    def __init__(self, folder: Path, listener: ProcessListener) -> None:
        self._folder = folder
        self._listener: ProcessListener | None = listener
        self._lines = _Lines()
        self._last_line: dict = {}
        self._cancelled = False
        self._process: qt.QProcess | None = None

    @property
    def log(self) -> Path:
        """File with all that the worker wrote to its standard error."""
        return self._folder / LOG_FILE

    def command(self) -> list[str]:
        """Program and arguments; the working directory is the module's folder."""
        return [python_program(), *_WORKER, str(self._folder)]

    def start(self) -> None:
        """Start the worker and return at once."""
        program, *arguments = self.command()
        self._process = qt.QProcess()
        self._process.setWorkingDirectory(str(_MODULE_FOLDER))
        self._process.setStandardErrorFile(str(self.log))
        self._process.connect("readyReadStandardOutput()", self._read)
        self._process.connect("finished(int,QProcess::ExitStatus)", self._on_finished)
        self._process.connect("errorOccurred(QProcess::ProcessError)", self._on_error)
        self._process.start(program, arguments)

    def cancel(self) -> None:
        """Stop the worker. The file reaches a worker that hides behind a launcher, the kill the rest."""
        if self._process is None:
            return
        self._cancelled = True
        request_cancel(self._folder)
        self._process.kill()

    def abandon(self) -> None:
        """Kill the worker now and tell nobody: its scene or its panel is going away."""
        process, self._process, self._listener = self._process, None, None
        if process is None:
            return
        request_cancel(self._folder)
        process.kill()
        process.waitForFinished(_KILL_MS)
        process.deleteLater()

    def _read(self) -> None:
        if self._process is None:
            return
        for told in self._lines.read_from(self._process):
            self._last_line = told
            if not self._cancelled:
                _pass_on(told, self._listener)

    def _on_error(self, error: int) -> None:
        """Only a program that never started has no `finished`; it may be told inside `start` itself."""
        if error == qt.QProcess.FailedToStart:
            later(lambda: self._end(_not_started(self.command())))

    def _on_finished(self, exit_code: int) -> None:
        self._read()
        self._end(Outcome(CANCELLED) if self._cancelled else _outcome(self._last_line, exit_code, self._folder))

    def _end(self, outcome: Outcome) -> None:
        """Tell the listener once. The process object is let go only after its signal is done.

        Until Qt deletes it, it keeps whom its signals are connected to: that must not be the listener, with its scan.
        """
        if self._process is None:
            return
        process, self._process = self._process, None
        listener, self._listener = self._listener, None
        process.deleteLater()
        listener.on_ended(outcome)


class WarmWorker:
    """The worker that stays: head after head is looked at by one process, which has imported all that it needs.

    It is started with the first job, and again where it is gone: it ends by itself when it was idle for long, and may
    be killed from outside.
    """

    def __init__(self) -> None:
        self._jobs: list[WarmJob] = []
        self._lines = _Lines()
        self._process: qt.QProcess | None = None
        self._is_wanted = False
        self._named: WarmJob | None = None

    def job(self, folder: Path, listener: ProcessListener) -> "WarmJob":
        """A job for it (a `ProcessFactory`)."""
        return WarmJob(self, folder, listener)

    def command(self) -> list[str]:
        """Program and arguments; the working directory is the module's folder."""
        return [python_program(), *_WORKER]

    def end(self) -> None:
        """End it; whoever waits for a job is told that it was cancelled."""
        self._is_wanted = False
        self._kill()
        jobs, self._jobs = self._jobs, []
        for job in jobs:
            job.listener.on_ended(Outcome(CANCELLED))

    def add(self, job: "WarmJob") -> None:
        """Do a job when those before it are done."""
        self._is_wanted = True
        self._jobs.append(job)
        self._go_on()

    def drop(self, job: "WarmJob") -> bool:
        """Do a job no more; one that is being done stops at once. Whether it was not done yet."""
        if job not in self._jobs:
            return False
        self._jobs.remove(job)
        if job is self._named:
            request_cancel(job.folder)
            self._kill()
            later(self._go_on)  # it gets ready again for the next job
        return True

    def _go_on(self) -> None:
        """Name the next job to the worker, which is started where it is gone."""
        if self._process is None and self._is_wanted:
            self._start()
        if self._jobs and self._named is None:
            self._named = self._jobs[0]
            self._process.write(f"{self._named.folder}\n".encode())

    def _start(self) -> None:
        program, *arguments = self.command()
        process = self._process = qt.QProcess()
        self._lines, self._named = _Lines(), None
        process.setWorkingDirectory(str(_MODULE_FOLDER))
        process.setStandardErrorFile(str(self._jobs[0].log) if self._jobs else os.devnull)
        process.connect("readyReadStandardOutput()", lambda: self._read(process))
        process.connect("finished(int,QProcess::ExitStatus)", lambda code: self._on_finished(process, code))
        process.connect("errorOccurred(QProcess::ProcessError)", lambda error: self._on_error(process, error))
        process.start(program, arguments)

    def _kill(self) -> None:
        process, self._process, self._named = self._process, None, None
        if process is not None:
            process.kill()
            process.waitForFinished(_KILL_MS)
            process.deleteLater()

    def _read(self, process) -> None:
        if process is not self._process:
            return
        for told in self._lines.read_from(process):
            if self._named is None:
                continue
            if "begun" in told:
                self._named.is_begun = True
            elif "finished" in told or "error" in told:
                self._end_named(_outcome(told, 0, self._named.folder))
            else:
                _pass_on(told, self._named.listener)

    def _end_named(self, outcome: Outcome) -> None:
        job, self._named = self._named, None
        self._jobs.remove(job)
        job.listener.on_ended(outcome)
        if self._jobs:
            self._go_on()

    def _on_error(self, process, error: int) -> None:
        if error == qt.QProcess.FailedToStart:
            later(lambda: self._be_gone(process, _not_started(self.command())))

    def _on_finished(self, process, exit_code: int) -> None:
        """It may end, or be killed, between two jobs: one that was named and not begun is named again, once."""
        self._read(process)
        job = self._named
        if job is not None and not job.is_begun and not job.is_second_try:
            job.is_second_try, self._named = True, None
        self._be_gone(process, _outcome({}, exit_code, job.folder if job else Path()))

    def _be_gone(self, process, outcome: Outcome) -> None:
        """The process is gone, and with it the job that it did; the next one gets a new process."""
        if process is not self._process:
            return
        self._process = None
        process.deleteLater()
        if self._named is not None:
            self._end_named(outcome)
        elif self._jobs:
            self._go_on()


class WarmJob:
    """One job of the worker that stays (a `Process`)."""

    def __init__(self, worker: WarmWorker, folder: Path, listener: ProcessListener) -> None:
        self._worker = worker
        self.folder = folder
        self.listener = listener
        self.is_begun = self.is_second_try = False

    @property
    def log(self) -> Path:
        """File with all that the worker wrote to its standard error meanwhile."""
        return self.folder / LOG_FILE

    def start(self) -> None:
        """Wait for the worker, and return at once."""
        self._worker.add(self)

    def cancel(self) -> None:
        """Stop; the listener is told in the next turn of the event loop."""
        if self._worker.drop(self):
            later(lambda: self.listener.on_ended(Outcome(CANCELLED)))

    def abandon(self) -> None:
        """Stop at once and tell nobody."""
        self._worker.drop(self)


class _Lines:
    """The whole lines of a process's output as JSON objects, as they come."""

    def __init__(self) -> None:
        self._buffer = b""

    def read_from(self, process) -> list[dict]:
        """What came since the last time; a line cut off by a crash says nothing."""
        self._buffer += _as_bytes(process.readAllStandardOutput())
        *lines, self._buffer = self._buffer.split(b"\n")
        return [_parsed(line) for line in lines]


def _pass_on(told: dict, listener: ProcessListener) -> None:
    if "done" in told:
        listener.on_progress(told["done"], told["total"], _said(told, "text"))
    elif "device" in told:
        listener.on_device(told["device"])


def _said(told: dict, name: str) -> str:
    """A sentence of the worker; one without values is its own source."""
    return say(from_data(told.get("said", told.get(name, ""))))


def _not_started(command: list[str]) -> Outcome:
    return Outcome(FAILED, say("Python could not be started: {program}", program=command[0]))


def _outcome(last: dict, exit_code: int, folder: Path) -> Outcome:
    """How the job in a folder ended by the last line that the worker wrote of it."""
    if last.get("finished"):
        return Outcome(FINISHED)
    kind, sentence = last.get("kind"), _said(last, "error")
    if kind == "user":
        return Outcome(FAILED, sentence)
    doing = doing_in(folder)
    what = say("{doing} died (code {code}), most often for lack of memory.", doing=doing, code=exit_code)
    if kind == "memory":
        what = say(
            "{doing}: the computer ran out of memory ({reason}); close other programs and try again.",
            doing=doing,
            reason=sentence,
        )
    elif kind == "crash":
        what = say(
            "{doing} was stopped by a fault of this program ({reason}); please report it.",
            doing=doing,
            reason=sentence,
        )
    return Outcome(FAILED, joined(" ", (what, say("The log is {path}.", path=folder / LOG_FILE))))


def python_program() -> str:
    """The Python to run the worker with: `PythonSlicer` inside Slicer, else the running interpreter."""
    suffix = ".exe" if os.name == "nt" else ""
    home = getattr(getattr(slicer, "app", None), "slicerHome", None)
    candidates = [shutil.which("PythonSlicer"), home and os.path.join(home, "bin", f"PythonSlicer{suffix}")]
    found = [program for program in candidates if program and os.path.isfile(program)]
    return found[0] if found else sys.executable


def _as_bytes(received) -> bytes:
    """PythonQt's versions differ in what they make of a QByteArray."""
    data = received.data() if hasattr(received, "data") else received
    return data.encode() if isinstance(data, str) else bytes(data)


def _parsed(line: bytes) -> dict:
    """The line's JSON object, or an empty one: a line cut off by a crash says nothing."""
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
