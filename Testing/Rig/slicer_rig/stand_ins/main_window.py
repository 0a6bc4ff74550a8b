"""The main window: a place for the panel, a status bar, Slicer's own keys, and the choice of the module."""

from __future__ import annotations

import slicer
from PySide6.QtCore import Property, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDockWidget, QMainWindow, QScrollArea, QWidget

from ..pythonqt.stand_in import StandIn

_KEYS = (
    *"OSWZYFH023456", "`", "Left", "Right",
    "Shift+A", "Shift+T", "Shift+Space", "Shift+Down", "Shift+Left", "Shift+Right",
)  # fmt: skip
"""Of Slicer's main window, its toolbars for modules and markups, and the player of sequences, all with Ctrl."""


class ModuleSelector(StandIn, QObject):
    """Leaves one module and enters another."""

    moduleSelected = Signal(str)

    def __init__(self, panel: QScrollArea) -> None:
        super().__init__(panel)
        self._panel, self._selected = panel, ""

    selectedModule = Property(str, lambda self: self._selected)

    def selectModule(self, name: str) -> None:
        """Shows the panel of the module `name`; '' only leaves the present one."""
        if name == self._selected:
            return
        if self._selected:
            self._panel.takeWidget().exit()
        self._selected = name
        if name:
            representation = slicer.app.moduleManager().module(name).widgetRepresentation()
            self._panel.setWidget(representation)
            representation.enter()
        self.moduleSelected.emit(name)


class qSlicerMainWindow(StandIn, QMainWindow):
    """Found by `slicer.util.mainWindow()`; not shown until a test does so."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("qSlicerMainWindow")
        panel = QScrollArea(self)
        panel.setWidgetResizable(True)
        dock = QDockWidget(self)
        dock.setWidget(panel)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        self.setCentralWidget(QWidget(self))
        self.statusBar()
        self._moduleSelector = ModuleSelector(panel)
        for key in _KEYS:
            QShortcut(QKeySequence(f"Ctrl+{key}"), self)

    def moduleSelector(self) -> ModuleSelector:
        return self._moduleSelector
