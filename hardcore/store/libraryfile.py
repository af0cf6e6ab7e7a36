"""Files of things from a library, `.hcl`: written to be given to others, and read as what may be from anybody.

A file is one SQLite database like a project's: the exact schema, bounded sizes, nothing in it is run; artifacts travel
in it, each checked against its hash. What is in a thing is for the reader of its kind to check.
"""

import json
import math
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError, why
from hardcore.project.libraryitem import Parcel, facts_of
from hardcore.project.state import ProjectState
from hardcore.store import embedding, schema
from hardcore.store.librarycontent import read, written
from hardcore.store.rows import dated
from hardcore.store.schema import MAX_OBJECT_BYTES
from hardcore.store.source import ensure_project_file
from hardcore.store.working_copy import sync

MOST_ITEMS = 10_000
MOST_BYTES = 1 << 28
_LONGEST = {"kind": 20, "name": 400, "tags": 20_000, "note": 1000}


def write_file(target: Path, parcels: Sequence[Parcel], artifacts: Iterable[str]) -> None:
    """Write things and the artifacts that they play to a file, in place of one of its kind. Raises UserError."""
    if target.exists():
        ensure_project_file(target, schema.LIBRARY)
    temp = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            temp.unlink(missing_ok=True)
            connection = schema.make(temp, schema.LIBRARY)
            try:
                connection.execute("BEGIN")
                connection.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?)", map(_row, parcels))
                embedding.put(connection, artifacts)
                connection.execute("COMMIT")
            finally:
                connection.close()
            sync(temp)
            temp.replace(target)
            sync(target.parent)
        finally:
            temp.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise UserError(
            f"{target.name} is not written: {why(error)}", "check the folder and its permissions"
        ) from error


def _row(parcel: Parcel) -> tuple[Any, ...]:
    tags = json.dumps(list(parcel.tags), ensure_ascii=False)
    content = written(parcel.content)
    return (parcel.kind, parcel.name, tags, parcel.note, parcel.at, content.format, content.data)


def read_file(path: Path) -> list[Parcel]:
    """Return the things in a file of any origin; the artifacts that they name are kept. Raises UserError in one line.

    What they are called and what is in them is as the file has it, within limits of size.
    """
    ensure_project_file(path, schema.LIBRARY)
    try:
        with schema.reading(path, True, schema.LIBRARY) as source:
            if source.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise ValueError("its pages do not hold together")
            parcels = _parcels(source)
            named = {sha256 for parcel in parcels for sha256 in _artifacts(parcel)}
            embedding.extract(source, named)
            return parcels
    except (sqlite3.Error, ValueError, OverflowError, MemoryError, RecursionError) as error:
        reason = " ".join(str(error).split())[:160] or "too large"
        raise UserError(f"{path.name} is damaged: {reason}") from error


def _artifacts(parcel: Parcel) -> set[str]:
    return set(facts_of(parcel.content).artifacts) if isinstance(parcel.content, ProjectState) else set()


def _parcels(source: sqlite3.Connection) -> list[Parcel]:
    """Return the things in a database. Raises ValueError, UserError."""
    columns = "kind, name, tags, note, at, format, content"
    found: list[Parcel] = []
    (number, size) = source.execute("SELECT count(*), coalesce(sum(length(content)), 0) FROM items").fetchone()
    if number > MOST_ITEMS or size > MOST_BYTES:
        raise ValueError(f"more than {MOST_ITEMS:,} things, or {MOST_BYTES >> 20} MiB of them")
    for row in source.execute(f"SELECT {columns} FROM items ORDER BY rowid"):
        checkpoint()
        kind, name, tags, note, at, format, content = row
        types = zip(row, (str, str, str, str, float, int, bytes), strict=True)
        if not all(isinstance(value, known) for value, known in types) or not math.isfinite(at):
            raise ValueError("a value in items has a wrong type")
        texts = {"kind": kind, "name": name, "tags": tags, "note": note}
        if any(len(text) > _LONGEST[column] for column, text in texts.items()) or len(content) > MAX_OBJECT_BYTES:
            raise ValueError("a thing in it is out of range")
        known = json.loads(tags)
        if not isinstance(known, list) or not all(isinstance(tag, str) for tag in known):
            raise ValueError("tags are a list of words")
        found.append(Parcel(kind, name, tuple(known), note, dated(at), read(format, content)))
    return found
