"""Errors that a user can mend: one sentence that says what was wrong with what, and what to do.

What nobody foresaw is told in one line too (`fault`), and its traceback lies in a file.
"""

import errno
import os
import tempfile
import traceback
from contextlib import suppress

from .sentences import Sentence, printable, say


class UserError(Exception):
    """A mistake in the input, told in one line. The two ends (command line, panel) tell it in the reader's language.

    Nothing between raises it again or swallows it. The command line exits with code 2.
    """

    def __init__(self, source: str, /, **values: object) -> None:
        """The sentence as `say` makes it, or one that is made already."""
        made = isinstance(source, Sentence) and not values
        super().__init__(source if made else say(printable(source), **values))

    def __str__(self) -> str:
        """The sentence in one line; what cannot be printed, of a name or a damaged file, as its code."""
        return self.args[0]


class NotFoundError(UserError):
    """The network found no DLPFC in the scan; no mask is made up. The command line exits with 3."""


class Cancelled(Exception):
    """The user asked a running step to stop. Raised by `Progress.report`, caught at the two ends."""


class UnlabelledError(UserError):
    """The labels of a scan do not hold the region; those of others in a dataset may."""


class NoScalpError(UserError):
    """The scan shows no scalp (skull stripped, cut off); scalp landmarks cannot be placed on it."""


def fault(doing: str, error: BaseException) -> Sentence:
    """The line for an error that nobody foresaw, met while `doing` something; where memory is short, that.

    The traceback is kept in a file of its own in the system's temporary folder, which only its owner may read.
    """
    if is_out_of_memory(error):
        return say("{doing}: there is not enough memory; close other programs, or give it more.", doing=doing)
    words = ": ".join(filter(None, (type(error).__name__, in_one_line(error))))
    place = _keep_traceback(doing, error)
    told = say("the log is {place}", place=place) if place else say("the log could not be written")
    return say(
        "{doing}: stopped by a fault of this program ({words}); {told}, please report it.",
        doing=doing,
        words=words,
        told=told,
    )


def in_one_line(error: BaseException) -> str:
    """An error's own words without line ends."""
    return " ".join(str(error).split())


_NO_MEMORY = (
    "can't allocate memory",
    "cannot allocate memory",
    "bad_alloc",
    "failed to allocate",
    "failed to map segment",
)
"""How libraries say it that raise errors of their own."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, by whatever class of error a library says so, or what it was raised from."""
    while True:
        if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
            return True
        if isinstance(error, OSError) and error.errno == errno.ENOMEM:
            return True
        if any(words in str(error).lower() for words in _NO_MEMORY):
            return True
        if error.__cause__ is None:
            return False
        error = error.__cause__


def _keep_traceback(doing: str, error: BaseException) -> str:
    with suppress(OSError):
        number, path = tempfile.mkstemp(prefix="dlpfc-error-", suffix=".log")
        with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{doing}\n\n{''.join(traceback.format_exception(error))}")
        return path
    return ""
