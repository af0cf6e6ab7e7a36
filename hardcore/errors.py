"""What can go wrong, as the user sees it.

UserError      the input cannot be carried out: one line, and a hint with the nearest valid choice
Refused        a UserError of what keeps the project: a step can't be kept, and is taken back
EngineError    the sound engine failed: reported with a cure
JobFailed      a job ended without a result
Anything else that escapes is a bug: it is logged, and one line is shown.
"""

import difflib
from collections.abc import Iterable


class HardcoreError(Exception):
    """Base of the errors that carry a message fit for the user and an optional hint."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def line(self) -> str:
        """Return message and hint as one line, with nothing in it that steers a terminal."""
        whole = f"{self.message} ({self.hint})" if self.hint else self.message
        return "".join(letter if letter.isprintable() else "?" for letter in " ".join(whole.split()))


class UserError(HardcoreError):
    """The input was wrong; nothing has changed."""


class Refused(UserError):
    """What was done can't be kept, however often it is tried; it is taken back."""


class EngineError(HardcoreError):
    """The sound engine could not do its work."""


class JobFailed(HardcoreError):
    """A job ended without a result."""


def in_a_line(error: BaseException) -> str:
    """Return why something ended, as one line: the words of an error, that it was cancelled, or that it was a bug."""
    if isinstance(error, HardcoreError):
        return error.line()
    return f"a bug in hardcore ({type(error).__name__})" if isinstance(error, Exception) else "cancelled"


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return a hint naming the valid choices closest to `word`, or the first few of them."""
    known = list(choices)
    close = difflib.get_close_matches(word.lower(), known, n=3, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    few = ", ".join(known[:8])
    return f"one of: {few}{', …' if len(known) > 8 else ''}" if known else "there are none yet"
