"""The expectations are what was measured on the real PythonQt 4.1.0 with Qt 5.15."""

from __future__ import annotations

import gc
import weakref

import ctk
import pytest
import qt
import slicer

import slicer_rig


def test_a_property_is_read_and_written_as_an_attribute():
    button = qt.QPushButton("Segment")
    button.checkable = True
    button.checked = True
    assert (button.text, button.checked, button.isChecked()) == ("Segment", True, True)
    button.setText("Cancel")
    assert button.text == "Cancel"


def test_a_property_is_not_callable():
    with pytest.raises(TypeError):
        qt.QPushButton("Segment").text()


def test_none_is_false_for_a_boolean_property():
    button = qt.QPushButton()
    button.enabled = None
    assert button.enabled is False


def test_a_value_property_is_a_value():
    label = qt.QLabel("text")
    assert label.sizeHint.width() > 0
    assert label.size.height() == label.height


def test_name_is_the_object_name():
    label = qt.QLabel()
    label.name = "statusLabel"
    assert label.objectName == "statusLabel"


def test_an_unknown_attribute_of_a_qt_object_is_refused():
    with pytest.raises(AttributeError):
        qt.QPushButton().foo = 1
    with pytest.raises(AttributeError):
        ctk.ctkSliderWidget().foo = 1


def test_a_python_class_of_a_widget_may_have_attributes():
    class Panel(qt.QWidget):
        pass

    panel = Panel()
    panel.foo = 1
    assert panel.foo == 1


def test_a_dynamic_property_is_an_attribute():
    label = qt.QLabel()
    label.setProperty("SlicerParameterName", "threshold")
    assert label.SlicerParameterName == "threshold"
    label.SlicerParameterName = "ruleMm"
    assert label.property("SlicerParameterName") == "ruleMm"


def test_connect_takes_a_signature_and_gives_as_many_arguments_as_the_slot_takes():
    button, calls = qt.QPushButton(), []
    assert button.connect("clicked(bool)", lambda: calls.append("none"))
    assert button.connect("clicked(bool)", lambda checked: calls.append(checked))
    assert button.connect("clicked()", lambda *arguments: calls.append(arguments))
    button.click()
    assert calls == ["none", False, ()]


def test_a_signal_attribute_passes_all_arguments():
    button, calls = qt.QPushButton(), []
    button.clicked.connect(lambda *arguments: calls.append(arguments))
    button.click()
    assert calls == [(False,)]


def test_an_unknown_signal_prints_and_gives_false(capsys):
    assert qt.QPushButton().connect("segmented(bool)", print) is False
    assert "segmented" in capsys.readouterr().err


def test_a_disconnected_slot_is_not_called():
    button, calls = qt.QPushButton(), []
    slot = calls.append
    button.connect("clicked(bool)", slot)
    assert button.disconnect("clicked(bool)", slot)
    button.click()
    assert calls == []


def test_an_exception_in_a_slot_is_printed_and_the_next_slot_runs(capsys):
    button, calls = qt.QPushButton(), []

    def fail() -> None:
        raise ValueError("broken slot")

    button.connect("clicked(bool)", fail)
    button.connect("clicked(bool)", calls.append)
    button.click()
    assert calls == [False]
    assert "broken slot" in capsys.readouterr().err
    assert [str(error.exception) for error in slicer_rig.slot_errors()] == ["broken slot"]


def test_an_exception_in_a_vtk_observer_is_collected():
    def fail(caller, event) -> None:
        raise ValueError("broken observer")

    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTextNode")
    node.AddObserver("ModifiedEvent", fail)
    node.Modified()
    assert [str(error.exception) for error in slicer_rig.slot_errors()] == ["broken observer"]


def test_single_shot_is_a_function_alone_which_keeps_its_callable_until_slicer_quits():
    timer, calls = qt.QTimer(), []
    with pytest.raises(AttributeError):
        timer.singleShot = True

    def fire():
        calls.append("fired")

    kept = weakref.ref(fire)
    qt.QTimer.singleShot(0, fire)
    assert slicer_rig.drain_events(2, until=lambda: calls == ["fired"])
    del fire
    gc.collect()
    assert kept() is not None


