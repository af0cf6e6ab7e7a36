"""Song words: "a full track", "with an intro and an outro" in a text: a song is wanted, not a scene that loops."""

import re
from typing import NamedTuple

from hardcore.compose.words import denied

# a scene that loops is shorter than this
LEAST_S = 90.0
_WHOLE = r"(?:full|whole|entire|complete|finished)(?:[ -]length)?"
_PIECE = r"(?:song|track|tune|arrangement|structure)"
_PART = r"(?:an? )?(?:long |short )?(?:intros?|outros?|breakdowns?|verses?)"
_PARTS = rf"{_PART}(?:(?:, and |, | and | & ){_PART})*"
_LENGTH = r"(?P<number>\d+(?:\.\d+)?)[ -]?(?P<unit>minutes?|mins?|bars?)(?:[ -]long)?"
_SPOKEN = re.compile(
    rf"(?<![\w-])(?:{_WHOLE}(?= (?:[\w&-]+ ){{0,3}}{_PIECE}\b)|as a (?:{_WHOLE} )?song|song structure"
    rf"|(?:with )?{_PARTS})(?![\w'’-])",
    re.IGNORECASE,
)
_MADE = re.compile(
    rf"^(?:please )?(?:(?:make|turn|arrange|build)(?: (?:it|this|that|everything))?(?: in)?(?:to| as)? ?"
    rf"(?:an? )?(?:{_LENGTH} )?(?:{_WHOLE} )?{_PIECE}"
    rf"|arrange (?:it|this|that)|add {_PARTS})(?: please)?[.!]?$",
    re.IGNORECASE,
)


class SongWords(NamedTuple):
    """Words that ask for a song, and where they start."""

    words: str
    start: int


class MadeSong(NamedTuple):
    """That the piece there is to become a song, and how long it is said to be."""

    minutes: float | None
    bars: int | None


def song_words(text: str) -> list[SongWords]:
    """Return what in a cleaned text asks for a song, in order; "no intro" asks for none."""
    found = []
    for match in _SPOKEN.finditer(text):
        if not denied(text, match.start()):
            found.append(SongWords(match[0], match.start()))
    return found


def made_song(text: str) -> MadeSong | None:
    """Return what "make it a 3 minute song", "add an intro" or "arrange it" ask of the piece there; None for others."""
    match = _MADE.match(" ".join(text.split()))
    if match is None:
        return None
    number, unit = match["number"], match["unit"] or ""
    if number is None:
        return MadeSong(None, None)
    return MadeSong(None, int(float(number))) if unit.startswith("bar") else MadeSong(float(number), None)
