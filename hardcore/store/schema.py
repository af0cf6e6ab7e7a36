"""The schema of a .hcs file: one SQLite database used as an application file.

objects     the pieces of every state, by digest; `refs` are the digests of an object's children
steps       the tree of history; `redo` is the step that redo leads to where that is not the newest child
meta        `at`, the step we stand on, `highest_id`, the id counter that only rises, and the named heads (heads.py)
action_log  what was asked, whether or not it changed the project
artifacts   files that belong to the project, by SHA-256, in chunks

The tables are ordinary rowid tables: WITHOUT ROWID doubled the file.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from hardcore.errors import UserError

APPLICATION_ID = 0x48435331  # "HCS1"
FORMAT = 1
MAX_FILE_BYTES = 2**30
MAX_STEPS = 1_000_000
MAX_OBJECTS = 8_000_000
MAX_OBJECT_BYTES = 16 * 2**20
DIGEST_BYTES = 20
MAX_REFS = 8192
MAX_CONTENT_BYTES = 8 * 2**30
MAX_NUMBER = 10**15  # of a step, or an id
CHUNK_BYTES = 2**20

_META = "CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)"
# what a file holds of artifacts; what is known of them is in `meta`
_ARTIFACTS = (
    "CREATE TABLE artifacts (hash BLOB PRIMARY KEY NOT NULL, size INTEGER NOT NULL, media TEXT NOT NULL)",
    """CREATE TABLE chunks (
  artifact BLOB NOT NULL, number INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (artifact, number)
)""",
)
TABLES = (
    """CREATE TABLE objects (
  hash BLOB PRIMARY KEY NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL, payload BLOB NOT NULL,
  refs BLOB NOT NULL
)""",
    """CREATE TABLE steps (
  number INTEGER PRIMARY KEY, parent INTEGER, label TEXT NOT NULL, author TEXT NOT NULL, at REAL NOT NULL,
  root BLOB NOT NULL, redo INTEGER
)""",
    _META,
    """CREATE TABLE action_log (
  number INTEGER PRIMARY KEY, at REAL NOT NULL, author TEXT NOT NULL, line TEXT NOT NULL, outcome TEXT NOT NULL
)""",
    *_ARTIFACTS,
)


class FileKind(NamedTuple):
    """A kind of file that others may send: what its header says, the tables it has, and what it is in words."""

    application_id: int
    format: int
    tables: tuple[str, ...]
    name: str
    ending: str


PROJECT = FileKind(APPLICATION_ID, FORMAT, TABLES, "project", ".hcs")
# things of a library, each its latest version
LIBRARY = FileKind(
    0x48434C31,  # "HCL1"
    1,
    (
        """CREATE TABLE items (
  kind TEXT NOT NULL, name TEXT NOT NULL, tags TEXT NOT NULL, note TEXT NOT NULL, at REAL NOT NULL,
  format INTEGER NOT NULL, content BLOB NOT NULL
)""",
        _META,
        *_ARTIFACTS,
    ),
    "library",
    ".hcl",
)
ADD_OBJECT = "INSERT OR IGNORE INTO objects (hash, kind, version, payload, refs) VALUES (?, ?, ?, ?, ?)"
ADD_STEP = "INSERT INTO steps (number, parent, label, author, at, root, redo) VALUES (?, ?, ?, ?, ?, ?, ?)"
# one statement for both: between two the writer thread may wait for the interpreter's lock
SET_PLACE = (
    "INSERT INTO meta (key, value) VALUES ('at', ?), ('highest_id', ?) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
SET_META = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
SET_REDO = "UPDATE steps SET redo = ? WHERE number = ?"


def add_objects(connection: sqlite3.Connection, objects: Sequence[tuple[object, ...]]) -> None:
    """Add the objects that are not there yet; a few of them, as one step has, in one statement."""
    if len(objects) > 32:
        connection.executemany(ADD_OBJECT, objects)
    elif objects:
        more = ", (?, ?, ?, ?, ?)" * (len(objects) - 1)
        connection.execute(ADD_OBJECT + more, list(chain.from_iterable(objects)))


def make(path: Path, kind: FileKind = PROJECT) -> sqlite3.Connection:
    """Return a connection to a new database with the schema, made fast and not yet safe: see `settle`.

    Nobody but the user may read it, or the log that SQLite writes beside it, unless the file is there already.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(f"PRAGMA application_id = {kind.application_id}")
    connection.execute(f"PRAGMA user_version = {kind.format}")
    for table in kind.tables:
        connection.execute(table)
    return connection


def open_working(path: Path) -> sqlite3.Connection:
    """Return a connection to a working copy: every commit is on the disk before it returns (WAL, synchronous FULL)."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10.0)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def open_reading(path: Path, *, alone: bool = False) -> sqlite3.Connection:
    """Return a connection that writes nothing; `alone`: only the file counts, not a log beside it."""
    uri = f"file:{quote(str(path))}?mode=ro{'&immutable=1' if alone else ''}"
    return sqlite3.connect(uri, uri=True, isolation_level=None)


def described(connection: sqlite3.Connection) -> list[tuple[str, ...]]:
    """Return what a database is made of, in a fixed order: kind, name, table and words of each thing."""
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
    return [tuple(map(str, row)) for row in found.fetchmany(100)]


def expected(kind: FileKind = PROJECT) -> list[tuple[str, ...]]:
    """Return what `described` says of a file of a kind."""
    with sqlite3.connect(":memory:") as connection:
        for table in kind.tables:
            connection.execute(table)
        return described(connection)


@contextmanager
def reading(path: Path, alone: bool, kind: FileKind = PROJECT) -> Iterator[sqlite3.Connection]:
    """Yield a connection to a file of the known schema; what a prepared file could use against its reader is off."""
    source = open_reading(path, alone=alone)
    try:
        source.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_OBJECT_BYTES + 2**20)
        for setting in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON", "mmap_size = 0"):
            source.execute(f"PRAGMA {setting}")
        if described(source) != expected(kind):
            raise UserError(f"{path.name} is not a hardcore {kind.name} of a kind this version knows")
        yield source
    finally:
        source.close()


def split(refs: bytes) -> list[bytes]:
    """Return the digests in `refs`, 8,192 at most. Raises ValueError when its length is wrong."""
    if len(refs) % DIGEST_BYTES or len(refs) > DIGEST_BYTES * MAX_REFS:
        raise ValueError("references of a wrong length")
    return [refs[at : at + DIGEST_BYTES] for at in range(0, len(refs), DIGEST_BYTES)]
