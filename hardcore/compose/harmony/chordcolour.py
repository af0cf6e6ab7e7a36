"""Colour: chords that borrow, prepare, suspend and extend themselves as the tension of the form wants it."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from hardcore.compose.grid import Bar
from hardcore.compose.harmony.cadence import predominant
from hardcore.compose.harmony.placement import PlacedChord, halved
from hardcore.compose.motif.phrase import scaled
from hardcore.knowledge.melodic import HarmonyStyle
from hardcore.music.chord import Chord
from hardcore.music.function import function
from hardcore.music.recolouring import extended, interchanged, secondary, stacked, suspended
from hardcore.music.scale import Key

_DRAWS = 5
_FIRST_HALF = 0.6  # the music says where home is before it leaves it


def coloured(
    row: Sequence[PlacedChord], style: HarmonyStyle, key: Key, grid: tuple[Bar, ...], rng: Random
) -> list[PlacedChord]:
    """Return the chords as a style colours them; at most one of them is parted or exchanged at a time.

    What a cadence put there stays, but for its extensions. The number of draws is the same whatever they decide.
    """
    seven = len(key.intervals) == 7
    calm = style.evolve(secondary=style.secondary * _FIRST_HALF, borrowed=style.borrowed * _FIRST_HALF)
    made: list[PlacedChord] = []
    for place, one in enumerate(row):
        draws = [rng.random() for _ in range(_DRAWS)]
        after = row[(place + 1) % len(row)].chord
        parts: tuple[PlacedChord, ...] = (one,)
        if seven and not one.mark:
            here = calm if 2 * one.start_ticks < grid[-1].end_ticks else style
            parts = (
                _borrowed(one, place, here, key, grid, draws[:2])
                or _prepared(one, after, here, key, grid, draws[2])
                or _suspended(one, style, key, grid, draws[3])
                or _shared(one, style, key, grid, draws[4])
                or parts
            )
        made += [_extended(part, style, key) for part in parts]
    return made


def _borrowed(
    one: PlacedChord, place: int, style: HarmonyStyle, key: Key, grid: tuple[Bar, ...], draws: Sequence[float]
) -> tuple[PlacedChord, ...]:
    """Return the chord followed by its like from the parallel key, or that one alone; the first chord stays."""
    options = interchanged(one.chord, key)
    if not place or not options or draws[0] >= scaled(style.borrowed, one.tension):
        return ()
    chord = options[int(draws[1] * len(options))]
    if chord.root != one.chord.root or len(chord.intervals) < len(one.chord.intervals):
        return (replace(one, chord=chord, mark="borrowed"),)
    parts = halved(one, grid)
    return (*parts[:-1], replace(parts[-1], chord=chord, mark="borrowed"))


def _prepared(
    one: PlacedChord, after: Chord, style: HarmonyStyle, key: Key, grid: tuple[Bar, ...], draw: float
) -> tuple[PlacedChord, ...]:
    """Return the chord with the dominant of the next one in the last half of its time."""

    chord = secondary(after, key, 2 if one.tension > 0.6 else 1)
    parts = halved(one, grid)
    if chord is None or len(parts) < 2 or after.root == one.chord.root or draw >= scaled(style.secondary, one.tension):
        return ()
    return (parts[0], replace(parts[1], chord=chord, mark="secondary"))


def _suspended(
    one: PlacedChord, style: HarmonyStyle, key: Key, grid: tuple[Bar, ...], draw: float
) -> tuple[PlacedChord, ...]:
    """Return the chord suspended before it resolves, where there is time; home is never suspended."""
    chord = suspended(one.chord, key)
    if chord == one.chord or one.chord.root == key.tonic or draw >= scaled(style.suspend, one.tension):
        return ()
    parts = halved(one, grid)
    first = replace(parts[0], chord=chord, mark="suspended")
    return (first, *parts[1:])


def _shared(
    one: PlacedChord, style: HarmonyStyle, key: Key, grid: tuple[Bar, ...], draw: float
) -> tuple[PlacedChord, ...]:
    """Return the chord's time shared by two: what prepares a dominant before it, a tonic's first inversion after it."""
    parts = halved(one, grid)
    if len(parts) < 2 or draw >= scaled(style.rhythm, one.tension):
        return ()
    wide = len(one.chord.intervals) > 3
    if function(one.chord, key) == "dominant":
        return (replace(parts[0], chord=predominant(key, wide), mark="prepared"), parts[1])
    third = next((interval for interval in (4, 3) if interval in one.chord.intervals), None)
    if third is None or one.chord.bass is not None:
        return ()
    over = one.chord.evolve(bass=(one.chord.root + third) % 12)
    return (parts[0], replace(parts[1], chord=over, mark="inverted"))


def _extended(one: PlacedChord, style: HarmonyStyle, key: Key) -> PlacedChord:
    """Return the chord stacked up as far as style and tension say; what leads gets a third more."""
    if not style.extend and not style.tension:
        return one
    more = style.tension * max(one.tension - 0.4, 0.0) * 6
    pull = style.tension * 0.5 if function(one.chord, key) == "dominant" else 0.0
    size = max(style.extend, stacked(one.chord)) + int(more + pull + 0.25)
    return replace(one, chord=extended(one.chord, key, size))
