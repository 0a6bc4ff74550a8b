"""Measures what BENCHMARKS.md states of the panel: the longest time that the window stood still.

    QT_QPA_PLATFORM=offscreen .venv/bin/python Testing/benchmark_panel.py T1

The scan is put into a cube of 256 voxels of 1 mm, saved, loaded and segmented on both sides on the rig, with the
worker as shipped; then all that a person does with the result is done. A timer of 0 ms ticks at every turn of the event
loop. For each phase: the longest time between two ticks, and the longest processor time that the window's own thread
took between two ticks, which does not depend on what else the computer was doing. A second table tells how long after
the click each Cancel was done.
"""

import sys
import tempfile
import time
from pathlib import Path

TESTING = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTING), str(TESTING / "Rig"), str(TESTING.parent / "DLPFCSegmenter")]

import slicer_rig  # noqa: E402

slicer_rig.boot()

import nibabel  # noqa: E402
import numpy as np  # noqa: E402
import qt  # noqa: E402
import slicer  # noqa: E402

from benchmark import READY_S, cube_around  # noqa: E402
from DLPFCSegmenterLib.application.widgets.point_table import ALONG_SCALP  # noqa: E402
from DLPFCSegmenterLib.scan.readers import read_volume  # noqa: E402


class Ticks:
    """The longest gaps between two turns of the event loop since `start`, ms."""

    def __init__(self):
        self._timer = qt.QTimer()
        self._timer.setInterval(0)
        self._timer.connect("timeout()", self._tick)
        self.start()
        self._timer.start()

    def start(self):
        self._last = (time.perf_counter(), time.thread_time())
        self.wall_ms = self.cpu_ms = 0.0

    def _tick(self):
        now = (time.perf_counter(), time.thread_time())
        wall_ms, cpu_ms = (1000 * (new - old) for new, old in zip(now, self._last, strict=True))
        self.wall_ms, self.cpu_ms = max(self.wall_ms, wall_ms), max(self.cpu_ms, cpu_ms)
        self._last = now

    def report(self, phase, until, timeout_s=900):
        """Turn the event loop until `until()`, print a row, begin anew."""
        assert slicer_rig.drain_events(timeout_s, until=until), phase
        slicer_rig.drain_events(0.1)
        print(f"| {phase} | {self.wall_ms:.0f} | {self.cpu_ms:.0f} |", flush=True)
        self.start()


def main(path: str) -> None:
    """Print two Markdown tables of milliseconds."""
    module = slicer_rig.load_module(TESTING.parent / "DLPFCSegmenter" / "DLPFCSegmenter.py")
    module.enter()
    ui = module.widget.ui
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scan = load_cube(Path(path), folder / "scans" / "scan.nii.gz")
        slicer_rig.drain_events(0.5)
        click_to_target(ui, scan)
        ticks = Ticks()
        print("| phase | longest gap, ms | of it processor time, ms |\n|---|---|---|")
        segment(ui, ticks, scan)
        correct(ui, ticks, scan, folder)
        move_points(ui, ticks)
        export(ui, ticks, folder / "out")
        run_batches(ui, ticks, folder)
        print("\n| cancelled | until it was done, ms |\n|---|---|")
        cancel(ui, folder)
        slicer_rig.close_scene()
    module.unload()


def load_cube(path: Path, saved: Path) -> slicer.vtkMRMLScalarVolumeNode:
    """The scan in a cube of 256 voxels of 1 mm, from a file of its own."""
    cube = cube_around(read_volume(path))
    image = nibabel.Nifti1Image(cube.array_kji.astype(np.int16).transpose(), cube.ijk_to_ras)
    image.set_qform(cube.ijk_to_ras, 1)
    image.set_sform(cube.ijk_to_ras, 1)
    saved.parent.mkdir()
    nibabel.save(image, saved)
    return slicer.util.loadVolume(str(saved))


