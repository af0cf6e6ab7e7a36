"""Branches: where each head stands, and which step redo leads to from each step; a reopened project has them again."""

from collections.abc import Collection, Iterable, Mapping

from hardcore.project.history import MAIN, Head


class Branches:
    """Follows the steps and the moves of a History, for what is written.

    Redo leads to the newest child that was made on main unless one visited later is written down; the way to where we
    stand is always the way that redo leads, which is why an undo changes nothing and a redo at most one row.

    changes   the rows of `steps.redo` to write
    made_on   steps made on a named head, to write
    moved     whether `heads` are to be written
    """

    def __init__(
        self,
        steps: Iterable[tuple[int, int | None, int | None]] = (),
        at: int = 0,
        heads: Mapping[str, Head] | None = None,
        made_on: Mapping[int, str] | None = None,
    ) -> None:
        """Start from (number, parent, redo) of the stored steps, standing at step `at`; `made_on` names their heads."""
        self._parents: dict[int, int | None] = {}
        self._newest: dict[int, int] = {}
        self._redo: dict[int, int] = {}
        self.changes: dict[int, int | None] = {}
        self.made_on: dict[int, str] = {}
        self.heads, self.moved = dict(heads or {}), False
        for number, parent, redo in steps:
            self._parents[number] = parent
            if parent is not None and number not in (made_on or {}):
                self._newest[parent] = max(number, self._newest.get(parent, 0))
            if redo is not None:
                self._redo[number] = redo
        self.at = at

    def add(self, number: int, parent: int | None, head: str = MAIN) -> None:
        """Follow an edit: a new step, where its head now stands."""
        self._parents[number] = parent
        if head != MAIN:
            self.made_on[number] = head
            known = self.heads.get(head)  # a batch that is tried again may have ended it already
            self.put(head, known and known._replace(step=number))
            return
        if parent is not None:
            self._prefer(parent, number, newest=True)
        self.at = number

    def put(self, name: str, head: Head | None) -> None:
        """Follow a named head: it stands there now; None: it is gone."""
        self.heads.pop(name, None)
        if head is not None:
            self.heads[name] = head
        self.moved = True

    def move(self, at: int) -> None:
        """Follow an undo, redo or goto of main to step `at`."""
        before, self.at = self.at, at
        if self._parents.get(before) == at:
            return
        step, parent = at, self._parents.get(at)
        while parent is not None:
            self._prefer(parent, step)
            if parent == before:
                return
            step, parent = parent, self._parents.get(parent)

    @property
    def numbers(self) -> Collection[int]:
        """Return the numbers of all steps."""
        return self._parents.keys()

    def written(self) -> None:
        """Say that all of it is in the file."""
        self.changes.clear()
        self.made_on.clear()
        self.moved = False

    def _prefer(self, parent: int, child: int, newest: bool = False) -> None:
        if newest:
            self._newest[parent] = child
        wanted = None if self._newest.get(parent) == child else child
        if self._redo.get(parent) != wanted:
            self.changes[parent] = wanted
            if wanted is None:
                del self._redo[parent]
            else:
                self._redo[parent] = wanted
