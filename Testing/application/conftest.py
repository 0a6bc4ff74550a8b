"""The module on the rig, driven through its widgets, with a small worker in place of the network."""

from pathlib import Path

import pytest

pytest.importorskip("slicer", reason="slicer-core is not installed")
pytest.importorskip("PySide6", reason="PySide6 is not installed")

import slicer_rig  # noqa: E402

slicer_rig.boot()

from application.panel_user import PromptProcess, SmallWorkerProcess, add_head, run_to_end  # noqa: E402

MODULE = Path(__file__).parents[2] / "DLPFCSegmenter" / "DLPFCSegmenter.py"


@pytest.fixture(autouse=True)
def clean_scene():
    """Every test starts with an empty scene and ends without an exception in a slot."""
    slicer_rig.close_scene()
    slicer_rig.slot_errors()
    yield
    errors = slicer_rig.slot_errors()
    slicer_rig.close_scene()
    assert not errors, "\n".join(map(str, errors))


@pytest.fixture
def head():
    """A volume node that looks enough like a head, with a bright box on the left."""
    return add_head("head")


@pytest.fixture
def module():
    """The module, opened, with the network's worker."""
    loaded = slicer_rig.load_module(MODULE)
    loaded.enter()
    yield loaded
    loaded.unload()


@pytest.fixture
def panel(module):
    """The panel's widgets by name; Segment plans in this process, with the brightest voxels as DLPFC."""
    module.logic.makeProcess = PromptProcess
    return module.widget.ui


@pytest.fixture
def worker_panel(module, monkeypatch):
    """The panel's widgets by name; Segment starts the worker as shipped, but for its planner."""
    monkeypatch.delenv("SMALL_WORKER", raising=False)
    module.logic.makeProcess = SmallWorkerProcess
    return module.widget.ui


@pytest.fixture
def segmented(panel, head):
    """The panel after a run on the head, left side."""
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    return panel
