"""The steps of a history as a list, and which of them lead to where we stand; worked out anew only when it changes."""

from bisect import bisect_left

from hardcore.project.history import History, Step


class Paths:
    """Steps by number, the oldest first.

    numbers   all of them
    leading   those that led here, and those that redo would bring back
    ends      the last step of every branch
    digits    how many the highest number has
    """

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.leading: set[int] = set()
        self.ends: list[int] = []
        self.digits = 1
        self._seen: tuple[History, int, int] | None = None

    def take(self, history: History) -> None:
        """Look at a history; where nothing has changed since the last time, this costs nothing."""
        seen = self._seen
        if seen is not None and seen[0] is history and seen[1:] == (history.at, len(history.steps)):
            return
        if seen is None or seen[0] is not history or seen[2] != len(history.steps):
            self.numbers = sorted(history.steps)
            self.ends = [number for number in self.numbers if not history.steps[number].children]
            self.digits = len(str(self.numbers[-1]))
        self.leading = {step.number for step in history.line()}
        step = history.at
        while (following := history.following(step)) is not None:
            self.leading.add(following)
            step = following
        self._seen = (history, history.at, len(history.steps))

    def place(self, number: int) -> int:
        """Return where a step stands in the list, or the nearest place to it."""
        return min(bisect_left(self.numbers, number), len(self.numbers) - 1)

    def end(self, number: int, way: int) -> int:
        """Return the next end of a branch from a step, onward (1) or back (-1); the step itself where there is none."""
        place = bisect_left(self.ends, number + 1) if way > 0 else bisect_left(self.ends, number) - 1
        return self.ends[place] if 0 <= place < len(self.ends) else number

    def fork(self, step: Step) -> int | None:
        """Return the step before, where that is not the one above in the list: a branch begins here."""
        if step.parent is None:
            return None
        place = self.place(step.number)
        return step.parent if place == 0 or self.numbers[place - 1] != step.parent else None
