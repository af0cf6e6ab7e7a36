"""Project files: create, open, recover. Each gives an `Opened`, with a working copy of its own."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from hardcore.errors import UserError, why
from hardcore.project.history import MAIN, History
from hardcore.project.state import ProjectState, new_project
from hardcore.store import saving, schema, wal, working_copy
from hardcore.store.branches import Branches
from hardcore.store.capacity import Room
from hardcore.store.intake import Intake, take_in
from hardcore.store.journal import Journal
from hardcore.store.leftovers import Recoverable, recoverable
from hardcore.store.lock import Lock, NotWritable
from hardcore.store.objects import Memory
from hardcore.store.opened import Opened
from hardcore.store.reader import Reader
from hardcore.store.salvage import salvage
from hardcore.store.source import ensure_project_file
from hardcore.store.working_copy import NOTHING_SAVED, Saved, WorkingCopy

__all__ = ["Opened", "Recoverable", "create", "open_project", "recover", "recoverable"]


def create(
    path: Path | None = None, state: ProjectState | None = None, *, at: float = 0.0, author: str = "you"
) -> Opened:
    """Return a new open project, to be saved at `path` if one is given; no file is written yet.

    `at` is seconds since 1970. Raises UserError when there is such a file.
    """
    target = saving.real(path) if path is not None else None
    lock = None
    if target is not None:
        if os.path.lexists(target):
            raise UserError(f"there already is a file {target.name}", "open it, or choose another name")
        saving.ensure_target(target)
        lock = Lock.acquire(target, hint="choose another name")
    try:
        copy = working_copy.fresh()
        try:
            return _started(History(state or new_project(), at=at, author=author), copy, target, lock)
        except BaseException:
            copy.discard()
            raise
    except BaseException as error:
        _let_go(lock)
        raise _told(error) from error


def open_project(path: Path, *, read_only: bool = False) -> Opened:
    """Return the project in a file, which stays as it is until saved. Raises UserError in one line.

    One that may not be written is opened read-only, and its news says so.
    """
    target = saving.real(path)
    ensure_project_file(target)
    lock = None if read_only else _lock(target)
    told = "" if read_only or lock is not None else f"{target.name} may not be written: it is open read-only"
    read_only = lock is None
    try:
        if lock is not None:
            saving.sweep(target)
        opened = _taken(target, lock, None if read_only else target)
    except BaseException as error:
        _let_go(lock)
        raise _told(error) from error
    opened.path, opened.read_only = target, read_only
    opened.journal.news = told or opened.journal.news
    opened.remember()
    return opened


def _lock(target: Path) -> Lock | None:
    """Return the lock of a project's file; None where nothing may be written. Raises UserError."""
    if not os.access(target, os.W_OK):
        return None
    try:
        return Lock.acquire(target, hint=f"/open {target.name} --read-only looks at it")
    except NotWritable:
        return None


def recover(item: Recoverable) -> Opened:
    """Return the project as a crash left it, its file still to be saved. Raises UserError.

    When the file was changed since, by someone else, the project has no file until it is saved under a name. When the
    copy turns out to be damaged, what can be read of it is returned, `damage` says so, and the copy is put aside.
    """
    old = working_copy.claim(item.folder)
    if old is None or old.is_empty:
        raise UserError(f"{item.title} is no longer there to recover", "another process may have it")
    try:
        try:
            return _recovered(old)
        except _Damaged:
            mended = salvage(old)
            if mended is None:
                raise
            old = mended
            return _recovered(old)
    except _Damaged as error:
        raise UserError(f"{item.title} cannot be read", "its damaged files are kept") from error
    except BaseException as error:
        raise _told(error) from error
    finally:
        old.lock.release()


def thinned(opened: Opened, thin: Callable[[sqlite3.Connection], None]) -> Opened:
    """Return the project, as `thin` leaves a copy of it, in a working copy of its own and as yet without a file.

    Raises UserError.
    """
    try:
        scratch = working_copy.fresh()
        try:
            saving.write(opened.copy.file, scratch.making, thin)
            return _taken(scratch.making, None, None, Saved.of(opened.history))
        finally:
            scratch.discard()
    except BaseException as error:
        raise _told(error) from error


