"""Where lines come from; and the plain reader, for screen readers and terminals that can only print."""

import asyncio
import contextlib
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Protocol, TextIO

from hardcore.commands.core.call import Progress
from hardcore.commands.core.results import Result
from hardcore.errors import HardcoreError
from hardcore.project.state import ProjectState
from hardcore.workers.thread import unattended

PROMPT = "> "


class Reader(Protocol):
    """Reads lines from a person."""

    async def line(self) -> str | None:
        """Return the next line, None when the user leaves."""

    def interrupted(self) -> None:
        """Hear that Ctrl-C came from outside while a line was being read."""

    def clear(self) -> bool:
        """Clear what is typed and not entered; return whether there was something."""

    def drop(self) -> int:
        """Forget the lines that wait to be run, and return how many there were."""

    def offer(self, line: str) -> bool:
        """Put a line before the user, who may enter it, where nothing is typed; return whether it stands there."""

    def suspend(self) -> None:
        """Stop the program until it is told to go on, with the terminal put right meanwhile."""

    def leave(self) -> None:
        """Let the present `line` return None."""

    def opened(self, act: Callable[[str], None], interrupt: Callable[[], None]) -> AbstractAsyncContextManager[None]:
        """Return a context for the whole session.

        act        runs a line at once, beside what runs already
        interrupt  does what Ctrl-C does
        """


class Display(Protocol):
    """Shows a person what is answered."""

    @property
    def plain(self) -> bool:
        """Return whether it is for ears and logs."""

    @property
    def columns(self) -> int:
        """Return how wide answers may be, in cells."""

    def running(self, line: str) -> AbstractContextManager[Progress]:
        """Return a context for as long as a line runs, which gives what it reports its progress to."""

    def say(self, text: str) -> None:
        """Show text."""

    def error(self, error: HardcoreError) -> None:
        """Show an error."""

    def bug(self, error: Exception) -> None:
        """Log a bug and show one line about it."""

    def result(self, result: Result, project: ProjectState) -> None:
        """Show what a command answered about `project`."""


class PlainReader:
    """Reads whole lines as the terminal gives them; it prints nothing but the prompt."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._reading: asyncio.Future[str] | None = None
        self._left = False

    async def line(self) -> str | None:
        """Return the next line, None at its end (Ctrl-D) and when the session is left."""
        self._ask()
        # The read itself cannot be ended: whoever leaves does not wait for it.
        self._reading = asyncio.ensure_future(unattended(sys.stdin.readline))
        await asyncio.wait([self._reading])
        if self._left:
            return None
        text = self._reading.result()
        return text.rstrip("\r\n") if text else None

    def _ask(self) -> None:
        self._out.write(PROMPT)
        self._out.flush()

    def interrupted(self) -> None:
        """Ask again: the terminal has thrown away what was typed."""
        self._out.write("\n")
        self._ask()

    def clear(self) -> bool:
        """Return False: what is typed is the terminal's until it is entered."""
        return False

    def drop(self) -> int:
        """Return 0: what was pasted waits in the terminal, which runs on like any input."""
        return 0

    def offer(self, line: str) -> bool:
        """Return False: what one may type has been said."""
        return False

    def suspend(self) -> None:
        """Do nothing: a plain terminal is always right, and the system stops the program."""

    def leave(self) -> None:
        """Let the present `line` return None."""
        self._left = True
        if self._reading is not None:
            self._reading.cancel()

    def opened(self, act: Callable[[str], None], interrupt: Callable[[], None]) -> AbstractAsyncContextManager[None]:
        """Return a context that changes nothing."""
        return contextlib.nullcontext()
