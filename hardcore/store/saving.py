"""Saving: the file a user named is replaced in one step, and the version before is kept as `name.hcs~`."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from hardcore.errors import NotFound, UserError, why
from hardcore.store import embedding, schema
from hardcore.store.source import ensure_project_file
from hardcore.store.working_copy import sync

COPIED = {
    "objects": "hash, kind, version, payload, refs",
    "steps": "number, parent, label, author, at, root, redo",
    "action_log": "number, at, author, line, outcome",
}


def save(source: Path, target: Path, finish: Callable[[sqlite3.Connection], None]) -> None:
    """Write the working copy `source` to the real path `target`; `finish` adds what is not in it yet.

    Whatever happens, `target` is the version before or this one, whole. Raises UserError.
    """
    ensure_target(target)
    sweep(target)
    temp = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        try:
            write(source, temp, finish, embedding.embed)
            if target.exists():
                shutil.copymode(target, temp)
                _keep(target)
            temp.replace(target)
            sync(target.parent)
        finally:
            temp.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise UserError(f"{target.name} is not saved: {why(error)}", "nothing is lost: save elsewhere") from error


def real(path: Path) -> Path:
    """Return the path with `~` and links resolved. Raises UserError for what can be no path."""
    try:
        return Path(os.path.realpath(Path(path).expanduser()))
    except (OSError, ValueError, RuntimeError) as error:
        raise UserError(f"{str(path)[:200]!r} is not a usable name") from error


def ensure_target(target: Path) -> None:
    """Raise UserError unless a project may be written to `target`: a free name, or a project file."""
    try:
        has_folder, is_folder = target.parent.is_dir(), target.is_dir()
    except OSError as error:
        raise UserError(f"{str(target)[:200]!r} is not a usable name", "a shorter one") from error
    if not has_folder:
        raise NotFound(f"there is no folder {target.parent}")
    if is_folder:
        raise UserError(f"{target} is a folder", "name a .hcs file in it")
    if os.path.lexists(target):
        try:
            ensure_project_file(target)
        except UserError as error:
            raise UserError(f"{error.message}: it is not overwritten", "save under another name") from error
        if not os.access(target, os.W_OK):
            raise UserError(f"{target.name} may not be written: it is not overwritten", "save under another name")


def sweep(target: Path) -> None:
    """Remove what a save of `target` that was cut off left beside it; the caller holds the lock of `target`."""
    start = f".{target.name}."
    try:
        for entry in list(os.scandir(target.parent)):
            ours = entry.name.startswith(start) and entry.name.endswith(".tmp")
            if ours and entry.name[len(start) : -4].isdecimal() and not entry.is_dir(follow_symlinks=False):
                Path(entry.path).unlink()
    except OSError:
        pass  # they take room, nothing more


def set_aside(target: Path, word: str = "theirs") -> Path:
    """Keep what is in `target` under a free name beside it, such as `name.theirs.hcs`, and return that.

    Raises UserError.
    """
    number, kept = 1, target.with_name(f"{target.stem}.{word}{target.suffix}")
    while os.path.lexists(kept):
        number += 1
        kept = target.with_name(f"{target.stem}.{word}-{number}{target.suffix}")
    try:
        _linked(target, kept)
        sync(target.parent)
    except OSError as error:
        kept.unlink(missing_ok=True)
        raise UserError(
            f"{target.name} cannot be kept as {kept.name}: {why(error)}", "save under another name"
        ) from error
    return kept


def write(source: Path, temp: Path, *finishing: Callable[[sqlite3.Connection], None]) -> None:
    """Write a working copy and what `finishing` adds as a compact file of a new name. Raises OSError, sqlite3.Error."""
    os.close(os.open(temp, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    connection = schema.make(temp)
    try:
        connection.execute("ATTACH ? AS work", (str(source),))
        connection.execute("BEGIN")
        for table, columns in COPIED.items():
            connection.execute(
                f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM work.{table} ORDER BY rowid"
            )
        connection.execute("INSERT INTO main.meta SELECT key, value FROM work.meta WHERE key NOT LIKE 'work.%'")
        for finish in finishing:
            finish(connection)
        connection.execute("COMMIT")
        size = embedding.room_of(temp, connection)
    finally:
        connection.close()
    if size > schema.MAX_FILE_BYTES:
        raise OSError(0, "larger than a project may be (1 GiB)")
    sync(temp)


def _keep(target: Path) -> None:
    """Keep the version before as `name~`; at no moment is there no file called `target`."""
    kept = target.with_name(target.name + "~")
    temp = target.with_name(f".{target.name}.{os.getpid()}0.tmp")
    temp.unlink(missing_ok=True)
    _linked(target, temp)
    temp.replace(kept)


def _linked(target: Path, other: Path) -> None:
    """Give a file another name, as a copy where there are no hard links. Raises OSError."""
    try:
        os.link(target, other)
    except OSError:
        shutil.copy2(target, other)
