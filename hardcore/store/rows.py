"""Rows: how steps are written to a file; their words and dates are made fit to be shown."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from hardcore.project.history import Head, Step
from hardcore.project.log import LogEntry
from hardcore.project.state import ProjectState
from hardcore.store import heads, schema
from hardcore.store.branches import Branches
from hardcore.store.encoder import Encoder

MAX_LABEL = 4000
MAX_DATE = 32_503_680_000  # the year 3000: not every system can say in which hour of the day a later second lies
JOINERS = "\u200c\u200d"


class Edited(NamedTuple):
    """A step that was made, with its state."""

    step: Step
    state: ProjectState


class Moved(NamedTuple):
    """Main stands on another step."""

    at: int


class Headed(NamedTuple):
    """A named head stands somewhere else, or is gone (None)."""

    name: str
    head: Head | None


Made = Edited | Moved | Headed
Entry = Made | LogEntry


def write_rows(batch: Sequence[Entry], encoder: Encoder, branches: Branches) -> list[tuple[object, ...]]:
    """Return the rows of `steps` for a batch; objects collect in the encoder, moves in `branches`."""
    rows: list[tuple[object, ...]] = []
    for entry in batch:
        if isinstance(entry, Moved):
            branches.move(entry.at)
            continue
        if isinstance(entry, Headed):
            branches.put(entry.name, entry.head)
            continue
        if isinstance(entry, LogEntry):
            continue
        step, state = entry
        branches.add(step.number, step.parent, step.head)
        label, author = plain(step.label), plain(step.author)
        rows.append((step.number, step.parent, label, author, dated(step.at), encoder.encode(state), None))
    return rows


def plain(text: str, most: int = MAX_LABEL) -> str:
    """Return `text` as a label of a step: one line without what could steer a terminal, `most` letters of it."""
    shown = "".join(letter if letter.isprintable() or letter in JOINERS else " " for letter in text[:most])
    return shown.strip()


def dated(at: float) -> float:
    """Return `at` as the date of a step, seconds since 1970; 0, which is no date, for what can be none."""
    return float(at) if 0 <= at < MAX_DATE else 0.0


def insert(
    connection: sqlite3.Connection, rows: list[tuple[object, ...]], encoder: Encoder, branches: Branches, highest: int
) -> None:
    """Write objects, steps and where we stand; the caller holds the transaction."""
    schema.add_objects(connection, encoder.fresh)
    if rows:
        connection.executemany(schema.ADD_STEP, rows)
    if branches.changes:
        changes = [(redo, number) for number, redo in branches.changes.items()]
        connection.executemany(schema.SET_REDO, changes)
    if branches.moved or branches.made_on:
        changed = heads.rows(branches.heads if branches.moved else None, branches.made_on)
        connection.executemany(schema.SET_META, changed)
    connection.execute(schema.SET_PLACE, (str(branches.at), str(highest)))


def stored_branches(connection: sqlite3.Connection) -> Branches:
    """Return where each head stands and redo leads, as it is on the disk."""
    rows = connection.execute("SELECT number, parent, redo FROM steps").fetchall()
    found = connection.execute("SELECT value FROM meta WHERE key = 'at'").fetchone()
    text, made_on = heads.read(connection)
    numbers = {row[0] for row in rows}
    return Branches(rows, int(found[0]) if found else 0, heads.parse(text, numbers), made_on)
