"""The log: what was asked of a project, by whom and why, whether or not it changed anything."""

from typing import NamedTuple


class LogEntry(NamedTuple):
    """A command that ran: when (seconds since 1970), who asked, the line, and where the project stood afterwards.

    step    the step it stood on; None where an older program did not say
    cause   what led to it, the first reason first; empty where it was simply asked for
    error   why it failed, in one line; empty when it did not
    uses    what of the user's library came into the project by it, each as `kind:name:version`
    """

    at: float
    author: str
    line: str
    step: int | None = None
    cause: tuple[str, ...] = ()
    error: str = ""
    uses: tuple[str, ...] = ()