def click_to_target(ui, scan) -> None:
    """Print a table of seconds: clicked when the worker is ready, then the other side, and at once after a restart."""
    print("| Segment, from the click until the target is in the views | s |\n|---|---|")
    ui.inputSelector.setCurrentNode(scan)
    slicer_rig.drain_events(READY_S)
    for row, name in enumerate(("left, a while after the scan was chosen", "then right")):
        ui.hemisphereSelector.currentIndex = row
        print(f"| {name} | {seconds_of_run(ui):.1f} |")
    ui.inputSelector.setCurrentNode(None)
    slicer.modules.dlpfcsegmenter.widgetRepresentation().self().logic.endWorker()
    ui.hemisphereSelector.currentIndex = 0
    ui.inputSelector.setCurrentNode(scan)
    print(f"| left, as soon as the scan is chosen | {seconds_of_run(ui):.1f} |\n", flush=True)


def seconds_of_run(ui) -> float:
    """Click Segment and wait for its end."""
    started = time.perf_counter()
    ui.segmentButton.click()
    assert slicer_rig.drain_events(600, until=lambda: ui.segmentButton.text == "Segment")
    assert ui.statusLabel.text.split("\n")[0].find("Done") >= 0, ui.statusLabel.text
    return time.perf_counter() - started


def segment(ui, ticks: Ticks, scan) -> None:
    """Choose the scan and run on both sides."""
    ui.hemisphereSelector.currentIndex = 2
    ui.inputSelector.setCurrentNode(None)
    slicer_rig.drain_events(0.1)
    ui.inputSelector.setCurrentNode(scan)
    slicer_rig.drain_events(3.0)
    ticks.start()
    ui.inputSelector.setCurrentNode(None)
    ticks.report("another volume chosen while scalp and skull are looked for", lambda: True)
    ui.inputSelector.setCurrentNode(scan)
    ticks.report("volume chosen, until scalp and skull are known", lambda: "seen" in ui.scalpLabel.text)
    ui.segmentButton.click()
    ticks.report("run, until the network looks at slices", lambda: "Slices" in ui.statusLabel.text)
    ticks.report("run, until masks, targets and landmarks are shown", lambda: ui.segmentButton.text == "Segment")
    ticks.report("until every distance and coordinate space is known", lambda: is_complete(ui) and knows_spaces(ui))


def correct(ui, ticks: Ticks, scan, folder: Path) -> None:
    """Edit the left mask and save it."""
    ui.editGroupBox.collapsed = False  # folded, the editor has no mask
    editor = ui.editorFrame.layout().itemAt(0).widget()
    target = slicer.util.getNode("scan DLPFC target (left)")
    slicer_rig.paint(editor, target.GetNthControlPointPositionWorld(0), radius_mm=12)
    ticks.report("one stroke of the brush, Slicer's own part included", lambda: is_complete(ui))
    segmentation = editor.segmentationNode().GetSegmentation()
    segmentation.InvokeEvent(segmentation.SourceRepresentationModified)
    ticks.report("the panel's part of a stroke", lambda: is_complete(ui))
    (folder / "corrections").mkdir()
    with slicer_rig.dialogs(path=str(folder / "corrections")):
        ui.saveCorrectionButton.click()
        ticks.report("correction saved", lambda: ui.saveLabel.text.startswith("Saved "))


def move_points(ui, ticks: Ticks) -> None:
    """Drag hotspot and target, turn the coil, let the target follow another rule."""
    drag(slicer.util.getNode("scan scalp landmarks (left)"))
    ticks.report("motor hotspot dragged, until its way over the scalp is known", lambda: is_complete(ui))
    drag(slicer.util.getNode("scan DLPFC target (left)"))
    ticks.report("target dragged, until all ways over the scalp are known", lambda: is_complete(ui))
    for angle in range(45, 65):
        ui.coilAngleSpinBox.value = angle
        slicer_rig.drain_events()
    ticks.report("coil turned", lambda: True)
    ui.targetSelector.currentIndex = 1
    slicer_rig.drain_events()
    ui.followMaskButton.click()
    ticks.report("targets at the mask points nearest to the scalp", lambda: is_complete(ui))


