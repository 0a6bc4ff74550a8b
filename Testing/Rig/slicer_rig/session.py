"""One run of the stand-in application in this process: starting it, events, closing the scene."""

from __future__ import annotations

import atexit
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .pythonqt import errors

if TYPE_CHECKING:
    import slicer

SLICER_SOURCE_VARIABLE = "DLPFC_SLICER_SOURCE"

_started = False


def boot() -> slicer.vtkMRMLScene:
    """Starts the stand-in application once; gives its scene. Later calls only give the scene."""
    global _started
    if not _started:
        _started = True
        _start()
    import slicer

    return slicer.mrmlScene


def _start() -> None:
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
    from .pythonqt import ui_loader
    from .pythonqt.stand_in import StandIn
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
        classes = [
            value
            for value in vars(source).values()
            if isinstance(value, type) and value.__module__ == source.__name__
        ]
        for class_ in classes:
            setattr(slicer, class_.__name__, class_)
        ui_loader.register(*(class_ for class_ in classes if issubclass(class_, StandIn)))
    parts = scene.create(folder)
    slicer.mrmlScene = parts.scene
    slicer.app._takeScene(parts)
    slicer.modules = module_manager.build_modules(parts.module_logics)
    slicer.moduleNames = set(parts.module_logics)
    sample_data.install()
    slicer.app._mainWindow = main_window.qSlicerMainWindow()  # found by slicer.util.mainWindow()


def _extend_package(slicer_package) -> None:
    """Slicer's Python files come from its own sources where these are given, else from the rig."""
    slicer_package.__path__.append(str(Path(__file__).parent / "slicer_python"))
    source = os.environ.get(SLICER_SOURCE_VARIABLE)
    if source:
        slicer_package.__path__.insert(0, str(Path(source) / "slicer"))
        sys.modules.pop("slicer.util", None)
        import importlib

        slicer_package.util = importlib.import_module("slicer.util")


def close_scene() -> None:
    """Closes the scene as File > Close Scene does: singletons such as the slice views stay."""
    import slicer

    slicer.mrmlScene.Clear(0)


def drain_events(timeout_s: float = 0.0, until: Callable[[], bool] | None = None) -> bool:
    """Turns the event loop once, or until `until()` holds or `timeout_s` is over; whether it held."""
    import slicer

    deadline = time.monotonic() + timeout_s
    while True:
        slicer.app.processEvents()
        if until is not None and until():
            return True
        if time.monotonic() >= deadline:
            return until is None
        time.sleep(0.005)


def slot_errors() -> list[errors.SlotError]:
    """Exceptions in slots, observers and threads since the last call; each was also printed when it came."""
    found = errors.collected()
    errors.clear()
    return found
