"""Something done later: in the next turn of the event loop, or when a drag has come to rest."""

from collections.abc import Callable

import qt


def later(act: Callable[[], None]) -> None:
    """Call `act` in the next turn of the event loop, and keep nothing of it.

    Slicer's own `qt.QTimer.singleShot` never deletes its timer: what the callable holds, a scan of 34 MB or a node,
    would stay in memory until Slicer quits.
    """
    timer = qt.QTimer()

    def fire() -> None:
        timer.disconnect("timeout()", fire)
        timer.deleteLater()
        act()

    timer.setSingleShot(True)
    timer.connect("timeout()", fire)
    timer.start(0)


class Debounce:
    """Calls `act` when `start` has not been called again for a while.

    pause_ms  how long a drag must rest
    """

    def __init__(self, pause_ms: int, act: Callable[[], None]) -> None:
        self._act = act
        self._fired = self._fire  # one object, by which it is disconnected
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(pause_ms)

    def start(self) -> None:
        """There was a change."""
        self.stop()
        self._timer.connect("timeout()", self._fired)
        self._timer.start()

    def stop(self) -> None:
        """Nothing is to be done any more: what would be called is let go of."""
        self._timer.stop()
        self._timer.disconnect("timeout()", self._fired)

    def _fire(self) -> None:
        self.stop()
        self._act()


class Ticker:
    """Calls `act` again and again, from `start` to `stop`.

    every_ms  how often, as far as the event loop is free
    """

    def __init__(self, every_ms: int, act: Callable[[], None]) -> None:
        self._act = act
        self._fired = self._fire  # one object, by which it is disconnected
        self._timer = qt.QTimer()
        self._timer.setInterval(every_ms)

    def start(self) -> None:
        """Begin, or go on."""
        if not self._timer.active:
            self._timer.connect("timeout()", self._act)
            self._timer.start()

    def stop(self) -> None:
        """No more calls: what would be called is let go of."""
        if self._timer.active:
            self._timer.stop()
            self._timer.disconnect("timeout()", self._fired)

    def _fire(self) -> None:
        self.stop()
        self._act()
