"""Words: a text as tokens, and the phrases of a vocabulary found in it. Whole words only, the longest phrase first.

Comparison is by Unicode NFKC and casefold. A token is a run of letters (an apostrophe may be inside), a run of digits
with what is glued to it ("140bpm", "90s"), or one of the signs & + / % # @ , ; . : ! ?.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

Meaning = TypeVar("Meaning")

# Beyond ASCII everything is a letter (marks over letters are no \w) but spaces, punctuation, symbols and emoji.
_SYMBOLS = r"\u2190-\u266c\u2670-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff"
_MARKS = rf"[^\w\s\x00-\u00bf\u2000-\u2bff\u3000-\u3020{_SYMBOLS}]"
LETTER = rf"(?:[^\W\d_]|{_MARKS})"
_LETTERS = rf"(?:[^\W\d_]+|{_MARKS}+)+"
_TOKEN = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*|\d+(?:\.\d+)?(?:{_LETTERS})?|[{_SYMBOLS}]+|[&+/%#♯♭@,;.:!?\n-]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ud800-\udfff]")
STOPS = frozenset(",;.:!?\n")
# after one of these a phrase asks for nothing
DENIALS = frozenset({"no", "not", "without", "less", "never", "don't", "dont"})


def denied(text: str, start: int, also: tuple[str, ...] = ()) -> bool:
    """Return whether the word before a place in a text denies what stands there: DENIALS, and `also` these."""
    before = text[:start].casefold().split()
    return bool(before) and (before[-1] in DENIALS or before[-1] in also)


class Token(NamedTuple):
    """A word, number or sign: as typed, as compared, and where it is in the cleaned text."""

    text: str
    word: str
    start: int
    end: int


class Match(NamedTuple, Generic[Meaning]):
    """Tokens [start, end) of a list and what they mean; None where nothing is known."""

    start: int
    end: int
    meaning: Meaning | None


def clean(text: str) -> str:
    """Return the text in NFKC with single spaces; control characters and what is not UTF-8 become spaces."""
    plain = _CONTROL.sub(" ", unicodedata.normalize("NFKC", _CONTROL.sub(" ", text)))
    return "\n".join(" ".join(line.split()) for line in plain.split("\n"))


def tokens(text: str, offset: int = 0) -> list[Token]:
    """Return the tokens of a cleaned text; `offset` is added to their places."""
    found = []
    for match in _TOKEN.finditer(text):
        word, (start, end) = match[0], match.span()
        found.append(Token(word, word.casefold().replace("’", "'"), start + offset, end + offset))
    return found


class Phrasebook(Generic[Meaning]):
    """Phrases and their meanings, found by their first word; a hyphen in a text or a phrase is a space."""

    def __init__(self, phrases: Mapping[str, Meaning]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
        for phrase, meaning in phrases.items():
            for words in _spellings(phrase):
                self._by_first.setdefault(words[0], []).append((words, meaning))
        for known in self._by_first.values():
            known.sort(key=lambda pair: -len(pair[0]))

    def find(self, row: Sequence[Token], at: int) -> Match[Meaning] | None:
        """Return the longest phrase that starts at token `at`, or None."""
        after = row[at + 1].word if at + 1 < len(row) else ""
        for words, meaning in self._by_first.get(row[at].word, ()):
            if len(words) == 1:
                return Match(at, at + 1, meaning)
            end = _end(row, at, words) if after in (words[1], "-") else 0
            if end:
                return Match(at, end, meaning)
        return None

    def scan(self, row: Sequence[Token]) -> Iterator[Match[Meaning]]:
        """Yield the row as phrases from left to right, and what is no phrase token by token with meaning None."""
        at = 0
        while at < len(row):
            match = self.find(row, at) or Match(at, at + 1, None)
            yield match
            at = match.end


def _end(row: Sequence[Token], at: int, words: tuple[str, ...]) -> int:
    """Return the token after `words`, which start at token `at`, or 0; hyphens between them don't count."""
    for number, word in enumerate(words):
        if number and at < len(row) and row[at].word == "-":
            at += 1
        if at >= len(row) or row[at].word != word:
            return 0
        at += 1
    return at


def _spellings(phrase: str) -> Iterable[tuple[str, ...]]:
    """Return the ways to write a phrase: "drum and bass" is "drum & bass" and "drum n bass", too."""
    words = tuple(token.word for token in tokens(clean(phrase)) if token.word != "-")
    if not words:
        return ()
    found = [words]
    for joined in ("&", "and", "n", "+"):
        if any(word in ("and", "&") for word in words):
            other = tuple(joined if word in ("and", "&") else word for word in words)
            found += [other] if other != words else []
    return found
