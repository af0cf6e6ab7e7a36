"""Intake: a file that someone sent, checked and copied row by row into a fresh working copy.

Only what its history reaches is copied. Sizes are bounded before they are read, and every digest is computed
again.
"""

import math
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.project.history import MAIN, Head, Step
from hardcore.store import embedding, heads, schema
from hardcore.store.objects import digest, ensure_moderate, expand
from hardcore.store.rows import MAX_LABEL, dated, plain
from hardcore.store.schema import DIGEST_BYTES, split
from hardcore.store.source import ensure_project_file

# what only writing can meet: the working copy's disk, not the file
DISK_TROUBLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_READONLY)
MAX_LOG_LINE = 100_000


class Intake(NamedTuple):
    """What was read: steps without their states, roots and stored redo by step, where we stand, the id counter, heads.

    `content` is how many bytes the objects have unpacked, `objects` how many they are.
    """

    steps: list[Step]
    roots: dict[int, bytes]
    redo: dict[int, int]
    at: int
    highest_id: int
    content: int
    objects: int
    heads: dict[str, Head]


def take_in(path: Path, target: sqlite3.Connection, *, alone: bool = True) -> Intake:
    """Copy the project file at `path` into `target`, and return its history; if not `alone`, its log counts too.

    Raises UserError in one line, OSError when the disk under `target` refuses.
    """
    ensure_project_file(path)
    try:
        with schema.reading(path, alone) as source:
            if embedding.room_of(path, source) > schema.MAX_FILE_BYTES:
                raise ValueError("it is larger than a project may be")
            _ensure_whole(source)
            return _copy(source, target)
    except (sqlite3.Error, ValueError, OverflowError, MemoryError, RecursionError) as error:
        if getattr(error, "sqlite_errorcode", None) in DISK_TROUBLE:
            raise OSError(0, str(error).removeprefix("database or ")) from error
        reason = " ".join(str(error).split())[:160] or "too large"
        raise UserError(f"{path.name} is damaged: {reason}", f"the version before may be {path.name}~") from error


def _ensure_whole(source: sqlite3.Connection) -> None:
    found = source.execute("PRAGMA quick_check(1)").fetchone()
    if found is None or found[0] != "ok":
        raise ValueError("its pages do not hold together")


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> Intake:
    target.execute("BEGIN")
    rows = list(_steps(source))
    content, objects = _copy_objects(source, target, {row[5] for row in rows})
    target.executemany(schema.ADD_STEP, rows)
    at, highest, named, made_on = _place(source, {row[0] for row in rows}, rows[-1][0])
    steps = [
        Step(number, parent, label, author, at, head=made_on.get(number, MAIN))
        for number, parent, label, author, at, _, _ in rows
    ]
    target.execute(schema.SET_PLACE, (str(at), str(highest)))
    target.executemany(schema.SET_META, heads.rows(named or None, made_on))
    _copy_log(source, target)
    embedding.extract(source, embedding.named(target))
    target.execute("COMMIT")
    roots, redo = {row[0]: row[5] for row in rows}, {row[0]: row[6] for row in rows if row[6] is not None}
    return Intake(steps, roots, redo, at, highest, content, objects, named)


def _place(
    source: sqlite3.Connection, numbers: set[int], last: int
) -> tuple[int, int, dict[str, Head], dict[int, str]]:
    """Return where we stand, the id counter, the heads, and which of them steps were made on. Raises ValueError."""
    at, highest, text = last, 1, "{}"
    made_on: dict[int, str] = {}
    for key, value in _rows(source, "meta", str, str):
        if key == "at":
            at = _whole(value, key)
        elif key == "highest_id":
            highest = _whole(value, key)
        elif key == heads.KEY:
            text = value
        elif key.startswith(heads.MADE_ON):
            made_on[heads.parse_maker(key, value, numbers)] = value
    if at not in numbers or highest > schema.MAX_NUMBER:
        raise ValueError("its place in history does not exist")
    return at, highest, heads.parse(text, numbers), made_on


