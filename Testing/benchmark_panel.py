"""Measures what BENCHMARKS.md states of the panel: the longest time that the window stood still.

    QT_QPA_PLATFORM=offscreen .venv/bin/python Testing/benchmark_panel.py T1

The scan is put into a cube of 256 voxels of 1 mm and segmented on the rig, with the worker as shipped; then
the mask is edited. A timer of 0 ms ticks at every turn of the event loop. For each phase: the longest time between
two ticks, and the longest processor time that the window's own thread took between two ticks, which does not depend on
what else the computer was doing.
"""

import sys
import tempfile
import time
from pathlib import Path

TESTING = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTING), str(TESTING / "Rig"), str(TESTING.parent / "DLPFCSegmenter")]

import slicer_rig  # noqa: E402

slicer_rig.boot()

import numpy as np  # noqa: E402
import qt  # noqa: E402
import slicer  # noqa: E402

from benchmark import cube_around  # noqa: E402
from DLPFCSegmenterLib.application.point_table import ALONG_SCALP  # noqa: E402
from DLPFCSegmenterLib.volume.readers import read_volume  # noqa: E402


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
    """Print a Markdown table of milliseconds."""
    module = slicer_rig.load_module(TESTING.parent / "DLPFCSegmenter" / "DLPFCSegmenter.py")
    module.enter()
    ui = module.widget.ui
    cube = cube_around(read_volume(Path(path)))
    voxels = cube.array_kji.astype(np.int16)
    scan = slicer.util.addVolumeFromArray(voxels, ijkToRAS=cube.ijk_to_ras, name="scan")
    slicer_rig.drain_events(0.5)
    ticks = Ticks()
    print("| phase | longest gap, ms | of it processor time, ms |\n|---|---|---|")
    ui.inputSelector.setCurrentNode(scan)
    ticks.report("volume chosen, until scalp and skull are known", lambda: "Looking" not in ui.scalpLabel.text)
    ui.segmentButton.click()
    ticks.report("run, until the network looks at slices", lambda: "Slices" in ui.statusLabel.text)
    ticks.report("run, until mask, target and landmarks are shown", lambda: ui.segmentButton.text == "Segment")
    target = slicer.util.getNode("scan Left DLPFC target")
    slicer_rig.paint(
        ui.editorFrame.layout().itemAt(0).widget(), target.GetNthControlPointPositionWorld(0), radius_mm=12
    )
    ticks.report("one stroke of the brush", lambda: True)
    with tempfile.TemporaryDirectory() as folder, slicer_rig.dialogs(path=folder):
        ui.saveCorrectionButton.click()
        ticks.report("correction saved", lambda: ui.saveLabel.text.startswith("Saved "))
    drag(slicer.util.getNode("scan scalp landmarks*"))
    ticks.report("motor hotspot dragged, until its way over the scalp is known", lambda: is_complete(ui.pointTable))
    drag(target)
    ticks.report("target dragged, until all ways over the scalp are known", lambda: is_complete(ui.pointTable))
    for angle in range(45, 65):
        ui.coilAngleSpinBox.value = angle
        slicer_rig.drain_events()
    ticks.report("coil turned", lambda: True)
    ui.targetSelector.currentIndex = 1
    ui.followMaskButton.click()
    ticks.report("target at the mask point nearest to the scalp", lambda: is_complete(ui.pointTable))
    module.unload()


def drag(node) -> None:
    """Move the first point of a list in 20 steps."""
    start = np.array(node.GetNthControlPointPositionWorld(0))
    for step in range(20):
        node.SetNthControlPointPositionWorld(0, *(start + (0, step / 4, 0)))
        slicer_rig.drain_events()


def is_complete(table) -> bool:
    """Whether every distance in the table of targets is known."""
    return not any(table.item(row, ALONG_SCALP).text() == "…" for row in range(table.rowCount))


if __name__ == "__main__":
    main(sys.argv[1])
