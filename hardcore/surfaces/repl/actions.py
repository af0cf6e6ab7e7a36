"""What keys do: run a line, edit, scroll, leave, or what the view in sight makes of them."""

from collections.abc import Callable
from typing import Protocol

from prompt_toolkit.application import Application

from hardcore.commands.core.registry import find
from hardcore.surfaces.repl.gesture import Gesture
from hardcore.surfaces.repl.line_input import LineInput
from hardcore.surfaces.repl.pagestate import Drawn
from hardcore.surfaces.screen.screenstate import Board

FIRST_SENTENCE = "dark warehouse techno, 138 bpm, F minor, rolling bass, 8 bars"


class Screen(Protocol):
    """What keys act on: the full screen, which `surfaces/repl/fullscreen.py` is."""

    app: Application[None]
    board: Board
    drawn: Drawn
    gesture: Gesture
    line_input: LineInput

    def changed(self) -> None: ...
    def offer(self, line: str) -> bool: ...
    def queue(self, line: str, *, pasted: bool = False, echoed: bool = False) -> None: ...
    def show(self, view: str) -> None: ...
    def suspend(self) -> None: ...


class Actions:
    """Does what a key of a section means. `at_once` runs a line beside what runs, `interrupt` is Ctrl-C."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.at_once: Callable[[str], None] = lambda line: None
        self.interrupt: Callable[[], None] = lambda: None
        screen.drawn.ran = self.run

    def run(self, line: str) -> None:
        """Run a line: at once where it is about hearing, else after the lines that wait. What ends with a space is
        not whole: the user goes on with it."""
        if line.endswith(" "):
            self._screen.offer(line)
        elif _is_immediate(line):
            self.at_once(line)
        else:
            self._screen.queue(line)

    def do(self, section: str, action: str) -> None:
        """Do what a key means."""
        board = self._screen.board
        name = action.removeprefix("/view ")
        if name != action and name in board.views:
            self._screen.show(name)  # the view itself is the answer
        elif action.startswith("/"):
            self.run(action)
        elif section in board.views:
            self._in_view(action)
        else:
            getattr(self, "_" + action.replace("-", "_"))()
        self._screen.changed()

    def _in_view(self, action: str) -> None:
        board = self._screen.board
        shown = board.shown()
        if action == "launch" and not any(track.clips for track in shown.project.tracks):
            if not self._screen.board.waiting and not shown.running:
                self._screen.queue(FIRST_SENTENCE, echoed=True)
                self._screen.queue("/play", echoed=True)
            return
        for line in board.view.press(action, shown):
            if not self._screen.gesture.press(line):
                self.run(line)

    def _play(self) -> None:
        self.run("/stop" if self._screen.board.playback.playing else "/play")

    def _piano(self) -> None:
        """Let the computer's keys play: the focused track, where none hears a keyboard yet."""
        board = self._screen.board
        if board.typing is not None:
            self.run("/keys off")
            return
        project = board.studio.controller.project
        if not any(track.midi_in is not None for track in project.tracks):
            self._screen.queue(f"/midi input {board.focus.track(project).id}")
        self._screen.queue("/keys piano")

    def type(self, key: str) -> None:
        """Play a key of the computer's keyboard, while it is a piano or pads."""
        typing = self._screen.board.typing
        if typing is not None:
            typing.press(key)
            self._screen.changed()

    def _leave(self) -> None:
        self._screen.queue("/quit")

    def _cancel(self) -> None:
        self.interrupt()

    def _redraw(self) -> None:
        self._screen.app.renderer.clear()

    def _suspend(self) -> None:
        self._screen.suspend()

    def _scroll_up(self) -> None:
        self._screen.drawn.scroll(max(1, self._screen.drawn.size[1] // 3))

    def _scroll_down(self) -> None:
        self._screen.drawn.scroll(-max(1, self._screen.drawn.size[1] // 3))

    def _previous_line(self) -> None:
        self._screen.line_input.buffer.history_backward()

    def _complete(self) -> None:
        self._screen.line_input.complete()

    def _preview(self) -> None:
        self._screen.line_input.preview()

    def _undo_typing(self) -> None:
        self._screen.line_input.buffer.undo()


def _is_immediate(line: str) -> bool:
    """Return whether a line is a command that waits for nothing that runs."""
    found = find(line[1:].split()) if line.startswith("/") else None
    return found is not None and found[0].effects.immediate
