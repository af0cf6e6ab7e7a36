"""Working copies: where the journal of each open project lies, and what a crash leaves to recover.

Each has a folder of its own under the state folder, locked by the process that uses it. `meta` says which file it
belongs to (`work.origin`), what of it is saved there (`work.saved`) and how that file looked then (`work.mark`).
"""

import json
import os
import shutil
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

from hardcore.errors import UserError
from hardcore.paths import state_folder
from hardcore.project.history import MAIN, Head, History
from hardcore.store import schema
from hardcore.store.lock import Lock
from hardcore.store.objects import Stored

NAME = "journal.hcs"
# Stands beside the journal of a script that ended by itself; of those the newest few are kept.
ENDED, KEPT_ENDED = "ended", 5


class Saved(NamedTuple):
    """What the file of a working copy has: the last step, the one that it stands on, and its named heads."""

    last: int
    at: int
    heads: dict[str, Head] = {}

    @classmethod
    def of(cls, history: History) -> Self:
        """Return what a file has that holds all of a history."""
        return cls(history.last, history.at, dict(history.heads))

    @classmethod
    def parse(cls, value: Any) -> Self:
        """Return what `work.saved` says; copies of an older program name no heads. Raises ValueError, TypeError."""
        last, at, heads = (*value, {})[:3]
        if type(last) is not int or type(at) is not int:
            raise ValueError("what is saved cannot be read")
        return cls(last, at, {str(name): Head(*map(int, head)) for name, head in heads.items()})

    @property
    def places(self) -> dict[str, int]:
        """Return the step that each head stands on, main's too."""
        return {MAIN: self.at} | {name: head.step for name, head in self.heads.items()}


# What the file of a copy has when there is none.
NOTHING_SAVED = Saved(-1, -1)


@dataclass(slots=True)
class WorkingCopy:
    """A folder with a journal, locked for this process."""

    folder: Path
    lock: Lock

    @property
    def file(self) -> Path:
        """Return the path of the journal."""
        return self.folder / NAME

    @property
    def making(self) -> Path:
        """Return the path of the journal until it is settled: what has that name only, nobody ever worked in."""
        return self.folder / f"{NAME}.making"

    @property
    def is_empty(self) -> bool:
        """Return whether nobody ever worked here: there is no journal, and no log of one that is gone."""
        log = self.file.with_name(f"{NAME}-wal")
        return not self.file.exists() and not (log.exists() and log.stat().st_size)

    def discard(self) -> None:
        """Remove the copy and everything in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.lock.release()

    def end(self) -> None:
        """Note that a script left this and ended by itself; of such copies only the newest KEPT_ENDED stay."""
        with suppress(OSError):
            (self.folder / ENDED).touch(0o600)
            left = [(mark.stat().st_mtime_ns, mark.parent) for mark in home().glob(f"*/{ENDED}")]
            for _, folder in sorted(left, reverse=True)[KEPT_ENDED:]:
                old = claim(folder) if folder != self.folder else None
                if old is not None:
                    old.discard()

    def move(self, connection: sqlite3.Connection) -> None:
        """Make the copy anew in another folder, from a connection to files that were deleted under their name.

        The old folder is there again, empty, so that nobody else gets it until all is closed that is open to its files:
        SQLite removes a log by its name when it closes the last connection. Raises UserError, OSError, sqlite3.Error.
        """
        home()
        self.folder.mkdir(mode=0o700, exist_ok=True)
        new = fresh()
        try:
            new.making.touch(0o600)
            target = sqlite3.connect(new.making)
            try:
                connection.backup(target)
            finally:
                target.close()
            new.settle()
        except BaseException:
            new.discard()
            raise
        self.lock.release()
        self.folder, self.lock = new.folder, new.lock

    def settle(self) -> None:
        """Put the journal, made fast, on the disk under its name before it is relied on."""
        sync(self.making)
        self.making.rename(self.file)
        sync(self.folder)


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk. Raises OSError."""
    if os.name == "nt" and path.is_dir():
        return  # a folder cannot be synced there
    fd = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def home() -> Path:
    """Return the folder of all working copies."""
    folder = state_folder() / "work"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def fresh() -> WorkingCopy:
    """Return a new, empty, locked working copy. Raises UserError when the disk refuses."""
    try:
        parent, number = home(), 1
        while True:
            folder = parent / f"{number:04d}"
            try:
                folder.mkdir(mode=0o700)
                return WorkingCopy(folder, Lock.acquire(folder / NAME))
            except (FileExistsError, UserError):
                number += 1  # in use, or another process is clearing it away just now
                if number > 9999:
                    raise UserError("there are too many working copies", f"clear {parent}") from None
    except OSError as error:
        raise UserError(
            f"no working copy can be made: {error.strerror or error}", "HARDCORE_HOME names another place"
        ) from error


def claim(folder: Path) -> WorkingCopy | None:
    """Return the working copy in a folder, locked; None when a process has it open or it is none."""
    if not folder.is_dir():
        return None
    try:
        return WorkingCopy(folder, Lock.acquire(folder / NAME))
    except UserError:
        return None


def get_meta(connection: sqlite3.Connection, key: str) -> Any:
    """Return a value of `meta`, None when there is none."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return json.loads(row[0]) if row else None


def set_meta(connection: sqlite3.Connection, **values: object) -> None:
    """Set what a working copy knows of itself; the names get the prefix `work.`."""
    rows = [(f"work.{key}", json.dumps(value)) for key, value in values.items()]
    connection.executemany(schema.SET_META, rows)


def fetch(connection: sqlite3.Connection, address: bytes) -> Stored | None:
    """Return the object at a digest, None when there is none."""
    row = connection.execute(
        "SELECT hash, kind, version, payload, refs FROM objects WHERE hash = ?", (address,)
    ).fetchone()
    return Stored(*row) if row else None


def mark(path: Path) -> list[int] | None:
    """Return what tells one version of a file from the next: inode, size, time of change; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return [found.st_ino, found.st_size, found.st_mtime_ns]
