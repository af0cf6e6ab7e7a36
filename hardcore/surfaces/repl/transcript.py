"""The transcript: what was typed and answered, drawn anew for whatever width the terminal has."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field

from hardcore.commands.core.results import Result
from hardcore.errors import HardcoreError
from hardcore.project.state import ProjectState
from hardcore.surfaces.answers import bug
from hardcore.surfaces.repl.ansi import pieces
from hardcore.surfaces.repl.show import Screen, wrapped
from hardcore.surfaces.screen.cells import Line, safe

KEPT = 1000
PROMPT = "> "


@dataclass(slots=True)
class _Entry:
    draw: Callable[[Screen], None]
    lines: dict[tuple[int, bool], list[Line]] = field(default_factory=dict)


class Transcript:
    """The last KEPT entries. `color` is asked each time, since a setting may change it."""

    def __init__(self, color: Callable[[], bool]) -> None:
        self._color = color
        self._entries: list[_Entry] = []

    def say(self, text: str) -> None:
        """Add text."""
        self._add(lambda screen: screen.say(text))

    def typed(self, line: str) -> None:
        """Add a line that was typed."""

        def draw(screen: Screen) -> None:
            said = "\n".join(wrapped(PROMPT + safe(line), screen.columns))
            screen.out.write(f"\x1b[1m{said}\x1b[0m\n")

        self._add(draw)

    def error(self, error: HardcoreError) -> None:
        """Add an error."""
        self._add(lambda screen: screen.error(error))

    def bug(self, error: Exception) -> None:
        """Log a bug, and add a line about it."""
        said = io.StringIO()
        bug(error, said)
        self.say(said.getvalue().rstrip("\n"))

    def result(self, result: Result, project: ProjectState) -> None:
        """Add what a command answered."""
        self._add(lambda screen: screen.result(result, project))

    def _add(self, draw: Callable[[Screen], None]) -> None:
        self._entries.append(_Entry(draw))
        del self._entries[:-KEPT]

    def last(self, columns: int) -> str:
        """Return the last entry as text."""
        lines = self._lines(self._entries[-1], columns) if self._entries else []
        return "\n".join("".join(text for _, text in line) for line in lines)

    def tail(self, columns: int, rows: int, back: int = 0) -> tuple[list[Line], int]:
        """Return so many lines that end `back` lines before the last one, and how many are earlier.

        Entries above those that are seen are not drawn for it; they are counted where they have been.
        """
        found: list[Line] = []
        place = len(self._entries)
        while place and len(found) < rows + back:
            place -= 1
            found = self._lines(self._entries[place], columns) + found
        key = (columns, self._color())
        earlier = sum(len(entry.lines.get(key, ())) or 1 for entry in self._entries[:place])
        end = max(len(found) - back, min(rows, len(found)))
        start = max(0, end - rows)
        return found[start:end], earlier + start

    def _lines(self, entry: _Entry, columns: int) -> list[Line]:
        key = (columns, self._color())
        if key not in entry.lines:
            out = io.StringIO()
            screen = Screen(out, lambda: key[1], columns=columns)
            entry.draw(screen)
            entry.lines = {key: pieces(out.getvalue().removesuffix("\n"))}
        return entry.lines[key]
