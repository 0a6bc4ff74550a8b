"""Section 'Batch': one scan after the other, with a table of what came of each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import ctk
import slicer

from ...batch import (
    DONE,
    FAILED,
    FINISHED_BEFORE,
    NOT_FOUND,
    TABLE_FILE,
    BatchRow,
    BatchScan,
    FoundScan,
    clear_leftovers,
    holds_result,
    named_batch,
    row_in,
    write_table,
)
from ...doubts import is_note
from ...errors import UserError
from ...plan import Plan, PlanOptions
from ...sentences import joined, say
from ...sentences import tr as _
from ...tasks import find_scans, look_up_scan, plan_file_to_folder
from ...worker import Call
from ..environment import ensure_packages, ensure_torch
from ..jobs.job import Job, Question, StartJob
from ..jobs.process import CANCELLED, FINISHED, Outcome, ProcessListener
from ..jobs.run import Run, RunListener
from ..nodes.plan_nodes import SideNodes, keep_choices, latest_sides
from ..nodes.volume_node import in_scene, scans_in_scene, volume_from_node
from ..parameters import BatchSource, PanelParameters, path_in, plan_options
from ..timers import later
from ..widgets.batch_table import BatchTable
from ..widgets.labels import name_button, tell, warn

_PACKAGES = ("nibabel", "matplotlib")
"""What the files of a result are written with."""

StartRun = Callable[[slicer.vtkMRMLScalarVolumeNode, PlanOptions, RunListener, Path], Run]


@dataclass(frozen=True)
class _Entry:
    """A scan of the batch, its node where it is one of the scene, and its row where that is known already."""

    scan: BatchScan
    node: slicer.vtkMRMLScalarVolumeNode | None = None
    finished: BatchRow | None = None


class BatchSection(RunListener, ProcessListener):
    """States: ready, looking for scans, running, cancelling.

    start_run   starts a run on a volume of the scene, which makes nodes of its plan
    open_results  brings the results in a folder into the scene
    on_result   told when new nodes are in the scene
    on_running  told when a batch has started or ended
    """

    def __init__(
        self,
        ui,
        start_run: StartRun,
        start_job: StartJob,
        open_results: Callable[[Path], None],
        on_result: Callable[[], None],
        on_running: Callable[[], None],
    ) -> None:
        self._ui = ui
        self._on_running = on_running
        self._start_run = start_run
        self._start_job = start_job
        self._open_results = open_results
        self._on_result = on_result
        self._table = BatchTable(ui.batchTable)
        self._search = Question(start_job, self._on_scans_found)
        self._whose = Question(start_job, self._on_looked_up)
        self._parameters: PanelParameters | None = None
        self._options = PlanOptions()
        self._output = Path()
        self._entries: list[_Entry] = []
        self._rows: list[BatchRow] = []
        self._work: Run | Job | None = None
        self._is_running = self._is_cancelled = False
        self._busy, self._tooltip = "", ui.batchButton.toolTip
        for edit in (ui.batchFolderEdit, ui.batchOutputEdit):
            edit.filters = ctk.ctkPathLineEdit.Dirs
        ui.batchButton.connect("clicked(bool)", self._on_clicked)
        ui.batchTable.connect("cellClicked(int,int)", lambda number, column: self._tell_remarks(number))
        ui.batchTable.connect("cellDoubleClicked(int,int)", lambda number, column: self._open_row(number))
        self._say("")
        self._tell_remarks(0)
        self._show_state()

    @property
    def is_running(self) -> bool:
        """Whether scans are looked for or planned on."""
        return self._is_running

    def set_busy(self, reason: str) -> None:
        """Wait while something else works, which `reason` names; '' when that has ended."""
        self._busy = reason
        self._show_state()

    def set_choices(self, parameters: PanelParameters) -> None:
        """Take over what the user chose; a batch that runs goes on with what it began with."""
        self._parameters = parameters
        for widget in (self._ui.batchFolderEdit, self._ui.batchFolderLabel):
            widget.visible = parameters.batchSource is BatchSource.FOLDER

    def abandon(self) -> None:
        """Stop at once: the scene or Slicer is going away."""
        self._search.stop()
        self._whose.stop()
        work, self._work = self._work, None
        if work is not None:
            work.abandon()
            clear_leftovers(self._entry.scan)
        self._entries = [replace(entry, node=None) for entry in self._entries]
        if self._is_running:
            self._end(_("Cancelled: the scene was closed."))

    def on_progress(self, done: int, total: int, text: str) -> None:
        """Show one more piece of work on the present scan."""
        self._ui.batchProgressBar.maximum = 0 if done == total else total
        self._ui.batchProgressBar.value = done
        self._table.show_state(
            len(self._rows), _("running, {step} {done} of {total}", step=text, done=done, total=total)
        )

    def on_done(self, plan: Plan, sides: list[SideNodes]) -> None:
        """A scan of the scene has its nodes and its folder."""
        self._on_result()
        self._take(self._read())

    def on_cancelled(self, reason: str) -> None:
        """The user cancelled, or the volume was removed."""
        self._take(None if self._is_cancelled else self._failed(reason))

    def on_failed(self, sentence: str) -> None:
        """The rest goes on."""
        self._take(self._failed(sentence))

    def on_ended(self, outcome: Outcome) -> None:
        """The worker on a scan of a folder has ended."""
        self._work.clean_up(keep_log=outcome.kind not in (FINISHED, CANCELLED))
        if outcome.kind == FINISHED:
            self._take(self._read())
        elif outcome.kind == CANCELLED:
            self.on_cancelled("")
        else:
            self.on_failed(outcome.message)

    @property
    def _entry(self) -> _Entry:
        """The scan whose turn it is."""
        return self._entries[len(self._rows)]

    def _on_clicked(self) -> None:
        if self._is_running:
            self._cancel()
            return
        try:
            self._start()
        except UserError as error:
            self._end(str(error), is_warning=True)

    def _open_row(self, number: int) -> None:
        """The results of a scan that is finished; what is in the scene already is chosen."""
        if self._is_running or number >= len(self._rows) or self._rows[number].state == FAILED:
            return
        entry = self._entries[number]
        if in_scene(entry.node) and latest_sides(entry.node):
            self._ui.inputSelector.setCurrentNode(entry.node)
        else:
            self._open_results(entry.scan.folder)

    def _tell_remarks(self, number: int) -> None:
        """Beneath the table, whose last column may lie off the screen."""
        rows = self._rows[number : number + 1]
        remarks = [each for row in rows for each in (row.message, *row.warnings) if each and not is_note(each)]
        told = [joined(": ", (row.name, joined(" ", remarks))) for row in rows if remarks]
        warn(self._ui.batchRemarksLabel, *told)

    def _cancel(self) -> None:
        self._is_cancelled = True
        self._ui.batchButton.enabled = False
        if self._work is not None:
            self._work.cancel()
        else:
            self._search.stop()
            self._whose.stop()
            self._end(_("Cancelled."))

    def _start(self) -> None:
        self._output = path_in(self._parameters.batchOutput, say("Choose a folder for the results first."))
        self._options = replace(plan_options(self._parameters, None), tapes=None)  # those of one person
        if self._options.wants_fmri and self._parameters.batchSource is BatchSource.SCENE:
            raise UserError(
                "The target 'Circuit' takes the fMRI that fMRIPrep wrote beside each T1: choose 'All scans in a"
                " folder', or another target under Targets."
            )
        ensure_torch()
        ensure_packages((*_PACKAGES, "nilearn") if self._options.wants_fmri else _PACKAGES)
        self._is_running, self._is_cancelled = True, False
        self._show_state()
        self._on_running()
        self._ui.batchProgressBar.maximum = 0
        if self._parameters.batchSource is BatchSource.FOLDER:
            missing = say("Choose the folder with the scans first.")
            self._look_for_scans(path_in(self._parameters.batchFolder, missing), missing)
        else:
            self._begin(_scene_entries(self._output))

    def _look_for_scans(self, folder: Path, missing: str) -> None:
        if not folder.is_dir():
            raise UserError(missing)
        self._say(_("Looking for scans…"))
        always_asked = (object(),)  # a folder may change
        self._search.ask(always_asked, Call(find_scans, folder=folder, output=self._output, options=self._options))

    def _on_scans_found(self, scans: tuple[FoundScan, ...] | None, reason: str) -> None:
        if scans is None:
            self._end(reason, is_warning=True)
            return
        self._begin([_Entry(found.scan, finished=found.finished) for found in scans])

    def _begin(self, entries: list[_Entry]) -> None:
        self._entries, self._rows = entries, []
        self._tell_remarks(0)
        self._table.list_scans([entry.scan.name for entry in entries])
        try:
            if not entries:
                raise UserError("There is no volume in the scene.")
            write_table([], self._output)
        except UserError as error:
            self._end(str(error), is_warning=True)
            return
        self._go_on()

    def _go_on(self) -> None:
        """The next scan, one in a turn of the event loop: a folder may hold hundreds of finished ones."""
        if not self._is_running:
            return
        if len(self._rows) == len(self._entries):
            self._end(_summary(self._rows, self._output))
            return
        entry = self._entry
        self._say(
            _(
                "Scan {number} of {total}: {name}",
                number=len(self._rows) + 1,
                total=len(self._entries),
                name=entry.scan.name,
            )
        )
        if in_scene(entry.node) and holds_result(entry.scan):
            self._look_up(entry)
        else:
            self._take_or_start(entry)

    def _look_up(self, entry: _Entry) -> None:
        """Ask whose the result in a scene's scan's folder is; of a folder's scans that is known already."""
        others = tuple(other.scan.name for other in self._entries if other is not entry)
        try:
            volume = volume_from_node(entry.node)
        except UserError as error:
            self._take(self._failed(str(error)))
            return
        always_asked = (object(),)
        call = Call(look_up_scan, volume=volume, scan=entry.scan, options=self._options, taken=others)
        self._whose.ask(always_asked, call)

    def _on_looked_up(self, found: FoundScan | None, reason: str) -> None:
        if found is None:
            self._take(self._failed(reason))
            return
        entry = self._entries[len(self._rows)] = _Entry(found.scan, self._entry.node, found.finished)
        self._take_or_start(entry)

    def _take_or_start(self, entry: _Entry) -> None:
        if entry.finished is not None:
            self._take(entry.finished)
            return
        try:
            self._work = self._start_work(entry)
        except UserError as error:
            self._take(self._failed(str(error)))

    def _start_work(self, entry: _Entry) -> Run | Job:
        self._table.show_state(len(self._rows), _("starting"))
        if entry.node is None:
            source, folder = entry.scan.source, entry.scan.folder
            return self._start_job(Call(plan_file_to_folder, source=source, options=self._options, folder=folder), self)
        if not in_scene(entry.node):
            raise UserError("The volume was removed.")
        keep_choices(entry.node, self._options)
        return self._start_run(entry.node, self._options, self, entry.scan.folder)

    def _read(self) -> BatchRow:
        """The row of the folder that was just written."""
        row = row_in(self._entry.scan, DONE)
        return row or self._failed(_("The result is not in {folder} any more.", folder=self._entry.scan.folder))

    def _failed(self, sentence: str) -> BatchRow:
        clear_leftovers(self._entry.scan)
        return BatchRow(self._entry.scan.name, FAILED, message=sentence)

    def _take(self, row: BatchRow | None) -> None:
        """Show and keep what came of a scan, and go on; None where the batch was cancelled."""
        self._work = None
        if row is None:
            clear_leftovers(self._entry.scan)
            self._table.show_state(len(self._rows), _("cancelled"))
            self._end(_("Cancelled. {summary}", summary=_summary(self._rows, self._output)))
            return
        self._table.show_row(len(self._rows), row)
        self._rows.append(row)
        self._tell_remarks(len(self._rows) - 1)
        try:
            write_table(self._rows, self._output)
        except UserError as error:
            self._end(str(error), is_warning=True)
            return
        if self._is_cancelled:
            self._end(_("Cancelled. {summary}", summary=_summary(self._rows, self._output)))
            return
        later(self._go_on)

    def _end(self, sentence: str, is_warning: bool = False) -> None:
        self._is_running = False
        (warn if is_warning else tell)(self._ui.batchLabel, sentence)
        self._show_state()
        self._on_running()

    def _say(self, sentence: str) -> None:
        tell(self._ui.batchLabel, sentence)

    def _show_state(self) -> None:
        name_button(self._ui.batchButton, _("Cancel") if self._is_running else _("Run batch"))
        self._ui.batchButton.enabled = self._is_running or not self._busy
        self._ui.batchButton.toolTip = self._tooltip if self._is_running else self._busy or self._tooltip
        self._ui.batchProgressBar.visible = self._is_running
        for widget in (self._ui.batchSourceSelector, self._ui.batchFolderEdit, self._ui.batchOutputEdit):
            widget.enabled = not self._is_running


def _scene_entries(output: Path) -> list[_Entry]:
    """Every scan of the scene."""
    nodes = scans_in_scene()
    scans = named_batch([(node.GetName(), node.GetName()) for node in nodes], output)
    return [_Entry(scan, node) for scan, node in zip(scans, nodes, strict=True)]


def _summary(rows: list[BatchRow], output: Path) -> str:
    counts = {state: sum(row.state == state for row in rows) for state in (DONE, FINISHED_BEFORE, NOT_FOUND, FAILED)}
    parts = [
        say("{count} done", count=counts[DONE]),
        say("{count} finished before", count=counts[FINISHED_BEFORE]),
        say("{count} failed", count=counts[FAILED]),
    ]
    sought = [row.region for row in rows if row.state == NOT_FOUND]
    parts += [say("{count} without a {region}", count=len(sought), region=sought[0])] if sought else []
    return _("{counts}; table in {path}.", counts=joined(", ", parts), path=output / TABLE_FILE)
