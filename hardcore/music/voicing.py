"""Voicing: which pitches play a chord, moving as little as they can from the ones before."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise, product
from typing import NamedTuple

from hardcore.music.chord import Chord

REACH = 12  # semitones around the centre in which voices are looked for
SPAN = 19  # wider than an octave and a fifth a voicing falls apart
MOST = 6  # voices: more would double what a register of two octaves cannot hold apart
MUD = 48  # below C3 neighbours closer than a minor third blur
OUTER, INNER = 30.0, 4.0  # what a parallel fifth or octave costs, in semitones of movement
UNRESOLVED = 10.0  # what a leading note or a seventh costs that does not go where it wants to; twice in the top voice


class Guide(NamedTuple):
    """What strict voice-leading has to know beside the voices: the bass before and now, and where tones want to go.

    bass     pitch classes of the bass before and now; parallels with the top voice are avoided
    resolve  pitch classes before, and the one each must move to by a step
    """

    bass: tuple[int, int]
    resolve: tuple[tuple[int, int], ...] = ()


def voicing(
    chord: Chord,
    around: int = 60,
    count: int | None = None,
    previous: Sequence[int] | None = None,
    guide: Guide | None = None,
) -> tuple[int, ...]:
    """Return the MIDI pitches of `chord`, rising, `count` voices (its own number without), near `around`.

    With `previous` (the chord before) the voices move as few semitones in sum as the register allows; without, the
    voicing is close. Too few voices leave out the fifth first, then the root; more double root, fifth, and the
    rest: at most two of each tone, and six in all. With a `guide` the outer voices make no parallel fifths or octaves
    where there is another way, and leading notes and sevenths resolve.
    """
    tones = len(chord.pitch_classes)
    voices = min(max(count or tones, 1), 2 * tones, MOST)
    return _voicing(chord, around, voices, tuple(sorted(previous or ())), guide if previous else None)


def invert(pitches: Sequence[int], times: int = 1) -> tuple[int, ...]:
    """Return `pitches` with the lowest moved above the rest, `times` times; negative moves the highest down."""
    notes = sorted(pitches)
    for _ in range(abs(times) if notes else 0):
        if times > 0:
            low, top = notes[0], notes[-1]
            notes = [*notes[1:], low + 12 * ((top - low) // 12 + 1)]
        else:
            low, top = notes[0], notes[-1]
            notes = [top - 12 * ((top - low) // 12 + 1), *notes[:-1]]
    return tuple(notes)


def drop2(pitches: Sequence[int]) -> tuple[int, ...]:
    """Return `pitches` with the second voice from the top an octave lower; fewer than three stay."""
    notes = sorted(pitches)
    if len(notes) < 3:
        return tuple(notes)
    return tuple(sorted([*notes[:-2], notes[-2] - 12, notes[-1]]))


def tendencies(before: Chord, after: Chord) -> tuple[tuple[int, int], ...]:
    """Return the pitch classes of a dominant that want to go on, and where to, when it resolves by a falling fifth:
    its third rises a semitone to the new root, its seventh falls a step to the new third.
    """
    if (before.root - after.root) % 12 != 7 or 4 not in before.intervals:
        return ()
    found = [((before.root + 4) % 12, after.root)]
    third = next((interval for interval in (4, 3) if interval in after.intervals), None)
    if 10 in before.intervals and third is not None:
        found.append(((before.root + 10) % 12, (after.root + third) % 12))
    return tuple(found)


def parallels(before: Sequence[int], after: Sequence[int]) -> int:
    """Return how many pairs of voices move from one perfect fifth or octave to another of the same kind."""
    pairs = combinations(zip(before, after, strict=False), 2)
    return sum(_parallel(low, high) for low, high in pairs)


def _parallel(low: tuple[int, int], high: tuple[int, int]) -> bool:
    """Return whether two voices (before, after) move in parallel fifths or octaves."""
    first, second = (high[0] - low[0]) % 12, (high[1] - low[1]) % 12
    return first == second and first in (0, 7) and low[0] != low[1] and high[0] != high[1]


def bass_note(chord: Chord, around: int = 36) -> int:
    """Return the pitch of the chord's bass (its root, or the note after the slash) nearest to `around`, 0–127."""
    target = chord.root if chord.bass is None else chord.bass
    pitch = around + (target - around + 6) % 12 - 6
    return pitch + 12 if pitch < 0 else pitch - 12 if pitch > 127 else pitch


