"""How the commands tell that long work goes on."""

import sys


class TerminalProgress:
    """One line on the terminal that is written over; nothing where the output is not a terminal."""

    def report(self, done: int, total: int, text: str) -> None:
        """Show `done` of `total` (a `Progress`)."""
        if sys.stderr.isatty():
            print(f"\r{text} {done}/{total}  ", end="\n" if done == total else "", file=sys.stderr, flush=True)


class LogProgress:
    """One line every `every` reports, for long runs whose output goes to a file."""

    def __init__(self, every: int) -> None:
        self._every = every

    def report(self, done: int, total: int, text: str) -> None:
        """Print the first, the last and every so-manieth report (a `Progress`)."""
        if done == total or done % self._every == 1 % self._every:
            print(f"{done}/{total} {text}", flush=True)
