"""The panel as a whole: choices kept in the scene, reload, saving and loading, its own test."""

import gc
import os
import subprocess
import sys
import weakref
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import qt
import slicer
from PySide6.QtTest import QTest

import slicer_rig
from application.panel_user import PromptProcess, add_head, nodes, points_of, run_to_end, small_worker
from DLPFCSegmenterLib.application.jobs.job import Job
from DLPFCSegmenterLib.application.jobs.process import WorkerProcess
from DLPFCSegmenterLib.application.jobs.run import Run
from DLPFCSegmenterLib.application.nodes.plan_points import is_measured_from
from DLPFCSegmenterLib.application.parameters import (
    Device,
    Hemisphere,
    HotspotSource,
    ModelSource,
    PanelParameters,
    TargetChoice,
    plan_options,
)
from DLPFCSegmenterLib.application.widgets.labels import warn
from DLPFCSegmenterLib.application.widgets.point_table import PLACE
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.networks.registry import segmenting
from DLPFCSegmenterLib.plan import PlanOptions
from DLPFCSegmenterLib.targeting.fiducials import Fiducials

SCROLL_BAR_PX = 16


def test_the_module_introduces_itself(module):
    parent = module.factory_module
    assert parent.title == "DLPFC Segmenter"
    assert list(parent.categories) == ["Segmentation"]
    assert "Research use only" in parent.helpText


