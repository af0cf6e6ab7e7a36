"""Reading lines with editing, completion, history and the bottom bar; and reading them from a plain terminal."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import ColorDepth

from hardcore.commands.call import Studio
from hardcore.paths import state_folder
from hardcore.surfaces.repl.bar import Bar
from hardcore.surfaces.repl.completion import LineCompleter
from hardcore.surfaces.repl.history_file import HistoryFile
from hardcore.surfaces.repl.show import Screen

PROMPT = "> "
UNDO, REDO = "/undo", "/redo"


class Reader(Protocol):
    """Where lines come from."""

    async def line(self) -> str | None:
        """Return the next line, None when the user leaves."""

    def interrupted(self) -> None:
        """Hear that Ctrl-C was pressed while a line was read."""

    def drop(self) -> int:
        """Forget the lines that wait to be run, and return how many there were."""

    def leave(self) -> None:
        """Let the present or next `line` return None."""

    def quiet(self) -> "Quiet":
        """Return a context in which keys are not echoed, while a command runs."""


Quiet = object


class Keyboard:
    """The full prompt. Lines pasted at once are run one by one; an unfinished last one waits to be edited."""

    def __init__(self, studio: Studio, screen: Screen) -> None:
        self._screen = screen
        self._pasted: list[str] = []
        self._unfinished = ""
        self._leaving = False
        self.history = HistoryFile(state_folder() / "history")
        self._bar = Bar(studio)
        self.session: PromptSession[str] = PromptSession(
            PROMPT,
            history=self.history,
            auto_suggest=AutoSuggestFromHistory(),
            completer=LineCompleter(studio),
            complete_in_thread=True,
            bottom_toolbar=self._toolbar,
            key_bindings=self._bindings(),
            search_ignore_case=True,
            reserve_space_for_menu=6,
        )
