"""Passages: the documentation cut into pieces that answer a question, each with its page, line and headings."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from hardcore.errors import NotFound, UserError, nearest
from hardcore.paths import data_folder

# Pages that are written for those who build hardcore are searched, but answer no question of who plays.
_FOR_PLAYERS = ("guide/", "reference/", "glossary.md", "reliability.md")
# A generated page has a section for each thing, which is an answer as a whole.
_WHOLE_SECTIONS = ("reference/",)


class Passage(NamedTuple):
    """A piece of a page: `line` is its first line, counted from 1; `headings` lead to it, the page's own first."""

    page: str
    line: int
    headings: tuple[str, ...]
    text: str

    @property
    def term(self) -> str:
        """Return what it explains, where it says so: the first cell of a row, the bold beginning of an item."""
        found = re.match(r"\| *([^|]+)|(?:- )?\*\*(.+?)\*\*", self.text)
        return (found[1] or found[2]).strip() if found else ""

    @property
    def place(self) -> str:
        """Return where it stands, as `guide/jobs.md:12`."""
        return f"{self.page}:{self.line}"


def pages() -> dict[str, Path]:
    """Return every page by its name, such as `guide/jobs.md`. Raises UserError when the documentation is missing."""
    folder = data_folder("docs")
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.md"))}


def page(name: str) -> tuple[str, tuple[str, ...]]:
    """Return a page's full name and its lines, for `guide/jobs.md`, `jobs.md` or `jobs`. Raises NotFound."""
    known = pages()
    wanted = name.strip().removeprefix("docs/").removesuffix(".md") + ".md"
    found = [one for one in known if one == wanted] or [one for one in known if one.endswith(f"/{wanted}")]
    if not found:
        raise NotFound(f"no page '{name[:60]}'", nearest(wanted, [one.rpartition("/")[2] for one in known]))
    return found[0], tuple(_lines(known[found[0]]))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path.name} cannot be read: {error}", "install hardcore again") from error


@cache
def passages() -> tuple[Passage, ...]:
    """Return the passages of every page. Raises UserError."""
    return tuple(one for name, path in pages().items() for one in cut(name, _lines(path)))


def for_players(passage: Passage) -> bool:
    """Return whether a passage is written for those who play."""
    return passage.page.startswith(_FOR_PLAYERS)


def cut(name: str, lines: list[str]) -> Iterator[Passage]:
    """Yield the passages of a page: paragraphs with the code that follows them, items of a list, rows of a table."""
    headings: tuple[str, ...] = ()
    held: list[str] = []
    start = 0
    for number, line, kind in _kinds(lines):
        breaks = kind in ("item", "row") or (kind == "text" and not lines[number - 2].strip())
        if held and (kind == "heading" or (breaks and not name.startswith(_WHOLE_SECTIONS))):
            yield Passage(name, start, headings, "\n".join(held))
            held = []
        if kind == "heading":
            depth, _, title = line.partition(" ")
            headings = (*headings[: len(depth) - 1], title)
        elif kind != "nothing":
            start = start if held else number
            held.append(line)
    if held:
        yield Passage(name, start, headings, "\n".join(held))


def _kinds(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield the lines of a page with their numbers and kinds: heading, item, row, code, text or nothing."""
    fenced = False
    for number, line in enumerate(lines, 1):
        rule = lines[number] if number < len(lines) else ""
        if line.startswith("```") or fenced:
            fenced ^= line.startswith("```")
            kind = "code"
        elif re.match(r"#+ ", line):
            kind = "heading"
        elif line.startswith("|"):
            kind = "nothing" if set(line) <= set("|-: ") or (set(rule) <= set("|-: ") and "-" in rule) else "row"
        elif not line.strip() or line.startswith(("![", "<!--")):
            kind = "nothing"
        else:
            kind = "item" if line.startswith("- ") else "text"
        yield number, line, kind
