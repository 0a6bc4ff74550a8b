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
from slicer.i18n import tr as _

from ...worker import request_cancel
from ..timers import later

FINISHED = "finished"
CANCELLED = "cancelled"
FAILED = "failed"

_KILL_MS = 1000
_MODULE_FOLDER = Path(__file__).resolve().parents[3]


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
        self._listener = listener
        self._buffer = b""
        self._last_line: dict = {}
        self._cancelled = False
        self._process: qt.QProcess | None = None

    @property
    def log(self) -> Path:
        """File with all that the worker wrote to its standard error."""
        return self._folder / "log.txt"

    def command(self) -> list[str]:
        """Program and arguments; the working directory is the module's folder."""
        return [python_program(), "-m", "DLPFCSegmenterLib.worker", str(self._folder)]

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
        process, self._process = self._process, None
        if process is None:
            return
        request_cancel(self._folder)
        process.kill()
        process.waitForFinished(_KILL_MS)
        process.deleteLater()

    def _read(self) -> None:
        if self._process is None:
            return
        self._buffer += _as_bytes(self._process.readAllStandardOutput())
        *lines, self._buffer = self._buffer.split(b"\n")
        for line in lines:
            self._take(line)

    def _take(self, line: bytes) -> None:
        self._last_line = told = _parsed(line)
        if self._cancelled:
            return
        if "done" in told:
            self._listener.on_progress(told["done"], told["total"], told["text"])
        elif "device" in told:
            self._listener.on_device(told["device"])

    def _on_error(self, error: int) -> None:
        """Only a program that never started has no `finished`; it may be told inside `start` itself."""
        if error == qt.QProcess.FailedToStart:
            sentence = _("Python could not be started: {program}").format(program=self.command()[0])
            later(lambda: self._end(Outcome(FAILED, sentence)))

    def _on_finished(self, exit_code: int) -> None:
        self._read()
        if self._cancelled:
            self._end(Outcome(CANCELLED))
        elif self._last_line.get("finished"):
            self._end(Outcome(FINISHED))
        else:
            self._end(Outcome(FAILED, self._failure(exit_code)))

    def _end(self, outcome: Outcome) -> None:
        """Tell the listener once. The process object is let go only after its signal is done."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.deleteLater()
        self._listener.on_ended(outcome)

    def _failure(self, exit_code: int) -> str:
        kind, sentence = self._last_line.get("kind"), self._last_line.get("error", "")
        if kind == "user":
            return sentence
        log = _("The log is {path}.").format(path=self.log)
        if kind == "memory":
            return (
                _("The computer ran out of memory ({reason}); close other programs and try again.").format(
                    reason=sentence
                )
                + f" {log}"
            )
        if kind == "crash":
            return _("The segmentation failed ({reason}).").format(reason=sentence) + f" {log}"
        return (
            _("The segmentation process died (code {code}), most often for lack of memory.").format(code=exit_code)
            + f" {log}"
        )


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
