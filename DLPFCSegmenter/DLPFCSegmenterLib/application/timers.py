"""Something done later: in the next turn of the event loop, or when a drag has come to rest."""

from collections.abc import Callable

import qt

_MOST_S = 0.25
"""A pause that is longer was no picture's."""


def later(act: Callable[[], None]) -> None:
    """Call `act` in the next turn of the event loop, and keep nothing of it.

    Slicer's own `qt.QTimer.singleShot` never deletes its timer: what the callable holds, a scan of 34 MB or a node,
    would stay in memory until Slicer quits.
    """
    timer = qt.QTimer()

    def fire() -> None:
        """Let go of everything, then act."""
        timer.disconnect("timeout()", fire)
        timer.deleteLater()
        act()

    timer.setSingleShot(True)
    timer.connect("timeout()", fire)
    timer.start(0)


class Debounce:
    """Calls `act` when `start` has not been called again for a while.

    pause_ms  how long a drag must rest
    owner     the widget that `act` changes: once it is deleted nothing is called
    """

    def __init__(self, pause_ms: int, act: Callable[[], None], owner: qt.QWidget | None = None) -> None:
        self._act = act
        self._fired = self._fire  # one object, by which it is disconnected
        self._timer = qt.QTimer(owner) if owner else qt.QTimer()
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
        self._timer = qt.QTimer()
        self._timer.setInterval(every_ms)

    def start(self) -> None:
        """Begin, or go on."""
        if not self.is_on:
            self._timer.connect("timeout()", self._act)
            self._timer.start()

    def stop(self) -> None:
        """No more calls: what would be called is let go of."""
        if self.is_on:
            self._timer.stop()
            self._timer.disconnect("timeout()", self._act)

    @property
    def is_on(self) -> bool:
        """Whether it calls."""
        return self._timer.active


class Pace:
    """When a picture may be drawn again, which holds the event loop up, beside numbers that must come often.

    least_s  from one picture to the next
    The longest pause between two turns of the loop since a picture was asked for is what it took: as long again, and
    at least one turn, is left to the numbers.
    """

    def __init__(self, least_s: float) -> None:
        self._least_s = least_s
        self._turned_s = self._asked_s = float("-inf")
        self._took_s = 0.0

    def turn(self, now_s: float, is_fresh: bool = True) -> bool:
        """The loop came round; whether a picture is asked for now, which is never where a number may be waiting."""
        self._took_s = max(self._took_s, min(now_s - self._turned_s, _MOST_S))
        self._turned_s = now_s
        if not is_fresh or now_s - self._asked_s < max(self._least_s, 2.0 * self._took_s):
            return False
        self._asked_s, self._took_s = now_s, 0.0
        return True
