"""Whether a scan shows a scalp over a skull: a question that takes seconds, so a worker answers it."""

from collections.abc import Callable

import slicer
from slicer.i18n import tr as _

from ..errors import UserError
from ..volume.volume import Volume
from ..worker import ScalpQuestion, Task
from .job import Job
from .process import FINISHED, Outcome, ProcessListener

StartJob = Callable[[Volume | None, Task, ProcessListener], Job]


class ScalpCheck:
    """Asks about one scan at a time, and about each scan once.

    on_answer  told a sentence for the user
    """

    def __init__(self, start_job: StartJob, on_answer: Callable[[str], None]) -> None:
        self._start_job = start_job
        self._on_answer = on_answer
        self._answers: dict[tuple, str] = {}
        self._asked: tuple = ()
        self._job: Job | None = None

    def ask(self, node: slicer.vtkMRMLScalarVolumeNode, volume: Volume) -> None:
        """Look at `volume`, the scan in `node`; the answer to an earlier question is not waited for."""
        asked = (node.GetID(), node.GetImageData().GetMTime(), volume.ijk_to_ras.tobytes())
        if self._job is not None and asked == self._asked:
            return
        self.stop()
        if asked in self._answers:
            self._on_answer(self._answers[asked])
            return
        self._asked = asked
        self._on_answer(_("Looking for scalp and skull…"))
        try:
            self._job = self._start_job(volume, ScalpQuestion(), self)
        except UserError as error:
            self._on_answer(_not_known(str(error)))

    def stop(self) -> None:
        """Wait for no answer any more."""
        job, self._job = self._job, None
        if job is not None:
            job.abandon()

    def on_device(self, device: str) -> None:
        """No network runs (a `ProcessListener`)."""

    def on_progress(self, done: int, total: int, text: str) -> None:
        """The question has no parts."""

    def on_ended(self, outcome: Outcome) -> None:
        """Put the answer into words."""
        job, self._job = self._job, None
        try:
            sentence = self._answer(job) if outcome.kind == FINISHED else _not_known(outcome.message)
        except OSError as error:  # what the worker left is gone
            sentence = _not_known(str(error))
        job.clean_up(keep_log=outcome.kind != FINISHED)
        self._on_answer(sentence)

    def _answer(self, job: Job) -> str:
        reason = job.result().reason
        sentence = _("No scalp: {reason}").format(reason=reason) if reason else _("Scalp and skull are seen.")
        self._answers[self._asked] = sentence
        return sentence


def _not_known(reason: str) -> str:
    return _("Whether the scan shows a scalp is not known. {reason}").format(reason=reason)
