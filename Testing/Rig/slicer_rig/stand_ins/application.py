"""`slicer.app`: the parts of qSlicerApplication that a scripted module meets."""

from __future__ import annotations

from pathlib import Path

import slicer
from PySide6.QtCore import Property, QProcessEnvironment, QSettings, Signal
from PySide6.QtWidgets import QApplication, QWidget

from ..pythonqt.stand_in import StandIn, remembered
from .core_io import CoreIOManager
from .layout_manager import LayoutManager
from .module_manager import ModuleManager
from .scene import SceneAndLogics


class CommandOptions:
    """What the command line of the application asked for."""

    testingEnabled = True
    runPythonAndExit = False


class qSlicerApplication(StandIn, QApplication):
    """The application object: a real QApplication around the rig's scene."""

    startupCompleted = Signal()
    renderPaused = Signal(bool)

    applicationName = Property(str, lambda self: "Slicer")
    majorVersion = Property(int, lambda self: 5)
    minorVersion = Property(int, lambda self: 12)
    applicationVersion = Property(str, lambda self: "5.12.4")
    slicerHome = Property(str, lambda self: str(self._folder))
    temporaryPath = Property(str, lambda self: str(self._folder))
    cachePath = Property(str, lambda self: str(self._folder / "cache"))
    extensionsInstallPath = Property(str, lambda self: str(self._folder / "extensions"))
    slicerUserSettingsFilePath = Property(str, lambda self: self.settings().fileName())
    documentationBaseUrl = Property(str, lambda self: "https://slicer.readthedocs.io/en/5.12/")
    launcherExecutableFilePath = remembered(str, "launcherExecutableFilePath", "")

    def __init__(self, folder: Path) -> None:
        super().__init__(["Slicer"])
        self._folder = folder
        self._commandOptions = CommandOptions()
        self._renderPauses = 0

    def _takeScene(self, parts: SceneAndLogics) -> None:
        """Called once at start: the scene exists only after the application."""
        self._parts = parts
        self._layoutManager = LayoutManager(parts)
        self._coreIOManager = CoreIOManager(parts)
        self._moduleManager = ModuleManager()
        self._environment = QProcessEnvironment.systemEnvironment()

    # the scene and its logics
    def mrmlScene(self) -> slicer.vtkMRMLScene:
        return self._parts.scene

    def applicationLogic(self) -> slicer.vtkSlicerApplicationLogic:
        return self._parts.application_logic

    def moduleLogic(self, name: str) -> slicer.vtkMRMLAbstractLogic | None:
        return self._parts.module_logics.get(name)

    # managers
    def layoutManager(self) -> LayoutManager:
        return self._layoutManager

    def coreIOManager(self) -> CoreIOManager:
        return self._coreIOManager

    def ioManager(self) -> CoreIOManager:
        return self._coreIOManager

    def moduleManager(self) -> ModuleManager:
        return self._moduleManager

    def extensionsManagerModel(self) -> None:
        """Slicer without the Extensions Manager answers None as well."""

    def pythonConsole(self) -> None:
        """Slicer without its Python console answers None as well."""

    def topLevelWidgets(self) -> list[QWidget]:
        """The main window, which is all that Slicer's own code looks for here.

        PySide's own list wraps every popup and menu of Qt's, also those that Qt is deleting: a crash in long runs.
        """
        return [self._mainWindow]

    # settings and environment
    def settings(self) -> QSettings:
        return QSettings()

    def userSettings(self) -> QSettings:
        return QSettings()

    def revisionUserSettings(self) -> QSettings:
        return QSettings()

    def commandOptions(self) -> CommandOptions:
        return self._commandOptions

    def testingEnabled(self) -> bool:
        return self._commandOptions.testingEnabled

    def startupEnvironment(self) -> QProcessEnvironment:
        return self._environment

    def environment(self) -> QProcessEnvironment:
        return QProcessEnvironment.systemEnvironment()

    def moduleDocumentationUrl(self, name: str) -> str:
        return f"{self.documentationBaseUrl}user_guide/modules/{name.lower()}.html"

    # rendering: the views of the rig draw when they are asked to
    def pauseRender(self) -> None:
        self._renderPauses += 1

    def resumeRender(self) -> None:
        self._renderPauses -= 1

    def restart(self) -> None:
        """The rig has no launcher that could start it anew."""
