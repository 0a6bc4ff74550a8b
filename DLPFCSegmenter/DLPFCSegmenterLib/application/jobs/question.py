"""A question about a scan that takes seconds, so a worker answers it."""

from collections.abc import Callable

from slicer.i18n import tr as _

from ...errors import UserError
from ...scan.volume import Volume
from ...worker import Task
from .job import Job, UnreadableResult
from .process import FINISHED, Outcome, ProcessListener

StartJob = Callable[[Volume | None, Task, ProcessListener], Job]


class Question:
    """Asks one thing at a time, and each thing once.

    on_answer  told the worker's answer and '', or None and the sentence why there is none
    """

    def __init__(self, start_job: StartJob, on_answer: Callable[[object | None, str], None]) -> None:
        self._start_job = start_job
        self._on_answer = on_answer
        self._answers: dict[tuple, object] = {}
        self._asked: tuple = ()
        self._job: Job | None = None

    def ask(self, key: tuple, volume: Volume | None, task: Task) -> bool:
        """Ask `task`, known by `key`, of `volume`; an earlier question is not waited for. Whether it has to be waited.

        What was answered before is told at once.
        """
        if self._job is not None and key == self._asked:
            return True
        self.stop()
        self._asked = key
        if key in self._answers:
            self._on_answer(self._answers[key], "")
            return False
        try:
            self._job = self._start_job(volume, task, self)
        except UserError as error:
            self._on_answer(None, str(error))
        return self._job is not None

    def stop(self) -> None:
        """Wait for no answer any more."""
        job, self._job = self._job, None
        if job is not None:
            job.abandon()

    def on_device(self, device: str) -> None:
        """No network runs (a `ProcessListener`)."""

    def on_progress(self, done: int, total: int, text: str) -> None:
        """A question has no parts."""

    def on_ended(self, outcome: Outcome) -> None:
        """Keep the answer and tell it."""
        job, self._job = self._job, None
        answer, reason = None, outcome.message
        try:
            if outcome.kind == FINISHED:
                answer = self._answers[self._asked] = job.result()
        except UnreadableResult as error:
            reason = _("The worker's answer cannot be read ({reason}).").format(reason=error)
        job.clean_up(keep_log=outcome.kind != FINISHED)
        self._on_answer(answer, reason)
