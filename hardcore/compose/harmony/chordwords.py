"""Chord words: what a prompt or a follow-up may ask of the harmony, and what it makes of a style's."""

from collections.abc import Collection, Iterable
from typing import Any

from hardcore.compose.intent import ChordWord
from hardcore.knowledge.melodic import HarmonyStyle

_HELD: dict[ChordWord, str] = {
    "jazzy": "extended chords with dominants of their own",
    "borrowed": "chords borrowed from the parallel key",
    "tense": "chords that follow a higher tension",
    "suspended": "suspended chords",
    "simple": "plain triads",
    "sevenths": "chords with their sevenths",
    "ninths": "chords with their ninths",
}


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
