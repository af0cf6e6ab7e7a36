"""The full screen: one prompt_toolkit application that reads lines, shows answers, and draws the views.

What stands where is decided by pure functions in `surfaces/screen`; here it meets the terminal.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import DynamicKeyBindings, KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.key_binding.bindings.auto_suggest import load_auto_suggest_bindings
from prompt_toolkit.layout import AnyContainer, Float, FloatContainer, HSplit, Layout, Window
from prompt_toolkit.layout.menus import CompletionsMenu
from prompt_toolkit.output import ColorDepth, Output

from hardcore.commands.core.call import Progress
from hardcore.commands.core.results import Result
from hardcore.commands.studio.keymap import load_keymap
from hardcore.controller.events import Changed, PlaybackChanged
from hardcore.controller.studio import Studio
from hardcore.errors import HardcoreError
from hardcore.project.state import ProjectState
from hardcore.surfaces.repl.actions import Actions
from hardcore.surfaces.repl.bar import Bar
from hardcore.surfaces.repl.bindings import bindings, typing_keys
from hardcore.surfaces.repl.gesture import Gesture
from hardcore.surfaces.repl.line_input import NAME, LineInput, warm
from hardcore.surfaces.repl.pagestate import Drawn, Hint
from hardcore.surfaces.repl.reader import PROMPT
from hardcore.surfaces.repl.redraw import Frames
from hardcore.surfaces.repl.styles import STYLE
from hardcore.surfaces.repl.terminalpage import Sheet
from hardcore.surfaces.repl.transcript import Transcript
from hardcore.surfaces.screen.cells import Line, fit
from hardcore.surfaces.screen.screenstate import Board
from hardcore.workers.thread import beside

WARM_AFTER_S = 0.1
DRAWN_S = 0.5


class FullScreen:
    """Reads lines and shows answers. Lines run in the order they came; those not begun yet wait in `_lines`."""

    plain = False

    def __init__(
        self,
        studio: Studio,
        color: Callable[[], bool],
        *,
        clock: Callable[[], float] = time.monotonic,
        input: Input | None = None,
        output: Output | None = None,
    ) -> None:
        self._color = color
        self._lines: deque[tuple[str, bool, bool]] = deque()
        self._arrived, self._rendered = asyncio.Event(), asyncio.Event()
        self._left = self._was_busy = False
        self.transcript = Transcript(color)
        self.line_input = LineInput(studio, self._entered, color)
        ascii_only = "utf" not in (getattr(sys.stdout, "encoding", None) or "utf").lower()
        self.board = Board(studio, load_keymap(), ascii_only=ascii_only, clock=clock)
        self.drawn = Drawn(self.board, self.transcript)
        self.sheet = Sheet(self.drawn, lambda: studio.settings.screen.mouse)
        self.gesture = Gesture(studio, self._previewed, self.queue)
        self._actions = Actions(self)
        self._keys = self._bound()
        self._bar = Bar(studio)
        self.app: Application[None] = self._application(studio, input, output)
        self._frames = Frames(self.board, self.frame)
        studio.stage = self

    def _application(self, studio: Studio, input: Input | None, output: Output | None) -> Application[None]:
        hint = Hint(lambda width: self._bar.text(self.line_input.text, width, self.board.shown()))
        rows: list[AnyContainer] = [
            self.sheet,
            self.line_input.search,
            self.line_input.window,
        ]
        menu = Float(CompletionsMenu(max_height=10, scroll_offset=1), xcursor=True, ycursor=True)
        # The bar lies outside, so that the menu opens upwards and leaves it in sight.
        screen = HSplit([FloatContainer(HSplit(rows), [menu]), Window(hint, height=1, style="class:bar")])
        own = DynamicKeyBindings(lambda: self._keys)
        app: Application[None] = Application(
            layout=Layout(screen, focused_element=self.line_input.window),
            key_bindings=merge_key_bindings([load_auto_suggest_bindings(), self.line_input.keys(), own]),
            style=STYLE,
            full_screen=True,
            mouse_support=Condition(lambda: studio.settings.screen.mouse),
            color_depth=None if self._color() else ColorDepth.DEPTH_1_BIT,
            editing_mode=EditingMode.VI if studio.settings.screen.editing == "vi" else EditingMode.EMACS,
            after_render=lambda _: self._rendered.set(),
            input=input,
            output=output,
        )
        # An Escape that is part of a key arrives with the rest of it; a second one may follow by hand.
        app.ttimeoutlen, app.timeoutlen = 0.2, 1.0
        return app

    # Reading lines.

    @asynccontextmanager
    async def opened(self, act: Callable[[str], None], interrupt: Callable[[], None]) -> AsyncIterator[None]:
        """Show the screen for as long as the context lasts."""
        self._actions.at_once, self._actions.interrupt = act, interrupt
        loop = asyncio.get_running_loop()
        events = self.board.studio.controller.events
        # whoever changes something, on whatever surface and in whatever thread: it is seen here
        stop = events.subscribe((Changed, PlaybackChanged), lambda _: loop.call_soon_threadsafe(self.changed))
        before = loop.get_exception_handler()
        loop.set_exception_handler(self._failed)
        running = asyncio.ensure_future(self.app.run_async(handle_sigint=False, set_exception_handler=False))
        running.add_done_callback(lambda _: self.leave())
        frames = asyncio.ensure_future(self._frames.run())
        warming = asyncio.ensure_future(self._warm())
        try:
            yield
        finally:
            stop()
            frames.cancel()
            warming.cancel()
            try:
                self.app.exit()
            except Exception:  # it has not begun, or has ended
                running.cancel()
            await asyncio.wait([running, warming])
            with contextlib.suppress(Exception, asyncio.CancelledError):  # a terminal that is gone tells in many ways
                running.result()
            loop.set_exception_handler(before)
            with contextlib.suppress(OSError):
                sys.stdout.write(self.transcript.last(self.columns) + "\n")
                sys.stdout.flush()

    async def _warm(self) -> None:
        """Load what completion needs, once the first screen is there."""
        await asyncio.sleep(WARM_AFTER_S)
        await beside(warm)

    def _failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if isinstance(error, OSError):
            self.leave()  # the terminal is gone: drawing a word about it would fail again
        elif isinstance(error, Exception) and not self._left:
            self.bug(error)

    async def line(self) -> str | None:
        """Return the next line, None when the user leaves."""
        while not self._lines:
            if self._left:
                return None
            self._arrived.clear()
            await self._arrived.wait()
        line, _, echoed = self._lines.popleft()
        self.board.waiting = tuple(line for line, _, _ in self._lines)
        if echoed:
            self.drawn.back = 0
            self.transcript.typed(line)
            await self._seen()
        return line

    async def _seen(self) -> None:
        """Return when the screen shows what it holds: a command may block for a while."""
        self._rendered.clear()
        self.drawn.touch()
        self.app.invalidate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rendered.wait(), DRAWN_S)

    def _entered(self, line: str, pasted: bool) -> None:
        self.queue(line, pasted=pasted, echoed=True)

    def queue(self, line: str, *, pasted: bool = False, echoed: bool = False) -> None:
        """Let a line run after those that wait, and after what keys add up to."""
        self.gesture.rest()
        self._lines.append((line, pasted, echoed))
        self.board.waiting = tuple(line for line, _, _ in self._lines)
        self._arrived.set()

    def _previewed(self, project: ProjectState | None) -> None:
        self.board.preview = project

    def interrupted(self) -> None:
        """Do nothing: there was nothing to stop."""

    def clear(self) -> bool:
        """Clear the line, and return whether anything was typed."""
        is_typed = bool(self.line_input.text)
        self.line_input.buffer.reset()
        self.app.invalidate()
        return is_typed

    def drop(self) -> int:
        """Forget the pasted lines that wait, and return how many there were."""
        before = len(self._lines)
        kept = [entry for entry in self._lines if not entry[1]]
        self._lines = deque(kept)
        self.board.waiting = tuple(line for line, _, _ in kept)
        return before - len(kept)

    def offer(self, line: str) -> bool:
        """Type a line for the user, where nothing is typed, and return whether it was."""
        if self.line_input.text:
            return False
        self.line_input.buffer.insert_text(line)
        return True

    def suspend(self) -> None:
        """Stop the program, with the terminal put right until it goes on."""

        async def stop() -> None:
            await run_in_terminal(lambda: os.kill(os.getpid(), signal.SIGSTOP))

        self.app.create_background_task(stop())

    def leave(self) -> None:
        """Let `line` return None once it has no more lines."""
        self._left = True
        self._lines.clear()
        self._arrived.set()

    # Showing answers.

    @property
    def columns(self) -> int:
        """Return the width of the terminal, now, in cells; the least there is where it is gone."""
        with contextlib.suppress(OSError):
            return max(20, self.app.output.get_size().columns)
        return 20

    @contextmanager
    def running(self, line: str) -> Iterator[Progress]:
        """Show a line among what runs; yields what takes its progress."""
        number = self.board.begin(line)
        self._frames.wake()
        try:
            yield lambda share, words: self.board.progress(number, share, words)
        finally:
            self.board.end(number)
            self.changed()

    def say(self, text: str) -> None:
        """Show text."""
        self.transcript.say(text)
        self.changed()

    def error(self, error: HardcoreError) -> None:
        """Show an error."""
        self.transcript.error(error)
        self.changed()

    def bug(self, error: Exception) -> None:
        """Log a bug and show one line about it."""
        self.transcript.bug(error)
        self.changed()

    def result(self, result: Result, project: ProjectState) -> None:
        """Show what a command answered about `project`."""
        if result.text():
            self.transcript.result(result, project)
        self.changed()

    def changed(self) -> None:
        """Draw anew, and look whether something moves now."""
        self.drawn.touch()
        self._frames.wake()
        self.app.invalidate()

    def frame(self) -> None:
        """Draw what has moved since the last time, and nothing where nothing has; say what the player has to say."""
        if news := self.board.news():
            self.say(news)
        is_painted = not self.drawn.refresh() or self.sheet.paint(self.app)
        if self.board.is_busy != self._was_busy or not is_painted:
            self._was_busy = self.board.is_busy  # the bar says then how to cancel
            self.app.invalidate()

    # What commands and keys ask for.

    def show(self, view: str) -> None:
        """Show a view."""
        self.board.show(view)
        self.drawn.back = 0
        self.changed()

    def rebind(self) -> None:
        """Take the keys anew from the user's file."""
        self.board.keymap = load_keymap()
        self._keys = self._bound()

    def save(self, path: Path) -> None:
        """Write a picture of the screen to an SVG file. Raises UserError when it cannot be written."""
        from hardcore.surfaces.picture import save_svg

        save_svg(path, "hardcore", self.picture(), self.columns)

    def picture(self) -> str:
        """Return the screen as text in ANSI colours."""
        from hardcore.surfaces.repl.snapshot import ansi_text

        size = self.app.output.get_size()
        self.drawn.size = (size.columns, max(1, size.rows - 2))
        self.drawn.refresh()
        hint = self._bar.text(self.line_input.text, size.columns, self.board.shown())
        prompt: Line = [("class:sign", PROMPT), ("", self.line_input.text)]
        return ansi_text([*self.drawn.page.lines, prompt, [("class:bar", fit(hint, size.columns))]])

    def _bound(self) -> KeyBindings:
        def is_empty() -> bool:
            return not self.line_input.text

        def do(section: str, action: str, event: KeyPressEvent) -> None:
            self._actions.do(section, action)

        found, troubles = bindings(self.board.keymap, do, is_empty, lambda: self.board.view.name, NAME)
        typing_keys(found, self._actions.type, is_empty, lambda: self.board.typing, NAME)
        for trouble in (*self.board.keymap.troubles, *troubles):
            self.transcript.say(trouble)
        return found
