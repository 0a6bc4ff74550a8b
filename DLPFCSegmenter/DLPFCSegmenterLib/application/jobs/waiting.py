"""A run for scripts: start it, turn the event loop, return what it made."""

from collections.abc import Callable

import qt

from ...errors import Cancelled, UserError
from ...plan import Plan
from ..nodes.plan_nodes import SideNodes


class WaitingListener:
    """A `RunListener` that keeps the outcome of one run."""

    def __init__(self) -> None:
        self._loop = qt.QEventLoop()
        self._result: tuple[Plan, list[SideNodes]] | None = None
        self._error: Exception | None = None

    def wait_for(self, start: Callable, *arguments) -> tuple[Plan, list[SideNodes]]:
        """Call `start(*arguments, self)` and wait for its end. Raises UserError or Cancelled."""
        run = start(*arguments, self)
        try:
            if self._result is None and self._error is None:
                self._loop.exec_()
        finally:
            run.abandon()
        if self._error is not None:
            raise self._error
        return self._result

    def on_device(self, device: str) -> None:
        """Scripts chose the device themselves."""

    def on_progress(self, done: int, total: int, text: str) -> None:
        """Scripts see no progress."""

    def on_done(self, plan: Plan, sides: list[SideNodes]) -> None:
        """Keep what was made."""
        self._result = (plan, sides)
        self._loop.quit()

    def on_cancelled(self, reason: str) -> None:
        """Only a volume that was removed cancels a script's run."""
        self._error = Cancelled(reason)
        self._loop.quit()

    def on_failed(self, sentence: str) -> None:
        """Keep the reason."""
        self._error = UserError(sentence)
        self._loop.quit()
