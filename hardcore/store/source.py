"""Sources: a project file that someone sent, opened to be read. Nothing in it is executed, nothing is written."""

import sqlite3
import stat
from pathlib import Path
from typing import Any

from hardcore.errors import NotFound, UserError
from hardcore.project.artifact import LARGEST_TOTAL
from hardcore.store import schema


def holds(path: Path, number: int, root: bytes) -> bool:
    """Return whether a project file has this very step: its number and the digest of its state."""
    return bool(_row(path, "SELECT number, root FROM steps WHERE number = ?", number) == (number, root))


def ends_with(path: Path, number: int, root: bytes) -> bool:
    """Return whether this very step is the last of a project file."""
    return bool(_row(path, "SELECT number, root FROM steps ORDER BY number DESC LIMIT 1") == (number, root))


def _row(path: Path, query: str, *values: object) -> Any:
    """Return the first row that a query finds in a project file; None when there is none, or it is no such file."""
    try:
        ensure_project_file(path)
        with schema.reading(path, alone=True) as source:
            return source.execute(query, values).fetchone()
    except (UserError, sqlite3.Error):
        return None


def ensure_project_file(path: Path, kind: schema.FileKind = schema.PROJECT) -> None:
    """Raise UserError, in words, unless `path` is a readable file that begins as a hardcore project, or as `kind`."""
    try:
        mode = path.stat()
        if stat.S_ISDIR(mode.st_mode):
            raise UserError(f"{path.name or path} is a folder", f"name a {kind.ending} file")
        if not stat.S_ISREG(mode.st_mode):
            raise UserError(f"{path.name} is not a file")
        if mode.st_size > schema.MAX_FILE_BYTES + LARGEST_TOTAL:
            raise UserError(f"{path.name} is larger than a {kind.name} may be", "1 GiB at most, and 8 GiB of artifacts")
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {path}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name cannot be used"
        raise UserError(f"{str(path)[:200]!r} cannot be read: {str(reason).lower()}") from error
    # SQLite's header: magic, text encoding (1 is UTF-8) at 56, user version at 60, application id at 68
    known = head[:16] == b"SQLite format 3\0" and int.from_bytes(head[68:72], "big") == kind.application_id
    if len(head) < 100 or not known or head[59] != 1:
        raise UserError(f"{path.name} is not a hardcore {kind.name}")
    if int.from_bytes(head[60:64], "big") > kind.format:
        raise UserError(f"{path.name} was made by a newer hardcore", "install the newest hardcore")
