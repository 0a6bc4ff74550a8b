"""Section 'Volume': which scan, and what was understood of it."""

import slicer
from slicer.i18n import tr as _

from ...errors import UserError
from ...scan.checks import check_scan
from ...scan.volume import Volume
from ..jobs.question import StartJob
from ..jobs.scalp_check import ScalpCheck
from ..nodes.volume_node import volume_from_node


class VolumeSection:
    """Tells the user about the selected scan and loads the sample head."""

    def __init__(self, ui, start_job: StartJob) -> None:
        self._ui = ui
        self._scalp_check = ScalpCheck(start_job, self._show_scalp)
        ui.sampleDataButton.connect("clicked(bool)", self._load_sample)

    def show(self, node: slicer.vtkMRMLScalarVolumeNode | None) -> str:
        """Describe `node`; returns why it cannot be segmented, or '' if it can."""
        try:
            volume = check_scan(volume_from_node(node))
        except UserError as error:
            self._scalp_check.stop()
            self._say(str(error), "", "")
            return str(error)
        self._say(_description(volume), "\n".join(_warning(text) for text in volume.warnings), "")
        self._scalp_check.ask(node, volume)
        return ""

    def close(self) -> None:
        """The scan is not looked at any more."""
        self._scalp_check.stop()

    def _say(self, description: str, warnings: str, scalp: str) -> None:
        self._ui.volumeInfoLabel.text = description
        self._ui.volumeWarningLabel.text = warnings
        self._ui.volumeWarningLabel.visible = bool(warnings)
        self._show_scalp(scalp)

    def _show_scalp(self, sentence: str) -> None:
        self._ui.scalpLabel.text = sentence
        self._ui.scalpLabel.visible = bool(sentence)

    def _load_sample(self) -> None:
        with slicer.util.tryWithErrorDisplay(_("The sample head could not be loaded."), waitCursor=True):
            import SampleData

            node = SampleData.SampleDataLogic().downloadMRHead()
            self._ui.inputSelector.setCurrentNode(node)


def _description(volume: Volume) -> str:
    voxels = " × ".join(str(count) for count in volume.shape_ijk)
    spacing = " × ".join(f"{size:.2f}" for size in volume.spacing_mm)
    return _("{voxels} voxels of {spacing} mm, axes {axes}").format(
        voxels=voxels, spacing=spacing, axes=volume.orientation
    )


def _warning(text: str) -> str:
    return _("Warning: {text}").format(text=text)
