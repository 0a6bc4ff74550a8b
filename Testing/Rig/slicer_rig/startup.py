"""Starting the stand-in application: what happens once in a process, in its order."""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from types import ModuleType

SLICER_SOURCE_VARIABLE = "DLPFC_SLICER_SOURCE"


def start() -> None:
    """Makes `qt` and `ctk`, the application with its scene, and completes `slicer`; once in a process."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(tempfile.mkdtemp(prefix="slicer-rig-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    from . import pythonqt

    pythonqt.install()
    _use_own_settings(folder)
    _make_python_slicer(folder)
    _complete_slicer(folder)


def _use_own_settings(folder: Path) -> None:
    """The user's settings are neither read nor written."""
    from PySide6.QtCore import QCoreApplication, QSettings

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.IniFormat, scope, str(folder))
    QCoreApplication.setOrganizationName("slicer.org")
    QCoreApplication.setApplicationName("Slicer")


def _make_python_slicer(folder: Path) -> None:
    """Slicer has its interpreter on the PATH under this name; here it is the one that runs."""
    script = folder / "bin" / "PythonSlicer"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IEXEC)
    os.environ["PATH"] = f"{script.parent}{os.pathsep}{os.environ.get('PATH', '')}"


def _complete_slicer(folder: Path) -> None:
    """Gives `slicer` what slicer-core lacks of the application."""
    import slicer

    _extend_package(slicer)
    from .stand_ins import (
        application,
        main_window,
        module_manager,
        mrml_widgets,
        sample_data,
        scene,
        segment_editor,
    )

    slicer.app = application.qSlicerApplication(folder)
    for source in (mrml_widgets, segment_editor, module_manager):
        _publish(source, slicer)
    parts = scene.create(folder)
    slicer.mrmlScene = parts.scene
    slicer.app._takeScene(parts)
    slicer.modules = module_manager.build_modules(parts.module_logics)
    slicer.moduleNames = set(parts.module_logics)
    sample_data.install()
    slicer.app._mainWindow = main_window.qSlicerMainWindow()  # found by slicer.util.mainWindow()


def _publish(source: ModuleType, slicer_package: ModuleType) -> None:
    """The stand-ins in `source` become classes of `slicer`, and those that are widgets known to .ui files."""
    from .pythonqt import ui_loader
    from .pythonqt.stand_in import StandIn

    own = [value for value in vars(source).values() if getattr(value, "__module__", "") == source.__name__]
    classes = [value for value in own if isinstance(value, type)]
    for class_ in classes:
        setattr(slicer_package, class_.__name__, class_)
    ui_loader.register(*(class_ for class_ in classes if issubclass(class_, StandIn)))


def _extend_package(slicer_package: ModuleType) -> None:
    """Slicer's Python files come from its own sources where these are given, else from the rig."""
    slicer_package.__path__.append(str(Path(__file__).parent / "slicer_python"))
    source = os.environ.get(SLICER_SOURCE_VARIABLE)
    if source:
        slicer_package.__path__.insert(0, str(Path(source) / "slicer"))
        sys.modules.pop("slicer.util", None)
        slicer_package.util = importlib.import_module("slicer.util")
