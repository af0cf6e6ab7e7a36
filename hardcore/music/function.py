"""Function: what a chord does in its key, where it wants to go, and how tense it is."""

from itertools import combinations
from typing import Literal

from hardcore.music.chord import Chord
from hardcore.music.scale import Key

Function = Literal["tonic", "predominant", "dominant"]

# how rough an interval class is, a tritone less than a semitone: Hindemith's order of tension (The Craft of Musical
# Composition, 1937), as weights
_ROUGH = (0.0, 1.0, 0.45, 0.1, 0.1, 0.0, 0.7)
_MAJOR: dict[int, Function] = {0: "tonic", 4: "tonic", 9: "tonic", 7: "dominant", 11: "dominant", 10: "dominant"}
_MINOR: dict[int, Function] = {
    0: "tonic", 3: "tonic", 8: "tonic", 7: "dominant", 10: "dominant", 11: "dominant",
}  # fmt: skip
# the degree that does a dominant's work where the mode has no leading note to the tonic in its fifth
_MODAL: dict[str, tuple[int, ...]] = {
    "phrygian": (1, 10), "locrian": (1, 10), "phrygian dominant": (1, 10), "lydian": (2, 7),
    "mixolydian": (7, 10), "dorian": (7, 10),
}  # fmt: skip


def function(chord: Chord, key: Key) -> Function:
    """Return what a chord does in a key: rest (tonic), lead away (predominant), or lead back (dominant).

    By the degree of its root: I, iii and vi rest in major, i, III and VI in minor; V, vii and VII lead back, in
    phrygian II, in lydian the major II. A chord that is the dominant of another degree leads away.
    """
    degree = (chord.root - key.tonic) % 12
    goal = leads_to(chord)
    if degree in _MODAL.get(key.mode, ()) and not (goal is not None and goal != key.tonic):
        return "dominant"
    if goal == key.tonic:
        return "dominant"
    if degree == 7 and 3 in chord.intervals and 4 in key.intervals:
        return "predominant"  # the minor v of a major key leads to its fourth degree
    # the bVII7 of major keys falls to the tonic by the back door; a seventh on the tonic itself rests in the blues
    if goal is not None and degree not in (0, 7, 10, 11):
        return "predominant"
    minor = key.is_minor or 4 not in key.intervals
    return (_MINOR if minor else _MAJOR).get(degree, "predominant")


def leads_to(chord: Chord) -> int | None:
    """Return the pitch class of the tonic that a chord is the dominant of: a fifth below a seventh chord with a major
    third, a semitone above a diminished one; None for a chord that leads nowhere by itself.
    """
    has = set(chord.intervals)
    if 4 in has and 10 in has:
        return (chord.root + 5) % 12
    if {3, 6} <= has and 7 not in has and 10 not in has:
        return (chord.root + 1) % 12
    return None


def leads(chord: Chord, after: Chord, key: Key) -> bool:
    """Return whether a chord leads into the one after it: its dominant, a dominant of the key before a tonic one, or
    bII7 a semitone above it.
    """
    if leads_to(chord) == after.root or ((chord.root - after.root) % 12 == 7 and 3 not in chord.intervals):
        return True
    if 4 in chord.intervals and 10 in chord.intervals and (chord.root - after.root) % 12 == 1:
        return True
    return function(chord, key) == "dominant" and after.root == key.tonic


def fifths(chord: Chord, key: Key) -> int:
    """Return how many steps the root is from the tonic on the circle of fifths, 0–6."""
    around = (chord.root - key.tonic) * 7 % 12
    return min(around, 12 - around)


def dissonance(chord: Chord) -> float:
    """Return how rough a chord is: the sum over its pairs of tones, a bass under it too; a triad 0.07, V7 0.5."""
    tones = sorted({*chord.pitch_classes, *(() if chord.bass is None else (chord.bass,))})
    pairs = (min((b - a) % 12, (a - b) % 12) for a, b in combinations(tones, 2))
    return sum(_ROUGH[pair] for pair in pairs) / 3


def tension(chord: Chord, key: Key) -> float:
    """Return how tense a chord is in a key, 0 a bare tonic to about 3: its dissonance, the way of its root from the
    tonic on the circle of fifths (0–1), the share of its notes that the key lacks, and 0.25 for a dominant.
    """
    tones = chord.pitch_classes
    outside = sum(not key.contains(tone) for tone in tones) / len(tones)
    pull = 0.25 if function(chord, key) == "dominant" else 0.0
    return dissonance(chord) + fifths(chord, key) / 6 + outside + pull


def borrowed(chord: Chord, key: Key) -> bool:
    """Return whether a chord has notes that its key lacks and is no dominant of another degree: modal interchange."""
    goal = leads_to(chord)
    applied = goal is not None and goal != key.tonic
    return not applied and any(not key.contains(tone) for tone in chord.pitch_classes)
