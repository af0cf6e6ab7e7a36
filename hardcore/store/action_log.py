"""The action log of a project file: a row a command. Step, cause and error are JSON in `outcome`."""

import json
import sqlite3
from collections.abc import Iterable

from hardcore.project.log import LogEntry
from hardcore.store.rows import dated, plain

# The oldest lines go; what an edit did stays in the history.
MOST_LINES = 20_000
MOST_LETTERS = 1000
MOST_CAUSES = 16


def add(connection: sqlite3.Connection, entries: Iterable[LogEntry]) -> None:
    """Write entries after those there are, and leave the oldest out where there are too many."""
    rows = [(dated(e.at), plain(e.author, 200), plain(e.line, MOST_LETTERS), _outcome(e)) for e in entries]
    if not rows:
        return
    connection.executemany("INSERT INTO action_log (at, author, line, outcome) VALUES (?, ?, ?, ?)", rows)
    connection.execute("DELETE FROM action_log WHERE number <= (SELECT max(number) FROM action_log) - ?", (MOST_LINES,))


def last(connection: sqlite3.Connection, count: int) -> list[LogEntry]:
    """Return the newest entries, the newest last."""
    found = connection.execute(
        "SELECT at, author, line, outcome FROM action_log ORDER BY number DESC LIMIT ?", (count,)
    )
    return [LogEntry(at, author, line, *_read(outcome)) for at, author, line, outcome in found.fetchall()][::-1]


def _outcome(entry: LogEntry) -> str:
    cause = [plain(reason, MOST_LETTERS) for reason in entry.cause[:MOST_CAUSES]]
    found = {"step": entry.step, "cause": cause, "error": plain(entry.error, MOST_LETTERS)}
    return json.dumps({name: value for name, value in found.items() if value not in (None, [], "")})


def _read(outcome: str) -> tuple[int | None, tuple[str, ...], str]:
    """Return step, cause and error; a file from elsewhere may say anything, which is taken for no outcome."""
    try:
        found = json.loads(outcome)
        step, cause, error = found.get("step"), found.get("cause", []), found.get("error", "")
    except (ValueError, AttributeError, RecursionError):
        return None, (), ""
    is_step = isinstance(step, int) and not isinstance(step, bool)
    reasons = cause[:MOST_CAUSES] if isinstance(cause, list) else []
    return step if is_step else None, tuple(map(str, reasons)), str(error)
