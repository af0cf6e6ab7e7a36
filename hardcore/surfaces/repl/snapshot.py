"""The screen as text in ANSI colours, for pictures of it."""

from collections.abc import Iterable

from prompt_toolkit.styles import Attrs

from hardcore.surfaces.repl.ansi import CODES
from hardcore.surfaces.repl.styles import STYLE
from hardcore.surfaces.screen.cells import Line

_FLAGS = (("bold", "1"), ("dim", "2"), ("italic", "3"), ("underline", "4"), ("reverse", "7"))


def ansi_text(lines: Iterable[Line]) -> str:
    """Return styled lines as text with ANSI codes."""
    return "\n".join("".join(_coded(style, text) for style, text in line) for line in lines)


def _coded(style: str, text: str) -> str:
    codes = _codes(STYLE.get_attrs_for_style_str(style))
    return f"\x1b[{codes}m{text}\x1b[0m" if codes else text


def _codes(attrs: Attrs) -> str:
    found = [code for name, code in _FLAGS if getattr(attrs, name)]
    if attrs.color in CODES:
        found.append(str(CODES[attrs.color]))
    return ";".join(found)
