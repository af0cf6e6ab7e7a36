"""The reader: the second connection to a working copy, beside the journal's."""

import contextlib
import sqlite3
import threading
from pathlib import Path

from hardcore.errors import UserError
from hardcore.project.log import LogEntry
from hardcore.project.state import ProjectState
from hardcore.store import action_log, schema, working_copy
from hardcore.store.decoder import Decoder
from hardcore.store.objects import Memory, Stored
from hardcore.store.working_copy import Saved, WorkingCopy


class Reader:
    """Brings the states of old steps, and keeps what a working copy knows of itself."""

    def __init__(self, file: Path, memory: Memory, roots: dict[int, bytes]) -> None:
        self._connection = schema.open_working(file)
        self._roots = roots
        self._lock = threading.Lock()
        self._decoder = Decoder(self._fetch, memory)

    def load(self, number: int) -> ProjectState:
        """Return the state after a step of the opened file. Raises UserError."""
        with self._lock:
            try:
                return self._decoder.decode(self._roots[number])
            except sqlite3.Error as error:
                raise UserError(f"step {number} cannot be read: {error}") from error

    def move(self, copy: WorkingCopy) -> None:
        """Make a working copy that was deleted anew, and go on there. Raises UserError, OSError, sqlite3.Error."""
        with self._lock:
            copy.move(self._connection)
            connection = schema.open_working(copy.file)
            self._connection.close()
            self._connection = connection

    def root(self, number: int) -> bytes | None:
        """Return the digest of the state after a step, None when it is not on the disk."""
        with self._lock, contextlib.suppress(sqlite3.Error):
            row = self._connection.execute("SELECT root FROM steps WHERE number = ?", (number,)).fetchone()
            return bytes(row[0]) if row else None
        return None

    def log(self, count: int) -> list[LogEntry]:
        """Return the newest lines of the log, the newest last. Raises UserError."""
        with self._lock:
            try:
                return action_log.last(self._connection, count)
            except sqlite3.Error as error:
                raise UserError(f"the log cannot be read: {error}") from error

    def uses(self) -> list[tuple[int, str]]:
        """Return what came from the user's library, each with its step. Raises UserError."""
        with self._lock:
            try:
                return action_log.uses(self._connection)
            except sqlite3.Error as error:
                raise UserError(f"the log cannot be read: {error}") from error

    def remember(self, origin: str | None, saved: Saved, mark: list[int] | None) -> None:
        """Write what the copy knows of itself; a disk that refuses is no error."""
        with self._lock, contextlib.suppress(sqlite3.Error):
            working_copy.set_meta(self._connection, origin=origin, saved=saved, mark=mark)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _fetch(self, address: bytes) -> Stored | None:
        return working_copy.fetch(self._connection, address)
