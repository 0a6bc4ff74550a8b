"""How a widget shows and changes a parameter of a type."""

from __future__ import annotations

import dataclasses
import enum
import pathlib
import typing
from collections.abc import Callable
from typing import Any

import ctk
import qt
import slicer

from .codecs import is_node_type, split_annotations
from .validators import Choice, Maximum, Minimum, WithinRange


@dataclasses.dataclass
class Decimals:
    """Annotation: how many decimals a widget shows."""

    value: int


@dataclasses.dataclass
class SingleStep:
    """Annotation: by how much one step changes the value."""

    value: float


class GuiConnector:
    """Base class: reads and writes a widget's value and tells when it changed."""

    PROPERTY = ""
    SIGNAL = ""

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return False

    def __init__(self, widget: Any, datatype: Any) -> None:
        self._widget, self._callback = widget, None
        self._kind, self._annotations = split_annotations(datatype)

    @classmethod
    def create(cls, widget: Any, datatype: Any) -> GuiConnector | None:
        return cls(widget, datatype) if cls.canRepresent(widget, datatype) else None

    def onChanged(self, callback: Callable[[], None] | None) -> None:
        if self.SIGNAL and callback is not None:
            getattr(self._widget, self.SIGNAL).connect(self.changed)
        elif self.SIGNAL:
            getattr(self._widget, self.SIGNAL).disconnect(self.changed)
        self._callback = callback

    def changed(self) -> None:
        if self._callback:
            self._callback()

    def widget(self) -> Any:
        return self._widget

    def read(self) -> Any:
        return getattr(self._widget, self.PROPERTY)

    def write(self, value: Any) -> None:
        setattr(self._widget, self.PROPERTY, value)

    def _annotation(self, kind: type) -> Any:
        return next((item for item in self._annotations if isinstance(item, kind)), None)


_connectors: list[type[GuiConnector]] = []


def parameterNodeGuiConnector(connector: type[GuiConnector]) -> type[GuiConnector]:
    """Class decorator: makes a connector known."""
    _connectors.append(connector)
    return connector


def createGuiConnector(widget: Any, datatype: Any) -> GuiConnector:
    """The connector for this kind of widget and this type; RuntimeError if there is none."""
    for connector in _connectors:
        if connector.canRepresent(widget, datatype):
            return connector.create(widget, datatype)
    raise RuntimeError(f"Unable to create GUI connector from datatype '{datatype}' to widget type '{type(widget)}'")


@parameterNodeGuiConnector
class CheckBoxConnector(GuiConnector):
    """bool and a check box."""

    PROPERTY, SIGNAL = "checked", "stateChanged"

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return split_annotations(datatype)[0] is bool and type(widget) in (qt.QCheckBox, ctk.ctkCheckBox)


@parameterNodeGuiConnector
class PushButtonConnector(GuiConnector):
    """bool and a push button, which becomes checkable."""

    PROPERTY, SIGNAL = "checked", "toggled"

    def __init__(self, widget: Any, datatype: Any) -> None:
        super().__init__(widget, datatype)
        widget.checkable = True

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return split_annotations(datatype)[0] is bool and type(widget) in (
            qt.QPushButton,
            ctk.ctkCheckablePushButton,
        )


class NumberConnector(GuiConnector):
    """A number and a widget with a range, which takes over the range of the annotation."""

    PROPERTY, SIGNAL = "value", "valueChanged"
    MUST_BE_BOUNDED: tuple[type, ...] = ()
    UNBOUNDED = (float("-inf"), float("inf"))

    def __init__(self, widget: Any, datatype: Any) -> None:
        super().__init__(widget, datatype)
        step = self._annotation(SingleStep)
        if step is not None:
            widget.singleStep = step.value
        lowest, highest = self._bounds()
        if type(widget) in self.MUST_BE_BOUNDED and (lowest, highest) == (None, None):
            raise RuntimeError(f"Cannot connect a number without a range to a {type(widget).__name__}")
        widget.minimum = self.UNBOUNDED[0] if lowest is None else lowest
        widget.maximum = self.UNBOUNDED[1] if highest is None else highest

    def _bounds(self) -> tuple[Any, Any]:
        within, minimum, maximum = (self._annotation(kind) for kind in (WithinRange, Minimum, Maximum))
        if within is not None:
            return within.minimum, within.maximum
        return (minimum.minimum if minimum else None), (maximum.maximum if maximum else None)


@parameterNodeGuiConnector
class IntegerConnector(NumberConnector):
    """int and a slider or spin box of Qt."""

    MUST_BE_BOUNDED = (qt.QSlider,)
    UNBOUNDED = (-(2**31), 2**31 - 1)

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return split_annotations(datatype)[0] is int and type(widget) in (qt.QSlider, qt.QSpinBox)


_REAL_WIDGETS = (
    qt.QDoubleSpinBox,
    ctk.ctkSliderWidget,
    slicer.qMRMLSliderWidget,
    ctk.ctkDoubleSlider,
    ctk.ctkDoubleSpinBox,
    slicer.qMRMLSpinBox,
)


@parameterNodeGuiConnector
class RealConnector(NumberConnector):
    """float or int and a widget for real numbers."""

    MUST_BE_BOUNDED = (ctk.ctkSliderWidget, slicer.qMRMLSliderWidget)

    def __init__(self, widget: Any, datatype: Any) -> None:
        kind, annotations = split_annotations(datatype)
        decimals = 0 if kind is int else next((item.value for item in annotations if isinstance(item, Decimals)), None)
        if decimals is not None:
            widget.decimals = decimals
        super().__init__(widget, datatype)

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return split_annotations(datatype)[0] in (int, float) and type(widget) in _REAL_WIDGETS

    def read(self) -> float:
        return self._kind(super().read())


