"""Progress and cancelling: one small protocol, passed down and never a global, and those who listen to it."""

import sys
from typing import Protocol

from .sentences import tell


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
    """One line every `every` reports, for long runs whose output goes to a file."""

    def __init__(self, every: int) -> None:
        self._every = every

    def report(self, done: int, total: int, text: str) -> None:
        """Print the first, the last and every so-manieth report."""
        if done == total or done % self._every == 1 % self._every:
            print(f"{done}/{total} {tell(text)}", flush=True)
