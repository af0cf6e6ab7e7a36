"""Cadence: how the end of a round leads into what follows, by what the chords do in their key."""

from collections.abc import Sequence
from random import Random

from hardcore.music.chord import QUALITIES, Chord
from hardcore.music.function import function, leads
from hardcore.music.scale import Key

# weights of a turnaround: it leads on, it does not; its factors where it has the root of the chord before, is a bare
# diminished triad (what a key makes of a foreign chord), or is foreign and leads nowhere
LEADING, PLAIN, STALE, BARE, FOREIGN = 6.0, 1.0, 0.3, 0.1, 0.3


def turnaround(turns: Sequence[Chord], before: Chord, after: Chord, key: Key, rng: Random) -> Chord:
    """Return one of `turns` for the place between two chords: those that lead into the next are the likeliest."""
    return rng.choices(turns, [_weight(turn, before, after, key) for turn in turns])[0]


def _weight(turn: Chord, before: Chord, after: Chord, key: Key) -> float:
    onward = leads(turn, after, key)
    weight = (LEADING if onward else PLAIN) * (STALE if turn.root == before.root else 1)
    weight *= BARE if turn.intervals == QUALITIES["dim"] else 1
    return weight * (FOREIGN if not onward and not all(key.contains(tone) for tone in turn.pitch_classes) else 1)


def dominant(key: Key, wide: bool) -> Chord:
    """Return the chord that leads back to a key's tonic: V, with its seventh where `wide`; a mode without a leading
    note has its own: bVII in mixolydian and dorian, bII in phrygian, the major II in lydian.
    """
    modal = {"phrygian": (1, "maj7", ""), "locrian": (1, "maj7", ""), "phrygian dominant": (1, "maj7", ""),
             "lydian": (2, "7", ""), "mixolydian": (10, "9", ""), "dorian": (10, "maj7", "")}  # fmt: skip
    step, broad, plain = modal.get(key.mode, (7, "7", ""))
    return Chord(root=(key.tonic + step) % 12, intervals=QUALITIES[broad if wide else plain], flats=key.flats)


def predominant(key: Key, wide: bool) -> Chord:
    """Return the chord that prepares the dominant: ii in major, the half-diminished ii in minor, plain iv there."""
    if key.is_minor:
        step, name = (2, "m7b5") if wide and not key.contains(key.tonic + 9) else (5, "m")
    else:
        step, name = (2, "m7" if wide else "m")
    return Chord(root=(key.tonic + step) % 12, intervals=QUALITIES[name], flats=key.flats)


def submediant(key: Key, wide: bool) -> Chord:
    """Return the chord that a dominant goes to when it deceives: vi in major, VI in minor."""
    step, name = (8, "maj7" if wide else "") if key.is_minor else (9, "m7" if wide else "m")
    return Chord(root=(key.tonic + step) % 12, intervals=QUALITIES[name], flats=key.flats)


def cadences(row: Sequence[Chord], key: Key, chance: float, length: int, rng: Random) -> dict[int, tuple[str, Chord]]:
    """Return what cadences do to a row of chords: by place, the cadence's name and its chord.

    length  chords in a round of the progression
    The row's end, and that of each second round, leads home (authentic, on the last half of its time). Between the two
    rounds of a pair it stops on the dominant (half), or the round that comes after begins elsewhere (deceptive).
    """
    found: dict[int, tuple[str, Chord]] = {}
    if length < 2 or len(key.intervals) != 7:
        return found
    wide = any(len(chord.intervals) > 3 for chord in row)
    ends = {*range(length - 1, len(row), length), len(row) - 1}
    for place in sorted(ends):
        draw = rng.random()
        after = row[(place + 1) % len(row)]
        middle = (place // length) % 2 == 0 and place < len(row) - 1
        if after.root != key.tonic or draw >= chance:
            continue
        if leads(row[place], after, key) and function(row[place], key) == "dominant":
            if middle and draw < chance * 0.5:
                found[place + 1] = ("deceptive", submediant(key, wide))
        else:
            found[place] = ("half" if middle else "authentic", dominant(key, wide))
    return found