def test_loading_the_module_imports_nothing_heavy():
    script = (
        "import slicer_rig, sys; slicer_rig.boot(); before = set(sys.modules);"
        f"slicer_rig.load_module({str(slicer_rig_module())!r});"
        "print(sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    paths = f"import sys; sys.path[:0] = {[path for path in sys.path if 'Rig' in path]!r}; "
    output = subprocess.run([sys.executable, "-c", paths + script], capture_output=True, text=True, check=True).stdout
    assert not {"torch", "torchvision", "SimpleITK", "matplotlib", "nibabel"} & set(eval(output.splitlines()[-1]))


def slicer_rig_module():
    from application.conftest import MODULE

    return MODULE


def test_the_widgets_show_the_defaults(panel, module):
    parameters = module.logic.getParameterNode()
    assert parameters.hemisphere is Hemisphere.LEFT
    assert parameters.device is Device.AUTO
    assert parameters.hotspotSource is HotspotSource.ESTIMATED
    assert (parameters.threshold, parameters.ruleMm, parameters.coilAngleDeg) == (0.5, 50, 45)
    assert parameters.targetChoice is TargetChoice.CENTROID
    assert list(parameters.shownPoints) == ["beam", "mni_f3", "mni_anti_subgenual"]
    assert (panel.thresholdSlider.value, panel.ruleSpinBox.value) == (0.5, 50)
    assert parameters.model is ModelSource.SHIPPED
    assert panel.hemisphereSelector.currentText == "Left"


def test_a_path_that_was_not_chosen_is_shown_as_none(panel):
    for edit in (panel.weightsEdit, panel.exportFolderEdit, panel.batchFolderEdit, panel.batchOutputEdit):
        assert edit.currentPath == ""


PATHS = {
    "weightsFile": "weightsEdit",
    "exportFolder": "exportFolderEdit",
    "batchFolder": "batchFolderEdit",
    "batchOutput": "batchOutputEdit",
}


def line_of(edit):
    """What the user types into."""
    (line,) = edit.findChildren(qt.QLineEdit)
    return line


@pytest.mark.parametrize("name", PATHS)
def test_a_path_that_is_typed_stays_as_it_is_typed(name, panel, module):
    line = line_of(getattr(panel, PATHS[name]))
    line.setText("/data/abc/def")
    for _stroke in range(3):
        line.backspace()
    assert line.text == "/data/abc/"
    line.setCursorPosition(6)
    for letter in "xyz":
        line.insert(letter)
    assert (line.text, line.cursorPosition) == ("/data/xyzabc/", 9)
    assert getattr(module.logic.getParameterNode(), name) == "/data/xyzabc/"


@pytest.mark.parametrize("name", PATHS)
def test_a_path_line_that_is_emptied_is_empty_in_the_scene_too(name, panel, module):
    edit = getattr(panel, PATHS[name])
    edit.currentPath = "/data/one.pt"
    edit.currentPath = ""
    module.exit()
    module.enter()
    assert (edit.currentPath, getattr(module.logic.getParameterNode(), name)) == ("", "")


@pytest.mark.parametrize("text", ["/data/two.pth", "two", " /data/two.pt "])
def test_the_weights_that_are_shown_are_those_that_are_used(text, panel, module):
    parameters = module.logic.getParameterNode()
    parameters.model = ModelSource.OWN
    panel.weightsEdit.currentPath = "/data/one.pt"
    panel.weightsEdit.currentPath = text
    assert plan_options(parameters).weights == Path(text.strip()).absolute()
    panel.weightsEdit.currentPath = ""
    with pytest.raises(UserError, match="Choose your weights file"):
        plan_options(parameters)


def test_a_scene_of_before_shows_no_dot_for_a_path_that_was_not_chosen(panel, module):
    for name in PATHS:
        setattr(module.logic.getParameterNode(), name, ".")
    test_a_path_that_was_not_chosen_is_shown_as_none(panel)


def test_no_section_is_wider_than_350_px_with_all_of_them_unfolded(segmented):
    segmented.exportFolderEdit.currentPath = "/data/of/a/long/study/with/a/name/that/does/not/end/and/goes/on"
    segmented.uncertainButton.click()
    foldable = [name for name in vars(segmented) if name.endswith(("CollapsibleButton", "GroupBox"))]
    for name in foldable:
        getattr(segmented, name).collapsed = False
    slicer.util.mainWindow().show()
    slicer_rig.drain_events()
    root = segmented.noticeLabel.parentWidget()
    assert len(foldable) > 8 and root.minimumSizeHint.width() <= 350 - SCROLL_BAR_PX
    slicer.util.mainWindow().hide()


def test_no_text_is_cut_off_in_a_narrow_panel(panel):
    """As where the texts of a section wrap to more lines than they would like to."""
    area = slicer.util.mainWindow().findChild(qt.QScrollArea)
    size, labels = area.size, (panel.circuitLabel, panel.exportLabel)
    panel.circuitGroupBox.collapsed = False
    for label in labels:
        label.text = "\n".join(f"{'word ' * count}and a_long_name_of-a_file_{count}.nii.gz" for count in range(3, 20))
        label.visible = True
    slicer.util.mainWindow().show()
    for width_px in (350, 400, 480):
        area.setFixedSize(width_px, 900)
        slicer_rig.drain_events(0.1)
        assert [label.height - label.heightForWidth(label.width) for label in labels] == [0, 0]
    area.setMinimumSize(0, 0)
    area.setMaximumSize(16777215, 16777215)
    area.resize(size)
    slicer.util.mainWindow().hide()


def test_an_entry_leaves_no_observer_behind_when_the_user_goes(module, monkeypatch):
    """Also in Slicer 5.10, whose `disconnectGui` leaves one, as the rig's does."""
    tags, add, remove = set(), PanelParameters.AddObserver, PanelParameters.RemoveObserver

    def added(self, *arguments):
        tags.add(tag := add(self, *arguments))
        return tag

    def removed(self, tag):
        tags.discard(tag)
        remove(self, tag)

    monkeypatch.setattr(PanelParameters, "AddObserver", added)
    monkeypatch.setattr(PanelParameters, "RemoveObserver", removed)
    module.exit()
    for _visit in range(3):
        module.enter()
        assert len(tags) == 2
        module.exit()
        assert tags == set()


@pytest.fixture
def at_work(monkeypatch):
    """The jobs and runs that were made meanwhile and are still in memory."""
    alive = weakref.WeakSet()
    for each in (Job, Run):

        def made(self, *arguments, init=each.__init__, **keywords):
            alive.add(self)
            init(self, *arguments, **keywords)

        monkeypatch.setattr(each, "__init__", made)
    return alive


def nothing_left(at_work):
    gc.collect()
    return not at_work


def test_nothing_of_a_scan_stays_in_memory_when_its_scene_is_closed(panel, at_work):
    gone = []
    for _scan in range(20):
        scan = add_head("head")
        scan.GetImageData().GetPointData().GetScalars().AddObserver("DeleteEvent", lambda *_: gone.append(None))
        panel.inputSelector.setCurrentNode(scan)
        run_to_end(panel)
        del scan
        slicer_rig.close_scene()
    assert slicer_rig.drain_events(60, until=lambda: nothing_left(at_work)), list(at_work)
    assert len(gone) >= 19, "the views keep the image that they showed last"


def test_a_process_that_was_killed_and_is_yet_to_be_deleted_keeps_no_run(worker_panel, head, at_work, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "slow")
    worker_panel.inputSelector.setCurrentNode(head)
    worker_panel.segmentButton.click()
    assert slicer_rig.drain_events(60, until=lambda: "1 of" in worker_panel.statusLabel.text)
    slicer_rig.close_scene()
    assert slicer_rig.drain_events(60, until=lambda: nothing_left(at_work)), list(at_work)


def test_a_script_is_told_why_a_run_failed_and_the_process_keeps_no_run(module, head, at_work):
    class NoPython(WorkerProcess):
        def command(self):
            return ["/no/such/python"]

    module.logic.makeProcess = NoPython
    with pytest.raises(UserError, match="Python could not be started"):
        module.logic.segment(head)
    slicer_rig.close_scene()
    assert slicer_rig.drain_events(60, until=lambda: nothing_left(at_work)), list(at_work)


def test_the_logic_of_a_script_opens_no_panel(head):
    module = slicer_rig.load_module(slicer_rig_module())
    logic = slicer.util.getModuleLogic("DLPFCSegmenter")
    assert logic is module.logic
    assert module.widget.ui.volumeInfoLabel.text == "", "nothing was asked of the scan"
    module.unload()


def test_a_reload_leaves_nothing_of_the_old_panel(library_kept, head, module):
    module.logic.makeProcess = PromptProcess
    run_to_end(module.widget.ui)
    old = weakref.ref(module.widget.panel)
    module.reload()
    slicer_rig.drain_events(0.5)
    gc.collect()
    assert old() is None
    assert module.widget.ui.resultLabel.text.startswith("head, left: 7.9 ml"), "the new one is open"


def test_the_terminology_is_there_also_in_a_slicer_that_the_module_is_added_to(monkeypatch):
    loaded = []
    logic = slicer.modules.terminologies.logic()
    listening = SimpleNamespace(logic=lambda: SimpleNamespace(LoadTerminologyFromFile=loaded.append))
    monkeypatch.setattr(slicer.modules, "terminologies", listening)
    slicer_rig.load_module(slicer_rig_module()).unload()
    assert loaded
    loaded.clear()
    slicer_rig.load_module(slicer_rig_module(), at_start=False).unload()
    assert [Path(path).name for path in loaded] == ["DLPFC.term.json"]
    assert logic.LoadTerminologyFromFile(loaded[0])


def test_what_the_user_chooses_is_in_the_scene(panel, module):
    panel.hemisphereSelector.currentIndex = 2
    panel.deviceSelector.currentIndex = 1
    panel.thresholdSlider.value = 0.6
    panel.ruleSpinBox.value = 55
    panel.targetSelector.currentIndex = 1
    panel.coilAngleSpinBox.value = 30
    parameters = module.logic.getParameterNode()
    assert (parameters.targetChoice, parameters.coilAngleDeg) == (TargetChoice.NEAREST_SCALP, 30)
    assert parameters.hemisphere is Hemisphere.BOTH
    assert parameters.device is Device.CPU
    assert parameters.threshold == pytest.approx(0.6)
    assert parameters.ruleMm == 55


def test_the_choices_reach_the_worker(panel, head, module):
    options = []

    class Watching(PromptProcess):
        def report(self, done, total, text):
            pass

    start = module.logic.start
    module.logic.start = lambda node, choice, listener: (options.append(choice), start(node, choice, listener))[1]
    panel.inputSelector.setCurrentNode(head)
    panel.hemisphereSelector.currentIndex = 1
    panel.deviceSelector.currentIndex = 1
    panel.thresholdSlider.value = 0.6
    panel.ruleSpinBox.value = 55
    panel.targetSelector.currentIndex = 1
    panel.coilAngleSpinBox.value = 30
    run_to_end(panel)
    assert (options[0].target, options[0].coil_angle_deg) == ("nearest-scalp", 30)
    assert (options[0].fiducials, options[0].tapes) == (None, None)
    assert options[0].hemispheres == ("right",)
    assert (options[0].device, options[0].rule_mm, options[0].hotspot_ras_mm) == ("cpu", 55, None)
    assert options[0].threshold == pytest.approx(0.6)


def test_the_first_volume_of_the_scene_is_chosen_on_entering(module, head):
    module.exit()
    module.enter()
    assert module.widget.ui.inputSelector.currentNode() is head


def test_a_label_map_that_came_first_does_not_stand_in_the_scan_s_way(module):
    labels = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "labels")
    slicer.util.updateVolumeFromArray(labels, np.ones((4, 5, 6), np.int16))
    scan = add_head("scan")
    module.exit()
    module.enter()
    assert module.widget.ui.inputSelector.currentNode() is scan


