"""The panel in German: what is read on it, what a worker says, and what stays English."""

import json

import pytest
import qt
import slicer

import slicer_rig
from application.panel_user import nodes
from DLPFCSegmenterLib.sentences import language, speak


@pytest.fixture(autouse=True)
def german(clean_rig):
    """Slicer is set to German, as its settings say it, before the module is loaded."""
    slicer.app.userSettings().setValue("language", "de_DE")
    yield
    slicer.app.userSettings().remove("language")
    speak("")


def run_to_end(ui):
    ui.segmentButton.click()
    assert slicer_rig.drain_events(60, until=lambda: ui.segmentButton.text == "Segmentieren"), ui.statusLabel.text
    slicer_rig.drain_events()


def test_what_stands_on_the_panel_is_german(panel, module):
    assert language() == "de"
    assert panel.segmentButton.text == "Segmentieren"
    assert panel.exportButton.text == "Exportieren"
    labels = {label.text for label in module.widget.parent.findChildren(qt.QLabel)}
    assert {"T1-Aufnahme:", "Hemisphäre:", "Motorischer Hotspot:"} <= labels
    assert panel.segmentButton.toolTip.startswith("Bitte zuerst eine T1-Aufnahme wählen")


def test_an_error_that_comes_out_of_the_worker_is_told_in_german(worker_panel, head, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "uniform")
    worker_panel.inputSelector.setCurrentNode(head)
    run_to_end(worker_panel)
    told = worker_panel.statusLabel.text
    assert "scan.nii: Kein DLPFC links gefunden, da das Gewebe an seinem Ort einförmig ist" in told


def test_a_crash_of_the_worker_is_told_in_german(worker_panel, head, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "memory")
    worker_panel.inputSelector.setCurrentNode(head)
    run_to_end(worker_panel)
    assert "Der Arbeitsspeicher reicht nicht (MemoryError: 64 GiB)" in worker_panel.statusLabel.text


def test_a_plan_is_told_in_german_and_its_nodes_and_points_are_named_in_english(panel, head):
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    assert panel.resultLabel.text.startswith("head, links: 7.9 ml")
    assert panel.targetPlaceLabel.text.startswith("Links: L 3")
    assert "." in panel.targetPlaceLabel.text and "," not in panel.targetPlaceLabel.text
    names = [node.GetName() for node in nodes("vtkMRMLMarkupsFiducialNode")]
    assert "head DLPFC target (left)" in names
    labels = [node.GetNthControlPointLabel(0) for node in nodes("vtkMRMLMarkupsFiducialNode")]
    assert "Left target" in labels and not any("Ziel" in label for label in labels)


def test_a_file_that_programs_read_is_the_same_in_every_language(panel, head, tmp_path, module):
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    kept = [node.GetAttribute(name) for node in nodes("vtkMRMLSegmentationNode") for name in node.GetAttributeNames()]
    texts = json.dumps(kept, ensure_ascii=False)
    assert "Kopfhaut" not in texts and "Geschätzt" not in texts and "ü" not in texts
