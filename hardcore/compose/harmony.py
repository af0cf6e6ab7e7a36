"""Harmony: a genre's chord progression over a clip, and the chords, pads, keys and plucks that play it."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from hardcore.compose.comping import comp, hold
from hardcore.compose.grid import Bar, bars_of, finish
from hardcore.compose.phrase import scaled
from hardcore.compose.register import Register, fit, register
from hardcore.knowledge.melodic import CompRole, CompStyle, HarmonyStyle, ProgressionStyle
from hardcore.music.chord import Chord, parse_progression
from hardcore.music.meter import MeterMap
from hardcore.music.scale import Key, mode_name
from hardcore.music.voicing import drop2, voicing
from hardcore.project.notes import Note

_PLAIN: dict[str, CompStyle] = {
    "chords": CompStyle(rhythms=("..x-..x-..x-..x-",), gate=0.6),
    "keys": CompStyle(rhythms=("x---..x-....x---",)),
    "pluck": CompStyle(rhythms=("x.x.x.x.x.x.x.x.",), home=72, broken=1, gate=0.5),
    "pad": CompStyle(),
}
# words of a prompt, and the pattern they ask for
_RHYTHM_TRAITS = {
    "offbeat": "..x-..x-..x-..x-",
    "stab": "x..x..x...x.....",
    "stabs": "x..x..x...x.....",
    "dub": "..o...x.......o.",
    "rolling": "x.xxx.xxx.xxx.xx",
}
_HOLD_TRAITS = frozenset({"held", "hold", "long", "sustained", "warm", "washy", "lush"})
_BROKEN_TRAITS = frozenset({"arp", "arpeggio", "arpeggiated", "broken", "rolling"})


@dataclass(frozen=True, slots=True)
class PlacedChord:
    """A chord and where it sounds; it starts on a bar line."""

    chord: Chord
    start_ticks: int
    length_ticks: int


@dataclass(frozen=True, slots=True)
class Progression:
    """The chords of a clip without gaps, and the bars they lie on."""

    chords: tuple[PlacedChord, ...]
    bars: tuple[Bar, ...]

    @property
    def end_ticks(self) -> int:
        """Return the length of the clip."""
        return self.bars[-1].end_ticks

    def at(self, tick: int) -> Chord:
        """Return the chord at `tick`; before the start the first, after the end the last."""
        return self.chords[self.index(tick)].chord

    def index(self, tick: int) -> int:
        """Return the number of the chord at `tick`."""
        found = 0
        for number, placed in enumerate(self.chords):
            if placed.start_ticks <= tick:
                found = number
        return found


def progression(style: HarmonyStyle, key: Key, meter_map: MeterMap, bars: int, rng: Random) -> Progression:
    """Return chords for `bars` bars (at least 1) in `key`: a progression of the style, repeated, with turnarounds."""
    chosen = _chosen(style, key, rng)
    keep = rng.random() < style.chromatic
    chords = [chord if keep else fit(chord, key) for chord in parse_progression(chosen.numerals, key)]
    turns = [chord if keep else fit(chord, key) for text in style.turnarounds for chord in parse_progression(text, key)]
    each = max(min(chosen.bars_per_chord, bars // len(chords)), 1)
    grid = bars_of(meter_map, max(bars, 1))
    count = -(-len(grid) // each)
    row = [chords[place % len(chords)] for place in range(count)]
    for place in _turn_places(count, len(chords)):
        if turns and rng.random() < style.turn:
            row[place] = rng.choice(turns)
    return Progression(tuple(_placed(row, grid, each)), grid)


def chords(
    style: HarmonyStyle,
    progression: Progression,
    key: Key,
    role: CompRole,
    rng: Random,
    *,
    density: float = 0.5,
    movement: float = 0.5,
    traits: tuple[str, ...] = (),
    low: int = 43,
    high: int = 88,
) -> list[Note]:
    """Return the notes of a role that plays the chords, between MIDI pitches `low` and `high`.

    density   more hits, or more voices where chords are held; movement   voicings that wander and rhythms that change
    traits    words that ask for a way to play: offbeat, stabs, dub, held, arpeggio
    """
    part = _with_traits(style.parts.get(role) or _PLAIN[role], traits)
    if not part.rhythms:
        part = part.evolve(voices=min(max(part.voices + round((density - 0.5) * 4), 1), 6))
    home = min(max(part.home, low), high)
    # inversions stay in the middle of the range, out of the mud and the glare
    usable = register(key, max(low, home - 14), min(high, home + 16))
    voices = voice_lead(progression, part.voices, home, usable)
    opened = [drop2(pitches) if rng.random() < scaled(part.open, movement) else pitches for pitches in voices]
    # an opened voicing may reach below the range
    voices = [before if min(after) < usable.low else after for before, after in zip(voices, opened, strict=True)]
    starts = [(placed.start_ticks, placed.length_ticks) for placed in progression.chords]
    if part.rhythms:
        index = [progression.index(bar.start_ticks) for bar in progression.bars]
        bars = [(bar, place, voices[place]) for bar, place in zip(progression.bars, index, strict=True)]
        notes = comp(part, bars, style.form, usable, rng, density, movement)
    else:
        notes = list(hold(part, list(zip(starts, voices, strict=True)), progression.bars, usable, rng, movement))
    return finish(notes, progression.end_ticks)


def voice_lead(progression: Progression, count: int, around: int, usable: Register) -> list[tuple[int, ...]]:
    """Return the pitches of each chord of a progression, `count` voices, each moving little from the one before.

    A chord of more notes than voices leaves out its fifth, then its root, which the bass has. In a range without any of
    the chord's notes it is the nearest usable one.
    """
    found: list[tuple[int, ...]] = []
    for placed in progression.chords:
        pitches = voicing(placed.chord, around, count, found[-1] if found else None)
        inside = {pitch + 12 * _octaves(pitch, usable.low, usable.high) for pitch in pitches}
        kept = tuple(sorted(pitch for pitch in inside if usable.low <= pitch <= usable.high))
        found.append(kept or (usable.nearest(around),))
    return found


def _octaves(pitch: int, low: int, high: int) -> int:
    """Return how many octaves to move a pitch to come into a range."""
    return -(-(low - pitch) // 12) if pitch < low else -(-(pitch - high) // 12) * -1 if pitch > high else 0


def _chosen(style: HarmonyStyle, key: Key, rng: Random) -> ProgressionStyle:
    """Return a progression by weight: one written for the key's mode, else one for any, else whichever there is."""
    written = [one for one in style.progressions if key.mode in (mode_name(mode) for mode in one.modes)]
    pool = written or [one for one in style.progressions if not one.modes] or list(style.progressions)
    pool = [*pool, *(one for one in style.progressions if not one.modes and one not in pool)]
    return rng.choices(pool, [one.weight for one in pool])[0]


