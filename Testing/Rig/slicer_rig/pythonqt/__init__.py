"""PySide6 made to behave as PythonQt does inside Slicer: the modules `qt` and `ctk`.

`install()` has to run before anything imports `qt`. What is imitated is what was measured on the
real PythonQt: properties are attributes, `connect` takes a signature as text, an unknown attribute
of a C++ object is refused, an exception in a slot is printed and the program goes on.
"""

from __future__ import annotations

import sys

from . import ctk_module, qt_module


def install() -> None:
    """Puts `qt` and `ctk` where `import` finds them."""
    sys.modules.setdefault("qt", qt_module.build())
    sys.modules.setdefault("ctk", ctk_module.build())
