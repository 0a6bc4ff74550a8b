"""Section 'Export': what is in the scene now as files for navigators, masks, and a report."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import ctk
import numpy as np
import qt
import slicer

from ...doubts import notes_apart
from ...errors import UserError
from ...export.exporting import REPORT, ExportOrder, ExportOutcome, Spaces
from ...export.registry import FORMATS
from ...export.targets import PlannedTarget
from ...files import as_file_name
from ...sentences import joined, say
from ...sentences import tr as _
from ...tasks import export_head, find_spaces
from ...terminology import stem_of_region
from ...worker import Call
from ..environment import ensure_packages, missing_packages
from ..jobs.job import OneJob, Question, StartJob
from ..nodes.edited_plan import read_scene, volume_in_own_space
from ..nodes.plan_nodes import SideNodes, latest_sides
from ..nodes.segmentation_node import findings
from ..nodes.volume_node import content_key, source_path
from ..parameters import NOT_CHOSEN, PanelParameters, path_in
from ..widgets.format_table import FormatTable
from ..widgets.labels import name_button, tell, warn
from ..widgets.point_choices import PointsMenu, export_choices, keys_of

_FOLDER_SETTING = "DLPFCSegmenter/ExportFolder"
_FORMATS_SETTING = "DLPFCSegmenter/ExportFormats"
_READING = "nibabel"
"""The package that every export needs: it reads the scan's own file."""
_OF_REPORT = ("matplotlib",)


