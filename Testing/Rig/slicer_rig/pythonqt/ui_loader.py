"""`qt.QUiLoader`: a Qt Designer file with Slicer's and CTK's own widgets in it."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from functools import cache

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import QWidget

from .ctk_containers import Collapsible

# class name in the .ui file -> the class that stands in for it; filled by `register`
_custom_widgets: dict[str, type[QWidget]] = {}


def register(*widget_classes: type[QWidget]) -> None:
    """Makes the loader build these classes where a file names them."""
    _custom_widgets.update({widget_class.__name__: widget_class for widget_class in widget_classes})


class UiLoader(QUiLoader):
    """Builds custom widgets, and makes the connections that carry MRML types by hand."""

    def createWidget(self, class_name: str, parent: QWidget | None = None, name: str = "") -> QWidget:
        if class_name not in _custom_widgets:
            if class_name not in self.availableWidgets():
                self._unknown.append(class_name)
            return super().createWidget(class_name, parent, name)
        widget = _custom_widgets[class_name](parent)
        widget.setObjectName(name)
        # Keeps the Python half of the widget alive as long as the C++ half.
        widget._kept_alive = widget
        return widget

    def load(self, device: QIODevice, parent: QWidget | None = None) -> QWidget:
        self._unknown: list[str] = []
        document, mrml_connections = _without_mrml_connections(bytes(device.readAll().data()))
        buffer = QBuffer()
        buffer.setData(document)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        root = super().load(buffer, parent)
        if self._unknown:
            raise RuntimeError(f"The rig has no stand-in for the widget class {', '.join(self._unknown)}")
        for sender, signal, receiver, slot in mrml_connections:
            _named(root, sender).connect(signal, _named(root, receiver), slot)
        for section in root.findChildren(Collapsible):
            section.updateContents()
        return root


@cache  # the same file for each panel of a session
def _without_mrml_connections(written: bytes) -> tuple[bytes, list[tuple[str, str, str, str]]]:
    """A file without the connections of types that Qt does not know, and (sender, signal, receiver, slot) of each."""
    document = ElementTree.fromstring(written)
    connections = document.find("connections")
    taken = []
    for connection in list(connections) if connections is not None else []:
        parts = tuple(connection.findtext(part, "") for part in ("sender", "signal", "receiver", "slot"))
        if "vtk" in parts[1]:
            connections.remove(connection)
            taken.append(parts)
    return ElementTree.tostring(document), taken


def _named(root: QWidget, name: str) -> QWidget:
    widget = root if root.objectName == name else root.findChild(QWidget, name)
    if widget is None:
        raise RuntimeError(f"A connection of the .ui file names '{name}', which is not in it")
    return widget
