"""The page on the terminal. Rows that did not change are not looked at again: while music plays, only what moves is
written, past prompt_toolkit's own comparison of every cell; and where it compares, as after a key, it gets blank rows
in place of those that the terminal shows already."""

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from prompt_toolkit.application import Application
from prompt_toolkit.application.current import get_app
from prompt_toolkit.key_binding.key_bindings import KeyBindingsBase
from prompt_toolkit.layout import Container, Dimension
from prompt_toolkit.layout.mouse_handlers import MouseHandlers
from prompt_toolkit.layout.screen import Char, Screen, WritePosition
from prompt_toolkit.mouse_events import MouseButton, MouseEvent, MouseEventType
from prompt_toolkit.styles import Attrs, BaseStyle

from hardcore.surfaces.repl.pagestate import Drawn
from hardcore.surfaces.screen.cells import Line

if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_bindings import NotImplementedOrNone

WHEEL_ROWS = 3
_BLANK = Char(" ", "")
_PART = Char("", "")
Row = defaultdict[int, Char]
# what the left button does
_LEFT = {
    MouseEventType.MOUSE_DOWN: Drawn.hold,
    MouseEventType.MOUSE_MOVE: Drawn.drag,
    MouseEventType.MOUSE_UP: Drawn.release,
}
# What stands in both screens for a row that is the same in both.
_NOTHING = Row(lambda: _BLANK)


class Sheet(Container):
    """Puts the drawn page on the screen, from its first row on."""

    def __init__(self, drawn: Drawn, has_mouse: Callable[[], bool]) -> None:
        self._drawn = drawn
        self._has_mouse = has_mouse
        self._lines: list[Line] = []
        self._rows: list[Row] = []
        self._width = 0
        # The rows that the terminal shows; with a menu over them, what was rendered last tells.
        self._shown: list[Row] = []
        self._under_menu = False

    def reset(self) -> None:
        """Do nothing."""

    def preferred_width(self, max_available_width: int) -> Dimension:
        """Return any width."""
        return Dimension()

    def preferred_height(self, width: int, max_available_height: int) -> Dimension:
        """Return all the height there is."""
        return Dimension(weight=1000)

    def get_key_bindings(self) -> KeyBindingsBase | None:
        """Return none of its own."""
        return None

    def get_children(self) -> list[Container]:
        """Return nothing."""
        return []

    def write_to_screen(
        self,
        screen: Screen,
        mouse_handlers: MouseHandlers,
        write_position: WritePosition,
        parent_style: str,
        erase_bg: bool,
        z_index: int | None,
    ) -> None:
        """Put the page as it is now on a new screen."""
        size = write_position.width, write_position.height
        self._take(self._drawn.lines(*size), size[0])
        self._put(screen, write_position.ypos)
        screen.height = max(screen.height, write_position.ypos + write_position.height)
        screen.width = max(screen.width, write_position.width)
        if self._has_mouse():
            mouse_handlers.set_mouse_handler_for_range(0, size[0], write_position.ypos, size[1], self._mouse)

    def _put(self, screen: Screen, top: int) -> None:
        """Put the rows on a new screen: as copies, for the menu is drawn over them."""
        app = get_app()
        last, menu = app.renderer.last_rendered_screen, app.current_buffer.complete_state is not None
        shown = self._shown if last is not None and not self._under_menu else []
        is_known = len(shown) == len(self._rows) and not menu
        for place, row in enumerate(shown):
            if last is not None:
                same = is_known and row is self._rows[place]
                last.data_buffer[top + place] = _NOTHING if same else row.copy()
        for place, row in enumerate(self._rows):
            same = is_known and row is shown[place]
            screen.data_buffer[top + place] = _NOTHING if same else row.copy()
        self._shown, self._under_menu = self._rows.copy(), menu

    def _take(self, lines: list[Line], width: int) -> list[int]:
        """Make rows of lines, and return the places of those that differ from before."""
        same = len(self._rows) == len(lines) and self._width == width
        before = self._lines if same else [[("", "\0")]] * len(lines)
        changed = [place for place, (old, new) in enumerate(zip(before, lines, strict=True)) if old != new]
        rows = self._rows if same else [Row(lambda: _BLANK) for _ in lines]
        for place in changed:
            rows[place] = row_of(lines[place], width)
        self._lines, self._rows, self._width = lines, rows, width
        return changed

    def paint(self, app: "Application[None]") -> bool:
        """Write what differs from what the terminal shows; returns False where only a whole rendering will do."""
        shown, buffer = app.renderer.last_rendered_screen, app.current_buffer
        menu = buffer.complete_state is not None
        if shown is None or menu or len(self._rows) != len(self._drawn.page.lines):
            return False
        width = self._drawn.size[0]
        output, cursor = app.output, app.renderer._cursor_pos
        attributes = _attributes(app.renderer.style)
        output.hide_cursor()
        for place in self._take(self._drawn.page.lines, width):
            now = self._rows[place]
            before = shown.data_buffer[place] if self._under_menu else self._shown[place]
            start, end = _stretch(before, now, width)
            output.cursor_goto(place + 1, start + 1)
            style: str | None = None
            for column in range(start, end):
                char = now.get(column, _BLANK)
                if char.style != style:
                    style = char.style
                    output.set_attributes(attributes(style), app.color_depth)
                output.write(char.char)
            self._shown[place] = shown.data_buffer[place] = now
        output.reset_attributes()
        output.cursor_goto(cursor.y + 1, cursor.x + 1)
        output.show_cursor()
        output.flush()
        return True

    def _mouse(self, event: MouseEvent) -> "NotImplementedOrNone":
        """Scroll by the wheel; a click or drag in the view goes to the view."""
        if event.event_type == MouseEventType.SCROLL_UP:
            self._drawn.scroll(WHEEL_ROWS)
        elif event.event_type == MouseEventType.SCROLL_DOWN:
            self._drawn.scroll(-WHEEL_ROWS)
        elif event.button == MouseButton.LEFT and event.event_type in _LEFT:
            _LEFT[event.event_type](self._drawn, event.position.x, event.position.y)
        else:
            return NotImplemented
        return None


