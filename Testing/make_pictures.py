"""Renders the pictures of the README's tutorial: the panel and the four views after each of its steps.

    QT_QPA_PLATFORM=offscreen .venv/bin/python Testing/make_pictures.py COLIN27 FOLDER

The module runs on the rig, driven through its widgets, with the worker and the weights as shipped. COLIN27 is the scan
that `make demo` fetches; the fiducials that are clicked on are this head's.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

TESTING = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTING / "Rig"), str(TESTING / "targeting"), str(TESTING.parent / "DLPFCSegmenter")]

import slicer_rig  # noqa: E402

slicer_rig.boot()

import numpy as np  # noqa: E402
import qt  # noqa: E402
import SimpleITK  # noqa: E402
import slicer  # noqa: E402
from known_fiducials import COLIN27_MM  # noqa: E402

from DLPFCSegmenterLib.application.nodes import plan_points  # noqa: E402
from DLPFCSegmenterLib.application.nodes.segmentation_node import mask_on_scan  # noqa: E402
from DLPFCSegmenterLib.application.nodes.volume_node import volume_from_node  # noqa: E402
from DLPFCSegmenterLib.application.widgets.point_table import ALONG_SCALP, NAME, PLACE  # noqa: E402
from DLPFCSegmenterLib.scan.volume import voxel_points_ras_mm  # noqa: E402
from slicer_rig.window_picture import WindowPicture  # noqa: E402

MODULE = TESTING.parent / "DLPFCSegmenter" / "DLPFCSegmenter.py"
_SCRATCH = Path(tempfile.gettempdir()) / "dlpfc-tutorial"
"""A name of its own in the temporary folder: it is read in the pictures."""

_EXPORTED = ("Brainsight 2.5.3 and later", "Mask as NIfTI")
_BRUSH_MM = 4.0
_CLOSE_MM = 130.0
_UPPER_HEAD_RAS_MM = np.array([0.0, 5.0, 20.0])
_SEEN_FROM_RAS_MM = _UPPER_HEAD_RAS_MM + np.array([-398.0, 0.0, 40.0])
"""From where landmarks that lie near each other on this head keep their names apart."""

_PANEL_PX, _VIEW_PX = 480, 440
_TIMEOUT_S = 1800.0
_NAMES_S = 0.5
"""Names beside points find their places when the head has come to rest."""


class Tutorial:
    """Who goes through the tutorial; a step returns the widget with which the panel's picture begins.

    scan    the file that is opened
    folder  where the steps write
    """

    def __init__(self, scan: Path, folder: Path) -> None:
        self._scan, self._folder = scan, folder
        self._module = slicer_rig.load_module(MODULE)
        self._module.enter()
        self._ui = self._module.widget.ui
        self._window = WindowPicture(_PANEL_PX, _VIEW_PX)

    def end(self) -> None:
        """Slicer is closed, and the worker that waits for the next scan with it."""
        self._module.unload()

    def save(self, path: Path, step: Callable) -> None:
        """Do a step and write its picture."""
        first = step(self)
        slicer_rig.drain_events(_NAMES_S)
        self._window.save(path, first)
        errors = slicer_rig.slot_errors()
        if errors:
            raise RuntimeError(f"{path.stem}: {errors[0]}")

    def open_volume(self) -> None:
        """Load the scan, choose it, and wait for what the panel says of it."""
        self._ui.inputSelector.setCurrentNode(slicer.util.loadVolume(str(self._scan)))
        _wait(lambda: self._ui.scalpLabel.text and "Looking" not in self._ui.scalpLabel.text)

    def segment(self) -> None:
        """Segment."""
        self._ui.segmentButton.click()
        _wait(lambda: self._ui.segmentButton.text == "Segment")
        _require(", left: " in self._ui.resultLabel.text, self._ui.statusLabel)
        self._wait_for_distances()

    def correct(self) -> qt.QWidget:
        """Go to the least certain slice, look closer, and erase where the mask is no cortex."""
        ui = self._ui
        ui.editGroupBox.checked = True
        ui.uncertainButton.click()
        _look_at(_middle_ras_mm(), _CLOSE_MM)
        editor = ui.editorFrame.layout().itemAt(0).widget()
        editor.setActiveEffectByName("Erase")
        slicer_rig.paint(editor, _darkest_ras_mm(editor), _BRUSH_MM, erase=True)
        self._wait_for_distances()
        return ui.segmentCollapsibleButton

    def place_fiducials(self) -> qt.QWidget:
        """Click on the four fiducials, wait for Beam F3, and jump to the target."""
        ui = self._ui
        ui.editGroupBox.checked = False
        ui.headMeasuresGroupBox.checked = True
        for key, place_ras_mm in COLIN27_MM.items():
            ui.fiducialTable.cellWidget(_row(ui.fiducialTable, plan_points.fiducial_name(key)), PLACE).click()
            slicer_rig.click_in_view(place_ras_mm)
        _wait(lambda: _row(ui.pointTable, "Beam F3") >= 0)
        self._wait_for_distances()
        _wait(lambda: ui.byTapeLabel.text.startswith("By tape"))
        ui.jumpToTargetButton.click()
        _turn_head()
        return ui.targetsCollapsibleButton

    def export(self) -> qt.QWidget:
        """Tick two formats and export."""
        ui = self._ui
        ui.headMeasuresGroupBox.checked = False
        for title in _EXPORTED:
            ui.exportTable.item(_row(ui.exportTable, title), NAME).setCheckState(qt.Qt.Checked)
        ui.exportFolderEdit.currentPath = str(self._folder / "plan")
        ui.exportButton.click()
        _wait(lambda: ui.exportButton.text == "Export")
        _require(ui.exportLabel.text.count("• ") == len(_EXPORTED), ui.exportLabel)
        return ui.exportCollapsibleButton

    def run_batch(self) -> qt.QWidget:
        """Run a batch over a folder."""
        ui = self._ui
        ui.exportCollapsibleButton.checked = False
        ui.batchCollapsibleButton.checked = True
        ui.batchSourceSelector.currentIndex = 1
        ui.batchFolderEdit.currentPath = str(_folder_of_scans(self._scan, self._folder / "scans"))
        ui.batchOutputEdit.currentPath = str(self._folder / "results")
        ui.batchButton.click()
        _wait(lambda: ui.batchButton.text == "Run batch")
        _require(ui.batchLabel.text.startswith("2 done, 0 finished before, 1 failed"), ui.batchLabel)
        return ui.exportCollapsibleButton

    def _wait_for_distances(self) -> None:
        table = self._ui.pointTable
        _wait(lambda: all(table.item(row, ALONG_SCALP).text() != "…" for row in range(table.rowCount)))


STEPS = {
    "1-volume.png": Tutorial.open_volume,
    "2-segment.png": Tutorial.segment,
    "3-correct.png": Tutorial.correct,
    "4-targets.png": Tutorial.place_fiducials,
    "5-export.png": Tutorial.export,
    "6-batch.png": Tutorial.run_batch,
}
"""The pictures in the order of the tutorial, and how the panel comes to each."""


def _wait(until: Callable[[], bool]) -> None:
    if not slicer_rig.drain_events(_TIMEOUT_S, until=until):
        raise TimeoutError("the panel did not come to its end")


def _require(is_well: bool, label: qt.QLabel) -> None:
    if not is_well:
        raise RuntimeError(label.text)


def _row(table: qt.QTableWidget, name: str) -> int:
    """Number of the line that begins with this name, or -1."""
    names = [table.item(row, NAME).text().split("\n")[0] for row in range(table.rowCount)]
    return names.index(name) if name in names else -1


def _middle_ras_mm() -> tuple[float, ...]:
    """Where the three slices meet."""
    nodes = (slicer.app.layoutManager().sliceWidget(name).mrmlSliceNode() for name in ("Yellow", "Green", "Red"))
    return tuple(node.GetSliceToRAS().GetElement(axis, 3) for axis, node in enumerate(nodes))


def _look_at(point_ras_mm: tuple[float, ...], width_mm: float) -> None:
    """What dragging and zooming with the mouse ends in."""
    slicer.vtkMRMLSliceNode.JumpAllSlices(slicer.mrmlScene, *point_ras_mm, slicer.vtkMRMLSliceNode.CenteredJumpSlice)
    for node in slicer.util.getNodesByClass("vtkMRMLSliceNode"):
        node.SetFieldOfView(width_mm, width_mm, node.GetFieldOfView()[2])


def _turn_head() -> None:
    """The same in 3-D."""
    for camera in slicer.util.getNodesByClass("vtkMRMLCameraNode"):
        camera.SetFocalPoint(*_UPPER_HEAD_RAS_MM)
        camera.SetPosition(*_SEEN_FROM_RAS_MM)
        camera.SetViewUp(0.0, 0.0, 1.0)
        camera.ResetClippingRange()


def _darkest_ras_mm(editor: slicer.qMRMLSegmentEditorWidget) -> tuple[float, ...]:
    """Where the mask is darkest in the axial slice that is shown: fluid, which no cortex is."""
    scan = volume_from_node(editor.sourceVolumeNode())
    mask_kji = mask_on_scan(editor.segmentationNode(), editor.sourceVolumeNode())
    image = SimpleITK.GetImageFromArray(scan.array_kji.astype(np.float32))
    smooth_kji = SimpleITK.GetArrayFromImage(SimpleITK.Mean(image, [2, 2, 2]))
    points_ras_mm = voxel_points_ras_mm(scan, mask_kji)
    in_slice = np.abs(points_ras_mm[:, 2] - _middle_ras_mm()[2]) <= scan.spacing_mm[2] / 2
    return tuple(points_ras_mm[in_slice][np.argmin(smooth_kji[mask_kji][in_slice])])


def _folder_of_scans(scan: Path, folder: Path) -> Path:
    """A folder for a batch: the scan, the scan in coarser voxels, and a file that was cut off."""
    folder.mkdir()
    shutil.copy(scan, folder / "sub-01_T1w.nii.gz")
    image = SimpleITK.ReadImage(str(scan))
    SimpleITK.WriteImage(SimpleITK.BinShrink(image, [2, 2, 2]), str(folder / "sub-02_T1w_2mm.nii.gz"))
    (folder / "sub-03_T1w.nii.gz").write_bytes(scan.read_bytes()[:100_000])
    return folder


def main(scan: str, folder: str) -> None:
    """Draw all pictures; those that were there are replaced when all are done."""
    pictures = Path(folder)
    pictures.mkdir(parents=True, exist_ok=True)
    _SCRATCH.mkdir()
    try:
        tutorial = Tutorial(Path(shutil.copy(scan, _SCRATCH)), _SCRATCH)
        for name, step in STEPS.items():
            tutorial.save(_SCRATCH / name, step)
            print(f"{name}: {(_SCRATCH / name).stat().st_size / 1000:.0f} kB", flush=True)
        for name in STEPS:
            shutil.move(_SCRATCH / name, pictures / name)
        tutorial.end()
    finally:
        shutil.rmtree(_SCRATCH)


if __name__ == "__main__":
    main(*sys.argv[1:])
