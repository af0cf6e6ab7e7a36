"""Recolouring: chords extended, suspended, simplified, exchanged for the parallel key's, prepared by dominants."""

from hardcore.music.chord import QUALITIES, Chord
from hardcore.music.function import function, leads_to
from hardcore.music.scale import Key

MOST = 3  # a seventh, a ninth, a thirteenth or eleventh


def extended(chord: Chord, key: Key, size: int) -> Chord:
    """Return the chord stacked up to its seventh (1), ninth (2), thirteenth or eleventh (3); what it has stays.

    Sevenths are the key's; dominants take the minor one, and a flat ninth where they lead to a minor chord. A note a
    semitone above the chord's root, third or fifth is left out, as players avoid it. Power chords stay bare.
    """
    size = min(size, MOST)
    intervals = set(chord.intervals)
    third = 4 if 4 in intervals else 3 if 3 in intervals else None
    if size < 1 or third is None or intervals & {9, 8} or (third == 3 and 7 not in intervals and 10 not in intervals):
        return chord
    dominant = third == 4 and (
        10 in intervals or (function(chord, key) == "dominant" and not key.contains(chord.root + 11))
    )
    if not intervals & {10, 11}:
        seventh = 10 if dominant or third == 3 or not key.contains(chord.root + 11) else 11
        own = all(key.contains(tone) for tone in chord.pitch_classes)
        if own and third == 3 and not key.contains(chord.root + seventh):
            return chord  # the tonic of a harmonic minor has no seventh to rest on
        intervals.add(seventh)
    if size > 1 and not intervals & {13, 14, 15}:
        sharp = key.contains(chord.root + 14)
        flat = dominant and not sharp and key.contains(chord.root + 13)
        intervals |= {14} if sharp else {13} if flat else set()
    if size > 2 and not intervals & {17, 18, 20, 21}:
        if third == 3 and key.contains(chord.root + 17):
            intervals.add(17)
        elif third == 4 and key.contains(chord.root + 21):
            intervals.add(21)
    return chord.evolve(intervals=tuple(sorted(intervals)))


def stacked(chord: Chord) -> int:
    """Return how far a chord is stacked up: 0 a triad, 1 its seventh, 2 its ninth, 3 more."""
    has = set(chord.intervals)
    return 3 if has & {17, 18, 20, 21} else 2 if has & {13, 14, 15} else 1 if has & {9, 10, 11} else 0


def simplified(chord: Chord) -> Chord:
    """Return the chord's triad in root position; without a third (a power or suspended chord) it stays."""
    third = next((interval for interval in (4, 3) if interval in chord.intervals), None)
    if third is None:
        return chord
    fifth = next((interval for interval in (7, 6, 8) if interval in chord.intervals), 7)
    return chord.evolve(intervals=(0, third, fifth), bass=None)


def suspended(chord: Chord, key: Key) -> Chord:
    """Return the chord with the fourth in place of its third, else the second; where the key has neither it stays."""
    thirds = {3, 4} & set(chord.intervals)
    if not thirds or 7 not in chord.intervals:
        return chord
    for name in ("5", "2"):
        interval = 5 if name == "5" else 2
        if key.contains(chord.root + interval):
            kept = {one for one in chord.intervals if one not in (3, 4, interval + 12, 11)}
            # a major seventh against the fourth is a tritone and no suspension
            return chord.evolve(intervals=tuple(sorted({*kept, interval})))
    return chord


def interchanged(chord: Chord, key: Key) -> tuple[Chord, ...]:
    """Return the chords that may stand for this one, borrowed from the parallel key; none where nothing fits.

    In major: iv for IV, iiø for ii, bVI for vi, bIII for iii. In minor: the major IV for iv, bII for iv and ii°,
    the major V for v, and bVI with a seventh for VI; in dorian the minor iv.
    """
    degree = (chord.root - key.tonic) % 12
    minor = key.is_minor
    if not all(key.contains(tone) for tone in chord.pitch_classes):
        return ()  # it comes from elsewhere already
    wide = len(chord.intervals) > 3
    table: dict[int, tuple[tuple[int, str], ...]]
    if minor and key.contains(key.tonic + 9):  # dorian: its fourth degree turns minor
        table = {5: ((5, "m7" if wide else "m"),)}
    elif minor:
        table = {
            5: ((5, "7" if wide else ""), (1, "maj7" if wide else "")), 2: ((1, "maj7" if wide else ""),),
            7: ((7, "7"),), 8: ((8, "maj7"),),
        }  # fmt: skip
    else:
        table = {
            5: ((5, "m6" if wide else "m"),), 2: ((2, "m7b5"),), 9: ((8, "maj7" if wide else ""),),
            4: ((3, "maj7" if wide else ""),),
        }  # fmt: skip
    found = [
        Chord(root=(key.tonic + step) % 12, intervals=QUALITIES[name], flats=True)
        for step, name in table.get(degree, ())
    ]
    return tuple(one for one in found if (one.root, one.intervals) != (chord.root, chord.intervals))


def secondary(goal: Chord, key: Key, colour: int = 1) -> Chord | None:
    """Return the dominant seventh of a chord (colour 2: with its ninth, flat before a minor chord), None for the tonic,
    for a chord that is no triad to rest on, and where that dominant is the key's own chord.
    """
    has = set(goal.intervals)
    stable = ({0, 4, 7} <= has and 10 not in has) or {0, 3, 7} <= has
    if not stable or goal.root == key.tonic or leads_to(goal) is not None:
        return None
    name = "7" if colour < 2 else "7b9" if 3 in has else "9"
    chord = Chord(root=(goal.root + 7) % 12, intervals=QUALITIES[name], flats=goal.flats)
    return None if all(key.contains(tone) for tone in chord.pitch_classes) else chord
