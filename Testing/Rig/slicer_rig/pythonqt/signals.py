"""Signals as PythonQt has them: `w.connect('clicked(bool)', f)` and `w.clicked.connect(f)`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import SIGNAL, QMetaMethod, QMetaObject, QObject, SignalInstance

from . import errors

Slot = Callable[..., Any]

# (address of the C++ object, signature) -> what was connected there: the caller's callable, our adapter
_connections: dict[tuple[int, str], list[tuple[Slot, Slot]]] = {}


def guarded(slot: Slot) -> Slot:
    """`slot` with as many of the arguments as it takes; its exceptions are printed and collected."""
    limit = _argument_limit(slot)

    def call(*arguments: Any) -> None:
        try:
            slot(*arguments[:limit])
        except Exception as exception:  # only the event loop is above
            errors.report(exception)

    return call


def _argument_limit(slot: Slot) -> int | None:
    """How many positional arguments `slot` takes, None for any number."""
    try:
        parameters = inspect.signature(slot).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return None
    return sum(
        parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD) for parameter in parameters
    )


def connect_by_signature(sender: QObject, signature: str, receiver: Slot | QObject, method: str | None = None) -> bool:
    """`sender.connect(signature, f)` or `(signature, object, 'slot()')`; False if it has no such signal."""
    slot = receiver if method is None else getattr(receiver, method.split("(")[0])
    normalized = _normalized(signature)
    if not _has_signal(sender, normalized):
        print(f"'{type(sender).__name__}' has no signal '{signature}'", file=sys.stderr)
        return False
    _connect(sender, normalized, slot)
    return True


def disconnect_by_signature(sender: QObject, signature: str, slot: Slot | None = None) -> bool:
    """Takes back `connect_by_signature`; without `slot` everything connected there from Python."""
    return _disconnect(sender, _normalized(signature), slot)


class BoundSignal:
    """`w.clicked`: can be connected, disconnected, and called or emitted."""

    def __init__(self, sender: QObject, name: str, instance: SignalInstance) -> None:
        self._sender, self._instance = sender, instance
        self._signature = _first_signature(sender, name)

    def connect(self, slot: Slot | BoundSignal) -> bool:
        _connect(self._sender, self._signature, slot)
        return True

    def disconnect(self, slot: Slot | None = None) -> bool:
        return _disconnect(self._sender, self._signature, slot)

    def emit(self, *arguments: Any) -> None:
        self._instance.emit(*arguments)

    __call__ = emit


def _connect(sender: QObject, signature: str, slot: Slot) -> None:
    adapter = guarded(slot)
    key = (_address(sender), signature)
    if key not in _connections:
        QObject.connect(sender, SIGNAL("destroyed()"), lambda: _connections.pop(key, None))
    _connections.setdefault(key, []).append((slot, adapter))
    python_signal = _python_signal(sender, signature)
    if python_signal is None:
        QObject.connect(sender, SIGNAL(signature), adapter)
    else:
        python_signal.connect(adapter)


def _disconnect(sender: QObject, signature: str, slot: Slot | None) -> bool:
    connected = _connections.get((_address(sender), signature), [])
    wanted = [pair for pair in connected if slot is None or pair[0] == slot]
    python_signal = _python_signal(sender, signature)
    for pair in wanted:
        connected.remove(pair)
        if python_signal is None:
            QObject.disconnect(sender, SIGNAL(signature), pair[1])
        else:
            python_signal.disconnect(pair[1])
    return bool(wanted)


def _address(instance: QObject) -> int:
    return shiboken6.getCppPointer(instance)[0]


def _normalized(signature: str) -> str:
    normalized = QMetaObject.normalizedSignature(signature)
    return normalized if isinstance(normalized, str) else bytes(normalized).decode()


def _has_signal(sender: QObject, signature: str) -> bool:
    return sender.metaObject().indexOfSignal(signature) >= 0 or _python_signal(sender, signature) is not None


def _python_signal(sender: QObject, signature: str) -> SignalInstance | None:
    """The signal of a stand-in that carries what Qt has no type for, such as `vtkMRMLNode*`."""
    name = getattr(type(sender), "SLICER_SIGNALS", {}).get(signature)
    return None if name is None else plain_attribute(sender, name)


def _first_signature(sender: QObject, name: str) -> str:
    """The full signature of the signal `name`: C++ lists it before those with defaults left out."""
    for signature, signal in getattr(type(sender), "SLICER_SIGNALS", {}).items():
        if signal == name:
            return signature
    meta_object = sender.metaObject()
    methods = (meta_object.method(index) for index in range(meta_object.methodCount()))
    signals = (method for method in methods if method.methodType() == QMetaMethod.MethodType.Signal)
    return next(
        bytes(signal.methodSignature().data()).decode()
        for signal in signals
        if bytes(signal.name().data()).decode() == name
    )


plain_attribute = QObject.__getattribute__


def replace_signals(qt_class: type) -> None:
    """PythonQt's `connect` and signals instead of PySide's, if `qt_class` looks up attributes by itself."""
    plain = vars(qt_class).get("__getattribute__")
    if plain is None:
        return

    def __getattribute__(self: QObject, name: str) -> Any:
        if name == "connect":
            return lambda *arguments: connect_by_signature(self, *arguments)
        if name == "disconnect":
            return lambda *arguments: disconnect_by_signature(self, *arguments)
        value = plain(self, name)
        return BoundSignal(self, name, value) if isinstance(value, SignalInstance) else value

    qt_class.__getattribute__ = __getattribute__
