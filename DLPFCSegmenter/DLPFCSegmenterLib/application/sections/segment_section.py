"""Section 'DLPFC': the button that is Segment or Cancel, its progress, and the outcome in words."""

from collections.abc import Callable
from pathlib import Path

import qt
import slicer

from ...doubts import key_of
from ...errors import UserError
from ...plan import Plan
from ...sentences import joined, say
from ...sentences import tell as tell_of
from ...sentences import tr as _
from ...terminology import DLPFC
from ...words import all_warnings
from ..environment import ensure_torch
from ..jobs.run import Run, RunListener
from ..nodes import views
from ..nodes.live_rule import point_of
from ..nodes.plan_nodes import SideNodes, latest_sides
from ..nodes.segmentation_node import (
    findings,
    is_edited,
    mask_volume_ml,
    network_score,
    region_of,
    uncertainty_in_words,
)
from ..parameters import Device
from ..widgets.labels import tell, warn, warn_or_note

_SHORTCUT = "Ctrl+Return"

_FOLDER_SETTING = "DLPFCSegmenter/ResultsFolder"

_BY_HAND = say(
    "Press 'Plan by hand' to place the target or draw the mask yourself, with Beam F3, 10-20 and published points "
    "as far as the scan allows; all of it can be exported."
)
"""What can still be done where nothing was found."""

StartRun = Callable[[RunListener], Run]
StartOpen = Callable[[Path, RunListener], Run]


class SegmentSection:
    """Runs the worker. States: not ready, ready, running, cancelling; and how the last run ended.

    start_run   starts a run for the panel's choices; may raise UserError
    start_by_hand  starts a run without a network, for a person's own mask or target; may raise UserError
    start_open  starts a run that opens the results in a folder; may raise UserError
    on_result   called when new nodes are in the scene
    on_running  called when a run has started or ended
    """

    def __init__(
        self,
        ui,
        start_run: StartRun,
        start_by_hand: StartRun,
        start_open: StartOpen,
        on_result: Callable[[], None],
        on_running: Callable[[], None],
    ) -> None:
        self._ui = ui
        self._start_run = start_run
        self._start_by_hand = start_by_hand
        self._start_open = start_open
        self._missing: tuple[str, ...] = ()
        self._opened: Path | None = None
        self._on_result = on_result
        self._on_running = on_running
        self._run: Run | None = None
        self._reason = self._busy = ""
        self._place = self._scan = ""
        ui.segmentButton.connect("clicked(bool)", self._on_clicked)
        ui.byHandButton.connect("clicked(bool)", lambda: self._begin(lambda: self._start_by_hand(self)))
        self._log: Path | None = None
        self._has_failed = False
        ui.logButton.connect("clicked(bool)", lambda: self._show_log())
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

    def describe(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None, hemispheres: tuple[str, ...]) -> None:
        """Say what the newest plan of the selected scan holds; what is missing of the sides can be planned by hand."""
        sides = latest_sides(volume_node)
        lines = [_figures(volume_node.GetName(), side) for side in sides]
        self._ui.resultLabel.text = "\n".join(lines) or _("No result for this volume yet.")
        warn_or_note(self._ui.resultWarningLabel, self._ui.resultNotesLabel, _doubts_kept(sides), len(sides))
        there = {side.hemisphere for side in sides}
        self._missing = tuple(name for name in hemispheres if name not in there)
        self._show_state()

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
        if self._run is None:
            self._say("")  # it was of a scan that goes
            return
        self._run.abandon()
        self._scan = ""
        self._end(_("Cancelled: the scene was closed."))

    def on_device(self, device: str) -> None:
        """Keep where the network runs (a `RunListener`)."""
        self._place = Device(device).label()

    def on_progress(self, done: int, total: int, text: str) -> None:
        """Show one more piece of work; a step of a single piece has no length that is known."""
        words = tell_of(text)
        step = words[:1].upper() + words[1:]
        if total == 1:
            self._wait_for(_("{step}…", step=step))
            return
        self._ui.progressBar.maximum = total
        self._ui.progressBar.value = done
        sentence = _("{step}: {done} of {total}", step=step, done=done, total=total)
        self._say_of_scan(f"{sentence} – {self._place}" if self._place else sentence)

    def on_done(self, plan: Plan, sides: list[SideNodes]) -> None:
        """Show what was found and what was not; the views stay where the user looks at another scan meanwhile."""
        is_selected = self._run.volume_node is self._ui.inputSelector.currentNode()
        first = _duration(sum(plan.timing_s.values()), self._place)
        if self._opened is not None:
            first = _("Opened the results in {folder}.", folder=self._opened)
        elif not plan.timing_s:
            first = _("Ready: draw the mask under Correct, or place the target in the table under Targets.")
        if plan.not_found:
            missing = joined(" ", (*dict.fromkeys(plan.not_found.values()), _BY_HAND))
            self._end(missing, *_doubts_without_side(plan), is_warning=True)
        else:
            self._end(first, *_doubts_without_side(plan))
        if sides and is_selected:
            views.show_side(sides[0].hemisphere, sides[0].target_ras_mm(), sides[0].scalp)
        self._on_result()

    def on_cancelled(self, reason: str) -> None:
        """Back to ready."""
        self._end(joined(" ", filter(None, (say("Cancelled; the scene is as it was."), reason))))

    def on_failed(self, sentence: str) -> None:
        """Show the reason in the panel, and in a window where there is one."""
        self._has_failed = self._run is not None and str(self._log) in sentence
        self._end(sentence, is_warning=True)
        slicer.util.errorDisplay(tell_of(sentence), windowTitle=_("DLPFC Segmenter"))

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
        self._opened, self._log, self._has_failed = opened, None, False
        try:
            self._run = start()
        except UserError as error:
            self.on_failed(str(error))
            return
        self._scan, self._log = self._run.volume_node.GetName(), self._run.log
        self._wait_for(_("Starting…"))
        self._show_state()
        self._on_running()

    def _show_log(self) -> None:
        """In the program that the system opens a text with."""
        if not qt.QDesktopServices.openUrl(qt.QUrl.fromLocalFile(str(self._log))):
            self._say(_("The log is {path}.", path=self._log))

    def _wait_for(self, step: str) -> None:
        """A step without a count."""
        self._ui.progressBar.maximum = 0
        self._say_of_scan(step)

    def _end(self, *sentences: str, is_warning: bool = False) -> None:
        self._run = None
        self._say_of_scan(*sentences, is_warning=is_warning)
        self._show_state()
        self._on_running()

    def _say_of_scan(self, first: str, *others: str, is_warning: bool = False) -> None:
        """The scan that is worked on may be another than the selected one, so it is named."""
        is_named = not self._scan or self._scan in first
        sentences = (first if is_named else joined(": ", (self._scan, first)), *others)
        if is_warning:
            warn(self._ui.statusLabel, *sentences)
        else:
            self._say(joined("\n", sentences))

    def _say(self, sentence: str) -> None:
        tell(self._ui.statusLabel, sentence)

    def _show_state(self) -> None:
        button = self._ui.segmentButton
        button.text = _("Cancel") if self.is_running else _("Segment")
        button.setShortcut(qt.QKeySequence(_SHORTCUT))  # Qt forgets it with each new text
        reason = self._reason or self._busy
        button.enabled = self.is_running or not reason
        button.toolTip = _("Stop; the scene stays as it is.") if self.is_running else reason or _ready_tooltip()
        self._ui.progressBar.visible = self.is_running
        self._ui.logButton.visible = self._log is not None and (self.is_running or self._has_failed)
        self._ui.openResultsButton.enabled = not (self.is_running or self._busy)
        self._ui.byHandButton.visible = bool(self._missing) and not self._reason
        self._ui.byHandButton.enabled = not (self.is_running or self._busy)


