"""Section 'Volume': which scan, and what was understood of it."""

import slicer

from ...errors import UserError
from ...scan.checks import check_scan
from ...scan.volume import Volume
from ...sentences import joined, say
from ...sentences import tell as tell_of
from ...sentences import tr as _
from ...tasks import why_no_scalp
from ...worker import Call
from ..jobs.job import Question, StartJob
from ..nodes.volume_node import content_key, scans_in_scene, source_path, volume_from_node
from ..widgets.labels import tell, warn


class VolumeSection:
    """Tells the user about the selected scan and loads the sample head."""

    def __init__(self, ui, start_job: StartJob) -> None:
        self._ui = ui
        self._scalp_question = Question(start_job, self._tell_of_scalp, is_of_head=True)
        ui.loadScanButton.connect("clicked(bool)", self._load_scan)
        ui.sampleDataButton.connect("clicked(bool)", self._load_sample)

    def show(self, node: slicer.vtkMRMLScalarVolumeNode | None, removed: str = "") -> str:
        """Describe `node`; returns why it cannot be segmented, or '' if it can.

        removed  the name of the scan that was chosen until it was taken out of the scene, if that is so
        """
        try:
            scan = volume_from_node(node)
            volume = check_scan(scan)
        except UserError as error:
            self._scalp_question.stop()
            reasons = (say("'{scan}' was removed from the scene.", scan=removed), error) if removed else (error,)
            told = tell_of(joined(" ", reasons))
            self._say("" if node else told, (told,) if node else ())
            return told
        self._say(_description(volume), volume.warnings)
        if self._scalp_question.ask(content_key(node, volume), Call(why_no_scalp, volume=scan, path=source_path(node))):
            tell(self._ui.scalpLabel, _("Looking for scalp and skull…"))
        return ""

    def abandon(self) -> None:
        """The scene or Slicer is going away."""
        self._scalp_question.abandon()

    def close(self) -> None:
        """The scan is not looked at any more."""
        self._scalp_question.stop()

    def _say(self, description: str, warnings: tuple[str, ...]) -> None:
        tell(self._ui.volumeInfoLabel, description)
        warn(self._ui.volumeWarningLabel, *warnings)
        tell(self._ui.scalpLabel, "")

    def _tell_of_scalp(self, answer: str | None, reason: str) -> None:
        if answer is None:
            warn(self._ui.scalpLabel, _("Whether the scan shows a scalp is not known. {reason}", reason=reason))
        elif answer:
            warn(self._ui.scalpLabel, _("No scalp: {reason}", reason=answer))
        else:
            tell(self._ui.scalpLabel, _("Scalp and skull are seen."))

    def _load_scan(self) -> None:
        """Slicer's own dialog; what it loads is selected."""
        before = scans_in_scene()
        slicer.util.openAddVolumeDialog()
        for node in scans_in_scene():
            if node not in before:
                self._ui.inputSelector.setCurrentNode(node)

    def _load_sample(self) -> None:
        with slicer.util.tryWithErrorDisplay(_("The sample head could not be loaded."), waitCursor=True):
            import SampleData

            node = SampleData.SampleDataLogic().downloadMRHead()
            self._ui.inputSelector.setCurrentNode(node)


def _description(volume: Volume) -> str:
    voxels = " × ".join(str(count) for count in volume.shape_ijk)
    spacing = " × ".join(f"{size:.2f}" for size in volume.spacing_mm)
    return _("{voxels} voxels of {spacing} mm, axes {axes}", voxels=voxels, spacing=spacing, axes=volume.orientation)
