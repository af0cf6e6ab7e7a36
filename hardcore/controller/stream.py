"""A stream of events: what a client reads, one after the other, and takes up again where it left off.

    async for event in Stream(controller, since=41):
        ...

A client that was away gives the last step it knows of: it is told every step made since, where the project stands
now, and then what happens.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import Self

from hardcore.controller.controller import Controller
from hardcore.controller.events import Event, HeadChanged, StepMade, StepReached
from hardcore.errors import UserError
from hardcore.project.history import MAIN, Step

MOST_WAITING = 10_000


class Stream:
    """Events from now on, and before them the steps made after step `since`. Make it in the studio's thread.

    It may be read in any loop; `close` ends it. Raises UserError for a step that there is not, and to a reader that is
    so slow that more than 10,000 events wait: it goes on with another one, since the last step it knows.
    """

    def __init__(
        self, controller: Controller, since: int | None = None, kinds: tuple[type[Event], ...] = (Event,)
    ) -> None:
        self._past: Iterator[Event] = iter(()) if since is None else _past(controller, since, kinds)
        self._waiting: deque[Event] = deque()
        self._reader: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._over = self._lost = False
        self._stop = controller.events.subscribe(kinds, self._take)

    def _take(self, event: Event) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._lost = True
            self._stop()
        else:
            self._waiting.append(event)
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None:
            loop, arrived = self._reader
            if not loop.is_closed():
                loop.call_soon_threadsafe(arrived.set)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        past = next(self._past, None)
        if past is not None:
            return past
        while not self._waiting:
            if self._lost:
                raise UserError("events came faster than they were read", "go on since the last step that you know")
            if self._over:
                raise StopAsyncIteration
            await self._arrival()
        return self._waiting.popleft()

    async def _arrival(self) -> None:
        """Return when something may have come."""
        arrived = asyncio.Event()
        self._reader = (asyncio.get_running_loop(), arrived)
        if not self._waiting and not self._over and not self._lost:
            await arrived.wait()

    def close(self) -> None:
        """End the stream: the reader gets what waits, and then the end."""
        self._stop()
        self._over = True
        self._wake()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        self.close()


def _past(controller: Controller, since: int, kinds: tuple[type[Event], ...]) -> Iterator[Event]:
    """Return the steps made after `since`, and where we stand. Raises UserError when there is no such step."""
    history = controller.history
    history.state(since)
    made = [step for number, step in sorted(history.steps.items()) if number > since and step.parent is not None]
    at, present = history.at, controller.project

    def told() -> Iterator[Event]:
        for step in made:
            yield _made(controller, step)
        last = next((step.number for step in reversed(made) if step.head == MAIN), since)
        if at != last:
            label, author = history.steps[at].label, history.steps[at].author
            yield StepReached(step=at, label=label, author=author, old=history.state(last), new=present)

    return (event for event in told() if isinstance(event, kinds))


def _made(controller: Controller, step: Step) -> StepMade | HeadChanged:
    """Return the event of a step that was made earlier."""
    assert step.parent is not None
    old, new = controller.history.state(step.parent), controller.history.state(step.number)
    cause = controller.cause(step.number)
    if step.head == MAIN:
        return StepMade(step=step.number, label=step.label, author=step.author, cause=cause, old=old, new=new)
    return HeadChanged(
        head=step.head, step=step.number, label=step.label, author=step.author, cause=cause, old=old, new=new
    )
