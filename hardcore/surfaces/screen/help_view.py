"""The view `help`: the keys that count, by place, and where the rest is said."""

from collections.abc import Sequence

from hardcore.commands.studio.keys import help_of
from hardcore.surfaces.screen.cells import Line, cut, fit
from hardcore.surfaces.screen.view import Shown

_PLACES = {"always": "anywhere", "empty": "while nothing is typed", "typing": "while something is typed"}


class HelpView:
    """Every key, two columns where there is room."""

    name = "help"

    def __init__(self) -> None:
        self._top = 0

    def wanted(self, width: int, shown: Shown) -> int:
        """Return as many rows as the keys take."""
        return len(_lines(shown))

    def draw(self, width: int, height: int, shown: Shown) -> list[Line]:
        """Return the keys from where they were scrolled to."""
        lines = _lines(shown)
        self._top = max(0, min(self._top, len(lines) - height))
        return [[(style, cut(text, width)) for style, text in line] for line in lines[self._top : self._top + height]]

    def press(self, action: str, shown: Shown) -> Sequence[str]:
        """Scroll."""
        self._top = max(0, self._top + (-1 if action == "up" else 1))
        return []

    def click(self, column: int, row: int, shown: Shown) -> Sequence[str]:
        """Return nothing."""
        return []


def _lines(shown: Shown) -> list[Line]:
    lines: list[Line] = [
        [("class:value", " Type a sentence to make or change music; a line that begins with / is a command (/help).")]
    ]
    section = ""
    for keys, place, action in shown.keys.rows():
        if place != section:
            section = place
            lines.append([("class:track", f" {_PLACES.get(place, f'in the view {place}, while nothing is typed')}")])
        lines.append([("class:key", f"   {fit(keys, 22)}"), ("class:value", help_of(place, action))])
    return lines