class ExportSection(OneJob):
    """States: nothing to export, ready, running, cancelling.

    on_formats_ticked  told the names of the formats that the user has ticked
    own_targets        gives the user's own targets that are to go out
    """

    _CANCELLED = say("Cancelled; nothing was exported.")
    _UNREADABLE = say("What was exported is not known ({reason}); look into the folder.")

    def __init__(
        self,
        ui,
        start_job: StartJob,
        on_formats_ticked: Callable[[list[str]], None],
        own_targets: Callable[[], tuple[PlannedTarget, ...]],
    ) -> None:
        super().__init__(start_job)
        self._ui = ui
        self._own_targets = own_targets
        self._formats = FormatTable(ui.exportTable, lambda: on_formats_ticked(self._formats.ticked()))
        self._points = PointsMenu(ui.exportPointsButton, export_choices(), self._choose_points)
        self._spaces = Question(start_job, self._show_spaces)
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._parameters: PanelParameters | None = None
        self._exported_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._forget()
        self._left_out: tuple[str, ...] = ()
        ui.exportFolderEdit.filters = ctk.ctkPathLineEdit.Dirs
        ui.exportButton.connect("clicked(bool)", self._on_export_clicked)
        ui.reportButton.connect("clicked(bool)", lambda: self._start((REPORT,)))
        self._say()
        self._show_state()

    def set_choices(self, parameters: PanelParameters) -> None:
        """Take over what the user chose; a new scene begins with what was chosen last."""
        is_new, self._parameters = parameters is not self._parameters, parameters
        if is_new:
            _remember(parameters)
        self._formats.tick(parameters.exportFormats)
        self._show_points()
        if self._is_refused:
            self._say()

    def show(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Offer the newest plan of a scan."""
        if volume_node is not self._volume_node and not self.is_running:
            self._say()
        self._volume_node = volume_node
        self.describe()

    def describe(self) -> None:
        """Say what can be done with the plan as it is now."""
        sides = latest_sides(self._volume_node)
        if sides:
            self._ask_for_spaces(sides)
        else:
            self._spaces.stop()
            self._formats.show_waiting("")
        self._show_state()

    def close(self) -> None:
        """Look at no scan any more. Files that are being written are finished."""
        self._spaces.stop()
        self._volume_node = None
        self._parameters = None

    def on_progress(self, done: int, total: int, text: str) -> None:
        """Show which format is being written."""
        self._ui.exportProgressBar.maximum = total
        self._ui.exportProgressBar.value = done
        self._say(_("Writing {format}…", format=text))

    def _forget(self) -> None:
        """It holds masks and a scalp."""
        self._call, self._exported_node = Call(export_head), None

    def _ask_for_spaces(self, sides: list[SideNodes]) -> None:
        if missing_packages((_READING,)):
            self._formats.show_waiting(_("Told once the package nibabel is installed: Export asks."))
            return
        try:
            volume, path = volume_in_own_space(self._volume_node), source_path(self._volume_node)
            planned = replace(findings(sides[0].segmentation).volume, array_kji=np.zeros((0, 0, 0)))
        except UserError as error:
            self._formats.show_waiting(str(error))
            return
        has_scalp = any(side.scalp is not None for side in sides)
        key = (*content_key(self._volume_node, volume), str(path), str(planned.origin), has_scalp)
        if self._spaces.ask(key, Call(find_spaces, volume=volume, path=path, planned=planned, has_scalp=has_scalp)):
            self._formats.show_waiting(_("Looking…"))

    def _show_spaces(self, spaces: Spaces | None, reason: str) -> None:
        if spaces is None:
            self._formats.show_waiting(_("Not known. {reason}", reason=reason))
        else:
            self._formats.show(spaces)

    def _on_export_clicked(self) -> None:
        if self._job is None:
            self._start(self._formats.offered())
            return
        self._ui.exportButton.enabled = False
        self._cancel()

    def _choose_points(self, chosen: list[str]) -> None:
        self._parameters.exportLeftOut = [each.id for each in export_choices() if each.id not in chosen]
        self._show_points()

    def _show_points(self) -> None:
        """Tick what goes out, and say on the button what does not."""
        left_out = list(self._parameters.exportLeftOut)
        self._points.show([each.id for each in export_choices() if each.id not in left_out])
        names = ", ".join(each.label for each in export_choices() if each.id in left_out)
        text = _("All but: {points}", points=names) if names else _("All points")
        name_button(self._ui.exportPointsButton, text)

    def _start(self, formats: tuple[str, ...]) -> None:
        try:
            if not formats:
                raise UserError("Tick a format that this scan has.")
            ensure_packages(_packages(formats))
            self._call, self._exported_node = self._read_call(formats), self._volume_node
            self._launch()
        except UserError as error:
            self._warn(str(error))
            self._is_refused = True

    def _read_call(self, formats: tuple[str, ...]) -> Call:
        folder = path_in(self._parameters.exportFolder, say("Choose a folder for the files first."))
        scene = read_scene(self._volume_node, self._parameters)
        self._left_out = scene.left_out
        region = scene.head.sides[0].findings.model.region
        stem = f"{as_file_name(self._volume_node.GetName())}_{stem_of_region(region)}"
        shown = tuple(sorted(keys_of(self._parameters.shownPoints)))
        left_out, own = tuple(self._parameters.exportLeftOut), self._own_targets()
        order = ExportOrder(formats, folder, stem, shown, left_out=left_out, own=own)
        return Call(export_head, head=scene.head, order=order, path=source_path(self._volume_node))

    @property
    def _order(self) -> ExportOrder:
        return self._call.keywords["order"]

    def _launch(self) -> None:
        self._ui.exportProgressBar.maximum = 0
        self._begin(Call(self._call, volume=volume_in_own_space(self._exported_node)))

    def _conclude(self, outcome: ExportOutcome) -> None:
        """Say exactly what was written; ask before anything is replaced."""
        if outcome.in_the_way:
            self._ask_to_replace(outcome.in_the_way)
            return
        warnings, notes = notes_apart(outcome.warnings)
        self._say(joined("\n", (*_sentences(outcome), *self._left_out, *notes)))
        warn(self._ui.exportWarningLabel, *_not_written(outcome), *warnings)
        if outcome.written:
            _keep(self._order)
        for done in outcome.written:
            if self._order.formats == (REPORT,) and not _open(done.files[0]):
                self._say(_("{page} was written; open it in a web browser.", page=done.files[0]))

    def _ask_to_replace(self, names: tuple[str, ...]) -> None:
        order = self._order
        if not slicer.util.confirmOkCancelDisplay(
            _(
                "{folder} holds {names} already. Replace them by this export?",
                folder=order.folder,
                names=", ".join(names),
            ),
            windowTitle=_("DLPFC Segmenter"),
        ):
            self._say(_("Nothing was exported."))
            return
        self._call = Call(self._call, order=replace(order, replace=True))
        try:
            self._launch()
        except UserError as error:
            self._warn(str(error))

    def _say(self, sentence: str = "") -> None:
        self._is_refused = False
        tell(self._ui.exportLabel, sentence)
        warn(self._ui.exportWarningLabel)

    def _warn(self, sentence: str) -> None:
        self._say()
        warn(self._ui.exportWarningLabel, sentence)

    def _show_state(self) -> None:
        sides = latest_sides(self._volume_node)
        name_button(self._ui.exportButton, _("Cancel") if self.is_running else _("Export"))
        self._ui.exportButton.enabled = self.is_running or bool(sides)
        self._ui.reportButton.enabled = not self.is_running and bool(sides)
        self._ui.exportProgressBar.visible = self.is_running


def _packages(formats: tuple[str, ...]) -> tuple[str, ...]:
    """What Python needs for these formats."""
    more = (name for each in formats for name in (_OF_REPORT if each == REPORT else FORMATS[each].packages))
    return tuple(dict.fromkeys((_READING, *more)))


def _sentences(outcome: ExportOutcome) -> list[str]:
    """A line for each format, and then once each what was left out and how far the formats were checked."""
    lines = [_("Wrote into {folder}:", folder=done.files[0].parent) for done in outcome.written[:1]]
    for done in outcome.written:
        names = ", ".join(file.name for file in done.files)
        lines.append(_("• {names}: {contents}", names=names, contents=done.contents))
    return lines + list(dict.fromkeys(remark for done in outcome.written for remark in done.remarks))


def _not_written(outcome: ExportOutcome) -> list[str]:
    reasons = outcome.refused.items()
    return [_("Not written, {title}: {reason}", title=say(title), reason=reason) for title, reason in reasons]


def _open(page: Path) -> bool:
    return qt.QDesktopServices.openUrl(qt.QUrl.fromLocalFile(str(page)))


def _remember(parameters: PanelParameters) -> None:
    """Folder and formats of the last export, in a scene that has none of its own."""
    settings = slicer.app.userSettings()
    folder, formats = settings.value(_FOLDER_SETTING, ""), settings.value(_FORMATS_SETTING, "")
    if folder and parameters.exportFolder in NOT_CHOSEN:
        parameters.exportFolder = folder
    if formats and not parameters.exportFormats:
        parameters.exportFormats = formats.split(",")


def _keep(order: ExportOrder) -> None:
    settings = slicer.app.userSettings()
    settings.setValue(_FOLDER_SETTING, str(order.folder))
    if order.formats != (REPORT,):
        settings.setValue(_FORMATS_SETTING, ",".join(order.formats))
