"""'Save correction for training': the scan and its masks to two files, written by a worker."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import qt
import slicer

from ...errors import UserError
from ...export.correction import Correction
from ...files import as_file_name
from ...sentences import both, say
from ...sentences import tr as _
from ...tasks import save_correction
from ...worker import Call
from ..nodes.plan_nodes import latest_sides
from ..nodes.segmentation_node import mask_on_scan, region_of
from ..nodes.volume_node import volume_from_node
from ..widgets.labels import tell, warn
from .job import OneJob, StartJob

FOLDER_SETTING = "DLPFCSegmenter/CorrectionFolder"


class CorrectionSave(OneJob):
    """Asks for the folder and saves; what is there already is replaced only where the user says so.

    on_changed  told when writing starts and when it has ended
    """

    _CANCELLED = say("Nothing was saved.")
    _UNREADABLE = say("What was saved is not known ({reason}); look into the folder.")

    def __init__(self, ui, start_job: StartJob, on_changed: Callable[[], None]) -> None:
        super().__init__(start_job)
        self._ui = ui
        self._on_changed = on_changed
        self._say("")

    def start(self, volume_node: slicer.vtkMRMLScalarVolumeNode) -> None:
        """Ask where to, and return at once."""
        folder = _ask_for_folder()
        if not folder:
            return
        try:
            self._save(volume_node, Path(folder))
        except UserError as error:
            self._warn(str(error))

    def _save(self, volume_node: slicer.vtkMRMLScalarVolumeNode, folder: Path) -> None:
        sides = latest_sides(volume_node)
        masks = {side.hemisphere: mask_on_scan(side.segmentation, volume_node) for side in sides}
        regions = {side.hemisphere: region_of(side.segmentation) for side in sides}
        correction = Correction(masks, folder, as_file_name(volume_node.GetName()), regions=regions)
        there = [path.name for path in correction.files if path.exists()]
        if there and not _may_replace(folder, there):
            self._say(self._CANCELLED)
            return
        correction = replace(correction, replace=bool(there))
        self._begin(Call(save_correction, volume=volume_from_node(volume_node), correction=correction))
        self._say(_("Saving…"))

    def _conclude(self, files: tuple[Path, ...]) -> None:
        self._say(_("Saved {files} in {folder}.", files=both(path.name for path in files), folder=files[0].parent))

    def _show_state(self) -> None:
        self._on_changed()

    def _say(self, sentence: str) -> None:
        tell(self._ui.saveLabel, sentence)

    def _warn(self, sentence: str) -> None:
        warn(self._ui.saveLabel, sentence)


def _ask_for_folder() -> str:
    settings = slicer.app.userSettings()
    title = _("Folder for scans and corrected masks")
    folder = qt.QFileDialog.getExistingDirectory(slicer.util.mainWindow(), title, settings.value(FOLDER_SETTING, ""))
    if folder:
        settings.setValue(FOLDER_SETTING, folder)
    return folder


def _may_replace(folder: Path, names: list[str]) -> bool:
    return slicer.util.confirmOkCancelDisplay(
        _(
            "{folder} holds {names} already. Replace them by this correction?",
            folder=folder,
            names=both(names),
        ),
        windowTitle=_("DLPFC Segmenter"),
    )
