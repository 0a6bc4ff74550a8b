"""A head to segment, and what a user of the panel does and sees."""

from pathlib import Path

import numpy as np
import slicer

import slicer_rig
from application.small_worker import plan_of_brightest_voxels
from DLPFCSegmenterLib import tasks, worker
from DLPFCSegmenterLib.application.jobs import process
from DLPFCSegmenterLib.application.jobs.run import Run
from DLPFCSegmenterLib.application.timers import later
from DLPFCSegmenterLib.application.widgets.point_table import NAME
from DLPFCSegmenterLib.errors import Cancelled, UserError
from DLPFCSegmenterLib.export.formats.markups_json import BESIDE_NAMES

SMALL_WORKER = Path(__file__).with_name("small_worker.py")
SPACING_MM = 3.0
SHAPE_KJI = (62, 76, 64)
ORIGIN_RAS_MM = (-94.5, -120.0, -90.0)
HEAD_RADII_MM = np.array([72.0, 92.0, 80.0])
BRIGHT_RAS_MM = np.array([-36.0, 42.0, 30.0])


def add_head(name):
    """An ellipsoid of tissue around RAS (0, 0, 0) with a dark skull; voxels over 200 at BRIGHT_RAS_MM."""
    k, j, i = np.indices(SHAPE_KJI)
    ras = np.stack([i, j, k], axis=-1) * SPACING_MM + ORIGIN_RAS_MM
    radius = np.linalg.norm(ras / HEAD_RADII_MM, axis=-1)
    noise = np.random.default_rng(7).integers(0, 6, SHAPE_KJI)
    array = np.select([radius < 0.86, radius < 0.92, radius < 1.0], [110, 25, 140], 0) + noise
    array[np.all(np.abs(ras - BRIGHT_RAS_MM) < 10, axis=-1)] = 250
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", name)
    slicer.util.updateVolumeFromArray(node, array.astype(np.int16))
    node.SetSpacing(SPACING_MM, SPACING_MM, SPACING_MM)
    node.SetOrigin(*ORIGIN_RAS_MM)
    return node


def run_to_end(panel, timeout_s=60):
    """Click Segment and wait until the button says Segment again."""
    panel.segmentButton.click()
    ended = slicer_rig.drain_events(timeout_s, until=lambda: panel.segmentButton.text == "Segment")
    assert ended, panel.statusLabel.text
    slicer_rig.drain_events()  # the points have a turn of their own


def nodes(class_name):
    """Nodes of a class in the scene, oldest first."""
    return slicer.util.getNodesByClass(class_name)


def label_of(node, number):
    """What stands beside a control point, without its side."""
    return node.GetNthControlPointLabel(number).strip(BESIDE_NAMES).removeprefix("L ").removeprefix("R ")


def editor_of(panel):
    """The Segment Editor in the panel, as a user sees it who has opened it."""
    panel.editGroupBox.collapsed = False
    return panel.editorFrame.layout().itemAt(0).widget()


def points_of(node):
    """Label, without its side -> world RAS mm of each control point."""
    count = node.GetNumberOfControlPoints()
    return {label_of(node, i): np.array(node.GetNthControlPointPositionWorld(i)) for i in range(count)}


def names(table):
    """The points that have a line in a table of section 'Targets'."""
    return [table.item(row, NAME).text().split("\n")[0] for row in range(table.rowCount)]


def row(panel, name):
    """(table, number) of the line of this name."""
    for table in (panel.pointTable, panel.fiducialTable):
        if name in names(table):
            return table, names(table).index(name)
    raise AssertionError(f"no line '{name}' in {names(panel.pointTable)}")


def cell(panel, name, column):
    """What stands in a column of the line of this name."""
    table, number = row(panel, name)
    return table.item(number, column).text()


tasks.plan_on_device = plan_of_brightest_voxels


class PromptProcess:
    """In place of `WorkerProcess`: does the job in this process, through the same files, when its turn comes."""

    def __init__(self, folder, listener):
        self._folder = folder
        self._listener = listener
        self._outcome = process.FINISHED
        self._abandoned = False

    def start(self):
        later(self._work)

    def cancel(self):
        self._outcome = process.CANCELLED

    def abandon(self):
        self._abandoned = True

    def tell_device(self, device):
        self._listener.on_device(device)

    def report(self, done, total, text):
        self._listener.on_progress(done, total, text)
        if self._outcome == process.CANCELLED:
            raise Cancelled

    def _work(self):
        if self._abandoned:
            return
        message = ""
        try:
            worker.do_job(self._folder, self)
        except Cancelled:
            pass
        except UserError as error:
            self._outcome, message = process.FAILED, str(error)
        self._listener.on_ended(process.Outcome(self._outcome, message))


def small_worker(folder, listener):
    """A process for a run; what is asked beside it is answered in this one."""
    return SmallWorkerProcess(folder, listener) if isinstance(listener, Run) else PromptProcess(folder, listener)


class SmallWorkerProcess(process.WorkerProcess):
    """The worker process as shipped, but for its planner."""

    def command(self):
        return [process.python_program(), str(SMALL_WORKER), str(self._folder)]