def test_deleting_the_volume_turns_the_button_off(panel, head):
    panel.inputSelector.setCurrentNode(head)
    slicer.mrmlScene.RemoveNode(head)
    assert not panel.segmentButton.enabled


def test_a_closed_scene_leaves_an_empty_panel_that_works_again(segmented):
    segmented.ruleSpinBox.value = 60
    slicer_rig.close_scene()
    assert segmented.ruleSpinBox.value == 50
    assert segmented.resultLabel.text == "No result for this volume yet."
    assert segmented.statusLabel.text == "", "what was said of a scan went with it"
    segmented.inputSelector.setCurrentNode(add_head("next"))
    run_to_end(segmented)
    assert [node.GetName() for node in nodes("vtkMRMLSegmentationNode")] == ["next Left DLPFC"]


def test_a_run_goes_on_while_another_module_is_open(panel, head, module):
    panel.inputSelector.setCurrentNode(head)
    panel.segmentButton.click()
    module.exit()
    assert slicer_rig.drain_events(60, until=lambda: panel.segmentButton.text == "Segment")
    assert nodes("vtkMRMLSegmentationNode")
    module.enter()
    assert panel.resultLabel.text.startswith("head, left: ")


def test_a_saved_scene_comes_back_with_its_plan_alive(segmented, tmp_path):
    segmented.ruleSpinBox.value = 55
    result = segmented.resultLabel.text
    path = str(tmp_path / "plan.mrb")
    assert slicer.util.saveScene(path)
    slicer_rig.close_scene()
    slicer.util.loadScene(path)
    slicer_rig.drain_events()
    assert segmented.ruleSpinBox.value == 55
    assert segmented.inputSelector.currentNode().GetName() == "head"
    assert segmented.resultLabel.text == result
    (node,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "landmarks" in node.GetName()]
    before = list(points_of(node).values())[1]
    node.SetNthControlPointPositionWorld(0, *(list(points_of(node).values())[0] + (4, 6, 0)))
    assert np.linalg.norm(list(points_of(node).values())[1] - before) > 2