@lru_cache(maxsize=4096)
def _voicing(chord: Chord, around: int, count: int, previous: tuple[int, ...], guide: Guide | None) -> tuple[int, ...]:
    reach = REACH + (2 if guide else 0)  # room for a leading note at the edge to resolve
    low, high = max(around - reach, 0), min(around + reach, 127)
    best: tuple[float, tuple[int, ...]] | None = None
    ranges: list[list[int]] = []
    rows = _doublings(chord, count) if guide else [_tones(chord, count)]
    for tones in rows:
        ranges = [[p for p in range(low, high + 1) if p % 12 == tone] for tone in tones]
        found = _best(ranges, count, around, previous, guide)
        best = found if best is None or (found is not None and found < best) else best
    # at the ends of the keyboard there may be no room: then whatever there is
    return best[1] if best else tuple(sorted({notes[len(notes) // 2] for notes in ranges if notes}))


def _best(
    ranges: list[list[int]], count: int, around: int, previous: tuple[int, ...], guide: Guide | None
) -> tuple[float, tuple[int, ...]] | None:
    """Return the cheapest voicing of `count` voices and its cost, each voice from its own range."""
    best: tuple[float, tuple[int, ...]] | None = None
    for choice in product(*ranges):
        notes = tuple(sorted(choice))
        if len(set(notes)) == count:
            extra = _strictness(previous, notes, guide) if guide else 0.0
            ranked = (_cost(notes, around, previous) + extra, notes)
            best = ranked if best is None or ranked < best else best
    return best


def _doublings(chord: Chord, count: int) -> list[list[int]]:
    """Return the ways to give `count` voices their pitch classes: where one tone is doubled, the root or the fifth."""
    tones, fifth = _tones(chord, count), (chord.root + 7) % 12
    if len(tones) != len(chord.pitch_classes) + 1 or tones[-1] != chord.root or fifth not in tones:
        return [tones]
    return [tones, [*tones[:-1], fifth]]


def _tones(chord: Chord, count: int) -> list[int]:
    """Return the pitch class of each voice."""
    tones = list(chord.pitch_classes)
    fifth = (chord.root + 7) % 12
    for spare in (fifth, chord.root):
        if len(tones) > count and spare in tones and len(tones) > 1:
            tones.remove(spare)
    doubles = dict.fromkeys(tone for tone in (chord.root, fifth, *tones) if tone in tones)
    return [*tones, *doubles][:count]


def _cost(notes: tuple[int, ...], around: int, previous: tuple[int, ...]) -> float:
    """Return how bad a voicing is: movement first, then distance from the centre, width, and clusters."""
    centre, width = abs(sum(notes) / len(notes) - around), notes[-1] - notes[0]
    gaps = [b - a for a, b in pairwise(notes)]
    clusters = sum(gap == 1 or (gap < 3 and low < MUD) for gap, low in zip(gaps, notes, strict=False))
    loose = 2 * max(width - SPAN, 0)
    if not previous:
        return centre + width * 0.5 + clusters * 2 + loose
    return _movement(previous, notes) + centre * 0.1 + clusters * 0.5 + loose


def _strictness(before: tuple[int, ...], after: tuple[int, ...], guide: Guide) -> float:
    """Return what a strict ear minds between two voicings: parallels, above all with the bass, and what hangs."""
    cost = OUTER * _parallel(guide.bass, (before[-1], after[-1]))
    if len(before) != len(after):
        return cost
    cost += INNER * parallels(before, after) + OUTER * _parallel((before[0], after[0]), (before[-1], after[-1]))
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        goal = next((goal for tone, goal in guide.resolve if old % 12 == tone), None)
        if goal is not None and not (new % 12 == goal and abs(new - old) <= 2):
            cost += UNRESOLVED * (2 if place == len(before) - 1 else 1)
    return cost


def _movement(before: tuple[int, ...], after: tuple[int, ...]) -> int:
    """Return the semitones all voices move: in order when there are as many, each to the nearest otherwise."""
    if len(before) == len(after):
        return sum(abs(a - b) for a, b in zip(before, after, strict=True))
    return sum(min(abs(a - b) for b in before) for a in after)
