"""The Python surface: every command as a line or as a call.

from hardcore import open_studio

with open_studio() as studio:
    studio.do("dark warehouse techno, 138 bpm, F minor, 8 bars")
    studio.call("track gain", tracks="kick", gain_db=-3)
    studio.do("/export techno.wav")
"""

import asyncio
from types import TracebackType
from typing import Any, Self

from hardcore.commands import registry
from hardcore.commands.call import Caller, Studio
from hardcore.commands.line import run_line
from hardcore.commands.results import Result
from hardcore.controller.stream import Stream
from hardcore.errors import UserError, nearest
from hardcore.project.state import ProjectState


class LiveStudio:
    """An open studio. Not thread-safe; every method raises UserError, EngineError or JobFailed."""

    def __init__(self, studio: Studio, caller: Caller | None = None) -> None:
        self._studio = studio
        self._caller = caller or Caller()

    @property
    def project(self) -> ProjectState:
        """Return the project as it is now: immutable."""
        return self._studio.controller.project

    def do(self, line: str) -> Result | None:
        """Return what a line answers: a prompt, or a command after a slash."""
        return asyncio.run(run_line(self._studio, line, self._caller))

    def call(self, name: str, /, **arguments: Any) -> Result:
        """Return what the command called `name` answers to typed arguments."""
        known = registry.registry().get(name)
        if known is None:
            raise UserError(f"no command '{name}'", nearest(name, registry.registry()))
        return asyncio.run(registry.run(self._studio, known, arguments, self._caller, label=_label(name, arguments)))

    def events(self, since: int | None = None) -> Stream:
        """Return what happens from now on, for `async for`; first, with `since`, the steps made after that one.

        async for event in studio.events(since=41):
            ...

        The kinds of events are in `hardcore.controller.events`. Read them in a loop of your own while another thread
        calls this studio. Raises UserError when there is no such step.
        """
        return Stream(self._studio.controller, since)

    def news(self) -> str:
        """Return what has to be known of the project, such as that it is nearly full; once, empty when nothing."""
        return self._studio.controller.news()

    def close(self) -> None:
        """Stop playing and let go of the project; unsaved steps stay recoverable, as one of the five newest."""
        self._studio.leaves = "few"
        self._studio.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _label(name: str, arguments: dict[str, Any]) -> str:
    return " ".join([name, *(str(value) for value in arguments.values())])[:200]
