"""Words: a text as tokens.

Comparison is by Unicode NFKC and casefold. A token is a run of letters (an apostrophe may be inside), a run of digits
with what is glued to it ("140bpm", "90s"), or one of the signs & + / % # @ , ; . : ! ?.
"""

import re
import unicodedata
from typing import NamedTuple

# Beyond ASCII everything is a letter (marks over letters are no \w) but spaces, punctuation, symbols and emoji.
_SYMBOLS = r"\u2190-\u266c\u2670-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff"
_MARKS = rf"[^\w\s\x00-\u00bf\u2000-\u2bff\u3000-\u3020{_SYMBOLS}]"
LETTER = rf"(?:[^\W\d_]|{_MARKS})"
_LETTERS = rf"(?:[^\W\d_]+|{_MARKS}+)+"
_TOKEN = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})*|\d+(?:\.\d+)?(?:{_LETTERS})?|[{_SYMBOLS}]+|[&+/%#♯♭@,;.:!?\n-]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ud800-\udfff]")
STOPS = frozenset(",;.:!?\n")


class Token(NamedTuple):
    """A word, number or sign: as typed, as compared, and where it is in the cleaned text."""

    text: str
    word: str
    start: int
    end: int


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