class _Damaged(Exception):
    """A working copy cannot be read as it should."""


def _recovered(old: WorkingCopy) -> Opened:
    """Return the project in a working copy, which is removed then. Raises _Damaged, UserError, OSError."""
    if not wal.is_whole(old.file):
        raise _Damaged
    target, saved, damage = _belonging(old)
    lock = Lock.acquire(target, hint="close it there first") if target is not None else None
    try:
        opened = _taken(old.file, lock, target, saved)
    except UserError as error:  # what comes of the disk under the new copy is told in the same words by the salvage
        _let_go(lock)
        raise _Damaged from error
    except BaseException:
        _let_go(lock)
        raise
    opened.path, opened.recovered, opened.damage = target, True, damage
    opened.remember()
    old.discard()
    return opened


def _started(history: History, copy: WorkingCopy, target: Path | None, lock: Lock | None) -> Opened:
    connection = schema.make(copy.making)
    working_copy.set_meta(connection, saved=Saved(0, 0))
    connection.close()
    copy.settle()
    memory = Memory()
    reader = Reader(copy.file, memory, {})
    opened = Opened(history, Journal(copy.file, memory), target, False, False, Saved(0, 0), copy, reader, lock)
    opened.append(history.step)
    opened.remember()
    return opened


def _belonging(old: WorkingCopy) -> tuple[Path | None, Saved, str]:
    """Return the file that a working copy belongs to, if it is as it was, what of it is saved there, and its damage.

    Raises _Damaged.
    """
    try:
        connection = schema.open_reading(old.file)
        try:
            origin, saved, mark, damage = (
                working_copy.get_meta(connection, f"work.{key}") for key in ("origin", "saved", "mark", "damage")
            )
        finally:
            connection.close()
        if origin is not None and working_copy.mark(Path(origin)) == mark:
            return Path(origin), Saved.parse(saved), damage or ""
        return None, NOTHING_SAVED, damage or ""
    except (sqlite3.Error, ValueError, TypeError, IndexError) as error:
        raise _Damaged from error


def _taken(source: Path, lock: Lock | None, origin: Path | None, saved: Saved | None = None) -> Opened:
    """Return the project in `source`, in a working copy of its own, which belongs to the file `origin`.

    What of it is `saved` there is all of it by default. Raises UserError, OSError, sqlite3.Error.
    """
    copy = working_copy.fresh()
    try:
        connection = schema.make(copy.making)
        try:
            mark = working_copy.mark(origin) if origin is not None else None
            intake = take_in(source, connection, alone=saved is None)
            saved = saved or Saved(intake.steps[-1].number, intake.at, dict(intake.heads))
            working_copy.set_meta(connection, origin=str(origin) if origin else None, saved=saved, mark=mark)
        finally:
            connection.close()
        copy.settle()
        memory = Memory()
        reader = Reader(copy.file, memory, intake.roots)
        try:
            history = _history(intake, reader)
        except BaseException:
            reader.close()
            raise
    except BaseException:
        copy.discard()
        raise
    steps = [(step.number, step.parent, intake.redo.get(step.number)) for step in intake.steps]
    made_on = {step.number: step.head for step in intake.steps if step.head != MAIN}
    branches = Branches(steps, intake.at, intake.heads, made_on)
    room = Room(copy.file.stat().st_size, intake.content, intake.objects, len(intake.steps))
    journal = Journal(copy.file, memory, branches, history.highest_id, history.last, room)
    return Opened(history, journal, None, False, False, saved, copy, reader, lock)


def _history(intake: Intake, reader: Reader) -> History:
    """Return the history of a file, standing where it was left, with that state decoded. Raises UserError."""
    history = History.of(intake.steps, intake.at, intake.highest_id, reader.load, heads=intake.heads, redo=intake.redo)
    history.highest_id = max(history.highest_id, history.state().next_id)
    return history


def _let_go(lock: Lock | None) -> None:
    if lock is not None:
        lock.release()


def _told(error: BaseException) -> BaseException:
    """Return the error in words, when it came from the disk under the working copy."""
    if isinstance(error, OSError | sqlite3.Error):
        return UserError(f"no working copy can be made: {why(error)}", "HARDCORE_HOME names another place")
    return error
