"""A module's life in the rig: loaded, entered, driven, reloaded, left, unloaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import slicer

import slicer_rig

MODULE = Path(__file__).parent / "small_module" / "SmallModule.py"


@pytest.fixture
def module() -> Iterator[slicer_rig.LoadedModule]:
    module = slicer_rig.load_module(MODULE)
    yield module
    module.unload()


def test_the_module_says_who_it_is_and_is_told_of_the_end_of_startup(module):
    assert slicer.modules.smallmodule.title == "Small Module"
    assert slicer.modules.smallmodule.path == str(MODULE)
    assert module.instance.started == 1
    assert "SmallModule" in slicer.util.moduleNames()


def test_a_module_that_is_added_to_a_running_slicer_is_not_told_of_the_end_of_startup():
    module = slicer_rig.load_module(MODULE, at_start=False)
    assert module.instance.started == 0
    module.unload()


def test_the_panel_is_made_when_the_user_first_opens_the_module(module):
    assert not hasattr(slicer.modules, "SmallModuleWidget")
    module.enter()
    assert slicer.modules.SmallModuleWidget is module.widget is slicer.util.getModuleWidget("SmallModule")
    assert slicer.util.getModuleLogic("SmallModule") is module.logic
    assert module.widget.parent.isEntered
    module.exit()
    assert not module.widget.parent.isEntered
    assert module.widget.history == ["enter", "exit"]


def test_a_volume_that_is_loaded_is_chosen_and_the_button_works(module):
    module.enter()
    volume = slicer.util.addVolumeFromArray(np.zeros((2, 3, 4)), name="T1")
    assert module.widget.ui.inputSelector.currentNode() is volume
    assert module.widget.parameters.inputVolume is volume
    module.widget.ui.applyButton.click()
    assert module.widget.history == ["enter", "T1"]


def test_a_reload_makes_a_new_panel_in_the_same_parent_and_cleans_the_old_one(module):
    module.enter()
    old = module.widget
    module.reload()
    assert old.history == ["enter", "cleanup"]
    assert module.widget is not old
    assert module.widget.parent.isEntered
    assert module.widget.history == [], "Slicer sets a reloaded module up and does not enter it again"
    slicer_rig.close_scene()
    assert "closed" not in old.history


def test_the_module_runs_its_own_tests(module):
    module.python.SmallModuleTest.ran.clear()
    slicer.selfTests["SmallModule"]()
    assert module.python.SmallModuleTest.ran == ["one"]


def test_an_unloaded_module_is_gone():
    module = slicer_rig.load_module(MODULE)
    module.enter()
    widget = module.widget
    module.unload()
    assert widget.history == ["enter", "exit", "cleanup"]
    assert not hasattr(slicer.modules, "smallmodule")


def test_a_ui_file_with_an_unknown_widget_is_refused(tmp_path):
    ui_file = tmp_path / "panel.ui"
    ui_file.write_text(
        MODULE.parent.joinpath("Resources/UI/SmallModule.ui").read_text().replace("QCheckBox", "ctkNoSuchWidget")
    )
    with pytest.raises(RuntimeError, match="ctkNoSuchWidget"):
        slicer.util.loadUI(str(ui_file))
