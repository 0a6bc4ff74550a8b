"""Errors that a user can mend: one sentence that says what was wrong with what, and what to do."""


class UserError(Exception):
    """A mistake in the input, told in one line. The two ends (command line, panel) show it as it is.

    Nothing between raises it again or swallows it. The command line exits with code 2.
    """


class NotFoundError(UserError):
    """The network found no DLPFC in the scan; no mask is made up. The command line exits with 3."""


class Cancelled(Exception):
    """The user asked a running step to stop. Raised by `Progress.report`, caught at the two ends."""


class NoScalpError(UserError):
    """The scan shows no scalp (skull stripped, cut off); scalp landmarks cannot be placed on it."""
