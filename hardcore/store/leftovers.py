"""Leftovers: work in working copies that no file has, left by a crash or an end without saving.

Nothing that might be work is thrown away: a copy goes only when nobody worked in it, or when its file has all of it.
"""

import json
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hardcore.errors import UserError
from hardcore.store import schema, wal
from hardcore.store.objects import expand
from hardcore.store.salvage import salvage
from hardcore.store.source import holds
from hardcore.store.working_copy import Saved, WorkingCopy, claim, fetch, get_meta, home

_DAMAGE = (sqlite3.Error, ValueError, TypeError, LookupError, OverflowError)


@dataclass(frozen=True, slots=True)
class Recoverable:
    """Work that was never saved: `path` is the file it belongs to, None for a project that had none.

    `steps` were made after the last save; `when` is the time of the last of them, as text; `folder` holds the copy.
    `damage` says what of it cannot be read, empty when all can.
    """

    path: Path | None
    title: str
    steps: int
    when: str
    folder: Path
    damage: str


def recoverable() -> list[Recoverable]:
    """Return the unsaved work that no process has open, the newest first; what holds nothing new is cleared away.

    Of what is damaged, the part that can be read is offered, and the damaged files are put aside.
    """
    copies = [copy for folder in sorted(home().iterdir()) if (copy := claim(folder)) is not None]
    found = [left for copy in copies if (left := _examined(copy)) is not None]
    return sorted(found, key=lambda left: left.when, reverse=True)


def _examined(copy: WorkingCopy) -> Recoverable | None:
    """Return what is left in a copy, and let go of it; where that is nothing the copy is removed."""
    try:
        if copy.is_empty:
            copy.discard()
            return None
        with suppress(*_DAMAGE):
            if wal.is_whole(copy.file):
                left = _described(copy)
                if left is None:
                    copy.discard()
                return left
        return _salvaged(copy)
    finally:
        copy.lock.release()


def _salvaged(damaged: WorkingCopy) -> Recoverable | None:
    """Return what can be read of a damaged copy, None when that is nothing."""
    try:
        copy = salvage(damaged)
    except (UserError, OSError, sqlite3.Error) as error:  # no room: it stays as it is, and this is tried again
        words = f"damaged, and what can be read cannot be written: {error}"
        return Recoverable(None, damaged.folder.name, 0, "", damaged.folder, words)
    if copy is None:
        return None
    try:
        return _described(copy)
    finally:
        copy.lock.release()


def _described(copy: WorkingCopy) -> Recoverable | None:
    """Return what a working copy holds beyond its file, None when nothing. Raises one of _DAMAGE."""
    connection = schema.open_reading(copy.file)
    try:
        at, kept, origin, damage, heads = (
            get_meta(connection, key) for key in ("at", "work.saved", "work.origin", "work.damage", "heads")
        )
        newest = connection.execute("SELECT number, root, at FROM steps ORDER BY number DESC LIMIT 1").fetchone()
        if newest is None:
            if connection.execute("SELECT 1 FROM objects").fetchone() or kept is None:
                raise ValueError("no steps")
            return None  # cut off before the first step was there
        last, root, date = newest
        saved = Saved.parse(kept)
        if origin and not _has(connection, Path(origin), saved.last):
            saved = Saved(0, 0)
        if Saved.parse([last, at, heads or {}]) == saved and not damage:
            return None
        stored = fetch(connection, root)
        title = json.loads(expand(stored.payload))["title"] if stored else "untitled"
        (steps,) = connection.execute("SELECT count(*) FROM steps WHERE number > ?", (max(0, saved.last),)).fetchone()
        when = datetime.fromtimestamp(date).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        return Recoverable(Path(origin) if origin else None, title, steps, when, copy.folder, damage or "")
    finally:
        connection.close()


def _has(connection: sqlite3.Connection, file: Path, number: int) -> bool:
    """Return whether a file has a step of a copy."""
    row = connection.execute("SELECT root FROM steps WHERE number = ?", (number,)).fetchone()
    return row is not None and holds(file, number, row[0])
