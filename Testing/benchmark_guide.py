"""Measures what BENCHMARKS.md states of guidance: numbers a second, and how old they are.

    QT_QPA_PLATFORM=offscreen .venv/bin/python Testing/benchmark_guide.py T1 [SECONDS]

A simulated tracker sends 60 moments a second over loopback, while head and coil move. The coil glides at 100 mm/s
across the plan, so that each number tells when it was sent: its age is what passed from the message to the number.
First the chain alone, as `dlpfc guide` has it; then the panel on the rig, its transforms filled from the same tracker,
with the head drawn in a 3-D view beside it as often as it can be.
"""

import re
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

from benchmark_panel import load_cube, seconds_of_run  # noqa: E402
from DLPFCSegmenterLib.application.nodes import coil_node  # noqa: E402
from DLPFCSegmenterLib.application.nodes.plan_nodes import latest_sides  # noqa: E402
from DLPFCSegmenterLib.application.nodes.segmentation_node import findings  # noqa: E402
from DLPFCSegmenterLib.guidance.aim import Aim, aim_errors  # noqa: E402
from DLPFCSegmenterLib.guidance.igtl import Tracker  # noqa: E402
from DLPFCSegmenterLib.guidance.registration import Registration  # noqa: E402
from DLPFCSegmenterLib.guidance.tracking import Guide, ToolNames  # noqa: E402
from simulated_tracker import Room, SimulatedTracker, turned  # noqa: E402
from slicer_rig.views import _THREE_D_MANAGERS, _View  # noqa: E402

MRI_FROM_REFERENCE = turned((40.0, -70.0, 160.0), (100.0, -300.0, 900.0))
SPEED_MM_S, PERIOD_S = 100.0, 2.0
NAMES = ToolNames("CoilToTracker", "StylusToTracker")


class Gliding(Room):
    """A room in which the coil's centre is `SPEED_MM_S` times the moment away from the planned one."""

    planned_ras_mm = np.eye(4)

    def sent(self, at_s, noise):
        away = np.eye(4)
        away[0, 3] = SPEED_MM_S * (time.monotonic() % PERIOD_S)
        self.coil_ras_mm = self.planned_ras_mm @ away
        return super().sent(at_s, noise)


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
    with SimulatedTracker(room) as simulated, Tracker(simulated.address, NAMES.all) as tracker:
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


def panel_live(module, room: Gliding, seconds: float) -> None:
    """The panel's own numbers, read as they stand there."""
    ui, ages, drawn = module.widget.ui, [], [0]
    nodes = {
        name: slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", name)
        for name in (NAMES.coil, NAMES.reference)
    }
    ui.coilTransformSelector.setCurrentNode(nodes[NAMES.coil])
    ui.referenceTransformSelector.setCurrentNode(nodes[NAMES.reference])
    ui.guideCollapsibleButton.collapsed = False
    threed = slicer.app.layoutManager().threeDWidget(0).mrmlViewNode()
    view = _View(slicer.vtkMRMLThreeDViewDisplayableManagerFactory, _THREE_D_MANAGERS, threed, (480, 480))
    view.window.Render()
    view.renderer.ResetCamera()

    def fill():
        for name, sighting in tracker.seen().items():
            if name in nodes:
                matrix = slicer.util.vtkMatrixFromArray(np.asarray(sighting.matrix, float))
                nodes[name].SetMatrixTransformToParent(matrix)

    def draw():
        view.window.Render()
        drawn[0] += 1

    def read(last=[""]):  # noqa: B006 (what was read before)
        text = re.sub(r"<[^>]*>", "", ui.aimLabel.text)
        if text != last[0]:
            last[0] = text
            found = re.search(r"In plane (\d+\.\d)", text)
            if found:
                ages.append(age_ms(float(found[1])))

    with SimulatedTracker(room) as simulated, Tracker(simulated.address, NAMES.all) as tracker:
        timers = [_timer(10, fill), _timer(33, draw), _timer(0, read)]
        slicer_rig.drain_events(2.0)
        ages.clear()
        drawn[0], cpu = 0, time.process_time()
        slicer_rig.drain_events(seconds, until=lambda: False)
        report(
            f"the panel, 3-D view drawn {drawn[0] / seconds:.0f} times a second",
            ages,
            seconds,
            time.process_time() - cpu,
        )
        for timer in timers:
            timer.stop()
    view._group.SetMRMLDisplayableNode(None)


def _timer(every_ms: int, act) -> qt.QTimer:
    timer = qt.QTimer()
    timer.setInterval(every_ms)
    timer.connect("timeout()", act)
    timer.start()
    return timer


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
    module.widget.panel._guide_section._registration = Registration(
        MRI_FROM_REFERENCE, fingerprint, 0.0, {}, {}, np.zeros(0), None, np.zeros(3), np.eye(6)
    )
    print("| numbers of | a second | age, median, ms | 99 of 100 | oldest | processor |\n|---|---|---|---|---|---|")
    chain_alone(room, seconds)
    panel_live(module, room, seconds)
    slicer_rig.close_scene()
    module.unload()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 60.0)