def press_with_control(key):
    """The key reaches whatever in the window has it as its shortcut."""
    window = slicer.util.mainWindow()
    window.show()
    window.activateWindow()
    slicer_rig.drain_events(0.2)
    QTest.keyClick(window, key, qt.Qt.ControlModifier)
    slicer_rig.drain_events(0.2)
    window.hide()


def test_keys_start_a_run_and_show_the_next_uncertain_slice_and_the_target(panel, head):
    panel.inputSelector.setCurrentNode(head)
    press_with_control(qt.Qt.Key_Return)
    assert slicer_rig.drain_events(60, until=lambda: panel.segmentButton.text == "Segment")
    assert panel.resultLabel.text.startswith("head, left: ")
    press_with_control(qt.Qt.Key_U)
    assert panel.uncertainLabel.text.startswith("1 of ")
    height = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceNode()
    elsewhere = height.GetSliceOffset()
    press_with_control(qt.Qt.Key_J)
    target_ras_mm = next(iter(points_of(slicer.util.getNode("head DLPFC target (left)")).values()))
    assert height.GetSliceOffset() == pytest.approx(target_ras_mm[2], abs=0.01) != elsewhere


def test_no_key_stands_for_two_buttons_nor_for_what_slicer_does_with_it(panel):
    """Two that hear the same key are both deaf to it."""
    buttons = slicer.util.mainWindow().findChildren(qt.QAbstractButton)
    keys = [button.shortcut.toString() for button in buttons if not button.shortcut.isEmpty()]
    slicers = [each.key.toString() for each in slicer.util.mainWindow().findChildren(qt.QShortcut)]
    assert len(keys) > 20 and len(slicers) > 15
    assert sorted(keys + slicers) == sorted({*keys, *slicers})


