"""The user's library: presets of devices, learned grooves, and the prompt and seed of renders worth keeping."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from hardcore.errors import UserError, nearest
from hardcore.paths import user_folder

if TYPE_CHECKING:
    from sqlite_utils import Database

Kind = Literal["preset", "seed", "groove", "setlist"]


class Entry(NamedTuple):
    """One thing in the library; `content` is what it needs to be used again, `at` seconds since 1970."""

    kind: str
    name: str
    content: dict[str, Any]
    at: float


def add(kind: Kind, name: str, content: Mapping[str, Any], at: float) -> None:
    """Keep `content` under a name, in place of one of that kind and name. Raises UserError."""
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= 80:
        raise UserError("a name needs 1 to 80 characters")
    row = {"kind": kind, "name": tidy, "content": json.dumps(content), "at": at}
    with _library() as database:
        database.table("entries").upsert(row, pk=("kind", "name"))


def entries(kind: Kind | None = None) -> list[Entry]:
    """Return the library's entries, of one kind or all, by kind and name. Raises UserError."""
    where, values = ("kind = ?", [kind]) if kind else (None, [])
    with _library() as database:
        rows = database.table("entries").rows_where(where, values, order_by="kind, name")
        return [Entry(row["kind"], row["name"], json.loads(row["content"]), row["at"]) for row in rows]


def show(kind: Kind, name: str) -> Entry:
    """Return one entry, its name in any case. Raises UserError naming the nearest."""
    listed = entries(kind)
    for entry in listed:
        if entry.name.casefold() == name.strip().casefold():
            return entry
    raise UserError(f"no {kind} '{name}' in the library", nearest(name, [entry.name for entry in listed]))


def delete(kind: Kind, name: str) -> Entry:
    """Remove an entry and return it. Raises UserError naming the nearest."""
    entry = show(kind, name)
    with _library() as database:
        database.table("entries").delete((kind, entry.name))
    return entry


@contextmanager
def _library() -> Iterator["Database"]:
    """Yield the library, its table made when it is new; what goes wrong in it becomes a UserError."""
    from sqlite_utils import Database

    path = user_folder() / "library.db"
    try:
        with sqlite3.connect(path, timeout=10.0) as connection:
            database = Database(connection)
            columns = {"kind": str, "name": str, "content": str, "at": float}
            database.table("entries").create(columns, pk=("kind", "name"), if_not_exists=True)
            yield database
    except (sqlite3.Error, ValueError) as error:
        raise UserError(f"the library cannot be used: {error}", f"it is {path}") from error
    finally:
        if "connection" in locals():
            connection.close()
