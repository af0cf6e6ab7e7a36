"""Pure drawings as prompt_toolkit's controls: the page, and the bar at the bottom."""

from collections.abc import Callable

from prompt_toolkit.layout import UIContent, UIControl
from prompt_toolkit.mouse_events import MouseButton, MouseEvent, MouseEventType

from hardcore.surfaces.repl.transcript import Transcript
from hardcore.surfaces.screen.board import Board
from hardcore.surfaces.screen.cells import Line, cut, safe
from hardcore.surfaces.screen.jobs import bar
from hardcore.surfaces.screen.page import Page, page
from hardcore.surfaces.screen.view import Shown

WHEEL_ROWS = 3


class Drawn(UIControl):
    """The page above the prompt. `back` is how far the transcript was scrolled; `ran` gets the lines of clicks."""

    def __init__(self, board: Board, transcript: Transcript) -> None:
        self._board, self._transcript = board, transcript
        self.back = 0
        self.page = Page([], 0, 0)
        self.size = (80, 20)
        self.ran: Callable[[str], None] = lambda line: None
        self._ready = False

    def create_content(self, width: int, height: int) -> UIContent:
        """Return the page at a size."""
        if not self._ready or self.size != (width, height):
            self.size = (width, height)
            self.page = self._page()
        self._ready = False
        lines = self.page.lines
        return UIContent(get_line=lambda row: lines[row], line_count=len(lines))  # type: ignore[arg-type, return-value]

    def refresh(self) -> bool:
        """Draw the page as it is now and return whether it differs from the one that is seen."""
        before, self.page = self.page, self._page()
        self._ready = self.page.lines != before.lines
        return self._ready

    def _page(self) -> Page:
        shown = self._board.shown()

        def tail(columns: int, rows: int, back: int) -> tuple[list[Line], int]:
            jobs = [_job(line, columns, shown) for line in range(len(shown.running))] if not back else []
            jobs = jobs[-max(0, rows - 1) :]
            lines, earlier = self._transcript.tail(columns, rows - len(jobs), back)
            return [*lines, *jobs], earlier

        return page(*self.size, shown, self._board.view, tail, self.back)

    def scroll(self, rows: int) -> None:
        """Show answers so many rows earlier, or later when negative."""
        width, height = self.size
        answers = height - self.page.view_top - self.page.view_rows - 1
        _, earlier = self._transcript.tail(width, max(1, answers), self.back)
        self.back = max(0, self.back + min(rows, earlier))

    def mouse_handler(self, mouse_event: MouseEvent) -> object:
        """Scroll by the wheel; a click in the view goes to the view."""
        if mouse_event.event_type == MouseEventType.SCROLL_UP:
            self.scroll(WHEEL_ROWS)
        elif mouse_event.event_type == MouseEventType.SCROLL_DOWN:
            self.scroll(-WHEEL_ROWS)
        elif mouse_event.event_type == MouseEventType.MOUSE_UP and mouse_event.button == MouseButton.LEFT:
            row = mouse_event.position.y - self.page.view_top
            if 0 <= row < self.page.view_rows:
                for line in self._board.view.click(mouse_event.position.x, row, self._board.shown()):
                    self.ran(line)
        else:
            return NotImplemented
        return None


class Hint(UIControl):
    """One line at the bottom."""

    def __init__(self, text: Callable[[int], str]) -> None:
        self._text = text

    def create_content(self, width: int, height: int) -> UIContent:
        """Return the line."""
        line = [("class:bar", self._text(width))]
        return UIContent(get_line=lambda row: line, line_count=1)  # type: ignore[arg-type, return-value]


def _job(place: int, columns: int, shown: Shown) -> Line:
    """Return the line of something that runs or waits, in the transcript."""
    job = shown.running[place]
    if job.waits:
        return [("class:label", cut(f"  then {safe(job.line)}", columns))]
    return bar(job, max(5, min(30, columns - 24)), shown)