class ComboBoxConnector(GuiConnector):
    """One of several values and a combo box, whose entries are made from the values."""

    SIGNAL = "currentIndexChanged"

    def __init__(self, widget: Any, datatype: Any, entries: list[tuple[str, Any]]) -> None:
        super().__init__(widget, datatype)
        self._values = [value for _, value in entries]
        widget.clear()
        for label, _ in entries:
            widget.addItem(label)

    def read(self) -> Any:
        return self._values[self._widget.currentIndex]

    def write(self, value: Any) -> None:
        if value not in self._values:
            raise ValueError(f"Unable to find value {value} in choices {self._values}")
        self._widget.currentIndex = self._values.index(value)


@parameterNodeGuiConnector
class ChoiceConnector(ComboBoxConnector):
    """A text or number with a `Choice` and a combo box."""

    def __init__(self, widget: Any, datatype: Any) -> None:
        choice = next((item for item in split_annotations(datatype)[1] if isinstance(item, Choice)), None)
        if choice is None:
            raise RuntimeError("A combo box can show a text or number only with the Choice annotation")
        super().__init__(widget, datatype, [(str(value), value) for value in choice.choices])

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return type(widget) in (qt.QComboBox, ctk.ctkComboBox) and split_annotations(datatype)[0] in (
            int,
            float,
            str,
            bool,
        )


@parameterNodeGuiConnector
class EnumConnector(ComboBoxConnector):
    """An enumeration and a combo box; `label()` of the enumeration gives the texts."""

    def __init__(self, widget: Any, datatype: Any) -> None:
        kind = split_annotations(datatype)[0]
        label = getattr(kind, "label", lambda value: value.name)
        super().__init__(widget, datatype, [(label(value), value) for value in kind])

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        kind = split_annotations(datatype)[0]
        return (
            type(widget) in (qt.QComboBox, ctk.ctkComboBox) and isinstance(kind, type) and issubclass(kind, enum.Enum)
        )


@parameterNodeGuiConnector
class LineEditConnector(GuiConnector):
    """str and a line edit; the cursor stays where it is when nothing changes."""

    PROPERTY, SIGNAL = "text", "textChanged"

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return type(widget) is qt.QLineEdit and split_annotations(datatype)[0] is str

    def write(self, value: str) -> None:
        if value != self.read():
            super().write(value)


@parameterNodeGuiConnector
class LabelConnector(GuiConnector):
    """str and a label, which only shows it."""

    PROPERTY = "text"

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return type(widget) is qt.QLabel and split_annotations(datatype)[0] is str


@parameterNodeGuiConnector
class TextEditConnector(GuiConnector):
    """str and a text field."""

    PROPERTY, SIGNAL = "plainText", "textChanged"

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return type(widget) is qt.QTextEdit and split_annotations(datatype)[0] is str


class PathConnector(GuiConnector):
    """A path, which the widget holds as a text."""

    WIDGET: type

    @classmethod
    def _represents(cls, widget: Any, datatype: Any) -> bool:
        kind = split_annotations(datatype)[0]
        return type(widget) is cls.WIDGET and isinstance(kind, type) and issubclass(kind, pathlib.PurePath)

    def read(self) -> pathlib.PurePath:
        return self._kind(super().read())

    def write(self, value: pathlib.PurePath) -> None:
        super().write(str(value))


@parameterNodeGuiConnector
class PathLineEditConnector(PathConnector):
    """A path and CTK's line for paths."""

    PROPERTY, SIGNAL, WIDGET = "currentPath", "currentPathChanged", ctk.ctkPathLineEdit

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return PathLineEditConnector._represents(widget, datatype)


@parameterNodeGuiConnector
class DirectoryButtonConnector(PathConnector):
    """A path and CTK's button for folders."""

    PROPERTY, SIGNAL, WIDGET = "directory", "directoryChanged", ctk.ctkDirectoryButton

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return DirectoryButtonConnector._represents(widget, datatype)


def _node_types(datatype: Any) -> list[type]:
    """The node classes of a node type or of a union of them with None; empty for any other type."""
    kind, _ = split_annotations(datatype)
    members = (
        [split_annotations(member)[0] for member in typing.get_args(kind)]
        if typing.get_origin(kind) is typing.Union
        else [kind]
    )
    if not all(is_node_type(member) or member is type(None) for member in members):
        return []
    return [member for member in members if is_node_type(member)]


@parameterNodeGuiConnector
class NodeComboBoxConnector(GuiConnector):
    """A node and a node selector, which offers the node's class."""

    SIGNAL = "currentNodeChanged"

    def __init__(self, widget: Any, datatype: Any) -> None:
        super().__init__(widget, datatype)
        widget.nodeTypes = tuple(node_type().GetClassName() for node_type in _node_types(datatype))

    @staticmethod
    def canRepresent(widget: Any, datatype: Any) -> bool:
        return type(widget) is slicer.qMRMLNodeComboBox and bool(_node_types(datatype))

    def read(self) -> Any:
        return self._widget.currentNode()

    def write(self, value: Any) -> None:
        self._widget.setCurrentNode(value)
