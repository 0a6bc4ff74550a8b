"""Progress and cancelling: one small protocol, passed down and never a global, and those who listen to it."""

import sys
import time
from collections.abc import Callable
from typing import Protocol

from .sentences import tell, tr


class Progress(Protocol):
    """Told after every small piece of work; may raise `errors.Cancelled` to stop the work."""

    def report(self, done: int, total: int, text: str) -> None:
        """`done` of `total` pieces of the step that `text` names are finished."""


class SilentProgress:
    """Reports to nobody."""

    def report(self, done: int, total: int, text: str) -> None:
        """Do nothing."""


SILENT = SilentProgress()


class TerminalProgress:
    """One line on the terminal that is written over; nothing where the output is not a terminal."""

    def report(self, done: int, total: int, text: str) -> None:
        """Show `done` of `total`."""
        if sys.stderr.isatty():
            print(f"\r{tell(text)} {done}/{total}  ", end="\n" if done == total else "", file=sys.stderr, flush=True)


class LogProgress:
    """One line every `every` reports, for long runs whose output goes to a file: the time, how far, how long it takes.

    What is reported as the one piece of a step of one is news, and said without them.
    """

    def __init__(self, every: int, now: Callable[[], float] = time.time) -> None:
        self._every, self._now = every, now
        self._first = (0, 0, 0.0)

    def report(self, done: int, total: int, text: str) -> None:
        """Print the first, the last and every so-manieth report."""
        now = self._now()
        clock = time.strftime("%H:%M:%S", time.localtime(now))
        if total == 1:
            print(f"{clock} {tell(text)}", flush=True)
            return
        if self._first[0] != total or done <= self._first[1]:
            self._first = (total, done, now)
        if done == total or done % self._every == 1 % self._every:
            print(f"{clock} {done}/{total} {tell(text)}{self._left(done, total, now)}", flush=True)

    def _left(self, done: int, total: int, now: float) -> str:
        """How long the rest takes at the pace of now; nothing at the first piece and the last."""
        _, first, began = self._first
        if done in (first, total):
            return ""
        minutes = (now - began) / (done - first) * (total - done) / 60
        return ", " + tr("{minutes:.0f} min left", minutes=minutes)
