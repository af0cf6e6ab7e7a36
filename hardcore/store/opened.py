"""An open project: its history, its journal and its file. What the controller keeps its steps in."""

import contextlib
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from hardcore.errors import UserError
from hardcore.project.history import History, Step
from hardcore.project.log import LogEntry
from hardcore.store import library, saving, working_copy
from hardcore.store.encoder import Encoder
from hardcore.store.journal import Journal
from hardcore.store.lock import Lock
from hardcore.store.objects import Memory
from hardcore.store.reader import Reader
from hardcore.store.rows import Edited, insert, stored_branches, write_rows
from hardcore.store.source import ends_with
from hardcore.store.working_copy import NOTHING_SAVED, Saved, WorkingCopy


@dataclass(slots=True)
class Opened:
    """An open project. `path` is its real path, None until it has one; `recovered` says it has work from a crash.

    `damage` says what of that could not be read, empty when all could; `theirs` is where the last save put what someone
    else had made of the file meanwhile.
    Read-only means that its file will not be written; edits are journaled all the same and may be saved elsewhere.
    `saved` is what the file has: its last step, and where the heads stand.
    """

    history: History
    journal: Journal
    path: Path | None
    read_only: bool
    recovered: bool
    saved: Saved
    copy: WorkingCopy
    reader: Reader
    lock: Lock | None
    damage: str = ""
    theirs: Path | None = None
    _seen: list[int] | None = None

    def __post_init__(self) -> None:
        """Let the journal make the working copy anew when someone deletes it."""
        self.journal.anew = self._anew

    def append(self, step: Step) -> None:
        """Queue a new step for the journal; its state is taken as it is now. Never fails, never waits."""
        self.journal.append(step)

    def moved(self, at: int) -> None:
        """Queue that we now stand on another step."""
        self.journal.moved(at)

    def flush(self, timeout: float = 10.0) -> None:
        """Return when every step and move is on the disk. Raises UserError."""
        self.journal.flush(timeout)

    @property
    def unsaved(self) -> bool:
        """Return whether there is anything that the file does not have."""
        gone = self.path is not None and self.history.last > 0 and not self.path.exists()
        return gone or Saved.of(self.history) != self.saved

    @property
    def full(self) -> str:
        """Return why no more edits are taken, in words; empty while there is room."""
        room = self.journal.room
        return room.words if room.share >= 1 else ""

    def news(self) -> str:
        """Return what a user should know of the room that is left, once; empty when nothing."""
        news, self.journal.news = self.journal.news, ""
        return news

    def log(self, count: int) -> list[LogEntry]:
        """Return the newest lines of the log on the disk, the newest last. Raises UserError when it cannot be read."""
        return self.reader.log(count)

    def saved_heads(self) -> dict[str, int] | None:
        """Return the step that each head stands on in the file, main's too; None when the project has no file yet."""
        has_file = self.path is not None and self.saved != NOTHING_SAVED and self.path.exists()
        return self.saved.places if has_file else None

    def save(self, path: Path | None = None) -> None:
        """Write the project to its file, or to `path` and go on there. Raises UserError.

        The version before is kept as `name.hcs~`, one by someone else under a name of its own (`theirs`). The file is
        written even when the journal's disk is full.
        """
        target = saving.real(path) if path is not None else self.path
        if target is None:
            raise UserError("the project has no file yet", "save NAME.hcs")
        if target == self.path and self.read_only:
            raise UserError(f"{target.name} is open read-only", "save under another name")
        lock = self.lock if target == self.path else None
        if lock is None:
            saving.ensure_target(target)
            lock = Lock.acquire(target, hint="save under another name")
        theirs = saving.set_aside(target) if target == self.path and self._is_changed(target) else None
        try:
            self._write(target)
        except BaseException:
            if lock is not self.lock:
                lock.release()
            if theirs is not None:
                theirs.unlink(missing_ok=True)
            raise
        self.theirs = theirs
        if self.lock is not None and self.lock is not lock:
            self.lock.release()
        self.lock, self.path, self.read_only, self.recovered = lock, target, False, False
        self.remember()
        self._note_uses(target)

    def _note_uses(self, target: Path) -> None:
        """Let the user's library know what of it is in the file; a library that cannot be used holds up no save."""
        way = {step.number for step in self.history.line()}
        with contextlib.suppress(UserError):
            found = {use: step for step, use in self.reader.uses() if step in way}
            if found:
                library.note_uses(str(target), found, self.history.step.at)

    def close(self, keep: bool = True, few: bool = False) -> None:
        """End the journal. What is not saved stays to be recovered, unless `keep` is false.

        `few`: as one of the few of its kind that stay, see `WorkingCopy.end`.
        Raises UserError, after all is closed, when steps reached neither the file nor the journal.
        """
        trouble: UserError | None = None
        self._touch()
        try:
            self.journal.flush()
        except UserError as error:
            trouble = error if self.journal.pending() else None
        self.journal.close()
        kept = keep and self.unsaved
        self.reader.close()
        if kept:
            if few:
                self.copy.end()
            self.copy.lock.release()
        else:
            self.copy.discard()
        if self.lock is not None:
            self.lock.release()
        if kept and trouble is not None:
            raise trouble

    def succeed(self, old: "Opened") -> None:
        """Take the place of another open project of the same file, which holds what this one was saved as there."""
        for number, step in self.history.steps.items():
            step.state = old.history.steps[number].state or step.state
        self.path, self.lock, old.lock = old.path, old.lock, None
        self.saved = Saved.of(self.history)
        self.remember()
        old.journal.close()
        old.reader.close()
        old.copy.discard()

    def remember(self) -> None:
        """Note in the working copy which file it belongs to and what of it is saved there.

        A full disk is no error here: at worst, saved work is offered again after a crash.
        """
        mark = self._seen = working_copy.mark(self.path) if self.path else None
        # a read-only copy belongs to no file: were it recovered, it would take the file from its holder
        origin = str(self.path) if self.path and not self.read_only else None
        self.reader.remember(origin, self.saved, mark)

    def _is_changed(self, target: Path) -> bool:
        """Return whether someone else wrote to the file since it was read or saved."""
        now = working_copy.mark(target)
        root = self.reader.root(self.saved.last)
        return now is not None and now != self._seen and not (root and ends_with(target, self.saved.last, root))

    def _anew(self, connection: sqlite3.Connection | None) -> Path:
        """Make the working copy again in another folder, from what is open of its deleted files; return its path.

        On the journal's thread, whose connection is closed.
        """
        left = self.copy.folder
        self.reader.move(self.copy)
        if connection is not None:
            connection.close()
        shutil.rmtree(left, ignore_errors=True)
        return self.copy.file

    def _touch(self) -> None:
        """Give the journal something to write when its file is gone: it would not see that otherwise."""
        if not self.copy.file.exists():
            self.journal.moved(self.history.at)

    def _write(self, target: Path) -> None:
        self._touch()
        with contextlib.suppress(UserError):  # the file gets what the journal could not write, see `_finish`
            self.journal.flush()
        reached: list[Saved] = []
        saving.save(self.copy.file, target, lambda connection: reached.append(self._finish(connection)))
        self.saved = reached[0]

    def _finish(self, connection: sqlite3.Connection) -> Saved:
        """Add what the journal could not write; return what the file has."""
        branches = stored_branches(connection)
        known = set(branches.numbers)
        left = [e for e in self.journal.pending() if not (isinstance(e, Edited) and e.step.number in known)]
        if left:
            encoder = Encoder(Memory())
            insert(connection, write_rows(left, encoder, branches), encoder, branches, self.history.highest_id)
        return Saved(max(branches.numbers), branches.at, dict(branches.heads))
