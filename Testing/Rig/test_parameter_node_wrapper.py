"""Typed parameters in a node: the same under Slicer's own files, see test_under_slicers_own_files.py."""

from __future__ import annotations

import enum
import pathlib
import sys
from inspect import getsource
from typing import Annotated

import ctk
import numpy as np
import pytest
import qt
import slicer
from slicer.parameterNodeWrapper import Choice, Default, Minimum, WithinRange, parameterNodeWrapper


class Side(enum.Enum):
    LEFT = "left"
    RIGHT = "right"

    def label(self) -> str:
        return self.value.capitalize()


@parameterNodeWrapper
class Parameters:
    inputVolume: slicer.vtkMRMLScalarVolumeNode
    reference: slicer.vtkMRMLVolumeNode | None
    maybe: slicer.vtkMRMLTextNode | None
    threshold: Annotated[float, WithinRange(0, 1)] = 0.8
    count: Annotated[int, Minimum(0), Default(3)]
    invert: bool = True
    name: str
    side: Side = Side.RIGHT
    device: Annotated[str, Choice(["auto", "cpu"])] = "auto"
    formats: list[str]
    folder: pathlib.Path


@pytest.fixture
def node():
    return slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScriptedModuleNode", "Parameters")


@pytest.fixture
def volume():
    return slicer.util.addVolumeFromArray(np.zeros((2, 2, 2)), name="T1")


def test_defaults_are_there_and_in_the_node(node):
    parameters = Parameters(node)
    assert (parameters.inputVolume, parameters.reference, parameters.maybe) == (None, None, None)
    assert (parameters.threshold, parameters.count, parameters.invert, parameters.name) == (0.8, 3, True, "")
    assert (parameters.side, parameters.device, list(parameters.formats)) == (Side.RIGHT, "auto", [])
    assert parameters.folder == pathlib.Path()


def test_the_node_holds_the_texts_that_slicer_would_write(node, volume):
    parameters = Parameters(node)
    parameters.inputVolume, parameters.reference, parameters.formats = volume, volume, ["csv", "json"]
    texts = {name: node.GetParameter(name) for name in node.GetParameterNames()}
    assert texts == {
        "inputVolume": "",
        "reference.0": "",
        "maybe.1": "True",
        "threshold": "0.8",
        "count": "3",
        "invert": "True",
        "name": "",
        "side": "RIGHT",
        "device": "auto",
        "formats.len": "2",
        "formats.0": "csv",
        "formats.1": "json",
        "folder": ".",
    }
    assert node.GetNodeReferenceID("inputVolume") == node.GetNodeReferenceID("reference.0") == volume.GetID()


def test_a_second_wrapper_of_the_node_sees_what_the_first_wrote(node, volume):
    first, second = Parameters(node), Parameters(node)
    first.inputVolume, first.reference, first.side, first.formats = volume, volume, Side.LEFT, ["csv", "json"]
    assert (second.inputVolume, second.reference, second.side) == (volume, volume, Side.LEFT)
    assert list(second.formats) == ["csv", "json"]
    first.reference = None
    assert second.reference is None


def test_a_list_is_saved_when_it_is_changed_in_place(node):
    parameters = Parameters(node)
    parameters.formats.append("csv")
    parameters.formats.extend(["json", "xml"])
    parameters.formats.remove("json")
    assert list(Parameters(node).formats) == ["csv", "xml"]


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("threshold", 1.5, ValueError),
        ("count", -1, ValueError),
        ("count", "2", TypeError),
        ("invert", None, ValueError),
        ("device", "cuda", ValueError),
        ("side", "left", TypeError),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_the_old_one_stays(node, name, value, error):
    parameters = Parameters(node)
    before = getattr(parameters, name)
    with pytest.raises(error):
        setattr(parameters, name, value)
    assert getattr(parameters, name) == before


def test_a_node_of_another_class_is_refused(node, volume):
    with pytest.raises(TypeError):
        Parameters(node).maybe = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLModelNode")


def test_a_removed_node_is_no_longer_a_value(node, volume):
    parameters = Parameters(node)
    parameters.inputVolume = volume
    slicer.mrmlScene.RemoveNode(volume)
    assert parameters.inputVolume is None


def test_an_unknown_parameter_is_an_error(node):
    with pytest.raises(ValueError, match="nothing"):
        Parameters(node).getValue("nothing")


def test_a_saved_scene_brings_the_values_back(node, volume, tmp_path):
    parameters = Parameters(node)
    parameters.inputVolume, parameters.threshold, parameters.side, parameters.formats = (
        volume,
        0.65,
        Side.LEFT,
        ["csv"],
    )
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    again = Parameters(slicer.util.getNode("Parameters"))
    assert (again.inputVolume.GetName(), again.threshold, again.side) == ("T1", 0.65, Side.LEFT)
    assert list(again.formats) == ["csv"]