def test_the_key_of_each_button_that_starts_something_stands_in_its_tooltip(panel):
    buttons = slicer.util.mainWindow().findChildren(qt.QPushButton)
    keys = {button.name: button.shortcut.toString() for button in buttons if not button.shortcut.isEmpty()}
    assert all(f"{key}." in getattr(panel, name).toolTip for name, key in keys.items() if name != "segmentButton")
    starting = ("circuit", "addTarget", "importTargets", "touch", "sweep", "pivot", "sample", "export", "batch")
    assert {f"{name}Button" for name in starting} <= set(keys)


def test_the_tab_key_goes_down_the_panel_through_each_table_and_its_buttons(segmented):
    for name in ("ownTargetsGroupBox", "circuitGroupBox", "headMeasuresGroupBox"):
        getattr(segmented, name).collapsed = False
    for name in ("exportCollapsibleButton", "guideCollapsibleButton", "batchCollapsibleButton"):
        getattr(segmented, name).collapsed = False
    slicer.util.mainWindow().show()
    slicer_rig.drain_events(0.2)
    root, seen = segmented.noticeLabel.parentWidget(), []
    widget = segmented.loadScanButton
    while widget is not segmented.batchTable:
        if root.isAncestorOf(widget) and widget.focusPolicy & qt.Qt.TabFocus and widget.isVisible():
            seen.append((widget.mapTo(root, qt.QPoint(0, 0)).y(), widget))
        widget = widget.nextInFocusChain()
    slicer.util.mainWindow().hide()
    assert [each for _y, each in seen].count(segmented.pointTable.cellWidget(2, PLACE)) == 1
    assert len(seen) > 60
    jumps = [(a[1], b[1]) for a, b in pairwise(seen) if b[0] < a[0] - 40]
    assert not jumps
    assert not any(table.tabKeyNavigation for table in root.findChildren(qt.QTableWidget)), "it would keep the focus"


@pytest.fixture
def light():
    """Slicer's style is dark, and light again at the end."""
    yield
    slicer_rig.choose_style(dark=False)


@pytest.mark.parametrize("away", [False, True], ids=["open", "left meanwhile"])
def test_a_style_that_is_chosen_while_the_panel_is_there_is_followed_by_warnings_numbers_and_icons(
    away, segmented, module, light
):
    warn(segmented.ownWarningLabel, ["Look at it."])
    if away:
        module.exit()
    slicer_rig.choose_style(dark=True)
    if away:
        module.enter()
    root = segmented.noticeLabel.parentWidget()
    for label in root.findChildren(qt.QLabel):
        assert label.palette.color(qt.QPalette.Active, qt.QPalette.WindowText).name() == "#ffffff", label.name
    assert drawn_on(segmented.pointTable) == "#ffffff"
    assert segmented.pointTable.palette.color(qt.QPalette.Text).name() == "#ffffff"
    slicer_rig.choose_style(dark=False)
    assert segmented.ownWarningLabel.palette.color(qt.QPalette.Active, qt.QPalette.WindowText).name() == "#000000"
    assert drawn_on(segmented.pointTable) == "#000000"


def drawn_on(table):
    """The colour of the pin in a table's first line."""
    return table.cellWidget(0, PLACE).icon.pixmap(32, 32).toImage().pixelColor(16, 24).name()


