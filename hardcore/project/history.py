"""History: a tree of immutable states. Undo and redo walk it, an edit after an undo starts a branch."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hardcore.errors import UserError
from hardcore.project.state import ProjectState


@dataclass(slots=True)
class Step:
    """One undoable change: its number, the step before it, what it did, who did it, and the state after it.

    `state` is None for a step of an opened file until someone goes there. `at` is seconds since 1970.
    """

    number: int
    parent: int | None
    label: str
    author: str
    at: float
    state: ProjectState | None = None
    children: list[int] = field(default_factory=list)


class History:
    """The steps of a project and where in them we stand. `load` brings the state of a step that was not kept."""

    def __init__(
        self, state: ProjectState, *, label: str = "new project", author: str = "you", at: float = 0.0
    ) -> None:
        self.steps: dict[int, Step] = {0: Step(0, None, label, author, at, state)}
        self.at = 0
        self.load: Callable[[int], ProjectState] | None = None
        self.last = 0
        self.highest_id = state.next_id

    @classmethod
    def of(
        cls, steps: list[Step], at: int, highest_id: int, load: Callable[[int], ProjectState] | None = None
    ) -> "History":
        """Return the history of an opened file: `steps` in order, standing at step `at`."""
        history = cls.__new__(cls)
        history.steps = {step.number: step for step in steps}
        for step in steps:
            step.children.clear()
        for step in steps:
            if step.parent is not None:
                history.steps[step.parent].children.append(step.number)
        history.at, history.load, history.highest_id = at, load, highest_id
        history.last = max(history.steps)
        return history

    @property
    def step(self) -> Step:
        """Return the step we stand on."""
        return self.steps[self.at]

    def state(self, number: int | None = None) -> ProjectState:
        """Return the state after a step, the present one by default. Raises UserError when there is no such step."""
        step = self.steps.get(self.at if number is None else number)
        if step is None:
            raise UserError(f"no step {number}", f"0 to {self.last}; `history` lists them")
        if step.state is None:
            assert self.load is not None, "a step without its state needs a loader"
            step.state = self.load(step.number)
        return step.state

    def push(self, state: ProjectState, label: str, author: str, at: float) -> Step:
        """Add a step after the present one, stand on it and return it."""
        self.last += 1
        step = Step(self.last, self.at, label, author, at, state)
        self.steps[step.number] = step
        self.step.children.append(step.number)
        self.at = step.number
        self.highest_id = max(self.highest_id, state.next_id)
        return step

    def undo(self) -> Step:
        """Stand on the step before and return the one undone. Raises UserError at the beginning."""
        undone = self.step
        if undone.parent is None:
            raise UserError("nothing to undo")
        self.state(undone.parent)
        self.at = undone.parent
        return undone

    def redo(self) -> Step:
        """Stand on the newest step that follows and return it. Raises UserError when there is none."""
        if not self.step.children:
            raise UserError("nothing to redo")
        following = self.step.children[-1]
        self.state(following)
        self.at = following
        self._prefer(following)
        return self.step

    def goto(self, number: int) -> Step:
        """Stand on any step and return it; redo then leads back along the branch we left. Raises UserError."""
        self.state(number)
        self.at = number
        self._prefer(number)
        return self.step

    def _prefer(self, number: int) -> None:
        """Make redo from every ancestor lead to this step."""
        step = self.steps[number]
        while step.parent is not None:
            siblings = self.steps[step.parent].children
            siblings.remove(step.number)
            siblings.append(step.number)
            step = self.steps[step.parent]

    def drop(self, last: int, at: int) -> None:
        """Forget the steps after number `last`, which were not kept, and stand on step `at`."""
        for number in [number for number in self.steps if number > max(last, 0)]:
            gone = self.steps.pop(number)
            if gone.parent in self.steps:
                self.steps[gone.parent].children.remove(number)
        self.last, self.at = max(self.steps), at

    def line(self) -> list[Step]:
        """Return the steps from the beginning to the present one."""
        found, step = [self.step], self.step
        while step.parent is not None:
            step = self.steps[step.parent]
            found.append(step)
        return found[::-1]

    def branches(self) -> list[Step]:
        """Return the last step of every branch, the newest first."""
        return sorted((step for step in self.steps.values() if not step.children), key=lambda s: -s.number)
