"""The journal: every step goes to a working copy on the disk, written by a thread of its own.

`append` costs the caller a few microseconds; the future that `durable` returns is done when everything appended before
is committed, and that is the acknowledgement: a kill at any later moment loses none of it.
"""

import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path

from hardcore.errors import Refused, UserError
from hardcore.project.history import Head, Step
from hardcore.project.log import LogEntry
from hardcore.store import action_log, schema
from hardcore.store.branches import Branches
from hardcore.store.capacity import CURE, Room
from hardcore.store.encoder import Encoder
from hardcore.store.objects import Memory
from hardcore.store.rows import Edited, Entry, Headed, Made, Moved, insert, stored_branches, write_rows


class Journal:
    """The writer of one working copy. `acknowledged` is the last step committed, −1 before the first.

    `anew` is called when the file is no longer there under its name: it makes the copy again from what is still open of
    it, closes the connection that it is given, and returns the new path.
    `room` is how full the copy is; `news` what a user should know of that, until it is taken.
    """

    anew: Callable[[sqlite3.Connection | None], Path] | None = None

    def __init__(
        self, path: Path, memory: Memory, branches: Branches | None = None, highest_id: int = 0,
        acknowledged: int = -1, room: Room | None = None,
    ) -> None:  # fmt: skip
        self.path = path
        self.acknowledged = acknowledged
        self.room, self.news = room or Room(), ""
        self._encoder = Encoder(memory)
        self._branches = branches or Branches()
        self._highest_id = highest_id
        self._queue: deque[Entry] = deque()
        self._appended = self._committed = 0
        self._waiting: list[tuple[int, Future[None]]] = []
        self._trouble: Exception | None = None
        self._notice: UserError | None = None
        self._identity = path.stat()
        self._closing = self._cautious = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def append(self, step: Step) -> None:
        """Queue a new step, its state with it; never blocks on the disk, never fails. See `flush`."""
        assert step.state is not None, "a new step has its state"
        self._put(Edited(step, step.state))

    def moved(self, at: int) -> None:
        """Queue that we now stand on another step (undo, redo, goto)."""
        self._put(Moved(at))

    def headed(self, name: str, head: Head | None) -> None:
        """Queue that a named head stands there now, or is gone (None)."""
        self._put(Headed(name, head))

    def log(self, entry: LogEntry) -> None:
        """Queue a line of the log. A project that is full takes no more of them."""
        self._put(entry)

    def durable(self) -> "Future[None]":
        """Return a future that this journal's thread ends when all that was appended so far is on the disk.

        It has a UserError when the disk refuses (what is not written stays queued and is tried again by the next call),
        and once when the file was deleted and had to be made anew: then all is on the disk. It has a Refused for a step
        that can't be kept: `drop` it.
        """
        future: Future[None] = Future()
        future.set_running_or_notify_cancel()  # nobody who gives up waiting takes it from the thread
        with self._wake:
            if self._queue:
                self._try_again()
            self._waiting.append((self._appended, future))
            self._answer()
        return future

    def flush(self, timeout: float = 10.0) -> None:
        """Return when all that was appended is on the disk. Raises what `durable` has, or UserError after `timeout` s.

        It blocks its thread: on the loop, `durable` is awaited.
        """
        try:
            self.durable().result(timeout)
        except TimeoutError:
            raise UserError("the disk is slow: the last steps are not written yet") from None

    def _answer(self) -> None:
        """End the futures of what is committed, or all when nothing more is going to be; the caller holds the lock."""
        failed = self._trouble is not None and self._committed < self._appended
        for entry in list(self._waiting):
            wanted, future = entry
            if self._committed < wanted and not failed:
                continue
            self._waiting.remove(entry)
            error = _explained(self._trouble) if self._committed < wanted else self._notice
            if self._committed >= wanted:
                self._notice = None
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

    def drop(self) -> tuple[int, int, Mapping[str, Head]] | None:
        """Forget what is queued behind a step that was refused; None where nothing is refused.

        Returns the last step that is on the disk, and where we and the heads stand there. Who waits for what is
        forgotten is refused as well.
        """
        with self._wake:
            if not isinstance(self._trouble, Refused):
                return None
            self._answer()
            self._queue.clear()
            self._committed, self._trouble, self._cautious = self._appended, None, False
            return self.acknowledged, self._branches.at, dict(self._branches.heads)

    def close(self, keep: bool = True) -> None:
        """Write what is left (unless `keep` is false) and end the thread; what the disk refuses is dropped."""
        with self._wake:
            self._closing = True
            if not keep:
                self._trouble = self._trouble or UserError("the journal is closed")
            self._wake.notify_all()
        self._thread.join()

    def pending(self) -> list[Made]:
        """Return the steps and moves that are queued and not committed."""
        with self._wake:
            return [entry for entry in self._queue if not isinstance(entry, LogEntry)]

    def _put(self, entry: Entry) -> None:
        with self._wake:
            self._queue.append(entry)
            self._appended += 1
            self._try_again()

    def _try_again(self) -> None:
        """Let the thread try what it could not write; what was refused is refused until it is dropped."""
        if not isinstance(self._trouble, Refused):
            self._trouble = None
        self._wake.notify_all()

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        while batch := self._next():
            trouble: Exception | None = None
            try:
                connection = self._connected(connection)
                self._commit(connection, batch)
            except Exception as error:  # told by the next flush; the steps stay queued
                trouble = error
                if isinstance(error, Refused) and len(batch) > 1:
                    self._cautious = True  # the steps before the one that can't be kept are kept
                    continue
            self._settle(batch, trouble)
        if connection is not None:
            connection.close()

    def _connected(self, connection: sqlite3.Connection | None) -> sqlite3.Connection:
        """Return a connection to the file that is there: one to a deleted file would write into nothing."""
        if self.anew is not None and not _is(self.path, self._identity):
            self.path = self.anew(connection)
            connection, self._identity = None, self.path.stat()
            self._notice = UserError(
                "the folder of unsaved work was deleted", "it is made anew and nothing is lost, but save the project"
            )
        return connection or schema.open_working(self.path)

    def _next(self) -> list[Entry]:
        """Return everything queued, once there is something to do; nothing when it is time to end."""
        with self._wake:
            self._wake.wait_for(lambda: self._closing or (self._queue and self._trouble is None))
            if self._closing and self._trouble is not None:
                return []
            return list(self._queue)[: 1 if self._cautious else None]

    def _settle(self, batch: list[Entry], trouble: Exception | None) -> None:
        with self._wake:
            self._trouble = trouble
            if trouble is None:
                for _ in batch:
                    self._queue.popleft()
                self._committed += len(batch)
                steps = [entry.step.number for entry in batch if isinstance(entry, Edited)]
                self.acknowledged = steps[-1] if steps else self.acknowledged
                self._cautious = self._cautious and bool(self._queue)
            self._answer()
            self._wake.notify_all()

    def _commit(self, connection: sqlite3.Connection, batch: list[Entry]) -> None:
        """Write a batch in one transaction, all of it or nothing."""
        try:
            rows = write_rows(batch, self._encoder, self._branches)
            self._highest_id = max([self._highest_id, *(e.state.next_id for e in batch if isinstance(e, Edited))])
            connection.execute("BEGIN IMMEDIATE")
            insert(connection, rows, self._encoder, self._branches, self._highest_id)
            if self.room.share < 1:
                action_log.add(connection, (entry for entry in batch if isinstance(entry, LogEntry)))
            room = self._taken(connection, len(rows))
            connection.execute("COMMIT")
        except BaseException as error:
            self._encoder.failed()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, Refused):
                self._branches = stored_branches(connection)
            raise
        self.news = room.told_since(self.room) or self.news
        self.room = room
        self._encoder.stored()
        self._branches.written()

    def _taken(self, connection: sqlite3.Connection, steps: int) -> Room:
        """Return how full the copy is with what the open transaction adds. Raises Refused when that is too much."""
        (pages,), (size,) = (connection.execute(f"PRAGMA page_{what}").fetchone() for what in ("count", "size"))
        before, new = self.room, self._encoder
        room = Room(pages * size, before.content + new.content, before.objects + len(new.fresh), before.steps + steps)
        if room.is_over:
            raise Refused("that is more than a project may hold: it is taken back", CURE)
        return room


def _is(path: Path, identity: os.stat_result) -> bool:
    try:
        return os.path.samestat(path.stat(), identity)
    except OSError:
        return False


def _explained(trouble: Exception | None) -> Exception:
    """Return what to raise for a failed write."""
    if isinstance(trouble, UserError) or trouble is None:
        return trouble or UserError("the journal is closed")
    if isinstance(trouble, sqlite3.Error | OSError):
        words = str(trouble).removeprefix("database or ")
        return UserError(
            f"the last steps are not on the disk: {words}", "they are kept in memory: make room, or save elsewhere"
        )
    return RuntimeError("the journal could not write a step").with_traceback(trouble.__traceback__)
