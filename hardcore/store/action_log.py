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
    uses = [plain(use, MOST_LETTERS) for use in entry.uses[:MOST_CAUSES]]
    found = {"step": entry.step, "cause": cause, "error": plain(entry.error, MOST_LETTERS), "uses": uses}
    return json.dumps({name: value for name, value in found.items() if value not in (None, [], "")})


def uses(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    """Return what came into the project from the user's library, each with the step that it came in with."""
    rows = connection.execute("SELECT outcome FROM action_log WHERE outcome LIKE '%\"uses\"%' ORDER BY number")
    return [(step, use) for (outcome,) in rows for step, _, _, used in (_read(outcome),) if step for use in used]


def _read(outcome: str) -> tuple[int | None, tuple[str, ...], str, tuple[str, ...]]:
    """Return step, cause, error and uses; a file from elsewhere may say anything, which is taken for no outcome."""
    try:
        found = json.loads(outcome)
        step, error = found.get("step"), found.get("error", "")
        lists = [found.get(name, []) for name in ("cause", "uses")]
    except (ValueError, AttributeError, RecursionError):
        return None, (), "", ()
    is_step = isinstance(step, int) and not isinstance(step, bool)
    cause, used = (tuple(map(str, some[:MOST_CAUSES])) if isinstance(some, list) else () for some in lists)
    return step if is_step else None, cause, str(error), used
