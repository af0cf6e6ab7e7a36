"""What a call made of the project: derived once, for every command, from the project before and after it."""

import asyncio
from types import TracebackType
from typing import Self, TypeVar

from hardcore.commands.core.results import Done, Edited, Result
from hardcore.controller.controller import Controller
from hardcore.controller.events import Changed, HeadChanged
from hardcore.project.difference import difference

Answer = TypeVar("Answer", bound=Result)


class Steps:
    """What the steps made inside the context come to; those of other tasks, made meanwhile, do not count.

    with Steps(controller) as steps:
        ...
    answer = steps.told(answer)
    """

    def __init__(self, controller: Controller) -> None:
        self._controller = controller
        self._history = controller.history
        self._task: asyncio.Task[object] | None = None
        self._first: Changed | HeadChanged | None = None
        self._last: Changed | HeadChanged | None = None

    def __enter__(self) -> Self:
        self._task = asyncio.current_task()
        events = self._controller.events
        self._stops = (events.subscribe(Changed, self._note), events.subscribe(HeadChanged, self._note))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for stop in self._stops:
            stop()

    def _note(self, changed: Changed | HeadChanged) -> None:
        if asyncio.current_task() is self._task:
            self._first = self._first or changed
            self._last = changed

    def told(self, answer: Answer) -> Answer:
        """Return an answer of an edit with what came of it; any other answer, and where nothing did, as it is.

        Another project in place of this one is no difference between two states.
        """
        if not isinstance(answer, Edited) or self._controller.history is not self._history:
            return answer
        if self._first is None or self._last is None:
            return answer
        return answer.with_difference(self._last.step, difference(self._first.old, self._last.new))


def as_edited(answer: Result) -> Result:
    """Return the answer of an edit: words alone become an `Edited` that says them."""
    if type(answer) is Done:
        return Edited(message=answer.message, details=answer.details)
    return answer
