"""A worker's task on a scan: job folder, process, and nothing left behind."""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from ...errors import UserError
from ...sentences import Sentence, say
from ...sentences import tr as _
from ...worker import LOG_FILE, Call, clear_job, hand_over, job_folder_name, read_result
from ..timers import later
from .process import CANCELLED, FAILED, FINISHED, Outcome, Process, ProcessListener

ProcessFactory = Callable[[Path, ProcessListener], Process]
StartJob = Callable[[Call, ProcessListener], "Job"]


class UnreadableResult(Exception):
    """What a worker left is gone or broken; the text is the reason."""


class Job:
    """One task in a worker, which starts as soon as its arguments are handed over.

    call      the function of `tasks` with its arguments
    listener  told of progress and once of the end; then it reads `result()` and calls `clean_up()`

    Whoever ends a job clears its folder: the listener, `abandon`, the worker where this program has died, and
    where both have, the next start (`clear_abandoned_jobs`).

    Raises UserError where there is no room for a folder.
    """

    def __init__(self, call: Call, listener: ProcessListener, make_process: ProcessFactory) -> None:
        self._call = call
        self._listener = listener
        self._is_over = False
        self._folder = _new_folder()
        self._process = make_process(self._folder, listener)
        self._pieces: Iterator[None] | None = hand_over(self._folder, call)
        self._unstarted: Outcome | None = None
        later(self._hand_over)

    def cancel(self) -> None:
        """Stop the worker; the listener is told within a second."""
        if self._pieces is None:
            self._process.cancel()
        else:
            self._end_unstarted(Outcome(CANCELLED))

    def abandon(self) -> None:
        """Stop the worker at once and tell nobody; after the end this does nothing, so that a log is kept."""
        if self._is_over:
            return
        self._pieces = self._unstarted = None
        self._process.abandon()
        self.clean_up()

    @property
    def log(self) -> Path:
        """File with all that the worker wrote to its standard error; it stays only where the worker failed."""
        return self._folder / LOG_FILE

    def result(self) -> object:
        """What came of the task. Raises UnreadableResult where that is gone or broken."""
        try:
            return read_result(self._folder, self._call)
        except Exception as error:  # whatever it is: somebody waits for an answer
            logging.exception("DLPFC Segmenter: what the worker left cannot be read")
            raise UnreadableResult(f"{type(error).__name__}: {error}") from error

    def clean_up(self, keep_log: bool = False) -> None:
        """The scan is a person's: no copy of it stays in the temporary folder."""
        self._is_over = True
        self._call = Call(self._call.func)
        if keep_log:
            clear_job(self._folder)
        else:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _hand_over(self) -> None:
        """One piece of the job in a turn of the event loop, and after the last the worker."""
        if self._pieces is None:
            return
        try:
            next(self._pieces)
        except StopIteration:
            self._pieces = None
            self._process.start()
        except OSError as error:
            self._end_unstarted(Outcome(FAILED, _no_room(self._folder, error)))
        else:
            later(self._hand_over)

    def _end_unstarted(self, outcome: Outcome) -> None:
        """There will be no worker; the listener hears of it when its own call has returned."""
        self._pieces, self._unstarted = None, outcome
        later(self._tell_unstarted)

    def _tell_unstarted(self) -> None:
        outcome, self._unstarted = self._unstarted, None
        if outcome is not None:
            self.clean_up()
            self._listener.on_ended(outcome)


