"""Section 'DLPFC': the button that is Segment or Cancel, its progress, and the outcome in words."""

from collections.abc import Callable
from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

from ...errors import UserError
from ...plan import Plan
from ...words import all_warnings
from ..environment import ensure_torch
from ..jobs.run import Run, RunListener
from ..nodes import views
from ..nodes.live_rule import point_of
from ..nodes.plan_nodes import SideNodes, latest_sides
from ..nodes.segmentation_node import findings, is_edited, mask_volume_ml, network_score, uncertainty_in_words
from ..parameters import Device

_SHORTCUT = "Ctrl+Return"

_FOLDER_SETTING = "DLPFCSegmenter/ResultsFolder"

StartRun = Callable[[RunListener], Run]
StartOpen = Callable[[Path, RunListener], Run]


class SegmentSection:
    """Runs the worker. States: not ready, ready, running, cancelling; and how the last run ended.

    start_run   starts a run for the panel's choices; may raise UserError
    start_open  starts a run that opens the results in a folder; may raise UserError
    on_result   called when new nodes are in the scene
    on_running  called when a run has started or ended
    """

    def __init__(
        self,
        ui,
        start_run: StartRun,
        start_open: StartOpen,
        on_result: Callable[[], None],
        on_running: Callable[[], None],
    ) -> None:
        self._ui = ui
        self._start_run = start_run
        self._start_open = start_open
        self._opened: Path | None = None
        self._on_result = on_result
        self._on_running = on_running
        self._run: Run | None = None
        self._reason = self._busy = ""
        self._place = self._scan = ""
        ui.segmentButton.connect("clicked(bool)", self._on_clicked)
        ui.openResultsButton.connect("clicked(bool)", lambda: self._ask_what_to_open())
        self._say("")
        self._show_state()

    @property
    def is_running(self) -> bool:
        """Whether a worker is at work."""
        return self._run is not None

    def set_ready(self, reason: str) -> None:
        """Enable the button, or say in its tooltip why there is nothing to segment."""
        self._reason = reason
        self._show_state()

    def set_busy(self, reason: str) -> None:
        """Wait while something else works, which `reason` names; '' when that has ended."""
        self._busy = reason
        self._show_state()

    def describe(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Say what the newest plan of the selected scan holds."""
        sides = latest_sides(volume_node)
        lines = [_figures(volume_node.GetName(), side) for side in sides]
        lines += [_("Warning: {text}").format(text=text) for text in _warnings_kept(sides)]
        self._ui.resultLabel.text = "\n".join(lines) or _("No result for this volume yet.")

    def open_results(self, folder: Path) -> None:
        """Bring the results in a folder, and their scan, into the scene as if they had been made here."""
        if self._run is None and not self._busy:
            self._begin(lambda: self._start_open(folder, self), folder)

    def cancel(self) -> None:
        """Stop a running worker, if there is one."""
        if self._run is None:
            return
        self._ui.segmentButton.enabled = False
        self._say_of_scan(_("Cancelling…"))
        self._run.cancel()

    def abandon(self) -> None:
        """Stop a running worker at once, without a word to the scene that is going away."""
        if self._run is not None:
            self._run.abandon()
            self._scan = ""
            self._end(_("Cancelled: the scene was closed."))

    def on_device(self, device: str) -> None:
        """Keep where the network runs (a `RunListener`)."""
        self._place = Device(device).label()

    def on_progress(self, done: int, total: int, text: str) -> None:
        """Show one more piece of work; a step of a single piece has no length that is known."""
        step = text[:1].upper() + text[1:]
        if total == 1:
            self._wait_for(_("{step}…").format(step=step))
            return
        self._ui.progressBar.maximum = total
        self._ui.progressBar.value = done
        sentence = _("{step}: {done} of {total}").format(step=step, done=done, total=total)
        self._say_of_scan(f"{sentence} – {self._place}" if self._place else sentence)

    def on_done(self, plan: Plan, sides: list[SideNodes]) -> None:
        """Show what was found and what was not; the views stay where the user looks at another scan meanwhile."""
        is_selected = self._run.volume_node is self._ui.inputSelector.currentNode()
        first = _duration(sum(plan.timing_s.values()), self._place)
        if self._opened is not None:
            first = _("Opened the results in {folder}.").format(folder=self._opened)
        self._end("\n".join(_remarks(plan, first)))
        if sides and is_selected:
            views.show_side(sides[0].hemisphere, sides[0].target_ras_mm(), sides[0].scalp)
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
        self._begin(self._start_segmenting)

    def _start_segmenting(self) -> Run:
        ensure_torch()
        return self._start_run(self)

    def _ask_what_to_open(self) -> None:
        settings = slicer.app.userSettings()
        title = _("Folder with the results of one scan")
        folder = qt.QFileDialog.getExistingDirectory(
            slicer.util.mainWindow(), title, settings.value(_FOLDER_SETTING, "")
        )
        if folder:
            settings.setValue(_FOLDER_SETTING, str(Path(folder).parent))
            self.open_results(Path(folder))

    def _begin(self, start: Callable[[], Run], opened: Path | None = None) -> None:
        self._place = self._scan = ""
        self._opened = opened
        try:
            self._run = start()
        except UserError as error:
            self.on_failed(str(error))
            return
        self._scan = self._run.volume_node.GetName()
        self._wait_for(_("Starting…"))
        self._show_state()
        self._on_running()

    def _wait_for(self, step: str) -> None:
        """A step without a count."""
        self._ui.progressBar.maximum = 0
        self._say_of_scan(step)

    def _end(self, sentence: str) -> None:
        self._run = None
        self._say_of_scan(sentence)
        self._show_state()
        self._on_running()

    def _say_of_scan(self, sentence: str) -> None:
        """The scan that is worked on may be another than the selected one, so it is named."""
        is_named = not self._scan or self._scan in sentence
        self._say(sentence if is_named else f"{self._scan}: {sentence}")

    def _say(self, sentence: str) -> None:
        self._ui.statusLabel.text = sentence
        self._ui.statusLabel.visible = bool(sentence)

    def _show_state(self) -> None:
        button = self._ui.segmentButton
        button.text = _("Cancel") if self.is_running else _("Segment")
        button.setShortcut(qt.QKeySequence(_SHORTCUT))  # Qt forgets it with each new text
        reason = self._reason or self._busy
        button.enabled = self.is_running or not reason
        button.toolTip = _("Stop; the scene stays as it is.") if self.is_running else reason or _ready_tooltip()
        self._ui.progressBar.visible = self.is_running
        self._ui.openResultsButton.enabled = not (self.is_running or self._busy)


def _ready_tooltip() -> str:
    sentence = _("Find the DLPFC in the selected volume and mark target, motor hotspot and 5-cm landmark. {key}.")
    return sentence.format(key=_SHORTCUT)


def _warnings_kept(sides: list[SideNodes]) -> list[str]:
    """What the runs said of scan and masks, by their records in the scene; section 'Targets' tells of points."""
    try:
        said = [text for side in sides for text in all_warnings(findings(side.segmentation))]
    except UserError as error:  # a scene of another version
        return [str(error)]
    return [text for text in dict.fromkeys(said) if not point_of(text)]


def _figures(scan: str, side: SideNodes) -> str:
    """'T1, left: 14.8 ml, score 0.93, within 4.0 mm in 9 of 10 scans'; an edited mask has no such uncertainty."""
    name = {"left": _("left"), "right": _("right")}[side.hemisphere]
    parts = [
        _("{volume:.1f} ml").format(volume=mask_volume_ml(side.segmentation)),
        _("score {score:.2f}").format(score=network_score(side.segmentation)),
    ]
    if is_edited(side.segmentation):
        parts.append(_("edited by hand"))
    elif uncertainty_in_words(side.segmentation):
        parts.append(uncertainty_in_words(side.segmentation))
    return _("{scan}, {side}: {figures}").format(scan=scan, side=name, figures=", ".join(parts))


def _remarks(plan: Plan, first: str) -> list[str]:
    """What was done and what was not found; the line of the result has the warnings, where there is a result."""
    return list(dict.fromkeys((first, *plan.not_found.values(), *(() if plan.sides else plan.warnings))))


def _duration(seconds: float, place: str) -> str:
    if not place:
        return _("Done in {seconds:.0f} s.").format(seconds=seconds)
    return _("Done in {seconds:.0f} s – {place}.").format(seconds=seconds, place=place)
