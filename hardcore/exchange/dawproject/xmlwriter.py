"""Writing XML as it comes, so that a million notes take no memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from xml.sax.saxutils import escape

Value = str | float | bool | None

# what XML 1.0 cannot hold, not even as a reference
_CONTROL = (code for code in range(32) if code not in (9, 10, 13))
_NEVER = dict.fromkeys([*_CONTROL, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])
_QUOTES = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


class XmlWriter:
    """Writes elements, indented, as text to `write`."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._depth = 0
        write('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')

    @contextmanager
    def element(self, name: str, /, **attributes: Value) -> Iterator[None]:
        """Write an element around what is written inside the block."""
        self._write(f"{'  ' * self._depth}<{name}{_attributes(attributes)}>\n")
        self._depth += 1
        yield
        self._depth -= 1
        self._write(f"{'  ' * self._depth}</{name}>\n")

    def empty(self, name: str, /, **attributes: Value) -> None:
        """Write an element with nothing inside; what is None is left out."""
        self._write(f"{'  ' * self._depth}<{name}{_attributes(attributes)}/>\n")

    def text(self, name: str, text: str) -> None:
        """Write an element with text inside."""
        self._write(f"{'  ' * self._depth}<{name}>{escape(text.translate(_NEVER))}</{name}>\n")


def _attributes(attributes: dict[str, Value]) -> str:
    return "".join(f' {name.rstrip("_")}="{_said(value)}"' for name, value in attributes.items() if value is not None)


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return escape(value.translate(_NEVER), _QUOTES)
    return repr(value)
