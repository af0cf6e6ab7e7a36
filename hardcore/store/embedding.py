"""Artifacts and project files: which artifacts a history names, and those that travel inside its file.

A working copy names artifacts and never holds them: their files lie in the user's folder. A saved file holds those that
can't be made again, in chunks, with what is known of them in `meta`; opening it puts what its history names into the
folder, each checked against its hash.
"""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError
from pydantic_core import from_json

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.project import artifacts
from hardcore.project.artifact import LARGEST_TOTAL, Artifact
from hardcore.project.recording import LARGEST_FILE
from hardcore.store import schema
from hardcore.store.objects import expand
from hardcore.store.working_copy import NAME, home

# Objects of these kinds name artifacts; they are few.
REGION, KIT = "region", "multisample"
MEDIA = "audio/flac"
FACTS = "artifact:"
_LONGEST_FACTS = 1 << 20


def in_use() -> set[str]:
    """Return the hashes of all artifacts that a step of any working copy names, open or left over.

    Raises UserError when a copy cannot be read: then nobody knows what it needs.
    """
    found: set[str] = set()
    for file in sorted(home().glob(f"*/{NAME}")):
        try:
            with contextlib.closing(schema.open_reading(file)) as connection:
                found |= named(connection)
        except (sqlite3.Error, ValueError) as error:
            raise UserError(f"{file} cannot be read: {error}", "recover lists unsaved work") from error
    return found


def named(connection: sqlite3.Connection) -> set[str]:
    """Return the hashes of the artifacts that the objects of a database name. Raises ValueError, sqlite3.Error."""
    rows = connection.execute("SELECT payload FROM main.objects WHERE kind IN (?, ?)", (REGION, KIT))
    found = set()
    for (payload,) in rows:
        content = from_json(expand(payload))
        found |= {str(one["sound"]["artifact"]) for one in (content, *content.get("zones", ())) if one.get("sound")}
    return found


def embed(connection: sqlite3.Connection) -> None:
    """Put what a project file names and nobody can make again into it. Raises sqlite3.Error, OSError."""
    put(connection, (sha256 for sha256 in named(connection) if not _made_again(sha256)))


def _made_again(sha256: str) -> bool:
    known = artifacts.lookup(sha256)
    return known is not None and known.again


def put(connection: sqlite3.Connection, hashes: Iterable[str]) -> None:
    """Put artifacts into a file that has the tables for them. Raises sqlite3.Error, OSError.

    One whose file is gone is left out: it may be in the folder of another machine.
    """
    for sha256 in sorted(hashes):
        known = artifacts.lookup(sha256)
        with contextlib.suppress(FileNotFoundError), artifacts.path_of(sha256).open("rb") as file:
            if known is not None:
                _put(connection, known, file)


def _put(connection: sqlite3.Connection, known: Artifact, file: BinaryIO) -> None:
    address, number = bytes.fromhex(known.sha256), 0
    while block := file.read(schema.CHUNK_BYTES):
        checkpoint()
        connection.execute(
            "INSERT INTO main.chunks (artifact, number, data) VALUES (?, ?, ?)", (address, number, block)
        )
        number += 1
    row = (address, known.sound.size, MEDIA)
    connection.execute("INSERT INTO main.artifacts (hash, size, media) VALUES (?, ?, ?)", row)
    connection.execute(schema.SET_META, (f"{FACTS}{known.sha256}", known.model_dump_json()))


def embedded_bytes(connection: sqlite3.Connection) -> int:
    """Return how many bytes of a project file are artifacts. Raises ValueError for more than a project may have."""
    (total,) = connection.execute("SELECT coalesce(sum(size), 0) FROM main.artifacts").fetchone()
    if not isinstance(total, int) or not 0 <= total <= LARGEST_TOTAL:
        raise ValueError("its artifacts are too large")
    return total


def extract(source: sqlite3.Connection, wanted: set[str]) -> None:
    """Keep the artifacts of a project file that are `wanted` in the user's folder; all of them are checked.

    Raises ValueError, UserError when there is no room for them.
    """
    embedded_bytes(source)
    for address, size, media in source.execute("SELECT hash, size, media FROM artifacts ORDER BY rowid"):
        if not (isinstance(address, bytes) and isinstance(size, int) and isinstance(media, str)):
            raise ValueError("a value in artifacts has a wrong type")
        if len(address) != 32 or not 0 < size <= LARGEST_FILE or len(media) > 200:
            raise ValueError("an artifact is out of range")
        sha256 = address.hex()
        if sha256 not in wanted or artifacts.lookup(sha256) is not None:
            _check(source, address, size, None)
            continue
        stage = artifacts.staged("opened")
        try:
            with stage.open("xb") as file:
                _check(source, address, size, file)
            artifacts.settle(_facts(source, sha256, size), stage)
        finally:
            stage.unlink(missing_ok=True)


def _check(source: sqlite3.Connection, address: bytes, size: int, file: BinaryIO | None) -> None:
    """Read an artifact a chunk at a time, and write it to `file`. Raises ValueError when it isn't what it says."""
    hasher, seen = hashlib.sha256(), 0
    for data in _chunks(source, address):
        checkpoint()
        hasher.update(data)
        seen += len(data)
        if seen > size:
            break
        if file is not None:
            file.write(data)
    if hasher.digest() != address or seen != size:
        raise ValueError("an artifact is not what its digest says")


def _chunks(source: sqlite3.Connection, address: bytes) -> Iterator[bytes]:
    rows = source.execute("SELECT number, data FROM chunks WHERE artifact = ? ORDER BY number", (address,))
    for place, (number, data) in enumerate(rows):
        if number != place or not isinstance(data, bytes) or len(data) > schema.CHUNK_BYTES:
            raise ValueError("an artifact is cut wrongly")
        yield data


def _facts(source: sqlite3.Connection, sha256: str, size: int) -> Artifact:
    """Return what a file knows of an artifact in it. Raises ValueError when that isn't there or of another one."""
    row = source.execute("SELECT value FROM meta WHERE key = ?", (f"{FACTS}{sha256}",)).fetchone()
    try:
        if row is None or not isinstance(row[0], str) or len(row[0]) > _LONGEST_FACTS:
            raise ValueError("nothing is known of an artifact")
        known = Artifact.model_validate_json(row[0])
    except (ValidationError, UserError) as error:
        raise ValueError("what is known of an artifact cannot be read") from error
    if (known.sha256, known.sound.size) != (sha256, size):
        raise ValueError("what is known of an artifact is another one's")
    return known


def room_of(path: Path, connection: sqlite3.Connection) -> int:
    """Return how many bytes of a project file are no artifacts. Raises ValueError, OSError."""
    return path.stat().st_size - embedded_bytes(connection)
