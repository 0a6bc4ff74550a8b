"""Loads a scripted module as Slicer's module factory does."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from . import session


@dataclass(frozen=True)
class LoadedModule:
    """A scripted module that is running in the rig."""

    name: str
    python: ModuleType
    instance: Any
    factory_module: Any

    @property
    def representation(self) -> Any:
        """The widget that holds the module's panel; built, with `setup()`, when it is first asked for."""
        return self.factory_module.widgetRepresentation()

    @property
    def widget(self) -> Any:
        """The module's own widget class; after a reload the new one."""
        return self.representation.self()

    @property
    def logic(self) -> Any:
        """The logic of the module's widget."""
        return self.widget.logic

    def enter(self) -> None:
        """What happens when the user opens the module."""
        import slicer

        slicer.util.selectModule(self.name)

    def exit(self) -> None:
        """What happens when the user goes to another module."""
        import slicer

        if slicer.util.selectedModule() == self.name:
            slicer.util.moduleSelector().selectModule("")

    def reload(self) -> None:
        """The developer's Reload button."""
        self.widget.onReload()

    def unload(self) -> None:
        """What happens when the application ends: the panel cleans up and is gone."""
        import slicer

        if slicer.modules.__dict__.pop(f"{self.name}Widget", None) is not None:
            self.exit()
            slicer.app.moduleManager().moduleAboutToBeUnloaded.emit(self.name)
            self.representation.deleteLater()
            session.delete_what_is_due()
        for entry in (self.name.lower(), f"{self.name}Instance"):
            slicer.modules.__dict__.pop(entry, None)
        slicer.moduleNames.discard(self.name)
        sys.modules.pop(self.name, None)


def load_module(path: str | Path, at_start: bool = True) -> LoadedModule:
    """Imports the module file at `path`, makes its module object, and ends the start of the application.

    at_start  False for a module that is added to a running Slicer: Slicer's own modules are there before it, and
              nobody tells it of the end of the start
    Exceptions reach the caller, where Slicer would only print them.
    """
    session.boot()
    import slicer

    path = Path(path).resolve()
    name = path.stem
    python = _import_file(name, path)
    factory_module = slicer.qSlicerScriptedLoadableModule(name, str(path))
    there = slicer.modules
    if at_start:
        slicer.modules = ModuleType("slicer.modules")  # at the start all modules are made before any is there
    try:
        instance = getattr(python, name)(factory_module)
    finally:
        slicer.modules = there
    setattr(slicer.modules, name.lower(), factory_module)
    setattr(slicer.modules, f"{name}Instance", instance)
    slicer.moduleNames.add(name)
    if at_start:
        slicer.app.startupCompleted.emit()
    return LoadedModule(name, python, instance, factory_module)


def _import_file(name: str, path: Path) -> ModuleType:
    folder = str(path.parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    specification = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module
