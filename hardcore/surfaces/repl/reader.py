"""Where lines come from; and the plain reader, for screen readers and terminals that can only print."""

import asyncio
import contextlib
import sys
from contextlib import AbstractContextManager
from typing import Protocol, TextIO

PROMPT = "> "


class Reader(Protocol):
    """Reads lines from a person."""

    async def line(self) -> str | None:
        """Return the next line, None when the user leaves."""

    def interrupted(self) -> None:
        """Hear that Ctrl-C came from outside while a line was being read."""

    def drop(self) -> int:
        """Forget the lines that wait to be run, and return how many there were."""

    def leave(self) -> None:
        """Let the present `line` return None."""

    def quiet(self) -> AbstractContextManager[None]:
        """Return a context for the whole session in which keys pressed while a command runs wait for the next line."""


class PlainReader:
    """Reads whole lines as the terminal gives them; it prints nothing but the prompt."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    async def line(self) -> str | None:
        """Return the next line, None at its end (Ctrl-D)."""
        self._ask()
        text = await asyncio.to_thread(sys.stdin.readline)
        return text.rstrip("\r\n") if text else None

    def _ask(self) -> None:
        self._out.write(PROMPT)
        self._out.flush()

    def interrupted(self) -> None:
        """Ask again: the terminal has thrown away what was typed."""
        self._out.write("\n")
        self._ask()

    def drop(self) -> int:
        """Return 0: what was pasted waits in the terminal, which runs on like any input."""
        return 0

    def leave(self) -> None:
        """Do nothing: a read in progress cannot be ended, but nothing has to be put right either."""

    def quiet(self) -> AbstractContextManager[None]:
        """Return a context that changes nothing."""
        return contextlib.nullcontext()
