"""The full prompt: editing, completion, history, suggestion, the bottom bar, and the keys that act at once."""

import asyncio
import contextlib
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, get_common_complete_suffix
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from hardcore.commands.call import Studio
from hardcore.commands.phrases import phrases
from hardcore.commands.registry import registry
from hardcore.errors import HardcoreError
from hardcore.paths import state_folder
from hardcore.surfaces.repl.bar import Bar
from hardcore.surfaces.repl.completion import LineCompleter
from hardcore.surfaces.repl.history_file import HistoryFile
from hardcore.surfaces.repl.reader import PROMPT
from hardcore.surfaces.repl.show import Screen

WARM_AFTER_S = 0.1
UNDO, REDO = "/undo", "/redo"
# Nothing is said by colour alone: the bar is reversed, the chosen completion is too.
_STYLE = Style.from_dict(
    {
        "completion-menu": "noinherit",
        "completion-menu.completion": "reverse",
        "completion-menu.completion.current": "noreverse bold",
        "completion-menu.meta.completion": "reverse",
        "completion-menu.meta.completion.current": "noreverse bold",
        "auto-suggestion": "ansibrightblack",
        "prompt": "ansicyan",
    }
)


class Keyboard:
    """Reads lines from a terminal. Lines pasted at once come one by one; an unfinished last one waits to be edited."""

    def __init__(self, studio: Studio, screen: Screen) -> None:
        self._screen = screen
        self._pasted: list[str] = []
        self._unfinished = ""
        self._bar = Bar(studio)
        self._completer = LineCompleter(studio)
        self._is_warm = False
        self.history = HistoryFile(state_folder() / "history")
        self._session: PromptSession[str] = PromptSession(
            [("class:prompt", PROMPT)],
            history=self.history,
            auto_suggest=AutoSuggestFromHistory(),
            completer=self._completer,
            bottom_toolbar=self._toolbar,
            key_bindings=self._bindings(),
            reserve_space_for_menu=6,
            style=_STYLE,
        )

    async def line(self) -> str | None:
        """Return the next line, None when the user leaves."""
        if self._pasted:
            line = self._pasted.pop(0)
            self._screen.say(PROMPT + line)
            self.history.append_string(line)
            return line
        unfinished, self._unfinished = self._unfinished, ""
        if not self._is_warm:
            self._is_warm = True
            asyncio.get_running_loop().call_later(WARM_AFTER_S, threading.Thread(target=_warm, daemon=True).start)
        depth = None if self._screen.color else ColorDepth.DEPTH_1_BIT
        try:
            return await self._session.prompt_async(default=unfinished, color_depth=depth, handle_sigint=False)
        except EOFError:
            return None

    def interrupted(self) -> None:
        """Clear the line."""
        self._session.default_buffer.reset()

    def drop(self) -> int:
        """Forget the pasted lines that wait, and return how many there were."""
        count = len(self._pasted)
        self._pasted.clear()
        return count

    def leave(self) -> None:
        """Let the present `line` return None."""
        self.drop()
        with contextlib.suppress(Exception):  # it may just have ended by itself
            self._session.app.exit(exception=EOFError)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Let keys pressed between prompts wait, unseen and unchanged, for the next one; Ctrl-C alone acts at once.

        The terminal's own line editing would echo them into the answer and swallow Ctrl-D, and Ctrl-Z would stop us.
        """
        if sys.platform == "win32":
            yield
            return
        import termios

        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
        silent = termios.tcgetattr(terminal)
        silent[0] &= ~termios.ICRNL
        silent[3] &= ~(termios.ECHO | termios.ICANON)
        silent[6][termios.VSUSP] = silent[6][termios.VQUIT] = b"\0"
        termios.tcsetattr(terminal, termios.TCSANOW, silent)
        try:
            yield
        finally:
            with contextlib.suppress(termios.error):  # the window may have been closed
                termios.tcsetattr(terminal, termios.TCSANOW, before)

    def _toolbar(self) -> str:
        return self._bar.text(self._session.default_buffer.text, self._screen.columns)

    def _bindings(self) -> KeyBindings:
        keys = KeyBindings()
        empty = Condition(lambda: not self._session.default_buffer.text)
        keys.add("c-c")(lambda event: event.current_buffer.reset())
        keys.add("c-z", filter=empty)(lambda event: _act(event, UNDO))
        keys.add("c-y", filter=empty)(lambda event: _act(event, REDO))
        keys.add("c-z", filter=~empty)(lambda event: event.current_buffer.undo())
        keys.add("tab")(self._complete)
        keys.add(Keys.BracketedPaste)(self._paste)
        return keys

    def _complete(self, event: KeyPressEvent) -> None:
        """Take the only completion, or what all have in common, or the next one of the menu.

        prompt_toolkit's own Tab does nothing while the menu for the key before it is still being made.
        """
        buffer = event.current_buffer
        if buffer.complete_state and buffer.complete_state.completions:
            buffer.complete_next()
            return
        found = list(self._completer.get_completions(buffer.document, CompleteEvent(completion_requested=True)))
        common = get_common_complete_suffix(buffer.document, found)
        if len(found) == 1:
            buffer.apply_completion(found[0])
        elif common:
            buffer.insert_text(common)
        elif found:
            buffer.start_completion()

    def _paste(self, event: KeyPressEvent) -> None:
        lines = event.data.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        event.current_buffer.insert_text(lines[0])
        if len(lines) > 1:
            self._pasted = lines[1:-1]
            self._unfinished = lines[-1]
            event.current_buffer.validate_and_handle()


def _warm() -> None:
    """Load what completion needs while the user reads the first prompt, so that the first key does not wait for it."""
    with contextlib.suppress(HardcoreError, OSError):
        registry()
        phrases()


def _act(event: KeyPressEvent, line: str) -> None:
    """Answer the prompt with a line that the history of typed lines does not keep."""
    event.current_buffer.text = line
    event.app.exit(result=line)
