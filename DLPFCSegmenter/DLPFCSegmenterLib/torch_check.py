"""Do torch and torchvision fit together? Asked before any work, with a real operator; and torchvision without delay.

The two are often found in builds that do not match; then torchvision imports, and fails at the first
box operation with "operator torchvision::nms does not exist". Mask R-CNN lives on that operator.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from .errors import UserError
from .sentences import say

REPAIR = say(
    "Install a matching pair: in Slicer open the module 'PyTorch Util', uninstall PyTorch, restart "
    "Slicer and install it again; elsewhere run 'pip install --force-reinstall torch torchvision'"
)


def check_torchvision() -> None:
    """Run `torchvision.ops.nms` on two boxes. Raises UserError with the way to repair it."""
    try:
        kept = _nms_of_two_boxes()
    except ModuleNotFoundError as error:
        raise UserError(
            "The Python package {name} is not installed. {repair}.", name=error.name, repair=REPAIR
        ) from error
    except (ImportError, RuntimeError, AttributeError, OSError) as error:
        raise UserError(
            "torch and torchvision do not fit together ({first_line}). {repair}.",
            first_line=_first_line(error),
            repair=REPAIR,
        ) from error
    if kept != [0]:
        raise UserError(
            "torchvision computes a wrong result (nms kept {kept}, not [0]). {repair}.", kept=kept, repair=REPAIR
        )


_COMPILER = "torch._dynamo.utils"
_ASKED_LATE = "is_compile_supported"


def import_torchvision() -> ModuleType:
    """torchvision, without PyTorch's compiler, which takes longer to import than all the rest of both.

    `torchvision.ops` takes one function from the compiler, which it calls only where it compiles. While it is
    imported a stand-in gives it that function, which imports the compiler when it is called; whatever else is asked
    of the stand-in comes from the real compiler at once, so that another torchvision is slower at worst.
    """
    import torch  # noqa: F401 - first: what it imports of its compiler itself is none of our business

    if "torchvision" in sys.modules or _COMPILER in sys.modules:
        return import_module("torchvision")
    stand_in = sys.modules[_COMPILER] = _CompilerWhenCalled(_COMPILER)
    try:
        return import_module("torchvision")
    finally:
        if sys.modules.get(_COMPILER) is stand_in:
            del sys.modules[_COMPILER]


class _CompilerWhenCalled(ModuleType):
    """Stands for the compiler's module as long as nothing of it but `_ASKED_LATE` is wanted."""

    def __getattr__(self, name: str) -> Any:
        if name == _ASKED_LATE:
            return lambda *arguments, **named: getattr(self._real(), name)(*arguments, **named)
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._real(), name)

    def _real(self) -> ModuleType:
        if sys.modules.get(_COMPILER) is self:
            del sys.modules[_COMPILER]
        return import_module(_COMPILER)


def _nms_of_two_boxes() -> list[int]:
    """Indices kept of two boxes that overlap nearly fully: the first alone."""
    import torch

    torchvision = import_torchvision()
    boxes = torch.tensor([[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 9.0]])
    return torchvision.ops.nms(boxes, torch.tensor([0.9, 0.8]), 0.5).tolist()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
