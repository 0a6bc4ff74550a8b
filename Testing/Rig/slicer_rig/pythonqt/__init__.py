"""PySide6 made to behave as PythonQt does inside Slicer: the modules `qt` and `ctk`.

`install()` has to run before anything imports `qt`. What is imitated is what was measured on the
real PythonQt: properties are attributes, `connect` takes a signature as text, an unknown attribute
of a C++ object is refused, an exception in a slot is printed and the program goes on.
"""

from __future__ import annotations

import ctypes
import sys

from . import ctk_module, qt_module


def install() -> None:
    """Puts `qt` and `ctk` where `import` finds them."""
    _keep_constants_alive()
    sys.modules.setdefault("qt", qt_module.build())
    sys.modules.setdefault("ctk", ctk_module.build())


def _keep_constants_alive() -> None:
    """Before Python 3.12 None and the truth values can die, and PySide6 6.12.0 drops references too many of them."""
    if sys.version_info < (3, 12):
        for constant in (None, True, False):
            ctypes.c_ssize_t.from_address(id(constant)).value += 1 << 40