WIDGETS = {
    "inputVolume": slicer.qMRMLNodeComboBox,
    "threshold": ctk.ctkSliderWidget,
    "count": qt.QSpinBox,
    "invert": qt.QCheckBox,
    "name": qt.QLineEdit,
    "side": qt.QComboBox,
    "device": ctk.ctkComboBox,
    "folder": ctk.ctkPathLineEdit,
}


@pytest.fixture
def panel():
    panel = qt.QWidget()
    layout = qt.QVBoxLayout(panel)
    for name, widget_class in WIDGETS.items():
        widget = widget_class()
        widget.name = name
        widget.setProperty("SlicerParameterName", name)
        if name == "side":
            widget.addItem("")
        layout.addWidget(widget)
    panel.findChild(slicer.qMRMLNodeComboBox, "inputVolume").setMRMLScene(slicer.mrmlScene)
    yield panel
    panel.findChild(slicer.qMRMLNodeComboBox, "inputVolume").setMRMLScene(None)


def test_the_panel_shows_the_parameters_and_follows_them(node, volume, panel):
    parameters, ui = Parameters(node), slicer.util.childWidgetVariables(panel)
    parameters.side = Side.LEFT
    parameters.connectGui(ui)
    assert (ui.threshold.value, ui.threshold.maximum, ui.count.value, ui.invert.checked) == (0.8, 1, 3, True)
    assert (ui.side.currentText, ui.device.currentText) == ("Left", "auto")
    parameters.threshold, parameters.side, parameters.name, parameters.device = 0.5, Side.RIGHT, "T1", "cpu"
    parameters.inputVolume = volume
    assert (ui.threshold.value, ui.side.currentText, ui.name.text, ui.device.currentText) == (
        0.5,
        "Right",
        "T1",
        "cpu",
    )
    assert ui.inputVolume.currentNode() is volume


def test_the_parameters_follow_the_panel(node, panel, volume):
    parameters, ui = Parameters(node), slicer.util.childWidgetVariables(panel)
    parameters.connectGui(ui)
    ui.threshold.value, ui.count.value, ui.invert.checked, ui.name.text = 0.25, 7, False, "T2"
    ui.side.currentIndex, ui.device.currentIndex, ui.folder.currentPath = 0, 1, "results"
    ui.inputVolume.setCurrentNode(volume)
    assert (parameters.threshold, parameters.count, parameters.invert, parameters.name) == (
        0.25,
        7,
        False,
        "T2",
    )
    assert (parameters.side, parameters.device, parameters.folder) == (
        Side.LEFT,
        "cpu",
        pathlib.Path("results"),
    )
    assert parameters.inputVolume is volume


def test_a_disconnected_panel_and_its_parameters_go_their_own_ways(node, panel):
    parameters, ui = Parameters(node), slicer.util.childWidgetVariables(panel)
    parameters.disconnectGui(parameters.connectGui(ui))
    parameters.count = 5
    ui.threshold.value = 0.1
    assert (ui.count.value, parameters.threshold) == (3, 0.8)


def test_disconnecting_a_panel_leaves_its_observer_as_slicer_5_10_does(node, panel):
    parameters, left = Parameters(node), []
    add, remove = parameters.AddObserver, parameters.RemoveObserver
    parameters.AddObserver = lambda *arguments: left.append(add(*arguments)) or left[-1]
    parameters.RemoveObserver = lambda tag: (left.remove(tag), remove(tag))
    parameters.disconnectGui(parameters.connectGui(panel))
    assert len(left) == (0 if "_guiVtkObserverTags" in getsource(sys.modules[Parameters.connectGui.__module__]) else 1)


def test_a_path_that_is_bound_is_rewritten_while_it_is_typed(node):
    @parameterNodeWrapper
    class Folder:
        folder: pathlib.Path

    parameters, edit = Folder(node), ctk.ctkPathLineEdit()
    parameters.connectParametersToGui({"folder": edit})
    (line,) = edit.findChildren(qt.QLineEdit)
    line.setText("/data/abc/def")
    for _stroke in range(3):
        line.backspace()
    assert line.text == "/data/abc"


def test_a_slider_needs_a_range():
    @parameterNodeWrapper
    class Unbounded:
        size: float

    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScriptedModuleNode")
    with pytest.raises(RuntimeError):
        Unbounded(node).connectParametersToGui({"size": ctk.ctkSliderWidget()})