def test_opening_the_panel_imports_neither_the_network_nor_what_slicer_lacks():
    script = (
        "import slicer_rig, sys; slicer_rig.boot();"
        f"slicer_rig.load_module({str(slicer_rig_module())!r}).enter();"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    paths = f"import sys; sys.path[:0] = {[path for path in sys.path if 'Rig' in path]!r}; "
    output = subprocess.run([sys.executable, "-c", paths + script], capture_output=True, text=True, check=True).stdout
    assert not {"torch", "torchvision", "nibabel", "matplotlib"} & set(eval(output.splitlines()[-1]))


def test_reload_reads_the_library_again_and_the_panel_works(library_kept, module, head):
    old = sys.modules["DLPFCSegmenterLib.application.panel"]
    module.reload()
    module.enter()
    assert sys.modules["DLPFCSegmenterLib.application.panel"] is not old
    from DLPFCSegmenterLib.application.jobs import process
    from DLPFCSegmenterLib.errors import UserError

    class NoPython(process.WorkerProcess):
        def command(self):
            return ["/no/such/python"]

    module.logic.makeProcess = NoPython
    module.widget.ui.inputSelector.setCurrentNode(head)
    run_to_end(module.widget.ui)
    assert module.widget.ui.statusLabel.text.startswith("⚠ head: Python could not be started")
    assert issubclass(sys.modules["DLPFCSegmenterLib.application.jobs.run"].UserError, UserError)


def test_the_module_s_own_test_passes(module):
    test = module.python.DLPFCSegmenterTest()
    test.messageDelay = 1
    test.runTest()


def test_a_script_can_segment_without_the_panel(module, head):
    module.logic.makeProcess = PromptProcess
    plan, sides = module.logic.segment(head)
    assert [side.segmentation.GetName() for side in sides] == ["head Left DLPFC"]
    np.testing.assert_allclose(sides[0].target_ras_mm(), plan.sides["left"].target.position_ras_mm)


def test_the_fiducials_of_a_script_are_in_the_scene_and_known_as_what_was_measured_from(module, head):
    module.logic.makeProcess = PromptProcess
    places = [(0.0, 90.0, -16.0), (0.0, -90.0, -16.0), (-70.0, 0.0, -16.0), (70.0, 0.0, -16.0)]
    given = Fiducials(*map(np.array, places))
    _, (left,) = module.logic.segment(head, PlanOptions(fiducials=given))
    (node,) = [node for node in nodes("vtkMRMLMarkupsFiducialNode") if "fiducials" in node.GetName()]
    np.testing.assert_allclose(list(points_of(node).values()), places)
    assert is_measured_from(left.measured, given)


def test_the_log_that_a_script_is_told_of_is_there(module, head, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "crash")
    module.logic.makeProcess = small_worker
    with pytest.raises(UserError, match="The log is ") as raised:
        module.logic.segment(head)
    log = Path(str(raised.value).split("The log is ")[1].rstrip("."))
    assert "Traceback" in log.read_text()
    assert [path.name for path in log.parent.iterdir()] == ["log.txt"]


def test_the_next_start_clears_the_jobs_of_programs_that_died(library_kept, module, job_folders):
    died = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    for owner, name in ((died.stdout.strip(), "job"), (os.getpid(), "job"), (died.stdout.strip(), "log.txt")):
        folder = job_folders.place / f"DLPFCSegmenter-{owner}-{name[:3]}"
        (folder / "job").mkdir(parents=True)
        (folder / name).touch() if name == "log.txt" else None
    module.reload()
    left = sorted(path.relative_to(job_folders.place).as_posix() for path in job_folders.place.glob("*/*"))
    assert left == sorted(
        [f"DLPFCSegmenter-{os.getpid()}-job/job", f"DLPFCSegmenter-{died.stdout.strip()}-log/log.txt"]
    )
    assert len(job_folders()) == 2


def test_slicer_knows_the_dlpfc_s_code_once_the_module_is_loaded(module):
    from DLPFCSegmenterLib import terminology

    found = slicer.vtkSlicerTerminologyEntry()
    logic = slicer.modules.terminologies.logic()
    assert logic.FindTypeInTerminologyBy3dSlicerLabel(terminology.CONTEXT_NAME, "DLPFC", found)


def test_the_list_of_models_holds_every_network_of_the_registry(panel):
    labels = {each.value: each.label() for each in ModelSource}
    assert list(labels) == ["shipped", *segmenting(), "own"]
    for name, title in segmenting().items():
        assert labels[name] == f"Shipped: {title} alone" and ModelSource(name).networks == name
    assert ModelSource.SHIPPED.networks == ModelSource.OWN.networks == "all"
    assert [ModelSource[name].value for name in ("SLICES", "WINDOW")] == ["mask-rcnn", "unet"], "scenes of before"


def test_the_threshold_is_the_model_s_own_until_the_user_changes_it(panel, module, tmp_path):
    parameters, weights = module.logic.getParameterNode(), tmp_path / "mine.pt"
    weights.with_suffix(".json").write_text('{"confidence": 0.8}')
    assert plan_options(parameters).threshold is None
    parameters.weightsFile = str(weights)
    parameters.model = ModelSource.OWN
    assert panel.thresholdSlider.value == pytest.approx(0.8) and plan_options(parameters).threshold is None
    panel.thresholdSlider.value = 0.6
    parameters.model = ModelSource.SHIPPED
    assert panel.thresholdSlider.value == pytest.approx(0.6)
    assert plan_options(parameters).threshold == pytest.approx(0.6)
