"""The class decorator `parameterNodeWrapper`."""

from __future__ import annotations

import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import qt
import slicer
import vtk

from .codecs import Codec, Default, create_codec, split_annotations
from .connectors import GuiConnector, createGuiConnector

SlicerParameterNamePropertyName = "SlicerParameterName"


@dataclass(frozen=True)
class Parameter:
    """A typed member of a wrapper class."""

    datatype: Any
    codec: Codec
    default: Default


@dataclass(frozen=True)
class _GuiConnection:
    connectors: dict[str, GuiConnector]


def parameterNodeWrapper(class_: type | None = None) -> Any:
    """Turns the annotated members of a class into properties that live in a parameter node."""
    return _wrap if class_ is None else _wrap(class_)


def isParameterNodeWrapper(class_or_object: Any) -> bool:
    return hasattr(class_or_object, "allParameters")


def findChildWidgetForParameter(widget: Any, parameter: str) -> Any:
    """The widget below `widget` that names `parameter`, or None."""
    children = widget.findChildren(qt.QWidget)
    return next((child for child in children if child.property(SlicerParameterNamePropertyName) == parameter), None)


def _wrap(class_: type) -> type:
    parameters = {
        name: _parameter(class_, name, hint)
        for name, hint in typing.get_type_hints(class_, include_extras=True).items()
    }
    for name in parameters:
        setattr(class_, name, _member(name))
    reserved = [name for name in vars(_Methods) if not name.startswith("__") and hasattr(class_, name)]
    if reserved:
        raise ValueError(f"Cannot use reserved name '{reserved[0]}' in a parameterNodeWrapper")
    class_.allParameters = parameters
    class_.__init__ = _Methods.__init__
    for name, method in vars(_Methods).items():
        if not name.startswith("__"):
            setattr(class_, name, method)
    return class_


def _parameter(class_: type, name: str, hint: Any) -> Parameter:
    codec = create_codec(hint)
    given = [item for item in split_annotations(hint)[1] if isinstance(item, Default)]
    if hasattr(class_, name):
        default = Default(getattr(class_, name))
    else:
        default = given[0] if given else Default(codec.default)
    return Parameter(hint, codec, default)


def _member(name: str) -> property:
    return property(lambda self: self.getValue(name), lambda self, value: self.setValue(name, value))


class _Methods:
    """What a wrapper class gets: the names are those of Slicer's own wrapper."""

    def __init__(self, parameterNode: slicer.vtkMRMLScriptedModuleNode) -> None:
        self.parameterNode = parameterNode
        self._guiConnections: dict[int, _GuiConnection] = {}
        self._nextGuiTag = 0
        self._updatingGui = False
        for name, parameter in self.allParameters.items():
            if not parameter.codec.is_in(parameterNode, name):
                parameter.codec.write(parameterNode, name, parameter.default.value)

    # values
    def _parameterNamed(self, name: str) -> Parameter:
        if name not in self.allParameters:
            raise ValueError(
                f"Cannot find a param with the given name: {name}; there are {', '.join(self.allParameters)}"
            )
        return self.allParameters[name]

    def getValue(self, name: str) -> Any:
        return self._parameterNamed(name).codec.read(self.parameterNode, name)

    def setValue(self, name: str, value: Any) -> None:
        self._parameterNamed(name).codec.write(self.parameterNode, name, value)

    def default(self, name: str) -> Default:
        return self._parameterNamed(name).default

    @classmethod
    def dataType(cls, name: str) -> Any:
        if name not in cls.allParameters:
            raise ValueError(f"Cannot find a param with the given name: {name}")
        return cls.allParameters[name].datatype

    # the panel
    def connectGui(self, gui: Any) -> int:
        """Binds the widgets of `gui` that name a parameter; gives a tag for `disconnectGui`."""
        widgets = gui.findChildren(qt.QWidget) if hasattr(gui, "findChildren") else vars(gui).values()
        named = {widget.property(SlicerParameterNamePropertyName): widget for widget in widgets}
        return self.connectParametersToGui({name: widget for name, widget in named.items() if name})

    def connectParametersToGui(self, mapping: dict[str, Any]) -> int:
        connectors = {name: self._connector(name, widget) for name, widget in mapping.items()}
        for name, connector in connectors.items():
            connector.write(self.getValue(name))
            connector.onChanged(self._guiCallback(name, connector))
        tag, self._nextGuiTag = self._nextGuiTag, self._nextGuiTag + 1
        self.AddObserver(vtk.vtkCommand.ModifiedEvent, lambda caller, event: self._updateGui())
        self._guiConnections[tag] = _GuiConnection(connectors)
        return tag

    def _connector(self, name: str, widget: Any) -> GuiConnector:
        datatype = self._parameterNamed(name).datatype
        return widget if isinstance(widget, GuiConnector) else createGuiConnector(widget, datatype)

    def _guiCallback(self, name: str, connector: GuiConnector) -> Callable[[], None]:
        def callback() -> None:
            if not self._updatingGui:
                with slicer.util.NodeModify(self):
                    self.setValue(name, connector.read())

        return callback

    def _updateGui(self) -> None:
        if self._updatingGui:
            return
        self._updatingGui = True
        try:
            for connection in self._guiConnections.values():
                for name, connector in connection.connectors.items():
                    connector.write(self.getValue(name))
        finally:
            self._updatingGui = False

    def disconnectGui(self, tag: int | None) -> None:
        connection = self._guiConnections.pop(tag, None)
        if connection is None:
            return
        for connector in connection.connectors.values():
            connector.onChanged(None)
        # Slicer 5.10 leaves the observer that `connectGui` added; 5.12 removes it

    # the node
    def StartModify(self) -> int:
        return self.parameterNode.StartModify()

    def EndModify(self, wasModifying: int) -> int:
        return self.parameterNode.EndModify(wasModifying)

    def AddObserver(self, event: Any, callback: Callable[..., None], priority: float = 0.0) -> int:
        return self.parameterNode.AddObserver(event, callback, priority)

    def RemoveObserver(self, tag: int) -> None:
        self.parameterNode.RemoveObserver(tag)

    def Modified(self) -> None:
        self.parameterNode.Modified()