def _ready_tooltip() -> str:
    return _(
        "Find the region in the selected volume and mark target, motor hotspot and 5-cm landmark. {key}.", key=_SHORTCUT
    )


def _doubts_kept(sides: list[SideNodes]) -> list[str]:
    """What the runs said of scan and masks, by their records in the scene; section 'Targets' tells of points."""
    try:
        said = [text for side in sides for text in all_warnings(findings(side.segmentation))]
    except UserError as error:  # a scene of another version
        return [str(error)]
    return [text for text in dict.fromkeys(said) if not point_of(text)]


def _figures(scan: str, side: SideNodes) -> str:
    """'T1, left: 14.8 ml, middle within 4.0 mm of the trained region in 9 of 10 scans'; not of an edited mask.

    The network's score is not told: it rises where noise drowns the scan.
    """
    name = {"left": _("left"), "right": _("right")}[side.hemisphere]
    region = region_of(side.segmentation)
    name = name if region == DLPFC else f"{name} {region}"
    volume_ml = mask_volume_ml(side.segmentation)
    parts = [_("{volume:.1f} ml", volume=volume_ml) if volume_ml else _("no mask")]
    if not network_score(side.segmentation):
        parts.append(_("by hand"))
    elif is_edited(side.segmentation):
        parts.append(_("edited by hand"))
    elif uncertainty_in_words(side.segmentation):
        parts.append(uncertainty_in_words(side.segmentation))
    return _("{scan}, {side}: {figures}", scan=scan, side=name, figures=joined(", ", parts))


def _doubts_without_side(plan: Plan) -> list[str]:
    """What is doubtful of a plan without any side; a result has it beside it."""
    return [] if plan.sides else [each for each in plan.warnings if key_of(each) != "registration_failed"]


def _duration(seconds: float, place: str) -> str:
    if not place:
        return _("Done in {seconds:.0f} s.", seconds=seconds)
    return _("Done in {seconds:.0f} s – {place}.", seconds=seconds, place=place)
