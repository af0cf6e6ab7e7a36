"""Typed chords: "chords Am F C G", "progression: ii V I" in a text: the chords to play, as they are written."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from hardcore.compose.harmony.chordnames import MOST, parsed
from hardcore.errors import UserError
from hardcore.music.scale import Key

_QUALITY = r"(?:maj|min|dim|aug|sus|add|m|M|°|ø|\+|-)?(?:6/9|\d{1,2})?(?:(?:sus|add|b|#|maj)\d{0,2}){0,2}"
_SYMBOL = rf"[A-G][#♯b♭]?{_QUALITY}(?:/[A-G][#♯b♭]?)?"
_ROMAN = (
    r"[b♭#♯]?(?:VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(?:maj7|m7|dim|sus[24]|[679°])?(?:/(?:[VI]+|[vi]+|[1-7]))?"
)
_BETWEEN = r"(?:[ ]?[,|–—>][ ]?|[ ]?->[ ]?|[ ]-[ ]|-|[ ])"
_SAYS = r"(?:the )?(?:chords?|chord progression|progression|changes|harmony)(?: (?:to|are|is|of|like|as))?[ ]?[:=]?[ ]?"


def _row(one: str, least: int) -> str:
    return rf"(?P<row>{one}(?:{_BETWEEN}{one}){{{least - 1},{MOST - 1}}})(?![\w#♯♭'’/])"


_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w-])(?i:{_SAYS}){_row(_SYMBOL, 2)}",
        rf"(?<![\w-])(?i:{_SAYS}){_row(_ROMAN, 2)}",
        # nothing says that these are chords but that there are three in a row
        rf"(?<![\w#♯♭-]){_row(_SYMBOL, 3)}(?:[ ](?i:chords?|progression))?",
        rf"(?<![\w#♯♭-]){_row(_ROMAN, 3)}(?:[ ](?i:chords?|progression))?",
    )
)
# one chord by its symbol; a letter alone only after a word that leads to it
_ONE = re.compile(rf"(?<![\w#♯♭'’-])(?:(?P<lead>(?:in)?to|with|be|=) )?(?:an? )?(?P<name>{_SYMBOL})(?![\w#♯♭'’/])")
_SPLIT = re.compile(r"[\s,|–—>]+|(?<=[\w+°])-(?=[A-GIViv#b])|(?<=\s)-(?=\s)")


class TypedChords(NamedTuple):
    """Chords as typed: the words of the text, where they start, and the names one by one."""

    words: str
    start: int
    names: tuple[str, ...]


def typed_chords(text: str) -> list[TypedChords]:
    """Return the rows of chords in a cleaned text, in order; what only looks like chords is left alone."""
    found: list[TypedChords] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            names = tuple(word for word in _SPLIT.split(match["row"]) if word and word != "-")
            inside = any(one.start < match.end() and match.start() < one.start + len(one.words) for one in found)
            if not inside and _playable(names) and not _is_letters(names, match[0]):
                found.append(TypedChords(match[0], match.start(), names))
    return sorted(found, key=lambda one: one.start)


def single_chords(text: str) -> list[TypedChords]:
    """Return the single chords of a cleaned sentence about a chord, each with the word that leads to it."""
    if "chord" not in text.casefold():
        return []
    found = (match for match in _ONE.finditer(text) if len(match["name"]) > 1 or match["lead"])
    return [TypedChords(match[0], match.start(), (match["name"],)) for match in found if _is_chord(match["name"])]


def _is_chord(name: str) -> bool:
    try:
        return len(parsed((name,), Key(tonic=0, mode="major"))) == 1
    except UserError:
        return False


def _playable(names: Sequence[str]) -> bool:
    try:
        return len(parsed(names, Key(tonic=0, mode="major"))) > 1
    except UserError:
        return False


def _is_letters(names: Sequence[str], words: str) -> bool:
    """Return whether a row is nothing but capital letters without a word that says chords: "A B A form"."""
    said = re.search(r"chord|progression|changes|harmony", words, re.IGNORECASE)
    return not said and all(len(name) == 1 for name in names)
