"""Exceptions that nobody above a slot can catch: printed, as PythonQt does, and kept for the test."""

from __future__ import annotations

import sys
import threading
import traceback
from dataclasses import dataclass


@dataclass(frozen=True)
class SlotError:
    """One exception that ended in an event loop, a VTK observer or a thread."""

    exception: BaseException
    text: str

    def __str__(self) -> str:
        return self.text


_collected: list[SlotError] = []


def collected() -> list[SlotError]:
    """The errors since the last `clear()`, oldest first."""
    return list(_collected)


def clear() -> None:
    """Forgets the errors collected so far."""
    _collected.clear()


def report(exception: BaseException) -> None:
    """Prints `exception` with its traceback and keeps it."""
    text = "".join(traceback.format_exception(exception))
    print(text, file=sys.stderr)
    _collected.append(SlotError(exception, text))


def catch_unhandled() -> None:
    """VTK observers, Qt virtual methods and threads end in these hooks: they count as slots."""
    sys.excepthook = lambda kind, value, trace: report(value or kind())
    threading.excepthook = lambda arguments: report(arguments.exc_value or arguments.exc_type())
