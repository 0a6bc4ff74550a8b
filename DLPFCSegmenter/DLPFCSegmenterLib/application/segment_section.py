"""Section 'DLPFC': the button that is Segment or Cancel, its progress, and the outcome in words."""

from collections.abc import Callable

import numpy as np
import slicer
from slicer.i18n import tr as _

from ..errors import UserError
from ..plan import Plan
from .environment import ensure_torch
from .plan_nodes import SideNodes
from .run import Run, RunListener

StartRun = Callable[[RunListener], Run]


class SegmentSection:
    """Runs the worker. States: not ready, ready, running, cancelling; and how the last run ended.

    start_run  starts a run for the panel's choices; may raise UserError
    on_result  called when new nodes are in the scene
    """

    def __init__(self, ui, start_run: StartRun, on_result: Callable[[], None]) -> None:
        self._ui = ui
        self._start_run = start_run
        self._on_result = on_result
        self._run: Run | None = None
        self._reason = ""
        ui.segmentButton.connect("clicked(bool)", self._on_clicked)
        self._show_state()

    @property
    def is_running(self) -> bool:
        """Whether a worker is at work."""
        return self._run is not None

    def set_ready(self, reason: str) -> None:
        """Enable the button, or say in its tooltip why there is nothing to segment."""
        self._reason = reason
        self._show_state()

    def cancel(self) -> None:
        """Stop a running worker, if there is one."""
        if self._run is None:
            return
        self._ui.segmentButton.enabled = False
        self._say(_("Cancelling…"))
        self._run.cancel()

    def abandon(self) -> None:
        """Stop a running worker at once, without a word to the scene that is going away."""
        if self._run is not None:
            self._run.abandon()
            self._end(_("Cancelled: the scene was closed."))

    def on_progress(self, done: int, total: int, text: str) -> None:
        """Show one more piece of work (a `RunListener`)."""
        self._ui.progressBar.maximum = max(total, 1)
        self._ui.progressBar.value = done
        self._say(_("{step}: {done} of {total}").format(step=text, done=done, total=total))

    def on_done(self, plan: Plan, sides: list[SideNodes]) -> None:
        """Show what was found and what was not."""
        self._end("\n".join(_remarks(plan)))
        if sides:
            _jump_to(sides[0].target_ras_mm())
        self._on_result()

    def on_cancelled(self, reason: str) -> None:
        """Back to ready."""
        self._end(f"{_('Cancelled; the scene is as it was.')} {reason}".strip())

    def on_failed(self, sentence: str) -> None:
        """Show the reason in the panel, and in a window where there is one."""
        self._end(sentence)
        slicer.util.errorDisplay(sentence, windowTitle=_("DLPFC Segmenter"))

    def _on_clicked(self) -> None:
        if self._run is not None:
            self.cancel()
            return
        try:
            ensure_torch()
            self._run = self._start_run(self)
        except UserError as error:
            self.on_failed(str(error))
            return
        self._say(_("Starting…"))
        self._ui.progressBar.maximum = 0
        self._show_state()

    def _end(self, sentence: str) -> None:
        self._run = None
        self._say(sentence)
        self._show_state()

    def _say(self, sentence: str) -> None:
        self._ui.statusLabel.text = sentence

    def _show_state(self) -> None:
        button = self._ui.segmentButton
        button.text = _("Cancel") if self.is_running else _("Segment")
        button.enabled = self.is_running or not self._reason
        button.toolTip = _("Stop; the scene stays as it is.") if self.is_running else self._reason or _ready_tooltip()
        self._ui.progressBar.visible = self.is_running


def _ready_tooltip() -> str:
    return _("Find the DLPFC in the selected volume and mark target, motor hotspot and 5-cm landmark.")


def _remarks(plan: Plan) -> list[str]:
    """What was not found and what is to be kept in mind, each sentence once."""
    seconds = sum(plan.timing_s.values())
    sentences = [_("Done in {seconds:.0f} s.").format(seconds=seconds), *plan.not_found.values(), *plan.warnings]
    for side in plan.sides.values():
        sentences += [*side.region.warnings, *side.warnings]
    return list(dict.fromkeys(sentences))


def _jump_to(point_ras_mm: np.ndarray | None) -> None:
    """Show a point in every slice view."""
    if point_ras_mm is not None:
        slicer.vtkMRMLSliceNode.JumpAllSlices(slicer.mrmlScene, *point_ras_mm)
