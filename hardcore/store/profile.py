"""The user's profile in a file of its own, which nobody else can read: a table of pieces and one of choices.

Every change is one transaction that is synced: a kill loses at most the last one, and several studios may learn at
once. What is forgotten is overwritten.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hardcore.artifacts import PRIVATE
from hardcore.errors import UserError

if TYPE_CHECKING:
    from hardcore.profile.model import Profile

# so long another studio may write
_PATIENCE_S = 5.0
# by how many columns its key has: a table and that key
_KEYS = {1: ("pieces", ("piece",)), 3: ("chosen", ("style", "part", "what"))}
_TABLES = (
    "create table if not exists pieces (piece text primary key, at real, content text)",
    "create table if not exists chosen "
    "(style text, part text, what text, content text, primary key (style, part, what))",
)


class UserProfile:
    """The profile in the file that `place` names; it is made when something is learned."""

    def __init__(self, place: Callable[[], Path]) -> None:
        self._place = place

    def read(self) -> "Profile":
        """Return the profile, an empty one where there is none. Raises UserError when it cannot be read."""
        from hardcore.profile.model import Profile

        if not self._place().exists():
            return Profile()
        with self._opened() as database:
            return _read(database)

    def change(self, change: "Callable[[Profile], Profile]") -> "Profile":
        """Change the profile as it is now, and return it: one transaction. Raises UserError; then nothing changed."""
        with self._opened() as database:
            database.execute("begin immediate")
            before = _read(database)
            after = change(before)
            _write(database, before, after)
            database.execute("commit")
        return after

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Yield the file, private from its first byte on; what goes wrong in it becomes a UserError."""
        path = self._place()
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE))
            with closing(sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)) as database:
                database.execute("pragma secure_delete = on")
                for table in _TABLES:
                    database.execute(table)
                yield database
        except (sqlite3.Error, OSError, ValueError) as error:
            why = str(error).splitlines()[0]
            raise UserError(f"the profile cannot be used: {why}", f"it is {path}; another begins without it") from error


def _read(database: sqlite3.Connection) -> "Profile":
    from hardcore.profile.model import Choice, Observation, Profile

    pieces = database.execute("select content from pieces order by at desc, piece").fetchall()
    chosen = database.execute("select content from chosen order by style, part, what").fetchall()
    return Profile(
        pieces=tuple(Observation.model_validate_json(content) for (content,) in pieces),
        chosen=tuple(Choice.model_validate_json(content) for (content,) in chosen),
    )


def _write(database: sqlite3.Connection, before: "Profile", after: "Profile") -> None:
    """Write what has changed."""
    old, new = _rows(before), _rows(after)
    for place in old.keys() - new.keys():
        table, keys = _KEYS[len(place)]
        database.execute(f"delete from {table} where {' and '.join(f'{key} = ?' for key in keys)}", place)
    for place, row in new.items():
        if old.get(place) != row:
            table, _ = _KEYS[len(place)]
            database.execute(f"insert or replace into {table} values ({', '.join('?' * len(row))})", row)


def _rows(profile: "Profile") -> dict[tuple[str, ...], tuple[object, ...]]:
    """Return the rows of a profile by their keys."""
    pieces: dict[tuple[str, ...], tuple[object, ...]] = {
        (one.piece,): (one.piece, one.at, one.model_dump_json()) for one in profile.pieces
    }
    chosen = ((one.style, one.part, one.what, one.model_dump_json()) for one in profile.chosen)
    return pieces | {row[:3]: row for row in chosen}
