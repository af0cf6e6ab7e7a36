"""Groove words: "samba groove", "laid back feel", "mpc swing 62" in a text, found before anything else is read.

Many names of grooves are moods or styles as well ("laid back", "breakbeat"), so a groove is meant only where the words
say so: groove, swing, feel or mpc.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, Protocol

from hardcore.compose.words import denied
from hardcore.knowledge.groove import groove_words

_SAYS_SO = re.compile(r"\b(?:groove|swing|feel|mpc|shuffle)\b")


class Said(Protocol):
    """Words of a text, and where they start."""

    @property
    def words(self) -> str:
        """Return the words as they are written."""

    @property
    def start(self) -> int:
        """Return where they start."""


class Spoken(NamedTuple):
    """A groove that a text asks for: the words, where they start, and the groove's id."""

    words: str
    start: int
    groove: str


@cache
def _pattern() -> re.Pattern[str]:
    phrases = sorted(groove_words(), key=lambda phrase: (-len(phrase), phrase))
    parts = [re.escape(phrase).replace(r"\ ", "[ -]").replace(r"\-", "[ -]") for phrase in phrases]
    return re.compile(rf"(?<![\w-])({'|'.join(parts)})((?:[ -](?:groove|swing|feel))?)(?![\w-])(?! ?%)", re.IGNORECASE)


def spoken(text: str) -> list[Spoken]:
    """Return the grooves a cleaned text asks for, in order; "no samba groove" asks for none."""
    found = []
    for match in _pattern().finditer(text):
        if not _SAYS_SO.search(match[0].casefold()) or denied(text, match.start(), ("more",)):
            continue
        phrase = " ".join(match[1].casefold().split())
        known = groove_words()
        by_letters = {_plain(name): groove_id for name, groove_id in known.items()}
        found.append(Spoken(match[0], match.start(), known.get(phrase) or by_letters[_plain(phrase)]))
    return found


def without(text: str, found: Sequence[Said]) -> str:
    """Return the text with spaces where what was found is said, so that every other word keeps its place."""
    for one in found:
        end = one.start + len(one.words)
        text = f"{text[: one.start]}{' ' * len(one.words)}{text[end:]}"
    return text


def _plain(phrase: str) -> str:
    return phrase.replace("-", " ")
