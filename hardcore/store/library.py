"""The user's library: what is kept across projects, each thing with its versions, its tags and where it was used.

One SQLite database in the data folder, for any number of studios at once. What is kept is either JSON (format 1: a
groove, a rhythm seed, a set list, presets of older versions) or a small project as objects (format 2: snapshot.py), so
what an older program kept is read by the reader of its number. Every call is one transaction.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hardcore.errors import NotFound, UserError
from hardcore.paths import user_folder
from hardcore.project.libraryitem import Content, Facts, Item, Parcel
from hardcore.project.state import ProjectState
from hardcore.project.values import clean_name

if TYPE_CHECKING:  # what reads and writes content comes when it is asked for
    from hardcore.store.librarycontent import Written

FORMAT = 1
_TABLES = (
    """CREATE TABLE IF NOT EXISTS items (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, latest INTEGER NOT NULL,
  tags TEXT NOT NULL, note TEXT NOT NULL, removed REAL, UNIQUE (kind, key)
)""",
    """CREATE TABLE IF NOT EXISTS versions (
  item INTEGER NOT NULL, number INTEGER NOT NULL, at REAL NOT NULL, format INTEGER NOT NULL, content BLOB NOT NULL,
  digest TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY (item, number)
)""",
    """CREATE TABLE IF NOT EXISTS uses (
  item INTEGER NOT NULL, version INTEGER NOT NULL, project TEXT NOT NULL, step INTEGER NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (item, version, project)
)""",
)
_ITEM = (
    "SELECT items.id, kind, name, number, latest, at, tags, note, removed, facts, digest FROM items "
    "JOIN versions ON versions.item = items.id"
)
MOST_VERSIONS = 1000
# What was listed last, and what the files were like then.
_listed: dict[str, Any] = {}


class Entry(NamedTuple):
    """The content of one thing in the library as JSON has it; `at` seconds since 1970."""

    kind: str
    name: str
    content: dict[str, Any]
    at: float


def add(kind: str, name: str, content: Mapping[str, Any], at: float, *, over: bool = False) -> None:
    """Keep JSON under a name; `over`: in place of the version that is there, else as a version after it.

    Raises UserError.
    """
    with _library(writing=True) as connection:
        _add(connection, kind, name, content, at, over=over)


def _add(
    connection: sqlite3.Connection, kind: str, name: str, content: Mapping[str, Any], at: float, *, over: bool = False
) -> None:
    """Keep JSON; the tags of a thing whose content has some are those."""
    from hardcore.store.librarycontent import written

    item = _put(connection, kind, name, written(content), at, Facts(), over=over)
    tags = json.dumps(list(content.get("tags", ())), ensure_ascii=False)
    connection.execute("UPDATE items SET tags = ? WHERE id = ?", (tags, item))


def save(
    kind: str, name: str, project: ProjectState, at: float, *, facts: Facts, tags: Sequence[str] = (), note: str = ""
) -> Item:
    """Keep a small project under a name, after the versions there are; one like the latest makes no new version.

    `tags` come to those it has, `note` in place of the one it has. Raises UserError.
    """
    from hardcore.store.librarycontent import written

    content = written(project)
    with _library(writing=True) as connection:
        item = _put(connection, kind, name, content, at, facts)
        known = _tags(connection, item)
        words = json.dumps(list(dict.fromkeys([*known, *tags])), ensure_ascii=False)
        connection.execute(
            "UPDATE items SET tags = ?, note = coalesce(nullif(?, ''), note) WHERE id = ?", (words, note, item)
        )
        return _one(connection, item)


def _put(
    connection: sqlite3.Connection, kind: str, name: str, content: "Written", at: float, facts: Facts, *,
    over: bool = False,
) -> int:  # fmt: skip
    """Return the row of what is called so, with this content as its latest version."""
    tidy = clean_name(name)
    row = connection.execute("SELECT id, latest FROM items WHERE kind = ? AND key = ?", (kind, _key(tidy))).fetchone()
    if row is None:
        made = connection.execute(
            "INSERT INTO items VALUES (NULL, ?, ?, ?, 0, '[]', '', NULL)", (kind, _key(tidy), tidy)
        )
        row = (made.lastrowid, 0)
    item, latest = row
    same = connection.execute(
        "SELECT 1 FROM versions WHERE item = ? AND number = ? AND digest = ?", (item, latest, content.digest)
    )
    number = latest if (over and latest) or same.fetchone() else latest + 1
    if number > MOST_VERSIONS:
        raise UserError(f"{tidy} has {MOST_VERSIONS} versions", "keep it under another name")
    values = (item, number, at, *content, facts.model_dump_json(exclude_defaults=True))
    connection.execute("INSERT OR REPLACE INTO versions VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    connection.execute("UPDATE items SET latest = ?, removed = NULL WHERE id = ?", (number, item))
    return int(item)


def items(
    kinds: Sequence[str] = (), *, tag: str | None = None, removed: bool = False, most: int = -1
) -> tuple[list[Item], int]:
    """Return the latest versions of things of some kinds (all without any), and how many there are.

    They come by kind and name, `most` at most (-1: all).
    removed   those that were removed, instead of those that are there. Raises UserError.
    """
    where = ["number = latest", f"removed IS {'NOT ' * removed}NULL"]
    values: list[Any] = []
    if kinds:
        where, values = [*where, f"kind IN ({', '.join('?' * len(kinds))})"], [*values, *kinds]
    if tag is not None:
        where, values = [*where, "EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)"], [*values, tag]
    rest = f"WHERE {' AND '.join(where)}"
    with _library() as connection:
        rows = connection.execute(f"{_ITEM} {rest} ORDER BY kind, key LIMIT ?", (*values, most)).fetchall()
        total = len(rows)
        if most == total:
            query = f"SELECT count(*) FROM items JOIN versions ON versions.item = items.id {rest}"
            (total,) = connection.execute(query, values).fetchone()
    return [_item(row) for row in rows], total


def listing(kinds: Sequence[str]) -> Sequence[Item]:
    """Return the things of some kinds, for whoever asks often: the library is read when its files have changed."""
    folder = user_folder()
    stats = [path.stat() for ending in ("", "-wal") if (path := folder / f"library.db{ending}").is_file()]
    mark = (str(folder), *kinds, *((found.st_mtime_ns, found.st_size) for found in stats))
    if _listed.get("mark") != mark:
        _listed.update(mark=mark, items=items(kinds)[0])
    known: Sequence[Item] = _listed["items"]
    return known


def versions(item: Item) -> list[Item]:
    """Return every version of a thing, the latest first."""
    with _library() as connection:
        rows = connection.execute(f"{_ITEM} WHERE items.id = ? ORDER BY number DESC", (item.id,))
        return [_item(row) for row in rows]


def named(name: str, kinds: Sequence[str] = (), *, removed: bool = False) -> list[Item]:
    """Return the things of a name in any case, of these kinds or any; none where there is none such."""
    with _library() as connection:
        rows = connection.execute(
            f"{_ITEM} WHERE key = ? AND number = latest AND removed IS {'NOT ' * removed}NULL", (_key(name),)
        )
        return [found for found in map(_item, rows) if not kinds or found.kind in kinds]


def content(item: Item) -> Content:
    """Return what a version holds, read by the reader of its format and checked. Raises UserError."""
    with _library() as connection:
        row = connection.execute(
            "SELECT format, content FROM versions WHERE item = ? AND number = ?", (item.id, item.version)
        ).fetchone()
    if row is None:
        raise NotFound(f"{item.name} is no longer in the library")
    from hardcore.store.librarycontent import read

    return read(*row)


def write_file(target: Path, parcels: Sequence[Parcel], artifacts: Iterable[str]) -> None:
    """Write things and the artifacts that they play to a file for others. Raises UserError."""
    from hardcore.store import libraryfile

    libraryfile.write_file(target, parcels, artifacts)


def read_file(path: Path) -> list[Parcel]:
    """Return the things in a file of any origin; the artifacts that they name are kept. Raises UserError."""
    from hardcore.store import libraryfile

    return libraryfile.read_file(path)


def tag(item: Item, tags: Sequence[str]) -> Item:
    """Return a thing with other tags, kept."""
    return _changed(item, "tags", json.dumps(list(tags), ensure_ascii=False))


def remove(item: Item, at: float | None) -> Item:
    """Return a thing removed at a time, or, None, there again; all its versions are kept."""
    return _changed(item, "removed", at)


def _changed(item: Item, column: str, value: object) -> Item:
    with _library(writing=True) as connection:
        connection.execute(f"UPDATE items SET {column} = ? WHERE id = ?", (value, item.id))
        return _one(connection, item.id)


def rename(item: Item, name: str) -> Item:
    """Return a thing under another name, with all its versions. Raises UserError where that is taken."""
    tidy = clean_name(name)
    with _library(writing=True) as connection:
        try:
            values = (tidy, _key(tidy), item.id)
            connection.execute("UPDATE items SET name = ?, key = ? WHERE id = ?", values)
        except sqlite3.IntegrityError as error:
            raise UserError(f"there is a {item.kind} '{tidy}' already", "it may be among those removed") from error
        return _one(connection, item.id)


def note_uses(project: str, uses: Mapping[str, int], at: float) -> None:
    """Note what a saved project came from, each `kind:name:version` with its step; what is not here is passed over."""
    with _library(writing=True) as connection:
        for use, step in uses.items():
            kind, _, rest = use.partition(":")
            name, _, version = rest.rpartition(":")
            if not (version.isascii() and version.isdecimal() and len(version) < 9):
                continue
            connection.execute(
                "INSERT OR REPLACE INTO uses SELECT item, number, ?, ?, ? FROM items JOIN versions ON item = id "
                "WHERE kind = ? AND key = ? AND number = ?",
                (project, step, at, kind, _key(name), int(version)),
            )


def uses(item: Item) -> list[tuple[int, str, int]]:
    """Return version, project and step of every use of a thing in a project that was saved, the newest first."""
    with _library() as connection:
        query = "SELECT version, project, step FROM uses WHERE item = ? ORDER BY at DESC, project"
        return connection.execute(query, (item.id,)).fetchall()


def artifacts() -> set[str]:
    """Return the hashes of the artifacts that a version of anything here plays, removed or not."""
    with _library() as connection:
        rows = connection.execute("SELECT facts FROM versions WHERE facts LIKE '%\"artifacts\"%'")
        return {sha256 for (facts,) in rows for sha256 in Facts.model_validate_json(facts).artifacts}


def starting(text: str, most: int = 50) -> list[Item]:
    """Return the things whose names begin with `text`, the first by name: what completion offers."""
    with _library() as connection:
        query = f"{_ITEM} WHERE number = latest AND removed IS NULL AND substr(key, 1, ?) = ? ORDER BY key LIMIT ?"
        return [_item(row) for row in connection.execute(query, (len(_key(text)), _key(text), most))]


def entries(kind: str | None = None) -> list[Entry]:
    """Return what is kept as JSON, of one kind or all, by kind and name. Raises UserError."""
    query = (
        "SELECT kind, name, content, at FROM items JOIN versions ON item = id AND number = latest "
        "WHERE removed IS NULL AND format = ? AND kind = coalesce(?, kind) ORDER BY kind, name"
    )
    from hardcore.store.librarycontent import JSON

    with _library() as connection:
        rows = connection.execute(query, (JSON, kind))
        return [Entry(kind, name, json.loads(content), at) for kind, name, content, at in rows]


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _tags(connection: sqlite3.Connection, item: int) -> list[str]:
    (tags,) = connection.execute("SELECT tags FROM items WHERE id = ?", (item,)).fetchone()
    return list(json.loads(tags))


def _one(connection: sqlite3.Connection, item: int) -> Item:
    return _item(connection.execute(f"{_ITEM} WHERE items.id = ? AND number = latest", (item,)).fetchone())


def _item(row: Sequence[Any]) -> Item:
    id, kind, name, number, latest, at, tags, note, removed, facts, digest = row
    known = Facts.model_validate_json(facts) if facts != "{}" else Facts()
    return Item(id, kind, name, number, latest, at, tuple(json.loads(tags)), note, removed, known, digest)


@contextmanager
def _library(writing: bool = False) -> Iterator[sqlite3.Connection]:
    """Yield the library in one transaction, made when it is new; what goes wrong in it becomes a UserError.

    Who writes says so at once: a reader that begins to write while another one did is refused by SQLite, not held up.
    """
    path = user_folder() / "library.db"
    connection = None
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(path, timeout=10.0, isolation_level=None)
        is_new = _format(connection) < FORMAT
        if is_new:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE" if writing or is_new else "BEGIN")
        if _format(connection) < FORMAT:
            _make(connection)
        yield connection
        connection.execute("COMMIT")
    except (OSError, sqlite3.Error, ValueError) as error:
        raise UserError(f"the library cannot be used: {error}", f"it is {path}") from error
    finally:
        if connection is not None:
            connection.close()


def _format(connection: sqlite3.Connection) -> int:
    """Return the number of the library's format, 0 of one that is new or older. Raises UserError for a later one."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    if number > FORMAT:
        raise UserError("the library was made by a newer hardcore", "install the newest hardcore")
    return int(number)


def _make(connection: sqlite3.Connection) -> None:
    """Make the tables; what an older program kept in the one that it had becomes the first version of each."""
    for table in _TABLES:
        connection.execute(table)
    older = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchone()
    rows = connection.execute("SELECT kind, name, content, at FROM entries ORDER BY name").fetchall() if older else []
    for kind, name, text, at in rows:
        tidy, number = clean_name(name), 2
        while connection.execute("SELECT 1 FROM items WHERE kind = ? AND key = ?", (kind, _key(tidy))).fetchone():
            tidy, number = f"{clean_name(name)[:70]} {number}", number + 1
        _add(connection, kind, tidy, json.loads(text), at)
    connection.execute("DROP TABLE IF EXISTS entries")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
