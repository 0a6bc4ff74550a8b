"""Qt properties as attributes: `button.text`, `button.checked = True`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any

from PySide6.QtCore import Property, QMetaProperty, QObject
from shiboken6 import Shiboken

_PLAIN_TYPES = {
    "bool": bool,
    "int": int,
    "double": float,
    "QString": lambda value: "" if value is None else value,
}

_SET_PLAINLY = Shiboken.Object.__setattr__


class QtPropertyAttribute:
    """Reads and writes one Qt property; asked of the class it is PySide's own method or signal."""

    def __init__(self, name: str, property_: QMetaProperty, class_attribute: Any) -> None:
        self.name = name
        self.writable = property_.isWritable()
        self.plain_type = _PLAIN_TYPES.get(property_.typeName())
        self.class_attribute = class_attribute

    def __get__(self, instance: QObject | None, owner: type | None = None) -> Any:
        if instance is None:
            return self.class_attribute
        if self.plain_type or not callable(self.class_attribute):
            return QObject.property(instance, self.name)
        return self.class_attribute(instance)

    def __set__(self, instance: QObject, value: Any) -> None:
        if not self.writable:
            raise AttributeError(f"Property '{self.name}' of type '{type(instance).__name__}' is not writable")
        if self.plain_type:
            value = self.plain_type(value)
        setter = getattr(instance, f"set{self.name[0].upper()}{self.name[1:]}", None)
        if setter is None:
            instance.setProperty(self.name, value)
        else:
            setter(value)


def _shadowed_or_own_properties(qt_class: type) -> Iterator[QMetaProperty]:
    """What `qt_class` declares, and what it inherits but hides behind a method of its own."""
    meta_object = qt_class.staticMetaObject
    for index in range(meta_object.propertyCount()):
        property_ = meta_object.property(index)
        if index >= meta_object.propertyOffset() or property_.name() in vars(qt_class):
            yield property_


def show_as_attributes(qt_class: type) -> None:
    """Makes the Qt properties of `qt_class` into attributes; its base classes come first."""
    for property_ in _shadowed_or_own_properties(qt_class):
        name = property_.name()
        attribute = QtPropertyAttribute(name, property_, getattr(qt_class, name, None))
        setattr(qt_class, name, attribute)
        if name == "objectName":
            qt_class.name = attribute


def is_settable(instance: QObject, name: str) -> bool:
    """PythonQt refuses new attributes on a C++ object; a class written in Python may have any."""
    kind = type(instance)
    if hasattr(kind, name):
        return True
    if getattr(kind, "STANDS_IN_FOR_CPP", False):
        return name.startswith("_")
    return not kind.__module__.startswith("PySide6")


def refuse_unknown_attributes(qt_class: type) -> None:
    """Setting an attribute that `qt_class` lacks sets the dynamic property of that name or raises."""

    def __setattr__(self: QObject, name: str, value: Any) -> None:
        declared = _declared_property(type(self), name)
        if declared is not None:
            declared.fset(self, value)
        elif is_settable(self, name):
            _SET_PLAINLY(self, name, value)
        elif name in _dynamic_names(self):
            self.setProperty(name, value)
        elif not _is_child_named_by_pyside(name, value):
            raise AttributeError(f"Attribute '{name}' is not known on objects of type '{type(self).__name__}'")

    qt_class.__setattr__ = __setattr__


@cache  # a panel sets a thousand attributes while it is built
def _declared_property(kind: type, name: str) -> Property | None:
    """The property that a class written in Python declares under a name."""
    declared = inspect.getattr_static(kind, name, None)
    return declared if isinstance(declared, Property) else None


def _is_child_named_by_pyside(name: str, value: Any) -> bool:
    """PySide's QUiLoader makes each child an attribute of the root, unlike PythonQt's: left undone."""
    return isinstance(value, QObject) and value.objectName == name


def _dynamic_names(instance: QObject) -> list[str]:
    return [bytes(name.data()).decode() for name in instance.dynamicPropertyNames()]


def read_dynamic_property(self: QObject, name: str) -> Any:
    """`QObject.__getattr__`: what no class knows may be a dynamic property of this object."""
    if not name.startswith("__"):
        value = QObject.property(self, name)
        if value is not None:
            return value
    raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
