"""The module `qt`: the classes of QtCore, QtGui, QtWidgets and friends in one namespace."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from PySide6 import QtCore, QtGui, QtNetwork, QtSvg, QtWidgets, QtXml

from . import errors, properties, signals, ui_loader

_SOURCES = (QtXml, QtSvg, QtNetwork, QtWidgets, QtGui, QtCore)
_NOT_IN_PYTHONQT = {"Signal", "Slot", "Property", "SignalInstance", "QEnum", "QFlag", "ClassInfo"}


def build() -> ModuleType:
    """Patches PySide6's classes once and collects them in a module named `qt`."""
    module = ModuleType("qt", __doc__)
    for source in _SOURCES:
        # PySide makes its classes when they are first asked for: `vars()` does not have them yet.
        names = [name for name in dir(source) if not name.startswith("_") and name not in _NOT_IN_PYTHONQT]
        module.__dict__.update({name: getattr(source, name) for name in names})
    for qt_class in _object_classes(module):
        properties.show_as_attributes(qt_class)
        properties.refuse_unknown_attributes(qt_class)
        signals.replace_signals(qt_class)
    QtCore.QObject.__getattr__ = properties.read_dynamic_property
    QtCore.QObject.className = lambda self: self.metaObject().className()
    _patch_details()
    errors.catch_unhandled()
    module.QUiLoader = ui_loader.UiLoader
    return module


def _object_classes(module: ModuleType) -> list[type]:
    """Every QObject class in `module`, base classes first."""
    found = {value for value in vars(module).values() if _is_object_class(value)}
    return sorted(found, key=lambda kind: len(kind.__mro__))


def _is_object_class(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, QtCore.QObject)


def _patch_details() -> None:
    QtCore.QTimer.singleShot = _SingleShot()
    for dialog in (QtWidgets.QDialog, QtWidgets.QMenu, QtCore.QEventLoop, QtCore.QCoreApplication):
        dialog.exec_ = dialog.exec
    for name in ("getOpenFileName", "getOpenFileNames", "getSaveFileName"):
        setattr(QtWidgets.QFileDialog, name, staticmethod(_first_of_answer(getattr(QtWidgets.QFileDialog, name))))


def _first_of_answer(question: Callable[..., tuple[Any, str]]) -> Callable[..., Any]:
    """PythonQt's file dialogs give the path alone, PySide's the chosen filter as well."""
    return lambda *arguments, **keywords: question(*arguments, **keywords)[0]


class _SingleShot:
    """`qt.QTimer.singleShot(ms, f)` as Slicer's `slicerqt.py` puts it in place of Qt's own, property and function.

    Each call makes a timer of the module manager's that nobody deletes: what it is to call lives until Slicer quits.
    """

    def __get__(self, timer: QtCore.QTimer | None, owner: type) -> Callable[..., None]:
        return _single_shot

    def __set__(self, timer: QtCore.QTimer, value: Any) -> None:
        raise AttributeError("singleShot is the function of this name; call setSingleShot")


def _single_shot(milliseconds: int, slot: Callable[[], Any]) -> None:
    import slicer

    timer = QtCore.QTimer(slicer.app.moduleManager())
    timer.setSingleShot(True)
    timer.connect("timeout()", slot)
    timer.start(int(milliseconds))
