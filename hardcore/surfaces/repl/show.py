"""Showing answers in a terminal: tables and piano-rolls, wrapped to its width, in colour only where that is allowed."""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TextIO

from hardcore.commands.core.call import Progress
from hardcore.commands.core.results import Listing, Result, align, cell
from hardcore.errors import HardcoreError
from hardcore.escaping import escaped, escaped_line
from hardcore.project.state import ProjectState
from hardcore.settings import Settings
from hardcore.surfaces.answers import bug
from hardcore.surfaces.repl.spokenanswers import spoken, spoken_rows
from hardcore.surfaces.screen.cells import width

_RESET, _RED, _DIM = "\x1b[0m", "\x1b[31m", "\x1b[90m"
_NOTES = {"X": "\x1b[1;33m", "x": "\x1b[36m", "-": "\x1b[36m", "o": "\x1b[35m", ".": _DIM, "|": _DIM, ":": _DIM}
_RUN = re.compile(r"X+|x+|-+|o+|[.|:]+")
_NARROWEST = 8


def allows_color(settings: Settings, environment: Mapping[str, str]) -> bool:
    """Return whether colour may be used: the setting, NO_COLOR and TERM all have a say."""
    if not settings.screen.color or environment.get("NO_COLOR") or is_dumb(environment):
        return False
    return has_color(environment.get("TERM", ""))


@lru_cache(maxsize=8)
def has_color(terminal: str) -> bool:
    """Return whether a kind of terminal has eight colours or more; one that the system does not know has."""
    try:
        import curses
    except ImportError:  # Windows
        return True
    try:
        curses.setupterm(terminal, 1)
        return curses.tigetnum("colors") >= 8
    except curses.error:
        return True


def is_dumb(environment: Mapping[str, str]) -> bool:
    """Return whether the terminal says that it can only print."""
    return os.name != "nt" and environment.get("TERM", "") in ("", "dumb", "unknown")


def can_draw(out: TextIO, environment: Mapping[str, str]) -> bool:
    """Return whether `out` is a terminal whose cursor can be moved."""
    return out.isatty() and not is_dumb(environment)


