"""Compaction: a shorter history in the same file; the file before stays beside it, whole, under a name of its own.

What stays are the beginning, the present, the ends of all branches and where they part, and whatever is young, each
with the step it came from, so that an undo there takes back what it did.
"""

import sqlite3
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.project.history import MAIN, History
from hardcore.store import project_file, saving
from hardcore.store.heads import MADE_ON
from hardcore.store.opened import Opened
from hardcore.store.working_copy import Saved


class Kept(NamedTuple):
    """A step that stays: its parent among those that stay, and where redo leads when that is not the newest child."""

    number: int
    parent: int | None
    redo: int | None


class Compaction:
    """A shorter history of an open project: `prepare` may take long and changes nothing, `finish` puts it in place.

    steps    how many there were, and how many stay
    backup   where the file before is kept, once it is finished
    """

    def __init__(self, opened: Opened, since: float, marked: Collection[int] = ()) -> None:
        """Choose what stays: see `kept_steps`. Raises UserError when there is no file."""
        if opened.path is None or opened.read_only:
            raise UserError("a project without a file of its own has nothing to compact", "save NAME.hcs first")
        history = opened.history
        self._old, self._place = opened, Saved.of(history)
        heads = [number for head in history.heads.values() for number in (head.step, head.fork)]
        self._kept = kept_steps(history, since, (*marked, *heads))
        self._new: Opened | None = None
        self.steps = (len(history.steps), len(self._kept))
        self.backup: Path | None = None

    def prepare(self) -> None:
        """Make a working copy of what stays, checked like a file that someone sent. Raises UserError."""
        self._new = project_file.thinned(self._old, lambda connection: thin(connection, self._kept))

    def finish(self) -> Opened:
        """Keep the file before under a name of its own, write the shorter one in its place, and return it open.

        Raises UserError, also when the project was edited since; then all is as it was.
        """
        old, new = self._old, self._new
        assert new is not None and old.path is not None, "it was prepared"
        old.flush()
        if Saved.of(old.history) != self._place:
            raise UserError("the project was edited meanwhile", "history compact once more")
        backup = saving.set_aside(old.path, "before-compact")
        try:
            saving.save(new.copy.file, old.path, lambda connection: None)
        except BaseException:
            with suppress(OSError):
                if backup.samefile(old.path):  # else it holds what the file no longer does
                    backup.unlink()
            raise
        self.backup, self._new = backup, None
        new.succeed(old)
        return new

    def discard(self) -> None:
        """Remove what was prepared, if it was not finished."""
        if self._new is not None:
            self._new.close(keep=False)
            self._new = None


def kept_steps(history: History, since: float, marked: Collection[int] = ()) -> list[Kept]:
    """Return the steps that stay, in order: those above, those after `since` (seconds since 1970), those `marked`."""
    steps = history.steps
    young = {number for number, step in steps.items() if step.at > since} | {history.at}
    chosen = {0, *marked, *young, *(number for number, step in steps.items() if len(step.children) != 1)}
    chosen |= {parent for number in young if (parent := steps[number].parent) is not None}
    above: dict[int, int | None] = {}
    for number in sorted(steps):  # a step comes after the one it follows
        parent = steps[number].parent
        above[number] = parent if parent is None or parent in chosen else above[parent]
    newest = {above[number]: number for number in sorted(chosen) if steps[number].head == MAIN}
    led = {number: _redo(history, number, chosen) for number in chosen}
    return [
        Kept(number, above[number], None if led[number] == newest.get(number) else led[number])
        for number in sorted(chosen)
    ]


def _redo(history: History, number: int, chosen: Collection[int]) -> int | None:
    """Return the first step that stays on the way that redo leads from a step."""
    while (following := history.following(number)) is not None:
        number = following
        if number in chosen:
            return number
    return None


def thin(connection: sqlite3.Connection, kept: list[Kept]) -> None:
    """Leave out the other steps of a project file, and let those that stay follow each other."""
    connection.execute("CREATE TEMP TABLE kept (number INTEGER PRIMARY KEY, parent INTEGER, redo INTEGER)")
    connection.executemany("INSERT INTO kept VALUES (?, ?, ?)", kept)
    connection.execute("DELETE FROM main.steps WHERE number NOT IN (SELECT number FROM kept)")
    connection.execute(
        "DELETE FROM main.meta WHERE key LIKE ? || '%' "
        "AND CAST(substr(key, ?) AS INTEGER) NOT IN (SELECT number FROM kept)",
        (MADE_ON, len(MADE_ON) + 1),
    )
    connection.execute(
        "UPDATE main.steps SET (parent, redo) = (SELECT parent, redo FROM kept WHERE kept.number = steps.number)"
    )
