"""One segmentation, from the click to the nodes: job folder, worker, plan."""

import logging
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import slicer
from slicer.i18n import tr as _

from ..errors import UserError
from ..plan import Plan, PlanOptions
from ..volume.volume import Volume
from ..worker import read_plan, write_job
from .plan_nodes import SideNodes, show_plan
from .process import CANCELLED, FAILED, FINISHED, Outcome, Process, ProcessListener
from .volume_node import in_scene, volume_from_node


class RunListener(Protocol):
    """Who is told how a run goes; exactly one of the last three is said, once."""

    def on_progress(self, done: int, total: int, text: str) -> None:
        """`done` of `total` pieces of the step `text` are finished."""

    def on_done(self, plan: Plan, sides: list[SideNodes]) -> None:
        """The plan and the nodes that were made of it; no nodes where nothing was found."""

    def on_cancelled(self, reason: str) -> None:
        """Nothing in the scene was changed; `reason` is '' where the user asked for it."""

    def on_failed(self, sentence: str) -> None:
        """Nothing in the scene was changed; `sentence` says why and what to do."""


ProcessFactory = Callable[[Path, ProcessListener], Process]


class Run:
    """A worker on one scan. Made by `DLPFCSegmenterLogic.start`, or by a script.

    Raises UserError at once where the scan cannot be segmented at all.
    """

    def __init__(
        self,
        volume_node: slicer.vtkMRMLScalarVolumeNode,
        options: PlanOptions,
        listener: RunListener,
        make_process: ProcessFactory,
    ) -> None:
        self._volume_node = volume_node
        self._volume = volume_from_node(volume_node)
        self._listener = listener
        self._reason = ""
        self._folder = _job_folder(self._volume, options)
        self._process = make_process(self._folder, self)
        self._process.start()

    def cancel(self, reason: str = "") -> None:
        """Stop the worker; `on_cancelled` follows within a second."""
        self._reason = reason
        self._process.cancel()

    def abandon(self) -> None:
        """Stop the worker at once and tell nobody."""
        self._process.abandon()
        self._clean_up(keep_log=False)

    def on_progress(self, done: int, total: int, text: str) -> None:
        """Pass on, or stop if the scan has left the scene."""
        if in_scene(self._volume_node):
            self._listener.on_progress(done, total, text)
        else:
            self.cancel(_volume_removed())

    def on_ended(self, outcome: Outcome) -> None:
        """Make the nodes, or say why there are none; then leave nothing of the job behind but a log."""
        try:
            self._conclude(outcome)
        except UserError as error:
            self._listener.on_failed(str(error))
        except Exception as error:  # this is the panel's end: a defect must not leave it running for ever
            logging.exception("DLPFC Segmenter: the plan could not be shown")
            sentence = _("The result could not be shown ({reason}); Slicer's error log has the details.")
            self._listener.on_failed(sentence.format(reason=f"{type(error).__name__}: {error}"))
        finally:
            self._clean_up(keep_log=outcome.kind == FAILED)

    def _conclude(self, outcome: Outcome) -> None:
        if outcome.kind == CANCELLED:
            self._listener.on_cancelled(self._reason)
        elif not in_scene(self._volume_node):
            self._listener.on_cancelled(_volume_removed())
        elif outcome.kind == FINISHED:
            plan = read_plan(self._folder, self._volume)
            self._listener.on_done(plan, show_plan(plan, self._volume_node))
        else:
            self._listener.on_failed(outcome.message)

    def _clean_up(self, keep_log: bool) -> None:
        """The scan is a person's: no copy of it stays in the temporary folder."""
        if not keep_log:
            shutil.rmtree(self._folder, ignore_errors=True)
            return
        for name in ("job", "plan"):
            shutil.rmtree(self._folder / name, ignore_errors=True)


def _job_folder(volume: Volume, options: PlanOptions) -> Path:
    """A new folder with the job in it; nothing is left of it if the disk is full."""
    folder = None
    try:
        folder = Path(tempfile.mkdtemp(prefix="DLPFCSegmenter-"))
        write_job(folder, volume, options)
    except OSError as error:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        place = folder or tempfile.gettempdir()
        sentence = _("The scan could not be handed to the worker in '{place}' ({reason}); make room on the disk.")
        raise UserError(sentence.format(place=place, reason=error)) from error
    return folder


def _volume_removed() -> str:
    return _("The volume was removed while it was segmented.")
