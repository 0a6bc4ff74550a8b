"""Measures what BENCHMARKS.md states of guidance: numbers a second, and how old they are.

    QT_QPA_PLATFORM=offscreen .venv/bin/python Testing/benchmark_guide.py T1 [SECONDS]

A simulated tracker, a process of its own, sends 60 moments a second over loopback, while head and coil move. The coil
glides at 100 mm/s across the plan, so that each number tells when it was sent: its age is what passed from the message
until the number was painted. First the chain alone, as `dlpfc guide` has it; then the panel on the rig, shown, its
transforms filled every 10 ms as SlicerOpenIGTLink does. The head is drawn beside it in a 3-D view, in the same thread
and by the processor, whenever Slicer's displayable managers ask for it, as a view of Slicer is.
"""

import re
import socket
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
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer  # noqa: E402
from PySide6.QtWidgets import QScrollArea  # noqa: E402

from benchmark_panel import load_cube, seconds_of_run  # noqa: E402
from DLPFCSegmenterLib.application.nodes import coil_node  # noqa: E402
from DLPFCSegmenterLib.application.nodes.plan_nodes import latest_sides  # noqa: E402
from DLPFCSegmenterLib.application.nodes.segmentation_node import findings  # noqa: E402
from DLPFCSegmenterLib.guidance.aim import Aim, aim_errors  # noqa: E402
from DLPFCSegmenterLib.guidance.igtl import Messages, Tracker, parse_address  # noqa: E402
from DLPFCSegmenterLib.guidance.registration import Registration  # noqa: E402
from DLPFCSegmenterLib.guidance.tracking import Guide, ToolNames  # noqa: E402
from simulated_tracker import PERIOD_S, SPEED_MM_S, Gliding, apart, turned  # noqa: E402
from slicer_rig.views import _THREE_D_MANAGERS, _View  # noqa: E402

MRI_FROM_REFERENCE = turned((40.0, -70.0, 160.0), (100.0, -300.0, 900.0))
NAMES = ToolNames("CoilToTracker", "StylusToTracker")


def age_ms(in_plane_mm: float) -> float:
    """How long ago a number was sent that says so far from the plan."""
    slack_s = 0.02  # noise and rounding let a fresh number seem a little ahead of its time, which is no whole period
    return 1000.0 * ((time.monotonic() - in_plane_mm / SPEED_MM_S + slack_s) % PERIOD_S - slack_s)


def report(what: str, ages_ms: list[float], seconds: float, cpu_s: float) -> None:
    """Print a row."""
    middle, high, largest = np.percentile(ages_ms, (50, 99, 100))
    share = 100.0 * cpu_s / seconds
    rate = len(ages_ms) / seconds
    print(f"| {what} | {rate:.0f} | {middle:.0f} | {high:.0f} | {largest:.0f} | {share:.0f} % |", flush=True)


def chain_alone(room: Gliding, seconds: float) -> None:
    """As `dlpfc guide` does it, with a number whenever there is a new one."""
    guide, ages = Guide(MRI_FROM_REFERENCE, NAMES), []
    aim = Aim("left", room.planned_ras_mm, room.planned_ras_mm[:3, 3], "")
    with apart(room) as address, Tracker(address, NAMES.all) as tracker:
        slicer_rig.drain_events(1.0)
        end, cpu, last = time.monotonic() + seconds, time.process_time(), -1.0
        while time.monotonic() < end:
            found = guide.coil_in_mri(tracker.seen(), time.monotonic())
            number = aim_errors(aim, found.matrix).in_plane_mm
            if number != last:
                ages.append(age_ms(number))
                last = number
            time.sleep(0.002)
        report("the chain alone", ages, seconds, time.process_time() - cpu)


class Filled:
    """Transform nodes that hold what came last, as far as it was read: the socket holds the rest."""

    def __init__(self, connection: socket.socket, nodes: dict) -> None:
        connection.setblocking(False)
        self._connection, self._nodes, self._messages = connection, nodes, Messages(tuple(nodes))

    def fill(self) -> None:
        try:
            self._messages.take(self._connection.recv(1 << 20), time.monotonic())
        except BlockingIOError:
            return
        for name, sighting in self._messages.seen.items():
            matrix = slicer.util.vtkMatrixFromArray(np.asarray(sighting.matrix, float))
            self._nodes[name].SetMatrixTransformToParent(matrix)


