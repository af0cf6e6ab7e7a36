"""XML of unknown origin: read by expat, with limits as it comes; whatever declares a document type is refused.

Without a document type there are no entities of its own, neither such that grow nor such that name files. expat is in
the standard library; defusedxml would refuse the same, but has no limits of depth and size, and lxml is a large parser.
"""

from typing import Protocol
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError

MOST_ELEMENTS, DEEPEST, LONGEST_TEXT = 2_000_000, 64, 1 << 16
_BLOCK = 1 << 16


class Readable(Protocol):
    """Whatever gives bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most so many."""


class _Limits:
    """Builds the tree, and stops where it becomes larger than any song."""

    def __init__(self, name: str) -> None:
        self.builder, self._name = TreeBuilder(), name
        self._depth = self._count = self._text = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth, self._count, self._text = self._depth + 1, self._count + 1, 0
        if self._depth > DEEPEST or self._count > MOST_ELEMENTS:
            what = "deep" if self._depth > DEEPEST else "long"
            raise UserError(f"{self._name} is too {what}", f"{DEEPEST} levels and {MOST_ELEMENTS} elements at most")
        self.builder.start(tag.rpartition(":")[2], attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self.builder.end(tag.rpartition(":")[2])

    def data(self, text: str) -> None:
        self._text += len(text)
        if self._text <= LONGEST_TEXT:
            self.builder.data(text)

    def doctype(self, *_: object) -> None:
        raise UserError(f"{self._name} declares a document type", "a DAWproject has none: it could name other files")


def parse(file: Readable, name: str) -> Element:
    """Return the root element of an XML file. Raises UserError in one line for what is none, or too large."""
    limits = _Limits(name)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = limits.start, limits.end
    parser.CharacterDataHandler = limits.data
    parser.StartDoctypeDeclHandler = limits.doctype
    try:
        while block := file.read(_BLOCK):
            checkpoint()
            parser.Parse(block, False)
        parser.Parse(b"", True)
        return limits.builder.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as error:
        raise UserError(f"{name} is no XML: {error}") from error


def numeral(element: Element, name: str, default: float = 0.0) -> float:
    """Return an attribute as a finite number; what is absent or none is the default."""
    try:
        value = float(element.get(name, ""))
    except ValueError:
        return default
    return value if abs(value) < 1e12 else default


def children(element: Element | None, name: str) -> list[Element]:
    """Return the children of that name; none of nothing."""
    return element.findall(name) if element is not None else []
