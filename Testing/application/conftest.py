"""The module on the rig, driven through its widgets, with a small worker in place of the network."""

import sys
import tempfile
from pathlib import Path

import pytest

from slicer_rig.fixtures import clean_rig  # noqa: F401 (boots, before anything imports `slicer`)

# isort: split

import slicer_rig
from application.panel_user import PromptProcess, add_head, run_to_end, small_worker

MODULE = Path(__file__).parents[2] / "DLPFCSegmenter" / "DLPFCSegmenter.py"


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
    module.logic.makeProcess = small_worker
    return module.widget.ui


@pytest.fixture
def segmented(panel, head):
    """The panel after a run on the head, left side."""
    panel.inputSelector.setCurrentNode(head)
    run_to_end(panel)
    return panel


@pytest.fixture
def job_folders(monkeypatch, tmp_path):
    """Gives the job folders that there are; its `place` is where they are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def folders():
        return list(tmp_path.glob("DLPFCSegmenter-*"))

    folders.place = tmp_path
    return folders


@pytest.fixture
def library_kept():
    """The library's modules as they were: other tests hold classes of theirs."""
    kept = {name: module for name, module in sys.modules.items() if name.startswith("DLPFCSegmenterLib")}
    yield
    for name in [name for name in sys.modules if name.startswith("DLPFCSegmenterLib")]:
        del sys.modules[name]
    sys.modules.update(kept)
