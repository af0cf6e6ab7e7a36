"""The whole screen but the prompt: header, view, a rule, and the end of the transcript."""

from collections.abc import Callable
from typing import NamedTuple

from hardcore.surfaces.screen.cells import Line, fit_line, line_width
from hardcore.surfaces.screen.glyphs import glyphs
from hardcore.surfaces.screen.header import header
from hardcore.surfaces.screen.view import Shown, View

# The transcript keeps so many rows, and the view so many, as long as there are any.
ANSWER_ROWS, VIEW_ROWS = 5, 3
# Returns the last lines of the transcript: so wide, so many, so many lines before the end; and how many are earlier.
Tail = Callable[[int, int, int], tuple[list[Line], int]]


class Page(NamedTuple):
    """What stands on the screen: `view_top` and `view_rows` say where the view is."""

    lines: list[Line]
    view_top: int
    view_rows: int


def page(width: int, height: int, shown: Shown, view: View, tail: Tail, back: int = 0) -> Page:
    """Return exactly `height` lines of at most `width` cells. `back`: so many lines before the transcript's end."""
    top = header(width, shown)[: max(1, height - 1)]
    room = height - len(top)
    rows = view_rows(room, view.wanted(width, shown))
    seen = view.draw(width, rows, shown)[:rows] if rows else []
    lines = [*top, *(line if line_width(line) <= width else fit_line(line, width) for line in seen)]
    answers = room - len(seen) - 1
    if answers <= 0:
        return Page(_filled(lines, height), len(top), len(seen))
    said, earlier = tail(width, answers, back)
    lines.append(_rule(width, earlier, back, shown))
    lines += [[] for _ in range(answers - len(said))] if back == 0 else []
    return Page(_filled([*lines, *said], height), len(top), len(seen))


def view_rows(room: int, wanted: int) -> int:
    """Return how many of `room` rows a view gets: what it wants, but the transcript keeps some too."""
    if room <= VIEW_ROWS:
        return 0
    return min(wanted, max(VIEW_ROWS, room - 1 - max(ANSWER_ROWS, room // 3)))


def _rule(width: int, earlier: int, back: int, shown: Shown) -> Line:
    """Return the line above the transcript, which says what is out of sight."""
    sign = glyphs(shown.ascii_only).rule
    up, down = shown.keys.of("always", "scroll-up"), shown.keys.of("always", "scroll-down")
    words = f" {earlier} line{'' if earlier == 1 else 's'} above: {up} " if earlier else ""
    words += f"{sign * 2} {back} below: {down} " if back else ""
    return [("class:rule", f"{sign * 2}{words}{sign * width}"[:width])]


def _filled(lines: list[Line], height: int) -> list[Line]:
    return [*lines, *([] for _ in range(height - len(lines)))][:height]