def drag(node) -> None:
    """Move the first point of a list in 20 steps."""
    start = np.array(node.GetNthControlPointPositionWorld(0))
    for step in range(20):
        node.SetNthControlPointPositionWorld(0, *(start + (0, step / 4, 0)))
        slicer_rig.drain_events()


def export(ui, ticks: Ticks, folder: Path) -> None:
    """Every format that the scan has, each alone, then the report."""
    ui.exportFolderEdit.currentPath = str(folder)
    count = 0
    for row in range(ui.exportTable.rowCount):
        item = ui.exportTable.item(row, 0)
        if item.flags() & qt.Qt.ItemIsEnabled:
            item.setCheckState(qt.Qt.Checked)
            slicer_rig.drain_events()
            ui.exportButton.click()
            assert slicer_rig.drain_events(300, until=lambda: ui.exportButton.text == "Export")
            assert ui.exportLabel.text.startswith("Wrote"), ui.exportLabel.text
            item.setCheckState(qt.Qt.Unchecked)
            slicer_rig.drain_events()
            count += 1
    ticks.report(f"export, each of {count} formats alone: the worst", lambda: True)
    ui.reportButton.click()
    ticks.report("report written", lambda: "scan_dlpfc_report.html" in ui.exportLabel.text)


def run_batches(ui, ticks: Ticks, folder: Path) -> None:
    """The scan from its folder, then from the scene."""
    ended = lambda: ui.batchButton.text == "Run batch"  # noqa: E731
    for row, (source, words) in enumerate((("scene", "the scene"), ("folder", "a folder"))):
        ui.batchSourceSelector.currentIndex = row
        ui.batchFolderEdit.currentPath = str(folder / "scans")
        ui.batchOutputEdit.currentPath = str(folder / source)
        slicer_rig.drain_events()
        ui.batchButton.click()
        ticks.report(f"batch over {words}", ended)
        assert ui.batchLabel.text.startswith("1 done"), ui.batchLabel.text


def cancel(ui, folder: Path) -> None:
    """Cancel a run while the network looks, an export and a batch."""
    ui.segmentButton.click()
    until_cancelled("run", ui.segmentButton, "Segment", lambda: "lices" in ui.statusLabel.text)
    ui.exportTable.item(0, 0).setCheckState(qt.Qt.Checked)
    ui.exportFolderEdit.currentPath = str(folder / "cancelled")
    ui.exportButton.click()
    until_cancelled("export", ui.exportButton, "Export", lambda: "Writing" in ui.exportLabel.text)
    ui.batchOutputEdit.currentPath = str(folder / "cancelled")
    ui.batchButton.click()
    until_cancelled("batch", ui.batchButton, "Run batch", lambda: "lices" in ui.batchTable.item(0, 1).text())


def until_cancelled(what: str, button, idle: str, until) -> None:
    """Press a Cancel button once `until()`, and print how long the end took."""
    assert slicer_rig.drain_events(300, until=until), what
    started = time.perf_counter()
    button.click()
    assert slicer_rig.drain_events(60, until=lambda: button.text == idle)
    print(f"| {what} | {1000 * (time.perf_counter() - started):.0f} |", flush=True)


def is_complete(ui) -> bool:
    """Whether every distance in the table of targets is known."""
    return not any(ui.pointTable.item(row, ALONG_SCALP).text() == "…" for row in range(ui.pointTable.rowCount))


def knows_spaces(ui) -> bool:
    """Whether the coordinate space of every format is told."""
    return ui.exportTable.item(0, 1).text() not in ("", "Looking…")


if __name__ == "__main__":
    main(sys.argv[1])
