"""The module `ctk`: small stand-ins for the widgets of the Common Toolkit, with CTK's interface."""

from __future__ import annotations

from types import ModuleType

from . import ctk_containers, ctk_values, ui_loader
from .stand_in import StandIn


def build() -> ModuleType:
    """Collects the stand-ins in a module named `ctk`, and makes them known to `QUiLoader`."""
    module = ModuleType("ctk", __doc__)
    for source in (ctk_containers, ctk_values):
        widgets = [value for value in vars(source).values() if _is_stand_in(value)]
        module.__dict__.update({widget.__name__: widget for widget in widgets})
        ui_loader.register(*widgets)
    return module


def _is_stand_in(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, StandIn) and value.__name__.startswith("ctk")