def _steps(source: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of `steps` in order; each comes after its parent, and redo leads to a child."""
    (count,) = source.execute("SELECT count(*) FROM steps").fetchone()
    if not 1 <= count <= schema.MAX_STEPS:
        raise ValueError(f"a history of {count} steps")
    parents: dict[int, int | None] = {}
    redos: dict[int, int] = {}
    for row in source.execute("SELECT number, parent, label, author, at, root, redo FROM steps ORDER BY number"):
        number, parent, label, author, at, root, redo = row
        _ensure_types(row, (int, int | None, str, str, float, bytes, int | None), "steps")
        if (parent is None) != (number == 0) or (parent is not None and parent not in parents):
            raise ValueError(f"step {number} has no place in history")
        sound = 0 <= number <= schema.MAX_NUMBER and math.isfinite(at) and len(root) == DIGEST_BYTES
        if len(label) > MAX_LABEL or len(author) > MAX_LABEL or not sound:
            raise ValueError(f"step {number} is out of range")
        parents[number] = parent
        if redo is not None:
            redos[number] = redo
        yield number, parent, plain(label), plain(author), dated(at), root, redo
    if any(parents.get(redo, -1) != number for number, redo in redos.items()):
        raise ValueError("redo leads nowhere")


def _copy_objects(source: sqlite3.Connection, target: sqlite3.Connection, roots: set[bytes]) -> tuple[int, int]:
    """Copy the objects that `roots` reach, every digest computed again, and return their size unpacked and number.

    Raises ValueError.
    """
    refs = {}
    for count, (address, row_refs) in enumerate(_rows(source, "objects", bytes, bytes, columns="hash, refs")):
        if count >= schema.MAX_OBJECTS:
            raise ValueError("too many objects")
        refs[address] = row_refs
    reached, waiting = set(roots), list(roots)
    while waiting:
        address = waiting.pop()
        if address not in refs:
            raise ValueError("a part is missing")
        new = [child for child in split(refs[address]) if child not in reached]
        reached.update(new)
        waiting += new
    types = (bytes, str, int, bytes, bytes)
    found = _rows(source, "objects", *types, columns="hash, kind, version, payload, refs")
    sizes: list[int] = []
    kept = _true_objects((row for row in found if row[0] in reached), sizes.append)
    target.executemany(schema.ADD_OBJECT, kept)
    return sum(sizes), len(sizes)


def _true_objects(rows: Iterator[tuple[Any, ...]], measured: Callable[[int], None]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows again, as long as each has the digest of its content, whose size is told. Raises ValueError."""
    packed = total = 0
    for row in rows:
        address, kind, version, payload, refs = row
        content = expand(payload)
        packed += len(payload)
        total += len(content)
        measured(len(content))
        checkpoint()
        ensure_moderate(total, packed)
        if len(kind) > 20 or not 0 < version < 2**31 or digest(kind, version, content, refs) != address:
            raise ValueError("a part is not what its digest says")
        yield row


def _copy_log(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    types = (int, float, str, str, str)
    rows = _rows(source, "action_log", *types, columns="number, at, author, line, outcome", limit=schema.MAX_OBJECTS)
    for number, at, *texts in rows:
        if not 0 <= number <= schema.MAX_NUMBER or max(map(len, texts)) > MAX_LOG_LINE:
            raise ValueError(f"line {number} of the log is out of range")
        words = [plain(text, MAX_LOG_LINE) for text in texts]
        target.execute("INSERT INTO action_log VALUES (?, ?, ?, ?, ?)", (number, dated(at), *words))


def _rows(
    source: sqlite3.Connection, table: str, *types: Any, columns: str = "*", limit: int = schema.MAX_OBJECTS
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table, each value of the type that its column must have. Raises ValueError."""
    for row in source.execute(f"SELECT {columns} FROM {table} ORDER BY rowid LIMIT {limit + 1}"):
        _ensure_types(row, types, table)
        yield row


def _ensure_types(row: tuple[Any, ...], types: tuple[Any, ...], table: str) -> None:
    if not all(map(isinstance, row, types)):
        raise ValueError(f"a value in {table} has a wrong type")


def _whole(text: str, key: str) -> int:
    if len(text) > 16 or not text.isascii() or not text.isdecimal():
        raise ValueError(f"{key} is not a number")
    return int(text)
