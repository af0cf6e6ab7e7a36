"""The log: what was asked of the project, by whom and why."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Listing, Row
from hardcore.commands.core.types import Kind
from hardcore.project.log import LogEntry

Lines = Annotated[int, Field(ge=1, le=20_000), Kind("lines", "how many lines, 1 to 20000")]


class LogRow(Row):
    """A command that ran.

    at      seconds since 1970
    step    the step that it made or went to, else the one where the project stood; null where that is not known
    cause   what led to it, the first reason first; empty where it was simply asked for
    error   why it failed; empty when it did not
    """

    at: float
    author: str
    line: str
    step: int | None
    cause: tuple[str, ...]
    error: str

    def cells(self) -> tuple[object, ...]:
        """Return how it stands in the table."""
        date = datetime.fromtimestamp(self.at, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S") if self.at else ""
        why = " → ".join(self.cause)
        return (date, self.author, self.line, "" if self.step is None else self.step, self.error or "done", why)


class Log(Listing[LogRow]):
    """Commands that ran, the newest last."""

    headings = ("when", "who", "what", "step", "outcome", "because of")


@command("log", "log --last 5", effects=())
async def log(call: Call, *, last: Lines = 20) -> Log:
    """List what was asked of the project, by whom and why, the newest last: commands that may change something.

    A command that failed is there as well; what only looks is not. The log is kept in the project file.
    """
    await call.controller.durable()
    entries = call.controller.log(last)
    rows = tuple(_row(entry) for entry in entries)
    return Log(items=rows, empty="nothing was done yet that changes anything")


def _row(entry: LogEntry) -> LogRow:
    return LogRow(
        at=entry.at, author=entry.author, line=entry.line, step=entry.step, cause=entry.cause, error=entry.error
    )
