"""The Python surface: every command as a line or as a call.

from hardcore import open_studio

with open_studio() as studio:
    studio.do("dark warehouse techno, 138 bpm, F minor, 8 bars")
    studio.call("track gain", tracks="kick", gain_db=-3)
    studio.do("/export techno.wav")
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from hardcore.commands.composing.profilelearner import ProfileLearner
from hardcore.commands.core import registry
from hardcore.commands.core.call import Caller
from hardcore.commands.core.line import run_line
from hardcore.commands.core.results import Result
from hardcore.commands.reactive.reactions import start_reacting
from hardcore.controller.stream import Stream
from hardcore.controller.studio import Studio
from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.state import ProjectState
from hardcore.surfaces.gate import person

T = TypeVar("T")
# Whatever is cancelled has ended by then.
_PATIENCE_S = 5.0


class LiveStudio:
    """An open studio, which `open` returns; every method raises UserError, EngineError or JobFailed.

    It works on a loop of its own in a thread of its own: also where a loop runs already, as in a notebook, and what was
    sent into the background goes on between two calls. Ctrl-C stops the call that waits.
    """

    def __init__(self, open: Callable[[], Studio], caller: Caller | None = None, *, learns: bool = False) -> None:
        self._caller = caller or person()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="studio", daemon=True)
        self._thread.start()
        try:
            self._studio = self._done(_called(open))
            self._done(_called(lambda: start_reacting(self._studio)))
            if learns:
                self._done(_called(lambda: ProfileLearner(self._studio)))
        except BaseException:
            self._end()
            raise

    @property
    def project(self) -> ProjectState:
        """Return the project as it is now: immutable."""
        return self._studio.controller.history.state()

    def do(self, line: str) -> Result | None:
        """Return what a line answers: a prompt, or a command after a slash."""
        return self._done(run_line(self._studio, line, self._caller))

    def call(self, name: str, /, **arguments: Any) -> Result:
        """Return what the command called `name` answers to typed arguments; `in_` stands for `in`, a word of Python."""
        known = registry.registry().get(name)
        if known is None:
            raise NotFound(f"no command '{name}'", nearest(name, registry.registry()))
        given = {key.removesuffix("_"): value for key, value in arguments.items()}
        return self._done(registry.run(self._studio, known, given, self._caller, label=_label(name, given)))

    def events(self, since: int | None = None) -> Stream:
        """Return what happens from now on, for `async for`; first, with `since`, the steps made after that one.

        async for event in studio.events(since=41):
            ...

        The kinds of events are in `hardcore.controller.events`; they are read in whatever loop you are in. `close` of
        what is returned ends it. Raises UserError when there is no such step.
        """

        def begun() -> Stream:
            return Stream(self._studio.controller, since)

        return self._done(_called(begun))

    def news(self) -> str:
        """Return what has to be known of the project, such as that it is nearly full; once, empty when nothing."""
        return self._done(_called(self._studio.controller.news))

    def close(self) -> None:
        """Stop playing and let go of the project; unsaved steps stay recoverable, as one of the five newest.

        What goes on in the background is stopped, and begins once more with `job retry` in a later session.
        """
        if self._loop.is_closed():
            return
        try:
            self._done(self._closed())
        finally:
            self._end()

    async def _closed(self) -> None:
        self._studio.leaves = "few"
        if self._studio.jobs is not None:
            await self._studio.jobs.stop()
        self._studio.close()

    def _done(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what comes of `work` on the studio's loop; whoever interrupts this stops it."""
        if self._loop.is_closed():
            work.close()
            raise UserError("this studio is closed", "open_studio() opens another")
        ended = threading.Event()

        async def run() -> T:
            try:
                return await work
            finally:
                ended.set()

        future = asyncio.run_coroutine_threadsafe(run(), self._loop)
        try:
            return future.result()
        except BaseException:  # such as Ctrl-C
            if not future.done():
                future.cancel()
                ended.wait(_PATIENCE_S)
            raise

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


async def _called(work: Callable[[], T]) -> T:
    return work()


def _label(name: str, arguments: dict[str, Any]) -> str:
    return " ".join([name, *(str(value) for value in arguments.values())])[:200]
