"""Section 'Volume': which scan, and what was understood of it."""

import slicer
from slicer.i18n import tr as _

from ..errors import UserError
from ..volume.checks import check_scan
from ..volume.volume import Volume
from .volume_node import volume_from_node


class VolumeSection:
    """Tells the user about the selected scan and loads the sample head."""

    def __init__(self, ui) -> None:
        self._ui = ui
        ui.sampleDataButton.connect("clicked(bool)", self._load_sample)

    def show(self, node: slicer.vtkMRMLScalarVolumeNode | None) -> str:
        """Describe `node`; returns why it cannot be segmented, or '' if it can."""
        try:
            volume = check_scan(volume_from_node(node))
        except UserError as error:
            self._ui.volumeInfoLabel.text = str(error)
            return str(error)
        self._ui.volumeInfoLabel.text = _description(volume)
        return ""

    def _load_sample(self) -> None:
        with slicer.util.tryWithErrorDisplay(_("The sample head could not be loaded."), waitCursor=True):
            import SampleData

            node = SampleData.SampleDataLogic().downloadMRHead()
            self._ui.inputSelector.setCurrentNode(node)


def _description(volume: Volume) -> str:
    voxels = " × ".join(str(count) for count in volume.shape_ijk)
    spacing = " × ".join(f"{size:.2f}" for size in volume.spacing_mm)
    text = _("{voxels} voxels of {spacing} mm, axes {axes}").format(
        voxels=voxels, spacing=spacing, axes=volume.orientation
    )
    return "\n".join((text, *volume.warnings))
