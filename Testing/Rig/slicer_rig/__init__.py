"""The rig: runs a Slicer scripted module on slicer-core and PySide6, without the Slicer application.

    import slicer_rig

    slicer_rig.boot()                                   # once in a process; fills in `slicer`, `qt`, `ctk`
    module = slicer_rig.load_module("DLPFCSegmenter/DLPFCSegmenter.py")
    module.enter()                                      # builds the panel (`setup()`) and opens it
    volume = slicer.util.loadVolume("t1.nii.gz")
    module.widget.ui.inputSelector.setCurrentNode(volume)
    module.widget.ui.applyButton.click()
    assert slicer_rig.drain_events(60, until=lambda: not module.logic.isRunning())
    assert not slicer_rig.slot_errors()                 # what a slot raised was printed and kept
    module.unload(); slicer_rig.close_scene()

What is real: everything in slicer-core (scene, nodes, storage, module logics, displayable managers,
`slicer.util`), and Qt's own widgets. What stands in, with the names and behaviour of the original:
`qt` and `ctk` (see `pythonqt`), `slicer.app`, `slicer.modules` and the qMRML widgets (see `stand_ins`),
and the Python files that slicer-core lacks (see `slicer_python`): `slicer.ScriptedLoadableModule`,
`slicer.parameterNodeWrapper`, `slicer.i18n`, `slicer.packaging`. With DLPFC_SLICER_SOURCE set to a
folder `Base/Python` of Slicer's sources, Slicer's own files take the place of those.

`slicer.app.testingEnabled()` is True: `slicer.util` logs its message boxes instead of showing them and
answers yes. `with slicer_rig.dialogs(answer=qt.QMessageBox.No) as shown:` turns testing mode off, gives
that answer to each box and lists the texts. `PythonSlicer` is on the PATH. Settings and temporary files
lie in a folder that goes when the process ends. `from slicer_rig import views` (after `boot`) draws slice and
3-D views to PNG, and `from slicer_rig.window_picture import WindowPicture` panel and views in one.

A `conftest.py` boots the rig and gets a clean scene for each test from `slicer_rig.fixtures`.

Nothing in the module under test may know of the rig.
"""

from .module_loader import LoadedModule, load_module
from .session import boot, close_scene, delete_what_is_due, drain_events, slot_errors
from .startup import SLICER_SOURCE_VARIABLE
from .user import choose_style, click_in_view, dialogs, paint

__all__ = [
    "SLICER_SOURCE_VARIABLE",
    "LoadedModule",
    "boot",
    "choose_style",
    "click_in_view",
    "close_scene",
    "delete_what_is_due",
    "dialogs",
    "drain_events",
    "load_module",
    "paint",
    "slot_errors",
]
