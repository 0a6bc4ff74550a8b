"""Processes that plan on the scans of a batch, as many as are asked for; each loads its networks once.

A process that crashes on a scan, or that the system ends for lack of memory, costs that scan alone: the next scan gets
a new process. They are the panel's workers (`worker`), and listen to nobody but this process.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ..batch import FAILED, BatchRow, Crew, ScanJob, Told, clear_leftovers, without_names
from ..errors import fault
from ..sentences import say
from ..tasks import plan_job
from ..worker import LOG_FILE, MOST_GIB, Call, clear_abandoned_jobs, hand_over, job_folder_name, read_result

_LIBRARY = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "DLPFCSegmenterLib.cli.worker")
_KEPT_GIB = "4"
"""What a worker may hold between two scans: reports and scenes leave more than the panel's plans do, and a new process
costs seconds."""

_THREADS = ("OMP_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS")


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads_each(jobs: int, asked: int | None = None) -> int:
    """Threads of each of `jobs` processes: as asked, or as the environment says, but together no more than cores."""
    wanted = asked or int(os.environ.get(_THREADS[0], 0)) or cores()
    return max(1, min(wanted, cores() // jobs))


class WorkerDied(Exception):
    """A worker ended without an answer; the text says how."""


class ScanWorker:
    """One worker, started when it is first needed and whenever it has gone."""

    def __init__(self, threads: int, command: Sequence[str] = (), here: Path | None = None) -> None:
        """`here` is the folder from which relative paths lead, where that is not this process's own."""
        self._threads = threads
        self._here = here
        self._command = command or COMMAND
        self._process: subprocess.Popen[str] | None = None
        self._starting = threading.Lock()
        self._is_over = False

    def plan(self, job: ScanJob, logs: Path) -> BatchRow:
        """Do one job of a batch, its log in the folder `logs`; what came of it, whatever that is."""
        begun = datetime.now().astimezone().isoformat(" ", "seconds")
        steps: list[str] = []
        with tempfile.TemporaryDirectory(prefix=job_folder_name(os.getpid()), ignore_cleanup_errors=True) as place:
            folder = Path(place)
            row = self._row(job, folder, steps)
            errors = (folder / LOG_FILE).read_text(errors="replace") if (folder / LOG_FILE).exists() else ""
        end = f"{row.state_in_words} {row.message}".rstrip()
        logs.mkdir(parents=True, exist_ok=True)
        lines = [f"{begun} {job.scan.source}", *steps, *errors.splitlines(), end]
        if job.wanted.anonymous:
            lines = [without_names(line, job.scan.source, row.name, logs.parent) for line in lines]
        text = "\n".join([*lines, ""])
        (logs / f"{job.scan.name}.log").write_text(text, encoding="utf-8", errors="backslashreplace")
        return row

    def end(self) -> None:
        """End it at once, whatever it does, for good."""
        with self._starting:
            self._is_over = True
            self._kill()

    def _row(self, job: ScanJob, folder: Path, steps: list[str]) -> BatchRow:
        call = Call(plan_job, job=job)
        try:
            for _ in hand_over(folder, call):
                pass
            self._wait_for(folder, steps)
            return read_result(folder, call)
        except WorkerDied as error:
            clear_leftovers(replace(job.scan, folder=(self._here or Path()) / job.scan.folder))
            return BatchRow(job.scan.name, FAILED, message=f"{job.scan.source}: {error}")
        except OSError as error:
            return BatchRow(
                job.scan.name,
                FAILED,
                message=say("{folder}: cannot be written ({reason}); make room.", folder=folder, reason=error.strerror),
            )

    def _wait_for(self, folder: Path, steps: list[str]) -> None:
        """Name a job to the worker and wait for its end. Raises WorkerDied where it does not come well.

        A worker that was about to end when the job was named has not begun it: then another one is started, once.
        """
        began = time.monotonic()
        for _ in range(2):
            is_begun, last = False, dict[str, Any]()
            for last in self._told_of(folder):
                is_begun = is_begun or "begun" in last
                if "text" in last and (not steps or not steps[-1].endswith(last["text"])):
                    steps.append(f"{time.monotonic() - began:8.1f} s  {last['text']}")
            if "finished" in last:
                return
            if "error" in last:
                raise WorkerDied(
                    say(
                        "stopped by a fault of this program ({error}); see its log, please report it.",
                        error=last["error"],
                    )
                )
            if is_begun or self._is_over:
                break
        raise WorkerDied(
            say(
                "the process that planned on it died ({how_it_ended}), most often for lack of memory.",
                how_it_ended=self._how_it_ended(),
            )
        )

    def _told_of(self, folder: Path) -> Iterator[dict[str, Any]]:
        """What the worker says of a job, up to its end or the worker's own."""
        process = self._running(folder / LOG_FILE)
        assert process.stdin and process.stdout
        with suppress(BrokenPipeError):
            process.stdin.write(f"{folder}\n")
            process.stdin.flush()
            for line in process.stdout:
                told = json.loads(line) if line.endswith("\n") else {}
                yield told
                if "finished" in told or "error" in told:
                    return
        process.wait()

    def _running(self, log: Path) -> subprocess.Popen[str]:
        with self._starting:
            if self._is_over:
                raise WorkerDied(say("the batch was stopped."))
            if self._process is None or self._process.poll() is not None:
                self._kill()
                self._process = self._start(log)
            return self._process

    def _start(self, log: Path) -> subprocess.Popen[str]:
        """`log` holds what it says before it begins a job, which has its log there too."""
        clear_abandoned_jobs()
        paths = filter(None, (str(_LIBRARY), os.environ.get("PYTHONPATH")))
        own = {"PYTHONPATH": os.pathsep.join(paths), MOST_GIB: os.environ.get(MOST_GIB, _KEPT_GIB)}
        own |= dict.fromkeys(_THREADS, str(self._threads))
        with log.open("ab") as errors:
            return subprocess.Popen(
                self._command, text=True, env=os.environ | own, cwd=self._cwd,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip

    @property
    def _cwd(self) -> Path | None:
        """Another machine may lack the folder, and whoever names all files in full does not need it."""
        return self._here if self._here and self._here.is_dir() else None

    def _how_it_ended(self) -> str:
        code = self._process.returncode if self._process else None
        if code is not None and code < 0:
            return signal.strsignal(-code) or f"signal {-code}"
        return f"code {code}"

    def _kill(self) -> None:
        process = self._process
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()


def local_crew(jobs: int, threads: int, logs: Path, command: Sequence[str] = ()) -> Crew:
    """As many workers on this machine as `jobs`, with a log of each scan in the folder `logs`."""

    def crew(todo: Sequence[ScanJob]) -> Told:
        """Each scan by whichever worker is free."""
        numbers, told = queue.SimpleQueue[int](), queue.SimpleQueue[tuple[int, BatchRow]]()
        for number in range(len(todo)):
            numbers.put(number)
        workers = [ScanWorker(threads, command) for _ in range(min(jobs, len(todo)))]
        hands = [threading.Thread(target=_work, args=(each, todo, numbers, told, logs)) for each in workers]
        for hand in hands:
            hand.start()
        try:
            for _ in todo:
                yield told.get()
        finally:
            with suppress(queue.Empty):
                while True:
                    numbers.get_nowait()
            for worker in workers:
                worker.end()
            for hand in hands:
                hand.join()

    return crew


def _work(
    worker: ScanWorker,
    todo: Sequence[ScanJob],
    numbers: "queue.SimpleQueue[int]",
    told: "queue.SimpleQueue[tuple[int, BatchRow]]",
    logs: Path,
) -> None:
    """Do one job after the other until there is none."""
    with suppress(queue.Empty):
        while True:
            number = numbers.get_nowait()
            told.put((number, _row_by(worker, todo[number], logs)))


def _row_by(worker: ScanWorker, job: ScanJob, logs: Path) -> BatchRow:
    try:
        return worker.plan(job, logs)
    except Exception as error:  # whoever waits for the row would wait for ever
        return BatchRow(
            job.scan.name, FAILED, message=fault(say("planning on {source}", source=job.scan.source), error)
        )