def test_a_process_tells_of_its_output_and_its_end():
    process, codes = qt.QProcess(), []
    process.connect("finished(int,QProcess::ExitStatus)", lambda code: codes.append(code))
    process.start("PythonSlicer", ["-c", "print('ready'); raise SystemExit(3)"])
    assert slicer_rig.drain_events(20, until=lambda: bool(codes))
    assert codes == [3]
    assert bytes(process.readAllStandardOutput().data()) == b"ready\n"


def test_a_slider_widget_keeps_to_its_range_and_tells_of_changes():
    slider, values = ctk.ctkSliderWidget(), []
    slider.minimum, slider.maximum, slider.decimals = 0.05, 0.99, 2
    slider.connect("valueChanged(double)", values.append)
    slider.value = 0.8
    slider.value = 7
    assert values == [0.8, 0.99]


def test_a_collapsed_section_hides_its_content():
    section = ctk.ctkCollapsibleButton()
    layout = qt.QVBoxLayout(section)
    label = qt.QLabel("inside")
    layout.addWidget(label)
    section.collapsed = True
    assert not label.isVisibleTo(section)
    section.collapsed = False
    assert label.isVisibleTo(section)


@pytest.mark.parametrize("section", ["ctkCollapsibleButton", "ctkCollapsibleGroupBox"])
def test_a_section_that_is_unfolded_shows_what_nobody_hid_before_or_meanwhile(section):
    box = getattr(ctk, section)()
    shown, hidden, shown_meanwhile, hidden_meanwhile = labels = [qt.QLabel(box) for _ in range(4)]
    box.show()
    hidden.visible = shown_meanwhile.visible = False
    box.collapsed = True
    shown_meanwhile.visible, hidden_meanwhile.visible = True, False
    assert not any(label.visible for label in labels)
    box.collapsed = False
    assert [label.visible for label in labels] == [True, False, True, False]


def test_a_section_that_a_ui_file_folds_is_folded(tmp_path):
    ui_file = tmp_path / "panel.ui"
    ui_file.write_text(
        """<ui version="4.0"><class>Panel</class><widget class="QWidget" name="Panel">
        <layout class="QVBoxLayout"><item><widget class="ctkCollapsibleGroupBox" name="advanced">
        <property name="collapsed"><bool>true</bool></property>
        <layout class="QVBoxLayout"><item><widget class="QLabel" name="inside"/></item></layout>
        </widget></item></layout></widget></ui>"""
    )
    panel = slicer.util.loadUI(str(ui_file))
    ui = slicer.util.childWidgetVariables(panel)
    assert not ui.inside.isVisibleTo(panel)
    ui.advanced.collapsed = False
    assert ui.inside.isVisibleTo(panel)


def test_dialogs_are_answered_and_listed():
    with slicer_rig.dialogs(answer=qt.QMessageBox.No, path="chosen.nii") as shown:
        assert slicer.util.confirmYesNoDisplay("Overwrite?") is False
        slicer.util.errorDisplay("It failed.")
        assert qt.QFileDialog.getOpenFileName(None, "Volume") == "chosen.nii"
    assert shown == ["Overwrite?", "It failed."]
    assert slicer.app.testingEnabled()


def test_a_path_line_tells_of_no_text_that_its_filter_does_not_accept():
    line, told = ctk.ctkPathLineEdit(), []
    line.connect("currentPathChanged(QString)", told.append)
    for text in ("/data/one", "", "/data/two"):
        line.currentPath = text
    line.nameFilters = ["Weights (*.pt)"]
    for text in ("/data/one.pt", "/data/one.pth"):
        line.currentPath = text
    assert told == ["/data/one", "/data/two", "/data/one.pt"]
    assert line.currentPath == "/data/one.pth"