class DrawnOnRequest:
    """A 3-D view that is drawn when what it shows has changed."""

    def __init__(self) -> None:
        node = slicer.app.layoutManager().threeDWidget(0).mrmlViewNode()
        self.view = _View(slicer.vtkMRMLThreeDViewDisplayableManagerFactory, _THREE_D_MANAGERS, node, (480, 480))
        self.view.window.Render()
        self.view.renderer.ResetCamera()
        self.drawn_s: list[float] = []
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.connect("timeout()", self._draw)
        self.view._group.AddObserver("UpdateEvent", lambda *_: None if self._timer.active else self._timer.start(0))

    def _draw(self) -> None:
        start = time.perf_counter()
        self.view.window.Render()
        self.drawn_s.append(time.perf_counter() - start)


class Painted(QObject):
    """Reads the numbers when they are painted."""

    def __init__(self, label) -> None:
        super().__init__()
        self.ages_ms, self._label, self._last = [], label, ""
        label.installEventFilter(self)

    def eventFilter(self, _watched, event) -> bool:
        if event.type() == QEvent.Type.Paint and self._label.text != self._last:
            self._last = self._label.text
            found = re.search(r"In plane (\d+\.\d)", re.sub(r"<[^>]*>", "", self._last))
            if found:
                self.ages_ms.append(age_ms(float(found[1])))
        return False


def panel_live(module, room: Gliding, seconds: float) -> None:
    """The panel's own numbers, as they are painted."""
    ui = module.widget.ui
    nodes = {
        name: slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", name)
        for name in (NAMES.coil, NAMES.reference)
    }
    slicer.util.mainWindow().show()
    ui.coilTransformSelector.setCurrentNode(nodes[NAMES.coil])
    ui.referenceTransformSelector.setCurrentNode(nodes[NAMES.reference])
    ui.guideCollapsibleButton.collapsed = False
    slicer_rig.drain_events(0.5)
    slicer.util.mainWindow().findChild(QScrollArea).ensureWidgetVisible(ui.bullsEyeLabel)
    view = DrawnOnRequest()
    with apart(room) as address, socket.create_connection(parse_address(address)) as connection:
        timer = qt.QTimer()
        timer.setInterval(10)
        timer.connect("timeout()", Filled(connection, nodes).fill)
        timer.start()
        painted = Painted(ui.aimLabel)
        slicer_rig.drain_events(2.0)
        painted.ages_ms.clear()
        view.drawn_s.clear()
        cpu = time.process_time()
        turn_events(seconds)
        rate, each_ms = len(view.drawn_s) / seconds, 1000.0 * np.median(view.drawn_s)
        what = f"the panel, 3-D view drawn {rate:.0f} times a second ({each_ms:.0f} ms each)"
        report(what, painted.ages_ms, seconds, time.process_time() - cpu)
        timer.stop()
    view.view._group.SetMRMLDisplayableNode(None)


def turn_events(seconds: float) -> None:
    """Qt's own loop, which sleeps until something is due."""
    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def main(path: str, seconds: float) -> None:
    """Print one Markdown table."""
    module = slicer_rig.load_module(TESTING.parent / "DLPFCSegmenter" / "DLPFCSegmenter.py")
    module.enter()
    with tempfile.TemporaryDirectory() as name:
        scan = load_cube(Path(path), Path(name) / "scans" / "scan.nii.gz")
        module.widget.ui.inputSelector.setCurrentNode(scan)
        seconds_of_run(module.widget.ui)
        slicer_rig.drain_events(1.0)
    (side,) = latest_sides(scan)
    room = Gliding(MRI_FROM_REFERENCE, names=NAMES, noise_mm=0.05, noise_deg=0.02)
    room.planned_ras_mm = coil_node.pose_ras_mm(side.coil)
    fingerprint = findings(side.segmentation).fingerprint
    module.widget.panel._guide_section._patient.registration = Registration(
        MRI_FROM_REFERENCE, fingerprint, 0.0, {}, {}, np.zeros(0), None, np.zeros(3), np.eye(6)
    )
    print("| numbers of | a second | age, median, ms | 99 of 100 | oldest | processor |\n|---|---|---|---|---|---|")
    chain_alone(room, seconds)
    panel_live(module, room, seconds)
    slicer_rig.close_scene()
    module.unload()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 60.0)