class OneJob(ProcessListener):
    """A task that a worker does for a section, one at a time: its start, and every way in which it ends.

    A section adds how it says a sentence (`_say`) and why something failed (`_warn`), what it makes of the result
    (`_conclude`), what may be done now (`_show_state`), and two sentences: that it was cancelled, and the {reason} why
    a result cannot be read.
    """

    _CANCELLED: Sentence
    _UNREADABLE: Sentence

    def __init__(self, start_job: StartJob) -> None:
        self._start_job = start_job
        self._job: Job | None = None

    @property
    def is_running(self) -> bool:
        """Whether a worker is at it."""
        return self._job is not None

    def abandon(self) -> None:
        """Stop a running worker at once: the scene or Slicer is going away."""
        job, self._job = self._job, None
        if job is not None:
            job.abandon()
            self._say(_("Cancelled: the scene was closed."))
        self._forget()
        self._show_state()

    def on_ended(self, outcome: Outcome) -> None:
        """Say what came of it, or why nothing did."""
        job, self._job = self._job, None
        self._show_state()
        try:
            if outcome.kind == FINISHED:
                self._conclude(job.result())
            elif outcome.kind == CANCELLED:
                self._say(self._CANCELLED)
            else:
                self._warn(outcome.message)
        except UnreadableResult as error:
            self._warn(say(self._UNREADABLE, reason=error))
        job.clean_up(keep_log=outcome.kind not in (FINISHED, CANCELLED))
        if not self.is_running:  # it may have been started anew
            self._forget()

    def _begin(self, call: Call) -> None:
        """Start a worker. Raises UserError where it cannot be."""
        self._job = self._start_job(call, self)
        self._show_state()
        self._say(_("Starting…"))

    def _cancel(self) -> None:
        self._say(_("Cancelling…"))
        self._job.cancel()

    def _forget(self) -> None:
        """Let go of what was kept for the time of the task: it holds the scan."""


class Question:
    """What takes seconds to know, asked of a worker: one thing at a time, and each thing once.

    on_answer  told the worker's answer and '', or None and the sentence why there is none
    is_of_head  an earlier question is answered to its end, for the head's worker to stay alive, and its answer kept
    """

    def __init__(
        self,
        start_job: StartJob,
        on_answer: Callable[[object | None, str], None],
        is_of_head: bool = False,
    ) -> None:
        self._start_job = start_job
        self._on_answer = on_answer
        self._is_of_head = is_of_head
        self._answers: dict[tuple, object] = {}
        self._asked: tuple = ()
        self._jobs: dict[tuple, Job] = {}

    def ask(self, key: tuple, call: Call) -> bool:
        """Ask a task, known by `key`; an earlier question is not waited for. Whether it has to be waited.

        What was answered before is told at once.
        """
        if self._asked != key:
            self.stop()
        self._asked = key
        if key in self._jobs:
            return True
        if key in self._answers:
            self._on_answer(self._answers[key], "")
            return False
        try:
            self._jobs[key] = self._start_job(call, _Asked(lambda outcome: self._take(key, outcome)))
        except UserError as error:
            self._on_answer(None, str(error))
        return key in self._jobs

    def stop(self) -> None:
        """Wait for no answer any more."""
        self._asked = ()
        if not self._is_of_head:
            self.abandon()

    def abandon(self) -> None:
        """Stop at once: the scene or Slicer is going away."""
        self._asked = ()
        jobs, self._jobs = self._jobs, {}
        for job in jobs.values():
            job.abandon()

    def _take(self, key: tuple, outcome: Outcome) -> None:
        """Keep the answer, and tell it where it is still wanted."""
        job = self._jobs.pop(key)
        answer, reason = None, outcome.message
        try:
            if outcome.kind == FINISHED:
                answer = self._answers[key] = job.result()
        except UnreadableResult as error:
            reason = _("The worker's answer cannot be read ({reason}).", reason=error)
        job.clean_up(keep_log=outcome.kind == FAILED)
        if key == self._asked:
            self._on_answer(answer, reason)


class _Asked(ProcessListener):
    """Who waits for one answer (a `ProcessListener`)."""

    def __init__(self, on_ended: Callable[[Outcome], None]) -> None:
        self.on_ended = on_ended


def _new_folder() -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=job_folder_name(os.getpid())))
    except OSError as error:
        raise UserError(_no_room(Path(tempfile.gettempdir()), error)) from error


def _no_room(place: Path, error: OSError) -> str:
    return say(
        "The scan could not be handed to the worker in '{place}' ({reason}); make room on the disk.",
        place=place,
        reason=error,
    )
