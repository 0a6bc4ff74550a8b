"""Something done once, a moment after the last of many changes."""

from collections.abc import Callable

import qt


class Settling:
    """Calls `act` when `start` has not been called again for a while.

    pause_ms  how long a drag must rest
    """

    def __init__(self, pause_ms: int, act: Callable[[], None]) -> None:
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(pause_ms)
        self._timer.connect("timeout()", act)

    def start(self) -> None:
        """There was a change."""
        self._timer.start()

    def stop(self) -> None:
        """Nothing is to be done any more."""
        self._timer.stop()
