"""History: a tree of immutable states. Undo and redo walk it, an edit after an undo starts a branch.

We stand on one step of it: that is *main*, what is played, shown and saved. A named head is another place in the same
tree, where somebody else works: its edits, undo and redo move the head and leave main where it is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hardcore.errors import UserError, nearest
from hardcore.project.state import ProjectState

MAIN = "main"
MAX_HEADS = 64
_NAME = re.compile(r"[^\W_][\w-]{0,39}")


def is_head_name(name: str) -> bool:
    """Return whether a named head may be called that: a word of letters, digits, - and _, 40 at most, not main."""
    return name != MAIN and _NAME.fullmatch(name) is not None


class Head(NamedTuple):
    """A named head: the step it stands on, the step of main that it left from, and the newest step at that time.

    After a merge it stands on main's step with what was merged, and left from the one before: if that merge is undone,
    it still has its work.
    """

    step: int
    fork: int
    since: int


@dataclass(slots=True)
class Step:
    """One undoable change: its number, the step before it, what it did, who did it, and the state after it.

    `state` is None for a step of an opened file until someone goes there. `at` is seconds since 1970.
    `head` is the head it was made on; `redo` is the child that main's redo leads to, None where there is none.
    """

    number: int
    parent: int | None
    label: str
    author: str
    at: float
    state: ProjectState | None = None
    children: list[int] = field(default_factory=list)
    head: str = MAIN
    redo: int | None = None


class History:
    """The steps of a project and where in them we stand. `load` brings the state of a step that was not kept."""

    def __init__(
        self, state: ProjectState, *, label: str = "new project", author: str = "you", at: float = 0.0
    ) -> None:
        self.steps: dict[int, Step] = {0: Step(0, None, label, author, at, state)}
        self.at = 0
        self.heads: dict[str, Head] = {}
        self.load: Callable[[int], ProjectState] | None = None
        self.last = 0
        self.highest_id = state.next_id

    @classmethod
    def of(
        cls,
        steps: list[Step],
        at: int,
        highest_id: int,
        load: Callable[[int], ProjectState] | None = None,
        *,
        heads: Mapping[str, Head] | None = None,
        redo: Mapping[int, int] | None = None,
    ) -> "History":
        """Return the history of an opened file: `steps` in order, standing at step `at`.

        Redo leads to the newest child that was made on main, or where `redo` says.
        """
        history = cls.__new__(cls)
        history.steps = {step.number: step for step in steps}
        for step in steps:
            step.children.clear()
            step.redo = None
        for step in steps:
            if step.parent is not None:
                above = history.steps[step.parent]
                above.children.append(step.number)
                above.redo = step.number if step.head == MAIN else above.redo
        for number, child in (redo or {}).items():
            history.steps[number].redo = child
        history.at, history.load, history.highest_id = at, load, highest_id
        history.heads = dict(heads or {})
        history.last = max(history.steps)
        return history

    @property
    def step(self) -> Step:
        """Return the step we stand on."""
        return self.steps[self.at]

    def head(self, name: str) -> Head:
        """Return a named head. Raises UserError naming the nearest."""
        if name not in self.heads:
            hint = nearest(name, self.heads) if self.heads else "history branch NAME makes one"
            raise UserError(f"no branch '{name}'", hint)
        return self.heads[name]

    @property
    def places(self) -> dict[str, int]:
        """Return the step that each head stands on, main's too."""
        return {MAIN: self.at} | {name: head.step for name, head in self.heads.items()}

    def place(self, head: str = MAIN) -> int:
        """Return the number of the step that a head stands on. Raises UserError naming the nearest."""
        return self.at if head == MAIN else self.head(head).step

    def state(self, number: int | None = None) -> ProjectState:
        """Return the state after a step, the present one by default. Raises UserError when there is no such step."""
        step = self.steps.get(self.at if number is None else number)
        if step is None:
            raise UserError(f"no step {number}", f"0 to {self.last}; `history` lists them")
        if step.state is None:
            assert self.load is not None, "a step without its state needs a loader"
            step.state = self.load(step.number)
        return step.state

    def push(self, state: ProjectState, label: str, author: str, at: float, head: str = MAIN) -> Step:
        """Add a step after the one that a head stands on, move the head there and return it."""
        above = self.steps[self.place(head)]
        self.last += 1
        step = Step(self.last, above.number, label, author, at, state, head=head)
        self.steps[step.number] = step
        above.children.append(step.number)
        if head == MAIN:
            self.at = above.redo = step.number
        else:
            self.heads[head] = self.heads[head]._replace(step=step.number)
        self.highest_id = max(self.highest_id, state.next_id)
        return step

    def undo(self, head: str = MAIN) -> Step:
        """Move a head one step back and return the step undone.

        Raises UserError at the beginning, of a named head where it left main.
        """
        undone = self.steps[self.place(head)]
        if undone.parent is None or (head != MAIN and undone.number == self.base(head)):
            raise UserError("nothing to undo" if head == MAIN else f"nothing to undo on {head}")
        self._move(head, undone.parent)
        return undone

    def redo(self, head: str = MAIN) -> Step:
        """Move a head to the newest step that was made on it from here, and return that. Raises UserError."""
        following = self.following(self.place(head), head)
        if following is None:
            raise UserError("nothing to redo" if head == MAIN else f"nothing to redo on {head}")
        self._move(head, following)
        if head == MAIN:
            self._prefer(following)
        return self.steps[following]

    def following(self, number: int, head: str = MAIN) -> int | None:
        """Return the step that redo leads to from a step on a head; None where it leads nowhere."""
        step = self.steps[number]
        if head == MAIN:
            return step.redo
        since = self.heads[head].since
        own = (child for child in step.children if child > since and self.steps[child].head == head)
        return max(own, default=None)

    def goto(self, number: int) -> Step:
        """Stand on any step and return it; redo then leads back along the branch we left. Raises UserError."""
        self._move(MAIN, number)
        self._prefer(number)
        return self.step

    def branch(self, name: str, number: int | None = None) -> Head:
        """Make a named head at a step, by default the present one, and return it. Raises UserError."""
        if not is_head_name(name):
            raise UserError(f"'{name[:60]}' can be no branch's name", "a word of letters, digits, - and _, not main")
        if name in self.heads:
            raise UserError(f"there is a branch {name}", f"history drop {name} gives the name free")
        if len(self.heads) >= MAX_HEADS:
            raise UserError(f"there are {MAX_HEADS} branches", "history drop NAME ends one")
        self.state(number)
        place = self.at if number is None else number
        self.heads[name] = Head(place, place, self.last)
        return self.heads[name]

    def rejoin(self, name: str, before: int) -> Head:
        """Let a named head, which was merged after the step `before`, stand where we do, and return it.

        Raises UserError naming the nearest.
        """
        self.head(name)
        self.heads[name] = Head(self.at, before, self.last)
        return self.heads[name]

    def end(self, name: str) -> Head:
        """Forget a named head and return it; its steps stay. Raises UserError naming the nearest."""
        head = self.head(name)
        del self.heads[name]
        return head

    def _move(self, head: str, number: int) -> None:
        self.state(number)
        if head == MAIN:
            self.at = number
        else:
            self.heads[head] = self.heads[head]._replace(step=number)

    def _prefer(self, number: int) -> None:
        """Make redo from every ancestor lead to this step."""
        step = self.steps[number]
        while step.parent is not None:
            above = self.steps[step.parent]
            above.redo = step.number
            step = above

    def drop(self, last: int, at: int, heads: Mapping[str, Head] | None = None) -> None:
        """Forget the steps after number `last`, which were not kept, and stand on step `at`, the heads on theirs."""
        for number in [number for number in self.steps if number > max(last, 0)]:
            gone = self.steps.pop(number)
            above = self.steps.get(gone.parent) if gone.parent is not None else None
            if above is not None:
                above.children.remove(number)
                if above.redo == number:
                    own = (child for child in above.children if self.steps[child].head == MAIN)
                    above.redo = max(own, default=None)
        self.last, self.at, self.heads = max(self.steps), at, dict(heads or {})
        self._prefer(at)

    def line(self, number: int | None = None) -> list[Step]:
        """Return the steps from the beginning to a step, the present one by default."""
        step = self.step if number is None else self.steps[number]
        found = [step]
        while step.parent is not None:
            step = self.steps[step.parent]
            found.append(step)
        return found[::-1]

    def own(self, head: str) -> list[Step]:
        """Return the steps of a named head that main does not have, the oldest first. Raises UserError."""
        base = self.base(head)
        line = [step.number for step in self.line(self.head(head).step)]
        return [self.steps[number] for number in line[line.index(base) + 1 :]]

    def base(self, head: str) -> int:
        """Return the step from which a named head's own ones go on: where it left main, or was merged into it.

        Raises UserError.
        """
        step, fork = self.head(head)[:2]
        main = {one.number for one in self.line() if one.head == MAIN}
        while step != fork and step not in main and (parent := self.steps[step].parent) is not None:
            step = parent
        return step

    def branches(self) -> list[Step]:
        """Return the last step of every branch, the newest first."""
        return sorted((step for step in self.steps.values() if not step.children), key=lambda s: -s.number)
