"""Branches: which step redo leads to from each step, kept so that a reopened project redoes as it did before."""

from collections.abc import Iterable


class Branches:
    """Follows the steps and the moves of a History. `changes` are the rows of `steps.redo` to write.

    Redo leads to the newest child unless one visited later is written down; the way to where we stand is always
    the way that redo leads, which is why an undo changes nothing and a redo at most one row.
    """

    def __init__(self, steps: Iterable[tuple[int, int | None, int | None]] = (), at: int = 0) -> None:
        """Start from (number, parent, redo) of the stored steps, standing at step `at`."""
        self._parents: dict[int, int | None] = {}
        self._newest: dict[int, int] = {}
        self._redo: dict[int, int] = {}
        self.changes: dict[int, int | None] = {}
        for number, parent, redo in steps:
            self._parents[number] = parent
            if parent is not None:
                self._newest[parent] = max(number, self._newest.get(parent, 0))
            if redo is not None:
                self._redo[number] = redo
        self.at = at

    def add(self, number: int, parent: int | None) -> None:
        """Follow an edit: a new step, where we now stand."""
        if parent is not None:
            self._prefer(parent, number, newest=True)
        self._parents[number] = parent
        self.at = number

    def move(self, at: int) -> None:
        """Follow an undo, redo or goto to step `at`."""
        before, self.at = self.at, at
        if self._parents.get(before) == at:
            return
        step, parent = at, self._parents.get(at)
        while parent is not None:
            self._prefer(parent, step)
            if parent == before:
                return
            step, parent = parent, self._parents.get(parent)

    def _prefer(self, parent: int, child: int, newest: bool = False) -> None:
        if newest:
            self._newest[parent] = child
        wanted = None if self._newest[parent] == child else child
        if self._redo.get(parent) != wanted:
            self.changes[parent] = wanted
            if wanted is None:
                del self._redo[parent]
            else:
                self._redo[parent] = wanted
