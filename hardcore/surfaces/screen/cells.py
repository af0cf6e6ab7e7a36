"""Lines of a screen: pieces of text, each with a style, measured in cells (a wide letter takes two)."""

from collections.abc import Iterable
from functools import lru_cache

# The one thing of prompt_toolkit that is used here: texts are measured as they will be drawn.
from prompt_toolkit.utils import get_cwidth

from hardcore.escaping import escaped_line

Piece = tuple[str, str]
Line = list[Piece]


# The same few thousand texts are measured and fitted at every frame.
@lru_cache(maxsize=1 << 12)
def width(text: str) -> int:
    """Return how many cells a text takes."""
    # Letter by letter: prompt_toolkit keeps every text that it ever measured.
    return len(text) if text.isascii() else sum(map(get_cwidth, text))


def safe(text: str) -> str:
    """Return text without control characters: a name or a file must not steer the terminal."""
    return escaped_line(text)


def cut(text: str, cells: int) -> str:
    """Return text of at most `cells` cells; what is cut off shows as an ellipsis."""
    if width(text) <= cells:
        return text
    kept = text[:cells]
    while kept and width(kept) > cells - 1:
        kept = kept[:-1]
    return kept + "…" if cells > 0 else ""


@lru_cache(maxsize=1 << 12)
def fit(text: str, cells: int) -> str:
    """Return text of exactly `cells` cells: cut, or filled up with spaces."""
    text = cut(safe(text), cells)
    return text + " " * (cells - width(text))


def right(text: str, cells: int) -> str:
    """Return text of exactly `cells` cells that ends at their right edge."""
    text = cut(safe(text), cells)
    return " " * (cells - width(text)) + text


def line_width(line: Line) -> int:
    """Return how many cells a line takes."""
    return sum(width(text) for _, text in line)


def fit_line(line: Line, cells: int, style: str = "") -> Line:
    """Return a line of exactly `cells` cells: its end is cut, or filled with spaces in `style`."""
    left, fitted = cells, []
    for piece_style, text in line:
        taken = width(text)
        if taken > left:
            fitted.append((piece_style, fit(text, left)))
            return fitted
        fitted.append((piece_style, text))
        left -= taken
    if left:
        fitted.append((style, " " * left))
    return fitted


def plain(lines: Iterable[Line]) -> str:
    """Return lines as text, without styles and without spaces at their ends."""
    return "\n".join("".join(text for _, text in line).rstrip() for line in lines)


def split(text: str, cells: int, full: str, rest: str) -> Line:
    """Return a text with its first `cells` cells in the style `full` and the others in `rest`: a bar behind words."""
    if cells <= 0:
        return [(rest, text)]
    count = cells if text.isascii() else next((n for n in range(len(text)) if width(text[:n]) >= cells), len(text))
    return [piece for piece in ((full, text[:count]), (rest, text[count:])) if piece[1]]


def pack(parts: dict[str, str], cells: int, least_first: Iterable[str], gap: str = "  ") -> str:
    """Return the parts as one text of at most `cells` cells, the least important left out first."""
    kept = {name: text for name, text in parts.items() if text}
    for name in least_first:
        if width(gap.join(kept.values())) <= cells:
            break
        kept.pop(name, None)
    return cut(gap.join(kept.values()), cells)
