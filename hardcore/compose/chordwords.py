"""Chord words: what a prompt or a follow-up may ask of the harmony, and what it makes of a style's."""

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, NamedTuple

from hardcore.compose.intent import ChordWord
from hardcore.compose.words import denied
from hardcore.knowledge.melodic import HarmonyStyle

PHRASES: dict[ChordWord, tuple[str, ...]] = {
    "jazzy": (
        "jazzy chords", "jazzier chords", "jazz chords", "jazzy harmony", "jazz harmony", "jazzier", "extended chords",
        "richer chords", "richer harmony", "seventh chords", "ninth chords",
        "chords jazzy", "chords jazzier", "chords richer", "harmony jazzier",
    ),
    "borrowed": (
        "borrowed chords", "a borrowed chord", "borrowed chord", "modal interchange", "chromatic chords",
        "chromatic harmony", "mode mixture", "borrow chords", "borrow some chords",
    ),
    "tense": (
        "more tension", "tense chords", "tenser chords", "tense harmony", "more harmonic tension", "tenser",
        "with tension", "chords tenser",
        "chords more tense", "tension in the chords",
    ),
    "suspended": (
        "suspended chords", "suspended", "chords suspended", "sus chords", "sus4 chords", "suspensions",
        "more suspended",
    ),
    "simple": (
        "simpler chords", "simple chords", "simple harmony", "simpler harmony", "plain chords", "triads", "only triads",
        "less tension", "chords simpler", "chords simple", "simplify the chords",
    ),
}  # fmt: skip
_HELD: dict[ChordWord, str] = {
    "jazzy": "extended chords with dominants of their own",
    "borrowed": "chords borrowed from the parallel key",
    "tense": "chords that follow a higher tension",
    "suspended": "suspended chords",
    "simple": "plain triads",
    "sevenths": "chords with their sevenths",
    "ninths": "chords with their ninths",
}


class SpokenChords(NamedTuple):
    """What a text asks of the chords: the words, where they start, and what they mean."""

    words: str
    start: int
    wish: ChordWord


@cache
def _pattern() -> re.Pattern[str]:
    phrases = sorted((phrase for row in PHRASES.values() for phrase in row), key=lambda one: (-len(one), one))
    parts = "|".join(re.escape(phrase).replace(r"\ ", "[ -]") for phrase in phrases)
    # other alphabets have letters that a case-blind i or s would match
    return re.compile(rf"(?<![\w-])((?ai:{parts}))(?![\w-])")


def spoken_chords(text: str) -> list[SpokenChords]:
    """Return what a cleaned text asks of the chords, in order; "no borrowed chords" asks for nothing."""
    meant = {phrase: wish for wish, row in PHRASES.items() for phrase in row}
    found = []
    for match in _pattern().finditer(text):
        if not denied(text, match.start()):
            found.append(SpokenChords(match[0], match.start(), meant[match[0].casefold().replace("-", " ")]))
    return found


def meaning(wish: ChordWord) -> str:
    """Return what a word for the chords does, in words."""
    return _HELD[wish]


def merged(wishes: Iterable[ChordWord]) -> tuple[ChordWord, ...]:
    """Return what is wished, each once, in order; "simple" and the others undo each other, the later wins."""
    kept: tuple[ChordWord, ...] = ()
    for wish in wishes:
        kept = (*(one for one in kept if "simple" not in (one, wish) and one != wish), wish)
    return kept


def bent(style: HarmonyStyle, wishes: Collection[ChordWord]) -> HarmonyStyle:
    """Return a style's harmony as the words for its chords bend it; "simple" undoes all the others."""
    changes: dict[str, Any] = {}
    if "sevenths" in wishes or "ninths" in wishes:
        changes["extend"] = max(style.extend, 2 if "ninths" in wishes else 1)
    if "jazzy" in wishes:
        changes |= {"chromatic": 1.0, "extend": max(style.extend, 2), "tension": max(style.tension, 0.8)}
        changes |= {"secondary": max(style.secondary, 0.4), "rhythm": max(style.rhythm, 0.3)}
    if "borrowed" in wishes:
        changes |= {"chromatic": 1.0, "borrowed": max(style.borrowed, 0.7)}
    if "tense" in wishes:
        changes |= {"chromatic": 1.0, "tension": 1.0, "cadence": max(style.cadence, 0.8)}
        changes |= {"extend": max(style.extend, changes.get("extend", 0), 1)}
        changes |= {"secondary": max(style.secondary, changes.get("secondary", 0.0), 0.35)}
    if "suspended" in wishes:
        changes["suspend"] = max(style.suspend, 0.8)
    if "simple" in wishes:
        changes = dict.fromkeys(("tension", "secondary", "borrowed", "suspend", "rhythm"), 0.0) | {"extend": 0}
    return style.evolve(**changes) if changes else style