def _turn_places(count: int, length: int) -> list[int]:
    """Return the places of chords that may turn around: the last of every second round, and of all."""
    ends = [place for place in range(2 * length - 1, count, 2 * length) if length > 1]
    return sorted({*ends, *([count - 1] if count > 3 else [])})


def _placed(row: list[Chord], grid: tuple[Bar, ...], each: int) -> Iterator[PlacedChord]:
    """Yield the chords with their places; neighbours that are the same chord stay apart, so that they strike again."""
    for place, chord in enumerate(row):
        first, last = grid[place * each], grid[min((place + 1) * each, len(grid)) - 1]
        yield PlacedChord(chord, first.start_ticks, last.end_ticks - first.start_ticks)


def _with_traits(part: CompStyle, traits: tuple[str, ...]) -> CompStyle:
    """Return the part as the prompt's words bend it."""
    rhythm = next((_RHYTHM_TRAITS[word] for word in traits if word in _RHYTHM_TRAITS), None)
    if rhythm:
        part = part.evolve(rhythms=(rhythm,), gate=min(part.gate, 0.7))
    if _HOLD_TRAITS.intersection(traits):
        part = part.evolve(rhythms=())
    if _BROKEN_TRAITS.intersection(traits):
        part = part.evolve(broken=1.0, rhythms=part.rhythms or ("x.x.x.x.x.x.x.x.",))
    return part
