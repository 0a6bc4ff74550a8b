"""The stand-in application as a test uses it: start, events, closing the scene, errors in slots."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from . import startup
from .pythonqt import errors

if TYPE_CHECKING:
    import slicer

DEFERRED_DELETE = 52
"""`QEvent::DeferredDelete`, which only a running event loop sees to by itself."""

_started = False


def boot() -> slicer.vtkMRMLScene:
    """Starts the stand-in application once; gives its scene. Later calls only give the scene."""
    global _started
    if not _started:
        _started = True
        startup.start()
    import slicer

    return slicer.mrmlScene


def close_scene() -> None:
    """Closes the scene as File > Close Scene does: singletons such as the slice views stay."""
    import slicer

    slicer.mrmlScene.Clear(0)


def drain_events(timeout_s: float = 0.0, until: Callable[[], bool] | None = None) -> bool:
    """Turns the event loop once, or until `until()` holds or `timeout_s` is over; whether it held."""
    import slicer

    deadline = time.monotonic() + timeout_s
    while True:
        slicer.app.processEvents()
        delete_what_is_due()
        if until is not None and until():
            return True
        if time.monotonic() >= deadline:
            return until is None
        time.sleep(0.005)


def delete_what_is_due() -> None:
    """Deletes what `deleteLater` was called for, as the application's event loop does before its next event."""
    import slicer

    slicer.app.sendPostedEvents(None, DEFERRED_DELETE)


def slot_errors() -> list[errors.SlotError]:
    """Exceptions in slots, observers and threads since the last call; each was also printed when it came."""
    found = errors.collected()
    errors.clear()
    return found
