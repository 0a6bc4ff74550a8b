"""What every widget that stands in for a C++ widget of CTK or Slicer has in common."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property
from PySide6.QtWidgets import QSizePolicy, QWidget


class StandIn:
    """Marks a Python class as a stand-in for a C++ one: its public attributes are only those declared.

    `SLICER_SIGNALS` maps a signature as Slicer has it to the Python signal that plays it, where the
    signature holds a type that Qt does not know.
    """

    STANDS_IN_FOR_CPP = True
    SLICER_SIGNALS: dict[str, str] = {}


def remembered(kind: type | str, name: str, default: Any) -> Property:
    """A Qt property that is kept and given back, without further effect."""

    def read(self: QWidget) -> Any:
        return self.__dict__.get(f"_{name}", default)

    def write(self: QWidget, value: Any) -> None:
        self.__dict__[f"_{name}"] = value

    return Property(kind, read, write)


def of_child(kind: type | str, child: str, name: str) -> Property:
    """A Qt property that is that of a widget inside, such as the slider's value of a slider widget."""

    def read(self: QWidget) -> Any:
        return getattr(getattr(self, child), name)

    def write(self: QWidget, value: Any) -> None:
        setattr(getattr(self, child), name, value)

    return Property(kind, read, write)


def fill(widget: QWidget, layout: Any, *children: QWidget) -> None:
    """Puts `children` into `layout` without margins, and lets `widget` be as high as they are."""
    layout.setContentsMargins(0, 0, 0, 0)
    for child in children:
        layout.addWidget(child)
    widget.setLayout(layout)
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
