"""Chord names: the chords that names or numerals mean, and the key that holds them."""

from collections.abc import Collection, Sequence

from hardcore.music.chord import Chord, parse_chord, parse_roman
from hardcore.music.scale import Key

MOST = 32


def parsed(names: Sequence[str], key: Key) -> tuple[Chord, ...]:
    """Return the chords that names, or numerals in `key`, mean. Raises UserError."""
    return tuple(parse_chord(name) if name[0] in "ABCDEFG" else parse_roman(name, key) for name in names)


def key_for(names: Sequence[str], key: Key, keep: bool = True) -> Key:
    """Return the key that holds most notes of the chords, one on the first chord before others.

    keep   `key` stays where no other holds more
    """
    if any(name[0] not in "ABCDEFG" for name in names):
        return key
    chords = parsed(names, key)

    def fit(other: Key) -> int:
        return sum(other.contains(pitch) for chord in chords for pitch in chord.pitch_classes)

    first = chords[0]
    tonics = [first.root, chords[-1].root, *range(12)]
    homes = ("minor", "major") if 3 in first.intervals else ("major", "minor")
    choices = [*([key] if keep else []), *(Key(tonic=tonic, mode=mode) for tonic in tonics for mode in homes)]
    return max(choices, key=lambda other: (fit(other), -choices.index(other)))


def mixed(old: str, new: str, bars: Collection[int]) -> str:
    """Return the chords that bars are played over (parted by `|`, `–` where one is held), of which only some are new.

    The new ones where the two do not fit together.
    """
    before, after = old.split(" | "), new.split(" | ")
    if len(before) != len(after):
        return new
    rows = []
    for bar in range(len(after)):
        source = after if bar in bars else before
        row = source[bar]
        if row == "–" and (bar in bars) != (bar - 1 in bars):
            row = next((one.split()[-1] for one in reversed(source[:bar]) if one != "–"), row)
        rows.append(row)
    return " | ".join(rows)
