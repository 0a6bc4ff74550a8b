"""Progress and cancelling: one small protocol, passed down and never a global."""

from typing import Protocol


class Progress(Protocol):
    """Told after every small piece of work; may raise `errors.Cancelled` to stop the work."""

    def report(self, done: int, total: int, text: str) -> None:
        """`done` of `total` pieces of the step that `text` names are finished."""


class SilentProgress:
    """Reports to nobody."""

    def report(self, done: int, total: int, text: str) -> None:
        """Do nothing."""
