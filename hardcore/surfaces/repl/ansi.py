"""Text in ANSI colours as pieces with prompt_toolkit's styles."""

import re
from collections.abc import Iterable

from hardcore.surfaces.screen.cells import Line

_SGR = re.compile(r"\x1b\[([\d;]*)m")
_COLORS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "gray")
_BRIGHT = ("brightblack", "brightred", "brightgreen", "brightyellow", "brightblue", "brightmagenta", "brightcyan",
           "white")  # fmt: skip
CODES = {f"ansi{name}": 30 + place for place, name in enumerate(_COLORS)}
CODES |= {f"ansi{name}": 90 + place for place, name in enumerate(_BRIGHT)}
_ATTRIBUTES = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike"}


def pieces(text: str) -> list[Line]:
    """Return text with ANSI colours as lines of styled pieces."""
    lines: list[Line] = []
    style = ""
    for row in text.split("\n"):
        line: Line = []
        end = 0
        for match in _SGR.finditer(row):
            if match.start() > end:
                line.append((style, row[end : match.start()]))
            style, end = _changed(style, match[1]), match.end()
        if end < len(row):
            line.append((style, row[end:]))
        lines.append(line)
    return lines


def _changed(style: str, codes: str) -> str:
    """Return a style after a code such as `1;33`."""
    words = style.split()
    for code in (int(part or 0) for part in codes.split(";")):
        if code == 0:
            words = []
        elif code in _ATTRIBUTES:
            words.append(_ATTRIBUTES[code])
        elif 30 <= code <= 37:
            words = [*_without_color(words), f"ansi{_COLORS[code - 30]}"]
        elif 90 <= code <= 97:
            words = [*_without_color(words), f"ansi{_BRIGHT[code - 90]}"]
        elif code == 39:
            words = list(_without_color(words))
        elif code == 22:
            words = [word for word in words if word not in ("bold", "dim")]
    return " ".join(dict.fromkeys(words))


def _without_color(words: Iterable[str]) -> Iterable[str]:
    return (word for word in words if not word.startswith("ansi"))