class Screen:
    """Where answers go. `color` is asked each time, since a setting may change it; `plain` is for screen readers.

    columns  the width to draw for; without it, that of the terminal at the time
    """

    def __init__(
        self, out: TextIO, color: Callable[[], bool], *, plain: bool = False, columns: int | None = None
    ) -> None:
        self.out = out
        self.plain = plain
        self._color = color
        self._columns = columns
        self._progress = ""

    @property
    def color(self) -> bool:
        """Return whether colour may be used now."""
        return not self.plain and self._color()

    @property
    def columns(self) -> int:
        """Return the width of the terminal, now, in cells."""
        if self._columns is not None:
            return max(20, self._columns)
        try:
            return max(20, os.get_terminal_size(self.out.fileno()).columns or 80)
        except (OSError, ValueError):
            return max(20, shutil.get_terminal_size().columns)

    def say(self, text: str) -> None:
        """Print text, wrapped at words; a screen reader gets whole lines."""
        self.end_progress()
        print("\n".join(self._lines(text)), file=self.out, flush=True)

    def _lines(self, text: str) -> list[str]:
        lines = escaped(text).split("\n")
        return lines if self.plain else [piece for line in lines for piece in wrapped(line, self.columns)]

    def error(self, error: HardcoreError) -> None:
        """Print an error as one line; the word `error` says what it is, red only underlines it."""
        self.end_progress()
        word = "error:"
        text = "\n".join(self._lines(f"{word} {' '.join(error.line().split())}"))
        print(f"{_RED}{word}{_RESET}{text.removeprefix(word)}" if self.color else text, file=self.out, flush=True)

    def result(self, result: Result, project: ProjectState) -> None:
        """Print what a command answered about `project`."""
        if self.plain:
            self.say(spoken(result, project))
        elif isinstance(result, Listing) and result.rows:
            self._table(result)
        else:
            self._roll_or_words(result)

    def _roll_or_words(self, result: Result) -> None:
        roll = getattr(result, "roll", None)
        text = result.text()
        if not isinstance(roll, str) or roll not in text:
            self.say(text)
            return
        self.say(text[: text.index(roll)].rstrip("\n"))
        drawn = escaped(roll)
        drawn = "\n".join(map(tinted, drawn.split("\n"))) if self.color else drawn
        print(drawn, file=self.out, flush=True)

    def _table(self, table: Listing[Any]) -> None:
        rows = [[cell(value) for value in row] for row in table.rows]
        columns = list(table.columns)
        if _width(columns, rows) > self.columns:
            columns, rows = without_empty(columns, rows)
        if _width(columns, rows) > self.columns and len(columns) * _NARROWEST > self.columns:
            self.say("\n".join(spoken_rows(columns, rows)))
        else:
            self._grid(columns, rows)
        if table.note:
            self.say(table.note)

    def _grid(self, columns: list[str], rows: list[list[str]]) -> None:
        from rich import box
        from rich.console import Console
        from rich.table import Table as Grid
        from rich.text import Text

        self.end_progress()
        grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0), header_style="bold")
        for place, name in enumerate(columns):
            figures = all(re.fullmatch(r"[-+]?[\d.]*", row[place]) for row in rows) and any(row[place] for row in rows)
            grid.add_column(Text(escaped_line(name)), justify="right" if figures else "left", overflow="fold")
        for row in rows:
            grid.add_row(*(Text(escaped_line(value)) for value in row))
        console = Console(file=self.out, width=self.columns, color_system="standard" if self.color else None)
        console.print(grid)

    def progress(self, share: float, words: str) -> None:
        """Draw a bar that redraws itself; in plain mode say each quarter once."""
        share, words = min(max(share, 0.0), 1.0), escaped_line(words)
        if self.plain:
            shown = f"{words}, {int(share * 4) * 25} percent"
            if shown != self._progress and share < 1:
                print(shown, file=self.out, flush=True)
        else:
            room = max(5, min(30, self.columns - 24))
            full = round(share * room)
            shown = f"{words:<12.12} [{'#' * full}{'.' * (room - full)}] {share:4.0%}"
            if shown != self._progress:
                self.out.write(f"\r{shown}\x1b[K")
                self.out.flush()
        self._progress = shown

    @contextmanager
    def running(self, line: str) -> Iterator[Progress]:
        """Yield what a line that runs reports its progress to."""
        try:
            yield self.progress
        finally:
            self.end_progress()

    def bug(self, error: Exception) -> None:
        """Log a bug and print one line about it."""
        self.end_progress()
        bug(error, self.out)

    def end_progress(self) -> None:
        """Take the progress bar away, if there is one."""
        if self._progress and not self.plain:
            self.out.write("\r\x1b[K")
        self._progress = ""


def tinted(line: str) -> str:
    """Return a line of a piano-roll with its notes in colour; a note's letter still says what it is."""
    label, bar, grid = line.partition("|")
    if not bar:
        return f"{_DIM}{line}{_RESET}"
    return label + _RUN.sub(lambda run: f"{_NOTES[run.group()[0]]}{run.group()}{_RESET}", bar + grid)


def without_empty(columns: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Return a table without the columns that hold nothing."""
    kept = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    return [columns[place] for place in kept], [[row[place] for place in kept] for row in rows]


def _width(columns: list[str], rows: list[list[str]]) -> int:
    return max(map(width, align([columns, *rows])), default=0)


def cut(text: str, columns: int) -> str:
    """Return text of at most `columns` cells; what is cut off shows as an ellipsis."""
    if width(text) <= columns:
        return text
    kept = ""
    for letter in text:
        if width(kept + letter) > columns - 1:
            break
        kept += letter
    return kept + "…" if columns > 0 else ""


def wrapped(line: str, columns: int) -> list[str]:
    """Return a line as lines of at most `columns` cells, broken at spaces; those after the first are indented.

    A word longer than the line is left to the terminal.
    """
    if width(line) <= columns:
        return [line]
    indent = " " * min(len(line) - len(line.lstrip()) + 2, columns // 2)
    lines: list[str] = []
    now = ""
    for word in re.findall(r"^\s*\S+|\s+\S+", line):
        if now and width(now + word) > columns:
            lines.append(now)
            now = indent + word.lstrip()
        else:
            now += word
    return [*lines, now]
