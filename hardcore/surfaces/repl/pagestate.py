"""The page as it is drawn now, at the size it has, and how far its transcript was scrolled."""

from collections.abc import Callable, Sequence

from prompt_toolkit.layout import UIContent, UIControl

from hardcore.surfaces.repl.transcript import Transcript
from hardcore.surfaces.screen.cells import Line, cut, safe
from hardcore.surfaces.screen.jobs_view import bar
from hardcore.surfaces.screen.page import Page, page
from hardcore.surfaces.screen.screenstate import Board
from hardcore.surfaces.screen.view import Cell, Draggable, Shown


class Drawn:
    """The page above the prompt. `back` is how far the transcript was scrolled; `ran` gets the lines of clicks."""

    def __init__(self, board: Board, transcript: Transcript) -> None:
        self._board, self._transcript = board, transcript
        self.back = 0
        self.page = Page([], 0, 0)
        self.size = (80, 20)
        self.ran: Callable[[str], None] = lambda line: None
        self._ready = self._stale = False
        self._held: Cell | None = None

    def lines(self, width: int, height: int) -> list[Line]:
        """Return the page at a size. What only typing changes does not make it anew while frames do that anyway."""
        kept = self._ready or (self._board.moves and not self._stale)
        if not kept or self.size != (width, height):
            self.size = (width, height)
            self.page = self._page()
        self._ready = self._stale = False
        return self.page.lines

    def touch(self) -> None:
        """Note that the page is no longer what is to be shown."""
        self._stale = True

    def refresh(self) -> bool:
        """Draw the page as it is now and return whether it differs from the one before; `lines` gives it once."""
        before, self.page = self.page, self._page()
        self._ready, self._stale = self.page.lines != before.lines, False
        return self._ready

    def _page(self) -> Page:
        shown = self._board.shown()

        def tail(columns: int, rows: int, back: int) -> tuple[list[Line], int]:
            jobs = [_job(place, columns, shown) for place in range(len(shown.running))] if not back else []
            jobs = jobs[: max(0, rows - 1)]
            lines, earlier = self._transcript.tail(columns, rows - len(jobs), back)
            return [*lines, *jobs], earlier

        try:
            return page(*self.size, shown, self._board.view, tail, self.back)
        except Exception as error:  # a view that fails must not take the screen along
            self._transcript.bug(error)
            self._board.hide()
            return page(*self.size, shown, self._board.view, tail, self.back)

    def scroll(self, rows: int) -> None:
        """Show answers so many rows earlier, or later when negative."""
        width, height = self.size
        answers = height - self.page.view_top - self.page.view_rows - 1
        _, earlier = self._transcript.tail(width, max(1, answers), self.back)
        self.back = max(0, self.back + min(rows, earlier))
        self.touch()

    def hold(self, column: int, row: int) -> None:
        """Note where the mouse was pressed: in the view a drag may begin there."""
        self._held = self._in_view(column, row)

    def drag(self, column: int, row: int) -> None:
        """Let the view show what letting go here would do."""
        view, shown = self._board.view, self._board.shown()
        if self._held is not None and isinstance(view, Draggable):
            self.touch()
            view.drag(self._held, Cell(column, row - self.page.view_top), shown)

    def release(self, column: int, row: int) -> None:
        """Take what was dragged to a cell, or the click on it: what is in the view goes to the view."""
        self.touch()
        held, self._held = self._held, None
        view, shown, cell = self._board.view, self._board.shown(), Cell(column, row - self.page.view_top)
        lines: Sequence[str] = ()
        if held is not None and held != cell and isinstance(view, Draggable):
            lines = view.drop(held, cell, shown)
        elif self._in_view(column, row) is not None:
            lines = view.click(*cell, shown)
        for line in lines:
            self.ran(line)

    def _in_view(self, column: int, row: int) -> Cell | None:
        """Return the cell of the view that is there, None outside of it."""
        inside = self.page.view_top <= row < self.page.view_top + self.page.view_rows
        return Cell(column, row - self.page.view_top) if inside else None


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