def row_of(line: Line, width: int) -> Row:
    """Return a line as the cells of a row, at most `width` of them; a wide letter leaves the next one empty.

    What is blank after them is not there: a whole rendering looks at every cell there is, several times.
    """
    row = Row(lambda: _BLANK)
    column = 0
    for style, text in line:
        for letter in text:
            char = _char(letter, style)
            if column + char.width > width or not char.width:
                continue
            row[column] = char
            if char.width == 2:
                row[column + 1] = _PART
            column += char.width
    while column and row[column - 1] == _BLANK:
        column -= 1
        del row[column]
    return row


def _stretch(before: Row, now: Row, width: int) -> tuple[int, int]:
    """Return from where to where two rows differ."""
    # Where neither has a cell both are blank; to look must not make one.
    width = min(width, 1 + max(max(before, default=-1), max(now, default=-1)))

    def same(column: int) -> bool:
        return before.get(column, _BLANK) == now.get(column, _BLANK)

    start = next((column for column in range(width) if not same(column)), width)
    end = next((column for column in range(width, start, -1) if not same(column - 1)), start)
    # Not into the middle of a wide letter.
    while start and not now.get(start, _BLANK).char:
        start -= 1
    return start, end


@lru_cache(maxsize=4096)
def _char(letter: str, style: str) -> Char:
    return Char(letter, style)


@lru_cache(maxsize=4)
def _attributes(style: BaseStyle) -> Callable[[str], Attrs]:
    @lru_cache(maxsize=1024)
    def found(text: str) -> Attrs:
        return style.get_attrs_for_style_str(text)

    return found
