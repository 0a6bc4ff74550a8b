"""A worker's task on a scan: job folder, process, and nothing left behind."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from slicer.i18n import tr as _

from ..errors import UserError
from ..volume.volume import Volume
from ..worker import Task, read_result, write_job
from .process import Process, ProcessListener

ProcessFactory = Callable[[Path, ProcessListener], Process]


class Job:
    """One task in a worker, which starts at once.

    volume    the scan, or None for a task that reads its own
    listener  told of progress and once of the end; then it reads `result()` and calls `clean_up()`

    Raises UserError where the scan cannot be handed over.
    """

    def __init__(
        self, volume: Volume | None, task: Task, listener: ProcessListener, make_process: ProcessFactory
    ) -> None:
        self._volume = volume
        self._folder = _job_folder(volume, task)
        self._process = make_process(self._folder, listener)
        self._process.start()

    def cancel(self) -> None:
        """Stop the worker; the listener is told within a second."""
        self._process.cancel()

    def abandon(self) -> None:
        """Stop the worker at once and tell nobody."""
        self._process.abandon()
        self.clean_up()

    def result(self) -> object:
        """What came of the task."""
        return read_result(self._folder, self._volume)

    def clean_up(self, keep_log: bool = False) -> None:
        """The scan is a person's: no copy of it stays in the temporary folder."""
        if not keep_log:
            shutil.rmtree(self._folder, ignore_errors=True)
            return
        for name in ("job", "result", "scratch"):
            shutil.rmtree(self._folder / name, ignore_errors=True)


def _job_folder(volume: Volume | None, task: Task) -> Path:
    """A new folder with the job in it; nothing is left of it if the disk is full."""
    folder = None
    try:
        folder = Path(tempfile.mkdtemp(prefix="DLPFCSegmenter-"))
        write_job(folder, volume, task)
    except OSError as error:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        place = folder or tempfile.gettempdir()
        sentence = _("The scan could not be handed to the worker in '{place}' ({reason}); make room on the disk.")
        raise UserError(sentence.format(place=place, reason=error)) from error
    return folder
