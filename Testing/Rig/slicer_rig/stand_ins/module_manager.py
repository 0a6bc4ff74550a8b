"""`slicer.modules` and `slicer.app.moduleManager()`."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import slicer
from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QVBoxLayout

from ..pythonqt.stand_in import StandIn, remembered
from .mrml_widgets import qMRMLWidget


class qSlicerLoadableModule(StandIn, QObject):
    """A module written in C++: its real logic, no panel."""

    name = Property(str, lambda self: self._name)
    title = Property(str, lambda self: self._name)

    def __init__(self, name: str, logic: slicer.vtkMRMLAbstractLogic) -> None:
        super().__init__()
        self._name, self._logic = name, logic

    def logic(self) -> slicer.vtkMRMLAbstractLogic:
        return self._logic

    def widgetRepresentation(self) -> None:
        """There is no panel of a C++ module in the rig."""


class qSlicerScriptedLoadableModule(StandIn, QObject):
    """`parent` of a scripted module: what the module says of itself is kept here."""

    title = remembered(str, "title", "")
    categories = remembered("QStringList", "categories", [])
    dependencies = remembered("QStringList", "dependencies", [])
    contributors = remembered("QStringList", "contributors", [])
    associatedNodeTypes = remembered("QStringList", "associatedNodeTypes", [])
    helpText = remembered(str, "helpText", "")
    acknowledgementText = remembered(str, "acknowledgementText", "")
    hidden = remembered(bool, "hidden", False)
    widgetRepresentationCreationEnabled = remembered(bool, "widgetRepresentationCreationEnabled", True)
    index = remembered(int, "index", -1)
    icon = remembered(QIcon, "icon", QIcon())
    name = Property(str, lambda self: self._name)
    path = Property(str, lambda self: self._path)

    def __init__(self, name: str, path: str) -> None:
        super().__init__()
        self._name, self._path = name, path
        self._logic = slicer.vtkSlicerScriptedLoadableModuleLogic()
        self._representation: qSlicerScriptedLoadableModuleWidget | None = None

    def logic(self) -> slicer.vtkMRMLAbstractLogic:
        return self._logic

    def widgetRepresentation(self) -> qSlicerScriptedLoadableModuleWidget:
        if self._representation is None:
            self._representation = qSlicerScriptedLoadableModuleWidget(self._name)
        return self._representation


class qSlicerScriptedLoadableModuleWidget(qMRMLWidget):
    """`parent` of a module's widget: builds the Python class and passes enter and exit on to it."""

    isEntered = Property(bool, lambda self: self._entered)
    moduleName = Property(str, lambda self: self._name)

    def __init__(self, module_name: str) -> None:
        super().__init__()
        self._name, self._entered, self._python = module_name, False, None
        self.setLayout(QVBoxLayout())
        self.setMRMLScene(slicer.mrmlScene)
        self.reload()

    def self(self) -> Any:
        return self._python

    def reload(self) -> None:
        """A new Python widget from the module's present code, shown in this parent: set up, and not entered again."""
        import sys

        class_name = f"{self._name}Widget"
        self._python = getattr(sys.modules[self._name], class_name)(self)
        setattr(slicer.modules, class_name, self._python)
        self._python.setup()

    def enter(self) -> None:
        self._entered = True
        self._call("enter")

    def exit(self) -> None:
        self._entered = False
        self._call("exit")

    def _call(self, name: str) -> None:
        method = getattr(self._python, name, None)
        if method is not None:
            method()


class FactoryManager:
    """Knows the names of the modules that are there."""

    def loadedModuleNames(self) -> list[str]:
        return sorted(slicer.moduleNames)


class ModuleManager(StandIn, QObject):
    """`slicer.app.moduleManager()`."""

    moduleAboutToBeUnloaded = Signal(str)
    SLICER_SIGNALS = {"moduleAboutToBeUnloaded(QString)": "moduleAboutToBeUnloaded"}

    def module(self, name: str) -> QObject | None:
        return getattr(slicer.modules, name.lower(), None)

    def modulesNames(self) -> list[str]:
        return sorted(slicer.moduleNames)

    def factoryManager(self) -> FactoryManager:
        return FactoryManager()


def build_modules(logics: dict[str, slicer.vtkMRMLAbstractLogic]) -> ModuleType:
    """`slicer.modules` with one entry, in lower case, for each C++ module."""
    modules = ModuleType("slicer.modules")
    for name, logic in logics.items():
        setattr(modules, name.lower(), qSlicerLoadableModule(name, logic))
    return modules
