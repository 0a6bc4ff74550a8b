"""Whether a scan shows a scalp over a skull, asked of a worker."""

from collections.abc import Callable

import slicer
from slicer.i18n import tr as _

from ...scan.volume import Volume
from ...worker import ScalpAnswer, ScalpQuestion
from ..nodes.volume_node import content_key
from .question import Question, StartJob


class ScalpCheck:
    """Asks about one scan at a time, and about each scan once.

    on_answer  told a sentence for the user
    """

    def __init__(self, start_job: StartJob, on_answer: Callable[[str], None]) -> None:
        self._on_answer = on_answer
        self._question = Question(start_job, self._put_into_words)

    def ask(self, node: slicer.vtkMRMLScalarVolumeNode, volume: Volume) -> None:
        """Look at `volume`, the scan in `node`; the answer to an earlier question is not waited for."""
        if self._question.ask(content_key(node, volume), volume, ScalpQuestion()):
            self._on_answer(_("Looking for scalp and skull…"))

    def stop(self) -> None:
        """Wait for no answer any more."""
        self._question.stop()

    def _put_into_words(self, answer: ScalpAnswer | None, reason: str) -> None:
        if answer is None:
            sentence = _("Whether the scan shows a scalp is not known. {reason}").format(reason=reason)
        elif answer.reason:
            sentence = _("No scalp: {reason}").format(reason=answer.reason)
        else:
            sentence = _("Scalp and skull are seen.")
        self._on_answer(sentence)
