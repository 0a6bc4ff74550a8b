"""One segmentation, from the click or a script's call to the nodes."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import qt
import slicer

from ...edited_plan import choices_in
from ...errors import Cancelled, UserError
from ...export.result_folder import added_points, moved_points
from ...export.targets import PlannedTarget
from ...plan import Plan
from ...sentences import say
from ...worker import Call
from ..nodes import own_targets
from ..nodes.plan_nodes import SideNodes, keep_choices, show_plan, take_over
from ..nodes.segmentation_node import show_surface
from ..nodes.volume_node import in_scene, source_path, volume_from_node
from ..timers import later
from .job import Job, ProcessFactory, UnreadableResult
from .process import FAILED, FINISHED, Outcome


class RunListener(Protocol):
    """Who is told how a run goes; exactly one of the last three is said, once."""

    def on_device(self, device: str) -> None:
        """The network runs on 'cpu' or 'cuda'."""

    def on_progress(self, done: int, total: int, text: str) -> None:
        """`done` of `total` pieces of the step `text` are finished."""

    def on_done(self, plan: Plan, sides: list[SideNodes]) -> None:
        """The plan and the nodes that were made of it; no nodes where nothing was found."""

    def on_cancelled(self, reason: str) -> None:
        """Nothing in the scene was changed; `reason` is '' where the user asked for it."""

    def on_failed(self, sentence: str) -> None:
        """Nothing in the scene was changed; `sentence` says why and what to do."""


class Run:
    """A worker on one scan. Made by `DLPFCSegmenterLogic.start`, or by a script.

    call    the task, which plans on a `volume` from a `path`, without those two
    opened  the result folder that the task opens, whose moved points are taken over

    Raises UserError at once where the scan cannot be segmented at all.
    """

    def __init__(
        self,
        volume_node: slicer.vtkMRMLScalarVolumeNode,
        call: Call,
        listener: RunListener,
        make_process: ProcessFactory,
        opened: Path | None = None,
    ) -> None:
        self._opened = opened
        self._volume_node = volume_node
        self._listener = listener
        self._cancelled = False
        self._reason = ""
        self._conclusion: Iterator[None] | None = None
        self._job = Job(
            Call(call, volume=volume_from_node(volume_node), path=source_path(volume_node)), self, make_process
        )

    @property
    def volume_node(self) -> slicer.vtkMRMLScalarVolumeNode | None:
        """The scan that is worked on; None at the end, so that who keeps the run keeps no scan."""
        return self._volume_node

    @property
    def log(self) -> Path:
        """As that of its job."""
        return self._job.log

    def cancel(self, reason: str = "") -> None:
        """Stop the worker; `on_cancelled` follows within a second."""
        self._cancelled, self._reason = True, reason
        self._job.cancel()

    def abandon(self) -> None:
        """Stop the worker at once and tell nobody."""
        self._conclusion = self._volume_node = None
        self._job.abandon()

    def on_device(self, device: str) -> None:
        """Pass on."""
        self._listener.on_device(device)

    def on_progress(self, done: int, total: int, text: str) -> None:
        """Pass on, or stop if the scan has left the scene."""
        if in_scene(self._volume_node):
            self._listener.on_progress(done, total, text)
        else:
            self.cancel(_volume_removed())

    def on_ended(self, outcome: Outcome) -> None:
        """Make the nodes, or say why there are none; then leave nothing of the job behind but a log."""
        self._conclusion = self._conclude(outcome)
        self._go_on(outcome)

    def _go_on(self, outcome: Outcome) -> None:
        """The next step of the conclusion, one in a turn of the event loop: the window stays alive."""
        if self._conclusion is None:
            return
        try:
            next(self._conclusion)
        except StopIteration:
            pass
        except UserError as error:
            self._listener.on_failed(str(error))
        except Exception as error:  # this is the panel's end: a defect must not leave it running for ever
            logging.exception("DLPFC Segmenter: the plan could not be shown")
            named = "" if isinstance(error, UnreadableResult) else f"{type(error).__name__}: "
            self._listener.on_failed(
                say(
                    "The result could not be shown ({reason}); Slicer's error log has the details.",
                    reason=f"{named}{error}",
                )
            )
        else:
            later(lambda: self._go_on(outcome))
            return
        self._conclusion = self._volume_node = None
        self._job.clean_up(keep_log=outcome.kind == FAILED)

    def _conclude(self, outcome: Outcome) -> Iterator[None]:
        """Tell the listener; a step ends at each `yield`."""
        if outcome.kind == FAILED and in_scene(self._volume_node):
            self._listener.on_failed(outcome.message)
            return
        if outcome.kind == FINISHED and self._is_wanted():
            plan = self._job.result()
            moved = moved_points(self._opened, plan) if self._opened else {}
            added = added_points(self._opened, plan) if self._opened else ()
            yield
            if self._is_wanted():
                yield from self._show(plan, moved, added)
                return
        self._listener.on_cancelled(self._reason if self._cancelled else _volume_removed())

    def _show(
        self, plan: Plan, moved: dict[str, dict[str, np.ndarray]], added: tuple[PlannedTarget, ...]
    ) -> Iterator[None]:
        """From here on the user gets the result: it is too late to cancel."""
        sides = yield from show_plan(plan, self._volume_node)
        if self._opened and sides:
            keep_choices(self._volume_node, choices_in(plan))
        take_over(sides, self._volume_node, moved)
        own_targets.add_missing(self._volume_node, added)
        yield
        for side in sides:
            if in_scene(side.segmentation):
                show_surface(side.segmentation)
                yield
        self._listener.on_done(plan, sides)

    def _is_wanted(self) -> bool:
        return not self._cancelled and in_scene(self._volume_node)


class WaitingListener(RunListener):
    """A `RunListener` that keeps the outcome of one run."""

    def __init__(self) -> None:
        self._loop = qt.QEventLoop()
        self._result: tuple[Plan, list[SideNodes]] | None = None
        self._error: Exception | None = None

    def wait_for(self, start: Callable, *arguments) -> tuple[Plan, list[SideNodes]]:
        """Call `start(*arguments, self)` and wait for its end. Raises UserError or Cancelled."""
        run = start(*arguments, self)
        try:
            if self._result is None and self._error is None:
                self._loop.exec_()
        finally:
            run.abandon()
        if self._error is not None:
            raise self._error
        return self._result

    def on_done(self, plan: Plan, sides: list[SideNodes]) -> None:
        """Keep what was made."""
        self._result = (plan, sides)
        self._loop.quit()

    def on_cancelled(self, reason: str) -> None:
        """Only a volume that was removed cancels a script's run."""
        self._error = Cancelled(reason)
        self._loop.quit()

    def on_failed(self, sentence: str) -> None:
        """Keep the reason."""
        self._error = UserError(sentence)
        self._loop.quit()


def _volume_removed() -> str:
    return say("The volume was removed while it was segmented.")
